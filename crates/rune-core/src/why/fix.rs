//! The finding of a rule, and which of its fixes is taken, or why none.

use rune_model::{About, Note, Outcome};

use super::replay::Replay;
use super::words::{note, short};
use crate::eval::State;
use crate::finding::Group;

/// What the rule says of the states, and its fixes.
pub(super) fn finding(replay: &Replay<'_, '_>, states: &[State]) -> Vec<Note> {
    let run = replay.run;
    let Some(reporting) = run.program.reports.iter().find(|reporting| reporting.body == replay.number) else {
        return Vec::new();
    };
    let at = states[0].focus.unwrap_or(states[0].root);
    let mut states: Vec<State> = states.iter().filter(|state| state.focus.unwrap_or(state.root) == at).cloned().collect();
    if states.iter().any(|state| !state.env.possible) {
        states.retain(|state| !state.env.possible);
    }
    let group = Group { run, solver: replay.solver, reporting, at, states: states.clone() };
    let found = group.finding();
    let place = Some(found.place.clone());
    let mut notes = vec![note(About::Result, format!("{}: {}", found.severity, found.message), place)];
    for plan in &reporting.fixes {
        let replay = replay.of_text(&plan.guard_text);
        let guard: Vec<_> = plan.guard.iter().collect();
        let failing = states.iter().find_map(|state| {
            let (left, steps) = replay.clauses(&guard, vec![state.clone()]);
            let holds = left.iter().any(|found| found.env.possible == state.env.possible);
            (!holds).then_some(steps)
        });
        let title = short(&plan.name);
        let Some(steps) = failing else {
            match (&found.fix, &found.no_fix) {
                (Some(fix), _) => {
                    notes.push(note(About::Fix, format!("fix taken ({}): {}", fix.safety, short(&fix.title)), None));
                }
                (None, Some(reason)) if plan.edits.is_empty() => {
                    notes.push(note(About::Fix, format!("no fix: {}", short(reason)), None));
                }
                (None, Some(reason)) => notes.push(note(About::Fix, format!("fix `{title}` cannot be made: {reason}"), None)),
                (None, None) => {}
            }
            return notes;
        };
        let failed = steps.into_iter().map(|(_, step)| step);
        let failed = failed.filter(|step| matches!(step.outcome, Outcome::Failed | Outcome::Possible)).last();
        match failed {
            Some(step) => {
                let says = if step.outcome == Outcome::Failed { "does not hold" } else { "is not known" };
                notes.push(note(About::Fix, format!("fix not taken: {title}: `{}` {says}", step.clause), None));
                notes.extend(step.notes);
            }
            None => notes.push(note(About::Fix, format!("fix not taken: {title}"), None)),
        }
    }
    notes
}
