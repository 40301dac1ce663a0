//! What stands once the `.sql` files of a project have been run in order: each folder of migrations by itself, steps back left out.

use std::collections::BTreeMap;

use super::{Change, lex};
use crate::{Language, NodeRef, Project};

/// Something that stands in the schema.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Standing {
    /// What it is.
    pub kind: StandingKind,
    /// Its name; what PostgreSQL calls it if it was given none.
    pub name: Option<Box<str>>,
    /// Its table; `None` if the statement was not understood.
    pub table: Option<Box<str>>,
    /// Its columns; empty if they are not known.
    pub columns: Vec<Box<str>>,
    /// The table a foreign key refers to.
    pub target: Option<Box<str>>,
    /// Whether an index has a condition.
    pub is_partial: bool,
    /// The statement that made it.
    pub at: NodeRef,
}

/// Kinds of what stands in a schema.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum StandingKind {
    /// A table, with its columns.
    Table,
    /// A primary key.
    PrimaryKey,
    /// A unique constraint or unique index.
    Unique,
    /// An index.
    Index,
    /// A foreign key.
    ForeignKey,
}

impl StandingKind {
    /// The word for it in rules.
    pub fn as_str(self) -> &'static str {
        match self {
            StandingKind::Table => "table",
            StandingKind::PrimaryKey => "primary-key",
            StandingKind::Unique => "unique",
            StandingKind::Index => "index",
            StandingKind::ForeignKey => "foreign-key",
        }
    }
}

/// What stands once the `.sql` files of a project have been run.
pub(crate) fn replay(project: &Project) -> Vec<Standing> {
    let mut folders: BTreeMap<&str, Vec<(Vec<Part>, u32)>> = BTreeMap::new();
    for file in 0..project.n_files() {
        let path = &project.source(file).path;
        if project.language(file) == Language::Sql && !is_step_back(path) {
            folders.entry(folder(path)).or_default().push((natural(path), file));
        }
    }
    let mut all = Vec::new();
    for files in folders.values_mut() {
        files.sort();
        let mut schema = Vec::new();
        for (_, file) in files {
            run(project, *file, &mut schema);
        }
        all.append(&mut schema);
    }
    all.sort_by_key(|thing| thing.at);
    all
}

fn run(project: &Project, file: u32, schema: &mut Vec<Standing>) {
    let end = way_back(&project.source(file).text);
    let root = NodeRef { file, node: 0 };
    for statement in project.children(root).take_while(|at| (project.span(*at).start as usize) < end) {
        let Some(sql) = project.sql(statement) else { continue };
        for change in sql.statements.iter().flat_map(|one| &one.changes) {
            apply(change, statement, schema);
        }
    }
}

fn apply(change: &Change, at: NodeRef, schema: &mut Vec<Standing>) {
    let same = |a: &Option<Box<str>>, b: &Option<Box<str>>| match (a, b) {
        (Some(a), Some(b)) => a.eq_ignore_ascii_case(b),
        _ => false,
    };
    let made = |kind| Standing {
        kind,
        name: change.name.clone().or_else(|| default_name(kind, change)),
        table: change.table.clone(),
        columns: change.columns.clone().unwrap_or_default(),
        target: change.target.clone(),
        is_partial: change.partial == Some(true),
        at,
    };
    match change.kind {
        "create-table" => schema.push(made(StandingKind::Table)),
        "create-index" if change.unique == Some(true) => schema.push(made(StandingKind::Unique)),
        "create-index" => schema.push(made(StandingKind::Index)),
        "add-primary-key" => schema.push(made(StandingKind::PrimaryKey)),
        "add-unique" => schema.push(made(StandingKind::Unique)),
        "add-foreign-key" => schema.push(made(StandingKind::ForeignKey)),
        "drop-table" => schema.retain(|thing| !same(&thing.table, &change.table)),
        "drop-index" | "drop-constraint" => {
            schema.retain(|thing| thing.kind == StandingKind::Table || !same(&thing.name, &change.name));
        }
        "drop-primary-key" => {
            schema.retain(|thing| thing.kind != StandingKind::PrimaryKey || !same(&thing.table, &change.table));
        }
        "drop-column" => drop_column(change, schema),
        "rename-table" => {
            for thing in schema.iter_mut() {
                if same(&thing.table, &change.table) {
                    thing.table.clone_from(&change.target);
                }
                if thing.kind == StandingKind::ForeignKey && same(&thing.target, &change.table) {
                    thing.target.clone_from(&change.target);
                }
            }
        }
        "rename-index" | "rename-constraint" => {
            for thing in schema.iter_mut().filter(|thing| same(&thing.name, &change.name)) {
                thing.name.clone_from(&change.target);
            }
        }
        "rename-column" | "add-column" => change_column(change, schema),
        _ => {}
    }
}

/// What PostgreSQL calls a constraint without a name.
fn default_name(kind: StandingKind, change: &Change) -> Option<Box<str>> {
    let table = change.table.as_deref()?;
    let columns = change.columns.as_deref().unwrap_or_default().join("_");
    Some(match kind {
        StandingKind::PrimaryKey => format!("{table}_pkey").into(),
        StandingKind::Unique => format!("{table}_{columns}_key").into(),
        StandingKind::ForeignKey => format!("{table}_{columns}_fkey").into(),
        StandingKind::Index => format!("{table}_{columns}_idx").into(),
        StandingKind::Table => return None,
    })
}

fn is_of(thing: &Standing, change: &Change) -> bool {
    matches!((&thing.table, &change.table), (Some(a), Some(b)) if a.eq_ignore_ascii_case(b))
}

/// A column takes with it what was made of it.
fn drop_column(change: &Change, schema: &mut Vec<Standing>) {
    let Some(name) = &change.name else { return };
    let has = |thing: &Standing| thing.columns.iter().any(|column| column.eq_ignore_ascii_case(name));
    schema.retain(|thing| thing.kind == StandingKind::Table || !is_of(thing, change) || !has(thing));
    for thing in schema.iter_mut().filter(|thing| is_of(thing, change)) {
        thing.columns.retain(|column| !column.eq_ignore_ascii_case(name));
    }
}

fn change_column(change: &Change, schema: &mut [Standing]) {
    let Some(name) = &change.name else { return };
    for thing in schema.iter_mut().filter(|thing| is_of(thing, change)) {
        match &change.target {
            Some(new) => {
                for column in thing.columns.iter_mut().filter(|column| column.eq_ignore_ascii_case(name)) {
                    column.clone_from(new);
                }
            }
            None if thing.kind == StandingKind::Table => thing.columns.push(name.clone()),
            None => {}
        }
    }
}

/// The folder whose files are run one after the other: above the folders that a step of its own has.
fn folder(path: &str) -> &str {
    let mut folder = path.rsplit_once('/').map_or("", |(folder, _)| folder);
    while let Some((above, last)) = folder.rsplit_once('/') {
        if !last.starts_with(|c: char| c.is_ascii_digit()) {
            break;
        }
        folder = above;
    }
    folder
}

/// Whether a file takes a step back.
fn is_step_back(path: &str) -> bool {
    let (folders, name) = path.rsplit_once('/').unwrap_or(("", path));
    let stem = name.rsplit_once('.').map_or(name, |(stem, _)| stem).to_ascii_lowercase();
    let last = stem.rsplit(|c: char| !c.is_alphanumeric()).next().unwrap_or("");
    matches!(last, "down" | "rollback") || folders.split('/').any(|folder| matches!(folder, "down" | "rollback"))
}

/// Where the way back begins in a file that holds both ways: a comment that ends in the word `down`.
fn way_back(text: &str) -> usize {
    let mut start = 0;
    for line in text.split_inclusive('\n') {
        let comment = line.trim().strip_prefix("--");
        let word = comment.and_then(|comment| comment.rsplit(|c: char| !c.is_alphanumeric()).find(|word| !word.is_empty()));
        let is_short = comment.is_some_and(|comment| comment.split_whitespace().count() <= 2);
        if is_short && word.is_some_and(|word| word.eq_ignore_ascii_case("down")) {
            return start;
        }
        start += line.len();
    }
    text.len()
}

/// A part of a path: numbers are compared as numbers.
#[derive(Debug, PartialEq, Eq, PartialOrd, Ord)]
enum Part {
    Number(usize, Box<str>),
    Text(Box<str>),
}

fn natural(path: &str) -> Vec<Part> {
    let mut parts = Vec::new();
    let mut rest = path;
    while let Some(first) = rest.chars().next() {
        let is_digit = first.is_ascii_digit();
        let n = rest.find(|c: char| c.is_ascii_digit() != is_digit).unwrap_or(rest.len());
        let (part, after) = rest.split_at(n);
        parts.push(match is_digit {
            true => {
                let digits = part.trim_start_matches('0');
                Part::Number(digits.len(), digits.into())
            }
            false => Part::Text(part.into()),
        });
        rest = after;
    }
    parts
}

/// The statements in the body of `DO $$ … $$`, without the words that only lead to them.
pub(super) fn inner_statements(sql: &str) -> Vec<lex::RawStatement> {
    let word = sql.trim_start().get(..2).is_some_and(|word| word.eq_ignore_ascii_case("do"));
    let body = sql.find('$').filter(|_| word).and_then(|start| {
        let fence = sql[start + 1..].find('$').map(|end| &sql[start..start + end + 2])?;
        let inner = sql.get(start + fence.len()..)?;
        inner.find(fence).map(|end| &inner[..end])
    });
    let mut found = lex::statements(body.unwrap_or(""), &[]);
    for statement in &mut found {
        let lower = statement.sql.to_ascii_lowercase();
        let lead = ["begin", "then", "else"].iter().filter_map(|word| lower.rfind(word).map(|at| at + word.len())).max();
        if let Some(lead) = lead.filter(|_| super::words::statement_word(&statement.sql).is_none()) {
            statement.sql.replace_range(..lead, "");
        }
    }
    found
}
