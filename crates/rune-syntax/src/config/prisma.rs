//! schema.prisma, block by block: a block that does not parse is an error span, and the rest goes on.

use pest::Parser;
use pest::iterators::Pair;
use rune_model::Span;

use crate::build::Draft;
use crate::kind::KINDS;
use crate::{Field, Kind};

#[derive(pest_derive::Parser)]
#[grammar = "config/prisma.pest"]
struct Grammar;

/// The deepest nesting of brackets that is handed to the parser.
const MAX_DEPTH: usize = 64;

/// A whole schema.
pub(crate) fn prisma(text: &str) -> Draft {
    let mut draft = Draft::new(KINDS.module, Span::new(0, text.len() as u32));
    for block in blocks(text, &mut draft) {
        let parsed = match nesting(&text[block.clone()]) <= MAX_DEPTH {
            true => Grammar::parse(Rule::whole, &text[block.clone()]).ok(),
            false => None,
        };
        match parsed.and_then(|mut pairs| pairs.next()) {
            Some(pair) => add_children(&mut draft, 0, pair, block.start as u32),
            None => add_error(&mut draft, Span::new(block.start as u32, block.end as u32)),
        }
    }
    draft
}

/// A piece of a schema: a block, a field, an attribute, a value.
pub(crate) fn prisma_snippet(text: &str) -> Draft {
    let mut draft = Draft::new(KINDS.module, Span::new(0, text.len() as u32));
    let parsed = if nesting(text) <= MAX_DEPTH { Grammar::parse(Rule::snippet, text).ok() } else { None };
    match parsed.and_then(|mut pairs| pairs.next()) {
        Some(pair) => add_children(&mut draft, 0, pair, 0),
        None => add_error(&mut draft, Span::new(0, text.len() as u32)),
    }
    draft
}

fn add_error(draft: &mut Draft, span: Span) {
    draft.add_error(span);
    draft.add(0, KINDS.error, Field::NONE, span);
}

fn nesting(text: &str) -> usize {
    let (mut depth, mut deepest) = (0usize, 0);
    for byte in text.bytes() {
        match byte {
            b'(' | b'[' | b'{' => depth += 1,
            b')' | b']' | b'}' => depth = depth.saturating_sub(1),
            _ => {}
        }
        deepest = deepest.max(depth);
    }
    deepest
}

/// The byte ranges of the top-level blocks; comments are noted on the way.
fn blocks(text: &str, draft: &mut Draft) -> Vec<std::ops::Range<usize>> {
    let bytes = text.as_bytes();
    let mut found = Vec::new();
    let (mut at, mut depth, mut start) = (0, 0usize, None);
    while at < bytes.len() {
        let rest = &bytes[at..];
        if rest.starts_with(b"//") {
            let end = rest.iter().position(|b| *b == b'\n').map_or(bytes.len(), |n| at + n);
            draft.add_comment(Span::new(at as u32, end as u32));
            at = end;
            continue;
        }
        match bytes[at] {
            b'"' => {
                at += 1;
                while at < bytes.len() && bytes[at] != b'"' && bytes[at] != b'\n' {
                    at += if bytes[at] == b'\\' { 2 } else { 1 };
                }
            }
            b'{' => depth += 1,
            b'}' => {
                depth = depth.saturating_sub(1);
                if let (0, Some(from)) = (depth, start) {
                    found.push(from..at + 1);
                    start = None;
                }
            }
            byte if start.is_none() && byte.is_ascii_alphabetic() => start = Some(at),
            _ => {}
        }
        at += 1;
    }
    if let Some(from) = start {
        found.push(from..bytes.len());
    }
    found
}

/// Adds the nodes of a parse; iterative, so that depth costs heap.
fn add_children(draft: &mut Draft, parent: u32, pair: Pair<'_, Rule>, offset: u32) {
    let mut work: Vec<(u32, Pair<'_, Rule>)> = pair.into_inner().rev().map(|inner| (parent, inner)).collect();
    while let Some((parent, pair)) = work.pop() {
        let span = pair.as_span();
        let span = Span::new(span.start() as u32 + offset, span.end() as u32 + offset);
        let (kind, field) = match shape(pair.as_rule()) {
            Shape::Through => {
                work.extend(pair.into_inner().rev().map(|inner| (parent, inner)));
                continue;
            }
            Shape::Nothing => continue,
            Shape::Node(kind, field) => (kind, field),
            Shape::Block => (pair.clone().into_inner().next().map_or("model", |word| word.as_str()), ""),
        };
        let field = if field.is_empty() { Field::NONE } else { Field::of(field) };
        let end = trimmed_end(&pair, span, offset);
        let node = draft.add(parent, Kind::of(kind), field, Span::new(span.start, end));
        let is_pair = matches!(pair.as_rule(), Rule::pair | Rule::pair_colon);
        let children: Vec<(u32, Pair<'_, Rule>)> = pair.into_inner().map(|inner| (node, inner)).collect();
        if is_pair {
            add_pair(draft, node, children, offset, &mut work);
        } else {
            work.extend(children.into_iter().rev());
        }
    }
}

/// A pair's parts carry the fields `key` and `value`.
fn add_pair<'i>(
    draft: &mut Draft,
    node: u32,
    children: Vec<(u32, Pair<'i, Rule>)>,
    offset: u32,
    work: &mut Vec<(u32, Pair<'i, Rule>)>,
) {
    for (n, (_, child)) in children.into_iter().enumerate() {
        let span = child.as_span();
        let span = Span::new(span.start() as u32 + offset, span.end() as u32 + offset);
        let kind = match shape(child.as_rule()) {
            Shape::Node(kind, _) => kind,
            _ => continue,
        };
        let inner = draft.add(node, Kind::of(kind), Field::of(if n == 0 { "key" } else { "value" }), span);
        work.extend(child.into_inner().rev().map(|part| (inner, part)));
    }
}

/// pest lets a rule that ends in repetition take trailing white space; the node ends with its last part.
fn trimmed_end(pair: &Pair<'_, Rule>, span: Span, offset: u32) -> u32 {
    let text = pair.as_str();
    let _ = offset;
    span.end - (text.len() - text.trim_end().len()) as u32
}

enum Shape {
    Through,
    Nothing,
    Block,
    Node(&'static str, &'static str),
}

fn shape(rule: Rule) -> Shape {
    match rule {
        Rule::block => Shape::Through,
        Rule::enum_block | Rule::config_block | Rule::model_block => Shape::Block,
        Rule::enum_word | Rule::config_word | Rule::model_word | Rule::EOI => Shape::Nothing,
        Rule::enum_value => Shape::Node("enum_value", ""),
        Rule::field => Shape::Node("field_declaration", ""),
        Rule::field_type => Shape::Node("type", "type"),
        Rule::list_mark => Shape::Node("list_mark", ""),
        Rule::optional_mark => Shape::Node("optional_mark", ""),
        Rule::attribute => Shape::Node("attribute", ""),
        Rule::block_attribute => Shape::Node("block_attribute", ""),
        Rule::pair | Rule::pair_colon => Shape::Node("pair", ""),
        Rule::array => Shape::Node("array", ""),
        Rule::call => Shape::Node("call", ""),
        Rule::string => Shape::Node("string", ""),
        Rule::number => Shape::Node("number", ""),
        Rule::boolean => Shape::Node("true", ""),
        Rule::name => Shape::Node("identifier", "name"),
        Rule::dotted => Shape::Node("identifier", "name"),
        Rule::gap => Shape::Node("identifier", ""),
        _ => Shape::Through,
    }
}
