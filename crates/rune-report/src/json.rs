//! The report as one JSON document. Holds no time and no absolute path: the same input gives the same bytes.

use std::collections::BTreeMap;

use rune_model::{Certainty, Finding, LineIndex, Place, Report, Severity, Span};
use serde::Serialize;

use crate::unknowns;

/// The version of the document's shape; grows when a reader must change.
const SCHEMA_VERSION: u32 = 1;

#[derive(Serialize)]
struct Document<'a> {
    schema_version: u32,
    tool: Tool,
    packs: &'a [String],
    verdict: &'static str,
    coverage: Coverage<'a>,
    skills: Vec<Skill<'a>>,
    fixes: &'a [rune_model::FixRecord],
    unknowns: Vec<serde_json::Value>,
}

#[derive(Serialize)]
struct Tool {
    name: &'static str,
    version: &'static str,
}

#[derive(Serialize)]
struct Coverage<'a> {
    files: usize,
    files_checked: usize,
    skipped: &'a [rune_model::Skipped],
    unfinished: &'a [rune_model::Unfinished],
    rules: Vec<&'a str>,
    possible_hidden: usize,
}

#[derive(Serialize)]
struct Skill<'a> {
    skill: &'a str,
    findings: Vec<Item<'a>>,
}

#[derive(Serialize)]
struct Item<'a> {
    rule: &'a str,
    severity: Severity,
    gate: &'static str,
    confidence: rune_model::Confidence,
    certainty: Certainty,
    claim: &'static str,
    message: &'a str,
    at: Range<'a>,
    evidence: String,
    related: Vec<Related<'a>>,
    fix: Option<Fix<'a>>,
    no_fix: Option<&'a str>,
    fingerprint: &'a str,
}

#[derive(Serialize)]
struct Fix<'a> {
    title: &'a str,
    safety: rune_model::Safety,
    edits: &'a [rune_model::Edit],
}

#[derive(Serialize)]
struct Related<'a> {
    at: Range<'a>,
    message: &'a str,
}

#[derive(Serialize)]
struct Range<'a> {
    path: &'a str,
    start: Position,
    end: Position,
}

#[derive(Serialize)]
struct Position {
    line: u32,
    column: u32,
    byte: u32,
}

/// The report as JSON, indented, with a final newline.
pub fn json(report: &Report) -> String {
    let lines = Lines::new(report);
    let mut skills: BTreeMap<&str, Vec<Item<'_>>> = report.rules.iter().map(|rule| (rule.skill.as_str(), Vec::new())).collect();
    for finding in &report.findings {
        skills.entry(&finding.skill).or_default().push(item(finding, &lines));
    }
    let document = Document {
        schema_version: SCHEMA_VERSION,
        tool: Tool { name: "rune", version: env!("CARGO_PKG_VERSION") },
        packs: &report.packs,
        verdict: verdict(report),
        coverage: Coverage {
            files: report.n_files_total,
            files_checked: report.n_files,
            skipped: &report.skipped,
            unfinished: &report.unfinished,
            rules: report.rules.iter().map(|rule| rule.id.as_str()).collect(),
            possible_hidden: report.n_possible_hidden,
        },
        skills: skills.into_iter().map(|(skill, findings)| Skill { skill, findings }).collect(),
        fixes: &report.fixes,
        unknowns: unknowns::entries(report, &lines),
    };
    let mut text = serde_json::to_string_pretty(&document).unwrap_or_default();
    text.push('\n');
    text
}

fn gate(severity: Severity) -> &'static str {
    match severity {
        Severity::Critical | Severity::High => "block",
        Severity::Medium => "warn",
        Severity::Low | Severity::Info => "info",
    }
}

fn verdict(report: &Report) -> &'static str {
    let certain = report.findings.iter().filter(|finding| finding.certainty == Certainty::Certain);
    match certain.map(|finding| gate(finding.severity)).min() {
        Some("block") => "block",
        Some("warn") => "warn",
        _ => "pass",
    }
}

fn item<'a>(finding: &'a Finding, lines: &Lines<'a>) -> Item<'a> {
    Item {
        rule: &finding.rule,
        severity: finding.severity,
        gate: gate(finding.severity),
        confidence: finding.confidence,
        certainty: finding.certainty,
        claim: if finding.certainty == Certainty::Certain { "observed" } else { "assumed" },
        message: &finding.message,
        at: lines.range(&finding.place),
        evidence: lines.evidence(&finding.place),
        related: finding.related.iter().map(|r| Related { at: lines.range(&r.place), message: &r.message }).collect(),
        fix: finding.fix.as_ref().map(|fix| Fix { title: &fix.title, safety: fix.safety, edits: &fix.edits }),
        no_fix: finding.no_fix.as_deref(),
        fingerprint: &finding.fingerprint,
    }
}

/// The texts of a report with their lines.
pub(crate) struct Lines<'a> {
    texts: BTreeMap<&'a str, (&'a str, LineIndex)>,
}

impl<'a> Lines<'a> {
    pub(crate) fn new(report: &'a Report) -> Lines<'a> {
        let texts = report.sources.iter().map(|s| (s.path.as_ref(), (s.text.as_ref(), LineIndex::new(&s.text))));
        Lines { texts: texts.collect() }
    }

    /// The text of a file, if the report carries it.
    pub(crate) fn text(&self, path: &str) -> Option<&'a str> {
        self.texts.get(path).map(|(text, _)| *text)
    }

    /// Line and column, from 1.
    pub(crate) fn position(&self, path: &str, byte: u32) -> (u32, u32) {
        self.texts.get(path).map_or((1, 1), |(text, index)| index.line_column(text, byte))
    }

    fn range(&self, place: &'a Place) -> Range<'a> {
        let position = |byte| {
            let (line, column) = self.position(&place.path, byte);
            Position { line, column, byte }
        };
        Range { path: &place.path, start: position(place.span.start), end: position(place.span.end) }
    }

    /// The code of a finding: at most 5 lines and 400 characters.
    fn evidence(&self, place: &Place) -> String {
        let text = self.text(&place.path).unwrap_or("");
        let code = Span::new(place.span.start, place.span.end).of(text);
        let lines: Vec<&str> = code.lines().take(5).collect();
        lines.join("\n").chars().take(400).collect()
    }
}
