//! Suites of texts: files of cases, each with what must come out of it, word for word. UPDATE=1 writes what comes out today
//! into the cases.

use std::path::{Path, PathBuf};
use std::process::ExitCode;

use libtest_mimic::{Arguments, Failed, Trial};
use serde_json::Value;

/// Runs the cases of the files in a folder of `tests`: each has a `name` and `expect`, its last key. `outcome` gives what
/// comes out of one, and `extra` what else must hold of that.
pub fn run(folder: &str, outcome: fn(&Value) -> String, extra: fn(&str) -> Result<(), String>) -> ExitCode {
    let arguments = Arguments::from_args();
    let mut trials = Vec::new();
    for file in files(folder) {
        if std::env::var_os("UPDATE").is_some() {
            write_expectations(&file, outcome);
        }
        let name = file.file_stem().map_or(String::new(), |name| name.to_string_lossy().into_owned());
        for case in cases(&file) {
            let label = format!("{name}/{}", case["name"].as_str().unwrap_or("a case needs a name"));
            trials.push(Trial::test(label, move || holds(&case, &outcome(&case), extra)));
        }
    }
    libtest_mimic::run(&arguments, trials).exit_code()
}

fn holds(case: &Value, got: &str, extra: fn(&str) -> Result<(), String>) -> Result<(), Failed> {
    let wanted = case["expect"].as_str().unwrap_or("").trim_end();
    extra(got)?;
    if wanted == got { Ok(()) } else { Err(format!("expected\n{wanted}\n\nbut it is\n{got}").into()) }
}

fn files(folder: &str) -> Vec<PathBuf> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../tests").join(folder);
    let entries = std::fs::read_dir(&folder).unwrap_or_else(|error| panic!("{}: {error}", folder.display()));
    let mut files: Vec<PathBuf> = entries.map(|entry| entry.expect("an entry").path()).collect();
    files.sort();
    files
}

fn cases(file: &Path) -> Vec<Value> {
    let text = std::fs::read_to_string(file).expect("a case file can be read");
    let options = serde_yaml::options! { strict_booleans: true };
    serde_yaml::from_str_with_options(&text, options).unwrap_or_else(|error| panic!("{}: {error}", file.display()))
}

/// Puts what comes out today behind `expect: |` of each case.
fn write_expectations(file: &Path, outcome: fn(&Value) -> String) {
    let text = std::fs::read_to_string(file).expect("a case file can be read");
    let mut got = cases(file).into_iter().map(|case| outcome(&case));
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
