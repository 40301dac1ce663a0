//! In which order the clauses of a rule are solved: what only looks at the file first, then joins on bound columns, then
//! the rest. The order of lines in a rule file means nothing, so this may choose freely as long as what a clause needs is bound.

use std::collections::BTreeSet;

use rune_pattern::{Alt, AltKind, Clause, Cond, Like, ListItem, Operand, Pattern, RowAtom, Slot, StepClause};

use crate::builtin::{self, is_builtin};

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
            inside.extend(pattern_binds(&pattern));
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
        Clause::Step(step) if !needs_rows(clause) => (if step.negated { 2 } else { 1 }, 0),
        Clause::Step(_) => (5, 0),
        Clause::Where(cond) => (cond_cost(cond, bound), 0),
    }
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
        _ if !cond_needs_rows(cond) => u8::from(is_negated),
        Cond::Row(atom, _) => {
            let has_bound = atom.columns.iter().any(|(_, operand)| operand_slots(operand).iter().all(|s| bound.contains(s)));
            if has_bound { 3 } else { 6 }
        }
        Cond::Not(_) => 7,
        _ => 5,
    }
}

/// Whether a clause joins on rows.
pub(crate) fn needs_rows(clause: &Clause) -> bool {
    match clause {
        Clause::Focus(..) => false,
        Clause::Step(step) => pattern_needs_rows(&step.pattern) || step.until.as_ref().is_some_and(|until| alt_needs_rows(until)),
        Clause::Where(cond) => cond_needs_rows(cond),
    }
}

pub(crate) fn pattern_needs_rows(pattern: &Pattern) -> bool {
    pattern.alts.iter().any(alt_needs_rows)
}

fn alt_needs_rows(alt: &Alt) -> bool {
    match &alt.kind {
        AltKind::Row(atom) => !is_builtin(&atom.relation),
        AltKind::Group(pattern, clauses) => pattern_needs_rows(pattern) || clauses.iter().any(needs_rows),
        _ => false,
    }
}

fn cond_needs_rows(cond: &Cond) -> bool {
    match cond {
        Cond::And(parts) | Cond::Or(parts) => parts.iter().any(cond_needs_rows),
        Cond::Not(inner) => cond_needs_rows(inner),
        Cond::Is(_, alt, _) => alt_needs_rows(alt),
        Cond::Step(_, _, alt, until, _) => alt_needs_rows(alt) || until.as_ref().is_some_and(|until| alt_needs_rows(until)),
        // Nor can these be told from the file alone.
        Cond::Row(atom, _) => !is_builtin(&atom.relation) || builtin::spans_files(&atom.relation),
        Cond::Group(pattern, clauses, _, _) => pattern_needs_rows(pattern) || clauses.iter().any(needs_rows),
        _ => false,
    }
}

/// What a clause binds when it holds.
pub(crate) fn binds(clause: &Clause) -> Slots {
    match clause {
        Clause::Focus(..) => Slots::new(),
        Clause::Step(StepClause { negated: true, .. }) => Slots::new(),
        Clause::Step(step) => pattern_binds(&step.pattern),
        Clause::Where(cond) => cond_binds(cond),
    }
}

/// What a pattern binds: captures of any alternative.
pub(crate) fn pattern_binds(pattern: &Pattern) -> Slots {
    pattern.alts.iter().flat_map(alt_binds).collect()
}

pub(crate) fn alt_binds(alt: &Alt) -> Slots {
    let mut slots: Slots = match &alt.kind {
        AltKind::Code(snippets) => snippets.iter().flat_map(|s| s.captures.iter().copied()).collect(),
        AltKind::Row(atom) => row_binds(atom),
        AltKind::Capture(slot) => [*slot].into(),
        AltKind::Group(pattern, clauses) => {
            let mut slots = pattern_binds(pattern);
            slots.extend(clauses.iter().flat_map(binds));
            slots
        }
        AltKind::Literal(_) | AltKind::Class(_) => Slots::new(),
    };
    slots.extend(alt.bind);
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

fn cond_binds(cond: &Cond) -> Slots {
    match cond {
        Cond::And(parts) | Cond::Or(parts) => parts.iter().flat_map(cond_binds).collect(),
        Cond::Is(_, alt, _) | Cond::Step(_, _, alt, _, _) => alt_binds(alt),
        Cond::Like(_, Like::Regex(_, slots), _) => slots.iter().map(|(_, slot)| *slot).collect(),
        Cond::Row(atom, bind) => row_binds(atom).into_iter().chain(*bind).collect(),
        Cond::Group(pattern, clauses, bind, _) => {
            let mut slots = pattern_binds(pattern);
            slots.extend(clauses.iter().flat_map(binds));
            slots.extend(*bind);
            slots
        }
        _ => Slots::new(),
    }
}

/// What must be bound before a clause is solved. A negation needs every capture it shares with the outside.
fn needs(clause: &Clause, all_waiting: &Slots, bound: &Slots) -> Slots {
    match clause {
        Clause::Focus(slot, _) => [*slot].into(),
        Clause::Step(step) => {
            let mut slots = pattern_needs(&step.pattern);
            if step.negated {
                slots.extend(pattern_binds(&step.pattern).intersection(all_waiting));
            }
            slots
        }
        Clause::Where(cond) => cond_needs(cond, all_waiting, bound),
    }
}

fn cond_needs(cond: &Cond, all_waiting: &Slots, bound: &Slots) -> Slots {
    match cond {
        Cond::And(parts) => {
            let inner: Slots = parts.iter().flat_map(cond_binds).collect();
            let needed: Slots = parts.iter().flat_map(|p| cond_needs(p, all_waiting, bound)).collect();
            needed.difference(&inner).copied().collect()
        }
        Cond::Or(parts) => parts.iter().flat_map(|p| cond_needs(p, all_waiting, bound)).collect(),
        Cond::Not(inner) => {
            let mut slots = cond_needs(inner, all_waiting, bound);
            slots.extend(cond_binds(inner).intersection(all_waiting));
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
            let mut inside = pattern_binds(pattern);
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
            let inside: Slots = pattern_binds(pattern).into_iter().chain(clauses.iter().flat_map(binds)).collect();
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
    match operand {
        Operand::Path(slot, _, _) => [*slot].into(),
        Operand::Literal(_) | Operand::Option(..) => Slots::new(),
        Operand::List(items) => items
            .iter()
            .flat_map(|item| match item {
                ListItem::One(operand) | ListItem::Spread(operand) => operand_slots(operand),
                ListItem::Gap => Slots::new(),
            })
            .collect(),
        Operand::Call(_, arguments, _) => arguments.iter().flat_map(operand_slots).collect(),
    }
}

/// The relations a clause joins on, with whether under a negation.
pub(crate) fn relations_of(clauses: &[Clause]) -> Vec<(&RowAtom, bool)> {
    let mut found = Vec::new();
    for clause in clauses {
        match clause {
            Clause::Focus(..) => {}
            Clause::Step(step) => {
                pattern_relations(&step.pattern, step.negated, &mut found);
                if let Some(until) = &step.until {
                    alt_relations(until, step.negated, &mut found);
                }
            }
            Clause::Where(cond) => cond_relations(cond, false, &mut found),
        }
    }
    found
}

/// The relations a pattern joins on.
pub(crate) fn pattern_relations<'p>(pattern: &'p Pattern, negated: bool, found: &mut Vec<(&'p RowAtom, bool)>) {
    for alt in &pattern.alts {
        alt_relations(alt, negated, found);
    }
}

fn alt_relations<'p>(alt: &'p Alt, negated: bool, found: &mut Vec<(&'p RowAtom, bool)>) {
    match &alt.kind {
        AltKind::Row(atom) => found.push((atom, negated)),
        AltKind::Group(pattern, clauses) => {
            pattern_relations(pattern, negated, found);
            found.extend(relations_of(clauses).into_iter().map(|(atom, inner)| (atom, inner || negated)));
        }
        _ => {}
    }
}

fn cond_relations<'p>(cond: &'p Cond, negated: bool, found: &mut Vec<(&'p RowAtom, bool)>) {
    match cond {
        Cond::And(parts) | Cond::Or(parts) => parts.iter().for_each(|part| cond_relations(part, negated, found)),
        Cond::Not(inner) => cond_relations(inner, true, found),
        Cond::Is(_, alt, _) => alt_relations(alt, negated, found),
        Cond::Step(_, _, alt, until, _) => {
            alt_relations(alt, negated, found);
            if let Some(until) = until {
                alt_relations(until, negated, found);
            }
        }
        Cond::Row(atom, _) => found.push((atom, negated)),
        Cond::Group(pattern, clauses, _, _) => {
            pattern_relations(pattern, negated, found);
            found.extend(relations_of(clauses).into_iter().map(|(atom, inner)| (atom, inner || negated)));
        }
        _ => {}
    }
}

/// The options that conditions read, with the places of the conditions.
pub(crate) fn options_of(clauses: &[Clause]) -> Vec<(&str, std::ops::Range<usize>)> {
    let mut found = Vec::new();
    for clause in clauses {
        match clause {
            Clause::Focus(..) => {}
            Clause::Step(step) => {
                step.pattern.alts.iter().chain(step.until.as_deref()).for_each(|alt| alt_options(alt, &mut found))
            }
            Clause::Where(cond) => cond_options(cond, &mut found),
        }
    }
    found
}

fn alt_options<'p>(alt: &'p Alt, found: &mut Vec<(&'p str, std::ops::Range<usize>)>) {
    if let AltKind::Group(pattern, clauses) = &alt.kind {
        pattern.alts.iter().for_each(|alt| alt_options(alt, found));
        found.extend(options_of(clauses));
    }
}

fn cond_options<'p>(cond: &'p Cond, found: &mut Vec<(&'p str, std::ops::Range<usize>)>) {
    match cond {
        Cond::And(parts) | Cond::Or(parts) => parts.iter().for_each(|part| cond_options(part, found)),
        Cond::Not(inner) => cond_options(inner, found),
        Cond::Is(operand, alt, _) | Cond::Step(operand, _, alt, _, _) => {
            operand_options(operand, found);
            alt_options(alt, found);
        }
        Cond::Equals(a, b, _) | Cond::In(a, b, _) | Cond::Compare(a, _, b, _) => {
            operand_options(a, found);
            operand_options(b, found);
        }
        Cond::Like(operand, like, at) => {
            operand_options(operand, found);
            match like {
                // A regular expression that does not parse leaves an empty name and a message of its own.
                Like::Option(name) if !name.is_empty() => found.push((name, at.clone())),
                Like::Path(path) => operand_options(path, found),
                _ => {}
            }
        }
        Cond::Row(..) => {}
        Cond::Group(pattern, clauses, _, _) => {
            pattern.alts.iter().for_each(|alt| alt_options(alt, found));
            found.extend(options_of(clauses));
        }
    }
}

fn operand_options<'p>(operand: &'p Operand, found: &mut Vec<(&'p str, std::ops::Range<usize>)>) {
    match operand {
        Operand::Option(name, at) => found.push((name, at.clone())),
        Operand::Call(_, arguments, _) => arguments.iter().for_each(|argument| operand_options(argument, found)),
        _ => {}
    }
}
