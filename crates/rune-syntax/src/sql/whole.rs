//! Whether a text is the whole of one, and what it begins with.

use std::borrow::Cow;

use super::text;
use crate::constant::unescape;
use crate::{NodeRef, Project};

/// The literal that a text begins with.
pub(super) fn first_text(project: &Project, at: NodeRef) -> Option<Cow<'_, str>> {
    let mut node = project.peel(at);
    for _ in 0..200 {
        node = match project.kind(node).name() {
            "string" | "template_string" => {
                let text = project.text(node);
                let body = text.trim_start_matches(|c: char| c.is_ascii_alphabetic());
                let inner = body.trim_start_matches(['"', '\'', '`']);
                return Some(if inner.contains('\\') { Cow::Owned(unescape(inner)) } else { Cow::Borrowed(inner) });
            }
            "concatenated_string" | "array" | "list" | "tuple" => project.children(node).next()?,
            "binary_expression" | "binary_operator" => project.child(node, "left")?,
            "call_expression" | "call" => call_start(project, node)?,
            "identifier" => Some(project.value(node)).filter(|value| *value != node)?,
            _ => return None,
        };
        node = project.peel(node);
    }
    None
}

/// Where the text that a call makes begins.
fn call_start(project: &Project, call: NodeRef) -> Option<NodeRef> {
    let arguments = project.child(call, "arguments")?;
    if project.kind(arguments).name() == "template_string" {
        return Some(arguments);
    }
    let (object, name) = text::method(project, call)?;
    match name {
        "join" if !project.kind(object).name().contains("string") => Some(object),
        "join" => project.children(arguments).next(),
        "format" | "concat" | "trim" | "strip" | "replace" | "replaceAll" => Some(object),
        _ => None,
    }
}

/// Whether a text is a part of a larger one.
pub(super) fn is_part(project: &Project, at: NodeRef) -> bool {
    let mut node = at;
    let Some(mut parent) = project.parent(at) else { return false };
    while crate::is_cast(project.kind(parent)) {
        node = parent;
        let Some(next) = project.parent(parent) else { return false };
        parent = next;
    }
    let is_object = |member: NodeRef| {
        project
            .parent(member)
            .is_some_and(|call| project.child(call, "function") == Some(member) && call_start(project, call).is_some())
    };
    match project.kind(parent).name() {
        "concatenated_string" | "template_substitution" | "interpolation" => true,
        "binary_expression" | "binary_operator" => {
            project.child(parent, "operator").is_some_and(|operator| matches!(project.text(operator), "+" | "%"))
        }
        "augmented_assignment_expression" | "augmented_assignment" => true,
        "call_expression" | "call" => project.child(parent, "arguments") == Some(node),
        "member_expression" | "attribute" => project.child(parent, "object") == Some(node) && is_object(parent),
        "array" | "list" | "tuple" => project.parent(parent).is_some_and(|above| match project.kind(above).name() {
            "member_expression" | "attribute" => is_object(above),
            "argument_list" => project.parent(above).is_some_and(|call| call_start(project, call) == Some(parent)),
            _ => false,
        }),
        _ => false,
    }
}
