//! What verification lets pass and what it refuses, each check by its name. The rules here are names to look for and
//! texts to put in their place.

use std::collections::BTreeMap;
use std::sync::Arc;

use rune_fix::{SettleOptions, Settled, settle};
use rune_model::{
    Certainty, Check, Confidence, Edit, Finding, Fix, FixOutcome, FixRecord, Operation, Place, Safety, Severity, Source, Target,
};
use rune_syntax::{Language, parse};

/// Finds nodes of `kind` that say `find`; `edits` mend them.
struct Rule {
    name: &'static str,
    severity: Severity,
    kind: &'static str,
    find: &'static str,
    edits: &'static [Mend],
}

#[derive(Clone, Copy)]
enum Mend {
    Put(&'static str),
    Import(&'static str),
    ImportOf(&'static str, &'static str),
    Create(&'static str),
}

const fn rule(name: &'static str, kind: &'static str, find: &'static str, edits: &'static [Mend]) -> Rule {
    Rule { name, severity: Severity::Low, kind, find, edits }
}

fn check(rules: &[Rule], sources: &[Source]) -> Vec<Finding> {
    let mut findings = Vec::new();
    for source in sources {
        let ast = parse(&source.text, Language::of_path(&source.path).expect("a language"));
        for rule in rules {
            let nodes = (0..ast.len()).filter(|node| ast.kind(*node).name() == rule.kind);
            for (n, node) in nodes.filter(|node| ast.text(*node, &source.text) == rule.find).enumerate() {
                let place = Place { path: source.path.clone(), span: ast.span(node) };
                findings.push(finding(rule, n, &Target { place, node }));
            }
        }
    }
    findings
}

fn finding(rule: &Rule, n: usize, at: &Target) -> Finding {
    let edit = |mend: &Mend| {
        let operation = match mend {
            Mend::Put(with) => Operation::Replace { with: (*with).to_owned() },
            Mend::Create(path) => Operation::CreateFile { path: (*path).to_owned(), text: "new\n".to_owned() },
            Mend::ImportOf(name, from) => Operation::EnsureImport { name: (*name).to_owned(), from: (*from).to_owned() },
            Mend::Import(name) => Operation::EnsureImport { name: (*name).to_owned(), from: "m".to_owned() },
        };
        Edit { at: at.clone(), operation }
    };
    let fix = Fix { title: "mend it".into(), safety: Safety::Safe, edits: rule.edits.iter().map(edit).collect(), chain: None };
    Finding {
        rule: rule.name.into(),
        skill: "test".into(),
        severity: rule.severity,
        confidence: Confidence::High,
        certainty: Certainty::Certain,
        message: String::new(),
        place: at.place.clone(),
        related: Vec::new(),
        fix: (!rule.edits.is_empty()).then_some(fix),
        no_fix: None,
        fingerprint: format!("{} {} {n}", rule.name, at.place.path),
    }
}

fn source(text: &str) -> Source {
    Source { path: "a.ts".into(), text: text.into() }
}

fn run(rules: &[Rule], sources: &[Source], options: &SettleOptions<'_>) -> Settled {
    let check = |sources: &[Source]| check(rules, sources);
    settle(sources, &check(sources), &check, options)
}

/// The text after, and for each fix its rule and the failed check.
fn settled(rules: &[Rule], text: &str) -> (String, Vec<(String, Option<Check>)>, Settled) {
    let before = [source(text)];
    let settled = run(rules, &before, &SettleOptions::up_to(Safety::Safe));
    let after = settled.sources.first().unwrap_or(&before[0]).text.to_string();
    let outcome = |outcome: &FixOutcome| match outcome {
        FixOutcome::Rejected { check, .. } => Some(*check),
        _ => None,
    };
    let records = settled.records.iter().map(|record| (record.rule.clone(), outcome(&record.outcome))).collect();
    (after, records, settled)
}

/// Of one rule whose fix is refused: the check, its reason, and the diff; the text must be as before.
fn refused(rules: &[Rule], text: &str) -> (Check, String, String) {
    let (after, _, settled) = settled(rules, text);
    assert_eq!(after, text, "what is refused changes nothing");
    match &settled.records[0].outcome {
        FixOutcome::Rejected { check, reason, diff } => (*check, reason.clone(), diff.clone()),
        other => panic!("was to be refused: {other:?}"),
    }
}

const MEMBER: &str = "property_identifier";

#[test]
fn a_fix_that_holds_is_applied() {
    let (after, records, _) = settled(&[rule("a", MEMBER, "foo", &[Mend::Put("bar")])], "x.foo(); x.foo();\n");
    assert_eq!(after, "x.bar(); x.bar();\n");
    assert_eq!(records, [("a".into(), None), ("a".into(), None)]);
}

/// Faults 39 and 40 among them.
#[test]
fn each_failed_check_has_a_name_a_reason_and_a_diff() {
    let (check, reason, diff) = refused(&[rule("a", MEMBER, "foo", &[Mend::Put("bar(")])], "x.foo();\n");
    assert_eq!((check, reason.as_str()), (Check::ParseError, "`a.ts` would no longer parse"));
    assert!(diff.contains("-x.foo();\n+x.bar(();\n"), "{diff}");

    let (check, reason, diff) = refused(&[rule("a", "identifier", "foo", &[Mend::Put("helper")])], "foo();\n");
    assert_eq!((check, reason.as_str()), (Check::UnknownName, "`helper` is neither defined nor imported in `a.ts`"));
    assert!(diff.contains("+helper();"), "{diff}");

    let (check, reason, _) = refused(&[rule("a", MEMBER, "foo", &[Mend::Put("foo")])], "x.foo();\n");
    assert_eq!((check, reason.as_str()), (Check::StillFound, "`a` would still be found in `a.ts`"));

    let (check, reason, diff) = refused(&[rule("a", MEMBER, "foo", &[Mend::Put("y.foo")])], "x.foo();\n");
    assert_eq!((check, reason.as_str()), (Check::NotIdempotent, "`a` would be found and fixed again by a second run"));
    assert!(diff.contains("+x.y.foo();"), "{diff}");

    let rules = [rule("a", MEMBER, "foo", &[Mend::Put("bar")]), rule("b", MEMBER, "bar", &[])];
    let (check, reason, diff) = refused(&rules, "x.foo();\n");
    assert_eq!((check, reason.as_str()), (Check::NewFinding, "`b` would newly be found in `a.ts`"));
    assert!(diff.contains("+x.bar();"), "{diff}");

    let rules = [rule("a", MEMBER, "foo", &[Mend::Put("bar")]), rule("b", MEMBER, "bar", &[Mend::Put("foo")])];
    let (check, reason, _) = refused(&rules, "x.foo();\n");
    assert_eq!((check, reason.as_str()), (Check::UndoneByAnother, "it and the fix of `b` undo each other in `a.ts`"));

    let (check, reason, _) = refused(&[rule("a", "identifier", "foo", &[Mend::Import("helper")])], "foo(); const helper = 1;\n");
    assert_eq!((check, reason.as_str()), (Check::Edit, "`helper` means something else in this file"));
}

/// Fault 39: whichever comes first brings up the next; none is written.
#[test]
fn fixes_that_go_in_a_circle_are_refused() {
    let rules = [
        rule("a", MEMBER, "foo", &[Mend::Put("bar")]),
        rule("b", MEMBER, "bar", &[Mend::Put("baz")]),
        rule("c", MEMBER, "baz", &[Mend::Put("foo")]),
    ];
    let (check, reason, _) = refused(&rules, "x.foo();\n");
    assert_eq!((check, reason.as_str()), (Check::NewFinding, "`b` would newly be found in `a.ts`"));
}

/// Fault 44.
#[test]
fn new_files_are_made_only_where_rune_writes_and_nothing_is() {
    const FOO: Mend = Mend::Put("bar");
    let rules = [rule("a", MEMBER, "foo", &[FOO, Mend::Create("migrations/1.sql")])];
    let (_, _, settled) = settled(&rules, "x.foo();\n");
    assert_eq!(settled.created.iter().map(AsRef::as_ref).collect::<Vec<&str>>(), ["migrations/1.sql"]);
    for (edits, part) in [
        (&[FOO, Mend::Create("a.ts")][..], "exists already"),
        (&[FOO, Mend::Create("A.ts")], "exists already"),
        (&[FOO, Mend::Create("../b.ts")], "leaves the root"),
        (&[FOO, Mend::Create("/b.ts")], "no path below the root"),
        (&[FOO, Mend::Create(".git/hooks/pre-commit")], "hooks' and CI's files"),
        (&[FOO, Mend::Create(".github/workflows/b.yml")], "hooks' and CI's files"),
        (&[FOO, Mend::Create("src/con.ts")], "keep this name for a device"),
    ] {
        let (check, reason, _) = refused(&[rule("a", MEMBER, "foo", edits)], "x.foo();\n");
        assert_eq!(check, Check::Edit);
        assert!(reason.contains(part), "{reason}");
    }
}

#[test]
fn names_of_the_language_and_of_imports_are_known() {
    let rules = [rule("a", "identifier", "foo", &[Mend::Put("helper"), Mend::Import("helper")])];
    assert_eq!(settled(&rules, "foo();\n").0, "import { helper } from \"m\";\nhelper();\n");
    let rules = [rule("a", "identifier", "foo", &[Mend::Put("structuredClone")])];
    assert_eq!(settled(&rules, "foo();\n").0, "structuredClone();\n");
}

#[test]
fn one_bad_fix_among_many_does_not_keep_the_others_out() {
    let rules = [
        rule("a", MEMBER, "foo", &[Mend::Put("bar")]),
        rule("b", MEMBER, "old", &[Mend::Put("worse")]),
        rule("c", MEMBER, "worse", &[]),
    ];
    let text = format!("{}x.old();\n{}", "x.foo();\n".repeat(20), "x.foo();\n".repeat(20));
    let (after, records, _) = settled(&rules, &text);
    assert_eq!(after, text.replace("foo", "bar"));
    assert_eq!(records.iter().filter(|(_, check)| check.is_none()).count(), 40);
    assert_eq!(records.last(), Some(&("b".to_owned(), Some(Check::NewFinding))));
}

/// Fault 38.
#[test]
fn the_graver_fix_comes_first_and_the_other_is_tried_again() {
    let outer = Rule { severity: Severity::Low, ..rule("outer", "call_expression", "f(x.foo)", &[Mend::Put("g(x.foo)")]) };
    let inner = Rule { severity: Severity::High, ..rule("inner", MEMBER, "foo", &[Mend::Put("bar")]) };
    let (after, records, _) = settled(&[outer, inner], "f(x.foo);\nfunction g(x) {}\n");
    assert_eq!(after, "f(x.bar);\nfunction g(x) {}\n");
    assert_eq!(records, [("inner".into(), None)], "what was outside of it is another code now");
}

#[test]
fn what_failed_is_tried_again_once_others_are_in() {
    let rules = [
        Rule { severity: Severity::High, ..rule("first", "identifier", "foo", &[Mend::Put("helper")]) },
        rule("second", "identifier", "marker", &[Mend::Put("console"), Mend::Import("helper")]),
    ];
    let (after, records, _) = settled(&rules, "foo();\nmarker;\n");
    assert_eq!(after, "import { helper } from \"m\";\nhelper();\nconsole;\n");
    assert_eq!(records, [("second".into(), None), ("first".into(), None)]);
}

/// Fault 41.
#[test]
fn a_second_run_changes_nothing() {
    let rules = [
        rule("a", MEMBER, "foo", &[Mend::Put("bar")]),
        rule("b", MEMBER, "old", &[Mend::Put("worse")]),
        rule("c", MEMBER, "worse", &[]),
        rule("d", "identifier", "z", &[Mend::Put("helper"), Mend::Import("helper")]),
    ];
    let (after, _, _) = settled(&rules, "x.foo(); x.old(); z();\n");
    let (again, records, _) = settled(&rules, &after);
    assert_eq!(again, after);
    assert_eq!(records, [("b".into(), Some(Check::NewFinding))]);
}

#[test]
fn a_command_leaves_out_the_fixes_that_break_it() {
    let rules = [rule("a", MEMBER, "foo", &[Mend::Put("bar")])];
    let sources: Vec<Source> = (0..9).map(|n| Source { path: format!("{n}.ts").into(), text: "x.foo();\n".into() }).collect();
    let is_bad = |source: &Source| source.path.starts_with(['2', '7']) && source.text.contains("bar");
    let command = |sources: &[Source]| if sources.iter().any(is_bad) { Err("it fails".to_owned()) } else { Ok(()) };
    let options = SettleOptions { command: Some(&command), ..SettleOptions::up_to(Safety::Safe) };
    let settled = run(&rules, &sources, &options);
    let paths: Vec<Arc<str>> = settled.sources.iter().map(|source| source.path.clone()).collect();
    assert_eq!(paths.len(), 7, "{paths:?}");
    let mut outcomes: BTreeMap<Arc<str>, Option<(Check, String)>> = BTreeMap::new();
    for record in &settled.records {
        let failed = match &record.outcome {
            FixOutcome::Rejected { check, diff, .. } => Some((*check, diff.clone())),
            _ => None,
        };
        outcomes.insert(record.place.path.clone(), failed);
    }
    for bad in ["2.ts", "7.ts"] {
        let Some((check, diff)) = outcomes[bad].clone() else { panic!("{bad} breaks it") };
        assert_eq!(check, Check::VerifyCommand);
        assert!(diff.contains(&format!("+++ b/{bad}")) && diff.matches("+++").count() == 1, "{diff}");
    }
    assert_eq!(outcomes.values().filter(|failed| failed.is_none()).count(), 7);
}

/// What becomes of a fix that imports a name of `m`, in a project with these files besides.
fn imports_m(from: &'static str, path: &str, others: &[(&str, &str)]) -> Option<(Check, String)> {
    let edits = Box::leak(Box::new([Mend::Put("helper"), Mend::ImportOf("helper", from)]));
    let rules = [rule("a", "identifier", "foo", edits)];
    let source = |path: &str, text: &str| Source { path: path.into(), text: text.into() };
    let mut sources: Vec<Source> = others.iter().map(|(path, text)| source(path, text)).collect();
    sources.push(source(path, if path.ends_with(".py") { "foo()\n" } else { "foo();\n" }));
    let settled = run(&rules, &sources, &SettleOptions::up_to(Safety::Safe));
    match &settled.records[0].outcome {
        FixOutcome::Rejected { check, reason, .. } => Some((*check, reason.clone())),
        _ => None,
    }
}

#[test]
fn a_package_that_no_manifest_lists_is_not_imported() {
    let none = ("package.json", "{ \"dependencies\": { \"other\": \"1\" } }");
    let refused = |from, path, others: &[(&str, &str)]| {
        let refused = imports_m(from, path, others);
        assert_eq!(refused.as_ref().map(|(check, _)| *check), Some(Check::UnlistedPackage), "{from} {path} {others:?}");
        refused.map(|(_, reason)| reason).unwrap_or_default()
    };
    assert_eq!(refused("m/sub", "a.ts", &[none]), "`a.ts` would import `m`, which no manifest lists");
    assert_eq!(refused("@s/m/sub", "a.js", &[none]), "`a.js` would import `@s/m`, which no manifest lists");
    // A manifest beside is not above; a name in another section says nothing.
    refused("m", "x/a.ts", &[none, ("y/package.json", "{ \"dependencies\": { \"m\": \"1\" } }")]);
    refused("m", "a.ts", &[("package.json", "{ \"scripts\": { \"m\": \"m\" } }")]);
    refused("m", "a.py", &[("requirements.txt", "emm\nm2\n")]);
    refused("m", "a.py", &[("pyproject.toml", "[project]\ndependencies = [\"other>=1\"]\n")]);
    for (from, path, others) in [
        // No manifest says what there is.
        ("m", "a.ts", &[][..]),
        ("m", "a.py", &[none]),
        ("m", "a.ts", &[("package.json", "{ \"devDependencies\": { \"m\": \"1\" } }")]),
        ("m/sub", "x/y/a.ts", &[("package.json", "{ \"dependencies\": { \"m\": \"1\" } }"), ("x/package.json", "{}")]),
        ("m", "a.ts", &[("package.json", "{ \"devDependencies\": { \"@types/m\": \"1\" } }")]),
        // Files of the project, aliases, the runtime, the workspace.
        ("./m", "a.ts", &[none]),
        ("@/m", "a.ts", &[none]),
        ("#m", "a.ts", &[none]),
        ("node:crypto", "a.ts", &[none]),
        ("fs/promises", "a.ts", &[none]),
        ("m", "a.ts", &[none, ("packages/m/package.json", "{ \"name\": \"m\" }")]),
        ("m/sub", "src/a.ts", &[none, ("m/sub.ts", "export const helper = 1;\n")]),
        // Another file imports it, so it is there.
        ("m/sub", "a.ts", &[none, ("b.ts", "import x from 'm';\nx;\n")]),
        ("os.path", "a.py", &[("requirements.txt", "other\n")]),
        (".m", "a.py", &[("requirements.txt", "other\n")]),
        ("app.m", "a.py", &[("requirements.txt", "other\n"), ("app/m.py", "helper = 1\n")]),
        ("m.sub", "a.py", &[("requirements.txt", "other\nM[extra]==1.0  # why\n")]),
        ("m", "a.py", &[("pyproject.toml", "[tool.poetry.dependencies]\npython-m = \"^1\"\n")]),
        ("jwt", "a.py", &[("requirements.txt", "PyJWT==2\n")]),
        // What is installed stands elsewhere.
        ("m", "a.py", &[("pyproject.toml", "[tool.black]\nline-length = 100\n")]),
        ("m", "a.py", &[("pyproject.toml", "[project]\ndynamic = [\"dependencies\"]\n")]),
        ("yaml", "a.py", &[("requirements-dev.txt", "PyYAML\n")]),
        ("yaml", "app/a.py", &[("requirements.txt", "-r requirements/base.txt\n"), ("requirements/base.txt", "PyYAML\n")]),
        ("rest_framework.views", "a.py", &[("requirements.txt", "djangorestframework\n")]),
        ("m", "a.py", &[("requirements.txt", "other\n"), ("b.py", "from m import x\n")]),
    ] {
        assert_eq!(imports_m(from, path, others), None, "{from} {path} {others:?}");
    }
}

/// Fault 38.
#[test]
fn after_ten_rounds_what_is_left_is_told() {
    // Twelve calls, one in the other: each round only the outermost that is left can change.
    let call = |n: usize| (n..12).rev().fold("x".to_owned(), |inner, n| format!("f{n}({inner})"));
    let leak = |text: String| -> &'static str { Box::leak(text.into_boxed_str()) };
    let rules: Vec<Rule> = (0..12)
        .map(|n| {
            let (find, put) =
                (leak(call(n)), leak(format!("{},", call(n).replacen('f', "g", 1)).trim_end_matches(',').to_owned()));
            let edits = Box::leak(Box::new([Mend::Put(put)]));
            rule(leak(format!("r{n:02}")), "call_expression", find, edits)
        })
        .collect();
    let functions: String = (0..12).map(|n| format!("function f{n}(a) {{}}\nfunction g{n}(a) {{}}\n")).collect();
    let (after, records, settled) = settled(&rules, &format!("{functions}let x = 1;\n{};\n", call(0)));
    assert_eq!(settled.passes, 10);
    assert!(after.ends_with("g0(g1(g2(g3(g4(g5(g6(g7(g8(g9(f10(f11(x))))))))))));\n"), "{after}");
    assert_eq!(records.iter().filter(|(_, check)| check.is_none()).count(), 10);
    assert_eq!(records[10..], [("r10".into(), Some(Check::Conflict)), ("r11".into(), Some(Check::Conflict))]);
    assert!(records.len() == 12 && settled.left.len() == 2);
}

#[test]
fn new_files_come_one_behind_the_other_in_one_round() {
    for path in [|number: usize, _: &str| format!("m/{number}.ts"), |number: usize, of: &str| format!("m/{number:06}_{of}")] {
        let settled = number_files(path, true);
        assert!(settled.left.is_empty() && settled.created.len() == 25, "{:?}", settled.records);
        assert!(settled.records.iter().all(|record| record.outcome == FixOutcome::Applied));
        let numbers: std::collections::BTreeSet<usize> = settled.sources.iter().filter_map(number_of).collect();
        assert_eq!(numbers, (1..=25).collect());
        assert_eq!(settled.passes, 2, "one round that applies, one that finds nothing left");
    }
}

#[test]
fn new_files_of_one_number_take_a_round_each_where_nothing_says_what_comes_behind() {
    let settled = number_files(|number, of| format!("m/{number:06}_{of}"), false);
    assert_eq!((settled.created.len(), settled.left.len(), settled.passes), (10, 15, 10));
    let is_left = |record: &&FixRecord| matches!(record.outcome, FixOutcome::Rejected { check: Check::Conflict, .. });
    assert_eq!(settled.records.iter().filter(is_left).count(), 15);
}

/// The number of a file that a fix made.
fn number_of(source: &Source) -> Option<usize> {
    number_in(&source.path)
}

fn number_in(path: &str) -> Option<usize> {
    path.strip_prefix("m/")?.split(['.', '_']).next()?.parse().ok()
}

/// Settles 25 files whose fixes each make the file behind the newest there is; `path` names it by its number and the file of the finding.
fn number_files(path: impl Fn(usize, &str) -> String, is_chained: bool) -> Settled {
    let rules = [rule("a", MEMBER, "foo", &[Mend::Put("bar")])];
    let made = |finding: &Finding, number: usize| {
        let text = format!("// {}\n", finding.place.path);
        Operation::CreateFile { path: path(number, &finding.place.path), text }
    };
    let check = |sources: &[Source]| {
        let newest = sources.iter().filter_map(number_of).max().unwrap_or(0);
        let mut findings = check(&rules, sources);
        for finding in &mut findings {
            let operation = made(finding, newest + 1);
            let at = finding.fix.as_ref().expect("a fix").edits[0].at.clone();
            finding.fix.as_mut().expect("a fix").edits.push(Edit { at, operation });
        }
        findings
    };
    let behind = |finding: &Finding, before: &Finding| {
        let Operation::CreateFile { path, .. } = &before.fix.as_ref()?.edits[1].operation else { return None };
        let mut fix = finding.fix.clone()?;
        fix.edits[1].operation = made(finding, number_in(path)? + 1);
        Some(fix)
    };
    let sources: Vec<Source> = (0..25).map(|n| Source { path: format!("{n}.ts").into(), text: "x.foo();\n".into() }).collect();
    let options = SettleOptions { behind: is_chained.then_some(&behind), ..SettleOptions::up_to(Safety::Safe) };
    settle(&sources, &check(&sources), &check, &options)
}
