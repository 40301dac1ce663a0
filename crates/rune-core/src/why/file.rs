//! Why a rule does not look at a file, or at a part of it.

use rune_model::{About, Note};
use rune_syntax::NodeRef;

use super::Question;
use super::words::{code, kind, note, place};
use crate::visit;

/// How many texts are named of those of which one is missed.
const MAX_TEXTS: usize = 4;

/// What keeps the rule from the whole file.
pub(super) fn obstacles(question: &Question<'_, '_>) -> Vec<Note> {
    let (run, body) = (question.run, &question.run.program.bodies[question.body]);
    let source = run.project.source(question.file);
    let family = run.project.language(question.file).family();
    let mut found = Vec::new();
    let mut add = |text: String| found.push(note(About::File, text, None));
    if !body.families.is_empty() && body.families.iter().all(|known| known != family) {
        add(format!("the file is {family}, and the rule looks at {}", body.families.join(", ")));
    }
    if body.files.as_ref().is_some_and(|globs| !globs.is_match(source.path.as_ref())) {
        add("none of the globs of the rule's `files` takes this path".to_owned());
    }
    for class in run.classes_skipped(body, question.file) {
        add(format!("the path is of the class `{class}`, which the rule skips"));
    }
    if found.is_empty() && body.from_code {
        found = missed(question);
    }
    found
}

/// Texts without which nothing of the rule can be there.
fn missed(question: &Question<'_, '_>) -> Vec<Note> {
    let run = question.run;
    if let Some(modules) = run.missing_modules(question.body).first() {
        let text = format!("no file of the project names {}, and the rule is about code that comes from there", any_of(modules));
        return vec![note(About::File, text, None)];
    }
    let ways = run.missing_texts(question.body, question.file);
    if ways.is_empty() || ways.iter().any(Vec::is_empty) {
        return Vec::new();
    }
    let mut texts: Vec<String> = ways.iter().filter_map(|way| way.first()).map(|any| any_of(any)).collect();
    texts.dedup();
    texts.truncate(MAX_TEXTS);
    let text = format!("the file nowhere says {}, without which the rule finds nothing", texts.join(" or "));
    vec![note(About::File, text, None)]
}

fn any_of(texts: &[&str]) -> String {
    let mut seen = std::collections::BTreeSet::new();
    let texts: Vec<&str> = texts.iter().copied().filter(|text| seen.insert(*text)).collect();
    let named: Vec<String> = texts.iter().take(MAX_TEXTS).map(|text| format!("`{text}`")).collect();
    let more = if texts.len() > MAX_TEXTS { format!(" or {} more", texts.len() - MAX_TEXTS) } else { String::new() };
    format!("{}{more}", named.join(" or "))
}

/// What keeps any rule from the line: code that did not parse, steps that were used up.
pub(super) fn broken(question: &Question<'_, '_>) -> Vec<Note> {
    let project = question.run.project;
    let (start, end) = question.bytes;
    let spans = project.ast(question.file).errors();
    let is_here = |span: &&rune_model::Span| span.start < end && start < span.end.max(span.start + 1);
    let mut found = Vec::new();
    if let Some(span) = spans.iter().find(is_here) {
        let at = rune_model::Place { path: project.source(question.file).path.clone(), span: *span };
        found.push(note(About::File, "the code here did not parse: nothing is matched in it", Some(at)));
    }
    let id = &question.run.program.bodies[question.body].id;
    if question.run.is_over_budget(id, question.file) {
        found.push(note(About::Budget, "the rule used up its steps in this file: what it finds may be incomplete", None));
    }
    found
}

/// Why there is no place on the line at which the rule could begin.
pub(super) fn no_start(question: &Question<'_, '_>) -> Vec<Note> {
    let (run, body) = (question.run, &question.run.program.bodies[question.body]);
    if !body.from_code {
        return rows_elsewhere(question);
    }
    let mut kinds: Vec<String> = body.starts.kinds().map(|kind| kind.name().replace('_', " ")).collect();
    kinds.sort();
    kinds.dedup();
    let mut nodes = (0..run.project.ast(question.file).len()).map(|node| NodeRef { file: question.file, node });
    let here: Option<NodeRef> = nodes.find(|at| question.is_on_line(*at));
    let found = here.map_or("nothing".to_owned(), |at| format!("`{}`, {}", code(run.project, at), kind(run.project, at)));
    vec![note(About::File, format!("`find` begins at: {}; on this line is {found}", kinds.join(", ")), None)]
}

/// A rule that starts from rows: which there are, and that none is here.
fn rows_elsewhere(question: &Question<'_, '_>) -> Vec<Note> {
    let (run, body) = (question.run, &question.run.program.bodies[question.body]);
    let mut notes = Vec::new();
    let mut named: Vec<&str> = Vec::new();
    for (atom, _) in visit::rows(&body.find) {
        if named.contains(&atom.relation.as_str()) {
            continue;
        }
        named.push(&atom.relation);
        let Some(relation) = run.relations.get(&atom.relation) else { continue };
        let places: Vec<NodeRef> = relation.all().iter().filter_map(|row| row.at).collect();
        let says = if places.is_empty() { "the project has none" } else { "none lies on this line" };
        let text = format!("the rule begins at rows of `{}`, and {says}", atom.relation);
        notes.push(note(About::Absence, text, None));
        let near = places.iter().find(|at| at.file == question.file).or(places.first());
        notes.extend(near.map(|at| {
            let text = format!("one of its rows: {}", code(run.project, *at));
            note(About::Row, text, Some(place(run.project, *at)))
        }));
    }
    notes
}
