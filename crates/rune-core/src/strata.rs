//! The order in which bodies are solved: who reads the rows of whom.

use std::collections::BTreeMap;

use rune_pattern::{Alt, AltKind, Clause, Cond, Operand, Pattern, RowAtom};

use crate::builtin::is_builtin;
use crate::program::Body;
use crate::schedule::{Plan, needs_rows};

/// Bodies that are solved together.
#[derive(Debug)]
pub(crate) struct Stratum {
    pub(crate) bodies: Vec<usize>,
    /// Whether they read rows that they fill themselves.
    pub(crate) is_recursive: bool,
}

/// The strata of the bodies that fill relations, by level: a stratum reads only what lower levels fill, or itself. Also
/// the groups of bodies that need the absence of their own rows, for which there is no order.
pub(crate) fn levels(bodies: &[Body]) -> (Vec<Vec<Stratum>>, Vec<Vec<usize>>) {
    let needs = needs(bodies);
    let reaches = closure(&needs, bodies.len());
    let together = |a: usize, b: usize| a == b || (reaches[&a].contains(b) && reaches[&b].contains(a));
    let mut level_of: BTreeMap<usize, usize> = BTreeMap::new();
    let mut levels: Vec<Vec<Stratum>> = Vec::new();
    let mut negative = Vec::new();
    // What a body reaches, itself included, is more than what any body below it reaches: so those below come first.
    let mut waiting: Vec<usize> = needs.keys().copied().collect();
    waiting.sort_by_cached_key(|head| (reaches[head].iter().count() + usize::from(!reaches[head].contains(*head)), *head));
    while let Some(head) = waiting.first().copied() {
        let (group, rest): (Vec<usize>, Vec<usize>) = waiting.iter().partition(|other| together(head, **other));
        waiting = rest;
        let reads_own = |only_negated: bool| {
            let reads = group.iter().flat_map(|reader| &needs[reader]);
            reads.filter(|(_, negated)| *negated || !only_negated).any(|(writer, _)| group.contains(writer))
        };
        let (is_recursive, is_negative) = (reads_own(false), reads_own(true));
        let below = group.iter().flat_map(|reader| reaches[reader].iter()).filter_map(|other| level_of.get(&other)).max();
        let level = below.map_or(0, |below| below + 1);
        level_of.extend(group.iter().map(|body| (*body, level)));
        levels.resize_with(levels.len().max(level + 1), Vec::new);
        if is_negative {
            negative.push(group.clone());
        }
        levels[level].push(Stratum { bodies: group, is_recursive });
    }
    (levels, negative)
}

/// For each body that fills a relation, the bodies whose rows it reads, with whether under a negation.
fn needs(bodies: &[Body]) -> BTreeMap<usize, Vec<(usize, bool)>> {
    let heads = || bodies.iter().enumerate().filter_map(|(number, body)| Some((number, body.head.as_ref()?)));
    let mut writers: BTreeMap<&str, Vec<usize>> = BTreeMap::new();
    for (number, head) in heads() {
        writers.entry(&head.relation).or_default().push(number);
    }
    let reads = |reader: usize| {
        let atoms = bodies[reader].atoms().into_iter();
        let filled_by = |atom: &RowAtom| writers.get(atom.relation.as_str()).map_or(&[][..], Vec::as_slice);
        atoms.flat_map(|(atom, negated)| filled_by(atom).iter().map(move |writer| (*writer, negated))).collect()
    };
    heads().map(|(number, _)| (number, reads(number))).collect()
}

fn closure(needs: &BTreeMap<usize, Vec<(usize, bool)>>, n: usize) -> BTreeMap<usize, Bodies> {
    let mut reaches = BTreeMap::new();
    for head in needs.keys() {
        let mut seen = Bodies::new(n);
        let mut work = vec![*head];
        while let Some(at) = work.pop() {
            work.extend(needs.get(&at).into_iter().flatten().map(|(next, _)| *next).filter(|next| seen.insert(*next)));
        }
        reaches.insert(*head, seen);
    }
    reaches
}

/// A set of bodies.
struct Bodies(Vec<bool>);

impl Bodies {
    fn new(n: usize) -> Bodies {
        Bodies(vec![false; n])
    }

    /// Adds a body; false if it is in it.
    fn insert(&mut self, body: usize) -> bool {
        !std::mem::replace(&mut self.0[body], true)
    }

    fn contains(&self, body: usize) -> bool {
        self.0[body]
    }

    fn iter(&self) -> impl Iterator<Item = usize> + '_ {
        self.0.iter().enumerate().filter(|(_, is_in)| **is_in).map(|(body, _)| body)
    }
}

/// `find (code where …) as $X` is `find code as $X` with the clauses after it: files are then looked through for the code.
pub(crate) fn hoisted(find: &Pattern, clauses: &[Clause]) -> (Pattern, Vec<Clause>) {
    if let [Alt { kind: AltKind::Group(inner, own), bind, .. }] = find.alts.as_slice()
        && !own.is_empty()
        && !needs_rows(&**inner)
        && (bind.is_none() || inner.alts.iter().all(|alt| alt.bind.is_none()))
    {
        let alts = inner.alts.iter().map(|alt| Alt { bind: alt.bind.or(*bind), ..alt.clone() }).collect();
        return (Pattern { alts }, own.iter().chain(clauses).cloned().collect());
    }
    (find.clone(), clauses.to_vec())
}

/// The rows that `find … as $X` with `where relation(at: $X)` starts from.
pub(crate) fn start_rows(find: &Pattern, plan: &Plan, from_code: bool) -> Option<RowAtom> {
    let root = find.alts.first()?.bind?;
    if !from_code || find.alts.iter().any(|alt| alt.bind != Some(root)) {
        return None;
    }
    let is_root = |operand: &Operand| matches!(operand, Operand::Path(slot, keys, _) if *slot == root && keys.is_empty());
    plan.joined.iter().find_map(|clause| match clause {
        Clause::Where(Cond::Row(atom, _)) if !is_builtin(&atom.relation) => {
            atom.columns.iter().any(|(name, operand)| name == "at" && is_root(operand)).then(|| atom.clone())
        }
        _ => None,
    })
}
