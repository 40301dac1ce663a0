//! SARIF 2.1.0: relative addresses, rules with help, fingerprints, and what was not checked.

use rune_model::{Change, Confidence, FileChange, Finding, Place, Report, RuleInfo, Severity, Span};
use serde_json::{Value, json};

use crate::json::Lines;
use crate::{explain, unknowns};

/// The report as a SARIF log, indented, with a final newline.
pub fn sarif(report: &Report) -> String {
    let lines = Lines::new(report);
    let results: Vec<Value> = report.findings.iter().map(|finding| result(finding, report, &lines)).collect();
    let incomplete: Vec<_> = report.skipped.iter().filter(|skipped| skipped.reason.is_incomplete()).collect();
    let mut notifications: Vec<Value> = incomplete
        .iter()
        .map(|skipped| {
            json!({
                "level": "warning",
                "message": { "text": format!("{}: {}", skipped.reason.as_str(), skipped.detail) },
                "locations": [{ "physicalLocation": { "artifactLocation": artifact(&skipped.path) } }],
            })
        })
        .collect();
    notifications.extend(report.unfinished.iter().map(
        |unfinished| json!({ "level": "warning", "message": { "text": format!("{}: {}", unfinished.rule, unfinished.reason) } }),
    ));
    notifications.extend(unknowns::sentences(report).into_iter().map(|(text, places)| {
        let locations: Vec<Value> = places.iter().map(|held| location(&held.place, &lines)).collect();
        json!({ "level": "note", "message": { "text": text }, "locations": locations })
    }));
    let is_complete = incomplete.is_empty() && report.unfinished.is_empty();
    let log = json!({
        "$schema": "https://json.schemastore.org/sarif-2.1.0.json",
        "version": "2.1.0",
        "runs": [{
            "tool": { "driver": {
                "name": "rune",
                "semanticVersion": env!("CARGO_PKG_VERSION"),
                "rules": report.rules.iter().map(rule).collect::<Vec<_>>(),
            }},
            "columnKind": "unicodeCodePoints",
            "originalUriBaseIds": { "%SRCROOT%": root(&report.root) },
            "invocations": [{
                "executionSuccessful": is_complete,
                "toolExecutionNotifications": notifications,
            }],
            "results": results,
        }],
    });
    let mut text = serde_json::to_string_pretty(&log).unwrap_or_default();
    text.push('\n');
    text
}

fn level(severity: Severity) -> &'static str {
    match severity {
        Severity::Critical | Severity::High => "error",
        Severity::Medium => "warning",
        Severity::Low | Severity::Info => "note",
    }
}

fn rule(rule: &RuleInfo) -> Value {
    let page = explain(rule);
    let is_security = rule.references.iter().any(|reference| reference.starts_with("CWE-"));
    let mut tags = vec![rule.skill.clone()];
    let mut properties = json!({
        "precision": match rule.confidence { Confidence::High => "high", Confidence::Medium => "medium", Confidence::Low => "low" },
        "problem.severity": level(rule.severity).replace("note", "recommendation"),
    });
    if is_security {
        tags.push("security".to_owned());
        tags.extend(
            rule.references.iter().filter(|r| r.starts_with("CWE-")).map(|r| format!("external/cwe/{}", r.to_lowercase())),
        );
        let score = match rule.severity {
            Severity::Critical => "9.0",
            Severity::High => "7.0",
            Severity::Medium => "4.0",
            _ => "1.0",
        };
        properties["security-severity"] = json!(score);
    }
    properties["tags"] = json!(tags);
    json!({
        "id": rule.id,
        "name": rule.id.rsplit('/').next().unwrap_or(&rule.id),
        "shortDescription": { "text": rule.summary },
        "fullDescription": { "text": rule.why },
        "help": { "text": page, "markdown": page },
        "defaultConfiguration": { "level": level(rule.severity) },
        "properties": properties,
    })
}

fn result(finding: &Finding, report: &Report, lines: &Lines<'_>) -> Value {
    let index = report.rules.iter().position(|rule| rule.id == finding.rule);
    let related: Vec<Value> = finding
        .related
        .iter()
        .map(|related| {
            let mut at = location(&related.place, lines);
            at["message"] = json!({ "text": related.message });
            at
        })
        .collect();
    let mut result = json!({
        "ruleId": finding.rule,
        "level": level(finding.severity),
        "message": { "text": finding.message },
        "locations": [location(&finding.place, lines)],
        "partialFingerprints": { "runeFingerprint/v1": finding.fingerprint, "primaryLocationLineHash": finding.fingerprint },
        "properties": { "certainty": finding.certainty, "confidence": finding.confidence },
    });
    if let Some(index) = index {
        result["ruleIndex"] = json!(index);
    }
    if !related.is_empty() {
        result["relatedLocations"] = json!(related);
    }
    if let (Some(fix), Some(changes)) = (&finding.fix, report.changes.get(&finding.fingerprint)) {
        result["fixes"] = json!([{
            "description": { "text": fix.title },
            "artifactChanges": changes.iter().map(|change| artifact_change(change, lines)).collect::<Vec<_>>(),
            "properties": { "safety": fix.safety },
        }]);
    }
    result
}

fn artifact_change(file: &FileChange, lines: &Lines<'_>) -> Value {
    let replacement = |change: &Change| {
        let mut replacement = json!({ "deletedRegion": region(&file.path, change.span, lines) });
        if !change.text.is_empty() {
            replacement["insertedContent"] = json!({ "text": change.text });
        }
        replacement
    };
    json!({
        "artifactLocation": artifact(&file.path),
        "replacements": file.changes.iter().map(replacement).collect::<Vec<_>>(),
    })
}

fn location(place: &Place, lines: &Lines<'_>) -> Value {
    json!({ "physicalLocation": {
        "artifactLocation": artifact(&place.path),
        "region": region(&place.path, place.span, lines),
    }})
}

fn region(path: &str, span: Span, lines: &Lines<'_>) -> Value {
    let (start_line, start_column) = lines.position(path, span.start);
    let (end_line, end_column) = lines.position(path, span.end);
    json!({ "startLine": start_line, "startColumn": start_column, "endLine": end_line, "endColumn": end_column })
}

/// The folder that addresses are relative to.
fn root(path: &str) -> Value {
    let description = json!({ "text": "the root of the project" });
    if path.is_empty() {
        return json!({ "description": description });
    }
    json!({ "uri": format!("file:///{}/", encoded(path.trim_matches('/'))), "description": description })
}

fn artifact(path: &str) -> Value {
    json!({ "uri": encoded(path), "uriBaseId": "%SRCROOT%" })
}

fn encoded(path: &str) -> String {
    let encoded = path.bytes().map(|byte| match byte {
        b'A'..=b'Z' | b'a'..=b'z' | b'0'..=b'9' | b'-' | b'.' | b'_' | b'~' | b'/' => (byte as char).to_string(),
        other => format!("%{other:02X}"),
    });
    encoded.collect()
}
