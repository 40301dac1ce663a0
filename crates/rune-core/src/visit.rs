//! One walk over what a rule says: every alternative, condition, row and value, from outside in, in the order of the text.

use rune_pattern::{Alt, AltKind, Clause, Cond, Like, ListItem, Offsets, Operand, Pattern, RowAtom, Slot};

/// What the walk meets.
#[derive(Clone, Copy)]
pub(crate) enum Part<'p> {
    Focus(Slot),
    Alt(&'p Alt),
    Cond(&'p Cond),
    /// A row, behind the alternative or condition that asks for it.
    Row(&'p RowAtom),
    /// A value, those inside of lists and functions too.
    Operand(&'p Operand),
}

/// Where it is met.
#[derive(Clone, Copy, Default)]
pub(crate) struct Around {
    /// Below a `not`.
    pub(crate) negated: bool,
    /// Where a step stops.
    pub(crate) until: bool,
}

/// Where a walk begins.
#[derive(Clone, Copy)]
pub(crate) enum Start<'p> {
    Pattern(&'p Pattern),
    Clauses(&'p [Clause]),
    Clause(&'p Clause),
    Cond(&'p Cond),
    Row(&'p RowAtom),
    Operand(&'p Operand),
}

/// Walks what `start` says.
pub(crate) fn visit<'p>(start: impl Into<Start<'p>>, mut each: impl FnMut(Part<'p>, Around)) {
    let mut walk = Walk { each: &mut each, around: Around::default() };
    match start.into() {
        Start::Pattern(pattern) => walk.pattern(pattern),
        Start::Clauses(clauses) => clauses.iter().for_each(|clause| walk.clause(clause)),
        Start::Clause(clause) => walk.clause(clause),
        Start::Cond(cond) => walk.cond(cond),
        Start::Row(atom) => walk.row(atom),
        Start::Operand(operand) => walk.operand(operand),
    }
}

/// The rows that are joined on, with whether under a negation.
pub(crate) fn rows<'p>(start: impl Into<Start<'p>>) -> Vec<(&'p RowAtom, bool)> {
    let mut found = Vec::new();
    visit(start, |part, around| {
        if let Part::Row(atom) = part {
            found.push((atom, around.negated));
        }
    });
    found
}

/// The options that are read, with the places of the operands or conditions.
pub(crate) fn options<'p>(start: impl Into<Start<'p>>) -> Vec<(&'p str, Offsets)> {
    let mut found = Vec::new();
    visit(start, |part, _| match part {
        Part::Operand(Operand::Option(name, at)) => found.push((name.as_str(), at.clone())),
        // A regular expression that does not parse leaves an empty name and a message of its own.
        Part::Cond(Cond::Like(_, Like::Option(name), at)) if !name.is_empty() => found.push((name, at.clone())),
        _ => {}
    });
    found
}

/// The captures that are read as values, with their places.
pub(crate) fn reads<'p>(start: impl Into<Start<'p>>) -> Vec<(Slot, Offsets)> {
    let mut found = Vec::new();
    visit(start, |part, _| {
        if let Part::Operand(Operand::Path(slot, _, at)) = part {
            found.push((*slot, at.clone()));
        }
    });
    found
}

impl<'p> From<&'p Pattern> for Start<'p> {
    fn from(pattern: &'p Pattern) -> Self {
        Start::Pattern(pattern)
    }
}

impl<'p> From<&'p [Clause]> for Start<'p> {
    fn from(clauses: &'p [Clause]) -> Self {
        Start::Clauses(clauses)
    }
}

impl<'p> From<&'p Clause> for Start<'p> {
    fn from(clause: &'p Clause) -> Self {
        Start::Clause(clause)
    }
}

impl<'p> From<&'p Cond> for Start<'p> {
    fn from(cond: &'p Cond) -> Self {
        Start::Cond(cond)
    }
}

impl<'p> From<&'p RowAtom> for Start<'p> {
    fn from(atom: &'p RowAtom) -> Self {
        Start::Row(atom)
    }
}

impl<'p> From<&'p Operand> for Start<'p> {
    fn from(operand: &'p Operand) -> Self {
        Start::Operand(operand)
    }
}

struct Walk<'e, 'p> {
    each: &'e mut dyn FnMut(Part<'p>, Around),
    around: Around,
}

impl<'p> Walk<'_, 'p> {
    fn meet(&mut self, part: Part<'p>) {
        (self.each)(part, self.around);
    }

    fn with(&mut self, around: Around, walk: impl FnOnce(&mut Self)) {
        let outer = std::mem::replace(&mut self.around, around);
        walk(self);
        self.around = outer;
    }

    fn clause(&mut self, clause: &'p Clause) {
        match clause {
            Clause::Focus(slot, _) => self.meet(Part::Focus(*slot)),
            Clause::Step(step) => {
                let negated = self.around.negated || step.negated;
                self.with(Around { negated, ..self.around }, |walk| {
                    walk.pattern(&step.pattern);
                    walk.until(step.until.as_deref());
                });
            }
            Clause::Where(cond) => self.cond(cond),
        }
    }

    fn pattern(&mut self, pattern: &'p Pattern) {
        pattern.alts.iter().for_each(|alt| self.alt(alt));
    }

    fn until(&mut self, until: Option<&'p Alt>) {
        self.with(Around { until: true, ..self.around }, |walk| until.into_iter().for_each(|alt| walk.alt(alt)));
    }

    fn alt(&mut self, alt: &'p Alt) {
        self.meet(Part::Alt(alt));
        match &alt.kind {
            AltKind::Row(atom) => self.row(atom),
            AltKind::Group(pattern, clauses) => self.group(pattern, clauses),
            AltKind::Code(_) | AltKind::Literal(_) | AltKind::Class(_) | AltKind::Capture(_) => {}
        }
    }

    fn group(&mut self, pattern: &'p Pattern, clauses: &'p [Clause]) {
        self.pattern(pattern);
        clauses.iter().for_each(|clause| self.clause(clause));
    }

    fn cond(&mut self, cond: &'p Cond) {
        self.meet(Part::Cond(cond));
        match cond {
            Cond::And(parts) | Cond::Or(parts) => parts.iter().for_each(|part| self.cond(part)),
            Cond::Not(inner) => self.with(Around { negated: true, ..self.around }, |walk| walk.cond(inner)),
            Cond::Is(operand, alt, _) => {
                self.operand(operand);
                self.alt(alt);
            }
            Cond::Step(operand, _, alt, until, _) => {
                self.operand(operand);
                self.alt(alt);
                self.until(until.as_deref());
            }
            Cond::Equals(a, b, _) | Cond::In(a, b, _) | Cond::Compare(a, _, b, _) | Cond::Like(a, Like::Path(b), _) => {
                self.operand(a);
                self.operand(b);
            }
            Cond::Like(operand, Like::Regex(..) | Like::Option(_), _) => self.operand(operand),
            Cond::Row(atom, _) => self.row(atom),
            Cond::Group(pattern, clauses, _, _) => self.group(pattern, clauses),
        }
    }

    fn row(&mut self, atom: &'p RowAtom) {
        self.meet(Part::Row(atom));
        atom.columns.iter().for_each(|(_, operand)| self.operand(operand));
    }

    fn operand(&mut self, operand: &'p Operand) {
        self.meet(Part::Operand(operand));
        match operand {
            Operand::Path(..) | Operand::Literal(_) | Operand::Option(..) => {}
            Operand::List(items) => {
                for item in items {
                    if let ListItem::One(operand) | ListItem::Spread(operand) = item {
                        self.operand(operand);
                    }
                }
            }
            Operand::Call(_, arguments, _) => arguments.iter().for_each(|argument| self.operand(argument)),
        }
    }
}
