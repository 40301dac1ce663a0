//! A pattern tried on sources, by itself or with the relations of a pack: each way it holds, with what its captures are bound to.

use rune_model::{Place, Problem, ProblemLevel, Source};
use rune_pack::{Pack, Text, load_files};
use rune_pattern::Value;
use rune_syntax::{NodeRef, Project};

use crate::check::{Goal, Run, path_of, shown};
use crate::compile::compile;

const MANIFEST: &str = "[pack]\nname = \"attempt\"\nversion = \"0.0.0\"\nformat = 1\n[skills.attempt]\n";

/// The rule whose pattern is tried.
const RULE: &str = "\
id: attempt
summary: s
severity: info
confidence: low
skip: []
match: find `f()`
report: r
why: w
examples: [{ bad: f() }, { good: g() }]
";

/// One way in which a pattern holds.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct Attempt {
    /// Where: the focus, else the found node.
    pub place: Place,
    /// The captures that are bound, with their texts, and their places if they are nodes.
    pub captures: Vec<(String, String, Option<Place>)>,
    /// Whether an unknown decided.
    pub possible: bool,
}

/// The ways in which `pattern`, whose code is of the languages `families`, holds in `sources`, by place; else what is wrong
/// with it. With `within` it knows the relations and options of that pack.
pub fn attempt(
    pattern: &str,
    families: &[String],
    sources: &[Source],
    within: Option<&Pack>,
) -> Result<Vec<Attempt>, Vec<Problem>> {
    let files = [("pack.toml", MANIFEST), ("attempt/attempt.yaml", RULE)];
    let loaded = load_files("attempt", &files.map(|(path, text)| (path.to_owned(), text.into())).into());
    let Some(mut pack) = loaded.pack else { return Err(loaded.problems) };
    if let Some(within) = within {
        pack = Pack { rules: pack.rules, ..within.clone() };
    }
    for rule in &mut pack.rules {
        rule.languages = families.to_vec();
        rule.pattern = Text::whole("pattern", pattern.trim());
    }
    let (program, problems) = compile(&pack);
    let Some(program) = program else {
        return Err(problems.into_iter().filter(|problem| problem.level == ProblemLevel::Error).collect());
    };
    let project = Project::new(sources);
    let run = Run::new(&program, &project, Goal::Findings, None, &|| {});
    let Some(number) = program.reports.first().map(|reporting| reporting.body) else { return Ok(Vec::new()) };
    let names = program.bodies[number].captures.names();
    let place = |node: NodeRef| Place { path: path_of(&project, node), span: project.span(node) };
    let mut attempts: Vec<Attempt> = Vec::new();
    for state in run.solve(number) {
        let bound = names.iter().enumerate().filter(|(_, name)| *name != "_");
        let captures = bound.filter_map(|(slot, name)| {
            let value = state.env.get(slot)?;
            let at = match value {
                Value::Node(node) => Some(place(*node)),
                Value::Nodes(nodes) => nodes.first().map(|node| place(*node)),
                _ => None,
            };
            Some((name.clone(), shown(&project, value), at))
        });
        let captures = captures.collect();
        attempts.push(Attempt { place: place(state.focus.unwrap_or(state.root)), captures, possible: state.env.possible });
    }
    attempts.sort();
    attempts.dedup();
    Ok(attempts)
}
