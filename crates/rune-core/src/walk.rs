//! The door to user code: which files there are, and what they say. What is not read is listed with its reason.

use std::collections::HashSet;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use rune_model::{SkipReason, Skipped, Source};
use rune_syntax::Language;

/// The largest file that is read, in bytes.
const MAX_FILE: u64 = 1 << 20;

/// What stands in the folder of a project: a manifest, or git's own folder.
const MARKS: &[&str] =
    &[".git", "package.json", "deno.json", "pyproject.toml", "requirements.txt", "setup.py", "setup.cfg", "Pipfile", "manage.py"];

/// Folders that are never walked.
const NEVER: &[&str] = &[".git", "node_modules", ".venv", "__pycache__", ".rune"];

/// The project that `folder` lies in: the nearest folder upwards, itself included, with a manifest or `.git`; `folder`
/// itself if there is none. The home folder, the folder of temporary files and `/` are no projects.
pub fn project_root(folder: &Path) -> PathBuf {
    let home = std::env::home_dir();
    let temporary = std::env::temp_dir();
    let is_project = |at: &&Path| {
        let is_common = at.parent().is_none() || home.as_deref() == Some(*at) || temporary == **at;
        !is_common && MARKS.iter().any(|mark| at.join(mark).exists())
    };
    folder.ancestors().find(is_project).unwrap_or(folder).to_owned()
}

/// What a walk found.
#[derive(Debug, Default)]
pub struct Walked {
    /// The folder that paths are relative to.
    pub root: PathBuf,
    /// The files, by path.
    pub sources: Vec<Source>,
    /// Files that were not read, by path.
    pub skipped: Vec<Skipped>,
}

/// Reads every file of a known language below `paths`, which lie below `root`. Honours `.gitignore` and `.runeignore`
/// below folders; a file that is named itself is read whatever they say. Follows no link.
#[allow(clippy::disallowed_methods)]
pub fn walk(root: &Path, paths: &[PathBuf]) -> Walked {
    let mut walked = Walked { root: root.to_owned(), ..Walked::default() };
    let mut seen = HashSet::new();
    for path in paths {
        if path.is_file() {
            seen.insert(path.clone());
            take(&mut walked, path);
            continue;
        }
        let mut builder = ignore::WalkBuilder::new(path);
        builder.hidden(false).require_git(false).follow_links(false).add_custom_ignore_filename(".runeignore");
        builder.filter_entry(|entry| !entry.file_name().to_str().is_some_and(|name| NEVER.contains(&name)));
        for entry in builder.build() {
            match entry {
                Ok(entry) if seen.contains(entry.path()) => {}
                Ok(entry) => {
                    seen.insert(entry.path().to_owned());
                    take_entry(&mut walked, &entry);
                }
                Err(error) => {
                    let path = root.display().to_string();
                    walked.skipped.push(Skipped { path: path.into(), reason: SkipReason::Unreadable, detail: error.to_string() });
                }
            }
        }
    }
    walked.sources.sort_by(|a, b| a.path.cmp(&b.path));
    walked.sources.dedup_by(|a, b| a.path == b.path);
    walked.skipped.sort();
    walked.skipped.dedup();
    walked
}

fn take_entry(walked: &mut Walked, entry: &ignore::DirEntry) {
    let Some(kind) = entry.file_type() else { return };
    if kind.is_dir() || Language::of_path(&entry.path().to_string_lossy()).is_none() {
        return;
    }
    if kind.is_symlink() {
        skip(walked, entry.path(), SkipReason::Link, String::new());
    } else if kind.is_file() {
        take(walked, entry.path());
    } else {
        skip(walked, entry.path(), SkipReason::NotAFile, String::new());
    }
}

fn relative(root: &Path, path: &Path) -> Arc<str> {
    let inner = path.strip_prefix(root).unwrap_or(path);
    inner.to_string_lossy().replace('\\', "/").trim_start_matches("./").into()
}

fn skip(walked: &mut Walked, path: &Path, reason: SkipReason, detail: String) {
    let path = relative(&walked.root, path);
    walked.skipped.push(Skipped { path, reason, detail });
}

#[allow(clippy::disallowed_methods)]
fn take(walked: &mut Walked, path: &Path) {
    let size = std::fs::metadata(path).map_or(0, |meta| meta.len());
    if size > MAX_FILE {
        return skip(walked, path, SkipReason::TooLarge, format!("{size} bytes"));
    }
    match std::fs::read(path) {
        Ok(bytes) => match decode(bytes) {
            Ok(text) => {
                let path = relative(&walked.root, path);
                walked.sources.push(Source { path, text: text.into() });
            }
            Err(reason) => skip(walked, path, reason, String::new()),
        },
        Err(error) => skip(walked, path, SkipReason::Unreadable, error.to_string()),
    }
}

/// UTF-8 text; NUL bytes mean that it is no text.
fn decode(bytes: Vec<u8>) -> Result<String, SkipReason> {
    if bytes.starts_with(&[0xFF, 0xFE]) || bytes.starts_with(&[0xFE, 0xFF]) {
        return Err(SkipReason::NotUtf8);
    }
    if bytes.contains(&0) {
        return Err(SkipReason::Binary);
    }
    String::from_utf8(bytes).map_err(|_| SkipReason::NotUtf8)
}
