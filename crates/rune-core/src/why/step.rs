//! Steps: which node fits, and which come near where none does.

use rune_model::{About, Note, Outcome};
use rune_pattern::{Alt, AltKind, Env, Pattern, Step, StepClause};
use rune_syntax::NodeRef;

use super::replay::Replay;
use super::words::{code, note, place, step as direction};
use crate::eval::State;

/// How many nodes of a step are kept.
const MAX_NODES: usize = 5_000;

impl Replay<'_, '_> {
    pub(super) fn step_clause(&self, clause: &StepClause, state: &State, outcome: Outcome) -> Vec<Note> {
        let wanted = if clause.negated { negated(outcome) } else { outcome };
        let mut env = state.env.clone();
        env.possible &= !clause.negated;
        let mut notes = self.step(state.root, clause.step, &clause.pattern, clause.until.as_deref(), &env, wanted);
        if clause.negated && wanted == Outcome::Failed {
            notes.clear();
        }
        notes
    }

    /// What a step from a node finds.
    pub(super) fn step(
        &self,
        from: NodeRef,
        step: Step,
        pattern: &Pattern,
        until: Option<&Alt>,
        env: &Env,
        outcome: Outcome,
    ) -> Vec<Note> {
        let mut nodes = Vec::new();
        self.solver.walk(from, step, until, env, |at| {
            nodes.push(at);
            nodes.len() < MAX_NODES
        });
        match outcome {
            Outcome::Failed | Outcome::NotReached => self.nothing(step, pattern, &nodes, until.is_some(), env),
            Outcome::Held | Outcome::Possible => self.first_that_fits(step, pattern, &nodes, env),
        }
    }

    fn first_that_fits(&self, step: Step, pattern: &Pattern, nodes: &[NodeRef], env: &Env) -> Vec<Note> {
        let fits = |at: &&NodeRef| !self.solver.pattern(pattern, **at, env).is_empty();
        let certain = |at: &&NodeRef| self.solver.pattern(pattern, **at, env).iter().any(|env| !env.possible);
        let found = match step {
            Step::Inside => nodes.iter().find(fits),
            _ => nodes.iter().find(certain).or_else(|| nodes.iter().find(fits)),
        };
        let Some(at) = found else { return Vec::new() };
        let text = format!("{}: `{}`", direction(step), code(self.run.project, *at));
        let mut notes = vec![note(About::Code, text, Some(place(self.run.project, *at)))];
        let envs = self.solver.pattern(pattern, *at, env);
        if let Some(after) = envs.iter().find(|env| !env.possible).or(envs.first()) {
            notes.extend(self.fitted(pattern, *at, env, after));
        }
        notes
    }

    fn nothing(&self, step: Step, pattern: &Pattern, nodes: &[NodeRef], has_until: bool, env: &Env) -> Vec<Note> {
        let stops = if has_until { ", up to where `until` stops" } else { "" };
        let mut notes = vec![note(About::Code, format!("nothing {} fits{stops}", direction(step)), None)];
        for alt in &pattern.alts {
            match &alt.kind {
                AltKind::Row(atom) => {
                    let state =
                        State { root: nodes.first().copied().unwrap_or(crate::eval::NOWHERE), focus: None, env: env.clone() };
                    notes.extend(self.rows_elsewhere(atom, &state));
                }
                AltKind::Code(snippets) => {
                    let kinds = snippets.iter().filter_map(rune_pattern::Snippet::searched_kinds).flatten().collect::<Vec<_>>();
                    let same_kind = nodes.iter().filter(|at| kinds.contains(&self.run.project.kind(**at)));
                    let deepest =
                        same_kind.take(MAX_ALIKE).map(|at| self.mismatch_of(alt, *at, env)).min_by_key(|(size, _)| *size);
                    notes.extend(deepest.and_then(|(_, note)| note));
                }
                _ => {}
            }
        }
        notes
    }

    /// Where a node parts from an alternative of code, with the size of what differs: the smallest is the nearest miss.
    fn mismatch_of(&self, alt: &Alt, at: NodeRef, env: &Env) -> (u32, Option<Note>) {
        let AltKind::Code(snippets) = &alt.kind else { return (u32::MAX, None) };
        let family = self.run.project.language(at.file).family();
        let Some(snippet) = snippets.iter().find(|snippet| snippet.family == family) else { return (u32::MAX, None) };
        let mismatch = self.solver.matcher.mismatch(snippet, at, env);
        let span = self.run.project.span(mismatch.at);
        (span.end - span.start, Some(self.parting(&mismatch, env)))
    }

    fn rows_elsewhere(&self, atom: &rune_pattern::RowAtom, state: &State) -> Vec<Note> {
        let fitting = self.solver.fitting(atom, state);
        match fitting.first() {
            Some(row) => vec![self.row_note(About::Absence, "elsewhere: ", &atom.relation, row)],
            None => self.no_row(atom, state),
        }
    }
}

/// How many nodes of the kind of a pattern are compared with it.
const MAX_ALIKE: usize = 200;

/// The outcome of what a negation denies.
pub(super) fn negated(outcome: Outcome) -> Outcome {
    match outcome {
        Outcome::Held => Outcome::Failed,
        Outcome::Failed => Outcome::Held,
        other => other,
    }
}
