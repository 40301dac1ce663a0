//! Which bodies can match a file at all, by the texts that must stand in it: one pass over the bytes for all of them.

use std::collections::BTreeMap;

use aho_corasick::{AhoCorasick, MatchKind};
use rune_pattern::{Alt, AltKind, Clause, Cond, ListItem, Literal, Operand, Pattern, Slot, Snippet, Step, Value};
use rustc_hash::FxHashMap;

use crate::program::Declared;

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
    /// Groups of texts of which one must stand somewhere in the project.
    project: Vec<Vec<String>>,
}

/// The needs of every body, and the automaton that finds their texts.
#[derive(Debug)]
pub(crate) struct Prefilter {
    automaton: Option<AhoCorasick>,
    texts: FxHashMap<String, u32>,
    /// For each body its ways to be possible; empty: every file is.
    needs: Vec<Vec<AllOf>>,
    /// For each body what the project must hold.
    project: Vec<AllOf>,
}

impl Prefilter {
    /// Builds the prefilter from what each body needs.
    pub(crate) fn new(bodies: &[Needs]) -> Prefilter {
        let mut ids: FxHashMap<String, u32> = FxHashMap::default();
        let mut texts: Vec<String> = Vec::new();
        let mut id_of = |text: &String| {
            *ids.entry(text.clone()).or_insert_with(|| {
                texts.push(text.clone());
                texts.len() as u32 - 1
            })
        };
        let mut all_of =
            |groups: &[Vec<String>]| -> AllOf { groups.iter().map(|any| any.iter().map(&mut id_of).collect()).collect() };
        let project = bodies.iter().map(|body| all_of(&body.project)).collect();
        let needs = bodies
            .iter()
            .map(|body| {
                let ways: Vec<AllOf> = body.ways.iter().map(|groups| all_of(groups)).collect();
                if ways.iter().any(Vec::is_empty) { Vec::new() } else { ways }
            })
            .collect();
        let automaton = AhoCorasick::builder().match_kind(MatchKind::Standard).build(&texts).ok();
        Prefilter { automaton, texts: ids, needs, project }
    }

    /// The texts that stand in any of the files.
    pub(crate) fn union<'t>(&self, files: impl Iterator<Item = &'t Vec<bool>>) -> Vec<bool> {
        let mut all = vec![false; self.texts.len()];
        for file in files {
            all.iter_mut().zip(file).for_each(|(any, here)| *any |= here);
        }
        all
    }

    /// The number of a text; `None` if no body needs it.
    pub(crate) fn number(&self, text: &str) -> Option<u32> {
        self.texts.get(text).copied()
    }

    /// Whether a file with these texts names a module that some body needs.
    pub(crate) fn names_module(&self, found: &[bool]) -> bool {
        self.project.iter().flatten().flatten().any(|text| found[*text as usize])
    }

    /// Whether a body can match anything in a project whose files hold these texts.
    pub(crate) fn admits_project(&self, body: usize, found: &[bool]) -> bool {
        self.project[body].iter().all(|any| any.iter().any(|text| found[*text as usize]))
    }

    /// The texts that stand in a file, as a set.
    pub(crate) fn scan(&self, text: &str) -> Vec<bool> {
        let mut found = vec![false; self.texts.len()];
        let Some(automaton) = &self.automaton else { return vec![true; self.texts.len()] };
        let mut left = self.texts.len();
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
        found
    }

    /// Whether a body can match a file with these texts.
    pub(crate) fn admits(&self, body: usize, found: &[bool]) -> bool {
        let ways = &self.needs[body];
        let holds = |any: &AnyOf| any.iter().any(|text| found[*text as usize]);
        ways.is_empty() || ways.iter().any(|all| all.iter().all(holds))
    }
}

/// What a body needs that starts with `find`.
pub(crate) fn needs(find: &Pattern, clauses: &[Clause], tables: &BTreeMap<String, Declared>, from_code: bool) -> Needs {
    let ways = if from_code { ways(find, clauses, tables) } else { Vec::new() };
    let modules = pattern_modules(find).into_iter().chain(clauses.iter().flat_map(clause_modules));
    Needs { ways, project: modules.collect() }
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
        AltKind::Row(atom) => {
            let names: Vec<Slot> = atom.columns.iter().filter_map(|(_, operand)| plain(operand)).collect();
            vec![names.into_iter().filter_map(|slot| names_of(slot, clauses, tables)).collect()]
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

fn cond_names(slot: Slot, cond: &Cond, tables: &BTreeMap<String, Declared>) -> Option<Vec<String>> {
    match cond {
        Cond::And(parts) => parts.iter().find_map(|part| cond_names(slot, part, tables)),
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

/// A positive step to code in the same file needs that code's texts too.
fn clause_group(clause: &Clause, tables: &BTreeMap<String, Declared>) -> Option<Vec<String>> {
    let Clause::Step(step) = clause else { return None };
    if step.negated || !matches!(step.step, Step::Inside | Step::Has) {
        return None;
    }
    let mut group = Vec::new();
    for alt in &step.pattern.alts {
        for way in alt_ways(alt, &[], tables) {
            group.extend(way.into_iter().max_by_key(|any| any.iter().map(String::len).min())?);
        }
    }
    (!group.is_empty()).then_some(group)
}
