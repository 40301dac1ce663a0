//! The sample applications of `tests/apps`, one a stack: for each relation that the file beside an application names, its rows
//! are exactly those that a person wrote down from the code, no more and no fewer.
//!
//! A row is a line: its place as `file:line`, then the columns; `handler@` is where what the column refers to stands. A row
//! that rests on something unknown begins with `?`. What the adapters miss stands under `open` and must still be missing;
//! where `bad` stands, what it plants into the application must be found there, and nothing else of these rules.

#![allow(clippy::disallowed_methods)]

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::process::ExitCode;
use std::sync::Arc;

use libtest_mimic::{Arguments, Failed, Trial};
use rune_core::{Fact, Program, all_facts, check};
use rune_model::{Certainty, LineIndex, Place, Source};
use serde::Deserialize;

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Expected {
    relations: BTreeMap<String, Rows>,
    #[serde(default)]
    bad: BTreeMap<String, Planted>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Rows {
    columns: Vec<String>,
    rows: Vec<String>,
    #[serde(default)]
    open: Vec<String>,
}

/// A fault: texts of the application that are replaced, new files, and where the rule of that name must report it.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Planted {
    #[serde(default)]
    replace: BTreeMap<String, Vec<(String, String)>>,
    #[serde(default)]
    files: BTreeMap<String, String>,
    found: Vec<String>,
    /// Why it is not found yet; then it must not be.
    open: Option<String>,
}

fn main() -> ExitCode {
    let arguments = Arguments::from_args();
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("../..");
    let pack = rune_pack::load_dir(&root.join("rulepacks/backend")).pack.expect("the pack loads");
    let program = Arc::new(rune_core::compile(&Arc::new(pack)).0.expect("the pack compiles"));
    let entries = std::fs::read_dir(root.join("tests/apps")).expect("tests/apps can be read");
    let mut files: Vec<PathBuf> = entries.map(|entry| entry.expect("an entry").path()).collect();
    files.retain(|path| path.extension().is_some_and(|ending| ending == "yaml"));
    files.sort();
    assert_eq!(files.len(), 6, "six stacks");
    let trials = files.iter().flat_map(|file| trials_of(file, &program)).collect();
    libtest_mimic::run(&arguments, trials).exit_code()
}

fn trials_of(file: &Path, program: &Arc<Program>) -> Vec<Trial> {
    let text = std::fs::read_to_string(file).expect("it can be read");
    let expected: Expected = serde_yaml::from_str(&text).unwrap_or_else(|error| panic!("{}: {error}", file.display()));
    let app = file.with_extension("");
    let name = app.file_name().map_or(String::new(), |name| name.to_string_lossy().into_owned());
    let sources = Arc::new(rune_core::walk(&app, std::slice::from_ref(&app)).sources);
    let facts = Arc::new(all_facts(program, &sources).into_iter().collect::<BTreeMap<String, Vec<Fact>>>());
    let n_files = sources.len();
    let big = Trial::test(format!("{name}/has 15 files"), move || match n_files {
        15.. => Ok(()),
        _ => Err(format!("only {n_files}").into()),
    });
    let relations = expected.relations.into_iter().map(|(relation, wanted)| {
        let (facts, sources) = (facts.clone(), sources.clone());
        Trial::test(format!("{name}/{relation}"), move || {
            let facts = facts.get(&relation).map_or(&[][..], Vec::as_slice);
            compare(&wanted, facts.iter().map(|fact| line(&sources, &wanted.columns, fact)).collect())
        })
    });
    let relations: Vec<Trial> = relations.collect();
    let bad = expected.bad.into_iter().map(|(rule, planted)| {
        let (program, sources) = (program.clone(), sources.clone());
        Trial::test(format!("{name}/bad/{rule}"), move || plant(&program, &sources, &rule, &planted))
    });
    relations.into_iter().chain(bad).chain([big]).collect()
}

/// A fact as a line.
fn line(sources: &[Source], columns: &[String], fact: &Fact) -> String {
    let mut parts: Vec<String> = Vec::new();
    parts.extend(fact.possible.then(|| "?".to_owned()));
    parts.push(fact.place.as_ref().map_or("-".to_owned(), |place| at(sources, place)));
    for column in columns {
        let found = match column.strip_suffix('@') {
            Some(column) => fact.places.iter().find(|(name, _)| name == column).map(|(_, place)| at(sources, place)),
            None => fact.columns.iter().find(|(name, _)| name == column).map(|(_, text)| text.clone()),
        };
        parts.push(found.map_or("-".to_owned(), |text| text.split_whitespace().collect::<Vec<_>>().join(" ")));
    }
    parts.join(" ")
}

fn at(sources: &[Source], place: &Place) -> String {
    let text = sources.iter().find(|source| source.path == place.path).map_or("", |source| source.text.as_ref());
    format!("{}:{}", place.path, LineIndex::new(text).line_column(text, place.span.start).0)
}

fn compare(wanted: &Rows, mut actual: Vec<String>) -> Result<(), Failed> {
    let mut rows = wanted.rows.clone();
    rows.sort();
    actual.sort();
    let found: Vec<&String> = wanted.open.iter().filter(|row| actual.contains(row)).collect();
    if !found.is_empty() {
        return Err(format!("found by now, so no longer open: {found:#?}").into());
    }
    let missing: Vec<&String> = rows.iter().filter(|row| !actual.contains(row)).collect();
    let more: Vec<&String> = actual.iter().filter(|row| !rows.contains(row)).collect();
    if missing.is_empty() && more.is_empty() && rows.len() == actual.len() {
        return Ok(());
    }
    Err(format!("missing {missing:#?}\nnot expected {more:#?}\n{} rows for {}", actual.len(), rows.len()).into())
}

/// The rule reports the planted fault at its places, and what the sound application has of it (nothing) is no more.
fn plant(program: &Program, sound: &[Source], rule: &str, planted: &Planted) -> Result<(), Failed> {
    let of_rule = |sources: &[Source]| -> Vec<String> {
        let findings = check(program, sources).findings.into_iter();
        let certain =
            findings.filter(|finding| finding.certainty == Certainty::Certain && finding.rule.ends_with(&format!("/{rule}")));
        let mut places: Vec<String> = certain.map(|finding| at(sources, &finding.place)).collect();
        places.sort();
        places
    };
    let before = of_rule(sound);
    if !before.is_empty() {
        return Err(format!("the sound application has it at {before:?}").into());
    }
    let mut sources: Vec<Source> = sound.to_vec();
    for (path, texts) in &planted.replace {
        let source = sources.iter_mut().find(|source| source.path.as_ref() == path).ok_or_else(|| format!("no file {path}"))?;
        let mut text = source.text.to_string();
        for (from, to) in texts {
            if !text.contains(from) {
                return Err(format!("{path} does not say {from:?}").into());
            }
            text = text.replacen(from, to, 1);
        }
        source.text = text.into();
    }
    let new = planted.files.iter().map(|(path, text)| Source { path: path.as_str().into(), text: text.as_str().into() });
    sources.extend(new);
    let found = of_rule(&sources);
    if planted.open.is_some() {
        return if found == planted.found { Err("found by now, so no longer open".into()) } else { Ok(()) };
    }
    if found == planted.found { Ok(()) } else { Err(format!("found at {found:?}, planted at {:?}", planted.found).into()) }
}
