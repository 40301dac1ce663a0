//! What is written into a variable before a place, in the order of the source.

use std::sync::Arc;

use crate::{NodeRef, Project};

/// A write into a variable.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Write {
    /// The name that is written.
    pub(super) target: NodeRef,
    /// The value put in, or added.
    pub(super) value: NodeRef,
    /// Whether it is added to what was there.
    pub(super) is_added: bool,
}

/// How many nodes of its scope are looked at for one variable.
const MAX_NODES: u32 = 20_000;

/// Every write into the variable that `name` refers to which stands before the node `before`.
pub(super) fn writes(project: &Project, name: NodeRef, before: u32) -> Vec<Write> {
    let Some(binding) = project.binding(name).map(|binding| NodeRef { node: binding.node, ..name }) else { return Vec::new() };
    let all = project.known_writes(binding).unwrap_or_else(|| {
        let all: Arc<[Write]> = same_names(project, name).filter_map(|at| write_at(project, at)).collect();
        project.keep_writes(binding, all.clone());
        all
    });
    let all = &all[..all.partition_point(|write| write.target.node < before)];
    // What is being worked out is not there yet.
    let is_done = |write: &&Write| !project.ast(name.file).is_within(before, write.value.node);
    all.iter().filter(is_done).copied().collect()
}

/// The places that name the same variable as `name`, in order.
pub(super) fn same_names(project: &Project, name: NodeRef) -> impl Iterator<Item = NodeRef> + '_ {
    project.binding(name).into_iter().flat_map(move |binding| {
        let end = binding.scope.saturating_add(MAX_NODES);
        project.names_of(name, binding).take_while(move |at| at.node < end)
    })
}

fn write_at(project: &Project, at: NodeRef) -> Option<Write> {
    let parent = project.parent(at)?;
    let field = project.ast(at.file).field(at.node).name();
    let (value, is_added) = match (project.kind(parent).name(), field) {
        ("variable_declarator" | "named_expression", "name") => (project.child(parent, "value")?, false),
        ("assignment_expression" | "assignment", "left") => (project.child(parent, "right")?, false),
        ("augmented_assignment_expression" | "augmented_assignment", "left") => {
            let operator = project.child(parent, "operator").map_or("+=", |operator| project.text(operator));
            (project.child(parent, "right")?, operator == "+=")
        }
        _ => return None,
    };
    Some(Write { target: at, value, is_added })
}

/// The last whole assignment before the node `before` and what was added since, of one way through the branches.
pub(super) fn since_last_whole(project: &Project, name: NodeRef, before: u32) -> Vec<Write> {
    let end = NodeRef { file: name.file, node: before.min(project.ast(name.file).len()).saturating_sub(1) };
    let mut way = branches_around(project, if before == name.node { name } else { end });
    let mut found = Vec::new();
    for write in writes(project, name, before).into_iter().rev() {
        let around = branches_around(project, write.target);
        let is_other_branch =
            |(condition, branch): &(u32, u32)| way.iter().any(|(other, taken)| other == condition && taken != branch);
        if around.iter().any(is_other_branch) {
            continue;
        }
        way.extend(around);
        found.push(write);
        if !write.is_added {
            break;
        }
    }
    found.reverse();
    found
}

/// The conditions around a node, each with the branch that the node is in.
fn branches_around(project: &Project, at: NodeRef) -> Vec<(u32, u32)> {
    let ast = project.ast(at.file);
    let mut found = Vec::new();
    let mut node = at.node;
    for above in ast.ancestors(at.node) {
        let is_condition =
            matches!(ast.kind(above).name(), "if_statement" | "switch_statement" | "switch_body" | "match_statement");
        let is_test = ast.field(node).name() == "condition";
        if is_condition && !is_test {
            found.push((above, node));
        }
        node = above;
    }
    found
}
