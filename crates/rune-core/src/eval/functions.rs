//! The functions of operands.

use rune_pattern::{Function, Value, duration_ms};
use rune_syntax::{Constant, NodeRef};

use super::Solver;
use crate::{paths, words};

impl Solver<'_> {
    pub(super) fn call(&self, function: Function, values: &[Value]) -> Value {
        let Some(first) = values.first() else { return Value::Unknown };
        let text = |value: &Value| match value {
            Value::Node(node) => self.matcher.text_of(*node),
            other => other.as_text(),
        };
        let map = |f: &dyn Fn(&str) -> String| text(first).map_or(Value::Unknown, |t| Value::Text(f(&t).into()));
        match function {
            Function::Duration => self.duration(first, values.get(1).and_then(text).as_deref()),
            Function::Number => self.number(first).map_or(Value::Unknown, Value::Number),
            Function::Len => match self.matcher.n_items(first) {
                Some(n) => Value::Number(n as f64),
                None => text(first).map_or(Value::Unknown, |t| Value::Number(t.chars().count() as f64)),
            },
            Function::File => match first {
                Value::Node(node) => Value::Text(self.project.source(node.file).path.clone()),
                _ => Value::Unknown,
            },
            Function::Text => match first {
                Value::Node(node) => Value::Text(self.project.name_text(*node).into()),
                other => text(other).map_or(Value::Unknown, |t| Value::Text(t.into())),
            },
            Function::Name => match first {
                Value::Node(node) => self.declared_name(*node),
                other => other.clone(),
            },
            Function::Module => match first {
                Value::Node(node) => Value::Node(NodeRef { file: self.project.value(*node).file, node: 0 }),
                _ => Value::Unknown,
            },
            Function::Lower => map(&|t| t.to_lowercase()),
            Function::Upper => map(&|t| t.to_uppercase()),
            Function::Snake => map(&words::snake),
            Function::Camel => map(&words::camel),
            Function::Plural => map(&words::plural),
            Function::Replace => match (text(first), values.get(1).and_then(text), values.get(2).and_then(text)) {
                (Some(t), Some(from), Some(to)) => Value::Text(t.replace(&from, &to).into()),
                _ => Value::Unknown,
            },
            Function::Join => self.join(values),
        }
    }

    /// The name of the function, class or block that a node is or refers to.
    fn declared_name(&self, node: NodeRef) -> Value {
        let target = self.project.value(node);
        match self.project.child(target, "name") {
            Some(name) => Value::Text(self.project.text(name).into()),
            None => Value::Text(self.project.name_text(node).into()),
        }
    }

    /// Two paths make a path; other texts are put one after the other.
    fn join(&self, values: &[Value]) -> Value {
        let text = |value: &Value| match value {
            Value::Node(node) => self.matcher.text_of(*node),
            other => other.as_text(),
        };
        let texts: Option<Vec<String>> = values.iter().map(text).collect();
        let Some(texts) = texts else { return Value::Unknown };
        if values.iter().any(|value| matches!(value, Value::Path(_))) {
            let joined = texts.iter().fold("/".to_owned(), |outer, inner| paths::join(&outer, inner));
            return Value::Path(joined.into());
        }
        Value::Text(texts.concat().into())
    }

    /// A length of time: a text with a unit, a `timedelta`, a bare number in `unit`, or a point in time built as "now + x".
    pub(super) fn duration(&self, value: &Value, unit: Option<&str>) -> Value {
        let factor = unit.and_then(|unit| duration_ms(&format!("1{unit}")));
        let of_number = |n: f64| factor.map_or(Value::Unknown, |factor| Value::Duration(n * factor));
        match value {
            Value::Duration(_) => value.clone(),
            Value::Number(n) => of_number(*n),
            Value::Text(text) => duration_ms(text).map_or(Value::Unknown, Value::Duration),
            Value::Node(node) => match self.project.constant(*node) {
                Some(Constant::Duration(ms)) => Value::Duration(ms),
                Some(Constant::Number(n)) => of_number(n),
                Some(Constant::String(text)) => match (duration_ms(&text), text.trim().parse::<f64>()) {
                    (Some(ms), _) => Value::Duration(ms),
                    // A bare number in quotes is milliseconds for the libraries that take such texts.
                    (None, Ok(n)) => Value::Duration(n),
                    (None, Err(_)) => Value::Unknown,
                },
                _ => self.since_now(*node, unit),
            },
            _ => Value::Unknown,
        }
    }

    /// `now() + lifetime`.
    fn since_now(&self, node: NodeRef, unit: Option<&str>) -> Value {
        let node = self.project.value(node);
        let (Some(left), Some(right)) = (self.project.child(node, "left"), self.project.child(node, "right")) else {
            return Value::Unknown;
        };
        let is_sum = self.project.child(node, "operator").is_some_and(|o| self.project.text(o) == "+");
        let is_now = |at: NodeRef| {
            let at = self.project.value(at);
            let text = self.project.text(at).to_ascii_lowercase();
            text.contains("now") || text.contains("time(") || text.contains("date()")
        };
        match (is_sum, is_now(left), is_now(right)) {
            (true, true, false) => self.duration(&Value::Node(right), unit),
            (true, false, true) => self.duration(&Value::Node(left), unit),
            _ => Value::Unknown,
        }
    }
}
