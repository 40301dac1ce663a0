//! `rune try`.

use std::io::Write;
use std::path::PathBuf;

use anyhow::{Result, bail};
use rune_model::{LineIndex, Place, Source};
use rune_syntax::Language;

use crate::project::Project;

/// Exit code for a pattern that finds nothing.
const NOTHING: u8 = 1;

/// Show what a pattern finds in files, and what its captures are bound to.
#[derive(Debug, clap::Args)]
pub(crate) struct Try {
    /// The pattern as it stands behind `match:`, e.g. 'find `eval($CODE)`'.
    pattern: String,
    /// Files and folders.
    #[arg(required = true)]
    paths: Vec<PathBuf>,
    /// Language of its code: ecma, python, prisma, json, toml, yaml, graphql, env, sql or text; that of the first file if not given.
    #[arg(short, long)]
    language: Option<String>,
    /// Folder or name of a pack whose relations and options the pattern may use.
    #[arg(long)]
    pack: Option<String>,
}

impl Try {
    pub(crate) fn run(self) -> Result<u8> {
        let pack = self.pack.as_deref().map(crate::pack::program).transpose()?.map(|(pack, _)| pack);
        let project = crate::project::read(&self.paths)?;
        let sources = &project.walked.sources;
        let first = sources
            .iter()
            .find(|source| project.is_given(&source.path))
            .and_then(|source| Language::of_path(&source.path))
            .map(Language::family);
        let family = match (self.language.as_deref(), first) {
            (Some("ts" | "js" | "tsx" | "typescript" | "javascript"), _) => "ecma",
            (Some("py"), _) => "python",
            (Some(name), _) => name,
            (None, Some(family)) => family,
            (None, None) => bail!("there is no file here that rune reads"),
        };
        if Language::of_family(family).is_empty() {
            bail!(
                "there is no language `{family}`; languages are ecma, python, prisma, json, toml, yaml, graphql, env, sql, text"
            );
        }
        let attempts = match rune_core::attempt(&self.pattern, &[family.to_owned()], sources, pack.as_ref()) {
            Ok(attempts) => attempts.into_iter().filter(|attempt| project.is_given(&attempt.place.path)).collect::<Vec<_>>(),
            Err(problems) => {
                write!(anstream::stderr(), "{}", rune_report::problems(&problems, &crate::pack::options()))?;
                bail!("the pattern has errors, nothing was looked for");
            }
        };
        let mut out = anstream::stdout();
        for attempt in &attempts {
            let possible = if attempt.possible { "  (possible)" } else { "" };
            writeln!(out, "{}  {}{possible}", at(&project, &attempt.place), code(&attempt.place, sources))?;
            for (name, text, place) in &attempt.captures {
                let place = place.as_ref().map_or(String::new(), |place| format!("  {}", at(&project, place)));
                writeln!(out, "  ${name} = {}{place}", super::short(text))?;
            }
        }
        writeln!(
            out,
            "{} in {}",
            super::counted_as(attempts.len(), "match", "matches"),
            super::counted(project.n_given(), "file")
        )?;
        Ok(if attempts.is_empty() { NOTHING } else { 0 })
    }
}

fn text_of<'s>(place: &Place, sources: &'s [Source]) -> &'s str {
    sources.iter().find(|source| source.path == place.path).map_or("", |source| source.text.as_ref())
}

fn at(project: &Project, place: &Place) -> String {
    let text = text_of(place, &project.walked.sources);
    let (line, column) = LineIndex::new(text).line_column(text, place.span.start);
    format!("{}:{line}:{column}", project.shown(&place.path))
}

fn code(place: &Place, sources: &[Source]) -> String {
    super::short(place.span.of(text_of(place, sources)))
}
