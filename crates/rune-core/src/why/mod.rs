//! Why a rule finds something at a line, or does not. Nothing here runs with a check: clauses are solved again, one by one,
//! by the same solver, and what it answers is told.

mod cond;
mod file;
mod fix;
mod pattern;
mod replay;
mod row;
mod step;
mod words;

use std::collections::BTreeSet;

use rune_model::{About, Explanation, LineIndex, Place, Source, Verdict, Why};
use rune_syntax::{NodeRef, Project};

use crate::builtin;
use crate::check::{Goal, Run};
use crate::compile::near;
use crate::eval::State;
use crate::program::Program;
use crate::visit;
use crate::why::replay::Replay;

/// Steps that the explanation of one rule may take.
const STEPS: u64 = 20_000_000;

/// How many nodes of a line a rule is tried at.
const MAX_TRIES: usize = 100;

/// Why `name`, the id of a rule or relation rule or the name of a relation, finds something at a line (from 1) of the file
/// `path` of `sources`, or does not; else what is wrong with the question.
pub fn why(program: &Program, sources: &[Source], path: &str, line: u32, name: &str) -> Result<Why, String> {
    let bodies = meant(program, name)?;
    let project = Project::new(sources);
    let Some(file) = (0..project.n_files()).find(|file| project.source(*file).path.as_ref() == path) else {
        return Err(format!("there is no file `{path}` that rune reads"));
    };
    let text = project.source(file).text.clone();
    let index = LineIndex::new(&text);
    let n_lines = index.n_lines() - u32::from(text.ends_with('\n'));
    if line == 0 || line > n_lines.max(1) {
        return Err(format!("`{path}` has no line {line}: it has {n_lines}"));
    }
    let bytes = (index.line_start(line), if line < index.n_lines() { index.line_start(line + 1) } else { text.len() as u32 });
    let mut run = Run::new(program, &project, Goal::Bodies(&bodies), None, &|| {});
    run.scan_again(&bodies);
    let answers = bodies.iter().map(|body| Question { run: &run, body: *body, file, bytes }.explanation());
    let mut answers: Vec<(usize, Explanation)> = answers.collect();
    answers.sort_by_key(|(rank, rule)| (rule.verdict, std::cmp::Reverse(*rank), rule.rule.clone()));
    let rules = answers.into_iter().map(|(_, rule)| rule).collect();
    Ok(Why { name: name.to_owned(), path: path.into(), line, rules })
}

/// What is not known where a body holds only possibly in a state, and where that stands.
pub(crate) fn doubt(run: &Run<'_>, body: usize, state: &State) -> Option<(String, Option<Place>)> {
    let solver = run.solver(STEPS);
    let step = Replay::new(run, &solver, body).first_doubt(state.root)?;
    let says = |about: About| step.notes.iter().find(move |note| note.about == about);
    let note = says(About::Unknown).or_else(|| says(About::Row)).or_else(|| says(About::Code));
    Some(note.map_or((step.clause.clone(), None), |note| (note.text.clone(), note.at.clone())))
}

/// The bodies that a name means.
fn meant(program: &Program, name: &str) -> Result<Vec<usize>, String> {
    let short = |id: &str| id.rsplit('/').next().unwrap_or(id).to_owned();
    let rule = program.rules.iter().position(|rule| rule.id == name || short(&rule.id) == name);
    if let Some(reporting) = rule.and_then(|rule| program.reports.iter().find(|reporting| reporting.rule == rule)) {
        return Ok(vec![reporting.body]);
    }
    let heads = || program.bodies.iter().enumerate().filter_map(|(number, body)| Some((number, body, body.head.as_ref()?)));
    let fill: Vec<usize> = heads().filter(|(_, _, head)| head.relation == name).map(|(number, ..)| number).collect();
    if !fill.is_empty() {
        return Ok(fill);
    }
    if let Some((number, ..)) = heads().find(|(_, body, _)| body.id == name) {
        return Ok(vec![number]);
    }
    if builtin::is_builtin(name) {
        return Err(format!("the relation `{name}` is built in: no rule gives its rows"));
    }
    if program.relations.contains_key(name) {
        return Err(format!("no rule gives rows of `{name}`: its rows are those of a table, or there are none"));
    }
    let ids: Vec<String> = program.rules.iter().map(|rule| short(&rule.id)).collect();
    let names: BTreeSet<&str> = heads().flat_map(|(_, body, head)| [body.id.as_str(), head.relation.as_str()]).collect();
    let names: Vec<&str> = ids.iter().map(String::as_str).chain(names).collect();
    let help = near(name, &names).map_or(String::new(), |near| format!("; did you mean `{near}`?"));
    Err(format!("there is no rule or relation `{name}`{help}"))
}

/// One rule at one line.
struct Question<'r, 'p> {
    run: &'r Run<'p>,
    body: usize,
    file: u32,
    /// The first byte of the line, and the first behind it.
    bytes: (u32, u32),
}

impl Question<'_, '_> {
    /// What comes of the rule, with the number of clauses that hold where it gets furthest.
    fn explanation(&self) -> (usize, Explanation) {
        let rule = self.run.program.bodies[self.body].id.clone();
        let mut obstacles = file::obstacles(self);
        let is_hindered = !obstacles.is_empty();
        obstacles.extend(file::broken(self));
        if is_hindered {
            return (0, Explanation { rule, verdict: Verdict::NotLookedAt, obstacles, tries: Vec::new() });
        }
        let solver = self.run.solver(STEPS);
        let replay = Replay::new(self.run, &solver, self.body);
        let found = self.found();
        let mut starts: Vec<NodeRef> = found.iter().map(|state| state.root).collect();
        starts.extend(self.starts());
        let mut seen = BTreeSet::new();
        starts.retain(|start| seen.insert(*start));
        let mut tries: Vec<_> = starts.into_iter().take(MAX_TRIES).map(|start| replay.at(start, self)).collect();
        tries.sort_by_key(|(rank, attempt)| (std::cmp::Reverse(*rank), attempt.at.clone()));
        let verdict = tries.iter().map(|(_, attempt)| attempt.verdict).min().unwrap_or(Verdict::Nothing);
        if tries.is_empty() {
            obstacles.extend(file::no_start(self));
        }
        let rank = tries.first().map_or(0, |(rank, _)| *rank);
        let tries = tries.into_iter().map(|(_, attempt)| attempt).collect();
        (rank, Explanation { rule, verdict, obstacles, tries })
    }

    /// What the body finds on the line, wherever it begins.
    fn found(&self) -> Vec<State> {
        let states = self.run.solve(self.body);
        states.into_iter().filter(|state| self.is_on_line(state.focus.unwrap_or(state.root))).collect()
    }

    fn is_on_line(&self, at: NodeRef) -> bool {
        let start = self.run.project.span(at).start;
        at.file == self.file && self.bytes.0 <= start && start < self.bytes.1
    }

    /// The nodes of the line at which `find` can begin; where there are none, the innermost around the line.
    fn starts(&self) -> Vec<NodeRef> {
        let (project, body) = (self.run.project, &self.run.program.bodies[self.body]);
        if !body.from_code {
            let relations = visit::rows(&body.find).into_iter().filter_map(|(atom, _)| self.run.relations.get(&atom.relation));
            let places = relations.flat_map(|relation| relation.all().iter().filter_map(|row| row.at));
            return places.filter(|at| self.is_on_line(*at)).collect();
        }
        let nodes = (0..project.ast(self.file).len()).map(|node| NodeRef { file: self.file, node });
        let nodes: Vec<NodeRef> = nodes.filter(|at| body.starts.admits_kind(project.kind(*at))).collect();
        let on_line: Vec<NodeRef> = nodes.iter().copied().filter(|at| self.is_on_line(*at)).collect();
        if !on_line.is_empty() {
            return on_line;
        }
        let around = |at: &NodeRef| {
            let span = project.span(*at);
            span.start <= self.bytes.0 && self.bytes.0 < span.end
        };
        nodes.into_iter().filter(around).last().into_iter().collect()
    }
}
