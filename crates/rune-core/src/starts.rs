//! Where in a file a body can begin: by kind of node, and for calls of a method by the method's name. Keeps the cost of a
//! scan with the nodes that could match, whatever the number of rules.

use std::collections::{BTreeMap, BTreeSet};

use rune_pattern::{AltKind, Clause, Mark, Pattern, Snippet};
use rune_syntax::{Ast, Kind, NodeId, class_kinds};
use rustc_hash::FxHashMap;

use crate::prefilter::names_of;
use crate::program::Declared;

/// The nodes a body's `find` can match.
#[derive(Debug)]
pub(crate) enum Starts {
    /// Any node.
    Any,
    /// Nodes of these kinds.
    Some(Vec<Start>),
}

/// Nodes of one kind.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Start {
    kind: Kind,
    /// For calls: the names of the method called; calls of anything but a method are always tried. `None`: all.
    names: Option<BTreeSet<String>>,
}

impl Starts {
    /// Where `find` can begin, with what `clauses` say of the names in it.
    pub(crate) fn new(find: &Pattern, clauses: &[Clause], tables: &BTreeMap<String, Declared>) -> Starts {
        starts_of(find, clauses, tables).map_or(Starts::Any, Starts::Some)
    }
}

impl Starts {
    /// Whether a body can begin at a node of `ast`, made from `text`.
    pub(crate) fn admits(&self, ast: &Ast, node: NodeId, text: &str) -> bool {
        let Starts::Some(starts) = self else { return true };
        let kind = ast.kind(node);
        let name = || ast.child_named(node, "function").and_then(|callee| method_name(ast, callee));
        let is_named = |names: &BTreeSet<String>| name().is_none_or(|name| names.contains(ast.text(name, text)));
        starts.iter().any(|start| start.kind == kind && start.names.as_ref().is_none_or(is_named))
    }
}

fn starts_of(find: &Pattern, clauses: &[Clause], tables: &BTreeMap<String, Declared>) -> Option<Vec<Start>> {
    let mut starts = Vec::new();
    for alt in &find.alts {
        match &alt.kind {
            AltKind::Code(snippets) => {
                for snippet in snippets {
                    let names = method_names(snippet, clauses, tables);
                    let kinds = snippet.searched_kinds()?.into_iter();
                    starts.extend(kinds.map(|kind| Start { kind, names: names.clone() }));
                }
            }
            AltKind::Class(word) => {
                let kinds = class_kinds(word);
                if kinds.is_empty() {
                    return None;
                }
                starts.extend(kinds.iter().map(|kind| Start { kind: *kind, names: None }));
            }
            AltKind::Group(pattern, inner) => {
                let both: Vec<Clause> = inner.iter().chain(clauses).cloned().collect();
                starts.extend(starts_of(pattern, &both, tables)?);
            }
            _ => return None,
        }
    }
    Some(starts)
}

/// The names that a method has which the snippet calls; `None` if it may have any, or the callee is matched by what it
/// refers to.
fn method_names(snippet: &Snippet, clauses: &[Clause], tables: &BTreeMap<String, Declared>) -> Option<BTreeSet<String>> {
    let callee = snippet.ast.child_named(snippet.root, "function")?;
    let name = method_name(&snippet.ast, callee)?;
    if *snippet.mark(callee) != Mark::Plain {
        return None;
    }
    match snippet.mark(name) {
        Mark::Plain => Some([snippet.node_text(name).to_owned()].into()),
        Mark::Hole(Some(slot)) => Some(names_of(*slot, clauses, tables)?.into_iter().collect()),
        _ => None,
    }
}

/// The node of the method's name, if `callee` is a member of something.
fn method_name(ast: &Ast, callee: NodeId) -> Option<NodeId> {
    match ast.kind(callee).name() {
        "member_expression" => ast.child_named(callee, "property"),
        "attribute" => ast.child_named(callee, "attribute"),
        _ => None,
    }
}

/// The nodes of one file by kind, its method calls by name.
pub(crate) struct Nodes<'a> {
    n_nodes: u32,
    by_kind: FxHashMap<Kind, Vec<NodeId>>,
    by_method: FxHashMap<(Kind, &'a str), Vec<NodeId>>,
    /// Calls of something that is no method.
    plain_calls: FxHashMap<Kind, Vec<NodeId>>,
}

impl<'a> Nodes<'a> {
    /// The nodes of `ast`, made from `text`.
    pub(crate) fn new(ast: &Ast, text: &'a str) -> Nodes<'a> {
        let mut nodes = Nodes {
            n_nodes: ast.len(),
            by_kind: FxHashMap::default(),
            by_method: FxHashMap::default(),
            plain_calls: FxHashMap::default(),
        };
        for node in 0..ast.len() {
            let kind = ast.kind(node);
            nodes.by_kind.entry(kind).or_default().push(node);
            if !matches!(kind.name(), "call_expression" | "call") {
                continue;
            }
            let name = ast.child_named(node, "function").and_then(|callee| method_name(ast, callee));
            match name {
                Some(name) => nodes.by_method.entry((kind, ast.text(name, text))).or_default().push(node),
                None => nodes.plain_calls.entry(kind).or_default().push(node),
            }
        }
        nodes
    }

    /// The nodes at which a body can begin, in source order.
    pub(crate) fn at(&self, starts: &Starts) -> Vec<NodeId> {
        let Starts::Some(starts) = starts else { return (0..self.n_nodes).collect() };
        let mut found = Vec::new();
        for start in starts {
            match &start.names {
                None => found.extend(self.by_kind.get(&start.kind).into_iter().flatten()),
                Some(names) => {
                    found.extend(self.plain_calls.get(&start.kind).into_iter().flatten());
                    for name in names {
                        found.extend(self.by_method.get(&(start.kind, name.as_str())).into_iter().flatten());
                    }
                }
            }
        }
        found.sort_unstable();
        found.dedup();
        found
    }
}
