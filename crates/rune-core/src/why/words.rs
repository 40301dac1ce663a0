//! How code, values and clauses are written for a rule author: short, on one line, in the words of the rule language.

use rune_model::{About, Note, Place};
use rune_pattern::{Clause, Cond, Operand, Step, Value};
use rune_syntax::{NodeRef, Project};

use crate::bound::place_of;
use crate::check::{path_of, shown};

/// Longer texts are cut.
const MAX_CHARS: usize = 70;

pub(super) fn note(about: About, text: impl Into<String>, at: Option<Place>) -> Note {
    Note { about, text: text.into(), at }
}

/// One line of at most `MAX_CHARS` characters.
pub(super) fn short(text: &str) -> String {
    let line = text.split_whitespace().collect::<Vec<_>>().join(" ");
    match line.char_indices().nth(MAX_CHARS) {
        Some((end, _)) => format!("{}…", &line[..end]),
        None => line,
    }
}

pub(super) fn place(project: &Project, at: NodeRef) -> Place {
    Place { path: path_of(project, at), span: project.span(at) }
}

pub(super) fn code(project: &Project, at: NodeRef) -> String {
    short(project.text(at))
}

/// A value as a rule author reads it.
pub(super) fn value(project: &Project, value: &Value) -> String {
    match value {
        Value::Node(node) => format!("`{}`", code(project, *node)),
        Value::Nodes(nodes) if nodes.is_empty() => "nothing".to_owned(),
        Value::Nodes(_) => format!("`{}`", short(&shown(project, value))),
        Value::Text(text) => format!("{:?}", short(text)),
        Value::Duration(ms) => format!("{ms} ms"),
        Value::List(items) => format!("[{}]", items.iter().map(|item| self::value(project, item)).collect::<Vec<_>>().join(", ")),
        Value::Unknown => "unknown".to_owned(),
        other => short(&shown(project, other)),
    }
}

/// Where a value stands.
pub(super) fn place_of_value(project: &Project, value: &Value) -> Option<Place> {
    match value {
        Value::Node(node) => Some(place(project, *node)),
        Value::Nodes(nodes) => nodes.first().map(|node| place(project, *node)),
        _ => None,
    }
}

/// The text of a clause; places are offsets of `text`.
pub(super) fn clause(text: &str, clause: &Clause) -> String {
    match clause {
        Clause::Focus(_, at) => slice(text, at),
        Clause::Step(step) => slice(text, &step.at),
        Clause::Where(cond) => format!("where {}", self::cond(text, cond)),
    }
}

/// The text of a condition.
pub(super) fn cond(text: &str, cond: &Cond) -> String {
    match cond {
        Cond::Not(inner) if matches!(**inner, Cond::And(_) | Cond::Or(_)) => format!("not ({})", self::cond(text, inner)),
        Cond::Not(inner) => format!("not {}", self::cond(text, inner)),
        Cond::And(parts) => joined(text, parts, " and "),
        Cond::Or(parts) => joined(text, parts, " or "),
        Cond::Row(atom, Some(_)) | Cond::Row(atom, None) => slice(text, &atom.at),
        other => slice(text, &place_of(other)),
    }
}

fn joined(text: &str, parts: &[Cond], word: &str) -> String {
    let part = |part: &Cond| match part {
        Cond::And(_) | Cond::Or(_) => format!("({})", cond(text, part)),
        _ => cond(text, part),
    };
    parts.iter().map(part).collect::<Vec<_>>().join(word)
}

/// The text at some offsets, on one line and without comments.
pub(super) fn slice(text: &str, at: &std::ops::Range<usize>) -> String {
    let mut quotes = 0u32;
    let lines = text.get(at.clone()).unwrap_or("").lines().map(|line| without_comment(line, &mut quotes));
    let words: Vec<&str> = lines.flat_map(str::split_whitespace).collect();
    let line = words.join(" ");
    match line.char_indices().nth(2 * MAX_CHARS) {
        Some((end, _)) => format!("{}…", &line[..end]),
        None => line,
    }
}

/// A line up to its comment; `quotes` counts the backticks and quotes so far.
fn without_comment<'l>(line: &'l str, quotes: &mut u32) -> &'l str {
    for (at, c) in line.char_indices() {
        let begins = line[..at].is_empty() || line[..at].ends_with(char::is_whitespace);
        match c {
            '`' | '"' => *quotes += 1,
            '#' if begins && (*quotes).is_multiple_of(2) => return &line[..at],
            _ => {}
        }
    }
    line
}

/// Where a clause stands in the rule.
pub(super) fn offset(clause: &Clause) -> usize {
    match clause {
        Clause::Focus(_, at) => at.start,
        Clause::Step(step) => step.at.start,
        Clause::Where(cond) => place_of(cond).start,
    }
}

/// What a kind of node is called, with its article.
pub(super) fn kind(project: &Project, at: NodeRef) -> String {
    match project.kind(at).name() {
        "ERROR" => "code that did not parse".to_owned(),
        name if name.starts_with(['a', 'e', 'i', 'o', 'u']) => format!("an {}", name.replace('_', " ")),
        name => format!("a {}", name.replace('_', " ")),
    }
}

pub(super) fn step(step: Step) -> &'static str {
    match step {
        Step::Inside => "around it",
        Step::Has => "in it",
        Step::Before => "later in the same function",
        Step::After => "earlier in the same function",
    }
}

/// Whether an operand is worth naming: a constant says itself.
pub(super) fn is_computed(operand: &Operand) -> bool {
    !matches!(operand, Operand::Literal(_))
}

/// `1 row`, `2 rows`.
pub(super) fn counted(n: usize, word: &str) -> String {
    if n == 1 { format!("1 {word}") } else { format!("{n} {word}s") }
}
