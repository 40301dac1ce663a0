//! Relations in memory: rows with indexes on every column that was asked for.

use std::hash::{Hash, Hasher};
use std::sync::{Arc, RwLock};

use rune_pack::ColumnType;
use rune_pattern::Value;
use rune_syntax::{Definition, NodeRef, Project};
use rustc_hash::FxHashMap;

/// One fact.
#[derive(Debug, Clone, PartialEq)]
pub struct Row {
    /// The node it was found at; `None` for rows of constant tables.
    pub at: Option<NodeRef>,
    /// A value for each column; `None` where the rule gave none.
    pub values: Vec<Option<Value>>,
    /// Whether an unknown decided.
    pub possible: bool,
}

/// What rows are looked up by.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub(crate) enum Key {
    Definition(Definition),
    Text(Arc<str>),
    Number(u64),
    Bool(bool),
}

/// The key of a value; `None` for values that are compared one by one (lists, versions, paths, unknowns).
pub(crate) fn key_of(project: &Project, value: &Value) -> Option<Key> {
    Some(match value {
        Value::Node(node) => Key::Definition(project.definition(*node)),
        Value::Text(text) => Key::Text(text.clone()),
        Value::Number(n) => Key::Number(n.to_bits()),
        Value::Bool(b) => Key::Bool(*b),
        _ => return None,
    })
}

/// A column's rows by key, and those whose value has none.
#[derive(Debug, Default)]
struct Index {
    by_key: FxHashMap<Key, Vec<u32>>,
    others: Vec<u32>,
    n_indexed: usize,
}

/// A relation: its declaration and its rows so far.
#[derive(Debug)]
pub struct Relation {
    /// Its columns in order.
    pub columns: Vec<(String, ColumnType)>,
    /// Whether rows are seen only below the folder of their file.
    pub visible_below: bool,
    /// The rows, in the order they were found.
    pub rows: Vec<Row>,
    seen: FxHashMap<u64, u32>,
    by_place: FxHashMap<NodeRef, Vec<u32>>,
    indexes: RwLock<FxHashMap<usize, Index>>,
}

impl Relation {
    /// An empty relation.
    pub fn new(columns: Vec<(String, ColumnType)>, visible_below: bool) -> Relation {
        Relation {
            columns,
            visible_below,
            rows: Vec::new(),
            seen: FxHashMap::default(),
            by_place: FxHashMap::default(),
            indexes: RwLock::default(),
        }
    }

    /// The position of a column.
    pub fn column(&self, name: &str) -> Option<usize> {
        self.columns.iter().position(|(known, _)| known == name)
    }

    /// Adds a row; false if it is known already. A row that was only possible becomes certain.
    pub(crate) fn add(&mut self, row: Row) -> bool {
        let mark = fingerprint(&row);
        if let Some(number) = self.seen.get(&mark) {
            let known = &mut self.rows[*number as usize];
            let is_news = known.possible && !row.possible;
            known.possible &= row.possible;
            return is_news;
        }
        let number = self.rows.len() as u32;
        self.seen.insert(mark, number);
        if let Some(at) = row.at {
            self.by_place.entry(at).or_default().push(number);
        }
        self.rows.push(row);
        true
    }

    /// The rows found at a node.
    pub(crate) fn at(&self, place: NodeRef) -> &[u32] {
        self.by_place.get(&place).map_or(&[], Vec::as_slice)
    }

    /// The rows whose `column` may equal the key: those with that key and those without any.
    pub(crate) fn by_key(&self, project: &Project, column: usize, key: &Key) -> Vec<u32> {
        const LOCKED: &str = "indexing never panics while the lock is held";
        if let Some(index) = self.indexes.read().expect(LOCKED).get(&column)
            && index.n_indexed == self.rows.len()
        {
            return index.get(key);
        }
        let mut indexes = self.indexes.write().expect(LOCKED);
        let index = indexes.entry(column).or_default();
        for number in index.n_indexed..self.rows.len() {
            let key = self.rows[number].values[column].as_ref().and_then(|value| key_of(project, value));
            match key {
                Some(key) => index.by_key.entry(key).or_default().push(number as u32),
                None => index.others.push(number as u32),
            }
        }
        index.n_indexed = self.rows.len();
        index.get(key)
    }
}

impl Index {
    fn get(&self, key: &Key) -> Vec<u32> {
        let mut found = self.by_key.get(key).cloned().unwrap_or_default();
        if !self.others.is_empty() {
            found.extend(&self.others);
            found.sort_unstable();
        }
        found
    }
}

fn fingerprint(row: &Row) -> u64 {
    let mut hasher = rustc_hash::FxHasher::default();
    row.at.hash(&mut hasher);
    row.values.hash(&mut hasher);
    hasher.finish()
}
