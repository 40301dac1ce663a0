//! A pattern tried on sources, without a pack: each way it holds, with what its captures are bound to.

use rune_model::{Place, Problem, ProblemLevel, Source};
use rune_pack::{RelationRule, Text, load_files};
use rune_pattern::Value;
use rune_syntax::{NodeRef, Project};

use crate::check::{Run, path_of, shown};
use crate::compile::compile;

/// Steps the pattern may take.
const STEPS: u64 = 400_000_000;

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
/// with it.
pub fn attempt(pattern: &str, families: &[String], sources: &[Source]) -> Result<Vec<Attempt>, Vec<Problem>> {
    let manifest = "[pack]\nname = \"attempt\"\nversion = \"0.0.0\"\nformat = 1\n";
    let relations = "attempt:\n  tried: { columns: {} }\n";
    let files = [("pack.toml", manifest), ("relations.yaml", relations)];
    let loaded = load_files("attempt", &files.map(|(path, text)| (path.to_owned(), text.into())).into());
    let Some(mut pack) = loaded.pack else { return Err(loaded.problems) };
    pack.relation_rules.push(RelationRule {
        id: "attempt".to_owned(),
        id_span: Default::default(),
        languages: families.to_vec(),
        files: Vec::new(),
        skip: Vec::new(),
        pattern: Text::whole("pattern", &format!("{}\nrow tried()", pattern.trim())),
        examples: Vec::new(),
        path: "pattern".into(),
    });
    let (program, problems) = compile(&pack);
    let Some(program) = program else {
        return Err(problems.into_iter().filter(|problem| problem.level == ProblemLevel::Error).collect());
    };
    let project = Project::new(sources);
    let run = Run::new(&program, &project, &|| {});
    let solver = run.solver(STEPS);
    let names = program.bodies[0].captures.names();
    let place = |node: NodeRef| Place { path: path_of(&project, node), span: project.span(node) };
    let mut attempts: Vec<Attempt> = Vec::new();
    for state in run.solve(&solver, 0) {
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
