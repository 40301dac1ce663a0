//! Names: relations, columns and options must exist, captures must be bound where they are read.

use std::ops::Range;

use rune_pack::Text;
use rune_pattern::{Alt, AltKind, Captures, Clause, Mark, Pattern, RowAtom, Slot};

use super::Compiler;
use super::rules::Parsed;
use crate::schedule::Slots;
use crate::{bound, builtin, visit};

/// Where a template may take its names from.
pub(super) struct Names<'a> {
    pub(super) pattern: &'a Text,
    pub(super) parsed: &'a Parsed,
    pub(super) captures: &'a Captures,
    pub(super) bound: &'a Slots,
    /// What the text is for, as messages call it.
    pub(super) what: &'static str,
}

impl Names<'_> {
    pub(super) fn all(&self) -> Vec<String> {
        names_of(self.captures, self.bound)
    }

    /// Names that only some alternatives bind.
    pub(super) fn maybe(&self) -> Vec<String> {
        names_of(self.captures, &self.parsed.maybe.difference(self.bound).copied().collect())
    }
}

impl Compiler<'_> {
    /// Relations and columns must exist; options too.
    pub(super) fn check_names(&mut self, text: &Text, families: &[String], find: &Pattern, clauses: &[Clause]) {
        for (atom, _) in visit::rows(find).into_iter().chain(visit::rows(clauses)) {
            self.check_atom(text, atom);
        }
        for (name, at) in visit::options(find).into_iter().chain(visit::options(clauses)) {
            self.check_option(text, name, at);
        }
        self.check_languages(text, find, families);
        let is_bare = |alt: &Alt| match &alt.kind {
            AltKind::Capture(_) => true,
            AltKind::Code(snippets) => snippets.iter().any(|s| matches!(s.mark(s.root), Mark::Hole(_))),
            _ => false,
        };
        if let [alt] = find.alts.as_slice()
            && is_bare(alt)
        {
            let help = Some("say what to look for: code in backticks, a class word or a row".into());
            self.error(text, "never-matches", alt.at.clone(), "`find` with a capture alone matches everything".into(), help);
        }
    }

    /// Code that is searched must be of a language that the rule looks at.
    fn check_languages(&mut self, text: &Text, find: &Pattern, families: &[String]) {
        for alt in &find.alts {
            match &alt.kind {
                AltKind::Group(inner, _) => self.check_languages(text, inner, families),
                AltKind::Code(snippets) if !families.is_empty() && !snippets.is_empty() => {
                    let family = snippets[0].family;
                    if snippets.iter().all(|snippet| families.iter().all(|known| known != snippet.family)) {
                        let message = format!("this code is {family}, and the rule looks at {}", families.join(", "));
                        let help = Some(format!("add `{family}` to `languages`"));
                        self.error(text, "never-matches", alt.at.clone(), message, help);
                    }
                }
                _ => {}
            }
        }
    }

    pub(super) fn check_atom(&mut self, text: &Text, atom: &RowAtom) {
        let columns: Vec<String> = match self.relations.get(&atom.relation) {
            Some(declared) => declared.columns.iter().map(|(name, _)| name.clone()).collect(),
            None if builtin::is_builtin(&atom.relation) => {
                let found = builtin::BUILTIN.iter().find(|(name, _)| *name == atom.relation);
                found.map_or(Vec::new(), |(_, columns)| columns.iter().map(|(name, _)| name.clone()).collect())
            }
            None => {
                let at = atom.at.start..atom.at.start + atom.relation.len();
                self.unknown_relation(text, at, &atom.relation);
                return;
            }
        };
        let names: Vec<&str> = columns.iter().map(String::as_str).collect();
        for (name, _) in &atom.columns {
            if name != "at" && !columns.contains(name) {
                let at = column_place(&text.value, &atom.at, name);
                self.unknown_column(text, at, &atom.relation, name, &names);
            }
        }
    }

    pub(super) fn unknown_relation(&mut self, text: &Text, at: Range<usize>, name: &str) {
        let names: Vec<&str> = self.relations.keys().map(String::as_str).chain(builtin::BUILTIN.iter().map(|b| b.0)).collect();
        let help = match near(name, &names) {
            Some(near) => format!("did you mean `{near}`?"),
            None => "declare it in relations.yaml, below a group".to_owned(),
        };
        self.error(text, "unknown-relation", at, format!("there is no relation `{name}`"), Some(help));
    }

    pub(super) fn unknown_column(&mut self, text: &Text, at: Range<usize>, relation: &str, name: &str, names: &[&str]) {
        let help = match near(name, names) {
            Some(near) => format!("did you mean `{near}`?"),
            None => format!("its columns are at, {}", names.join(", ")),
        };
        self.error(text, "unknown-column", at, format!("the relation `{relation}` has no column `{name}`"), Some(help));
    }

    pub(super) fn check_option(&mut self, text: &Text, name: &str, at: Range<usize>) {
        if !self.options.contains_key(name) {
            let names: Vec<&str> = self.pack.options.keys().map(String::as_str).collect();
            let help = near(name, &names).map(|near| format!("did you mean `options.{near}`?"));
            let help = help.or_else(|| Some(format!("declare it in pack.toml: `[options.{name}]`")));
            self.error(text, "unknown-option", at, format!("the pack has no option `{name}`"), help);
        }
    }

    /// Captures that are read must be bound by a positive clause, whichever alternative holds.
    pub(super) fn check_bound(&mut self, text: &Text, parsed: &Parsed) {
        let names = Names { pattern: text, parsed, captures: &parsed.captures, bound: &parsed.bound, what: "here" };
        for (slot, at) in bound::unbound(&parsed.dsl.find, &parsed.dsl.clauses, &Slots::new(), &Slots::new()) {
            self.unbound(text, at, parsed.captures.name(slot), &names);
        }
        let reads: Vec<bound::Read> = parsed.dsl.head.iter().flat_map(visit::reads).collect();
        for (slot, at) in reads.into_iter().filter(|(slot, _)| !parsed.bound.contains(slot)) {
            self.unbound(text, at, parsed.captures.name(slot), &Names { what: "in `row`", ..names });
        }
    }

    /// A capture is read that nothing binds, or only some alternatives of an `or`.
    pub(super) fn unbound(&mut self, text: &Text, at: Range<usize>, name: &str, names: &Names<'_>) {
        let what = names.what;
        let slot = names.parsed.captures.find(name).filter(|slot| names.parsed.maybe.contains(slot));
        if let Some(slot) = slot {
            return self.half_bound(text, at, slot, names, "write a rule for each");
        }
        let all = names.all();
        let list = all.iter().map(|name| format!("${name}")).collect::<Vec<_>>().join(", ");
        let list = if list.is_empty() { "nothing".to_owned() } else { list };
        let message = format!("`${name}` is used {what}, but no positive clause binds it (bound: {list})");
        let all: Vec<&str> = all.iter().map(String::as_str).collect();
        let help = match near(name, &all) {
            Some(near) => format!("did you mean `${near}`?"),
            None => format!("bind it in code behind `find` or `has`, with `as ${name}`, or by a row"),
        };
        self.error(text, "unbound", at, message, Some(help));
    }

    pub(super) fn half_bound(&mut self, text: &Text, at: Range<usize>, slot: Slot, names: &Names<'_>, mend: &str) {
        let (name, dsl) = (names.captures.name(slot), &names.parsed.dsl);
        let without = bound::lacking(&dsl.find, &dsl.clauses, slot).map_or("", |at| &names.pattern.value[at]);
        let without = short(without);
        let without = if without.contains('`') { without } else { format!("`{without}`") };
        let message = format!("`${name}` is used {}, but not every alternative binds it: {without} does not", names.what);
        let help = format!("bind it in every alternative of the `or`, or {mend}");
        self.error(text, "unbound", at, message, Some(help));
    }

    /// The capture that a text of a rule file names.
    pub(super) fn capture(&mut self, text: &Text, names: &Names<'_>) -> Option<Slot> {
        let name = text.value.trim().trim_start_matches('$');
        let slot = names.captures.find(name).filter(|slot| names.bound.contains(slot));
        if slot.is_none() {
            self.unbound(text, 0..text.value.len(), name, names);
        }
        slot
    }
}

/// The names of captures, without `$`; `$_` has none.
fn names_of(captures: &Captures, slots: &Slots) -> Vec<String> {
    slots.iter().map(|slot| captures.name(*slot).to_owned()).filter(|name| name != "_").collect()
}

/// Where a column of a row stands.
fn column_place(text: &str, row: &Range<usize>, name: &str) -> Range<usize> {
    let inside = &text[row.clone()];
    let is_column = |start: &usize| {
        let before = inside[..*start].trim_end().ends_with(['(', ',']);
        before && inside[start + name.len()..].trim_start().starts_with(':')
    };
    let start = inside.match_indices(name).map(|(start, _)| start).find(is_column);
    start.map_or(row.clone(), |start| row.start + start..row.start + start + name.len())
}

/// At most 40 characters of a text, on one line.
fn short(text: &str) -> String {
    let line = text.split_whitespace().collect::<Vec<_>>().join(" ");
    if line.chars().count() > 40 { line.chars().take(39).chain(['…']).collect() } else { line }
}

/// The word nearest to `word`, if near enough to be meant.
pub(crate) fn near<'w>(word: &str, words: &[&'w str]) -> Option<&'w str> {
    let limit = (word.len() / 3).max(1) + 1;
    let nearest = words.iter().map(|known| (strsim::damerau_levenshtein(word, known), *known)).min();
    nearest.filter(|(distance, _)| *distance <= limit).map(|(_, known)| known)
}
