//! Which words of the rule language the conformance suite is about: a table of cases for each feature and language, and no
//! feature without cases and without a near miss: a case whose code holds something that the pattern turns down. `cargo test -p rune-core --test features -- --nocapture` prints it.

#![allow(clippy::print_stdout)]
#![allow(clippy::disallowed_methods)]

mod suite;

use std::collections::BTreeMap;

use regex::Regex;
use rune_pattern::{Alt, AltKind, Captures, Scope, parse_program};
use rune_syntax::{Kind, Language, class_kinds, parse};
use serde::Deserialize;

/// A feature by its words in patterns, or, where the pattern does not show it, in the names of cases.
struct Feature {
    name: &'static str,
    /// The languages in which it must have cases.
    families: &'static [&'static str],
    place: Place,
    /// A regular expression.
    words: &'static str,
}

#[derive(Clone, Copy, PartialEq)]
enum Place {
    Pattern,
    Name,
}

const BOTH: &[&str] = &["ecma", "python"];
const ECMA: &[&str] = &["ecma"];

const fn word(name: &'static str, families: &'static [&'static str], words: &'static str) -> Feature {
    Feature { name, families, place: Place::Pattern, words }
}

const fn named(name: &'static str, families: &'static [&'static str], words: &'static str) -> Feature {
    Feature { name, families, place: Place::Name, words }
}

const FEATURES: &[Feature] = &[
    // Tokens.
    word("$X", BOTH, r"`[^`]*\$[A-Z]\w*[^`]*`"),
    word("$_", BOTH, r"`[^`]*\$_[^`]*`"),
    word("the same capture twice", BOTH, r"`[^`]*\$A\b[^`]*\$A\b[^`]*`|`[^`]*\$X\b[^`]*\$X\b[^`]*`"),
    word("...", BOTH, r"`[^`]*[^.$\\]\.\.\.[^`]*`"),
    word("$...X", BOTH, r"\$\.\.\.[A-Z]"),
    word("$X?", BOTH, r"\$[A-Z]+\?"),
    word("\"$X\"", BOTH, r#""\$[A-Z_]+""#),
    word(". ...", BOTH, r"\. \.\.\."),
    word(r"\$X", ECMA, r"\\\$"),
    word(r"\...", ECMA, r"\\\.\.\."),
    // Tags.
    word("ts", ECMA, r"\bts`|\bts\."),
    word("py", &["python"], r"\bpy`|\bpy\."),
    word("json", &["json"], r"json`"),
    word("toml", &["toml"], r"toml`"),
    word("prisma", &["prisma"], r"prisma`"),
    word("yaml", &["yaml"], r"yaml`"),
    word("graphql", &["graphql"], r"graphql`"),
    word("env", &["env"], r"env`"),
    word("statement", BOTH, r"statement`"),
    word("pair", BOTH, r"pair`"),
    word("member", ECMA, r"member`"),
    word("parameter", BOTH, r"parameter`"),
    word("type", ECMA, r"type`"),
    word("decorator", BOTH, r"decorator`"),
    word("exact", BOTH, r"exact`"),
    // Clauses.
    word("use", BOTH, r"(?m)^\s*use "),
    word("use of several modules", BOTH, r#"(?m)^\s*use .*", ""#),
    word("inside", BOTH, r"(?m)^\s*inside "),
    word("has", BOTH, r"(?m)^\s*has "),
    word("before", BOTH, r"(?m)^\s*before "),
    word("after", BOTH, r"(?m)^\s*after "),
    word("not inside", BOTH, r"not inside "),
    word("not has", BOTH, r"not has "),
    word("not before", BOTH, r"not before "),
    word("not after", BOTH, r"not after "),
    word("until", BOTH, r" until "),
    word("focus", BOTH, r"focus \$"),
    word("as", BOTH, r" as \$"),
    word("or between patterns", BOTH, r"` or |\bor `"),
    word("a group", BOTH, r"\(`|find \("),
    // Conditions.
    word("is code", BOTH, r"\$\S+ is \(?\w*`"),
    word("is a constant", BOTH, r#"\$\S+ is ("|\d|true|false)"#),
    word("is a capture", BOTH, r"\$\S+ is \$"),
    word("is absent", BOTH, r"is absent"),
    word("in a list", BOTH, r" in \["),
    word("in an option", ECMA, r" in options\."),
    word("like a regular expression", BOTH, r" like /"),
    word("like an option", ECMA, r" like options\."),
    word("like a path", ECMA, r" like \$"),
    word("<", BOTH, r" < "),
    word("<=", ECMA, r" <= "),
    word(">", BOTH, r" > "),
    word(">=", ECMA, r" >= "),
    word("inside in a condition", BOTH, r"\$\w+ inside "),
    word("has in a condition", BOTH, r"\$\w+ has "),
    word("before in a condition", ECMA, r"\$\w+ before "),
    word("after in a condition", ECMA, r"\$\w+ after "),
    word("a row as a condition", ECMA, r"where \w+\("),
    word("no row", ECMA, r"not \w+\("),
    word("there is", ECMA, r"where \(`"),
    word("there is none", BOTH, r"not \("),
    word("and", BOTH, r" and "),
    word("or between conditions", BOTH, r"(?m)where .* or "),
    word("not of a condition", BOTH, r"where not "),
    // Operands.
    word("keys of a value", BOTH, r"\$[A-Z]+\.[a-z]"),
    word("a list with a gap", ECMA, r": \[.*\.\.\."),
    word("duration", BOTH, r"duration\("),
    word("number", BOTH, r"number\("),
    word("len", BOTH, r"len\("),
    word("text", BOTH, r"text\("),
    word("name", BOTH, r"[ (]name\("),
    word("file", BOTH, r"file\("),
    word("module()", ECMA, r"module\(\$"),
    word("lower", ECMA, r"lower\("),
    word("upper", ECMA, r"upper\("),
    word("snake", ECMA, r"snake\("),
    word("camel", ECMA, r"camel\("),
    word("plural", ECMA, r"plural\("),
    word("replace", ECMA, r"replace\("),
    word("join", ECMA, r"join\("),
    // Class words.
    word("function", BOTH, r"\bfunction\b[^(`]"),
    word("class", BOTH, r"(find|inside|is|has|or|until) \(?class\b"),
    word("loop", BOTH, r"\bloop\b"),
    word("call", BOTH, r"(find|inside|is|has|or|until) \(?call\b"),
    word("string", BOTH, r"(find|inside|is|has|or|until) \(?string\b"),
    word("number (class)", BOTH, r"(find|inside|is|has|or|until) \(?number\b"),
    word("boolean", BOTH, r"(find|inside|is|has|or|until) \(?boolean\b"),
    word("object", BOTH, r"(find|inside|is|has|or|until) \(?object\b"),
    word("array", BOTH, r"(find|inside|is|has|or|until) \(?array\b"),
    word("statement (class)", BOTH, r"(find|inside|is|has|or|until) \(?statement\b"),
    word("identifier", BOTH, r"\bidentifier\b"),
    word("block", BOTH, r"(find|inside|is|has|or|until) \(?block\b"),
    word("try", BOTH, r"(find|inside|is|has|or|until) \(?try\b"),
    word("import (class)", BOTH, r"(find|inside|is|has|or|until) \(?import\b"),
    word("conditional", BOTH, r"\bconditional\b"),
    word("module", BOTH, r"(find|inside|is|has|or|until) \(?module\b"),
    word("member (class)", ECMA, r"(find|inside|is|has|or|until) \(?member\b"),
    word("line", &["text"], r"(find|inside|is|has|or|until) \(?line\b"),
    word("constant", BOTH, r"\bconstant\b"),
    // Relations of the engine.
    word("function()", BOTH, r"\bfunction\("),
    word("loop()", BOTH, r"\bloop\("),
    word("return()", BOTH, r"\breturn\("),
    word("parameter()", BOTH, r"\bparameter\("),
    word("import()", BOTH, r"\bimport\("),
    word("depends()", BOTH, r"\bdepends\("),
    word("reaches()", BOTH, r"\breaches\("),
    word("call()", BOTH, r"\bcall\("),
    word("argument()", BOTH, r"\bargument\("),
    word("runs()", BOTH, r"\bruns\("),
    word("sql()", BOTH, r"\bsql\("),
    word("sql_filter()", ECMA, r"\bsql_filter\("),
    word("sql_limit()", ECMA, r"\bsql_limit\("),
    word("sql_hole()", BOTH, r"\bsql_hole\("),
    word("ddl()", &["sql"], r"\bddl\("),
    word("schema()", &["sql"], r"\bschema\("),
    // Equivalences.
    named("layout and comments", BOTH, "layout|comment|parenthes|white space|lines"),
    named("quotes", BOTH, "quote"),
    named("numbers by value", BOTH, "numbers? .*by value|numbers by value"),
    named("added strings", BOTH, "added strings|concatenat|adjacent|sum of strings"),
    named("order of keys", BOTH, "order"),
    named("spelling of keys", ECMA, "shorthand"),
    named("spread of a known object", BOTH, "spread|splat"),
    named("annotations", BOTH, "annotation"),
    named("casts", ECMA, "cast|as any|satisfies|non-null|assertion"),
    named("async", BOTH, "async"),
    named("static and modifiers", ECMA, "static|modifier|readonly|access"),
    named("optional chain", ECMA, "optional chain"),
    named("subscript", ECMA, "subscript|bracket"),
    named("const, let, var", ECMA, "const"),
    named("kinds of functions", ECMA, "function expression|generator"),
    named("export", ECMA, "export"),
    named("default values", BOTH, "default"),
    named("superclasses", BOTH, "superclass|bases"),
    named("a name for its value", BOTH, "name|variable|constant"),
    named("destructuring", ECMA, "destructur"),
    named("decorators", BOTH, "decorat"),
    named("possible where an unknown decides", BOTH, "unknown|not known|possible"),
    named("imports of every form", BOTH, "import"),
    named("across files", BOTH, "file|re-export|package"),
    named("nothing in an error", ECMA, "broken|error|parse"),
];

#[derive(Debug, Default, Deserialize)]
#[serde(default)]
struct Case {
    name: String,
    path: Option<String>,
    paths: Vec<String>,
    files: BTreeMap<String, String>,
    pattern: String,
    rules: Option<String>,
    code: Option<String>,
    /// Only how many there are counts.
    expect: Option<Vec<serde::de::IgnoredAny>>,
}

impl Case {
    /// Whether its code holds something that the pattern turns down: nothing is found, or less than there are nodes of the
    /// kinds that are looked at.
    fn has_near_miss(&self) -> bool {
        let Some(expected) = &self.expect else { return false };
        expected.is_empty() || self.n_candidates().is_some_and(|n| n > expected.len())
    }

    /// How many nodes of the code are of a kind that the pattern looks at; `None` if it can be any.
    fn n_candidates(&self) -> Option<usize> {
        let families: Vec<String> = self.families().into_iter().map(str::to_owned).collect();
        let (mut captures, mut uses) = (Captures::default(), Vec::new());
        let mut scope = Scope { families: &families, captures: &mut captures, uses: &mut uses };
        let program = parse_program(&self.pattern, &mut scope).ok()?;
        let kinds: Option<Vec<Vec<Kind>>> = program.find.alts.iter().map(kinds_of).collect();
        let kinds = kinds?.concat();
        let own = self.path.as_deref().or(self.paths.first().map(String::as_str)).unwrap_or("a.ts");
        let code = self.code.iter().map(|code| (own, code.as_str()));
        let files = self.files.iter().map(|(path, text)| (path.as_str(), text.as_str()));
        let n_of = |(path, text): (&str, &str)| {
            let ast = Language::of_path(path).map(|language| parse(text, language));
            ast.map_or(0, |ast| (0..ast.len()).filter(|node| kinds.contains(&ast.kind(*node))).count())
        };
        Some(code.chain(files).map(n_of).sum())
    }

    fn families(&self) -> Vec<&'static str> {
        let written = self.path.iter().chain(&self.paths).chain(self.files.keys());
        let mut families: Vec<&str> = written.map(|path| family(path)).collect();
        if families.is_empty() {
            families.push("ecma");
        }
        families.sort_unstable();
        families.dedup();
        families
    }
}

/// The kinds of nodes that a pattern is looked for at; `None` if it can be any.
fn kinds_of(alt: &Alt) -> Option<Vec<Kind>> {
    match &alt.kind {
        AltKind::Code(snippets) => {
            let kinds: Option<Vec<Vec<Kind>>> =
                snippets.iter().filter(|snippet| !snippet.is_sequence).map(rune_pattern::Snippet::searched_kinds).collect();
            kinds.map(|kinds| kinds.concat()).filter(|kinds| !kinds.is_empty())
        }
        AltKind::Class(word) => Some(class_kinds(word).to_vec()),
        AltKind::Row(atom) if atom.relation == "function" => Some(class_kinds("function").to_vec()),
        AltKind::Group(pattern, _) => {
            let kinds: Option<Vec<Vec<Kind>>> = pattern.alts.iter().map(kinds_of).collect();
            kinds.map(|kinds| kinds.concat())
        }
        _ => None,
    }
}

fn family(path: &str) -> &'static str {
    rune_syntax::Language::of_path(path).map_or("none", |language| language.family())
}

#[test]
fn every_feature_has_cases() {
    let cases: Vec<Case> = suite::load().into_iter().flat_map(|(_, cases)| cases).collect();
    let (mut missing, mut unmissed) = (Vec::new(), Vec::new());
    println!("| feature | ecma | python | other |\n|---|---|---|---|");
    for feature in FEATURES {
        let words = Regex::new(feature.words).expect("the words of a feature are a regular expression");
        let shows = |case: &&Case| match feature.place {
            Place::Pattern => words.is_match(&case.pattern) || case.rules.as_ref().is_some_and(|rules| words.is_match(rules)),
            Place::Name => words.is_match(&case.name),
        };
        let found: Vec<&Case> = cases.iter().filter(shows).collect();
        let n_of = |family: &str| found.iter().filter(|case| case.families().contains(&family)).count();
        let n_other = found.iter().filter(|case| case.families().iter().any(|f| !BOTH.contains(f))).count();
        println!("| `{}` | {} | {} | {n_other} |", feature.name, n_of("ecma"), n_of("python"));
        missing.extend(
            feature.families.iter().filter(|family| n_of(family) == 0).map(|family| format!("{}: {family}", feature.name)),
        );
        let misses = |family: &str| found.iter().any(|case| case.families().contains(&family) && case.has_near_miss());
        unmissed
            .extend(feature.families.iter().filter(|family| !misses(family)).map(|family| format!("{}: {family}", feature.name)));
    }
    assert!(missing.is_empty(), "features without a case:\n{}", missing.join("\n"));
    assert!(unmissed.is_empty(), "features without a near miss:\n{}", unmissed.join("\n"));
}
