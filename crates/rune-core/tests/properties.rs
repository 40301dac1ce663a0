//! What holds for any input: the DSL parser and the pack loader never panic, matching ends, the same input gives the same
//! output. The code is that of the conformance suite.

#![allow(clippy::type_complexity)]
#![allow(clippy::disallowed_methods)]

mod suite;

use std::collections::BTreeMap;
use std::sync::{Arc, LazyLock};

use proptest::prelude::*;
use proptest::sample::select;
use rune_core::{check, compile};
use rune_model::Source;
use rune_pack::load_files;
use rune_pattern::{Captures, Scope, parse_guard, parse_program};
use rune_syntax::{Language, parse};
use suite::{manifest, rule_of};

/// Words of the DSL and pieces of code, put together at random.
const PIECES: &[&str] = &[
    "find ",
    "use ",
    "from ",
    "where ",
    "inside ",
    "has ",
    "before ",
    "after ",
    "until ",
    "not ",
    "and ",
    "or ",
    "as ",
    "focus ",
    "is ",
    "in ",
    "like ",
    "row ",
    "absent",
    "exact",
    "member",
    "pair",
    "parameter",
    "ts",
    "py",
    "function ",
    "loop ",
    "call ",
    "string ",
    "$X",
    "$Y",
    "$_",
    "$...X",
    "$X?",
    "\"$X\"",
    "...",
    ". ...",
    "\\$X",
    "\\...",
    "`",
    "``",
    "```",
    "(",
    ")",
    "[",
    "]",
    "{",
    "}",
    ",",
    ":",
    ";",
    ".",
    "\"",
    "'",
    "/",
    "a",
    "b",
    "f(",
    "f($X)",
    "{ a: 1 }",
    "`f($X)`",
    "=> ",
    "await ",
    "class ",
    "def ",
    "return ",
    "@",
    "#",
    "\n",
    "1",
    "1h",
    "-",
    "<",
    "<=",
    ">",
    "options.a",
    "route(path: $X)",
    "function(name: $X)",
    "/a(?<X>b)/",
    "true",
    "é",
    "\u{0}",
    "😀",
    "\\",
    "async ",
    "if ",
    "else ",
    "for ",
    "of ",
    "...x",
    "${",
    "import ",
    "\"m\"",
    "=",
];

/// Every pattern and every code of the conformance suite, with the language of the code.
static SUITE: LazyLock<(Vec<String>, Vec<(Language, String)>)> = LazyLock::new(|| {
    #[derive(serde::Deserialize)]
    struct Case {
        pattern: String,
        code: Option<String>,
        path: Option<String>,
        error: Option<String>,
    }
    let (mut patterns, mut codes) = (Vec::new(), Vec::new());
    for (_, cases) in suite::load::<Case>() {
        for case in cases.into_iter().filter(|case| case.error.is_none()) {
            let language = Language::of_path(case.path.as_deref().unwrap_or("a.ts"));
            codes.extend(case.code.and_then(|code| Some((language?, code))));
            patterns.push(case.pattern);
        }
    }
    (patterns, codes)
});

fn soup() -> impl Strategy<Value = String> {
    prop_oneof![
        prop::collection::vec(select(PIECES), 0..40).prop_map(|pieces| pieces.concat()),
        prop::collection::vec(select(PIECES), 0..40).prop_map(|pieces| format!("find {}", pieces.concat())),
        ".{0,200}",
    ]
}

/// A pattern of the suite with a piece put in, cut out or repeated.
fn spoiled(text: String) -> impl Strategy<Value = String> {
    let n = text.chars().count();
    (0..=n, 0..=n, select(PIECES)).prop_map(move |(from, to, piece)| {
        let head: String = text.chars().take(from).collect();
        let tail: String = text.chars().skip(to).collect();
        format!("{head}{piece}{tail}")
    })
}

fn pattern() -> impl Strategy<Value = String> {
    prop_oneof![soup(), select(SUITE.0.clone()).prop_flat_map(spoiled)]
}

fn code() -> impl Strategy<Value = (Language, String)> {
    let whole = || select(SUITE.1.clone());
    prop_oneof![
        whole(),
        whole().prop_flat_map(|(language, text)| spoiled(text).prop_map(move |text| (language, text))),
        (whole(), soup()).prop_map(|((language, _), text)| (language, text)),
    ]
}

fn files(name: &str, text: &str) -> BTreeMap<String, Arc<str>> {
    [("pack.toml".to_owned(), manifest("").into()), (name.to_owned(), Arc::from(text))].into()
}

fn source(language: Language, text: &str) -> Source {
    let ending = match language {
        Language::Python => "py",
        Language::Tsx => "tsx",
        Language::Json => "json",
        Language::Toml => "toml",
        Language::Prisma => "prisma",
        Language::Yaml => "yaml",
        Language::GraphQl => "graphql",
        Language::Env => "env",
        Language::Sql => "sql",
        Language::Text => return Source { path: "requirements.txt".into(), text: text.into() },
        Language::TypeScript => "ts",
    };
    Source { path: format!("a.{ending}").into(), text: text.into() }
}

/// The places of the findings of a pattern in a code; `None` if the pattern is no pattern.
fn found(language: Language, pattern: &str, code: &str) -> Option<Vec<(u32, u32)>> {
    let loaded = load_files("p", &files("s/the-rule.yaml", &rule_of(language.family(), pattern)));
    let (program, _) = compile(&loaded.pack?);
    let program = program.filter(|_| loaded.problems.is_empty())?;
    let findings = check(&program, &[source(language, code)]).findings;
    Some(findings.iter().map(|finding| (finding.place.span.start, finding.place.span.end)).collect())
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 400, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn the_dsl_parser_never_panics(text in pattern()) {
        for families in [&["ecma".to_owned()][..], &["python".to_owned()], &["ecma".to_owned(), "python".to_owned(), "json".to_owned(), "toml".to_owned(), "prisma".to_owned()], &[]] {
            let (mut captures, mut uses) = (Captures::default(), Vec::new());
            let mut scope = Scope { families, captures: &mut captures, uses: &mut uses };
            for error in parse_program(&text, &mut scope).err().into_iter().flatten() {
                prop_assert!(error.at.start <= error.at.end && error.at.end <= text.len(), "{error:?} is not within the text");
                prop_assert!(!error.message.is_empty());
            }
            let _ = parse_guard(&text, &mut scope);
        }
    }

    #[test]
    fn the_loader_never_panics(text in soup(), pattern in pattern(), cut in 0usize..400) {
        let whole = rule_of("ecma", &pattern);
        let short: String = whole.chars().take(cut).collect();
        for text in [text.clone(), whole.clone(), format!("{short}{text}"), format!("{whole}\n---\n{text}")] {
            for name in ["s/the-rule.yaml", "s/the-rule.toml", "relations/r.yaml", "relations.yaml", "pack.toml"] {
                let loaded = load_files("p", &files(name, &text));
                if let Some(pack) = loaded.pack {
                    let _ = compile(&pack);
                }
            }
        }
    }

    #[test]
    fn matching_ends_and_is_the_same_twice(pattern in select(SUITE.0.clone()), (language, code) in code()) {
        prop_assert_eq!(found(language, &pattern, &code), found(language, &pattern, &code));
    }
}

/// Texts that fuzzing found: each broke something once.
const FOUND: &[(Language, &str)] = &[
    (Language::Toml, " [2]\nx = [2]\n"),
    (Language::Toml, "[a]\nb = 1\n[c]\nd = 2\n[a.e]\nf = 3\n"),
    (Language::TypeScript, "a < b =>`x`"),
    (Language::Json, "[1, ]"),
    (Language::Json, "{\"a\": [\"b\", ], }"),
];

#[test]
fn every_tree_is_a_tree() {
    let found = FOUND.iter().map(|(language, text)| (*language, (*text).to_owned()));
    for (language, text) in SUITE.1.iter().cloned().chain(found) {
        let ast = parse(&text, language);
        for node in 1..ast.len() {
            let (parent, span) = (ast.parent(node).expect("only the root has none"), ast.span(node));
            let outer = ast.span(parent);
            assert!(
                outer.start <= span.start && span.end <= outer.end,
                "{:?} stands out of its parent in {text:?}",
                ast.kind(node)
            );
            assert!(ast.is_within(node, parent) && text.get(span.start as usize..span.end as usize).is_some(), "{text:?}");
        }
    }
}
