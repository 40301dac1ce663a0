//! Whether the value of an expression is computed from another: through locals, destructuring, later assignments, loop
//! variables and the items of iterating calls, within one file. Calls and conditions are taken to pass on what goes into them.

use rune_syntax::{BindingKind, NodeRef, Project};
use rustc_hash::FxHashSet;

use crate::builtin;

/// How many nodes are looked at before the answer is no.
const MAX_NODES: usize = 50_000;

/// Whether `value` holds `on`, names it, or is made from something that does.
pub(crate) fn depends(project: &Project, value: NodeRef, on: NodeRef) -> bool {
    if value.file != on.file {
        return false;
    }
    // A parameter stands for every name that it binds.
    let names = if builtin::is_parameter(project, on) { builtin::names_in(project, on) } else { vec![on] };
    let wanted: Vec<u32> = names.into_iter().filter_map(|name| project.binding(name).map(|binding| binding.node)).collect();
    let mut seen: FxHashSet<u32> = FxHashSet::default();
    let mut work = vec![value];
    let mut left = MAX_NODES;
    while let Some(root) = work.pop() {
        let ast = project.ast(root.file);
        for node in root.node..ast.subtree_end(root.node) {
            left = left.saturating_sub(1);
            if left == 0 {
                return false;
            }
            let at = NodeRef { file: root.file, node };
            if at == on {
                return true;
            }
            let Some(binding) = variable(project, at) else { continue };
            if wanted.contains(&binding) {
                return true;
            }
            if seen.insert(binding) {
                work.extend(sources(project, NodeRef { file: root.file, node: binding }, &mut left));
            }
        }
    }
    false
}

/// The binding of a name that is read as a variable; `None` for member names, keyword names, imports and definitions.
fn variable(project: &Project, at: NodeRef) -> Option<u32> {
    if !is_name(project, at) {
        return None;
    }
    let parent = project.parent(at).map_or("", |parent| project.kind(parent).name());
    let field = project.ast(at.file).field(at.node).name();
    if matches!((parent, field), ("attribute", "attribute") | ("keyword_argument", "name")) {
        return None;
    }
    let binding = project.binding(at)?;
    let is_variable = !matches!(binding.kind, BindingKind::Import { .. } | BindingKind::Definition(_));
    is_variable.then_some(binding.node)
}

fn is_name(project: &Project, at: NodeRef) -> bool {
    matches!(project.kind(at).name(), "identifier" | "shorthand_property_identifier_pattern")
}

/// What is written into the variable that `place` binds, anywhere in its scope.
fn sources(project: &Project, place: NodeRef, left: &mut usize) -> Vec<NodeRef> {
    let Some(binding) = project.binding(place) else { return Vec::new() };
    if let BindingKind::Parameter(_) | BindingKind::Value(_) | BindingKind::Member { .. } = binding.kind
        && let Some(over) = iterated(project, place)
    {
        return vec![over];
    }
    // What is put into an object that came from outside says nothing of the rest of it.
    let is_own = !matches!(binding.kind, BindingKind::Parameter(_));
    let ast = project.ast(place.file);
    let name = project.text(place);
    let scope = binding.scope..ast.subtree_end(binding.scope);
    *left = left.saturating_sub(scope.len() / 8);
    scope
        .map(|node| NodeRef { file: place.file, node })
        .filter(|at| is_name(project, *at) && project.text(*at) == name)
        .filter(|at| project.binding(*at).is_some_and(|other| other.node == binding.node))
        .filter_map(|at| written(project, at, is_own))
        .collect()
}

/// What is iterated, if `place` lies in the parameters of a function that an iterating call calls for each item.
fn iterated(project: &Project, place: NodeRef) -> Option<NodeRef> {
    let function = builtin::enclosing_function(project, place)?;
    let (over, parameter) = builtin::callback_of(project, function)?;
    let parameter = parameter?;
    project.ast(place.file).is_within(place.node, parameter.node).then_some(over)
}

/// The value that a name takes where it stands as a target: `a`, `[a]`, `{ k: a }`, with `members` also `a.k` and `a[k]`.
fn written(project: &Project, at: NodeRef, members: bool) -> Option<NodeRef> {
    let mut node = at;
    loop {
        let parent = project.parent(node)?;
        let field = project.ast(at.file).field(node.node).name();
        match (project.kind(parent).name(), field) {
            ("variable_declarator" | "named_expression", "name") => return project.child(parent, "value"),
            (
                "assignment_expression"
                | "assignment"
                | "augmented_assignment_expression"
                | "augmented_assignment"
                | "for_in_statement"
                | "for_statement"
                | "for_in_clause",
                "left",
            ) => return project.child(parent, "right"),
            ("as_pattern", "alias") => return project.children(parent).next(),
            ("member_expression" | "attribute" | "subscript_expression", "object") | ("subscript", "value") if members => {}
            (
                "object_pattern"
                | "array_pattern"
                | "pair_pattern"
                | "assignment_pattern"
                | "object_assignment_pattern"
                | "rest_pattern"
                | "tuple_pattern"
                | "pattern_list"
                | "list_pattern"
                | "list_splat_pattern"
                | "as_pattern_target",
                field,
            ) if !matches!(field, "right" | "key") => {}
            _ => return None,
        }
        node = parent;
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use rune_model::Source;

    /// Whether the argument of `ask` depends on the first name that is spelled `item`.
    fn check(path: &str, text: &str) -> bool {
        let project = Project::new(&[Source { path: path.into(), text: text.into() }]);
        let nodes = (0..project.ast(0).len()).map(|node| NodeRef { file: 0, node });
        let item = nodes.clone().find(|at| project.text(*at) == "item").expect("the text names `item`");
        let is_ask = |at: &NodeRef| project.child(*at, "function").is_some_and(|callee| project.text(callee) == "ask");
        let call = nodes.clone().find(is_ask).expect("the text calls `ask`");
        depends(&project, project.child(call, "arguments").expect("a call has arguments"), item)
    }

    #[test]
    fn a_value_depends_on_what_it_is_made_from() {
        assert!(check("a.ts", "for (const item of items) { const { key } = item; const where = { key }; ask(where); }"));
        assert!(check("a.ts", "items.map((item) => item.parts.map((part) => ask(part.id)));"));
        assert!(check("a.ts", "for (const item of items) { const where = {}; where.id = item.id; ask(where); }"));
        assert!(check("a.py", "for item in items:\n    q = select(A)\n    q = q.where(A.id == item.id)\n    ask(q)\n"));
        assert!(check("a.py", "for item in items:\n    with item.open() as file:\n        ask(file)\n"));
    }

    #[test]
    fn names_of_members_and_keywords_are_no_variables() {
        assert!(!check("a.ts", "for (const item of items) ask(other.item, { item: 1 });"));
        assert!(!check("a.py", "for item in items:\n    ask(other.item, item=1)\n"));
        assert!(!check("a.py", "def f(self):\n    for item in items:\n        self.seen = item\n        ask(self.db)\n"));
        assert!(!check("a.ts", "for (const item of items) { count += item.n; ask(id); }"));
    }
}
