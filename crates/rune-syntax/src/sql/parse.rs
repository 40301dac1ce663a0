//! From a statement to its syntax tree, whatever its dialect. Holes that are no names are left out until the rest parses.

use sqlparser::ast::Statement;
use sqlparser::dialect::{Dialect, GenericDialect, MySqlDialect, PostgreSqlDialect, SQLiteDialect};
use sqlparser::parser::Parser;
use sqlparser::tokenizer::Location;

use super::lex::{RawStatement, Within, holes_in, marker};

/// A statement that was understood.
pub(super) struct Parsed {
    pub(super) tree: Statement,
    /// Holes that stand for more than a name or a value: pieces of a statement.
    pub(super) fragments: Vec<usize>,
    /// Holes that stand for the list behind `IN` or `VALUES`.
    pub(super) lists: Vec<usize>,
}

/// How long a statement may be, in bytes.
const MAX_BYTES: usize = 256 << 10;

/// How many words may stand between two commas: what is chained without end would be a tree without end.
const MAX_CHAIN: usize = 2_000;

/// How many queries may be joined by `UNION` and the like.
const MAX_UNIONS: usize = 300;

/// How deep parentheses may nest.
const MAX_DEPTH: usize = 60;

/// How many holes are tried as pieces of a statement.
const MAX_TRIES: usize = 12;

/// The tree of a statement; `None` if no dialect reads it.
pub(super) fn parse(raw: &RawStatement) -> Option<Parsed> {
    if !is_bounded(&raw.sql) {
        return None;
    }
    let mut open: Vec<usize> = raw.holes.iter().filter(|(_, within)| *within == Within::Words).map(|(hole, _)| *hole).collect();
    let mut sql = raw.sql.clone();
    let (mut fragments, mut lists) = (Vec::new(), Vec::new());
    for _ in 0..=MAX_TRIES {
        let failure = match read(&sql) {
            Ok(tree) => return Some(Parsed { tree, fragments, lists }),
            Err(failure) => failure,
        };
        let hole = guilty(&sql, &failure, &open)?;
        open.retain(|other| *other != hole);
        let word = marker(hole);
        let place = sql.find(&word)?;
        let before = sql[..place].trim_end().rsplit(|c: char| !c.is_alphanumeric()).next().unwrap_or("");
        let stands = match before.to_ascii_lowercase().as_str() {
            "in" | "values" => {
                lists.push(hole);
                format!("({word})")
            }
            "set" => {
                fragments.push(hole);
                format!("{word} = 1")
            }
            _ => {
                fragments.push(hole);
                " ".to_owned()
            }
        };
        sql.replace_range(place..place + word.len(), &stands);
    }
    None
}

/// Where parsing stopped.
struct Failure {
    message: String,
}

/// The tree in the first dialect that reads the statement.
fn read(sql: &str) -> Result<Statement, Failure> {
    let postgres: &dyn Dialect = &PostgreSqlDialect {};
    let mysql: &dyn Dialect = &MySqlDialect {};
    let sqlite: &dyn Dialect = &SQLiteDialect {};
    let generic: &dyn Dialect = &GenericDialect {};
    let dialects = if sql.contains('`') { [mysql, sqlite, generic, postgres] } else { [postgres, mysql, sqlite, generic] };
    let mut first = None;
    for dialect in dialects {
        let parser = Parser::new(dialect).with_recursion_limit(MAX_DEPTH + 40).try_with_sql(sql);
        match parser.and_then(|mut parser| parser.parse_statements()) {
            Ok(mut statements) if statements.len() == 1 => return Ok(statements.remove(0)),
            Ok(_) => {}
            Err(error) => {
                first.get_or_insert(Failure { message: error.to_string() });
            }
        }
    }
    Err(first.unwrap_or(Failure { message: String::new() }))
}

/// The hole that the parser stumbled over: the one it names, else the last before the place where it stopped.
fn guilty(sql: &str, failure: &Failure, open: &[usize]) -> Option<usize> {
    let named = failure.message.split_once("found: ").map_or("", |(_, found)| found);
    if let Some(hole) = holes_in(named).into_iter().find(|hole| open.contains(hole)) {
        return Some(hole);
    }
    let stop = place(sql, &failure.message).unwrap_or(sql.len());
    let at = |hole: &usize| sql.find(&marker(*hole)).unwrap_or(usize::MAX);
    let before = open.iter().filter(|hole| at(hole) < stop).max_by_key(|hole| at(hole));
    before.or_else(|| open.iter().min_by_key(|hole| at(hole))).copied()
}

/// The byte that `… at Line: 1, Column: 8` means.
fn place(sql: &str, message: &str) -> Option<usize> {
    let (_, rest) = message.rsplit_once("Line: ")?;
    let (line, rest) = rest.split_once(", Column: ")?;
    let digits = rest.split(|c: char| !c.is_ascii_digit()).next()?;
    let found = Location::new(line.parse().ok()?, digits.parse().ok()?);
    let start = sql.split_inclusive('\n').take(found.line.checked_sub(1)? as usize).map(str::len).sum::<usize>();
    let column = found.column.checked_sub(1)? as usize;
    Some(start + sql.get(start..)?.chars().take(column).map(char::len_utf8).sum::<usize>())
}

/// Whether the tree of a statement is small enough in every direction.
fn is_bounded(sql: &str) -> bool {
    if sql.len() > MAX_BYTES {
        return false;
    }
    let (mut depth, mut chain, mut unions, mut in_word) = (0usize, 0usize, 0usize, false);
    for (i, c) in sql.char_indices() {
        let is_word = c.is_alphanumeric() || c == '_';
        match c {
            '(' | '[' => depth += 1,
            ')' | ']' => depth = depth.saturating_sub(1),
            ',' => chain = 0,
            _ => {}
        }
        let begins = if is_word { !in_word } else { !c.is_whitespace() };
        if begins {
            chain += 1;
            let word = sql.get(i..i + 5).unwrap_or("");
            unions += usize::from(["union", "excep", "inter"].iter().any(|set| word.eq_ignore_ascii_case(set)));
        }
        in_word = is_word;
        if depth > MAX_DEPTH || chain > MAX_CHAIN || unions > MAX_UNIONS {
            return false;
        }
    }
    true
}
