//! Steps from a node: outwards, inwards, later and earlier in the same function.

use std::sync::LazyLock;

use rune_pattern::{Alt, AltKind, Env, Step, Value};
use rune_syntax::{Field, Kind, NodeRef, class_kinds};
use smallvec::SmallVec;

use super::{Solver, State, distinct};
use crate::builtin;

impl Solver<'_> {
    pub(super) fn take_step(&self, from: NodeRef, step: Step, alts: &[Alt], until: Option<&Alt>, env: &Env) -> Vec<Env> {
        match step {
            Step::Inside => self.inside(from, alts, until, env),
            Step::Has => self.every(from, step, alts, until, env),
            Step::Before | Step::After => self.beside(from, step, alts, env),
        }
    }

    /// The nodes that a step looks at, one after the other, as long as `each` says to go on.
    pub(crate) fn walk(&self, from: NodeRef, step: Step, until: Option<&Alt>, env: &Env, mut each: impl FnMut(NodeRef) -> bool) {
        let ast = self.project.ast(from.file);
        match step {
            Step::Inside => {
                for node in ast.ancestors(from.node).take_while(|_| self.matcher.step()) {
                    let at = NodeRef { file: from.file, node };
                    if !each(at) || until.is_some_and(|until| self.stops(until, at, env)) {
                        break;
                    }
                }
            }
            Step::Has => {
                let from = if self.is_reference(from) { self.project.value(from) } else { from };
                let ast = self.project.ast(from.file);
                let (mut node, end) = (from.node, ast.subtree_end(from.node));
                while node < end && self.matcher.step() {
                    let at = NodeRef { file: from.file, node };
                    if !each(at) {
                        break;
                    }
                    let stop = node != from.node && until.is_some_and(|until| self.stops(until, at, env));
                    node = if stop { ast.subtree_end(node) } else { node + 1 };
                }
            }
            // Nodes of the same innermost function, later or earlier by position.
            Step::Before | Step::After => {
                let function = builtin::enclosing_function(self.project, from);
                let (mut node, end) = function.map_or((0, ast.len()), |f| (f.node + 1, ast.subtree_end(f.node)));
                while node < end && self.matcher.step() {
                    let at = NodeRef { file: from.file, node };
                    if self.is_past(from, at, step) && !each(at) {
                        break;
                    }
                    // What lies in another function is not of this one.
                    node = if builtin::is_function(self.project, at) { ast.subtree_end(node) } else { node + 1 };
                }
            }
        }
    }

    /// The nearest node around `from` that fits. A capture that holds a definition means that definition's node.
    fn inside(&self, from: NodeRef, alts: &[Alt], until: Option<&Alt>, env: &Env) -> Vec<Env> {
        if let Some(found) = self.inside_bound(from, alts, env) {
            return found;
        }
        let mut found = Vec::new();
        let kinds = Kinds::of(alts);
        self.walk(from, Step::Inside, until, env, |at| {
            if kinds.admit(self.project.kind(at)) {
                found = self.any_of(alts, at, env);
            }
            found.is_empty()
        });
        found
    }

    /// `inside $X` with `$X` bound: whether the place lies within the node or within what it refers to.
    fn inside_bound(&self, from: NodeRef, alts: &[Alt], env: &Env) -> Option<Vec<Env>> {
        let [Alt { kind: AltKind::Capture(slot), .. }] = alts else { return None };
        let Some(Value::Node(node)) = env.get(*slot) else { return None };
        let within = |outer: NodeRef| outer.file == from.file && self.project.ast(from.file).is_within(from.node, outer.node);
        let held = within(*node) || within(self.project.value(*node));
        Some(if held { vec![env.clone()] } else { Vec::new() })
    }

    fn stops(&self, until: &Alt, at: NodeRef, env: &Env) -> bool {
        let is_function = matches!(&until.kind, AltKind::Class(word) if word == "function");
        if is_function && builtin::is_loop_callback(self.project, at) {
            return false;
        }
        !self.alt(until, at, env).is_empty()
    }

    /// Every node that a step looks at and that fits.
    fn every(&self, from: NodeRef, step: Step, alts: &[Alt], until: Option<&Alt>, env: &Env) -> Vec<Env> {
        let mut found = Vec::new();
        let kinds = Kinds::of(alts);
        self.walk(from, step, until, env, |at| {
            if kinds.admit(self.project.kind(at)) && !self.names_itself(at, alts) {
                found.extend(self.any_of(alts, at, env));
            }
            true
        });
        distinct(found)
    }

    /// Whether a node is the name that a definition gives itself, and definitions of that kind are looked for: the definition
    /// is found where it stands, not once more by its name.
    fn names_itself(&self, at: NodeRef, alts: &[Alt]) -> bool {
        static NAME: LazyLock<Field> = LazyLock::new(|| Field::of("name"));
        if self.project.ast(at.file).field(at.node) != *NAME {
            return false;
        }
        let kind = self.project.parent(at).map(|parent| self.project.kind(parent));
        let is_sought = |alt: &Alt| match &alt.kind {
            AltKind::Code(snippets) => snippets.iter().any(|snippet| snippet.root_kind() == kind),
            _ => false,
        };
        kind.is_some() && alts.iter().all(is_sought)
    }

    fn is_reference(&self, at: NodeRef) -> bool {
        let value = self.project.value(at);
        value != at && class_kinds("function").contains(&self.project.kind(value))
    }

    fn beside(&self, from: NodeRef, step: Step, alts: &[Alt], env: &Env) -> Vec<Env> {
        match alts {
            [alt] => self.beside_rows(from, step, alt, env),
            _ => None,
        }
        .unwrap_or_else(|| self.every(from, step, alts, None, env))
    }

    /// Rows are looked up, not searched for.
    fn beside_rows(&self, from: NodeRef, step: Step, alt: &Alt, env: &Env) -> Option<Vec<Env>> {
        let is_row = |alt: &Alt| matches!(alt.kind, AltKind::Row(_) | AltKind::Group(..) | AltKind::Capture(_));
        if !is_row(alt) {
            return None;
        }
        if let AltKind::Capture(slot) = &alt.kind {
            let Some(Value::Node(node)) = env.get(*slot) else { return None };
            let fits = node.file == from.file && self.is_beside(from, *node, step);
            return Some(if fits { vec![env.clone()] } else { Vec::new() });
        }
        if let AltKind::Group(pattern, _) = &alt.kind
            && !pattern.alts.iter().all(is_row)
        {
            return None;
        }
        let state = State { root: from, focus: None, env: env.clone() };
        let states = self.anywhere(alt, &state, Some(from.file)).into_iter();
        let fits = |s: &State| s.root.file == from.file && s.root != from && self.is_beside(from, s.root, step);
        Some(distinct(states.filter(fits).map(|s| s.env).collect()))
    }

    fn is_beside(&self, from: NodeRef, other: NodeRef, step: Step) -> bool {
        let function = |at| builtin::enclosing_function(self.project, at);
        self.is_past(from, other, step) && function(from) == function(other)
    }

    /// Whether `other` begins where `from` has ended, or the other way round.
    fn is_past(&self, from: NodeRef, other: NodeRef, step: Step) -> bool {
        let (a, b) = (self.project.span(from), self.project.span(other));
        match step {
            Step::Before => a.end <= b.start,
            _ => b.end <= a.start,
        }
    }
}

/// The kinds of nodes that some alternatives can fit, where their kinds are all that is told by.
struct Kinds(Option<SmallVec<[&'static [Kind]; 2]>>);

impl Kinds {
    fn of(alts: &[Alt]) -> Kinds {
        let of_alt = |alt: &Alt| match &alt.kind {
            AltKind::Class(word) => Some(class_kinds(word)).filter(|kinds| !kinds.is_empty()),
            AltKind::Row(atom) => builtin::kinds(&atom.relation),
            _ => None,
        };
        Kinds(alts.iter().map(of_alt).collect())
    }

    fn admit(&self, kind: Kind) -> bool {
        self.0.as_ref().is_none_or(|all| all.iter().any(|kinds| kinds.contains(&kind)))
    }
}
