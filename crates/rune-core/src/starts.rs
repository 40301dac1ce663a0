//! Where in a file a body can begin: by kind of node, and by name: the method or the whole callee of a call, the key of a
//! pair, what is written. Keeps the cost of a
//! scan with the nodes that could match, whatever the number of rules.

use std::borrow::Cow;
use std::collections::{BTreeMap, BTreeSet};
use std::hash::BuildHasher;
use std::sync::LazyLock;

use rune_pattern::{Alt, AltKind, Clause, Mark, Pattern, Snippet};
use rune_syntax::{Ast, Kind, KindSet, NodeId, NodeRef, Project, class_kinds};
use rustc_hash::FxBuildHasher;

use crate::prefilter::{names_of, spellings_of};
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
    /// The names by which [`name_of`] tells nodes of the kind apart; those that it does not tell apart are always tried.
    /// `None`: all.
    names: Option<BTreeSet<String>>,
}

impl Starts {
    /// Where `find` can begin, with what `clauses` say of the names in it.
    pub(crate) fn new(find: &Pattern, clauses: &[Clause], tables: &BTreeMap<String, Declared>) -> Starts {
        starts_of(&find.alts, clauses, tables).map_or(Starts::Any, Starts::Some)
    }

    /// Where an alternative can begin, whatever is bound.
    pub(crate) fn of(alt: &Alt) -> Starts {
        starts_of(std::slice::from_ref(alt), &[], &BTreeMap::new()).map_or(Starts::Any, Starts::Some)
    }
}

impl Starts {
    /// Whether a body can begin at a node.
    pub(crate) fn admits(&self, project: &Project, at: NodeRef) -> bool {
        let Starts::Some(starts) = self else { return true };
        let kind = project.kind(at);
        let is_named = |names: &BTreeSet<String>| match name_of(project, at) {
            Name::Is(name) => {
                names.contains(name.as_ref()) || whole_callee(project, at).is_some_and(|name| names.contains(&name))
            }
            Name::Other => true,
            Name::None => whole_callee(project, at).is_some_and(|name| names.contains(&name)),
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

fn starts_of(alts: &[Alt], clauses: &[Clause], tables: &BTreeMap<String, Declared>) -> Option<Vec<Start>> {
    let mut starts = Vec::new();
    for alt in alts {
        match &alt.kind {
            AltKind::Code(snippets) => {
                for snippet in snippets {
                    let names = asked_names(snippet, clauses, tables);
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
                starts.extend(starts_of(&pattern.alts, &both, tables)?);
            }
            AltKind::Row(atom) => {
                starts.extend(crate::builtin::start_kinds(&atom.relation)?.into_iter().map(|kind| Start { kind, names: None }));
            }
            _ => return None,
        }
    }
    Some(starts)
}

/// The names of nodes that the snippet can match; `None` if it may be any.
fn asked_names(snippet: &Snippet, clauses: &[Clause], tables: &BTreeMap<String, Declared>) -> Option<BTreeSet<String>> {
    let ast = &snippet.ast;
    let is_plain = |node: &NodeId| *snippet.mark(*node) == Mark::Plain;
    if *snippet.mark(snippet.root) != Mark::Plain {
        return None;
    }
    if let Some(place) = name_place(ast, snippet.root).filter(|_| !snippet.exact) {
        let name = match place {
            Place::Key(key) => key,
            Place::Written(written) if is_plain(&written) => method_name(ast, written).unwrap_or(written),
            _ => return None,
        };
        let of_kind = if matches!(place, Place::Key(_)) { is_key(ast, name) } else { is_spelled(ast, name) };
        return (of_kind && is_plain(&name))
            .then(|| key_text(snippet.node_text(name)))
            .flatten()
            .map(|name| [name.to_owned()].into());
    }
    let call = awaited(ast, snippet.root).filter(is_plain).unwrap_or(snippet.root);
    let callee = ast.child_named(call, "function")?;
    if let Mark::Hole(Some(slot)) = snippet.mark(callee) {
        let spelled = spellings_of(*slot, clauses)?.into_iter();
        let whole: Option<BTreeSet<String>> = spelled.map(|text| (text.len() <= MAX_WHOLE).then(|| whole(&text))).collect();
        return whole;
    }
    let callee = Some(callee).filter(is_plain)?;
    if ast.kind(callee) == Kind::of("identifier") && !snippet.exact {
        let name = snippet.node_text(callee);
        return (name.len() <= MAX_WHOLE).then(|| [whole(name)].into());
    }
    let name = method_name(ast, callee)?;
    match snippet.mark(name) {
        Mark::Plain => Some([snippet.node_text(name).to_owned()].into()),
        Mark::Hole(Some(slot)) => Some(names_of(*slot, clauses, tables)?.into_iter().collect()),
        _ => None,
    }
}

/// What tells nodes apart that are no calls.
enum Place {
    /// The key of a pair.
    Key(NodeId),
    /// What is written by an assignment or the one declarator of a declaration.
    Written(NodeId),
}

fn name_place(ast: &Ast, node: NodeId) -> Option<Place> {
    static ASSIGNMENTS: LazyLock<KindSet> = LazyLock::new(|| KindSet::of(&["assignment_expression", "assignment"]));
    let kind = ast.kind(node);
    if kind == Kind::of("pair") {
        return ast.child_named(node, "key").map(Place::Key);
    }
    if ASSIGNMENTS.contains(kind) {
        return ast.child_named(node, "left").map(Place::Written);
    }
    let mut declarators = ast.children(node);
    match (kind.name(), declarators.next(), declarators.next()) {
        ("lexical_declaration", Some(one), None) => ast.child_named(one, "name").map(Place::Written),
        _ => None,
    }
}

/// Whether a key is written out: neither computed nor a number.
fn is_key(ast: &Ast, key: NodeId) -> bool {
    static KEYS: LazyLock<KindSet> = LazyLock::new(|| KindSet::of(&["property_identifier", "string"]));
    KEYS.contains(ast.kind(key)) && ast.children(key).next().is_none()
}

/// Whether a node is a name that only the same spelling fits.
fn is_spelled(ast: &Ast, name: NodeId) -> bool {
    static NAMES: LazyLock<KindSet> = LazyLock::new(|| KindSet::of(&["property_identifier", "identifier"]));
    NAMES.contains(ast.kind(name))
}

/// What a key says if it has neither escapes nor a prefix.
fn key_text(text: &str) -> Option<&str> {
    let is_string = text.ends_with(['"', '\'']);
    (!text.contains('\\') && is_string == text.starts_with(['"', '\''])).then(|| text.trim_matches(['"', '\'']))
}

/// How long the text of a callee is at most by which calls are told apart.
const MAX_WHOLE: usize = 60;

/// The whole text of a callee, told apart from the names of methods.
fn whole(text: &str) -> String {
    format!("={text}")
}

fn whole_callee(project: &Project, at: NodeRef) -> Option<String> {
    let ast = project.ast(at.file);
    let call = awaited(ast, at.node).unwrap_or(at.node);
    let callee = ast.child_named(call, "function")?;
    let callee = NodeRef { file: at.file, node: callee };
    (project.text(callee).len() <= MAX_WHOLE).then(|| whole(&project.name_text(callee)))
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

/// By what a node is told apart from others of its kind.
enum Name<'a> {
    /// The method that a call, or the call that is awaited, calls, or the key under which its callee was taken from an
    /// object; the key of a pair; the name, or the member, that is written.
    Is(Cow<'a, str>),
    /// Something that may turn out to have any.
    Other,
    /// A call of a plain name.
    None,
}

fn name_of(project: &Project, at: NodeRef) -> Name<'_> {
    static CALLS: LazyLock<KindSet> = LazyLock::new(|| KindSet::of(&["call_expression", "call"]));
    let ast = project.ast(at.file);
    let here = |node| NodeRef { file: at.file, node };
    if let Some(place) = name_place(ast, at.node) {
        let has_scopes = project.language(at.file).has_scopes();
        let name = match place {
            Place::Key(key) => Some(key).filter(|key| is_key(ast, *key)),
            Place::Written(written) => Some(method_name(ast, written).unwrap_or(written)).filter(|name| is_spelled(ast, *name)),
        };
        // What was taken from an object is a member of it too.
        let name = name.filter(|name| ast.kind(*name) != Kind::of("identifier") || project.taken_from(here(*name)).is_none());
        let text = name.filter(|_| has_scopes).and_then(|name| key_text(project.text(here(name))));
        return text.map_or(Name::Other, |text| Name::Is(text.into()));
    }
    let call = awaited(ast, at.node).unwrap_or(at.node);
    if !CALLS.contains(ast.kind(call)) {
        // A cast, a chain link, a name for a call: the pattern says.
        return Name::Other;
    }
    let Some(callee) = ast.child_named(call, "function") else { return Name::Other };
    if let Some(name) = method_name(ast, callee) {
        return Name::Is(project.text(here(name)).into());
    }
    if ast.kind(callee) != Kind::of("identifier") {
        return Name::Other;
    }
    match project.taken_from(here(callee)) {
        Some((_, key, _)) => Name::Is(String::from(key).into()),
        None => Name::None,
    }
}

/// The nodes of one file at which bodies begin: by kind, and by name.
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
        static NAMED: LazyLock<KindSet> = LazyLock::new(|| {
            KindSet::of(&[
                "call_expression",
                "call",
                "await_expression",
                "await",
                "pair",
                "assignment_expression",
                "assignment",
                "lexical_declaration",
            ])
        });
        let ast = project.ast(file);
        let mut nodes = Nodes { n_nodes: ast.len(), by_kind: Vec::new(), by_name: Vec::new(), unnamed: Vec::new() };
        for node in (0..ast.len()).filter(|node| kinds.contains(ast.kind(*node))) {
            let kind = ast.kind(node);
            nodes.by_kind.push((kind, node));
            if !NAMED.contains(kind) {
                nodes.unnamed.push((kind, node));
                continue;
            }
            let at = NodeRef { file, node };
            nodes.by_name.extend(whole_callee(project, at).map(|name| (kind, hash(&name), node)));
            match name_of(project, at) {
                Name::Is(name) => nodes.by_name.push((kind, hash(&name), node)),
                Name::Other => nodes.unnamed.push((kind, node)),
                Name::None => {}
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
