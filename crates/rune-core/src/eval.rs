//! Solves the conditions of a rule: from bindings to all the bindings that hold, each certain or possible.

use std::cell::{Cell, RefCell};
use std::hash::{BuildHasher, Hash};
use std::rc::Rc;
use std::sync::Arc;

use rune_pack::ColumnType;
use rune_pattern::{
    Alt, AltKind, Clause, Cond, Env, Function, Like, ListItem, Literal, Matcher, Operand, Order, Pattern, RowAtom, Slot, Step,
    StepClause, Value, duration_ms,
};
use rune_syntax::{Constant, Definition, Kind, Member, NodeRef, Project, class_kinds};
use rustc_hash::{FxBuildHasher, FxHashMap};
use smallvec::SmallVec;

use crate::builtin;
use crate::calls::Step as Run;
use crate::flow::{self, Reached, Strength};
use crate::paths;
use crate::program::OptionSetting;
use crate::relation::{Relation, Row, key_of};
use crate::runs;

/// The relations of a run by name.
pub(crate) type Relations = FxHashMap<String, Relation>;

/// Where a body stands that starts from rows, before a row is found.
pub(crate) const NOWHERE: NodeRef = NodeRef { file: u32::MAX, node: 0 };

/// The columns an atom names: where each is in a row with its type, `None` for the place, and what it is compared with.
type Columns<'a> = SmallVec<[(Option<(usize, &'a ColumnType)>, &'a Operand); 4]>;

/// What conditions are solved against.
pub(crate) struct Solver<'a> {
    pub(crate) project: &'a Project,
    pub(crate) matcher: Matcher<'a>,
    pub(crate) relations: &'a Relations,
    pub(crate) options: &'a FxHashMap<String, OptionSetting>,
    /// Relations that are still being filled.
    pub(crate) growing: &'a [&'a str],
    /// Whether what is solved is to be absent.
    pub(crate) is_denying: Cell<bool>,
    pub(crate) known: Known,
}

/// What was asked once while a body is solved.
#[derive(Default)]
pub(crate) struct Known {
    flows: RefCell<FxHashMap<(NodeRef, bool), Rc<Reached>>>,
    bodies: RefCell<FxHashMap<NodeRef, Rc<runs::Body>>>,
    runs: RefCell<FxHashMap<NodeRef, Rc<Vec<Run>>>>,
    /// Handlers of which not everything was followed.
    pub(crate) cut: RefCell<Vec<NodeRef>>,
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
    /// Where the value of `from` goes.
    pub(crate) fn flow(&self, from: NodeRef, strength: Strength) -> Rc<Reached> {
        let key = (from, strength == Strength::Kept);
        if let Some(known) = self.known.flows.borrow().get(&key) {
            return known.clone();
        }
        let found = Rc::new(flow::reached(self.project, from, strength));
        self.matcher.take(found.n_looked as u64);
        self.known.flows.borrow_mut().insert(key, found.clone());
        found
    }

    /// The functions that a handler runs, by place.
    pub(crate) fn runs(&self, handler: NodeRef) -> Rc<Vec<Run>> {
        if let Some(known) = self.known.runs.borrow().get(&handler) {
            return known.clone();
        }
        let (found, is_cut) = runs::runs(self.project, handler, |function| self.body_of(function));
        if is_cut {
            self.known.cut.borrow_mut().push(handler);
        }
        let found = Rc::new(found);
        self.known.runs.borrow_mut().insert(handler, found.clone());
        found
    }

    fn body_of(&self, function: NodeRef) -> Rc<runs::Body> {
        if let Some(known) = self.known.bodies.borrow().get(&function) {
            return known.clone();
        }
        let body = Rc::new(runs::body_of(self.project, function));
        self.matcher.take(u64::from(body.n_nodes));
        self.known.bodies.borrow_mut().insert(function, body.clone());
        body
    }

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

    fn clause(&self, clause: &Clause, state: &State) -> Vec<State> {
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
        let step_from = |env: &Env| self.take_step(state.root, *step, pattern, until.as_deref(), env);
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
                    let found = self.row_states(atom, *bind, &state.with(env.clone()), |env| !env.possible);
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
                let pattern = Pattern { alts: vec![alt.as_ref().clone()] };
                self.take_step(place, *step, &pattern, until.as_deref(), env)
            }
            Cond::Compare(a, order, b, _) => self.compare(a, *order, b, state),
            Cond::Row(atom, bind) => self.rows(atom, *bind, state),
            Cond::Group(pattern, clauses, bind, _) => self.group(pattern, clauses, *bind, state),
        }
    }

    /// Whether a node can be found for the pattern with its clauses, anywhere.
    fn group(&self, pattern: &Pattern, clauses: &[Clause], bind: Option<Slot>, state: &State) -> Vec<Env> {
        let mut found = Vec::new();
        for alt in &pattern.alts {
            for start in self.anywhere(alt, state) {
                let start = match bind {
                    Some(slot) => start.with(start.env.with(slot, Value::Node(start.root))),
                    None => start,
                };
                found.extend(self.clauses(clauses, start).into_iter().map(|state| state.env));
            }
        }
        distinct(found)
    }

    /// The nodes anywhere that fit an alternative: through rows, or by search in the file of the found node.
    pub(crate) fn anywhere(&self, alt: &Alt, state: &State) -> Vec<State> {
        match &alt.kind {
            AltKind::Row(atom) => {
                let found = self.row_states(atom, alt.bind, state, |_| false);
                found.into_iter().map(|(at, env)| State { root: at.unwrap_or(state.root), focus: state.focus, env }).collect()
            }
            AltKind::Group(pattern, clauses) => {
                let starts = pattern.alts.iter().flat_map(|inner| self.anywhere(inner, state));
                let found: Vec<State> = starts.flat_map(|start| self.clauses(clauses, start)).collect();
                match alt.bind {
                    Some(slot) => found.into_iter().map(|s| s.with(s.env.with(slot, Value::Node(s.root)))).collect(),
                    None => found,
                }
            }
            _ => {
                let kinds = searched_kinds(alt);
                let is_searched = |at: &NodeRef| kinds.as_ref().is_none_or(|kinds| kinds.contains(&self.project.kind(*at)));
                let files = if state.root == NOWHERE { 0..self.project.n_files() } else { state.root.file..state.root.file + 1 };
                let nodes = files.flat_map(|file| (0..self.project.ast(file).len()).map(move |node| (file, node)));
                nodes
                    .map(|(file, node)| NodeRef { file, node })
                    .filter(is_searched)
                    .flat_map(|at| {
                        self.alt(alt, at, &state.env).into_iter().map(move |env| State { root: at, focus: state.focus, env })
                    })
                    .collect()
            }
        }
    }

    // ---- what is there at all

    /// Whether there are rows for every relation that `clause` cannot hold without, or may be before it is solved.
    pub(crate) fn can_hold(&self, clause: &Clause) -> bool {
        match clause {
            Clause::Focus(..) => true,
            Clause::Step(step) => step.negated || self.pattern_can_hold(&step.pattern),
            Clause::Where(cond) => self.cond_can_hold(cond),
        }
    }

    pub(crate) fn pattern_can_hold(&self, pattern: &Pattern) -> bool {
        pattern.alts.iter().any(|alt| self.alt_can_hold(alt))
    }

    fn alt_can_hold(&self, alt: &Alt) -> bool {
        match &alt.kind {
            AltKind::Row(atom) => self.has_rows(atom),
            AltKind::Group(pattern, clauses) => self.pattern_can_hold(pattern) && clauses.iter().all(|c| self.can_hold(c)),
            _ => true,
        }
    }

    fn cond_can_hold(&self, cond: &Cond) -> bool {
        match cond {
            Cond::And(parts) => parts.iter().all(|part| self.cond_can_hold(part)),
            Cond::Or(parts) => parts.iter().any(|part| self.cond_can_hold(part)),
            Cond::Is(_, alt, _) | Cond::Step(_, _, alt, _, _) => self.alt_can_hold(alt),
            Cond::Row(atom, _) => self.has_rows(atom),
            Cond::Group(pattern, clauses, _, _) => self.pattern_can_hold(pattern) && clauses.iter().all(|c| self.can_hold(c)),
            _ => true,
        }
    }

    /// Whether there is a row with the constants that `atom` asks for.
    fn has_rows(&self, atom: &RowAtom) -> bool {
        let Some(relation) = self.relations.get(&atom.relation) else { return true };
        if self.growing.contains(&atom.relation.as_str()) {
            return true;
        }
        let constants = atom.columns.iter().filter_map(|(name, operand)| match operand {
            Operand::Literal(literal) => Some((relation.column(name)?, literal_value(literal))),
            _ => None,
        });
        let constants: Vec<(usize, Value)> = constants.collect();
        let fits = |row: &Row, (column, wanted): &(usize, Value)| {
            row.values[*column].as_ref().is_some_and(|value| self.equal(wanted, value) != Some(false))
        };
        relation.rows.iter().any(|row| constants.iter().all(|constant| fits(row, constant)))
    }

    /// The places of the rows that have the constants which `atom` asks for.
    pub(crate) fn places(&self, atom: &RowAtom, n_captures: usize) -> Vec<NodeRef> {
        let nowhere = State { root: NOWHERE, focus: None, env: Env::new(n_captures) };
        let rows = self.relations.get(&atom.relation).map(|relation| self.candidates(relation, atom, &nowhere));
        rows.unwrap_or_default().into_iter().filter_map(|row| row.at).collect()
    }

    /// The ways a pattern fits one node.
    pub(crate) fn pattern(&self, pattern: &Pattern, at: NodeRef, env: &Env) -> Vec<Env> {
        distinct(pattern.alts.iter().flat_map(|alt| self.alt(alt, at, env)).collect())
    }

    /// The ways an alternative fits one node.
    pub(crate) fn alt(&self, alt: &Alt, at: NodeRef, env: &Env) -> Vec<Env> {
        let found: Vec<Env> = match &alt.kind {
            AltKind::Code(snippets) => snippets.iter().flat_map(|snippet| self.matcher.matches(snippet, at, env)).collect(),
            AltKind::Class(word) => self.class(word, at).keep(env),
            AltKind::Literal(literal) => Truth::of(self.equal(&Value::Node(at), &literal_value(literal))).keep(env),
            AltKind::Capture(slot) => match env.get(*slot) {
                None => vec![env.with(*slot, Value::Node(at))],
                Some(value) => self.is_place(value, at).keep(env),
            },
            AltKind::Row(atom) => self.rows_at(atom, at, env),
            AltKind::Group(pattern, clauses) => {
                let starts = self.pattern(pattern, at, env);
                let states = starts.into_iter().flat_map(|env| self.clauses(clauses, State { root: at, focus: None, env }));
                states.map(|state| state.env).collect()
            }
        };
        match alt.bind {
            None => found,
            Some(slot) => found.into_iter().filter_map(|env| self.bind(slot, at, env)).collect(),
        }
    }

    fn bind(&self, slot: Slot, at: NodeRef, env: Env) -> Option<Env> {
        match env.get(slot) {
            None => Some(env.with(slot, Value::Node(at))),
            Some(value) => match self.is_place(value, at) {
                Truth::Yes => Some(env),
                Truth::No => None,
                Truth::Unknown => Some(env.unsure()),
            },
        }
    }

    fn class(&self, word: &str, at: NodeRef) -> Truth {
        if word == "constant" {
            return match self.project.constant(at) {
                Some(_) => Truth::Yes,
                None if self.matcher.is_opaque(self.project.value(at)) => Truth::Unknown,
                None => Truth::No,
            };
        }
        let kinds = class_kinds(word);
        if kinds.contains(&self.project.kind(at)) { Truth::Yes } else { Truth::No }
    }

    /// Whether a node is the place, or the definition, that a value stands for.
    fn is_place(&self, value: &Value, at: NodeRef) -> Truth {
        match value {
            Value::Node(node) if *node == at => Truth::Yes,
            Value::Node(node) => {
                let same = self.matcher.same(&Value::Node(*node), &Value::Node(at)).unwrap_or(false);
                if same { Truth::Yes } else { Truth::No }
            }
            Value::Nodes(nodes) => {
                if nodes.contains(&at) {
                    Truth::Yes
                } else {
                    Truth::No
                }
            }
            Value::Unknown => Truth::Unknown,
            other => Truth::of(self.matcher.same(other, &Value::Node(at))),
        }
    }

    // ---- steps

    fn take_step(&self, from: NodeRef, step: Step, pattern: &Pattern, until: Option<&Alt>, env: &Env) -> Vec<Env> {
        match step {
            Step::Inside => self.inside(from, pattern, until, env),
            Step::Has => self.has(from, pattern, until, env),
            Step::Before | Step::After => self.beside(from, step, pattern, env),
        }
    }

    /// The nearest node around `from` that fits. A capture that holds a definition means that definition's node.
    fn inside(&self, from: NodeRef, pattern: &Pattern, until: Option<&Alt>, env: &Env) -> Vec<Env> {
        if let Some(found) = self.inside_bound(from, pattern, env) {
            return found;
        }
        let ast = self.project.ast(from.file);
        for node in ast.ancestors(from.node).take_while(|_| self.matcher.step()) {
            let at = NodeRef { file: from.file, node };
            let found = self.pattern(pattern, at, env);
            if !found.is_empty() {
                return found;
            }
            if until.is_some_and(|until| self.stops(until, at, env)) {
                break;
            }
        }
        Vec::new()
    }

    /// `inside $X` with `$X` bound: whether the place lies within the node or within what it refers to.
    fn inside_bound(&self, from: NodeRef, pattern: &Pattern, env: &Env) -> Option<Vec<Env>> {
        let [Alt { kind: AltKind::Capture(slot), .. }] = pattern.alts.as_slice() else { return None };
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

    /// Every node below `from` that fits, at any depth.
    fn has(&self, from: NodeRef, pattern: &Pattern, until: Option<&Alt>, env: &Env) -> Vec<Env> {
        let from = if self.is_reference(from) { self.project.value(from) } else { from };
        let ast = self.project.ast(from.file);
        let mut found = Vec::new();
        let mut node = from.node;
        let end = ast.subtree_end(from.node);
        while node < end && self.matcher.step() {
            let at = NodeRef { file: from.file, node };
            found.extend(self.pattern(pattern, at, env));
            let stop = node != from.node && until.is_some_and(|until| self.stops(until, at, env));
            node = if stop { ast.subtree_end(node) } else { node + 1 };
        }
        distinct(found)
    }

    fn is_reference(&self, at: NodeRef) -> bool {
        let value = self.project.value(at);
        value != at && class_kinds("function").contains(&self.project.kind(value))
    }

    /// Nodes of the same innermost function, later or earlier by position.
    fn beside(&self, from: NodeRef, step: Step, pattern: &Pattern, env: &Env) -> Vec<Env> {
        if let [alt] = pattern.alts.as_slice()
            && let Some(found) = self.beside_rows(from, step, alt, env)
        {
            return found;
        }
        let ast = self.project.ast(from.file);
        let function = builtin::enclosing_function(self.project, from);
        let (mut node, end) = function.map_or((0, ast.len()), |f| (f.node + 1, ast.subtree_end(f.node)));
        let mut found = Vec::new();
        while node < end && self.matcher.step() {
            let at = NodeRef { file: from.file, node };
            if self.is_past(from, at, step) {
                found.extend(self.pattern(pattern, at, env));
            }
            // What lies in another function is not of this one.
            node = if builtin::is_function(self.project, at) { ast.subtree_end(node) } else { node + 1 };
        }
        distinct(found)
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
        let states = self.anywhere(alt, &state).into_iter();
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

    // ---- values

    /// `is`: by value. A shape that does not fit an unknown value is possible.
    fn is(&self, operand: &Operand, alt: &Alt, state: &State) -> Vec<Env> {
        let env = &state.env;
        if let (AltKind::Class(word), Operand::Path(slot, keys, _)) = (&alt.kind, operand)
            && word == "absent"
            && keys.is_empty()
        {
            return if env.get(*slot).is_none() { vec![env.clone()] } else { Vec::new() };
        }
        let Some(value) = self.value(operand, state) else { return Vec::new() };
        let node = match &value {
            Value::Node(node) => *node,
            Value::Unknown => return self.unknown_is(alt, env),
            other => return self.value_is(other, alt, state),
        };
        let direct = self.alt(alt, node, env);
        if !direct.is_empty() {
            return direct;
        }
        let target = self.project.value(node);
        let is_changed = !self.project.scopes(target.file).changed_keys(target.node).is_empty();
        if target != node && !is_changed {
            let found = self.alt(alt, target, env);
            if !found.is_empty() {
                return found;
            }
        }
        let kind = self.project.kind(target).name();
        let is_unknown = self.matcher.is_opaque(target) && !matches!(kind, "binary_expression" | "this");
        // A call may give an object of the shape that is asked for, but it is no literal.
        let is_call = matches!(kind, "call_expression" | "call" | "await_expression" | "await");
        let decided_by_shape = alts_of(alt).iter().any(|alt| match &alt.kind {
            AltKind::Code(snippets) => !snippets.iter().any(|s| self.same_shape(s, node)),
            AltKind::Class(word) => !is_call && matches!(word.as_str(), "object" | "array" | "string" | "number" | "boolean"),
            _ => false,
        });
        if is_unknown && decided_by_shape { self.unknown_is(alt, env) } else { Vec::new() }
    }

    /// Whether the snippet asks for the kind of node that stands there: then not fitting is a plain no.
    fn same_shape(&self, snippet: &rune_pattern::Snippet, at: NodeRef) -> bool {
        snippet.root_kind().is_none_or(|kind| {
            kind == self.project.kind(at)
                || !matches!(kind.name(), "object" | "array" | "string" | "number" | "arrow_function" | "dictionary" | "list")
        })
    }

    fn unknown_is(&self, alt: &Alt, env: &Env) -> Vec<Env> {
        let mut env = env.clone();
        for alt in alts_of(alt) {
            if let AltKind::Code(snippets) = &alt.kind {
                for slot in snippets.iter().flat_map(|s| &s.captures) {
                    if env.get(*slot).is_none() {
                        env.set(*slot, Value::Unknown);
                    }
                }
            }
        }
        vec![env.unsure()]
    }

    fn value_is(&self, value: &Value, alt: &Alt, state: &State) -> Vec<Env> {
        let env = &state.env;
        match &alt.kind {
            AltKind::Literal(literal) => Truth::of(self.equal(value, &literal_value(literal))).keep(env),
            AltKind::Capture(slot) => match env.get(*slot) {
                Some(other) => Truth::of(self.equal(value, other)).keep(env),
                None => vec![env.with(*slot, value.clone())],
            },
            AltKind::Class(word) => {
                let yes = match word.as_str() {
                    "string" => matches!(value, Value::Text(_) | Value::Path(_)),
                    "number" => matches!(value, Value::Number(_)),
                    "boolean" => matches!(value, Value::Bool(_)),
                    "constant" => true,
                    _ => false,
                };
                if yes { vec![env.clone()] } else { Vec::new() }
            }
            AltKind::Group(pattern, clauses) if clauses.is_empty() => {
                distinct(pattern.alts.iter().flat_map(|alt| self.value_is(value, alt, state)).collect())
            }
            AltKind::Code(snippets) => {
                let text = value.as_text();
                let is_same = |s: &rune_pattern::Snippet| text.as_deref() == Some(s.node_text(s.root));
                if snippets.iter().any(is_same) { vec![env.clone()] } else { Vec::new() }
            }
            _ => Vec::new(),
        }
    }

    fn equal(&self, a: &Value, b: &Value) -> Option<bool> {
        match (a, b) {
            (Value::Duration(_), _) | (_, Value::Duration(_)) | (Value::Version(_), _) | (_, Value::Version(_)) => {
                Some(self.order(a, b)? == std::cmp::Ordering::Equal)
            }
            (Value::Path(a), Value::Text(b)) | (Value::Text(b), Value::Path(a)) => Some(a.as_ref() == paths::normalise(b)),
            _ => self.matcher.same(a, b),
        }
    }

    fn one_of(&self, operand: &Operand, list: &Operand, state: &State) -> Vec<Env> {
        let env = &state.env;
        let Some(value) = self.value(operand, state) else { return Vec::new() };
        let Some(items) = self.items(list, state) else { return Vec::new() };
        let answers: Vec<Option<bool>> = items.iter().map(|item| self.equal(&value, item)).collect();
        if answers.contains(&Some(true)) {
            Truth::Yes.keep(env)
        } else if answers.contains(&None) {
            Truth::Unknown.keep(env)
        } else {
            Vec::new()
        }
    }

    fn items(&self, list: &Operand, state: &State) -> Option<Vec<Value>> {
        match list {
            Operand::List(items) => Some(
                items
                    .iter()
                    .flat_map(|item| match item {
                        ListItem::One(operand) => self.value(operand, state).into_iter().collect(),
                        ListItem::Spread(operand) => self.value(operand, state).map(as_list).unwrap_or_default(),
                        ListItem::Gap => Vec::new(),
                    })
                    .collect(),
            ),
            other => self.value(other, state).map(as_list),
        }
    }

    fn like(&self, operand: &Operand, like: &Like, state: &State) -> Vec<Env> {
        let env = &state.env;
        let Some(value) = self.value(operand, state) else { return Vec::new() };
        let text = match &value {
            Value::Node(node) => self.matcher.text_of(*node).or_else(|| Some(self.project.text(*node).to_owned())),
            other => other.as_text(),
        };
        let Some(text) = text else { return vec![env.clone().unsure()] };
        match like {
            Like::Regex(regex, slots) => {
                let Some(found) = regex.captures(&text) else { return Vec::new() };
                let mut env = env.clone();
                for (name, slot) in slots {
                    if let Some(group) = found.name(name) {
                        env.set(*slot, Value::Text(group.as_str().into()));
                    }
                }
                vec![env]
            }
            Like::Option(name) => {
                let fits = self.options.get(name).and_then(|o| o.regex.as_ref()).is_some_and(|regex| regex.is_match(&text));
                if fits { vec![env.clone()] } else { Vec::new() }
            }
            Like::Path(other) => {
                let Some(other) = self.value(other, state).and_then(|value| value.as_text()) else { return Vec::new() };
                let fits = paths::takes(&paths::normalise(&text), &paths::normalise(&other));
                if fits { vec![env.clone()] } else { Vec::new() }
            }
        }
    }

    fn compare(&self, a: &Operand, order: Order, b: &Operand, state: &State) -> Vec<Env> {
        let env = &state.env;
        let (Some(a), Some(b)) = (self.value(a, state), self.value(b, state)) else { return Vec::new() };
        let answer = self.order(&a, &b).map(|found| match order {
            Order::Less => found.is_lt(),
            Order::LessOrEqual => found.is_le(),
            Order::Greater => found.is_gt(),
            Order::GreaterOrEqual => found.is_ge(),
        });
        let answer = answer.or_else(|| (self.is_known(&a) && self.is_known(&b)).then_some(false));
        Truth::of(answer).keep(env)
    }

    /// Whether the source says what a value is, be it a number or not.
    fn is_known(&self, value: &Value) -> bool {
        match value {
            Value::Unknown => false,
            Value::Version(text) => version_of(text).is_some(),
            Value::Node(node) => self.project.constant(*node).is_some() || !self.matcher.is_opaque(self.project.value(*node)),
            _ => true,
        }
    }

    fn order(&self, a: &Value, b: &Value) -> Option<std::cmp::Ordering> {
        if let (Value::Version(_), _) | (_, Value::Version(_)) = (a, b) {
            let (a, b) = (version_of(&a.as_text()?)?, version_of(&b.as_text()?)?);
            return Some(a.cmp(&b));
        }
        self.number(a)?.partial_cmp(&self.number(b)?)
    }

    /// A number, or the milliseconds of a duration.
    fn number(&self, value: &Value) -> Option<f64> {
        match value {
            Value::Number(n) | Value::Duration(n) => Some(*n),
            Value::Text(text) => text.parse().ok(),
            Value::Node(node) => match self.project.constant(*node)? {
                Constant::Number(n) | Constant::Duration(n) => Some(n),
                Constant::String(text) => text.parse().ok(),
                Constant::Bool(_) => None,
            },
            _ => None,
        }
    }

    /// The value of an operand; `None` if a capture in it is not bound.
    pub(crate) fn value(&self, operand: &Operand, state: &State) -> Option<Value> {
        match operand {
            Operand::Path(slot, keys, _) => {
                let value = state.env.get(*slot)?.clone();
                keys.iter().try_fold(value, |value, key| self.member(&value, key))
            }
            Operand::Literal(literal) => Some(literal_value(literal)),
            Operand::Option(name, _) => self.options.get(name).map(|option| option.value.clone()),
            Operand::List(_) => Some(Value::List(self.items(operand, state)?.into())),
            Operand::Call(function, arguments, _) => {
                let values: Option<Vec<Value>> = arguments.iter().map(|a| self.value(a, state)).collect();
                Some(self.call(*function, &values?))
            }
        }
    }

    /// `$X.key`: the key of the object that the value is.
    fn member(&self, value: &Value, key: &str) -> Option<Value> {
        let Value::Node(node) = value else { return Some(Value::Unknown) };
        let object = self.project.value(*node);
        match self.project.kind(object).name() {
            "object" | "dictionary" => match self.project.object_member(object, key) {
                Member::Known(value) => Some(Value::Node(value)),
                Member::Unknown => Some(Value::Unknown),
                Member::Absent => None,
            },
            _ if self.matcher.is_opaque(object) => Some(Value::Unknown),
            _ => None,
        }
    }

    fn call(&self, function: Function, values: &[Value]) -> Value {
        let Some(first) = values.first() else { return Value::Unknown };
        let text = |value: &Value| match value {
            Value::Node(node) => self.matcher.text_of(*node),
            other => other.as_text(),
        };
        let map = |f: &dyn Fn(&str) -> String| text(first).map_or(Value::Unknown, |t| Value::Text(f(&t).into()));
        match function {
            Function::Duration => self.duration(first, values.get(1).and_then(text).as_deref()),
            Function::Number => self.number(first).map_or(Value::Unknown, Value::Number),
            Function::Len => match first {
                Value::List(items) => Value::Number(items.len() as f64),
                Value::Nodes(nodes) => Value::Number(nodes.len() as f64),
                other => text(other).map_or(Value::Unknown, |t| Value::Number(t.chars().count() as f64)),
            },
            Function::File => match first {
                Value::Node(node) => Value::Text(self.project.source(node.file).path.clone()),
                _ => Value::Unknown,
            },
            Function::Text => match first {
                Value::Node(node) => Value::Text(self.project.name_text(*node).into()),
                other => text(other).map_or(Value::Unknown, |t| Value::Text(t.into())),
            },
            Function::Name => match first {
                Value::Node(node) => self.declared_name(*node),
                other => other.clone(),
            },
            Function::Module => match first {
                Value::Node(node) => Value::Node(NodeRef { file: self.project.value(*node).file, node: 0 }),
                _ => Value::Unknown,
            },
            Function::Lower => map(&|t| t.to_lowercase()),
            Function::Upper => map(&|t| t.to_uppercase()),
            Function::Snake => map(&crate::words::snake),
            Function::Camel => map(&crate::words::camel),
            Function::Plural => map(&crate::words::plural),
            Function::Replace => match (text(first), values.get(1).and_then(text), values.get(2).and_then(text)) {
                (Some(t), Some(from), Some(to)) => Value::Text(t.replace(&from, &to).into()),
                _ => Value::Unknown,
            },
            Function::Join => self.join(values),
        }
    }

    /// The name of the function, class or block that a node is or refers to.
    fn declared_name(&self, node: NodeRef) -> Value {
        let target = self.project.value(node);
        match self.project.child(target, "name") {
            Some(name) => Value::Text(self.project.text(name).into()),
            None => Value::Text(self.project.name_text(node).into()),
        }
    }

    /// Two paths make a path; other texts are put one after the other.
    fn join(&self, values: &[Value]) -> Value {
        let text = |value: &Value| match value {
            Value::Node(node) => self.matcher.text_of(*node),
            other => other.as_text(),
        };
        let texts: Option<Vec<String>> = values.iter().map(text).collect();
        let Some(texts) = texts else { return Value::Unknown };
        if values.iter().any(|value| matches!(value, Value::Path(_))) {
            let joined = texts.iter().fold("/".to_owned(), |outer, inner| paths::join(&outer, inner));
            return Value::Path(joined.into());
        }
        Value::Text(texts.concat().into())
    }

    /// A length of time: a text with a unit, a `timedelta`, a bare number in `unit`, or a point in time built as "now + x".
    fn duration(&self, value: &Value, unit: Option<&str>) -> Value {
        let factor = unit.and_then(|unit| duration_ms(&format!("1{unit}")));
        let of_number = |n: f64| factor.map_or(Value::Unknown, |factor| Value::Duration(n * factor));
        match value {
            Value::Duration(_) => value.clone(),
            Value::Number(n) => of_number(*n),
            Value::Text(text) => duration_ms(text).map_or(Value::Unknown, Value::Duration),
            Value::Node(node) => match self.project.constant(*node) {
                Some(Constant::Duration(ms)) => Value::Duration(ms),
                Some(Constant::Number(n)) => of_number(n),
                Some(Constant::String(text)) => match (duration_ms(&text), text.trim().parse::<f64>()) {
                    (Some(ms), _) => Value::Duration(ms),
                    // A bare number in quotes is milliseconds for the libraries that take such texts.
                    (None, Ok(n)) => Value::Duration(n),
                    (None, Err(_)) => Value::Unknown,
                },
                _ => self.since_now(*node, unit),
            },
            _ => Value::Unknown,
        }
    }

    /// `now() + lifetime`.
    fn since_now(&self, node: NodeRef, unit: Option<&str>) -> Value {
        let node = self.project.value(node);
        let (Some(left), Some(right)) = (self.project.child(node, "left"), self.project.child(node, "right")) else {
            return Value::Unknown;
        };
        let is_sum = self.project.child(node, "operator").is_some_and(|o| self.project.text(o) == "+");
        let is_now = |at: NodeRef| {
            let at = self.project.value(at);
            let text = self.project.text(at).to_ascii_lowercase();
            text.contains("now") || text.contains("time(") || text.contains("date()")
        };
        match (is_sum, is_now(left), is_now(right)) {
            (true, true, false) => self.duration(&Value::Node(right), unit),
            (true, false, true) => self.duration(&Value::Node(left), unit),
            _ => Value::Unknown,
        }
    }

    // ---- rows

    fn rows(&self, atom: &RowAtom, bind: Option<Slot>, state: &State) -> Vec<Env> {
        distinct(self.row_states(atom, bind, state, |_| false).into_iter().map(|(_, env)| env).collect())
    }

    /// The rows that fit, with their places, up to the first whose bindings are enough.
    fn row_states(
        &self,
        atom: &RowAtom,
        bind: Option<Slot>,
        state: &State,
        is_enough: fn(&Env) -> bool,
    ) -> Vec<(Option<NodeRef>, Env)> {
        let columns = self.columns(atom);
        let mut found = Vec::new();
        let mut add = |row: &Row| {
            let n_before = found.len();
            for env in self.row(&columns, row, state) {
                let bound = match (bind, row.at) {
                    (Some(slot), Some(at)) => self.bind(slot, at, env),
                    _ => Some(env),
                };
                found.extend(bound.map(|env| (row.at, env)));
            }
            found[n_before..].iter().any(|(_, env)| is_enough(env))
        };
        match self.relations.get(&atom.relation) {
            None => {
                builtin::rows(self, atom, state).iter().any(add);
            }
            Some(relation) => {
                let mut rows: Vec<&Row> = self.candidates(relation, atom, state);
                if relation.visible_below {
                    rows = self.nearest(&columns, rows, state);
                }
                rows.into_iter().any(&mut add);
            }
        }
        found
    }

    /// The columns that an atom names, with where they are in a row; `None` for a row's place.
    fn columns<'a>(&'a self, atom: &'a RowAtom) -> Columns<'a> {
        let (columns, _) = builtin::columns_of(self.relations, &atom.relation);
        let named = atom.columns.iter().map(|(name, operand)| {
            let column = columns.iter().position(|(known, _)| known == name);
            (column.map(|column| (column, &columns[column].1)), operand)
        });
        named.collect()
    }

    /// The rows that an index leaves to look at.
    fn candidates<'r>(&self, relation: &'r Relation, atom: &RowAtom, state: &State) -> Vec<&'r Row> {
        let numbered = |numbers: &[u32]| numbers.iter().map(|number| &relation.rows[*number as usize]).collect();
        for (name, operand) in &atom.columns {
            if name == "at" {
                if let Some(Value::Node(node)) = self.value(operand, state) {
                    let mut numbers = relation.at(node).to_vec();
                    let target = self.project.value(node);
                    if target != node {
                        numbers.extend(relation.at(target));
                    }
                    return numbered(&numbers);
                }
                continue;
            }
            let Some(column) = relation.column(name) else { return Vec::new() };
            let Some(value) = self.value(operand, state) else { continue };
            let value = self.coerce(&value, &relation.columns[column].1);
            if let Some(key) = key_of(self.project, &value) {
                return numbered(&relation.by_key(self.project, column, &key));
            }
        }
        relation.rows.iter().collect()
    }

    /// Of rows that are seen only below their folder, those of the nearest folder around the found node's file; all of
    /// them where the row itself is what is to be found.
    fn nearest<'r>(&self, columns: &Columns<'_>, rows: Vec<&'r Row>, state: &State) -> Vec<&'r Row> {
        if state.root == NOWHERE {
            return rows;
        }
        let path = &self.project.source(state.root.file).path;
        let visible = rows.into_iter().filter_map(|row| {
            let file = row.at.map(|at| self.project.source(at.file).path.clone())?;
            let folder = file.rsplit_once('/').map_or("", |(folder, _)| folder);
            let seen = folder.is_empty() || path.strip_prefix(folder).is_some_and(|rest| rest.starts_with('/'));
            let depth = if folder.is_empty() { 0 } else { folder.matches('/').count() + 1 };
            (seen && !self.row(columns, row, state).is_empty()).then_some((depth, row))
        });
        let visible: Vec<(usize, &Row)> = visible.collect();
        let nearest = visible.iter().map(|(depth, _)| *depth).max().unwrap_or(0);
        visible.into_iter().filter(|(depth, _)| *depth == nearest).map(|(_, row)| row).collect()
    }

    fn rows_at(&self, atom: &RowAtom, at: NodeRef, env: &Env) -> Vec<Env> {
        let columns = self.columns(atom);
        let state = State { root: at, focus: None, env: env.clone() };
        match self.relations.get(&atom.relation) {
            Some(relation) => {
                let rows = relation.at(at).iter().map(|n| &relation.rows[*n as usize]);
                rows.flat_map(|row| self.row(&columns, row, &state)).collect()
            }
            None => builtin::rows_at(self, &atom.relation, at).iter().flat_map(|row| self.row(&columns, row, &state)).collect(),
        }
    }

    /// The ways the columns of an atom fit one row.
    fn row(&self, columns: &Columns<'_>, row: &Row, state: &State) -> Vec<Env> {
        let start = if row.possible { state.env.clone().unsure() } else { state.env.clone() };
        let mut envs = vec![start];
        for (column, operand) in columns {
            let (value, kind) = match column {
                None => (row.at.map(Value::Node), &ColumnType::Node),
                Some((column, kind)) => (row.values.get(*column).cloned().flatten(), *kind),
            };
            let Some(value) = value else { return Vec::new() };
            envs = envs.into_iter().flat_map(|env| self.unify(operand, &value, kind, &state.with(env))).collect();
            if envs.is_empty() {
                return Vec::new();
            }
        }
        envs
    }

    fn unify(&self, operand: &Operand, value: &Value, kind: &ColumnType, state: &State) -> Vec<Env> {
        let env = &state.env;
        match operand {
            Operand::Path(slot, keys, _) if keys.is_empty() && env.get(*slot).is_none() => {
                vec![env.with(*slot, value.clone())]
            }
            Operand::List(items) => self.unify_list(items, value, kind, state),
            // Nobody knows which thing the row is about: it says nothing of this one, but may be what should be absent.
            _ if *value == Value::Unknown && matches!(kind, ColumnType::Node | ColumnType::Symbol) && !self.is_denying.get() => {
                Vec::new()
            }
            _ => match self.value(operand, state) {
                Some(wanted) => Truth::of(self.equal(&self.coerce(&wanted, kind), value)).keep(env),
                None => Vec::new(),
            },
        }
    }

    /// `[$A, ...]`, `[...$COLUMNS, ...]` on a list.
    fn unify_list(&self, items: &[ListItem], value: &Value, kind: &ColumnType, state: &State) -> Vec<Env> {
        let Value::List(actual) = value else {
            return if *value == Value::Unknown { vec![state.env.clone().unsure()] } else { Vec::new() };
        };
        let inner = match kind {
            ColumnType::List(inner) => inner.as_ref().clone(),
            _ => ColumnType::String,
        };
        let mut states: Vec<(usize, Env)> = vec![(0, state.env.clone())];
        for item in items {
            let mut next = Vec::new();
            for (taken, env) in &states {
                let here = state.with(env.clone());
                match item {
                    ListItem::Gap => next.extend((*taken..=actual.len()).map(|end| (end, env.clone()))),
                    ListItem::One(operand) => {
                        let Some(value) = actual.get(*taken) else { continue };
                        next.extend(self.unify(operand, value, &inner, &here).into_iter().map(|env| (taken + 1, env)));
                    }
                    ListItem::Spread(operand) => {
                        let Some(wanted) = self.value(operand, &here).map(as_list) else { continue };
                        let slice = actual.get(*taken..taken + wanted.len());
                        let same =
                            slice.is_some_and(|slice| slice.iter().zip(&wanted).all(|(a, b)| self.equal(a, b) == Some(true)));
                        if same {
                            next.push((taken + wanted.len(), env.clone()));
                        }
                    }
                }
            }
            states = next;
        }
        states.into_iter().filter(|(taken, _)| *taken == actual.len()).map(|(_, env)| env).collect()
    }

    /// A value as a column of that type holds it.
    pub(crate) fn coerce(&self, value: &Value, kind: &ColumnType) -> Value {
        match (kind, value) {
            (_, Value::Unknown) => Value::Unknown,
            (ColumnType::Node | ColumnType::Symbol, _) => value.clone(),
            (ColumnType::List(inner), Value::Nodes(nodes)) => {
                Value::List(nodes.iter().map(|node| self.coerce(&Value::Node(*node), inner)).collect())
            }
            (ColumnType::List(inner), Value::List(items)) => {
                Value::List(items.iter().map(|item| self.coerce(item, inner)).collect())
            }
            (ColumnType::List(inner), other) => self.list_of_node(other, inner),
            (ColumnType::Name, Value::Node(node)) => Value::Text(self.project.name_text(*node).into()),
            (ColumnType::String | ColumnType::Enum(_), Value::Node(node)) => self.text_value(*node),
            (ColumnType::Path, Value::Path(_)) => value.clone(),
            (ColumnType::Path, _) => match self.coerce(value, &ColumnType::String).as_text() {
                Some(text) => Value::Path(paths::normalise(&text).into()),
                None => Value::Unknown,
            },
            (ColumnType::Version, Value::Text(text)) => Value::Version(text.clone()),
            (ColumnType::Version, Value::Node(node)) => match self.text_value(*node) {
                Value::Text(text) => Value::Version(text),
                other => other,
            },
            (ColumnType::Number, _) => self.number(value).map_or(Value::Unknown, Value::Number),
            (ColumnType::Duration, _) => self.duration(value, None),
            (ColumnType::Bool, Value::Node(node)) => match self.project.constant(*node) {
                Some(Constant::Bool(b)) => Value::Bool(b),
                _ => Value::Unknown,
            },
            _ => value.clone(),
        }
    }

    fn text_value(&self, node: NodeRef) -> Value {
        match self.matcher.text_of(node) {
            Some(text) => Value::Text(text.into()),
            None => match self.project.kind(self.project.value(node)).name() {
                // A name that stands for a class or function is that name.
                "class_declaration" | "function_declaration" | "class_definition" | "function_definition" => {
                    Value::Text(self.project.text(node).into())
                }
                _ => Value::Unknown,
            },
        }
    }

    fn list_of_node(&self, value: &Value, inner: &ColumnType) -> Value {
        let Value::Node(node) = value else { return Value::List([self.coerce(value, inner)].into()) };
        let list = self.project.value(*node);
        if class_kinds("array").contains(&self.project.kind(list)) {
            return Value::List(self.project.children(list).map(|item| self.coerce(&Value::Node(item), inner)).collect());
        }
        Value::List([self.coerce(value, inner)].into())
    }

    /// The node a value stands for.
    pub(crate) fn node_of(&self, value: Option<&Value>) -> Option<NodeRef> {
        match value? {
            Value::Node(node) => Some(*node),
            Value::Nodes(nodes) => nodes.first().copied(),
            _ => None,
        }
    }

    /// What a name refers to, where that is a module outside the project.
    pub(crate) fn external(&self, at: NodeRef) -> Option<(Arc<str>, Arc<str>)> {
        match self.project.definition(at) {
            Definition::External { module, name } => Some((module, name)),
            _ => None,
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

/// The kinds of nodes that an alternative is searched at; `None` if it can be any.
fn searched_kinds(alt: &Alt) -> Option<Vec<Kind>> {
    let AltKind::Code(snippets) = &alt.kind else { return None };
    let kinds: Option<Vec<Vec<Kind>>> = snippets.iter().map(rune_pattern::Snippet::searched_kinds).collect();
    kinds.map(|kinds| kinds.concat())
}

fn alts_of(alt: &Alt) -> Vec<&Alt> {
    match &alt.kind {
        AltKind::Group(pattern, _) => pattern.alts.iter().flat_map(alts_of).collect(),
        _ => vec![alt],
    }
}

pub(crate) fn literal_value(literal: &Literal) -> Value {
    match literal {
        Literal::String(text) => Value::Text(text.as_str().into()),
        Literal::Number(n) => Value::Number(*n),
        Literal::Duration(ms) => Value::Duration(*ms),
        Literal::Bool(b) => Value::Bool(*b),
    }
}

fn as_list(value: Value) -> Vec<Value> {
    match value {
        Value::List(items) => items.to_vec(),
        Value::Nodes(nodes) => nodes.iter().map(|node| Value::Node(*node)).collect(),
        other => vec![other],
    }
}

/// The lowest version a range admits, as numbers: `^5.1.0` is 5.1.0, `>=2,<3` is 2.0.0.
fn version_of(text: &str) -> Option<(u64, u64, u64)> {
    let start = text.find(|c: char| c.is_ascii_digit())?;
    let end = text[start..].find(|c: char| !(c.is_ascii_digit() || c == '.')).map_or(text.len(), |i| start + i);
    let mut parts = text[start..end].split('.').map(|part| part.parse().unwrap_or(0));
    Some((parts.next()?, parts.next().unwrap_or(0), parts.next().unwrap_or(0)))
}
