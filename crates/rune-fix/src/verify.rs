//! The checks that a fix must pass before it counts, each with a name: the files parse as well as before, no name is
//! left undefined, no package is missing from the manifest, the finding is gone, nothing new is found, and a second run would change nothing.

use std::collections::BTreeMap;
use std::sync::Arc;

use rune_model::{Certainty, Check, Finding, Safety, Source};

use crate::batch::{Batch, State, Trees};
use crate::edit::File;
use crate::names::unknown;
use crate::packages::unlisted;
use crate::settle::CheckAgain;

/// Why a batch was not taken: the check that failed, and what happened.
pub(crate) type Failure = (Check, String);

/// What a batch is verified against.
pub(crate) struct Verifier<'a> {
    pub(crate) state: &'a State,
    pub(crate) trees: &'a Trees,
    pub(crate) check: CheckAgain<'a>,
}

/// Certain findings by rule and file.
type Counts = BTreeMap<(String, Arc<str>), i64>;

impl Verifier<'_> {
    /// The checks that look at the changed texts alone.
    pub(crate) fn texts(&self, batch: &Batch) -> Result<(), Failure> {
        for (path, source) in &batch.sources {
            let Some(new) = File::new(source) else { continue };
            let old = self.trees.get(self.state, path);
            let n_errors = |file: &File| file.ast.errors().len();
            if n_errors(&new) > old.as_deref().map_or(0, n_errors) {
                return Err((Check::ParseError, format!("`{path}` would no longer parse")));
            }
            if let Some(name) = unknown(old.as_deref(), &new).first() {
                return Err((Check::UnknownName, format!("`{name}` is neither defined nor imported in `{path}`")));
            }
            if let Some(package) = unlisted(self.state, self.trees, old.as_deref(), &new) {
                return Err((Check::UnlistedPackage, format!("`{path}` would import `{package}`, which no manifest lists")));
            }
        }
        Ok(())
    }

    /// All checks; gives the findings of the new state.
    pub(crate) fn verify(&self, before: &[Finding], batch: &Batch) -> Result<Vec<Finding>, Failure> {
        self.texts(batch)?;
        let after = self.findings_with(batch);
        let (old, new) = (counts(before), counts(&after));
        let mut expected = old.clone();
        for finding in &batch.findings {
            *expected.entry((finding.rule.clone(), finding.place.path.clone())).or_default() -= 1;
        }
        let too_many = |(key, n): (&(String, Arc<str>), &i64)| *n > expected.get(key).copied().unwrap_or(0);
        let Some((rule, path)) = new.iter().find(|entry| too_many(*entry)).map(|(key, _)| key) else { return Ok(after) };
        // A batch is halved whatever it fails; one fix alone is told what it does.
        let [finding] = batch.findings.as_slice() else { return Err((Check::NewFinding, String::new())) };
        let is_same = |other: &&Finding| other.fingerprint == finding.fingerprint && other.rule == finding.rule;
        match after.iter().find(is_same) {
            Some(still) => Err(self.still_found(batch, still)),
            None => Err(self.newly_found(batch, before, &after, (rule, path))),
        }
    }

    fn findings_with(&self, batch: &Batch) -> Vec<Finding> {
        let sources: Vec<Source> = batch.on(self.state).into_values().collect();
        (self.check)(&sources)
    }

    /// The finding is still there: a second run would apply the fix again if that changed the text again.
    fn still_found(&self, batch: &Batch, still: &Finding) -> Failure {
        let again = second(batch, self.state, still);
        let would_change = again.is_some_and(|texts| texts.iter().any(|(path, text)| *text != text_of(batch, self.state, path)));
        match would_change {
            true => (Check::NotIdempotent, format!("`{}` would be found and fixed again by a second run", still.rule)),
            false => (Check::StillFound, format!("`{}` would still be found in `{}`", still.rule, still.place.path)),
        }
    }

    /// Another finding appears: one whose fix gives the old text back makes the two a pair that never ends.
    fn newly_found(&self, batch: &Batch, before: &[Finding], after: &[Finding], key: (&String, &Arc<str>)) -> Failure {
        let known: Vec<&str> = before.iter().map(|finding| finding.fingerprint.as_str()).collect();
        let is_new = |finding: &&Finding| {
            finding.certainty == Certainty::Certain
                && finding.rule == *key.0
                && finding.place.path == *key.1
                && !known.contains(&finding.fingerprint.as_str())
        };
        for new in after.iter().filter(is_new) {
            let Some(texts) = second(batch, self.state, new) else { continue };
            let is_undone = |(path, text): (&Arc<str>, &Arc<str>)| self.state.get(path).is_some_and(|old| old.text == *text);
            if texts.iter().any(is_undone) {
                let reason = format!("it and the fix of `{}` undo each other in `{}`", new.rule, new.place.path);
                return (Check::UndoneByAnother, reason);
            }
        }
        (Check::NewFinding, format!("`{}` would newly be found in `{}`", key.0, key.1))
    }
}

fn counts(findings: &[Finding]) -> Counts {
    let mut counts = Counts::new();
    for finding in findings.iter().filter(|finding| finding.certainty == Certainty::Certain) {
        *counts.entry((finding.rule.clone(), finding.place.path.clone())).or_default() += 1;
    }
    counts
}

fn text_of(batch: &Batch, state: &State, path: &Arc<str>) -> Arc<str> {
    batch.sources.get(path).or_else(|| state.get(path)).map_or_else(|| "".into(), |source| source.text.clone())
}

/// The texts that the fix of `finding` would give after the batch; `None` if it has none that would be applied.
fn second(batch: &Batch, state: &State, finding: &Finding) -> Option<BTreeMap<Arc<str>, Arc<str>>> {
    finding.fix.as_ref().filter(|fix| fix.safety != Safety::Display)?;
    let mut again = Batch::default();
    again.add(&batch.on(state), &Trees::default(), finding, None).ok()?;
    Some(again.sources.into_iter().map(|(path, source)| (path, source.text)).collect())
}
