//! Runs the examples of a pack: bad code must be found, fixed code must come out exactly and be silent, good code must
//! stay silent, relation rules must give exactly their rows.

use std::collections::BTreeMap;
use std::sync::Arc;

use rune_core::{Fact, Program, check, facts, is_certain};
use rune_model::{Finding, FixOutcome, Safety, Source};
use rune_pack::{Example, Pack, RelationExample, RelationRule, Rule};

use crate::settle::{SettleOptions, settle};

/// What an example gave.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ExampleResult {
    /// The rule and the example's number, `rule/bad 1`.
    pub name: String,
    /// What is wrong; `None` if it holds.
    pub failure: Option<String>,
    /// Whether it is marked as a known miss, so that a failure is expected.
    pub open: bool,
}

impl ExampleResult {
    /// Whether it is as it should be. One that is marked as a known miss and holds is wrong too: the mark is old.
    pub fn verdict(&self) -> Result<(), String> {
        match (&self.failure, self.open) {
            (None, false) | (Some(_), true) => Ok(()),
            (None, true) => Err("marked as open, but it holds: remove the mark".to_owned()),
            (Some(failure), false) => Err(failure.clone()),
        }
    }
}

/// Runs every example of `pack`, in the order of the pack.
pub fn test_pack(pack: &Pack, program: &Program) -> Vec<ExampleResult> {
    let mut results = Vec::new();
    for rule in &pack.relation_rules {
        for (n, example) in rule.examples.iter().enumerate() {
            let failure = relation_example(pack, program, rule, example).err();
            results.push(ExampleResult { name: format!("{}/rows {}", rule.id, n + 1), failure, open: false });
        }
    }
    for rule in &pack.rules {
        for (n, example) in rule.examples.iter().enumerate() {
            let word = if example.is_bad { "bad" } else { "good" };
            let failure = rule_example(pack, program, rule, example).err();
            results.push(ExampleResult { name: format!("{}/{word} {}", rule.id, n + 1), failure, open: example.open });
        }
    }
    results
}

fn rule_example(pack: &Pack, program: &Program, rule: &Rule, example: &Example) -> Result<(), String> {
    let id = format!("{}/{}", pack.name, rule.id);
    let sources = pack.example_sources(example.given.as_ref().or(rule.given.as_ref()), &example.files);
    let only = |findings: Vec<Finding>| findings.into_iter().filter(|f| f.rule == id && is_certain(f)).collect::<Vec<_>>();
    let all = check(program, &sources).findings;
    let found = only(all.clone());
    if !example.is_bad {
        return match found.first() {
            Some(finding) => Err(format!("must stay silent, but: {}", finding.message)),
            None => Ok(()),
        };
    }
    if found.is_empty() {
        let possible = all.iter().any(|f| f.rule == id);
        return Err(if possible { "only a possible finding".into() } else { "nothing was found".into() });
    }
    if example.withheld {
        let offered = found.iter().filter_map(|finding| finding.fix.as_ref()).find(|fix| fix.safety != Safety::Display);
        return offered.map_or(Ok(()), |fix| Err(format!("no fix may be offered, but: {}", fix.title)));
    }
    let Some(fixed) = &example.fixed else { return Ok(()) };
    let check_rule = |sources: &[Source]| only(check(program, sources).findings);
    let behind = |finding: &Finding, before: &Finding| program.behind(finding, before);
    let options = SettleOptions { behind: Some(&behind), ..SettleOptions::up_to(Safety::Unsafe) };
    let settled = settle(&sources, &found, &check_rule, &options);
    for record in &settled.records {
        if let FixOutcome::Rejected { check, reason, diff } = &record.outcome {
            return Err(format!("the fix was rejected ({}): {reason}\n{diff}", check.as_str()));
        }
    }
    if let Some(made) = settled.created.iter().find(|path| !fixed.contains_key(path.as_ref())) {
        return Err(format!("the fix makes `{made}`, which `fixed` does not show"));
    }
    let state: BTreeMap<Arc<str>, Arc<str>> =
        sources.iter().chain(&settled.sources).map(|source| (source.path.clone(), source.text.clone())).collect();
    for (path, wanted) in fixed {
        let actual = state.get(path.as_str()).map_or("", AsRef::as_ref);
        if actual.trim_end() != wanted.trim_end() {
            return Err(format!("`{path}` was to become\n{wanted}\nbut became\n{actual}"));
        }
    }
    Ok(())
}

fn relation_example(pack: &Pack, program: &Program, rule: &RelationRule, example: &RelationExample) -> Result<(), String> {
    let sources = pack.example_sources(example.given.as_ref(), &example.files);
    let relation = rule.pattern.value.rsplit_once("row ").map_or("", |(_, head)| head.split('(').next().unwrap_or("").trim());
    let given: Vec<Fact> = facts(program, &sources, relation).ok_or_else(|| format!("there is no relation `{relation}`"))?;
    let in_files = |fact: &&Fact| fact.place.as_ref().is_some_and(|place| example.files.contains_key(place.path.as_ref()));
    let mut actual: Vec<BTreeMap<String, String>> =
        given.iter().filter(in_files).filter(|fact| !fact.possible).map(|fact| fact.columns.iter().cloned().collect()).collect();
    let mut wanted = example.rows.clone();
    actual.sort();
    wanted.sort();
    // An example may leave columns out; then they do not count.
    let named: Vec<String> = wanted.iter().flat_map(|row| row.keys().cloned()).collect();
    for row in &mut actual {
        row.retain(|column, _| named.contains(column));
    }
    actual.sort();
    if actual == wanted { Ok(()) } else { Err(format!("rows of `{relation}` were to be\n  {wanted:?}\nbut are\n  {actual:?}")) }
}
