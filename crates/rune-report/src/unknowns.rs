//! What could not be known, and so kept rules silent; and what was not solved to its end.

use std::collections::BTreeSet;
use std::fmt::Write;

use rune_model::{HeldBack, Report, Unknown};
use serde_json::{Value, json};

use crate::json::Lines;
use crate::safe::one_line;

/// Lines of the summary.
pub(crate) fn summary(report: &Report, out: &mut String) {
    let rows = report.unknowns.iter().filter_map(|unknown| match unknown {
        Unknown::Rows { rules, .. } => Some(rules),
        Unknown::Values { .. } => None,
    });
    let rules: BTreeSet<&String> = rows.flatten().collect();
    if !rules.is_empty() {
        let rules = if rules.len() == 1 { "1 rule has".to_owned() } else { format!("{} rules have", rules.len()) };
        let _ = writeln!(out, "{rules} nothing to judge here; `unknowns` of --format json says what is missing.");
    }
    for unfinished in &report.unfinished {
        let _ = writeln!(out, "Not finished: {}: {}", one_line(&unfinished.rule), one_line(&unfinished.reason));
    }
}

/// The entries of the JSON report.
pub(crate) fn entries(report: &Report, lines: &Lines<'_>) -> Vec<Value> {
    let at = |place: &rune_model::Place| {
        let (line, column) = lines.position(&place.path, place.span.start);
        json!({ "path": place.path, "line": line, "column": column })
    };
    let place = |held: &HeldBack| json!({ "at": at(&held.place), "reason": held.reason, "unknown_at": held.at.as_ref().map(at) });
    let entry = |unknown: &Unknown| match unknown {
        Unknown::Values { rule, held_back, places } => {
            json!({ "kind": "values", "rule": rule, "held_back": held_back, "places": places.iter().map(place).collect::<Vec<_>>() })
        }
        Unknown::Rows { relation, rules } => json!({ "kind": "rows", "relation": relation, "rules": rules }),
    };
    report.unknowns.iter().map(entry).collect()
}

/// The same in a sentence each, with the places.
pub(crate) fn sentences(report: &Report) -> Vec<(String, Vec<&HeldBack>)> {
    let sentence = |unknown: &'_ Unknown| match unknown {
        Unknown::Values { rule, held_back, .. } => {
            format!("{rule}: {held_back} possible, resting on a value that is not known")
        }
        Unknown::Rows { relation, rules } => {
            format!("the project has no row of {relation}, and nothing that could give one: {} judged nothing", rules.join(", "))
        }
    };
    report
        .unknowns
        .iter()
        .map(|unknown| {
            let held = match unknown {
                Unknown::Values { places, .. } => places.iter().collect(),
                Unknown::Rows { .. } => Vec::new(),
            };
            (sentence(unknown), held)
        })
        .collect()
}
