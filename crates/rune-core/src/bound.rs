//! Which captures hold something wherever they are read. A capture is bound surely if every way through the pattern
//! binds it; one that only some alternatives of an `or` bind, or only a negation, must not be read behind them.

use rune_pattern::{Alt, AltKind, Clause, Cond, Like, ListItem, Offsets, Operand, Pattern, RowAtom, Slot};

use crate::builtin;
use crate::schedule::{Slots, binds, operand_slots};
use crate::visit::{self, Part, Start, visit};

/// A capture that is read where it may hold nothing, with the place.
pub(crate) type Read = (Slot, Offsets);

/// What every way through `find` and `clauses` binds.
pub(crate) fn surely(find: &Pattern, clauses: &[Clause]) -> Slots {
    let mut slots = pattern_surely(find);
    slots.extend(clauses.iter().flat_map(clause_surely));
    slots
}

fn pattern_surely(pattern: &Pattern) -> Slots {
    common(pattern.alts.iter().map(alt_surely))
}

fn common(mut all: impl Iterator<Item = Slots>) -> Slots {
    let first = all.next().unwrap_or_default();
    all.fold(first, |common, next| common.intersection(&next).copied().collect())
}

fn alt_surely(alt: &Alt) -> Slots {
    let mut slots: Slots = match &alt.kind {
        AltKind::Code(snippets) => snippets.iter().flat_map(|snippet| snippet.captures.iter().copied()).collect(),
        AltKind::Row(atom) => row_binds(atom),
        AltKind::Capture(slot) => [*slot].into(),
        AltKind::Group(pattern, clauses) => surely(pattern, clauses),
        AltKind::Literal(_) | AltKind::Class(_) => Slots::new(),
    };
    slots.extend(alt.bind);
    slots
}

fn clause_surely(clause: &Clause) -> Slots {
    match clause {
        Clause::Focus(..) => Slots::new(),
        Clause::Step(step) if step.negated => Slots::new(),
        Clause::Step(step) => pattern_surely(&step.pattern),
        Clause::Where(cond) => cond_surely(cond),
    }
}

fn cond_surely(cond: &Cond) -> Slots {
    match cond {
        Cond::And(parts) => parts.iter().flat_map(cond_surely).collect(),
        Cond::Or(parts) => common(parts.iter().map(cond_surely)),
        Cond::Is(_, alt, _) | Cond::Step(_, _, alt, _, _) => alt_surely(alt),
        Cond::Like(_, Like::Regex(_, slots), _) => slots.iter().map(|(_, slot)| *slot).collect(),
        Cond::Row(atom, bind) => row_binds(atom).into_iter().chain(*bind).collect(),
        Cond::Group(pattern, clauses, bind, _) => surely(pattern, clauses).into_iter().chain(*bind).collect(),
        Cond::Not(_) | Cond::Equals(..) | Cond::In(..) | Cond::Like(..) | Cond::Compare(..) => Slots::new(),
    }
}

fn row_binds(atom: &RowAtom) -> Slots {
    let read: Vec<Read> = row_reads(atom);
    let all: Slots = atom.columns.iter().flat_map(|(_, operand)| operand_slots(operand)).collect();
    all.into_iter().filter(|slot| !read.iter().any(|(other, _)| other == slot)).collect()
}

/// The captures that a row needs: those in computed columns, and those a built-in relation starts from.
fn row_reads(atom: &RowAtom) -> Vec<Read> {
    let inputs = builtin::inputs(&atom.relation);
    let mut reads = Vec::new();
    for (name, operand) in &atom.columns {
        match operand {
            _ if inputs.contains(&name.as_str()) => reads.extend(visit::reads(operand)),
            Operand::Path(_, keys, _) if keys.is_empty() => {}
            Operand::List(items) => {
                for item in items {
                    match item {
                        ListItem::One(Operand::Path(_, keys, _)) if keys.is_empty() => {}
                        ListItem::One(operand) | ListItem::Spread(operand) => reads.extend(visit::reads(operand)),
                        ListItem::Gap => {}
                    }
                }
            }
            computed => reads.extend(visit::reads(computed)),
        }
    }
    reads
}

/// The captures that clauses read where not every way before has bound them; `sure` and `maybe` hold what every and what
/// some way around them binds.
pub(crate) fn unbound(find: &Pattern, clauses: &[Clause], sure: &Slots, maybe: &Slots) -> Vec<Read> {
    let mut check = Check::default();
    check.group(find, clauses, sure, maybe);
    check.found
}

/// Walks a rule with what is bound surely (`sure`) and what some alternative binds (`maybe`) at each place.
#[derive(Default)]
struct Check {
    found: Vec<Read>,
}

impl Check {
    fn group(&mut self, find: &Pattern, clauses: &[Clause], sure: &Slots, maybe: &Slots) {
        let sure: Slots = sure.union(&surely(find, clauses)).copied().collect();
        let maybe: Slots = maybe.iter().copied().chain(binds(find)).chain(clauses.iter().flat_map(binds)).collect();
        find.alts.iter().for_each(|alt| self.alt(alt, &sure, &maybe));
        for clause in clauses {
            match clause {
                Clause::Focus(slot, at) => self.read(&[(*slot, at.clone())], &sure),
                Clause::Step(step) => {
                    if step.negated {
                        self.denied(&binds(&step.pattern), &step.at, &sure, &maybe);
                    }
                    step.pattern.alts.iter().for_each(|alt| self.alt(alt, &sure, &maybe));
                }
                Clause::Where(cond) => self.cond(cond, &sure, &maybe),
            }
        }
    }

    fn alt(&mut self, alt: &Alt, sure: &Slots, maybe: &Slots) {
        match &alt.kind {
            AltKind::Row(atom) => self.read(&row_reads(atom), sure),
            AltKind::Group(pattern, clauses) => self.group(pattern, clauses, sure, maybe),
            _ => {}
        }
    }

    fn cond(&mut self, cond: &Cond, sure: &Slots, maybe: &Slots) {
        let mut reads = Vec::new();
        match cond {
            Cond::And(parts) => {
                let known = parts.iter().filter_map(|part| match part {
                    Cond::Not(inner) => asked_absent(inner),
                    _ => None,
                });
                let sure: Slots = sure.iter().copied().chain(cond_surely(cond)).chain(known).collect();
                let maybe = maybe.union(&binds(&Clause::Where(cond.clone()))).copied().collect();
                parts.iter().for_each(|part| self.cond(part, &sure, &maybe));
            }
            Cond::Or(parts) => {
                // Behind `$X is absent or` it is there.
                let known: Slots = parts.iter().filter_map(asked_absent).collect();
                for part in parts {
                    self.cond(part, &sure.iter().chain(&known).copied().chain(cond_surely(part)).collect(), maybe);
                }
            }
            Cond::Not(inner) => {
                let slots = binds(&Clause::Where((**inner).clone()));
                self.denied(&slots, &place_of(inner), sure, maybe);
                self.cond(inner, &sure.union(&cond_surely(inner)).copied().collect(), maybe);
            }
            _ if asked_absent(cond).is_some_and(|slot| maybe.contains(&slot)) => {}
            Cond::Is(operand, alt, _) | Cond::Step(operand, _, alt, _, _) => {
                reads.extend(visit::reads(operand));
                self.alt(alt, sure, maybe);
            }
            Cond::Equals(a, b, _) | Cond::In(a, b, _) | Cond::Compare(a, _, b, _) => {
                reads.extend(visit::reads(a));
                reads.extend(visit::reads(b));
            }
            Cond::Like(operand, like, _) => {
                reads.extend(visit::reads(operand));
                if let Like::Path(path) = like {
                    reads.extend(visit::reads(path));
                }
            }
            Cond::Row(atom, _) => reads = row_reads(atom),
            Cond::Group(pattern, clauses, _, _) => self.group(pattern, clauses, sure, maybe),
        }
        self.read(&reads, sure);
    }

    fn read(&mut self, reads: &[Read], sure: &Slots) {
        self.found.extend(reads.iter().filter(|(slot, _)| !sure.contains(slot)).cloned());
    }

    /// What a negation shares with the outside must be bound there; what it meets first is its own.
    fn denied(&mut self, slots: &Slots, at: &Offsets, sure: &Slots, maybe: &Slots) {
        let shared = slots.iter().filter(|slot| maybe.contains(*slot) && !sure.contains(*slot));
        self.found.extend(shared.map(|slot| (*slot, at.clone())));
    }
}

/// The capture that `$X is absent` asks about.
fn asked_absent(cond: &Cond) -> Option<Slot> {
    match cond {
        Cond::Is(Operand::Path(slot, keys, _), alt, _) if keys.is_empty() => {
            matches!(&alt.kind, AltKind::Class(word) if word == "absent").then_some(*slot)
        }
        _ => None,
    }
}

/// Where a condition stands.
pub(crate) fn place_of(cond: &Cond) -> Offsets {
    match cond {
        Cond::And(parts) | Cond::Or(parts) => {
            let places = || parts.iter().map(place_of);
            places().map(|at| at.start).min().unwrap_or(0)..places().map(|at| at.end).max().unwrap_or(0)
        }
        Cond::Not(inner) => place_of(inner),
        Cond::Is(_, _, at)
        | Cond::Equals(_, _, at)
        | Cond::In(_, _, at)
        | Cond::Like(_, _, at)
        | Cond::Step(_, _, _, _, at)
        | Cond::Compare(_, _, _, at)
        | Cond::Group(_, _, _, at) => at.clone(),
        Cond::Row(atom, _) => atom.at.clone(),
    }
}

/// The alternative of an `or` that does not bind a capture which another one binds.
pub(crate) fn lacking(find: &Pattern, clauses: &[Clause], slot: Slot) -> Option<Offsets> {
    let in_clause = |clause: &Clause| match clause {
        Clause::Step(step) if !step.negated => in_pattern(&step.pattern, slot),
        Clause::Where(cond) => in_cond(cond, slot),
        _ => None,
    };
    in_pattern(find, slot).or_else(|| clauses.iter().find_map(in_clause))
}

fn in_pattern(pattern: &Pattern, slot: Slot) -> Option<Offsets> {
    let has = |alt: &Alt| binds(&Pattern { alts: vec![alt.clone()] }).contains(&slot);
    if !pattern.alts.iter().any(has) {
        return None;
    }
    let without = pattern.alts.iter().find(|alt| !has(alt)).map(|alt| alt.at.clone());
    without.or_else(|| pattern.alts.iter().find_map(|alt| in_alt(alt, slot)))
}

fn in_alt(alt: &Alt, slot: Slot) -> Option<Offsets> {
    match &alt.kind {
        AltKind::Group(pattern, clauses) => lacking(pattern, clauses, slot),
        _ => None,
    }
}

fn in_cond(cond: &Cond, slot: Slot) -> Option<Offsets> {
    match cond {
        Cond::And(parts) => parts.iter().find_map(|part| in_cond(part, slot)),
        Cond::Or(parts) => {
            let has = |part: &Cond| binds(&Clause::Where(part.clone())).contains(&slot);
            if !parts.iter().any(has) {
                return None;
            }
            let without = parts.iter().find(|part| !has(part)).map(place_of);
            without.or_else(|| parts.iter().find_map(|part| in_cond(part, slot)))
        }
        Cond::Is(_, alt, _) | Cond::Step(_, _, alt, _, _) => in_alt(alt, slot),
        Cond::Group(pattern, clauses, _, _) => lacking(pattern, clauses, slot),
        _ => None,
    }
}

/// Every place at which `find` and `clauses` name a capture, as one entry each.
pub(crate) fn mentions<'p>(part: impl Into<Start<'p>>) -> Vec<Slot> {
    let mut found = Vec::new();
    visit(part, |part, _| match part {
        Part::Focus(slot) => found.push(slot),
        Part::Operand(Operand::Path(slot, ..)) => found.push(*slot),
        Part::Alt(alt) => {
            match &alt.kind {
                // The same code in several languages.
                AltKind::Code(snippets) => found.extend(snippets.iter().take(1).flat_map(|snippet| snippet.captures.iter())),
                AltKind::Capture(slot) => found.push(*slot),
                AltKind::Row(_) | AltKind::Group(..) | AltKind::Literal(_) | AltKind::Class(_) => {}
            }
            found.extend(alt.bind);
        }
        Part::Cond(Cond::Like(_, Like::Regex(_, named), _)) => found.extend(named.iter().map(|(_, slot)| *slot)),
        Part::Cond(Cond::Row(_, bind) | Cond::Group(_, _, bind, _)) => found.extend(*bind),
        Part::Cond(_) | Part::Operand(_) | Part::Row(_) => {}
    });
    found
}
