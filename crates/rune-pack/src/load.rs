//! The door to pack folders: reads their files, through no link, and hands them to the readers.

use std::collections::BTreeMap;
use std::path::Path;
use std::sync::Arc;

use rune_model::{Problem, ProblemLevel, Span};

use crate::field::{MANIFEST, OPTION, PACK, SKILL};
use crate::model::*;
use crate::read::{Reader, nearest};
use crate::value::{Kind, SyntaxError, Text, Value, read_toml, read_yaml};

/// The largest pack file that is read, in bytes.
const MAX_FILE: u64 = 1 << 20;

/// The most files a pack may hold.
const MAX_FILES: usize = 20_000;

/// What came of loading a pack.
#[derive(Debug)]
pub struct Loaded {
    /// The pack with every file that was understood; `None` if `pack.toml` cannot be used.
    pub pack: Option<Pack>,
    /// Everything that is wrong, by file and place.
    pub problems: Vec<Problem>,
}

/// Loads the pack in a folder.
#[allow(clippy::disallowed_methods)]
pub fn load_dir(folder: &Path) -> Loaded {
    let mut problems = Vec::new();
    let mut files = BTreeMap::new();
    let shown = folder.display().to_string();
    for entry in walkdir::WalkDir::new(folder).follow_links(false).max_depth(16).sort_by_file_name() {
        let Ok(entry) = entry else { continue };
        let Ok(relative) = entry.path().strip_prefix(folder) else { continue };
        let Some(relative) = relative.to_str().map(|path| path.replace('\\', "/")) else { continue };
        let path = format!("{}/{relative}", shown.trim_end_matches('/'));
        if entry.path_is_symlink() {
            problems.push(file_problem("link", &path, "symbolic links are not followed; put the file itself here".into()));
            continue;
        }
        if !entry.file_type().is_file() || !is_pack_file(&relative) {
            continue;
        }
        if entry.metadata().map_or(0, |meta| meta.len()) > MAX_FILE || files.len() >= MAX_FILES {
            problems.push(file_problem(
                "too-large",
                &path,
                format!("larger than {MAX_FILE} bytes, or more than {MAX_FILES} files"),
            ));
            continue;
        }
        match std::fs::read_to_string(entry.path()) {
            Ok(text) => {
                files.insert(relative, Arc::from(text));
            }
            Err(error) => problems.push(file_problem("unreadable", &path, format!("cannot be read: {error}"))),
        }
    }
    let mut loaded = load_files(&shown, &files);
    loaded.problems.extend(problems);
    loaded
}

fn file_problem(code: &'static str, path: &str, message: String) -> Problem {
    Problem { code, level: ProblemLevel::Error, path: path.into(), text: "".into(), span: None, message, help: None }
}

fn is_pack_file(path: &str) -> bool {
    let ending = path.rsplit_once('.').map_or("", |(_, ending)| ending);
    path.starts_with("templates/") || path.starts_with("tests/given/") || matches!(ending, "yaml" | "yml" | "toml")
}

/// Loads a pack from its files: path below the pack to text. `name` is shown before the paths.
pub fn load_files(name: &str, files: &BTreeMap<String, Arc<str>>) -> Loaded {
    let mut problems = Vec::new();
    let Some(manifest) = files.get("pack.toml") else {
        let path = format!("{}/pack.toml", name.trim_end_matches('/'));
        let mut problem = file_problem("no-manifest", &path, "there is no `pack.toml` here".into());
        problem.help =
            Some("a pack is a folder with a `pack.toml`; write one with `[pack]`, `name`, `version` and `format = 1`".into());
        return Loaded { pack: None, problems: vec![problem] };
    };
    let mut loader = Loader { root: name, problems: &mut problems, givens: Vec::new() };
    let pack = loader.manifest(manifest).map(|mut pack| {
        for (path, text) in files {
            loader.file(path, text, &mut pack);
        }
        loader.check_ids(&pack);
        loader.check_givens(&pack);
        pack.files = files.clone();
        pack
    });
    problems.sort_by(|a, b| (&a.path, a.span.map(|s| s.start)).cmp(&(&b.path, b.span.map(|s| s.start))));
    Loaded { pack, problems }
}

struct Loader<'a> {
    root: &'a str,
    problems: &'a mut Vec<Problem>,
    /// The projects that examples name.
    givens: Vec<Text>,
}

impl Loader<'_> {
    fn reader(&mut self, path: &str, text: &Arc<str>) -> Reader<'_> {
        let path = format!("{}/{path}", self.root.trim_end_matches('/'));
        Reader { path: path.into(), text: text.clone(), problems: self.problems, givens: &mut self.givens }
    }

    /// The documents of a YAML or TOML file.
    fn documents(&mut self, path: &str, text: &Arc<str>) -> Vec<Value> {
        let read = if path.ends_with(".toml") { read_toml(text).map(|value| vec![value]) } else { read_yaml(text) };
        match read {
            Ok(documents) if documents.iter().all(|document| document.kind == Kind::Null) => {
                let help = Some("write a rule, or remove the file".to_owned());
                self.reader(path, text).problem("file-syntax", Span::default(), "this file is empty".into(), help);
                Vec::new()
            }
            Ok(documents) => documents,
            Err(SyntaxError { at, message, help }) => {
                self.reader(path, text).problem("file-syntax", at, message, help);
                Vec::new()
            }
        }
    }

    fn manifest(&mut self, text: &Arc<str>) -> Option<Pack> {
        let documents = self.documents("pack.toml", text);
        let value = documents.first()?;
        let mut reader = self.reader("pack.toml", text);
        let map = reader.map(value, "pack.toml", MANIFEST);
        let head = reader.map(map.get("pack")?, "[pack]", PACK);
        let name = head.get("name").map(|v| reader.string(v, "name")).unwrap_or_default();
        if let Some(value) = head.get("name").filter(|_| !is_pack_name(&name)) {
            let message = format!("the pack's name `{name}` is none: 2 to 39 lower-case letters, digits and hyphens");
            let spelled = name.to_lowercase().replace([' ', '_', '.'], "-");
            let help = is_pack_name(&spelled).then(|| format!("write `{spelled}`"));
            reader.problem("wrong-value", value.span, message, help);
        }
        let version_text = head.get("version").map(|v| reader.string(v, "version")).unwrap_or_default();
        let version = semver::Version::parse(&version_text).unwrap_or_else(|_| {
            if let Some(value) = head.get("version") {
                let message = format!("the version `{version_text}` is not semantic");
                reader.problem("wrong-value", value.span, message, Some("write three numbers, e.g. \"1.0.0\"".into()));
            }
            semver::Version::new(0, 0, 0)
        });
        if let Some(format) = head.get("format")
            && format.kind != Kind::Number(1.0)
        {
            reader.problem(
                "format",
                format.span,
                "this engine reads rule format 1".into(),
                Some("update rune, or the pack".into()),
            );
            return None;
        }
        let mut pack = Pack {
            name,
            version,
            description: head.get("description").map(|v| reader.string(v, "description")).unwrap_or_default(),
            skills: BTreeMap::new(),
            options: BTreeMap::new(),
            path_classes: BTreeMap::new(),
            relations: Vec::new(),
            rules: Vec::new(),
            relation_rules: Vec::new(),
            tables: Vec::new(),
            templates: BTreeMap::new(),
            givens: BTreeMap::new(),
            files: BTreeMap::new(),
        };
        read_skills(&mut reader, map.get("skills"), &mut pack);
        read_options(&mut reader, map.get("options"), &mut pack);
        read_path_classes(&mut reader, map.get("paths"), &mut pack);
        Some(pack)
    }

    fn file(&mut self, path: &str, text: &Arc<str>, pack: &mut Pack) {
        if let Some(rest) = path.strip_prefix("templates/") {
            pack.templates.insert(rest.to_owned(), text.to_string());
            return;
        }
        if let Some(rest) = path.strip_prefix("tests/given/") {
            if let Some((name, inner)) = rest.split_once('/') {
                pack.givens.entry(name.to_owned()).or_default().insert(inner.to_owned(), text.to_string());
            }
            return;
        }
        let Some((stem, ending)) = path.rsplit_once('.') else { return };
        if !matches!(ending, "yaml" | "yml" | "toml") || path == "pack.toml" {
            return;
        }
        let (folder, stem) = stem.rsplit_once('/').unwrap_or(("", stem));
        let documents = self.documents(path, text);
        match folder {
            "" if stem == "relations" => {
                for document in &documents {
                    self.reader(path, text).relations(document, pack);
                }
            }
            "relations" => {
                for document in &documents {
                    self.relation_documents(path, text, document, pack);
                }
            }
            "tables" | "tests" | "docs" => {}
            _ if folder.starts_with("tests/") => {}
            skill => self.skill_file(path, text, (skill, stem), &documents, pack),
        }
    }

    /// In TOML several relation rules stand in one file as `[[relation_rules]]` and `[[tables]]`.
    fn relation_documents(&mut self, path: &str, text: &Arc<str>, document: &Value, pack: &mut Pack) {
        let Kind::Map(entries) = &document.kind else { return };
        let lists = entries.iter().filter(|(key, _)| matches!(key.name.as_str(), "relation_rules" | "tables"));
        let inner: Vec<&Value> = lists
            .flat_map(|(_, value)| match &value.kind {
                Kind::List(items) => items.iter().collect::<Vec<_>>(),
                _ => Vec::new(),
            })
            .collect();
        if inner.is_empty() {
            self.reader(path, text).relation_document(document, pack);
        }
        for value in inner {
            self.reader(path, text).relation_document(value, pack);
        }
    }

    fn skill_file(&mut self, path: &str, text: &Arc<str>, (skill, stem): (&str, &str), documents: &[Value], pack: &mut Pack) {
        if !pack.skills.contains_key(skill) {
            let near = nearest(skill, pack.skills.keys().map(String::as_str)).map(str::to_owned);
            let help = near
                .map_or_else(|| format!("declare it in pack.toml: `[skills.{skill}]`"), |near| format!("did you mean `{near}`?"));
            self.reader(path, text).problem(
                "unknown-skill",
                Span::default(),
                format!("the folder `{skill}` is no skill of this pack"),
                Some(help),
            );
            return;
        }
        for (number, document) in documents.iter().enumerate() {
            let mut reader = self.reader(path, text);
            if number == 0 {
                let rule = reader.rule(document, skill, stem);
                pack.rules.extend(Some(rule).filter(|_| matches!(document.kind, Kind::Map(_))));
            } else {
                reader.relation_document(document, pack);
            }
        }
    }

    fn check_ids(&mut self, pack: &Pack) {
        let rules = pack.rules.iter().map(|rule| (&rule.id, &rule.pattern, rule.id_span));
        let relation_rules = pack.relation_rules.iter().map(|rule| (&rule.id, &rule.pattern, rule.id_span));
        let tables = pack.tables.iter().map(|table| (&table.id.value, &table.id, table.id.span()));
        self.check_unique("the id", "used", rules.chain(relation_rules).chain(tables));
        let relations = pack.relations.iter().map(|relation| (&relation.name, &relation.text, relation.text.span()));
        self.check_unique("the relation", "declared", relations);
    }

    /// Each name stands once; `text` says in which file, `span` where.
    fn check_unique<'p>(&mut self, what: &str, done: &str, names: impl Iterator<Item = (&'p String, &'p Text, Span)>) {
        let mut seen: BTreeMap<&String, (&Text, Span)> = BTreeMap::new();
        for (name, text, span) in names.filter(|(name, ..)| !name.is_empty()) {
            let Some((first, at)) = seen.get(name) else {
                seen.insert(name, (text, span));
                continue;
            };
            let line = Text::new(String::new(), &first.path, &first.file_text, *at).line();
            self.problems.push(Problem {
                code: "duplicate-id",
                level: ProblemLevel::Error,
                path: text.path.clone(),
                text: text.file_text.clone(),
                span: Some(span),
                message: format!("{what} `{name}` is {done} twice in this pack"),
                help: Some(format!("the first stands in {}, line {line}; give one of them another name", first.path)),
            });
        }
    }

    fn check_givens(&mut self, pack: &Pack) {
        for text in std::mem::take(&mut self.givens) {
            if pack.givens.contains_key(&text.value) {
                continue;
            }
            let near = nearest(&text.value, pack.givens.keys().map(String::as_str));
            let help = near.map_or_else(
                || format!("put its files below `tests/given/{}/`", text.value),
                |near| format!("did you mean `{near}`?"),
            );
            self.problems.push(Problem {
                code: "unknown-given",
                level: ProblemLevel::Error,
                path: text.path.clone(),
                text: text.file_text.clone(),
                span: Some(text.span()),
                message: format!("there is no project `{}` in tests/given", text.value),
                help: Some(help),
            });
        }
    }
}

fn is_pack_name(name: &str) -> bool {
    let is_letter = |c: char| c.is_ascii_lowercase() || c.is_ascii_digit() || c == '-';
    (2..=39).contains(&name.len()) && name.chars().all(is_letter) && name.starts_with(|c: char| c.is_ascii_lowercase())
}

fn read_skills(reader: &mut Reader<'_>, value: Option<&Value>, pack: &mut Pack) {
    let Some(Value { kind: Kind::Map(skills), .. }) = value else { return };
    for (key, body) in skills {
        let map = reader.map(body, &format!("[skills.{}]", key.name), SKILL);
        let title = map.get("title").map(|title| reader.string(title, "title"));
        pack.skills.insert(key.name.clone(), title.unwrap_or_else(|| key.name.clone()));
    }
}

fn read_options(reader: &mut Reader<'_>, value: Option<&Value>, pack: &mut Pack) {
    let Some(Value { kind: Kind::Map(options), .. }) = value else { return };
    let kinds = [
        ("string", OptionKind::String),
        ("number", OptionKind::Number),
        ("duration", OptionKind::Duration),
        ("regex", OptionKind::Regex),
        ("list", OptionKind::List),
        ("bool", OptionKind::Bool),
    ];
    for (name, body) in options {
        let map = reader.map(body, &format!("[options.{}]", name.name), OPTION);
        let kind = reader.word(map.get("type"), "type", &kinds, OptionKind::String);
        let Some(value) = map.get("default") else { continue };
        let default = match (&value.kind, kind) {
            (Kind::Number(n), OptionKind::Number) => OptionValue::Number(*n),
            (Kind::Bool(b), OptionKind::Bool) => OptionValue::Bool(*b),
            (Kind::String(s), OptionKind::String | OptionKind::Regex | OptionKind::Duration) => OptionValue::String(s.clone()),
            (Kind::List(items), OptionKind::List) => {
                OptionValue::List(items.iter().map(|item| reader.string(item, "default")).collect())
            }
            _ if map.get("type").is_none() => continue,
            _ => {
                let (is, write) = kind.spelling();
                let message = format!("the default of `{}` is no {is}", name.name);
                reader.problem("wrong-value", value.span, message, Some(format!("write {write}")));
                continue;
            }
        };
        let about = map.get("about").map(|v| reader.string(v, "about")).unwrap_or_default();
        let text = match &value.kind {
            Kind::String(_) => reader.text(value, "default"),
            _ => Text::new(String::new(), &reader.path, &reader.text, value.span),
        };
        pack.options.insert(name.name.clone(), PackOption { kind, default, about, text });
    }
}

fn read_path_classes(reader: &mut Reader<'_>, value: Option<&Value>, pack: &mut Pack) {
    let Some(Value { kind: Kind::Map(classes), .. }) = value else { return };
    for (key, globs) in classes {
        let globs = reader.texts(globs, &key.name);
        pack.path_classes.insert(key.name.clone(), globs);
    }
}
