//! A compiled pack: what `check` runs.

use std::collections::BTreeMap;

use globset::GlobSet;
use rune_model::{Confidence, InsertPlace, ParameterForm, RuleInfo, Safety, Severity};
use rune_pack::{ArgumentSpec, EditKind};
use rune_pattern::{Captures, Clause, Expression, Operand, Pattern, RowAtom, Slot, Value};
use rune_syntax::KindSet;
use rustc_hash::FxHashMap;
use serde_json::{Map, Value as Json};

use crate::around::Around;
use crate::limits::Limits;
use crate::prefilter::Prefilter;
use crate::relation::Relation;
use crate::schedule::Plan;
use crate::starts::Starts;
use crate::strata::Stratum;
use crate::template::{Renderer, Template};
use crate::visit;

/// A compiled pack.
#[derive(Debug)]
pub struct Program {
    /// The pack's name and version.
    pub pack: String,
    /// Of all that the pack's files say: 32 hex digits.
    pub digest: String,
    /// The rules for reports, by id.
    pub rules: Vec<RuleInfo>,
    pub(crate) bodies: Vec<Body>,
    pub(crate) reports: Vec<Reporting>,
    /// The bodies that fill relations: a level reads what lower levels fill.
    pub(crate) levels: Vec<Vec<Stratum>>,
    /// Relations as declared, with the rows of constant tables.
    pub(crate) relations: BTreeMap<String, Declared>,
    pub(crate) options: FxHashMap<String, OptionSetting>,
    pub(crate) option_values: Map<String, Json>,
    pub(crate) path_classes: Vec<(String, GlobSet)>,
    pub(crate) prefilter: Prefilter,
    /// The kinds of nodes at which bodies begin.
    pub(crate) start_kinds: KindSet,
    pub(crate) renderer: Renderer,
    pub(crate) limits: Limits,
}

impl Program {
    /// Leaves out the rules whose ids are not in `ids`, with what only they need.
    pub fn keep_rules(&mut self, ids: &[String]) {
        let rules = &self.rules;
        self.reports.retain(|reporting| ids.contains(&rules[reporting.rule].id));
    }
}

/// A relation before any file was read.
#[derive(Debug)]
pub(crate) struct Declared {
    pub(crate) columns: Vec<(String, rune_pack::ColumnType)>,
    pub(crate) visible_below: bool,
    pub(crate) rows: Vec<Vec<Option<Value>>>,
}

impl Declared {
    pub(crate) fn instantiate(&self, number: u32) -> Relation {
        let mut relation = Relation::new(number, self.columns.clone(), self.visible_below);
        for values in &self.rows {
            relation.add(crate::relation::Row { at: None, values: values.clone(), possible: false });
        }
        relation
    }
}

/// The matching part of a rule or relation rule.
#[derive(Debug)]
pub(crate) struct Body {
    pub(crate) id: String,
    pub(crate) captures: Captures,
    pub(crate) families: Vec<String>,
    pub(crate) files: Option<GlobSet>,
    /// The classes of paths in which it finds nothing, a bit each.
    pub(crate) skipped_classes: u64,
    /// The `match` text that places of clauses are offsets of.
    pub(crate) text: String,
    pub(crate) find: Pattern,
    /// Whether `find` starts from code, so that files are scanned for it; else it starts from rows.
    pub(crate) from_code: bool,
    /// Where in a file `find` can begin.
    pub(crate) starts: Starts,
    /// What must stand around the place where it begins.
    pub(crate) around: Vec<Around>,
    /// Rows at whose places `find` begins, instead of everywhere that `starts` says.
    pub(crate) start_rows: Option<RowAtom>,
    pub(crate) plan: Plan,
    /// The relations it reads.
    pub(crate) reads: Vec<String>,
    pub(crate) head: Option<Head>,
}

impl Body {
    /// The rows it joins on, with whether under a negation.
    pub(crate) fn atoms(&self) -> Vec<(&RowAtom, bool)> {
        let clauses = [&self.plan.local[..], &self.plan.joined].into_iter().flat_map(visit::rows);
        visit::rows(&self.find).into_iter().chain(clauses).collect()
    }
}

/// The row that a relation rule gives.
#[derive(Debug)]
pub(crate) struct Head {
    pub(crate) relation: String,
    /// For each column of the relation, the operand that fills it.
    pub(crate) columns: Vec<Option<Operand>>,
}

/// The reporting part of a rule.
#[derive(Debug)]
pub(crate) struct Reporting {
    /// Its body's number.
    pub(crate) body: usize,
    /// Its number in [`Program::rules`].
    pub(crate) rule: usize,
    pub(crate) severity: Severity,
    /// Severities with their guards; the first that holds wins over `severity`.
    pub(crate) severities: Vec<(Severity, Vec<Clause>)>,
    pub(crate) confidence: Confidence,
    pub(crate) message: Template,
    pub(crate) related: Vec<(Slot, Template)>,
    pub(crate) fixes: Vec<FixPlan>,
}

/// A compiled fix.
#[derive(Debug)]
pub(crate) struct FixPlan {
    pub(crate) title: Template,
    /// The title as written.
    pub(crate) name: String,
    pub(crate) guard: Vec<Clause>,
    /// The text of the guard.
    pub(crate) guard_text: String,
    pub(crate) safety: Safety,
    pub(crate) edits: Vec<EditPlan>,
    /// Names of captures and what they are for the files of a fix that comes behind this one.
    pub(crate) then: Vec<(String, Template)>,
}

impl FixPlan {
    /// Every text of the fix.
    pub(crate) fn templates(&self) -> impl Iterator<Item = &Template> {
        let edits = self.edits.iter().flat_map(EditPlan::templates);
        std::iter::once(&self.title).chain(edits).chain(self.then.iter().map(|(_, template)| template))
    }
}

impl EditPlan {
    fn templates(&self) -> impl Iterator<Item = &Template> {
        [&self.with, &self.key, &self.name, &self.from, &self.path, &self.style].into_iter().flatten()
    }
}

/// A compiled edit.
#[derive(Debug)]
pub(crate) struct EditPlan {
    pub(crate) kind: EditKind,
    pub(crate) at: Option<Slot>,
    pub(crate) with: Option<Template>,
    pub(crate) argument: Option<ArgumentSpec>,
    pub(crate) key: Option<Template>,
    pub(crate) place: InsertPlace,
    pub(crate) after: Option<Slot>,
    pub(crate) name: Option<Template>,
    pub(crate) from: Option<Template>,
    pub(crate) path: Option<Template>,
    pub(crate) style: Option<Template>,
    pub(crate) into: Option<Slot>,
    pub(crate) form: Option<ParameterForm>,
}

/// A knob as conditions see it.
#[derive(Debug, Clone)]
pub(crate) struct OptionSetting {
    pub(crate) value: Value,
    pub(crate) regex: Option<Expression>,
}
