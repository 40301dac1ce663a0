//! One record per language: its name in rule files, its file endings, its grammar, its class words.

use std::sync::LazyLock;

use crate::Kind;

/// A language rune reads.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Language {
    /// `.ts .mts .cts`, with the TypeScript grammar.
    TypeScript,
    /// `.tsx .js .jsx .mjs .cjs`, with the TSX grammar, which reads plain JavaScript too.
    Tsx,
    /// `.py .pyi`.
    Python,
    /// `schema.prisma` and its siblings.
    Prisma,
    /// `.json`, comments allowed.
    Json,
    /// `.toml`, as nested objects and pairs.
    Toml,
    /// `.yaml .yml`, as nested objects and pairs.
    Yaml,
    /// `.graphql .gql .graphqls`.
    GraphQl,
    /// `.env`, `.env.example` and the like, as an object of pairs.
    Env,
    /// `.sql`, as statements.
    Sql,
    /// Plain text by lines (`requirements.txt`, `requirements/base.txt`).
    Text,
}

impl Language {
    /// Every language, in a fixed order.
    pub const ALL: [Language; 11] = [
        Language::TypeScript,
        Language::Tsx,
        Language::Python,
        Language::Prisma,
        Language::Json,
        Language::Toml,
        Language::Yaml,
        Language::GraphQl,
        Language::Env,
        Language::Sql,
        Language::Text,
    ];

    /// The language of a file by the end of its name, whatever its case; `None` if rune does not read such files.
    pub fn of_path(path: &str) -> Option<Language> {
        let name = path.rsplit('/').next().unwrap_or(path).to_ascii_lowercase();
        if is_requirements(path) {
            return Some(Language::Text);
        }
        if name == ".env" || name.starts_with(".env.") {
            return Some(Language::Env);
        }
        let (_, ending) = name.rsplit_once('.')?;
        Some(match ending {
            "ts" | "mts" | "cts" => Language::TypeScript,
            "tsx" | "js" | "jsx" | "mjs" | "cjs" => Language::Tsx,
            "py" | "pyi" => Language::Python,
            "prisma" => Language::Prisma,
            "json" => Language::Json,
            "toml" => Language::Toml,
            "yaml" | "yml" => Language::Yaml,
            "graphql" | "gql" | "graphqls" => Language::GraphQl,
            "env" => Language::Env,
            "sql" => Language::Sql,
            _ => return None,
        })
    }

    /// The name rule files use under `languages`; `.ts`, `.tsx` and `.js` share `ecma`.
    pub fn family(self) -> &'static str {
        match self {
            Language::TypeScript | Language::Tsx => "ecma",
            Language::Python => "python",
            Language::Prisma => "prisma",
            Language::Json => "json",
            Language::Toml => "toml",
            Language::Yaml => "yaml",
            Language::GraphQl => "graphql",
            Language::Env => "env",
            Language::Sql => "sql",
            Language::Text => "text",
        }
    }

    /// The languages a family name stands for; empty if there is no such family.
    pub fn of_family(family: &str) -> Vec<Language> {
        Language::ALL.into_iter().filter(|language| language.family() == family).collect()
    }

    /// Whether scopes, bindings and constants exist for it.
    pub fn has_scopes(self) -> bool {
        matches!(self, Language::TypeScript | Language::Tsx | Language::Python)
    }
}

/// Every class word with the node kinds it stands for, in any language.
const CLASSES: &[(&str, &[&str])] = &[
    ("function", &["function_declaration", "arrow_function", "method_definition", "function_definition", "lambda"]),
    ("class", &["class_declaration", "class_definition"]),
    (
        "loop",
        &[
            "for_in_statement",
            "for_statement",
            "while_statement",
            "do_statement",
            "list_comprehension",
            "set_comprehension",
            "dictionary_comprehension",
            "generator_expression",
        ],
    ),
    ("call", &["call_expression", "new_expression", "call"]),
    ("string", &["string", "template_string", "concatenated_string"]),
    ("number", &["number", "integer", "float"]),
    ("boolean", &["true", "false"]),
    ("object", &["object", "dictionary"]),
    ("array", &["array", "list", "tuple"]),
    (
        "statement",
        &[
            "expression_statement",
            "lexical_declaration",
            "return_statement",
            "if_statement",
            "for_statement",
            "for_in_statement",
            "while_statement",
            "do_statement",
            "try_statement",
            "throw_statement",
            "raise_statement",
            "switch_statement",
            "break_statement",
            "continue_statement",
            "export_statement",
            "import_statement",
            "import_from_statement",
            "function_declaration",
            "class_declaration",
            "function_definition",
            "class_definition",
            "with_statement",
            "assert_statement",
            "delete_statement",
            "pass_statement",
            "statement",
        ],
    ),
    ("identifier", &["identifier", "property_identifier"]),
    ("block", &["statement_block", "block"]),
    ("try", &["try_statement"]),
    ("import", &["import_statement", "import_from_statement"]),
    ("conditional", &["if_statement", "ternary_expression", "conditional_expression", "switch_statement"]),
    ("module", &["program", "module"]),
    ("member", &["method_definition", "public_field_definition", "abstract_method_signature", "method_signature"]),
    ("line", &["line"]),
    ("constant", &[]),
    ("absent", &[]),
];

/// Whether a file lists packages for Python's installer: `requirements*.txt`, or any `.txt` in a folder `requirements`.
pub fn is_requirements(path: &str) -> bool {
    let path = path.to_ascii_lowercase();
    let (folder, name) = path.rsplit_once('/').unwrap_or(("", &path));
    name.ends_with(".txt") && (name.starts_with("requirements") || is_split(folder))
}

/// The folder of the files that a manifest is about: its own, or that above it if it is one list of several in a folder
/// of their own (`requirements/base.txt`). Empty at the root.
pub fn manifest_folder(path: &str) -> &str {
    let (folder, _) = path.rsplit_once('/').unwrap_or_default();
    match is_split(&folder.to_ascii_lowercase()) && is_requirements(path) {
        true => folder.rsplit_once('/').map_or("", |(above, _)| above),
        false => folder,
    }
}

fn is_split(folder: &str) -> bool {
    folder == "requirements" || folder.ends_with("/requirements")
}

/// The node kinds the class word stands for; empty for words decided by value (`constant`, `absent`) and for unknown words.
pub fn class_kinds(word: &str) -> &'static [Kind] {
    static KINDS: LazyLock<Vec<Vec<Kind>>> = LazyLock::new(|| {
        let kinds_of = |kinds: &[&str]| kinds.iter().map(|kind| Kind::of(kind)).collect();
        CLASSES.iter().map(|(_, kinds)| kinds_of(kinds)).collect()
    });
    let found = CLASSES.iter().position(|(name, _)| *name == word);
    found.map_or(&[], |number| KINDS[number].as_slice())
}

/// Whether `word` is a class word of the match DSL.
pub fn is_class_word(word: &str) -> bool {
    CLASSES.iter().any(|(name, _)| *name == word)
}
