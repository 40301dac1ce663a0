//! Fixes applied together, in memory: which texts they give. Trees of the files they touch are parsed once.

use std::cell::RefCell;
use std::collections::BTreeMap;
use std::rc::Rc;
use std::sync::Arc;

use rune_model::{Edit, Finding, Fix, Operation, Source};

use crate::edit::File;
use crate::guard::refusal;

/// All sources of a project, by path.
pub(crate) type State = BTreeMap<Arc<str>, Source>;

/// The files of a state, parsed as they are asked for.
#[derive(Default)]
pub(crate) struct Trees {
    files: RefCell<BTreeMap<Arc<str>, Rc<File>>>,
}

impl Trees {
    pub(crate) fn get(&self, state: &State, path: &str) -> Option<Rc<File>> {
        if let Some(file) = self.files.borrow().get(path) {
            return Some(file.clone());
        }
        let source = state.get(path)?;
        let file = Rc::new(File::new(source)?);
        self.files.borrow_mut().insert(source.path.clone(), file.clone());
        Some(file)
    }

    /// Files that have another text now.
    pub(crate) fn forget<'p>(&self, paths: impl Iterator<Item = &'p Arc<str>>) {
        let mut files = self.files.borrow_mut();
        for path in paths {
            files.remove(path);
        }
    }
}

/// Gives the fix of a finding with its new files behind those of another; `None` if they are of no one series.
pub type Behind<'a> = dyn Fn(&Finding, &Finding) -> Option<Fix> + 'a;

/// Fixes that do not touch each other.
#[derive(Default)]
pub(crate) struct Batch {
    pub(crate) findings: Vec<Finding>,
    edits: BTreeMap<Arc<str>, Vec<Edit>>,
    /// What the changed and new files say then.
    pub(crate) sources: BTreeMap<Arc<str>, Source>,
    /// The last of each series of new files, a number in `findings`, by the name that the first one took.
    ends: BTreeMap<String, usize>,
}

/// Why a fix cannot join a batch.
enum Misfit {
    /// Another fix of the batch makes its new file, or one with its number: that name.
    Taken(String),
    Other(String),
}

impl Misfit {
    fn reason(self) -> String {
        match self {
            Misfit::Taken(name) => format!("another new file has the name or the number of `{name}`"),
            Misfit::Other(reason) => reason,
        }
    }
}

impl Batch {
    /// Adds the fix of `finding`, or says why it cannot be; then nothing of it is added.
    pub(crate) fn add(
        &mut self,
        state: &State,
        trees: &Trees,
        finding: &Finding,
        behind: Option<&Behind<'_>>,
    ) -> Result<(), String> {
        let name = match self.join(state, trees, finding) {
            Err(Misfit::Taken(name)) => name,
            joined => return joined.map_err(Misfit::reason),
        };
        let last = self.ends.get(&name).map(|at| &self.findings[*at]);
        let Some(fix) = last.zip(behind).and_then(|(last, behind)| behind(finding, last)) else {
            return Err(Misfit::Taken(name).reason());
        };
        self.join(state, trees, &Finding { fix: Some(fix), ..finding.clone() }).map_err(Misfit::reason)?;
        self.ends.insert(name, self.findings.len() - 1);
        Ok(())
    }

    fn join(&mut self, state: &State, trees: &Trees, finding: &Finding) -> Result<(), Misfit> {
        let Some(fix) = &finding.fix else { return Ok(()) };
        let mut edits: BTreeMap<Arc<str>, Vec<Edit>> = BTreeMap::new();
        let mut sources: Vec<Source> = Vec::new();
        let mut names: Vec<String> = Vec::new();
        for edit in &fix.edits {
            if let Operation::CreateFile { path, text } = &edit.operation {
                sources.push(self.created(state, path, text)?);
                names.push(series_of(path));
                continue;
            }
            let path = &edit.at.place.path;
            let mut others = self.edits.get(path).into_iter().flatten();
            let is_shared = |other: &Edit| other.at == edit.at && other != edit && writes_in(other);
            if writes_in(edit) && others.any(is_shared) && trees.get(state, path).is_some_and(|file| file.has_one_body(edit)) {
                return Err(Misfit::Other("another fix writes into the same body".to_owned()));
            }
            let of_file = edits.entry(path.clone()).or_insert_with(|| self.edits.get(path).cloned().unwrap_or_default());
            if !of_file.contains(edit) {
                of_file.push(edit.clone());
            }
        }
        for (path, edits) in &edits {
            if let Some(reason) = refusal(path) {
                return Err(Misfit::Other(format!("`{path}`: {reason}")));
            }
            let file = trees.get(state, path);
            let file = file.ok_or_else(|| Misfit::Other(format!("`{path}` is not among the files read")))?;
            let changes = file.changes(&edits.iter().collect::<Vec<_>>()).map_err(|error| Misfit::Other(error.to_string()))?;
            sources.push(Source { path: path.clone(), text: file.after(&changes).into() });
        }
        self.edits.extend(edits);
        self.sources.extend(sources.into_iter().map(|source| (source.path.clone(), source)));
        self.ends.extend(names.into_iter().map(|name| (name, self.findings.len())));
        self.findings.push(finding.clone());
        Ok(())
    }

    fn created(&self, state: &State, path: &str, text: &str) -> Result<Source, Misfit> {
        if let Some(reason) = refusal(path) {
            return Err(Misfit::Other(format!("`{path}`: {reason}")));
        }
        // Where case does not tell files apart, the other one would be replaced.
        let same = |other: &Arc<str>| other.eq_ignore_ascii_case(path);
        if state.keys().any(same) {
            return Err(Misfit::Other(format!("`{path}` exists already")));
        }
        // Two new migrations that each took the next number have one number and two names.
        let series = series_of(path);
        let is_known = self.sources.get(path).is_some_and(|source| source.text.as_ref() == text);
        if !is_known && self.sources.keys().any(|other| series_of(other) == series) {
            return Err(Misfit::Taken(series));
        }
        Ok(Source { path: path.into(), text: text.into() })
    }

    /// The state with the changes of the batch.
    pub(crate) fn on(&self, state: &State) -> State {
        let mut after = state.clone();
        after.extend(self.sources.iter().map(|(path, source)| (path.clone(), source.clone())));
        after
    }
}

fn writes_in(edit: &Edit) -> bool {
    matches!(edit.operation, Operation::InsertIn { .. })
}

/// What no other new file of a series may have: the path up to the end of its number, else the path.
fn series_of(path: &str) -> String {
    numbered(path).unwrap_or(path).to_ascii_lowercase()
}

/// A path up to the end of the number, of four digits at least, that its name or a folder of it begins with.
fn numbered(path: &str) -> Option<&str> {
    let starts = std::iter::once(0).chain(path.match_indices('/').map(|(at, _)| at + 1));
    let ends = starts.map(|start| (start, start + path[start..].bytes().take_while(u8::is_ascii_digit).count()));
    ends.into_iter().find(|(start, end)| end - start >= 4).map(|(_, end)| &path[..end])
}
