//! What a statement does: its kind, the tables it names, the columns it filters by, whether its rows are bounded.

use std::ops::ControlFlow;

use sqlparser::ast::{
    BinaryOperator, Expr, FromTable, GroupByExpr, JoinConstraint, LimitClause, ObjectName, Query, Select, SelectItem, SetExpr,
    Statement, TableFactor, TableWithJoins, Visit, Visitor, visit_expressions,
};

use super::Filter;
use super::lex::holes_in;
use super::place::constraint;

/// Functions that make one row of many.
const AGGREGATES: &[&str] =
    &["count", "sum", "avg", "min", "max", "bool_and", "bool_or", "every", "array_agg", "string_agg", "json_agg", "jsonb_agg"];

/// The kind of a statement: `select`, `insert`, `update`, `delete`, `ddl`, `other`.
pub(super) fn kind(statement: &Statement) -> &'static str {
    match statement {
        Statement::Query(query) => match query.body.as_ref() {
            SetExpr::Insert(_) => "insert",
            SetExpr::Update(_) => "update",
            SetExpr::Delete(_) => "delete",
            _ => "select",
        },
        Statement::Insert(_) => "insert",
        Statement::Update(_) => "update",
        Statement::Delete(_) => "delete",
        Statement::Explain { statement, .. } => kind(statement),
        Statement::CreateTable(_)
        | Statement::CreateIndex(_)
        | Statement::CreateView(_)
        | Statement::AlterTable(_)
        | Statement::AlterIndex { .. }
        | Statement::AlterView { .. }
        | Statement::RenameTable(_)
        | Statement::Truncate(_)
        | Statement::Drop { .. } => "ddl",
        _ => "other",
    }
}

/// The name of a table without its schema and quotes.
pub(super) fn table_name(name: &ObjectName) -> Box<str> {
    let last = name.0.last().and_then(|part| part.as_ident());
    last.map_or_else(|| name.to_string().into(), |ident| ident.value.as_str().into())
}

/// The tables that a statement reads or writes, each once, in order; names that its `WITH` gives are none.
pub(super) fn tables(statement: &Statement) -> Vec<Box<str>> {
    #[derive(Default)]
    struct Tables {
        found: Vec<Box<str>>,
        made: Vec<String>,
    }
    impl Visitor for Tables {
        type Break = ();

        fn pre_visit_query(&mut self, query: &Query) -> ControlFlow<()> {
            let made = query.with.iter().flat_map(|with| &with.cte_tables);
            self.made.extend(made.map(|table| table.alias.name.value.to_lowercase()));
            ControlFlow::Continue(())
        }

        fn pre_visit_relation(&mut self, relation: &ObjectName) -> ControlFlow<()> {
            let name = table_name(relation);
            if !self.found.contains(&name) {
                self.found.push(name);
            }
            ControlFlow::Continue(())
        }
    }
    let mut tables = Tables::default();
    let _: ControlFlow<()> = statement.visit(&mut tables);
    let Tables { found, made } = tables;
    found.into_iter().filter(|name| !made.contains(&name.to_lowercase())).collect()
}

/// The columns compared in `WHERE` and `ON`, each once.
pub(super) fn filters(statement: &Statement) -> Vec<Filter> {
    struct Filters(Vec<Filter>);
    impl Filters {
        fn conditions(&mut self, from: &[TableWithJoins], selection: Option<&Expr>) {
            let names = names(from);
            let on = from.iter().flat_map(|table| &table.joins).filter_map(|join| match constraint(&join.join_operator) {
                Some(JoinConstraint::On(expr)) => Some(expr),
                _ => None,
            });
            for condition in on.chain(selection) {
                let _: ControlFlow<()> = visit_expressions(condition, |expr| {
                    for column in compared(expr) {
                        let found = filter(column, &names);
                        if let Some(found) = found.filter(|found| !self.0.contains(found)) {
                            self.0.push(found);
                        }
                    }
                    ControlFlow::Continue(())
                });
            }
        }
    }
    impl Visitor for Filters {
        type Break = ();

        fn pre_visit_select(&mut self, select: &Select) -> ControlFlow<()> {
            self.conditions(&select.from, select.selection.as_ref());
            ControlFlow::Continue(())
        }

        fn pre_visit_statement(&mut self, statement: &Statement) -> ControlFlow<()> {
            match statement {
                Statement::Update(update) => self.conditions(std::slice::from_ref(&update.table), update.selection.as_ref()),
                Statement::Delete(delete) => {
                    let (FromTable::WithFromKeyword(from) | FromTable::WithoutKeyword(from)) = &delete.from;
                    self.conditions(from, delete.selection.as_ref());
                }
                _ => {}
            }
            ControlFlow::Continue(())
        }
    }
    let mut filters = Filters(Vec::new());
    let _: ControlFlow<()> = statement.visit(&mut filters);
    filters.0
}

/// The names under which tables are known in a `FROM`, with the tables.
fn names(from: &[TableWithJoins]) -> Vec<(String, Box<str>)> {
    let factors =
        from.iter().flat_map(|table| std::iter::once(&table.relation).chain(table.joins.iter().map(|join| &join.relation)));
    let named = factors.filter_map(|factor| match factor {
        TableFactor::Table { name, alias, .. } => {
            let table = table_name(name);
            let known = alias.as_ref().map_or_else(|| table.to_string(), |alias| alias.name.value.clone());
            Some((known, table))
        }
        TableFactor::Derived { alias, .. } => alias.as_ref().map(|alias| (alias.name.value.clone(), "".into())),
        _ => None,
    });
    named.collect()
}

/// The sides of a comparison.
fn compared(expr: &Expr) -> Vec<&Expr> {
    use BinaryOperator::{Eq, Gt, GtEq, Lt, LtEq, NotEq, Spaceship};
    match expr {
        // A hole on the right is a value.
        Expr::BinaryOp { left, op: Eq | NotEq | Lt | LtEq | Gt | GtEq | Spaceship, right } => match right.as_ref() {
            Expr::Identifier(name) if !holes_in(&name.value).is_empty() => vec![left],
            _ => vec![left, right],
        },
        Expr::InList { expr, .. }
        | Expr::InSubquery { expr, .. }
        | Expr::InUnnest { expr, .. }
        | Expr::Between { expr, .. }
        | Expr::Like { expr, .. }
        | Expr::ILike { expr, .. }
        | Expr::IsNull(expr)
        | Expr::IsNotNull(expr) => vec![expr],
        Expr::AnyOp { left, .. } | Expr::AllOp { left, .. } => vec![left],
        _ => Vec::new(),
    }
}

fn filter(expr: &Expr, names: &[(String, Box<str>)]) -> Option<Filter> {
    let only = || match names {
        [(_, table)] if !table.is_empty() => Some(table.clone()),
        _ => None,
    };
    let of = |known: &str| {
        let found = names.iter().find(|(name, _)| name.eq_ignore_ascii_case(known)).map(|(_, table)| table.clone());
        found.filter(|table| !table.is_empty())
    };
    match expr {
        // A quoted text is one in MySQL too: no column is called by what is not a name.
        Expr::Identifier(name) => Some(Filter { column: name.value.as_str().into(), table: only() }),
        Expr::CompoundIdentifier(parts) => {
            let [.., table, column] = parts.as_slice() else { return None };
            Some(Filter { column: column.value.as_str().into(), table: of(&table.value) })
        }
        Expr::Nested(inner) | Expr::Cast { expr: inner, .. } => filter(inner, names),
        _ => None,
    }
}

/// Whether a query gives a bounded number of rows: `LIMIT`, `FETCH`, `TOP`, or one row of aggregates.
pub(super) fn is_limited(statement: &Statement) -> bool {
    let query = match statement {
        Statement::Query(query) => query,
        Statement::Update(update) => return update.limit.is_some(),
        Statement::Delete(delete) => return delete.limit.is_some(),
        _ => return false,
    };
    let has_limit = match &query.limit_clause {
        Some(LimitClause::LimitOffset { limit, .. }) => limit.is_some(),
        Some(LimitClause::OffsetCommaLimit { .. }) => true,
        None => false,
    };
    if has_limit || query.fetch.is_some() {
        return true;
    }
    match query.body.as_ref() {
        SetExpr::Select(select) => select.top.is_some() || is_one_row(select),
        SetExpr::Values(_) => true,
        _ => false,
    }
}

fn is_one_row(select: &Select) -> bool {
    let is_grouped = !matches!(&select.group_by, GroupByExpr::Expressions(exprs, _) if exprs.is_empty());
    let gives_one = |item: &SelectItem| match item {
        SelectItem::UnnamedExpr(expr) | SelectItem::ExprWithAlias { expr, .. } => is_one_value(expr),
        _ => false,
    };
    (!is_grouped && select.projection.iter().any(gives_one)) || select.from.is_empty()
}

fn is_one_value(expr: &Expr) -> bool {
    match expr {
        Expr::Exists { .. } => true,
        Expr::Function(function) => {
            let name = function.name.to_string().to_ascii_lowercase();
            function.over.is_none() && AGGREGATES.contains(&name.as_str())
        }
        Expr::Cast { expr, .. } | Expr::Nested(expr) => is_one_value(expr),
        _ => false,
    }
}
