//! What a statement does to the schema, one change for each thing that is made, changed or dropped.

use sqlparser::ast::{
    AlterColumnOperation, AlterIndexOperation, AlterTable, AlterTableOperation, ColumnDef, ColumnOption, CreateIndex,
    CreateTable, Expr, Ident, IndexColumn, ObjectName, ObjectType, RenameTableNameKind, Statement, TableConstraint,
};

use super::Change;
use super::read::table_name;

/// The changes that a statement makes; empty if it makes none.
pub(super) fn changes(statement: &Statement) -> Vec<Change> {
    match statement {
        Statement::CreateTable(table) => create_table(table),
        Statement::CreateIndex(index) => vec![create_index(index)],
        Statement::AlterTable(alter) => alter_table(alter),
        Statement::AlterIndex { name, operation: AlterIndexOperation::RenameIndex { index_name } } => {
            vec![Change { name: some(name), target: some(index_name), ..Change::of("rename-index", None) }]
        }
        Statement::RenameTable(renames) => {
            let rename =
                |old: &ObjectName, new: &ObjectName| Change { target: some(new), ..Change::of("rename-table", some(old)) };
            renames.iter().map(|one| rename(&one.old_name, &one.new_name)).collect()
        }
        Statement::Drop { object_type, names, table, .. } => {
            let dropped = |name: &ObjectName| match object_type {
                ObjectType::Table => Change::of("drop-table", some(name)),
                ObjectType::Index => Change { name: some(name), ..Change::of("drop-index", table.as_ref().and_then(some)) },
                _ => Change { name: some(name), ..Change::of("other", None) },
            };
            names.iter().map(dropped).collect()
        }
        _ => Vec::new(),
    }
}

fn some(name: &ObjectName) -> Option<Box<str>> {
    Some(table_name(name))
}

fn ident(name: &Ident) -> Box<str> {
    name.value.as_str().into()
}

/// A column of an index by name; an expression as it is written.
fn index_column(column: &IndexColumn) -> Box<str> {
    match &column.column.expr {
        Expr::Identifier(name) => ident(name),
        expr => expr.to_string().into(),
    }
}

fn create_index(index: &CreateIndex) -> Change {
    Change {
        name: index.name.as_ref().and_then(some),
        columns: Some(index.columns.iter().map(index_column).collect()),
        unique: Some(index.unique),
        concurrent: Some(index.concurrently),
        partial: Some(index.predicate.is_some()),
        ..Change::of("create-index", some(&index.table_name))
    }
}

fn create_table(table: &CreateTable) -> Vec<Change> {
    let name = some(&table.name);
    let columns = table.columns.iter().map(|column| ident(&column.name)).collect();
    let mut found = vec![Change { columns: Some(columns), ..Change::of("create-table", name.clone()) }];
    for column in &table.columns {
        found.extend(column_constraints(column, name.as_deref()));
    }
    found.extend(table.constraints.iter().filter_map(|constraint| constraint_change(constraint, name.as_deref(), true)));
    found
}

/// The constraints that stand beside a column.
fn column_constraints(column: &ColumnDef, table: Option<&str>) -> Vec<Change> {
    let change = |kind, name: Option<&Ident>| Change {
        name: name.map(ident),
        columns: Some(vec![ident(&column.name)]),
        ..Change::of(kind, table.map(Into::into))
    };
    let constraint = |option: &ColumnOption| match option {
        ColumnOption::PrimaryKey(key) => Some(Change { unique: Some(true), ..change("add-primary-key", key.name.as_ref()) }),
        ColumnOption::Unique(key) => Some(Change { unique: Some(true), ..change("add-unique", key.name.as_ref()) }),
        ColumnOption::ForeignKey(key) => {
            Some(Change { target: some(&key.foreign_table), valid: Some(true), ..change("add-foreign-key", key.name.as_ref()) })
        }
        _ => None,
    };
    let named = |mut change: Change, name: Option<&Ident>| {
        change.name = change.name.or(name.map(ident));
        change
    };
    let options = column.options.iter();
    options.filter_map(|option| constraint(&option.option).map(|change| named(change, option.name.as_ref()))).collect()
}

fn constraint_change(constraint: &TableConstraint, table: Option<&str>, is_valid: bool) -> Option<Change> {
    let change = |kind, name: Option<&Ident>, columns: Vec<Box<str>>| Change {
        name: name.map(ident),
        columns: Some(columns),
        valid: Some(is_valid),
        ..Change::of(kind, table.map(Into::into))
    };
    let of_index = |columns: &[IndexColumn]| columns.iter().map(index_column).collect();
    Some(match constraint {
        TableConstraint::PrimaryKey(key) => {
            Change { unique: Some(true), ..change("add-primary-key", key.name.as_ref(), of_index(&key.columns)) }
        }
        TableConstraint::Unique(key) => {
            let name = key.name.as_ref().or(key.index_name.as_ref());
            Change { unique: Some(true), ..change("add-unique", name, of_index(&key.columns)) }
        }
        TableConstraint::ForeignKey(key) => {
            let columns = key.columns.iter().map(ident).collect();
            Change { target: some(&key.foreign_table), ..change("add-foreign-key", key.name.as_ref(), columns) }
        }
        TableConstraint::Index(index) => {
            let index_change = change("create-index", index.name.as_ref(), of_index(&index.columns));
            Change { unique: Some(false), concurrent: Some(false), partial: Some(false), valid: None, ..index_change }
        }
        TableConstraint::Check(check) => change("add-check", check.name.as_ref(), Vec::new()),
        _ => return None,
    })
}

fn alter_table(alter: &AlterTable) -> Vec<Change> {
    let table = table_name(&alter.name);
    alter.operations.iter().flat_map(|operation| alteration(operation, &table)).collect()
}

fn alteration(operation: &AlterTableOperation, table: &str) -> Vec<Change> {
    use AlterTableOperation as Op;
    let change = |kind| Change::of(kind, Some(table.into()));
    let named = |kind, name: &Ident| Change { name: Some(ident(name)), ..change(kind) };
    let column = |kind, name: &Ident| Change { name: Some(ident(name)), columns: Some(vec![ident(name)]), ..change(kind) };
    match operation {
        Op::AddColumn { column_def, .. } => {
            let has = |wanted: fn(&ColumnOption) -> bool| column_def.options.iter().any(|option| wanted(&option.option));
            let is_key = has(|option| matches!(option, ColumnOption::PrimaryKey(_)));
            let added = Change {
                not_null: Some(is_key || has(|option| matches!(option, ColumnOption::NotNull))),
                default: Some(has(|o| {
                    matches!(o, ColumnOption::Default(_) | ColumnOption::Generated { .. } | ColumnOption::Identity(_))
                })),
                ..column("add-column", &column_def.name)
            };
            std::iter::once(added).chain(column_constraints(column_def, Some(table))).collect()
        }
        Op::DropColumn { column_names, .. } => column_names.iter().map(|name| column("drop-column", name)).collect(),
        Op::RenameColumn { old_column_name, new_column_name } => {
            vec![Change { target: Some(ident(new_column_name)), ..column("rename-column", old_column_name) }]
        }
        Op::ChangeColumn { old_name, new_name, .. } if old_name.value != new_name.value => {
            vec![Change { target: Some(ident(new_name)), ..column("rename-column", old_name) }]
        }
        Op::AlterColumn { column_name, op } => {
            let not_null = match op {
                AlterColumnOperation::SetNotNull => Some(true),
                AlterColumnOperation::DropNotNull => Some(false),
                _ => None,
            };
            vec![Change { not_null, ..column("alter-column", column_name) }]
        }
        Op::ModifyColumn { col_name, .. } => vec![column("alter-column", col_name)],
        Op::ChangeColumn { old_name, .. } => vec![column("alter-column", old_name)],
        Op::RenameTable { table_name: RenameTableNameKind::As(new) | RenameTableNameKind::To(new) } => {
            vec![Change { target: some(new), ..change("rename-table") }]
        }
        Op::AddConstraint { constraint, not_valid } => {
            constraint_change(constraint, Some(table), !not_valid).into_iter().collect()
        }
        Op::DropConstraint { name, .. } | Op::DropForeignKey { name, .. } => vec![named("drop-constraint", name)],
        Op::DropPrimaryKey { .. } => vec![change("drop-primary-key")],
        Op::DropIndex { name } => vec![named("drop-index", name)],
        Op::RenameConstraint { old_name, new_name } => {
            vec![Change { target: Some(ident(new_name)), ..named("rename-constraint", old_name) }]
        }
        _ => vec![change("other")],
    }
}
