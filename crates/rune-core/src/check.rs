//! The one function: from a program and sources to what was found. Files are scanned in parallel, then relations are
//! filled stratum by stratum, then rules are joined. The same input gives the same output at any number of threads.

use std::cell::{Cell, RefCell};
use std::collections::BTreeSet;
use std::sync::{Arc, Mutex, OnceLock};

use aho_corasick::AhoCorasick;
use rayon::prelude::*;
use rune_model::{Certainty, Finding, Place, SkipReason, Skipped, Source};
use rune_pattern::{Env, Matcher, RowAtom, Value};
use rune_syntax::{Language, NodeRef, Project};
use rustc_hash::FxHashMap;

use crate::eval::{Known, NOWHERE, Relations, Solver, State};
use crate::finding::findings_of;
use crate::program::{Body, Program};
use crate::relation::{Relation, Row};
use crate::starts::Nodes;
use crate::strata::Stratum;

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
    found(program, &Project::new(sources), scanned)
}

/// Checks one project again and again: trees of files that say the same as the last time are kept.
#[derive(Debug)]
pub struct Checker<'p> {
    program: &'p Program,
    last: RefCell<Option<Project>>,
}

impl<'p> Checker<'p> {
    /// A checker that has seen nothing yet.
    pub fn new(program: &'p Program) -> Checker<'p> {
        Checker { program, last: RefCell::new(None) }
    }

    /// [`check_watched`].
    pub fn check(&self, sources: &[Source], scanned: &(dyn Fn() + Sync)) -> Found {
        let project = match self.last.borrow().as_ref() {
            Some(last) => last.again(sources),
            None => Project::new(sources),
        };
        let found = found(self.program, &project, scanned);
        self.last.replace(Some(project));
        found
    }
}

fn found(program: &Program, project: &Project, scanned: &(dyn Fn() + Sync)) -> Found {
    let run = Run::new(program, project, Goal::Findings, scanned);
    let findings = run.findings();
    let mut skipped = run.skipped;
    skipped.extend(run.cut.into_inner().unwrap_or_default());
    skipped.extend(partly_parsed(project));
    skipped.sort();
    skipped.dedup();
    Found { findings, skipped, n_files: project.n_files() as usize }
}

/// The rows of one relation over `sources`; `None` if the pack declares no such relation.
pub fn facts(program: &Program, sources: &[Source], relation: &str) -> Option<Vec<Fact>> {
    let project = Project::new(sources);
    let run = Run::new(program, &project, Goal::Rows(relation), &|| {});
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

/// What a run is for: only the bodies that this needs are solved.
#[derive(Clone, Copy)]
pub(crate) enum Goal<'g> {
    Findings,
    Rows(&'g str),
}

/// A match of a body's code part, waiting for rows.
struct Candidate {
    body: usize,
    state: State,
}

/// What is known of a file before its tree is looked at.
struct FileIndex {
    /// The classes of paths it is in, a bit each.
    classes: u64,
    /// Which texts of the prefilter stand in it.
    texts: Vec<bool>,
    nodes: OnceLock<Nodes>,
}

/// One run over a project.
pub(crate) struct Run<'a> {
    pub(crate) program: &'a Program,
    pub(crate) project: &'a Project,
    pub(crate) relations: Relations,
    files: Vec<FileIndex>,
    /// The texts of the prefilter that stand in any file.
    texts: Vec<bool>,
    candidates: FxHashMap<usize, Vec<State>>,
    skipped: Vec<Skipped>,
    /// Handlers whose calls were not followed to their end.
    cut: Mutex<Vec<Skipped>>,
}

impl<'a> Run<'a> {
    pub(crate) fn new(program: &'a Program, project: &'a Project, goal: Goal<'_>, scanned: &(dyn Fn() + Sync)) -> Run<'a> {
        let relations = program.relations.iter().map(|(name, declared)| (name.clone(), declared.instantiate())).collect();
        let index = |file| FileIndex::new(program, project.source(file));
        let mut files: Vec<FileIndex> = (0..project.n_files()).into_par_iter().map(index).collect();
        let needed = needed(program, goal);
        add_renamed(program, project, &needed, &mut files);
        let texts = program.prefilter.union(files.iter().map(|file| &file.texts));
        let mut run =
            Run { program, project, relations, files, texts, candidates: FxHashMap::default(), skipped: Vec::new(), cut: Mutex::default() };
        run.solve_all(goal, &needed, scanned);
        run
    }

    pub(crate) fn solver(&self, budget: u64) -> Solver<'_> {
        Solver {
            project: self.project,
            matcher: Matcher::new(self.project, budget),
            relations: &self.relations,
            options: &self.program.options,
            growing: &[],
            is_denying: Cell::new(false),
            known: Known::default(),
        }
    }

    /// Fills the relations level by level, then finds the code of the rules. A body is looked for in files only once the
    /// rows it joins on are known to be there.
    fn solve_all(&mut self, goal: Goal<'_>, needed: &BTreeSet<usize>, scanned: &(dyn Fn() + Sync)) {
        let program = self.program;
        let mut watch = Some(scanned);
        for level in &program.levels {
            let strata: Vec<&Stratum> = level.iter().filter(|stratum| needed.contains(&stratum.bodies[0])).collect();
            let plain = strata.iter().filter(|stratum| !stratum.is_recursive).flat_map(|stratum| &stratum.bodies);
            let plain: Vec<usize> = plain.copied().filter(|body| self.can_hold(*body, &[])).collect();
            let recursive = strata.iter().filter(|stratum| stratum.is_recursive);
            let recursive: Vec<Vec<usize>> = recursive.map(|stratum| self.able(&stratum.bodies)).collect();
            let all: Vec<usize> = plain.iter().chain(recursive.iter().flatten()).copied().collect();
            self.scan(&all, watch.take());
            let found: Vec<(String, Vec<Row>)> = plain.par_iter().filter_map(|body| self.rows_of(*body)).collect();
            for (name, rows) in found {
                self.add(&name, rows);
            }
            for bodies in recursive {
                self.solve_rounds(&bodies);
            }
            self.candidates.clear();
        }
        if let Goal::Findings = goal {
            let rules = program.reports.iter().map(|reporting| reporting.body);
            let rules: Vec<usize> = rules.filter(|body| self.can_hold(*body, &[])).collect();
            self.scan(&rules, watch.take());
        }
    }

    /// A recursive group: again as long as it grows.
    fn solve_rounds(&mut self, bodies: &[usize]) {
        for _ in 0..MAX_ROUNDS {
            let mut grown = false;
            for body in bodies {
                if let Some((name, rows)) = self.rows_of(*body) {
                    grown |= self.add(&name, rows);
                }
            }
            if !grown {
                break;
            }
        }
    }

    fn add(&mut self, relation: &str, rows: Vec<Row>) -> bool {
        let Some(relation) = self.relations.get_mut(relation) else { return false };
        let n_news = rows.into_iter().map(|row| relation.add(row)).filter(|is_news| *is_news).count();
        n_news > 0
    }

    /// The bodies of a recursive group that may give rows.
    fn able(&self, bodies: &[usize]) -> Vec<usize> {
        let heads = bodies.iter().filter_map(|body| self.program.bodies[*body].head.as_ref());
        let growing: Vec<&str> = heads.map(|head| head.relation.as_str()).collect();
        bodies.iter().copied().filter(|body| self.can_hold(*body, &growing)).collect()
    }

    /// Whether what a body cannot do without is there: the modules it names, the rows it joins on.
    fn can_hold(&self, number: usize, growing: &[&str]) -> bool {
        let body = &self.program.bodies[number];
        let solver = Solver { growing, ..self.solver(0) };
        self.program.prefilter.admits_project(number, &self.texts)
            && solver.pattern_can_hold(&body.find)
            && body.plan.joined.iter().all(|clause| solver.can_hold(clause))
    }

    /// Finds the code of `bodies` in every file that can hold it.
    fn scan(&mut self, bodies: &[usize], scanned: Option<&(dyn Fn() + Sync)>) {
        let is_scanned = |number: &usize| {
            let body = &self.program.bodies[*number];
            body.from_code && body.start_rows.is_none()
        };
        let bodies: Vec<usize> = bodies.iter().copied().filter(is_scanned).collect();
        let this = &*self;
        let scan = |file: u32| {
            let found = this.scan_file(file, &bodies);
            if let Some(scanned) = scanned {
                scanned();
            }
            found
        };
        let files = 0..self.project.n_files();
        let found: Vec<(Vec<Candidate>, Vec<Skipped>)> = files.into_par_iter().map(scan).collect();
        for (candidates, skipped) in found {
            self.skipped.extend(skipped);
            for candidate in candidates {
                self.candidates.entry(candidate.body).or_default().push(candidate.state);
            }
        }
    }

    fn scan_file(&self, file: u32, bodies: &[usize]) -> (Vec<Candidate>, Vec<Skipped>) {
        let source = self.project.source(file);
        let index = &self.files[file as usize];
        let mut candidates = Vec::new();
        let mut skipped = Vec::new();
        for number in bodies {
            let body = &self.program.bodies[*number];
            if !self.program.prefilter.admits(*number, &index.texts) || !self.is_in_scope(body, file) {
                continue;
            }
            let solver = self.solver(STEPS_PER_FILE);
            let nodes = index.nodes.get_or_init(|| Nodes::new(self.project, file, &self.program.start_kinds));
            let states = matches_at(&solver, body, nodes.at(&body.starts).into_iter().map(|node| NodeRef { file, node }));
            if solver.matcher.is_exhausted() {
                let detail = format!("rule {}", body.id);
                skipped.push(Skipped { path: source.path.clone(), reason: SkipReason::Budget, detail });
            }
            candidates.extend(states.into_iter().map(|state| Candidate { body: *number, state }));
        }
        (candidates, skipped)
    }

    /// Whether a body looks at a file: its language and path are the body's, and the path is of no class that it skips.
    fn is_in_scope(&self, body: &Body, file: u32) -> bool {
        !self.is_skipped(body, file) && body.takes(self.project.language(file), &self.project.source(file).path)
    }

    /// Whether a file is of a class that the body skips.
    pub(crate) fn is_skipped(&self, body: &Body, file: u32) -> bool {
        body.skipped_classes & self.files[file as usize].classes != 0
    }

    /// The places of the rows that a body starts from.
    fn row_places(&self, solver: &Solver<'_>, body: &Body, atom: &RowAtom) -> BTreeSet<NodeRef> {
        let rows = solver.places(atom, body.captures.names().len());
        let both = rows.into_iter().flat_map(|at| [at, self.project.value(at)]);
        both.filter(|at| self.is_in_scope(body, at.file) && body.starts.admits(self.project, *at)).collect()
    }

    /// The rows that a body gives, with the name of its relation.
    fn rows_of(&self, number: usize) -> Option<(String, Vec<Row>)> {
        let body = &self.program.bodies[number];
        let head = body.head.as_ref()?;
        let solver = self.solver(STEPS_PER_JOIN);
        let columns = &self.relations[&head.relation].columns;
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
        Some((head.relation.clone(), self.solve(&solver, number).into_iter().map(row).collect()))
    }

    /// All states of a body.
    pub(crate) fn solve(&self, solver: &Solver<'_>, number: usize) -> Vec<State> {
        let body = &self.program.bodies[number];
        let starts: Vec<State> = match &body.start_rows {
            Some(atom) => matches_at(solver, body, self.row_places(solver, body, atom)),
            None if body.from_code => self.candidates.get(&number).cloned().unwrap_or_default(),
            None => {
                let nowhere = State { root: NOWHERE, focus: None, env: Env::new(body.captures.names().len()) };
                let starts = body.find.alts.iter().flat_map(|alt| solver.anywhere(alt, &nowhere));
                // Rows of constant tables have no place: nothing can be found there.
                starts.filter(|state| state.root != NOWHERE && self.is_in_scope(body, state.root.file)).collect()
            }
        };
        let found = starts.into_iter().flat_map(|state| solver.clauses(&body.plan.joined, state)).collect();
        self.note_cut(solver, body);
        found
    }

    /// Notes the handlers of which a body has not seen everything that they run.
    fn note_cut(&self, solver: &Solver<'_>, body: &Body) {
        let skipped = solver.known.cut.take().into_iter().map(|handler| Skipped {
            path: self.project.source(handler.file).path.clone(),
            reason: SkipReason::Budget,
            detail: format!("rule {}: `runs` stopped at {} functions", body.id, crate::runs::MAX_FUNCTIONS),
        });
        let skipped: Vec<Skipped> = skipped.collect();
        if let (false, Ok(mut cut)) = (skipped.is_empty(), self.cut.lock()) {
            cut.extend(skipped);
        }
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

/// The bodies that a goal needs: those of the rules, and those whose rows are read, themselves or through others.
fn needed(program: &Program, goal: Goal<'_>) -> BTreeSet<usize> {
    let mut relations: BTreeSet<&str> = BTreeSet::new();
    let mut needed: BTreeSet<usize> = BTreeSet::new();
    let mut wanted: Vec<&str> = Vec::new();
    match goal {
        Goal::Rows(relation) => wanted.push(relation),
        Goal::Findings => needed.extend(program.reports.iter().map(|reporting| reporting.body)),
    }
    wanted.extend(needed.iter().flat_map(|body| &program.bodies[*body].reads).map(String::as_str));
    while let Some(relation) = wanted.pop() {
        if !relations.insert(relation) {
            continue;
        }
        let fills = |body: &Body| body.head.as_ref().is_some_and(|head| head.relation == relation);
        for (number, body) in program.bodies.iter().enumerate().filter(|(_, body)| fills(body)) {
            needed.insert(number);
            wanted.extend(body.reads.iter().map(String::as_str));
        }
    }
    needed
}

/// Files that import something of a module under a name which the project gave it hold the name it has there too, as far
/// as the prefilter goes.
fn add_renamed(program: &Program, project: &Project, needed: &BTreeSet<usize>, files: &mut [FileIndex]) {
    let prefilter = &program.prefilter;
    let modules = prefilter.modules(needed);
    let names_module = |file: u32| modules.iter().any(|module| files[file as usize].texts[*module as usize]);
    let passes_on = |file: &u32| project.language(*file).has_scopes() && names_module(*file);
    let passed_on: Vec<(String, u32)> = (0..project.n_files())
        .into_par_iter()
        .filter(passes_on)
        .flat_map_iter(|file| {
            let stem = stem(&project.source(file).path).to_owned();
            project.passed_on(file).into_iter().filter_map(move |(name, module, outer)| {
                let last = outer.rsplit('.').next().filter(|last| !last.is_empty()).unwrap_or(&module);
                let named = if matches!(name.as_ref(), "default" | "module.exports") { stem.as_str() } else { &name };
                (named != last).then(|| Some((named.to_owned(), prefilter.number(last)?))).flatten()
            })
        })
        .collect();
    let names: Vec<&str> = passed_on.iter().map(|(name, _)| name.as_str()).collect();
    let Ok(automaton) = AhoCorasick::new(&names) else { return };
    if names.is_empty() {
        return;
    }
    files.par_iter_mut().enumerate().for_each(|(file, index)| {
        for hit in automaton.find_overlapping_iter(project.source(file as u32).text.as_ref()) {
            index.texts[passed_on[hit.pattern().as_usize()].1 as usize] = true;
        }
    });
}

/// What an import of a file ends with: its name without the extension, that of the folder for an index.
fn stem(path: &str) -> &str {
    let whole = path.strip_suffix("/__init__.py").unwrap_or(path);
    let (folder, name) = whole.rsplit_once('/').unwrap_or(("", whole));
    match name.split_once('.').map_or(name, |(stem, _)| stem) {
        "index" => folder.rsplit('/').next().unwrap_or(folder),
        stem => stem,
    }
}

/// The states of a body's code part at some nodes.
fn matches_at(solver: &Solver<'_>, body: &Body, nodes: impl IntoIterator<Item = NodeRef>) -> Vec<State> {
    let env = Env::new(body.captures.names().len());
    let mut found = Vec::new();
    for at in nodes {
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

impl FileIndex {
    fn new(program: &Program, source: &Source) -> Self {
        let classes = program.path_classes.iter().enumerate();
        let classes = classes.filter(|(_, (_, globs))| globs.is_match(source.path.as_ref()));
        let classes = classes.fold(0, |bits, (number, _)| bits | 1 << number);
        FileIndex { classes, texts: program.prefilter.scan(&source.text), nodes: OnceLock::new() }
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
