//! The project's own command, run in a copy of the project with the changes in it.

#![allow(clippy::disallowed_methods)]

use std::cell::RefCell;
use std::collections::BTreeSet;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::sync::Arc;

use rune_model::Source;

/// Folders that the copy has links to: they are large, and no fix changes them.
const LINKED: &[&str] = &["node_modules", ".venv", "venv"];

/// Folders that the copy lacks.
const LEFT_OUT: &[&str] = &[".git", ".rune"];

/// How much of a command's output is told, in characters.
const MAX_TOLD: usize = 300;

/// A copy of a project.
pub struct Trial {
    root: PathBuf,
    copy: tempfile::TempDir,
    command: String,
    changed: RefCell<BTreeSet<Arc<str>>>,
}

impl Trial {
    /// Copies the project and runs the command once: one that fails without any fix proves nothing, and is an error.
    pub fn new(root: &Path, command: &str) -> Result<Trial, String> {
        let copy = tempfile::tempdir().map_err(|error| error.to_string())?;
        copy_tree(root, copy.path()).map_err(|error| format!("the project cannot be copied: {error}"))?;
        let trial = Trial { root: root.to_owned(), copy, command: command.to_owned(), changed: RefCell::default() };
        trial.run(&[]).map_err(|reason| format!("`{command}` fails before any fix: {reason}"))?;
        Ok(trial)
    }

    /// Runs the command with `sources` in place of the files of the project; the reason if it fails.
    pub fn run(&self, sources: &[Source]) -> Result<(), String> {
        self.put(sources).map_err(|error| error.to_string())?;
        let (shell, flag) = if cfg!(windows) { ("cmd", "/C") } else { ("sh", "-c") };
        let mut command = Command::new(shell);
        command.arg(flag).arg(&self.command).current_dir(self.copy.path()).stdin(Stdio::null());
        let output = command.output().map_err(|error| format!("`{shell}` does not start: {error}"))?;
        if output.status.success() {
            return Ok(());
        }
        let text = String::from_utf8_lossy(&[output.stdout, output.stderr].concat()).trim().to_owned();
        let told: String = text.chars().skip(text.chars().count().saturating_sub(MAX_TOLD)).collect();
        let code = output.status.code().map_or("a signal".to_owned(), |code| format!("exit code {code}"));
        Err(format!("`{}`: {code}: {told}", self.command))
    }

    /// The copy with exactly these changes.
    fn put(&self, sources: &[Source]) -> std::io::Result<()> {
        let mut changed = self.changed.borrow_mut();
        for path in std::mem::take(&mut *changed) {
            let (from, to) = (self.root.join(path.as_ref()), self.copy.path().join(path.as_ref()));
            if from.is_file() { std::fs::copy(from, to).map(drop)? } else { std::fs::remove_file(to)? }
        }
        for source in sources {
            let to = self.copy.path().join(source.path.as_ref());
            if let Some(folder) = to.parent() {
                std::fs::create_dir_all(folder)?;
            }
            std::fs::write(to, source.text.as_bytes())?;
            changed.insert(source.path.clone());
        }
        Ok(())
    }
}

fn copy_tree(from: &Path, to: &Path) -> std::io::Result<()> {
    let mut folders = vec![(from.to_owned(), to.to_owned())];
    while let Some((from, to)) = folders.pop() {
        std::fs::create_dir_all(&to)?;
        for entry in std::fs::read_dir(&from)? {
            let entry = entry?;
            let (kind, name) = (entry.file_type()?, entry.file_name());
            let (from, to) = (entry.path(), to.join(&name));
            let is_named = |names: &[&str]| name.to_str().is_some_and(|name| names.contains(&name));
            if is_named(LEFT_OUT) {
                continue;
            }
            if kind.is_symlink() {
                link(&std::fs::read_link(&from)?, &to)?;
            } else if kind.is_dir() && is_named(LINKED) {
                link(&from, &to)?;
            } else if kind.is_dir() {
                folders.push((from, to));
            } else if kind.is_file() {
                std::fs::copy(&from, &to)?;
            }
        }
    }
    Ok(())
}

#[cfg(unix)]
fn link(target: &Path, at: &Path) -> std::io::Result<()> {
    std::os::unix::fs::symlink(target, at)
}

#[cfg(not(unix))]
fn link(target: &Path, at: &Path) -> std::io::Result<()> {
    if target.is_dir() { copy_tree(target, at) } else { std::fs::copy(target, at).map(drop) }
}
