//! YAML in the shape JSON has: mappings are objects of pairs, sequences are arrays, in block and flow style alike.

use rune_model::Span;
use tree_sitter::{Node, Parser};

use crate::build::Draft;
use crate::kind::KINDS;
use crate::{Field, Kind};

/// A YAML file: a `module` with what each of its documents holds.
pub(crate) fn yaml(text: &str) -> Draft {
    let whole = Span::new(0, text.len() as u32);
    let mut draft = Draft::new(KINDS.module, whole);
    let mut parser = Parser::new();
    let tree = parser.set_language(&tree_sitter_yaml::LANGUAGE.into()).ok().and_then(|()| parser.parse(text, None));
    let Some(tree) = tree else {
        draft.add_error(whole);
        return draft;
    };
    if tree.root_node().has_error() {
        add_errors(&mut draft, tree.root_node());
    }
    // Each entry: a node of the grammar, the node of the tree to put it under, and in which field.
    let mut work = vec![(tree.root_node(), 0u32, Field::NONE)];
    while let Some((node, parent, field)) = work.pop() {
        let (under, fields) = match add(&mut draft, node, parent, field, text) {
            Below::Nothing => continue,
            Below::Of(under) => (under, field),
            Below::In(under) => (under, Field::NONE),
        };
        let mut cursor = node.walk();
        let children: Vec<Node<'_>> = node.named_children(&mut cursor).collect();
        for child in children.into_iter().rev() {
            let is_pair = matches!(node.kind(), "block_mapping_pair" | "flow_pair");
            let field = match is_pair {
                true if node.child_by_field_name("key") == Some(child) => Field::of("key"),
                true => Field::of("value"),
                false => fields,
            };
            work.push((child, under, field));
        }
    }
    draft
}

/// Where the children of a node of the grammar go.
enum Below {
    /// It has none that count.
    Nothing,
    /// In its place: it is only a wrapper.
    Of(u32),
    /// Under the node that was made of it.
    In(u32),
}

fn add(draft: &mut Draft, node: Node<'_>, parent: u32, field: Field, text: &str) -> Below {
    let span = Span::new(node.start_byte() as u32, node.end_byte() as u32);
    let is_key = field == Field::of("key");
    let mut leaf = |kind: Kind| {
        draft.add(parent, kind, field, span);
        Below::Nothing
    };
    match node.kind() {
        "comment" => {
            draft.add_comment(span);
            Below::Nothing
        }
        "stream" | "document" | "block_node" | "flow_node" | "block_sequence_item" | "plain_scalar" => Below::Of(parent),
        "block_mapping" | "flow_mapping" => Below::In(draft.add(parent, KINDS.object, field, trimmed(span, text))),
        "block_sequence" | "flow_sequence" => Below::In(draft.add(parent, KINDS.array, field, trimmed(span, text))),
        // What `<<` brings is not looked up: the object may have more keys.
        "block_mapping_pair" | "flow_pair"
            if node.child_by_field_name("key").is_some_and(|key| key.utf8_text(text.as_bytes()) == Ok("<<")) =>
        {
            draft.add(parent, Kind::of("spread_element"), field, trimmed(span, text));
            Below::Nothing
        }
        "block_mapping_pair" | "flow_pair" => Below::In(draft.add(parent, KINDS.pair, field, trimmed(span, text))),
        _ if is_key && node.kind().ends_with("_scalar") && !node.kind().contains("quote") => leaf(KINDS.property_identifier),
        "integer_scalar" | "float_scalar" => leaf(KINDS.number),
        "boolean_scalar" => leaf(Kind::of(if span.of(text).eq_ignore_ascii_case("true") { "true" } else { "false" })),
        "null_scalar" => leaf(Kind::of("null")),
        "string_scalar" | "double_quote_scalar" | "single_quote_scalar" | "block_scalar" | "timestamp_scalar" => {
            leaf(KINDS.string)
        }
        // Another place of the file says what stands here.
        "alias" => leaf(KINDS.identifier),
        _ => Below::Nothing,
    }
}

/// Without the line end that a block reaches up to.
fn trimmed(span: Span, text: &str) -> Span {
    Span::new(span.start, span.start + span.of(text).trim_end().len() as u32)
}

fn add_errors(draft: &mut Draft, root: Node<'_>) {
    let mut work = vec![root];
    while let Some(node) = work.pop() {
        if node.is_error() || node.is_missing() {
            draft.add_error(Span::new(node.start_byte() as u32, node.end_byte() as u32));
        } else if node.has_error() {
            let mut cursor = node.walk();
            work.extend(node.children(&mut cursor));
        }
    }
}
