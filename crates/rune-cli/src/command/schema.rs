//! `rune schema`.

use std::io::Write;

use anyhow::Result;

/// Print the JSON schema of rule files or pack.toml.
#[derive(Debug, clap::Args)]
pub(crate) struct Schema {
    /// Which schema.
    #[arg(value_parser = ["rule", "pack"])]
    what: String,
}

impl Schema {
    pub(crate) fn run(self) -> Result<u8> {
        let schema = if self.what == "rule" { rune_pack::rule_schema() } else { rune_pack::pack_schema() };
        writeln!(anstream::stdout(), "{schema:#}")?;
        Ok(0)
    }
}
