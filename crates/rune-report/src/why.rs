//! Why a rule finds something at a line, or does not: as text for its author, and as JSON.

use std::collections::BTreeMap;
use std::fmt::Write;
use std::sync::Arc;

use rune_model::{Explanation, LineIndex, Note, Outcome, Place, Source, Step, Try, Verdict, Why};
use serde_json::{Value, json};

use crate::safe::one_line;

/// The texts that places of an answer lie in, and how their paths are written.
pub struct WhyTexts<'a> {
    sources: BTreeMap<&'a str, (&'a str, LineIndex)>,
    shown: &'a dyn Fn(&str) -> Arc<str>,
}

impl<'a> WhyTexts<'a> {
    /// The texts of `sources`; `shown` writes a path for people.
    pub fn new(sources: &'a [Source], shown: &'a dyn Fn(&str) -> Arc<str>) -> WhyTexts<'a> {
        let sources = sources.iter().map(|source| (source.path.as_ref(), (source.text.as_ref(), LineIndex::new(&source.text))));
        WhyTexts { sources: sources.collect(), shown }
    }

    fn position(&self, place: &Place) -> (u32, u32) {
        self.sources.get(place.path.as_ref()).map_or((1, 1), |(text, index)| index.line_column(text, place.span.start))
    }

    fn at(&self, place: &Place) -> String {
        let (line, column) = self.position(place);
        format!("{}:{line}:{column}", one_line(&(self.shown)(&place.path)))
    }

    fn code(&self, place: &Place) -> String {
        let text = self.sources.get(place.path.as_ref()).map_or("", |(text, _)| place.span.of(text));
        let line = text.split_whitespace().collect::<Vec<_>>().join(" ");
        match line.char_indices().nth(70) {
            Some((end, _)) => one_line(&format!("{}…", &line[..end])),
            None => one_line(&line),
        }
    }
}

/// The answer as text: of each rule the place where it got furthest, of several rules the best; with `all` the others too.
pub fn why_text(why: &Why, texts: &WhyTexts<'_>, all: bool) -> String {
    let mut out = String::new();
    let place = format!("{}:{}", one_line(&(texts.shown)(&why.path)), why.line);
    let looked_at = why.rules.iter().filter(|rule| rule.verdict != Verdict::NotLookedAt).count();
    let n_told = if all { why.rules.len() } else { told(why) };
    for rule in why.rules.iter().take(n_told) {
        explanation(rule, &place, texts, all, &mut out);
    }
    let left = why.rules.len() - n_told;
    if left > 0 {
        let not_looked = why.rules.len() - looked_at.max(n_told).min(why.rules.len());
        let rest = match (left - not_looked.min(left), not_looked.min(left)) {
            (0, n) => format!("{} not look at this file", n_rules(n, "does", "do")),
            (n, 0) => format!("{} nothing here", n_rules(n, "gives", "give")),
            (n, m) => format!("{} nothing here, {} not look at this file", n_rules(n, "gives", "give"), n_rules(m, "does", "do")),
        };
        let _ = writeln!(out, "{rest}: --all tells why");
    }
    out
}

fn n_rules(n: usize, one: &str, many: &str) -> String {
    if n == 1 { format!("1 more rule {one}") } else { format!("{n} more rules {many}") }
}

/// How many rules are told: all that give something, else the one that got furthest.
fn told(why: &Why) -> usize {
    let finds = why.rules.iter().filter(|rule| matches!(rule.verdict, Verdict::Finds | Verdict::Possible)).count();
    finds.max(1)
}

fn explanation(rule: &Explanation, place: &str, texts: &WhyTexts<'_>, all: bool, out: &mut String) {
    let says = match rule.verdict {
        Verdict::Finds => "holds at",
        Verdict::Possible => "holds possibly at",
        Verdict::Nothing => "does not hold at",
        Verdict::NotLookedAt => "does not look at",
    };
    let _ = writeln!(out, "{} {says} {place}", one_line(&rule.rule));
    notes(&rule.obstacles, "  ", texts, out);
    let n_told = if all { rule.tries.len() } else { rule.tries.len().min(1) };
    for attempt in rule.tries.iter().take(n_told) {
        told_try(attempt, texts, out);
    }
    let left = rule.tries.len() - n_told;
    if left > 0 {
        let places = if left == 1 { "1 more place".to_owned() } else { format!("{left} more places") };
        let _ = writeln!(out, "{places} of this line: --all");
    }
}

fn told_try(attempt: &Try, texts: &WhyTexts<'_>, out: &mut String) {
    let _ = writeln!(out, "at {}  {}", texts.at(&attempt.at), texts.code(&attempt.at));
    for Step { clause, outcome, notes: remarks } in &attempt.steps {
        let _ = writeln!(out, "  {:<12} {}", word(*outcome), one_line(clause));
        notes(remarks, "               ", texts, out);
    }
    notes(&attempt.result, "  ", texts, out);
}

fn word(outcome: Outcome) -> &'static str {
    match outcome {
        Outcome::Held => "held",
        Outcome::Possible => "possible",
        Outcome::Failed => "failed",
        Outcome::NotReached => "not reached",
    }
}

fn notes(notes: &[Note], indent: &str, texts: &WhyTexts<'_>, out: &mut String) {
    for note in notes {
        let at = note.at.as_ref().map_or(String::new(), |place| format!("  {}", texts.at(place)));
        let _ = writeln!(out, "{indent}{}{at}", one_line(&note.text));
    }
}

/// The whole answer as JSON, indented, with a final newline.
pub fn why_json(why: &Why, texts: &WhyTexts<'_>) -> String {
    let place = |place: &Place| {
        let (line, column) = texts.position(place);
        json!({ "path": (texts.shown)(&place.path).as_ref(), "line": line, "column": column })
    };
    let notes = |notes: &[Note]| -> Vec<Value> {
        notes.iter().map(|note| json!({ "about": note.about, "text": note.text, "at": note.at.as_ref().map(place) })).collect()
    };
    let step = |step: &Step| json!({ "clause": step.clause, "outcome": step.outcome, "notes": notes(&step.notes) });
    let attempt = |attempt: &Try| {
        json!({
            "at": place(&attempt.at),
            "code": texts.code(&attempt.at),
            "verdict": attempt.verdict,
            "clauses": attempt.steps.iter().map(step).collect::<Vec<_>>(),
            "result": notes(&attempt.result),
        })
    };
    let rule = |rule: &Explanation| {
        json!({
            "rule": rule.rule,
            "verdict": rule.verdict,
            "obstacles": notes(&rule.obstacles),
            "tries": rule.tries.iter().map(attempt).collect::<Vec<_>>(),
        })
    };
    let whole = json!({
        "schema_version": 1,
        "name": why.name,
        "path": (texts.shown)(&why.path).as_ref(),
        "line": why.line,
        "rules": why.rules.iter().map(rule).collect::<Vec<_>>(),
    });
    format!("{whole:#}\n")
}
