//! In which order the clauses of a rule are solved: what only looks at the file first, then joins on bound columns, then
//! the rest. The order of lines in a rule file means nothing, so this may choose freely as long as what a clause needs is bound.

use std::collections::BTreeSet;

use rune_pattern::{Alt, AltKind, Clause, Cond, Like, ListItem, Operand, Pattern, RowAtom, Slot, Step, StepClause};

use crate::builtin::{self, is_builtin};
use crate::visit::{self, Part, Start, visit};

/// A set of captures.
pub(crate) type Slots = BTreeSet<Slot>;

/// The clauses of a rule in the order they are solved.
#[derive(Debug, Clone, Default)]
pub(crate) struct Plan {
    /// Need nothing but the file and what it imports.
    pub(crate) local: Vec<Clause>,
    /// Need rows.
    pub(crate) joined: Vec<Clause>,
}

/// Orders `clauses`; `bound` holds what `find` binds, and in the end everything that is bound. `local_start` says whether
/// the rule starts from code, so that local clauses can be solved while its file is scanned.
pub(crate) fn plan(clauses: &[Clause], bound: &mut Slots, local_start: bool) -> Plan {
    let parts: Vec<Clause> = clauses.iter().flat_map(split).collect();
    let mut waiting: Vec<Clause> = (0..parts.len()).map(|i| inner(i, bound, &parts)).collect();
    let mut plan = Plan::default();
    while !waiting.is_empty() {
        let all_waiting: Slots = waiting.iter().flat_map(binds).collect();
        let best = (0..waiting.len()).min_by_key(|i| cost(&waiting[*i], bound, &all_waiting)).unwrap_or(0);
        let clause = waiting.remove(best);
        bound.extend(binds(&clause));
        if local_start && plan.joined.is_empty() && !needs_rows(&clause) {
            plan.local.push(clause);
        } else {
            plan.joined.push(clause);
        }
    }
    plan
}

/// `where a and b` is two clauses.
fn split(clause: &Clause) -> Vec<Clause> {
    match clause {
        Clause::Where(Cond::And(parts)) => parts.iter().flat_map(|part| split(&Clause::Where(part.clone()))).collect(),
        other => vec![other.clone()],
    }
}

/// Orders the conditions inside groups, alternatives and negations the same way. What only this clause binds is not
/// bound where it starts.
fn inner(number: usize, bound: &Slots, all: &[Clause]) -> Clause {
    let others = all.iter().enumerate().filter(|(i, _)| *i != number);
    let mut outside: Slots = bound.clone();
    outside.extend(others.flat_map(|(_, clause)| binds(clause)));
    match all[number].clone() {
        Clause::Where(cond) => Clause::Where(order_cond(cond, &outside)),
        other => other,
    }
}

fn order_cond(cond: Cond, bound: &Slots) -> Cond {
    match cond {
        Cond::And(parts) => {
            let clauses: Vec<Clause> = parts.into_iter().map(Clause::Where).collect();
            let ordered = plan(&clauses, &mut bound.clone(), false).joined;
            let conds = ordered.into_iter().filter_map(|clause| match clause {
                Clause::Where(cond) => Some(cond),
                _ => None,
            });
            Cond::And(conds.collect())
        }
        Cond::Or(parts) => Cond::Or(parts.into_iter().map(|part| order_cond(part, bound)).collect()),
        Cond::Not(inner) => Cond::Not(Box::new(order_cond(*inner, bound))),
        Cond::Group(pattern, clauses, bind, at) => {
            let mut inside = bound.clone();
            inside.extend(binds(&*pattern));
            let ordered = plan(&clauses, &mut inside, false).joined;
            Cond::Group(pattern, ordered, bind, at)
        }
        other => other,
    }
}

/// Lower is sooner. What is not ready (needs a capture that another clause will bind) comes last.
fn cost(clause: &Clause, bound: &Slots, all_waiting: &Slots) -> (u8, usize) {
    let needed = needs(clause, all_waiting, bound);
    let missing = needed.iter().filter(|slot| !bound.contains(*slot) && all_waiting.contains(*slot)).count();
    if missing > 0 {
        return (9, missing);
    }
    match clause {
        Clause::Focus(..) => (8, 0),
        Clause::Step(step) if is_seen_at_once(step) => (0, 0),
        Clause::Step(step) if !needs_rows(clause) => (if step.negated { 2 } else { 1 }, 0),
        Clause::Step(_) => (5, 0),
        Clause::Where(cond) => (cond_cost(cond, bound), 0),
    }
}

/// Whether the kinds of the nodes around decide.
fn is_seen_at_once(step: &StepClause) -> bool {
    let by_kind = |alt: &Alt| match &alt.kind {
        AltKind::Class(_) => true,
        AltKind::Row(atom) => is_builtin(&atom.relation) && !builtin::is_costly(&atom.relation),
        _ => false,
    };
    !step.negated && step.step == Step::Inside && step.pattern.alts.iter().chain(step.until.as_deref()).all(by_kind)
}

fn cond_cost(cond: &Cond, bound: &Slots) -> u8 {
    let is_negated = matches!(cond, Cond::Not(_));
    match cond {
        // Rows that are read off the tree start from a node: nothing is found before one is bound.
        Cond::Row(atom, _) if is_builtin(&atom.relation) => {
            let starts = |operand| operand_slots(operand).iter().any(|slot| bound.contains(slot));
            match atom.columns.iter().any(|(_, operand)| starts(operand)) {
                true if builtin::is_costly(&atom.relation) => 4,
                true => 0,
                false => 6,
            }
        }
        // Any of them may be what has to wait.
        Cond::Or(parts) if !needs_rows(cond) => parts.iter().map(|part| cond_cost(part, bound)).max().unwrap_or(0),
        _ if !needs_rows(cond) && visit::rows(cond).iter().any(|(atom, _)| builtin::is_costly(&atom.relation)) => 4,
        _ if !needs_rows(cond) => u8::from(is_negated),
        Cond::Row(atom, _) => {
            let has_bound = atom.columns.iter().any(|(_, operand)| operand_slots(operand).iter().all(|s| bound.contains(s)));
            if has_bound { 3 } else { 6 }
        }
        Cond::Not(_) => 7,
        _ => 5,
    }
}

/// Whether a clause, condition or pattern joins on rows.
pub(crate) fn needs_rows<'p>(part: impl Into<Start<'p>>) -> bool {
    visit::rows(part).iter().any(|(atom, _)| !is_builtin(&atom.relation))
}

/// What a clause or condition binds when it holds, a pattern in any of its alternatives.
pub(crate) fn binds<'p>(part: impl Into<Start<'p>>) -> Slots {
    let mut slots = Slots::new();
    visit(part, |part, around| {
        if around.negated || around.until {
            return;
        }
        match part {
            Part::Alt(alt) => {
                match &alt.kind {
                    AltKind::Code(snippets) => slots.extend(snippets.iter().flat_map(|snippet| &snippet.captures)),
                    AltKind::Capture(slot) => slots.extend([*slot]),
                    AltKind::Row(_) | AltKind::Group(..) | AltKind::Literal(_) | AltKind::Class(_) => {}
                }
                slots.extend(alt.bind);
            }
            Part::Row(atom) => slots.extend(row_binds(atom)),
            Part::Cond(Cond::Like(_, Like::Regex(_, named), _)) => slots.extend(named.iter().map(|(_, slot)| *slot)),
            Part::Cond(Cond::Row(_, bind) | Cond::Group(_, _, bind, _)) => slots.extend(*bind),
            Part::Cond(_) | Part::Operand(_) | Part::Focus(_) => {}
        }
    });
    slots
}

fn row_binds(atom: &RowAtom) -> Slots {
    let mut slots = Slots::new();
    let inputs = builtin::inputs(&atom.relation);
    for (_, operand) in atom.columns.iter().filter(|(name, _)| !inputs.contains(&name.as_str())) {
        match operand {
            Operand::Path(slot, keys, _) if keys.is_empty() => {
                slots.insert(*slot);
            }
            Operand::List(items) => {
                for item in items {
                    if let ListItem::One(Operand::Path(slot, keys, _)) = item
                        && keys.is_empty()
                    {
                        slots.insert(*slot);
                    }
                }
            }
            _ => {}
        }
    }
    slots
}

/// What must be bound before a clause is solved. A negation needs every capture it shares with the outside.
fn needs(clause: &Clause, all_waiting: &Slots, bound: &Slots) -> Slots {
    match clause {
        Clause::Focus(slot, _) => [*slot].into(),
        Clause::Step(step) => {
            let mut slots = pattern_needs(&step.pattern);
            if step.negated {
                slots.extend(binds(&step.pattern).intersection(all_waiting));
            }
            slots
        }
        Clause::Where(cond) => cond_needs(cond, all_waiting, bound),
    }
}

fn cond_needs(cond: &Cond, all_waiting: &Slots, bound: &Slots) -> Slots {
    match cond {
        Cond::And(parts) => {
            let inner: Slots = parts.iter().flat_map(binds).collect();
            let needed: Slots = parts.iter().flat_map(|p| cond_needs(p, all_waiting, bound)).collect();
            needed.difference(&inner).copied().collect()
        }
        Cond::Or(parts) => parts.iter().flat_map(|p| cond_needs(p, all_waiting, bound)).collect(),
        Cond::Not(inner) => {
            let mut slots = cond_needs(inner, all_waiting, bound);
            slots.extend(binds(&**inner).intersection(all_waiting));
            slots
        }
        Cond::Is(operand, alt, _) | Cond::Step(operand, _, alt, _, _) => {
            let mut slots = operand_slots(operand);
            slots.extend(alt_needs(alt));
            slots
        }
        Cond::Equals(a, b, _) | Cond::In(a, b, _) | Cond::Compare(a, _, b, _) => {
            let mut slots = operand_slots(a);
            slots.extend(operand_slots(b));
            slots
        }
        Cond::Like(operand, like, _) => {
            let mut slots = operand_slots(operand);
            if let Like::Path(other) = like {
                slots.extend(operand_slots(other));
            }
            slots
        }
        Cond::Row(atom, _) => row_needs(atom),
        Cond::Group(pattern, clauses, _, _) => {
            let mut inside = binds(&**pattern);
            inside.extend(clauses.iter().flat_map(binds));
            let mut slots = pattern_needs(pattern);
            slots.extend(clauses.iter().flat_map(|clause| needs(clause, &Slots::new(), bound)));
            slots.difference(&inside).copied().collect()
        }
    }
}

fn pattern_needs(pattern: &Pattern) -> Slots {
    pattern.alts.iter().flat_map(alt_needs).collect()
}

fn alt_needs(alt: &Alt) -> Slots {
    match &alt.kind {
        AltKind::Row(atom) => row_needs(atom),
        AltKind::Capture(slot) => [*slot].into(),
        AltKind::Group(pattern, clauses) => {
            let mut slots = pattern_needs(pattern);
            let inside: Slots = binds(&**pattern).into_iter().chain(clauses.iter().flat_map(binds)).collect();
            let needed: Slots = clauses.iter().flat_map(|clause| needs(clause, &Slots::new(), &inside)).collect();
            slots.extend(needed.difference(&inside));
            slots
        }
        _ => Slots::new(),
    }
}

/// Operands of a row that are not plain captures must be known, and so must what a built-in relation starts from.
fn row_needs(atom: &RowAtom) -> Slots {
    let inputs = builtin::inputs(&atom.relation);
    let computed = atom.columns.iter().filter(|(name, operand)| {
        inputs.contains(&name.as_str()) || !matches!(operand, Operand::Path(_, keys, _) if keys.is_empty())
    });
    let mut slots: Slots = computed.flat_map(|(_, operand)| operand_slots(operand)).collect();
    for (_, operand) in &atom.columns {
        if let Operand::List(items) = operand {
            for item in items {
                if let ListItem::One(Operand::Path(slot, keys, _)) = item
                    && keys.is_empty()
                {
                    slots.remove(slot);
                }
            }
        }
    }
    slots
}

/// The captures an operand reads.
pub(crate) fn operand_slots(operand: &Operand) -> Slots {
    visit::reads(operand).into_iter().map(|(slot, _)| slot).collect()
}
