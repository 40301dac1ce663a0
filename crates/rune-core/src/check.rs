//! The one function: from a program and sources to what was found. Files are scanned in parallel, then relations are
//! filled stratum by stratum, then rules are joined. The same input gives the same output at any number of threads.

use std::cell::{Cell, RefCell};
use std::collections::BTreeSet;
use std::sync::{Arc, Mutex};

use rayon::prelude::*;
use rune_model::{Certainty, Finding, HeldBack, Place, SkipReason, Skipped, Source, Unfinished};
use rune_pack::ColumnType;
use rune_pattern::{Env, Matcher, RowAtom, Value};
use rune_syntax::{Definition, Language, NodeRef, Project};
use rustc_hash::FxHashMap;

use crate::codec::{Stored, Writer, put_all};
use crate::eval::{Answers, NOWHERE, Relations, Solver, State};
use crate::files::FileIndex;
use crate::finding::findings_of;
use crate::kept::Work;
use crate::memory::{Memory, Session};
use crate::program::{Body, Program};
use crate::relation::{Relation, Row};
use crate::strata::Stratum;

/// What `check` found.
#[derive(Debug, Default)]
pub struct Found {
    /// Findings of all rules, possible ones included, by path, place and rule.
    pub findings: Vec<Finding>,
    /// Files that were read only in part.
    pub skipped: Vec<Skipped>,
    /// How many files were checked.
    pub n_files: usize,
    /// Rules and rules that give rows that were not solved to their end.
    pub unfinished: Vec<Unfinished>,
    /// The findings that are only possible, by rule and place, with what is not known.
    pub held_back: Vec<HeldBack>,
    /// The rules that have nothing to judge here, each with a relation without rows that nothing here could have given.
    pub idle: Vec<(String, String)>,
}

impl Found {
    /// What two programs found in the same files.
    pub fn and(mut self, other: Found) -> Found {
        self.findings.extend(other.findings);
        let key = |finding: &Finding| (finding.place.path.clone(), finding.place.span.start, finding.rule.clone());
        self.findings.sort_by_key(key);
        self.skipped.extend(other.skipped);
        self.skipped.sort();
        self.skipped.dedup();
        self.unfinished.extend(other.unfinished);
        self.held_back.extend(other.held_back);
        self.held_back.sort();
        self.idle.extend(other.idle);
        self
    }
}

/// A row of a relation as people read it.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct Fact {
    /// Where it was found; `None` for constants of the pack.
    pub place: Option<Place>,
    /// The columns with a value, by name; `?` for what is not known.
    pub columns: Vec<(String, String)>,
    /// The items of the columns that hold lists.
    pub lists: Vec<(String, Vec<String>)>,
    /// Where nodes stand, and what symbols refer to, as far as it is in the project.
    pub places: Vec<(String, Place)>,
    /// Whether an unknown decided.
    pub possible: bool,
}

/// Checks `sources` with `program`.
pub fn check(program: &Program, sources: &[Source]) -> Found {
    check_watched(program, sources, &|| {})
}

/// [`check`], calling `scanned` after each file, from any thread.
pub fn check_watched(program: &Program, sources: &[Source], scanned: &(dyn Fn() + Sync)) -> Found {
    found(program, &Project::new(sources), None, scanned).0
}

/// Checks one project again and again: trees of files that say the same as the last time are kept, and with a memory the
/// answers that rest on nothing that changed.
#[derive(Debug)]
pub struct Checker<'p> {
    program: &'p Program,
    last: RefCell<Option<Project>>,
    memory: RefCell<Option<Memory>>,
    is_news: Cell<bool>,
}

impl<'p> Checker<'p> {
    /// A checker that has seen nothing yet, and keeps no answers.
    pub fn new(program: &'p Program) -> Checker<'p> {
        Checker { program, last: RefCell::default(), memory: RefCell::default(), is_news: Cell::new(false) }
    }

    /// A checker that keeps answers, and begins with those of `memory`, which must be of the same program.
    pub fn remembering(program: &'p Program, memory: Memory) -> Checker<'p> {
        Checker { memory: RefCell::new(Some(memory)), ..Checker::new(program) }
    }

    /// [`check_watched`].
    pub fn check(&self, sources: &[Source], scanned: &(dyn Fn() + Sync)) -> Found {
        let project = match self.last.borrow().as_ref() {
            Some(last) => last.again(sources),
            None => Project::new(sources),
        };
        let (found, memory) = found(self.program, &project, self.memory.take(), scanned);
        if let Some((memory, is_news)) = memory {
            self.memory.replace(Some(memory));
            self.is_news.set(is_news);
        }
        self.last.replace(Some(project));
        found
    }

    /// The answers of the last check; `None` if they are what the checker began with, or nothing is kept.
    pub fn news(&self) -> Option<Memory> {
        if self.is_news.get() { self.memory.borrow().clone() } else { None }
    }
}

/// What is found in a project, and what is remembered of it if anything is to be, with whether any of that is new.
fn found(
    program: &Program,
    project: &Project,
    memory: Option<Memory>,
    scanned: &(dyn Fn() + Sync),
) -> (Found, Option<(Memory, bool)>) {
    // With two files of one path it would not be known which of them an answer rests on.
    let is_plain = (1..project.n_files()).all(|file| project.source(file - 1).path != project.source(file).path);
    let run = Run::new(program, project, Goal::Findings, memory.filter(|_| is_plain), scanned);
    let (findings, held_back) = run.findings();
    let idle = crate::idle::idle(&run);
    let unfinished = run.unfinished.into_inner().unwrap_or_default().into_iter().collect();
    let mut skipped = run.skipped;
    skipped.extend(partly_parsed(project, run.memory.as_ref()));
    skipped.sort();
    skipped.dedup();
    let found = Found { findings, skipped, n_files: project.n_files() as usize, unfinished, held_back, idle };
    (found, run.memory.map(Session::end))
}

/// The rows of one relation over `sources`; `None` if the pack declares no such relation.
pub fn facts(program: &Program, sources: &[Source], relation: &str) -> Option<Vec<Fact>> {
    let project = Project::new(sources);
    let run = Run::new(program, &project, Goal::Rows(relation), None, &|| {});
    let relation = run.relations.get(relation)?;
    Some(facts_of(&project, relation))
}

/// The rows of every relation that has any over `sources`, by name; relations that the engine fills are left out.
pub fn all_facts(program: &Program, sources: &[Source]) -> Vec<(String, Vec<Fact>)> {
    let project = Project::new(sources);
    let run = Run::new(program, &project, Goal::AllRows, None, &|| {});
    let filled = run.relations.iter().filter(|(_, relation)| !relation.all().is_empty());
    let mut all: Vec<(String, Vec<Fact>)> = filled.map(|(name, relation)| (name.clone(), facts_of(&project, relation))).collect();
    all.sort_by(|a, b| a.0.cmp(&b.0));
    all
}

fn facts_of(project: &Project, relation: &Relation) -> Vec<Fact> {
    // Rows of one place stand in the order of what they are about: `app.use(first, second)`.
    let order = |row: &Row| {
        let nodes = row.values.iter().filter_map(|value| match value {
            Some(Value::Node(node)) => Some((project.source(node.file).path.clone(), project.span(*node))),
            _ => None,
        });
        nodes.collect::<Vec<_>>()
    };
    let mut facts: Vec<_> = relation.all().iter().map(|row| (order(row), fact(project, relation, row))).collect();
    facts.sort_by(|a, b| (&a.1.place, &a.0, &a.1).cmp(&(&b.1.place, &b.0, &b.1)));
    facts.into_iter().map(|(_, fact)| fact).collect()
}

fn fact(project: &Project, relation: &Relation, row: &Row) -> Fact {
    let place_of = |at: NodeRef| Place { path: project.source(at.file).path.clone(), span: project.span(at) };
    let mut fact = Fact { place: row.at.map(place_of), columns: vec![], lists: vec![], places: vec![], possible: row.possible };
    for ((name, kind), value) in relation.columns.iter().zip(&row.values) {
        let Some(value) = value else { continue };
        fact.columns.push((name.clone(), shown(project, value)));
        match value {
            Value::List(items) => fact.lists.push((name.clone(), items.iter().map(|item| shown(project, item)).collect())),
            Value::Nodes(nodes) => {
                fact.lists.push((name.clone(), nodes.iter().map(|node| project.text(*node).to_owned()).collect()));
            }
            Value::Node(node) => fact.places.extend(meant(project, *node, kind).map(|node| (name.clone(), place_of(node)))),
            _ => {}
        }
    }
    fact
}

/// The node that a column is about: of a symbol what it refers to.
fn meant(project: &Project, node: NodeRef, kind: &ColumnType) -> Option<NodeRef> {
    if *kind != ColumnType::Symbol {
        return Some(node);
    }
    match project.definition(node) {
        Definition::Node(node) => Some(node),
        _ => None,
    }
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

fn partly_parsed(project: &Project, memory: Option<&Session<'_>>) -> Vec<Skipped> {
    let n_errors = |file: u32| match memory {
        Some(memory) => memory.n_errors(file),
        None => project.is_parsed(file).then(|| project.ast(file).errors().len() as u32),
    };
    let broken = |file: u32| {
        let n = n_errors(file).filter(|n| *n > 0)?;
        let path = project.source(file).path.clone();
        Some(Skipped { path, reason: SkipReason::ParseErrors, detail: format!("{n} places") })
    };
    (0..project.n_files()).filter_map(broken).collect()
}

/// What a run is for: only the bodies that this needs are solved.
#[derive(Clone, Copy)]
pub(crate) enum Goal<'g> {
    Findings,
    Rows(&'g str),
    /// What these bodies give.
    Bodies(&'g [usize]),
    AllRows,
}

/// What the bodies that can match a file found in it, and those that used up their steps.
type ScannedFile = (Vec<(u32, Vec<State>)>, Vec<u32>);

/// One run over a project.
pub(crate) struct Run<'a> {
    pub(crate) program: &'a Program,
    pub(crate) project: &'a Project,
    pub(crate) relations: Relations,
    pub(crate) memory: Option<Session<'a>>,
    pub(crate) files: Vec<FileIndex>,
    /// The texts of the prefilter that stand in any file.
    pub(crate) texts: Vec<bool>,
    work: Work,
    candidates: FxHashMap<usize, Vec<State>>,
    skipped: Vec<Skipped>,
    unfinished: Mutex<BTreeSet<Unfinished>>,
}

impl<'a> Run<'a> {
    pub(crate) fn new(
        program: &'a Program,
        project: &'a Project,
        goal: Goal<'_>,
        memory: Option<Memory>,
        scanned: &(dyn Fn() + Sync),
    ) -> Run<'a> {
        let declared = program.relations.iter().enumerate();
        let relations = declared.map(|(number, (name, declared))| (name.clone(), declared.instantiate(number as u32))).collect();
        let names = || program.relations.keys().map(String::as_str).collect();
        let memory = memory.map(|memory| Session::new(memory, project, names()));
        let needed = needed(program, goal);
        let mut run = Run {
            program,
            project,
            relations,
            memory,
            files: Vec::new(),
            texts: Vec::new(),
            work: Work::new(project.n_files()),
            candidates: FxHashMap::default(),
            skipped: Vec::new(),
            unfinished: Mutex::default(),
        };
        run.index_files(&needed);
        run.solve_all(goal, &needed, scanned);
        run
    }

    /// What `evaluate` gives: remembered, if what it rests on is the same. `ask` writes all that it starts from.
    pub(crate) fn answer<T: Stored>(&self, ask: impl FnOnce(&mut Writer<'_>), evaluate: impl FnOnce() -> T) -> T {
        match &self.memory {
            Some(memory) => memory.answer(&self.relations, ask, evaluate),
            None => evaluate(),
        }
    }

    pub(crate) fn solver(&self, budget: u64) -> Solver<'_> {
        Solver {
            project: self.project,
            matcher: Matcher::new(self.project, budget),
            relations: &self.relations,
            options: &self.program.options,
            growing: &[],
            memory: self.memory.as_ref(),
            is_denying: Cell::new(false),
            answers: Answers::default(),
            work: &self.work,
            files: &self.files,
            start_kinds: &self.program.start_kinds,
            prefilter: &self.program.prefilter,
            texts: &self.texts,
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
            let found: Vec<(String, Vec<Row>)> = plain.par_iter().filter_map(|body| self.rows_of(*body, 0)).collect();
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
        let mut grown = Vec::new();
        for round in 0..self.program.limits.rounds {
            grown.clear();
            for body in bodies {
                if let Some((name, rows)) = self.rows_of(*body, round as u32)
                    && self.add(&name, rows)
                {
                    grown.push(*body);
                }
            }
            if grown.is_empty() {
                return;
            }
        }
        for body in grown {
            let reason = format!("its rows still grew after {} rounds", self.program.limits.rounds);
            self.leave_unfinished(body, reason);
        }
    }

    fn leave_unfinished(&self, body: usize, reason: String) {
        let report = self.program.reports.iter().find(|reporting| reporting.body == body);
        let rule = report.map_or(&self.program.bodies[body].id, |reporting| &self.program.rules[reporting.rule].id);
        // A thread that panicked while it held the lock is the end of the run.
        if let Ok(mut unfinished) = self.unfinished.lock() {
            unfinished.insert(Unfinished { rule: rule.clone(), reason });
        }
    }

    /// Notes a body whose joins used up their steps.
    pub(crate) fn note_budget(&self, body: usize) {
        self.leave_unfinished(body, format!("its joins used up {} steps", self.program.limits.join_steps));
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
    pub(crate) fn can_hold(&self, number: usize, growing: &[&str]) -> bool {
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
        let found: Vec<ScannedFile> = files.into_par_iter().map(scan).collect();
        for (file, (found, exhausted)) in found.into_iter().enumerate() {
            for (number, states) in found {
                self.candidates.entry(number as usize).or_default().extend(states);
            }
            let path = &self.project.source(file as u32).path;
            let detail = |number: u32| format!("rule {}", self.program.bodies[number as usize].id);
            let skipped = |number| Skipped { path: path.clone(), reason: SkipReason::Budget, detail: detail(number) };
            self.skipped.extend(exhausted.into_iter().map(skipped));
        }
    }

    fn scan_file(&self, file: u32, bodies: &[usize]) -> ScannedFile {
        let index = &self.files[file as usize];
        let looks = |number: &usize| {
            self.program.prefilter.admits(*number, &index.texts) && self.is_in_scope(&self.program.bodies[*number], file)
        };
        let bodies: Vec<u32> = bodies.iter().copied().filter(looks).map(|number| number as u32).collect();
        if bodies.is_empty() {
            return ScannedFile::default();
        }
        let ask = |out: &mut Writer<'_>| {
            out.bytes.push(b's');
            out.file(file);
            bodies.put(out);
        };
        self.answer(ask, || self.scan_once(file, &bodies))
    }

    fn scan_once(&self, file: u32, bodies: &[u32]) -> ScannedFile {
        let (mut found, mut exhausted) = ScannedFile::default();
        // The nodes may be there already: that they are the file's is to be known all the same.
        self.project.ast(file);
        let nodes = self.files[file as usize].nodes(self.project, file, &self.program.start_kinds);
        for number in bodies {
            let body = &self.program.bodies[*number as usize];
            let solver = self.solver(self.program.limits.file_steps);
            let states = matches_at(&solver, body, nodes.at(&body.starts).into_iter().map(|node| NodeRef { file, node }));
            if solver.matcher.is_exhausted() {
                exhausted.push(*number);
            }
            if !states.is_empty() {
                found.push((*number, states));
            }
        }
        (found, exhausted)
    }

    /// Finds the code of bodies once more, after everything that they join on is there.
    pub(crate) fn scan_again(&mut self, bodies: &[usize]) {
        let able: Vec<usize> = bodies.iter().copied().filter(|body| self.can_hold(*body, &[])).collect();
        self.candidates.clear();
        self.scan(&able, None);
    }

    /// The classes of a file that a body skips.
    pub(crate) fn classes_skipped(&self, body: &Body, file: u32) -> Vec<&str> {
        let bits = body.skipped_classes & self.files[file as usize].classes;
        let classes = self.program.path_classes.iter().enumerate();
        classes.filter(|(number, _)| bits & 1 << number != 0).map(|(_, (name, _))| name.as_str()).collect()
    }

    /// The texts that a body misses in a file, for each of its ways: groups of which one must be there.
    pub(crate) fn missing_texts(&self, body: usize, file: u32) -> Vec<Vec<Vec<&str>>> {
        self.program.prefilter.missing(body, &self.files[file as usize].texts)
    }

    /// The modules that a body misses in the project, in groups of which one must be there.
    pub(crate) fn missing_modules(&self, body: usize) -> Vec<Vec<&str>> {
        let mut missing = self.program.prefilter.missing_in_project(body, &self.texts);
        for modules in &mut missing {
            modules.iter_mut().for_each(|module| *module = module.trim_start_matches(['"', '\'', '`']));
            modules.dedup();
        }
        missing
    }

    /// Whether a rule used up its steps in a file.
    pub(crate) fn is_over_budget(&self, rule: &str, file: u32) -> bool {
        let path = &self.project.source(file).path;
        let detail = format!("rule {rule}");
        self.skipped
            .iter()
            .any(|skipped| skipped.reason == SkipReason::Budget && skipped.path == *path && skipped.detail == detail)
    }

    /// Whether a body looks at a file and misses no text in it.
    pub(crate) fn looks_at(&self, number: usize, file: u32) -> bool {
        let texts = &self.files[file as usize].texts;
        self.program.prefilter.admits(number, texts) && self.is_in_scope(&self.program.bodies[number], file)
    }

    /// Whether a body looks at a file: its language and path are the body's, and the path is of no class that it skips.
    fn is_in_scope(&self, body: &Body, file: u32) -> bool {
        !self.is_skipped(body, file) && body.takes(self.project.language(file), &self.project.source(file).path)
    }

    /// Whether a file is of a class that the body skips.
    pub(crate) fn is_skipped(&self, body: &Body, file: u32) -> bool {
        body.skipped_classes & self.files[file as usize].classes != 0
    }

    /// The places of the rows that a body starts from, and what stands there for them.
    fn row_places(&self, number: usize, atom: &RowAtom) -> BTreeSet<NodeRef> {
        let body = &self.program.bodies[number];
        let rows = self.solver(self.program.limits.join_steps).places(atom, body.captures.names().len());
        let admitted = |places: &[NodeRef]| {
            let both = places.iter().flat_map(|at| [*at, self.project.value(*at)]);
            both.filter(|at| self.is_in_scope(body, at.file) && body.starts.admits(self.project, *at)).collect::<Vec<NodeRef>>()
        };
        let of_file = |places: &[NodeRef]| {
            let ask = |out: &mut Writer<'_>| {
                out.bytes.push(b'p');
                out.number(number as u64);
                put_all(places, out);
            };
            self.answer(ask, || admitted(places))
        };
        rows.chunk_by(|a, b| a.file == b.file).flat_map(of_file).collect()
    }

    /// The rows that a body gives, with the name of its relation.
    fn rows_of(&self, number: usize, round: u32) -> Option<(String, Vec<Row>)> {
        let head = self.program.bodies[number].head.as_ref()?;
        let rows = self.solved(number, round, |solver, state| self.row_from(solver, number, state));
        Some((head.relation.clone(), rows.into_iter().flatten().collect()))
    }

    /// The row that a body gives for one of its states.
    pub(crate) fn row_from(&self, solver: &Solver<'_>, number: usize, state: State) -> Option<Row> {
        let head = self.program.bodies[number].head.as_ref()?;
        let columns = &self.relations[&head.relation].columns;
        let mut possible = state.env.possible;
        let values = head.columns.iter().zip(columns).map(|(operand, (_, kind))| {
            let value = operand.as_ref().and_then(|operand| solver.value(operand, &state))?;
            let value = solver.coerce(&value, kind);
            possible |= value == Value::Unknown;
            Some(value)
        });
        let values = values.collect();
        Some(Row { at: Some(state.focus.unwrap_or(state.root)), values, possible })
    }

    /// All states of a body.
    pub(crate) fn solve(&self, number: usize) -> Vec<State> {
        self.solved(number, 0, |_, state| state)
    }

    /// What `make` makes of each state of a body. One file after the other: what it gives for one rests on less than what
    /// it gives for all.
    fn solved<T: Stored>(&self, number: usize, round: u32, make: impl Fn(&Solver<'_>, State) -> T) -> Vec<T> {
        let body = &self.program.bodies[number];
        if let Some(atom) = &body.start_rows {
            let places: Vec<NodeRef> = self.row_places(number, atom).into_iter().collect();
            let begin = |solver: &Solver<'_>, places: &[NodeRef]| matches_at(solver, body, places.iter().copied());
            let parts = places.chunk_by(|a, b| a.file == b.file);
            return parts.flat_map(|part| self.joined((number, round), part, begin, &make)).collect();
        }
        let starts = match self.candidates.get(&number) {
            Some(candidates) if body.from_code => candidates,
            _ if body.from_code => return Vec::new(),
            _ => &self.row_starts(number, round),
        };
        let parts = starts.chunk_by(|a, b| a.root.file == b.root.file);
        parts.flat_map(|part| self.joined((number, round), part, |_, part| part.to_vec(), &make)).collect()
    }

    /// The states with which a body begins that starts from rows.
    fn row_starts(&self, number: usize, round: u32) -> Vec<State> {
        let body = &self.program.bodies[number];
        let ask = |out: &mut Writer<'_>| {
            out.bytes.push(b'r');
            (number as u32, round).put(out);
        };
        let nowhere = State { root: NOWHERE, focus: None, env: Env::new(body.captures.names().len()) };
        let (starts, is_cut) = self.answer(ask, || {
            let solver = self.solver(self.program.limits.join_steps);
            let starts = body.find.alts.iter().flat_map(|alt| solver.anywhere(alt, &nowhere, None));
            // Rows of constant tables have no place: nothing can be found there.
            let starts = starts.filter(|state| state.root != NOWHERE && self.is_in_scope(body, state.root.file));
            (starts.collect(), solver.matcher.is_exhausted())
        });
        if is_cut {
            self.note_budget(number);
        }
        starts
    }

    /// What `make` makes of the states to which `part`, from which the states of one file begin, leads.
    fn joined<P: Stored, T: Stored>(
        &self,
        (number, round): (usize, u32),
        part: &[P],
        begin: impl Fn(&Solver<'_>, &[P]) -> Vec<State>,
        make: &impl Fn(&Solver<'_>, State) -> T,
    ) -> Vec<T> {
        let ask = |out: &mut Writer<'_>| {
            out.bytes.push(b'j');
            (number as u32, round).put(out);
            put_all(part, out);
        };
        let body = &self.program.bodies[number];
        let (made, is_cut) = self.answer(ask, || {
            let solver = self.solver(self.program.limits.join_steps);
            let states = begin(&solver, part).into_iter().flat_map(|state| solver.clauses(&body.plan.joined, state));
            let made = states.map(|state| make(&solver, state)).collect();
            (made, solver.matcher.is_exhausted())
        });
        if is_cut {
            self.note_budget(number);
        }
        made
    }

    fn findings(&self) -> (Vec<Finding>, Vec<HeldBack>) {
        let program = self.program;
        let found: Vec<(Finding, Option<HeldBack>)> =
            program.reports.par_iter().flat_map_iter(|reporting| findings_of(self, reporting)).collect();
        let (mut findings, held_back): (Vec<Finding>, Vec<Option<HeldBack>>) = found.into_iter().unzip();
        findings.sort_by(|a, b| (&a.place, &a.rule, &a.message).cmp(&(&b.place, &b.rule, &b.message)));
        crate::finding::add_ordinals(&mut findings);
        let mut held_back: Vec<HeldBack> = held_back.into_iter().flatten().collect();
        held_back.sort();
        (findings, held_back)
    }
}

/// The bodies that a goal needs: those of the rules, and those whose rows are read, themselves or through others.
fn needed(program: &Program, goal: Goal<'_>) -> BTreeSet<usize> {
    let mut relations: BTreeSet<&str> = BTreeSet::new();
    let mut needed: BTreeSet<usize> = BTreeSet::new();
    let mut wanted: Vec<&str> = Vec::new();
    match goal {
        Goal::Rows(relation) => wanted.push(relation),
        Goal::Bodies(bodies) => needed.extend(bodies),
        Goal::AllRows => wanted.extend(program.bodies.iter().filter_map(|body| Some(body.head.as_ref()?.relation.as_str()))),
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

/// The states of a body's code part at some nodes.
fn matches_at(solver: &Solver<'_>, body: &Body, nodes: impl IntoIterator<Item = NodeRef>) -> Vec<State> {
    let env = Env::new(body.captures.names().len());
    let mut found = Vec::new();
    let is_placed = |at: &NodeRef| body.around.iter().all(|around| around.holds(solver.project, *at));
    for at in nodes.into_iter().filter(is_placed) {
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
