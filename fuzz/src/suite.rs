//! The cases of `tests/conformance` as packs and codes.

use std::collections::BTreeMap;
use std::sync::{Arc, LazyLock};

use rune_syntax::Language;
use serde::Deserialize;

use crate::conformance::{indented, load, manifest, rule_of};

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
    let cases = load::<Case>().into_iter().flat_map(|(_, cases)| cases);
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

/// The files of a pack whose only rule has the pattern of a case.
pub(crate) fn files_of(case: &Flat) -> BTreeMap<String, Arc<str>> {
    let languages = Language::of_path(&case.path).map_or("ecma", Language::family);
    let relations =
        format!("cases:\n  found_match: {{ columns: {{ what: node }}, about: a match }}\n{}\n", indented(&case.relations));
    let mut files: BTreeMap<String, Arc<str>> = BTreeMap::new();
    files.insert("pack.toml".into(), manifest(&case.options).into());
    files.insert("relations.yaml".into(), relations.into());
    files.extend(case.rules.as_deref().map(|rules| ("relations/r.yaml".to_owned(), Arc::from(rules))));
    files.insert("s/the-rule.yaml".into(), rule_of(languages, &case.pattern).into());
    files
}
