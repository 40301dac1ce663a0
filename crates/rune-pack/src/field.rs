//! The keys of pack files, once: what the reader accepts, what the schema says, what `did you mean` chooses from.

/// The shape a key's value has in the JSON schema.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Shape {
    Text,
    Dsl,
    Texts,
    Severity,
    Severities,
    Confidence,
    Safety,
    TextMap,
    Fixes,
    Edits,
    Examples,
    Code,
    Bool,
    Rows,
    Table,
    Level,
    FixLimit,
    Any,
}

/// A key: its name, whether it must be there, its shape, and a sentence for authors.
pub(crate) struct Field {
    pub(crate) name: &'static str,
    pub(crate) required: bool,
    pub(crate) shape: Shape,
    pub(crate) about: &'static str,
}

const fn key(name: &'static str, required: bool, shape: Shape, about: &'static str) -> Field {
    Field { name, required, shape, about }
}

/// Keys of a rule.
pub(crate) const RULE: &[Field] = &[
    key("id", true, Shape::Text, "Kebab-case id, equal to the file name; the full id is `<pack>/<id>`."),
    key("summary", true, Shape::Text, "What is wrong, in a few words."),
    key(
        "severity",
        true,
        Shape::Severities,
        "How bad it is where the rule is right; a list where that depends, the first whose `where` holds is taken.",
    ),
    key("confidence", true, Shape::Confidence, "How often a strict reviewer would agree."),
    key(
        "languages",
        false,
        Shape::Texts,
        "Families of languages its snippets are written in: ecma, python, prisma, json, toml, yaml, graphql, env, sql, text.",
    ),
    key("skip", false, Shape::Texts, "Classes of paths in which it finds nothing; default test, seed, script, generated."),
    key("files", false, Shape::Texts, "Globs; the rule looks only at matching paths."),
    key("match", true, Shape::Dsl, "The pattern, in the match DSL."),
    key("report", true, Shape::Text, "The message at a finding; a template over the captures."),
    key("related", false, Shape::TextMap, "Captures and what is to be seen at their places."),
    key("fix", false, Shape::Fixes, "A fix or a list; the first whose `where` holds is taken."),
    key("why", true, Shape::Text, "Why it hurts, in two or three sentences."),
    key("references", false, Shape::Texts, "CWE numbers, RFCs, addresses."),
    key("given", false, Shape::Text, "A project of tests/given that lies beneath the examples."),
    key("examples", true, Shape::Examples, "Code that must be found (bad, fixed) and look-alikes that must not (good)."),
];

/// Keys of a severity that depends.
pub(crate) const SEVERITY: &[Field] = &[
    key("is", true, Shape::Severity, "The severity."),
    key("where", false, Shape::Dsl, "Clauses of the DSL that must hold; the last of the list has none."),
];

/// Keys of a fix.
pub(crate) const FIX: &[Field] = &[
    key("title", true, Shape::Text, "What to do; a template."),
    key("where", false, Shape::Dsl, "Clauses of the DSL that must hold; they may bind further captures."),
    key("safety", true, Shape::Safety, "safe keeps behaviour; unsafe may change it; display is shown and never applied."),
    key("edits", true, Shape::Edits, "The edits, each a map of one operation to its keys."),
    key(
        "then",
        false,
        Shape::TextMap,
        "Captures and the values, templates, that they have for the files of a fix that comes behind this one in one run.",
    ),
];

/// Keys of an edit operation.
pub(crate) const EDIT: &[Field] = &[
    key("at", false, Shape::Text, "The capture whose node is edited."),
    key("with", false, Shape::Text, "The text to put; a template."),
    key("template", false, Shape::Text, "A file below templates/ in place of `with`."),
    key("argument", false, Shape::Any, "Position (from 1) or keyword of the argument meant."),
    key("key", false, Shape::Text, "The key to set."),
    key("place", false, Shape::Text, "start or end, for insert-in."),
    key("after", false, Shape::Text, "The capture whose statement a moved one goes after."),
    key("name", false, Shape::Text, "The name to import."),
    key("from", false, Shape::Text, "The module to import it from."),
    key("path", false, Shape::Text, "The path of the file to create; a template."),
    key("style", false, Shape::Text, "How a place for a parameter is written: $1, ?, %s, :name, …; a template."),
    key("into", false, Shape::Text, "The capture of the call or object that takes the parameters."),
    key("as", false, Shape::Text, "list, arguments or keys: how parameters are passed; keys for named ones, else list."),
];

/// Keys of an example.
pub(crate) const EXAMPLE: &[Field] = &[
    key("bad", false, Shape::Code, "Code in which the rule must find something."),
    key("fixed", false, Shape::Code, "What its fixes must make of it, exactly."),
    key("withheld", false, Shape::Bool, "Found, but no fix may be offered that could be applied."),
    key("good", false, Shape::Code, "Code that looks alike and must stay silent."),
    key("given", false, Shape::Text, "A project of tests/given beneath this example."),
    key("note", false, Shape::Text, "A remark, e.g. why a case is missed."),
    key("open", false, Shape::Bool, "A known miss: shown, not demanded."),
];

/// Keys of a relation rule.
pub(crate) const RELATION_RULE: &[Field] = &[
    key("id", true, Shape::Text, "Kebab-case id, unique in the pack."),
    key("languages", false, Shape::Texts, "Families of languages of its snippets."),
    key("files", false, Shape::Texts, "Globs; only matching paths give rows."),
    key("skip", false, Shape::Texts, "Classes of paths that give no rows; default test."),
    key("match", true, Shape::Dsl, "The pattern; its last line is `row name(column: …)`."),
    key("examples", false, Shape::Rows, "Code and exactly the rows it gives."),
];

/// Keys of an example of a relation rule.
pub(crate) const RELATION_EXAMPLE: &[Field] = &[
    key("code", true, Shape::Code, "The code."),
    key("rows", true, Shape::Any, "Its rows, each a map of columns."),
    key("given", false, Shape::Text, "A project of tests/given beneath it."),
];

/// Keys of a table of constants.
pub(crate) const TABLE: &[Field] = &[
    key("id", true, Shape::Text, "Kebab-case id, unique in the pack."),
    key("relation", true, Shape::Text, "The relation it fills."),
    key("rows", true, Shape::Any, "Its rows, each a map of columns."),
];

/// Keys of a relation.
pub(crate) const RELATION: &[Field] = &[
    key("columns", true, Shape::Table, "Its columns with their types."),
    key("about", false, Shape::Text, "What a row says, in a sentence."),
    key("visible", false, Shape::Text, "`below`: rows are seen only by files under the folder of their file."),
];

/// Keys of a skill.
pub(crate) const SKILL: &[Field] = &[key("title", false, Shape::Text, "What the folder is called in reports.")];

/// Keys of an option.
pub(crate) const OPTION: &[Field] = &[
    key("type", true, Shape::Text, "string, number, duration, regex, list or bool."),
    key("default", true, Shape::Any, "The value unless a project sets another."),
    key("about", false, Shape::Text, "What it is for."),
];

/// Keys of `pack.toml`.
pub(crate) const MANIFEST: &[Field] = &[
    key("pack", true, Shape::Table, "Name, version, format, description of the pack."),
    key("skills", false, Shape::Table, "One table a skill folder, with its title."),
    key("options", false, Shape::Table, "Knobs that rules read and projects set: type, default, about."),
    key("paths", false, Shape::Table, "Classes of paths as lists of globs."),
];

/// Keys of `[pack]`.
pub(crate) const PACK: &[Field] = &[
    key("name", true, Shape::Text, "Lower-case name, 2 to 39 letters, digits and hyphens."),
    key("version", true, Shape::Text, "Semantic version of the pack."),
    key("format", true, Shape::Any, "Version of the rule format; this engine reads 1."),
    key("description", false, Shape::Text, "What the pack is for."),
    key("license", false, Shape::Text, "SPDX expression."),
    key("publisher", false, Shape::Text, "Who publishes it."),
];

/// Keys of a configuration file.
pub(crate) const CONFIG: &[Field] = &[
    key("root", false, Shape::Bool, "true: files of configuration further up do not count for what lies below this one."),
    key("extends", false, Shape::Text, "Another configuration file, by its path from here; what this one sets wins."),
    key("packs", false, Shape::Table, "The packs to run, by the name that stands before their rules."),
    key(
        "rules",
        false,
        Shape::Table,
        "What is other than the packs have it, by rule: `pack/rule`, `pack/@skill:NAME`, `pack/*`, `*`.",
    ),
    key("overrides", false, Shape::Table, "Settings of rules for some files; the last that fits wins."),
    key("exclude", false, Shape::Texts, "Globs of files that are not read at all."),
    key("fail-on", false, Shape::Severity, "Findings of this severity and above make the exit code 1; low if not set."),
    key("include", false, Shape::Texts, "`possible`: findings too that rest on a value that is not known."),
];

/// Keys of a pack of a configuration file.
pub(crate) const PACK_SOURCE: &[Field] = &[
    key("builtin", false, Shape::Bool, "true: the pack of this name that comes with rune."),
    key("path", false, Shape::Text, "The folder of the pack, from the folder of this file."),
    key("options", false, Shape::Table, "Knobs of the pack with the values for this project; its `pack.toml` lists them."),
];

/// Keys of a setting of rules.
pub(crate) const RULE_SETTING: &[Field] = &[
    key("severity", false, Shape::Level, "The severity of what the rules find; `off` turns them off, `on` turns them on again."),
    key(
        "fix",
        false,
        Shape::FixLimit,
        "The most that may be done with their fixes: unsafe, display, off. Only ever less than the rule allows.",
    ),
    key("files", false, Shape::Texts, "Globs, from the folder of this file; the setting holds in these files only."),
    key("ignores", false, Shape::Texts, "Globs, from the folder of this file; the setting does not hold in these files."),
];

/// Keys of `[[overrides]]`.
pub(crate) const OVERRIDE: &[Field] = &[
    key("files", true, Shape::Texts, "Globs, from the folder of this file, of the files it holds for."),
    key("ignores", false, Shape::Texts, "Globs of files it does not hold for."),
    key("rules", true, Shape::Table, "What is other in these files, by rule, as in `[rules]`."),
];
