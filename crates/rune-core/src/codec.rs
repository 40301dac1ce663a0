//! Values as bytes: to remember them from one run to the next, and to tell whether two are the same. Files are written by
//! the number that the memory of a project gives their paths, so bytes hold for any set of files.

use std::sync::Arc;

use rune_pattern::{Env, Value};
use rune_syntax::{Definition, ImportName, NodeRef};

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

impl Stored for u64 {
    fn put(&self, out: &mut Writer<'_>) {
        out.number(*self);
    }

    fn take(from: &mut Reader<'_>) -> Option<u64> {
        from.number()
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

impl Stored for Box<str> {
    fn put(&self, out: &mut Writer<'_>) {
        out.text(self);
    }

    fn take(from: &mut Reader<'_>) -> Option<Box<str>> {
        from.text().map(Box::from)
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

impl<T: Stored> Stored for Box<T> {
    fn put(&self, out: &mut Writer<'_>) {
        self.as_ref().put(out);
    }

    fn take(from: &mut Reader<'_>) -> Option<Box<T>> {
        from.deeper(T::take).map(Box::new)
    }
}

impl<T: Stored> Stored for Arc<[T]> {
    fn put(&self, out: &mut Writer<'_>) {
        put_all(self, out);
    }

    fn take(from: &mut Reader<'_>) -> Option<Arc<[T]>> {
        from.deeper(Vec::take).map(Arc::from)
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

/// Structures are written field by field.
macro_rules! fields {
    ($($kind:ident { $($field:ident),* })*) => {$(
        impl Stored for $kind {
            fn put(&self, out: &mut Writer<'_>) {
                let $kind { $($field),* } = self;
                $($field.put(out);)*
            }

            fn take(from: &mut Reader<'_>) -> Option<$kind> {
                $(let $field = Stored::take(from)?;)*
                Some($kind { $($field),* })
            }
        }
    )*};
}

/// One of several is written as its number and its fields.
macro_rules! variants {
    ($kind:ident $($number:literal $variant:ident { $($name:tt $field:ident),* })*) => {
        impl Stored for $kind {
            fn put(&self, out: &mut Writer<'_>) {
                match self {
                    $($kind::$variant { $($name: $field),* } => {
                        out.bytes.push($number);
                        $($field.put(out);)*
                    })*
                }
            }

            fn take(from: &mut Reader<'_>) -> Option<$kind> {
                match from.byte()? {
                    $($number => {
                        $(let $field = Stored::take(from)?;)*
                        Some($kind::$variant { $($name: $field),* })
                    })*
                    _ => None,
                }
            }
        }
    };
}

pub(crate) use {fields, variants};

fields! {
    State { root, focus, env }
    Row { at, values, possible }
}

variants! { Value
    0 Node { 0 node }
    1 Nodes { 0 nodes }
    2 Text { 0 text }
    3 Number { 0 n }
    4 Bool { 0 b }
    5 Duration { 0 ms }
    6 Version { 0 text }
    7 Path { 0 text }
    8 List { 0 items }
    9 Unknown {}
}

variants! { Definition
    0 Node { 0 node }
    1 External { module module, name name }
    2 Member { 0 of, 1 key }
}

variants! { ImportName
    0 Default {}
    1 Namespace {}
    2 Named { 0 name }
}

variants! { Key
    0 Definition { 0 definition }
    1 Text { 0 text }
    2 Number { 0 bits }
    3 Bool { 0 b }
}
