//! The page of one rule.

use std::fmt::Write;

use rune_model::RuleInfo;

/// What the rule finds, why it hurts, examples, references; Markdown.
pub fn explain(rule: &RuleInfo) -> String {
    let mut out = format!("# {}: {}\n\n", rule.id, rule.summary);
    let fixes: Vec<&str> = rule.fixes.iter().map(|safety| safety.as_str()).collect();
    let fixes = if fixes.is_empty() { "none".to_owned() } else { fixes.join(", ") };
    let _ = writeln!(out, "severity {} · confidence {} · skill {} · fixes {fixes}\n", rule.severity, rule.confidence, rule.skill);
    let _ = writeln!(out, "{}", rule.why.trim());
    for (title, code) in [("Bad", &rule.bad), ("Fixed", &rule.fixed), ("Good", &rule.good)] {
        if let Some(code) = code {
            let indented: Vec<String> = code.trim_end().lines().map(|line| format!("    {line}")).collect();
            let _ = writeln!(out, "\n## {title}\n\n{}", indented.join("\n"));
        }
    }
    if !rule.references.is_empty() {
        let _ = writeln!(out, "\nReferences: {}", rule.references.join(", "));
    }
    out
}
