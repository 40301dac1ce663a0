//! The cases of `tests/conformance` as packs and codes.

use std::collections::BTreeMap;
use std::fs;
use std::path::Path;
use std::sync::{Arc, LazyLock};

use rune_syntax::Language;
use serde::Deserialize;

/// What of a case counts here.
#[derive(Debug, Clone, Default, Deserialize)]
#[serde(default)]
struct Case {
    path: Option<String>,
    paths: Vec<String>,
    pattern: String,
    code: Option<String>,
    files: BTreeMap<String, String>,
    relations: Option<String>,
    rules: Option<String>,
    options: Option<String>,
    report: Option<String>,
}

/// A pattern, a code, and what the pack of the pattern holds.
#[derive(Debug, Clone)]
pub(crate) struct Flat {
    pub(crate) path: String,
    pub(crate) pattern: String,
    pub(crate) code: String,
    pub(crate) report: Option<String>,
    relations: String,
    rules: Option<String>,
    options: String,
}

/// Every pattern with every code it stands beside, in a fixed order.
pub(crate) static SUITE: LazyLock<Vec<Flat>> = LazyLock::new(|| {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../tests/conformance");
    let entries = fs::read_dir(folder).expect("the suite lies in tests/conformance");
    let mut files: Vec<_> = entries.map(|entry| entry.expect("the folder can be listed").path()).collect();
    files.retain(|path| path.extension().is_some_and(|ending| ending == "yaml"));
    files.sort();
    let options = serde_yaml::options! { strict_booleans: true };
    let cases = files.iter().flat_map(|path| {
        let text = fs::read_to_string(path).expect("a case file can be read");
        serde_yaml::from_str_with_options::<Vec<Case>>(&text, options.clone()).expect("the suite is well formed")
    });
    cases.flat_map(Case::flat).collect()
});

impl Case {
    fn flat(self) -> Vec<Flat> {
        let own = self.path.clone().or_else(|| self.paths.first().cloned()).unwrap_or_else(|| "a.ts".into());
        let codes = self.code.clone().map(|code| (own, code)).into_iter().chain(self.files.clone());
        let is_read = |path: &str| Language::of_path(path).is_some();
        let flat = |(path, code)| Flat {
            path,
            code,
            pattern: self.pattern.clone(),
            report: self.report.clone(),
            relations: self.relations.clone().unwrap_or_default(),
            rules: self.rules.clone(),
            options: self.options.clone().unwrap_or_default(),
        };
        codes.filter(|(path, _)| is_read(path)).map(flat).collect()
    }
}

fn indented(text: &str) -> String {
    text.lines().map(|line| format!("  {line}")).collect::<Vec<_>>().join("\n")
}

/// A rule with this pattern.
pub(crate) fn rule_of(languages: &str, pattern: &str) -> String {
    format!(
        "id: the-rule\nsummary: s\nseverity: low\nconfidence: high\nlanguages: [{languages}]\nskip: []\nmatch: |\n{}\nreport: found\nwhy: w\nexamples: [{{ bad: x }}, {{ good: y }}]\n",
        indented(pattern)
    )
}

/// The files of a pack whose only rule has the pattern of a case.
pub(crate) fn files_of(case: &Flat) -> BTreeMap<String, Arc<str>> {
    let languages = Language::of_path(&case.path).map_or("ecma", Language::family);
    let options = &case.options;
    let manifest = format!("[pack]\nname = \"fuzz\"\nversion = \"1.0.0\"\nformat = 1\ndescription = \"d\"\n[skills.s]\ntitle = \"S\"\n{options}\n");
    let relations = format!("cases:\n  found_match: {{ columns: {{ what: node }}, about: a match }}\n{}\n", indented(&case.relations));
    let mut files: BTreeMap<String, Arc<str>> = BTreeMap::new();
    files.insert("pack.toml".into(), manifest.into());
    files.insert("relations.yaml".into(), relations.into());
    files.extend(case.rules.as_deref().map(|rules| ("relations/r.yaml".to_owned(), Arc::from(rules))));
    files.insert("s/the-rule.yaml".into(), rule_of(languages, &case.pattern).into());
    files
}
