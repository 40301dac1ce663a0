//! What captures hold while a rule is matched.

use std::hash::{Hash, Hasher};
use std::sync::Arc;

use rune_syntax::NodeRef;

use crate::Slot;

/// A value of a capture or of a column of a row.
#[derive(Debug, Clone, PartialEq)]
pub enum Value {
    /// A node of a source file.
    Node(NodeRef),
    /// Several nodes, by `$...X`.
    Nodes(Arc<[NodeRef]>),
    /// A text.
    Text(Arc<str>),
    /// A number.
    Number(f64),
    /// A boolean.
    Bool(bool),
    /// A length of time in milliseconds.
    Duration(f64),
    /// A version as written; compares by its lowest.
    Version(Arc<str>),
    /// A request path in normal form (`/users/:`).
    Path(Arc<str>),
    /// A list.
    List(Arc<[Value]>),
    /// Something whose value is not known.
    Unknown,
}

impl Hash for Value {
    fn hash<H: Hasher>(&self, state: &mut H) {
        std::mem::discriminant(self).hash(state);
        match self {
            Value::Node(node) => node.hash(state),
            Value::Nodes(nodes) => nodes.hash(state),
            Value::Text(text) | Value::Version(text) | Value::Path(text) => text.hash(state),
            Value::Number(n) | Value::Duration(n) => n.to_bits().hash(state),
            Value::Bool(b) => b.hash(state),
            Value::List(items) => items.hash(state),
            Value::Unknown => {}
        }
    }
}

/// The bindings of one match attempt; copies share them until one is changed.
#[derive(Debug, Clone, PartialEq, Hash)]
pub struct Env {
    slots: Arc<[Option<Value>]>,
    /// Whether an unknown decided on the way here.
    pub possible: bool,
}

impl Env {
    /// No bindings, with room for `n` captures.
    pub fn new(n: usize) -> Env {
        Env { slots: vec![None; n].into(), possible: false }
    }

    /// What each capture holds, by slot.
    pub fn slots(&self) -> &[Option<Value>] {
        &self.slots
    }

    /// What a capture holds.
    pub fn get(&self, slot: Slot) -> Option<&Value> {
        self.slots.get(slot).and_then(Option::as_ref)
    }

    /// The same bindings with one more.
    pub fn with(&self, slot: Slot, value: Value) -> Env {
        let mut next = self.clone();
        next.set(slot, value);
        next
    }

    /// Binds a capture.
    pub fn set(&mut self, slot: Slot, value: Value) {
        if self.slots.len() <= slot {
            let room = vec![None; slot + 1 - self.slots.len()];
            self.slots = self.slots.iter().cloned().chain(room).collect();
        }
        Arc::make_mut(&mut self.slots)[slot] = Some(value);
    }

    /// Unbinds a capture.
    pub fn clear(&mut self, slot: Slot) {
        if self.get(slot).is_some() {
            Arc::make_mut(&mut self.slots)[slot] = None;
        }
    }

    /// The same bindings, marked as resting on an unknown.
    pub fn unsure(mut self) -> Env {
        self.possible = true;
        self
    }
}

impl From<Vec<Option<Value>>> for Env {
    fn from(slots: Vec<Option<Value>>) -> Env {
        Env { slots: slots.into(), possible: false }
    }
}

impl Value {
    /// The value as a text, where it has one of its own: texts, numbers, versions, paths.
    pub fn as_text(&self) -> Option<String> {
        match self {
            Value::Text(text) | Value::Version(text) | Value::Path(text) => Some(text.to_string()),
            Value::Number(n) => Some(n.to_string()),
            Value::Bool(b) => Some(b.to_string()),
            _ => None,
        }
    }
}
