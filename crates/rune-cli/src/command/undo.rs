//! `rune undo`.

use std::io::Write;

use anyhow::{Context, Result, anyhow, bail};

/// Give the files that the last `rune run --fix` changed their old texts back.
#[derive(Debug, clap::Args)]
pub(crate) struct Undo {}

impl Undo {
    pub(crate) fn run(self) -> Result<u8> {
        let here = std::env::current_dir().and_then(|here| here.canonicalize()).context("the current folder cannot be read")?;
        let has_run = |folder: &&std::path::Path| folder.join(rune_fix::FOLDER).join("undo").is_dir();
        let Some(root) = here.ancestors().find(has_run) else {
            bail!("there is no run to undo: no folder `.rune/undo` here or above");
        };
        let results = rune_fix::undo(root).map_err(|reason| anyhow!(reason))?;
        let mut n_refused = 0;
        for result in &results {
            if let Some(reason) = &result.refused {
                n_refused += 1;
                writeln!(anstream::stderr(), "error: `{}` was not restored: {reason}", rune_report::visible(&result.path))?;
            }
        }
        writeln!(anstream::stdout(), "Restored {} of {} files.", results.len() - n_refused, results.len())?;
        Ok(if n_refused > 0 { 2 } else { 0 })
    }
}
