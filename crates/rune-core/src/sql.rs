//! The relations over SQL: statements, what they filter by, what they do to the schema, where code becomes text of them,
//! and what stands once the `.sql` files have been run. `rune_syntax` reads the texts; here they become rows.

use std::sync::Arc;

use rune_pack::ColumnType;
use rune_pattern::Value;
use rune_syntax::{Change, Kind, NodeRef, Project, SqlText, Standing};

use crate::relation::Row;

/// The relations over SQL with their columns.
pub(crate) fn relations() -> Vec<(&'static str, Vec<(String, ColumnType)>)> {
    use ColumnType::{Bool, Node, Number, String};
    let columns =
        |columns: &[(&str, ColumnType)]| columns.iter().map(|(name, kind)| ((*name).to_owned(), kind.clone())).collect();
    let list = ColumnType::List(Box::new(String));
    vec![
        ("sql", columns(&[("text", Node), ("statement", Number), ("kind", String), ("table", String)])),
        (
            "sql_filter",
            columns(&[("text", Node), ("statement", Number), ("column", String), ("table", String), ("fragment", Bool)]),
        ),
        ("sql_limit", columns(&[("text", Node), ("statement", Number)])),
        ("sql_hole", columns(&[("text", Node), ("hole", Node), ("position", String), ("fragment", Bool)])),
        (
            "ddl",
            columns(&[
                ("text", Node),
                ("statement", Number),
                ("kind", String),
                ("name", String),
                ("table", String),
                ("columns", list.clone()),
                ("target", String),
                ("unique", Bool),
                ("concurrent", Bool),
                ("partial", Bool),
                ("not_null", Bool),
                ("default", Bool),
                ("valid", Bool),
            ]),
        ),
        (
            "schema",
            columns(&[
                ("kind", String),
                ("name", String),
                ("table", String),
                ("columns", list),
                ("target", String),
                ("partial", Bool),
            ]),
        ),
    ]
}

/// Kinds of nodes that can be the whole of a text with SQL.
const TEXTS: &[&str] = &[
    "statement",
    "string",
    "template_string",
    "concatenated_string",
    "binary_expression",
    "binary_operator",
    "call_expression",
    "call",
];

/// Whether a relation is one over SQL.
pub(crate) fn is_relation(name: &str) -> bool {
    spelled(name).is_some()
}

/// The nodes at which rows of a relation over SQL are found; `None` if it is no such relation.
pub(crate) fn start_kinds(relation: &str) -> Option<Vec<Kind>> {
    match relation {
        "sql" | "sql_filter" | "sql_limit" | "sql_hole" | "ddl" => Some(TEXTS.iter().map(|kind| Kind::of(kind)).collect()),
        "schema" => Some(vec![Kind::of("statement")]),
        _ => None,
    }
}

/// Texts of which one stands in every file that gives rows of the relation, whatever their case.
pub(crate) fn spelled(relation: &str) -> Option<&'static [&'static str]> {
    match relation {
        "sql" | "sql_hole" => {
            Some(&["select", "insert", "update", "delete", "create", "alter", "drop", "replace", "truncate", "merge"])
        }
        "sql_filter" | "sql_limit" => Some(&["select", "update", "delete"]),
        "ddl" | "schema" => Some(&["create", "alter", "drop", "rename"]),
        _ => None,
    }
}

/// The rows about the text at `at`, whether or not it is a part of another.
pub(crate) fn rows_of(project: &Project, relation: &str, at: NodeRef) -> Vec<Row> {
    if relation == "schema" {
        return standing(project, at);
    }
    let Some(sql) = project.sql(at) else { return Vec::new() };
    match relation {
        "sql" => statements(at, &sql),
        "sql_filter" => filters(at, &sql, false),
        "sql_limit" => limits(at, &sql),
        "sql_hole" => holes(at, &sql, false),
        "ddl" => changes(at, &sql),
        _ => Vec::new(),
    }
}

/// The rows about the text at `at`, which is asked for as a condition.
pub(crate) fn rows_of_fragment(project: &Project, relation: &str, at: NodeRef) -> Vec<Row> {
    let Some(sql) = project.sql_fragment(at) else { return Vec::new() };
    match relation {
        "sql_filter" => filters(at, &sql, true),
        "sql_hole" => holes(at, &sql, true),
        _ => Vec::new(),
    }
}

/// The rows about the text at `at`, if it is the whole of one.
pub(crate) fn rows_at(project: &Project, relation: &str, at: NodeRef) -> Vec<Row> {
    if project.begins_sql(at) { rows_of(project, relation, at) } else { Vec::new() }
}

fn row(at: NodeRef, values: Vec<Option<Value>>, possible: bool) -> Row {
    Row { at: Some(at), values, possible }
}

fn text(text: &str) -> Value {
    Value::Text(Arc::from(text))
}

/// A name; one that code puts together is not known.
fn name(name: &str) -> Value {
    if name.contains("rune_hole_") || name == "rune_name" { Value::Unknown } else { text(name) }
}

/// The statements with their numbers, from 1.
fn numbered(sql: &SqlText) -> impl Iterator<Item = (Option<Value>, &rune_syntax::SqlStatement)> {
    sql.statements.iter().enumerate().map(|(i, statement)| (Some(Value::Number(i as f64 + 1.0)), statement))
}

fn statements(at: NodeRef, sql: &SqlText) -> Vec<Row> {
    let mut rows = Vec::new();
    for (number, statement) in numbered(sql) {
        let mut add = |table: Option<Value>, possible: bool| {
            let possible = possible || table == Some(Value::Unknown);
            rows.push(row(at, vec![Some(Value::Node(at)), number.clone(), Some(text(statement.kind)), table], possible));
        };
        if !statement.is_parsed {
            add(Some(Value::Unknown), true);
        } else if statement.tables.is_empty() {
            add(None, false);
        }
        for table in &statement.tables {
            add(Some(name(table)), false);
        }
    }
    rows
}

fn filters(at: NodeRef, sql: &SqlText, is_fragment: bool) -> Vec<Row> {
    let mut rows = Vec::new();
    for (number, statement) in numbered(sql) {
        let mut add = |column: Value, table: Option<Value>| {
            let possible = column == Value::Unknown || table == Some(Value::Unknown);
            let fragment = Some(Value::Bool(is_fragment));
            rows.push(row(at, vec![Some(Value::Node(at)), number.clone(), Some(column), table, fragment], possible));
        };
        if !statement.is_parsed {
            add(Value::Unknown, Some(Value::Unknown));
        }
        for filter in &statement.filters {
            add(name(&filter.column), filter.table.as_deref().map(name));
        }
    }
    rows
}

fn limits(at: NodeRef, sql: &SqlText) -> Vec<Row> {
    let limited = numbered(sql).filter(|(_, statement)| statement.is_limited || !statement.is_parsed);
    limited.map(|(number, statement)| row(at, vec![Some(Value::Node(at)), number], !statement.is_parsed)).collect()
}

fn holes(at: NodeRef, sql: &SqlText, is_fragment: bool) -> Vec<Row> {
    let hole = |hole: &rune_syntax::SqlHole| {
        let position = hole.position.map_or(Value::Unknown, |position| text(position.as_str()));
        let values = vec![Some(Value::Node(at)), Some(Value::Node(hole.at)), Some(position), Some(Value::Bool(is_fragment))];
        row(at, values, hole.position.is_none())
    };
    sql.holes.iter().map(hole).collect()
}

fn names(names: &[Box<str>]) -> Value {
    Value::List(names.iter().map(|one| name(one)).collect())
}

fn changes(at: NodeRef, sql: &SqlText) -> Vec<Row> {
    let change = |number: &Option<Value>, change: &Change, is_known: bool| {
        let known = |found: &Option<Box<str>>| match found {
            Some(found) => Some(name(found)),
            None if is_known => None,
            None => Some(Value::Unknown),
        };
        let flag = |flag: Option<bool>| match flag {
            Some(flag) => Some(Value::Bool(flag)),
            None if is_known => None,
            None => Some(Value::Unknown),
        };
        let columns = match &change.columns {
            Some(columns) => Some(names(columns)),
            None if is_known => None,
            None => Some(Value::Unknown),
        };
        let (table, own) = (known(&change.table), known(&change.name));
        let possible = !is_known || table == Some(Value::Unknown) || own == Some(Value::Unknown);
        let values = vec![
            Some(Value::Node(at)),
            number.clone(),
            Some(text(change.kind)),
            own,
            table,
            columns,
            known(&change.target),
            flag(change.unique),
            flag(change.concurrent),
            flag(change.partial),
            flag(change.not_null),
            flag(change.default),
            flag(change.valid),
        ];
        row(at, values, possible)
    };
    let all = numbered(sql).flat_map(|(number, statement)| {
        let change = &change;
        statement.changes.iter().map(move |one| change(&number, one, statement.is_parsed))
    });
    all.collect()
}

/// What the statement at `at` made and what still stands of it.
fn standing(project: &Project, at: NodeRef) -> Vec<Row> {
    let thing = |thing: &Standing| {
        let known = |found: &Option<Box<str>>| found.as_deref().map(name);
        let is_unknown = thing.table.is_none();
        let (table, columns) = match is_unknown {
            true => (Some(Value::Unknown), Value::Unknown),
            false => (known(&thing.table), names(&thing.columns)),
        };
        let values = vec![
            Some(text(thing.kind.as_str())),
            known(&thing.name),
            table,
            Some(columns),
            known(&thing.target),
            Some(Value::Bool(thing.is_partial)),
        ];
        row(at, values, is_unknown)
    };
    project.standing_of(at).iter().map(thing).collect()
}
