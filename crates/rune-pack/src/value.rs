//! YAML and TOML in one spanned tree, so that every fault of a file can be told with its place, in one go.

use std::marker::PhantomData;
use std::sync::Arc;

use rune_model::Span;
use serde::de::{Deserialize, Deserializer, MapAccess, SeqAccess, Visitor};
use serde_yaml::Spanned;

/// A value of a pack file.
#[derive(Debug, Clone, PartialEq)]
pub(crate) enum Kind {
    Null,
    Bool(bool),
    Number(f64),
    String(String),
    List(Vec<Value>),
    Map(Vec<(Key, Value)>),
}

/// A value with the bytes it stands at.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Value {
    pub(crate) kind: Kind,
    pub(crate) span: Span,
}

/// A key of a map.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Key {
    pub(crate) name: String,
    pub(crate) span: Span,
}

/// A text of a pack file that can say where it stands.
#[derive(Debug, Clone, PartialEq)]
pub struct Text {
    /// The text after YAML or TOML have read it.
    pub value: String,
    /// The file.
    pub path: Arc<str>,
    /// What the file says.
    pub file_text: Arc<str>,
    span: Span,
}

impl Text {
    /// A text at a span of a file.
    pub(crate) fn new(value: String, path: &Arc<str>, file_text: &Arc<str>, span: Span) -> Text {
        Text { value, path: path.clone(), file_text: file_text.clone(), span }
    }

    /// Where the whole text stands in its file.
    pub fn span(&self) -> Span {
        self.span
    }

    /// The bytes of the file that the offsets `start..end` of the text stand at. Exact for plain scalars, literal blocks
    /// and quoted texts without escapes; else near the start of the text.
    pub fn locate(&self, start: usize, end: usize) -> Span {
        let from = self.offset(start.min(self.value.len()));
        let to = self.offset(end.clamp(start, self.value.len()));
        let limit = self.file_text.len() as u32;
        Span::new(from.min(limit), to.max(from).min(limit))
    }

    fn offset(&self, at: usize) -> u32 {
        let file = self.file_text.as_ref();
        let begin = self.span.start as usize;
        let rest = file.get(begin..).unwrap_or("");
        for quote in ["'''", "\"\"\""] {
            if let Some(inner) = rest.strip_prefix(quote) {
                let newline = if inner.starts_with("\r\n") { 2 } else { usize::from(inner.starts_with('\n')) };
                return (begin + 3 + newline + at) as u32;
            }
        }
        if rest.starts_with(['"', '\'']) {
            return (begin + 1 + at) as u32;
        }
        let line_start = file[..begin].rfind('\n').map_or(0, |newline| newline + 1);
        let indent = begin - line_start;
        let before = self.value.get(..at).unwrap_or("");
        let n_lines = before.matches('\n').count();
        let column = before.rfind('\n').map_or(at, |newline| at - newline - 1);
        if n_lines == 0 {
            return (begin + column) as u32;
        }
        let mut line = line_start;
        for _ in 0..n_lines {
            line = file[line..].find('\n').map_or(file.len(), |newline| line + newline + 1);
        }
        (line + indent + column) as u32
    }
}

/// What is wrong with the syntax of a file.
#[derive(Debug)]
pub(crate) struct SyntaxError {
    pub(crate) at: Span,
    pub(crate) message: String,
}

/// The documents of a YAML file.
pub(crate) fn read_yaml(text: &str) -> Result<Vec<Value>, SyntaxError> {
    let options = serde_yaml::options! {
        strict_booleans: true,
        with_snippet: false,
        merge_keys: serde_yaml::MergeKeyPolicy::Error,
        reject_unsupported_tags: true,
        strict_indentation: true,
        leading_zero_numbers_as_strings: true,
        underscored_numbers_as_strings: true,
        budget: serde_yaml::budget! { max_depth: 32, max_anchors: 0, max_aliases: 0, max_documents: 1024, max_nodes: 250_000 },
    };
    let documents: Result<Vec<Node>, _> = serde_yaml::from_multiple_with_options(text, options);
    let documents = documents.map_err(|error| {
        let at = error.location().map_or(0, |place| offset_of(text, place.line() as usize, place.column() as usize));
        let message = error.to_string();
        let message = message.lines().next().unwrap_or("").to_owned();
        SyntaxError { at: Span::new(at, at), message }
    })?;
    Ok(documents.into_iter().map(|node| node.into_value(text)).collect())
}

/// The document of a TOML file.
pub(crate) fn read_toml(text: &str) -> Result<Value, SyntaxError> {
    let table = toml::de::DeTable::parse(text).map_err(|error| {
        let span = error.span().unwrap_or(0..0);
        SyntaxError { at: Span::new(span.start as u32, span.end as u32), message: error.message().to_owned() }
    })?;
    Ok(Value { span: Span::new(0, 0), kind: table_kind(table.get_ref()) })
}

fn table_kind(table: &toml::de::DeTable<'_>) -> Kind {
    let entries = table.iter().map(|(key, value)| {
        let span = key.span();
        let key = Key { name: key.get_ref().to_string(), span: Span::new(span.start as u32, span.end as u32) };
        (key, toml_value(value))
    });
    Kind::Map(entries.collect())
}

fn toml_value(value: &toml::Spanned<toml::de::DeValue<'_>>) -> Value {
    use toml::de::DeValue;
    let span = value.span();
    let kind = match value.get_ref() {
        DeValue::String(text) => Kind::String(text.to_string()),
        DeValue::Integer(n) => Kind::Number(n.as_str().parse().unwrap_or(0.0)),
        DeValue::Float(n) => Kind::Number(n.as_str().parse().unwrap_or(0.0)),
        DeValue::Boolean(b) => Kind::Bool(*b),
        DeValue::Datetime(d) => Kind::String(d.to_string()),
        DeValue::Array(items) => Kind::List(items.iter().map(toml_value).collect()),
        DeValue::Table(table) => table_kind(table),
    };
    Value { kind, span: Span::new(span.start as u32, span.end as u32) }
}

/// The byte offset of a line and column (from 1, in characters).
fn offset_of(text: &str, line: usize, column: usize) -> u32 {
    let start: usize = text.split_inclusive('\n').take(line.saturating_sub(1)).map(str::len).sum();
    let rest = text.get(start..).unwrap_or("");
    let within: usize = rest.chars().take(column.saturating_sub(1)).map(char::len_utf8).sum();
    (start + within) as u32
}

/// A YAML node as serde hands it over.
struct Node(Spanned<Raw>);

enum Raw {
    Null,
    Bool(bool),
    Number(f64),
    String(String),
    List(Vec<Node>),
    Map(Vec<(Spanned<String>, Node)>),
}

impl Node {
    fn into_value(self, text: &str) -> Value {
        let span = span_of(&self.0, text);
        let kind = match self.0.value {
            Raw::Null => Kind::Null,
            Raw::Bool(b) => Kind::Bool(b),
            Raw::Number(n) => Kind::Number(n),
            Raw::String(s) => Kind::String(s),
            Raw::List(items) => Kind::List(items.into_iter().map(|item| item.into_value(text)).collect()),
            Raw::Map(entries) => Kind::Map(
                entries
                    .into_iter()
                    .map(|(key, value)| (Key { span: span_of(&key, text), name: key.value }, value.into_value(text)))
                    .collect(),
            ),
        };
        Value { kind, span }
    }
}

fn span_of<T>(spanned: &Spanned<T>, text: &str) -> Span {
    let place = spanned.referenced.span();
    match (place.byte_offset(), place.byte_len()) {
        (Some(start), Some(len)) => Span::new(start as u32, (start + len) as u32),
        _ => {
            let start = offset_of(text, spanned.referenced.line() as usize, spanned.referenced.column() as usize);
            Span::new(start, start)
        }
    }
}

impl<'de> Deserialize<'de> for Node {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Node, D::Error> {
        Spanned::<Raw>::deserialize(deserializer).map(Node)
    }
}

impl<'de> Deserialize<'de> for Raw {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Raw, D::Error> {
        deserializer.deserialize_any(RawVisitor(PhantomData))
    }
}

struct RawVisitor(PhantomData<()>);

impl<'de> Visitor<'de> for RawVisitor {
    type Value = Raw;

    fn expecting(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("a value")
    }

    fn visit_bool<E>(self, b: bool) -> Result<Raw, E> {
        Ok(Raw::Bool(b))
    }

    fn visit_i64<E>(self, n: i64) -> Result<Raw, E> {
        Ok(Raw::Number(n as f64))
    }

    fn visit_u64<E>(self, n: u64) -> Result<Raw, E> {
        Ok(Raw::Number(n as f64))
    }

    fn visit_f64<E>(self, n: f64) -> Result<Raw, E> {
        Ok(Raw::Number(n))
    }

    fn visit_str<E>(self, s: &str) -> Result<Raw, E> {
        Ok(Raw::String(s.to_owned()))
    }

    fn visit_unit<E>(self) -> Result<Raw, E> {
        Ok(Raw::Null)
    }

    fn visit_none<E>(self) -> Result<Raw, E> {
        Ok(Raw::Null)
    }

    fn visit_some<D: Deserializer<'de>>(self, deserializer: D) -> Result<Raw, D::Error> {
        Raw::deserialize(deserializer)
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut items: A) -> Result<Raw, A::Error> {
        let mut list = Vec::new();
        while let Some(item) = items.next_element::<Node>()? {
            list.push(item);
        }
        Ok(Raw::List(list))
    }

    fn visit_map<A: MapAccess<'de>>(self, mut entries: A) -> Result<Raw, A::Error> {
        let mut map = Vec::new();
        while let Some(key) = entries.next_key::<Spanned<String>>()? {
            map.push((key, entries.next_value::<Node>()?));
        }
        Ok(Raw::Map(map))
    }
}
