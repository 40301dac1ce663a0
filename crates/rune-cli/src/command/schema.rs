//! `rune schema`.

use std::io::Write;

use anyhow::Result;

/// Print the JSON schema of rule files, pack.toml or rune.toml.
#[derive(Debug, clap::Args)]
pub(crate) struct Schema {
    /// Which schema.
    #[arg(value_parser = ["rule", "pack", "config"])]
    what: String,
}

impl Schema {
    pub(crate) fn run(self) -> Result<u8> {
        let schema = match self.what.as_str() {
            "rule" => rune_pack::rule_schema(),
            "pack" => rune_pack::pack_schema(),
            _ => rune_pack::config_schema(),
        };
        writeln!(anstream::stdout(), "{schema:#}")?;
        Ok(0)
    }
}
