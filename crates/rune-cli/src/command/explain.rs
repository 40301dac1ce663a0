//! `rune explain`.

use std::io::Write;

use anyhow::{Result, bail};

use crate::config::ConfigOptions;

/// Show what a rule finds, why it hurts and how it is mended.
#[derive(Debug, clap::Args)]
pub(crate) struct Explain {
    /// The rule, with or without the pack's name before it.
    rule: String,
    /// Folder or name of the pack; those of the configuration if not given, `backend` if there is none.
    #[arg(long)]
    pack: Option<String>,
    #[command(flatten)]
    config: ConfigOptions,
}

impl Explain {
    pub(crate) fn run(self) -> Result<u8> {
        let packs = crate::config::here(&self.config)?.packs_or_built_in(self.pack.as_deref())?;
        let found = packs.rules().find(|rule| rule.id == self.rule || rule.id.rsplit('/').next() == Some(self.rule.as_str()));
        let Some(rule) = found else {
            let pack = self.pack.as_ref().map_or(String::new(), |pack| format!(" --pack {pack}"));
            bail!("{} has no rule `{}`; `rune rules{pack}` lists them", packs.names(), self.rule);
        };
        write!(anstream::stdout(), "{}", rune_report::explain(rule))?;
        Ok(0)
    }
}
