//! `rune explain`.

use std::io::Write;

use anyhow::{Result, bail};

/// Show what a rule finds, why it hurts and how it is mended.
#[derive(Debug, clap::Args)]
pub(crate) struct Explain {
    /// The rule, with or without the pack's name before it.
    rule: String,
    /// Folder or name of the pack.
    #[arg(long, default_value = "backend")]
    pack: String,
}

impl Explain {
    pub(crate) fn run(self) -> Result<u8> {
        let (_, program) = crate::pack::program(&self.pack)?;
        let found =
            program.rules.iter().find(|rule| rule.id == self.rule || rule.id.rsplit('/').next() == Some(self.rule.as_str()));
        let Some(rule) = found else {
            bail!("the pack `{}` has no rule `{}`; `rune rules --pack {}` lists them", self.pack, self.rule, self.pack);
        };
        write!(anstream::stdout(), "{}", rune_report::explain(rule))?;
        Ok(0)
    }
}
