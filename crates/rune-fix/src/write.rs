//! The door to the disk. Everything new is laid ready beside the project first, with what it replaces and a journal of
//! it; then each file is replaced whole by a rename, and only if it still says what was read. So a file is old or new at
//! any moment, and `undo` gives the old ones back.

#![allow(clippy::disallowed_methods)]

use std::collections::{BTreeMap, BTreeSet};
use std::path::{Path, PathBuf};
use std::sync::Arc;

use rune_model::{Check, FixOutcome, Source};

use crate::Settled;
use crate::guard::refusal;
use crate::journal::{Entry, Store, hash};

/// What became of one file.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct WriteResult {
    /// The file.
    pub path: Arc<str>,
    /// Why it was not written; `None` if it was.
    pub refused: Option<String>,
}

/// Writes what was settled below `root`; `before` is what was read. A fix is written whole or not at all: a file that
/// shares one with a file that cannot be written is left as it is. Records of fixes that were not written say so.
/// Fails without a change if another run writes, or nothing can be laid ready.
pub fn write(root: &Path, before: &[Source], settled: &mut Settled) -> Result<Vec<WriteResult>, String> {
    let old: BTreeMap<&str, &Source> = before.iter().map(|source| (source.path.as_ref(), source)).collect();
    let mut refused: BTreeMap<Arc<str>, String> = BTreeMap::new();
    for source in &settled.sources {
        if let Err(reason) = may_write(root, old.get(source.path.as_ref()).copied(), source) {
            refused.insert(source.path.clone(), reason);
        }
    }
    refuse_linked(settled, &mut refused);
    let wanted: Vec<&Source> = settled.sources.iter().filter(|source| !refused.contains_key(&source.path)).collect();
    if !wanted.is_empty() {
        let store = Store::open(root)?;
        let entries: Vec<Entry> = wanted.iter().map(|source| Entry::of(source, old.get(source.path.as_ref()).copied())).collect();
        store.prepare(&entries, &wanted)?;
        for (n, entry) in entries.iter().enumerate() {
            if let Err(reason) = store.replace(n, entry) {
                refused.insert(entry.path.as_str().into(), reason);
            }
        }
        refuse_linked(settled, &mut refused);
        for entry in entries.iter().filter(|entry| refused.contains_key(entry.path.as_str())) {
            let _ = store.restore(entry);
        }
        store.clean();
    }
    for record in settled.records.iter_mut().filter(|record| record.outcome == FixOutcome::Applied) {
        if let Some(reason) = record.files.iter().find_map(|file| refused.get(file)) {
            record.outcome = FixOutcome::Rejected { check: Check::Write, reason: reason.clone(), diff: String::new() };
        }
    }
    let result = |source: &Source| WriteResult { path: source.path.clone(), refused: refused.get(&source.path).cloned() };
    Ok(settled.sources.iter().map(result).collect())
}

/// Files that a fix changes together with a refused file are refused too.
fn refuse_linked(settled: &Settled, refused: &mut BTreeMap<Arc<str>, String>) {
    let groups: Vec<&Vec<Arc<str>>> =
        settled.records.iter().filter(|record| record.outcome == FixOutcome::Applied).map(|record| &record.files).collect();
    loop {
        let hit = |files: &&&Vec<Arc<str>>| files.iter().any(|file| refused.contains_key(file));
        let linked: BTreeSet<Arc<str>> = groups.iter().filter(hit).flat_map(|files| files.iter().cloned()).collect();
        let more: Vec<Arc<str>> = linked.into_iter().filter(|file| !refused.contains_key(file)).collect();
        if more.is_empty() {
            return;
        }
        for file in more {
            refused.insert(file, "a fix changes it together with a file that was not written".to_owned());
        }
    }
}

/// Whether a file may be replaced: all that can be known before.
fn may_write(root: &Path, old: Option<&Source>, new: &Source) -> Result<(), String> {
    let path = inside(root, &new.path)?;
    let folder = path.parent().ok_or("it has no folder")?;
    match old {
        Some(old) => {
            let meta = std::fs::symlink_metadata(&path).map_err(|error| error.to_string())?;
            if meta.permissions().readonly() {
                return Err("it is read-only".into());
            }
            if links(&meta) > 1 {
                return Err("it has other names (hard links), which would be parted".into());
            }
            let now = std::fs::read(&path).map_err(|error| error.to_string())?;
            if hash(&now) != hash(old.text.as_bytes()) {
                return Err("it was changed while rune ran".into());
            }
        }
        None if std::fs::symlink_metadata(&path).is_ok() => return Err("it exists already".into()),
        None => {}
    }
    let existing = folder.ancestors().find(|folder| folder.is_dir()).unwrap_or(root);
    tempfile::tempfile_in(existing).map(drop).map_err(|error| format!("its folder cannot be written to: {error}"))
}

#[cfg(unix)]
fn links(meta: &std::fs::Metadata) -> u64 {
    std::os::unix::fs::MetadataExt::nlink(meta)
}

#[cfg(not(unix))]
fn links(_: &std::fs::Metadata) -> u64 {
    1
}

/// The path below the root, if rune writes there and no part of it is a link.
pub(crate) fn inside(root: &Path, path: &str) -> Result<PathBuf, String> {
    if let Some(reason) = refusal(path) {
        return Err(reason.to_owned());
    }
    let mut at = root.to_owned();
    for part in path.split('/') {
        at.push(part);
        if std::fs::symlink_metadata(&at).is_ok_and(|meta| meta.file_type().is_symlink()) {
            return Err("a symbolic link is on its path".into());
        }
    }
    Ok(at)
}
