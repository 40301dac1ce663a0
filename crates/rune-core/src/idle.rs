//! Rules that have nothing to judge in a project: what they join on is not there, and nothing in the project could have
//! given it. A relation that was looked for and has no rows says something; one that was not says nothing.

use std::collections::BTreeSet;

use crate::check::Run;

/// The rules that have nothing to judge, each with the relations that are at the bottom of it.
pub(crate) fn idle(run: &Run<'_>) -> Vec<(String, String)> {
    let program = run.program;
    let mut found = Vec::new();
    for reporting in &program.reports {
        let Some(relation) = lacking(run, reporting.body) else { continue };
        let roots = roots(run, &relation, &mut BTreeSet::new()).unwrap_or_default();
        found.extend(roots.into_iter().map(|root| (program.rules[reporting.rule].id.clone(), root)));
    }
    found.sort();
    found
}

/// A relation that has no row at all, and without which a body finds nothing.
fn lacking(run: &Run<'_>, number: usize) -> Option<String> {
    let body = &run.program.bodies[number];
    let solver = run.solver(0);
    let atom = solver.lacking(&body.find, &body.plan.joined)?;
    is_empty(run, &atom.relation).then(|| atom.relation.clone())
}

fn is_empty(run: &Run<'_>, relation: &str) -> bool {
    run.relations.get(relation).is_some_and(|relation| relation.all().is_empty())
}

/// The relations below one without rows that nothing in the project could have given; `None` if some rule looked for them.
fn roots(run: &Run<'_>, relation: &str, seen: &mut BTreeSet<String>) -> Option<BTreeSet<String>> {
    if !seen.insert(relation.to_owned()) {
        return Some(BTreeSet::new());
    }
    let mut below = BTreeSet::new();
    let fills = |number: &usize| run.program.bodies[*number].head.as_ref().is_some_and(|head| head.relation == relation);
    for number in (0..run.program.bodies.len()).filter(fills) {
        match lacking(run, number) {
            Some(inner) => below.extend(roots(run, &inner, seen)?),
            None if was_looked_for(run, number) => return None,
            None => {}
        }
    }
    if below.is_empty() {
        below.insert(relation.to_owned());
    }
    Some(below)
}

/// Whether the code of a body was looked for in any file.
fn was_looked_for(run: &Run<'_>, number: usize) -> bool {
    run.can_hold(number, &[])
        && (!run.program.bodies[number].from_code || (0..run.project.n_files()).any(|file| run.looks_at(number, file)))
}
