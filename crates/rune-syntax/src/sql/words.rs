//! What reads like a statement, by its words.

use super::{Change, lex};

/// Words that statements begin with, each with those of which one must follow somewhere, and the kind.
const STATEMENTS: &[(&str, &[&str], &str)] = &[
    ("select", &[], "select"),
    ("insert", &["into"], "insert"),
    ("replace", &["into"], "insert"),
    ("update", &["set"], "update"),
    ("delete", &["from"], "delete"),
    ("with", &["as"], "select"),
    ("create", &["table", "index", "view", "function", "type", "schema", "trigger", "extension", "sequence", "policy"], "ddl"),
    ("alter", &["table", "index", "view", "type", "schema", "sequence"], "ddl"),
    ("drop", &["table", "index", "view", "function", "type", "schema", "trigger", "extension", "sequence", "policy"], "ddl"),
    ("rename", &["table"], "ddl"),
    ("truncate", &[], "ddl"),
    ("merge", &["into"], "other"),
    ("explain", &["select", "insert", "update", "delete"], "select"),
];

/// The words of a statement, in lower case, up to the first that is long.
fn words(sql: &str) -> impl Iterator<Item = String> + '_ {
    let words = sql.split(|c: char| !(c.is_alphanumeric() || c == '_')).filter(|word| !word.is_empty());
    words.map(str::to_ascii_lowercase)
}

/// The word that a statement begins with, if one does; parentheses before it do not count.
pub(super) fn statement_word(text: &str) -> Option<usize> {
    let start = text.get(lex::lead_len(text)..)?.trim_start_matches(|c: char| c == '(' || c == ';' || c.is_whitespace());
    let word = start.split(|c: char| !(c.is_alphanumeric() || c == '_')).next().filter(|word| !word.is_empty())?;
    STATEMENTS.iter().position(|(known, ..)| word.eq_ignore_ascii_case(known))
}

/// The kind of a statement by its words; `None` if it reads like anything else.
pub(super) fn plausible(sql: &str) -> Option<&'static str> {
    let (word, following, kind) = STATEMENTS[statement_word(sql)?];
    let has = |wanted: &[&str]| wanted.is_empty() || words(sql).any(|word| wanted.contains(&word.as_str()));
    let is_query = word != "select"
        || has(&["from"])
        || sql.contains('(')
        || words(sql).nth(1).is_some_and(|w| w.starts_with(|c: char| c.is_ascii_digit()));
    (has(following) && is_query).then_some(kind)
}

/// What the first words of a statement that was not understood say it does.
pub(super) fn guessed_change(sql: &str) -> Option<Change> {
    let words: Vec<String> = words(sql).take(4).collect();
    let words: Vec<&str> = words.iter().map(String::as_str).collect();
    let kind = match words.as_slice() {
        ["create", "index", ..] | ["create", "unique", "index", ..] => "create-index",
        ["create", "table", ..] | ["create", "temp" | "temporary" | "unlogged", "table", ..] => "create-table",
        ["drop", "index", ..] => "drop-index",
        ["drop", "table", ..] => "drop-table",
        ["alter", "table", ..] => "other",
        _ => return None,
    };
    Some(Change::of(kind, None))
}
