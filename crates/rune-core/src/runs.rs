//! The functions that a handler runs: itself, the functions it gives to calls, and those it calls, a few calls deep and
//! across files. Only what is asked for is resolved.

use std::collections::BTreeMap;

use rune_syntax::{NodeRef, Project};
use rustc_hash::FxHashSet;

use crate::builtin;
use crate::calls::{Step, Target, called, function_named, functions_of, is_of_definition, wrappers};
use crate::classes::Fuel;
use crate::kept::Kept;

/// How many calls deep functions are followed.
const MAX_HOPS: u32 = 4;

/// How many functions are followed for one handler; what lies beyond is not found, and that is reported.
const MAX_FUNCTIONS: usize = 4_000;

/// What a function runs by itself.
#[derive(Debug, Default)]
pub(crate) struct Body {
    /// Functions that stand in it and are given to calls: they run as a part of it.
    inner: Vec<Step>,
    /// Functions that it calls.
    calls: Vec<Step>,
    /// How many nodes were looked at.
    pub(crate) n_nodes: u32,
}

/// What a function runs by itself, calls of the functions that stand in it and are given to calls among it.
pub(crate) fn body_of(project: &Project, known: &Kept<Vec<Target>>, function: NodeRef) -> Body {
    let ast = project.ast(function.file);
    let (mut node, end) = (function.node + 1, ast.subtree_end(function.node));
    let mut body = Body { n_nodes: end - function.node, calls: wrappers(project, function), ..Body::default() };
    while node < end {
        let at = NodeRef { node, ..function };
        if builtin::is_function(project, at) {
            match given_to(project, at) {
                Some(call) => body.inner.push(Step { at: call, function: at, possible: false }),
                None => {
                    let call = given_under_key(project, at);
                    body.calls.extend(call.map(|call| Step { at: call, function: at, possible: true }));
                    node = ast.subtree_end(node);
                    continue;
                }
            }
        }
        calls_at(project, known, at, &mut body);
        node = if is_of_definition(project, at) { ast.subtree_end(node) } else { node + 1 };
    }
    body
}

/// The call that a function is an argument of, or that calls it where it stands.
fn given_to(project: &Project, function: NodeRef) -> Option<NodeRef> {
    let above = project.parent(function)?;
    if project.child(above, "function") == Some(function) {
        return Some(above);
    }
    matches!(project.kind(above).name(), "arguments" | "argument_list").then(|| project.parent(above)).flatten()
}

/// The call that a function is given to under a key of an argument, or by a keyword: it may call it.
fn given_under_key(project: &Project, function: NodeRef) -> Option<NodeRef> {
    let mut above = project.parent(function)?;
    while is_entry(project, above) {
        above = project.parent(above)?;
    }
    let is_list = matches!(project.kind(above).name(), "arguments" | "argument_list");
    is_list.then(|| project.parent(above)).flatten()
}

/// What stands between an argument and what lies under its keys.
fn is_entry(project: &Project, at: NodeRef) -> bool {
    matches!(project.kind(at).name(), "pair" | "object" | "dictionary" | "keyword_argument")
}

/// The values under the keys of an argument, or of a keyword; the argument itself if it is neither.
fn values_of(project: &Project, argument: NodeRef) -> Vec<NodeRef> {
    let (mut found, mut work) = (Vec::new(), vec![argument]);
    while let Some(at) = work.pop() {
        match project.kind(at).name() {
            "pair" | "keyword_argument" => work.extend(project.child(at, "value")),
            "object" | "dictionary" => work.extend(project.children(at)),
            _ => found.push(at),
        }
    }
    found
}

fn calls_at(project: &Project, known: &Kept<Vec<Target>>, call: NodeRef, body: &mut Body) {
    let kind = project.kind(call).name();
    if !matches!(kind, "call_expression" | "call" | "new_expression") {
        return;
    }
    let targets = known.get(call, || called(project, call));
    let targets = targets.iter().filter(|target| project.parent(target.function) != Some(call));
    body.calls.extend(targets.map(|target| Step { at: call, function: target.function, possible: target.possible }));
    let Some(arguments) = project.child(call, "arguments") else { return };
    // Functions that are given by name: to methods that call them for certain, or to something that may keep them.
    let callee = project.child(call, "function");
    let name = callee.and_then(|callee| project.child(callee, "property").or_else(|| project.child(callee, "attribute")));
    let is_sure = name.is_some_and(|name| builtin::is_iterating(project.text(name)) || project.text(name) == "then");
    for argument in project.children(arguments) {
        let is_sure = is_sure && !is_entry(project, argument);
        let named = values_of(project, argument).into_iter().filter(|value| !builtin::is_function(project, *value));
        let given = named.flat_map(|value| function_named(project, value, &Fuel::new()));
        body.calls.extend(given.map(|target| Step {
            at: call,
            function: target.function,
            possible: target.possible || !is_sure,
        }));
    }
}

/// What a handler runs, by place; and whether there is more. `body` gives what one function runs by itself.
pub(crate) fn runs(
    project: &Project,
    handler: NodeRef,
    mut body: impl FnMut(NodeRef) -> std::sync::Arc<Body>,
) -> (Vec<Step>, bool) {
    let starts = functions_of(project, handler, &Fuel::new()).into_iter();
    let starts: Vec<Step> =
        starts.map(|target| Step { at: target.function, function: target.function, possible: target.possible }).collect();
    let mut found: BTreeMap<NodeRef, Step> = BTreeMap::new();
    let mut is_cut = false;
    // First what runs for certain, then what only may.
    for possible in [false, true] {
        let mut seen: FxHashSet<NodeRef> = FxHashSet::default();
        let mut level: Vec<Step> = starts.iter().copied().filter(|step| possible || !step.possible).collect();
        for hop in 0..=MAX_HOPS {
            let mut next = Vec::new();
            for step in level {
                if !seen.insert(step.function) {
                    continue;
                }
                found.entry(step.function).or_insert(step);
                if seen.len() > MAX_FUNCTIONS {
                    is_cut = true;
                    break;
                }
                let own = body(step.function);
                for inner in &own.inner {
                    let inner = Step { possible: step.possible, ..*inner };
                    seen.insert(inner.function);
                    found.entry(inner.function).or_insert(inner);
                }
                if hop < MAX_HOPS {
                    let kept = own.calls.iter().filter(|call| possible || !call.possible);
                    next.extend(kept.map(|call| Step { possible: step.possible || call.possible, ..*call }));
                }
            }
            level = next;
        }
    }
    (found.into_values().collect(), is_cut)
}
