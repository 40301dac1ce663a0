//! `rune why`.

use std::io::Write;
use std::path::PathBuf;

use anyhow::{Context, Result, bail};
use rune_model::Verdict;
use rune_syntax::Language;

use crate::config::ConfigOptions;
use crate::project::Project;

/// Exit code for a rule that does not hold at the line.
const NOTHING: u8 = 1;

/// Show clause by clause why a rule finds something at a line, or does not.
#[derive(Debug, clap::Args)]
pub(crate) struct Why {
    /// The line, as `src/app.ts:12`.
    place: String,
    /// A rule, a relation rule, or a relation: then all rules that give its rows.
    rule: String,
    /// Folder or name of the pack; those of the configuration if not given, `backend` if there is none.
    #[arg(long)]
    pack: Option<String>,
    #[command(flatten)]
    config: ConfigOptions,
    /// Every place of the line, and every rule of a relation; not only those that got furthest.
    #[arg(long)]
    all: bool,
    /// As lines for people, or everything as JSON.
    #[arg(long, value_enum, default_value_t = Format::Text)]
    format: Format,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, clap::ValueEnum)]
enum Format {
    Text,
    Json,
}

impl Why {
    pub(crate) fn run(self) -> Result<u8> {
        let (file, line) = self.line()?;
        let path = PathBuf::from(file);
        if !path.is_file() {
            bail!("there is no file `{file}`");
        }
        if Language::of_path(file).is_none() {
            bail!("`{file}`: rune reads no files of this kind");
        }
        let mut project = crate::project::read(&[path])?;
        let inner = self.file(&project, file)?;
        let config = self.config.read(&project.walked.root, &project.walked.sources)?;
        let packs = config.packs_or_built_in(self.pack.as_deref())?;
        project.exclude(&packs.settings);
        // Of the pack that the name begins with, if it does; else the first that knows it.
        let of_name = |program: &&rune_core::Program| program.pack.split(' ').next() == self.rule.split('/').next();
        let programs = || packs.items.iter().map(|(_, program)| program);
        let programs = programs().filter(of_name).chain(programs().filter(|program| !of_name(program)));
        let asked = |program| rune_core::why(program, &project.walked.sources, &inner, line, &self.rule);
        let mut answers = programs.map(asked);
        let first = answers.next().unwrap_or_else(|| Err("no pack has a rule".to_owned()));
        let why = match first.or_else(|fault| answers.find_map(Result::ok).ok_or(fault)) {
            Ok(why) => why,
            Err(fault) => bail!("{}", fault.replace(&format!("`{inner}`"), &format!("`{file}`"))),
        };
        let shown = |path: &str| project.shown(path);
        let texts = rune_report::WhyTexts::new(&project.walked.sources, &shown);
        let text = match self.format {
            Format::Text => rune_report::why_text(&why, &texts, self.all),
            Format::Json => rune_report::why_json(&why, &texts),
        };
        write!(anstream::stdout(), "{text}")?;
        let holds = why.rules.iter().any(|rule| rule.verdict == Verdict::Finds);
        Ok(if holds { 0 } else { NOTHING })
    }

    fn line(&self) -> Result<(&str, u32)> {
        let usage = || format!("`{}` names no line: write FILE:LINE", self.place);
        // `src/app.ts:12:5`, as reports write places, is that line too.
        let (file, last) = self.place.rsplit_once(':').with_context(usage)?;
        let last: u32 = last.parse().with_context(usage)?;
        match file.rsplit_once(':').map(|(file, line)| (file, line.parse())) {
            Some((file, Ok(line))) => Ok((file, line)),
            _ => Ok((file, last)),
        }
    }

    /// The file's path in the project; an error if it was not read.
    fn file(&self, project: &Project, file: &str) -> Result<String> {
        if let Some(skipped) = project.walked.skipped.iter().find(|skipped| project.is_given(&skipped.path)) {
            bail!("`{file}` was not read: {}", [skipped.reason.as_str(), &skipped.detail].join(" ").trim());
        }
        let found = project.walked.sources.iter().find(|source| project.is_given(&source.path));
        match found {
            Some(source) => Ok(source.path.to_string()),
            None => bail!("`{file}` was not read"),
        }
    }
}
