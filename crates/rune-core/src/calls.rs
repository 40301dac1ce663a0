//! Which functions a call may run: through names, imports, members of objects and classes, and functions that wrap others.
//! What cannot be resolved gives nothing; what may be another one is possible.

use rune_syntax::{BindingKind, Definition, NodeRef, Project};

use crate::builtin;
use crate::classes::{self, Fuel};
use crate::flow::write_at;

/// How many assignments of one name are looked at.
const MAX_WRITES: usize = 8;

/// A function that may be called.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Target {
    pub(crate) function: NodeRef,
    /// Whether it may be another one.
    pub(crate) possible: bool,
}

/// A function that a handler runs, and the place where it is called; for the handler itself, its own.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Step {
    pub(crate) at: NodeRef,
    pub(crate) function: NodeRef,
    pub(crate) possible: bool,
}

/// Whether a part of a function runs when it is defined, not when it is called: decorators, Python's default values.
pub(crate) fn is_of_definition(project: &Project, part: NodeRef) -> bool {
    match project.kind(part).name() {
        "decorator" => true,
        "parameters" | "lambda_parameters" => project.language(part.file).family() == "python",
        _ => false,
    }
}

/// The innermost function in which a call runs; the root of the file at its top.
pub(crate) fn caller_of(project: &Project, call: NodeRef) -> NodeRef {
    let mut below = call;
    while let Some(above) = project.parent(below) {
        if builtin::is_function(project, above) && !is_of_definition(project, below) {
            return above;
        }
        below = above;
    }
    below
}

/// The functions that a call runs; empty for what is no call and what is not known.
pub(crate) fn called(project: &Project, call: NodeRef) -> Vec<Target> {
    let callee = match project.kind(call).name() {
        "call_expression" | "call" => project.child(call, "function"),
        "new_expression" => project.child(call, "constructor"),
        _ => None,
    };
    callee.map(|callee| functions_of(project, callee, &Fuel::new())).unwrap_or_default()
}

/// The functions that run if `at` is called.
pub(crate) fn functions_of(project: &Project, at: NodeRef, fuel: &Fuel) -> Vec<Target> {
    if fuel.take().is_none() {
        return Vec::new();
    }
    let at = project.peel(at);
    if builtin::is_function(project, at) {
        return vec![Target { function: at, possible: false }];
    }
    match project.kind(at).name() {
        "ternary_expression" => either(project, [project.child(at, "consequence"), project.child(at, "alternative")], fuel),
        "conditional_expression" => either(project, [project.children(at).next(), project.children(at).nth(2)], fuel),
        "binary_expression" | "boolean_operator" => {
            either(project, [project.child(at, "left"), project.child(at, "right")], fuel)
        }
        "call_expression" | "call" => wrapped(project, at, fuel),
        "class_declaration" | "class_definition" => classes::constructor(project, at).into_iter().collect(),
        "identifier" | "member_expression" | "attribute" | "subscript_expression" | "subscript" => named(project, at, fuel),
        _ => Vec::new(),
    }
}

/// One of several: none is certain.
fn either(project: &Project, parts: [Option<NodeRef>; 2], fuel: &Fuel) -> Vec<Target> {
    let found = parts.into_iter().flatten().flat_map(|part| functions_of(project, part, fuel));
    distinct(found.map(|target| Target { possible: true, ..target }).collect())
}

fn distinct(targets: Vec<Target>) -> Vec<Target> {
    let mut kept: Vec<Target> = Vec::new();
    for target in targets {
        match kept.iter_mut().find(|known| known.function == target.function) {
            Some(known) => known.possible &= target.possible,
            None => kept.push(target),
        }
    }
    kept
}

/// What a call gives, if it is called: the functions it was given, and those that the called function returns.
fn wrapped(project: &Project, call: NodeRef, fuel: &Fuel) -> Vec<Target> {
    let Some(callee) = project.child(call, "function").filter(|_| fuel.take().is_some()) else { return Vec::new() };
    let member = project.child(callee, "property").or_else(|| project.child(callee, "attribute"));
    if member.is_some_and(|name| project.text(name) == "bind")
        && let Some(function) = project.child(callee, "object")
    {
        return functions_of(project, function, fuel);
    }
    let arguments = project.child(call, "arguments");
    let given = arguments.into_iter().flat_map(|arguments| project.children(arguments));
    let is_call = |at: NodeRef| matches!(project.kind(at).name(), "call_expression" | "call");
    let named = |argument| match is_call(argument) {
        true => wrapped(project, argument, fuel),
        false => function_named(project, argument, fuel),
    };
    let mut found: Vec<Target> = given.flat_map(named).collect();
    found.extend(functions_of(project, callee, fuel).into_iter().flat_map(|maker| made(project, maker)));
    distinct(found)
}

/// The functions that decorators of Python put in a function's place: they run when it is called.
pub(crate) fn wrappers(project: &Project, function: NodeRef) -> Vec<Step> {
    if project.language(function.file).family() != "python" {
        return Vec::new();
    }
    let mut found = Vec::new();
    for decorator in project.children(function).filter(|child| project.kind(*child).name() == "decorator") {
        let Some(named) = project.children(decorator).next() else { continue };
        let makers = match project.child(named, "function") {
            Some(callee) => {
                functions_of(project, callee, &Fuel::new()).into_iter().flat_map(|maker| made(project, maker)).collect()
            }
            None => functions_of(project, named, &Fuel::new()),
        };
        let wrappers = makers.into_iter().flat_map(|maker| made(project, maker));
        found.extend(wrappers.map(|target| Step { at: decorator, function: target.function, possible: target.possible }));
    }
    found
}

/// The functions that a function returns.
fn made(project: &Project, maker: Target) -> Vec<Target> {
    let values = returned(project, maker.function).into_iter().filter(|value| builtin::is_function(project, *value));
    values.map(|function| Target { function, possible: maker.possible }).collect()
}

/// The functions that an argument is or names; calls and literals are other things.
pub(crate) fn function_named(project: &Project, at: NodeRef, fuel: &Fuel) -> Vec<Target> {
    let is_name = matches!(project.kind(at).name(), "identifier" | "member_expression" | "attribute");
    if !is_name && !builtin::is_function(project, at) {
        return Vec::new();
    }
    let is_class = |target: &Target| matches!(name_of(project, target.function), Some("constructor" | "__init__"));
    functions_of(project, at, fuel).into_iter().filter(|target| !is_class(target)).collect()
}

fn name_of(project: &Project, function: NodeRef) -> Option<&str> {
    project.child(function, "name").map(|name| project.text(name))
}

/// The values that a function itself returns, in order.
pub(crate) fn returned(project: &Project, function: NodeRef) -> Vec<NodeRef> {
    let Some(body) = project.child(function, "body") else { return Vec::new() };
    if !matches!(project.kind(body).name(), "statement_block" | "block") {
        return vec![project.peel(body)];
    }
    let returns = own_nodes(project, body).filter(|at| project.kind(*at).name() == "return_statement");
    returns.filter_map(|at| project.children(at).next().map(|value| project.value(value))).collect()
}

/// A node and what stands in it, in order, without what stands in the functions in it and in parts that run when they are
/// defined; these themselves are given.
pub(crate) fn own_nodes(project: &Project, from: NodeRef) -> impl Iterator<Item = NodeRef> + '_ {
    let ast = project.ast(from.file);
    let end = ast.subtree_end(from.node);
    let after = move |at: &NodeRef| {
        let is_other = at.node != from.node && (builtin::is_function(project, *at) || is_of_definition(project, *at));
        let next = if is_other { ast.subtree_end(at.node) } else { at.node + 1 };
        (next < end).then_some(NodeRef { node: next, ..from })
    };
    std::iter::successors(Some(from), after)
}

fn named(project: &Project, at: NodeRef, fuel: &Fuel) -> Vec<Target> {
    if let Some(found) = method(project, at, fuel) {
        return found;
    }
    match project.definition(at) {
        Definition::External { .. } => Vec::new(),
        Definition::Member(base, key) => member(project, at, &base, &key, fuel),
        Definition::Node(node) if builtin::is_function(project, node) => {
            vec![Target { function: node, possible: is_redefined(project, node) }]
        }
        Definition::Node(node) if project.is_name(node) => assigned(project, node, fuel),
        Definition::Node(node) if node != at => functions_of(project, node, fuel),
        Definition::Node(_) => Vec::new(),
    }
}

/// `super.m`, `f.call`, and methods of what is known to be of a class; `None` where the name itself may say more.
fn method(project: &Project, at: NodeRef, fuel: &Fuel) -> Option<Vec<Target>> {
    let name = project.child(at, "property").or_else(|| project.child(at, "attribute"))?;
    let object = project.child(at, "object").map(|object| project.peel(object))?;
    let name = project.text(name);
    let python = project.language(at.file).family() == "python";
    let is_super = match python {
        true => project.child(object, "function").is_some_and(|callee| project.text(callee) == "super"),
        false => project.kind(object).name() == "super",
    };
    if is_super {
        return Some(classes::inherited(project, at, name));
    }
    let is_own = project.kind(object).name() == "this" || (python && matches!(project.text(object), "self" | "cls"));
    let is_reference = matches!(project.kind(object).name(), "identifier" | "member_expression" | "attribute");
    if is_own || !is_reference {
        let instance = classes::class_of(project, object, fuel);
        let found = instance.map(|instance| classes::methods(project, instance, name)).unwrap_or_default();
        if !found.is_empty() {
            return Some(found);
        }
    }
    if !python && matches!(name, "call" | "apply") && is_reference {
        let found = functions_of(project, object, fuel);
        return (!found.is_empty()).then_some(found);
    }
    None
}

/// A member of something whose members are not all known: of a class by its type, or of an object that is changed.
fn member(project: &Project, at: NodeRef, base: &Definition, key: &str, fuel: &Fuel) -> Vec<Target> {
    let object = project.child(at, "object").or_else(|| project.child(at, "value"));
    if let Some(instance) = object.and_then(|object| classes::class_of(project, object, fuel)) {
        return classes::methods(project, instance, key);
    }
    let Definition::Node(literal) = base else { return Vec::new() };
    if !matches!(project.kind(*literal).name(), "object" | "dictionary") {
        return Vec::new();
    }
    // The entry may have been replaced.
    let is_entry = |entry: &NodeRef| {
        let name = project.child(*entry, "key").or_else(|| project.child(*entry, "name"));
        name.and_then(|name| project.key_text(name)).is_some_and(|text| text == key)
    };
    let entry = project.children(*literal).filter(is_entry).last();
    let value = entry.map(|entry| project.child(entry, "value").unwrap_or(entry));
    let found = value.map(|value| functions_of(project, value, fuel)).unwrap_or_default();
    found.into_iter().map(|target| Target { possible: true, ..target }).collect()
}

/// Whether the name of a function declaration is bound more than once.
fn is_redefined(project: &Project, function: NodeRef) -> bool {
    let Some(name) = project.child(function, "name") else { return false };
    let is_declaration = |kind: &BindingKind| matches!(kind, BindingKind::Definition(_));
    project.binding(name).is_some_and(|binding| is_declaration(&binding.kind) && binding.n_writes > 1)
}

/// What is assigned to a name at any place: the function may be each of them.
fn assigned(project: &Project, place: NodeRef, fuel: &Fuel) -> Vec<Target> {
    let Some(binding) = project.binding(place) else { return Vec::new() };
    let values =
        project.names_of(place, binding).filter_map(|at| write_at(project, at, false)).map(|(_, value)| value).take(MAX_WRITES);
    let fallback = project.parameter_of(place).and_then(|parameter| project.child(parameter, "value"));
    let found = values.chain(fallback).flat_map(|value| functions_of(project, value, fuel));
    distinct(found.map(|target| Target { possible: true, ..target }).collect())
}
