//! Configuration files: `tests/config/*.yaml`, a project with what a command prints in it, word for word. UPDATE=1 writes
//! what is printed today into the cases.

#![allow(clippy::disallowed_methods)]

mod cases;

use std::process::{Command, ExitCode};

use serde_json::Value;

/// The pack that lies in each project, below `packs/house`.
const PACK: &[(&str, &str)] = &[
    (
        "pack.toml",
        "[pack]\nname = \"house\"\nversion = \"1.0.0\"\nformat = 1\n\n[skills.danger]\ntitle = \"Danger\"\n\n[skills.style]\ntitle = \"Style\"\n\n[options.limit]\ntype = \"duration\"\ndefault = \"15m\"\n\n[options.names]\ntype = \"list\"\ndefault = [\"debug\"]\n",
    ),
    (
        "danger/no-eval.yaml",
        "id: no-eval\nsummary: eval\nseverity: medium\nconfidence: high\nlanguages: [ecma]\nmatch: |\n  find `eval($X)` as $CALL\nreport: eval of {{X}}\nfix: { title: take the text, safety: safe, edits: [{ replace: { at: $CALL, with: \"{{X}}\" } }] }\nwhy: It hurts.\nexamples: [{ bad: eval(a), fixed: a }, { good: f(a) }]\n",
    ),
    (
        "style/no-log.yaml",
        "id: no-log\nsummary: log\nseverity: low\nconfidence: high\nlanguages: [ecma]\nmatch: |\n  find `log.$NAME(...)`\n  where $NAME in options.names\nreport: a call of {{NAME}}\nwhy: It hurts.\nexamples: [{ bad: log.debug(1) }, { good: log.f(a) }]\n",
    ),
    (
        "style/long.yaml",
        "id: long\nsummary: long\nseverity: low\nconfidence: high\nlanguages: [ecma]\nmatch: |\n  find `wait($TIME)`\n  where duration($TIME) > options.limit\nreport: longer than {{options.limit}}\nwhy: It hurts.\nexamples: [{ bad: wait(\"1h\") }, { good: wait(\"1m\") }]\n",
    ),
];

fn main() -> ExitCode {
    cases::run("config", printed, |_| Ok(()))
}

/// The exit code and what is printed for a case: `files` of the project, and the command to `run`, in a folder `in` of it.
fn printed(case: &Value) -> String {
    let folder = tempfile::tempdir().expect("a folder");
    let root = folder.path().canonicalize().expect("a folder");
    let write = |path: &str, text: &str| {
        let path = root.join(path);
        std::fs::create_dir_all(path.parent().expect("a parent")).expect("a folder");
        std::fs::write(path, text).expect("a file");
    };
    std::fs::create_dir(root.join(".git")).expect("a folder");
    PACK.iter().for_each(|(path, text)| write(&format!("packs/house/{path}"), text));
    write(".runeignore", "packs\n");
    let files = case["files"].as_object().into_iter().flatten();
    files.for_each(|(path, text)| write(path, text.as_str().expect("a text")));
    let run = case["run"].as_str().expect("a command");
    let mut command = Command::new(env!("CARGO_BIN_EXE_rune"));
    command.current_dir(root.join(case["in"].as_str().unwrap_or(""))).env("NO_COLOR", "1").env("RUNE_NO_CACHE", "1");
    let output = command.args(words(run)).output().expect("rune runs");
    let all = String::from_utf8_lossy(&[output.stdout, output.stderr].concat()).replace(&format!("{}", root.display()), "");
    let lines = all.lines().filter(|line| !line.starts_with("Checked ")).map(str::trim_end);
    format!("exit {}\n{}", output.status.code().unwrap_or(-1), lines.collect::<Vec<_>>().join("\n").trim_end())
}

/// The words of a command; those in single quotes are one.
fn words(run: &str) -> Vec<String> {
    let parts = run.split('\'').enumerate();
    parts
        .flat_map(|(number, part)| match number % 2 {
            1 => vec![part.to_owned()],
            _ => part.split_whitespace().map(str::to_owned).collect(),
        })
        .collect()
}
