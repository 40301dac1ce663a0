//! Relations in memory: rows with indexes on every column that was asked for. What is asked is noted, so that an answer
//! which rests on it can be used again as long as the rows are the same.

use std::cell::RefCell;
use std::hash::{Hash, Hasher};
use std::sync::{Arc, OnceLock, RwLock};

use rune_pack::ColumnType;
use rune_pattern::Value;
use rune_syntax::{Definition, NodeRef, Project};
use rustc_hash::{FxHashMap, FxHashSet};

use crate::codec::{Digest, Numbers, Stored, Writer};

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

/// Gives the keys of the values that a column has in some rows.
pub(crate) type Keys<'k> = &'k dyn Fn(&Relation, usize, &[Row]) -> Vec<Option<Key>>;

/// What was asked of relations, by their numbers.
#[derive(Debug, Default)]
pub(crate) struct Lookups {
    pub(crate) all: FxHashSet<u32>,
    pub(crate) places: FxHashSet<(u32, NodeRef)>,
    /// Rows found anywhere in a file.
    pub(crate) files: FxHashSet<(u32, u32)>,
    pub(crate) keys: FxHashMap<(u32, u32), FxHashSet<Key>>,
}

thread_local! {
    static LOOKUPS: RefCell<Option<Lookups>> = const { RefCell::new(None) };
}

/// Evaluates, and tells what was asked of relations meanwhile on this thread; what an inner one asks is no part of it.
pub(crate) fn looked_up<T>(evaluate: impl FnOnce() -> T) -> (T, Lookups) {
    let outer = LOOKUPS.replace(Some(Lookups::default()));
    let found = evaluate();
    (found, LOOKUPS.replace(outer).unwrap_or_default())
}

fn note(add: impl FnOnce(&mut Lookups)) {
    LOOKUPS.with_borrow_mut(|lookups| {
        if let Some(lookups) = lookups {
            add(lookups);
        }
    });
}

/// Some rows, with what they say as a whole once that was asked.
#[derive(Debug, Default)]
struct Group {
    rows: Vec<u32>,
    digest: OnceLock<Digest>,
}

/// A column's rows by key, and those whose value has none.
#[derive(Debug, Default)]
struct Index {
    by_key: FxHashMap<Key, Group>,
    others: Group,
    n_indexed: usize,
}

/// A relation: its declaration and its rows so far.
#[derive(Debug)]
pub struct Relation {
    /// Its columns in order.
    pub columns: Vec<(String, ColumnType)>,
    /// Whether rows are seen only below the folder of their file.
    pub visible_below: bool,
    /// Its number among the relations of the program.
    number: u32,
    rows: Vec<Row>,
    digests: Vec<OnceLock<Digest>>,
    whole: OnceLock<Digest>,
    seen: FxHashMap<u64, u32>,
    by_place: FxHashMap<NodeRef, Vec<u32>>,
    by_file: FxHashMap<u32, Vec<u32>>,
    indexes: RwLock<FxHashMap<usize, Index>>,
}

const LOCKED: &str = "indexing never panics while the lock is held";

impl Relation {
    /// An empty relation.
    pub(crate) fn new(number: u32, columns: Vec<(String, ColumnType)>, visible_below: bool) -> Relation {
        Relation {
            columns,
            visible_below,
            number,
            rows: Vec::new(),
            digests: Vec::new(),
            whole: OnceLock::new(),
            seen: FxHashMap::default(),
            by_place: FxHashMap::default(),
            by_file: FxHashMap::default(),
            indexes: RwLock::default(),
        }
    }

    /// Its number among the relations of the program.
    pub(crate) fn number(&self) -> u32 {
        self.number
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
            if is_news {
                self.forget_digests();
            }
            return is_news;
        }
        let number = self.rows.len() as u32;
        self.seen.insert(mark, number);
        if let Some(at) = row.at {
            self.by_place.entry(at).or_default().push(number);
            self.by_file.entry(at.file).or_default().push(number);
        }
        self.rows.push(row);
        self.digests.push(OnceLock::new());
        self.whole.take();
        true
    }

    fn forget_digests(&mut self) {
        self.whole.take();
        for index in self.indexes.get_mut().expect(LOCKED).values_mut() {
            index.by_key.values_mut().chain([&mut index.others]).for_each(|group| group.digest = OnceLock::new());
        }
    }

    /// The rows, in the order they were found.
    pub fn all(&self) -> &[Row] {
        note(|lookups| {
            lookups.all.insert(self.number);
        });
        &self.rows
    }

    /// One row, by a number that a lookup gave.
    pub(crate) fn row(&self, number: u32) -> &Row {
        &self.rows[number as usize]
    }

    /// The rows found at a node.
    pub(crate) fn at(&self, place: NodeRef) -> &[u32] {
        note(|lookups| {
            lookups.places.insert((self.number, place));
        });
        self.by_place.get(&place).map_or(&[], Vec::as_slice)
    }

    /// The rows found in a file.
    pub(crate) fn in_file(&self, file: u32) -> &[u32] {
        note(|lookups| {
            lookups.files.insert((self.number, file));
        });
        self.by_file.get(&file).map_or(&[], Vec::as_slice)
    }

    /// The rows whose `column` may equal the key: those with that key and those without any.
    pub(crate) fn by_key(&self, column: usize, key: &Key, keys: Keys<'_>) -> Vec<u32> {
        note(|lookups| {
            let asked = lookups.keys.entry((self.number, column as u32)).or_default();
            if !asked.contains(key) {
                asked.insert(key.clone());
            }
        });
        self.indexed(column, keys, |index| index.get(key))
    }

    fn indexed<T>(&self, column: usize, keys: Keys<'_>, ask: impl FnOnce(&Index) -> T) -> T {
        if let Some(index) = self.indexes.read().expect(LOCKED).get(&column)
            && index.n_indexed == self.rows.len()
        {
            return ask(index);
        }
        let mut indexes = self.indexes.write().expect(LOCKED);
        let index = indexes.entry(column).or_default();
        let rest = index.n_indexed..self.rows.len();
        for (number, key) in rest.clone().zip(keys(self, column, &self.rows[rest])) {
            let group = match key {
                Some(key) => index.by_key.entry(key).or_default(),
                None => &mut index.others,
            };
            group.rows.push(number as u32);
            group.digest.take();
        }
        index.n_indexed = self.rows.len();
        ask(index)
    }

    // ---- what lookups say, in a few bytes

    /// All rows.
    pub(crate) fn digest_of_all(&self, numbers: &Numbers) -> Digest {
        let all: Vec<u32> = (0..self.rows.len() as u32).collect();
        *self.whole.get_or_init(|| self.digest(&all, numbers))
    }

    /// The rows found at a node.
    pub(crate) fn digest_of_place(&self, place: NodeRef, numbers: &Numbers) -> Digest {
        self.digest(self.by_place.get(&place).map_or(&[], Vec::as_slice), numbers)
    }

    /// The rows found in a file.
    pub(crate) fn digest_of_file(&self, file: u32, numbers: &Numbers) -> Digest {
        self.digest(self.by_file.get(&file).map_or(&[], Vec::as_slice), numbers)
    }

    /// The rows that [`Relation::by_key`] gives.
    pub(crate) fn digest_of_key(&self, column: usize, key: &Key, keys: Keys<'_>, numbers: &Numbers) -> Digest {
        let of = |group: &Group| *group.digest.get_or_init(|| self.digest(&group.rows, numbers));
        self.indexed(column, keys, |index| {
            let same = index.by_key.get(key).map_or(Digest::default(), of);
            if index.others.rows.is_empty() {
                same
            } else {
                Digest::of_all([same.0.as_slice(), &of(&index.others).0].into_iter())
            }
        })
    }

    fn digest(&self, rows: &[u32], numbers: &Numbers) -> Digest {
        let of = |number: &u32| {
            let row = &self.rows[*number as usize];
            let digest = self.digests[*number as usize].get_or_init(|| {
                let mut out = Writer::new(numbers);
                row.at.put(&mut out);
                row.values.put(&mut out);
                Digest::of(&out.bytes)
            });
            digest.0.into_iter().chain([u8::from(row.possible)])
        };
        let bytes: Vec<u8> = rows.iter().flat_map(of).collect();
        Digest::of(&bytes)
    }
}

impl Index {
    fn get(&self, key: &Key) -> Vec<u32> {
        let mut found = self.by_key.get(key).map_or(Vec::new(), |group| group.rows.clone());
        if !self.others.rows.is_empty() {
            found.extend(&self.others.rows);
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
