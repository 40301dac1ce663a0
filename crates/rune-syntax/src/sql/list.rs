//! Texts that are joined from a list: literals, lists that are added to, `map`, comprehensions.

use crate::{NodeRef, Project};

use super::text::{Builder, method};
use super::writes::same_names;

/// Whether `at` is a list whose items can be told.
pub(super) fn is_list(project: &Project, at: NodeRef, depth: u32) -> bool {
    let Some(depth) = depth.checked_sub(1) else { return false };
    let value = project.value(at);
    match project.kind(value).name() {
        "array" | "list" | "tuple" | "list_comprehension" | "generator_expression" => true,
        "call_expression" | "call" => method(project, value).is_some_and(|(object, name)| match name {
            "map" | "fill" => true,
            "filter" | "concat" | "slice" => is_list(project, object, depth),
            _ => false,
        }),
        _ => false,
    }
}

/// Whether each item of a list that `map` makes is a text.
pub(super) fn makes_text(project: &Project, at: NodeRef, depth: u32) -> bool {
    let items = items(project, at, depth.min(4)).unwrap_or_default();
    !items.is_empty() && items.into_iter().all(|item| super::text::is_text(project, item, depth.min(4)))
}

/// Adds the items of `list` with the text of `separator` between them.
pub(super) fn join(builder: &mut Builder<'_>, call: NodeRef, list: NodeRef, separator: Option<NodeRef>, depth: u32) {
    let Some(items) = items(builder.project, list, depth) else { return builder.hole(call) };
    for (i, item) in items.into_iter().enumerate() {
        if i > 0 {
            match separator {
                Some(separator) => builder.add(separator, depth),
                None => builder.text(",".into(), call, builder.project.span(call)),
            }
        }
        builder.add(item, depth);
    }
}

/// The items of a list; of one that is computed, what each item is made by; `None` if nothing is known of them.
fn items(project: &Project, at: NodeRef, depth: u32) -> Option<Vec<NodeRef>> {
    let depth = depth.checked_sub(1)?;
    let value = project.value(at);
    match project.kind(value).name() {
        "array" | "list" | "tuple" => {
            let mut found: Vec<NodeRef> = project.children(value).collect();
            if value != at {
                found.extend(pushed(project, at));
            }
            Some(found)
        }
        "list_comprehension" | "generator_expression" => project.child(value, "body").map(|body| vec![body]),
        "binary_operator" => items(project, project.child(value, "left")?, depth),
        "call_expression" | "call" => {
            let (object, name) = method(project, value)?;
            let first = project.child(value, "arguments").and_then(|list| project.children(list).next());
            match name {
                "map" => made(project, first?).map(|item| vec![item]),
                "fill" => first.map(|item| vec![item]),
                "filter" | "slice" => items(project, object, depth),
                _ => None,
            }
        }
        _ => None,
    }
}

/// What is added to the list called `name` before it is read.
fn pushed(project: &Project, name: NodeRef) -> Vec<NodeRef> {
    if project.kind(name).name() != "identifier" {
        return Vec::new();
    }
    let before = same_names(project, name).take_while(|at| at.node < name.node);
    let calls = before.filter_map(|at| {
        let call = project.parent(project.parent(at)?)?;
        let (object, method) = method(project, call).filter(|(object, _)| *object == at)?;
        (object == at && matches!(method, "push" | "append")).then_some(call)
    });
    calls
        .filter_map(|call| project.child(call, "arguments"))
        .flat_map(|list| project.children(list).collect::<Vec<_>>())
        .collect()
}

/// The value that a function gives for an item.
fn made(project: &Project, function: NodeRef) -> Option<NodeRef> {
    let function = project.value(function);
    let body = project.child(function, "body")?;
    if project.kind(body).name() != "statement_block" {
        return Some(body);
    }
    let ast = project.ast(body.file);
    let is_return = |node: &u32| ast.kind(*node).name() == "return_statement";
    let mut returns = (body.node..ast.subtree_end(body.node)).filter(is_return);
    let only = returns.next().filter(|_| returns.next().is_none())?;
    project.children(NodeRef { file: body.file, node: only }).next()
}
