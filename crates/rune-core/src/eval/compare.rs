//! Tests of values: what a value is, equals, is like, and its order; unknown where the source does not say.

use std::borrow::Cow;

use rune_pattern::{Alt, AltKind, Env, Like, ListItem, Literal, Operand, Order, Snippet, Value};
use rune_syntax::NodeRef;

use super::values::literal_value;
use super::{Solver, State, Truth, distinct};
use crate::paths;

impl Solver<'_> {
    /// `is`: by value. A shape that does not fit an unknown value is possible.
    pub(super) fn is(&self, operand: &Operand, alt: &Alt, state: &State) -> Vec<Env> {
        let env = &state.env;
        if let (AltKind::Class(word), Operand::Path(slot, keys, _)) = (&alt.kind, operand)
            && word == "absent"
            && keys.is_empty()
        {
            return if env.get(*slot).is_none() { vec![env.clone()] } else { Vec::new() };
        }
        let Some(value) = self.value(operand, state) else { return Vec::new() };
        let node = match &value {
            Value::Node(node) => *node,
            Value::Unknown => return self.unknown_is(alt, env),
            other => return self.value_is(other, alt, state),
        };
        let direct = self.alt(alt, node, env);
        if !direct.is_empty() {
            return direct;
        }
        let target = self.project.value(node);
        let is_changed = !self.project.scopes(target.file).changed_keys(target.node).is_empty();
        if target != node && !is_changed {
            let found = self.alt(alt, target, env);
            if !found.is_empty() {
                return found;
            }
        }
        let kind = self.project.kind(target).name();
        let is_unknown = self.matcher.is_opaque(target) && !matches!(kind, "binary_expression" | "this");
        // A call may give an object of the shape that is asked for, but it is no literal.
        let is_call = matches!(kind, "call_expression" | "call" | "await_expression" | "await");
        let decided_by_shape = alts_of(alt).iter().any(|alt| match &alt.kind {
            AltKind::Code(snippets) => !snippets.iter().any(|s| self.same_shape(s, node)),
            AltKind::Class(word) => !is_call && matches!(word.as_str(), "object" | "array" | "string" | "number" | "boolean"),
            _ => false,
        });
        if is_unknown && decided_by_shape { self.unknown_is(alt, env) } else { Vec::new() }
    }

    /// Whether the snippet asks for the kind of node that stands there: then not fitting is a plain no.
    fn same_shape(&self, snippet: &Snippet, at: NodeRef) -> bool {
        snippet.root_kind().is_none_or(|kind| {
            kind == self.project.kind(at)
                || !matches!(kind.name(), "object" | "array" | "string" | "number" | "arrow_function" | "dictionary" | "list")
        })
    }

    fn unknown_is(&self, alt: &Alt, env: &Env) -> Vec<Env> {
        let mut env = env.clone();
        for alt in alts_of(alt) {
            if let AltKind::Code(snippets) = &alt.kind {
                for slot in snippets.iter().flat_map(|s| &s.captures) {
                    if env.get(*slot).is_none() {
                        env.set(*slot, Value::Unknown);
                    }
                }
            }
        }
        vec![env.unsure()]
    }

    fn value_is(&self, value: &Value, alt: &Alt, state: &State) -> Vec<Env> {
        let env = &state.env;
        match &alt.kind {
            AltKind::Literal(literal) => Truth::of(self.equal(value, &literal_value(literal))).keep(env),
            AltKind::Capture(slot) => match env.get(*slot) {
                Some(other) => Truth::of(self.equal(value, other)).keep(env),
                None => vec![env.with(*slot, value.clone())],
            },
            AltKind::Class(word) => {
                let yes = match word.as_str() {
                    "string" => matches!(value, Value::Text(_) | Value::Path(_)),
                    "number" => matches!(value, Value::Number(_)),
                    "boolean" => matches!(value, Value::Bool(_)),
                    "constant" => true,
                    _ => false,
                };
                if yes { vec![env.clone()] } else { Vec::new() }
            }
            AltKind::Group(pattern, clauses) if clauses.is_empty() => {
                distinct(pattern.alts.iter().flat_map(|alt| self.value_is(value, alt, state)).collect())
            }
            AltKind::Code(snippets) => {
                let text = value.as_text();
                let is_same = |s: &Snippet| text.as_deref() == Some(s.node_text(s.root));
                if snippets.iter().any(is_same) { vec![env.clone()] } else { Vec::new() }
            }
            _ => Vec::new(),
        }
    }

    pub(super) fn equal(&self, a: &Value, b: &Value) -> Option<bool> {
        match (a, b) {
            (Value::Duration(_), _) | (_, Value::Duration(_)) | (Value::Version(_), _) | (_, Value::Version(_)) => {
                Some(self.order(a, b)? == std::cmp::Ordering::Equal)
            }
            (Value::Path(a), Value::Text(b)) | (Value::Text(b), Value::Path(a)) => Some(a.as_ref() == paths::normalise(b)),
            _ => self.matcher.same(a, b),
        }
    }

    pub(super) fn one_of(&self, operand: &Operand, list: &Operand, state: &State) -> Vec<Env> {
        let env = &state.env;
        let Some(value) = self.value(operand, state) else { return Vec::new() };
        if let Some(is_one) = self.is_one_of_texts(&value, list) {
            return Truth::of(Some(is_one)).keep(env);
        }
        let Some(items) = self.items(list, state) else { return Vec::new() };
        let answers: Vec<Option<bool>> = items.iter().map(|item| self.equal(&value, item)).collect();
        if answers.contains(&Some(true)) {
            Truth::Yes.keep(env)
        } else if answers.contains(&None) {
            Truth::Unknown.keep(env)
        } else {
            Vec::new()
        }
    }

    /// Whether a value whose text is known is one of the texts that are written out; `None` if either is not known.
    fn is_one_of_texts(&self, value: &Value, list: &Operand) -> Option<bool> {
        let Operand::List(items) = list else { return None };
        let is_text = |item: &ListItem| matches!(item, ListItem::One(Operand::Literal(Literal::String(_))));
        if !items.iter().all(is_text) {
            return None;
        }
        let says = |item: &ListItem, known: &str| matches!(item, ListItem::One(Operand::Literal(Literal::String(text))) if text == known);
        let is_one = |known: &str| items.iter().any(|item| says(item, known));
        match value {
            Value::Text(text) => Some(is_one(text)),
            Value::Node(node) => self.matcher.text_of(*node).map(|text| is_one(&text)),
            _ => None,
        }
    }

    pub(super) fn items(&self, list: &Operand, state: &State) -> Option<Vec<Value>> {
        match list {
            Operand::List(items) => Some(
                items
                    .iter()
                    .flat_map(|item| match item {
                        ListItem::One(operand) => self.value(operand, state).into_iter().collect(),
                        ListItem::Spread(operand) => self.value(operand, state).map(as_list).unwrap_or_default(),
                        ListItem::Gap => Vec::new(),
                    })
                    .collect(),
            ),
            other => self.value(other, state).map(as_list),
        }
    }

    pub(super) fn like(&self, operand: &Operand, like: &Like, state: &State) -> Vec<Env> {
        let env = &state.env;
        let Some(value) = self.value(operand, state) else { return Vec::new() };
        let text = match &value {
            Value::Node(node) => Some(self.matcher.text_of(*node).map_or(Cow::Borrowed(self.project.text(*node)), Cow::Owned)),
            Value::Text(text) => Some(Cow::Borrowed(text.as_ref())),
            other => other.as_text().map(Cow::Owned),
        };
        let Some(text) = text else { return vec![env.clone().unsure()] };
        match like {
            Like::Regex(expression, slots) if slots.is_empty() => {
                if expression.regex().is_match(&text) {
                    vec![env.clone()]
                } else {
                    Vec::new()
                }
            }
            Like::Regex(expression, slots) => {
                let Some(found) = expression.regex().captures(&text) else { return Vec::new() };
                let mut env = env.clone();
                for (name, slot) in slots {
                    if let Some(group) = found.name(name) {
                        env.set(*slot, Value::Text(group.as_str().into()));
                    }
                }
                vec![env]
            }
            Like::Option(name) => {
                let fits =
                    self.options.get(name).and_then(|o| o.regex.as_ref()).is_some_and(|known| known.regex().is_match(&text));
                if fits { vec![env.clone()] } else { Vec::new() }
            }
            Like::Path(other) => {
                let Some(other) = self.value(other, state).and_then(|value| value.as_text()) else { return Vec::new() };
                let fits = paths::takes(&paths::normalise(&text), &paths::normalise(&other));
                if fits { vec![env.clone()] } else { Vec::new() }
            }
        }
    }

    pub(super) fn compare(&self, a: &Operand, order: Order, b: &Operand, state: &State) -> Vec<Env> {
        let env = &state.env;
        let (Some(a), Some(b)) = (self.value(a, state), self.value(b, state)) else { return Vec::new() };
        let answer = self.order(&a, &b).map(|found| match order {
            Order::Less => found.is_lt(),
            Order::LessOrEqual => found.is_le(),
            Order::Greater => found.is_gt(),
            Order::GreaterOrEqual => found.is_ge(),
        });
        let answer = answer.or_else(|| (self.is_known(&a) && self.is_known(&b)).then_some(false));
        Truth::of(answer).keep(env)
    }

    /// Whether the source says what a value is, be it a number or not.
    pub(crate) fn is_known(&self, value: &Value) -> bool {
        match value {
            Value::Unknown => false,
            Value::Version(text) => version_of(text).is_some(),
            Value::Node(node) => self.project.constant(*node).is_some() || !self.matcher.is_opaque(self.project.value(*node)),
            _ => true,
        }
    }

    fn order(&self, a: &Value, b: &Value) -> Option<std::cmp::Ordering> {
        if let (Value::Version(_), _) | (_, Value::Version(_)) = (a, b) {
            let (a, b) = (version_of(&a.as_text()?)?, version_of(&b.as_text()?)?);
            return Some(a.cmp(&b));
        }
        self.number(a)?.partial_cmp(&self.number(b)?)
    }
}

fn alts_of(alt: &Alt) -> Vec<&Alt> {
    match &alt.kind {
        AltKind::Group(pattern, _) => pattern.alts.iter().flat_map(alts_of).collect(),
        _ => vec![alt],
    }
}

pub(super) fn as_list(value: Value) -> Vec<Value> {
    match value {
        Value::List(items) => items.to_vec(),
        Value::Nodes(nodes) => nodes.iter().map(|node| Value::Node(*node)).collect(),
        other => vec![other],
    }
}

/// The lowest version a range admits, as numbers: `^5.1.0` is 5.1.0, `>=2,<3` is 2.0.0.
fn version_of(text: &str) -> Option<(u64, u64, u64)> {
    let start = text.find(|c: char| c.is_ascii_digit())?;
    let end = text[start..].find(|c: char| !(c.is_ascii_digit() || c == '.')).map_or(text.len(), |i| start + i);
    let mut parts = text[start..end].split('.').map(|part| part.parse().unwrap_or(0));
    Some((parts.next()?, parts.next().unwrap_or(0), parts.next().unwrap_or(0)))
}
