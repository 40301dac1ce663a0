//! `rune run`: detect, emit, verify.

use std::collections::{BTreeMap, BTreeSet};
use std::io::{IsTerminal, Write};
use std::path::PathBuf;
use std::time::{Duration, Instant};

use anyhow::{Context, Result, anyhow, bail};
use clap::ValueEnum;
use rune_core::{Checker, Found, Memory, Program};
use rune_fix::{SettleOptions, Settled, Trial};
use rune_model::{Certainty, Finding, HeldBack, Report, Safety, Severity, Skipped, Source, Unknown};
use rune_report::TextOptions;

use crate::cache::{Cache, CacheOptions};
use crate::config::{ConfigOptions, Packs};
use crate::project::Project;

/// How a report is written.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
enum Format {
    /// For people.
    Text,
    /// One JSON document.
    Json,
    /// SARIF 2.1.0.
    Sarif,
}

/// Check files with a pack; show, or apply, the fixes.
#[derive(Debug, clap::Args)]
pub(crate) struct Run {
    /// Files and folders; the current folder if none.
    paths: Vec<PathBuf>,
    /// The pack: a name of the configuration, a built-in name, or a folder with a pack.toml; may be repeated. Those of
    /// the configuration if not given.
    #[arg(long)]
    pack: Vec<String>,
    /// Only the rules of this skill.
    #[arg(long)]
    skill: Vec<String>,
    /// Only these rules, with or without the pack's name; separated by commas.
    #[arg(long, value_delimiter = ',')]
    select: Vec<String>,
    /// Without these rules.
    #[arg(long, value_delimiter = ',')]
    ignore: Vec<String>,
    /// Apply safe fixes.
    #[arg(long)]
    fix: bool,
    /// With --fix or --diff: fixes too that may change behaviour.
    #[arg(long)]
    unsafe_fixes: bool,
    /// Print what the fixes would change, as a diff; write nothing.
    #[arg(long)]
    diff: bool,
    /// With --fix: show each fix and ask.
    #[arg(short, long, requires = "fix")]
    interactive: bool,
    /// With --fix or --diff: keep only fixes with which this command passes, in a copy of the project.
    #[arg(long, value_name = "COMMAND")]
    verify: Option<String>,
    /// How to write the report.
    #[arg(long, value_enum, default_value = "text")]
    format: Format,
    /// Findings of this severity and above make the exit code 1; `low` if not given.
    #[arg(long, value_parser = severity)]
    fail_on: Option<Severity>,
    /// `possible`: findings too that rest on a value that is not known.
    #[arg(long, value_parser = ["possible"])]
    include: Vec<String>,
    /// List every file that was not checked, with its reason.
    #[arg(long)]
    show_skipped: bool,
    /// Worker threads; all processors if not given.
    #[arg(long)]
    threads: Option<usize>,
    #[command(flatten)]
    config: ConfigOptions,
    #[command(flatten)]
    cache: CacheOptions,
}

fn severity(text: &str) -> Result<Severity, String> {
    let found = Severity::ALL.iter().find(|severity| severity.as_str() == text);
    found.copied().ok_or_else(|| format!("`{text}` is none of critical, high, medium, low, info"))
}

/// Stack of a worker: template and pattern code recurses within bounds that fit it.
const STACK_BYTES: usize = 16 << 20;

/// How many places are told of what a rule could not know.
const MAX_HELD_BACK: usize = 5;

/// Exit code where a file could not be written.
const NOT_WRITTEN: u8 = 2;

/// How many files a warning names.
const MAX_TOLD: usize = 5;

/// How long a run may take before it shows that it is alive.
const PROGRESS_AFTER: Duration = Duration::from_millis(500);

impl Run {
    pub(crate) fn run(self) -> Result<u8> {
        let mut pool = rayon::ThreadPoolBuilder::new().stack_size(STACK_BYTES);
        if let Some(threads) = self.threads {
            pool = pool.num_threads(threads);
        }
        pool.build().context("worker threads cannot be started")?.install(|| self.run_in_pool())
    }

    fn run_in_pool(&self) -> Result<u8> {
        self.refuse_options_without_effect()?;
        let start = Instant::now();
        let mut project = crate::project::read(&self.paths)?;
        let config = self.config.read(&project.walked.root, &project.walked.sources)?;
        let mut packs = config.packs(&self.pack)?;
        let wanted = self.wanted(&packs)?;
        packs.items.iter_mut().for_each(|(_, program)| program.keep_rules(&wanted));
        project.exclude(&packs.settings);
        let bar = progress(project.walked.sources.len() * packs.items.len());
        let checkers: Vec<_> = packs.items.iter().map(|(_, program)| self.checker(&project, program)).collect();
        let all = |sources: &[Source], watch: &(dyn Fn() + Sync)| {
            let found = checkers.iter().map(|(checker, _)| checker.check(sources, watch)).reduce(Found::and);
            let mut found = found.unwrap_or_default();
            found.findings = packs.settings.apply(found.findings, &|rule| self.selects(rule));
            found
        };
        let check = |sources: &[Source]| all(sources, &|| {}).findings;
        let found = all(&project.walked.sources, &|| bar.inc(1));
        bar.finish_and_clear();
        for (checker, cache) in &checkers {
            if let (Some(cache), Some(news)) = (cache, checker.news()) {
                cache.write(&news);
            }
        }
        let unknowns = self.unknowns(&packs, &project, &found);
        let (all, unfinished) = (found.findings, found.unfinished);
        let mut report = Report { unknowns, unfinished, ..self.report(&packs, &wanted, &project, found.skipped) };
        report.findings = all.iter().filter(|finding| project.is_given(&finding.place.path)).cloned().collect();
        let mut written = true;
        if self.fix || self.diff {
            let mut settled = self.settle(&packs, &project, &all, &check)?;
            if self.diff {
                let shown = project.shown_in_diff(&settled);
                write!(std::io::stdout(), "{}", rune_fix::diff(&project.walked.sources, &settled, &shown))?;
                return Ok(u8::from(!settled.sources.is_empty()));
            }
            written = self.write(&project, &mut settled, &mut report, &check)?;
        }
        report.elapsed_ms = start.elapsed().as_millis() as u64;
        self.hide_possible(&packs, &mut report);
        let code = rune_report::exit_code(
            &report,
            self.fail_on.or(packs.fail_on.as_ref().map(|(severity, _)| *severity)).unwrap_or(Severity::Low),
        );
        self.print(&packs, &project, report)?;
        Ok(if written { code } else { NOT_WRITTEN })
    }

    /// What checks with one pack, and the cache of its answers.
    fn checker<'p>(&self, project: &Project, program: &'p Program) -> (Checker<'p>, Option<Cache>) {
        let cache = self.cache.open(&project.walked.root, program);
        let checker = match &cache {
            Some(cache) => Checker::remembering(program, cache.read()),
            // Verification checks again and again.
            None if self.fix || self.diff => Checker::remembering(program, Memory::default()),
            None => Checker::new(program),
        };
        (checker, cache)
    }

    /// Options that would do nothing are said, not ignored.
    fn refuse_options_without_effect(&self) -> Result<()> {
        let fixes = self.fix || self.diff;
        if self.unsafe_fixes && !fixes {
            bail!("`--unsafe-fixes` does nothing by itself: add `--fix` to apply the fixes, or `--diff` to see them");
        }
        if self.verify.is_some() && !fixes {
            bail!("`--verify` does nothing by itself: add `--fix` or `--diff`");
        }
        Ok(())
    }

    /// The report before any finding is in it.
    fn report(&self, packs: &Packs, wanted: &[String], project: &Project, partly: Vec<Skipped>) -> Report {
        let n_files = project.n_given();
        let partly = partly.into_iter().filter(|skipped| project.is_given(&skipped.path));
        Report {
            packs: packs.items.iter().map(|(_, program)| program.pack.clone()).collect(),
            rules: packs.rules().filter(|rule| wanted.contains(&rule.id)).cloned().collect(),
            findings: Vec::new(),
            n_possible_hidden: 0,
            fixes: Vec::new(),
            n_files,
            n_files_total: n_files + project.walked.skipped.len(),
            skipped: project.walked.skipped.iter().cloned().chain(partly).collect(),
            elapsed_ms: 0,
            n_threads: rayon::current_num_threads(),
            unknowns: Vec::new(),
            unfinished: Vec::new(),
            sources: project.walked.sources.clone(),
            root: project.walked.root.to_string_lossy().replace('\\', "/"),
            changes: BTreeMap::new(),
        }
    }

    /// What could not be known of the given files, by rule, and the relations without which rules have nothing to judge.
    fn unknowns(&self, packs: &Packs, project: &Project, found: &Found) -> Vec<Unknown> {
        let mut by_rule: BTreeMap<&str, Vec<&HeldBack>> = BTreeMap::new();
        let is_shown = self.shows_possible(packs);
        let skill = |id: &str| packs.rules().find(|rule| rule.id == id).map_or("", |rule| rule.skill.as_str());
        let is_off = |held: &HeldBack| {
            packs.settings.resolve(&held.rule, skill(&held.rule), &held.place.path, self.selects(&held.rule)).is_off()
        };
        for held in found.held_back.iter().filter(|held| !is_shown && project.is_given(&held.place.path) && !is_off(held)) {
            by_rule.entry(&held.rule).or_default().push(held);
        }
        let values = by_rule.into_iter().map(|(rule, held)| Unknown::Values {
            rule: rule.to_owned(),
            held_back: held.len(),
            places: held.into_iter().take(MAX_HELD_BACK).cloned().collect(),
        });
        let mut by_relation: BTreeMap<&str, Vec<String>> = BTreeMap::new();
        for (rule, relation) in &found.idle {
            by_relation.entry(relation).or_default().push(rule.clone());
        }
        let rows = by_relation.into_iter().map(|(relation, rules)| Unknown::Rows { relation: relation.to_owned(), rules });
        values.chain(rows).collect()
    }

    fn shows_possible(&self, packs: &Packs) -> bool {
        packs.includes_possible.as_ref().is_some_and(|(is, _)| *is) || self.include.iter().any(|what| what == "possible")
    }

    /// Whether a rule was asked for by its name.
    fn selects(&self, rule: &str) -> bool {
        self.select.iter().any(|name| is_called(rule, name))
    }

    /// The ids of the rules that run; a name that means none is an error.
    fn wanted(&self, packs: &Packs) -> Result<Vec<String>> {
        for name in self.select.iter().chain(&self.ignore) {
            if !packs.rules().any(|rule| is_called(&rule.id, name)) {
                let pack = packs.hint.as_ref().map_or(String::new(), |pack| format!(" --pack {pack}"));
                bail!("there is no rule `{name}`; `rune rules{pack}` lists them");
            }
        }
        for skill in &self.skill {
            if !packs.rules().any(|rule| rule.skill == *skill) {
                let skills: BTreeSet<&str> = packs.rules().map(|rule| rule.skill.as_str()).collect();
                bail!("there is no skill `{skill}`; there are {}", Vec::from_iter(skills).join(", "));
            }
        }
        let rules = packs.rules().filter(|rule| {
            (self.skill.is_empty() || self.skill.contains(&rule.skill))
                && (self.select.is_empty() || self.selects(&rule.id))
                && !self.ignore.iter().any(|name| is_called(&rule.id, name))
                && (self.selects(&rule.id) || !packs.settings.is_off(rule))
        });
        Ok(rules.map(|rule| rule.id.clone()).collect())
    }

    fn settle(
        &self,
        packs: &Packs,
        project: &Project,
        all: &[Finding],
        check: &dyn Fn(&[Source]) -> Vec<Finding>,
    ) -> Result<Settled> {
        let apply = if self.unsafe_fixes { Safety::Unsafe } else { Safety::Safe };
        let is_given = |finding: &Finding| project.is_given(&finding.place.path);
        let behind = |finding: &Finding, before: &Finding| packs.items.iter().find_map(|(_, pack)| pack.behind(finding, before));
        let mut options = SettleOptions { only: Some(&is_given), behind: Some(&behind), ..SettleOptions::up_to(apply) };
        let answers = if self.interactive { Some(super::ask::ask(project, all, &options)?) } else { None };
        let is_chosen = |finding: &Finding| is_given(finding) && answers.as_ref().is_none_or(|answers| answers.has(finding));
        options.only = Some(&is_chosen);
        let trial = self.verify.as_ref().map(|command| Trial::new(&project.walked.root, command));
        let trial = trial.transpose().map_err(|reason| anyhow!(reason))?;
        let passes = |sources: &[Source]| trial.as_ref().map_or(Ok(()), |trial| trial.run(sources));
        options.command = self.verify.is_some().then_some(&passes);
        Ok(rune_fix::settle(&project.walked.sources, all, check, &options))
    }

    /// Writes; whether all of it could be. The report then says what is in the files.
    fn write(
        &self,
        project: &Project,
        settled: &mut Settled,
        report: &mut Report,
        check: &dyn Fn(&[Source]) -> Vec<Finding>,
    ) -> Result<bool> {
        let before = &project.walked.sources;
        let uncommitted = if settled.sources.is_empty() { BTreeSet::new() } else { rune_fix::uncommitted(&project.walked.root) };
        let results = rune_fix::write(&project.walked.root, before, settled).map_err(|reason| anyhow!(reason))?;
        let mut now = project.by_path();
        for (source, result) in settled.sources.iter().zip(&results) {
            match &result.refused {
                None => drop(now.insert(source.path.as_ref(), source)),
                Some(reason) => {
                    let path = rune_report::visible(&project.shown(&result.path));
                    writeln!(anstream::stderr(), "error: `{path}` was not written: {reason}")?;
                }
            }
        }
        let changed = results.iter().filter(|result| result.refused.is_none() && uncommitted.contains(result.path.as_ref()));
        let changed: Vec<String> =
            changed.map(|result| format!("`{}`", rune_report::visible(&project.shown(&result.path)))).collect();
        if !changed.is_empty() {
            let told = changed.iter().take(MAX_TOLD).cloned().collect::<Vec<_>>().join(", ");
            let more = if changed.len() > MAX_TOLD { format!(" and {} more", changed.len() - MAX_TOLD) } else { String::new() };
            writeln!(
                anstream::stderr(),
                "warning: these files had changes that were not committed: {told}{more}; `rune undo` gives back what they said"
            )?;
        }
        let sources: Vec<Source> = now.into_values().cloned().collect();
        let all_written = results.iter().all(|result| result.refused.is_none());
        let left = if all_written { std::mem::take(&mut settled.left) } else { check(&sources) };
        report.findings = left.into_iter().filter(|finding| project.is_given(&finding.place.path)).collect();
        report.fixes = std::mem::take(&mut settled.records);
        report.sources = sources;
        Ok(all_written)
    }

    fn hide_possible(&self, packs: &Packs, report: &mut Report) {
        if self.shows_possible(packs) {
            return;
        }
        let all = report.findings.len();
        report.findings.retain(|finding| finding.certainty == Certainty::Certain);
        report.n_possible_hidden = all - report.findings.len();
    }

    fn print(&self, packs: &Packs, project: &Project, mut report: Report) -> Result<()> {
        let options = TextOptions { show_skipped: self.show_skipped, pack: packs.hint.clone(), ..crate::pack::options() };
        if self.format == Format::Sarif {
            add_changes(&mut report);
        } else {
            project.show(&mut report);
        }
        let text = match self.format {
            Format::Text => rune_report::text(&report, &options),
            Format::Json => rune_report::json(&report),
            Format::Sarif => rune_report::sarif(&report),
        };
        let mut out = std::io::stdout().lock();
        out.write_all(text.as_bytes())?;
        out.flush()?;
        Ok(())
    }
}

/// Whether a rule is meant by a name, with or without its pack.
fn is_called(rule: &str, name: &str) -> bool {
    rule == name || rule.rsplit('/').next() == Some(name)
}

/// What each fix would change.
fn add_changes(report: &mut Report) {
    let sources: BTreeMap<&str, &Source> = report.sources.iter().map(|source| (source.path.as_ref(), source)).collect();
    let applies = |finding: &&Finding| finding.fix.as_ref().is_some_and(|fix| fix.safety != Safety::Display);
    let changes = report.findings.iter().filter(applies);
    let changes = changes.filter_map(|finding| Some((finding.fingerprint.clone(), rune_fix::file_changes(&sources, finding)?)));
    report.changes = changes.collect();
}

/// A bar on a terminal once a run takes long; nothing where the output is piped.
fn progress(n_files: usize) -> indicatif::ProgressBar {
    let bar = indicatif::ProgressBar::with_draw_target(Some(n_files as u64), indicatif::ProgressDrawTarget::hidden());
    if !std::io::stderr().is_terminal() {
        return bar;
    }
    let style = indicatif::ProgressStyle::with_template("{bar:24} {pos}/{len} files")
        .unwrap_or_else(|_| indicatif::ProgressStyle::default_bar());
    bar.set_style(style);
    let late = bar.clone();
    std::thread::spawn(move || {
        std::thread::sleep(PROGRESS_AFTER);
        if !late.is_finished() {
            late.set_draw_target(indicatif::ProgressDrawTarget::stderr());
        }
    });
    bar
}
