//! Unified diffs that `git apply` takes.

use std::collections::BTreeMap;
use std::sync::Arc;

use rune_model::{FileChange, Finding, Operation, Source};
use similar::TextDiff;

use crate::Settled;
use crate::batch::{Batch, State, Trees};
use crate::edit::{File, change};
use crate::settle::changes_between;

/// The change from `before` to what was settled, file by file, in order of path; empty if nothing changed. `shown` says
/// how a path is written.
pub fn diff(before: &[Source], settled: &Settled, shown: &dyn Fn(&str) -> Arc<str>) -> String {
    let old: BTreeMap<&str, &str> = before.iter().map(|source| (source.path.as_ref(), source.text.as_ref())).collect();
    let one = |source: &Source| file_diff(&shown(&source.path), old.get(source.path.as_ref()).copied(), &source.text);
    settled.sources.iter().map(one).collect()
}

/// The diff of one finding's fix, applied alone; the reason if it cannot be made.
pub fn preview(sources: &[Source], finding: &Finding) -> Result<String, String> {
    let state: State = sources.iter().map(|source| (source.path.clone(), source.clone())).collect();
    let mut batch = Batch::default();
    batch.add(&state, &Trees::default(), finding, None)?;
    Ok(changes_between(&state, &batch.on(&state)))
}

/// What the fix of a finding changes, file by file, as replaced spans; `None` if it has none or it cannot be made.
pub fn file_changes(sources: &BTreeMap<&str, &Source>, finding: &Finding) -> Option<Vec<FileChange>> {
    let fix = finding.fix.as_ref()?;
    let mut edits: BTreeMap<Arc<str>, Vec<&rune_model::Edit>> = BTreeMap::new();
    let mut changes = Vec::new();
    for edit in &fix.edits {
        match &edit.operation {
            Operation::CreateFile { path, text } => {
                changes.push(FileChange { path: path.as_str().into(), changes: vec![change(0, 0, text.as_str())] });
            }
            _ => edits.entry(edit.at.place.path.clone()).or_default().push(edit),
        }
    }
    for (path, edits) in edits {
        let file = File::new(sources.get(path.as_ref())?)?;
        changes.push(FileChange { changes: file.changes(&edits).ok()?, path });
    }
    Some(changes)
}

/// The change of one file; `old` is `None` for a file that is new.
pub(crate) fn file_diff(path: &str, old: Option<&str>, new: &str) -> String {
    let before = old.map_or("/dev/null".to_owned(), |_| quoted("a/", path));
    let after = quoted("b/", path);
    let diff = TextDiff::from_lines(old.unwrap_or(""), new);
    let body = diff.unified_diff().context_radius(3).header(&before, &after).to_string();
    if body.is_empty() {
        return body;
    }
    let mode = if old.is_none() { "new file mode 100644\n" } else { "" };
    format!("diff --git {} {after}\n{mode}{body}", quoted("a/", path))
}

/// A path as git writes it: in quotes, with escapes, if it holds what would break the line.
fn quoted(side: &str, path: &str) -> String {
    if !path.contains(|c: char| c.is_control() || c == '"' || c == '\\') {
        return format!("{side}{path}");
    }
    let escaped: String = path
        .chars()
        .map(|c| match c {
            '"' | '\\' => format!("\\{c}"),
            c if c.is_control() => c.to_string().bytes().map(|byte| format!("\\{byte:03o}")).collect(),
            c => c.to_string(),
        })
        .collect();
    format!("\"{side}{escaped}\"")
}
