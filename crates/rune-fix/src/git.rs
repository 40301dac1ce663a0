//! What git says about files before they are changed.

use std::collections::BTreeSet;
use std::path::Path;
use std::process::{Command, Stdio};

/// The files below `root`, relative to it, that have changes which are not committed; files git does not know are not
/// among them. Empty without git, outside of a repository, and before its first commit. Runs nothing of the project's.
pub fn uncommitted(root: &Path) -> BTreeSet<String> {
    let options = ["-c", "core.fsmonitor=false", "--no-optional-locks", "diff"];
    let what = ["--name-only", "-z", "--relative", "--no-ext-diff", "--no-textconv", "--no-renames", "HEAD", "--", "."];
    let mut command = Command::new("git");
    command.arg("-C").arg(root).args(options).args(what).stdin(Stdio::null()).stderr(Stdio::null());
    let Ok(output) = command.output() else { return BTreeSet::new() };
    if !output.status.success() {
        return BTreeSet::new();
    }
    String::from_utf8_lossy(&output.stdout).split('\0').filter(|path| !path.is_empty()).map(str::to_owned).collect()
}
