//! What is wrong with a pack or a configuration, for the person who wrote it.

use std::sync::Arc;

use serde::Serialize;

use crate::Span;

/// Whether a problem stops the run.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum ProblemLevel {
    /// The pack cannot be used until it is mended.
    Error,
    /// The pack works; the author should look.
    Warning,
}

/// One problem of a pack: where, what, and what to do.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Problem {
    /// A stable kebab-case code without prefix, e.g. `unbound`; printed as `rune::unbound`.
    pub code: &'static str,
    /// Error or warning.
    pub level: ProblemLevel,
    /// The pack file, relative to the folder the user named (or `<pack name>/…` for an embedded pack).
    pub path: Arc<str>,
    /// The text of that file, for the excerpt; empty when it could not be read.
    #[serde(skip)]
    pub text: Arc<str>,
    /// The bytes of the file the problem is about; `None` for the file as a whole.
    pub span: Option<Span>,
    /// What is wrong: lower case, no full stop, code in backticks.
    pub message: String,
    /// What to do about it, if more can be said than the message does.
    pub help: Option<String>,
}
