//! What must stay absent: names of frameworks in the engine, arrows between crates, code in the root, crates without use.

#![allow(clippy::disallowed_methods)]

use std::collections::{BTreeMap, BTreeSet};
use std::path::{Path, PathBuf};

fn root() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../..").canonicalize().expect("the root exists")
}

fn read(path: &Path) -> String {
    std::fs::read_to_string(path).unwrap_or_else(|error| panic!("{}: {error}", path.display()))
}

/// All files below `folder` whose name ends in `ending`.
fn files(folder: &Path, ending: &str) -> Vec<PathBuf> {
    let mut found = Vec::new();
    let mut folders = vec![folder.to_owned()];
    while let Some(folder) = folders.pop() {
        for entry in std::fs::read_dir(&folder).unwrap_or_else(|error| panic!("{}: {error}", folder.display())) {
            let path = entry.expect("an entry").path();
            if path.is_dir() {
                folders.push(path);
            } else if path.to_string_lossy().ends_with(ending) {
                found.push(path);
            }
        }
    }
    found.sort();
    found
}

fn crates() -> Vec<PathBuf> {
    let entries = std::fs::read_dir(root().join("crates")).expect("crates/ can be read");
    let mut crates: Vec<PathBuf> = entries.map(|entry| entry.expect("an entry").path()).collect();
    crates.sort();
    crates
}

fn words(text: &str) -> BTreeSet<String> {
    let split = text.split(|c: char| !(c.is_alphanumeric() || c == '_' || c == '-'));
    split.flat_map(|word| [word.to_lowercase(), word.replace('_', "-").to_lowercase()]).collect()
}

/// The engine gets general words, never special cases: what a framework or a library is called stands in packs alone.
#[test]
fn the_engine_names_no_framework_and_no_rule() {
    let libraries = [
        "express",
        "fastify",
        "nestjs",
        "nextjs",
        "next-auth",
        "nextauth",
        "fastapi",
        "starlette",
        "django",
        "djangorestframework",
        "drizzle",
        "typeorm",
        "sequelize",
        "mongoose",
        "knex",
        "sqlalchemy",
        "sqlmodel",
        "jsonwebtoken",
        "jose",
        "bcrypt",
        "argon2",
        "passport",
        "pyjwt",
        "passlib",
        "flask",
        "koa",
        "hapi",
        "zod",
        "joi",
        "pydantic",
        "prismaclient",
        "helmet",
        "winston",
        "pino",
    ];
    let rule_ids: Vec<String> = files(&root().join("rulepacks"), "yaml")
        .into_iter()
        .filter(|path| path.to_string_lossy().contains("-patterns"))
        .filter_map(|path| Some(path.file_stem()?.to_string_lossy().into_owned()))
        .collect();
    assert!(rule_ids.len() >= 16);
    let mut named = Vec::new();
    for path in crates().iter().flat_map(|krate| files(&krate.join("src"), ".rs")) {
        let found = words(&read(&path));
        let library = libraries.iter().filter(|name| found.contains(**name)).map(|name| (*name).to_owned());
        let rule = rule_ids.iter().filter(|id| found.contains(*id)).cloned();
        named.extend(library.chain(rule).map(|name| format!("{}: {name}", path.display())));
    }
    assert!(named.is_empty(), "{}", named.join("\n"));
}

/// The arrows of `docs/architecture.md`; each that is not here is forbidden.
#[test]
fn crates_depend_on_what_lies_below_them() {
    let allowed: BTreeMap<&str, &[&str]> = BTreeMap::from([
        ("rune-model", &[][..]),
        ("rune-syntax", &["rune-model"]),
        ("rune-pattern", &["rune-model", "rune-syntax"]),
        ("rune-pack", &["rune-model"]),
        ("rune-core", &["rune-model", "rune-syntax", "rune-pattern", "rune-pack"]),
        ("rune-fix", &["rune-model", "rune-syntax", "rune-pack", "rune-core"]),
        ("rune-report", &["rune-model"]),
        ("rune-cli", &["rune-model", "rune-syntax", "rune-pattern", "rune-pack", "rune-core", "rune-fix", "rune-report"]),
    ]);
    for krate in crates() {
        let name = krate.file_name().expect("a name").to_string_lossy().into_owned();
        let allowed = allowed.get(name.as_str()).unwrap_or_else(|| panic!("`{name}` is not in this test: draw its arrows first"));
        for dependency in dependencies(&krate).iter().filter(|dependency| dependency.starts_with("rune-")) {
            assert!(allowed.contains(&dependency.as_str()), "`{name}` may not use `{dependency}`");
        }
    }
}

/// The names under `[dependencies]` of a crate.
fn dependencies(krate: &Path) -> Vec<String> {
    let manifest = read(&krate.join("Cargo.toml"));
    let section = manifest.split("[dependencies]").nth(1).unwrap_or("");
    let section = section.split("\n[").next().unwrap_or("");
    let names = section.lines().filter_map(|line| line.split(['.', '=', ' ']).next());
    names.filter(|name| !name.is_empty() && !name.starts_with('#')).map(str::to_owned).collect()
}

/// A crate that nobody imports is only weight.
#[test]
fn every_dependency_is_imported() {
    for krate in crates() {
        let source: String = files(&krate.join("src"), ".rs").iter().map(|path| read(path)).collect();
        for dependency in dependencies(&krate) {
            let name = dependency.replace('-', "_");
            let used = [format!("{name}::"), format!("use {name};"), format!("extern crate {name}")];
            assert!(
                used.iter().any(|text| source.contains(text.as_str())),
                "{} lists `{dependency}` and never uses it",
                krate.display()
            );
        }
    }
}

#[test]
fn the_root_is_as_promised() {
    for name in [
        "Cargo.toml",
        "crates",
        "rulepacks",
        "docs",
        "tests",
        "schema",
        "README.md",
        "CHANGELOG.md",
        "LICENSE-MIT",
        "LICENSE-APACHE",
    ] {
        assert!(root().join(name).exists(), "`{name}` is missing at the top");
    }
    assert!(!root().join("src").exists(), "the root holds no code");
}

/// `schema/*.json` are what `rune schema` prints: UPDATE=1 writes them.
#[test]
fn schemas_are_generated() {
    for (name, schema) in
        [("rule", rune_pack::rule_schema()), ("pack", rune_pack::pack_schema()), ("config", rune_pack::config_schema())]
    {
        let path = root().join(format!("schema/{name}.json"));
        let text = format!("{schema:#}\n");
        if std::env::var_os("UPDATE").is_some() {
            std::fs::create_dir_all(root().join("schema")).expect("schema/ can be made");
            std::fs::write(&path, &text).expect("the schema can be written");
        }
        assert!(read(&path) == text, "schema/{name}.json is old: run the tests with UPDATE=1");
    }
}

/// Links between the documents lead somewhere.
#[test]
fn documents_link_to_what_exists() {
    let mut documents = files(&root().join("docs"), ".md");
    documents.push(root().join("README.md"));
    for path in documents {
        let text = read(&path);
        for link in text.split("](").skip(1).filter_map(|rest| rest.split(')').next()) {
            let target = link.split('#').next().unwrap_or("");
            if target.is_empty() || target.contains("://") || target.contains(char::is_whitespace) {
                continue;
            }
            let folder = path.parent().expect("a folder");
            assert!(folder.join(target).exists(), "{}: `{target}` does not exist", path.display());
        }
    }
}
