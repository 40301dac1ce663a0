//! What an evaluation read of a project. Everything that is said of a file's text goes through [`crate::Project::ast`],
//! everything that is said of other files' places through [`crate::Project::module_file`],
//! [`crate::Project::heirs_of`] and [`crate::Project::n_files`]: so it is known what a result rests on, and when it may be used again.

use std::cell::{Cell, RefCell};

use rustc_hash::FxHashSet;

/// No file.
const NONE: u32 = u32::MAX;

thread_local! {
    /// The file that was noted last: most reads are of one file many times.
    static LAST: Cell<u32> = const { Cell::new(NONE) };
    static READS: RefCell<Option<Reads>> = const { RefCell::new(None) };
}

/// What an evaluation read.
#[derive(Debug, Clone, Default)]
pub struct Reads {
    files: FxHashSet<u32>,
    modules: FxHashSet<u32>,
    heirs: FxHashSet<Box<str>>,
    exports: FxHashSet<u32>,
    /// Whether it asked which files there are.
    pub all_files: bool,
}

impl Reads {
    /// The files whose trees were looked at, in order.
    pub fn files(&self) -> Vec<u32> {
        sorted(&self.files)
    }

    /// The imports whose files were asked for, as [`crate::Project::asked`] numbers them, in order.
    pub fn modules(&self) -> Vec<u32> {
        sorted(&self.modules)
    }

    /// The exports that were asked for, as [`crate::Project::asked_export`] numbers them, in order.
    pub fn exports(&self) -> Vec<u32> {
        sorted(&self.exports)
    }

    /// The names of which it was asked where classes name them as bases ([`crate::Project::heirs_of`]), in order.
    pub fn heirs(&self) -> Vec<&str> {
        let mut all: Vec<&str> = self.heirs.iter().map(AsRef::as_ref).collect();
        all.sort_unstable();
        all
    }
}

fn sorted(all: &FxHashSet<u32>) -> Vec<u32> {
    let mut all: Vec<u32> = all.iter().copied().collect();
    all.sort_unstable();
    all
}

/// Evaluates, and tells what was read meanwhile on this thread. What an inner `traced` reads is no part of it.
pub fn traced<T>(evaluate: impl FnOnce() -> T) -> (T, Reads) {
    let outer = READS.replace(Some(Reads::default()));
    LAST.set(NONE);
    let found = evaluate();
    LAST.set(NONE);
    (found, READS.replace(outer).unwrap_or_default())
}

#[inline(always)]
pub(crate) fn read_file(file: u32) {
    if LAST.get() != file {
        note_file(file);
    }
}

#[cold]
#[inline(never)]
fn note_file(file: u32) {
    LAST.set(file);
    note(|reads| {
        reads.files.insert(file);
    });
}

/// Notes what was read when a result was worked out that is now used again.
pub fn read_again(earlier: &Reads) {
    note(|reads| {
        reads.files.extend(&earlier.files);
        reads.modules.extend(&earlier.modules);
        reads.exports.extend(&earlier.exports);
        reads.heirs.extend(earlier.heirs.iter().cloned());
        reads.all_files |= earlier.all_files;
    });
}

pub(crate) fn read_module(number: u32) {
    note(|reads| {
        reads.modules.insert(number);
    });
}

pub(crate) fn read_export(number: u32) {
    note(|reads| {
        reads.exports.insert(number);
    });
}

pub(crate) fn read_heirs(name: &str) {
    note(|reads| {
        if !reads.heirs.contains(name) {
            reads.heirs.insert(name.into());
        }
    });
}

pub(crate) fn read_all_files() {
    note(|reads| reads.all_files = true);
}

fn note(add: impl FnOnce(&mut Reads)) {
    READS.with_borrow_mut(|reads| {
        if let Some(reads) = reads {
            add(reads);
        }
    });
}
