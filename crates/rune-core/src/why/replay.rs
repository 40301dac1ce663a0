//! Solves the clauses of a rule again from one node, and tells what each says.

use rune_model::{About, Note, Outcome, Step, Try, Verdict};
use rune_pattern::{Clause, Env, Value};
use rune_syntax::NodeRef;

use super::words::{clause, code, note, offset, place, place_of_value, value};
use super::{Question, fix};
use crate::check::Run;
use crate::eval::{Solver, State};
use crate::program::Body;

/// How many rows of what a rule gives are told.
const MAX_RESULTS: usize = 3;

/// A body to be solved again, clause by clause.
pub(super) struct Replay<'r, 'p> {
    pub(super) run: &'r Run<'p>,
    pub(super) solver: &'r Solver<'r>,
    pub(super) number: usize,
    pub(super) body: &'r Body,
    /// The text that the places of clauses are offsets of.
    pub(super) text: &'r str,
}

impl<'r, 'p> Replay<'r, 'p> {
    pub(super) fn new(run: &'r Run<'p>, solver: &'r Solver<'r>, number: usize) -> Replay<'r, 'p> {
        let body = &run.program.bodies[number];
        Replay { run, solver, number, body, text: &body.text }
    }

    /// The same with clauses of another text.
    pub(super) fn of_text(&self, text: &'r str) -> Replay<'r, 'p> {
        Replay { text, ..*self }
    }

    /// What comes of the body at `start`, with the number of clauses that hold.
    pub(super) fn at(&self, start: NodeRef, question: &Question<'_, '_>) -> (usize, Try) {
        let (found, first) = self.find(start);
        let plan = &self.body.plan;
        let clauses: Vec<&Clause> = plan.local.iter().chain(&plan.joined).collect();
        let (states, mut steps) = self.clauses(&clauses, found);
        let n_held = steps.iter().filter(|(_, step)| matches!(step.outcome, Outcome::Held | Outcome::Possible)).count();
        let rank = n_held + usize::from(first.outcome != Outcome::Failed) + usize::from(!states.is_empty());
        steps.push((self.body.find.alts.first().map_or(0, |alt| alt.at.start), first));
        steps.sort_by_key(|(offset, _)| *offset);
        let elsewhere = |state: &State| !question.is_on_line(state.focus.unwrap_or(state.root));
        let mut result = Vec::new();
        let verdict = match states.iter().map(|state| state.env.possible).min() {
            None => Verdict::Nothing,
            Some(_) if states.iter().all(elsewhere) => {
                let at = states[0].focus.unwrap_or(states[0].root);
                let text = "all of it holds, and what it finds stands on another line";
                result.push(note(About::Result, text, Some(place(self.run.project, at))));
                Verdict::Nothing
            }
            Some(possible) => {
                result = self.result(&states);
                if possible { Verdict::Possible } else { Verdict::Finds }
            }
        };
        let steps = steps.into_iter().map(|(_, step)| step).collect();
        (rank, Try { at: place(self.run.project, start), verdict, steps, result })
    }

    /// The clause, in the order they are solved, from which on the body holds only possibly.
    pub(super) fn first_doubt(&self, start: NodeRef) -> Option<Step> {
        let (found, first) = self.find(start);
        if first.outcome == Outcome::Possible {
            return Some(first);
        }
        let plan = &self.body.plan;
        let clauses: Vec<&Clause> = plan.local.iter().chain(&plan.joined).collect();
        let (_, steps) = self.clauses(&clauses, found);
        steps.into_iter().map(|(_, step)| step).find(|step| step.outcome == Outcome::Possible)
    }

    /// The states that satisfy the clauses in their order, and what each clause says, with its place in the rule.
    pub(super) fn clauses(&self, clauses: &[&Clause], states: Vec<State>) -> (Vec<State>, Vec<(usize, Step)>) {
        let mut states = states;
        let mut steps = Vec::new();
        for one in clauses {
            let clause = clause(self.text, one);
            if states.is_empty() {
                steps.push((offset(one), Step { clause, outcome: Outcome::NotReached, notes: Vec::new() }));
                continue;
            }
            let (next, step) = self.solved(one, clause, &states);
            steps.push((offset(one), step));
            states = next;
        }
        (states, steps)
    }

    /// One clause from all states; told is the first state that goes on, certain ones before possible ones.
    fn solved(&self, one: &Clause, clause: String, states: &[State]) -> (Vec<State>, Step) {
        let ways: Vec<(&State, Vec<State>)> = states.iter().map(|state| (state, self.solver.clause(one, state))).collect();
        let is_certain = |way: &&(&State, Vec<State>)| way.1.iter().any(|state| !state.env.possible);
        let best = ways.iter().find(is_certain).or_else(|| ways.iter().find(|(_, next)| !next.is_empty())).or(ways.first());
        let mut notes = Vec::new();
        let mut outcome = Outcome::Failed;
        if let Some((before, next)) = best {
            let after = next.iter().find(|state| !state.env.possible).or(next.first());
            outcome = match after {
                None => Outcome::Failed,
                Some(after) if after.env.possible && !before.env.possible => Outcome::Possible,
                Some(_) => Outcome::Held,
            };
            notes = self.clause_notes(one, before, outcome);
            notes.dedup();
            notes.extend(after.map(|after| self.bindings(&before.env, &after.env)).unwrap_or_default());
            if states.len() > 1 && outcome == Outcome::Failed {
                notes.push(note(
                    About::Value,
                    format!("so in all of {} ways to get here; this is the first", states.len()),
                    None,
                ));
            }
        }
        if self.solver.matcher.is_exhausted() {
            notes.push(note(About::Budget, "the steps of this explanation are used up here", None));
        }
        (ways.into_iter().flat_map(|(_, next)| next).collect(), Step { clause, outcome, notes })
    }

    fn clause_notes(&self, one: &Clause, state: &State, outcome: Outcome) -> Vec<Note> {
        match one {
            Clause::Focus(..) => Vec::new(),
            Clause::Step(step) => self.step_clause(step, state, outcome),
            Clause::Where(cond) => self.cond(cond, state, outcome, 0),
        }
    }

    /// The states in which `find` fits `start`, and what it says.
    fn find(&self, start: NodeRef) -> (Vec<State>, Step) {
        let env = Env::new(self.body.captures.names().len());
        let alts = &self.body.find.alts;
        let at = alts.first().map_or(0, |alt| alt.at.start)..alts.last().map_or(0, |alt| alt.at.end);
        let clause = format!("find {}", super::words::slice(self.text, &at));
        let found = self.solver.pattern(&self.body.find, start, &env);
        let states: Vec<State> = found.into_iter().map(|env| State { root: start, focus: None, env }).collect();
        let best = states.iter().find(|state| !state.env.possible).or(states.first());
        let outcome = match best {
            None => Outcome::Failed,
            Some(state) if state.env.possible => Outcome::Possible,
            Some(_) => Outcome::Held,
        };
        let mut notes = match best {
            Some(state) => self.fitted(&self.body.find, start, &env, &state.env),
            None => self.unfitted(&self.body.find, start, &env),
        };
        notes.extend(best.map(|state| self.bindings(&env, &state.env)).unwrap_or_default());
        (states, Step { clause, outcome, notes })
    }

    /// The captures that `after` binds and `before` does not.
    pub(super) fn bindings(&self, before: &Env, after: &Env) -> Vec<Note> {
        let project = self.run.project;
        let names = self.run.program.bodies[self.number].captures.names().iter().enumerate();
        let news = names.filter(|(slot, name)| *name != "_" && before.get(*slot).is_none());
        let news = news.filter_map(|(slot, name)| Some((name, after.get(slot)?)));
        news.map(|(name, held)| {
            let shown = match held {
                Value::Node(node) => code(project, *node),
                other => value(project, other),
            };
            note(About::Binding, format!("${name} = {shown}"), place_of_value(project, held))
        })
        .collect()
    }

    /// What the body gives: its rows, or its finding with the fix.
    fn result(&self, states: &[State]) -> Vec<Note> {
        let Some(head) = &self.body.head else { return fix::finding(self, states) };
        let rows = states.iter().filter_map(|state| self.run.row_from(self.solver, self.number, state.clone()));
        let rows: Vec<_> = rows.take(MAX_RESULTS).collect();
        rows.iter().map(|row| self.row_note(About::Result, "gives ", &head.relation, row)).collect()
    }
}
