//! `rune ast`.

use std::io::Write;
use std::path::PathBuf;

use anyhow::{Context, Result};
use rune_syntax::{Language, parse};

/// Show the syntax tree of a file as patterns see it.
#[derive(Debug, clap::Args)]
pub(crate) struct Ast {
    /// The file.
    file: PathBuf,
}

impl Ast {
    #[allow(clippy::disallowed_methods)]
    pub(crate) fn run(self) -> Result<u8> {
        let shown = self.file.display().to_string();
        let text = std::fs::read_to_string(&self.file).with_context(|| shown.clone())?;
        let language = Language::of_path(&shown).with_context(|| format!("{shown}: rune reads no files of this kind"))?;
        let ast = parse(&text, language);
        let mut out = anstream::stdout();
        for node in 0..ast.len() {
            let depth = ast.ancestors(node).count();
            let field = ast.field(node).name();
            let field = if field.is_empty() { String::new() } else { format!("{field}: ") };
            let is_leaf = ast.children(node).next().is_none();
            let code = if is_leaf { format!(" {:?}", ast.text(node, &text)) } else { String::new() };
            writeln!(out, "{}{field}{}{code}", "  ".repeat(depth), ast.kind(node).name())?;
        }
        Ok(0)
    }
}
