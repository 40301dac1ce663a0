//! What is known of each file before its tree is looked at: the classes of its path, and the texts of the prefilter that
//! stand in it.

use std::collections::BTreeSet;
use std::sync::OnceLock;

use aho_corasick::AhoCorasick;
use rayon::prelude::*;
use rune_syntax::{KindSet, Project};

use crate::check::Run;
use crate::codec::{Digest, Writer};
use crate::prefilter::Prefilter;
use crate::program::Program;
use crate::starts::Nodes;

/// What is known of a file before its tree is looked at.
pub(crate) struct FileIndex {
    /// The classes of paths it is in, a bit each.
    pub(crate) classes: u64,
    /// Which texts of the prefilter stand in it.
    pub(crate) texts: Vec<bool>,
    nodes: OnceLock<Nodes>,
}

impl FileIndex {
    /// `all_skip` are the classes that no body looks at: what stands there need not be known.
    fn new(program: &Program, path: &str, all_skip: u64, texts: impl FnOnce() -> Vec<bool>) -> FileIndex {
        let classes = program.path_classes.iter().enumerate();
        let classes = classes.filter(|(_, (_, globs))| globs.is_match(path));
        let classes = classes.fold(0, |bits, (number, _)| bits | 1 << number);
        let texts = if classes & all_skip == 0 { texts() } else { program.prefilter.set(&[]) };
        FileIndex { classes, texts, nodes: OnceLock::new() }
    }

    /// The nodes at which bodies begin.
    pub(crate) fn nodes(&self, project: &Project, file: u32, kinds: &KindSet) -> &Nodes {
        self.nodes.get_or_init(|| Nodes::new(project, file, kinds))
    }
}

impl Run<'_> {
    /// Looks for the texts of the prefilter in every file.
    pub(crate) fn index_files(&mut self, needed: &BTreeSet<usize>) {
        let this = &*self;
        let all_skip = needed.iter().fold(u64::MAX, |bits, body| bits & this.program.bodies[*body].skipped_classes);
        let index = |file: u32| FileIndex::new(this.program, &this.project.source(file).path, all_skip, || this.texts_of(file));
        let mut files: Vec<FileIndex> = (0..self.project.n_files()).into_par_iter().map(index).collect();
        self.add_renamed(needed, &mut files);
        let imports = files.iter().zip(0..).filter(|(_, file)| this.project.language(*file).has_scopes());
        let texts = imports.map(|(file, _)| &file.texts);
        self.texts = self.program.prefilter.union(texts);
        self.files = files;
    }

    fn texts_of(&self, file: u32) -> Vec<bool> {
        let prefilter = &self.program.prefilter;
        let text = &self.project.source(file).text;
        let Some(memory) = &self.memory else { return prefilter.scan(text) };
        let ask = |out: &mut Writer<'_>| {
            out.bytes.push(b't');
            out.bytes.extend(memory.content(file).0);
        };
        prefilter.set(&self.answer(ask, || Prefilter::numbers(&prefilter.scan(text))))
    }

    /// Files that import something of a module under a name which the project gave it hold the name it has there too, as
    /// far as the prefilter goes.
    fn add_renamed(&self, needed: &BTreeSet<usize>, files: &mut [FileIndex]) {
        let (project, prefilter) = (self.project, &self.program.prefilter);
        let modules = prefilter.modules(needed);
        let names_module = |file: u32| modules.iter().any(|module| files[file as usize].texts[*module as usize]);
        let passes_on = |file: &u32| project.language(*file).has_scopes() && names_module(*file);
        let passed_on: Vec<(String, u32)> = (0..project.n_files())
            .into_par_iter()
            .filter(passes_on)
            .flat_map_iter(|file| {
                let ask = |out: &mut Writer<'_>| {
                    out.bytes.push(b'o');
                    out.file(file);
                };
                self.answer(ask, || self.passed_on(file))
            })
            .collect();
        let names: Vec<&str> = passed_on.iter().map(|(name, _)| name.as_str()).collect();
        let Ok(automaton) = AhoCorasick::new(&names) else { return };
        if names.is_empty() {
            return;
        }
        let all = Digest::of_all(names.iter().flat_map(|name| [name.as_bytes(), b"\0"]));
        files.par_iter_mut().enumerate().for_each(|(file, index)| {
            let ask = |out: &mut Writer<'_>| {
                out.bytes.push(b'n');
                out.bytes.extend(all.0);
                out.bytes.extend(self.memory.as_ref().map_or(Digest::default(), |memory| memory.content(file as u32)).0);
            };
            let hits = self.answer(ask, || {
                let hits = automaton.find_overlapping_iter(project.source(file as u32).text.as_ref());
                let mut hits: Vec<u32> = hits.map(|hit| hit.pattern().as_u32()).collect();
                hits.sort_unstable();
                hits.dedup();
                hits
            });
            for hit in hits {
                if let Some((_, text)) = passed_on.get(hit as usize) {
                    index.texts[*text as usize] = true;
                }
            }
        });
    }

    /// The names that a file gives to things of modules, with the number of the text that such a thing is looked for by.
    fn passed_on(&self, file: u32) -> Vec<(String, u32)> {
        let stem = stem(&self.project.source(file).path);
        let all = self.project.passed_on(file).into_iter();
        let renamed = all.filter_map(|(name, module, outer)| {
            let last = outer.rsplit('.').next().filter(|last| !last.is_empty()).unwrap_or(&module);
            let named = if matches!(name.as_ref(), "default" | "module.exports") { stem } else { &name };
            (named != last).then(|| Some((named.to_owned(), self.program.prefilter.number(last)?))).flatten()
        });
        let mut renamed: Vec<(String, u32)> = renamed.collect();
        renamed.sort();
        renamed
    }
}

/// What an import of a file ends with: its name without the extension, that of the folder for an index.
fn stem(path: &str) -> &str {
    let whole = path.strip_suffix("/__init__.py").unwrap_or(path);
    let (folder, name) = whole.rsplit_once('/').unwrap_or(("", whole));
    match name.split_once('.').map_or(name, |(stem, _)| stem) {
        "index" => folder.rsplit('/').next().unwrap_or(folder),
        stem => stem,
    }
}
