//! SQL in the texts of a project: string literals, templates, texts built over several statements, `.sql` files.
//! A text is cut into statements, each statement is parsed; what does not parse is known not to be known.

mod choice;
mod ddl;
mod fill;
mod lex;
mod list;
mod parse;
mod place;
mod read;
mod schema;
mod text;
mod whole;
mod words;
mod writes;

use std::sync::Arc;

use rune_model::Span;

use crate::{Language, NodeRef, Project, trace};
use words::{guessed_change, plausible, statement_word};

pub use schema::{Standing, StandingKind};
pub use text::Piece;
pub(crate) use writes::Write;

/// A text that holds SQL.
#[derive(Debug, Clone, PartialEq)]
pub struct SqlText {
    /// What the text is made of, in order.
    pub pieces: Vec<Piece>,
    /// Its statements, in order; at least one.
    pub statements: Vec<SqlStatement>,
    /// The holes in it that are text, in order; those that a tag takes as values, and those in comments, are none.
    pub holes: Vec<SqlHole>,
}

/// A statement of a text.
#[derive(Debug, Clone, PartialEq)]
pub struct SqlStatement {
    /// `select`, `insert`, `update`, `delete`, `ddl` or `other`, by its first words if it was not understood.
    pub kind: &'static str,
    /// Whether a parser understood it. If not, it has no tables, filters and changes, and nobody knows whether it is limited.
    pub is_parsed: bool,
    /// The tables that it names, without schema and quotes.
    pub tables: Vec<Box<str>>,
    /// The columns that it compares in `WHERE` and `ON`.
    pub filters: Vec<Filter>,
    /// Whether the number of its rows is bounded.
    pub is_limited: bool,
    /// What it does to the schema. Of a statement that was not understood: what its first words say.
    pub changes: Vec<Change>,
}

/// A column in a condition.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Filter {
    /// Its name without quotes.
    pub column: Box<str>,
    /// Its table, if the statement says which.
    pub table: Option<Box<str>>,
}

/// A place of a text where code puts something in.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct SqlHole {
    /// The expression.
    pub at: NodeRef,
    /// What stands there; `None` if the text around it was not understood.
    pub position: Option<Position>,
}

/// What a hole stands for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Position {
    /// A value: a literal, or a part of one.
    Value,
    /// The name of a table, a column, a function.
    Identifier,
    /// A piece of the statement: a direction, a condition, a clause.
    Keyword,
}

/// A change of the schema. What a change does not have, or what is not known of it, is `None`.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Change {
    /// `create-table`, `drop-table`, `rename-table`, `add-column`, `drop-column`, `rename-column`, `alter-column`,
    /// `create-index`, `drop-index`, `rename-index`, `add-primary-key`, `add-unique`, `add-foreign-key`, `add-check`,
    /// `drop-constraint`, `drop-primary-key`, `rename-constraint`, `other`.
    pub kind: &'static str,
    /// The name of the index, constraint or column.
    pub name: Option<Box<str>>,
    /// The table, without schema and quotes.
    pub table: Option<Box<str>>,
    /// The columns.
    pub columns: Option<Vec<Box<str>>>,
    /// The table a foreign key refers to; the new name of what is renamed.
    pub target: Option<Box<str>>,
    /// Whether an index is unique.
    pub unique: Option<bool>,
    /// Whether an index is made without blocking writes.
    pub concurrent: Option<bool>,
    /// Whether an index has a condition.
    pub partial: Option<bool>,
    /// Whether a column refuses nulls.
    pub not_null: Option<bool>,
    /// Whether a column has a default.
    pub default: Option<bool>,
    /// Whether a constraint is checked against the rows there are.
    pub valid: Option<bool>,
}

impl Change {
    fn of(kind: &'static str, table: Option<Box<str>>) -> Change {
        Change { kind, table, ..Change::default() }
    }
}

impl SqlStatement {
    fn unread(kind: &'static str) -> SqlStatement {
        SqlStatement { kind, is_parsed: false, tables: Vec::new(), filters: Vec::new(), is_limited: false, changes: Vec::new() }
    }
}

impl Position {
    /// The word for it in rules.
    pub fn as_str(self) -> &'static str {
        match self {
            Position::Value => "value",
            Position::Identifier => "identifier",
            Position::Keyword => "keyword",
        }
    }
}

impl Project {
    /// The SQL that the text at `at` holds; `None` if it does not begin as a statement does. Worked out on first use.
    pub fn sql(&self, at: NodeRef) -> Option<Arc<SqlText>> {
        let (found, reads) = self.known_sql(at).unwrap_or_else(|| {
            let (found, reads) = trace::traced(|| read_sql(self, at, "").map(Arc::new));
            let known = (found, Arc::new(reads));
            self.keep_sql(at, known.clone());
            known
        });
        trace::read_again(&reads);
        found
    }

    /// The condition that the text at `at` is, as a statement that asks for it; `None` if it is none, or a whole statement.
    pub fn sql_fragment(&self, at: NodeRef) -> Option<SqlText> {
        let mut sql = read_sql(self, at, BEFORE_FRAGMENT)?;
        let [statement] = sql.statements.as_mut_slice() else { return None };
        statement.tables.clear();
        for filter in &mut statement.filters {
            filter.table = filter.table.take().filter(|table| **table != *FRAGMENT_TABLE);
        }
        statement.is_parsed.then_some(sql)
    }

    /// What the statement at `at` made and what still stands once the `.sql` files of the project have been run in order.
    pub fn standing_of(&self, at: NodeRef) -> &[Standing] {
        let (all, reads) = self.standing.get_or_init(|| trace::traced(|| schema::replay(self)));
        trace::read_again(reads);
        let first = all.partition_point(|thing| thing.at < at);
        let past = all.partition_point(|thing| thing.at <= at);
        &all[first..past]
    }

    /// Whether `at` may be the whole of a text that holds SQL: it begins as a statement does, and is no part of a larger one.
    pub fn begins_sql(&self, at: NodeRef) -> bool {
        match self.kind(at).name() {
            "statement" => self.language(at.file) == Language::Sql,
            "string"
            | "template_string"
            | "concatenated_string"
            | "binary_expression"
            | "binary_operator"
            | "call_expression"
            | "call" => {
                !whole::is_part(self, at) && whole::first_text(self, at).is_some_and(|text| statement_word(&text).is_some())
            }
            _ => false,
        }
    }
}

/// A table that stands before a condition, so that it is one of a statement.
const FRAGMENT_TABLE: &str = "rune_fragment";
const BEFORE_FRAGMENT: &str = "SELECT 1 FROM rune_fragment WHERE ";

/// The SQL of a text; behind `before`, if that is not empty, where the text is no statement itself.
fn read_sql(project: &Project, at: NodeRef, before: &str) -> Option<SqlText> {
    let pieces = text::pieces(project, at);
    let Some(Piece::Text { text: first, .. }) = pieces.first() else { return None };
    let is_file = project.kind(at).name() == "statement";
    if !is_file && statement_word(first).is_some() != before.is_empty() {
        return None;
    }
    let (mut whole, mut put_in, mut bound) = (before.to_owned(), Vec::new(), Vec::new());
    for piece in &pieces {
        match piece {
            Piece::Text { text, .. } => whole.push_str(text),
            Piece::Hole { at, is_bound } => {
                whole.push_str(&lex::marker(put_in.len()));
                if *is_bound {
                    bound.push(put_in.len());
                }
                put_in.push(*at);
            }
        }
    }
    let raw = lex::statements(&whole, &bound);
    let mut positions = Vec::new();
    let statements: Vec<SqlStatement> = raw.iter().filter_map(|raw| statement(raw, is_file, &mut positions)).collect();
    let holes = positions.into_iter().filter(|(hole, _)| !bound.contains(hole));
    let holes = holes.filter_map(|(hole, position)| Some(SqlHole { at: *put_in.get(hole)?, position })).collect();
    (!statements.is_empty()).then_some(SqlText { pieces, statements, holes })
}

/// Reads a statement and adds the positions of its holes; `None` if it is none.
fn statement(raw: &lex::RawStatement, is_file: bool, positions: &mut Vec<(usize, Option<Position>)>) -> Option<SqlStatement> {
    let kind = match plausible(&raw.sql) {
        Some(kind) => kind,
        None if is_file => "other",
        None => return None,
    };
    let inner = schema::inner_statements(&raw.sql);
    if !inner.is_empty() {
        let changes = inner.iter().filter(|raw| plausible(&raw.sql).is_some()).filter_map(parse::parse);
        let changes = changes.flat_map(|parsed| ddl::changes(&parsed.tree)).collect();
        return Some(SqlStatement { changes, is_parsed: true, ..SqlStatement::unread(kind) });
    }
    let Some(parsed) = parse::parse(raw) else {
        positions.extend(raw.holes.iter().map(|(hole, _)| (*hole, None)));
        let changes = guessed_change(&raw.sql).into_iter().collect();
        return Some(SqlStatement { changes, ..SqlStatement::unread(kind) });
    };
    positions.extend(place::positions(raw, &parsed).into_iter().map(|(hole, position)| (hole, Some(position))));
    let changes = ddl::changes(&parsed.tree);
    let mut tables = read::tables(&parsed.tree);
    if tables.is_empty() {
        tables = changes.iter().filter_map(|change| change.table.clone()).collect();
        tables.dedup();
    }
    Some(SqlStatement {
        kind: read::kind(&parsed.tree),
        is_parsed: true,
        tables,
        filters: read::filters(&parsed.tree),
        is_limited: read::is_limited(&parsed.tree),
        changes,
    })
}

/// The statements of a `.sql` file: their bytes, without the semicolon and comments before them.
pub(crate) fn statement_spans(text: &str) -> Vec<Span> {
    let statements = lex::statements(text, &[]);
    statements.into_iter().map(|statement| Span::new(statement.range.start as u32, statement.range.end as u32)).collect()
}
