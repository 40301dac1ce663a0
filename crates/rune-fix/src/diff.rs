//! Unified diffs that `git apply` takes.

use std::collections::BTreeMap;

use rune_model::Source;
use similar::TextDiff;

use crate::Settled;

/// The change from `before` to what was settled, file by file, in order of path; empty if nothing changed.
pub fn diff(before: &[Source], settled: &Settled) -> String {
    let old: BTreeMap<&str, &str> = before.iter().map(|source| (source.path.as_ref(), source.text.as_ref())).collect();
    let new: BTreeMap<&str, &str> = settled.sources.iter().map(|source| (source.path.as_ref(), source.text.as_ref())).collect();
    new.iter().map(|(path, text)| file_diff(path, old.get(path).copied(), text)).collect()
}

/// The change of one file; `old` is `None` for a file that is new.
pub(crate) fn file_diff(path: &str, old: Option<&str>, new: &str) -> String {
    let before = old.map_or("/dev/null".to_owned(), |_| format!("a/{path}"));
    let after = format!("b/{path}");
    let diff = TextDiff::from_lines(old.unwrap_or(""), new);
    let body = diff.unified_diff().context_radius(3).header(&before, &after).to_string();
    if body.is_empty() {
        return body;
    }
    let mode = if old.is_none() { "new file mode 100644\n" } else { "" };
    format!("diff --git a/{path} b/{path}\n{mode}{body}")
}
