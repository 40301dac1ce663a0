//! Where a value goes inside one function and through the fields of its class: forwards from an expression, through names
//! and what is written into them. Two
//! strengths share the walk: `reaches` follows what keeps the value (`climb.rs`), `depends` whatever is made from it.

use rune_syntax::{Ast, Binding, BindingKind, NodeId, NodeRef, Project};
use rustc_hash::{FxHashMap, FxHashSet};

use crate::held::{Held, Link};
use crate::order::Order;

/// How many places are looked at in one walk; what lies beyond is not found.
const MAX_PLACES: usize = 50_000;

/// What counts as passing a value on.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Strength {
    /// Only what keeps it.
    Kept,
    /// Anything that is computed from it, in whatever order.
    Computed,
}

/// What a walk found.
#[derive(Debug, Default)]
pub(crate) struct Reached {
    /// The expressions that hold the value, with a bit for each way: see [`way`].
    pub(crate) places: FxHashMap<NodeId, u8>,
    /// The names that hold it, by the nodes that bind them.
    pub(crate) names: FxHashSet<NodeId>,
    /// How much was looked at.
    pub(crate) n_looked: usize,
}

/// The bit of a way to hold a value: whole and certain is 1, a part 2, possibly 4, possibly a part 8.
fn way(held: &Held) -> u8 {
    1 << (u8::from(held.part) + 2 * u8::from(held.possible))
}

/// The best ways among some: as (part, possible). A part does not count beside the whole if it is no more certain.
pub(crate) fn best_ways(ways: u8) -> impl Iterator<Item = (bool, bool)> {
    let has = move |bit: u8| ways & bit != 0;
    let all = [
        (has(1), (false, false)),
        (has(2) && !has(1), (true, false)),
        (has(4) && !has(1), (false, true)),
        (has(8) && !has(1 | 2 | 4), (true, true)),
    ];
    all.into_iter().filter(|(there, _)| *there).map(|(_, way)| way)
}

/// Where the value of `from` goes, within its function, or within its file if `strength` is `Computed`.
pub(crate) fn reached(project: &Project, from: NodeRef, strength: Strength) -> Reached {
    let mut flow = Flow::new(project, from, strength);
    flow.start(from.node);
    while let Some((node, held)) = flow.work.pop() {
        match strength {
            Strength::Kept => flow.climb(node, held),
            Strength::Computed => flow.climb_computed(node),
        }
    }
    flow.found
}

/// A walk.
pub(crate) struct Flow<'p> {
    pub(crate) project: &'p Project,
    pub(crate) ast: &'p Ast,
    file: u32,
    strength: Strength,
    order: Order<'p>,
    /// The function in which the value is followed; the root for the whole file.
    scope: NodeId,
    work: Vec<(NodeId, Held)>,
    seen: FxHashMap<(NodeId, Vec<Link>), u8>,
    uses: FxHashMap<NodeId, std::rc::Rc<Uses>>,
    found: Reached,
}

/// Where a name is read and written.
#[derive(Debug, Default)]
struct Uses {
    reads: Vec<NodeId>,
    /// What writes it whole, each time: a declaration or assignment with a value.
    writes: Vec<NodeId>,
}

impl<'p> Flow<'p> {
    fn new(project: &'p Project, from: NodeRef, strength: Strength) -> Flow<'p> {
        let order = Order::new(project, from.file);
        let owner = order.owner(from.node).filter(|_| strength == Strength::Kept);
        Flow {
            project,
            ast: project.ast(from.file),
            file: from.file,
            strength,
            order,
            scope: owner.unwrap_or(0),
            work: Vec::new(),
            seen: FxHashMap::default(),
            uses: FxHashMap::default(),
            found: Reached::default(),
        }
    }

    pub(crate) fn at(&self, node: NodeId) -> NodeRef {
        NodeRef { file: self.file, node }
    }

    pub(crate) fn kind(&self, node: NodeId) -> &'static str {
        self.ast.kind(node).name()
    }

    pub(crate) fn text(&self, node: NodeId) -> &'p str {
        self.project.text(self.at(node))
    }

    pub(crate) fn field(&self, node: NodeId, field: &str) -> Option<NodeId> {
        self.ast.child_named(node, field)
    }

    fn start(&mut self, from: NodeId) {
        let kept = self.strength == Strength::Kept;
        if kept && self.is_target(from) {
            return self.assign(from, Held::default(), from);
        }
        if self.is_target(from) && self.variable(from).is_none() {
            for name in from..self.ast.subtree_end(from) {
                if let Some(binding) = self.variable(name).filter(|binding| binding.node == name) {
                    self.spread(binding, from, &Held::default());
                }
            }
        }
        let variable = self.variable(from);
        if let Some(binding) = variable {
            self.spread(binding, from, &Held::default());
        }
        if kept || variable.is_none() {
            self.push(from, Held::default());
        }
    }

    /// Whether a node binds names: a pattern, a parameter, the name of a declaration.
    fn is_target(&self, node: NodeId) -> bool {
        let kind = self.kind(node);
        kind.ends_with("_parameter")
            || kind.ends_with("_pattern") && kind != "as_pattern"
            || kind == "pattern_list"
            || self.project.binding(self.at(node)).is_some_and(|binding| binding.node == node)
    }

    /// Notes that an expression holds the value, and that it is to be followed from there.
    pub(crate) fn push(&mut self, node: NodeId, held: Held) {
        if self.found.n_looked >= MAX_PLACES {
            return;
        }
        self.found.n_looked += 1;
        let bit = way(&held);
        *self.found.places.entry(node).or_default() |= bit;
        let seen = self.seen.entry((node, held.path.clone())).or_default();
        if *seen & bit == 0 {
            *seen |= bit;
            self.work.push((node, held));
        }
    }

    pub(crate) fn variable(&self, node: NodeId) -> Option<&'p Binding> {
        variable(self.project, self.at(node))
    }

    /// A name takes the value at `write`: so do the places that read it from there.
    pub(crate) fn spread(&mut self, binding: &Binding, write: NodeId, held: &Held) {
        let is_news = self.found.names.insert(binding.node);
        let uses = self.uses(binding);
        if self.strength == Strength::Computed {
            if is_news {
                uses.reads.iter().for_each(|read| self.push(*read, Held::default()));
            }
            return;
        }
        for read in &uses.reads {
            if self.ast.is_within(*read, self.scope_of(write))
                && let Some(is_certain) = self.carries(binding.n_writes, write, *read, &uses.writes)
            {
                let held = if is_certain { held.clone() } else { held.clone().possibly() };
                self.push(*read, held);
            }
        }
    }

    /// Whether a read may see what was written: `Some(false)` if that hangs on when a function runs.
    pub(crate) fn carries(&self, n_writes: u32, write: NodeId, read: NodeId, writes: &[NodeId]) -> Option<bool> {
        let order = &self.order;
        if !self.are_of_one_function(write, read) {
            return Some(n_writes <= 1);
        }
        let scope = self.scope_of(write);
        let in_one_loop = order.in_one_loop(write, read, scope);
        let is_after = order.is_after(read, write);
        if !in_one_loop && (!is_after || order.is_cut_off(write, read)) {
            return None;
        }
        let is_between = |other: NodeId| {
            if is_after { order.is_after(other, write) } else { order.in_one_loop(other, read, scope) }
        };
        let is_overwritten = |other: &NodeId| {
            *other != write && order.is_after(read, *other) && order.dominates(*other, read) && is_between(*other)
        };
        (!writes.iter().any(is_overwritten)).then_some(true)
    }

    pub(crate) fn are_of_one_function(&self, a: NodeId, b: NodeId) -> bool {
        self.order.owner(a) == self.order.owner(b)
    }

    /// The function in which a value is followed that is written somewhere: a field may be read in another method.
    fn scope_of(&self, write: NodeId) -> NodeId {
        if self.ast.is_within(write, self.scope) { self.scope } else { self.order.owner(write).unwrap_or(0) }
    }

    /// Counts nodes that were looked at.
    pub(crate) fn count(&mut self, n_nodes: usize) {
        self.found.n_looked += n_nodes / 8;
    }

    fn uses(&mut self, binding: &Binding) -> std::rc::Rc<Uses> {
        if let Some(known) = self.uses.get(&binding.node) {
            return known.clone();
        }
        self.count((self.ast.subtree_end(binding.scope) - binding.scope) as usize);
        let mut uses = Uses::default();
        for at in self.project.names_of(self.at(binding.node), binding).filter(|at| variable(self.project, *at).is_some()) {
            let node = at.node;
            match write_at(self.project, at, false) {
                Some((write, _)) if is_whole_write(self.kind(write)) => uses.writes.push(write),
                Some(_) => {}
                None if node != binding.node => uses.reads.push(node),
                None => {}
            }
        }
        let uses = std::rc::Rc::new(uses);
        self.uses.insert(binding.node, uses.clone());
        uses
    }
}

/// The binding of a name that is used as a variable; `None` for member names, keyword names, imports and definitions.
pub(crate) fn variable(project: &Project, at: NodeRef) -> Option<&Binding> {
    if !project.is_name(at) {
        return None;
    }
    let parent = project.parent(at).map_or("", |parent| project.kind(parent).name());
    let field = project.ast(at.file).field(at.node).name();
    if matches!((parent, field), ("attribute", "attribute") | ("keyword_argument", "name")) {
        return None;
    }
    let binding = project.binding(at)?;
    let is_variable = !matches!(binding.kind, BindingKind::Import { .. } | BindingKind::Definition(_));
    is_variable.then_some(binding)
}

/// Whether a statement or expression writes its right side to its left one.
pub(crate) fn is_assignment(kind: &str) -> bool {
    matches!(
        kind,
        "assignment_expression"
            | "assignment"
            | "augmented_assignment_expression"
            | "augmented_assignment"
            | "for_in_statement"
            | "for_statement"
            | "for_in_clause"
    )
}

fn is_whole_write(kind: &str) -> bool {
    matches!(kind, "variable_declarator" | "named_expression" | "assignment_expression" | "assignment")
}

/// What writes a name where it stands as a target, and the value: `a`, `[a]`, `{ k: a }`, with `members` also `a.k`, `a[k]`.
pub(crate) fn write_at(project: &Project, at: NodeRef, members: bool) -> Option<(NodeId, NodeRef)> {
    let mut node = at;
    loop {
        let parent = project.parent(node)?;
        let field = project.ast(at.file).field(node.node).name();
        let value = match (project.kind(parent).name(), field) {
            ("variable_declarator" | "named_expression", "name") => project.child(parent, "value"),
            (kind, "left") if is_assignment(kind) => project.child(parent, "right"),
            ("as_pattern", "alias") => project.children(parent).next(),
            ("member_expression" | "attribute" | "subscript_expression", "object") | ("subscript", "value") if members => {
                node = parent;
                continue;
            }
            (
                "object_pattern"
                | "array_pattern"
                | "pair_pattern"
                | "assignment_pattern"
                | "object_assignment_pattern"
                | "rest_pattern"
                | "tuple_pattern"
                | "pattern_list"
                | "list_pattern"
                | "list_splat_pattern"
                | "as_pattern_target",
                field,
            ) if !matches!(field, "right" | "key") => {
                node = parent;
                continue;
            }
            _ => return None,
        };
        return value.map(|value| (parent.node, value));
    }
}
