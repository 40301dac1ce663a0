//! `rune check`.

use std::io::Write;

use anyhow::Result;
use rune_model::ProblemLevel;

/// Exit code for a pack that cannot be used.
const BROKEN: u8 = 2;

/// Check that a pack can be used: form, names, snippets, templates.
#[derive(Debug, clap::Args)]
pub(crate) struct Check {
    /// Folder or name of the pack.
    #[arg(default_value = "backend")]
    pack: String,
}

impl Check {
    pub(crate) fn run(self) -> Result<u8> {
        let ready = crate::pack::load(&self.pack)?;
        let mut out = anstream::stdout();
        if !ready.problems.is_empty() {
            write!(out, "{}", rune_report::problems(&ready.problems, &crate::pack::options()))?;
        }
        let errors = ready.problems.iter().any(|problem| problem.level == ProblemLevel::Error);
        if let (Some(program), false) = (&ready.program, errors) {
            writeln!(out, "{}: {}, no errors", program.pack, super::counted(program.rules.len(), "rule"))?;
        }
        Ok(if errors { BROKEN } else { 0 })
    }
}
