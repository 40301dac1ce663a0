//! Fixes applied together, in memory: which texts they give. Trees of the files they touch are parsed once.

use std::cell::RefCell;
use std::collections::BTreeMap;
use std::rc::Rc;
use std::sync::Arc;

use rune_model::{Edit, Finding, Operation, Source};

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

/// Fixes that do not touch each other.
#[derive(Default)]
pub(crate) struct Batch {
    pub(crate) findings: Vec<Finding>,
    edits: BTreeMap<Arc<str>, Vec<Edit>>,
    /// What the changed and new files say then.
    pub(crate) sources: BTreeMap<Arc<str>, Source>,
}

impl Batch {
    /// Adds the fix of `finding`, or says why it cannot be; then nothing of it is added.
    pub(crate) fn add(&mut self, state: &State, trees: &Trees, finding: &Finding) -> Result<(), String> {
        let Some(fix) = &finding.fix else { return Ok(()) };
        let mut edits: BTreeMap<Arc<str>, Vec<Edit>> = BTreeMap::new();
        let mut sources: Vec<Source> = Vec::new();
        for edit in &fix.edits {
            if let Operation::CreateFile { path, text } = &edit.operation {
                sources.push(self.created(state, path, text)?);
                continue;
            }
            let path = &edit.at.place.path;
            let of_file = edits.entry(path.clone()).or_insert_with(|| self.edits.get(path).cloned().unwrap_or_default());
            if !of_file.contains(edit) {
                of_file.push(edit.clone());
            }
        }
        for (path, edits) in &edits {
            if let Some(reason) = refusal(path) {
                return Err(format!("`{path}`: {reason}"));
            }
            let file = trees.get(state, path).ok_or_else(|| format!("`{path}` is not among the files read"))?;
            let changes = file.changes(&edits.iter().collect::<Vec<_>>()).map_err(|error| error.to_string())?;
            sources.push(Source { path: path.clone(), text: file.after(&changes).into() });
        }
        self.edits.extend(edits);
        self.sources.extend(sources.into_iter().map(|source| (source.path.clone(), source)));
        self.findings.push(finding.clone());
        Ok(())
    }

    /// Whether a fix of the batch makes a file that the fix of `finding` would make too, or one with its number.
    pub(crate) fn makes_a_file_of(&self, finding: &Finding) -> bool {
        let mut edits = finding.fix.iter().flat_map(|fix| &fix.edits);
        edits.any(|edit| {
            let Operation::CreateFile { path, .. } = &edit.operation else { return false };
            self.sources.contains_key(path.as_str()) || self.has_number_of(path)
        })
    }

    /// Whether a file of the batch has the number of another path, as two new migrations would that each took the next one.
    fn has_number_of(&self, path: &str) -> bool {
        let number = numbered(path);
        number.is_some() && self.sources.keys().any(|other| other.as_ref() != path && numbered(other) == number)
    }

    fn created(&self, state: &State, path: &str, text: &str) -> Result<Source, String> {
        if let Some(reason) = refusal(path) {
            return Err(format!("`{path}`: {reason}"));
        }
        // Where case does not tell files apart, the other one would be replaced.
        let same = |other: &Arc<str>| other.eq_ignore_ascii_case(path);
        let known = self.sources.get(path).is_some_and(|source| source.text.as_ref() == text && !state.contains_key(path));
        if !known && state.keys().chain(self.sources.keys()).any(same) {
            return Err(format!("`{path}` exists already"));
        }
        if !known && self.has_number_of(path) {
            return Err(format!("another new file has the number of `{path}`"));
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

/// A path up to the end of the number, of four digits at least, that its name or a folder of it begins with.
fn numbered(path: &str) -> Option<&str> {
    let starts = std::iter::once(0).chain(path.match_indices('/').map(|(at, _)| at + 1));
    let ends = starts.map(|start| (start, start + path[start..].bytes().take_while(u8::is_ascii_digit).count()));
    ends.into_iter().find(|(start, end)| end - start >= 4).map(|(_, end)| &path[..end])
}
