//! Rows that join or deny, and those that come near where none does.

use rune_model::{About, Note};
use rune_pattern::{Env, Operand, RowAtom, Value};
use rune_syntax::NodeRef;

use super::replay::Replay;
use super::words::{counted, note, place, value};
use crate::eval::State;
use crate::relation::{Relation, Row};

/// How many rows are told.
const MAX_ROWS: usize = 3;

/// Among how many rows those that come near are looked for.
const MAX_LOOKED_AT: usize = 20_000;

impl Replay<'_, '_> {
    /// The rows that fit, certain ones first; those of one node if it is given.
    pub(super) fn row_notes(&self, atom: &RowAtom, state: &State, at: Option<NodeRef>) -> Vec<Note> {
        let mut rows = self.solver.fitting(atom, state);
        rows.retain(|row| at.is_none() || row.at == at);
        rows.sort_by_key(|row| row.possible);
        let mut notes: Vec<Note> =
            rows.iter().take(MAX_ROWS).map(|row| self.row_note(About::Row, "", &atom.relation, row)).collect();
        if rows.len() > MAX_ROWS {
            notes.push(note(About::Row, format!("and {}", counted(rows.len() - MAX_ROWS, "more row")), None));
        }
        notes
    }

    /// Why no row fits: none is there, or those that share the most columns.
    pub(super) fn no_row(&self, atom: &RowAtom, state: &State) -> Vec<Note> {
        let name = &atom.relation;
        let Some(relation) = self.run.relations.get(name) else {
            return vec![note(About::Absence, format!("nothing here gives a row of `{name}`, which is built in"), None)];
        };
        if relation.all().is_empty() {
            return vec![note(About::Absence, format!("the project has no row of `{name}`"), None)];
        }
        let mut notes = vec![note(About::Absence, format!("no row of `{name}` fits"), None)];
        let near = self.nearest(atom, relation, state);
        let any = relation.all().first().filter(|_| near.is_empty());
        notes.extend(any.map(|row| self.row_note(About::Absence, "one of them: ", name, row)));
        notes.extend(near);
        notes
    }

    /// The rows that share a column with what is asked for, with what they differ in.
    pub(super) fn nearest(&self, atom: &RowAtom, relation: &Relation, state: &State) -> Vec<Note> {
        let mut rows: Vec<(usize, &Row, Vec<String>)> = Vec::new();
        for row in relation.all().iter().take(MAX_LOOKED_AT) {
            let (shared, differing) = self.compared(atom, relation, row, state);
            if shared > 0 {
                rows.push((shared, row, differing));
            }
        }
        let most = rows.iter().map(|(shared, ..)| *shared).max().unwrap_or(0);
        rows.retain(|(shared, ..)| *shared == most);
        let near = rows.into_iter().take(MAX_ROWS).map(|(_, row, differing)| {
            let mut found = self.row_note(About::Absence, "near: ", &atom.relation, row);
            if differing.is_empty() {
                found.text.push_str(": each column fits by itself, or the row is not seen from this file");
            } else {
                found.text.push_str(&format!(": {}", differing.join(", ")));
            }
            found
        });
        near.collect()
    }

    /// How many columns that are asked for with a value have it in `row`, and what the others have.
    fn compared(&self, atom: &RowAtom, relation: &Relation, row: &Row, state: &State) -> (usize, Vec<String>) {
        let (mut shared, mut differing) = (0, Vec::new());
        for (name, operand) in &atom.columns {
            let Some(wanted) = self.solver.value(operand, state) else { continue };
            let held = match relation.column(name) {
                Some(column) => row.values.get(column).cloned().flatten(),
                None => row.at.map(Value::Node),
            };
            if self.solver.fits_alone(atom, name, row, state) {
                shared += 1;
                continue;
            }
            let held = held.map_or("nothing".to_owned(), |held| value(self.run.project, &held));
            let kind = relation.column(name).map(|column| &relation.columns[column].1);
            let wanted = kind.map_or(wanted.clone(), |kind| self.solver.coerce(&wanted, kind));
            let wanted = value(self.run.project, &wanted);
            let wanted = if matches!(operand, Operand::Literal(_)) || !held.eq(&wanted) {
                format!("not {wanted}")
            } else {
                "another one of that text".to_owned()
            };
            differing.push(format!("`{name}` is {held}, {wanted}"));
        }
        (shared, differing)
    }

    /// Why no row stands at a node.
    pub(super) fn no_row_at(&self, atom: &RowAtom, at: NodeRef, env: &Env) -> Vec<Note> {
        let state = State { root: at, focus: None, env: env.clone() };
        let Some(relation) = self.run.relations.get(&atom.relation) else {
            return vec![note(About::Absence, format!("it is no `{}`", atom.relation), None)];
        };
        let here: Vec<&Row> = relation.at(at).iter().map(|number| relation.row(*number)).collect();
        let Some(row) = here.first() else {
            return vec![note(
                About::Absence,
                format!("no row of `{}` lies at it", atom.relation),
                Some(place(self.run.project, at)),
            )];
        };
        let (_, differing) = self.compared(atom, relation, row, &state);
        let mut found = self.row_note(About::Absence, "near: ", &atom.relation, row);
        found.text.push_str(&format!(": {}", differing.join(", ")));
        vec![found]
    }

    /// A row with its columns.
    pub(super) fn row_note(&self, about: About, before: &str, relation: &str, row: &Row) -> Note {
        let columns: Vec<String> = match self.run.relations.get(relation) {
            Some(known) => known.columns.iter().map(|(name, _)| name.clone()).collect(),
            None => crate::builtin::columns_of(&self.run.relations, relation).0.iter().map(|(name, _)| name.clone()).collect(),
        };
        let named = columns.iter().zip(&row.values);
        let named = named.filter_map(|(name, held)| Some(format!("{name}: {}", value(self.run.project, held.as_ref()?))));
        let possible = if row.possible { "possible row " } else { "" };
        let text = format!("{before}{possible}{relation}({})", named.collect::<Vec<_>>().join(", "));
        note(about, text, row.at.map(|at| place(self.run.project, at)))
    }
}
