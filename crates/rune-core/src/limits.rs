//! How long bodies are solved. What was used up is reported with the rule: a run is then not complete.

/// How long bodies are solved.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Limits {
    /// Steps that a body may take on one file.
    pub(crate) file_steps: u64,
    /// Steps that a body may take on joins, from what begins in one file.
    pub(crate) join_steps: u64,
    /// How often a recursive group of relations is run at most.
    pub(crate) rounds: usize,
}

impl Default for Limits {
    fn default() -> Self {
        Limits { file_steps: 2_000_000, join_steps: 40_000_000, rounds: 16 }
    }
}

#[cfg(test)]
mod tests {
    use rune_model::{SkipReason, Source};

    use super::*;
    use crate::{Found, check, compile};

    const FILES: &[(&str, &str)] = &[
        ("pack.toml", "[pack]\nname = \"house\"\nversion = \"1.0.0\"\nformat = 1\n[skills.style]\ntitle = \"Style\"\n"),
        (
            "relations.yaml",
            "code:\n  edge: { columns: { start: string, end: string }, about: An edge. }\n  path: { columns: { start: string, end: string }, about: A path. }\n",
        ),
        (
            "relations/edges.yaml",
            "id: edge\nlanguages: [ecma]\nmatch: |\n  find `edge(\"$A\", \"$B\")`\n  row edge(start: $A, end: $B)\nexamples: []\n---\nid: short-path\nmatch: |\n  find edge(start: $A, end: $B)\n  row path(start: $A, end: $B)\nexamples: []\n---\nid: long-path\nmatch: |\n  find path(start: $A, end: $B)\n  where edge(start: $B, end: $C)\n  row path(start: $A, end: $C)\nexamples: []\n",
        ),
        (
            "style/far.yaml",
            "id: far\nsummary: far\nseverity: low\nconfidence: low\nmatch: |\n  find path(start: \"n0\", end: $X)\n  where not $X is \"n1\"\nreport: \"{{X}}\"\nwhy: w\nexamples: [{ bad: f() }, { good: g() }]\n",
        ),
    ];

    /// What is found in a chain of so many edges.
    fn found(n_edges: usize, limits: Limits) -> Found {
        let files = FILES.iter().map(|(path, text)| ((*path).to_owned(), (*text).into())).collect();
        let pack = rune_pack::load_files("house", &files).pack.expect("the pack loads");
        let (program, problems) = compile(&pack);
        let mut program = program.unwrap_or_else(|| {
            panic!("the pack compiles: {:?}", problems.iter().map(|problem| &problem.message).collect::<Vec<_>>())
        });
        program.limits = limits;
        let text: String = (0..n_edges).map(|n| format!("edge(\"n{n}\", \"n{}\");\n", n + 1)).collect();
        check(&program, &[Source { path: "a.ts".into(), text: text.into() }])
    }

    fn unfinished(found: &Found) -> Vec<(&str, &str)> {
        found.unfinished.iter().map(|one| (one.rule.as_str(), one.reason.as_str())).collect()
    }

    /// How many ends the only finding lists.
    fn n_reached(found: &Found) -> usize {
        found.findings.iter().map(|finding| finding.message.split(", ").count()).sum()
    }

    #[test]
    fn a_run_within_its_limits_is_finished() {
        let found = found(10, Limits::default());
        assert_eq!((n_reached(&found), unfinished(&found)), (9, vec![]));
    }

    #[test]
    fn relations_that_still_grow_are_told() {
        let found = found(30, Limits::default());
        assert_eq!(unfinished(&found), [("long-path", "its rows still grew after 16 rounds")]);
        assert!(n_reached(&found) < 29, "{}", n_reached(&found));
    }

    #[test]
    fn joins_over_their_budget_are_told() {
        let found = found(10, Limits { join_steps: 5, ..Limits::default() });
        let told = unfinished(&found);
        assert!(told.contains(&("long-path", "its joins used up 5 steps")), "{told:?}");
        assert!(told.iter().all(|(_, reason)| reason.contains("5 steps")), "{told:?}");
    }

    #[test]
    fn rules_over_their_budget_are_told() {
        let found = found(3, Limits { join_steps: 1, ..Limits::default() });
        assert!(unfinished(&found).contains(&("house/far", "its joins used up 1 steps")), "{:?}", unfinished(&found));
    }

    #[test]
    fn files_over_their_budget_are_told() {
        let found = found(3, Limits { file_steps: 3, ..Limits::default() });
        let [skipped] = found.skipped.as_slice() else { panic!("{:?}", found.skipped) };
        assert_eq!((skipped.reason, skipped.detail.as_str()), (SkipReason::Budget, "rule edge"));
    }
}
