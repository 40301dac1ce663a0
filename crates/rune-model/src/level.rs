//! The scales a rule speaks on. Every scale orders from the gravest (or surest) to the least.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

/// How bad the defect is where the rule is right.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "lowercase")]
pub enum Severity {
    /// Exploitable or data-losing as written.
    Critical,
    /// Wrong in production under ordinary use.
    High,
    /// Wrong under some use, or a contract that clients will trip over.
    Medium,
    /// Worth a change when the file is open.
    Low,
    /// A remark for the inventory; never fails a run.
    Info,
}

/// How often a strict reviewer would agree with a finding of the rule.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "lowercase")]
pub enum Confidence {
    /// At least nine of ten.
    High,
    /// About three of four.
    Medium,
    /// Every second one.
    Low,
}

/// Whether everything a match rests on was known.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "lowercase")]
pub enum Certainty {
    /// Every value that decided was known.
    Certain,
    /// An unknown value decided; shown only on request.
    Possible,
}

/// What applying a fix may change; the three levels of Ruff with the same meaning.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "lowercase")]
pub enum Safety {
    /// Keeps behaviour, or is provably better; applied by `--fix`.
    Safe,
    /// May change what a client or a deployment sees; applied by `--unsafe-fixes`.
    Unsafe,
    /// Needs a decision; shown, never applied.
    Display,
}

macro_rules! display_lowercase {
    ($($name:ident { $($variant:ident => $text:literal),+ })+) => {$(
        impl $name {
            /// Every value, in the order of the scale.
            pub const ALL: &'static [$name] = &[$($name::$variant),+];

            /// The word used in rule files and reports.
            pub fn as_str(self) -> &'static str {
                match self { $($name::$variant => $text),+ }
            }
        }
        impl std::fmt::Display for $name {
            fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
                f.write_str(self.as_str())
            }
        }
    )+};
}

display_lowercase! {
    Severity { Critical => "critical", High => "high", Medium => "medium", Low => "low", Info => "info" }
    Confidence { High => "high", Medium => "medium", Low => "low" }
    Certainty { Certain => "certain", Possible => "possible" }
    Safety { Safe => "safe", Unsafe => "unsafe", Display => "display" }
}
