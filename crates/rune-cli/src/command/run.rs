//! `rune run`: detect, emit, verify.

use std::io::{IsTerminal, Write};
use std::path::{Path, PathBuf};
use std::time::{Duration, Instant};

use anyhow::{Context, Result, bail};
use clap::ValueEnum;
use rune_core::{Program, Walked};
use rune_fix::{SettleOptions, Settled};
use rune_model::{Certainty, Finding, Report, Safety, Severity, Source};
use rune_report::TextOptions;

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
    /// The pack: a built-in name or a folder with a pack.toml.
    #[arg(long)]
    pack: Option<String>,
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
    /// How to write the report.
    #[arg(long, value_enum, default_value = "text")]
    format: Format,
    /// Findings of this severity and above make the exit code 1.
    #[arg(long, default_value = "low", value_parser = severity)]
    fail_on: Severity,
    /// `possible`: findings too that rest on a value that is not known.
    #[arg(long, value_parser = ["possible"])]
    include: Vec<String>,
    /// List every file that was not checked, with its reason.
    #[arg(long)]
    show_skipped: bool,
    /// Worker threads; all processors if not given.
    #[arg(long)]
    threads: Option<usize>,
}

fn severity(text: &str) -> Result<Severity, String> {
    let found = Severity::ALL.iter().find(|severity| severity.as_str() == text);
    found.copied().ok_or_else(|| format!("`{text}` is none of critical, high, medium, low, info"))
}

/// Stack of a worker: template and pattern code recurses within bounds that fit it.
const STACK_BYTES: usize = 16 << 20;

/// How long a run may take before it shows that it is alive.
const PROGRESS_AFTER: Duration = Duration::from_millis(500);

/// Reads the files below `paths`; paths in reports are relative to the current folder, or to the one path if it is a folder.
pub(crate) fn walk(paths: &[PathBuf]) -> Result<Walked> {
    let here = std::env::current_dir().context("the current folder cannot be read")?;
    let paths: Vec<PathBuf> = if paths.is_empty() { vec![PathBuf::from(".")] } else { paths.to_vec() };
    let mut full = Vec::new();
    for path in &paths {
        let found = path.canonicalize().with_context(|| format!("`{}` cannot be read", path.display()))?;
        full.push(found);
    }
    let root = match full.as_slice() {
        [only] if only.is_dir() && !only.starts_with(&here) => only.clone(),
        _ => here.canonicalize().unwrap_or(here),
    };
    Ok(rune_core::walk(&root, &full))
}

impl Run {
    pub(crate) fn run(self) -> Result<u8> {
        let mut pool = rayon::ThreadPoolBuilder::new().stack_size(STACK_BYTES);
        if let Some(threads) = self.threads {
            pool = pool.num_threads(threads);
        }
        pool.build().context("worker threads cannot be started")?.install(|| self.run_in_pool())
    }

    fn run_in_pool(&self) -> Result<u8> {
        let Some(pack) = &self.pack else {
            bail!("no pack is named: add `--pack backend`, or `--pack FOLDER`");
        };
        let (_, program) = crate::pack::program(pack)?;
        let wanted = self.wanted(&program)?;
        let start = Instant::now();
        let walked = walk(&self.paths)?;
        let bar = progress(walked.sources.len());
        let check = |sources: &[Source]| self.select(rune_core::check(&program, sources).findings, &wanted);
        let found = rune_core::check_watched(&program, &walked.sources, &|| bar.inc(1));
        let findings = self.select(found.findings, &wanted);
        let mut report = Report {
            pack: program.pack.clone(),
            rules: program.rules.iter().filter(|rule| wanted.contains(&rule.id)).cloned().collect(),
            findings,
            n_possible_hidden: 0,
            fixes: Vec::new(),
            n_files: found.n_files,
            n_files_total: found.n_files + walked.skipped.len(),
            skipped: walked.skipped.iter().cloned().chain(found.skipped).collect(),
            elapsed_ms: 0,
            n_threads: rayon::current_num_threads(),
            unknowns: Vec::new(),
            sources: walked.sources.clone(),
        };
        if self.fix || self.diff {
            let settled = self.settle(&walked, &report.findings, &check);
            if self.diff {
                write!(std::io::stdout(), "{}", rune_fix::diff(&walked.sources, &settled))?;
                return Ok(u8::from(!settled.sources.is_empty()));
            }
            self.write(&walked, settled, &mut report)?;
        }
        bar.finish_and_clear();
        report.elapsed_ms = start.elapsed().as_millis() as u64;
        self.hide_possible(&mut report);
        self.print(&report)?;
        Ok(rune_report::exit_code(&report, self.fail_on))
    }

    /// The ids of the rules that run; a name that means none is an error.
    fn wanted(&self, program: &Program) -> Result<Vec<String>> {
        let is =
            |rule: &rune_model::RuleInfo, name: &String| rule.id == *name || rule.id.rsplit('/').next() == Some(name.as_str());
        for name in self.select.iter().chain(&self.ignore) {
            if !program.rules.iter().any(|rule| is(rule, name)) {
                let pack =
                    self.pack.as_deref().and_then(crate::pack::hint).map_or(String::new(), |pack| format!(" --pack {pack}"));
                bail!("there is no rule `{name}`; `rune rules{pack}` lists them");
            }
        }
        for skill in &self.skill {
            if !program.rules.iter().any(|rule| rule.skill == *skill) {
                let mut skills: Vec<&str> = program.rules.iter().map(|rule| rule.skill.as_str()).collect();
                skills.dedup();
                bail!("there is no skill `{skill}`; the pack has {}", skills.join(", "));
            }
        }
        let rules = program.rules.iter().filter(|rule| {
            (self.skill.is_empty() || self.skill.contains(&rule.skill))
                && (self.select.is_empty() || self.select.iter().any(|name| is(rule, name)))
                && !self.ignore.iter().any(|name| is(rule, name))
        });
        Ok(rules.map(|rule| rule.id.clone()).collect())
    }

    fn select(&self, findings: Vec<Finding>, wanted: &[String]) -> Vec<Finding> {
        findings.into_iter().filter(|finding| wanted.contains(&finding.rule)).collect()
    }

    fn settle(&self, walked: &Walked, findings: &[Finding], check: &dyn Fn(&[Source]) -> Vec<Finding>) -> Settled {
        let apply = if self.unsafe_fixes { Safety::Unsafe } else { Safety::Safe };
        rune_fix::settle(&walked.sources, findings, check, &SettleOptions { apply, max_passes: 10 })
    }

    fn write(&self, walked: &Walked, settled: Settled, report: &mut Report) -> Result<()> {
        let results = rune_fix::write(Path::new(&walked.root), &walked.sources, &settled);
        let refused: Vec<_> = results.iter().filter(|result| result.refused.is_some()).collect();
        for result in &refused {
            let reason = result.refused.as_deref().unwrap_or("");
            writeln!(anstream::stderr(), "error: `{}` was not written: {reason}", result.path)?;
        }
        if !refused.is_empty() {
            bail!("{} of {} files were not written", refused.len(), results.len());
        }
        report.fixes = settled.records;
        report.findings = settled.left;
        for source in settled.sources {
            report.sources.retain(|old| old.path != source.path);
            report.sources.push(source);
        }
        Ok(())
    }

    fn hide_possible(&self, report: &mut Report) {
        if self.include.iter().any(|what| what == "possible") {
            return;
        }
        let all = report.findings.len();
        report.findings.retain(|finding| finding.certainty == Certainty::Certain);
        report.n_possible_hidden = all - report.findings.len();
    }

    fn print(&self, report: &Report) -> Result<()> {
        let options = TextOptions {
            show_skipped: self.show_skipped,
            pack: self.pack.as_deref().and_then(crate::pack::hint),
            ..crate::pack::options()
        };
        let text = match self.format {
            Format::Text => rune_report::text(report, &options),
            Format::Json => rune_report::json(report),
            Format::Sarif => rune_report::sarif(report),
        };
        let mut out = std::io::stdout().lock();
        out.write_all(text.as_bytes())?;
        out.flush()?;
        Ok(())
    }
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
