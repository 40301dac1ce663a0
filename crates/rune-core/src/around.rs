//! What must stand around a place, read off the parents' kinds alone: asked before any code is laid on the place.

use rune_pattern::{Alt, AltKind, Clause, Step};
use rune_syntax::{KindSet, NodeRef, Project, class_kinds};

use crate::builtin;

/// `inside class until function`, with class words on both sides.
#[derive(Debug)]
pub(crate) struct Around {
    inside: KindSet,
    until: Option<KindSet>,
}

impl Around {
    /// What a clause asks to stand around the place where its rule begins, if it asks only for that.
    pub(crate) fn of(clause: &Clause) -> Option<Around> {
        let Clause::Step(step) = clause else { return None };
        if step.negated || step.step != Step::Inside {
            return None;
        }
        let inside: Option<Vec<_>> = step.pattern.alts.iter().map(kinds).collect();
        let until = match &step.until {
            Some(until) => Some(kinds(until)?.iter().copied().collect()),
            None => None,
        };
        Some(Around { inside: inside?.concat().into_iter().collect(), until })
    }

    /// Whether it stands around a place.
    pub(crate) fn holds(&self, project: &Project, at: NodeRef) -> bool {
        let ast = project.ast(at.file);
        for node in ast.ancestors(at.node) {
            let kind = ast.kind(node);
            if self.inside.contains(kind) {
                return true;
            }
            let stops = self.until.as_ref().is_some_and(|until| until.contains(kind));
            if stops && !builtin::is_loop_callback(project, NodeRef { node, ..at }) {
                return false;
            }
        }
        false
    }
}

/// The kinds of a class word; `None` where more than the kind decides.
fn kinds(alt: &Alt) -> Option<&'static [rune_syntax::Kind]> {
    match &alt.kind {
        AltKind::Class(word) => Some(class_kinds(word)).filter(|kinds| !kinds.is_empty()),
        _ => None,
    }
}
