//! The cases of `tests/conformance` for those that read them in their own way, and what packs around a pattern are made of.

#![allow(dead_code)]

use std::path::Path;

use rune_pattern::{AltKind, Captures, Scope, Snippet, parse_program};
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

/// The nodes of a code from which a pattern can be made that means the same.
pub fn pieces_of(ast: &Ast, text: &str) -> Vec<u32> {
    let is_piece = |node: &u32| {
        PIECES.contains(&ast.kind(*node).name())
            && is_plain(ast.text(*node, text))
            && !(*node..ast.subtree_end(*node)).any(|inner| ast.kind(inner).name() == "ERROR")
            && !has_equal_keys(ast, *node, text)
    };
    (0..ast.len()).filter(is_piece).collect()
}

/// Code is compared to a depth of 200; a piece stays below it.
const MAX_DEPTH: usize = 190;

/// How a piece of code is read alone.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Reading {
    /// It makes no pattern, or one deeper than code is compared.
    None,
    /// As another tree than where it stands: the pattern means something else.
    Otherwise,
    /// As the tree that it is.
    Alike,
}

/// How a node of a code is read alone.
pub fn reading(ast: &Ast, text: &str, node: u32) -> Reading {
    let depth = |inner: u32| ast.ancestors(inner).take_while(|above| *above > node).count();
    if (node..ast.subtree_end(node)).any(|inner| depth(inner) > MAX_DEPTH) {
        return Reading::None;
    }
    let (mut captures, mut uses) = (Captures::default(), Vec::new());
    let families = [ast.language().family().to_owned()];
    let mut scope = Scope { families: &families, captures: &mut captures, uses: &mut uses };
    let pattern = format!("find {}", fenced(ast.text(node, text)));
    let Ok(program) = parse_program(&pattern, &mut scope) else { return Reading::None };
    let AltKind::Code(snippets) = &program.find.alts[0].kind else { return Reading::None };
    // A statement that holds more than the piece, an error say, is not the statement that the piece is read as.
    let above = ast.parent(node).filter(|_| ast.kind(node).name().ends_with("assignment"));
    let stands_alone = |above: u32| match ast.kind(above).name() {
        "expression_statement" => ast.children(above).count() == 1,
        around => around == "assignment" && ast.kind(node).name() == "assignment",
    };
    if above.is_some_and(|above| !stands_alone(above)) {
        return Reading::Otherwise;
    }
    let is_alike = |snippet: &Snippet| {
        let root = unwrapped(&snippet.ast, snippet.root, ast.kind(node).name());
        !snippet.is_sequence && is_alike((&snippet.ast, root), (ast, node))
    };
    if snippets.iter().any(is_alike) { Reading::Alike } else { Reading::Otherwise }
}

/// An assignment of Python is read as a statement, an exported class with decorators as the export: the text is the same.
fn unwrapped(ast: &Ast, root: u32, wanted: &str) -> u32 {
    match (ast.kind(root).name(), wanted) {
        ("expression_statement", "assignment" | "augmented_assignment") => ast.children(root).next().unwrap_or(root),
        ("export_statement", "class_declaration") => ast.child_named(root, "declaration").unwrap_or(root),
        _ => root,
    }
}

/// Whether two trees of one text are the same.
fn is_alike((a, root_a): (&Ast, u32), (b, root_b): (&Ast, u32)) -> bool {
    let n = a.subtree_end(root_a) - root_a;
    let laid = |ast: &Ast, root: u32, at: u32| {
        let (node, start) = (root + at, ast.span(root).start);
        let (span, field) = (ast.span(node), if at == 0 { "" } else { ast.field(node).name() });
        (ast.kind(node), field, span.start - start, span.end - start, ast.subtree_end(node) - root)
    };
    n == b.subtree_end(root_b) - root_b && (0..n).all(|at| laid(a, root_a, at) == laid(b, root_b, at))
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
