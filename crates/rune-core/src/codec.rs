//! Values as bytes: to remember them from one run to the next, and to tell whether two are the same. Files are written by
//! the number that the memory of a project gives their paths, so bytes hold for any set of files.

use std::sync::Arc;

use rune_pattern::{Env, Value};
use rune_syntax::{Definition, NodeRef};

use crate::eval::State;
use crate::relation::{Key, Row};

/// The longest list that is read, and the deepest value.
const MAX_ITEMS: u64 = 1 << 28;
const MAX_DEPTH: u32 = 64;

/// 128 bits of what bytes say.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Default)]
pub(crate) struct Digest(pub(crate) [u8; 16]);

impl Digest {
    pub(crate) fn of(bytes: &[u8]) -> Digest {
        Digest::first_half(blake3::hash(bytes))
    }

    pub(crate) fn of_all<'d>(parts: impl Iterator<Item = &'d [u8]>) -> Digest {
        let mut hasher = blake3::Hasher::new();
        for part in parts {
            hasher.update(part);
        }
        Digest::first_half(hasher.finalize())
    }

    fn first_half(hash: blake3::Hash) -> Digest {
        let mut half = [0; 16];
        half.copy_from_slice(&hash.as_bytes()[..16]);
        Digest(half)
    }
}

/// The numbers of files here and in the memory.
#[derive(Debug, Default)]
pub(crate) struct Numbers {
    /// By file of the project: its number in the memory.
    pub(crate) remembered: Vec<u32>,
    /// By number in the memory: the file of the project, if there is one.
    pub(crate) files: Vec<Option<u32>>,
}

/// Writes values.
pub(crate) struct Writer<'n> {
    pub(crate) bytes: Vec<u8>,
    numbers: &'n Numbers,
}

/// Reads values; `None` where the bytes are no such value, or of a file that is gone.
pub(crate) struct Reader<'b> {
    bytes: &'b [u8],
    numbers: &'b Numbers,
    depth: u32,
}

impl<'n> Writer<'n> {
    pub(crate) fn new(numbers: &'n Numbers) -> Writer<'n> {
        Writer { bytes: Vec::new(), numbers }
    }

    pub(crate) fn number(&mut self, mut n: u64) {
        while n >= 0x80 {
            self.bytes.push(n as u8 | 0x80);
            n >>= 7;
        }
        self.bytes.push(n as u8);
    }

    pub(crate) fn text(&mut self, text: &str) {
        self.blob(text.as_bytes());
    }

    pub(crate) fn blob(&mut self, bytes: &[u8]) {
        self.number(bytes.len() as u64);
        self.bytes.extend_from_slice(bytes);
    }

    pub(crate) fn file(&mut self, file: u32) {
        // A body that starts from rows stands nowhere before one is found.
        let number = self.numbers.remembered.get(file as usize).map_or(0, |number| u64::from(*number) + 1);
        self.number(number);
    }
}

impl<'b> Reader<'b> {
    pub(crate) fn new(bytes: &'b [u8], numbers: &'b Numbers) -> Reader<'b> {
        Reader { bytes, numbers, depth: 0 }
    }

    pub(crate) fn is_done(&self) -> bool {
        self.bytes.is_empty()
    }

    pub(crate) fn rest(&self) -> &'b [u8] {
        self.bytes
    }

    pub(crate) fn byte(&mut self) -> Option<u8> {
        let (first, rest) = self.bytes.split_first()?;
        self.bytes = rest;
        Some(*first)
    }

    pub(crate) fn number(&mut self) -> Option<u64> {
        let mut n = 0u64;
        for shift in (0..64).step_by(7) {
            let byte = self.byte()?;
            n |= u64::from(byte & 0x7f) << shift;
            if byte < 0x80 {
                return Some(n);
            }
        }
        None
    }

    pub(crate) fn small(&mut self) -> Option<u32> {
        self.number()?.try_into().ok()
    }

    pub(crate) fn count(&mut self) -> Option<usize> {
        // Each item takes a byte at least.
        self.number().filter(|n| *n <= MAX_ITEMS && *n <= self.bytes.len() as u64).map(|n| n as usize)
    }

    pub(crate) fn blob(&mut self) -> Option<&'b [u8]> {
        let n = self.count()?;
        self.take(n)
    }

    pub(crate) fn take(&mut self, n: usize) -> Option<&'b [u8]> {
        let (taken, rest) = self.bytes.split_at_checked(n)?;
        self.bytes = rest;
        Some(taken)
    }

    pub(crate) fn text(&mut self) -> Option<&'b str> {
        std::str::from_utf8(self.blob()?).ok()
    }

    pub(crate) fn file(&mut self) -> Option<u32> {
        match self.small()? {
            0 => Some(crate::eval::NOWHERE.file),
            number => *self.numbers.files.get(number as usize - 1)?,
        }
    }

    fn deeper<T>(&mut self, read: impl FnOnce(&mut Self) -> Option<T>) -> Option<T> {
        self.depth += 1;
        let found = if self.depth > MAX_DEPTH { None } else { read(self) };
        self.depth -= 1;
        found
    }
}

/// A value that is written as bytes.
pub(crate) trait Stored: Sized {
    fn put(&self, out: &mut Writer<'_>);
    fn take(from: &mut Reader<'_>) -> Option<Self>;
}

impl Stored for u32 {
    fn put(&self, out: &mut Writer<'_>) {
        out.number(u64::from(*self));
    }

    fn take(from: &mut Reader<'_>) -> Option<u32> {
        from.small()
    }
}

impl Stored for bool {
    fn put(&self, out: &mut Writer<'_>) {
        out.bytes.push(u8::from(*self));
    }

    fn take(from: &mut Reader<'_>) -> Option<bool> {
        match from.byte()? {
            0 => Some(false),
            1 => Some(true),
            _ => None,
        }
    }
}

impl Stored for f64 {
    fn put(&self, out: &mut Writer<'_>) {
        out.bytes.extend_from_slice(&self.to_bits().to_le_bytes());
    }

    fn take(from: &mut Reader<'_>) -> Option<f64> {
        Some(f64::from_bits(u64::from_le_bytes(from.take(8)?.try_into().ok()?)))
    }
}

impl Stored for String {
    fn put(&self, out: &mut Writer<'_>) {
        out.text(self);
    }

    fn take(from: &mut Reader<'_>) -> Option<String> {
        from.text().map(str::to_owned)
    }
}

impl Stored for Arc<str> {
    fn put(&self, out: &mut Writer<'_>) {
        out.text(self);
    }

    fn take(from: &mut Reader<'_>) -> Option<Arc<str>> {
        from.text().map(Arc::from)
    }
}

impl<T: Stored> Stored for Option<T> {
    fn put(&self, out: &mut Writer<'_>) {
        self.is_some().put(out);
        if let Some(value) = self {
            value.put(out);
        }
    }

    fn take(from: &mut Reader<'_>) -> Option<Option<T>> {
        Some(if bool::take(from)? { Some(T::take(from)?) } else { None })
    }
}

impl<T: Stored> Stored for Vec<T> {
    fn put(&self, out: &mut Writer<'_>) {
        put_all(self, out);
    }

    fn take(from: &mut Reader<'_>) -> Option<Vec<T>> {
        let n = from.count()?;
        (0..n).map(|_| T::take(from)).collect()
    }
}

pub(crate) fn put_all<T: Stored>(items: &[T], out: &mut Writer<'_>) {
    out.number(items.len() as u64);
    items.iter().for_each(|item| item.put(out));
}

impl<A: Stored, B: Stored> Stored for (A, B) {
    fn put(&self, out: &mut Writer<'_>) {
        self.0.put(out);
        self.1.put(out);
    }

    fn take(from: &mut Reader<'_>) -> Option<(A, B)> {
        Some((A::take(from)?, B::take(from)?))
    }
}

impl Stored for NodeRef {
    fn put(&self, out: &mut Writer<'_>) {
        out.file(self.file);
        out.number(u64::from(self.node));
    }

    fn take(from: &mut Reader<'_>) -> Option<NodeRef> {
        Some(NodeRef { file: from.file()?, node: from.small()? })
    }
}

impl Stored for Value {
    fn put(&self, out: &mut Writer<'_>) {
        let mut kind = |n: u8| out.bytes.push(n);
        match self {
            Value::Node(node) => {
                kind(0);
                node.put(out);
            }
            Value::Nodes(nodes) => {
                kind(1);
                put_all(nodes, out);
            }
            Value::Text(text) => {
                kind(2);
                text.put(out);
            }
            Value::Number(n) => {
                kind(3);
                n.put(out);
            }
            Value::Bool(b) => {
                kind(4);
                b.put(out);
            }
            Value::Duration(n) => {
                kind(5);
                n.put(out);
            }
            Value::Version(text) => {
                kind(6);
                text.put(out);
            }
            Value::Path(text) => {
                kind(7);
                text.put(out);
            }
            Value::List(items) => {
                kind(8);
                put_all(items, out);
            }
            Value::Unknown => kind(9),
        }
    }

    fn take(from: &mut Reader<'_>) -> Option<Value> {
        Some(match from.byte()? {
            0 => Value::Node(NodeRef::take(from)?),
            1 => Value::Nodes(Vec::take(from)?.into()),
            2 => Value::Text(Arc::take(from)?),
            3 => Value::Number(f64::take(from)?),
            4 => Value::Bool(bool::take(from)?),
            5 => Value::Duration(f64::take(from)?),
            6 => Value::Version(Arc::take(from)?),
            7 => Value::Path(Arc::take(from)?),
            8 => Value::List(from.deeper(Vec::take)?.into()),
            9 => Value::Unknown,
            _ => return None,
        })
    }
}

impl Stored for Env {
    fn put(&self, out: &mut Writer<'_>) {
        put_all(self.slots(), out);
        self.possible.put(out);
    }

    fn take(from: &mut Reader<'_>) -> Option<Env> {
        let slots: Vec<Option<Value>> = Vec::take(from)?;
        let mut env = Env::from(slots);
        env.possible = bool::take(from)?;
        Some(env)
    }
}

impl Stored for State {
    fn put(&self, out: &mut Writer<'_>) {
        self.root.put(out);
        self.focus.put(out);
        self.env.put(out);
    }

    fn take(from: &mut Reader<'_>) -> Option<State> {
        Some(State { root: NodeRef::take(from)?, focus: Stored::take(from)?, env: Env::take(from)? })
    }
}

impl Stored for Row {
    fn put(&self, out: &mut Writer<'_>) {
        self.at.put(out);
        self.values.put(out);
        self.possible.put(out);
    }

    fn take(from: &mut Reader<'_>) -> Option<Row> {
        Some(Row { at: Stored::take(from)?, values: Vec::take(from)?, possible: bool::take(from)? })
    }
}

impl Stored for Definition {
    fn put(&self, out: &mut Writer<'_>) {
        match self {
            Definition::Node(node) => {
                out.bytes.push(0);
                node.put(out);
            }
            Definition::External { module, name } => {
                out.bytes.push(1);
                module.put(out);
                name.put(out);
            }
            Definition::Member(of, key) => {
                out.bytes.push(2);
                of.put(out);
                key.put(out);
            }
        }
    }

    fn take(from: &mut Reader<'_>) -> Option<Definition> {
        Some(match from.byte()? {
            0 => Definition::Node(NodeRef::take(from)?),
            1 => Definition::External { module: Arc::take(from)?, name: Arc::take(from)? },
            2 => Definition::Member(Box::new(from.deeper(Definition::take)?), Arc::take(from)?),
            _ => return None,
        })
    }
}

impl Stored for Key {
    fn put(&self, out: &mut Writer<'_>) {
        match self {
            Key::Definition(definition) => {
                out.bytes.push(0);
                definition.put(out);
            }
            Key::Text(text) => {
                out.bytes.push(1);
                text.put(out);
            }
            Key::Number(bits) => {
                out.bytes.push(2);
                out.number(*bits);
            }
            Key::Bool(b) => {
                out.bytes.push(3);
                b.put(out);
            }
        }
    }

    fn take(from: &mut Reader<'_>) -> Option<Key> {
        Some(match from.byte()? {
            0 => Key::Definition(Definition::take(from)?),
            1 => Key::Text(Arc::take(from)?),
            2 => Key::Number(from.number()?),
            3 => Key::Bool(bool::take(from)?),
            _ => return None,
        })
    }
}
