//! What a project has otherwise than its packs: rules that are off, other severities, fixes that are not applied; for all
//! files or for some.

use std::sync::Arc;

use globset::GlobSet;
use rune_model::{Finding, Problem, RuleInfo, Safety, Severity};
use rune_pack::{Config, FixLimit, Level, RuleSetting, Text};

use crate::compile::{glob_set, near};

/// The settings of the configuration files of a project.
#[derive(Debug, Default)]
pub struct Settings {
    /// From the outermost file to the innermost.
    layers: Vec<Layer>,
}

/// One configuration file.
#[derive(Debug)]
struct Layer {
    path: Arc<str>,
    reach: Reach,
    is_root: bool,
    rules: Vec<Setting>,
    overrides: Vec<(Files, Vec<Setting>)>,
    exclude: GlobSet,
}

/// Where a configuration file lies, seen from the root of the run. Both end in `/` unless they are empty.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Reach {
    /// At the root or above it: the way from there to the root.
    Above(String),
    /// In a folder below the root.
    Below(String),
}

/// The files that a setting holds in.
#[derive(Debug)]
struct Files {
    /// All if it has none.
    files: Option<GlobSet>,
    ignores: GlobSet,
}

#[derive(Debug)]
struct Setting {
    which: Which,
    files: Files,
    level: Option<Level>,
    fix: Option<FixLimit>,
    text: Text,
}

/// The rules that a setting names, the wider ones first.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
enum Which {
    All,
    Pack(String),
    Skill(String, String),
    Rule(String),
}

/// What holds for a rule in a file, each with the words that set it and their place; `None` where the pack decides.
#[derive(Debug, Clone, Copy, Default)]
pub struct Resolved<'s> {
    /// Whether it reports.
    pub level: Option<(Level, &'s Text)>,
    /// How bad what it finds is.
    pub severity: Option<(Severity, &'s Text)>,
    /// The most that may be done with its fixes.
    pub fix: Option<(FixLimit, &'s Text)>,
}

impl Resolved<'_> {
    /// Whether it reports nothing.
    pub fn is_off(&self) -> bool {
        self.level.is_some_and(|(level, _)| level == Level::Off)
    }
}

impl Settings {
    /// Adds a file, further in than those added before; `rules` are those of all packs that run, `others` the names of
    /// packs that do not.
    pub fn add(&mut self, reach: Reach, config: &Config, rules: &[RuleInfo], others: &[String]) -> Vec<Problem> {
        let mut reader = Reader { rules, others, problems: Vec::new() };
        let layer = Layer {
            path: config.path.clone(),
            reach,
            is_root: config.is_root,
            rules: reader.settings(&config.rules),
            overrides: config
                .overrides
                .iter()
                .map(|part| (reader.files(&part.files, &part.ignores), reader.settings(&part.rules)))
                .collect(),
            exclude: reader.globs(&config.exclude),
        };
        self.layers.push(layer);
        reader.problems
    }

    /// The files that are in force for a path, the innermost last, each with the path as it sees it.
    fn layers_of<'s, 'p>(&'s self, path: &'p str) -> Vec<(&'s Layer, std::borrow::Cow<'p, str>)> {
        let seen = |layer: &'s Layer| match &layer.reach {
            Reach::Above(way) if way.is_empty() => Some((layer, path.into())),
            Reach::Above(way) => Some((layer, format!("{way}{path}").into())),
            Reach::Below(folder) => path.strip_prefix(folder.as_str()).map(|rest| (layer, rest.into())),
        };
        let mut layers: Vec<_> = self.layers.iter().filter_map(seen).collect();
        if let Some(at) = layers.iter().rposition(|(layer, _)| layer.is_root) {
            layers.drain(..at);
        }
        layers
    }

    /// The configuration files that are in force for a path, the innermost last.
    pub fn files_of(&self, path: &str) -> Vec<&str> {
        self.layers_of(path).into_iter().map(|(layer, _)| layer.path.as_ref()).collect()
    }

    /// Whether a file is not to be read.
    pub fn is_excluded(&self, path: &str) -> bool {
        self.layers_of(path).iter().any(|(layer, seen)| layer.exclude.is_match(seen.as_ref()))
    }

    /// What holds for a rule in a file. With `selected`, that a rule is off for all files does not count: it was asked for.
    pub fn resolve(&self, rule: &str, skill: &str, path: &str, selected: bool) -> Resolved<'_> {
        let mut resolved = Resolved::default();
        for (layer, seen) in self.layers_of(path) {
            let fits = |setting: &&Setting| setting.which.has(rule, skill) && setting.files.has(&seen);
            let everywhere = layer.rules.iter().filter(fits).map(|setting| (setting, selected));
            let some = layer.overrides.iter().filter(|(files, _)| files.has(&seen));
            let some = some.flat_map(|(_, settings)| settings.iter().filter(fits)).map(|setting| (setting, false));
            for (setting, keeps_level) in everywhere.chain(some) {
                resolved.take(setting, keeps_level);
            }
        }
        resolved
    }

    /// Whether a rule reports nothing in any file.
    pub fn is_off(&self, rule: &RuleInfo) -> bool {
        let of_rule = |setting: &&Setting| setting.which.has(&rule.id, &rule.skill);
        let is_everywhere = |layer: &&Layer| matches!(layer.reach, Reach::Above(_));
        let everywhere = self.layers.iter().filter(is_everywhere).flat_map(|layer| &layer.rules);
        let last =
            everywhere.filter(of_rule).filter(|setting| setting.files.are_all()).filter_map(|setting| setting.level).next_back();
        // What turns it on in some files.
        let partly = |layer: &Layer| {
            let some = layer.overrides.iter().flat_map(|(_, settings)| settings);
            let rules = layer.rules.iter().filter(|setting| !(is_everywhere(&layer) && setting.files.are_all()));
            let starts_anew = layer.is_root && !is_everywhere(&layer);
            starts_anew || some.chain(rules).filter(of_rule).any(|setting| setting.level.is_some_and(|level| level != Level::Off))
        };
        last == Some(Level::Off) && !self.layers.iter().any(partly)
    }

    /// Findings as the project wants them: without those of rules that are off, with its severities and limits of fixes.
    pub fn apply(&self, findings: Vec<Finding>, selected: &dyn Fn(&str) -> bool) -> Vec<Finding> {
        if self.layers.is_empty() {
            return findings;
        }
        let set = |mut finding: Finding| {
            let resolved = self.resolve(&finding.rule, &finding.skill, &finding.place.path, selected(&finding.rule));
            if resolved.is_off() {
                return None;
            }
            if let Some((severity, _)) = resolved.severity {
                finding.severity = severity;
            }
            if let (Some((limit, text)), Some(fix)) = (resolved.fix, &mut finding.fix) {
                match limit {
                    FixLimit::Unsafe => fix.safety = fix.safety.max(Safety::Unsafe),
                    FixLimit::Display => fix.safety = Safety::Display,
                    FixLimit::Off => {
                        finding.fix = None;
                        finding.no_fix = Some(format!("{} turns the fixes of `{}` off", text.path, text.value));
                    }
                }
            }
            Some(finding)
        };
        findings.into_iter().filter_map(set).collect()
    }
}

impl<'s> Resolved<'s> {
    fn take(&mut self, setting: &'s Setting, keeps_level: bool) {
        if let Some(level) = setting.level.filter(|level| !(keeps_level && *level == Level::Off)) {
            self.level = Some((level, &setting.text));
            if let Level::Severity(severity) = level {
                self.severity = Some((severity, &setting.text));
            }
        }
        if let Some(fix) = setting.fix {
            self.fix = Some((fix, &setting.text));
        }
    }
}

impl Files {
    fn has(&self, path: &str) -> bool {
        self.files.as_ref().is_none_or(|files| files.is_match(path)) && !self.ignores.is_match(path)
    }

    fn are_all(&self) -> bool {
        self.files.is_none() && self.ignores.is_empty()
    }
}

impl Which {
    fn has(&self, rule: &str, of_skill: &str) -> bool {
        let pack_of = rule.split('/').next().unwrap_or(rule);
        match self {
            Which::All => true,
            Which::Pack(pack) => pack == pack_of,
            Which::Skill(pack, skill) => pack == pack_of && skill == of_skill,
            Which::Rule(id) => id == rule,
        }
    }

    fn of(text: &str) -> Option<Which> {
        if text == "*" {
            return Some(Which::All);
        }
        let (pack, rest) = text.split_once('/')?;
        Some(match (rest, rest.strip_prefix("@skill:")) {
            ("*", _) => Which::Pack(pack.to_owned()),
            (_, Some(skill)) => Which::Skill(pack.to_owned(), skill.to_owned()),
            _ => Which::Rule(text.to_owned()),
        })
    }
}

/// Reads settings against the rules there are.
struct Reader<'r> {
    rules: &'r [RuleInfo],
    others: &'r [String],
    problems: Vec<Problem>,
}

impl Reader<'_> {
    /// The settings of a map, the wider ones first, whatever their order in the file.
    fn settings(&mut self, settings: &[RuleSetting]) -> Vec<Setting> {
        let mut read: Vec<Setting> = settings.iter().filter_map(|setting| self.setting(setting)).collect();
        read.sort_by(|a, b| a.which.cmp(&b.which));
        read
    }

    fn setting(&mut self, setting: &RuleSetting) -> Option<Setting> {
        let which = self.which(&setting.rules)?;
        let files = self.files(&setting.files, &setting.ignores);
        Some(Setting { which, files, level: setting.level, fix: setting.fix, text: setting.rules.clone() })
    }

    fn which(&mut self, text: &Text) -> Option<Which> {
        let which = Which::of(&text.value);
        let packs: Vec<&str> = self.rules.iter().filter_map(|rule| rule.id.split('/').next()).collect();
        let of_pack = |pack: &str| self.rules.iter().filter(|rule| rule.id.split('/').next() == Some(pack)).collect::<Vec<_>>();
        let known = |rule: &&RuleInfo| which.as_ref().is_some_and(|which| which.has(&rule.id, &rule.skill));
        if which == Some(Which::All) || self.rules.iter().any(|rule| known(&rule)) {
            return which;
        }
        let pack = text.value.split('/').next().unwrap_or_default();
        if self.others.iter().any(|other| other == pack) {
            return None;
        }
        let (message, help) = match &which {
            Some(_) if !packs.contains(&pack) => {
                (format!("no pack is called `{pack}` here"), format!("write `[packs.{pack}]`, or remove this"))
            }
            Some(Which::Skill(_, skill)) => {
                let mut skills: Vec<&str> = of_pack(pack).iter().map(|rule| rule.skill.as_str()).collect();
                skills.dedup();
                (format!("the pack `{pack}` has no skill `{skill}`"), format!("it has {}", skills.join(", ")))
            }
            Some(Which::Rule(id)) => {
                let meant = near(id, &of_pack(pack).iter().map(|rule| rule.id.as_str()).collect::<Vec<_>>());
                let help =
                    meant.map_or(format!("`rune rules` lists those of `{pack}`"), |near| format!("did you mean `{near}`?"));
                (format!("there is no rule `{id}`"), help)
            }
            _ => {
                let meant = self.rules.iter().find(|rule| rule.id.rsplit('/').next() == Some(text.value.as_str()));
                let help = meant.map_or("write `pack/rule`, `pack/@skill:NAME`, `pack/*` or `*`".to_owned(), |rule| {
                    format!("write `{}`", rule.id)
                });
                (format!("`{}` names no rules", text.value), help)
            }
        };
        self.problems.push(text.problem("unknown-rule", message, help));
        None
    }

    fn files(&mut self, files: &[Text], ignores: &[Text]) -> Files {
        Files { files: glob_set(files, &mut self.problems), ignores: self.globs(ignores) }
    }

    fn globs(&mut self, globs: &[Text]) -> GlobSet {
        glob_set(globs, &mut self.problems).unwrap_or_default()
    }
}
