//! The one function: from a program and sources to what was found. Files are scanned in parallel, then relations are
//! filled stratum by stratum, then rules are joined. The same input gives the same output at any number of threads.

use std::cell::OnceCell;
use std::sync::Arc;

use rayon::prelude::*;
use rune_model::{Certainty, Finding, Place, SkipReason, Skipped, Source};
use rune_pattern::{Env, Matcher, Value};
use rune_syntax::{Language, NodeRef, Project};
use rustc_hash::FxHashMap;

use crate::eval::{NOWHERE, Relations, Solver, State};
use crate::finding::findings_of;
use crate::program::{Body, Program};
use crate::relation::{Relation, Row};
use crate::starts::Nodes;

/// Steps a body may take on one file.
const STEPS_PER_FILE: u64 = 2_000_000;

/// Steps a body may take on joins, over the whole project.
const STEPS_PER_JOIN: u64 = 400_000_000;

/// How often a recursive group of relations is run at most.
const MAX_ROUNDS: usize = 16;

/// What `check` found.
#[derive(Debug)]
pub struct Found {
    /// Findings of all rules, possible ones included, by path, place and rule.
    pub findings: Vec<Finding>,
    /// Files that were read only in part.
    pub skipped: Vec<Skipped>,
    /// How many files were checked.
    pub n_files: usize,
}

/// A row of a relation as people read it.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct Fact {
    /// Where it was found; `None` for constants of the pack.
    pub place: Option<Place>,
    /// The columns with a value, by name.
    pub columns: Vec<(String, String)>,
    /// Whether an unknown decided.
    pub possible: bool,
}

/// Checks `sources` with `program`.
pub fn check(program: &Program, sources: &[Source]) -> Found {
    check_watched(program, sources, &|| {})
}

/// [`check`], calling `scanned` after each file, from any thread.
pub fn check_watched(program: &Program, sources: &[Source], scanned: &(dyn Fn() + Sync)) -> Found {
    let project = Project::new(sources);
    let run = Run::new(program, &project, scanned);
    let findings = run.findings();
    let mut skipped = run.skipped;
    skipped.extend(partly_parsed(&project));
    skipped.sort();
    skipped.dedup();
    Found { findings, skipped, n_files: project.n_files() as usize }
}

/// The rows of one relation over `sources`; `None` if the pack declares no such relation.
pub fn facts(program: &Program, sources: &[Source], relation: &str) -> Option<Vec<Fact>> {
    let project = Project::new(sources);
    let run = Run::new(program, &project, &|| {});
    let relation = run.relations.get(relation)?;
    let mut facts: Vec<Fact> = relation.rows.iter().map(|row| fact(&project, relation, row)).collect();
    facts.sort();
    Some(facts)
}

fn fact(project: &Project, relation: &Relation, row: &Row) -> Fact {
    let place = row.at.map(|at| Place { path: project.source(at.file).path.clone(), span: project.span(at) });
    let named = relation.columns.iter().zip(&row.values);
    let columns = named.filter_map(|((name, _), value)| value.as_ref().map(|v| (name.clone(), shown(project, v)))).collect();
    Fact { place, columns, possible: row.possible }
}

/// A value as templates print it: the source of a node, the value of anything else.
pub(crate) fn shown(project: &Project, value: &Value) -> String {
    match value {
        Value::Node(node) => project.text(*node).to_owned(),
        Value::Nodes(nodes) => nodes.iter().map(|node| project.text(*node)).collect::<Vec<_>>().join(", "),
        Value::List(items) => items.iter().map(|item| shown(project, item)).collect::<Vec<_>>().join(", "),
        Value::Duration(ms) => format!("{ms}"),
        Value::Unknown => "?".to_owned(),
        other => other.as_text().unwrap_or_default(),
    }
}

fn partly_parsed(project: &Project) -> Vec<Skipped> {
    let parsed = (0..project.n_files()).filter(|file| project.is_parsed(*file));
    let broken = parsed.filter(|file| !project.ast(*file).errors().is_empty());
    broken
        .map(|file| Skipped {
            path: project.source(file).path.clone(),
            reason: SkipReason::ParseErrors,
            detail: format!("{} places", project.ast(file).errors().len()),
        })
        .collect()
}

/// A match of a body's code part, waiting for rows.
pub(crate) struct Candidate {
    pub(crate) body: usize,
    pub(crate) state: State,
}

/// One run over a project.
pub(crate) struct Run<'a> {
    pub(crate) program: &'a Program,
    pub(crate) project: &'a Project,
    pub(crate) relations: Relations,
    candidates: FxHashMap<usize, Vec<State>>,
    skipped: Vec<Skipped>,
}

impl<'a> Run<'a> {
    pub(crate) fn new(program: &'a Program, project: &'a Project, scanned: &(dyn Fn() + Sync)) -> Run<'a> {
        let relations = program.relations.iter().map(|(name, declared)| (name.clone(), declared.instantiate())).collect();
        let mut run = Run { program, project, relations, candidates: FxHashMap::default(), skipped: Vec::new() };
        run.scan(scanned);
        run.fill();
        run
    }

    pub(crate) fn solver(&self, budget: u64) -> Solver<'_> {
        Solver {
            project: self.project,
            matcher: Matcher::new(self.project, budget),
            relations: &self.relations,
            options: &self.program.options,
        }
    }

    /// Finds the code of every body in every file that can hold it.
    fn scan(&mut self, scanned: &(dyn Fn() + Sync)) {
        let files: Vec<u32> = (0..self.project.n_files()).collect();
        let this = &*self;
        let scan = |file: &u32| {
            let found = this.scan_file(*file);
            scanned();
            found
        };
        let found: Vec<(Vec<Candidate>, Vec<Skipped>)> = files.par_iter().map(scan).collect();
        for (candidates, skipped) in found {
            self.skipped.extend(skipped);
            for candidate in candidates {
                self.candidates.entry(candidate.body).or_default().push(candidate.state);
            }
        }
    }

    fn scan_file(&self, file: u32) -> (Vec<Candidate>, Vec<Skipped>) {
        let source = self.project.source(file);
        let language = self.project.language(file);
        let texts = self.program.prefilter.scan(&source.text);
        let mut candidates = Vec::new();
        let mut skipped = Vec::new();
        let nodes = OnceCell::new();
        for (number, body) in self.program.bodies.iter().enumerate() {
            if !body.from_code || !body.takes(language, &source.path) || !self.program.prefilter.admits(number, &texts) {
                continue;
            }
            if self.is_skipped(body, &source.path) {
                continue;
            }
            let solver = self.solver(STEPS_PER_FILE);
            let nodes = nodes.get_or_init(|| Nodes::new(self.project.ast(file), &source.text));
            let states = self.matches_in(&solver, body, file, nodes);
            if solver.matcher.is_exhausted() {
                let detail = format!("rule {}", body.id);
                skipped.push(Skipped { path: source.path.clone(), reason: SkipReason::Budget, detail });
            }
            candidates.extend(states.into_iter().map(|state| Candidate { body: number, state }));
        }
        (candidates, skipped)
    }

    /// Whether the path is of a class that the body skips.
    pub(crate) fn is_skipped(&self, body: &Body, path: &str) -> bool {
        let classes = self.program.path_classes.iter();
        classes.filter(|(name, _)| body.skip.contains(name)).any(|(_, globs)| globs.is_match(path))
    }

    fn matches_in(&self, solver: &Solver<'_>, body: &Body, file: u32, nodes: &Nodes<'_>) -> Vec<State> {
        let env = Env::new(body.captures.names().len());
        let mut found = Vec::new();
        for node in nodes.at(&body.starts) {
            let at = NodeRef { file, node };
            for env in solver.pattern(&body.find, at, &env) {
                let state = State { root: at, focus: None, env };
                found.extend(solver.clauses(&body.plan.local, state));
            }
            if solver.matcher.is_exhausted() {
                break;
            }
        }
        found
    }

    /// Fills the relations, stratum by stratum.
    fn fill(&mut self) {
        for stratum in &self.program.strata {
            for _ in 0..MAX_ROUNDS {
                let mut grown = false;
                for number in stratum {
                    for (name, row) in self.rows_of(*number) {
                        if let Some(relation) = self.relations.get_mut(&name) {
                            grown |= relation.add(row);
                        }
                    }
                }
                if !grown || stratum.len() == 1 && !self.is_recursive(stratum[0]) {
                    break;
                }
            }
        }
    }

    fn is_recursive(&self, number: usize) -> bool {
        let body = &self.program.bodies[number];
        let Some(head) = &body.head else { return false };
        let mut atoms = Vec::new();
        crate::schedule::pattern_relations(&body.find, false, &mut atoms);
        atoms.extend(crate::schedule::relations_of(&body.plan.joined));
        atoms.iter().any(|(atom, _)| atom.relation == head.relation)
    }

    fn rows_of(&self, number: usize) -> Vec<(String, Row)> {
        let body = &self.program.bodies[number];
        let Some(head) = &body.head else { return Vec::new() };
        let solver = self.solver(STEPS_PER_JOIN);
        let columns = &self.relations[&head.relation].columns;
        let states = self.solve(&solver, number);
        let row = |state: State| {
            let mut possible = state.env.possible;
            let values = head.columns.iter().zip(columns).map(|(operand, (_, kind))| {
                let value = operand.as_ref().and_then(|operand| solver.value(operand, &state))?;
                let value = solver.coerce(&value, kind);
                possible |= value == Value::Unknown;
                Some(value)
            });
            let values = values.collect();
            Row { at: Some(state.focus.unwrap_or(state.root)), values, possible }
        };
        states.into_iter().map(row).map(|row| (head.relation.clone(), row)).collect()
    }

    /// All states of a body.
    pub(crate) fn solve(&self, solver: &Solver<'_>, number: usize) -> Vec<State> {
        let body = &self.program.bodies[number];
        if body.from_code {
            let waiting = self.candidates.get(&number).map_or(&[][..], Vec::as_slice);
            return waiting.iter().flat_map(|state| solver.clauses(&body.plan.joined, state.clone())).collect();
        }
        let nowhere = State { root: NOWHERE, focus: None, env: Env::new(body.captures.names().len()) };
        let starts = body.find.alts.iter().flat_map(|alt| solver.anywhere(alt, &nowhere));
        // Rows of constant tables have no place: nothing can be found there.
        let allowed = |state: &State| {
            if state.root == NOWHERE {
                return false;
            }
            let path = &self.project.source(state.root.file).path;
            body.takes(self.project.language(state.root.file), path) && !self.is_skipped(body, path)
        };
        starts.filter(allowed).flat_map(|state| solver.clauses(&body.plan.joined, state)).collect()
    }

    fn findings(&self) -> Vec<Finding> {
        let program = self.program;
        let mut findings: Vec<Finding> =
            program.reports.par_iter().flat_map_iter(|reporting| findings_of(self, reporting, STEPS_PER_JOIN)).collect();
        findings.sort_by(|a, b| (&a.place, &a.rule, &a.message).cmp(&(&b.place, &b.rule, &b.message)));
        crate::finding::add_ordinals(&mut findings);
        findings
    }
}

impl Body {
    /// Whether the body looks at files of that language and path.
    pub(crate) fn takes(&self, language: Language, path: &str) -> bool {
        let family = self.families.is_empty() || self.families.iter().any(|family| family == language.family());
        family && self.files.as_ref().is_none_or(|globs| globs.is_match(path))
    }
}

/// Whether findings of that certainty are shown by default.
pub fn is_certain(finding: &Finding) -> bool {
    finding.certainty == Certainty::Certain
}

/// The path of a file in a project.
pub(crate) fn path_of(project: &Project, at: NodeRef) -> Arc<str> {
    project.source(at.file).path.clone()
}
