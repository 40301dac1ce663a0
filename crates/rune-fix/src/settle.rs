//! Applies fixes in memory until nothing changes, and keeps only what verification lets pass: the changed files parse
//! as well as before, the finding is gone, and no rule newly fires.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use rune_model::{Certainty, Edit, Finding, Fix, FixOutcome, FixRecord, Operation, Safety, Source};
use rune_syntax::{Language, parse};

use crate::diff::file_diff;
use crate::edit::apply_edits;

/// What to apply.
#[derive(Debug, Clone, Copy)]
pub struct SettleOptions {
    /// `Safe` applies safe fixes, `Unsafe` those too that may change behaviour.
    pub apply: Safety,
    /// How many times findings are fixed and looked for again; 10 is usual.
    pub max_passes: usize,
}

/// The state after fixing.
#[derive(Debug)]
pub struct Settled {
    /// Changed and new files with their final text, by path.
    pub sources: Vec<Source>,
    /// The new ones among them.
    pub created: Vec<Arc<str>>,
    /// What became of each fix.
    pub records: Vec<FixRecord>,
    /// The findings that are left.
    pub left: Vec<Finding>,
    /// How many passes it took.
    pub passes: usize,
}

type State = BTreeMap<Arc<str>, Source>;

type Check<'c> = &'c dyn Fn(&[Source]) -> Vec<Finding>;

/// Applies the fixes of `findings` that `options` asks for. `check` looks for findings in a whole set of sources.
pub fn settle(sources: &[Source], findings: &[Finding], check: Check<'_>, options: &SettleOptions) -> Settled {
    let original: State = sources.iter().map(|source| (source.path.clone(), source.clone())).collect();
    let mut settler = Settler { state: original.clone(), check, options, records: Vec::new(), refused: BTreeSet::new() };
    let mut left = findings.to_vec();
    let mut passes = 0;
    while passes < options.max_passes {
        passes += 1;
        match settler.pass(&left) {
            Some(after) => left = after,
            None => break,
        }
    }
    settler.note_the_rest(&left);
    let changed: Vec<Source> = settler
        .state
        .values()
        .filter(|source| original.get(&source.path).is_none_or(|old| old.text != source.text))
        .cloned()
        .collect();
    let created =
        changed.iter().filter(|source| !original.contains_key(&source.path)).map(|source| source.path.clone()).collect();
    Settled { sources: changed, created, records: settler.records, left, passes }
}

struct Settler<'a> {
    state: State,
    check: Check<'a>,
    options: &'a SettleOptions,
    records: Vec<FixRecord>,
    /// Fixes that failed, by fingerprint and title.
    refused: BTreeSet<(String, String)>,
}

impl Settler<'_> {
    fn is_wanted(&self, finding: &Finding) -> bool {
        let Some(fix) = &finding.fix else { return false };
        finding.certainty == Certainty::Certain
            && fix.safety != Safety::Display
            && fix.safety <= self.options.apply
            && !self.refused.contains(&(finding.fingerprint.clone(), fix.title.clone()))
    }

    /// One round: as many fixes as do not touch each other. `None` if there was nothing to do or nothing held.
    fn pass(&mut self, findings: &[Finding]) -> Option<Vec<Finding>> {
        let mut wanted: Vec<&Finding> = findings.iter().filter(|finding| self.is_wanted(finding)).collect();
        wanted.sort_by(|a, b| (a.severity, &a.place, &a.rule).cmp(&(b.severity, &b.place, &b.rule)));
        if wanted.is_empty() {
            return None;
        }
        let mut chosen: Vec<&Finding> = Vec::new();
        let mut state = self.state.clone();
        for finding in wanted {
            let mut with: Vec<&Finding> = chosen.clone();
            with.push(finding);
            match apply_all(&self.state, &with) {
                Ok(next) => {
                    state = next;
                    chosen = with;
                }
                Err(reason) if chosen.is_empty() || apply_all(&self.state, &[finding]).is_err() => {
                    self.refuse(finding, "edit", reason, String::new());
                }
                Err(_) => {}
            }
        }
        if chosen.is_empty() {
            return Some(findings.to_vec());
        }
        let held = self.verify(findings, &chosen, &state);
        match held {
            Ok(after) => {
                self.accept(&chosen, state);
                Some(after)
            }
            Err(_) => self.halves(findings, &chosen),
        }
    }

    /// Some of a batch failed: halves are tried until those that fail stand alone.
    fn halves(&mut self, findings: &[Finding], batch: &[&Finding]) -> Option<Vec<Finding>> {
        let mut before = findings.to_vec();
        let mut work: Vec<Vec<&Finding>> = vec![batch.to_vec()];
        while let Some(batch) = work.pop() {
            let state = match apply_all(&self.state, &batch) {
                Ok(state) => state,
                // Moved by what was accepted since: the next pass sees it at its new place.
                Err(_) if batch.len() == 1 => continue,
                Err(_) => {
                    let (first, second) = batch.split_at(batch.len() / 2);
                    work.push(second.to_vec());
                    work.push(first.to_vec());
                    continue;
                }
            };
            match self.verify(&before, &batch, &state) {
                Ok(after) => {
                    self.accept(&batch, state);
                    before = after;
                    // Places in the rest of the batch may have moved; the next pass takes them up.
                    if !work.is_empty() {
                        return Some(before);
                    }
                }
                Err((check, reason)) if batch.len() == 1 => {
                    let diff = changes_between(&self.state, &state);
                    self.refuse(batch[0], check, reason, diff);
                }
                Err(_) => {
                    let (first, second) = batch.split_at(batch.len() / 2);
                    work.push(second.to_vec());
                    work.push(first.to_vec());
                }
            }
        }
        Some(before)
    }

    /// The checks; gives the findings of the new state.
    fn verify(&self, before: &[Finding], batch: &[&Finding], state: &State) -> Result<Vec<Finding>, (&'static str, String)> {
        for (path, source) in state {
            let old = self.state.get(path);
            if old.is_some_and(|old| old.text == source.text) {
                continue;
            }
            let Some(language) = Language::of_path(path) else { continue };
            let errors = |text: &str| parse(text, language).errors().len();
            if errors(&source.text) > old.map_or(0, |old| errors(&old.text)) {
                return Err(("parse", format!("`{path}` would no longer parse")));
            }
        }
        let sources: Vec<Source> = state.values().cloned().collect();
        let after = (self.check)(&sources);
        let count = |findings: &[Finding]| {
            let mut counts: BTreeMap<(String, Arc<str>), i64> = BTreeMap::new();
            for finding in findings.iter().filter(|finding| finding.certainty == Certainty::Certain) {
                *counts.entry((finding.rule.clone(), finding.place.path.clone())).or_default() += 1;
            }
            counts
        };
        let (old, new) = (count(before), count(&after));
        let mut expected = old.clone();
        for finding in batch {
            *expected.entry((finding.rule.clone(), finding.place.path.clone())).or_default() -= 1;
        }
        for (key, n) in &new {
            let was = old.get(key).copied().unwrap_or(0);
            let want = expected.get(key).copied().unwrap_or(0);
            if *n > was || (want == was && *n > want) {
                return Err(("new-finding", format!("`{}` would newly report in `{}`", key.0, key.1)));
            }
            if *n > want {
                return Err(("still-there", format!("`{}` would still report in `{}`", key.0, key.1)));
            }
        }
        Ok(after)
    }

    fn accept(&mut self, batch: &[&Finding], state: State) {
        self.state = state;
        for finding in batch {
            self.record(finding, FixOutcome::Applied);
        }
    }

    fn refuse(&mut self, finding: &Finding, check: &'static str, reason: String, diff: String) {
        if let Some(fix) = &finding.fix {
            self.refused.insert((finding.fingerprint.clone(), fix.title.clone()));
        }
        self.record(finding, FixOutcome::Rejected { check, reason, diff });
    }

    fn note_the_rest(&mut self, left: &[Finding]) {
        for finding in left {
            let Some(fix) = &finding.fix else { continue };
            let is_above = fix.safety == Safety::Display || fix.safety > self.options.apply;
            if finding.certainty == Certainty::Certain && is_above {
                self.record(finding, FixOutcome::NotRequested);
            } else if self.is_wanted(finding) {
                let reason = "it overlaps other fixes, or fixes undo each other, and the passes were used up".to_owned();
                self.record(finding, FixOutcome::Rejected { check: "conflict", reason, diff: String::new() });
            }
        }
    }

    fn record(&mut self, finding: &Finding, outcome: FixOutcome) {
        let Some(fix) = &finding.fix else { return };
        let record = FixRecord {
            rule: finding.rule.clone(),
            place: finding.place.clone(),
            title: fix.title.clone(),
            safety: fix.safety,
            outcome,
            files: files_of(fix),
        };
        self.records.push(record);
    }
}

fn files_of(fix: &Fix) -> Vec<Arc<str>> {
    let files: BTreeSet<Arc<str>> = fix
        .edits
        .iter()
        .map(|edit| match &edit.operation {
            Operation::CreateFile { path, .. } => Arc::from(path.as_str()),
            _ => edit.at.path.clone(),
        })
        .collect();
    files.into_iter().collect()
}

/// The state with the fixes of all `findings`, or why that cannot be.
fn apply_all(state: &State, findings: &[&Finding]) -> Result<State, String> {
    let mut edits: BTreeMap<Arc<str>, Vec<Edit>> = BTreeMap::new();
    let mut next = state.clone();
    for fix in findings.iter().filter_map(|finding| finding.fix.as_ref()) {
        for edit in &fix.edits {
            if let Operation::CreateFile { path, text } = &edit.operation {
                create(&mut next, path, text)?;
                continue;
            }
            let of_file = edits.entry(edit.at.path.clone()).or_default();
            if !of_file.contains(edit) {
                of_file.push(edit.clone());
            }
        }
    }
    for (path, edits) in edits {
        let source = state.get(&path).ok_or_else(|| format!("`{path}` is not among the files read"))?;
        let text = apply_edits(source, &edits).map_err(|error| error.to_string())?;
        next.insert(path.clone(), Source { path, text: text.into() });
    }
    Ok(next)
}

fn create(state: &mut State, path: &str, text: &str) -> Result<(), String> {
    let is_safe =
        !path.starts_with('/') && !path.split('/').any(|part| part.is_empty() || part == ".." || part.starts_with(".git"));
    if !is_safe {
        return Err(format!("`{path}` is no path that rune writes to"));
    }
    let path: Arc<str> = path.into();
    if state.contains_key(&path) {
        return Err(format!("`{path}` exists already"));
    }
    state.insert(path.clone(), Source { path, text: text.into() });
    Ok(())
}

fn changes_between(before: &State, after: &State) -> String {
    let changed = after.values().filter(|source| before.get(&source.path).is_none_or(|old| old.text != source.text));
    changed.map(|source| file_diff(&source.path, before.get(&source.path).map(|old| old.text.as_ref()), &source.text)).collect()
}
