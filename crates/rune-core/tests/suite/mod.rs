//! The cases of `tests/conformance` for those that read them in their own way, and what packs around a pattern are made of.

#![allow(dead_code)]

use std::path::Path;

use rune_syntax::{Ast, string_value};
use serde::de::DeserializeOwned;

/// The files of the suite by name, each a list of cases, of which `C` takes what counts for it.
pub fn load<C: DeserializeOwned>() -> Vec<(String, Vec<C>)> {
    let above = Path::new(env!("CARGO_MANIFEST_DIR")).ancestors();
    let folder = above.map(|folder| folder.join("tests/conformance")).find(|folder| folder.is_dir());
    let entries = std::fs::read_dir(folder.expect("the suite lies in tests/conformance")).expect("it can be listed");
    let mut files: Vec<_> = entries.map(|entry| entry.expect("the folder can be listed").path()).collect();
    files.retain(|path| path.extension().is_some_and(|ending| ending == "yaml"));
    files.sort();
    let read = |path: &Path| {
        let name = path.file_name().expect("a file has a name").to_string_lossy().into_owned();
        let text = std::fs::read_to_string(path).expect("a case file can be read");
        // `y` and `n` are names of the code.
        let options = serde_yaml::options! { strict_booleans: true };
        let cases = serde_yaml::from_str_with_options(&text, options).unwrap_or_else(|error| panic!("{name}: {error}"));
        (name, cases)
    };
    files.iter().map(|path| read(path)).collect()
}

/// A text two columns further right.
pub fn indented(text: &str) -> String {
    text.lines().map(|line| format!("  {line}")).collect::<Vec<_>>().join("\n")
}

/// A rule with this pattern.
pub fn rule_of(languages: &str, pattern: &str) -> String {
    rule_that_says(languages, pattern, "found")
}

/// A rule with this pattern and this message, which stands in YAML as it is.
pub fn rule_that_says(languages: &str, pattern: &str, report: &str) -> String {
    format!(
        "id: the-rule\nsummary: s\nseverity: low\nconfidence: high\nlanguages: [{languages}]\nskip: []\nmatch: |\n{}\nreport: {report}\nwhy: w\nexamples: [{{ bad: x }}, {{ good: y }}]\n",
        indented(pattern)
    )
}

/// `pack.toml` of a pack with one skill, `s`, and these options.
pub fn manifest(options: &str) -> String {
    format!(
        "[pack]\nname = \"cases\"\nversion = \"1.0.0\"\nformat = 1\ndescription = \"d\"\n[skills.s]\ntitle = \"S\"\n{options}\n"
    )
}

/// Kinds of nodes that a pattern can be made from.
const PIECES: &[&str] = &[
    "call_expression",
    "call",
    "new_expression",
    "object",
    "dictionary",
    "array",
    "list",
    "binary_expression",
    "await_expression",
    "arrow_function",
    "ternary_expression",
    "unary_expression",
    "return_statement",
    "if_statement",
    "for_in_statement",
    "for_statement",
    "class_declaration",
    "function_declaration",
    "class_definition",
    "function_definition",
    "while_statement",
    "try_statement",
    "assignment_expression",
    "lexical_declaration",
    "template_string",
    "lambda",
    "list_comprehension",
    "throw_statement",
    "raise_statement",
    "conditional_expression",
    "binary_operator",
    "attribute",
    "member_expression",
    "switch_statement",
    "subscript_expression",
    "subscript",
    "set",
    "assignment",
    "with_statement",
    "assert_statement",
    "delete_statement",
    "do_statement",
    "update_expression",
    "augmented_assignment",
    "augmented_assignment_expression",
    "boolean_operator",
    "comparison_operator",
    "not_operator",
    "as_expression",
    "satisfies_expression",
    "non_null_expression",
    "import_statement",
    "import_from_statement",
    "dictionary_comprehension",
    "set_comprehension",
    "generator_expression",
    "tuple",
    "yield_expression",
    "regex",
];

/// The nodes of a code that parses from which a pattern can be made that means the same.
pub fn pieces_of(ast: &Ast, text: &str) -> Vec<u32> {
    let is_piece = |node: &u32| {
        let piece = ast.text(*node, text);
        PIECES.contains(&ast.kind(*node).name())
            && !is_inner_assignment(ast, *node)
            // What begins with a star is read as another thing alone.
            && !piece.starts_with('*')
            && !piece.starts_with("(*")
            && is_plain(piece)
            && !has_equal_keys(ast, *node, text)
    };
    (0..ast.len()).filter(is_piece).collect()
}

/// Known and open: see "an assignment within an assignment in Python" in the suite.
fn is_inner_assignment(ast: &Ast, node: u32) -> bool {
    ast.kind(node).name() == "assignment"
        && ast.parent(node).is_some_and(|parent| ast.kind(parent).name() != "expression_statement")
}

/// Whether a text means in a pattern what it means in code: without holes, gaps, placeholders and types that read as calls.
fn is_plain(piece: &str) -> bool {
    !piece.contains('$')
        && !piece.contains("...")
        && !piece.contains("__rune")
        && !piece.contains('\\')
        && !piece.contains("import(")
}

/// Whether an object in a piece has a key twice: the last of them counts, so a pattern with both matches nothing.
fn has_equal_keys(ast: &Ast, piece: u32, text: &str) -> bool {
    let has_twice = |object: u32| {
        let names =
            ast.children(object).filter_map(|entry| ast.child_named(entry, "key").or_else(|| ast.child_named(entry, "name")));
        let mut names: Vec<String> = names.map(|name| string_value(ast.text(name, text))).collect();
        let n = names.len();
        names.sort();
        names.dedup();
        names.len() < n
    };
    (piece..ast.subtree_end(piece)).filter(|node| matches!(ast.kind(*node).name(), "object" | "dictionary")).any(has_twice)
}

/// A text between backticks. A space stands only beside backticks of its own: in Python the first line gives the indentation.
pub fn fenced(code: &str) -> String {
    let fence = "`".repeat(1 + longest_run(code, '`'));
    let space = if code.starts_with('`') || code.ends_with('`') { " " } else { "" };
    format!("{fence}{space}{code}{space}{fence}")
}

fn longest_run(text: &str, of: char) -> usize {
    text.split(|c| c != of).map(str::len).max().unwrap_or(0)
}
