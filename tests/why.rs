//! What `rune why` tells: `tests/why/*.yaml`, a pack and files with what it prints, word for word. UPDATE=1 writes what it
//! prints today into the cases.

#![allow(clippy::disallowed_methods)]

use std::path::{Path, PathBuf};
use std::process::{Command, ExitCode};

use libtest_mimic::{Arguments, Trial};
use serde_json::Value;

/// The start of `pack.toml`; a case adds `options`.
const MANIFEST: &str = "[pack]\nname = \"house\"\nversion = \"1.0.0\"\nformat = 1\n\n[skills.style]\ntitle = \"Style\"\n\n[paths]\ntest = [\"**/*.test.ts\"]\n";

fn main() -> ExitCode {
    let arguments = Arguments::from_args();
    let mut trials = Vec::new();
    for file in files() {
        if std::env::var_os("UPDATE").is_some() {
            write_expectations(&file);
        }
        let name = file.file_stem().map_or(String::new(), |name| name.to_string_lossy().into_owned());
        for case in cases(&file) {
            let label = format!("{name}/{}", case["name"].as_str().unwrap_or("a case needs a name"));
            trials.push(Trial::test(label, move || {
                let wanted = case["expect"].as_str().unwrap_or("").trim_end();
                let got = printed(&case);
                if wanted == got { Ok(()) } else { Err(format!("expected\n{wanted}\n\nbut it prints\n{got}").into()) }
            }));
        }
    }
    libtest_mimic::run(&arguments, trials).exit_code()
}

fn files() -> Vec<PathBuf> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../tests/why");
    let entries = std::fs::read_dir(folder).expect("tests/why can be read");
    let mut files: Vec<PathBuf> = entries.map(|entry| entry.expect("an entry").path()).collect();
    files.sort();
    files
}

fn cases(file: &Path) -> Vec<Value> {
    let text = std::fs::read_to_string(file).expect("a case file can be read");
    let options = serde_yaml::options! { strict_booleans: true };
    serde_yaml::from_str_with_options(&text, options).unwrap_or_else(|error| panic!("{}: {error}", file.display()))
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

/// Puts what is printed today behind `expect: |` of each case, which is its last key.
fn write_expectations(file: &Path) {
    let text = std::fs::read_to_string(file).expect("a case file can be read");
    let mut got = cases(file).into_iter().map(|case| printed(&case));
    let mut out = String::new();
    let mut in_old = false;
    for line in text.lines() {
        in_old &= line.starts_with("    ");
        if in_old {
            continue;
        }
        if line.starts_with("  expect:") {
            in_old = true;
            out.push_str("  expect: |\n");
            got.next().unwrap_or_default().lines().for_each(|line| out.push_str(&format!("    {line}\n")));
        } else {
            out.push_str(&format!("{line}\n"));
        }
    }
    std::fs::write(file, out).expect("a case file can be written");
}
