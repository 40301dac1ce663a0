//! A pattern made from a piece of code finds that piece: in the cases of the conformance suite, in the sample projects, and
//! by hand in any folders: `RUNE_PIECES=FOLDER[:FOLDER…] cargo test -p rune-core --test pieces -- --nocapture`, where
//! `RUNE_PIECES_PER_FILE` says how many pieces of a file are tried.

#![allow(clippy::print_stdout)]
#![allow(clippy::disallowed_methods)]

mod suite;

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use rune_core::{check, compile, walk};
use rune_model::{SkipReason, Source};
use rune_pack::load_files;
use rune_syntax::{Language, parse};
use suite::{Reading, fenced, manifest, pieces_of, reading, rule_of};

/// Longer pieces are left out.
const MAX_PIECE: usize = 4_000;

/// How many files of a folder are looked at, spread over it.
const MAX_FILES: usize = 1_500;

/// What came of the pieces.
#[derive(Debug, Default)]
struct Tally {
    n_files: usize,
    n_found: usize,
    n_without_pattern: usize,
    n_cut: usize,
    /// Pieces that are read as another tree alone, by the kind of the piece, with one of them.
    otherwise: BTreeMap<&'static str, (usize, String)>,
    /// Pieces that were not found.
    missing: Vec<String>,
}

impl Tally {
    fn n_otherwise(&self) -> usize {
        self.otherwise.values().map(|(n, _)| n).sum()
    }

    /// Tries `n` pieces of a file, spread over it.
    fn add(&mut self, source: &Source, n: usize) {
        let Some(language) = Language::of_path(&source.path).filter(|language| is_tried(*language)) else { return };
        let ast = parse(&source.text, language);
        let mut pieces = pieces_of(&ast, &source.text);
        pieces.retain(|node| ast.text(*node, &source.text).len() <= MAX_PIECE);
        let mut tried = Vec::new();
        for node in spread(&pieces, n, source.text.len()) {
            match reading(&ast, &source.text, node) {
                Reading::None => self.n_without_pattern += 1,
                Reading::Alike => tried.push(ast.span(node)),
                Reading::Otherwise => {
                    let text = || format!("{} in {}", ast.text(node, &source.text), source.path);
                    self.otherwise.entry(ast.kind(node).name()).or_insert_with(|| (0, text())).0 += 1;
                }
            }
        }
        self.n_files += 1;
        let mut files: BTreeMap<String, Arc<str>> = [("pack.toml".to_owned(), manifest("").into())].into();
        for (number, span) in tried.iter().enumerate() {
            let rule = rule_of(language.family(), &format!("find {}", fenced(span.of(&source.text))));
            files.insert(format!("s/p{number}.yaml"), rule.replace("id: the-rule", &format!("id: p{number}")).into());
        }
        let loaded = load_files("p", &files);
        let (program, problems) = compile(&loaded.pack.unwrap_or_else(|| panic!("{:?}", loaded.problems)));
        let found = check(&program.unwrap_or_else(|| panic!("{problems:?}")), std::slice::from_ref(source));
        let is_cut = found.skipped.iter().any(|skip| skip.reason == SkipReason::Budget);
        for (number, span) in tried.iter().enumerate() {
            let id = format!("p{number}");
            if found.findings.iter().any(|finding| finding.rule.ends_with(&format!("/{id}")) && finding.place.span == *span) {
                self.n_found += 1;
            } else if is_cut {
                self.n_cut += 1;
            } else {
                self.missing.push(format!("`{}` in {}", span.of(&source.text), source.path));
            }
        }
    }

    fn print(&self, name: &str) {
        let n = self.n_found + self.missing.len() + self.n_cut;
        println!(
            "{name}: {} files; {n} pieces as patterns: {} found, {} not, {} out of steps; {} make no pattern, {} mean something else alone",
            self.n_files,
            self.n_found,
            self.missing.len(),
            self.n_cut,
            self.n_without_pattern,
            self.n_otherwise(),
        );
    }
}

/// Patterns of the other languages are documents.
fn is_tried(language: Language) -> bool {
    matches!(language, Language::TypeScript | Language::Tsx | Language::Python | Language::Json | Language::GraphQl)
}

/// At most `n` of some items, evenly; `seed` moves where it begins.
fn spread<T: Copy>(items: &[T], n: usize, seed: usize) -> Vec<T> {
    if items.len() <= n {
        return items.to_vec();
    }
    let offset = seed % items.len();
    (0..n).map(|k| items[(k * items.len() / n + offset) % items.len()]).collect()
}

fn tally_of(folder: &Path, n: usize) -> Tally {
    let mut tally = Tally::default();
    let walked = walk(folder, &[folder.to_owned()]);
    assert!(!walked.sources.is_empty(), "there is no source below {}", folder.display());
    let n_files: Vec<usize> = (0..walked.sources.len()).collect();
    for at in spread(&n_files, MAX_FILES, 0) {
        tally.add(&walked.sources[at], n);
    }
    tally
}

#[test]
fn pieces_of_the_suite_are_found() {
    #[derive(serde::Deserialize)]
    struct Case {
        code: Option<String>,
        path: Option<String>,
        error: Option<String>,
    }
    let mut tally = Tally::default();
    for case in suite::load::<Case>().into_iter().flat_map(|(_, cases)| cases).filter(|case| case.error.is_none()) {
        let path = case.path.unwrap_or_else(|| "a.ts".into());
        tally.add(&Source { path: path.into(), text: case.code.unwrap_or_default().into() }, 50);
    }
    tally.print("conformance");
    assert!(tally.n_found > 500, "only {} pieces were tried", tally.n_found);
    assert!(tally.missing.is_empty(), "not found:\n{}", tally.missing.join("\n"));
    assert!(tally.otherwise.is_empty(), "these mean something else alone: {:#?}", tally.otherwise);
}

#[test]
fn pieces_of_projects_are_found() {
    let number = std::env::var("RUNE_PIECES_PER_FILE").ok().and_then(|n| n.parse().ok());
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("../..");
    let folders: Vec<PathBuf> = match std::env::var("RUNE_PIECES") {
        Ok(folders) => folders.split(':').map(PathBuf::from).collect(),
        Err(_) => vec![root.join("tests/apps"), root.join("examples")],
    };
    let (mut missing, mut otherwise) = (Vec::new(), Vec::new());
    for folder in folders {
        let tally = tally_of(&folder, number.unwrap_or(12));
        tally.print(&folder.file_name().unwrap_or_default().to_string_lossy());
        assert!(tally.n_found > 0, "no piece of {} was tried", folder.display());
        missing.extend(tally.missing);
        otherwise.extend(tally.otherwise.into_values());
    }
    let problem = format!("not found:\n{}\nmean something else alone: {otherwise:#?}", missing.join("\n---\n"));
    assert!(missing.is_empty() && otherwise.is_empty(), "{problem}");
}
