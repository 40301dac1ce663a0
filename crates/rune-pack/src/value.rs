//! YAML and TOML in one spanned tree, so that every fault of a file can be told with its place, in one go.

use std::marker::PhantomData;
use std::sync::Arc;

use rune_model::{Problem, ProblemLevel, Span};
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

impl Value {
    /// The value of a key of a map.
    pub(crate) fn into_entry(self, name: &str) -> Option<Value> {
        let Kind::Map(entries) = self.kind else { return None };
        entries.into_iter().find(|(key, _)| key.name == name).map(|(_, value)| value)
    }
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

    /// A text that is a file of its own.
    pub fn whole(path: &str, text: &str) -> Text {
        Text::new(text.to_owned(), &path.into(), &text.into(), Span::new(0, text.len() as u32))
    }

    /// The line of its file that it begins in, from 1.
    pub fn line(&self) -> usize {
        self.file_text[..self.span.start as usize].matches('\n').count() + 1
    }

    /// What is wrong with this text.
    pub fn problem(&self, code: &'static str, message: String, help: String) -> Problem {
        let span = if self.value.is_empty() { self.span } else { self.locate(0, self.value.len()) };
        Problem {
            code,
            level: ProblemLevel::Error,
            path: self.path.clone(),
            text: self.file_text.clone(),
            span: Some(span),
            message,
            help: Some(help),
        }
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
            return (begin + quoted_offset(rest, &self.value, at)) as u32;
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

/// Where the byte `at` of a text stands in its quoted spelling: escapes are longer than what they mean.
fn quoted_offset(quoted: &str, value: &str, at: usize) -> usize {
    let (mut offset, mut done) = (1, 0);
    for c in value.chars() {
        let Some(rest) = quoted.get(offset..).filter(|_| done < at) else { break };
        offset += match rest.as_bytes() {
            [b'\\', b'x', ..] => 4,
            [b'\\', b'u', ..] => 6,
            [b'\\', b'U', ..] => 10,
            [b'\\', ..] => 2,
            [b'\'', b'\'', ..] if c == '\'' => 2,
            _ => rest.chars().next().map_or(0, char::len_utf8),
        };
        done += c.len_utf8();
    }
    offset
}

/// What is wrong with the syntax of a file, in words for its author.
#[derive(Debug)]
pub(crate) struct SyntaxError {
    pub(crate) at: Span,
    pub(crate) message: String,
    pub(crate) help: Option<String>,
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
        yaml_error(text, at, error.without_snippet())
    })?;
    Ok(documents.into_iter().map(|node| node.into_value(text)).collect())
}

/// The usual slips in YAML: what the parser says of them, what is wrong, and what to write.
const SLIPS: &[(&str, &str, &str)] = &[
    ("unclosed quote", "this text in quotes does not end", "close it with the quote that opened it"),
    ("unclosed bracket", "this bracket is not closed", "close it with `]` or `}`"),
    ("mismatched bracket", "this bracket closes another kind of bracket", "`[` is closed by `]`, `{` by `}`"),
    ("misplaced bracket", "nothing is open that this bracket could close", "put the text in quotes if the bracket is part of it"),
    ("expected ',' or", "items in brackets are separated by commas", "put a comma before it, or the text in quotes"),
    ("flow ", "a list or map in brackets is not closed", "close it with `]` or `}`"),
    ("tab", "a tab stands in the indentation", "indent with spaces"),
    (
        "mapping values are not allowed",
        "a key cannot stand here",
        "put a text with `: ` in it in quotes; begin the keys of a map in one column, each on a line of its own",
    ),
    ("illegal placement of ':'", "a `:` cannot stand here", "put a text with `:` in it in quotes"),
    ("mapping keys are not allowed", "a key cannot stand here", "put it on a line of its own, as far in as the others"),
    ("did not find expected key", "this line is not as far in as the keys around it", "begin the keys of a map in one column"),
    (
        "'-' indicator",
        "this line is not as far in as the items around it",
        "begin the items of a list in one column, each with `- `",
    ),
    ("sequence entries are not allowed", "an item of a list cannot stand here", "put `- ` on the next line"),
    ("key expected ':'", "this line is no `key: value`", "put `: ` behind the key; a text of several lines begins with `|`"),
    ("simple key", "this line is no `key: value`", "put `: ` behind the key; a text of several lines begins with `|`"),
    ("escape character", "this escape means nothing between double quotes", "write `\\\\`, or take single quotes"),
    ("content after", "something stands behind the closing quote", "put the whole text in quotes, or begin it with `|`"),
    ("anchor", "there are no anchors and aliases here", "put a text that begins with `&` or `*` in quotes"),
    ("unexpected character", "a text cannot begin with this", "put it in quotes"),
    ("cannot start with '-'", "a text cannot begin with this", "put it in quotes"),
    ("tag", "there are no tags here", "put a text that begins with `!` in quotes"),
    ("line in block", "this line is less far in than the text it belongs to", "begin all lines of the text in one column"),
    ("indent", "this line is not as far in as those it belongs to", "begin the keys of a map in one column"),
];

fn yaml_error(text: &str, at: u32, error: &serde_yaml::Error) -> SyntaxError {
    use serde_yaml::Error;
    let line_end = text[at as usize..].find('\n').map_or(text.len() as u32, |n| at + n as u32);
    let told = |message: &str, help: &str| SyntaxError {
        at: Span::new(at, line_end),
        message: message.to_owned(),
        help: Some(help.to_owned()),
    };
    if let Some((start, message)) = open_above(text, at as usize) {
        let end = text[start..].find('\n').map_or(text.len(), |n| start + n);
        return SyntaxError {
            at: Span::new(start as u32, end as u32),
            message: message.to_owned(),
            help: Some("close it".to_owned()),
        };
    }
    match error {
        Error::DuplicateMappingKey { key, .. } => {
            let message = key
                .as_ref()
                .map_or("a key stands twice in this map".into(), |k| format!("the key `{k}` stands twice in this map"));
            told(&message, "remove one of them")
        }
        Error::MergeKeyNotAllowed { .. } => told("there are no merge keys here", "write the keys out"),
        Error::Budget { breach, .. } if !format!("{breach:?}").contains("nchor") => {
            told("this is nested too deep, or the file is too large", "at most 32 levels and 250,000 values are read")
        }
        Error::Budget { .. } => told("there are no anchors and aliases here", "put a text that begins with `&` or `*` in quotes"),
        Error::UnknownAnchor { .. } => told("there are no anchors and aliases here", "put a text that begins with `*` in quotes"),
        other => {
            let said = other.to_string();
            let slip = SLIPS.iter().find(|(part, ..)| said.contains(part));
            let (_, message, help) = slip.unwrap_or(&(
                "",
                "this is no YAML",
                "look at the indentation, the quotes and the `:` of this line and the one before",
            ));
            told(message, help)
        }
    }
}

/// The value of the line above the one at `at`, if it begins with a quote or bracket that it does not close.
fn open_above(text: &str, at: usize) -> Option<(usize, &'static str)> {
    let line = text[..at].rfind('\n')?;
    if !text[line..at].trim().is_empty() {
        return None;
    }
    let above = text[..line].trim_end();
    let start = above.rfind('\n').map_or(0, |newline| newline + 1);
    let value = start + above[start..].find(": ")? + 2;
    let value = value + (above[value..].len() - above[value..].trim_start().len());
    let rest = &above[value..];
    let n = |c: char| rest.matches(c).count();
    match rest.chars().next()? {
        quote @ ('"' | '\'') if n(quote) % 2 == 1 => Some((value, "this text in quotes does not end")),
        '[' if n('[') > n(']') => Some((value, "this bracket is not closed")),
        '{' if n('{') > n('}') => Some((value, "this brace is not closed")),
        _ => None,
    }
}

/// The document of a TOML file.
pub(crate) fn read_toml(text: &str) -> Result<Value, SyntaxError> {
    let table = toml::de::DeTable::parse(text).map_err(|error| {
        let span = error.span().unwrap_or(0..0);
        let line = text[..span.start].rfind('\n').map_or(0, |newline| newline + 1);
        let line = text[line..].lines().next().unwrap_or("");
        let (message, help) = toml_error(error.message(), line.trim());
        SyntaxError { at: Span::new(span.start as u32, span.end as u32), message, help }
    })?;
    Ok(Value { span: Span::new(0, 0), kind: table_kind(table.get_ref()) })
}

fn toml_error(said: &str, line: &str) -> (String, Option<String>) {
    let is_yaml = line.split_once(':').is_some_and(|(key, _)| key.chars().all(|c| c.is_alphanumeric() || c == '_' || c == '-'));
    let (message, help) = match said {
        _ if is_yaml => ("this line is no `key = value`", "write `=` where YAML has `:`"),
        _ if line.starts_with('[') => ("this header is not closed", "write `[name]` or `[[name]]` on a line of its own"),
        _ if said.contains("duplicate key") => ("this key stands twice", "remove one of them"),
        _ if said.contains("string") => {
            ("this text in quotes does not end or is not quoted", "close it; several lines stand between `\'\'\'`")
        }
        _ if said.contains("key-value pair") => ("this line is no `key = value`", "put `=` behind the key"),
        _ if said.contains("array") => ("this list is not closed", "close it with `]`, with commas between the items"),
        _ if said.contains("inline table") => {
            ("this map in braces is not closed", "close it with `}`, with commas between the keys")
        }
        _ if said.contains("table") => ("this header is not closed", "write `[name]` or `[[name]]` on a line of its own"),
        _ if said.contains("key") => ("a key cannot stand here, or is none", "put each key on a line of its own"),
        _ => ("this is no value", "texts stand in quotes, lists in brackets; true, false and numbers stand bare"),
    };
    (message.to_owned(), Some(help.to_owned()))
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
