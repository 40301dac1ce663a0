//! `rune test`.

use std::io::Write;

use anyhow::{Result, bail};

/// Run the examples of a pack: bad must be found, fixed must come out exactly, good must stay silent.
#[derive(Debug, clap::Args)]
pub(crate) struct Test {
    /// Folder or name of the pack.
    #[arg(default_value = "backend")]
    pack: String,
    /// Only examples whose name holds this text.
    #[arg(long)]
    only: Option<String>,
}

impl Test {
    pub(crate) fn run(self) -> Result<u8> {
        let (pack, program, warnings) = crate::pack::program_with_warnings(&self.pack)?;
        let mut out = anstream::stdout();
        if !warnings.is_empty() {
            write!(anstream::stderr(), "{}", rune_report::problems(&warnings, &crate::pack::options()))?;
        }
        let results = rune_fix::test_pack(&pack, &program);
        let wanted = |name: &str| self.only.as_ref().is_none_or(|only| name.contains(only.as_str()));
        if let Some(only) = self.only.as_ref().filter(|_| !results.iter().any(|result| wanted(&result.name))) {
            bail!(
                "no example of the pack `{}` has `{only}` in its name; names are `rule/bad 1`, `rule/good 1`, `rule/rows 1`",
                self.pack
            );
        }
        let (mut passed, mut failed, mut open) = (0, 0, 0);
        for result in results.iter().filter(|result| wanted(&result.name)) {
            match result.verdict() {
                Ok(()) if result.open => open += 1,
                Ok(()) => passed += 1,
                Err(failure) => {
                    failed += 1;
                    writeln!(out, "FAILED {}: {failure}", result.name)?;
                }
            }
        }
        writeln!(out, "{passed} passed, {failed} failed, {open} open (known misses)")?;
        Ok(u8::from(failed > 0))
    }
}
