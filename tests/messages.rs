//! What a rule author reads: `tests/messages/*.yaml`, wrong inputs with every message they give, word for word. UPDATE=1
//! writes the messages of today into the cases.

#![allow(clippy::disallowed_methods)]

mod cases;

use std::collections::BTreeMap;
use std::process::ExitCode;
use std::sync::Arc;

use rune_model::{LineIndex, Problem, ProblemLevel};
use serde_json::Value;

/// The pack that a case changes: a file replaces the one of its path.
const PACK: &[(&str, &str)] = &[
    (
        "pack.toml",
        "[pack]\nname = \"house\"\nversion = \"1.0.0\"\nformat = 1\n\n[skills.style]\ntitle = \"Style\"\n\n[options.ttl]\ntype = \"duration\"\ndefault = \"15m\"\n\n[options.roles]\ntype = \"list\"\ndefault = [\"admin\"]\n\n[paths]\ntest = [\"**/*.test.ts\"]\n",
    ),
    (
        "relations.yaml",
        "code:\n  seen: { columns: { what: node, text: string }, about: It was seen. }\n  setting: { columns: { name: string }, about: It is set. }\n",
    ),
];

/// The rule that a case changes: a key of `rule` replaces the one of its name.
const RULE: &[(&str, &str)] = &[
    ("id", "the-rule"),
    ("summary", "a summary"),
    ("severity", "low"),
    ("confidence", "high"),
    ("languages", "[ecma]"),
    ("match", "|\n  find `f($X)` as $CALL"),
    ("report", "\"`{{CALL}}` takes {{X}}\""),
    ("why", "It hurts."),
    ("examples", "[{ bad: f(1) }, { good: g(1) }]"),
];

/// Words of the libraries behind the messages; no author has to know them.
const FOREIGN: &[&str] = &[
    "kw_",
    "_c ",
    "pattern_one",
    "use_decl",
    "where_c",
    "EOI",
    "parse error",
    "while parsing",
    "while scanning",
    "scalar",
    "block mapping",
    "flow mapping",
    "flow sequence",
    "mapping",
    "sequence",
    "simple key",
    "eof",
    "EOF",
    "stream",
    "token",
    "invalid type",
    "deserializ",
    "serde",
    "missing field",
    "unknown field",
    "unknown variant",
    "visitor",
    "did not find",
    "andlebars",
    "Helper",
    "helper not found",
    "strict mode",
    "rendering",
    "Unnamed",
    "Template error",
    "Failed to",
    "pest",
    "subexpression",
    "null",
    "nodes ",
    "ERROR",
    "panicked",
    "None",
    "Some(",
];

fn main() -> ExitCode {
    cases::run("messages", messages, foreign)
}

/// Every message of loading and compiling a case, with its place, the text it marks, and the mend.
fn messages(case: &Value) -> String {
    let loaded = rune_pack::load_files("house", &pack_of(case));
    let mut problems = loaded.problems;
    if let Some(pack) = &loaded.pack {
        problems.extend(rune_core::compile(pack).1);
    }
    problems.iter().map(shown).collect::<Vec<_>>().join("\n")
}

fn shown(problem: &Problem) -> String {
    let level = if problem.level == ProblemLevel::Error { "error" } else { "warning" };
    let path = problem.path.strip_prefix("house/").unwrap_or(&problem.path);
    let place = problem.span.map_or(String::new(), |span| {
        let (line, column) = LineIndex::new(&problem.text).line_column(&problem.text, span.start);
        let marked: String = span.of(&problem.text).chars().map(|c| if c == '\n' { '⏎' } else { c }).collect();
        format!(":{line}:{column} «{marked}»")
    });
    let help = problem.help.as_ref().map_or(String::new(), |help| format!("\n  help: {help}"));
    format!("{level}[{}] {path}{place}\n  {}{help}", problem.code, problem.message)
}

fn foreign(messages: &str) -> Result<(), String> {
    let said = |line: &&str| line.starts_with("  ");
    let words = messages.lines().filter(said).flat_map(|line| FOREIGN.iter().filter(|word| line.contains(**word)));
    let words: Vec<_> = words.collect();
    if words.is_empty() { Ok(()) } else { Err(format!("a message says {words:?}:\n{messages}")) }
}

fn pack_of(case: &Value) -> BTreeMap<String, Arc<str>> {
    let mut pack: BTreeMap<String, Arc<str>> = BTreeMap::new();
    pack.extend(PACK.iter().map(|(path, text)| ((*path).to_owned(), Arc::from(*text))));
    if case["files"].get("style/the-rule.toml").is_none() {
        pack.insert("style/the-rule.yaml".to_owned(), rule_of(case).into());
    }
    for (path, text) in case["files"].as_object().into_iter().flatten() {
        match text.as_str() {
            Some(text) => pack.insert(path.clone(), text.into()),
            None => pack.remove(path),
        };
    }
    pack
}

fn rule_of(case: &Value) -> String {
    let own = &case["rule"];
    let dsl = case["match"].as_str().map(|text| text.trim_end().replace('\n', "\n  ")).map(|text| format!("|\n  {text}"));
    let mut text = String::new();
    for (key, value) in RULE {
        let value = match (own.get(key), &dsl) {
            (Some(own), _) => own.as_str(),
            (None, Some(dsl)) if *key == "match" => Some(dsl.as_str()),
            // A rule of which only the pattern counts says nothing about its captures.
            (None, Some(_)) if *key == "report" => Some("it is here"),
            _ => Some(*value),
        };
        text.extend(value.map(|value| format!("{key}: {}\n", value.trim_end())));
    }
    let more = own.as_object().into_iter().flatten().filter(|(key, _)| !RULE.iter().any(|(known, _)| known == key));
    text.extend(more.filter_map(|(key, value)| value.as_str().map(|value| format!("{key}: {}\n", value.trim_end()))));
    text
}
