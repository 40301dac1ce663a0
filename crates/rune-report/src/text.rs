//! The report for people: a block a finding with its code, then what was fixed, counted, and not checked.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Write;

use annotate_snippets::{AnnotationKind, Level, Renderer, Snippet};
use rune_model::{Certainty, Finding, FixOutcome, Problem, ProblemLevel, Report, Safety, Severity};

use crate::json::Lines;
use crate::safe::{one_line, visible};
use crate::unknowns;

/// How text is written.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct TextOptions {
    /// Whether to colour it.
    pub color: bool,
    /// Whether to list every file that was not checked.
    pub show_skipped: bool,
    /// The pack that hints must name, unless commands take it without being told.
    pub pack: Option<String>,
}

/// Lines longer than this many bytes are cut around the place shown.
const MAX_LINE: usize = 160;

/// Findings of more lines show their first line only.
const MAX_LINES: usize = 8;

/// The report as text.
pub fn text(report: &Report, options: &TextOptions) -> String {
    let lines = Lines::new(report);
    let mut out = String::new();
    for finding in &report.findings {
        out.push_str(&block(finding, &lines, options));
        out.push('\n');
    }
    fixes(report, &mut out);
    summary(report, options, &mut out);
    out
}

fn renderer(color: bool) -> Renderer {
    if color { Renderer::styled() } else { Renderer::plain() }
}

fn level(severity: Severity) -> Level<'static> {
    match severity {
        Severity::Critical | Severity::High => Level::ERROR.with_name(Some(severity.as_str())),
        Severity::Medium => Level::WARNING.with_name(Some(severity.as_str())),
        Severity::Low | Severity::Info => Level::NOTE.with_name(Some(severity.as_str())),
    }
}

fn block(finding: &Finding, lines: &Lines<'_>, options: &TextOptions) -> String {
    let path = one_line(&finding.place.path);
    let maybe = if finding.certainty == Certainty::Possible { " (possible)" } else { "" };
    let title = format!("{}{maybe}", one_line(&finding.message));
    let source = lines.text(&finding.place.path).unwrap_or("");
    let window = Window::around(source, finding.place.span.start as usize, finding.place.span.end as usize);
    let mut snippet = Snippet::source(window.text.as_str())
        .line_start(window.first_line)
        .path(path.as_str())
        .annotation(AnnotationKind::Primary.span(window.start..window.end));
    let related: Vec<(usize, usize, String)> = finding
        .related
        .iter()
        .filter(|related| related.place.path == finding.place.path)
        .filter_map(|related| {
            let (start, end) = window.locate(related.place.span.start as usize, related.place.span.end as usize)?;
            Some((start, end, one_line(&related.message)))
        })
        .collect();
    for (start, end, message) in &related {
        snippet = snippet.annotation(AnnotationKind::Context.span(*start..*end).label(message.as_str()));
    }
    let group = level(finding.severity).primary_title(title.as_str()).id(finding.rule.as_str()).element(snippet);
    let mut out = renderer(options.color).render(&[group]).to_string();
    out.push('\n');
    notes(finding, lines, &related, &mut out);
    let pack = options.pack.as_ref().map_or(String::new(), |pack| format!(" --pack {}", one_line(pack)));
    let _ = writeln!(out, "   = docs: rune explain {}{pack}", finding.rule);
    out
}

fn notes(finding: &Finding, lines: &Lines<'_>, shown: &[(usize, usize, String)], out: &mut String) {
    for related in &finding.related {
        let message = one_line(&related.message);
        if shown.iter().any(|(_, _, text)| *text == message) {
            continue;
        }
        let (line, column) = lines.position(&related.place.path, related.place.span.start);
        let _ = writeln!(out, "   = see {}:{line}:{column}: {message}", one_line(&related.place.path));
    }
    match (&finding.fix, &finding.no_fix) {
        (Some(fix), _) => {
            let how = match fix.safety {
                Safety::Safe => "   rune run --fix",
                Safety::Unsafe => "   rune run --fix --unsafe-fixes",
                Safety::Display => "",
            };
            let _ = writeln!(out, "   = fix ({}): {}{how}", fix.safety, one_line(&fix.title));
        }
        (None, Some(reason)) => {
            let _ = writeln!(out, "   = no fix: {}", one_line(reason));
        }
        _ => {}
    }
}

/// The lines around a place, cut to what a person can read.
struct Window {
    text: String,
    first_line: usize,
    offset: usize,
    start: usize,
    end: usize,
}

impl Window {
    fn around(source: &str, start: usize, end: usize) -> Window {
        let start = floor(source, start.min(source.len()));
        let end = floor(source, end.clamp(start, source.len()));
        let mut from = source[..start].rfind('\n').map_or(0, |newline| newline + 1);
        let n_lines = source[start..end].matches('\n').count() + 1;
        let line_end = |at: usize| source[at..].find('\n').map_or(source.len(), |newline| at + newline);
        let mut to = if n_lines > MAX_LINES { line_end(start) } else { line_end(end) };
        let first_line = source[..from].matches('\n').count() + 1;
        if start - from > MAX_LINE {
            from = floor(source, start - MAX_LINE / 2);
        }
        if to - start > MAX_LINE * 4 || (n_lines == 1 && to - end.min(to) > MAX_LINE) {
            to = floor(source, (end.min(start + MAX_LINE * 2) + MAX_LINE / 2).min(to));
        }
        let raw = &source[from..to];
        let text: String =
            raw.chars().map(|c| if c == '\r' || (c.is_control() && c != '\n' && c != '\t') { ' ' } else { c }).collect();
        let text = if text.len() == raw.len() { text } else { " ".repeat(raw.len()) };
        Window { first_line, offset: from, start: start - from, end: end.min(to).max(start) - from, text }
    }

    /// The place in this window, if it lies there whole.
    fn locate(&self, start: usize, end: usize) -> Option<(usize, usize)> {
        let inside = start >= self.offset && end <= self.offset + self.text.len();
        inside.then(|| (start - self.offset, end - self.offset))
    }
}

fn floor(text: &str, mut at: usize) -> usize {
    while !text.is_char_boundary(at) {
        at -= 1;
    }
    at
}

fn fixes(report: &Report, out: &mut String) {
    let applied = report.fixes.iter().filter(|fix| fix.outcome == FixOutcome::Applied).count();
    if applied > 0 {
        let files: BTreeSet<_> =
            report.fixes.iter().filter(|fix| fix.outcome == FixOutcome::Applied).flat_map(|fix| &fix.files).collect();
        let _ = writeln!(out, "Fixed {applied} in {} {}.", files.len(), plural(files.len(), "file"));
    }
    for fix in &report.fixes {
        if let FixOutcome::Rejected { check, reason, diff } = &fix.outcome {
            let _ = writeln!(
                out,
                "Not fixed: {} at {}: {} ({}): {}",
                fix.rule,
                one_line(&fix.place.path),
                one_line(&fix.title),
                check.as_str(),
                one_line(reason)
            );
            for line in diff.lines() {
                let _ = writeln!(out, "    {}", one_line(line));
            }
        }
    }
}

fn plural(n: usize, word: &str) -> String {
    if n == 1 { word.to_owned() } else { format!("{word}s") }
}

fn summary(report: &Report, options: &TextOptions, out: &mut String) {
    let n = report.findings.len();
    if n == 0 {
        let _ = writeln!(out, "Found nothing.");
    } else {
        let count = |severity: Severity| report.findings.iter().filter(|f| f.severity == severity).count();
        let by: Vec<String> = Severity::ALL.iter().filter(|s| count(**s) > 0).map(|s| format!("{} {s}", count(*s))).collect();
        let files: BTreeSet<_> = report.findings.iter().map(|f| &f.place.path).collect();
        let safeties: Vec<Safety> = report.findings.iter().filter_map(|f| f.fix.as_ref().map(|fix| fix.safety)).collect();
        let fixable = safeties.iter().filter(|safety| **safety != Safety::Display).count();
        let safe = safeties.iter().filter(|safety| **safety == Safety::Safe).count();
        let _ = writeln!(
            out,
            "Found {n} ({}) in {} {}; {fixable} fixable ({safe} safe).",
            by.join(", "),
            files.len(),
            plural(files.len(), "file")
        );
    }
    if report.n_possible_hidden > 0 {
        let _ = writeln!(out, "{} possible, resting on a value that is not known: --include possible", report.n_possible_hidden);
    }
    let _ = writeln!(
        out,
        "Checked {} of {} {} with {} {} in {:.2} s on {} {}.",
        report.n_files,
        report.n_files_total,
        plural(report.n_files_total, "file"),
        report.rules.len(),
        plural(report.rules.len(), "rule"),
        report.elapsed_ms as f64 / 1000.0,
        report.n_threads,
        plural(report.n_threads, "thread"),
    );
    skipped(report, options, out);
    unknowns::summary(report, out);
}

fn skipped(report: &Report, options: &TextOptions, out: &mut String) {
    if report.skipped.is_empty() {
        return;
    }
    let mut reasons: BTreeMap<&str, usize> = BTreeMap::new();
    for skipped in &report.skipped {
        *reasons.entry(skipped.reason.as_str()).or_default() += 1;
    }
    let parts: Vec<String> = reasons.iter().map(|(reason, n)| format!("{n} {reason}")).collect();
    let hint = if options.show_skipped { "" } else { "  List: --show-skipped" };
    let _ = writeln!(out, "Not checked: {}.{hint}", parts.join(", "));
    if options.show_skipped {
        for skipped in &report.skipped {
            let _ = writeln!(out, "  {}: {} {}", one_line(&skipped.path), skipped.reason.as_str(), one_line(&skipped.detail));
        }
    }
}

/// Problems of a pack, each with an excerpt, and their number.
pub fn problems(problems: &[Problem], options: &TextOptions) -> String {
    let mut out = String::new();
    for problem in problems {
        let level = match problem.level {
            ProblemLevel::Error => Level::ERROR,
            ProblemLevel::Warning => Level::WARNING,
        };
        let path = one_line(&problem.path);
        let message = visible(&problem.message);
        let id = format!("rune::{}", problem.code);
        let title = level.primary_title(message.as_str()).id(id.as_str());
        match problem.span.filter(|_| !problem.text.is_empty()) {
            Some(span) => {
                let window = Window::around(&problem.text, span.start as usize, (span.end as usize).max(span.start as usize + 1));
                let snippet = Snippet::source(window.text.as_str())
                    .line_start(window.first_line)
                    .path(path.as_str())
                    .annotation(AnnotationKind::Primary.span(window.start..window.end.min(window.text.len())));
                out.push_str(&renderer(options.color).render(&[title.element(snippet)]).to_string());
            }
            None => {
                let _ = write!(
                    out,
                    "{}: {path}: {message}",
                    if problem.level == ProblemLevel::Error { format!("error[{id}]") } else { format!("warning[{id}]") }
                );
            }
        }
        out.push('\n');
        if let Some(help) = &problem.help {
            let _ = writeln!(out, "   = help: {}", visible(help));
        }
    }
    let errors = problems.iter().filter(|problem| problem.level == ProblemLevel::Error).count();
    let _ = writeln!(
        out,
        "{errors} {}, {} {}",
        plural(errors, "error"),
        problems.len() - errors,
        plural(problems.len() - errors, "warning")
    );
    out
}
