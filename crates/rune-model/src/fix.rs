//! A fix as operations on nodes, and what became of it.

use std::sync::Arc;

use serde::Serialize;

use crate::{Place, Safety, Span};

/// A change that mends a finding: all of its edits or none.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Fix {
    /// What to do, rendered.
    pub title: String,
    /// What applying it may change.
    pub safety: Safety,
    /// The edits; equal edits are listed once.
    pub edits: Vec<Edit>,
    /// What its new files are made from, if they can come behind those of another fix.
    #[serde(skip)]
    pub chain: Option<Chain>,
}

/// What the new files of a fix are made from. Fixes that would each make the next file of a series, as migrations
/// behind the newest one, come one behind the other.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Chain {
    /// The number of the fix among those of its rule, from 0.
    pub plan: u32,
    /// Its captures by name, as templates print them.
    pub values: Vec<(String, String)>,
}

/// The node an edit works on. Its number tells nodes of one span apart: a call and the statement that is only that call.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Serialize)]
pub struct Target {
    /// Its file and exact span.
    #[serde(flatten)]
    pub place: Place,
    /// Its number in the tree of the text that the finding was found in.
    #[serde(skip)]
    pub node: u32,
}

/// One operation on one node.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Serialize)]
pub struct Edit {
    /// What it works on. For `EnsureImport` and `CreateFile` any node of the file concerned.
    pub at: Target,
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

/// How parameters are passed on.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum ParameterForm {
    /// One list.
    List,
    /// Each an argument of its own.
    Arguments,
    /// An object or dictionary, by name.
    Keys,
}

/// How a driver writes the places of parameters in a text.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum ParameterStyle {
    /// With a number from 1 behind these characters: `$1`, `:1`, `@p1`.
    Numbered(String),
    /// All alike, `?` or `%s`; the order tells them apart.
    Alike(String),
    /// With a name between these characters: `:name`, `@name`, `%(name)s`.
    Named(String, String),
}

impl ParameterStyle {
    /// The style of which `sample` is the first place; `None` if it is no such place.
    pub fn of(sample: &str) -> Option<ParameterStyle> {
        if matches!(sample, "?" | "%s") {
            return Some(ParameterStyle::Alike(sample.to_owned()));
        }
        let is_sign =
            |text: &str| !text.is_empty() && !text.contains(char::is_whitespace) && !text.starts_with(char::is_alphanumeric);
        if let Some((before, behind)) = sample.split_once("name").filter(|(before, _)| is_sign(before)) {
            return Some(ParameterStyle::Named(before.to_owned(), behind.to_owned()));
        }
        let before = sample.strip_suffix('1').filter(|before| is_sign(before))?;
        Some(ParameterStyle::Numbered(before.to_owned()))
    }

    /// The place of the parameter with this number (from 1) and name.
    pub fn place(&self, number: usize, name: &str) -> String {
        match self {
            ParameterStyle::Numbered(before) => format!("{before}{number}"),
            ParameterStyle::Alike(place) => place.clone(),
            ParameterStyle::Named(before, behind) => format!("{before}{name}{behind}"),
        }
    }
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
    Move { after: Target, with: String },
    /// Make the innermost function around the node `async`.
    MakeAsync,
    /// Make of a text that is put together from values one with places for parameters, written in `style` (`$1`, `?`,
    /// `%s`, `:name`); the values go to `into`, a call or an object literal in the same file: to its `argument`, under
    /// its `key` unless that is empty.
    Parameterize { style: String, into: Target, argument: Option<Argument>, key: String, form: Option<ParameterForm> },
    /// Make `name` of module `from` available at the top of the file. Empty `from`: the module `name` itself (`import os`).
    EnsureImport { name: String, from: String },
    /// Create a file; it must not exist. `path` is relative to the root of the run.
    CreateFile { path: String, text: String },
}

/// A text in place of a span; of an empty span, an insertion.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Change {
    /// What is replaced.
    pub span: Span,
    /// What takes its place.
    pub text: String,
}

/// What a fix changes in one file, by place.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct FileChange {
    /// The file; it may be new.
    pub path: Arc<str>,
    /// Changes that do not overlap, in order.
    pub changes: Vec<Change>,
}

/// What a fix can fail.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum Check {
    /// The edit cannot be made: the code has not the shape it needs, or the file is not written to.
    Edit,
    /// A file would have more syntax errors than before.
    ParseError,
    /// A name in the new code is neither defined nor imported.
    UnknownName,
    /// A package in the new code is in no manifest.
    UnlistedPackage,
    /// The finding would still be there.
    StillFound,
    /// The finding would still be there, and a second run would apply the fix again.
    NotIdempotent,
    /// A rule of the run would find something new.
    NewFinding,
    /// What it makes, another rule's fix would take back.
    UndoneByAnother,
    /// The project's own command fails with it.
    VerifyCommand,
    /// It overlaps other fixes, and the rounds were used up.
    Conflict,
    /// One of its files was not written.
    Write,
}

impl Check {
    /// The name used in reports.
    pub fn as_str(self) -> &'static str {
        match self {
            Check::Edit => "edit",
            Check::ParseError => "parse-error",
            Check::UnknownName => "unknown-name",
            Check::UnlistedPackage => "unlisted-package",
            Check::StillFound => "still-found",
            Check::NotIdempotent => "not-idempotent",
            Check::NewFinding => "new-finding",
            Check::UndoneByAnother => "undone-by-another",
            Check::VerifyCommand => "verify-command",
            Check::Conflict => "conflict",
            Check::Write => "write",
        }
    }

    /// Whether the same fix may pass once others are applied.
    pub fn may_pass_later(self) -> bool {
        matches!(self, Check::UnknownName | Check::StillFound | Check::NotIdempotent | Check::NewFinding)
    }
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
        /// The failed check.
        check: Check,
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
    #[serde(flatten)]
    pub outcome: FixOutcome,
    /// The files it changes, sorted.
    pub files: Vec<Arc<str>>,
}
