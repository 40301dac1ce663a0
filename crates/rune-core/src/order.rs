//! In which order the places of a function run, as far as the tree tells: what comes after what, what runs only in some
//! cases, what is left by an exit. No graph is built: each question is a walk up the tree.

use rune_syntax::{Ast, NodeId, NodeRef, Project, class_kinds};

use crate::builtin;

/// A file's tree with the questions about order.
#[derive(Clone, Copy)]
pub(crate) struct Order<'p> {
    project: &'p Project,
    ast: &'p Ast,
    file: u32,
}

impl<'p> Order<'p> {
    pub(crate) fn new(project: &'p Project, file: u32) -> Order<'p> {
        Order { project, ast: project.ast(file), file }
    }

    fn at(&self, node: NodeId) -> NodeRef {
        NodeRef { file: self.file, node }
    }

    fn kind(&self, node: NodeId) -> &'static str {
        self.ast.kind(node).name()
    }

    pub(crate) fn is_after(&self, node: NodeId, first: NodeId) -> bool {
        self.ast.span(first).end <= self.ast.span(node).start
    }

    /// The innermost function around a node; functions that run where they stand belong to the one around them.
    pub(crate) fn owner(&self, node: NodeId) -> Option<NodeId> {
        let functions = self.ast.ancestors(node).filter(|above| builtin::is_function(self.project, self.at(*above)));
        functions.into_iter().find(|function| !self.runs_in_place(*function))
    }

    /// Whether a function runs where it stands: for each item of an iterating call, on the result of a promise, or at once.
    fn runs_in_place(&self, function: NodeId) -> bool {
        let at = self.at(function);
        let is_method = |name| matches!(name, "then" | "catch" | "finally");
        builtin::is_loop_callback(self.project, at)
            || builtin::given_to_method(self.project, at).is_some_and(|(_, name)| is_method(self.project.text(name)))
            || self.ast.parent(function).is_some_and(|above| self.ast.child_named(above, "function") == Some(function))
    }

    /// The part of the code around a node that may be left out: a branch, the body of a loop or of a function.
    fn region(&self, node: NodeId) -> NodeId {
        let mut below = node;
        for above in self.ast.ancestors(node) {
            if self.is_optional(below, above) {
                return below;
            }
            below = above;
        }
        0
    }

    fn is_optional(&self, node: NodeId, parent: NodeId) -> bool {
        let field = self.ast.field(node).name();
        match self.kind(parent) {
            "if_statement" | "elif_clause" | "ternary_expression" => field != "condition",
            "conditional_expression" => self.ast.children(parent).nth(1) != Some(node),
            "while_statement" | "do_statement" | "for_statement" | "for_in_statement" | "try_statement" => field == "body",
            "switch_case" | "switch_default" | "case_clause" | "catch_clause" | "except_clause" | "else_clause" => true,
            "list_comprehension" | "set_comprehension" | "dictionary_comprehension" | "generator_expression" => true,
            "binary_expression" | "boolean_operator" => field == "right" && self.is_short_circuit(parent),
            _ => builtin::is_function(self.project, self.at(parent)),
        }
    }

    fn is_short_circuit(&self, node: NodeId) -> bool {
        let operator = self.ast.child_named(node, "operator").map(|operator| self.project.text(self.at(operator)));
        matches!(operator, Some("&&" | "||" | "??" | "and" | "or"))
    }

    /// Whether `node` runs wherever `later` runs, if both come in that order.
    pub(crate) fn dominates(&self, node: NodeId, later: NodeId) -> bool {
        self.ast.is_within(later, self.region(node))
    }

    /// Whether no way leads from one to the other: they stand in two branches of one question, or what follows the first
    /// is an exit.
    pub(crate) fn is_cut_off(&self, first: NodeId, later: NodeId) -> bool {
        let mut below = first;
        for above in self.ast.ancestors(first) {
            if self.ast.is_within(later, above) {
                return self.are_exclusive(above, below, later);
            }
            if self.leaves(above) {
                return true;
            }
            below = above;
        }
        false
    }

    /// Whether a block ends by leaving the function.
    fn leaves(&self, block: NodeId) -> bool {
        let is_block = matches!(self.kind(block), "statement_block" | "block" | "switch_case" | "switch_default");
        let last = self.ast.children(block).last().filter(|_| is_block);
        last.is_some_and(|last| matches!(self.kind(last), "return_statement" | "throw_statement" | "raise_statement"))
    }

    /// Whether a child of `above` and the one that holds `later` are two answers to one question.
    fn are_exclusive(&self, above: NodeId, first: NodeId, later: NodeId) -> bool {
        let Some(other) = self.ast.children(above).find(|child| self.ast.is_within(later, *child)) else { return false };
        if first == other {
            return false;
        }
        let is_branch = |node: NodeId| matches!(self.ast.field(node).name(), "consequence" | "alternative");
        match self.kind(above) {
            "if_statement" | "ternary_expression" => is_branch(first) && is_branch(other),
            "conditional_expression" => self.is_optional(first, above) && self.is_optional(other, above),
            "block" => self.kind(first) == "case_clause" && self.kind(other) == "case_clause",
            "switch_body" => self.ast.children(first).last().is_some_and(|last| self.kind(last) == "break_statement"),
            _ => false,
        }
    }

    /// Whether a loop within `scope` holds both nodes, so that each may come after the other.
    pub(crate) fn in_one_loop(&self, a: NodeId, b: NodeId, scope: NodeId) -> bool {
        let is_loop = |node: NodeId| {
            class_kinds("loop").contains(&self.ast.kind(node)) || builtin::is_loop_callback(self.project, self.at(node))
        };
        self.ast.ancestors(a).take_while(|above| *above > scope).any(|above| is_loop(above) && self.ast.is_within(b, above))
    }
}
