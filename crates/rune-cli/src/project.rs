//! The project that the given paths lie in: what is read, what is reported on, and how paths are written.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use anyhow::{Context, Result, bail};
use rune_core::{Settings, Walked, project_root};
use rune_fix::Settled;
use rune_model::{Finding, Operation, Place, Report, Source, Unknown};

/// A project as it was read.
pub(crate) struct Project {
    /// The root, the files, and what was not read.
    pub(crate) walked: Walked,
    /// The given paths relative to the root; the empty one is all of it.
    given: Vec<String>,
    /// The folder that paths are written relative to.
    base: PathBuf,
}

/// Reads the project that `paths` lie in: the nearest folder above all of them with a manifest or `.git`, else the folder
/// they share. All of it is read, as rules join on all of it; findings are reported on `paths` only.
pub(crate) fn read(paths: &[PathBuf]) -> Result<Project> {
    let here = std::env::current_dir().and_then(|here| here.canonicalize()).context("the current folder cannot be read")?;
    let paths: Vec<PathBuf> = if paths.is_empty() { vec![PathBuf::from(".")] } else { paths.to_vec() };
    let mut full = Vec::new();
    for path in &paths {
        let target = path.canonicalize().with_context(|| format!("`{}` cannot be read", path.display()))?;
        refuse_link_elsewhere(path, &target)?;
        full.push(target);
    }
    let root = project_root(&shared_folder(&full));
    let mut read = full.clone();
    read.push(root.clone());
    let walked = rune_core::walk(&root, &read);
    let given = full.iter().map(|path| written(path.strip_prefix(&root).unwrap_or(path))).collect();
    let base = if full.iter().all(|path| path.starts_with(&here)) { here } else { root };
    let mut project = Project { walked, given, base };
    // A file elsewhere in the project that is large or no text is no file that was to be checked.
    let mut skipped = std::mem::take(&mut project.walked.skipped);
    skipped.retain(|skipped| skipped.reason == rune_model::SkipReason::Unreadable || project.is_given(&skipped.path));
    project.walked.skipped = skipped;
    Ok(project)
}

/// A link to a file of its own project is that file; one that leads elsewhere is not followed, least of all to write.
fn refuse_link_elsewhere(path: &Path, target: &Path) -> Result<()> {
    if !path.is_symlink() || !target.is_file() {
        return Ok(());
    }
    let folder = path.parent().filter(|folder| !folder.as_os_str().is_empty()).unwrap_or(Path::new("."));
    let folder = folder.canonicalize().with_context(|| format!("`{}` cannot be read", folder.display()))?;
    if !target.starts_with(project_root(&folder)) {
        bail!("`{}` is a link to a file outside of its project: name the file itself, `{}`", path.display(), target.display());
    }
    Ok(())
}

/// The deepest folder that holds all paths.
fn shared_folder(paths: &[PathBuf]) -> PathBuf {
    let folder = |path: &Path| if path.is_dir() { path.to_owned() } else { path.parent().unwrap_or(path).to_owned() };
    let mut folders = paths.iter().map(|path| folder(path));
    let first = folders.next().unwrap_or_default();
    folders.fold(first, |shared, folder| shared.ancestors().find(|above| folder.starts_with(above)).unwrap_or(&shared).to_owned())
}

fn written(path: &Path) -> String {
    path.to_string_lossy().replace('\\', "/")
}

impl Project {
    /// Whether a file is one of the given paths, or below one.
    pub(crate) fn is_given(&self, path: &str) -> bool {
        let holds =
            |given: &String| path.strip_prefix(given.as_str()).is_some_and(|rest| rest.is_empty() || rest.starts_with('/'));
        self.given.iter().any(|given| given.is_empty() || holds(given))
    }

    /// Leaves out the files that the configuration excludes, but for those that are named themselves.
    pub(crate) fn exclude(&mut self, settings: &Settings) {
        let given = &self.given;
        let stays = |path: &str| given.iter().any(|given| given == path) || !settings.is_excluded(path);
        self.walked.sources.retain(|source| stays(&source.path));
        self.walked.skipped.retain(|skipped| stays(&skipped.path));
    }

    /// The first of the given paths, from the root.
    pub(crate) fn given_path(&self) -> &str {
        self.given.first().map_or("", String::as_str)
    }

    /// The path of a file as it is written for people: relative to the current folder if the given paths lie below it,
    /// else to the root.
    pub(crate) fn shown(&self, path: &str) -> Arc<str> {
        if self.base == self.walked.root {
            return path.into();
        }
        let full = self.walked.root.join(path);
        let shared = self.base.ancestors().find(|above| full.starts_with(above)).unwrap_or(&self.base);
        let up = self.base.strip_prefix(shared).map_or(0, |rest| rest.components().count());
        format!("{}{}", "../".repeat(up), written(full.strip_prefix(shared).unwrap_or(&full))).into()
    }

    /// How the diff of a run writes paths: as [`Project::shown`] if all files lie below that folder, else from the root.
    pub(crate) fn shown_in_diff(&self, settled: &Settled) -> impl Fn(&str) -> Arc<str> + '_ {
        let all_below = settled.sources.iter().all(|source| self.walked.root.join(source.path.as_ref()).starts_with(&self.base));
        move |path| if all_below { self.shown(path) } else { path.into() }
    }

    /// The files of the project, by path.
    pub(crate) fn by_path(&self) -> BTreeMap<&str, &Source> {
        self.walked.sources.iter().map(|source| (source.path.as_ref(), source)).collect()
    }

    /// How many files were to be checked and were read.
    pub(crate) fn n_given(&self) -> usize {
        self.walked.sources.iter().filter(|source| self.is_given(&source.path)).count()
    }

    /// Writes the paths of a report for people.
    pub(crate) fn show(&self, report: &mut Report) {
        if self.base == self.walked.root {
            return;
        }
        let place = |place: &mut Place| place.path = self.shown(&place.path);
        for finding in &mut report.findings {
            self.show_finding(finding, &place);
        }
        for record in &mut report.fixes {
            place(&mut record.place);
            record.files.iter_mut().for_each(|file| *file = self.shown(file));
        }
        for unknown in &mut report.unknowns {
            let Unknown::Values { places, .. } = unknown else { continue };
            places.iter_mut().flat_map(|held| std::iter::once(&mut held.place).chain(&mut held.at)).for_each(place);
        }
        report.skipped.iter_mut().for_each(|skipped| skipped.path = self.shown(&skipped.path));
        report.sources.iter_mut().for_each(|source| source.path = self.shown(&source.path));
    }

    fn show_finding(&self, finding: &mut Finding, place: &dyn Fn(&mut Place)) {
        place(&mut finding.place);
        finding.related.iter_mut().for_each(|related| place(&mut related.place));
        for edit in finding.fix.iter_mut().flat_map(|fix| &mut fix.edits) {
            place(&mut edit.at.place);
            match &mut edit.operation {
                Operation::Move { after, .. } => place(&mut after.place),
                Operation::Parameterize { into, .. } => place(&mut into.place),
                Operation::CreateFile { path, .. } => *path = self.shown(path).to_string(),
                _ => {}
            }
        }
    }
}
