//! Why a rule finds something at a line, or does not: what `rune why` tells.

use std::sync::Arc;

use serde::Serialize;

use crate::Place;

/// The answer to `rune why`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Why {
    /// What was asked for: the id of a rule or relation rule, or the name of a relation.
    pub name: String,
    /// The file, relative to the root of the run.
    pub path: Arc<str>,
    /// The line, from 1.
    pub line: u32,
    /// One for each rule that is meant, those that got furthest first; several for a relation, never empty.
    pub rules: Vec<Explanation>,
}

/// How one rule fares at the line.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Explanation {
    /// Its id.
    pub rule: String,
    /// What came of it.
    pub verdict: Verdict,
    /// Why it does not look at the file, or at this part of it; empty if nothing hinders.
    pub obstacles: Vec<Note>,
    /// The places at which it could begin, the one that got furthest first; empty if there is none.
    pub tries: Vec<Try>,
}

/// What came of a rule at a line.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum Verdict {
    /// It finds something, for certain.
    Finds,
    /// It finds something, if an unknown value is as it asks.
    Possible,
    /// It finds nothing.
    Nothing,
    /// It does not look at the file.
    NotLookedAt,
}

/// One place at which a rule could begin.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Try {
    /// The node.
    pub at: Place,
    /// What came of it.
    pub verdict: Verdict,
    /// The clauses in the order of the rule file.
    pub steps: Vec<Step>,
    /// What it gives if all of them hold: the row, or the message with the fix.
    pub result: Vec<Note>,
}

/// What a clause says of one place.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Step {
    /// The clause, on one line.
    pub clause: String,
    /// What came of it.
    pub outcome: Outcome,
    /// What it bound, joined, and why.
    pub notes: Vec<Note>,
}

/// What came of a clause.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum Outcome {
    /// It holds.
    Held,
    /// It holds if an unknown value is as it asks.
    Possible,
    /// It does not hold.
    Failed,
    /// A clause that is solved earlier failed.
    NotReached,
}

/// A remark, with the place it is about.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Note {
    /// What kind of remark.
    pub about: About,
    /// The remark.
    pub text: String,
    /// The place, if there is one.
    pub at: Option<Place>,
}

/// What a remark is about.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum About {
    /// A capture and what it is bound to.
    Binding,
    /// What lets the code differ from the pattern.
    Equivalence,
    /// The place in the grammar that a pattern's code was read at.
    Context,
    /// A row that was joined, or denies.
    Row,
    /// The absence of a row, and which come near.
    Absence,
    /// What is not known.
    Unknown,
    /// Code that fits, or where it parts from the pattern.
    Code,
    /// A value that was compared.
    Value,
    /// Why a file, or a part of it, is not looked at.
    File,
    /// What was used up.
    Budget,
    /// What the rule gives.
    Result,
    /// A fix that was chosen, or why it was not.
    Fix,
}
