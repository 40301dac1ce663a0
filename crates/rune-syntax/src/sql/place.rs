//! What a hole of a statement stands for: a value, a name, or a piece of the statement itself.

use std::ops::ControlFlow;

use rustc_hash::FxHashMap;
use sqlparser::ast::{
    BinaryOperator, Expr, Function, FunctionArg, FunctionArgExpr, FunctionArguments, GroupByExpr, Join, JoinConstraint,
    JoinOperator, ObjectName, OrderByExpr, Query, Select, SelectItem, SetExpr, Statement, TableAlias, TableFactor, UnaryOperator,
    Visit, Visitor,
};

use super::Position;
use super::lex::{RawStatement, Within, holes_in, marker};
use super::parse::Parsed;

/// Functions whose argument is the name of a column.
const OVER_COLUMNS: &[&str] = &["count", "sum", "avg", "min", "max", "array_agg", "string_agg", "json_agg", "jsonb_agg"];

/// The position of every hole of a statement that was understood.
pub(super) fn positions(raw: &RawStatement, parsed: &Parsed) -> Vec<(usize, Position)> {
    let mut places = Places { found: FxHashMap::default(), sql: &raw.sql };
    let _: ControlFlow<()> = parsed.tree.visit(&mut places);
    let position = |(hole, within): &(usize, Within)| {
        let found = places.found.get(hole).copied();
        let position = match within {
            Within::Quotes => Position::Value,
            _ if parsed.fragments.contains(hole) => Position::Keyword,
            _ if parsed.lists.contains(hole) => Position::Value,
            _ => found.unwrap_or(Position::Identifier),
        };
        (*hole, position)
    };
    raw.holes.iter().map(position).collect()
}

struct Places<'s> {
    found: FxHashMap<usize, Position>,
    sql: &'s str,
}

impl Places<'_> {
    fn note(&mut self, name: &str, position: Position) {
        for hole in holes_in(name) {
            self.found.entry(hole).or_insert(position);
        }
    }

    /// Notes that `expr` stands at a place of some kind, if it is a hole.
    fn mark(&mut self, expr: &Expr, position: Position) {
        match expr {
            Expr::Identifier(name) => self.note(&name.value, position),
            Expr::Nested(inner) => self.mark(inner, position),
            Expr::Cast { expr: inner, .. } if position != Position::Keyword => self.mark(inner, position),
            _ => {}
        }
    }

    /// A name behind a table or an expression without `AS` is no name: something else was meant to stand there.
    fn alias(&mut self, name: &str, is_explicit: Option<bool>) {
        let Some(hole) = holes_in(name).first().copied() else { return };
        let follows_as = || {
            let before = self.sql.find(&marker(hole)).map_or("", |place| &self.sql[..place]);
            before.trim_end().rsplit(char::is_whitespace).next().is_some_and(|word| word.eq_ignore_ascii_case("as"))
        };
        let is_name = is_explicit.unwrap_or_else(follows_as);
        self.note(name, if is_name { Position::Identifier } else { Position::Keyword });
    }

    fn table_alias(&mut self, alias: Option<&TableAlias>) {
        if let Some(alias) = alias {
            self.alias(&alias.name.value, Some(alias.explicit));
        }
    }

    fn items(&mut self, items: &[SelectItem]) {
        for item in items {
            match item {
                SelectItem::UnnamedExpr(expr) => self.mark(expr, Position::Identifier),
                SelectItem::ExprWithAlias { expr, alias } => {
                    self.mark(expr, Position::Identifier);
                    self.alias(&alias.value, None);
                }
                _ => {}
            }
        }
    }

    fn condition(&mut self, expr: Option<&Expr>) {
        if let Some(expr) = expr {
            self.mark(expr, Position::Keyword);
        }
    }

    fn join(&mut self, join: &Join) {
        if let Some(JoinConstraint::On(expr)) = constraint(&join.join_operator) {
            self.mark(expr, Position::Keyword);
        }
    }

    fn binary(&mut self, left: &Expr, op: &BinaryOperator, right: &Expr) {
        use BinaryOperator::{And, Eq, Gt, GtEq, Lt, LtEq, NotEq, Or, Spaceship, Xor};
        match op {
            And | Or | Xor => {
                self.mark(left, Position::Keyword);
                self.mark(right, Position::Keyword);
            }
            Eq | NotEq | Lt | LtEq | Gt | GtEq | Spaceship => {
                self.mark(left, Position::Identifier);
                self.mark(right, Position::Value);
            }
            _ => {}
        }
    }

    fn function(&mut self, function: &Function) {
        let name = function.name.to_string().to_ascii_lowercase();
        let FunctionArguments::List(list) = &function.args else { return };
        let position = if OVER_COLUMNS.contains(&name.as_str()) { Position::Identifier } else { Position::Value };
        for arg in &list.args {
            if let FunctionArg::Unnamed(FunctionArgExpr::Expr(expr)) = arg {
                self.mark(expr, position);
            }
        }
    }
}

/// The condition of a join.
pub(super) fn constraint(operator: &JoinOperator) -> Option<&JoinConstraint> {
    use JoinOperator::{
        Anti, CrossJoin, FullOuter, Inner, Join, Left, LeftAnti, LeftOuter, LeftSemi, Right, RightAnti, RightOuter, RightSemi,
        Semi, StraightJoin,
    };
    match operator {
        Join(c) | Inner(c) | Left(c) | LeftOuter(c) | Right(c) | RightOuter(c) | FullOuter(c) | CrossJoin(c) | Semi(c)
        | LeftSemi(c) | RightSemi(c) | Anti(c) | LeftAnti(c) | RightAnti(c) | StraightJoin(c) => Some(c),
        _ => None,
    }
}

impl Visitor for Places<'_> {
    type Break = ();

    fn pre_visit_statement(&mut self, statement: &Statement) -> ControlFlow<()> {
        match statement {
            Statement::Update(update) => {
                self.condition(update.selection.as_ref());
                self.items(update.returning.as_deref().unwrap_or_default());
            }
            Statement::Delete(delete) => {
                self.condition(delete.selection.as_ref());
                self.items(delete.returning.as_deref().unwrap_or_default());
            }
            Statement::Insert(insert) => self.items(insert.returning.as_deref().unwrap_or_default()),
            _ => {}
        }
        ControlFlow::Continue(())
    }

    fn pre_visit_query(&mut self, query: &Query) -> ControlFlow<()> {
        if let SetExpr::Values(values) = query.body.as_ref() {
            for row in &values.rows {
                for expr in row.iter() {
                    self.mark(expr, Position::Value);
                }
            }
        }
        ControlFlow::Continue(())
    }

    fn pre_visit_select(&mut self, select: &Select) -> ControlFlow<()> {
        self.items(&select.projection);
        self.condition(select.selection.as_ref());
        self.condition(select.having.as_ref());
        if let GroupByExpr::Expressions(exprs, _) = &select.group_by {
            for expr in exprs {
                self.mark(expr, Position::Identifier);
            }
        }
        for table in &select.from {
            for join in &table.joins {
                self.join(join);
            }
        }
        ControlFlow::Continue(())
    }

    fn pre_visit_table_factor(&mut self, table: &TableFactor) -> ControlFlow<()> {
        match table {
            TableFactor::Table { alias, .. } | TableFactor::Derived { alias, .. } | TableFactor::Function { alias, .. } => {
                self.table_alias(alias.as_ref());
            }
            _ => {}
        }
        ControlFlow::Continue(())
    }

    fn pre_visit_order_by_expr(&mut self, order: &OrderByExpr) -> ControlFlow<()> {
        self.mark(&order.expr, Position::Identifier);
        ControlFlow::Continue(())
    }

    fn pre_visit_relation(&mut self, relation: &ObjectName) -> ControlFlow<()> {
        self.note(&relation.to_string(), Position::Identifier);
        ControlFlow::Continue(())
    }

    fn pre_visit_expr(&mut self, expr: &Expr) -> ControlFlow<()> {
        match expr {
            Expr::BinaryOp { left, op, right } => self.binary(left, op, right),
            Expr::Like { expr, pattern, .. } | Expr::ILike { expr, pattern, .. } | Expr::SimilarTo { expr, pattern, .. } => {
                self.mark(expr, Position::Identifier);
                self.mark(pattern, Position::Value);
            }
            Expr::InList { expr, list, .. } => {
                self.mark(expr, Position::Identifier);
                for item in list {
                    self.mark(item, Position::Value);
                }
            }
            Expr::InSubquery { expr, .. } | Expr::IsNull(expr) | Expr::IsNotNull(expr) => self.mark(expr, Position::Identifier),
            Expr::Between { expr, low, high, .. } => {
                self.mark(expr, Position::Identifier);
                self.mark(low, Position::Value);
                self.mark(high, Position::Value);
            }
            Expr::UnaryOp { op: UnaryOperator::Not, expr } => self.mark(expr, Position::Keyword),
            Expr::Function(function) => self.function(function),
            Expr::Identifier(name) if name.quote_style.is_some() => self.note(&name.value, Position::Identifier),
            Expr::Identifier(name) => self.note(&name.value, Position::Value),
            _ => {}
        }
        ControlFlow::Continue(())
    }
}
