//! Which fixes a person wants: each shown as a diff, then a question.

use std::collections::BTreeSet;
use std::io::{BufRead, Write};

use anyhow::Result;
use rune_fix::SettleOptions;
use rune_model::Finding;

use crate::project::Project;

/// The fixes that were said yes to.
#[derive(Debug, Default)]
pub(crate) struct Answers {
    /// Fingerprints of what was said yes to.
    fixes: BTreeSet<String>,
    /// Fingerprints of what was said no to.
    declined: BTreeSet<String>,
    /// Rules all of whose fixes are wanted, but for those declined.
    rules: BTreeSet<String>,
}

impl Answers {
    pub(crate) fn has(&self, finding: &Finding) -> bool {
        let by_rule = self.rules.contains(&finding.rule) && !self.declined.contains(&finding.fingerprint);
        by_rule || self.fixes.contains(&finding.fingerprint)
    }
}

/// Asks for each fix that `options` would apply. The end of the input is "quit".
pub(crate) fn ask(project: &Project, findings: &[Finding], options: &SettleOptions<'_>) -> Result<Answers> {
    let mut answers = Answers::default();
    let mut lines = std::io::stdin().lock().lines();
    let mut out = anstream::stderr();
    for finding in findings.iter().filter(|finding| options.wants(finding)) {
        if answers.rules.contains(&finding.rule) {
            continue;
        }
        let Ok(diff) = rune_fix::preview(&project.walked.sources, finding) else { continue };
        let title = finding.fix.as_ref().map_or("", |fix| fix.title.as_str());
        let shown = rune_report::visible(&format!("{}[{}]: {}\n{diff}", finding.severity, finding.rule, finding.message));
        writeln!(out, "{shown}")?;
        loop {
            write!(out, "{}? [y]es, [n]o, [a]ll of this rule, [q]uit: ", rune_report::visible(title))?;
            out.flush()?;
            let Some(line) = lines.next() else { return Ok(answers) };
            match line?.trim().to_ascii_lowercase().as_str() {
                "y" | "yes" => drop(answers.fixes.insert(finding.fingerprint.clone())),
                "n" | "no" => drop(answers.declined.insert(finding.fingerprint.clone())),
                "a" | "all" => drop(answers.rules.insert(finding.rule.clone())),
                "q" | "quit" => return Ok(answers),
                _ => continue,
            }
            break;
        }
    }
    Ok(answers)
}
