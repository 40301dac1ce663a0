//! The conformance suite of the rule language: `tests/conformance/*.yaml`, a list of cases each. A case is a pattern,
//! code, and every match it must give. All cases run through `compile` and `facts` (or `check`, where a message counts);
//! every case that does not hold is printed with what was expected and what came out.

#![allow(clippy::print_stdout, clippy::type_complexity)]
#![allow(clippy::disallowed_methods)]

mod suite;

use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Write as _;
use std::sync::Arc;

use rune_core::{check, compile, facts};
use rune_model::{Certainty, LineIndex, Place, ProblemLevel, Source};
use serde::Deserialize;
use suite::{indented, load, manifest, rule_that_says};

/// A case as the files write it.
#[derive(Debug, Clone, Default, Deserialize)]
#[serde(default, deny_unknown_fields)]
struct Case {
    /// What holds, as a sentence.
    name: String,
    /// The path of `code`; `a.ts` if neither this nor `paths` nor `files` is given.
    path: Option<String>,
    /// Paths at each of which `code` must give the same matches.
    paths: Vec<String>,
    /// The languages of the pattern; those of the paths if none are given.
    languages: Vec<String>,
    /// The DSL text, without a `row` line.
    pattern: String,
    /// The code of the only file.
    code: Option<String>,
    /// Several files, path to text.
    files: BTreeMap<String, String>,
    /// Relations of the pack: name to columns (and `visible`), as in `relations.yaml`.
    relations: Option<String>,
    /// Relation rules and tables, as in a file of `relations/`.
    rules: Option<String>,
    /// Options of the pack, as in `pack.toml`.
    options: Option<String>,
    /// A template: the pattern is then a rule, and matches carry its message.
    report: Option<String>,
    /// Every match, in any order.
    expect: Option<Vec<Expected>>,
    /// The capture (`$X`) that a plain text among them is, in place of the focus.
    show: Option<String>,
    /// The code of the only problem that loading must give, in place of matches.
    error: Option<String>,
    /// Why the case does not hold yet; it must then fail.
    open: Option<String>,
}

/// A match: the text of its focus, or a map of `at`, `line`, `path`, `message`, `certainty` and captures (`$X`).
#[derive(Debug, Clone, Deserialize)]
#[serde(untagged)]
enum Expected {
    Text(String),
    Fields(BTreeMap<String, String>),
}

/// A match in one form for both sides; only fields that the case mentions are filled.
type Match = BTreeMap<String, String>;

#[test]
fn every_case_holds() {
    let only = std::env::var("CASE").ok();
    let (mut n_run, mut n_open, mut failures) = (0, 0, String::new());
    for (file, cases) in load::<Case>() {
        let mut names = BTreeSet::new();
        for case in &cases {
            assert!(names.insert(case.name.clone()), "{file}: the name `{}` is used twice", case.name);
            for at in case.places() {
                let label = format!("{file}: {} ({at})", case.name);
                if only.as_ref().is_some_and(|only| !label.contains(only.as_str())) {
                    continue;
                }
                n_run += 1;
                n_open += usize::from(case.open.is_some());
                match (outcome(case, &at), &case.open) {
                    (Ok(()), None) | (Err(_), Some(_)) => {}
                    (Ok(()), Some(_)) => writeln!(failures, "{label}: holds; remove `open`").expect("a string takes any text"),
                    (Err(reason), None) => writeln!(failures, "{label}\n{reason}").expect("a string takes any text"),
                }
            }
        }
    }
    println!("{n_run} cases run, {n_open} of them open (known misses)");
    assert!(failures.is_empty(), "\n{failures}\n{} of {n_run} cases fail", failures.matches(".yaml: ").count());
}

/// Runs a case with its code at one path.
fn outcome(case: &Case, at: &str) -> Result<(), String> {
    let sources = case.sources(at);
    let loaded = rune_pack::load_files("conformance", &case.pack(at));
    let pack = loaded.pack.ok_or_else(|| format!("  the pack does not load: {:?}", loaded.problems))?;
    let (program, problems) = compile(&pack);
    let problems = loaded.problems.into_iter().chain(problems);
    let problems: Vec<_> = problems.filter(|problem| problem.level == ProblemLevel::Error).collect();
    let codes: Vec<&str> = problems.iter().map(|problem| problem.code).collect();
    if let Some(code) = &case.error {
        return if codes == [code.as_str()] {
            Ok(())
        } else {
            Err(format!("  expected the problem {code}\n  but the problems are {codes:?}"))
        };
    }
    let texts: Vec<&str> = problems.iter().map(|problem| problem.message.as_str()).collect();
    let program = program.filter(|_| problems.is_empty()).ok_or_else(|| format!("  does not compile: {texts:?}"))?;
    let expected = case.expected();
    let shown = case.mentioned();
    let mut actual: Vec<Match> = if case.report.is_some() {
        let findings = check(&program, &sources).findings;
        let seen = findings.iter().map(|finding| {
            let possible = finding.certainty == Certainty::Possible;
            describe(&sources, Some(&finding.place), possible, &[("message".into(), finding.message.clone())])
        });
        seen.collect()
    } else {
        let facts = facts(&program, &sources, "found_match").expect("the relation is declared above");
        let seen = facts.iter().map(|fact| {
            let captures: Vec<_> = fact.columns.iter().map(|(name, text)| (format!("${name}"), text.clone())).collect();
            describe(&sources, fact.place.as_ref(), fact.possible, &captures)
        });
        seen.collect()
    };
    for found in &mut actual {
        found.retain(|key, _| shown.contains(key));
    }
    actual.sort();
    if actual == expected { Ok(()) } else { Err(format!("  expected {}\n  but got  {}", list(&expected), list(&actual))) }
}

fn describe(sources: &[Source], place: Option<&Place>, possible: bool, more: &[(String, String)]) -> Match {
    let mut found: Match = more.iter().map(|(key, text)| (key.clone(), one_line(text))).collect();
    if let Some(place) = place
        && let Some(source) = sources.iter().find(|source| source.path == place.path)
    {
        found.insert("at".into(), one_line(place.span.of(&source.text)));
        found.insert("path".into(), place.path.to_string());
        let (line, _) = LineIndex::new(&source.text).line_column(&source.text, place.span.start);
        found.insert("line".into(), line.to_string());
    }
    let certainty = if possible { "possible" } else { "certain" };
    found.insert("certainty".into(), certainty.into());
    found
}

fn list(matches: &[Match]) -> String {
    let lines: Vec<String> = matches.iter().map(|found| format!("\n    {found:?}")).collect();
    if lines.is_empty() { "no match".into() } else { lines.concat() }
}

fn one_line(text: &str) -> String {
    text.split_whitespace().collect::<Vec<_>>().join(" ")
}

impl Case {
    fn places(&self) -> Vec<String> {
        match (&self.path, self.paths.as_slice()) {
            (Some(path), _) => vec![path.clone()],
            (None, []) => vec![self.files.keys().next().cloned().unwrap_or_else(|| "a.ts".into())],
            (None, paths) => paths.to_vec(),
        }
    }

    fn sources(&self, at: &str) -> Vec<Source> {
        let mut files = self.files.clone();
        if let Some(code) = &self.code {
            files.insert(at.to_owned(), code.clone());
        }
        files.into_iter().map(|(path, text)| Source { path: path.into(), text: text.into() }).collect()
    }

    /// The files of a pack whose only rule is the case's pattern.
    fn pack(&self, at: &str) -> BTreeMap<String, Arc<str>> {
        let languages = if self.languages.is_empty() {
            families(self.files.keys().map(String::as_str).chain([at]))
        } else {
            self.languages.clone()
        };
        let languages = languages.join(", ");
        let mut files: BTreeMap<String, Arc<str>> = BTreeMap::new();
        files.insert("pack.toml".into(), manifest(self.options.as_deref().unwrap_or("")).into());
        let columns = self.captures().iter().map(|name| format!("{name}: node")).collect::<Vec<_>>().join(", ");
        let own = format!("  found_match: {{ columns: {{ {columns} }}, about: a match }}");
        let relations = indented(self.relations.as_deref().unwrap_or(""));
        files.insert("relations.yaml".into(), format!("cases:\n{own}\n{relations}\n").into());
        if let Some(rules) = &self.rules {
            files.insert("relations/given.yaml".into(), rules.as_str().into());
        }
        let columns = self.captures().iter().map(|name| format!("{name}: ${name}")).collect::<Vec<_>>().join(", ");
        match &self.report {
            Some(report) => {
                let rule = rule_that_says(&languages, &self.pattern, &format!("\"{report}\""));
                files.insert("s/the-rule.yaml".into(), rule.into());
            }
            None => {
                let pattern = indented(&self.pattern);
                let rule = format!("id: the-case\nlanguages: [{languages}]\nmatch: |\n{pattern}\n  row found_match({columns})\n");
                files.insert("relations/case.yaml".into(), rule.into());
            }
        }
        files
    }

    fn expected(&self) -> Vec<Match> {
        let show = self.show.as_deref().unwrap_or("at");
        let mut all: Vec<Match> = self.expect.iter().flatten().map(|expected| expected.fields(show)).collect();
        all.sort();
        all
    }

    /// The fields that any expected match mentions; the focus, or what is shown in its place, and the certainty always count.
    fn mentioned(&self) -> BTreeSet<String> {
        let keys = self.expected().into_iter().flat_map(Match::into_keys);
        keys.chain([self.show.clone().unwrap_or("at".into()), "certainty".into()]).collect()
    }

    /// The captures that any expected match mentions, without `$`.
    fn captures(&self) -> Vec<String> {
        self.mentioned().iter().filter_map(|key| key.strip_prefix('$').map(str::to_owned)).collect()
    }
}

impl Expected {
    fn fields(&self, shown: &str) -> Match {
        let mut fields: Match = match self {
            Expected::Text(text) => [(shown.to_owned(), one_line(text))].into(),
            Expected::Fields(fields) => fields.iter().map(|(key, text)| (key.clone(), one_line(text))).collect(),
        };
        fields.entry("certainty".into()).or_insert_with(|| "certain".into());
        fields
    }
}

/// The languages whose files have these endings.
fn families<'a>(paths: impl Iterator<Item = &'a str>) -> Vec<String> {
    let known = paths.filter_map(|path| match path.rsplit_once('.')?.1 {
        "py" | "pyi" => Some("python"),
        "prisma" => Some("prisma"),
        "json" => Some("json"),
        "toml" => Some("toml"),
        "yaml" | "yml" => Some("yaml"),
        "graphql" | "gql" => Some("graphql"),
        "env" | "example" => Some("env"),
        "sql" => Some("sql"),
        "txt" => Some("text"),
        _ => Some("ecma"),
    });
    known.map(str::to_owned).collect::<BTreeSet<_>>().into_iter().collect()
}
