//! The nouns that cross crate borders: severities, places, problems, findings, fixes, the report.
//! Plain values with public fields. Never reads a file, never prints.

mod finding;
mod fix;
mod level;
mod place;
mod problem;
mod report;
mod why;

pub use finding::{Finding, Related};
pub use fix::{
    Argument, Chain, Change, Check, Edit, FileChange, Fix, FixOutcome, FixRecord, InsertPlace, Operation, ParameterForm,
    ParameterStyle, Target,
};
pub use level::{Certainty, Confidence, Safety, Severity};
pub use place::{LineIndex, Place, Source, Span};
pub use problem::{Problem, ProblemLevel};
pub use report::{HeldBack, Report, RuleInfo, SkipReason, Skipped, Unfinished, Unknown};
pub use why::{About, Explanation, Note, Outcome, Step, Try, Verdict, Why};
