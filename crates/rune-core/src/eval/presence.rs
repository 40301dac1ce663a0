//! What is there at all, before anything is solved: whether relations have rows for what cannot hold without.

use rune_pattern::{Alt, AltKind, Clause, Cond, Env, Operand, Pattern, RowAtom, Value};
use rune_syntax::NodeRef;

use super::values::literal_value;
use super::{NOWHERE, Solver, State};
use crate::relation::Row;
use crate::visit;

impl Solver<'_> {
    /// Whether there are rows for every relation that `clause` cannot hold without, or may be before it is solved.
    pub(crate) fn can_hold(&self, clause: &Clause) -> bool {
        match clause {
            Clause::Focus(..) => true,
            Clause::Step(step) => step.negated || self.pattern_can_hold(&step.pattern),
            Clause::Where(cond) => self.cond_can_hold(cond),
        }
    }

    /// A row that there is none of, and without which nothing can be found.
    pub(crate) fn lacking<'p>(&self, find: &'p Pattern, clauses: &'p [Clause]) -> Option<&'p RowAtom> {
        let rows = if self.pattern_can_hold(find) {
            visit::rows(clauses.iter().find(|clause| !self.can_hold(clause))?)
        } else {
            visit::rows(find)
        };
        rows.into_iter().find(|(atom, negated)| !negated && !self.has_rows(atom)).map(|(atom, _)| atom)
    }

    pub(crate) fn pattern_can_hold(&self, pattern: &Pattern) -> bool {
        pattern.alts.iter().any(|alt| self.alt_can_hold(alt))
    }

    fn alt_can_hold(&self, alt: &Alt) -> bool {
        match &alt.kind {
            AltKind::Row(atom) => self.has_rows(atom),
            AltKind::Code(snippets) => snippets.iter().any(|snippet| self.names_module(&snippet.modules)),
            AltKind::Group(pattern, clauses) => self.pattern_can_hold(pattern) && clauses.iter().all(|c| self.can_hold(c)),
            _ => true,
        }
    }

    fn cond_can_hold(&self, cond: &Cond) -> bool {
        match cond {
            Cond::And(parts) => parts.iter().all(|part| self.cond_can_hold(part)),
            Cond::Or(parts) => parts.iter().any(|part| self.cond_can_hold(part)),
            Cond::Is(_, alt, _) | Cond::Step(_, _, alt, _, _) => self.alt_can_hold(alt),
            Cond::Row(atom, _) => self.has_rows(atom),
            Cond::Group(pattern, clauses, _, _) => self.pattern_can_hold(pattern) && clauses.iter().all(|c| self.can_hold(c)),
            _ => true,
        }
    }

    /// Whether one of the modules stands anywhere in the project, if any is needed.
    fn names_module(&self, modules: &[String]) -> bool {
        let stands = |module: &String| self.prefilter.number(module).is_none_or(|text| self.texts[text as usize]);
        modules.is_empty() || modules.iter().any(stands)
    }

    /// Whether there is a row with the constants that `atom` asks for.
    fn has_rows(&self, atom: &RowAtom) -> bool {
        let Some(relation) = self.relations.get(&atom.relation) else { return true };
        if self.growing.contains(&atom.relation.as_str()) {
            return true;
        }
        let constants = atom.columns.iter().filter_map(|(name, operand)| match operand {
            Operand::Literal(literal) => Some((relation.column(name)?, literal_value(literal))),
            _ => None,
        });
        let constants: Vec<(usize, Value)> = constants.collect();
        let fits = |row: &Row, (column, wanted): &(usize, Value)| {
            row.values[*column].as_ref().is_some_and(|value| self.equal(wanted, value) != Some(false))
        };
        relation.all().iter().any(|row| constants.iter().all(|constant| fits(row, constant)))
    }

    /// The places of the rows that have the constants which `atom` asks for.
    pub(crate) fn places(&self, atom: &RowAtom, n_captures: usize) -> Vec<NodeRef> {
        let nowhere = State { root: NOWHERE, focus: None, env: Env::new(n_captures) };
        let rows = self.relations.get(&atom.relation).map(|relation| self.candidates(relation, atom, &nowhere, None));
        rows.unwrap_or_default().into_iter().filter_map(|row| row.at).collect()
    }
}
