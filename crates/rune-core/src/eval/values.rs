//! Values: what an operand stands for, and as what a column of a type holds it.

use std::sync::Arc;

use rune_pack::ColumnType;
use rune_pattern::{Function, Literal, Operand, Value};
use rune_syntax::{Constant, Definition, Member, NodeRef, class_kinds};

use super::{Solver, State};
use crate::paths;

impl Solver<'_> {
    /// A number, or the milliseconds of a duration.
    pub(super) fn number(&self, value: &Value) -> Option<f64> {
        match value {
            Value::Number(n) | Value::Duration(n) => Some(*n),
            Value::Text(text) => text.parse().ok(),
            Value::Node(node) => match self.project.constant(*node)? {
                Constant::Number(n) | Constant::Duration(n) => Some(n),
                Constant::String(text) => text.parse().ok(),
                Constant::Bool(_) => None,
            },
            _ => None,
        }
    }

    /// The value of an operand; `None` if a capture in it is not bound.
    pub(crate) fn value(&self, operand: &Operand, state: &State) -> Option<Value> {
        match operand {
            Operand::Path(slot, keys, _) => {
                let value = state.env.get(*slot)?.clone();
                keys.iter().try_fold(value, |value, key| self.member(&value, key))
            }
            Operand::Literal(literal) => Some(literal_value(literal)),
            Operand::Option(name, _) => self.options.get(name).map(|option| option.value.clone()),
            Operand::List(_) => Some(Value::List(self.items(operand, state)?.into())),
            Operand::Call(function, arguments, _) => {
                let values: Option<Vec<Value>> = arguments.iter().map(|a| self.value(a, state)).collect();
                let values = values?;
                let found = self.call(*function, &values);
                // What is known and spells no number has none.
                let has_none =
                    *function == Function::Number && found == Value::Unknown && values.iter().all(|v| self.is_known(v));
                (!has_none).then_some(found)
            }
        }
    }

    /// `$X.key`: the key of the object that the value is.
    fn member(&self, value: &Value, key: &str) -> Option<Value> {
        let Value::Node(node) = value else { return Some(Value::Unknown) };
        let object = self.project.value(*node);
        match self.project.kind(object).name() {
            "object" | "dictionary" => match self.project.object_member(object, key) {
                Member::Known(value) => Some(Value::Node(value)),
                Member::Unknown => Some(Value::Unknown),
                Member::Absent => None,
            },
            _ if self.matcher.is_opaque(object) => Some(Value::Unknown),
            _ => None,
        }
    }

    /// A value as a column of that type holds it.
    pub(crate) fn coerce(&self, value: &Value, kind: &ColumnType) -> Value {
        match (kind, value) {
            (_, Value::Unknown) => Value::Unknown,
            (ColumnType::Node | ColumnType::Symbol, _) => value.clone(),
            (ColumnType::List(inner), Value::Nodes(nodes)) => {
                Value::List(nodes.iter().map(|node| self.coerce(&Value::Node(*node), inner)).collect())
            }
            (ColumnType::List(inner), Value::List(items)) => {
                Value::List(items.iter().map(|item| self.coerce(item, inner)).collect())
            }
            (ColumnType::List(inner), other) => self.list_of_node(other, inner),
            (ColumnType::Name, Value::Node(node)) => Value::Text(self.project.name_text(*node).into()),
            (ColumnType::String | ColumnType::Enum(_), Value::Node(node)) => self.text_value(*node),
            (ColumnType::Path, Value::Path(_)) => value.clone(),
            (ColumnType::Path, _) => match self.coerce(value, &ColumnType::String).as_text() {
                Some(text) => Value::Path(paths::normalise(&text).into()),
                None => Value::Unknown,
            },
            (ColumnType::Version, Value::Text(text)) => Value::Version(text.clone()),
            (ColumnType::Version, Value::Node(node)) => match self.text_value(*node) {
                Value::Text(text) => Value::Version(text),
                other => other,
            },
            (ColumnType::Number, _) => self.number(value).map_or(Value::Unknown, Value::Number),
            (ColumnType::Duration, _) => self.duration(value, None),
            (ColumnType::Bool, Value::Node(node)) => match self.project.constant(*node) {
                Some(Constant::Bool(b)) => Value::Bool(b),
                _ => Value::Unknown,
            },
            _ => value.clone(),
        }
    }

    fn text_value(&self, node: NodeRef) -> Value {
        match self.matcher.text_of(node) {
            Some(text) => Value::Text(text.into()),
            None => match self.project.kind(self.project.value(node)).name() {
                // A name that stands for a class or function is that name.
                "class_declaration" | "function_declaration" | "class_definition" | "function_definition" => {
                    Value::Text(self.project.text(node).into())
                }
                _ => Value::Unknown,
            },
        }
    }

    fn list_of_node(&self, value: &Value, inner: &ColumnType) -> Value {
        let Value::Node(node) = value else { return Value::List([self.coerce(value, inner)].into()) };
        let list = self.project.value(*node);
        if class_kinds("array").contains(&self.project.kind(list)) {
            return Value::List(self.project.children(list).map(|item| self.coerce(&Value::Node(item), inner)).collect());
        }
        Value::List([self.coerce(value, inner)].into())
    }

    /// The node a value stands for.
    pub(crate) fn node_of(&self, value: Option<&Value>) -> Option<NodeRef> {
        match value? {
            Value::Node(node) => Some(*node),
            Value::Nodes(nodes) => nodes.first().copied(),
            _ => None,
        }
    }

    /// What a name refers to, where that is a module outside the project.
    pub(crate) fn external(&self, at: NodeRef) -> Option<(Arc<str>, Arc<str>)> {
        match self.project.definition(at) {
            Definition::External { module, name } => Some((module, name)),
            _ => None,
        }
    }
}

pub(crate) fn literal_value(literal: &Literal) -> Value {
    match literal {
        Literal::String(text) => Value::Text(text.as_str().into()),
        Literal::Number(n) => Value::Number(*n),
        Literal::Duration(ms) => Value::Duration(*ms),
        Literal::Bool(b) => Value::Bool(*b),
    }
}
