//! Which bodies can match a file at all, by the texts that must stand in it: one pass over the bytes for all of them.

use std::cmp::Reverse;
use std::collections::{BTreeMap, BTreeSet};

use aho_corasick::{AhoCorasick, AhoCorasickKind, MatchKind};
use regex_syntax::hir::{Hir, HirKind};
use rune_pattern::{Alt, AltKind, Clause, Cond, Like, ListItem, Literal, Operand, Pattern, Slot, Snippet, Step, Value};
use rustc_hash::FxHashMap;

use crate::program::Declared;
use crate::visit::{Part, visit};

/// Texts of which one must be there.
type AnyOf = Vec<u32>;

/// Groups that must all be there.
type AllOf = Vec<AnyOf>;

/// What a body needs of the texts it looks at.
#[derive(Debug, Default)]
pub(crate) struct Needs {
    /// The ways in which it can match a file, each a list of groups of texts of which one must be there; a way without
    /// groups admits every file.
    ways: Vec<Vec<Vec<String>>>,
    /// Groups of texts that must be there in any way, in upper or lower case.
    spelled: Vec<Vec<String>>,
    /// Groups of texts of which one must stand somewhere in the project.
    project: Vec<Vec<String>>,
    /// The modules that anything of it names.
    named: Vec<String>,
}

/// The needs of every body, and the automaton that finds their texts.
#[derive(Debug)]
pub(crate) struct Prefilter {
    automaton: Option<AhoCorasick>,
    texts: FxHashMap<String, u32>,
    /// All texts by number.
    names: Vec<String>,
    /// Finds the texts whose case does not matter; their numbers follow those of the others.
    folded: Option<AhoCorasick>,
    n_texts: usize,
    /// For each body its ways to be possible; empty: every file is.
    needs: Vec<Vec<AllOf>>,
    /// For each body texts of which one must be there in any way: the rarest group of each; empty: none need be.
    rarest: Vec<Box<[u32]>>,
    /// For each body what the project must hold.
    project: Vec<AllOf>,
}

impl Prefilter {
    /// Builds the prefilter from what each body needs.
    pub(crate) fn new(bodies: &[Needs]) -> Prefilter {
        let (mut exact, mut folded) = (Numbered::default(), Numbered::default());
        let project: Vec<AllOf> = bodies.iter().map(|body| exact.all_of(&body.project)).collect();
        bodies.iter().flat_map(|body| &body.named).for_each(|text| {
            exact.number(text);
        });
        let mut needs: Vec<Vec<AllOf>> =
            bodies.iter().map(|body| body.ways.iter().map(|groups| exact.all_of(groups)).collect()).collect();
        folded.first = exact.texts.len() as u32;
        for (body, ways) in bodies.iter().zip(&mut needs) {
            let spelled = folded.all_of(&body.spelled);
            ways.iter_mut().for_each(|way| way.extend(spelled.iter().cloned()));
            if ways.iter().any(Vec::is_empty) {
                ways.clear();
            }
        }
        let n_texts = exact.texts.len() + folded.texts.len();
        let build = |texts: &Numbered, any_case: bool| {
            let mut builder = AhoCorasick::builder();
            builder
                .match_kind(MatchKind::Standard)
                .kind(Some(AhoCorasickKind::DFA))
                .ascii_case_insensitive(any_case)
                .build(&texts.texts)
                .ok()
        };
        let (automaton, any_case) = (build(&exact, false), build(&folded, true));
        let names: Vec<String> = exact.texts.iter().chain(&folded.texts).cloned().collect();
        let rarest = needs.iter().map(|ways| rarest(ways, &names)).collect();
        Prefilter { automaton, texts: exact.ids, names, folded: any_case, n_texts, needs, rarest, project }
    }

    /// The texts that stand in any of the files.
    pub(crate) fn union<'t>(&self, files: impl Iterator<Item = &'t Vec<bool>>) -> Vec<bool> {
        let mut all = vec![false; self.n_texts];
        for file in files {
            all.iter_mut().zip(file).for_each(|(any, here)| *any |= here);
        }
        all
    }

    /// The number of a text; `None` if no body needs it.
    pub(crate) fn number(&self, text: &str) -> Option<u32> {
        self.texts.get(text).copied()
    }

    /// The numbers of the modules that `bodies` need.
    pub(crate) fn modules(&self, bodies: &BTreeSet<usize>) -> Vec<u32> {
        let all: BTreeSet<u32> = bodies.iter().flat_map(|body| self.project[*body].iter().flatten().copied()).collect();
        all.into_iter().collect()
    }

    /// Whether a body can match anything in a project whose files hold these texts.
    pub(crate) fn admits_project(&self, body: usize, found: &[bool]) -> bool {
        self.project[body].iter().all(|any| any.iter().any(|text| found[*text as usize]))
    }

    /// The texts that stand in a file, as a set.
    pub(crate) fn scan(&self, text: &str) -> Vec<bool> {
        let (Some(automaton), Some(folded)) = (&self.automaton, &self.folded) else { return vec![true; self.n_texts] };
        let mut found = vec![false; self.n_texts];
        let (exact, any_case) = found.split_at_mut(self.texts.len());
        mark(automaton, text, exact);
        mark(folded, text, any_case);
        found
    }

    /// The texts of a set by their numbers.
    pub(crate) fn numbers(found: &[bool]) -> Vec<u32> {
        found.iter().enumerate().filter(|(_, here)| **here).map(|(number, _)| number as u32).collect()
    }

    /// The set of the texts with these numbers.
    pub(crate) fn set(&self, numbers: &[u32]) -> Vec<bool> {
        let mut found = vec![false; self.n_texts];
        for number in numbers {
            if let Some(here) = found.get_mut(*number as usize) {
                *here = true;
            }
        }
        found
    }

    /// The texts that a body misses in a file, for each of its ways: groups of which one text must be there.
    pub(crate) fn missing(&self, body: usize, found: &[bool]) -> Vec<Vec<Vec<&str>>> {
        let named = |any: &AnyOf| any.iter().map(|text| self.names[*text as usize].as_str()).collect();
        let misses = |any: &&AnyOf| !any.iter().any(|text| found[*text as usize]);
        self.needs[body].iter().map(|all| all.iter().filter(misses).map(named).collect()).collect()
    }

    /// The modules that a body misses in a project, in groups of which one must be there.
    pub(crate) fn missing_in_project(&self, body: usize, found: &[bool]) -> Vec<Vec<&str>> {
        let misses = |any: &&AnyOf| !any.iter().any(|text| found[*text as usize]);
        let named = |any: &AnyOf| any.iter().map(|text| self.names[*text as usize].as_str()).collect();
        self.project[body].iter().filter(misses).map(named).collect()
    }

    /// Whether a body can match a file with these texts.
    pub(crate) fn admits(&self, body: usize, found: &[bool]) -> bool {
        let rarest = &self.rarest[body];
        if !rarest.is_empty() && !rarest.iter().any(|text| found[*text as usize]) {
            return false;
        }
        let ways = &self.needs[body];
        let holds = |any: &AnyOf| any.iter().any(|text| found[*text as usize]);
        ways.is_empty() || ways.iter().any(|all| all.iter().all(holds))
    }
}

/// The texts of the group of each way that the fewest files hold: that of the fewest and longest texts.
fn rarest(ways: &[AllOf], names: &[String]) -> Box<[u32]> {
    let shortest = |any: &AnyOf| any.iter().map(|text| names[*text as usize].len()).min();
    let group = |all: &AllOf| all.iter().min_by_key(|any| (any.len(), Reverse(shortest(any)))).cloned();
    let texts: BTreeSet<u32> = ways.iter().filter_map(group).flatten().collect();
    texts.into_iter().collect()
}

/// Texts with a number each, in the order they were asked for.
#[derive(Default)]
struct Numbered {
    /// The number of the first.
    first: u32,
    texts: Vec<String>,
    ids: FxHashMap<String, u32>,
}

impl Numbered {
    fn all_of(&mut self, groups: &[Vec<String>]) -> AllOf {
        groups.iter().map(|any| any.iter().map(|text| self.number(text)).collect()).collect()
    }

    fn number(&mut self, text: &str) -> u32 {
        *self.ids.entry(text.to_owned()).or_insert_with(|| {
            self.texts.push(text.to_owned());
            self.first + self.texts.len() as u32 - 1
        })
    }
}

/// Marks the texts of `automaton` that stand in `text`.
fn mark(automaton: &AhoCorasick, text: &str, found: &mut [bool]) {
    let mut left = found.len();
    for hit in automaton.find_overlapping_iter(text) {
        let seen = &mut found[hit.pattern().as_usize()];
        if !*seen {
            *seen = true;
            left -= 1;
            if left == 0 {
                break;
            }
        }
    }
}

/// What a body needs that starts with `find`.
pub(crate) fn needs(find: &Pattern, clauses: &[Clause], tables: &BTreeMap<String, Declared>, from_code: bool) -> Needs {
    let ways = if from_code { ways(find, clauses, tables) } else { Vec::new() };
    let modules = pattern_modules(find).into_iter().chain(clauses.iter().flat_map(clause_modules));
    let own: Vec<Slot> = crate::schedule::binds(find).into_iter().collect();
    let spelled = clauses.iter().filter(|_| from_code).filter_map(|clause| spelling(clause, &own));
    let spelled = spelled.chain(row_spelling(find).filter(|_| from_code)).chain(import_spelling(find, clauses));
    let mut named = Vec::new();
    let mut name = |part: Part<'_>, _| {
        if let Part::Alt(Alt { kind: AltKind::Code(snippets), .. }) = part {
            named.extend(snippets.iter().flat_map(|snippet| snippet.modules.iter().cloned()));
        }
    };
    visit(find, &mut name);
    visit(clauses, &mut name);
    Needs { ways, spelled: spelled.collect(), project: modules.collect(), named }
}

/// Texts of which one must be spelled in a file for `find` to find a row that is read off texts.
fn row_spelling(find: &Pattern) -> Option<Vec<String>> {
    let of_alt = |alt: &Alt| match &alt.kind {
        AltKind::Row(atom) => {
            crate::sql::spelled(&atom.relation).map(|texts| texts.iter().map(|text| (*text).to_owned()).collect())
        }
        AltKind::Group(pattern, _) => row_spelling(pattern),
        _ => None,
    };
    let all: Option<Vec<Vec<String>>> = find.alts.iter().map(of_alt).collect();
    all.map(|all| all.concat())
}

/// Texts of which one must be spelled in a file that imports a module whose name is asked for by a regular expression: a
/// part of the name, as `a.b.c` may be `from a.b import c`.
fn import_spelling(find: &Pattern, clauses: &[Clause]) -> Option<Vec<String>> {
    let [Alt { kind: AltKind::Row(atom), .. }] = find.alts.as_slice() else { return None };
    let is_module = |(name, _): &&(String, Operand)| atom.relation == "import" && name == "module";
    let slot = atom.columns.iter().find(is_module).and_then(|(_, operand)| plain(operand))?;
    let of_clause = |clause: &Clause| match clause {
        Clause::Where(Cond::Like(operand, Like::Regex(regex, _), _)) if plain(operand) == Some(slot) => {
            required_texts(regex.as_str())
        }
        _ => None,
    };
    let texts = clauses.iter().find_map(of_clause)?;
    let longest = |text: &String| text.split('.').max_by_key(|part| part.len()).unwrap_or("").to_owned();
    let parts: Vec<String> = texts.iter().map(longest).collect();
    parts.iter().all(|part| part.len() >= MIN_SPELLING && part.is_ascii()).then_some(parts)
}

/// The shortest text that is worth looking for where a regular expression asks for it.
const MIN_SPELLING: usize = 3;

/// Texts of which one must be spelled in the file: `text($X) like` asks how code of this file is written.
fn spelling(clause: &Clause, own: &[Slot]) -> Option<Vec<String>> {
    let Clause::Where(Cond::Like(Operand::Call(rune_pattern::Function::Text, arguments, _), Like::Regex(regex, _), _)) = clause
    else {
        return None;
    };
    let slot = plain(arguments.first()?)?;
    let texts = own.contains(&slot).then(|| required_texts(regex.as_str())).flatten()?;
    texts.iter().all(|text| text.len() >= MIN_SPELLING && text.is_ascii()).then_some(texts)
}

/// Texts of which one stands in whatever the expression matches, if case is left aside.
fn required_texts(expression: &str) -> Option<Vec<String>> {
    // With case left aside, the tree would hold classes in place of letters.
    let plain = match expression.strip_prefix("(?i)") {
        Some(rest) => rest.to_owned(),
        None => expression.replacen("(?is)", "(?s)", 1),
    };
    if ["(?i", "(?x", "(?-"].iter().any(|flags| plain.contains(flags)) {
        return None;
    }
    required(&regex_syntax::parse(&plain).ok()?)
}

fn required(hir: &Hir) -> Option<Vec<String>> {
    match hir.kind() {
        HirKind::Literal(literal) => Some(vec![String::from_utf8(literal.0.to_vec()).ok()?]),
        HirKind::Capture(capture) => required(&capture.sub),
        HirKind::Repetition(repetition) if repetition.min > 0 => required(&repetition.sub),
        HirKind::Concat(parts) => parts.iter().filter_map(required).max_by_key(|any| any.iter().map(String::len).min()),
        HirKind::Alternation(parts) => parts.iter().map(required).collect::<Option<Vec<_>>>().map(|all| all.concat()),
        _ => None,
    }
}

/// Modules of which one must be imported for the pattern to fit anything.
fn pattern_modules(pattern: &Pattern) -> Vec<Vec<String>> {
    let modules_of = |alt: &Alt| -> Vec<Vec<String>> {
        match &alt.kind {
            AltKind::Code(snippets) if snippets.iter().all(|snippet| !snippet.modules.is_empty()) => {
                vec![snippets.iter().flat_map(|snippet| snippet.modules.clone()).collect()]
            }
            AltKind::Group(pattern, clauses) => {
                pattern_modules(pattern).into_iter().chain(clauses.iter().flat_map(clause_modules)).collect()
            }
            _ => Vec::new(),
        }
    };
    either(pattern.alts.iter().map(modules_of))
}

fn clause_modules(clause: &Clause) -> Vec<Vec<String>> {
    match clause {
        Clause::Step(step) if !step.negated => pattern_modules(&step.pattern),
        Clause::Where(cond) => cond_modules(cond),
        _ => Vec::new(),
    }
}

fn cond_modules(cond: &Cond) -> Vec<Vec<String>> {
    let of_alt = |alt: &Alt| pattern_modules(&Pattern { alts: vec![alt.clone()] });
    match cond {
        Cond::And(parts) => parts.iter().flat_map(cond_modules).collect(),
        Cond::Or(parts) => either(parts.iter().map(cond_modules)),
        Cond::Is(_, alt, _) | Cond::Step(_, _, alt, _, _) => of_alt(alt),
        Cond::Group(pattern, clauses, _, _) => {
            pattern_modules(pattern).into_iter().chain(clauses.iter().flat_map(clause_modules)).collect()
        }
        _ => Vec::new(),
    }
}

/// One of several: any of the modules of any, if each needs some.
fn either(parts: impl Iterator<Item = Vec<Vec<String>>>) -> Vec<Vec<String>> {
    let firsts: Option<Vec<Vec<String>>> = parts.map(|groups| groups.into_iter().next()).collect();
    firsts.filter(|firsts| !firsts.is_empty()).map(|firsts| vec![firsts.concat()]).unwrap_or_default()
}

fn ways(find: &Pattern, clauses: &[Clause], tables: &BTreeMap<String, Declared>) -> Vec<Vec<Vec<String>>> {
    let shared: Vec<Vec<String>> = clauses.iter().filter_map(|clause| clause_group(clause, tables)).collect();
    let mut all = Vec::new();
    for alt in &find.alts {
        for mut way in alt_ways(alt, clauses, tables) {
            way.extend(shared.iter().cloned());
            all.push(way);
        }
    }
    all
}

fn alt_ways(alt: &Alt, clauses: &[Clause], tables: &BTreeMap<String, Declared>) -> Vec<Vec<Vec<String>>> {
    match &alt.kind {
        AltKind::Code(snippets) => snippets.iter().map(|snippet| snippet_way(snippet, clauses, tables)).collect(),
        AltKind::Group(pattern, inner) => {
            let both: Vec<Clause> = inner.iter().chain(clauses).cloned().collect();
            pattern.alts.iter().flat_map(|alt| alt_ways(alt, &both, tables)).collect()
        }
        // What is read off a text need not be spelled as a column says it.
        AltKind::Row(atom) if crate::sql::is_relation(&atom.relation) => vec![Vec::new()],
        AltKind::Row(atom) => {
            let names: Vec<Slot> = atom.columns.iter().filter_map(|(_, operand)| plain(operand)).collect();
            vec![names.into_iter().filter_map(|slot| names_of(slot, clauses, tables)).collect()]
        }
        AltKind::Class(word) if word == "string" => {
            vec![alt.bind.into_iter().filter_map(|slot| names_of(slot, clauses, tables)).collect()]
        }
        _ => vec![Vec::new()],
    }
}

fn snippet_way(snippet: &Snippet, clauses: &[Clause], tables: &BTreeMap<String, Declared>) -> Vec<Vec<String>> {
    let named = snippet.spine_captures.iter().filter_map(|slot| names_of(*slot, clauses, tables));
    let literals = snippet.literals.iter().filter(|group| group.iter().all(|text| text.len() > 1)).cloned();
    literals.chain(named).collect()
}

/// The names a capture may have, where a list or a table of constants says so.
pub(crate) fn names_of(slot: Slot, clauses: &[Clause], tables: &BTreeMap<String, Declared>) -> Option<Vec<String>> {
    clauses.iter().find_map(|clause| match clause {
        Clause::Where(cond) => cond_names(slot, cond, tables),
        _ => None,
    })
}

/// The texts that a capture may have, where it is written out what its text is.
pub(crate) fn spellings_of(slot: Slot, clauses: &[Clause]) -> Option<Vec<String>> {
    let is_text = |operand: &Operand| matches!(operand, Operand::Call(..)) && plain(operand) == Some(slot);
    let of_clause = |clause: &Clause| match clause {
        Clause::Where(cond @ (Cond::In(operand, ..) | Cond::Is(operand, ..))) if is_text(operand) => {
            cond_names(slot, cond, &BTreeMap::new())
        }
        _ => None,
    };
    clauses.iter().find_map(of_clause)
}

fn cond_names(slot: Slot, cond: &Cond, tables: &BTreeMap<String, Declared>) -> Option<Vec<String>> {
    match cond {
        Cond::And(parts) => parts.iter().find_map(|part| cond_names(slot, part, tables)),
        Cond::Or(parts) => {
            let names: Option<Vec<Vec<String>>> = parts.iter().map(|part| cond_names(slot, part, tables)).collect();
            names.map(|names| names.concat())
        }
        Cond::In(operand, Operand::List(items), _) if plain(operand) == Some(slot) => items
            .iter()
            .map(|item| match item {
                ListItem::One(Operand::Literal(Literal::String(text))) => Some(text.clone()),
                _ => None,
            })
            .collect(),
        Cond::Is(operand, alt, _) if plain(operand) == Some(slot) => match &alt.kind {
            AltKind::Literal(Literal::String(text)) => Some(vec![text.clone()]),
            _ => None,
        },
        Cond::Row(atom, _) => {
            let declared = tables.get(&atom.relation).filter(|declared| !declared.rows.is_empty())?;
            let name = &atom.columns.iter().find(|(_, operand)| plain(operand) == Some(slot))?.0;
            let column = declared.columns.iter().position(|(known, _)| known == name)?;
            let text = |row: &Vec<Option<Value>>| match row.get(column)?.as_ref()? {
                Value::Text(text) => Some(text.to_string()),
                _ => None,
            };
            declared.rows.iter().map(text).collect()
        }
        _ => None,
    }
}

fn plain(operand: &Operand) -> Option<Slot> {
    match operand {
        Operand::Path(slot, keys, _) if keys.is_empty() => Some(*slot),
        Operand::Call(rune_pattern::Function::Text, arguments, _) => plain(arguments.first()?),
        _ => None,
    }
}

/// A positive step to code in the same file needs that code's texts too; so does code that is to stand anywhere in it.
fn clause_group(clause: &Clause, tables: &BTreeMap<String, Declared>) -> Option<Vec<String>> {
    match clause {
        Clause::Step(step) if !step.negated && matches!(step.step, Step::Inside | Step::Has) => {
            pattern_group(&step.pattern, tables)
        }
        Clause::Where(Cond::Group(pattern, ..)) if is_code(pattern) => pattern_group(pattern, tables),
        _ => None,
    }
}

/// Rows may be in other files.
fn is_code(pattern: &Pattern) -> bool {
    pattern.alts.iter().all(|alt| match &alt.kind {
        AltKind::Code(_) => true,
        AltKind::Group(inner, _) => is_code(inner),
        _ => false,
    })
}

fn pattern_group(pattern: &Pattern, tables: &BTreeMap<String, Declared>) -> Option<Vec<String>> {
    let mut group = Vec::new();
    for alt in &pattern.alts {
        for way in alt_ways(alt, &[], tables) {
            group.extend(way.into_iter().max_by_key(|any| any.iter().map(String::len).min())?);
        }
    }
    (!group.is_empty()).then_some(group)
}

#[cfg(test)]
mod tests {
    use super::required_texts;

    #[test]
    fn texts_that_a_match_cannot_do_without() {
        let some = |texts: &[&str]| Some(texts.iter().map(ToString::to_string).collect::<Vec<_>>());
        for (expression, texts) in [
            ("(?i)password$", some(&["password"])),
            ("^(req|request)$", some(&["req", "request"])),
            ("^.*/(get|create)[A-Z]", some(&["get", "create"])),
            ("secret?", some(&["secre"])),
            ("(token)+", some(&["token"])),
            ("[a-z]+", None),
            ("a|[0-9]", None),
            ("x(?i)token", None),
        ] {
            assert_eq!(required_texts(expression), texts, "{expression}");
        }
    }
}
