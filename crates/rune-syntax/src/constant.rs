//! Constants: what an expression is known to be before the program runs.

use std::cell::Cell;

use crate::kind::KINDS;
use crate::{Language, NodeRef, Project};

/// A value known from the source.
#[derive(Debug, Clone, PartialEq)]
pub enum Constant {
    /// A string.
    String(String),
    /// A number; booleans are not numbers.
    Number(f64),
    /// A boolean.
    Bool(bool),
    /// A length of time in milliseconds (Python's `timedelta`).
    Duration(f64),
}

/// How many expressions are looked at for one constant: names may stand for sums of sums.
const MAX_STEPS: u32 = 10_000;

/// The steps that are left.
type Fuel<'f> = &'f Cell<u32>;

/// How many values of one expression are told apart.
const MAX_ALTERNATIVES: usize = 16;

/// How deep expressions are folded.
const MAX_DEPTH: u32 = 48;

impl Project {
    /// The value of `at` if it is known: literals, constants across files, arithmetic, joined strings.
    pub fn constant(&self, at: NodeRef) -> Option<Constant> {
        self.fold(at, MAX_DEPTH, &Cell::new(MAX_STEPS))
    }

    /// The values of which `at` has one, where conditions decide which; `None` if one of them is not known.
    pub fn alternatives(&self, at: NodeRef) -> Option<Vec<Constant>> {
        let (mut work, mut found) = (vec![self.value(at)], Vec::new());
        while let Some(node) = work.pop() {
            match self.branches(node) {
                Some(branches) if work.len() + found.len() < MAX_ALTERNATIVES => {
                    work.extend(branches.map(|node| self.value(node)))
                }
                _ => found.push(self.constant(node)?),
            }
        }
        Some(found)
    }

    /// The two values of a conditional expression.
    fn branches(&self, at: NodeRef) -> Option<[NodeRef; 2]> {
        match self.kind(at).name() {
            "ternary_expression" => Some([self.child(at, "consequence")?, self.child(at, "alternative")?]),
            "conditional_expression" => {
                let mut parts = self.children(at);
                Some([parts.next()?, parts.nth(1)?])
            }
            _ => None,
        }
    }

    /// The texts with which a template literal or f-string with holes begins and ends; `None` for anything else.
    pub fn known_ends(&self, at: NodeRef) -> Option<(String, String)> {
        let (whole, text) = (self.span(at), self.text(at));
        let is_text = matches!(self.kind(at).name(), "template_string" | "string");
        let (first, last) = (self.children(at).next()?, self.children(at).last()?);
        let quote = text.find(['"', '\'', '`']).filter(|_| is_text)?;
        let mark = ["\"\"\"", "'''"].into_iter().find(|mark| text[quote..].starts_with(mark)).unwrap_or(&text[quote..=quote]);
        let head = text.get(quote + mark.len()..(self.span(first).start - whole.start) as usize)?;
        let tail = text.get((self.span(last).end - whole.start) as usize..)?.strip_suffix(mark)?;
        // In an f-string a doubled brace says one.
        let is_plain = |part: &&str| !part.contains("{{") && !part.contains("}}");
        let said = |part: &str| string_value(&format!("{}{mark}{part}{mark}", &text[..quote]));
        let (head, tail) = (Some(head).filter(is_plain)?, Some(tail).filter(is_plain)?);
        Some((said(head), said(tail)))
    }

    fn fold(&self, at: NodeRef, depth: u32, fuel: Fuel<'_>) -> Option<Constant> {
        let depth = depth.checked_sub(1)?;
        fuel.set(fuel.get().checked_sub(1)?);
        let at = self.value(at);
        let text = self.text(at);
        match self.kind(at).name() {
            "string" => self.fold_string(at, depth, fuel),
            "template_string" => self.fold_template(at, depth, fuel),
            "concatenated_string" => {
                let parts = self.children(at).map(|part| self.fold(part, depth, fuel));
                parts.map(|part| part.and_then(text_of)).collect::<Option<String>>().map(Constant::String)
            }
            "number" | "integer" | "float" => number_value(text).map(Constant::Number),
            "true" => Some(Constant::Bool(true)),
            "false" => Some(Constant::Bool(false)),
            "unary_expression" | "unary_operator" | "not_operator" => self.fold_unary(at, depth, fuel),
            "binary_expression" | "binary_operator" | "boolean_operator" => self.fold_binary(at, depth, fuel),
            "ternary_expression" | "conditional_expression" => {
                let [a, b] = self.branches(at)?;
                self.fold(a, depth, fuel).filter(|value| self.fold(b, depth, fuel).as_ref() == Some(value))
            }
            "call" => self.fold_timedelta(at, depth, fuel),
            _ => None,
        }
    }

    fn fold_string(&self, at: NodeRef, depth: u32, fuel: Fuel<'_>) -> Option<Constant> {
        let text = self.text(at);
        if matches!(self.language(at.file), Language::Yaml | Language::Env) {
            return Some(Constant::String(scalar_value(text)));
        }
        if self.children(at).next().is_none() {
            return Some(Constant::String(string_value(text)));
        }
        let parts = self.children(at).map(|hole| {
            let inner = self.child(hole, "expression").or_else(|| self.children(hole).next())?;
            self.fold(inner, depth, fuel).and_then(text_of).map(|value| (hole, value))
        });
        self.splice(at, parts.collect::<Option<Vec<_>>>()?).map(|text| Constant::String(string_value(&text)))
    }

    fn fold_template(&self, at: NodeRef, depth: u32, fuel: Fuel<'_>) -> Option<Constant> {
        let parts = self.children(at).map(|hole| {
            let inner = self.children(hole).next()?;
            self.fold(inner, depth, fuel).and_then(text_of).map(|value| (hole, value))
        });
        self.splice(at, parts.collect::<Option<Vec<_>>>()?).map(|text| Constant::String(string_value(&text)))
    }

    /// The text of `at` with each hole replaced by its value.
    fn splice(&self, at: NodeRef, parts: Vec<(NodeRef, String)>) -> Option<String> {
        let whole = self.span(at);
        let text = self.text(at);
        let mut out = String::with_capacity(text.len());
        let mut done = 0usize;
        for (hole, value) in parts {
            let span = self.span(hole);
            out.push_str(text.get(done..(span.start - whole.start) as usize)?);
            out.push_str(&value);
            done = (span.end - whole.start) as usize;
        }
        out.push_str(text.get(done..)?);
        Some(out)
    }

    fn fold_unary(&self, at: NodeRef, depth: u32, fuel: Fuel<'_>) -> Option<Constant> {
        let operand = self.child(at, "argument")?;
        let operator = self.child(at, "operator").map_or("!", |operator| self.text(operator));
        match (operator, self.fold(operand, depth, fuel)?) {
            ("-", Constant::Number(n)) => Some(Constant::Number(-n)),
            ("+", Constant::Number(n)) => Some(Constant::Number(n)),
            ("!", Constant::Bool(b)) => Some(Constant::Bool(!b)),
            _ => None,
        }
    }

    fn fold_binary(&self, at: NodeRef, depth: u32, fuel: Fuel<'_>) -> Option<Constant> {
        let operator = self.text(self.child(at, "operator")?);
        if matches!(operator, "??" | "||" | "or") {
            return self.fold_fallback(at, operator, depth, fuel);
        }
        let left = self.fold(self.child(at, "left")?, depth, fuel)?;
        let right = self.fold(self.child(at, "right")?, depth, fuel)?;
        match (left, operator, right) {
            (Constant::Number(a), _, Constant::Number(b)) => arithmetic(a, operator, b).map(Constant::Number),
            (Constant::Duration(a), "*" | "/", Constant::Number(b)) => arithmetic(a, operator, b).map(Constant::Duration),
            (Constant::Duration(a), "+" | "-", Constant::Duration(b)) => arithmetic(a, operator, b).map(Constant::Duration),
            (Constant::String(a), "+", b) => Some(Constant::String(a + &text_of(b)?)),
            _ => None,
        }
    }

    /// `a ?? b`, `a || b`, `a or b` where `a` is known: `b` if `a` is nothing.
    fn fold_fallback(&self, at: NodeRef, operator: &str, depth: u32, fuel: Fuel<'_>) -> Option<Constant> {
        let left = self.child(at, "left")?;
        let is_nothing = matches!(self.kind(self.value(left)).name(), "null" | "undefined" | "none");
        let known = if is_nothing { None } else { Some(self.fold(left, depth, fuel)?) };
        let is_falsy = |value: &Constant| match value {
            Constant::String(text) => text.is_empty(),
            Constant::Number(n) | Constant::Duration(n) => *n == 0.0,
            Constant::Bool(b) => !b,
        };
        match known {
            Some(value) if operator == "??" || !is_falsy(&value) => Some(value),
            _ => self.fold(self.child(at, "right")?, depth, fuel),
        }
    }

    fn fold_timedelta(&self, at: NodeRef, depth: u32, fuel: Fuel<'_>) -> Option<Constant> {
        let callee = self.text(self.child(at, "function")?);
        if callee.rsplit('.').next() != Some("timedelta") {
            return None;
        }
        let mut total = 0.0;
        for (i, argument) in self.children(self.child(at, "arguments")?).enumerate() {
            let (unit, value) = match self.child(argument, "name") {
                Some(name) => (self.text(name), self.child(argument, "value")?),
                None => (*["days", "seconds", "microseconds", "milliseconds", "minutes", "hours", "weeks"].get(i)?, argument),
            };
            let Constant::Number(n) = self.fold(value, depth, fuel)? else { return None };
            total += n * milliseconds_of(unit)?;
        }
        Some(Constant::Duration(total))
    }

    /// The key of an entry of an object or dictionary: as it is spelled, or what a computed key is known to be; `None`
    /// if that is not known.
    pub fn key_text(&self, key: NodeRef) -> Option<String> {
        let kind = self.kind(key);
        if kind.name() == "computed_property_name" {
            return self.children(key).next().and_then(|inner| self.constant(inner)).and_then(text_of);
        }
        let is_expression = self.language(key.file) == Language::Python && kind != KINDS.string;
        if is_expression { self.constant(key).and_then(text_of) } else { Some(self.name_text(key)) }
    }

    /// The string, number, … that the key of a pair, a member name or a literal spells.
    pub fn name_text(&self, at: NodeRef) -> String {
        let kind = self.kind(at);
        if kind == KINDS.string { string_value(self.text(at)) } else { self.text(at).to_owned() }
    }
}

fn milliseconds_of(unit: &str) -> Option<f64> {
    Some(match unit {
        "weeks" => 604_800_000.0,
        "days" => 86_400_000.0,
        "hours" => 3_600_000.0,
        "minutes" => 60_000.0,
        "seconds" => 1000.0,
        "milliseconds" => 1.0,
        "microseconds" => 0.001,
        _ => return None,
    })
}

fn arithmetic(a: f64, operator: &str, b: f64) -> Option<f64> {
    let value = match operator {
        "+" => a + b,
        "-" => a - b,
        "*" => a * b,
        "/" => a / b,
        "//" => (a / b).floor(),
        "%" => a % b,
        "**" => a.powf(b),
        _ => return None,
    };
    value.is_finite().then_some(value)
}

pub(crate) fn text_of(constant: Constant) -> Option<String> {
    match constant {
        Constant::String(text) => Some(text),
        Constant::Number(n) => Some(n.to_string()),
        Constant::Bool(b) => Some(b.to_string()),
        Constant::Duration(_) => None,
    }
}

/// What a number literal says, separators and other bases resolved.
pub fn number_value(text: &str) -> Option<f64> {
    let text = text.replace('_', "");
    let text = text.trim_end_matches('n');
    let lower = text.to_ascii_lowercase();
    for (prefix, radix) in [("0x", 16), ("0o", 8), ("0b", 2)] {
        if let Some(digits) = lower.strip_prefix(prefix) {
            return u64::from_str_radix(digits, radix).ok().map(|n| n as f64);
        }
    }
    text.parse().ok()
}

/// What a string literal says: prefix and quotes off, the common escapes resolved. Raw strings keep their backslashes.
pub fn string_value(literal: &str) -> String {
    let body = literal.trim_start_matches(|c: char| c.is_ascii_alphabetic());
    let prefix = &literal[..literal.len() - body.len()];
    let quote =
        ["\"\"\"", "'''", "\"", "'", "`"].into_iter().find(|quote| body.starts_with(quote) && body.len() >= 2 * quote.len());
    let Some(quote) = quote else { return literal.to_owned() };
    let inner = body[quote.len()..].strip_suffix(quote).unwrap_or(&body[quote.len()..]);
    if prefix.contains(['r', 'R']) || !inner.contains('\\') {
        return inner.to_owned();
    }
    unescape(inner)
}

/// What a scalar of YAML or an environment file says: quotes off, a block without its indentation.
fn scalar_value(text: &str) -> String {
    if text.starts_with(['"', '\'', '`']) {
        return string_value(text);
    }
    let Some((_, block)) = text.split_once('\n').filter(|_| text.starts_with(['|', '>'])) else { return text.to_owned() };
    let lines = || block.lines().filter(|line| !line.trim().is_empty());
    let margin = lines().map(|line| line.len() - line.trim_start().len()).min().unwrap_or(0);
    let joint = if text.starts_with('>') { " " } else { "\n" };
    block.lines().map(|line| line.get(margin..).unwrap_or("").trim_end()).collect::<Vec<_>>().join(joint)
}

pub(crate) fn unescape(inner: &str) -> String {
    let mut out = String::with_capacity(inner.len());
    let mut chars = inner.chars();
    while let Some(c) = chars.next() {
        if c != '\\' {
            out.push(c);
            continue;
        }
        match chars.next() {
            Some('n') => out.push('\n'),
            Some('t') => out.push('\t'),
            Some('r') => out.push('\r'),
            Some('b') => out.push('\u{8}'),
            Some('f') => out.push('\u{c}'),
            Some('v') => out.push('\u{b}'),
            Some('x') => out.extend(code_point(&mut chars, 2)),
            Some('u') => out.extend(code_point(&mut chars, 4)),
            Some('\n') | None => {}
            Some(other) => out.push(other),
        }
    }
    out
}

/// The character of an escape `\xe9`, `\u00e9` or `\u{e9}`, of which `chars` is past the letter.
fn code_point(chars: &mut std::str::Chars<'_>, n_digits: usize) -> Option<char> {
    let rest = chars.as_str();
    let (digits, consumed) = match rest.strip_prefix('{').and_then(|inner| inner.split_once('}')) {
        Some((inner, _)) => (inner, inner.len() + 2),
        None => (rest.get(..n_digits)?, n_digits),
    };
    let found = u32::from_str_radix(digits, 16).ok().and_then(char::from_u32)?;
    *chars = rest.get(consumed..)?.chars();
    Some(found)
}
