//! The cache: what is remembered of a run, in a folder that may be deleted at any time. A cache that cannot be used is
//! said and written anew; a run never fails for it.

use std::io::Write;
use std::path::{Path, PathBuf};

use rune_core::{Memory, Program};

/// Below the root of a run.
const FOLDER: [&str; 2] = [".rune", "cache"];

/// Tells backup programs that the folder can be left out (<https://bford.info/cachedir/>).
const TAG: &str = "Signature: 8a477f597d28d172789f06886806bc55\n# This folder holds a cache of rune. It may be deleted.\n";

/// Where and whether a run remembers.
#[derive(Debug, clap::Args)]
pub(crate) struct CacheOptions {
    /// Remember nothing of this run, and use nothing that is remembered.
    #[arg(long, env = "RUNE_NO_CACHE", value_parser = clap::builder::FalseyValueParser::new())]
    no_cache: bool,
    /// The folder of the cache; `.rune/cache` in the project if not given.
    #[arg(long, value_name = "FOLDER", env = "RUNE_CACHE_DIR")]
    cache_dir: Option<PathBuf>,
}

/// The cache of one program for one project.
pub(crate) struct Cache {
    folder: PathBuf,
    file: PathBuf,
    /// What wrote it: this binary, and the pack.
    stamp: String,
}

impl CacheOptions {
    /// The cache that these options mean; `None` if none is to be used.
    pub(crate) fn open(&self, root: &Path, program: &Program) -> Option<Cache> {
        if self.no_cache {
            return None;
        }
        let pack = program.pack.split(' ').next().unwrap_or_default();
        let (folder, name) = match &self.cache_dir {
            Some(folder) => (folder.clone(), format!("{pack}-{:016x}", number(root))),
            None => (FOLDER.iter().fold(root.to_owned(), |folder, part| folder.join(part)), pack.to_owned()),
        };
        let file = folder.join(format!("{name}.cache"));
        Some(Cache { folder, file, stamp: format!("{} {}", engine(), program.digest) })
    }
}

/// A number for a project among those that share a folder.
fn number(root: &Path) -> u64 {
    use std::hash::{DefaultHasher, Hash, Hasher};
    let mut hasher = DefaultHasher::new();
    root.hash(&mut hasher);
    hasher.finish()
}

/// This binary: answers of another one may differ.
#[allow(clippy::disallowed_methods)]
fn engine() -> String {
    let meta = std::env::current_exe().and_then(std::fs::metadata).ok();
    let changed = meta.as_ref().and_then(|meta| meta.modified().ok());
    let changed = changed.and_then(|at| at.duration_since(std::time::UNIX_EPOCH).ok()).map_or(0, |since| since.as_nanos());
    format!("{} {} {changed}", env!("CARGO_PKG_VERSION"), meta.map_or(0, |meta| meta.len()))
}

fn note(text: &str) {
    // Nothing is lost if nobody can be told.
    let _ = writeln!(anstream::stderr(), "note: {}", rune_report::visible(text));
}

impl Cache {
    /// What the cache holds; nothing if there is none or it cannot be used.
    #[allow(clippy::disallowed_methods)]
    pub(crate) fn read(&self) -> Memory {
        let ignored = |reason: &str| {
            note(&format!("the cache `{}` is not used and made anew: {reason}", self.file.display()));
            Memory::default()
        };
        match std::fs::read(&self.file) {
            Ok(bytes) => Memory::from_bytes(&bytes, &self.stamp).unwrap_or_else(ignored),
            Err(error) if error.kind() == std::io::ErrorKind::NotFound => Memory::default(),
            Err(error) => ignored(&error.to_string()),
        }
    }

    /// Writes the cache, whole or not at all.
    pub(crate) fn write(&self, memory: &Memory) {
        if let Err(error) = self.put(&memory.to_bytes(&self.stamp)) {
            note(&format!("the cache `{}` was not written: {error}", self.file.display()));
        }
    }

    #[allow(clippy::disallowed_methods)]
    fn put(&self, bytes: &[u8]) -> std::io::Result<()> {
        let is_link = |path: &Path| std::fs::symlink_metadata(path).is_ok_and(|meta| meta.is_symlink());
        if is_link(&self.folder) || self.folder.parent().is_some_and(|above| above.ends_with(FOLDER[0]) && is_link(above)) {
            return Err(std::io::Error::other("its folder is a symbolic link"));
        }
        std::fs::create_dir_all(&self.folder)?;
        for (name, text) in [("CACHEDIR.TAG", TAG), (".gitignore", "*\n")] {
            let path = self.folder.join(name);
            if !path.exists() {
                std::fs::write(path, text)?;
            }
        }
        let mut file = tempfile::NamedTempFile::new_in(&self.folder)?;
        file.write_all(bytes)?;
        file.persist(&self.file)?;
        Ok(())
    }
}
