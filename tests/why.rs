//! What `rune why` tells: `tests/why/*.yaml`, a pack and files with what it prints, word for word. UPDATE=1 writes what it
//! prints today into the cases.

#![allow(clippy::disallowed_methods)]

mod cases;

use std::process::{Command, ExitCode};

use serde_json::Value;

/// The start of `pack.toml`; a case adds `options`.
const MANIFEST: &str = "[pack]\nname = \"house\"\nversion = \"1.0.0\"\nformat = 1\n\n[skills.style]\ntitle = \"Style\"\n\n[paths]\ntest = [\"**/*.test.ts\"]\n";

fn main() -> ExitCode {
    cases::run("why", printed, |_| Ok(()))
}

/// The exit code, and what is printed for a case.
fn printed(case: &Value) -> String {
    let folder = tempfile::tempdir().expect("a folder");
    let write = |path: &str, text: &str| {
        let path = folder.path().join(path);
        std::fs::create_dir_all(path.parent().expect("a parent")).expect("a folder");
        std::fs::write(path, text).expect("a file");
    };
    let text = |key: &str| case[key].as_str().unwrap_or("");
    write("pack/pack.toml", &format!("{MANIFEST}{}", text("options")));
    for (key, path) in [("relations", "pack/relations.yaml"), ("rules", "pack/relations/rules.yaml")] {
        if !text(key).is_empty() {
            write(path, text(key));
        }
    }
    if !text("match").is_empty() {
        write("pack/style/the-rule.yaml", &rule(case));
    }
    let named = case["files"].as_object().into_iter().flatten().filter_map(|(path, text)| Some((path.as_str(), text.as_str()?)));
    let code = case["code"].as_str().map(|text| ("a.ts", text));
    named.chain(code).for_each(|(path, text)| write(&format!("code/{path}"), text));
    let at = case["at"].as_str().unwrap_or("a.ts:1");
    let about = case["about"].as_str().unwrap_or("the-rule");
    let more = text("arguments").split_whitespace();
    let mut command = Command::new(env!("CARGO_BIN_EXE_rune"));
    command.current_dir(folder.path().join("code")).env("NO_COLOR", "1");
    command.args(["why", at, about, "--pack", "../pack"]).args(more);
    let output = command.output().expect("rune runs");
    let all = [output.stdout, output.stderr].concat();
    let all = String::from_utf8_lossy(&all).replace(&folder.path().to_string_lossy().into_owned(), "");
    format!("exit {}\n{}", output.status.code().unwrap_or(-1), all.trim_end())
}

fn rule(case: &Value) -> String {
    let line = |text: &str| text.trim_end().replace('\n', "\n  ");
    let languages = case["languages"].as_str().unwrap_or("[ecma]");
    let text = case["match"].as_str().unwrap_or("");
    let more = case["rule"].as_str().unwrap_or("");
    format!(
        "id: the-rule\nsummary: a summary\nseverity: low\nconfidence: high\nlanguages: {languages}\nmatch: |\n  {}\nreport: it is here\nwhy: It hurts.\nexamples: [{{ bad: f(1) }}, {{ good: g(1) }}]\n{more}",
        line(text),
    )
}
