//! The examples of the documents run, so that they cannot rot. A fenced block `lang rune-test=PATH` is a file that all blocks
//! of its document share; `lang rune-test` is a rule (it has `severity`) or a relation rule with examples, loaded beside them.

#![allow(clippy::disallowed_methods)]

use std::collections::BTreeMap;
use std::path::Path;
use std::process::ExitCode;
use std::sync::Arc;

use libtest_mimic::{Arguments, Trial};

const DOCUMENTS: &[&str] = &["README.md", "docs/language.md"];

/// A fenced block: the line it begins at, what stands behind the fence, its text.
struct Block {
    line: usize,
    info: String,
    text: String,
}

fn main() -> ExitCode {
    let arguments = Arguments::from_args();
    let mut trials = Vec::new();
    for document in DOCUMENTS {
        let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("../..").join(document);
        let blocks = blocks(&std::fs::read_to_string(path).expect("the document can be read"));
        let shared: BTreeMap<String, Arc<str>> = blocks.iter().filter_map(shared).collect();
        for block in blocks.into_iter().filter(|block| block.info.ends_with(" rune-test")) {
            let files = files(&block, &shared);
            trials.push(Trial::test(format!("{document}:{}", block.line), move || Ok(holds(&files)?)));
        }
    }
    libtest_mimic::run(&arguments, trials).exit_code()
}

fn blocks(text: &str) -> Vec<Block> {
    let mut blocks: Vec<Block> = Vec::new();
    let mut is_open = false;
    for (number, line) in text.lines().enumerate() {
        match line.strip_prefix("```") {
            Some(_) if is_open => is_open = false,
            Some(info) => {
                blocks.push(Block { line: number + 1, info: info.to_owned(), text: String::new() });
                is_open = true;
            }
            None if is_open => blocks.iter_mut().last().into_iter().for_each(|block| block.text += &format!("{line}\n")),
            None => {}
        }
    }
    blocks
}

fn shared(block: &Block) -> Option<(String, Arc<str>)> {
    let (_, path) = block.info.split_once(" rune-test=")?;
    Some((path.to_owned(), block.text.as_str().into()))
}

/// The shared files and the block, as a rule of the first skill or as a relation file.
fn files(block: &Block, shared: &BTreeMap<String, Arc<str>>) -> BTreeMap<String, Arc<str>> {
    let key = |name: &str| {
        let line = block.text.lines().find(|line| line.starts_with(name))?;
        Some(line[name.len()..].trim_matches([' ', ':', '=', '"']).to_owned())
    };
    let skill = shared.get("pack.toml").and_then(|text| text.lines().find_map(|line| line.strip_prefix("[skills.")));
    let skill = skill.map_or("example", |rest| rest.split(']').next().unwrap_or(rest));
    let folder = if key("severity").is_some() { skill } else { "relations" };
    let ending = block.info.split_whitespace().next().unwrap_or("yaml");
    let path = format!("{folder}/{}.{ending}", key("id").unwrap_or_default());
    let mut files = shared.clone();
    files.insert(path, block.text.as_str().into());
    files
}

/// The pack loads without a word, and its examples hold.
fn holds(files: &BTreeMap<String, Arc<str>>) -> Result<(), String> {
    let loaded = rune_pack::load_files("docs", files);
    let pack = loaded.pack.ok_or("the pack does not load")?;
    let (program, problems) = rune_core::compile(&pack);
    let told: Vec<String> = loaded.problems.iter().chain(&problems).map(|problem| problem.message.clone()).collect();
    let program = program.filter(|_| told.is_empty()).ok_or_else(|| told.join("\n"))?;
    let results = rune_fix::test_pack(&pack, &program);
    let failures: Vec<String> =
        results.iter().filter_map(|result| Some(format!("{}: {}", result.name, result.verdict().err()?))).collect();
    match (results.is_empty(), failures.is_empty()) {
        (true, _) => Err("it has no example".to_owned()),
        (false, true) => Ok(()),
        (false, false) => Err(failures.join("\n")),
    }
}
