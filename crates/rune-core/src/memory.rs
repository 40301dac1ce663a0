//! What is remembered from one check of a project to the next. A check is made of questions whose answers depend on the
//! program and on what is read on the way: trees of files, what imports mean, rows of relations. All of that is noted with
//! the answer, and the answer is used again if each of it still is what it was. Nothing else is trusted: what cannot be
//! noted is asked afresh in every check.

use std::ops::Range;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Mutex, OnceLock};

use rayon::prelude::*;
use rune_pattern::Value;
use rune_syntax::{AskedExport, ImportName, NodeRef, Project, Reads, traced};
use rustc_hash::FxHashMap;

use crate::codec::{Digest, Numbers, Reader, Stored, Writer, put_all};
use crate::eval::Relations;
use crate::relation::{Key, Lookups, Relation, Row, key_of, looked_up};

/// How many checks an answer is kept that none of them asked for: other rules may be selected the next time.
const MAX_AGE: u8 = 4;

/// How many paths of files that are gone are kept beyond the number of those that are there.
const MAX_GONE: usize = 1_000;

/// What a file was when it was read.
#[derive(Debug, Clone)]
pub(crate) struct Known {
    pub(crate) path: Arc<str>,
    /// What it said; `None` if it is gone.
    pub(crate) content: Option<Digest>,
    /// How many places of it could not be parsed, if it was.
    pub(crate) n_errors: Option<u32>,
}

/// What an import meant; files by their numbers here.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub(crate) struct Import {
    pub(crate) importer: u32,
    pub(crate) module: Box<str>,
    pub(crate) file: Option<u32>,
}

/// Answers of the last check, with what they rest on.
#[derive(Debug, Clone, Default)]
pub struct Memory {
    /// Every file by its number here.
    pub(crate) files: Vec<Known>,
    pub(crate) imports: Vec<Import>,
    /// Which files there were.
    pub(crate) paths: Digest,
    /// The texts that decide what imports mean.
    pub(crate) configuration: Digest,
    /// By question: how many checks ago it was asked for, and where in `bytes` the answer stands.
    pub(crate) answers: FxHashMap<Digest, (u8, Range<usize>)>,
    pub(crate) bytes: Vec<u8>,
}

/// The memory during one check.
#[derive(Debug)]
pub(crate) struct Session<'a> {
    project: &'a Project,
    /// The relations of the program, by number.
    relations: Vec<&'a str>,
    old: Memory,
    pub(crate) numbers: Numbers,
    /// What the files of the project say.
    contents: Vec<Digest>,
    paths: Digest,
    configuration: Digest,
    /// By number in the memory: whether the file is there and says what it said.
    same: Vec<bool>,
    /// By number of an import in the memory: whether it means the same, once asked.
    holds: Vec<OnceLock<bool>>,
    used: FxHashMap<Digest, AtomicBool>,
    /// What the exports that were asked for are now.
    exports: Mutex<FxHashMap<AskedExport, Digest>>,
    /// The files whose trees a remembered answer had read.
    read: Vec<AtomicBool>,
    news: Mutex<News>,
}

/// What this check found out.
#[derive(Debug, Default)]
struct News {
    answers: Vec<(Digest, Vec<u8>)>,
    imports: Vec<Import>,
    numbers: FxHashMap<Import, u32>,
    /// The numbers in the memory of the imports that the project numbered.
    of_project: FxHashMap<u32, u32>,
}

const POISONED: &str = "nothing panics while the lock is held";

impl<'a> Session<'a> {
    pub(crate) fn new(mut old: Memory, project: &'a Project, relations: Vec<&'a str>) -> Session<'a> {
        let gone = old.files.iter().filter(|file| file.content.is_none()).count();
        if gone > MAX_GONE + old.files.len() / 2 {
            old = Memory::default();
        }
        let n_files = project.n_files();
        let contents: Vec<Digest> =
            (0..n_files).into_par_iter().map(|file| Digest::of(project.source(file).text.as_bytes())).collect();
        let mut by_path: FxHashMap<Arc<str>, u32> =
            old.files.iter().enumerate().map(|(number, file)| (file.path.clone(), number as u32)).collect();
        let mut numbers = Numbers { remembered: Vec::new(), files: vec![None; old.files.len()] };
        let mut same = vec![false; old.files.len()];
        for file in 0..n_files {
            let path = &project.source(file).path;
            let number = *by_path.entry(path.clone()).or_insert_with(|| {
                old.files.push(Known { path: path.clone(), content: None, n_errors: None });
                numbers.files.push(None);
                same.push(false);
                old.files.len() as u32 - 1
            });
            numbers.files[number as usize] = Some(file);
            numbers.remembered.push(number);
            same[number as usize] = old.files[number as usize].content == Some(contents[file as usize]);
        }
        let path = |file: u32| project.source(file).path.as_bytes();
        let paths = Digest::of_all((0..n_files).flat_map(|file| [path(file), b"\0"]));
        let configuring = (0..n_files).filter(|file| project.configures_modules(*file));
        let configuration = Digest::of_all(configuring.flat_map(|file| [path(file), &contents[file as usize].0]));
        let mut news = News { imports: old.imports.clone(), ..News::default() };
        news.numbers = old.imports.iter().enumerate().map(|(number, import)| (import.clone(), number as u32)).collect();
        Session {
            project,
            relations,
            holds: old.imports.iter().map(|_| OnceLock::new()).collect(),
            used: old.answers.keys().map(|question| (*question, AtomicBool::new(false))).collect(),
            exports: Mutex::default(),
            read: contents.iter().map(|_| AtomicBool::new(false)).collect(),
            old,
            numbers,
            contents,
            paths,
            configuration,
            same,
            news: Mutex::new(news),
        }
    }

    /// What a file says.
    pub(crate) fn content(&self, file: u32) -> Digest {
        self.contents[file as usize]
    }

    /// The answer to a question, which must say everything that `evaluate` starts from but the program: remembered if all
    /// that it rests on is the same, else evaluated.
    pub(crate) fn answer<T: Stored>(
        &self,
        relations: &Relations,
        ask: impl FnOnce(&mut Writer<'_>),
        evaluate: impl FnOnce() -> T,
    ) -> T {
        let mut question = Writer::new(&self.numbers);
        ask(&mut question);
        let question = Digest::of(&question.bytes);
        if let Some(found) = self.recall(question, relations) {
            return found;
        }
        let ((found, lookups), reads) = traced(|| looked_up(evaluate));
        self.keep(question, relations, &reads, &lookups, &found);
        found
    }

    fn recall<T: Stored>(&self, question: Digest, relations: &Relations) -> Option<T> {
        let (_, range) = self.old.answers.get(&question)?;
        let mut from = Reader::new(self.old.bytes.get(range.clone())?, &self.numbers);
        let files = self.rests(&mut from)?;
        for _ in 0..from.count()? {
            if !self.still_found(&mut from, relations)? {
                return None;
            }
        }
        let found = T::take(&mut from).filter(|_| from.is_done())?;
        for file in files {
            self.read[file as usize].store(true, Ordering::Relaxed);
        }
        self.used.get(&question)?.store(true, Ordering::Relaxed);
        Some(found)
    }

    /// The files that an answer rests on, if they and its imports are what they were.
    fn rests(&self, from: &mut Reader<'_>) -> Option<Vec<u32>> {
        if bool::take(from)? && self.old.paths != self.paths {
            return None;
        }
        let mut files = Vec::new();
        for _ in 0..from.count()? {
            let number = from.small()? as usize;
            self.same.get(number).filter(|same| **same)?;
            files.push((*self.numbers.files.get(number)?)?);
        }
        for _ in 0..from.count()? {
            let number = from.small()?;
            if !self.import_holds(number)? {
                return None;
            }
        }
        for _ in 0..from.count()? {
            let name = String::take(from)?;
            if from.take(16)? != self.heirs(&name).0 {
                return None;
            }
        }
        for _ in 0..from.count()? {
            let file = (*self.numbers.files.get(from.small()? as usize)?)?;
            let asked = AskedExport { file, name: ImportName::take(from)?, steps: from.small()? };
            if from.take(16)? != self.export(asked).0 {
                return None;
            }
        }
        Some(files)
    }

    fn import_holds(&self, number: u32) -> Option<bool> {
        if (self.old.paths, self.old.configuration) == (self.paths, self.configuration) {
            return Some(true);
        }
        let holds = self.holds.get(number as usize)?.get_or_init(|| {
            let import = &self.old.imports[number as usize];
            let here = |number: u32| self.numbers.files.get(number as usize).copied().flatten();
            let Some(importer) = here(import.importer) else { return false };
            let now = self.project.module_file(importer, &import.module);
            now == import.file.and_then(here) && now.is_some() == import.file.is_some()
        });
        Some(*holds)
    }

    /// Where classes name something called `name` as a base.
    fn heirs(&self, name: &str) -> Digest {
        let mut out = Writer::new(&self.numbers);
        for (file, at) in self.project.heirs_of(name) {
            out.file(*file);
            out.number(u64::from(*at));
        }
        Digest::of(&out.bytes)
    }

    /// What an export is: worked out from the files that lead to it, on which whoever asks need not rest.
    fn export(&self, asked: AskedExport) -> Digest {
        if let Some(known) = self.exports.lock().expect(POISONED).get(&asked) {
            return *known;
        }
        let ask = |out: &mut Writer<'_>| {
            out.bytes.push(b'x');
            out.file(asked.file);
            asked.name.put(out);
            asked.steps.put(out);
        };
        let found: Option<Key> = self.answer(&Relations::default(), ask, || self.project.exported(&asked).map(Key::Definition));
        let mut out = Writer::new(&self.numbers);
        found.put(&mut out);
        let digest = Digest::of(&out.bytes);
        self.exports.lock().expect(POISONED).insert(asked, digest);
        digest
    }

    fn still_found(&self, from: &mut Reader<'_>, relations: &Relations) -> Option<bool> {
        let kind = from.byte()?;
        let relation = relations.get(*self.relations.get(from.small()? as usize)?)?;
        let now = match kind {
            0 => relation.digest_of_all(&self.numbers),
            1 => relation.digest_of_place(NodeRef::take(from)?, &self.numbers),
            3 => relation.digest_of_file(from.file()?, &self.numbers),
            _ => {
                let column = from.small()? as usize;
                (column < relation.columns.len()).then_some(())?;
                let key = Key::take(from)?;
                relation.digest_of_key(column, &key, &|of, column, rows| self.keys(relations, of, column, rows), &self.numbers)
            }
        };
        Some(from.take(16)? == now.0)
    }

    /// The keys of the values that a column has in some rows, file by file.
    pub(crate) fn keys(&self, relations: &Relations, relation: &Relation, column: usize, rows: &[Row]) -> Vec<Option<Key>> {
        let mut keys = Vec::with_capacity(rows.len());
        let file = |row: &Row| match row.values[column] {
            Some(Value::Node(node)) => Some(node.file),
            _ => None,
        };
        for rows in rows.chunk_by(|a, b| file(a) == file(b)) {
            let values = || rows.iter().map(|row| row.values[column].as_ref());
            let evaluate = || values().map(|value| value.and_then(|value| key_of(self.project, value))).collect();
            if file(&rows[0]).is_none() {
                keys.extend::<Vec<Option<Key>>>(evaluate());
                continue;
            }
            let ask = |out: &mut Writer<'_>| {
                out.bytes.push(b'k');
                (relation.number(), column as u32).put(out);
                put_all(&values().map(|value| value.cloned()).collect::<Vec<_>>(), out);
            };
            keys.extend(self.answer(relations, ask, evaluate));
        }
        keys
    }

    fn keep<T: Stored>(&self, question: Digest, relations: &Relations, reads: &Reads, lookups: &Lookups, found: &T) {
        let mut out = Writer::new(&self.numbers);
        reads.all_files.put(&mut out);
        let files: Vec<u32> = reads.files().into_iter().map(|file| self.numbers.remembered[file as usize]).collect();
        files.put(&mut out);
        let Some(imports) = reads.modules().into_iter().map(|number| self.import(number)).collect::<Option<Vec<u32>>>() else {
            return;
        };
        imports.put(&mut out);
        let heirs = reads.heirs();
        out.number(heirs.len() as u64);
        for name in heirs {
            name.to_owned().put(&mut out);
            out.bytes.extend(self.heirs(name).0);
        }
        let exports: Vec<AskedExport> =
            reads.exports().into_iter().filter_map(|number| self.project.asked_export(number)).collect();
        out.number(exports.len() as u64);
        for asked in exports {
            self.numbers.remembered[asked.file as usize].put(&mut out);
            asked.name.put(&mut out);
            asked.steps.put(&mut out);
            out.bytes.extend(self.export(asked).0);
        }
        self.put_lookups(relations, lookups, &mut out);
        found.put(&mut out);
        self.news.lock().expect(POISONED).answers.push((question, out.bytes));
    }

    fn put_lookups(&self, relations: &Relations, lookups: &Lookups, out: &mut Writer<'_>) {
        let n_keys: usize = lookups.keys.values().map(|keys| keys.len()).sum();
        out.number((lookups.all.len() + lookups.places.len() + lookups.files.len() + n_keys) as u64);
        let relation = |number: &u32| self.relations.get(*number as usize).and_then(|name| relations.get(*name));
        for number in &lookups.all {
            out.bytes.push(0);
            number.put(out);
            let digest = relation(number).map_or(Digest::default(), |relation| relation.digest_of_all(&self.numbers));
            out.bytes.extend(digest.0);
        }
        for (number, place) in &lookups.places {
            out.bytes.push(1);
            number.put(out);
            place.put(out);
            let digest = relation(number).map_or(Digest::default(), |relation| relation.digest_of_place(*place, &self.numbers));
            out.bytes.extend(digest.0);
        }
        for (number, file) in &lookups.files {
            out.bytes.push(3);
            number.put(out);
            out.file(*file);
            let digest = relation(number).map_or(Digest::default(), |relation| relation.digest_of_file(*file, &self.numbers));
            out.bytes.extend(digest.0);
        }
        for ((number, column), key) in lookups.keys.iter().flat_map(|(of, keys)| keys.iter().map(move |key| (of, key))) {
            out.bytes.push(2);
            number.put(out);
            column.put(out);
            key.put(out);
            let keys = |of: &Relation, column: usize, rows: &[Row]| self.keys(relations, of, column, rows);
            let digest = |relation: &Relation| relation.digest_of_key(*column as usize, key, &keys, &self.numbers);
            out.bytes.extend(relation(number).map_or(Digest::default(), digest).0);
        }
    }

    /// The number in the memory of an import that the project was asked for.
    fn import(&self, number: u32) -> Option<u32> {
        let mut news = self.news.lock().expect(POISONED);
        if let Some(known) = news.of_project.get(&number) {
            return Some(*known);
        }
        let asked = self.project.asked(number)?;
        let remembered = |file: u32| self.numbers.remembered[file as usize];
        let import = Import { importer: remembered(asked.importer), module: asked.module, file: asked.file.map(remembered) };
        let News { imports, numbers, of_project, .. } = &mut *news;
        let known = *numbers.entry(import.clone()).or_insert_with(|| {
            imports.push(import);
            imports.len() as u32 - 1
        });
        of_project.insert(number, known);
        Some(known)
    }

    /// How many places of a file could not be parsed; `None` if nothing of this check looked at its tree.
    pub(crate) fn n_errors(&self, file: u32) -> Option<u32> {
        let is_read = self.read[file as usize].load(Ordering::Relaxed);
        let parsed = |file| self.project.ast(file).errors().len() as u32;
        if self.project.is_parsed(file) {
            return Some(parsed(file));
        }
        let number = self.numbers.remembered[file as usize] as usize;
        is_read.then(|| self.old.files[number].n_errors.filter(|_| self.same[number]).unwrap_or_else(|| parsed(file)))
    }

    /// What is remembered of this check, and whether any of it is new.
    pub(crate) fn end(self) -> (Memory, bool) {
        let mut files = self.old.files.clone();
        for (number, known) in files.iter_mut().enumerate() {
            let file = self.numbers.files[number];
            let parsed = file.filter(|file| self.project.is_parsed(*file));
            let n_errors = parsed.map(|file| self.project.ast(file).errors().len() as u32);
            known.n_errors = n_errors.or(known.n_errors.filter(|_| self.same[number]));
            known.content = file.map(|file| self.contents[file as usize]);
        }
        let mut memory = Memory { files, paths: self.paths, configuration: self.configuration, ..Memory::default() };
        for (question, (age, range)) in &self.old.answers {
            let is_used = self.used.get(question).is_some_and(|used| used.load(Ordering::Relaxed));
            let age = if is_used { 0 } else { age + 1 };
            let Some(bytes) = self.old.bytes.get(range.clone()) else { continue };
            if age <= MAX_AGE && (is_used || self.rests(&mut Reader::new(bytes, &self.numbers)).is_some()) {
                memory.add(*question, age, bytes);
            }
        }
        let news = self.news.into_inner().expect(POISONED);
        let is_changed = |(file, same): (&Option<u32>, &bool)| file.is_some() && !same;
        let is_new = !news.answers.is_empty()
            || self.old.paths != memory.paths
            || self.numbers.files.iter().zip(&self.same).any(is_changed);
        for (question, bytes) in &news.answers {
            memory.add(*question, 0, bytes);
        }
        memory.imports = news.imports;
        (memory, is_new)
    }
}

impl Memory {
    pub(crate) fn add(&mut self, question: Digest, age: u8, answer: &[u8]) {
        let start = self.bytes.len();
        self.bytes.extend_from_slice(answer);
        self.answers.insert(question, (age, start..self.bytes.len()));
    }
}
