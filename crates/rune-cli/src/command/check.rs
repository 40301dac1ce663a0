//! `rune check`.

use std::io::Write;
use std::path::{Path, PathBuf};

use anyhow::{Result, bail};
use rune_model::{Problem, ProblemLevel};
use rune_pack::{OptionValue, Text};

use crate::config::{ConfigOptions, Packs};

/// Exit code for a configuration or a pack that cannot be used.
const BROKEN: u8 = 2;

/// Check that the configuration and its packs, or one pack, can be used: form, names, snippets, templates.
#[derive(Debug, clap::Args)]
pub(crate) struct Check {
    /// Folder or name of a pack; the configuration and its packs if not given, `backend` if there is none.
    pack: Option<String>,
    /// Show what holds for this file, and which lines of the configuration say so.
    #[arg(long, value_name = "FILE", conflicts_with = "pack")]
    show: Option<PathBuf>,
    #[command(flatten)]
    config: ConfigOptions,
}

impl Check {
    pub(crate) fn run(self) -> Result<u8> {
        if let Some(file) = &self.show {
            return self.show(file);
        }
        if let Some(pack) = &self.pack {
            let ready = crate::pack::load(pack)?;
            return report(&ready.problems, ready.pack.iter().zip(&ready.program));
        }
        let project = crate::project::read(&[])?;
        let config = self.config.read(&project.walked.root, &project.walked.sources)?;
        let named: &[String] = if config.names_packs() { &[] } else { &[crate::pack::BUILT_IN[0].to_owned()] };
        let files: Vec<String> = config.files.iter().map(|(_, config)| config.path.to_string()).collect();
        let (packs, problems) = config.packs_with_problems(named)?;
        let code = report(&problems, packs.items.iter().map(|(pack, program)| (pack, program)))?;
        if code == 0 && !files.is_empty() {
            writeln!(anstream::stdout(), "configuration: {}", files.join(", "))?;
        }
        Ok(code)
    }

    /// What holds for a file, each with the line that says so.
    fn show(&self, file: &Path) -> Result<u8> {
        if !file.is_file() {
            bail!("there is no file `{}`", file.display());
        }
        let project = crate::project::read(&[file.to_owned()])?;
        let config = self.config.read(&project.walked.root, &project.walked.sources)?;
        let packs = config.packs_or_built_in(None)?;
        let mut out = anstream::stdout();
        for (what, from) in shown(&packs, project.given_path()) {
            match from {
                Some(text) => writeln!(out, "{what:60}  {}:{}", text.path, text.line())?,
                None => writeln!(out, "{what}")?,
            }
        }
        Ok(0)
    }
}

fn report<'p>(problems: &[Problem], packs: impl Iterator<Item = (&'p rune_pack::Pack, &'p rune_core::Program)>) -> Result<u8> {
    let mut out = anstream::stdout();
    if !problems.is_empty() {
        write!(out, "{}", rune_report::problems(problems, &crate::pack::options()))?;
    }
    if problems.iter().any(|problem| problem.level == ProblemLevel::Error) {
        return Ok(BROKEN);
    }
    for (_, program) in packs {
        writeln!(out, "{}: {}, no errors", program.pack, super::counted(program.rules.len(), "rule"))?;
    }
    Ok(0)
}

/// What holds for the file at a path, with what says so.
fn shown<'p>(packs: &'p Packs, path: &str) -> Vec<(String, Option<&'p Text>)> {
    let files = packs.settings.files_of(path);
    let files = if files.is_empty() { "none".to_owned() } else { files.join(", ") };
    let mut lines = vec![(format!("configuration: {files}"), None)];
    if packs.settings.is_excluded(path) {
        lines.push(("excluded: it is not read unless it is named itself".to_owned(), None));
    }
    if let Some((severity, text)) = &packs.fail_on {
        lines.push((format!("fail-on = \"{severity}\""), Some(text)));
    }
    if let Some((is, text)) = &packs.includes_possible {
        lines.push((format!("include = [{}]", if *is { "\"possible\"" } else { "" }), Some(text)));
    }
    for (pack, program) in &packs.items {
        let source = packs.sources.iter().find(|source| source.alias.value == pack.name);
        lines.push((format!("pack {}", program.pack), source.map(|source| &source.alias)));
        let options = source.into_iter().flat_map(|source| &source.options);
        lines.extend(options.map(|set| (format!("  {} = {}", set.name.value, spelled(&set.value)), Some(&set.name))));
    }
    let before = lines.len();
    for rule in packs.rules() {
        let resolved = packs.settings.resolve(&rule.id, &rule.skill, path, false);
        lines.extend(resolved.level.map(|(level, text)| (format!("{} = \"{}\"", rule.id, level.as_str()), Some(text))));
        lines.extend(resolved.fix.map(|(limit, text)| (format!("{}: fix = \"{}\"", rule.id, limit.as_str()), Some(text))));
    }
    if lines.len() == before {
        lines.push(("all rules are as their packs have them".to_owned(), None));
    }
    lines
}

fn spelled(value: &OptionValue) -> String {
    match value {
        OptionValue::String(text) => format!("{text:?}"),
        OptionValue::Number(n) => n.to_string(),
        OptionValue::Bool(is) => is.to_string(),
        OptionValue::List(items) => format!("{items:?}"),
    }
}
