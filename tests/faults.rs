//! Bad input: a clear word for each file that was not checked, every other file checked all the same, and an exit code
//! that tells the truth. Of writing, each fault has a number, and the tests that show it name it. `write`, `checks`,
//! `properties` and `edits` are suites of `rune-fix`, `cli`, `messages` and `apps` of the project; the others stand here:
//!
//! | | what | test |
//! |---|---|---|
//! | 27 | a file is changed, replaced, grown, cut short or removed between reading and writing | `write`: `a_file_that_was_changed_meanwhile_…`, `whatever_became_of_a_file_…` |
//! | 32 | a read-only file | `files_that_cannot_be_replaced_are_named_and_the_others_written` |
//! | 33 | a read-only folder, a full disk | `a_folder_that_takes_no_files_…`, `a_disk_that_takes_no_more_…` |
//! | 34 | a kill at any moment, 100 times, each time this suite runs | `a_killed_run_leaves_each_file_old_or_new_and_can_be_undone` |
//! | 35 | a hard link | `files_that_cannot_be_replaced_are_named_and_the_others_written` |
//! | 36 | links, named themselves or not | `a_link_that_is_named_itself_…`, `links_are_neither_followed_nor_replaced`, `the_store_may_be_no_link` |
//! | 37 | mode, owner, attributes, access lists are kept; the time of change is that of the write | `the_mode_of_a_file_is_kept_…`, `the_owner_and_…` |
//! | 38 | fixes that overlap, more than ten rounds | `checks`: `the_graver_fix_comes_first_…`, `after_ten_rounds_…` |
//! | 39 | fixes that undo each other, two or three of them | `checks`: `each_failed_check_has_a_name_a_reason_and_a_diff`, `fixes_that_go_in_a_circle_…` |
//! | 40 | a fix that breaks the syntax | `checks`: `each_failed_check_has_a_name_a_reason_and_a_diff` |
//! | 41 | a second run | `checks`: `a_second_run_changes_nothing`; `what_a_diff_says_is_what_fix_writes_and_a_second_run_changes_nothing` |
//! | 42 | `--diff` is what `--fix` writes | `cli`: `a_diff_is_what_git_applies_and_what_fix_writes`; `what_a_diff_says_is_…` |
//! | 43 | templates that name nothing or call no helper; a list prints its items | `messages`: `templates.yaml`; `signs_that_mean_…` |
//! | 44 | a new file that exists, leaves the root, or is a device's or git's | `checks`: `new_files_are_made_only_where_…`, `what_runs_on_a_commit_…` |
//! | 45 | two runs at once | `a_second_writer_is_refused`, `two_runs_at_once_…` |
//! | 46 | changes that are not committed: a warning, as `rune undo` gives them back | `changes_that_were_not_committed_are_told` |
//! | 47 | `<T>`, `&&`, quotes, `$`, backticks, `{{` | `signs_that_mean_something_elsewhere_pass_through_templates` |
//!
//! Line ends, the byte order mark, the final newline and tabs: `properties`, `edits`, `a_byte_order_mark_and_line_ends_are_kept`.
//! What comes of a disk that answers with an error (33) is what comes of a full one: the same branches take both.

#![cfg(unix)]
#![allow(clippy::disallowed_methods)]

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::process::{Command, Output, Stdio};
use std::time::{Duration, Instant};

use tempfile::TempDir;

const BAD: &str = "import jwt from \"jsonwebtoken\";\nexport const issue = (id) => jwt.sign({ id }, SECRET);\n";

fn folder() -> TempDir {
    tempfile::tempdir().expect("a folder")
}

fn put(folder: &TempDir, path: &str, bytes: impl AsRef<[u8]>) {
    let path = folder.path().join(path);
    std::fs::create_dir_all(path.parent().expect("a parent")).expect("a folder");
    std::fs::write(path, bytes).expect("a file");
}

fn rune(folder: &Path, more: &[&str]) -> Output {
    let mut command = Command::new(env!("CARGO_BIN_EXE_rune"));
    command.current_dir(folder).args(["run", "--pack", "backend", "--show-skipped"]).args(more).output().expect("rune runs")
}

/// Runs on a folder that also holds one bad file, whose finding must be there; gives the text.
fn beside_a_finding(folder: &TempDir) -> String {
    put(folder, "other.ts", BAD);
    let output = rune(folder.path(), &[]);
    let text = String::from_utf8_lossy(&output.stdout).into_owned();
    assert_eq!(output.status.code(), Some(1), "{text}{}", String::from_utf8_lossy(&output.stderr));
    assert!(text.contains("--> other.ts:2:"), "{text}");
    text
}

/// Runs on the folder alone; it must not say that all is well.
fn is_incomplete(folder: &TempDir, part: &str) {
    let output = rune(folder.path(), &[]);
    let text = String::from_utf8_lossy(&output.stdout).into_owned();
    assert_eq!(output.status.code(), Some(3), "{text}");
    assert!(text.contains(part), "`{part}` is not in\n{text}");
}

#[test]
fn files_that_are_no_utf8_text_are_listed() {
    let utf16: Vec<u8> = [0xFF, 0xFE].into_iter().chain(BAD.encode_utf16().flat_map(u16::to_le_bytes)).collect();
    for (bytes, part) in
        [(utf16, "not UTF-8"), (b"const a = '\xE9';\n".to_vec(), "not UTF-8"), (b"const a = '\xC3".to_vec(), "not UTF-8")]
    {
        let folder = folder();
        put(&folder, "odd.ts", bytes);
        is_incomplete(&folder, part);
        let text = beside_a_finding(&folder);
        assert!(text.contains("odd.ts"), "{text}");
    }
}

#[test]
fn a_byte_order_mark_and_line_ends_are_kept() {
    let folder = folder();
    let text = format!("\u{FEFF}{}", BAD.replace('\n', "\r\n"));
    put(&folder, "bom.ts", text.trim_end());
    let output = rune(folder.path(), &["--fix", "--unsafe-fixes"]);
    assert_eq!(output.status.code(), Some(0), "{}", String::from_utf8_lossy(&output.stdout));
    let after = std::fs::read_to_string(folder.path().join("bom.ts")).expect("the file");
    assert_eq!(after, text.trim_end().replace("SECRET)", "SECRET, { expiresIn: \"15m\" })"));
}

#[test]
fn empty_files_are_checked() {
    let folder = folder();
    put(&folder, "empty.ts", "");
    put(&folder, "bom.py", "\u{FEFF}");
    let output = rune(folder.path(), &[]);
    assert_eq!(output.status.code(), Some(0));
}

#[test]
fn deep_nesting_does_not_overflow() {
    let deep = 20_000;
    for (path, open, close) in
        [("a.ts", "(", ")"), ("b.ts", "[", "]"), ("c.ts", "{", "}"), ("d.py", "(", ")"), ("e.json", "[", "]")]
    {
        let folder = folder();
        put(
            &folder,
            path,
            format!("{}{}{}\n", open.repeat(deep), if path.ends_with("c.ts") { "" } else { "1" }, close.repeat(deep)),
        );
        beside_a_finding(&folder);
    }
    let folder = folder();
    put(&folder, "chain.ts", format!("const jwt = {};\n", vec!["1"; 100_000].join(" + ")));
    put(&folder, "else.ts", "if (a) {} else ".repeat(5_000) + "{}\n");
    beside_a_finding(&folder);
}

#[test]
fn a_syntax_error_keeps_the_findings_around_it() {
    let folder = folder();
    put(&folder, "broken.ts", format!("{BAD}\nfunction (((\n"));
    let text = beside_a_finding(&folder);
    assert!(text.contains("broken.ts:2:"), "{text}");
    assert!(text.contains("broken.ts: parsed only in part"), "{text}");
}

#[test]
fn one_long_line_is_shown_in_part() {
    let folder = folder();
    let line = "jwt.sign({ id }, SECRET);".repeat(2_000);
    put(&folder, "long.ts", format!("import jwt from \"jsonwebtoken\";\n{line}\n"));
    let start = Instant::now();
    let output = rune(folder.path(), &[]);
    assert!(start.elapsed() < Duration::from_secs(60), "it took {:?}", start.elapsed());
    let longest = String::from_utf8_lossy(&output.stdout).lines().map(str::len).max();
    assert!(longest < Some(1_000), "{longest:?}");
}

#[test]
fn large_files_are_listed() {
    let folder = folder();
    put(&folder, "large.ts", "const a = 1;\n".repeat(200_000));
    is_incomplete(&folder, "large.ts: too large");
}

#[test]
fn pipes_and_links_are_never_opened() {
    let folder = folder();
    let made = Command::new("mkfifo").arg(folder.path().join("pipe.ts")).status().expect("mkfifo runs");
    assert!(made.success());
    std::os::unix::fs::symlink("/dev/zero", folder.path().join("zero.ts")).expect("a link");
    std::os::unix::fs::symlink("nowhere.ts", folder.path().join("dangling.ts")).expect("a link");
    std::os::unix::fs::symlink(".", folder.path().join("loop")).expect("a link");
    std::fs::create_dir(folder.path().join("folder.ts")).expect("a folder");
    let text = beside_a_finding(&folder);
    assert!(text.contains("pipe.ts: not a regular file"), "{text}");
    assert!(text.contains("zero.ts: symbolic link"), "{text}");
}

#[test]
fn odd_file_names_do_not_break_the_report() {
    use std::os::unix::ffi::OsStrExt;
    let folder = folder();
    for name in ["new\nline.ts", "esc\u{1b}[31m.ts", "-dash.ts", "F.TS"] {
        put(&folder, name, BAD);
    }
    std::fs::write(folder.path().join(std::ffi::OsStr::from_bytes(b"latin\xE9.ts")), BAD).expect("a file");
    let text = beside_a_finding(&folder);
    assert!(text.contains("Found 6 "), "{text}");
    assert!(!text.contains('\u{1b}'), "an escape of a file name reached the terminal");
}

#[test]
fn a_closed_pipe_is_no_crash() {
    let folder = folder();
    for n in 0..200 {
        put(&folder, &format!("f{n}.ts"), BAD);
    }
    let mut child = Command::new(env!("CARGO_BIN_EXE_rune"))
        .current_dir(folder.path())
        .args(["run", "--pack", "backend"])
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .expect("rune runs");
    drop(child.stdout.take());
    let output = child.wait_with_output().expect("rune ends");
    assert_eq!(output.status.code(), Some(141), "{}", String::from_utf8_lossy(&output.stderr));
}

#[test]
fn a_full_disk_is_an_error() {
    let folder = folder();
    put(&folder, "a.ts", BAD);
    let full = std::fs::File::create("/dev/full").expect("/dev/full");
    let status = Command::new(env!("CARGO_BIN_EXE_rune"))
        .current_dir(folder.path())
        .args(["run", "--pack", "backend"])
        .stdout(full)
        .status()
        .expect("rune runs");
    assert_eq!(status.code(), Some(2));
}

#[test]
fn a_bomb_in_yaml_is_refused() {
    let pack = "[pack]\nname = \"bomb\"\nversion = \"1.0.0\"\nformat = 1\ndescription = \"x\"\n[skills.s]\ntitle = \"S\"\n";
    let bomb = "a: &a [x, x, x, x, x, x, x, x, x]\n".to_owned()
        + &('b'..='j')
            .map(|c| format!("{c}: &{c} [{}]\n", vec![format!("*{}", (c as u8 - 1) as char); 9].join(", ")))
            .collect::<String>();
    for text in [bomb, "[".repeat(20_000), "id: [".repeat(3), "x: !!python/object:os.system [ls]\n".to_owned()] {
        let folder = folder();
        put(&folder, "pack.toml", pack);
        put(&folder, "relations.yaml", "{}\n");
        put(&folder, "s/bomb.yaml", text);
        let start = Instant::now();
        let output =
            Command::new(env!("CARGO_BIN_EXE_rune")).current_dir(folder.path()).args(["check", "."]).output().expect("rune runs");
        assert_eq!(output.status.code(), Some(2), "{}", String::from_utf8_lossy(&output.stderr));
        assert!(start.elapsed() < Duration::from_secs(20));
    }
}

const FIXED: &str =
    "import jwt from \"jsonwebtoken\";\nexport const issue = (id) => jwt.sign({ id }, SECRET, { expiresIn: \"15m\" });\n";

fn text(folder: &TempDir, path: &str) -> String {
    std::fs::read_to_string(folder.path().join(path)).expect("the file is there")
}

fn fix(folder: &TempDir) -> Output {
    rune(folder.path(), &["--fix", "--unsafe-fixes"])
}

/// No file of the project but those named, whatever `.rune` holds.
fn names(folder: &TempDir) -> Vec<String> {
    let entries = std::fs::read_dir(folder.path()).expect("a folder");
    let mut names: Vec<String> =
        entries.map(|entry| entry.expect("an entry").file_name().to_string_lossy().into_owned()).collect();
    names.retain(|name| name != ".rune");
    names.sort();
    names
}

/// Faults 32 and 35.
#[test]
fn files_that_cannot_be_replaced_are_named_and_the_others_written() {
    use std::os::unix::fs::PermissionsExt;
    let folder = folder();
    for name in ["a.ts", "hard.ts", "locked.ts"] {
        put(&folder, name, BAD);
    }
    std::fs::hard_link(folder.path().join("hard.ts"), folder.path().join("other-name.txt")).expect("a link");
    std::fs::set_permissions(folder.path().join("locked.ts"), std::fs::Permissions::from_mode(0o444)).expect("a mode");
    let output = fix(&folder);
    let said = String::from_utf8_lossy(&output.stderr).into_owned();
    assert_eq!(output.status.code(), Some(2), "{said}");
    assert!(said.contains("`hard.ts` was not written: it has other names"), "{said}");
    assert!(said.contains("`locked.ts` was not written: it is read-only"), "{said}");
    let told = String::from_utf8_lossy(&output.stdout).into_owned();
    assert!(told.contains("Fixed 1 in 1 file.") && told.contains("Found 2 ") && told.contains("(write)"), "{told}");
    assert_eq!(
        (text(&folder, "a.ts"), text(&folder, "hard.ts"), text(&folder, "locked.ts")),
        (FIXED.into(), BAD.into(), BAD.into())
    );
    assert_eq!(names(&folder), ["a.ts", "hard.ts", "locked.ts", "other-name.txt"]);
}

/// Fault 37.
#[test]
fn the_mode_of_a_file_is_kept_and_the_time_of_change_is_that_of_the_write() {
    use std::os::unix::fs::PermissionsExt;
    let folder = folder();
    put(&folder, "a.ts", BAD);
    let long_ago = std::time::SystemTime::UNIX_EPOCH + Duration::from_secs(1_000_000_000);
    let file = std::fs::File::options().write(true).open(folder.path().join("a.ts")).expect("the file");
    file.set_modified(long_ago).expect("a time");
    std::fs::set_permissions(folder.path().join("a.ts"), std::fs::Permissions::from_mode(0o750)).expect("a mode");
    assert_eq!(fix(&folder).status.code(), Some(0));
    let after = std::fs::metadata(folder.path().join("a.ts")).expect("the file");
    assert_eq!(after.permissions().mode() & 0o777, 0o750);
    // Else what watches files by their time (make, a dev server) would not see the fix.
    assert!(after.modified().expect("a time") > long_ago);
}

/// Fault 36.
#[test]
fn links_are_neither_followed_nor_replaced() {
    let (folder, outside) = (folder(), folder());
    put(&outside, "target.ts", BAD);
    put(&outside, "there/b.ts", BAD);
    put(&folder, "a.ts", BAD);
    std::os::unix::fs::symlink(outside.path().join("target.ts"), folder.path().join("link.ts")).expect("a link");
    std::os::unix::fs::symlink(outside.path().join("there"), folder.path().join("there")).expect("a link");
    fix(&folder);
    assert_eq!(text(&folder, "a.ts"), FIXED);
    assert_eq!((text(&outside, "target.ts"), text(&outside, "there/b.ts")), (BAD.into(), BAD.into()));
    assert!(folder.path().join("link.ts").is_symlink());
}

/// Fault 44.
#[test]
fn what_runs_on_a_commit_is_not_written() {
    let folder = folder();
    for path in [".husky/a.ts", ".github/scripts/b.js", ".circleci/c.ts"] {
        put(&folder, path, BAD);
    }
    let output = fix(&folder);
    let told = String::from_utf8_lossy(&output.stdout).into_owned();
    assert_eq!(output.status.code(), Some(1), "{told}");
    assert!(told.contains("hooks' and CI's files"), "{told}");
    assert_eq!(text(&folder, ".github/scripts/b.js"), BAD);
}

/// Fault 45.
#[test]
fn a_second_writer_is_refused() {
    let folder = folder();
    put(&folder, "a.ts", BAD);
    put(&folder, ".rune/lock", "");
    let lock = std::fs::File::create(folder.path().join(".rune/lock")).expect("a file");
    lock.lock().expect("the lock");
    let output = fix(&folder);
    assert_eq!(output.status.code(), Some(2));
    assert!(String::from_utf8_lossy(&output.stderr).contains("another run of rune writes here"));
    assert_eq!(text(&folder, "a.ts"), BAD);
}

/// Fault 33.
#[test]
fn a_disk_that_takes_no_more_leaves_everything_as_it_was() {
    let folder = folder();
    let long = format!("{BAD}// {}\n", "x".repeat(8_000));
    put(&folder, "a.ts", BAD);
    put(&folder, "long.ts", &long);
    // Files may have two blocks; the signal for more is ignored, so that writing fails as on a full disk.
    let script =
        format!("trap '' XFSZ; ulimit -f 2; exec {} run --pack backend --fix --unsafe-fixes", env!("CARGO_BIN_EXE_rune"));
    let output = Command::new("sh").current_dir(folder.path()).args(["-c", &script]).output().expect("sh runs");
    let said = String::from_utf8_lossy(&output.stderr).into_owned();
    assert_eq!(output.status.code(), Some(2), "{said}");
    assert!(said.contains(".rune/new/"), "{said}");
    assert_eq!((text(&folder, "a.ts"), text(&folder, "long.ts")), (BAD.into(), long));
    assert_eq!(names(&folder), ["a.ts", "long.ts"]);
    assert!(!folder.path().join(".rune/new").exists() && !folder.path().join(".rune/undo").exists());
}

/// Fault 36: `.rune` itself.
#[test]
fn the_store_may_be_no_link() {
    let (folder, outside) = (folder(), folder());
    put(&folder, "a.ts", BAD);
    std::os::unix::fs::symlink(outside.path(), folder.path().join(".rune")).expect("a link");
    let output = fix(&folder);
    assert_eq!(output.status.code(), Some(2), "{}", String::from_utf8_lossy(&output.stderr));
    assert_eq!(text(&folder, "a.ts"), BAD);
    assert_eq!(std::fs::read_dir(outside.path()).expect("a folder").count(), 0);
}

/// Runs rune as somebody who owns nothing; those who run tests as the superuser may write everywhere.
fn rune_as_nobody(folder: &Path, more: &[&str]) -> Output {
    use std::os::unix::fs::MetadataExt;
    use std::os::unix::process::CommandExt;
    let mut command = Command::new(env!("CARGO_BIN_EXE_rune"));
    command.current_dir(folder).args(["run", "--pack", "backend"]).args(more);
    if std::fs::metadata(folder).expect("the folder").uid() == 0 {
        command.uid(65_534);
    }
    command.output().expect("rune runs")
}

fn set_mode(folder: &TempDir, path: &str, mode: u32) {
    use std::os::unix::fs::PermissionsExt;
    std::fs::set_permissions(folder.path().join(path), std::fs::Permissions::from_mode(mode)).expect("a mode");
}

/// Fault 33.
#[test]
fn a_folder_that_takes_no_files_is_named_and_nothing_is_written() {
    let folder = folder();
    put(&folder, "a.ts", BAD);
    set_mode(&folder, "a.ts", 0o644);
    set_mode(&folder, "", 0o555);
    let output = rune_as_nobody(folder.path(), &["--fix", "--unsafe-fixes"]);
    let said = String::from_utf8_lossy(&output.stderr).into_owned();
    set_mode(&folder, "", 0o755);
    assert_eq!(output.status.code(), Some(2), "{said}");
    assert!(said.contains("`a.ts` was not written: its folder cannot be written to"), "{said}");
    assert_eq!((text(&folder, "a.ts"), names(&folder)), (BAD.into(), vec!["a.ts".to_owned()]));
    assert!(!folder.path().join(".rune").exists());
}

/// Fault 36.
#[test]
fn a_link_that_is_named_itself_is_its_file_only_within_the_project() {
    let (folder, outside) = (folder(), folder());
    put(&outside, "target.ts", BAD);
    put(&folder, "own.ts", BAD);
    std::os::unix::fs::symlink(outside.path().join("target.ts"), folder.path().join("out.ts")).expect("a link");
    std::os::unix::fs::symlink("own.ts", folder.path().join("in.ts")).expect("a link");
    let output = rune(folder.path(), &["--fix", "--unsafe-fixes", "out.ts"]);
    let said = String::from_utf8_lossy(&output.stderr).into_owned();
    assert_eq!(output.status.code(), Some(2), "{said}");
    assert!(said.contains("`out.ts` is a link to a file outside of its project"), "{said}");
    assert_eq!(text(&outside, "target.ts"), BAD);
    assert_eq!(rune(folder.path(), &["--fix", "--unsafe-fixes", "in.ts"]).status.code(), Some(0));
    assert_eq!(text(&folder, "own.ts"), FIXED);
    assert!(folder.path().join("in.ts").is_symlink() && folder.path().join("out.ts").is_symlink());
}

/// Fault 37.
#[test]
fn the_owner_and_the_attributes_of_a_file_are_kept() {
    use std::os::unix::fs::{MetadataExt, chown};
    let folder = folder();
    put(&folder, "a.ts", BAD);
    let path = folder.path().join("a.ts");
    let is_superuser = std::fs::metadata(&path).expect("the file").uid() == 0;
    if is_superuser {
        chown(&path, Some(65_534), Some(65_534)).expect("an owner");
    }
    // An access list: its owner, its group and others read, and one more user writes.
    let entry = |tag: u16, may: u16, id: u32| [&tag.to_le_bytes()[..], &may.to_le_bytes(), &id.to_le_bytes()].concat();
    let none = u32::MAX;
    let list = [entry(1, 6, none), entry(2, 6, 12_345), entry(4, 4, none), entry(16, 6, none), entry(32, 4, none)].concat();
    let list = [&2u32.to_le_bytes()[..], &list].concat();
    // Not every file system has them; those that can be set are kept.
    let attributes: [(&str, &[u8]); 2] = [("user.rune", b"kept"), ("system.posix_acl_access", &list)];
    let set: Vec<_> = attributes.iter().filter(|(name, value)| xattr::set(&path, name, value).is_ok()).collect();
    let before = std::fs::metadata(&path).expect("the file");
    assert_eq!(fix(&folder).status.code(), Some(0));
    assert_eq!(text(&folder, "a.ts"), FIXED);
    let after = std::fs::metadata(&path).expect("the file");
    assert_eq!((after.uid(), after.gid(), after.mode()), (before.uid(), before.gid(), before.mode()));
    for (name, value) in set {
        assert_eq!(xattr::get(&path, name).expect("attributes").as_deref(), Some(*value), "{name}");
    }
}

fn git(folder: &TempDir, arguments: &[&str]) {
    let who = ["-c", "user.name=a", "-c", "user.email=a@example.com", "-c", "commit.gpgsign=false"];
    let output = Command::new("git").current_dir(folder.path()).args(who).args(arguments).output().expect("git runs");
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
}

/// Fault 46.
#[test]
fn changes_that_were_not_committed_are_told() {
    let folder = folder();
    put(&folder, "package.json", "{}");
    put(&folder, "clean.ts", BAD);
    put(&folder, "sub/changed.ts", "");
    put(&folder, "staged.ts", "");
    git(&folder, &["init", "-q"]);
    git(&folder, &["add", "."]);
    git(&folder, &["commit", "-q", "-m", "first"]);
    put(&folder, "sub/changed.ts", BAD);
    put(&folder, "staged.ts", BAD);
    git(&folder, &["add", "staged.ts"]);
    let said = String::from_utf8_lossy(&fix(&folder).stderr).into_owned();
    let wanted =
        "warning: these files had changes that were not committed: `staged.ts`, `sub/changed.ts`; `rune undo` gives back";
    assert!(said.contains(wanted), "{said}");
    let undo = Command::new(env!("CARGO_BIN_EXE_rune")).current_dir(folder.path()).arg("undo").output().expect("rune runs");
    assert_eq!(undo.status.code(), Some(0));
    assert_eq!((text(&folder, "sub/changed.ts"), text(&folder, "clean.ts")), (BAD.into(), BAD.into()));
    // Nothing to tell where all is committed.
    git(&folder, &["add", "."]);
    git(&folder, &["commit", "-q", "-m", "second"]);
    assert_eq!(String::from_utf8_lossy(&fix(&folder).stderr), "");
}

/// Faults 47 and, with `$...X`, 43.
#[test]
fn signs_that_mean_something_elsewhere_pass_through_templates() {
    let (folder, pack) = (folder(), loud_pack());
    let rule = RULE.replace("\"quiet({{X}})\"", "'quiet<A & B>({{X}}, `${1}` + \"<&>''\")'");
    let rule = rule.replace("      quiet(1);", "      quiet<A & B>(1, `${1}` + \"<&>'\");");
    put(&pack, "s/loud.yaml", rule);
    let code =
        "import { loud, quiet } from \"q\";\ntype A = 1; type B = 1;\nloud(1, a < b && `{{c}}$${d}` || \"&amp;\" + '\\'');\n";
    put(&folder, "a.ts", code);
    let pack = pack.path().to_string_lossy().into_owned();
    let run = |more: &[&str]| {
        let mut command = Command::new(env!("CARGO_BIN_EXE_rune"));
        command.current_dir(folder.path()).args(more).output().expect("rune runs")
    };
    let output = run(&["run", "--pack", &pack, "--fix"]);
    let wanted = code.replace("loud(1", "quiet<A & B>(1").replace("'\\'')", "'\\'', `${1}` + \"<&>'\")");
    assert_eq!(
        text(&folder, "a.ts"),
        wanted,
        "{}{}",
        String::from_utf8_lossy(&output.stdout),
        String::from_utf8_lossy(&output.stderr)
    );
}

const LOUD: &str = "import { loud, quiet } from \"q\";\nloud(1);\n";

const QUIET: &str = "import { loud, quiet } from \"q\";\nquiet(1);\n";

const RULE: &str = "id: loud
summary: it is loud
severity: low
confidence: high
languages: [ecma]
match: find `loud($...X)` as $CALL
report: loud
fix: { title: quiet, safety: safe, edits: [{ replace: { at: $CALL, with: \"quiet({{X}})\" } }] }
why: To have something to write.
examples:
  - bad: |
      import { loud, quiet } from \"q\";
      loud(1);
    fixed: |
      import { loud, quiet } from \"q\";
      quiet(1);
  - good: quiet(1);
";

/// A pack of one rule, so that a run is mostly writing.
fn loud_pack() -> TempDir {
    let pack = folder();
    put(&pack, "pack.toml", "[pack]\nname = \"loud-pack\"\nversion = \"1.0.0\"\nformat = 1\n[skills.s]\n");
    put(&pack, "s/loud.yaml", RULE);
    pack
}

/// Starts a run that writes, and does not wait for it.
fn start_fixing(folder: &TempDir, pack: &TempDir) -> std::process::Child {
    let mut command = Command::new(env!("CARGO_BIN_EXE_rune"));
    command.current_dir(folder.path()).args(["run", "--fix", "--pack"]).arg(pack.path());
    command.stdout(Stdio::null()).stderr(Stdio::piped()).spawn().expect("rune runs")
}

/// Fault 45: each of two runs writes, finds nothing left to write, or is refused; nothing is written twice or in part.
#[test]
fn two_runs_at_once_leave_each_file_old_or_new() {
    let (folder, pack) = (folder(), loud_pack());
    let all: Vec<String> = (0..200).map(|n| format!("f{n}.ts")).collect();
    for _ in 0..5 {
        all.iter().for_each(|name| put(&folder, name, LOUD));
        let mut n_wrote = 0;
        for run in [start_fixing(&folder, &pack), start_fixing(&folder, &pack)] {
            let output = run.wait_with_output().expect("rune ends");
            let said = String::from_utf8_lossy(&output.stderr).into_owned();
            match output.status.code() {
                Some(0) => n_wrote += 1,
                // The other was faster: it holds the lock, or its texts stand there already.
                Some(2) => assert!(said.contains("another run of rune writes here") || said.contains("changed while rune ran")),
                code => panic!("{code:?}: {said}"),
            }
        }
        assert!(n_wrote > 0, "one of them writes");
        assert!(all.iter().all(|name| text(&folder, name) == QUIET));
        assert_eq!(names(&folder).len(), all.len(), "something lies about");
    }
}

/// Every file below a folder but those of rune and git, by path.
fn files_of(folder: &Path) -> BTreeMap<String, Vec<u8>> {
    let mut found = BTreeMap::new();
    let mut folders = vec![folder.to_owned()];
    while let Some(next) = folders.pop() {
        for entry in std::fs::read_dir(next).expect("a folder") {
            let path = entry.expect("an entry").path();
            match path.file_name().and_then(|name| name.to_str()) {
                Some(".rune" | ".git" | "the.patch") => {}
                _ if path.is_dir() => folders.push(path),
                _ => {
                    let name = path.strip_prefix(folder).expect("below the folder").to_string_lossy().into_owned();
                    found.insert(name, std::fs::read(&path).expect("a file"));
                }
            }
        }
    }
    found
}

/// Faults 41 and 42, on the example, as it is and with CRLF, and on the projects whose fixes make new files.
#[test]
fn what_a_diff_says_is_what_fix_writes_and_a_second_run_changes_nothing() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("../..");
    let cases = std::fs::read_dir(root.join("tests/emitted/indexes")).expect("cases of new files");
    let mut projects: Vec<(PathBuf, &str)> = cases.map(|case| (case.expect("an entry").path().join("project"), "\n")).collect();
    projects.push((root.join("examples/shop"), "\n"));
    projects.push((root.join("examples/shop"), "\r\n"));
    for (project, line_end) in projects {
        let as_text = |bytes: Vec<u8>| String::from_utf8(bytes).expect("projects are text").replace('\n', line_end);
        let before: BTreeMap<String, Vec<u8>> =
            files_of(&project).into_iter().map(|(path, bytes)| (path, as_text(bytes).into_bytes())).collect();
        let (patched, fixed) = (folder(), folder());
        for copy in [&patched, &fixed] {
            before.iter().for_each(|(path, bytes)| put(copy, path, bytes));
        }
        let diff = rune(patched.path(), &["--diff", "--unsafe-fixes"]);
        if !diff.stdout.is_empty() {
            put(&patched, "the.patch", &diff.stdout);
            git(&patched, &["init", "-q"]);
            git(&patched, &["apply", "the.patch"]);
        }
        fix(&fixed);
        let once = files_of(fixed.path());
        assert!(once != before, "{} has something to fix", project.display());
        assert_differ_nowhere(&files_of(patched.path()), &once, &project);
        fix(&fixed);
        assert_differ_nowhere(&files_of(fixed.path()), &once, &project);
    }
}

fn assert_differ_nowhere(a: &BTreeMap<String, Vec<u8>>, b: &BTreeMap<String, Vec<u8>>, app: &Path) {
    let paths: Vec<&String> = a.keys().chain(b.keys()).filter(|path| a.get(*path) != b.get(*path)).collect();
    assert!(paths.is_empty(), "{}: {paths:?}", app.display());
}

/// Fault 34: 100 kills, a quarter of them anywhere, the others while files are written.
#[test]
fn a_killed_run_leaves_each_file_old_or_new_and_can_be_undone() {
    let (folder, pack) = (folder(), loud_pack());
    let all: Vec<String> = (0..200).map(|n| format!("f{n}.ts")).collect();
    let start = || start_fixing(&folder, &pack);
    let put_all = || {
        let _ = std::fs::remove_dir_all(folder.path().join(".rune"));
        all.iter().for_each(|name| put(&folder, name, LOUD));
    };
    put_all();
    let begin = Instant::now();
    start().wait().expect("rune ends");
    let whole = begin.elapsed();
    assert!(all.iter().all(|name| text(&folder, name) == QUIET));
    let journal = folder.path().join(".rune/undo/journal.json");
    let mut n_between = 0;
    // A fixed sequence stands for chance.
    for n in 0..100u32 {
        put_all();
        let mut child = start();
        let begin = Instant::now();
        if n % 4 == 0 {
            std::thread::sleep(whole.mul_f64(f64::from((n * 61) % 100) / 100.0));
        } else {
            while !journal.exists() && begin.elapsed() < Duration::from_secs(20) {
                std::hint::spin_loop();
            }
            std::thread::sleep(Duration::from_micros(u64::from((n * 61) % 100) * 100));
        }
        let _ = child.kill();
        let _ = child.wait();
        let texts: Vec<String> = all.iter().map(|name| text(&folder, name)).collect();
        assert!(texts.iter().all(|text| text == LOUD || text == QUIET), "a file is neither old nor new");
        let n_new = texts.iter().filter(|text| *text == QUIET).count();
        n_between += usize::from(n_new > 0 && n_new < all.len());
        assert_eq!(names(&folder).len(), all.len(), "something lies about");
        if n_new > 0 {
            let undo =
                Command::new(env!("CARGO_BIN_EXE_rune")).current_dir(folder.path()).arg("undo").output().expect("rune runs");
            assert_eq!(undo.status.code(), Some(0), "{}", String::from_utf8_lossy(&undo.stderr));
            assert!(all.iter().all(|name| text(&folder, name) == LOUD), "undo gives the old texts back");
        }
    }
    assert!(n_between > 0, "no kill fell between two files: this test has shown nothing");
}
