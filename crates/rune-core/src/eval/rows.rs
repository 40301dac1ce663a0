//! Rows: which an atom may mean, and the ways its columns fit one.

use rune_pack::ColumnType;
use rune_pattern::{Env, ListItem, Operand, RowAtom, Slot, Value};
use rune_syntax::{NodeRef, manifest_folder};
use smallvec::SmallVec;

use super::compare::as_list;
use super::{NOWHERE, Solver, State, Truth, distinct};
use crate::builtin;
use crate::relation::{Key, Relation, Row, key_of};

impl Solver<'_> {
    pub(super) fn rows(&self, atom: &RowAtom, bind: Option<Slot>, state: &State) -> Vec<Env> {
        distinct(self.row_states(atom, bind, state, None, |_| false).into_iter().map(|(_, env)| env).collect())
    }

    /// The rows that fit, with their places, up to the first whose bindings are enough; only those of a file if it is
    /// known that no others can be meant.
    pub(super) fn row_states(
        &self,
        atom: &RowAtom,
        bind: Option<Slot>,
        state: &State,
        file: Option<u32>,
        is_enough: fn(&Env) -> bool,
    ) -> Vec<(Option<NodeRef>, Env)> {
        let columns = self.columns(atom);
        let mut found = Vec::new();
        let mut add = |row: &Row| {
            let n_before = found.len();
            for env in self.row(&columns, row, state) {
                let bound = match (bind, row.at) {
                    (Some(slot), Some(at)) => self.bind(slot, at, env),
                    _ => Some(env),
                };
                found.extend(bound.map(|env| (row.at, env)));
            }
            found[n_before..].iter().any(|(_, env)| is_enough(env))
        };
        match self.relations.get(&atom.relation) {
            None => {
                builtin::rows(self, atom, state).iter().any(add);
            }
            Some(relation) => {
                let mut rows: Vec<&Row> = self.candidates(relation, atom, state, file.filter(|_| !relation.visible_below));
                if relation.visible_below {
                    rows = self.nearest(&columns, rows, state);
                }
                rows.into_iter().any(&mut add);
            }
        }
        found
    }

    /// The rows that fit, as they are.
    pub(crate) fn fitting(&self, atom: &RowAtom, state: &State) -> Vec<Row> {
        let columns = self.columns(atom);
        let fits = |row: &Row| !self.row(&columns, row, state).is_empty();
        match self.relations.get(&atom.relation) {
            None => builtin::rows(self, atom, state).into_iter().filter(fits).collect(),
            Some(relation) => {
                let mut rows = self.candidates(relation, atom, state, None);
                if relation.visible_below {
                    rows = self.nearest(&columns, rows, state);
                }
                rows.into_iter().filter(|row| fits(row)).cloned().collect()
            }
        }
    }

    /// Whether one column of an atom fits a row, whatever the others do.
    pub(crate) fn fits_alone(&self, atom: &RowAtom, column: &str, row: &Row, state: &State) -> bool {
        let columns: Columns<'_> = self.columns(atom);
        let named = atom.columns.iter().zip(columns).filter(|((name, _), _)| name == column).map(|(_, column)| column);
        !self.row(&named.collect(), row, state).is_empty()
    }

    /// The columns that an atom names, with where they are in a row; `None` for a row's place.
    fn columns<'a>(&'a self, atom: &'a RowAtom) -> Columns<'a> {
        let (columns, _) = builtin::columns_of(self.relations, &atom.relation);
        let named = atom.columns.iter().map(|(name, operand)| {
            let column = columns.iter().position(|(known, _)| known == name);
            (column.map(|column| (column, &columns[column].1)), operand)
        });
        named.collect()
    }

    /// The rows that an index leaves to look at.
    pub(super) fn candidates<'r>(
        &self,
        relation: &'r Relation,
        atom: &RowAtom,
        state: &State,
        file: Option<u32>,
    ) -> Vec<&'r Row> {
        let numbered = |numbers: &[u32]| numbers.iter().map(|number| relation.row(*number)).collect();
        for (name, operand) in &atom.columns {
            if name == "at" {
                if let Some(Value::Node(node)) = self.value(operand, state) {
                    let mut numbers = relation.at(node).to_vec();
                    let target = self.project.value(node);
                    if target != node {
                        numbers.extend(relation.at(target));
                    }
                    return numbered(&numbers);
                }
                continue;
            }
            let Some(column) = relation.column(name) else { return Vec::new() };
            let Some(value) = self.value(operand, state) else { continue };
            let value = self.coerce(&value, &relation.columns[column].1);
            if let Some(key) = key_of(self.project, &value) {
                return numbered(&relation.by_key(column, &key, &|of, column, rows| self.keys(of, column, rows)));
            }
        }
        match file {
            Some(file) => numbered(relation.in_file(file)),
            None => relation.all().iter().collect(),
        }
    }

    fn keys(&self, relation: &Relation, column: usize, rows: &[Row]) -> Vec<Option<Key>> {
        match self.memory {
            Some(memory) => memory.keys(self.relations, relation, column, rows),
            None => rows.iter().map(|row| row.values[column].as_ref().and_then(|value| key_of(self.project, value))).collect(),
        }
    }

    /// Of rows that are seen only below their folder, those of the nearest folder around the found node's file; all of
    /// them where the row itself is what is to be found.
    fn nearest<'r>(&self, columns: &Columns<'_>, rows: Vec<&'r Row>, state: &State) -> Vec<&'r Row> {
        if state.root == NOWHERE {
            return rows;
        }
        let path = &self.project.source(state.root.file).path;
        let visible = rows.into_iter().filter_map(|row| {
            let file = row.at.map(|at| self.project.source(at.file).path.clone())?;
            let folder = manifest_folder(&file);
            let seen = folder.is_empty() || path.strip_prefix(folder).is_some_and(|rest| rest.starts_with('/'));
            let depth = if folder.is_empty() { 0 } else { folder.matches('/').count() + 1 };
            (seen && !self.row(columns, row, state).is_empty()).then_some((depth, row))
        });
        let visible: Vec<(usize, &Row)> = visible.collect();
        let nearest = visible.iter().map(|(depth, _)| *depth).max().unwrap_or(0);
        visible.into_iter().filter(|(depth, _)| *depth == nearest).map(|(_, row)| row).collect()
    }

    pub(super) fn rows_at(&self, atom: &RowAtom, at: NodeRef, env: &Env) -> Vec<Env> {
        let fitting = |rows: &mut dyn Iterator<Item = &Row>| {
            let mut rows = rows.peekable();
            if rows.peek().is_none() {
                return Vec::new();
            }
            let columns = self.columns(atom);
            let state = State { root: at, focus: None, env: env.clone() };
            rows.flat_map(|row| self.row(&columns, row, &state)).collect()
        };
        match self.relations.get(&atom.relation) {
            Some(relation) => fitting(&mut relation.at(at).iter().map(|number| relation.row(*number))),
            None => fitting(&mut builtin::rows_at(self, &atom.relation, at).iter()),
        }
    }

    /// The ways the columns of an atom fit one row.
    fn row(&self, columns: &Columns<'_>, row: &Row, state: &State) -> Vec<Env> {
        let start = if row.possible { state.env.clone().unsure() } else { state.env.clone() };
        let mut envs = vec![start];
        for (column, operand) in columns {
            let (value, kind) = match column {
                None => (row.at.map(Value::Node), &ColumnType::Node),
                Some((column, kind)) => (row.values.get(*column).cloned().flatten(), *kind),
            };
            let Some(value) = value else { return Vec::new() };
            envs = envs.into_iter().flat_map(|env| self.unify(operand, &value, kind, &state.with(env))).collect();
            if envs.is_empty() {
                return Vec::new();
            }
        }
        envs
    }

    fn unify(&self, operand: &Operand, value: &Value, kind: &ColumnType, state: &State) -> Vec<Env> {
        let env = &state.env;
        match operand {
            Operand::Path(slot, keys, _) if keys.is_empty() && env.get(*slot).is_none() => {
                vec![env.with(*slot, value.clone())]
            }
            Operand::List(items) => self.unify_list(items, value, kind, state),
            // Nobody knows which thing the row is about: it says nothing of this one, but may be what should be absent.
            _ if *value == Value::Unknown && matches!(kind, ColumnType::Node | ColumnType::Symbol) && !self.is_denying.get() => {
                Vec::new()
            }
            _ => match self.value(operand, state) {
                Some(wanted) => Truth::of(self.equal(&self.coerce(&wanted, kind), value)).keep(env),
                None => Vec::new(),
            },
        }
    }

    /// `[$A, ...]`, `[...$COLUMNS, ...]` on a list.
    fn unify_list(&self, items: &[ListItem], value: &Value, kind: &ColumnType, state: &State) -> Vec<Env> {
        let Value::List(actual) = value else {
            return if *value == Value::Unknown { vec![state.env.clone().unsure()] } else { Vec::new() };
        };
        let inner = match kind {
            ColumnType::List(inner) => inner.as_ref().clone(),
            _ => ColumnType::String,
        };
        let mut states: Vec<(usize, Env)> = vec![(0, state.env.clone())];
        for item in items {
            let mut next = Vec::new();
            for (taken, env) in &states {
                let here = state.with(env.clone());
                match item {
                    ListItem::Gap => next.extend((*taken..=actual.len()).map(|end| (end, env.clone()))),
                    ListItem::One(operand) => {
                        let Some(value) = actual.get(*taken) else { continue };
                        next.extend(self.unify(operand, value, &inner, &here).into_iter().map(|env| (taken + 1, env)));
                    }
                    ListItem::Spread(operand) => {
                        let Some(wanted) = self.value(operand, &here).map(as_list) else { continue };
                        let slice = actual.get(*taken..taken + wanted.len());
                        let same =
                            slice.is_some_and(|slice| slice.iter().zip(&wanted).all(|(a, b)| self.equal(a, b) == Some(true)));
                        if same {
                            next.push((taken + wanted.len(), env.clone()));
                        }
                    }
                }
            }
            states = next;
        }
        states.into_iter().filter(|(taken, _)| *taken == actual.len()).map(|(_, env)| env).collect()
    }
}

/// The columns an atom names: where each is in a row with its type, `None` for the place, and what it is compared with.
type Columns<'a> = SmallVec<[(Option<(usize, &'a ColumnType)>, &'a Operand); 4]>;
