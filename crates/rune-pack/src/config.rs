//! Configuration files: which packs a project runs, and what it has otherwise than they do.

use std::path::{Path, PathBuf};
use std::sync::Arc;

use rune_model::{Problem, Severity, Span};

use crate::field::{CONFIG, OVERRIDE, PACK_SOURCE, RULE_SETTING};
use crate::model::{OptionValue, Pack};
use crate::read::{Map, Reader, nearest};
use crate::value::{Key, Kind, Text, Value, read_toml, read_yaml};

/// What a configuration file says.
#[derive(Debug, Clone)]
pub struct Config {
    /// The file as it is written for people.
    pub path: Arc<str>,
    /// The folder it lies in: globs and paths start there.
    pub folder: PathBuf,
    /// Whether files further up do not count for what lies below this one.
    pub is_root: bool,
    /// The file it builds on.
    pub extends: Option<Text>,
    /// The packs to run.
    pub packs: Vec<PackSource>,
    /// Settings of rules for all files.
    pub rules: Vec<RuleSetting>,
    /// Settings of rules for some files, in order.
    pub overrides: Vec<Override>,
    /// Globs of files that are not read.
    pub exclude: Vec<Text>,
    /// From which severity on findings make a run fail.
    pub fail_on: Option<(Severity, Text)>,
    /// Whether possible findings are reported; `None` if it does not say.
    pub includes_possible: Option<(bool, Text)>,
}

/// A pack that a project runs.
#[derive(Debug, Clone)]
pub struct PackSource {
    /// The name before its rules.
    pub alias: Text,
    /// Where it is.
    pub place: PackPlace,
    /// Values of its knobs.
    pub options: Vec<OptionSet>,
}

/// Where a pack is.
#[derive(Debug, Clone)]
pub enum PackPlace {
    /// It comes with the binary, under its alias.
    BuiltIn,
    /// In a folder, as it is written, and from here.
    Folder(Text, PathBuf),
}

/// The value that a project gives a knob.
#[derive(Debug, Clone)]
pub struct OptionSet {
    /// The knob.
    pub name: Text,
    /// The value.
    pub value: OptionValue,
    /// The value with its place.
    pub text: Text,
}

/// What a project has otherwise than some rules do.
#[derive(Debug, Clone)]
pub struct RuleSetting {
    /// The rules: `pack/rule`, `pack/@skill:NAME`, `pack/*`, `*`.
    pub rules: Text,
    /// Off, on, or a severity.
    pub level: Option<Level>,
    /// The most that may be done with their fixes.
    pub fix: Option<FixLimit>,
    /// The files it holds in; all if there are none.
    pub files: Vec<Text>,
    /// The files it does not hold in.
    pub ignores: Vec<Text>,
}

/// Settings for some files.
#[derive(Debug, Clone)]
pub struct Override {
    /// The files it holds in.
    pub files: Vec<Text>,
    /// The files it does not hold in.
    pub ignores: Vec<Text>,
    /// The settings.
    pub rules: Vec<RuleSetting>,
}

/// Whether rules report, and how bad it is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Level {
    /// They report nothing.
    Off,
    /// They report, as the pack has it.
    On,
    /// They report with this severity.
    Severity(Severity),
}

/// The most that may be done with a fix.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum FixLimit {
    /// Applied by `--unsafe-fixes`.
    Unsafe,
    /// Shown.
    Display,
    /// Nothing.
    Off,
}

/// The words of levels.
pub(crate) const LEVELS: &[(&str, Level)] = &[
    ("off", Level::Off),
    ("on", Level::On),
    ("critical", Level::Severity(Severity::Critical)),
    ("high", Level::Severity(Severity::High)),
    ("medium", Level::Severity(Severity::Medium)),
    ("low", Level::Severity(Severity::Low)),
    ("info", Level::Severity(Severity::Info)),
];

/// The words of what may be done with fixes.
pub(crate) const FIX_LIMITS: &[(&str, FixLimit)] =
    &[("unsafe", FixLimit::Unsafe), ("display", FixLimit::Display), ("off", FixLimit::Off)];

impl Level {
    /// The word for it.
    pub fn as_str(self) -> &'static str {
        LEVELS.iter().find(|(_, level)| *level == self).map_or("", |(word, _)| word)
    }
}

impl FixLimit {
    /// The word for it.
    pub fn as_str(self) -> &'static str {
        FIX_LIMITS.iter().find(|(_, limit)| *limit == self).map_or("", |(word, _)| word)
    }
}

/// Names of files that hold nothing else, then of those that may have a part for rune.
pub const CONFIG_FILES: &[&str] = &["rune.toml", "rune.yaml", "rune.yml", "pyproject.toml", "package.json"];

/// The configuration that a file holds: `None` if it holds none, as most `package.json` do. `shown` is its path for
/// people, `folder` where it lies.
pub fn read_config(shown: &str, folder: &Path, text: &str) -> (Option<Config>, Vec<Problem>) {
    let mut problems = Vec::new();
    let config = document(shown, text, &mut problems).map(|value| {
        let mut givens = Vec::new();
        let reader = Reader { path: shown.into(), text: text.into(), problems: &mut problems, givens: &mut givens };
        ConfigReader { reader, folder }.config(&value)
    });
    (config, problems)
}

/// The part of a file that configures rune.
fn document(shown: &str, text: &str, problems: &mut Vec<Problem>) -> Option<Value> {
    let name = shown.rsplit('/').next().unwrap_or(shown);
    let path: &[&str] = match name {
        "pyproject.toml" => &["tool", "rune"],
        "package.json" => &["rune"],
        _ => &[],
    };
    if !path.is_empty() && !text.contains("rune") {
        return None;
    }
    let read = if name.ends_with(".toml") {
        read_toml(text)
    } else {
        read_yaml(text).map(|documents| documents.into_iter().next().unwrap_or(empty()))
    };
    match read {
        Ok(value) => path.iter().try_fold(value, |value, key| value.into_entry(key)),
        // Whether another tool's file is well-formed is not for rune to say.
        Err(_) if !path.is_empty() => None,
        Err(fault) => {
            let mut givens = Vec::new();
            let mut reader = Reader { path: shown.into(), text: text.into(), problems, givens: &mut givens };
            reader.problem("file-syntax", fault.at, fault.message, fault.help);
            None
        }
    }
}

fn empty() -> Value {
    Value { kind: Kind::Map(Vec::new()), span: Span::default() }
}

struct ConfigReader<'a> {
    reader: Reader<'a>,
    folder: &'a Path,
}

impl ConfigReader<'_> {
    fn config(mut self, value: &Value) -> Config {
        let nothing = empty();
        // A file of comments alone is `null` in YAML.
        let value = if value.kind == Kind::Null { &nothing } else { value };
        let map = self.reader.map(value, "the configuration", CONFIG);
        let extends = map.get("extends").map(|value| self.reader.text(value, "extends"));
        let severities: Vec<_> = Severity::ALL.iter().map(|severity| (severity.as_str(), Some(*severity))).collect();
        Config {
            path: self.reader.path.clone(),
            folder: self.folder.to_owned(),
            is_root: map.get("root").is_some_and(|value| self.bool(value, "root")),
            extends,
            packs: self.entries(&map, "packs").iter().filter_map(|(key, value)| self.pack(key, value)).collect(),
            rules: self.settings(&map),
            overrides: self.overrides(&map),
            exclude: self.texts(&map, "exclude"),
            fail_on: self.reader.word(map.get("fail-on"), "fail-on", &severities, None).zip(self.place(&map, "fail-on")),
            includes_possible: map.get("include").map(|value| self.includes_possible(value)).zip(self.place(&map, "include")),
        }
    }

    /// Where the value of a key stands.
    fn place(&self, map: &Map<'_>, name: &str) -> Option<Text> {
        map.get(name).map(|value| Text::new(String::new(), &self.reader.path, &self.reader.text, value.span))
    }

    fn bool(&mut self, value: &Value, what: &str) -> bool {
        if let Kind::Bool(is) = value.kind {
            return is;
        }
        let help = Some("write it without quotes".to_owned());
        self.reader.problem("wrong-type", value.span, format!("`{what}` must be true or false"), help);
        false
    }

    fn texts(&mut self, map: &Map<'_>, name: &str) -> Vec<Text> {
        map.get(name).map(|value| self.reader.texts(value, name)).unwrap_or_default()
    }

    fn includes_possible(&mut self, value: &Value) -> bool {
        let words = self.reader.texts(value, "include");
        for word in words.iter().filter(|word| word.value != "possible") {
            let message = format!("`include` has `{}`, which is not `possible`", word.value);
            self.reader.problem("wrong-value", word.span(), message, Some("write `possible`".to_owned()));
        }
        words.iter().any(|word| word.value == "possible")
    }

    /// The entries of a key that must hold a map.
    fn entries<'v>(&mut self, map: &Map<'v>, name: &str) -> &'v [(Key, Value)] {
        match map.get(name) {
            Some(Value { kind: Kind::Map(entries), .. }) => entries,
            Some(other) => {
                let help = Some(format!("write `[{name}]` and one line each below it"));
                self.reader.problem("wrong-type", other.span, format!("`{name}` must be a map of keys"), help);
                &[]
            }
            None => &[],
        }
    }

    fn pack(&mut self, key: &Key, value: &Value) -> Option<PackSource> {
        let map = self.reader.map(value, &format!("[packs.{}]", key.name), PACK_SOURCE);
        let is_built_in = map.get("builtin").is_some_and(|value| self.bool(value, "builtin"));
        let folder = map.get("path").map(|value| self.reader.text(value, "path"));
        let place = match (is_built_in, folder) {
            (true, None) => PackPlace::BuiltIn,
            (false, Some(folder)) => {
                let from_here = self.folder.join(&folder.value);
                PackPlace::Folder(folder, from_here)
            }
            (is_built_in, _) => {
                let says = if is_built_in { "says twice" } else { "does not say" };
                let help = format!("write `builtin = true`, or `path = \"./rulepacks/{}\"`: one of them", key.name);
                self.reader.problem(
                    "wrong-value",
                    key.span,
                    format!("[packs.{}] {says} where the pack is", key.name),
                    Some(help),
                );
                return None;
            }
        };
        let options = self.entries(&map, "options").iter().filter_map(|(key, value)| self.option(key, value)).collect();
        Some(PackSource { alias: self.key(key), place, options })
    }

    fn key(&self, key: &Key) -> Text {
        Text::new(key.name.clone(), &self.reader.path, &self.reader.text, key.span)
    }

    fn option(&mut self, key: &Key, value: &Value) -> Option<OptionSet> {
        let known = match &value.kind {
            Kind::String(text) => OptionValue::String(text.clone()),
            Kind::Number(n) => OptionValue::Number(*n),
            Kind::Bool(is) => OptionValue::Bool(*is),
            Kind::List(items) => OptionValue::List(items.iter().map(|item| self.reader.string(item, &key.name)).collect()),
            Kind::Null | Kind::Map(_) => {
                let help = Some("write a text, a number, true or false, or a list of texts".to_owned());
                self.reader.problem("wrong-type", value.span, format!("`{}` has no value", key.name), help);
                return None;
            }
        };
        let spelled = if let OptionValue::String(text) = &known { text.clone() } else { String::new() };
        let text = Text::new(spelled, &self.reader.path, &self.reader.text, value.span);
        Some(OptionSet { name: self.key(key), value: known, text })
    }

    fn settings(&mut self, map: &Map<'_>) -> Vec<RuleSetting> {
        self.entries(map, "rules").iter().map(|(key, value)| self.setting(key, value)).collect()
    }

    fn setting(&mut self, key: &Key, value: &Value) -> RuleSetting {
        let rules = self.key(key);
        if !matches!(value.kind, Kind::Map(_)) {
            let level = self.level(Some(value), &key.name);
            return RuleSetting { rules, level, fix: None, files: Vec::new(), ignores: Vec::new() };
        }
        let map = self.reader.map(value, &format!("the setting of `{}`", key.name), RULE_SETTING);
        let fix = map.get("fix").filter(|value| !self.is_promoted(value));
        let limits: Vec<_> = FIX_LIMITS.iter().map(|(name, limit)| (*name, Some(*limit))).collect();
        RuleSetting {
            rules,
            level: self.level(map.get("severity"), "severity"),
            fix: self.reader.word(fix, "fix", &limits, None),
            files: self.texts(&map, "files"),
            ignores: self.texts(&map, "ignores"),
        }
    }

    /// Whether fixes were to be made safer than their rules say, which is told.
    fn is_promoted(&mut self, value: &Value) -> bool {
        let is_safe = value.kind == Kind::String("safe".to_owned());
        if is_safe {
            let help = Some("remove it, or write one of `unsafe`, `display`, `off`".to_owned());
            self.reader.problem(
                "wrong-value",
                value.span,
                "a project cannot make a fix safer than its rule says".to_owned(),
                help,
            );
        }
        is_safe
    }

    fn level(&mut self, value: Option<&Value>, what: &str) -> Option<Level> {
        let levels: Vec<_> = LEVELS.iter().map(|(name, level)| (*name, Some(*level))).collect();
        self.reader.word(value, what, &levels, None)
    }

    fn overrides(&mut self, map: &Map<'_>) -> Vec<Override> {
        let items = self.reader.items(map, "overrides");
        let read = |item: &Value| {
            let map = self.reader.map(item, "[[overrides]]", OVERRIDE);
            Override { files: self.texts(&map, "files"), ignores: self.texts(&map, "ignores"), rules: self.settings(&map) }
        };
        items.iter().map(read).collect()
    }
}

impl Pack {
    /// Gives the pack the name under which a project runs it, and the project's values of its knobs.
    pub fn configure(&mut self, source: &PackSource) -> Vec<Problem> {
        self.name.clone_from(&source.alias.value);
        source.options.iter().filter_map(|set| self.set_option(set).err()).collect()
    }

    fn set_option(&mut self, set: &OptionSet) -> Result<(), Problem> {
        let name = &set.name.value;
        let Some(option) = self.options.get_mut(name) else {
            let help = match nearest(name, self.options.keys().map(String::as_str)) {
                Some(near) => format!("did you mean `{near}`?"),
                None if self.options.is_empty() => "remove it: the pack has no options".to_owned(),
                None => format!("it has {}", self.options.keys().cloned().collect::<Vec<_>>().join(", ")),
            };
            return Err(set.name.problem("unknown-option", format!("the pack has no option `{name}`"), help));
        };
        if option.kind.takes(&set.value) {
            option.default = set.value.clone();
            option.text = set.text.clone();
            return Ok(());
        }
        let (is, write) = option.kind.spelling();
        Err(set.text.problem("wrong-value", format!("the value of `{name}` is no {is}"), format!("write {write}")))
    }
}
