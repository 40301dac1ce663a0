//! The program as people call it: what it prints, what it writes, and its exit code.

#![allow(clippy::disallowed_methods)]

use std::collections::BTreeMap;
use std::path::Path;
use std::process::{Command, Output};

use tempfile::TempDir;

const BAD: &str = "import jwt from \"jsonwebtoken\";\nexport const issue = (id) => jwt.sign({ id }, SECRET);\n";

const FIXED: &str =
    "import jwt from \"jsonwebtoken\";\nexport const issue = (id) => jwt.sign({ id }, SECRET, { expiresIn: \"15m\" });\n";

fn project(files: &[(&str, &str)]) -> TempDir {
    let folder = tempfile::tempdir().expect("a folder");
    for (path, text) in files {
        let path = folder.path().join(path);
        std::fs::create_dir_all(path.parent().expect("a parent")).expect("a folder");
        std::fs::write(path, text).expect("a file");
    }
    folder
}

fn rune(folder: &Path, arguments: &[&str]) -> Output {
    let mut command = Command::new(env!("CARGO_BIN_EXE_rune"));
    command.current_dir(folder).args(arguments).env("NO_COLOR", "1").output().expect("rune runs")
}

fn stdout(output: &Output) -> String {
    String::from_utf8_lossy(&output.stdout).into_owned()
}

fn stderr(output: &Output) -> String {
    String::from_utf8_lossy(&output.stderr).into_owned()
}

fn code(output: &Output) -> i32 {
    output.status.code().expect("an exit code")
}

fn read(folder: &TempDir, path: &str) -> String {
    std::fs::read_to_string(folder.path().join(path)).expect("the file is there")
}

/// The faults planted in `examples/shop`: rule, file and line.
const PLANTED: &[(&str, &str, u64)] = &[
    ("auth-promise-not-awaited", "src/services/accounts.ts", 16),
    ("body-unvalidated", "src/services/accounts.ts", 11),
    ("body-unvalidated", "src/services/orders.ts", 14),
    ("cookie-maxage-unit", "src/routes/users.ts", 15),
    ("cors-credentials-any-origin", "src/app.ts", 10),
    ("express5-query-assign", "src/validate.ts", 5),
    ("fk-no-index", "prisma/schema.prisma", 16),
    ("jwt-no-expiry", "src/services/accounts.ts", 19),
    ("jwt-ttl-too-long", "worker/main.py", 14),
    ("mw-error-handler-before-routes", "src/app.ts", 11),
    ("n1-query-in-loop", "src/services/orders.ts", 6),
    ("orm-call-not-awaited", "src/services/orders.ts", 20),
    ("password-kdf-params-weak", "src/services/accounts.ts", 7),
    ("request-id-missing", "src/app.ts", 7),
    ("request-id-missing", "worker/main.py", 9),
    ("response-sent-twice", "src/routes/users.ts", 9),
    ("rest-verb-in-path", "src/routes/users.ts", 7),
    ("tx-uses-outer-client", "src/services/orders.ts", 14),
];

#[test]
fn the_example_has_its_planted_faults_and_no_others() {
    let shop = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../examples/shop");
    let output = rune(&shop, &["run", "--pack", "backend", "--format", "json", "--include", "possible"]);
    assert_eq!(code(&output), 1, "{}", stderr(&output));
    let report: serde_json::Value = serde_json::from_slice(&output.stdout).expect("JSON");
    let skills = report["skills"].as_array().expect("skills").iter();
    let mut found: Vec<(&str, &str, u64)> = skills
        .flat_map(|skill| skill["findings"].as_array().expect("findings"))
        .map(|finding| {
            let (rule, at) = (finding["rule"].as_str().unwrap_or(""), &finding["at"]);
            let rule = rule.strip_prefix("backend/").unwrap_or(rule);
            (rule, at["path"].as_str().unwrap_or(""), at["start"]["line"].as_u64().unwrap_or(0))
        })
        .collect();
    found.sort_unstable();
    assert_eq!(found, PLANTED);
}

#[test]
fn a_finding_is_shown_with_its_code_and_its_fix() {
    let folder = project(&[("src/token.ts", BAD)]);
    let output = rune(folder.path(), &["run", "--pack", "backend"]);
    let text = stdout(&output);
    assert_eq!(code(&output), 1, "{text}");
    for part in [
        "critical[backend/jwt-no-expiry]: ",
        "--> src/token.ts:2:30",
        "2 | export const issue = (id) => jwt.sign({ id }, SECRET);",
        "^^^^^^^^^^^^^^^^^^^^^^^^",
        "= fix (unsafe): expire it after 15 minutes",
        "rune run --fix --unsafe-fixes",
        "= docs: rune explain backend/jwt-no-expiry",
        "Found 1 (1 critical) in 1 file; 1 fixable (0 safe).",
        "Checked 1 of 1 file with ",
    ] {
        assert!(text.contains(part), "`{part}` is not in\n{text}");
    }
    assert!(output.stderr.is_empty(), "nothing goes to stderr when piped: {}", stderr(&output));
}

#[test]
fn clean_code_is_exit_code_0() {
    let folder = project(&[("src/token.ts", FIXED)]);
    let output = rune(folder.path(), &["run", "--pack", "backend"]);
    assert_eq!(code(&output), 0, "{}", stdout(&output));
    assert!(stdout(&output).contains("Found nothing."));
}

#[test]
fn fixes_are_written_only_as_far_as_asked() {
    let folder = project(&[("token.ts", BAD)]);
    let safe = rune(folder.path(), &["run", "--pack", "backend", "--fix"]);
    assert_eq!(code(&safe), 1);
    assert_eq!(read(&folder, "token.ts"), BAD);
    let all = rune(folder.path(), &["run", "--pack", "backend", "--fix", "--unsafe-fixes"]);
    assert_eq!(code(&all), 0, "{}", stdout(&all));
    assert_eq!(read(&folder, "token.ts"), FIXED);
    assert!(stdout(&all).contains("Fixed 1 in 1 file."), "{}", stdout(&all));
    let again = rune(folder.path(), &["run", "--pack", "backend", "--fix", "--unsafe-fixes"]);
    assert_eq!(code(&again), 0);
    assert_eq!(read(&folder, "token.ts"), FIXED);
}

/// Fault 42.
#[test]
fn a_diff_is_what_git_applies_and_what_fix_writes() {
    let folder = project(&[("token.ts", &BAD.replace('\n', "\r\n"))]);
    let diff = rune(folder.path(), &["run", "--pack", "backend", "--diff", "--unsafe-fixes"]);
    assert_eq!(code(&diff), 1, "a diff that is not empty is a finding");
    std::fs::write(folder.path().join("the.patch"), &diff.stdout).expect("a file");
    let git = |arguments: &[&str]| Command::new("git").current_dir(folder.path()).args(arguments).output().expect("git runs");
    git(&["init", "-q"]);
    let applied = git(&["apply", "the.patch"]);
    assert!(applied.status.success(), "{}", String::from_utf8_lossy(&applied.stderr));
    assert_eq!(read(&folder, "token.ts"), FIXED.replace('\n', "\r\n"), "line ends are kept");
}

#[test]
fn rules_and_skills_are_selected_by_name() {
    let folder = project(&[("token.ts", BAD)]);
    let run = |more: &[&str]| rune(folder.path(), &[&["run", "--pack", "backend"], more].concat());
    assert_eq!(code(&run(&["--select", "jwt-no-expiry"])), 1);
    assert_eq!(code(&run(&["--select", "backend/jwt-no-expiry"])), 1);
    assert_eq!(code(&run(&["--ignore", "jwt-no-expiry"])), 0);
    assert_eq!(code(&run(&["--skill", "auth-patterns"])), 1);
    assert_eq!(code(&run(&["--skill", "database-patterns"])), 0);
    let unknown = run(&["--select", "jwt-no-expirry"]);
    assert_eq!(code(&unknown), 2);
    assert!(stderr(&unknown).contains("there is no rule `jwt-no-expirry`"), "{}", stderr(&unknown));
    assert_eq!(code(&run(&["--skill", "auth"])), 2);
}

#[test]
fn wrong_calls_are_exit_code_2() {
    let folder = project(&[("token.ts", BAD)]);
    for (arguments, part) in [
        (&["run"][..], "no pack is named"),
        (&["run", "--pack", "nothing"], "there is no pack `nothing`"),
        (&["run", "--pack", "backend", "missing.ts"], "`missing.ts` cannot be read"),
        (&["explain", "nothing"], "has no rule `nothing`"),
        (&["facts", "nothing"], "declares no relation `nothing`"),
    ] {
        let output = rune(folder.path(), arguments);
        assert_eq!(code(&output), 2, "{arguments:?}");
        assert!(stderr(&output).contains(part), "{arguments:?}: {}", stderr(&output));
    }
}

#[test]
fn nothing_to_check_is_not_clean() {
    let folder = project(&[("notes.xyz", "nothing that rune reads")]);
    let output = rune(folder.path(), &["run", "--pack", "backend"]);
    assert_eq!(code(&output), 3, "{}", stdout(&output));
}

#[test]
fn json_has_every_finding_with_place_and_certainty() {
    let folder = project(&[("token.ts", BAD)]);
    let output = rune(folder.path(), &["run", "--pack", "backend", "--format", "json"]);
    let report: serde_json::Value = serde_json::from_slice(&output.stdout).expect("JSON");
    let skills = report["skills"].as_array().expect("a report for each skill");
    let skill = skills.iter().find(|skill| skill["skill"] == "auth-patterns").expect("the skill");
    let finding = &skill["findings"][0];
    assert_eq!(finding["rule"], "backend/jwt-no-expiry");
    assert_eq!(finding["certainty"], "certain");
    assert_eq!(finding["at"]["path"], "token.ts");
    assert_eq!(finding["at"]["start"]["line"], 2);
    assert_eq!(skill["findings"].as_array().map(Vec::len), Some(1));
}

#[test]
fn sarif_has_rules_with_help_relative_addresses_and_fingerprints() {
    let folder = project(&[("src/a b/token.ts", BAD)]);
    let output = rune(folder.path(), &["run", "--pack", "backend", "--format", "sarif"]);
    let log: serde_json::Value = serde_json::from_slice(&output.stdout).expect("JSON");
    let run = &log["runs"][0];
    let result = &run["results"][0];
    let address = &result["locations"][0]["physicalLocation"]["artifactLocation"];
    assert_eq!(address["uri"], "src/a%20b/token.ts");
    assert_eq!(address["uriBaseId"], "%SRCROOT%");
    assert!(result["partialFingerprints"].as_object().is_some_and(|prints| !prints.is_empty()));
    assert_eq!(result["properties"]["certainty"], "certain");
    let rule = &run["tool"]["driver"]["rules"][result["ruleIndex"].as_u64().expect("an index") as usize];
    assert_eq!(rule["id"], "backend/jwt-no-expiry");
    assert!(rule["help"]["markdown"].as_str().is_some_and(|text| text.contains("expiry")));
}

#[test]
fn output_is_the_same_for_one_and_two_threads() {
    let folder = project(&[("a.ts", BAD), ("b.ts", BAD), ("c/d.ts", BAD), ("e.ts", FIXED)]);
    let with = |n: &str| rune(folder.path(), &["run", "--pack", "backend", "--format", "json", "--threads", n]).stdout;
    assert_eq!(with("1"), with("2"));
}

#[test]
fn the_project_may_have_a_folder_called_like_the_pack() {
    let folder = project(&[("backend/token.ts", BAD)]);
    let output = rune(folder.path(), &["run", "--pack", "backend"]);
    assert_eq!(code(&output), 1, "{}", stderr(&output));
}

#[test]
fn rules_explain_facts_and_ast_answer() {
    let folder = project(&[("token.ts", BAD)]);
    let rules = rune(folder.path(), &["rules"]);
    assert!(stdout(&rules).contains("backend/jwt-no-expiry"));
    let explain = rune(folder.path(), &["explain", "jwt-no-expiry"]);
    assert!(stdout(&explain).contains("CWE-613"), "{}", stdout(&explain));
    let facts = rune(folder.path(), &["facts", "token"]);
    assert!(stdout(&facts).contains("token.ts:2:30"), "{}", stdout(&facts));
    let ast = rune(folder.path(), &["ast", "token.ts"]);
    assert!(stdout(&ast).contains("call_expression"), "{}", stdout(&ast));
}

/// A pack of one rule, the rule as given.
fn pack(rule: &str) -> TempDir {
    project(&[
        (
            "pack.toml",
            "[pack]\nname = \"house\"\nversion = \"1.0.0\"\nformat = 1\ndescription = \"ours\"\n[skills.style]\ntitle = \"Style\"\n",
        ),
        ("relations.yaml", "{}\n"),
        ("style/no-log.yaml", rule),
    ])
}

const RULE: &str = "id: no-log
summary: a log is left in
severity: low
confidence: high
languages: [ecma]
match: |
  find `console.log($...ARGUMENTS);` as $CALL
report: \"`{{CALL}}` is left in\"
fix:
  title: remove it
  safety: safe
  edits:
    - remove: { at: $CALL }
why: |
  Logs for the author are noise for others.
examples:
  - bad: |
      console.log(1);
      run();
    fixed: |
      run();
  - good: |
      logger.log(1);
";

#[test]
fn an_own_rule_is_checked_tested_and_run() {
    let house = pack(RULE);
    let folder = house.path().to_string_lossy().into_owned();
    let test = rune(house.path(), &["test", &folder]);
    assert_eq!(code(&test), 0, "{}{}", stdout(&test), stderr(&test));
    assert!(stdout(&test).contains("2 passed, 0 failed"), "{}", stdout(&test));
    let project = project(&[("a.js", "console.log('here');\nrun();\n")]);
    let run = rune(project.path(), &["run", "--pack", &folder, "--fix"]);
    assert_eq!(code(&run), 0, "{}", stdout(&run));
    assert_eq!(read(&project, "a.js"), "run();\n");
}

/// Each usual slip: the code of the message, and what it must say.
#[test]
fn mistakes_in_a_rule_are_told_with_place_and_mend() {
    for (from, to, parts) in [
        ("report: ", "reprot: ", &["did you mean `report`"][..]),
        ("at: $CALL", "at: $CAL", &["rune::unbound", "$CAL", "did you mean `$CALL`"]),
        ("{{CALL}}", "{{CALLS}}", &["rune::unknown-name", "CALLS"]),
        ("$...ARGUMENTS", "$arguments", &["upper case"]),
        ("console.log($...ARGUMENTS);` as", "console.log($...ARGUMENTS` as", &["rune::snippet-parse"]),
        ("find `", "fnid `", &["find"]),
        ("severity: low", "severity: lo", &["low"]),
        ("languages: [ecma]", "languages: [cobol]", &["cobol"]),
        ("as $CALL\n", "as $CALL\n  where nothing(at: $CALL)\n", &["nothing"]),
        ("  safety: safe", "  safety: [safe", &["no-log.yaml"]),
    ] {
        assert!(RULE.contains(from), "{from}");
        let house = pack(&RULE.replacen(from, to, 1));
        let check = rune(house.path(), &["check", "."]);
        let text = stdout(&check) + &stderr(&check);
        assert_eq!(code(&check), 2, "`{to}`:\n{text}");
        assert!(text.contains("no-log.yaml"), "`{to}`: no file is named in\n{text}");
        for part in parts {
            assert!(text.contains(part), "`{to}`: `{part}` is not in\n{text}");
        }
    }
}

const MANIFEST: &str = "{ \"name\": \"app\", \"dependencies\": { \"express\": \"^5.1.0\" } }\n";

#[test]
fn a_file_is_checked_in_its_project_wherever_rune_is_called() {
    let folder = project(&[
        ("app/package.json", MANIFEST),
        (
            "app/src/token.ts",
            "import { SECRET } from \"./secret\";\nimport jwt from \"jsonwebtoken\";\nexport const issue = (id) => jwt.sign({ id }, SECRET);\n",
        ),
        ("app/src/secret.ts", "export const SECRET = process.env.SECRET;\n"),
        ("app/other/token.ts", BAD),
    ]);
    let at = |path: &str| folder.path().join(path);
    for (here, given, shown) in [
        ("app", "src/token.ts", "--> src/token.ts:3:"),
        ("app/src", "token.ts", "--> token.ts:3:"),
        ("app/other", "../src/token.ts", "--> src/token.ts:3:"),
        (".", "app/src", "--> app/src/token.ts:3:"),
    ] {
        let output = rune(&at(here), &["run", "--pack", "backend", "--select", "jwt-no-expiry", given]);
        let text = stdout(&output);
        assert_eq!(code(&output), 1, "{here} {given}: {text}{}", stderr(&output));
        assert!(text.contains(shown) && text.contains("Found 1 "), "{here} {given}: {text}");
    }
    let two = rune(&at("app/other"), &["run", "--pack", "backend", "--select", "jwt-no-expiry", "../src", "../other"]);
    assert!(stdout(&two).contains("Found 2 "), "{}", stdout(&two));
    let fixed = rune(
        &at("app/other"),
        &["run", "--pack", "backend", "--fix", "--unsafe-fixes", "--select", "jwt-no-expiry", "../src", "."],
    );
    assert_eq!(code(&fixed), 0, "{}{}", stdout(&fixed), stderr(&fixed));
    assert_eq!(read(&folder, "app/other/token.ts"), FIXED);
    assert!(read(&folder, "app/src/token.ts").contains("expiresIn"));
}

#[test]
fn what_a_rule_joins_on_may_lie_outside_of_the_given_paths() {
    let house = pack(
        "id: no-log
summary: lib is used although the manifest does not list it
severity: low
confidence: high
languages: [ecma]
match: |
  find `lib($X)`
  where listed(name: \"lib\")
report: found
why: A test of joins.
examples:
  - bad: { package.json: '{ \"dependencies\": { \"lib\": \"1\" } }', a.js: lib(1); }
  - good: lib(1);
",
    );
    std::fs::write(
        house.path().join("relations.yaml"),
        "test:\n  listed: { visible: below, columns: { name: string }, about: A package. }\n",
    )
    .expect("a file");
    std::fs::create_dir(house.path().join("relations")).expect("a folder");
    std::fs::write(
        house.path().join("relations/listed.yaml"),
        "id: listed\nlanguages: [json]\nfiles: [\"**/package.json\"]\nmatch: |\n  find json`\"$NAME\": $_`\n  inside json`\"dependencies\": $_`\n  row listed(name: $NAME)\n",
    )
    .expect("a file");
    let folder = project(&[
        ("package.json", "{ \"dependencies\": { \"lib\": \"1\" } }"),
        ("src/a.js", "lib(1);\n"),
        ("src/b.js", "lib(2);\n"),
    ]);
    let output = rune(folder.path(), &["run", "--pack", &house.path().to_string_lossy(), "src/a.js"]);
    let text = stdout(&output) + &stderr(&output);
    assert_eq!(code(&output), 1, "{text}");
    assert!(text.contains("src/a.js:1:1") && text.contains("Found 1 ") && text.contains("Checked 1 of 1 file"), "{text}");
}

#[test]
fn a_diff_of_a_folder_below_is_what_git_applies_there() {
    let folder = project(&[("package.json", MANIFEST), ("src/token.ts", BAD)]);
    let src = folder.path().join("src");
    let diff = rune(&src, &["run", "--pack", "backend", "--diff", "--unsafe-fixes", "--select", "jwt-no-expiry"]);
    assert!(stdout(&diff).starts_with("diff --git a/token.ts b/token.ts\n"), "{}", stdout(&diff));
}

#[test]
fn options_that_do_nothing_are_refused() {
    let folder = project(&[("token.ts", BAD)]);
    for (option, part) in [("--unsafe-fixes", "add `--fix`"), ("--verify=true", "add `--fix`"), ("--interactive", "--fix")] {
        let output = rune(folder.path(), &["run", "--pack", "backend", option]);
        assert_eq!(code(&output), 2, "{option}");
        assert!(stderr(&output).contains(part), "{option}: {}", stderr(&output));
    }
}

#[test]
fn sarif_has_the_root_and_the_fixes() {
    let folder = project(&[("package.json", MANIFEST), ("src/token.ts", BAD)]);
    let output =
        rune(&folder.path().join("src"), &["run", "--pack", "backend", "--format", "sarif", "--select", "jwt-no-expiry"]);
    let log: serde_json::Value = serde_json::from_slice(&output.stdout).expect("JSON");
    let run = &log["runs"][0];
    let root = run["originalUriBaseIds"]["%SRCROOT%"]["uri"].as_str().expect("a root");
    assert!(root.starts_with("file:///") && root.ends_with('/'), "{root}");
    let result = &run["results"][0];
    assert_eq!(result["locations"][0]["physicalLocation"]["artifactLocation"]["uri"], "src/token.ts");
    let fix = &result["fixes"][0];
    assert_eq!(fix["artifactChanges"][0]["artifactLocation"]["uri"], "src/token.ts");
    let replacement = &fix["artifactChanges"][0]["replacements"][0];
    assert_eq!(replacement["deletedRegion"]["startLine"], 2);
    assert_eq!(replacement["insertedContent"]["text"], ", { expiresIn: \"15m\" }");
    assert_eq!(fix["properties"]["safety"], "unsafe");
}

/// Runs with answers on standard input.
fn answer(folder: &Path, answers: &str) -> Output {
    use std::io::Write;
    let mut child = Command::new(env!("CARGO_BIN_EXE_rune"))
        .current_dir(folder)
        .args(["run", "--pack", "backend", "--fix", "--unsafe-fixes", "-i", "--select", "jwt-no-expiry"])
        .env("NO_COLOR", "1")
        .stdin(std::process::Stdio::piped())
        .stdout(std::process::Stdio::piped())
        .stderr(std::process::Stdio::piped())
        .spawn()
        .expect("rune runs");
    child.stdin.take().expect("a pipe").write_all(answers.as_bytes()).expect("the answers");
    child.wait_with_output().expect("rune ends")
}

#[test]
fn fixes_can_be_chosen_one_by_one() {
    for (answers, fixed) in [("y\nn\ny\n", "ac"), ("n\nq\n", ""), ("", ""), ("what\nn\na\n", "bc"), ("a\n", "abc")] {
        let folder = project(&[("a.ts", BAD), ("b.ts", BAD), ("c.ts", BAD)]);
        let output = answer(folder.path(), answers);
        assert!(
            stderr(&output).contains("+export const issue = (id) => jwt.sign({ id }, SECRET, { expiresIn"),
            "{}",
            stderr(&output)
        );
        for name in ["a", "b", "c"] {
            let wanted = if fixed.contains(name) { FIXED } else { BAD };
            assert_eq!(read(&folder, &format!("{name}.ts")), wanted, "{answers:?} {name}");
        }
    }
}

#[test]
fn the_last_run_can_be_undone() {
    let folder = project(&[("a.ts", BAD), ("src/b.ts", BAD), ("c.ts", FIXED)]);
    let fix = || rune(folder.path(), &["run", "--pack", "backend", "--fix", "--unsafe-fixes"]);
    assert_eq!(code(&rune(folder.path(), &["undo"])), 2, "there is nothing to undo");
    fix();
    assert_eq!(read(&folder, "src/b.ts"), FIXED);
    assert_eq!(read(&folder, ".rune/.gitignore"), "*\n");
    let undone = rune(&folder.path().join("src"), &["undo"]);
    assert_eq!(code(&undone), 0, "{}", stderr(&undone));
    assert!(stdout(&undone).contains("Restored 2 of 2 files."), "{}", stdout(&undone));
    assert_eq!((read(&folder, "a.ts"), read(&folder, "src/b.ts"), read(&folder, "c.ts")), (BAD.into(), BAD.into(), FIXED.into()));
    fix();
    std::fs::write(folder.path().join("a.ts"), "mine\n").expect("a file");
    let undone = rune(folder.path(), &["undo"]);
    assert_eq!(code(&undone), 2);
    assert!(stderr(&undone).contains("`a.ts` was not restored: it was changed since"), "{}", stderr(&undone));
    assert_eq!((read(&folder, "a.ts"), read(&folder, "src/b.ts")), ("mine\n".into(), BAD.into()));
}

#[test]
fn the_projects_own_command_finds_the_fixes_that_break_it() {
    let folder = project(&[("a.ts", BAD), ("b.ts", BAD), ("c.ts", BAD), ("d.ts", BAD)]);
    let run = |command: &str| {
        rune(folder.path(), &["run", "--pack", "backend", "--fix", "--unsafe-fixes", "--verify", command, "--format", "json"])
    };
    let never = run("false");
    assert_eq!(code(&never), 2);
    assert!(stderr(&never).contains("fails before any fix"), "{}", stderr(&never));
    let output = run("! grep -q expiresIn c.ts");
    let report: serde_json::Value = serde_json::from_slice(&output.stdout).expect("JSON");
    let outcomes: Vec<(&str, &str)> = report["fixes"]
        .as_array()
        .expect("fixes")
        .iter()
        .map(|fix| (fix["place"]["path"].as_str().unwrap_or(""), fix["outcome"].as_str().unwrap_or("")))
        .collect();
    assert_eq!(outcomes, [("a.ts", "applied"), ("b.ts", "applied"), ("d.ts", "applied"), ("c.ts", "rejected")]);
    let rejected = &report["fixes"][3];
    assert_eq!(rejected["check"], "verify-command");
    assert!(rejected["diff"].as_str().is_some_and(|diff| diff.contains("+++ b/c.ts") && !diff.contains("a.ts")), "{rejected}");
    assert_eq!((read(&folder, "a.ts"), read(&folder, "c.ts")), (FIXED.into(), BAD.into()));
    assert_eq!(code(&output), 1);
}

#[test]
fn hints_name_the_pack_where_commands_need_it() {
    let house = pack(RULE);
    let folder = house.path().to_string_lossy().into_owned();
    let project = project(&[("a.js", "console.log(1);\n")]);
    let run = rune(project.path(), &["run", "--pack", &folder]);
    let hint = format!("= docs: rune explain house/no-log --pack {folder}");
    assert!(stdout(&run).contains(&hint), "{}", stdout(&run));
    let unknown = rune(project.path(), &["run", "--pack", &folder, "--select", "no-lgo"]);
    assert!(stderr(&unknown).contains(&format!("`rune rules --pack {folder}` lists them")), "{}", stderr(&unknown));
    let check = rune(house.path(), &["check", "."]);
    assert!(stdout(&check).contains("1 rule, no errors"), "{}", stdout(&check));
    let file = rune(house.path(), &["check", "style/no-log.yaml"]);
    assert!(stderr(&file).contains("is a file: name the folder of its pack"), "{}", stderr(&file));
}

#[test]
fn a_selection_of_no_example_is_wrong() {
    let house = pack(RULE);
    let none = rune(house.path(), &["test", ".", "--only", "zzz"]);
    assert_eq!(code(&none), 2, "{}", stdout(&none));
    assert!(stderr(&none).contains("no example of the pack `.` has `zzz` in its name"), "{}", stderr(&none));
}

#[test]
fn a_new_rule_holds_from_the_beginning_and_is_never_overwritten() {
    let code_of = "import jwt from 'jsonwebtoken';\nexport function issue(id) {\n  const t = jwt.sign({ id, [`${id}`]: 1 });\n  return t;\n}\n";
    let house = project(&[
        (
            "mypack/pack.toml",
            "[pack]\nname = \"mypack\"\nversion = \"0.1.0\"\nformat = 1\n[skills.javascript]\n[skills.python]\n",
        ),
        ("token.ts", code_of),
        ("worker.py", "def work(self):\n    total = 1\n    print(total)\n"),
    ]);
    let new = |more: &[&str]| rune(house.path(), &[&["new", "rule"], more].concat());
    let made = new(&["token-without-expiry", "--pack", "mypack", "--from", "token.ts:3-4"]);
    assert_eq!(code(&made), 0, "{}", stderr(&made));
    let rule = read(&house, "mypack/javascript/token-without-expiry.yaml");
    for part in [
        "# yaml-language-server: $schema=../rule.schema.json\n",
        "languages: [ecma]",
        "find `jwt.sign(...)` as $FOUND",
        "      const t = jwt.sign({ id, [`${id}`]: 1 });\n      return t;\n",
    ] {
        assert!(rule.contains(part), "`{part}` is not in\n{rule}");
    }
    assert!(read(&house, "mypack/rule.schema.json").contains("\"title\": \"rune rule\""));
    assert_eq!(code(&new(&["prints", "--pack", "mypack", "--skill", "python", "--from", "worker.py:2-3"])), 0);
    assert_eq!(code(&new(&["bare", "--pack", "mypack"])), 0);
    assert_eq!(code(&new(&["no-call", "--pack", "mypack", "--from", "worker.py:2"])), 0);
    let test = rune(house.path(), &["test", "mypack"]);
    assert_eq!(code(&test), 0, "{}{}", stdout(&test), stderr(&test));
    assert!(stdout(&test).contains("8 passed, 0 failed"), "{}", stdout(&test));
    assert!(test.stderr.is_empty(), "a new rule has no warnings: {}", stderr(&test));
    for (arguments, part) in [
        (&["bare", "--pack", "mypack"][..], "exists; nothing was changed"),
        (&["Bare_Rule", "--pack", "mypack"], "is not in kebab-case"),
        (&["other", "--pack", "nowhere"], "has no pack.toml that can be used"),
        (&["other", "--pack", "mypack", "--skill", "java"], "it has javascript, python"),
        (&["other", "--pack", "mypack", "--from", "token.ts:9"], "it has 5 lines"),
        (&["other", "--pack", "mypack", "--from", "token.ts"], "names no lines"),
    ] {
        let output = new(arguments);
        assert_eq!(code(&output), 2, "{arguments:?}");
        assert!(stderr(&output).contains(part), "{arguments:?}: {}", stderr(&output));
    }
    assert_eq!(read(&house, "mypack/javascript/token-without-expiry.yaml"), rule);
}

#[test]
fn a_pattern_can_be_tried_without_a_pack() {
    let folder = project(&[("token.ts", BAD), ("a.py", "print(1)\n")]);
    let attempt = |more: &[&str]| rune(folder.path(), &[&["try"], more].concat());
    let found = attempt(&["find `jwt.sign($PAYLOAD, $...REST)`", "token.ts"]);
    let wanted = "token.ts:2:30  jwt.sign({ id }, SECRET)\n  $PAYLOAD = { id }  token.ts:2:39\n  $REST = SECRET  token.ts:2:47\n1 match in 1 file\n";
    assert_eq!(stdout(&found), wanted, "{}", stderr(&found));
    assert_eq!(code(&found), 0);
    let python = attempt(&["-l", "py", "find `print($X)`", "."]);
    assert!(stdout(&python).starts_with("a.py:1:1  print(1)\n  $X = 1  a.py:1:7\n"), "{}", stdout(&python));
    let nothing = attempt(&["find `jwt.verify(...)`", "token.ts"]);
    assert_eq!((code(&nothing), stdout(&nothing).as_str()), (1, "0 matches in 1 file\n"));
    let wrong = attempt(&["find `jwt.sign($payload)`", "token.ts"]);
    assert_eq!(code(&wrong), 2);
    assert!(stderr(&wrong).contains("did you mean `$PAYLOAD`?"), "{}", stderr(&wrong));
    assert_eq!(code(&attempt(&["-l", "cobol", "find `f()`", "token.ts"])), 2);
}

#[test]
fn rows_are_given_as_json_with_whole_values() {
    let long = "a".repeat(90);
    let text = format!("import express from \"express\";\nconst app = express();\napp.use({long});\n");
    let folder = project(&[("src/app.ts", text.as_str()), ("package.json", MANIFEST)]);
    let output = rune(folder.path(), &["facts", "middleware", "--format", "json"]);
    let all: serde_json::Value = serde_json::from_slice(&output.stdout).expect("JSON");
    let row = &all["rows"][0];
    assert_eq!(row["at"], serde_json::json!({ "path": "src/app.ts", "line": 3, "column": 1 }));
    assert_eq!(row["columns"], serde_json::json!({ "on": "app", "what": long }));
    assert_eq!((all["relation"].as_str(), row["possible"].as_bool()), (Some("middleware"), Some(false)));
    let none = rune(folder.path(), &["facts", "cookie", "--format", "json"]);
    let none: serde_json::Value = serde_json::from_slice(&none.stdout).expect("JSON");
    assert_eq!(none["rows"], serde_json::json!([]));
}

/// A pack whose rules rest on values and on rows.
const UNKNOWN: &[(&str, &str)] = &[
    ("pack/pack.toml", "[pack]\nname = \"house\"\nversion = \"1.0.0\"\nformat = 1\n[skills.style]\ntitle = \"Style\"\n"),
    (
        "pack/relations.yaml",
        "code:\n  thing: { columns: { what: node }, about: A thing. }\n  called: { columns: { what: node }, about: A call. }\n",
    ),
    (
        "pack/relations/rules.yaml",
        "id: thing\nlanguages: [prisma]\nmatch: |\n  find prisma`model $X { ... }`\n  row thing(what: $X)\nexamples: []\n---\nid: called\nlanguages: [ecma]\nmatch: |\n  find `call($X)`\n  row called(what: $X)\nexamples: []\n",
    ),
    (
        "pack/style/many.yaml",
        "id: many\nsummary: many\nseverity: low\nconfidence: high\nlanguages: [ecma]\nmatch: |\n  find `f($X)`\n  where $X > 5\nreport: many\nwhy: w\nexamples: [{ bad: f(6) }, { good: f(1) }]\n",
    ),
    (
        "pack/style/things.yaml",
        "id: things\nsummary: things\nseverity: low\nconfidence: high\nmatch: find thing()\nreport: a thing\nwhy: w\nexamples: [{ bad: f(6) }, { good: f(1) }]\n",
    ),
    (
        "pack/style/calls.yaml",
        "id: calls\nsummary: calls\nseverity: low\nconfidence: high\nmatch: find call()\nreport: a call\nwhy: w\nexamples: [{ bad: f(6) }, { good: f(1) }]\n",
    ),
];

#[test]
fn what_is_not_known_is_told() {
    let code = [("code/a.ts", "f(limit);\nf(1);\n// call(\n"), ("code/package.json", "{}")];
    let folder = project(&[UNKNOWN, &code].concat());
    let run = |more: &[&str]| rune(&folder.path().join("code"), &[&["run", "--pack", "../pack"], more].concat());
    let output = run(&["--format", "json"]);
    let report: serde_json::Value = serde_json::from_slice(&output.stdout).expect("JSON");
    let expected = serde_json::json!([
        {
            "kind": "values",
            "rule": "house/many",
            "held_back": 1,
            "places": [{
                "at": { "path": "a.ts", "line": 1, "column": 1 },
                "reason": "$X is `limit`, which is not known here",
                "unknown_at": { "path": "a.ts", "line": 1, "column": 3 },
            }],
        },
        // Calls were looked for: that there are none says something.
        { "kind": "rows", "relation": "thing", "rules": ["house/things"] },
    ]);
    assert_eq!(report["unknowns"], expected, "{}", stderr(&output));
    let text = stdout(&run(&[]));
    for part in ["1 possible, resting on a value that is not known", "1 rule has nothing to judge here"] {
        assert!(text.contains(part), "`{part}` is not in\n{text}");
    }
    let possible: serde_json::Value =
        serde_json::from_slice(&run(&["--format", "json", "--include", "possible"]).stdout).expect("JSON");
    assert_eq!(possible["unknowns"].as_array().map(Vec::len), Some(1));
    let sarif: serde_json::Value = serde_json::from_slice(&run(&["--format", "sarif"]).stdout).expect("JSON");
    let invocation = &sarif["runs"][0]["invocations"][0];
    assert_eq!(invocation["executionSuccessful"], true);
    let notes = invocation["toolExecutionNotifications"].as_array().expect("notifications");
    let texts: Vec<&str> = notes.iter().filter_map(|note| note["message"]["text"].as_str()).collect();
    assert_eq!(
        texts,
        [
            "house/many: 1 possible, resting on a value that is not known",
            "the project has no row of thing, and nothing that could give one: house/things judged nothing",
        ]
    );
}

#[test]
fn a_pattern_is_tried_with_the_relations_of_a_pack() {
    let folder = project(&[UNKNOWN, &[("code/a.ts", "call(1);\ncall(2);\nother(3);\n")]].concat());
    let attempt = |more: &[&str]| rune(&folder.path().join("code"), &[&["try"], more].concat());
    let pattern = "find `$F($X)` as $C where called(at: $C) and $X is 2";
    let found = attempt(&["-l", "ts", "--pack", "../pack", pattern, "."]);
    assert_eq!(code(&found), 0, "{}", stderr(&found));
    assert!(stdout(&found).contains("a.ts:2:1  call(2)\n"), "{}", stdout(&found));
    assert!(stdout(&found).ends_with("1 match in 1 file\n"), "{}", stdout(&found));
    let alone = attempt(&[pattern, "a.ts"]);
    assert_eq!(code(&alone), 2);
    assert!(stderr(&alone).contains("there is no relation `called`"), "{}", stderr(&alone));
}

/// The only file of the cache of a project.
fn cache_file(folder: &Path) -> std::path::PathBuf {
    let all = std::fs::read_dir(folder).expect("the folder of the cache").filter_map(Result::ok).map(|entry| entry.path());
    let mut files: Vec<_> = all.filter(|path| path.extension().is_some_and(|ending| ending == "cache")).collect();
    assert_eq!(files.len(), 1, "{files:?}");
    files.remove(0)
}

/// What a run says, without the seconds it took.
fn said(output: &Output) -> String {
    let text = stdout(output);
    text.lines().filter(|line| !(line.starts_with("Checked ") && line.contains(" s on "))).collect::<Vec<_>>().join("\n")
}

#[test]
fn a_run_that_remembers_says_the_same() {
    let folder = project(&[("a.ts", BAD), ("b.ts", FIXED), ("c/broken.ts", "import jwt from 'jsonwebtoken'; let a = (")]);
    for format in ["json", "text", "sarif"] {
        let run = |more: &[&str]| rune(folder.path(), &[&["run", "--pack", "backend", "--format", format], more].concat());
        let without = run(&["--no-cache"]);
        assert!(!folder.path().join(".rune").exists() || format != "json", "`--no-cache` writes nothing");
        let (first, second) = (run(&[]), run(&[]));
        assert_eq!(said(&without), said(&first), "{format}, first");
        assert_eq!(said(&without), said(&second), "{format}, again");
        assert_eq!(stderr(&second), "");
        assert_eq!((code(&without), code(&without)), (code(&first), code(&second)));
    }
    let cache = folder.path().join(".rune/cache");
    assert!(std::fs::read_to_string(cache.join("CACHEDIR.TAG")).expect("a tag").starts_with("Signature: 8a477f597d28d172789f"));
    assert_eq!(std::fs::read_to_string(cache.join(".gitignore")).expect("a list"), "*\n");
}

#[test]
fn a_cache_that_cannot_be_used_is_said_and_made_anew() {
    let folder = project(&[("a.ts", BAD)]);
    let run = || rune(folder.path(), &["run", "--pack", "backend", "--format", "json"]);
    let first = run();
    let file = cache_file(&folder.path().join(".rune/cache"));
    let good = std::fs::read(&file).expect("the cache");
    let mut changed = good.clone();
    *changed.last_mut().expect("a byte") ^= 1;
    let mut foreign = good.clone();
    foreign[12] = b'0';
    let other_pack: Vec<u8> = good.iter().enumerate().map(|(at, byte)| if at == 20 { byte ^ 1 } else { *byte }).collect();
    for bytes in [&good[..good.len() / 2], b"", b"no cache", &changed, &foreign, &other_pack] {
        std::fs::write(&file, bytes).expect("the cache is written");
        let output = run();
        assert_eq!(stdout(&output), stdout(&first));
        assert!(stderr(&output).starts_with("note: the cache `"), "{}", stderr(&output));
        assert_eq!(code(&output), code(&first));
        assert_eq!(stderr(&run()), "", "it was made anew");
    }
    std::fs::remove_dir_all(folder.path().join(".rune")).expect("it may be deleted");
    assert_eq!(stdout(&run()), stdout(&first));
}

#[test]
fn the_cache_may_lie_elsewhere() {
    let folder = project(&[("a.ts", BAD)]);
    let elsewhere = tempfile::tempdir().expect("a folder");
    let here = elsewhere.path().to_string_lossy().into_owned();
    let first = rune(folder.path(), &["run", "--pack", "backend", "--format", "json", "--cache-dir", &here]);
    assert!(cache_file(elsewhere.path()).exists() && !folder.path().join(".rune").exists());
    let again = rune(folder.path(), &["run", "--pack", "backend", "--format", "json", "--cache-dir", &here]);
    assert_eq!(stdout(&first), stdout(&again));
    // A folder that cannot be made is said; the run is what it would have been.
    let file = folder.path().join("a.ts").to_string_lossy().into_owned();
    let refused = rune(folder.path(), &["run", "--pack", "backend", "--format", "json", "--cache-dir", &file]);
    assert_eq!(stdout(&first), stdout(&refused));
    assert!(stderr(&refused).contains("note: the cache `"), "{}", stderr(&refused));
}

#[test]
fn rows_are_given_as_parquet_with_typed_columns() {
    use parquet::file::reader::{FileReader, SerializedFileReader};
    let shop = "import express from \"express\";\nconst app = express();\napp.use(express.json());\n";
    let schema = "model Post {\n  id Int @id\n  a Int\n  b Int\n  @@index([a, b])\n}\n";
    let folder = project(&[("src/app.ts", shop), ("prisma/schema.prisma", schema), ("package.json", MANIFEST)]);
    let rows = |relation: &str| -> Vec<BTreeMap<String, String>> {
        let output = rune(folder.path(), &["facts", relation, "--format", "parquet"]);
        let path = folder.path().join(format!("{relation}.parquet"));
        std::fs::write(&path, &output.stdout).expect("it is written");
        let reader = SerializedFileReader::new(std::fs::File::open(path).expect("it opens")).expect("it is Parquet");
        let row =
            |row: parquet::record::Row| row.get_column_iter().map(|(name, field)| (name.clone(), field.to_string())).collect();
        reader.get_row_iter(None).expect("rows").map(|found| row(found.expect("a row"))).collect()
    };
    let has = |row: &BTreeMap<String, String>, name: &str, value: &str| {
        assert_eq!(row.get(name).map(String::as_str), Some(value), "{row:?}")
    };
    let middleware = rows("middleware");
    assert_eq!(middleware.len(), 1);
    for (name, value) in
        [("at_path", "\"src/app.ts\""), ("at_line", "3"), ("on_line", "2"), ("what", "\"express.json()\""), ("possible", "false")]
    {
        has(&middleware[0], name, value);
    }
    assert!(rows("index").iter().any(|row| row["columns"] == "[\"a\", \"b\"]"), "{:?}", rows("index"));
    let floors = rows("kdf_floor");
    assert!(!floors.is_empty());
    for row in &floors {
        has(row, "at_path", "null");
        assert!(row["floor"].parse::<f64>().is_ok() && row["kept"].parse::<bool>().is_ok(), "{row:?}");
    }
    assert!(rows("cookie").is_empty());
    let all = rune(folder.path(), &["facts", "--format", "parquet"]);
    assert!(stderr(&all).contains("a Parquet file holds one relation: name it"), "{}", stderr(&all));
    let counted = rune(folder.path(), &["facts", "src"]);
    assert!(stdout(&counted).contains("middleware"), "{}", stdout(&counted));
    assert!(!stdout(&counted).contains("foreign_key"), "{}", stdout(&counted));
}
