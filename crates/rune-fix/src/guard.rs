//! Where rune never writes: what runs on a commit or in CI, what belongs to git, what is not below the root.

/// Folders that are not written to, wherever they stand.
const FOLDERS: &[&str] = &[
    ".git",
    ".github",
    ".gitlab",
    ".gitea",
    ".forgejo",
    ".circleci",
    ".buildkite",
    ".woodpecker",
    ".azure-pipelines",
    ".husky",
    ".githooks",
    ".rune",
    "node_modules",
];

/// Files that are not written, wherever they stand.
const FILES: &[&str] = &[
    ".gitlab-ci.yml",
    ".travis.yml",
    ".drone.yml",
    ".pre-commit-config.yaml",
    "azure-pipelines.yml",
    "bitbucket-pipelines.yml",
    "jenkinsfile",
    "lefthook.yml",
];

/// Names that some system keeps for devices.
const DEVICES: &[&str] = &["con", "prn", "aux", "nul", "com1", "com2", "com3", "com4", "lpt1", "lpt2", "lpt3"];

/// Why `path`, relative to the root of the run, is not written to; `None` if it may be.
pub(crate) fn refusal(path: &str) -> Option<&'static str> {
    let lower = path.to_ascii_lowercase();
    let mut parts = lower.split(['/', '\\']).peekable();
    if path.is_empty() || path.starts_with('/') || path.contains(['\0', '\n', ':']) {
        return Some("this is no path below the root");
    }
    while let Some(part) = parts.next() {
        let is_last = parts.peek().is_none();
        if part.is_empty() || part == "." || part == ".." {
            return Some("its path leaves the root");
        }
        if FOLDERS.contains(&part) || (is_last && FILES.contains(&part)) || (is_last && part.starts_with(".git")) {
            return Some("rune does not write to git's, hooks' and CI's files");
        }
        if DEVICES.contains(&part.split('.').next().unwrap_or(part)) {
            return Some("some systems keep this name for a device");
        }
    }
    None
}

#[cfg(test)]
mod tests {
    use super::refusal;

    #[test]
    fn only_plain_files_below_the_root_are_written() {
        for path in ["src/a.ts", "migrations/0001_x.sql", "git/hooks.ts", "a/.eslintrc.json"] {
            assert_eq!(refusal(path), None, "{path}");
        }
        for path in [
            "",
            "/etc/x.ts",
            "../x.ts",
            "a/../../x.ts",
            "a//x.ts",
            ".git/hooks/pre-commit",
            "a/.GIT/config",
            ".github/workflows/x.yml",
            ".husky/pre-commit",
            ".gitlab-ci.yml",
            ".gitmodules",
            "src/nul.ts",
            "C:/x.ts",
            "a\\..\\x.ts",
            "a\nb.ts",
        ] {
            assert!(refusal(path).is_some(), "{path}");
        }
    }
}
