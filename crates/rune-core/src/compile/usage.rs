//! What works and says nothing: captures that are never used, examples that no language of the rule reads.

use std::ops::Range;

use rune_model::{Problem, ProblemLevel};
use rune_pack::Text;
use rune_pattern::Slot;
use rune_syntax::{Language, parse};

use super::Compiler;
use super::rules::Parsed;
use crate::bound;

impl Compiler<'_> {
    /// A capture that the rule names once says nothing that `$_` would not say.
    pub(super) fn check_used(&mut self, text: &Text, parsed: &Parsed, slots: &[Slot], names: &[&str]) {
        let is_broken = |problem: &Problem| problem.level == ProblemLevel::Error && problem.path == text.path;
        if self.problems.iter().any(is_broken) {
            return;
        }
        let dsl = &parsed.dsl;
        let mentions = bound::mentions(&dsl.find).into_iter().chain(bound::mentions(&dsl.clauses[..]));
        let mentions = mentions.chain(dsl.head.iter().flat_map(bound::mentions)).chain(slots.iter().copied());
        let mentions: Vec<Slot> = mentions.collect();
        for (slot, name) in parsed.captures.names().iter().enumerate() {
            let n = mentions.iter().filter(|mention| **mention == slot).count();
            if n != 1 || name == "_" || names.contains(&name.as_str()) || slots.contains(&slot) {
                continue;
            }
            let Some((at, mend)) = capture_place(&text.value, name) else { continue };
            let message = format!("`${name}` is bound and never used");
            self.warning(text, "unused", at, message, Some(mend));
        }
    }

    /// A single text of an example is of the first language; one that only another language can read tests nothing.
    pub(super) fn check_example_language<'t>(&mut self, families: &[String], texts: impl Iterator<Item = &'t Text>) {
        let [first, others @ ..] = families else { return };
        if others.is_empty() {
            return;
        }
        for text in texts.filter(|text| !reads(&text.value, first)) {
            let Some(other) = others.iter().find(|family| reads(&text.value, family)) else { continue };
            let message = format!("this example is read as {first}, the first of `languages`, and is {other}");
            let file = if other == "python" { "a.py" } else { "a.ts" };
            let help = format!("name its file: `{{ {file}: … }}`, or put `{other}` first");
            self.warning(text, "example-language", 0..text.value.len().min(1), message, Some(help));
        }
    }
}

/// Whether a text is without fault in a family of languages.
pub(super) fn reads(text: &str, family: &str) -> bool {
    let languages = Language::of_family(family);
    languages.into_iter().any(|language| parse(text, language).errors().is_empty())
}

/// Where a capture that is named once stands, and what to write in its place; `None` for `$X?`, which says that there may be one.
fn capture_place(text: &str, name: &str) -> Option<(Range<usize>, String)> {
    let is_word = |c: char| c.is_ascii_uppercase() || c.is_ascii_digit() || c == '_';
    for (start, _) in text.match_indices(name) {
        let (before, end) = (&text[..start], start + name.len());
        let after = &text[end..];
        if after.starts_with(is_word) || (before.ends_with(is_word) && !before.ends_with('$')) {
            continue;
        }
        if before.ends_with("(?<") {
            return Some((start..end, "write `(…)` without a name".to_owned()));
        }
        let list = before.strip_suffix("$...");
        let before = list.or_else(|| before.strip_suffix('$')).filter(|before| !before.ends_with('\\'));
        let Some(before) = before else { continue };
        let at = before.len()..end;
        return match (before.trim_end().ends_with(" as"), list.is_some(), after.starts_with('?')) {
            (_, _, true) => None,
            (true, _, _) => Some((at, format!("leave out `as ${name}`"))),
            (_, true, _) => Some((at, "write `...`".to_owned())),
            _ => Some((at, "write `$_`".to_owned())),
        };
    }
    None
}
