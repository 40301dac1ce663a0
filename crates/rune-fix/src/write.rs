//! The door to the disk: each file is replaced whole, and only if it still says what was read.

use std::io::Write;
use std::path::Path;
use std::sync::Arc;

use rune_model::Source;

use crate::Settled;

/// What became of one file.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct WriteResult {
    /// The file.
    pub path: Arc<str>,
    /// Why it was not written; `None` if it was.
    pub refused: Option<String>,
}

/// Writes what was settled below `root`. `before` is what was read.
#[allow(clippy::disallowed_methods)]
pub fn write(root: &Path, before: &[Source], settled: &Settled) -> Vec<WriteResult> {
    settled
        .sources
        .iter()
        .map(|source| {
            let old = before.iter().find(|old| old.path == source.path);
            WriteResult { path: source.path.clone(), refused: write_one(root, old, source).err() }
        })
        .collect()
}

#[allow(clippy::disallowed_methods)]
fn write_one(root: &Path, old: Option<&Source>, new: &Source) -> Result<(), String> {
    let path = root.join(new.path.as_ref());
    let folder = path.parent().ok_or("it has no folder")?;
    refuse_links(root, &path)?;
    let permissions = match old {
        Some(old) => {
            let now = std::fs::read(&path).map_err(|error| error.to_string())?;
            if now != old.text.as_bytes() {
                return Err("it was changed while rune ran".into());
            }
            let meta = std::fs::metadata(&path).map_err(|error| error.to_string())?;
            if meta.permissions().readonly() {
                return Err("it is read-only".into());
            }
            Some(meta.permissions())
        }
        None if path.exists() => return Err("it exists already".into()),
        None => {
            std::fs::create_dir_all(folder).map_err(|error| error.to_string())?;
            None
        }
    };
    let mut file = tempfile::NamedTempFile::new_in(folder).map_err(|error| error.to_string())?;
    file.write_all(new.text.as_bytes()).and_then(|()| file.as_file().sync_all()).map_err(|error| error.to_string())?;
    if let Some(permissions) = permissions {
        std::fs::set_permissions(file.path(), permissions).map_err(|error| error.to_string())?;
    }
    file.persist(&path).map_err(|error| error.to_string())?;
    Ok(())
}

/// No part of the path below the root may be a link, and none may lie in a folder of git.
#[allow(clippy::disallowed_methods)]
fn refuse_links(root: &Path, path: &Path) -> Result<(), String> {
    let inner = path.strip_prefix(root).map_err(|_| "it lies outside the root".to_owned())?;
    let mut at = root.to_owned();
    for part in inner.components() {
        let std::path::Component::Normal(name) = part else { return Err("its path leaves the root".into()) };
        if name == ".git" || name == ".github" {
            return Err("rune does not write there".into());
        }
        at.push(name);
        if std::fs::symlink_metadata(&at).is_ok_and(|meta| meta.file_type().is_symlink()) {
            return Err("a symbolic link is on its path".into());
        }
    }
    Ok(())
}
