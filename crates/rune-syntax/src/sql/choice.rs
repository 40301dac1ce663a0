//! Expressions that can only be one of several constants, whatever a request holds.

use crate::constant::text_of;
use crate::{BindingKind, NodeRef, Project};

use super::text::{branches, method};
use super::writes::writes;

/// One of the constants that `at` can be; `None` if it may be something else.
pub(super) fn one_of(project: &Project, at: NodeRef, depth: u32) -> Option<String> {
    let depth = depth.checked_sub(1)?;
    let at = project.peel(at);
    if let Some(constant) = project.constant(at) {
        return text_of(constant);
    }
    match project.kind(at).name() {
        "ternary_expression" | "conditional_expression" => {
            let (yes, no) = branches(project, at);
            one_of(project, no?, depth)?;
            one_of(project, yes?, depth)
        }
        "binary_expression" | "boolean_operator" => {
            let operator = project.child(at, "operator").map_or("", |operator| project.text(operator));
            let is_fallback = matches!(operator, "||" | "??" | "or");
            one_of(project, project.child(at, "right").filter(|_| is_fallback)?, depth)?;
            one_of(project, project.child(at, "left")?, depth)
        }
        "subscript_expression" => entry(project, project.child(at, "object")?, depth),
        "subscript" => entry(project, project.child(at, "value")?, depth),
        "call" | "call_expression" => {
            let (object, name) = method(project, at)?;
            if name != "get" {
                return None;
            }
            let fallback = project.child(at, "arguments").and_then(|list| project.children(list).nth(1));
            if let Some(fallback) = fallback {
                one_of(project, fallback, depth)?;
            }
            entry(project, object, depth)
        }
        "identifier" => variable(project, at, depth),
        _ => None,
    }
}

/// An entry of a table all of whose values are constants.
fn entry(project: &Project, table: NodeRef, depth: u32) -> Option<String> {
    let mut table = project.value(table);
    if let Some(inner) = frozen(project, table) {
        table = project.value(inner);
    }
    let values: Vec<NodeRef> = match project.kind(table).name() {
        "object" | "dictionary" => project.children(table).map(|pair| project.child(pair, "value")).collect::<Option<_>>()?,
        "array" | "list" | "tuple" => project.children(table).collect(),
        "new_expression" => return map_entry(project, table, depth),
        _ => return None,
    };
    let texts: Option<Vec<String>> = values.into_iter().map(|value| one_of(project, value, depth)).collect();
    texts?.into_iter().next()
}

/// What `Object.freeze(x)` and the like were given.
fn frozen(project: &Project, at: NodeRef) -> Option<NodeRef> {
    let (object, name) = method(project, at)?;
    let is_frozen = project.text(object) == "Object" && matches!(name, "freeze" | "seal");
    project.children(project.child(at, "arguments").filter(|_| is_frozen)?).next()
}

/// An entry of `new Map([[key, value], …])`.
fn map_entry(project: &Project, at: NodeRef, depth: u32) -> Option<String> {
    let list = project.children(project.child(at, "arguments")?).next()?;
    let pairs: Vec<NodeRef> = project.children(project.value(list)).collect();
    let texts: Option<Vec<String>> =
        pairs.into_iter().map(|pair| one_of(project, project.children(pair).nth(1)?, depth)).collect();
    texts?.into_iter().next()
}

fn variable(project: &Project, at: NodeRef, depth: u32) -> Option<String> {
    let binding = project.binding(at)?;
    let place = NodeRef { file: at.file, node: binding.node };
    match &binding.kind {
        BindingKind::Import { .. } | BindingKind::Definition(_) => None,
        BindingKind::Parameter(node) => {
            let parameter = NodeRef { file: at.file, node: *node };
            literal_type(project, parameter).or_else(|| item(project, place, depth))
        }
        _ => {
            if let Some(found) = item(project, place, depth) {
                return Some(found);
            }
            let (scope, n_writes) = (binding.scope, binding.n_writes);
            let all = writes(project, at, project.ast(at.file).subtree_end(scope));
            if all.is_empty() || all.len() < n_writes as usize || all.iter().any(|write| write.is_added) {
                let value = project.value(at);
                return if value != at && n_writes == 1 { one_of(project, value, depth) } else { None };
            }
            let texts: Option<Vec<String>> = all.iter().map(|write| one_of(project, write.value, depth.min(4))).collect();
            texts?.into_iter().next()
        }
    }
}

/// The first text of a type that is a union of text literals.
fn literal_type(project: &Project, parameter: NodeRef) -> Option<String> {
    let annotation = project.child(parameter, "type")?;
    let text = project.text(annotation);
    let words: Vec<&str> = text.trim_start_matches(':').split('|').map(str::trim).filter(|word| !word.is_empty()).collect();
    let spelled = |word: &str| {
        let inner = word.strip_prefix(['"', '\'']).and_then(|rest| rest.strip_suffix(['"', '\'']))?;
        (!inner.contains(['"', '\''])).then(|| inner.to_owned())
    };
    let texts: Option<Vec<String>> = words.into_iter().map(spelled).collect();
    texts?.into_iter().next()
}

/// An item of the constant list that a loop, or a call for each item, goes over.
fn item(project: &Project, place: NodeRef, depth: u32) -> Option<String> {
    let parent = project.parent(place)?;
    let list = match project.kind(parent).name() {
        "for_in_statement" | "for_statement" | "for_in_clause" if project.child(parent, "left") == Some(place) => {
            project.child(parent, "right")?
        }
        "formal_parameters" | "required_parameter" | "arrow_function" => iterated(project, place)?,
        _ => return None,
    };
    let list = project.value(list);
    let is_list = matches!(project.kind(list).name(), "array" | "list" | "tuple" | "set");
    let texts: Option<Vec<String>> =
        is_list.then(|| project.children(list).map(|item| one_of(project, item, depth)).collect())?;
    texts?.into_iter().next()
}

/// The list whose items the first parameter of a callback takes.
fn iterated(project: &Project, place: NodeRef) -> Option<NodeRef> {
    let ast = project.ast(place.file);
    let function =
        ast.ancestors(place.node).find(|node| matches!(ast.kind(*node).name(), "arrow_function" | "function_declaration"))?;
    let function = NodeRef { file: place.file, node: function };
    let parameters = project.child(function, "parameters").or_else(|| project.child(function, "parameter"))?;
    let first = if parameters == place { place } else { project.children(parameters).next()? };
    let is_first = ast.is_within(place.node, first.node);
    let call = project.parent(project.parent(function)?)?;
    let (object, name) = method(project, call)?;
    (is_first && matches!(name, "map" | "forEach" | "flatMap" | "filter")).then_some(object)
}
