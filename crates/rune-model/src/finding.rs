//! A finding: one defect in one place, with what to do about it.

use serde::Serialize;

use crate::{Certainty, Confidence, Fix, Place, Severity};

/// One defect found by one rule at one place.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Finding {
    /// Full id, `<pack>/<rule>`.
    pub rule: String,
    /// The skill (folder) the rule belongs to.
    pub skill: String,
    /// The rule's severity.
    pub severity: Severity,
    /// The rule's confidence.
    pub confidence: Confidence,
    /// Whether an unknown value decided this match.
    pub certainty: Certainty,
    /// The rendered `report` line.
    pub message: String,
    /// The focused node.
    pub place: Place,
    /// Further places a reviewer wants to see, in source order.
    pub related: Vec<Related>,
    /// The first fix whose guard held; `None` if the rule has none here.
    pub fix: Option<Fix>,
    /// Why there is no fix although the rule has some; `None` otherwise.
    pub no_fix: Option<String>,
    /// Stable across unrelated edits: rule, path, enclosing names, matched tokens, ordinal. 32 hex digits.
    pub fingerprint: String,
}

/// A place that explains a finding.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Serialize)]
pub struct Related {
    /// Where.
    pub place: Place,
    /// What is to be seen there.
    pub message: String,
}
