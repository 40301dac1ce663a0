//! What a solver was asked once: where values go and which functions run are worked out for one place at a time, and asked
//! for again by each way that leads there. A solver answers one question of [`crate::memory`], so all that is kept here was
//! read for that question.

use std::cell::RefCell;
use std::rc::Rc;
use std::sync::Arc;

use rune_syntax::NodeRef;
use rustc_hash::FxHashMap;

use crate::calls::{self, Step, Target};
use crate::eval::Solver;
use crate::flow::{self, Reached, Strength};
use crate::runs::{self, Body};

/// Answers of one solver.
#[derive(Default)]
pub(crate) struct Answers {
    flows: RefCell<FxHashMap<(NodeRef, bool), Rc<Reached>>>,
    bodies: RefCell<FxHashMap<NodeRef, Arc<Body>>>,
    runs: RefCell<FxHashMap<NodeRef, Rc<Vec<Step>>>>,
}

impl Solver<'_> {
    /// Where the value of `from` goes.
    pub(crate) fn flow(&self, from: NodeRef, strength: Strength) -> Rc<Reached> {
        let key = (from, strength == Strength::Kept);
        if let Some(known) = self.answers.flows.borrow().get(&key) {
            return known.clone();
        }
        let found = Rc::new(flow::reached(self.project, from, strength));
        self.matcher.take(found.n_looked as u64);
        self.answers.flows.borrow_mut().insert(key, found.clone());
        found
    }

    /// The functions that a handler runs, by place. If there are too many, the budget is used up.
    pub(crate) fn runs(&self, handler: NodeRef) -> Rc<Vec<Step>> {
        if let Some(known) = self.answers.runs.borrow().get(&handler) {
            return known.clone();
        }
        let (found, is_cut) = runs::runs(self.project, handler, |function| self.body_of(function));
        if is_cut {
            self.matcher.take(u64::MAX);
        }
        let found = Rc::new(found);
        self.answers.runs.borrow_mut().insert(handler, found.clone());
        found
    }

    /// The functions that a call runs.
    pub(crate) fn called(&self, call: NodeRef) -> Arc<Vec<Target>> {
        self.work.called.get(call, || calls::called(self.project, call))
    }

    fn body_of(&self, function: NodeRef) -> Arc<Body> {
        if let Some(known) = self.answers.bodies.borrow().get(&function) {
            return known.clone();
        }
        let body = self.work.bodies.get(function, || runs::body_of(self.project, &self.work.called, function));
        self.matcher.take(u64::from(body.n_nodes));
        self.answers.bodies.borrow_mut().insert(function, body.clone());
        body
    }
}
