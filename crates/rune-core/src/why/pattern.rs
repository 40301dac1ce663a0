//! What fits a node, with the equivalences it needs; and where a node parts from what does not fit it.

use rune_model::{About, Note};
use rune_pattern::{Alt, AltKind, Clause, Difference, Env, Literal, Mismatch, Pattern, Snippet, Value};
use rune_syntax::{Definition, NodeRef};

use super::replay::Replay;
use super::words::{code, counted, kind, note, place, slice, value};
use crate::eval::State;

/// How many alternatives that do not fit are told.
const MAX_ALTS: usize = 3;

impl Replay<'_, '_> {
    /// Which alternative fits, and thanks to what.
    pub(super) fn fitted(&self, pattern: &Pattern, at: NodeRef, before: &Env, after: &Env) -> Vec<Note> {
        let alts = &pattern.alts;
        let Some(alt) = alts.iter().find(|alt| self.solver.alt(alt, at, before).contains(after)) else { return Vec::new() };
        let mut notes = Vec::new();
        if alts.len() > 1 {
            notes.push(note(About::Code, format!("it fits {}", slice(self.text, &alt.at)), None));
        }
        notes.extend(self.fitted_alt(alt, at, before, after));
        notes
    }

    fn fitted_alt(&self, alt: &Alt, at: NodeRef, before: &Env, after: &Env) -> Vec<Note> {
        match &alt.kind {
            AltKind::Code(snippets) => {
                let bound = |env: &Env| match alt.bind {
                    Some(slot) if env.get(slot).is_none() => env.with(slot, Value::Node(at)),
                    _ => env.clone(),
                };
                let ways = snippets.iter().flat_map(|snippet| {
                    self.solver.matcher.matches(snippet, at, before).into_iter().map(move |env| (snippet, env))
                });
                let way = ways.into_iter().find(|(_, env)| bound(env) == *after);
                way.map(|(snippet, env)| self.code_notes(snippet, at, before, &env)).unwrap_or_default()
            }
            AltKind::Row(atom) => {
                let state = State { root: at, focus: None, env: before.clone() };
                self.row_notes(atom, &state, Some(at))
            }
            AltKind::Group(pattern, clauses) => self.group_notes(pattern, clauses, at, before),
            AltKind::Literal(_) | AltKind::Class(_) | AltKind::Capture(_) => Vec::new(),
        }
    }

    /// How code was read, what it needs to fit, and what is not known of it.
    fn code_notes(&self, snippet: &Snippet, at: NodeRef, before: &Env, after: &Env) -> Vec<Note> {
        let mut notes = Vec::new();
        if !matches!(snippet.context, "expression" | "document") {
            notes.push(note(About::Context, format!("the code of the rule is read as: {}", snippet.context), None));
        }
        let needed = self.solver.matcher.needed(snippet, at, before, after);
        notes.extend(needed.iter().map(|equivalence| note(About::Equivalence, equivalence.as_str(), None)));
        if after.possible && !before.possible {
            let doubt = self.solver.matcher.doubt(snippet, at, before);
            notes.push(self.unknown(doubt.at));
        }
        notes
    }

    /// What is known of a node, which decides nothing.
    pub(super) fn unknown(&self, at: NodeRef) -> Note {
        let text = format!("`{}` is not known here", code(self.run.project, at));
        note(About::Unknown, text, Some(place(self.run.project, at)))
    }

    fn group_notes(&self, pattern: &Pattern, clauses: &[Clause], at: NodeRef, env: &Env) -> Vec<Note> {
        let starts = self.solver.pattern(pattern, at, env);
        let Some(first) = starts.first() else { return self.unfitted(pattern, at, env) };
        let mut notes = self.fitted(pattern, at, env, first);
        let states = starts.into_iter().map(|env| State { root: at, focus: None, env }).collect();
        notes.extend(self.inner_clauses(clauses, states));
        notes
    }

    /// What clauses inside of a pattern or condition say: the one that fails, else what was joined.
    pub(super) fn inner_clauses(&self, clauses: &[Clause], states: Vec<State>) -> Vec<Note> {
        let clauses: Vec<&Clause> = clauses.iter().collect();
        let (left, steps) = self.clauses(&clauses, states);
        let mut notes = Vec::new();
        for (_, step) in steps {
            match step.outcome {
                rune_model::Outcome::Failed => {
                    notes.push(note(About::Code, format!("`{}` does not hold", step.clause), None));
                    notes.extend(step.notes);
                }
                _ if left.is_empty() => {}
                _ => notes.extend(step.notes.into_iter().filter(decides)),
            }
        }
        notes
    }

    /// Why none of the alternatives fits.
    pub(super) fn unfitted(&self, pattern: &Pattern, at: NodeRef, env: &Env) -> Vec<Note> {
        let alts = &pattern.alts;
        let mut notes = Vec::new();
        for alt in alts.iter().take(MAX_ALTS) {
            if alts.len() > 1 {
                notes.push(note(About::Code, format!("it does not fit {}", slice(self.text, &alt.at)), None));
            }
            notes.extend(self.unfitted_alt(alt, at, env));
        }
        if alts.len() > MAX_ALTS {
            notes.push(note(About::Code, format!("and {} more alternatives do not fit", alts.len() - MAX_ALTS), None));
        }
        notes
    }

    pub(super) fn unfitted_alt(&self, alt: &Alt, at: NodeRef, env: &Env) -> Vec<Note> {
        let project = self.run.project;
        let here = Some(place(project, at));
        match &alt.kind {
            AltKind::Code(snippets) => {
                let family = project.language(at.file).family();
                let Some(snippet) = snippets.iter().find(|snippet| snippet.family == family) else {
                    return vec![note(About::Code, format!("this code is {family}"), here)];
                };
                vec![self.parting(&self.solver.matcher.mismatch(snippet, at, env), env)]
            }
            AltKind::Class(word) => {
                let text = format!("`{}` is {}, no {word}", code(project, at), kind(project, at));
                vec![note(About::Code, text, here)]
            }
            AltKind::Literal(literal) => {
                let text = format!("`{}` is not {}", code(project, at), self::literal(literal));
                vec![note(About::Value, text, here)]
            }
            AltKind::Capture(slot) => {
                let held = env.get(*slot).map_or("not bound".to_owned(), |held| value(project, held));
                let text = format!("`{}` is not `${}`, which is {held}", code(project, at), self.capture(*slot));
                vec![note(About::Value, text, here)]
            }
            AltKind::Row(atom) => self.no_row_at(atom, at, env),
            AltKind::Group(pattern, clauses) => self.group_notes(pattern, clauses, at, env),
        }
    }

    pub(super) fn capture(&self, slot: usize) -> &str {
        self.run.program.bodies[self.number].captures.name(slot)
    }

    /// Where the pattern and the code part.
    pub(super) fn parting(&self, mismatch: &Mismatch, env: &Env) -> Note {
        let project = self.run.project;
        let found = code(project, mismatch.at);
        let wanted = super::words::short(&mismatch.pattern);
        let text = match &mismatch.how {
            Difference::Other => {
                let captures = &self.run.program.bodies[self.number].captures;
                let bound = mismatch.pattern.strip_prefix('$').and_then(|name| env.get(captures.find(name)?));
                let bound = bound.map_or(String::new(), |held| format!(", which is {}", value(project, held)));
                format!("the rule says `{wanted}`{bound}, the code says `{found}`")
            }
            Difference::Count(n, m) => {
                format!("the rule has {} here (`{wanted}`), the code has {m} (`{found}`)", counted(*n, "part"))
            }
            Difference::Lacks(key) => format!("`{found}` has no key `{key}`"),
            Difference::Import(modules) => {
                let modules: Vec<String> = modules.iter().map(|module| format!("`{module}`")).collect();
                let origin = match project.definition(mismatch.at) {
                    Definition::External { module, .. } => format!("it comes from `{module}`"),
                    Definition::Node(node) if node != mismatch.at => "it is defined in the project".to_owned(),
                    _ => "nothing says where it comes from".to_owned(),
                };
                format!("`{found}` does not come from {}: {origin}", modules.join(" or "))
            }
        };
        note(About::Code, text, Some(place(project, mismatch.at)))
    }
}

/// Whether a remark on a clause inside of another says why the whole holds.
fn decides(note: &Note) -> bool {
    matches!(note.about, About::Row | About::Equivalence | About::Unknown | About::Context)
}

fn literal(literal: &Literal) -> String {
    match literal {
        Literal::String(text) => format!("{text:?}"),
        Literal::Number(n) => n.to_string(),
        Literal::Duration(ms) => format!("{ms} ms"),
        Literal::Bool(b) => b.to_string(),
    }
}
