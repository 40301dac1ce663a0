//! What fixes emit, started in the real frameworks: `tests/emitted/<stack>/<case>/`. Each case is a small project, what its
//! observer sees of it before the fix and what after. `.ci/emitted` installs the frameworks and runs these; without them only
//! the fixes are made, and the trials that start something are ignored.

#![allow(clippy::disallowed_methods)]

use std::collections::BTreeSet;
use std::path::{Path, PathBuf};
use std::process::{Command, ExitCode};
use std::sync::Arc;
use std::time::{Duration, Instant};

use libtest_mimic::{Arguments, Failed, Trial};
use serde_json::Value;

/// A project with a defect, and what an observer sees of it.
struct Case {
    /// `<stack>/<case>`.
    name: String,
    folder: PathBuf,
    /// Ids of the rules whose findings are fixed, without the pack's name.
    rules: Vec<String>,
    /// Options of the pack that the project sets, as one line of TOML.
    options: Option<String>,
    /// What the observer prints as its last line.
    before: Value,
    after: Value,
}

fn main() -> ExitCode {
    let arguments = Arguments::from_args();
    let cases: Vec<Arc<Case>> = cases().into_iter().map(Arc::new).collect();
    let mut trials = Vec::new();
    for case in &cases {
        let (fixed, started) = (Arc::clone(case), Arc::clone(case));
        trials.push(Trial::test(format!("{}/fixed", case.name), move || prepared(&fixed).map(drop)));
        trials.push(Trial::test(format!("{}/started", case.name), move || start(&started)).with_ignored_flag(true));
    }
    trials.push(Trial::test("every fix is started", move || every_fix_is_started(&cases)));
    libtest_mimic::run(&arguments, trials).exit_code()
}

fn root() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../..").canonicalize().expect("the root exists")
}

fn read(path: &Path) -> String {
    std::fs::read_to_string(path).unwrap_or_else(|error| panic!("{}: {error}", path.display()))
}

fn folders(path: &Path) -> Vec<PathBuf> {
    let entries = std::fs::read_dir(path).unwrap_or_else(|error| panic!("{}: {error}", path.display()));
    let mut found: Vec<PathBuf> = entries.map(|entry| entry.expect("an entry").path()).filter(|path| path.is_dir()).collect();
    found.sort();
    found
}

fn cases() -> Vec<Case> {
    let stacks = folders(&root().join("tests/emitted")).into_iter().filter(|path| !path.ends_with("lib"));
    let cases: Vec<Case> = stacks.flat_map(|stack| folders(&stack)).map(|folder| case(&folder)).collect();
    assert!(!cases.is_empty(), "there is no case below tests/emitted");
    cases
}

fn case(folder: &Path) -> Case {
    let path = folder.join("case.yaml");
    let value: Value = serde_yaml::from_str(&read(&path)).unwrap_or_else(|error| panic!("{}: {error}", path.display()));
    let keys =
        value.as_object().map(|map| map.keys().map(String::as_str).filter(|key| *key != "options").collect::<BTreeSet<_>>());
    assert_eq!(keys, Some(BTreeSet::from(["about", "rules", "before", "after"])), "the keys of {}", path.display());
    let rules = value["rules"].as_array().expect("`rules` is a list");
    let tail: Vec<String> = folder.iter().rev().take(2).map(|part| part.to_string_lossy().into_owned()).collect();
    Case {
        name: format!("{}/{}", tail[1], tail[0]),
        folder: folder.to_owned(),
        rules: rules.iter().map(|rule| rule.as_str().expect("a rule's id").to_owned()).collect(),
        options: value["options"].as_str().map(str::to_owned),
        before: value["before"].clone(),
        after: value["after"].clone(),
    }
}

/// A folder with the project as it is (`before`), the project with its fixes (`after`), the observer and what it may use.
fn prepared(case: &Case) -> Result<tempfile::TempDir, Failed> {
    let work = tempfile::tempdir()?;
    for state in ["before", "after"] {
        copy(&case.folder.join("project"), &work.path().join(state))?;
    }
    for entry in std::fs::read_dir(&case.folder)? {
        let path = entry?.path();
        if path.is_file() {
            std::fs::copy(&path, work.path().join(path.file_name().unwrap_or_default()))?;
        }
    }
    copy(&root().join("tests/emitted/lib"), &work.path().join("lib"))?;
    let project = work.path().join("after");
    let report = rune(&project, case)?;
    let fixes = report["fixes"].as_array().map_or(&[][..], Vec::as_slice);
    let (applied, rest): (Vec<&Value>, Vec<&Value>) = fixes.iter().partition(|fix| fix["outcome"] == "applied");
    let fixed: BTreeSet<&str> = applied.iter().filter_map(|fix| fix["rule"].as_str()).collect();
    let wanted: BTreeSet<String> = case.rules.iter().map(|rule| format!("backend/{rule}")).collect();
    if !fixed.iter().copied().eq(wanted.iter().map(String::as_str)) {
        return Err(
            format!("to be fixed was what {wanted:?} find, but this was: {fixed:?}\n{rest:#?}\n{:#?}", report["skills"]).into()
        );
    }
    let left: Vec<&Value> =
        report["skills"].as_array().into_iter().flatten().flat_map(|skill| skill["findings"].as_array()).flatten().collect();
    if left.is_empty() && rest.is_empty() { Ok(work) } else { Err(format!("left after the fix: {left:#?}\n{rest:#?}").into()) }
}

/// The JSON report of a run that fixes what the rules of the case find.
fn rune(project: &Path, case: &Case) -> Result<Value, Failed> {
    let mut command = Command::new(env!("CARGO_BIN_EXE_rune"));
    let pack = root().join("rulepacks/backend");
    match &case.options {
        Some(options) => {
            let path = serde_json::to_string(&pack.to_string_lossy())?;
            std::fs::write(project.join("rune.toml"), format!("[packs.backend]\npath = {path}\noptions = {{ {options} }}\n"))?;
            command.arg("run").arg(project);
        }
        None => drop(command.arg("run").arg(project).arg("--pack").arg(pack)),
    }
    command.arg("--select").arg(case.rules.join(",")).args(["--fix", "--unsafe-fixes", "--format", "json"]);
    let output = command.output()?;
    serde_json::from_slice(&output.stdout)
        .map_err(|error| format!("no report ({error}): {}", String::from_utf8_lossy(&output.stderr)).into())
}

fn copy(from: &Path, to: &Path) -> std::io::Result<()> {
    std::fs::create_dir_all(to)?;
    for entry in std::fs::read_dir(from)? {
        let path = entry?.path();
        let target = to.join(path.file_name().unwrap_or_default());
        if path.is_dir() {
            copy(&path, &target)?;
        } else {
            std::fs::copy(&path, &target)?;
        }
    }
    Ok(())
}

/// The defect shows before the fix, and what was to become of it after. TypeScript has no more type errors than before.
fn start(case: &Case) -> Result<(), Failed> {
    let work = prepared(case)?;
    for (state, wanted) in [("before", &case.before), ("after", &case.after)] {
        let seen = observe(case, work.path(), state)?;
        if seen != *wanted {
            return Err(format!(
                "{state} the fix the observer was to see\n  {wanted}\nbut saw\n  {seen}\n{}",
                changed(work.path())
            )
            .into());
        }
    }
    if !typescript(&work.path().join("after"))? {
        return Ok(());
    }
    let [before, after] = ["before", "after"].map(|state| types(work.path(), state));
    let (before, after) = (before?, after?);
    let new: Vec<&Value> = after.iter().filter(|error| !before.contains(error)).collect();
    if new.is_empty() { Ok(()) } else { Err(format!("new type errors: {new:#?}\n{}", changed(work.path())).into()) }
}

/// Whether a file of the folder is TypeScript.
fn typescript(folder: &Path) -> std::io::Result<bool> {
    for entry in std::fs::read_dir(folder)? {
        let path = entry?.path();
        if path.extension().is_some_and(|ending| ending == "ts") || (path.is_dir() && typescript(&path)?) {
            return Ok(true);
        }
    }
    Ok(false)
}

/// What the compiler has to say of a folder.
fn types(work: &Path, state: &str) -> Result<Vec<Value>, Failed> {
    let mut command = Command::new("node");
    command.args(["--no-warnings", "lib/types.mjs", state]);
    let seen = seen(command, work, state)?;
    seen.as_array().cloned().ok_or_else(|| "the compiler gave no list".into())
}

/// What the observer prints last, as JSON.
fn observe(case: &Case, work: &Path, state: &str) -> Result<Value, Failed> {
    let modules = work.join("node_modules");
    if !modules.exists() {
        link(&runtime("RUNE_EMITTED_NODE_MODULES")?, &modules)?;
    }
    let command = if case.folder.join("observe.py").exists() {
        let mut command = Command::new(runtime("RUNE_EMITTED_PYTHON")?);
        command.args(["-B", "observe.py", state]).env("PYTHONPATH", format!("{state}:lib"));
        command
    } else {
        let mut command = Command::new("node");
        command.args(["--no-warnings", "--import", "./lib/typescript.mjs", "observe.mjs", state]);
        command
    };
    seen(command, work, state)
}

/// What a program prints last, as JSON.
fn seen(mut command: Command, work: &Path, state: &str) -> Result<Value, Failed> {
    let (out, told) = (work.join("stdout"), work.join("stderr"));
    command.current_dir(work).stdout(std::fs::File::create(&out)?).stderr(std::fs::File::create(&told)?);
    let mut child = command.spawn().map_err(|error| format!("{command:?}: {error}"))?;
    let status = ended(&mut child)?;
    let text = read(&out);
    let last = text.lines().last().unwrap_or("");
    match serde_json::from_str(last) {
        Ok(seen) if status.is_some_and(|status| status.success()) => Ok(seen),
        _ => {
            let how = status.map_or("it did not end".to_owned(), |status| status.to_string());
            Err(format!("{state} the fix a program failed ({how}):\n{text}\n{}\n{}", read(&told), changed(work)).into())
        }
    }
}

/// How a program ended; `None` if it had to be ended after five minutes.
fn ended(child: &mut std::process::Child) -> std::io::Result<Option<std::process::ExitStatus>> {
    let start = Instant::now();
    while start.elapsed() < Duration::from_secs(300) {
        if let Some(status) = child.try_wait()? {
            return Ok(Some(status));
        }
        std::thread::sleep(Duration::from_millis(20));
    }
    child.kill()?;
    child.wait()?;
    Ok(None)
}

fn runtime(variable: &str) -> Result<PathBuf, Failed> {
    let path = std::env::var_os(variable).map(PathBuf::from).filter(|path| path.exists());
    path.ok_or_else(|| format!("{variable} names no runtime: run `.ci/emitted`, which installs them").into())
}

#[cfg(unix)]
fn link(to: &Path, at: &Path) -> std::io::Result<()> {
    std::os::unix::fs::symlink(to, at)
}
#[cfg(windows)]
fn link(to: &Path, at: &Path) -> std::io::Result<()> {
    std::os::windows::fs::symlink_dir(to, at)
}

/// What the fixes made of the project, for whoever reads a failure.
fn changed(work: &Path) -> String {
    let output = Command::new("diff").args(["-ruN", "-x", ".rune", "before", "after"]).current_dir(work).output();
    output.map_or(String::new(), |output| String::from_utf8_lossy(&output.stdout).into_owned())
}

/// A fix that can be applied is started in some case, or `not-started.yaml` says why not.
fn every_fix_is_started(cases: &[Arc<Case>]) -> Result<(), Failed> {
    let pack = rune_pack::load_dir(&root().join("rulepacks/backend")).pack.ok_or("the pack does not load")?;
    let applies = |rule: &&rune_pack::Rule| rule.fixes.iter().any(|fix| fix.safety != rune_model::Safety::Display);
    let started: BTreeSet<&str> = cases.iter().flat_map(|case| &case.rules).map(String::as_str).collect();
    let path = root().join("tests/emitted/not-started.yaml");
    let excused: Value = serde_yaml::from_str(&read(&path)).map_err(|error| format!("{}: {error}", path.display()))?;
    let ids = pack.rules.iter().filter(applies).map(|rule| rule.id.as_str());
    let missing: Vec<&str> = ids.filter(|id| started.contains(id) == excused.get(*id).is_some()).collect();
    if missing.is_empty() { Ok(()) } else { Err(format!("either a case or a reason: {}", missing.join(", ")).into()) }
}
