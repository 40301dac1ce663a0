//! Whether values may be taken from where the text is made to where it is run.

use rune_syntax::{BindingKind, Field, NodeId};

use super::pieces::{Pieces, What};
use crate::edit::{EditError, File};

/// Kinds that pass a text on as it is.
const PASS_ON: &[&str] = &[
    "arguments",
    "argument_list",
    "call_expression",
    "call",
    "new_expression",
    "keyword_argument",
    "pair",
    "object",
    "await_expression",
    "await",
    "as_expression",
    "satisfies_expression",
    "non_null_expression",
];

/// Kinds that do something, so that it matters when they are evaluated.
const DOES: &[&str] = &[
    "call_expression",
    "call",
    "new_expression",
    "await_expression",
    "await",
    "assignment_expression",
    "named_expression",
    "augmented_assignment_expression",
    "update_expression",
    "yield_expression",
    "yield",
];

const ELSEWHERE: EditError = EditError::Shape("the text is not used by this call alone");

impl File {
    /// The text must reach `into`, and nothing else; its values must mean the same there.
    pub(super) fn may_move(&self, node: NodeId, into: NodeId, pieces: &Pieces) -> Result<(), EditError> {
        if self.is_tagged(node) {
            return Err(EditError::Shape("a tagged template passes its values on by itself"));
        }
        let Some(top) = self.passed_on(node, into) else { return Ok(()) };
        let binding = self.scopes().bindings().iter().find(|binding| binding.kind == BindingKind::Value(top));
        let Some(binding) = binding.filter(|binding| binding.n_writes == 1) else { return Err(ELSEWHERE) };
        let name = self.node_text(binding.node);
        let is_use = |at: &NodeId| *at != binding.node && self.kind(*at) == "identifier" && self.node_text(*at) == name;
        let refers = |at: &NodeId| self.scopes().resolve(&self.ast, *at, name).is_some_and(|found| found.node == binding.node);
        let uses: Vec<NodeId> = (1..self.ast.len()).filter(is_use).filter(refers).collect();
        let [used] = uses[..] else { return Err(ELSEWHERE) };
        let reaches = self.ast.is_within(used, into) && (self.is_receiver(used, into) || self.passed_on(used, into).is_none());
        if !reaches || self.function(node) != self.function(into) {
            return Err(ELSEWHERE);
        }
        let holes = pieces.units.iter().filter_map(|unit| if let What::Hole(node) = unit.what { Some(node) } else { None });
        for hole in holes {
            for at in hole..self.ast.subtree_end(hole) {
                let is_changed = self.kind(at) == "identifier"
                    && self.scopes().resolve(&self.ast, at, self.node_text(at)).is_some_and(|binding| binding.n_writes > 1);
                if is_changed || DOES.contains(&self.kind(at)) {
                    return Err(EditError::Shape("a value may be another one where the text is run"));
                }
            }
        }
        Ok(())
    }

    /// Whether a method of `node` is what `call` calls, as on a statement that was prepared.
    fn is_receiver(&self, node: NodeId, call: NodeId) -> bool {
        let parent = self.ast.parent(node).filter(|_| self.ast.field(node) == Field::of("object"));
        parent.is_some_and(|parent| self.ast.child_named(call, "function") == Some(parent))
    }

    fn is_tagged(&self, node: NodeId) -> bool {
        let is_template = self.kind(node) == "template_string";
        let parent = self.ast.parent(node).filter(|_| is_template);
        parent.is_some_and(|parent| self.ast.child_named(parent, "arguments") == Some(node))
    }

    /// Up from the text through what passes it on: `None` if `into` is reached, else the outermost node that does.
    fn passed_on(&self, node: NodeId, into: NodeId) -> Option<NodeId> {
        let mut at = node;
        while let Some(parent) = self.ast.parent(at) {
            if parent == into || at == into || self.is_receiver(at, into) {
                return None;
            }
            if !PASS_ON.contains(&self.kind(parent)) {
                return Some(at);
            }
            at = parent;
        }
        Some(at)
    }

    fn function(&self, node: NodeId) -> Option<NodeId> {
        let functions = ["function_declaration", "arrow_function", "method_definition", "function_definition", "lambda"];
        self.ast.ancestors(node).find(|at| functions.contains(&self.kind(*at)))
    }
}
