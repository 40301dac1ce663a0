//! A fix as operations on nodes, and what became of it.

use std::sync::Arc;

use serde::Serialize;

use crate::{Place, Safety};

/// A change that mends a finding: all of its edits or none.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Fix {
    /// What to do, rendered.
    pub title: String,
    /// What applying it may change.
    pub safety: Safety,
    /// The edits; equal edits are listed once.
    pub edits: Vec<Edit>,
}

/// One operation on one node.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Serialize)]
pub struct Edit {
    /// The node it works on: its file and exact span. For `EnsureImport` and `CreateFile` any place in the file concerned.
    pub at: Place,
    /// What to do with it.
    pub operation: Operation,
}

/// Which argument of a call is meant.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum Argument {
    /// The n-th positional argument, from 1.
    Position(u32),
    /// A keyword argument (Python).
    Keyword(String),
}

/// Where in a block or body text is inserted.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum InsertPlace {
    /// Before the first item.
    Start,
    /// After the last item.
    End,
}

/// The edit operations of the rule language. Texts are rendered templates, named as in rule files.
#[allow(missing_docs)]
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum Operation {
    /// Put `with` in place of the node.
    Replace { with: String },
    /// Set `key: with` in an object literal; with `argument`, in that argument of a call (made if absent).
    SetKey { argument: Option<Argument>, key: String, with: String },
    /// Set an argument of a call; a position must exist already or be the next one.
    SetArgument { argument: Argument, with: String },
    /// Change what a string literal says, keeping its quotes.
    SetString { with: String },
    /// Insert statements before the statement that holds the node.
    InsertBefore { with: String },
    /// Insert statements after the statement that holds the node.
    InsertAfter { with: String },
    /// Insert an item at the start or end of the node's body.
    InsertIn { place: InsertPlace, with: String },
    /// Remove the node: a statement with its line, a list element with its separator.
    Remove,
    /// Move the statement that holds the node after the statement that holds `after`, in the same file, with the lines
    /// of `with` (a comment) before it.
    Move { after: Place, with: String },
    /// Make the innermost function around the node `async`.
    MakeAsync,
    /// Make `name` of module `from` available at the top of the file. Empty `from`: the module `name` itself (`import os`).
    EnsureImport { name: String, from: String },
    /// Create a file; it must not exist. `path` is relative to the root of the run.
    CreateFile { path: String, text: String },
}

/// What became of a finding's fix.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[serde(rename_all = "kebab-case", tag = "outcome")]
pub enum FixOutcome {
    /// Verified and part of the result.
    Applied,
    /// Not asked for: its safety is above what the run applies.
    NotRequested,
    /// Failed a check of verification; nothing of it is in the result.
    Rejected {
        /// The failed check: `edit`, `parse`, `still-there`, `new-finding`, `conflict`.
        check: &'static str,
        /// What happened, for a person.
        reason: String,
        /// The change it would have made, as a unified diff; empty if it could not be made.
        diff: String,
    },
}

/// A fix and what became of it, for the report.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct FixRecord {
    /// Full rule id.
    pub rule: String,
    /// Where the finding was before anything was applied.
    pub place: Place,
    /// The fix's title.
    pub title: String,
    /// Its safety.
    pub safety: Safety,
    /// What became of it.
    pub outcome: FixOutcome,
    /// The files it changes, sorted.
    pub files: Vec<Arc<str>>,
}
