//! Nodes: what fits one, and where in the project one that fits is looked for.

use rune_pattern::{Alt, AltKind, Clause, Cond, Env, Operand, Pattern, Slot, Value};
use rune_syntax::{NodeId, NodeRef, class_kinds};

use super::values::literal_value;
use super::{NOWHERE, Solver, State, Truth, distinct};
use crate::builtin;
use crate::starts::Starts;

impl Solver<'_> {
    /// Whether a node can be found for the pattern with its clauses, anywhere.
    pub(super) fn group(&self, pattern: &Pattern, clauses: &[Clause], bind: Option<Slot>, state: &State) -> Vec<Env> {
        let mut found = Vec::new();
        for alt in &pattern.alts {
            let file = [bind, alt.bind].into_iter().flatten().find_map(|slot| file_of_bound(slot, clauses, state));
            for start in self.anywhere(alt, state, file) {
                let start = match bind {
                    Some(slot) => start.with(start.env.with(slot, Value::Node(start.root))),
                    None => start,
                };
                found.extend(self.clauses(clauses, start).into_iter().map(|state| state.env));
            }
        }
        distinct(found)
    }

    /// The nodes anywhere that fit an alternative: through rows, of those of one file if no others can be meant, or by search
    /// in the file of the found node.
    pub(crate) fn anywhere(&self, alt: &Alt, state: &State, file: Option<u32>) -> Vec<State> {
        match &alt.kind {
            AltKind::Row(atom) => {
                let found = self.row_states(atom, alt.bind, state, file, |_| false);
                found.into_iter().map(|(at, env)| State { root: at.unwrap_or(state.root), focus: state.focus, env }).collect()
            }
            AltKind::Group(pattern, clauses) => {
                let of = |inner: &Alt| {
                    [alt.bind, inner.bind].into_iter().flatten().find_map(|slot| file_of_bound(slot, clauses, state))
                };
                let starts = pattern.alts.iter().flat_map(|inner| self.anywhere(inner, state, file.or_else(|| of(inner))));
                let found: Vec<State> = starts.flat_map(|start| self.clauses(clauses, start)).collect();
                match alt.bind {
                    Some(slot) => found.into_iter().map(|s| s.with(s.env.with(slot, Value::Node(s.root)))).collect(),
                    None => found,
                }
            }
            _ => {
                let files = if state.root == NOWHERE { 0..self.project.n_files() } else { state.root.file..state.root.file + 1 };
                files
                    .flat_map(|file| self.searched(alt, file).into_iter().map(move |node| NodeRef { file, node }))
                    .flat_map(|at| {
                        self.alt(alt, at, &state.env).into_iter().map(move |env| State { root: at, focus: state.focus, env })
                    })
                    .collect()
            }
        }
    }

    /// The nodes of a file that an alternative may fit, in order.
    fn searched(&self, alt: &Alt, file: u32) -> Vec<NodeId> {
        let ast = self.project.ast(file);
        match &Starts::of(alt) {
            Starts::Any => (0..ast.len()).collect(),
            starts if starts.kinds().all(|kind| self.start_kinds.contains(kind)) => {
                self.files[file as usize].nodes(self.project, file, self.start_kinds).at(starts)
            }
            starts => (0..ast.len()).filter(|node| starts.admits_kind(ast.kind(*node))).collect(),
        }
    }

    /// The ways a pattern fits one node.
    pub(crate) fn pattern(&self, pattern: &Pattern, at: NodeRef, env: &Env) -> Vec<Env> {
        self.any_of(&pattern.alts, at, env)
    }

    /// The ways any of some alternatives fits one node.
    pub(crate) fn any_of(&self, alts: &[Alt], at: NodeRef, env: &Env) -> Vec<Env> {
        match alts {
            [alt] => distinct(self.alt(alt, at, env)),
            _ => distinct(alts.iter().flat_map(|alt| self.alt(alt, at, env)).collect()),
        }
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

    pub(super) fn bind(&self, slot: Slot, at: NodeRef, env: Env) -> Option<Env> {
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
}

/// The file in which the node of a group stands, if a clause relates it to something bound of the same file.
fn file_of_bound(slot: Slot, clauses: &[Clause], state: &State) -> Option<u32> {
    clauses.iter().find_map(|clause| {
        let Clause::Where(Cond::Row(atom, _)) = clause else { return None };
        if !builtin::is_of_one_file(&atom.relation) {
            return None;
        }
        let slots: Vec<Slot> = atom.columns.iter().filter_map(|(_, operand)| plain(operand)).collect();
        let bound = |other: &Slot| match state.env.get(*other) {
            Some(Value::Node(node)) => Some(node.file),
            _ => None,
        };
        slots.contains(&slot).then(|| slots.iter().filter(|other| **other != slot).find_map(bound)).flatten()
    })
}

fn plain(operand: &Operand) -> Option<Slot> {
    match operand {
        Operand::Path(slot, keys, _) if keys.is_empty() => Some(*slot),
        _ => None,
    }
}
