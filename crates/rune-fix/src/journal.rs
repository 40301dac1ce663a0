//! The folder `.rune` at the root of a run: new texts before they take their place, and of the last run what was
//! replaced, with a journal. It may be deleted at any time, and git ignores it.

#![allow(clippy::disallowed_methods)]

use std::fs::{File, TryLockError};
use std::io::Write;
use std::path::{Path, PathBuf};

use rune_model::Source;
use serde::{Deserialize, Serialize};

use crate::write::{WriteResult, inside};

/// The folder's name.
pub const FOLDER: &str = ".rune";

/// One file of a run.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub(crate) struct Entry {
    /// Below the root.
    pub(crate) path: String,
    /// The hash of what it said before; `None` if it is new.
    old: Option<String>,
    /// The hash of what it says after.
    new: String,
    /// The number of the file that keeps the old text.
    number: usize,
}

#[derive(Debug, Serialize, Deserialize)]
struct Journal {
    version: u32,
    files: Vec<Entry>,
}

/// The hash of a text.
pub(crate) fn hash(bytes: &[u8]) -> String {
    blake3::hash(bytes).to_hex().to_string()
}

impl Entry {
    pub(crate) fn of(new: &Source, old: Option<&Source>) -> Entry {
        let old = old.map(|old| hash(old.text.as_bytes()));
        Entry { path: new.path.to_string(), old, new: hash(new.text.as_bytes()), number: 0 }
    }
}

/// The folder, locked against other runs as long as this lives.
pub(crate) struct Store {
    root: PathBuf,
    folder: PathBuf,
    _lock: File,
}

fn told(path: &Path, error: std::io::Error) -> String {
    format!("`{}`: {error}", path.display())
}

impl Store {
    /// Makes the folder if there is none.
    pub(crate) fn open(root: &Path) -> Result<Store, String> {
        let folder = root.join(FOLDER);
        if std::fs::symlink_metadata(&folder).is_ok_and(|meta| !meta.is_dir()) {
            return Err(format!("`{}` is no folder", folder.display()));
        }
        std::fs::create_dir_all(&folder).map_err(|error| told(&folder, error))?;
        let lock_path = folder.join("lock");
        let lock = File::create(&lock_path).map_err(|error| told(&lock_path, error))?;
        match lock.try_lock() {
            Ok(()) => {}
            Err(TryLockError::WouldBlock) => return Err("another run of rune writes here; nothing was written".into()),
            Err(TryLockError::Error(error)) => return Err(told(&lock_path, error)),
        }
        let store = Store { root: root.to_owned(), folder, _lock: lock };
        store.put(&store.folder.join(".gitignore"), b"*\n")?;
        Ok(store)
    }

    fn put(&self, path: &Path, bytes: &[u8]) -> Result<(), String> {
        let write = || {
            let mut file = File::create(path)?;
            file.write_all(bytes)?;
            file.sync_all()
        };
        write().map_err(|error| told(path, error))
    }

    fn new_text(&self, number: usize) -> PathBuf {
        self.folder.join("new").join(number.to_string())
    }

    fn old_text(&self, number: usize) -> PathBuf {
        self.folder.join("undo").join(number.to_string())
    }

    /// Lays new texts ready, and what they replace with the journal. On failure nothing of the project was touched.
    pub(crate) fn prepare(&self, entries: &[Entry], sources: &[&Source]) -> Result<(), String> {
        let prepared = self.lay_ready(entries, sources);
        if prepared.is_err() {
            self.clean();
        }
        prepared
    }

    fn lay_ready(&self, entries: &[Entry], sources: &[&Source]) -> Result<(), String> {
        self.clean();
        let (new, next, undo) = (self.folder.join("new"), self.folder.join("undo.next"), self.folder.join("undo"));
        for folder in [&new, &next] {
            std::fs::create_dir_all(folder).map_err(|error| told(folder, error))?;
        }
        let mut files = Vec::new();
        for (number, (entry, source)) in entries.iter().zip(sources).enumerate() {
            let staged = self.new_text(number);
            self.put(&staged, source.text.as_bytes())?;
            if entry.old.is_some() {
                let path = inside(&self.root, &entry.path)?;
                let bytes = std::fs::read(&path).map_err(|error| told(&path, error))?;
                self.put(&next.join(number.to_string()), &bytes)?;
                like(&path, &staged)?;
            }
            files.push(Entry { number, ..entry.clone() });
        }
        let journal = serde_json::to_string_pretty(&Journal { version: 1, files }).map_err(|error| error.to_string())?;
        self.put(&next.join("journal.json"), journal.as_bytes())?;
        let _ = std::fs::remove_dir_all(&undo);
        std::fs::rename(&next, &undo).map_err(|error| told(&undo, error))
    }

    /// Puts the new text number `n` in its place, if the old one is still there.
    pub(crate) fn replace(&self, n: usize, entry: &Entry) -> Result<(), String> {
        let path = inside(&self.root, &entry.path)?;
        let now = std::fs::read(&path).ok().map(|bytes| hash(&bytes));
        if now != entry.old {
            return Err("it was changed while rune ran".into());
        }
        if let (None, Some(folder)) = (&entry.old, path.parent()) {
            std::fs::create_dir_all(folder).map_err(|error| error.to_string())?;
        }
        take_place(&self.new_text(n), &path)
    }

    /// Gives a file its old text back, if it has the new one. A file that has its old text already is left alone.
    pub(crate) fn restore(&self, entry: &Entry) -> Result<(), String> {
        let path = inside(&self.root, &entry.path)?;
        let now = std::fs::read(&path).ok().map(|bytes| hash(&bytes));
        if now == entry.old {
            return Ok(());
        }
        if now.as_ref() != Some(&entry.new) {
            return Err("it was changed since".into());
        }
        if entry.old.is_none() {
            return std::fs::remove_file(&path).map_err(|error| error.to_string());
        }
        let kept = self.old_text(entry.number);
        let bytes = std::fs::read(&kept).map_err(|error| told(&kept, error))?;
        if Some(hash(&bytes)) != entry.old {
            return Err("what was kept of it is not whole".into());
        }
        let staged = self.folder.join("restored");
        self.put(&staged, &bytes)?;
        like(&path, &staged)?;
        take_place(&staged, &path)
    }

    /// Removes what was laid ready and is not needed any more.
    pub(crate) fn clean(&self) {
        for name in ["new", "undo.next"] {
            let _ = std::fs::remove_dir_all(self.folder.join(name));
        }
        let _ = std::fs::remove_file(self.folder.join("restored"));
    }
}

/// Renames; where the folder lies on another disk, through a temporary file beside the place.
fn take_place(from: &Path, to: &Path) -> Result<(), String> {
    let Err(error) = std::fs::rename(from, to) else { return Ok(()) };
    if error.kind() != std::io::ErrorKind::CrossesDevices {
        return Err(error.to_string());
    }
    let copy = || {
        let mut file = tempfile::NamedTempFile::new_in(to.parent().unwrap_or(Path::new(".")))?;
        file.write_all(&std::fs::read(from)?)?;
        file.as_file().sync_all()?;
        keep_attributes(from, file.path());
        std::fs::set_permissions(file.path(), std::fs::metadata(from)?.permissions())?;
        file.persist(to).map_err(|error| error.error).map(drop)
    };
    copy().map_err(|error: std::io::Error| error.to_string())
}

/// Gives `path` the permissions, the owner and the extended attributes of `model`.
fn like(model: &Path, path: &Path) -> Result<(), String> {
    let meta = std::fs::metadata(model).map_err(|error| told(model, error))?;
    #[cfg(unix)]
    {
        use std::os::unix::fs::MetadataExt;
        let own = std::fs::metadata(path).map_err(|error| told(path, error))?;
        if (own.uid(), own.gid()) != (meta.uid(), meta.gid()) {
            std::os::unix::fs::chown(path, Some(meta.uid()), Some(meta.gid()))
                .map_err(|error| format!("its owner cannot be kept: {error}"))?;
        }
    }
    keep_attributes(model, path);
    std::fs::set_permissions(path, meta.permissions()).map_err(|error| told(path, error))
}

/// Gives `path` the extended attributes of `model`, access lists among them, as far as the system lets: some belong to it.
#[cfg(unix)]
fn keep_attributes(model: &Path, path: &Path) {
    for name in xattr::list(model).into_iter().flatten() {
        if let Ok(Some(value)) = xattr::get(model, &name) {
            let _ = xattr::set(path, &name, &value);
        }
    }
}

#[cfg(not(unix))]
fn keep_attributes(_: &Path, _: &Path) {}

/// Gives the files of the last run below `root` their old texts back; files that were changed since are left as they are.
pub fn undo(root: &Path) -> Result<Vec<WriteResult>, String> {
    let store = Store::open(root)?;
    let path = store.folder.join("undo").join("journal.json");
    let text = std::fs::read_to_string(&path).map_err(|_| "there is no run to undo".to_owned())?;
    let journal: Journal = serde_json::from_str(&text).map_err(|error| format!("`{}`: {error}", path.display()))?;
    let result = |entry: &Entry| WriteResult { path: entry.path.as_str().into(), refused: store.restore(entry).err() };
    let results: Vec<WriteResult> = journal.files.iter().map(result).collect();
    store.clean();
    if results.iter().all(|result| result.refused.is_none()) {
        let _ = std::fs::remove_dir_all(store.folder.join("undo"));
    }
    Ok(results)
}
