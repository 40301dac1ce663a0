//! A text that is put together from literals and values, as one sequence: what it says character by character, and
//! the holes that values fill. Template literals, `+`, literals side by side, f-strings, `%` and `.format`.

use rune_model::Span;
use rune_syntax::NodeId;

use super::filling::{Filled, Filling};
use crate::edit::{EditError, File};

/// The most characters and holes that are looked at.
const MAX_UNITS: usize = 100_000;

/// The most operands of one concatenation.
const MAX_OPERANDS: usize = 1_000;

/// One character of the text, or a hole.
#[derive(Debug, Clone)]
pub(super) struct Unit {
    pub(super) what: What,
    /// Where it is written: an escape with its backslash, a hole with its braces or as an operand.
    pub(super) span: Span,
    /// The literal it stands in; `None` for an operand.
    pub(super) literal: Option<usize>,
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum What {
    Char(char),
    /// A value, by the number of its node.
    Hole(NodeId),
}

/// A string literal: its span, prefix and quote.
#[derive(Debug, Clone)]
pub(super) struct Literal {
    pub(super) span: Span,
    pub(super) prefix: String,
    pub(super) quote: String,
}

impl Literal {
    pub(super) fn content(&self) -> Span {
        let open = (self.prefix.len() + self.quote.len()) as u32;
        Span::new(self.span.start + open, self.span.end - self.quote.len() as u32)
    }
}

/// The whole text.
#[derive(Debug)]
pub(super) struct Pieces {
    pub(super) units: Vec<Unit>,
    pub(super) literals: Vec<Literal>,
    /// What fills the text behind it, `% (…)` or `.format(…)`: it goes.
    pub(super) tail: Option<Span>,
}

pub(super) const NO_TEXT: EditError = EditError::Shape("this is no text that is put together from values");
pub(super) const FORMAT: EditError = EditError::Shape("a value in the text is formatted, which a parameter cannot be");

/// Reads the text at `node`.
pub(super) fn read(file: &File, node: NodeId) -> Result<Pieces, EditError> {
    let mut reader = Reader {
        file,
        pieces: Pieces { units: Vec::new(), literals: Vec::new(), tail: None },
        filling: Filling::None,
        values: Vec::new(),
        n_filled: 0,
    };
    let text = reader.filled(node)?.unwrap_or(node);
    for operand in operands(file, text)? {
        reader.operand(operand)?;
    }
    if reader.values.iter().any(|value| !value.used) {
        return Err(NO_TEXT);
    }
    if !reader.pieces.units.iter().any(|unit| matches!(unit.what, What::Hole(_))) {
        return Err(NO_TEXT);
    }
    Ok(reader.pieces)
}

/// The literals and values that stand side by side or with `+` between them, in order.
fn operands(file: &File, node: NodeId) -> Result<Vec<NodeId>, EditError> {
    let mut work = vec![node];
    let mut operands = Vec::new();
    while let Some(node) = work.pop() {
        if operands.len() + work.len() > MAX_OPERANDS {
            return Err(EditError::Shape("the text is put together from too many parts"));
        }
        match file.kind(node) {
            "binary_expression" | "binary_operator" if is_text(file, node) => {
                work.extend(file.ast.child_named(node, "right"));
                work.extend(file.ast.child_named(node, "left"));
            }
            "concatenated_string" => {
                let parts: Vec<NodeId> = file.ast.children(node).collect();
                work.extend(parts.into_iter().rev());
            }
            _ => operands.push(node),
        }
    }
    Ok(operands)
}

/// Whether a sum is one of texts: a literal is among its operands.
fn is_text(file: &File, node: NodeId) -> bool {
    let mut work = vec![node];
    while let Some(node) = work.pop() {
        match file.kind(node) {
            "string" | "template_string" | "concatenated_string" => return true,
            "binary_expression" | "binary_operator" if operator(file, node) == "+" => {
                work.extend(["left", "right"].iter().filter_map(|side| file.ast.child_named(node, side)));
            }
            _ => {}
        }
    }
    false
}

pub(super) fn operator(file: &File, node: NodeId) -> &str {
    file.ast.child_named(node, "operator").map_or("", |operator| file.node_text(operator))
}

/// A text while it is read.
pub(super) struct Reader<'f> {
    pub(super) file: &'f File,
    pub(super) pieces: Pieces,
    pub(super) filling: Filling,
    pub(super) values: Vec<Filled>,
    pub(super) n_filled: usize,
}

impl Reader<'_> {
    fn push(&mut self, what: What, span: Span, literal: Option<usize>) -> Result<(), EditError> {
        if self.pieces.units.len() >= MAX_UNITS {
            return Err(EditError::Shape("the text is too long"));
        }
        self.pieces.units.push(Unit { what, span, literal });
        Ok(())
    }

    fn operand(&mut self, node: NodeId) -> Result<(), EditError> {
        match self.file.kind(node) {
            "string" | "template_string" => self.literal(node),
            _ => self.push(What::Hole(node), self.with_parentheses(self.file.span(node)), None),
        }
    }

    /// The tree has no parentheses: those around an operand go with it.
    fn with_parentheses(&self, span: Span) -> Span {
        let text = self.file.text();
        let mut span = span;
        loop {
            let (before, behind) = (text[..span.start as usize].trim_end(), text[span.end as usize..].trim_start());
            if !before.ends_with('(') || !behind.starts_with(')') {
                return span;
            }
            span = Span::new(before.len() as u32 - 1, (text.len() - behind.len()) as u32 + 1);
        }
    }

    fn literal(&mut self, node: NodeId) -> Result<(), EditError> {
        let file = self.file;
        let text = file.node_text(node);
        let prefix = &text[..text.len() - text.trim_start_matches(|c: char| c.is_ascii_alphabetic()).len()];
        let rest = &text[prefix.len()..];
        let quote = ["\"\"\"", "'''", "\"", "'", "`"].into_iter().find(|quote| rest.starts_with(quote)).ok_or(NO_TEXT)?;
        if rest.len() < 2 * quote.len()
            || prefix.contains(['b', 'B'])
            || (self.filling != Filling::None && prefix.contains(['f', 'F']))
        {
            return Err(NO_TEXT);
        }
        let n = self.pieces.literals.len();
        let literal = Literal { span: file.span(node), prefix: prefix.to_owned(), quote: quote.to_owned() };
        let content = literal.content();
        let is_raw = prefix.contains(['r', 'R']);
        let doubled: &[char] = match self.filling {
            Filling::None if prefix.contains(['f', 'F']) => &['{', '}'],
            Filling::None => &[],
            Filling::Percent => &['%'],
            Filling::Braces => &['{', '}'],
        };
        self.pieces.literals.push(literal);
        let holes = self.interpolations(node)?;
        let mut at = content.start;
        let mut next = holes.into_iter().peekable();
        while at < content.end {
            if let Some((hole, span)) = next.next_if(|(_, span)| span.start == at) {
                self.push(What::Hole(hole), span, Some(n))?;
                at = span.end;
                continue;
            }
            let rest = &self.file.text()[at as usize..content.end as usize];
            if let Some((hole, len)) = self.fill(rest)? {
                self.push(What::Hole(hole), Span::new(at, at + len as u32), Some(n))?;
                at += len as u32;
                continue;
            }
            let (c, len) = character(rest, is_raw, doubled)?;
            if let Some(c) = c {
                self.push(What::Char(c), Span::new(at, at + len as u32), Some(n))?;
            }
            at += len as u32;
        }
        Ok(())
    }

    /// The values of a template literal or an f-string, with the span of each from brace to brace.
    fn interpolations(&self, node: NodeId) -> Result<Vec<(NodeId, Span)>, EditError> {
        let file = self.file;
        let mut holes = Vec::new();
        for child in file.ast.children(node) {
            let span = file.span(child);
            let value = match file.kind(child) {
                "template_substitution" => file.ast.children(child).next(),
                "interpolation" => file.ast.child_named(child, "expression"),
                _ => continue,
            };
            let value = value.ok_or(NO_TEXT)?;
            // `{x!r}`, `{x:>3}`, `{x=}`
            let behind = Span::new(file.span(value).end, span.end).of(file.text());
            if file.kind(child) == "interpolation" && !behind.trim_matches([' ', ')', '}']).is_empty() {
                return Err(FORMAT);
            }
            holes.push((value, span));
        }
        Ok(holes)
    }
}

/// The character at the start of `rest` and how many bytes it is written in; `None` for an escaped line end.
fn character(rest: &str, is_raw: bool, doubled: &[char]) -> Result<(Option<char>, usize), EditError> {
    let mut chars = rest.chars();
    let Some(first) = chars.next() else { return Err(NO_TEXT) };
    let second = chars.next();
    if doubled.contains(&first) && second == Some(first) {
        return Ok((Some(first), 2));
    }
    if first != '\\' || is_raw {
        return Ok((Some(first), first.len_utf8()));
    }
    match second {
        Some('n') => Ok((Some('\n'), 2)),
        Some('t') => Ok((Some('\t'), 2)),
        Some('r') => Ok((Some('\r'), 2)),
        Some(c @ ('\\' | '\'' | '"' | '`' | '$' | '{')) => Ok((Some(c), 2)),
        Some('\n') => Ok((None, 2)),
        Some('\r') if rest[2..].starts_with('\n') => Ok((None, 3)),
        _ => Err(EditError::Shape("the text has an escape that is not followed here")),
    }
}
