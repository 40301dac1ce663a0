//! What a solver was asked once: where values go and which functions run are worked out for one place at a time, and asked
//! for again by each way that leads there. A solver answers one question of [`crate::memory`], so all that is kept here was
//! read for that question.

use std::cell::RefCell;
use std::collections::BTreeMap;
use std::rc::Rc;

use rune_pattern::{Alt, Pattern};
use rune_syntax::NodeRef;
use rustc_hash::FxHashMap;

use crate::calls::Step;
use crate::eval::Solver;
use crate::flow::{self, Reached, Strength};
use crate::runs::{self, Body};
use crate::starts::Starts;

/// Answers of one solver.
#[derive(Default)]
pub(crate) struct Answers {
    flows: RefCell<FxHashMap<(NodeRef, bool), Rc<Reached>>>,
    bodies: RefCell<FxHashMap<NodeRef, Rc<Body>>>,
    runs: RefCell<FxHashMap<NodeRef, Rc<Vec<Step>>>>,
    /// By the address of the alternative, which stays where it is as long as the program is there.
    starts: RefCell<FxHashMap<*const Alt, Rc<Starts>>>,
}

impl Answers {
    /// Where an alternative can begin, whatever is bound.
    pub(crate) fn starts(&self, alt: &Alt) -> Rc<Starts> {
        let pattern = || Pattern { alts: vec![alt.clone()] };
        let make = || Rc::new(Starts::new(&pattern(), &[], &BTreeMap::new()));
        self.starts.borrow_mut().entry(std::ptr::from_ref(alt)).or_insert_with(make).clone()
    }
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

    fn body_of(&self, function: NodeRef) -> Rc<Body> {
        if let Some(known) = self.answers.bodies.borrow().get(&function) {
            return known.clone();
        }
        let body = Rc::new(runs::body_of(self.project, function));
        self.matcher.take(u64::from(body.n_nodes));
        self.answers.bodies.borrow_mut().insert(function, body.clone());
        body
    }
}
