//! The configuration of a project: which files hold it, which packs they name, and what they set.

use std::collections::BTreeMap;
use std::io::Write;
use std::path::{Path, PathBuf};

use anyhow::{Context, Result, bail};
use rune_core::{Program, Reach, Settings};
use rune_model::{Problem, ProblemLevel, RuleInfo, Severity, Source};
use rune_pack::{CONFIG_FILES, Config, Pack, PackSource, Text, read_config};

use crate::pack::{BUILT_IN, Ready};

/// The largest file that is read, in bytes.
const MAX_FILE: u64 = 1 << 20;

/// How many files may build on one another.
const MAX_EXTENDS: usize = 8;

/// Which configuration counts.
#[derive(Debug, Default, clap::Args)]
pub(crate) struct ConfigOptions {
    /// The configuration file, in place of those of the project.
    #[arg(long, value_name = "FILE", conflicts_with = "no_config")]
    config: Option<PathBuf>,
    /// Without the configuration files of the project.
    #[arg(long)]
    no_config: bool,
}

/// The configuration files of a project.
#[derive(Debug, Default)]
pub(crate) struct Configuration {
    /// From the outermost to the innermost, each behind those it extends.
    pub(crate) files: Vec<(Reach, Config)>,
    problems: Vec<Problem>,
}

/// Packs ready to run, with what the project sets.
#[derive(Debug)]
pub(crate) struct Packs {
    /// Each pack and its program.
    pub(crate) items: Vec<(Pack, Program)>,
    /// What is other in this project.
    pub(crate) settings: Settings,
    /// From which severity on findings make a run fail.
    pub(crate) fail_on: Option<(Severity, Text)>,
    /// Whether possible findings are reported.
    pub(crate) includes_possible: Option<(bool, Text)>,
    /// Where the configuration names packs, and sets their options.
    pub(crate) sources: Vec<PackSource>,
    /// The pack as hints must name it.
    pub(crate) hint: Option<String>,
}

impl ConfigOptions {
    /// The configuration for a project.
    pub(crate) fn read(&self, root: &Path, sources: &[Source]) -> Result<Configuration> {
        let mut found = Configuration::default();
        if let Some(file) = &self.config {
            let file = file.canonicalize().with_context(|| format!("`{}` cannot be read", file.display()))?;
            let Some(config) = found.file(&file, root)? else {
                bail!("`{}` configures nothing: `rune new config` shows what it may say", file.display());
            };
            found.add(Reach::Above(String::new()), config)?;
        } else if !self.no_config {
            found.read(root, sources)?;
        }
        Ok(found)
    }
}

/// The configuration of the project that the current folder lies in.
pub(crate) fn here(options: &ConfigOptions) -> Result<Configuration> {
    let here = std::env::current_dir().context("the current folder cannot be read")?;
    options.read(&rune_core::project_root(&here), &[])
}

impl Configuration {
    fn read(&mut self, root: &Path, sources: &[Source]) -> Result<()> {
        // Up to the folder of the repository; outside of one, the project alone.
        let repository = root.ancestors().position(|folder| folder.join(".git").exists()).unwrap_or(0);
        let mut above = Vec::new();
        for folder in root.ancestors().take(repository + 1) {
            let Some(config) = self.of_folder(folder)? else { continue };
            let is_root = config.is_root;
            above.push((folder, config));
            if is_root {
                break;
            }
        }
        for (folder, config) in above.into_iter().rev() {
            let way = root.strip_prefix(folder).unwrap_or(Path::new("")).to_string_lossy().replace('\\', "/");
            self.add(Reach::Above(if way.is_empty() { way } else { format!("{way}/") }), config)?;
        }
        self.below(root, sources)
    }

    /// The files below the root, which were read as files of the project.
    fn below(&mut self, root: &Path, sources: &[Source]) -> Result<()> {
        let mut by_folder: BTreeMap<String, Config> = BTreeMap::new();
        for source in sources {
            let Some((folder, name)) = source.path.rsplit_once('/') else { continue };
            if !CONFIG_FILES.contains(&name) {
                continue;
            }
            let path = root.join(source.path.as_ref());
            let name = shown(&path);
            // One that others build on is no configuration of its folder.
            if self.files.iter().any(|(_, config)| config.path.as_ref() == name) {
                continue;
            }
            let (config, problems) = read_config(&name, &root.join(folder), &source.text);
            self.problems.extend(problems);
            let Some(config) = config else { continue };
            if let Some(pack) = config.packs.first() {
                let message = "packs are named at the root of the project".to_owned();
                let help = format!("move [packs.{}] to the `rune.toml` there; here set `rules`", pack.alias.value);
                self.problems.push(pack.alias.problem("packs-below", message, help));
            }
            if let Some(other) = by_folder.insert(format!("{folder}/"), config) {
                bail!("`{}` and `{name}` both configure rune: keep one of them", other.path);
            }
        }
        by_folder.into_iter().try_for_each(|(folder, config)| self.add(Reach::Below(folder), config))
    }

    /// The configuration that lies in a folder.
    fn of_folder(&mut self, folder: &Path) -> Result<Option<Config>> {
        let mut found: Option<Config> = None;
        for name in CONFIG_FILES {
            let path = folder.join(name);
            if !path.is_file() {
                continue;
            }
            let Some(config) = self.file(&path, folder)? else { continue };
            if let Some(other) = found {
                bail!("`{}` and `{}` both configure rune: keep one of them", other.path, config.path);
            }
            found = Some(config);
        }
        Ok(found)
    }

    /// What a file says, with globs that start at `folder`.
    #[allow(clippy::disallowed_methods)]
    fn file(&mut self, path: &Path, folder: &Path) -> Result<Option<Config>> {
        let name = shown(path);
        let size = std::fs::metadata(path).with_context(|| format!("`{name}` cannot be read"))?.len();
        if size > MAX_FILE {
            bail!("`{name}` is too large for a configuration: {size} bytes");
        }
        let text = std::fs::read_to_string(path).with_context(|| format!("`{name}` cannot be read"))?;
        let own = path.parent().unwrap_or(folder);
        let (config, problems) = read_config(&name, own, &text);
        self.problems.extend(problems);
        Ok(config)
    }

    /// Adds a file behind those that it extends.
    fn add(&mut self, reach: Reach, config: Config) -> Result<()> {
        let mut chain = vec![config];
        while let Some(last) = chain.last()
            && let Some(extends) = last.extends.clone()
        {
            let path = last.folder.join(&extends.value);
            let fault =
                |message: String| extends.problem("extends", message, "name a file, from the folder of this one".to_owned());
            let Ok(path) = path.canonicalize() else {
                self.problems.push(fault(format!("there is no file `{}`", extends.value)));
                break;
            };
            if chain.len() >= MAX_EXTENDS || chain.iter().any(|config| *config.path == shown(&path)) {
                self.problems
                    .push(fault(format!("`{}` leads back to this file, or over more than {MAX_EXTENDS}", extends.value)));
                break;
            }
            let Some(base) = self.file(&path, &path)? else {
                self.problems.push(fault(format!("`{}` configures nothing", extends.value)));
                break;
            };
            chain.push(base);
        }
        self.files.extend(chain.into_iter().rev().map(|config| (reach.clone(), config)));
        Ok(())
    }

    /// The packs that the files name, the innermost first for each name.
    fn sources(&self) -> Vec<&PackSource> {
        let mut sources: Vec<&PackSource> = Vec::new();
        for source in self.files.iter().rev().flat_map(|(_, config)| &config.packs) {
            if !sources.iter().any(|other| other.alias.value == source.alias.value) {
                sources.push(source);
            }
        }
        sources.sort_by(|a, b| a.alias.value.cmp(&b.alias.value));
        sources
    }

    /// The packs called `named`, or those of the configuration if none is; problems are printed and end the command.
    pub(crate) fn packs(self, named: &[String]) -> Result<Packs> {
        if named.is_empty() && self.problems.is_empty() && !self.names_packs() {
            bail!("no pack is named: add `--pack backend` or `--pack FOLDER`, or write a `rune.toml`: `rune new config`");
        }
        let (packs, problems) = self.packs_with_problems(named)?;
        if problems.iter().any(|problem| problem.level == ProblemLevel::Error) {
            write!(anstream::stderr(), "{}", rune_report::problems(&problems, &crate::pack::options()))?;
            bail!("the configuration or a pack has errors, nothing was checked");
        }
        Ok(packs)
    }

    /// [`Configuration::packs`], with every problem, warnings too.
    pub(crate) fn packs_with_problems(self, named: &[String]) -> Result<(Packs, Vec<Problem>)> {
        let sources = self.sources();
        let of_files = sources.iter().filter(|_| named.is_empty());
        let mut all: Vec<Ready> = of_files.map(|source| crate::pack::configured(source)).collect();
        for name in named {
            let source = sources.iter().find(|source| source.alias.value == *name);
            all.push(source.map_or_else(|| crate::pack::load(name), |source| Ok(crate::pack::configured(source)))?);
        }
        let mut problems = self.problems.clone();
        problems.extend(all.iter_mut().flat_map(|ready| std::mem::take(&mut ready.problems)));
        let items: Vec<_> = all.into_iter().filter_map(|ready| Some((ready.pack?, ready.program?))).collect();
        let mut seen = std::collections::BTreeSet::new();
        if let Some((pack, _)) = items.iter().find(|(pack, _)| !seen.insert(&pack.name)) {
            bail!("two packs are called `{}`: name them in a `rune.toml`, each below `[packs.NAME]`", pack.name);
        }
        let mut settings = Settings::default();
        // Settings of a pack with errors would be told as unknown rules.
        let is_sound = problems.iter().all(|problem| problem.level != ProblemLevel::Error);
        let rules: Vec<RuleInfo> = items.iter().flat_map(|(_, program)| program.rules.iter().cloned()).collect();
        let others: Vec<String> = sources
            .iter()
            .map(|source| source.alias.value.clone())
            .filter(|name| !items.iter().any(|(pack, _)| pack.name == *name))
            .collect();
        for (reach, config) in self.files.iter().filter(|_| is_sound) {
            problems.extend(settings.add(reach.clone(), config, &rules, &others));
        }
        let everywhere =
            || self.files.iter().rev().filter(|(reach, _)| matches!(reach, Reach::Above(_))).map(|(_, config)| config);
        let hint = match named {
            [name] if !sources.iter().any(|source| source.alias.value == *name) => crate::pack::hint(name),
            _ => None,
        };
        let packs = Packs {
            items,
            settings,
            fail_on: everywhere().find_map(|config| config.fail_on.clone()),
            includes_possible: everywhere().find_map(|config| config.includes_possible.clone()),
            sources: sources.into_iter().cloned().collect(),
            hint,
        };
        Ok((packs, problems))
    }

    /// For commands that look at rules: the packs named, those of the configuration, or else the built-in one.
    pub(crate) fn packs_or_built_in(self, named: Option<&str>) -> Result<Packs> {
        let named: Vec<String> = match named {
            Some(name) => vec![name.to_owned()],
            None if self.names_packs() => Vec::new(),
            None => vec![BUILT_IN[0].to_owned()],
        };
        self.packs(&named)
    }

    /// Whether a file names a pack.
    pub(crate) fn names_packs(&self) -> bool {
        self.files.iter().any(|(_, config)| !config.packs.is_empty())
    }
}

impl Packs {
    /// The rules of all packs.
    pub(crate) fn rules(&self) -> impl Iterator<Item = &RuleInfo> {
        self.items.iter().flat_map(|(_, program)| &program.rules)
    }

    /// The names of the packs, as a sentence has them.
    pub(crate) fn names(&self) -> String {
        self.items.iter().map(|(pack, _)| format!("`{}`", pack.name)).collect::<Vec<_>>().join(", ")
    }
}

/// A path as it is written for people: from the current folder if it lies below it.
pub(crate) fn shown(path: &Path) -> String {
    let here = std::env::current_dir().and_then(|here| here.canonicalize()).unwrap_or_default();
    path.strip_prefix(&here).unwrap_or(path).to_string_lossy().replace('\\', "/")
}
