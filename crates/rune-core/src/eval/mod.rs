//! Solves the conditions of a rule: from bindings to all the bindings that hold, each certain or possible.

mod answers;
mod compare;
mod functions;
mod nodes;
mod presence;
mod rows;
mod steps;
mod values;

use std::cell::Cell;
use std::hash::{BuildHasher, Hash};

use rune_pattern::{Clause, Cond, Env, Matcher, StepClause};
use rune_syntax::{KindSet, NodeRef, Project};
use rustc_hash::{FxBuildHasher, FxHashMap};
use smallvec::SmallVec;

pub(crate) use answers::Answers;

use crate::files::FileIndex;
use crate::kept::Work;
use crate::memory::Session;
use crate::prefilter::Prefilter;
use crate::program::OptionSetting;
use crate::relation::Relation;

/// The relations of a run by name.
pub(crate) type Relations = FxHashMap<String, Relation>;

/// Where a body stands that starts from rows, before a row is found.
pub(crate) const NOWHERE: NodeRef = NodeRef { file: u32::MAX, node: 0 };

/// What conditions are solved against.
pub(crate) struct Solver<'a> {
    pub(crate) project: &'a Project,
    pub(crate) matcher: Matcher<'a>,
    pub(crate) relations: &'a Relations,
    pub(crate) options: &'a FxHashMap<String, OptionSetting>,
    /// Relations that are still being filled.
    pub(crate) growing: &'a [&'a str],
    /// What is remembered of the last check, if anything is to be.
    pub(crate) memory: Option<&'a Session<'a>>,
    /// Whether what is solved is to be absent.
    pub(crate) is_denying: Cell<bool>,
    pub(crate) answers: Answers,
    /// What all solvers of a run share.
    pub(crate) work: &'a Work,
    /// What is known of each file, and the kinds of nodes that are looked up there.
    pub(crate) files: &'a [FileIndex],
    pub(crate) start_kinds: &'a KindSet,
    pub(crate) prefilter: &'a Prefilter,
    /// The texts of the prefilter that stand in any file.
    pub(crate) texts: &'a [bool],
}

/// Bindings, the found node they start from, and the focused one.
#[derive(Debug, Clone, PartialEq, Hash)]
pub(crate) struct State {
    pub(crate) root: NodeRef,
    pub(crate) focus: Option<NodeRef>,
    pub(crate) env: Env,
}

impl State {
    fn with(&self, env: Env) -> State {
        State { root: self.root, focus: self.focus, env }
    }
}

/// The answer of a test of values.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Truth {
    Yes,
    No,
    Unknown,
}

impl Truth {
    fn of(value: Option<bool>) -> Truth {
        match value {
            Some(true) => Truth::Yes,
            Some(false) => Truth::No,
            None => Truth::Unknown,
        }
    }

    fn keep(self, env: &Env) -> Vec<Env> {
        match self {
            Truth::Yes => vec![env.clone()],
            Truth::No => Vec::new(),
            Truth::Unknown => vec![env.clone().unsure()],
        }
    }
}

impl Solver<'_> {
    /// All the states that satisfy `clauses` in their order, starting from `state`.
    pub(crate) fn clauses(&self, clauses: &[Clause], state: State) -> Vec<State> {
        let mut states = vec![state];
        for clause in clauses {
            let next: Vec<State> = states.iter().flat_map(|state| self.clause(clause, state)).collect();
            states = distinct(next);
            if states.is_empty() || !self.matcher.step() {
                return Vec::new();
            }
        }
        states
    }

    pub(crate) fn clause(&self, clause: &Clause, state: &State) -> Vec<State> {
        match clause {
            Clause::Focus(slot, _) => {
                let focus = self.node_of(state.env.get(*slot)).or(state.focus);
                vec![State { focus, ..state.clone() }]
            }
            Clause::Step(step) => self.step_clause(step, state),
            Clause::Where(cond) => self.cond(cond, state).into_iter().map(|env| state.with(env)).collect(),
        }
    }

    fn step_clause(&self, clause: &StepClause, state: &State) -> Vec<State> {
        let StepClause { negated, step, pattern, until, .. } = clause;
        let step_from = |env: &Env| self.take_step(state.root, *step, &pattern.alts, until.as_deref(), env);
        let envs = if *negated { self.deny(&state.env, step_from) } else { step_from(&state.env) };
        envs.into_iter().map(|env| state.with(env)).collect()
    }

    /// Negation: nothing certain may be found; if only possible things are, the answer is unknown. What was unknown
    /// before does not count.
    fn deny(&self, env: &Env, find: impl FnOnce(&Env) -> Vec<Env>) -> Vec<Env> {
        let mut sure = env.clone();
        sure.possible = false;
        let outer = self.is_denying.replace(!self.is_denying.get());
        let found = find(&sure);
        self.is_denying.set(outer);
        if found.is_empty() {
            return vec![env.clone()];
        }
        let is_certain = found.iter().any(|other| !other.possible);
        if is_certain { Vec::new() } else { vec![env.clone().unsure()] }
    }

    /// All bindings for which `cond` holds.
    pub(crate) fn cond(&self, cond: &Cond, state: &State) -> Vec<Env> {
        let env = &state.env;
        match cond {
            Cond::And(parts) => {
                let mut envs = vec![env.clone()];
                for part in parts {
                    envs = envs.iter().flat_map(|env| self.cond(part, &state.with(env.clone()))).collect();
                }
                envs
            }
            Cond::Or(parts) => distinct(parts.iter().flat_map(|part| self.cond(part, state)).collect()),
            Cond::Not(inner) => self.deny(env, |env| match inner.as_ref() {
                // One certain row is enough.
                Cond::Row(atom, bind) => {
                    let found = self.row_states(atom, *bind, &state.with(env.clone()), None, |env| !env.possible);
                    found.into_iter().map(|(_, env)| env).collect()
                }
                _ => self.cond(inner, &state.with(env.clone())),
            }),
            Cond::Is(operand, alt, _) => self.is(operand, alt, state),
            Cond::Equals(a, b, _) => match (self.value(a, state), self.value(b, state)) {
                (Some(a), Some(b)) => Truth::of(self.equal(&a, &b)).keep(env),
                _ => Vec::new(),
            },
            Cond::In(operand, list, _) => self.one_of(operand, list, state),
            Cond::Like(operand, like, _) => self.like(operand, like, state),
            Cond::Step(operand, step, alt, until, _) => {
                let Some(place) = self.value(operand, state).and_then(|value| self.node_of(Some(&value))) else {
                    return Vec::new();
                };
                self.take_step(place, *step, std::slice::from_ref(alt), until.as_deref(), env)
            }
            Cond::Compare(a, order, b, _) => self.compare(a, *order, b, state),
            Cond::Row(atom, bind) => self.rows(atom, *bind, state),
            Cond::Group(pattern, clauses, bind, _) => self.group(pattern, clauses, *bind, state),
        }
    }
}

/// The items without those that came before.
fn distinct<T: PartialEq + Hash>(items: Vec<T>) -> Vec<T> {
    if items.len() < 2 {
        return items;
    }
    let mut seen: FxHashMap<u64, SmallVec<[usize; 1]>> = FxHashMap::default();
    let mut kept: Vec<T> = Vec::with_capacity(items.len());
    for item in items {
        let same = seen.entry(FxBuildHasher.hash_one(&item)).or_default();
        if !same.iter().any(|number| kept[*number] == item) {
            same.push(kept.len());
            kept.push(item);
        }
    }
    kept
}
