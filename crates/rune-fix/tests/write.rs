//! Files are written only if they still say what was read, and a fix in all of its files or in none.

#![allow(clippy::disallowed_methods)]

use std::path::Path;

use rune_fix::{Settled, undo, write};
use rune_model::{FixOutcome, FixRecord, Place, Safety, Source, Span};

fn source(path: &str, text: &str) -> Source {
    Source { path: path.into(), text: text.into() }
}

/// Fixes that changed `old` to `new`, one a group of files.
fn settled(fixes: &[&[&str]]) -> Settled {
    let record = |files: &&[&str]| FixRecord {
        rule: "a".into(),
        place: Place { path: files[0].into(), span: Span::new(0, 1) },
        title: "mend it".into(),
        safety: Safety::Safe,
        outcome: FixOutcome::Applied,
        files: files.iter().map(|file| (*file).into()).collect(),
    };
    let sources = fixes.iter().flat_map(|files| files.iter().map(|file| source(file, "new"))).collect();
    Settled { sources, created: Vec::new(), records: fixes.iter().map(record).collect(), left: Vec::new(), passes: 1 }
}

fn read(root: &Path, path: &str) -> String {
    std::fs::read_to_string(root.join(path)).expect("the file is there")
}

/// Fault 27.
#[test]
fn a_file_that_was_changed_meanwhile_keeps_its_fixes_out_of_other_files_too() {
    let folder = tempfile::tempdir().expect("a folder");
    let root = folder.path();
    for path in ["a", "b", "c", "d"] {
        std::fs::write(root.join(path), "old").expect("a file");
    }
    let before: Vec<Source> = ["a", "b", "c", "d"].iter().map(|path| source(path, "old")).collect();
    std::fs::write(root.join("a"), "changed meanwhile").expect("a file");
    let mut settled = settled(&[&["a", "b"], &["c"], &["d"]]);
    let results = write(root, &before, &mut settled).expect("others are written");
    let told: Vec<Option<&str>> = results.iter().map(|result| result.refused.as_deref()).collect();
    let linked = "a fix changes it together with a file that was not written";
    assert_eq!(told, [Some("it was changed while rune ran"), Some(linked), None, None]);
    let texts = ["a", "b", "c", "d"].map(|path| read(root, path));
    assert_eq!(texts, ["changed meanwhile", "old", "new", "new"]);
    assert!(matches!(settled.records[0].outcome, FixOutcome::Rejected { .. }));
    assert_eq!(settled.records[1].outcome, FixOutcome::Applied);
    let undone = undo(root).expect("there is a run");
    assert_eq!(undone.len(), 2);
    assert_eq!(["a", "b", "c", "d"].map(|path| read(root, path)), ["changed meanwhile", "old", "old", "old"]);
    assert!(undo(root).is_err(), "it is undone once");
}

/// Fault 27: the text counts, and neither its length nor the time of the file.
#[test]
fn whatever_became_of_a_file_meanwhile_it_is_left_as_it_is() {
    for now in ["odd", "old and more", "ol", ""] {
        let folder = tempfile::tempdir().expect("a folder");
        let root = folder.path();
        std::fs::write(root.join("a"), "old").expect("a file");
        let time = std::fs::metadata(root.join("a")).expect("the file").modified().expect("a time");
        std::fs::write(root.join("a"), now).expect("a file");
        let file = std::fs::File::options().write(true).open(root.join("a")).expect("the file");
        file.set_modified(time).expect("a time");
        let results = write(root, &[source("a", "old")], &mut settled(&[&["a"]])).expect("there is an answer");
        assert_eq!(results[0].refused.as_deref(), Some("it was changed while rune ran"));
        assert_eq!(read(root, "a"), now);
    }
    let folder = tempfile::tempdir().expect("a folder");
    let results = write(folder.path(), &[source("a", "old")], &mut settled(&[&["a"]])).expect("there is an answer");
    assert!(results[0].refused.is_some(), "what was removed is not made again");
    assert!(!folder.path().join("a").exists());
}

#[test]
fn a_new_file_goes_when_its_run_is_undone() {
    let folder = tempfile::tempdir().expect("a folder");
    let root = folder.path();
    let results = write(root, &[], &mut settled(&[&["src/new.ts"]])).expect("it is written");
    assert_eq!(results[0].refused, None);
    assert_eq!(read(root, "src/new.ts"), "new");
    undo(root).expect("there is a run");
    assert!(!root.join("src/new.ts").exists());
}
