//! Where in a file a body can begin: by kind of node, and for calls of a method by the method's name. Keeps the cost of a
//! scan with the nodes that could match, whatever the number of rules.

use std::borrow::Cow;
use std::collections::{BTreeMap, BTreeSet};
use std::hash::BuildHasher;
use std::sync::LazyLock;

use rune_pattern::{AltKind, Clause, Mark, Pattern, Snippet};
use rune_syntax::{Ast, Kind, KindSet, NodeId, NodeRef, Project, class_kinds};
use rustc_hash::FxBuildHasher;

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
    /// Whether a body can begin at a node.
    pub(crate) fn admits(&self, project: &Project, at: NodeRef) -> bool {
        let Starts::Some(starts) = self else { return true };
        let kind = project.kind(at);
        let is_named = |names: &BTreeSet<String>| match callee(project, at) {
            Callee::Method(name) => names.contains(name.as_ref()),
            Callee::Other => true,
            Callee::None => false,
        };
        starts.iter().any(|start| start.kind == kind && start.names.as_ref().is_none_or(is_named))
    }

    /// Whether it can begin at nodes of a kind, whatever they call.
    pub(crate) fn admits_kind(&self, kind: Kind) -> bool {
        match self {
            Starts::Any => true,
            Starts::Some(starts) => starts.iter().any(|start| start.kind == kind),
        }
    }

    /// The kinds of nodes it can begin at.
    pub(crate) fn kinds(&self) -> impl Iterator<Item = Kind> + '_ {
        let starts = match self {
            Starts::Any => &[][..],
            Starts::Some(starts) => starts,
        };
        starts.iter().map(|start| start.kind)
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
            AltKind::Row(atom) if matches!(atom.relation.as_str(), "call" | "function") => {
                starts.extend(class_kinds(&atom.relation).iter().map(|kind| Start { kind: *kind, names: None }));
            }
            AltKind::Group(pattern, inner) => {
                let both: Vec<Clause> = inner.iter().chain(clauses).cloned().collect();
                starts.extend(starts_of(pattern, &both, tables)?);
            }
            AltKind::Row(atom) => {
                starts.extend(crate::sql::start_kinds(&atom.relation)?.into_iter().map(|kind| Start { kind, names: None }));
            }
            _ => return None,
        }
    }
    Some(starts)
}

/// The names that a method has which the snippet calls, or awaits the call of; `None` if it may have any, or the callee is
/// matched by what it refers to.
fn method_names(snippet: &Snippet, clauses: &[Clause], tables: &BTreeMap<String, Declared>) -> Option<BTreeSet<String>> {
    let ast = &snippet.ast;
    let is_plain = |node: &NodeId| *snippet.mark(*node) == Mark::Plain;
    let call = awaited(ast, snippet.root).filter(is_plain).unwrap_or(snippet.root);
    let callee = ast.child_named(call, "function").filter(is_plain)?;
    let name = method_name(ast, callee)?;
    match snippet.mark(name) {
        Mark::Plain => Some([snippet.node_text(name).to_owned()].into()),
        Mark::Hole(Some(slot)) => Some(names_of(*slot, clauses, tables)?.into_iter().collect()),
        _ => None,
    }
}

fn awaited(ast: &Ast, node: NodeId) -> Option<NodeId> {
    static AWAITS: LazyLock<KindSet> = LazyLock::new(|| KindSet::of(&["await_expression", "await"]));
    if AWAITS.contains(ast.kind(node)) { ast.children(node).next() } else { None }
}

/// The node of the method's name, if `callee` is a member of something.
fn method_name(ast: &Ast, callee: NodeId) -> Option<NodeId> {
    static MEMBERS: LazyLock<KindSet> = LazyLock::new(|| KindSet::of(&["member_expression", "attribute"]));
    let is_member = MEMBERS.contains(ast.kind(callee));
    is_member.then(|| ast.child_named(callee, "property").or_else(|| ast.child_named(callee, "attribute"))).flatten()
}

/// What a call, or the call that is awaited, calls.
enum Callee<'a> {
    /// A method of that name, or a name that was taken from an object under that key.
    Method(Cow<'a, str>),
    /// Something that may turn out to be a method.
    Other,
    /// No call, or one of a plain name.
    None,
}

fn callee(project: &Project, at: NodeRef) -> Callee<'_> {
    static CALLS: LazyLock<KindSet> = LazyLock::new(|| KindSet::of(&["call_expression", "call"]));
    let ast = project.ast(at.file);
    let call = awaited(ast, at.node).unwrap_or(at.node);
    let here = |node| NodeRef { file: at.file, node };
    if !CALLS.contains(ast.kind(call)) {
        // A cast, a chain link, a name for a call: the pattern says.
        return Callee::Other;
    }
    let Some(callee) = ast.child_named(call, "function") else { return Callee::Other };
    if let Some(name) = method_name(ast, callee) {
        return Callee::Method(project.text(here(name)).into());
    }
    if ast.kind(callee) != Kind::of("identifier") {
        return Callee::Other;
    }
    match project.taken_from(here(callee)) {
        Some((_, key, _)) => Callee::Method(String::from(key).into()),
        None => Callee::None,
    }
}

/// The nodes of one file at which bodies begin: by kind, and calls by the name of what they call.
pub(crate) struct Nodes {
    n_nodes: u32,
    by_kind: Vec<(Kind, NodeId)>,
    /// By kind and hash of the name.
    by_name: Vec<(Kind, u32, NodeId)>,
    /// Those that a name does not tell apart.
    unnamed: Vec<(Kind, NodeId)>,
}

impl Nodes {
    /// The nodes of a file that are of `kinds`.
    pub(crate) fn new(project: &Project, file: u32, kinds: &KindSet) -> Nodes {
        static NAMED: LazyLock<KindSet> =
            LazyLock::new(|| KindSet::of(&["call_expression", "call", "await_expression", "await"]));
        let ast = project.ast(file);
        let mut nodes = Nodes { n_nodes: ast.len(), by_kind: Vec::new(), by_name: Vec::new(), unnamed: Vec::new() };
        for node in (0..ast.len()).filter(|node| kinds.contains(ast.kind(*node))) {
            let kind = ast.kind(node);
            nodes.by_kind.push((kind, node));
            if !NAMED.contains(kind) {
                nodes.unnamed.push((kind, node));
                continue;
            }
            match callee(project, NodeRef { file, node }) {
                Callee::Method(name) => nodes.by_name.push((kind, hash(&name), node)),
                Callee::Other => nodes.unnamed.push((kind, node)),
                Callee::None => {}
            }
        }
        nodes.by_kind.sort_unstable();
        nodes.by_name.sort_unstable();
        nodes.unnamed.sort_unstable();
        nodes
    }

    /// The nodes at which a body can begin, in source order.
    pub(crate) fn at(&self, starts: &Starts) -> Vec<NodeId> {
        let Starts::Some(starts) = starts else { return (0..self.n_nodes).collect() };
        let of_kind = |all: &[(Kind, NodeId)], kind: Kind, found: &mut Vec<NodeId>| {
            let first = all.partition_point(|(other, _)| *other < kind);
            found.extend(all[first..].iter().take_while(|(other, _)| *other == kind).map(|(_, node)| *node));
        };
        let mut found = Vec::new();
        for Start { kind, names } in starts {
            let Some(names) = names else {
                of_kind(&self.by_kind, *kind, &mut found);
                continue;
            };
            of_kind(&self.unnamed, *kind, &mut found);
            for key in names.iter().map(|name| (*kind, hash(name))) {
                let first = self.by_name.partition_point(|(kind, hash, _)| (*kind, *hash) < key);
                let same = self.by_name[first..].iter().take_while(|(kind, hash, _)| (*kind, *hash) == key);
                found.extend(same.map(|(_, _, node)| *node));
            }
        }
        found.sort_unstable();
        found.dedup();
        found
    }
}

fn hash(name: &str) -> u32 {
    FxBuildHasher.hash_one(name) as u32
}
