//! Fixes in rounds: applies fixes that do not touch each other in memory, checks again, repeats while something changes.
//! What is kept has passed verification; see `verify.rs` for the checks.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use rune_model::{Certainty, Check, Finding, Fix, FixOutcome, FixRecord, Operation, Safety, Source};

use crate::batch::{Batch, Behind, State, Trees};
use crate::diff::file_diff;
use crate::verify::Verifier;

/// Says whether changed sources are accepted, and why not.
pub type Accepts<'a> = dyn Fn(&[Source]) -> Result<(), String> + 'a;

/// What to apply.
#[derive(Clone, Copy)]
pub struct SettleOptions<'o> {
    /// `Safe` applies safe fixes, `Unsafe` those too that may change behaviour.
    pub apply: Safety,
    /// How many times findings are fixed and looked for again; 10 is usual.
    pub max_passes: usize,
    /// Which findings may be fixed; all if not given.
    pub only: Option<&'o dyn Fn(&Finding) -> bool>,
    /// Whether a set of changed sources is accepted by the project's own command; the reason if not.
    pub command: Option<&'o Accepts<'o>>,
    /// How new files of several fixes come one behind the other in one round; each waits for a round of its own if not given.
    pub behind: Option<&'o Behind<'o>>,
}

impl SettleOptions<'_> {
    /// Fixes up to `apply`, of any finding, in at most 10 rounds.
    pub fn up_to(apply: Safety) -> SettleOptions<'static> {
        SettleOptions { apply, max_passes: 10, only: None, command: None, behind: None }
    }

    /// Whether the fix of a finding was asked for.
    pub fn wants(&self, finding: &Finding) -> bool {
        let Some(fix) = &finding.fix else { return false };
        finding.certainty == Certainty::Certain
            && fix.safety != Safety::Display
            && fix.safety <= self.apply
            && self.only.is_none_or(|only| only(finding))
    }
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

pub(crate) type CheckAgain<'c> = &'c dyn Fn(&[Source]) -> Vec<Finding>;

/// A fix across rounds: rule, fingerprint of the finding, title.
type Key = (String, String, String);

/// A fix that was applied.
type Applied = (Key, FixRecord);

/// Settles with the fixes of a set only.
type Settle<'a> = dyn Fn(Option<&BTreeSet<Key>>) -> (Settled, Vec<Applied>) + 'a;

fn key(finding: &Finding) -> Key {
    let title = finding.fix.as_ref().map_or(String::new(), |fix| fix.title.clone());
    (finding.rule.clone(), finding.fingerprint.clone(), title)
}

/// How often the project's own command is run to find the fixes that break it.
const MAX_COMMANDS: usize = 64;

/// Applies the fixes of `findings` that `options` asks for. `check` looks for findings in a whole set of sources.
pub fn settle(sources: &[Source], findings: &[Finding], check: CheckAgain<'_>, options: &SettleOptions<'_>) -> Settled {
    let original: State = sources.iter().map(|source| (source.path.clone(), source.clone())).collect();
    let run = |allowed: Option<&BTreeSet<Key>>| Settler::new(&original, check, options, allowed).run(findings);
    let (settled, applied) = run(None);
    let Some(command) = options.command else { return settled };
    match command(&settled.sources) {
        _ if settled.sources.is_empty() => settled,
        Ok(()) => settled,
        Err(reason) => without_breaking(&original, &applied, reason, &run, command),
    }
}

/// Bisects to the fixes that break the project's command, and leaves them out.
fn without_breaking(original: &State, applied: &[Applied], reason: String, run: &Settle<'_>, command: &Accepts<'_>) -> Settled {
    let mut kept: BTreeSet<Key> = BTreeSet::new();
    let mut settled = run(Some(&kept)).0;
    let mut broken: Vec<FixRecord> = Vec::new();
    // Each group with why it is known to fail.
    let mut work = vec![(applied.to_vec(), Some(reason))];
    let mut n_commands = 1;
    while let Some((group, known)) = work.pop() {
        let with: BTreeSet<Key> = kept.iter().cloned().chain(group.iter().map(|(key, _)| key.clone())).collect();
        let tried = run(Some(&with)).0;
        let failed = match known {
            Some(reason) => Some(reason),
            None if n_commands >= MAX_COMMANDS => Some("too many fixes break the command to try each".to_owned()),
            None => {
                n_commands += 1;
                command(&tried.sources).err()
            }
        };
        match failed {
            None => (kept, settled) = (with, tried),
            Some(reason) if group.len() == 1 || n_commands >= MAX_COMMANDS => {
                let diff = changes_between(&after(original, &settled), &after(original, &tried));
                broken.extend(group.into_iter().map(|(_, record)| rejected(record, Check::VerifyCommand, &reason, &diff)));
            }
            Some(_) => {
                let (first, second) = group.split_at(group.len() / 2);
                work.push((second.to_vec(), None));
                work.push((first.to_vec(), None));
            }
        }
    }
    settled.records.extend(broken);
    settled
}

fn rejected(record: FixRecord, check: Check, reason: &str, diff: &str) -> FixRecord {
    FixRecord { outcome: FixOutcome::Rejected { check, reason: reason.to_owned(), diff: diff.to_owned() }, ..record }
}

fn after(original: &State, settled: &Settled) -> State {
    let mut state = original.clone();
    state.extend(settled.sources.iter().map(|source| (source.path.clone(), source.clone())));
    state
}

struct Settler<'a> {
    original: &'a State,
    state: State,
    trees: Trees,
    check: CheckAgain<'a>,
    options: &'a SettleOptions<'a>,
    allowed: Option<&'a BTreeSet<Key>>,
    applied: Vec<Applied>,
    /// Fixes that failed a check.
    refused: BTreeMap<Key, FixRecord>,
}

impl<'a> Settler<'a> {
    fn new(
        original: &'a State,
        check: CheckAgain<'a>,
        options: &'a SettleOptions<'a>,
        allowed: Option<&'a BTreeSet<Key>>,
    ) -> Settler<'a> {
        let state = original.clone();
        let trees = Trees::default();
        Settler { original, state, trees, check, options, allowed, applied: Vec::new(), refused: BTreeMap::new() }
    }

    fn run(mut self, findings: &[Finding]) -> (Settled, Vec<Applied>) {
        let mut left = findings.to_vec();
        let mut passes = 0;
        let mut n_retried_at = 0;
        while passes < self.options.max_passes {
            passes += 1;
            if let Some(after) = self.pass(&left) {
                left = after;
                continue;
            }
            // What failed may hold now that other fixes are in.
            if self.refused.is_empty() || self.applied.len() == n_retried_at {
                break;
            }
            n_retried_at = self.applied.len();
            self.refused
                .retain(|_, record| !matches!(&record.outcome, FixOutcome::Rejected { check, .. } if check.may_pass_later()));
        }
        let rest = self.rest(&left);
        let changed =
            self.state.values().filter(|source| self.original.get(&source.path).is_none_or(|old| old.text != source.text));
        let changed: Vec<Source> = changed.cloned().collect();
        let created: Vec<Arc<str>> =
            changed.iter().filter(|source| !self.original.contains_key(&source.path)).map(|source| source.path.clone()).collect();
        let records =
            self.applied.iter().map(|(_, record)| record.clone()).chain(self.refused.into_values()).chain(rest).collect();
        (Settled { sources: changed, created, records, left, passes }, self.applied)
    }

    fn is_wanted(&self, finding: &Finding) -> bool {
        self.options.wants(finding) && {
            let key = key(finding);
            !self.refused.contains_key(&key) && self.allowed.is_none_or(|allowed| allowed.contains(&key))
        }
    }

    fn add(&self, batch: &mut Batch, finding: &Finding) -> Result<(), String> {
        batch.add(&self.state, &self.trees, finding, self.options.behind)
    }

    fn verifier(&self) -> Verifier<'_> {
        Verifier { state: &self.state, trees: &self.trees, check: self.check }
    }

    /// One round: as many fixes as do not touch each other, the gravest first. `None` if there was nothing to do.
    fn pass(&mut self, findings: &[Finding]) -> Option<Vec<Finding>> {
        let mut wanted: Vec<&Finding> = findings.iter().filter(|finding| self.is_wanted(finding)).collect();
        wanted.sort_by(|a, b| (a.severity, &a.place, &a.rule).cmp(&(b.severity, &b.place, &b.rule)));
        if wanted.is_empty() {
            return None;
        }
        let mut batch = Batch::default();
        let mut refused = Vec::new();
        for finding in wanted {
            let mut alone = Batch::default();
            let fits = self.add(&mut alone, finding);
            if let Err(reason) = fits {
                refused.push((finding, Check::Edit, reason, String::new()));
                continue;
            }
            if let Err((check, reason)) = self.verifier().texts(&alone) {
                refused.push((finding, check, reason, changes_between(&self.state, &alone.on(&self.state))));
                continue;
            }
            // What overlaps the fixes taken so far waits for the next round.
            let _ = self.add(&mut batch, finding);
        }
        for (finding, check, reason, diff) in refused {
            self.refuse(finding, check, reason, diff);
        }
        Some(self.keep_what_holds(findings.to_vec(), batch.findings))
    }

    /// Takes over a batch if it holds; else halves it until the fixes that fail stand alone. Gives the findings after.
    fn keep_what_holds(&mut self, mut findings: Vec<Finding>, batch: Vec<Finding>) -> Vec<Finding> {
        let mut work: Vec<Vec<Key>> = vec![batch.iter().map(key).collect()];
        while let Some(keys) = work.pop() {
            // Places have moved if something was accepted since: the findings of now count.
            let mut batch = Batch::default();
            for finding in findings.iter().filter(|finding| keys.contains(&key(finding)) && self.is_wanted(finding)) {
                let _ = self.add(&mut batch, finding);
            }
            if batch.findings.is_empty() {
                continue;
            }
            match self.verifier().verify(&findings, &batch) {
                Ok(after) => {
                    self.accept(batch);
                    findings = after;
                }
                Err((check, reason)) if batch.findings.len() == 1 => {
                    let diff = changes_between(&self.state, &batch.on(&self.state));
                    self.refuse(&batch.findings[0], check, reason, diff);
                }
                Err(_) => {
                    let keys: Vec<Key> = batch.findings.iter().map(key).collect();
                    let (first, second) = keys.split_at(keys.len() / 2);
                    work.push(second.to_vec());
                    work.push(first.to_vec());
                }
            }
        }
        findings
    }

    fn accept(&mut self, batch: Batch) {
        self.trees.forget(batch.sources.keys());
        self.state = batch.on(&self.state);
        for finding in &batch.findings {
            self.applied.extend(record(finding, FixOutcome::Applied).map(|record| (key(finding), record)));
        }
    }

    fn refuse(&mut self, finding: &Finding, check: Check, reason: String, diff: String) {
        if let Some(record) = record(finding, FixOutcome::Rejected { check, reason, diff }) {
            self.refused.insert(key(finding), record);
        }
    }

    /// Records of what was not tried, or not to the end.
    fn rest(&self, left: &[Finding]) -> Vec<FixRecord> {
        let outcome = |finding: &Finding| {
            let fix = finding.fix.as_ref().filter(|_| self.options.only.is_none_or(|only| only(finding)))?;
            let is_above = fix.safety == Safety::Display || fix.safety > self.options.apply;
            if finding.certainty == Certainty::Certain && is_above {
                return Some(FixOutcome::NotRequested);
            }
            let reason = "it overlaps other fixes, and the rounds were used up".to_owned();
            self.is_wanted(finding).then_some(FixOutcome::Rejected { check: Check::Conflict, reason, diff: String::new() })
        };
        left.iter().filter_map(|finding| record(finding, outcome(finding)?)).collect()
    }
}

fn record(finding: &Finding, outcome: FixOutcome) -> Option<FixRecord> {
    let fix = finding.fix.as_ref()?;
    Some(FixRecord {
        rule: finding.rule.clone(),
        place: finding.place.clone(),
        title: fix.title.clone(),
        safety: fix.safety,
        outcome,
        files: files_of(fix),
    })
}

fn files_of(fix: &Fix) -> Vec<Arc<str>> {
    let files: BTreeSet<Arc<str>> = fix
        .edits
        .iter()
        .map(|edit| match &edit.operation {
            Operation::CreateFile { path, .. } => Arc::from(path.as_str()),
            _ => edit.at.place.path.clone(),
        })
        .collect();
    files.into_iter().collect()
}

pub(crate) fn changes_between(before: &State, after: &State) -> String {
    let changed = after.values().filter(|source| before.get(&source.path).is_none_or(|old| old.text != source.text));
    changed.map(|source| file_diff(&source.path, before.get(&source.path).map(|old| old.text.as_ref()), &source.text)).collect()
}
