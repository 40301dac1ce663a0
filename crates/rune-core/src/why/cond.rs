//! Conditions: the values they compare, the rows they join, the alternative that holds or the part that fails.

use rune_model::{About, Note, Outcome};
use rune_pattern::{Alt, AltKind, Cond, Like, Operand, Pattern, Value};

use super::replay::Replay;
use super::step::negated;
use super::words::{cond as text_of, is_computed, note, place, place_of_value, value};
use crate::eval::State;

/// How deep conditions inside conditions are told.
const MAX_DEPTH: u32 = 6;

/// How many remarks tell that what is denied is not there.
const MAX_ABSENT: usize = 2;

impl Replay<'_, '_> {
    /// What a condition says of a state, in which it has that outcome.
    pub(super) fn cond(&self, cond: &Cond, state: &State, outcome: Outcome, depth: u32) -> Vec<Note> {
        if depth > MAX_DEPTH {
            return Vec::new();
        }
        let failed = outcome == Outcome::Failed;
        match cond {
            Cond::And(parts) => self.parts(parts, state, outcome, depth),
            Cond::Or(parts) => self.either(parts, state, failed, depth),
            Cond::Not(inner) => self.denied(inner, state, outcome, depth),
            Cond::Is(operand, alt, _) => self.is(operand, alt, state, outcome),
            Cond::Equals(a, b, _) | Cond::In(a, b, _) | Cond::Compare(a, _, b, _) => self.operands(&[a, b], state, outcome),
            Cond::Like(operand, Like::Path(path), _) => self.operands(&[operand, path], state, outcome),
            Cond::Like(operand, Like::Regex(..) | Like::Option(_), _) => self.operands(&[operand], state, outcome),
            Cond::Step(operand, step, alt, until, _) => {
                let found = self.solver.value(operand, state);
                let Some(from) = self.solver.node_of(found.as_ref()) else {
                    return self.operands(&[operand], state, outcome);
                };
                let pattern = Pattern { alts: vec![alt.as_ref().clone()] };
                self.step(from, *step, &pattern, until.as_deref(), &state.env, outcome)
            }
            Cond::Row(atom, _) if failed => self.no_row(atom, state),
            Cond::Row(atom, _) => self.row_notes(atom, state, None),
            Cond::Group(pattern, clauses, ..) => self.anywhere(pattern, clauses, state),
        }
    }

    fn outcome(&self, cond: &Cond, state: &State) -> Outcome {
        let found = self.solver.cond(cond, state);
        match found.iter().map(|env| env.possible).min() {
            None => Outcome::Failed,
            Some(true) if !state.env.possible => Outcome::Possible,
            Some(_) => Outcome::Held,
        }
    }

    /// `and`: the first part that fails; else what each says.
    fn parts(&self, parts: &[Cond], state: &State, outcome: Outcome, depth: u32) -> Vec<Note> {
        let mut notes = Vec::new();
        let mut state = state.clone();
        for part in parts {
            let here = self.outcome(part, &state);
            if here == Outcome::Failed {
                let mut found = vec![note(About::Code, format!("`{}` does not hold", text_of(self.text, part)), None)];
                found.extend(self.cond(part, &state, here, depth + 1));
                return found;
            }
            if outcome != Outcome::Failed {
                notes.extend(self.cond(part, &state, here, depth + 1));
            }
            let next = self.solver.cond(part, &state);
            if let Some(env) = next.iter().find(|env| !env.possible).or(next.first()) {
                state.env = env.clone();
            }
        }
        notes
    }

    /// `or`: the part that holds, or why each does not.
    fn either(&self, parts: &[Cond], state: &State, failed: bool, depth: u32) -> Vec<Note> {
        let outcomes: Vec<(&Cond, Outcome)> = parts.iter().map(|part| (part, self.outcome(part, state))).collect();
        let told = |(part, outcome): &(&Cond, Outcome)| {
            let says = if *outcome == Outcome::Failed { "does not hold" } else { "holds" };
            let mut notes = vec![note(About::Code, format!("`{}` {says}", text_of(self.text, part)), None)];
            notes.extend(self.cond(part, state, *outcome, depth + 1));
            notes
        };
        if failed {
            return outcomes.iter().flat_map(told).collect();
        }
        let best = outcomes.iter().filter(|(_, outcome)| *outcome != Outcome::Failed).min_by_key(|(_, outcome)| *outcome);
        best.map(told).unwrap_or_default()
    }

    /// `not`: what denies it, or what came near.
    fn denied(&self, inner: &Cond, state: &State, outcome: Outcome, depth: u32) -> Vec<Note> {
        let mut sure = state.clone();
        sure.env.possible = false;
        let denied = negated(outcome);
        let Cond::Row(atom, _) = inner else {
            let notes = self.cond(inner, &sure, denied, depth + 1);
            return if denied == Outcome::Failed { notes.into_iter().take(MAX_ABSENT).collect() } else { notes };
        };
        let (text, rows) = match denied {
            Outcome::Failed | Outcome::NotReached => {
                let relation = self.run.relations.get(&atom.relation);
                let none = note(About::Absence, format!("no row of `{}` denies it", atom.relation), None);
                let near = relation.map_or(Vec::new(), |relation| self.nearest(atom, relation, &sure));
                return [none].into_iter().chain(near).collect();
            }
            Outcome::Possible => ("only a possible row denies it", self.denying(atom, &sure)),
            Outcome::Held => ("a row denies it", self.denying(atom, &sure)),
        };
        let about = if denied == Outcome::Possible { About::Unknown } else { About::Absence };
        [note(about, text, None)].into_iter().chain(rows).collect()
    }

    /// The rows that deny: what is not known of a thing may be what should be absent.
    fn denying(&self, atom: &rune_pattern::RowAtom, state: &State) -> Vec<Note> {
        let outer = self.solver.is_denying.replace(true);
        let rows = self.row_notes(atom, state, None);
        self.solver.is_denying.set(outer);
        rows
    }

    fn is(&self, operand: &Operand, alt: &Alt, state: &State, outcome: Outcome) -> Vec<Note> {
        let project = self.run.project;
        let Some(held) = self.solver.value(operand, state) else { return self.unbound(operand, state) };
        if matches!(&alt.kind, AltKind::Class(word) if word == "absent") {
            return self.operands(&[operand], state, outcome);
        }
        let mut notes = self.operands(&[operand], state, outcome);
        let Value::Node(at) = held else { return notes };
        let (direct, target) = (self.solver.alt(alt, at, &state.env), project.value(at));
        let at = if direct.is_empty() { target } else { at };
        let pattern = Pattern { alts: vec![alt.clone()] };
        match self.solver.pattern(&pattern, at, &state.env).first() {
            Some(after) => notes.extend(self.fitted(&pattern, at, &state.env, after)),
            None if outcome == Outcome::Failed
                && matches!(alt.kind, AltKind::Code(_) | AltKind::Group(..) | AltKind::Class(_)) =>
            {
                notes.extend(self.unfitted(&pattern, at, &state.env));
            }
            None => {}
        }
        notes
    }

    /// What operands are; and of those that are not known, that they are not.
    fn operands(&self, operands: &[&Operand], state: &State, outcome: Outcome) -> Vec<Note> {
        let mut notes = Vec::new();
        for operand in operands.iter().copied().filter(|operand| is_computed(operand)) {
            let Some(held) = self.solver.value(operand, state) else {
                notes.extend(self.unbound(operand, state));
                continue;
            };
            let name = self.operand(operand);
            let at = place_of_value(self.run.project, &held);
            let is_unknown = outcome == Outcome::Possible && !self.solver.is_known(&held);
            let (about, text) = match is_unknown {
                true if held == Value::Unknown => (About::Unknown, format!("{name} is not known")),
                true => (About::Unknown, format!("{name} is {}, which is not known here", value(self.run.project, &held))),
                false => (About::Value, format!("{name} is {}", value(self.run.project, &held))),
            };
            notes.push(note(about, text, at));
            notes.extend(self.stands_for(&held));
        }
        notes
    }

    /// What a name was initialised with.
    fn stands_for(&self, held: &Value) -> Option<Note> {
        let Value::Node(at) = held else { return None };
        let project = self.run.project;
        let target = project.value(*at);
        let is_other = project.text(target) != project.text(*at);
        let text = format!("it stands for {}", value(project, &Value::Node(target)));
        is_other.then(|| note(About::Value, text, Some(place(project, target))))
    }

    fn unbound(&self, operand: &Operand, state: &State) -> Vec<Note> {
        let Operand::Path(slot, keys, _) = operand else {
            return vec![note(About::Value, format!("{} has no value here", self.operand(operand)), None)];
        };
        let text = match state.env.get(*slot) {
            None => format!("${} is not bound", self.capture(*slot)),
            Some(held) => {
                format!("${} is {}, without the key `{}`", self.capture(*slot), value(self.run.project, held), keys.join("."))
            }
        };
        vec![note(About::Value, text, None)]
    }

    /// An operand as the rule writes it.
    fn operand(&self, operand: &Operand) -> String {
        match operand {
            Operand::Path(slot, keys, _) => {
                std::iter::once(&format!("${}", self.capture(*slot))).chain(keys).cloned().collect::<Vec<_>>().join(".")
            }
            Operand::Option(name, _) => format!("options.{name}"),
            Operand::Call(_, _, at) => self.text.get(at.clone()).unwrap_or("the value").to_owned(),
            Operand::List(_) => "the list".to_owned(),
            Operand::Literal(_) => "the constant".to_owned(),
        }
    }

    /// A pattern with its clauses, anywhere: the start that gets furthest.
    fn anywhere(&self, pattern: &Pattern, clauses: &[rune_pattern::Clause], state: &State) -> Vec<Note> {
        let starts: Vec<State> = pattern.alts.iter().flat_map(|alt| self.solver.anywhere(alt, state, None)).collect();
        if starts.is_empty() {
            return match pattern.alts.as_slice() {
                [Alt { kind: AltKind::Row(atom), .. }] => self.no_row(atom, state),
                _ => vec![note(About::Code, "nothing in this file fits the pattern in parentheses", None)],
            };
        }
        let n_starts = starts.len();
        let held = |start: &&State| !self.solver.clauses(clauses, (*start).clone()).is_empty();
        let start = starts.iter().find(held).unwrap_or(&starts[0]);
        let text = format!("at `{}`", super::words::code(self.run.project, start.root));
        let mut notes = vec![note(About::Code, text, Some(place(self.run.project, start.root)))];
        notes.extend(self.inner_clauses(clauses, vec![start.clone()]));
        if n_starts > 1 && !held(&start) {
            notes.push(note(
                About::Code,
                format!("none of {n_starts} places that fit the pattern holds; this is the first"),
                None,
            ));
        }
        notes
    }
}
