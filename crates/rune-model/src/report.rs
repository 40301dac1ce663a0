//! The result of a run as every output format reads it.

use std::collections::BTreeMap;
use std::sync::Arc;

use serde::Serialize;

use crate::{Confidence, FileChange, Finding, FixRecord, Place, Safety, Severity, Source};

/// Why a file was not (fully) checked.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum SkipReason {
    /// Reading failed.
    Unreadable,
    /// Not UTF-8.
    NotUtf8,
    /// Holds NUL bytes: not a text.
    Binary,
    /// Larger than the size limit.
    TooLarge,
    /// Not a regular file (pipe, socket, device).
    NotAFile,
    /// A symbolic link; links are not followed.
    Link,
    /// Parsed only in part: what lies in the unparsed part was not checked.
    ParseErrors,
    /// A rule used up its step budget on this file.
    Budget,
    /// A fault inside rune while this file was checked.
    Failed,
}

impl SkipReason {
    /// The reason in a few words, as printed.
    pub fn as_str(self) -> &'static str {
        match self {
            SkipReason::Unreadable => "unreadable",
            SkipReason::NotUtf8 => "not UTF-8",
            SkipReason::Binary => "binary",
            SkipReason::TooLarge => "too large",
            SkipReason::NotAFile => "not a regular file",
            SkipReason::Link => "symbolic link",
            SkipReason::ParseErrors => "parsed only in part",
            SkipReason::Budget => "step budget used up",
            SkipReason::Failed => "internal fault",
        }
    }

    /// Whether the run is incomplete because of it. Links are skipped by design; partly parsed files are reported but do not fail a run.
    pub fn is_incomplete(self) -> bool {
        !matches!(self, SkipReason::Link | SkipReason::ParseErrors | SkipReason::Binary)
    }
}

/// A file that was not, or not fully, checked.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Serialize)]
pub struct Skipped {
    /// Path relative to the root of the run.
    pub path: Arc<str>,
    /// Why.
    pub reason: SkipReason,
    /// More about it (the system's error, the rule over budget); may be empty.
    pub detail: String,
}

/// A rule, or a rule that gives rows, that was not solved to its end: what it finds or gives may be incomplete.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Serialize)]
pub struct Unfinished {
    /// Its id.
    pub rule: String,
    /// What was used up.
    pub reason: String,
}

/// What could not be known, and so kept rules silent.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Unknown {
    /// Candidates of a rule rest on values or rows that are not known.
    Values {
        /// The rule's id.
        rule: String,
        /// How many findings this held back.
        held_back: usize,
        /// The first of them.
        places: Vec<HeldBack>,
    },
    /// Rules have nothing to judge: the project has nothing that they join on, and nothing that could give it.
    Rows {
        /// The relation without rows.
        relation: String,
        /// The ids of the rules.
        rules: Vec<String>,
    },
}

/// A finding that was held back.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct HeldBack {
    /// The rule's id.
    pub rule: String,
    /// Where it would be.
    pub place: Place,
    /// What is not known.
    pub reason: String,
    /// Where that stands, if it has a place.
    pub at: Option<Place>,
}

/// A rule as reports and `rune explain` show it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct RuleInfo {
    /// Full id, `<pack>/<rule>`.
    pub id: String,
    /// The skill (folder) it belongs to.
    pub skill: String,
    /// The defect in a few words.
    pub summary: String,
    /// How bad.
    pub severity: Severity,
    /// How sure.
    pub confidence: Confidence,
    /// Why it hurts, in Markdown.
    pub why: String,
    /// CWE numbers, RFCs, addresses.
    pub references: Vec<String>,
    /// The safety of each of its fixes, in order; empty if it has none.
    pub fixes: Vec<Safety>,
    /// The first `bad` example, if it is a single text.
    pub bad: Option<String>,
    /// Its `fixed` text.
    pub fixed: Option<String>,
    /// The first `good` example, if it is a single text.
    pub good: Option<String>,
}

/// The result of one run.
#[derive(Debug, Clone, PartialEq)]
pub struct Report {
    /// Names and versions of the packs, `backend 0.1.0`.
    pub packs: Vec<String>,
    /// The rules that ran, by id.
    pub rules: Vec<RuleInfo>,
    /// What was found, by path, start, rule. Certain findings, and possible ones if they were asked for.
    pub findings: Vec<Finding>,
    /// How many possible findings were left out of `findings`.
    pub n_possible_hidden: usize,
    /// What became of fixes; empty when none were tried.
    pub fixes: Vec<FixRecord>,
    /// Files not or not fully checked, by path.
    pub skipped: Vec<Skipped>,
    /// How many files were checked.
    pub n_files: usize,
    /// How many files there were in all (checked and skipped).
    pub n_files_total: usize,
    /// Wall time in milliseconds; text output only.
    pub elapsed_ms: u64,
    /// Worker threads used.
    pub n_threads: usize,
    /// What could not be known, and so kept rules silent.
    pub unknowns: Vec<Unknown>,
    /// Rules that were not solved to their end.
    pub unfinished: Vec<Unfinished>,
    /// The texts of all files with findings or related places, for excerpts.
    pub sources: Vec<Source>,
    /// The root of the run, an absolute path with `/`; empty where there is none to tell.
    pub root: String,
    /// What each fix would change, by fingerprint of its finding; only for formats that carry it.
    pub changes: BTreeMap<String, Vec<FileChange>>,
}
