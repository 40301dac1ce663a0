//! `rune rules`.

use std::io::Write;

use anyhow::Result;

/// List the rules of a pack.
#[derive(Debug, clap::Args)]
pub(crate) struct Rules {
    /// Folder or name of the pack.
    #[arg(long, default_value = "backend")]
    pack: String,
}

impl Rules {
    pub(crate) fn run(self) -> Result<u8> {
        let (_, program) = crate::pack::program(&self.pack)?;
        let mut out = anstream::stdout();
        let width = program.rules.iter().map(|rule| rule.id.len()).max().unwrap_or(0);
        for rule in &program.rules {
            writeln!(out, "{:width$}  {:8}  {:20}  {}", rule.id, rule.severity.as_str(), rule.skill, rule.summary)?;
        }
        Ok(0)
    }
}
