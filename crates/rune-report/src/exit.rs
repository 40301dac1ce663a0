//! The exit code of a run.

use rune_model::{Certainty, FixOutcome, Report, Severity};

/// 0 clean and complete; 1 a certain finding at or above `fail_on`; 3 no such finding, but something was not checked:
/// an unread file, a rule that was not solved to its end, no file or no rule at all, or a requested fix that was not written.
pub fn exit_code(report: &Report, fail_on: Severity) -> u8 {
    let fails = |f: &rune_model::Finding| f.certainty == Certainty::Certain && f.severity <= fail_on;
    if report.findings.iter().any(fails) {
        return 1;
    }
    let unread = report.skipped.iter().any(|skipped| skipped.reason.is_incomplete()) || !report.unfinished.is_empty();
    let unfixed = report.fixes.iter().any(|fix| matches!(fix.outcome, FixOutcome::Rejected { .. }));
    if unread || unfixed || report.n_files == 0 || report.rules.is_empty() { 3 } else { 0 }
}
