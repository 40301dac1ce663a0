//! Whether the value of an expression is computed from another, within one file. Calls and conditions are taken to pass on
//! what goes into them, and order does not count: the weaker of the two strengths of [`crate::flow`].

use rune_syntax::{BindingKind, NodeId, NodeRef, Project};

use crate::builtin;
use crate::flow::{Flow, Reached, is_assignment, variable, write_at};
use crate::held::Held;

/// Whether `value` holds `on`, names it, or is made from something that does; `reached` is where the value of `on` goes.
pub(crate) fn depends(project: &Project, value: NodeRef, on: NodeRef, reached: &Reached) -> bool {
    let ast = project.ast(value.file);
    if value.file != on.file {
        return false;
    }
    if ast.is_within(on.node, value.node) {
        return true;
    }
    let mut nodes = (value.node..ast.subtree_end(value.node)).map(|node| NodeRef { node, ..value });
    nodes.any(|at| variable(project, at).is_some_and(|binding| reached.names.contains(&binding.node)))
}

impl Flow<'_> {
    /// Whatever is written from something that holds the node is made from it.
    pub(crate) fn climb_computed(&mut self, node: NodeId) {
        let mut below = node;
        let ancestors: Vec<NodeId> = self.ast.ancestors(node).collect();
        for above in ancestors {
            self.written_by(above, below);
            below = above;
        }
    }

    /// The names that `above` writes if `value`, a child of it, is what it writes.
    fn written_by(&mut self, above: NodeId, value: NodeId) {
        let field = self.ast.field(value).name();
        let target = match (self.kind(above), field) {
            ("variable_declarator" | "named_expression", "value") => self.field(above, "name"),
            (kind, "right") if is_assignment(kind) => self.field(above, "left"),
            ("as_pattern", "") => self.field(above, "alias"),
            ("member_expression" | "attribute", "object") => return self.iterated_by(above),
            _ => None,
        };
        let Some(target) = target else { return };
        for name in target..self.ast.subtree_end(target) {
            let Some(binding) = self.variable(name) else { continue };
            // What is put into an object that came from outside says nothing of the rest of it.
            let is_own = !matches!(binding.kind, BindingKind::Parameter(_));
            let is_written = write_at(self.project, self.at(name), is_own).is_some_and(|(write, _)| write == above);
            if is_written && !self.is_item(name) {
                self.spread(binding, above, &Held::default());
            }
        }
    }

    /// Whether a name is a parameter that takes the items of an iterating call: it holds nothing else.
    fn is_item(&self, name: NodeId) -> bool {
        let Some(place) = self.variable(name).map(|binding| self.at(binding.node)) else { return false };
        let Some(function) = builtin::enclosing_function(self.project, place) else { return false };
        let parameter = builtin::callback_of(self.project, function).and_then(|(_, parameter)| parameter);
        parameter.is_some_and(|parameter| self.ast.is_within(place.node, parameter.node))
    }

    /// The items of an iterating call, if `member` names its method.
    fn iterated_by(&mut self, member: NodeId) {
        let call = self.ast.parent(member).filter(|call| self.field(*call, "function") == Some(member));
        let Some(arguments) = call.and_then(|call| self.field(call, "arguments")) else { return };
        let functions: Vec<NodeId> = self.ast.children(arguments).collect();
        for function in functions {
            let Some((_, Some(parameter))) = builtin::callback_of(self.project, self.at(function)) else { continue };
            for name in parameter.node..self.ast.subtree_end(parameter.node) {
                if let Some(binding) = self.variable(name).filter(|binding| binding.node == name) {
                    self.spread(binding, function, &Held::default());
                }
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::flow::{Strength, reached};
    use rune_model::Source;

    /// Whether the argument of `ask` depends on the first name that is spelled `item`.
    fn check(path: &str, text: &str) -> bool {
        let project = Project::new(&[Source { path: path.into(), text: text.into() }]);
        let nodes = (0..project.ast(0).len()).map(|node| NodeRef { file: 0, node });
        let item = nodes.clone().find(|at| project.text(*at) == "item").expect("the text names `item`");
        let is_ask = |at: &NodeRef| project.child(*at, "function").is_some_and(|callee| project.text(callee) == "ask");
        let call = nodes.clone().find(is_ask).expect("the text calls `ask`");
        let value = project.child(call, "arguments").expect("a call has arguments");
        depends(&project, value, item, &reached(&project, item, Strength::Computed))
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
