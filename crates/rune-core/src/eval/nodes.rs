//! Nodes: what fits one, and where in the project one that fits is looked for.

use rune_pattern::{Alt, AltKind, Clause, Env, Pattern, Slot, Value};
use rune_syntax::{Kind, NodeRef, class_kinds};

use super::values::literal_value;
use super::{NOWHERE, Solver, State, Truth, distinct};

impl Solver<'_> {
    /// Whether a node can be found for the pattern with its clauses, anywhere.
    pub(super) fn group(&self, pattern: &Pattern, clauses: &[Clause], bind: Option<Slot>, state: &State) -> Vec<Env> {
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

/// The kinds of nodes that an alternative is searched at; `None` if it can be any.
fn searched_kinds(alt: &Alt) -> Option<Vec<Kind>> {
    let AltKind::Code(snippets) = &alt.kind else { return None };
    let kinds: Option<Vec<Vec<Kind>>> = snippets.iter().map(rune_pattern::Snippet::searched_kinds).collect();
    kinds.map(|kinds| kinds.concat())
}
