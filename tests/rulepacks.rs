//! Every example of every pack below `rulepacks/`, each a test of its own, and the rules that hold for all packs.

#![allow(clippy::disallowed_methods)]

use std::collections::BTreeSet;
use std::path::{Path, PathBuf};
use std::process::ExitCode;
use std::sync::Arc;

use libtest_mimic::{Arguments, Failed, Trial};
use rune_core::{Program, check, compile, is_certain};
use rune_pack::{Example, Pack, Rule, load_dir};

/// Fixes that no example gets, as they need an option of the pack; `tests/emitted` starts what they emit.
const BY_OPTION: [&str; 2] =
    ["answer every error in one shape, by a global filter", "answer what nothing caught in the shape of the other errors"];

fn main() -> ExitCode {
    let arguments = Arguments::from_args();
    let trials = packs().iter().flat_map(|folder| trials_of(folder)).collect();
    libtest_mimic::run(&arguments, trials).exit_code()
}

fn packs() -> Vec<PathBuf> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../rulepacks");
    let entries = std::fs::read_dir(&folder).expect("rulepacks/ can be read");
    let mut packs: Vec<PathBuf> = entries.map(|entry| entry.expect("an entry").path()).filter(|path| path.is_dir()).collect();
    packs.sort();
    assert!(!packs.is_empty(), "there is no pack in {}", folder.display());
    packs
}

fn trials_of(folder: &Path) -> Vec<Trial> {
    let loaded = load_dir(folder);
    let mut problems = loaded.problems;
    let pack = loaded.pack.map(Arc::new);
    let program = pack.as_ref().and_then(|pack| {
        let (program, more) = compile(pack);
        problems.extend(more);
        program.map(Arc::new)
    });
    let name = folder.file_name().map_or(String::new(), |name| name.to_string_lossy().into_owned());
    let told: Vec<String> = problems.iter().map(|problem| format!("{}: {}", problem.path, problem.message)).collect();
    let mut trials =
        vec![Trial::test(format!("{name}/loads"), move || if told.is_empty() { Ok(()) } else { Err(told.join("\n").into()) })];
    if let (Some(pack), Some(program)) = (pack, program) {
        trials.extend(examples(&pack, &program));
        trials.extend(demands(&pack));
        trials.extend(answers(&pack));
    }
    trials
}

fn examples(pack: &Arc<Pack>, program: &Arc<Program>) -> Vec<Trial> {
    let results = rune_fix::test_pack(pack, program).into_iter();
    results
        .map(|result| Trial::test(format!("{}/{}", pack.name, result.name), move || result.verdict().map_err(Failed::from)))
        .collect()
}

/// A rule has a bad and a good example, a fixed one if it has a fix that can be applied, one from which the fix is withheld
/// if it has conditions, and says why; an adapter has rows.
fn demands(pack: &Arc<Pack>) -> Vec<Trial> {
    let rules = pack.rules.iter().map(|rule| {
        let applies = rule.fixes.iter().any(|fix| fix.safety != rune_model::Safety::Display);
        let conditional = applies && rule.fixes.iter().all(|fix| fix.guard.is_some());
        let has = |test: &dyn Fn(&Example) -> bool| rule.examples.iter().any(test);
        let missing: Vec<&str> = [
            (has(&|example| example.is_bad), "a bad example"),
            (has(&|example| !example.is_bad), "a good example"),
            (!applies || has(&|example| example.fixed.is_some()), "a fixed example"),
            (!conditional || has(&|example| example.withheld), "an example of a fix that is withheld"),
            (!rule.why.trim().is_empty(), "a `why`"),
        ]
        .iter()
        .filter(|(holds, _)| !holds)
        .map(|(_, what)| *what)
        .collect();
        (rule.id.clone(), missing.join(", "))
    });
    let adapters = pack.relation_rules.iter().map(|rule| {
        let missing = if rule.examples.is_empty() { "examples of its rows" } else { "" };
        (rule.id.clone(), missing.to_owned())
    });
    let all: Vec<(String, String)> = rules.chain(adapters).collect();
    let name = &pack.name;
    all.into_iter()
        .map(|(id, missing)| {
            Trial::test(format!("{name}/{id}/is complete"), move || {
                if missing.is_empty() { Ok(()) } else { Err(format!("it lacks {missing}").into()) }
            })
        })
        .collect()
}

/// Each fix of a rule, and each reason for none, is the answer to some bad example. In place of its title it has a number
/// here, so that fixes of one title are told apart.
fn answers(pack: &Pack) -> Vec<Trial> {
    let mut numbered = pack.clone();
    for rule in &mut numbered.rules {
        rule.fixes.iter_mut().enumerate().for_each(|(n, fix)| fix.title.value = n.to_string());
    }
    let program = compile(&numbered).0.expect("a pack that compiles does so with other titles");
    let (numbered, program) = (Arc::new(numbered), Arc::new(program));
    let trial = |(n, rule): (usize, &Rule)| {
        let (numbered, program) = (Arc::clone(&numbered), Arc::clone(&program));
        let titles: Vec<String> = rule.fixes.iter().map(|fix| fix.title.value.clone()).collect();
        Trial::test(format!("{}/{}/each fix is an answer", pack.name, rule.id), move || {
            let taken = taken(&numbered, &program, &numbered.rules[n]);
            let is_missing = |n: usize, title: &str| !taken.contains(&n) && !BY_OPTION.contains(&title);
            let missing: Vec<&str> =
                titles.iter().enumerate().filter(|(n, title)| is_missing(*n, title)).map(|(_, title)| title.as_str()).collect();
            if missing.is_empty() { Ok(()) } else { Err(format!("no bad example gets: {}", missing.join(" | ")).into()) }
        })
    };
    pack.rules.iter().enumerate().filter(|(_, rule)| !rule.fixes.is_empty()).map(trial).collect()
}

/// The numbers of the fixes that the bad examples of a rule get.
fn taken(pack: &Pack, program: &Program, rule: &Rule) -> BTreeSet<usize> {
    let id = format!("{}/{}", pack.name, rule.id);
    let bad = rule.examples.iter().filter(|example| example.is_bad);
    let findings = bad.flat_map(|example| {
        check(program, &pack.example_sources(example.given.as_ref().or(rule.given.as_ref()), &example.files)).findings
    });
    findings
        .filter(|finding| finding.rule == id && is_certain(finding))
        .filter_map(|finding| finding.fix.map(|fix| fix.title).or(finding.no_fix)?.parse().ok())
        .collect()
}
