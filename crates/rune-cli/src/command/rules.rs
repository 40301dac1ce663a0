//! `rune rules`.

use std::io::Write;

use anyhow::Result;

use crate::config::ConfigOptions;

/// List the rules there are.
#[derive(Debug, clap::Args)]
pub(crate) struct Rules {
    /// Folder or name of the pack; those of the configuration if not given, `backend` if there is none.
    #[arg(long)]
    pack: Option<String>,
    #[command(flatten)]
    config: ConfigOptions,
}

impl Rules {
    pub(crate) fn run(self) -> Result<u8> {
        let packs = crate::config::here(&self.config)?.packs_or_built_in(self.pack.as_deref())?;
        let mut out = anstream::stdout();
        let width = packs.rules().map(|rule| rule.id.len()).max().unwrap_or(0);
        for rule in packs.rules() {
            writeln!(out, "{:width$}  {:8}  {:20}  {}", rule.id, rule.severity.as_str(), rule.skill, rule.summary)?;
        }
        Ok(0)
    }
}
