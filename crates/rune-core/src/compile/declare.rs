//! What a pack declares: relations and tables, options, classes of paths.

use std::collections::BTreeMap;

use globset::{Glob, GlobSet, GlobSetBuilder};
use rune_model::Problem;
use rune_pack::{OptionKind, OptionValue, PackOption, Text};
use rune_pattern::{Expression, REGEX_HELP, Value, duration_ms, regex_fault};
use serde_json::Value as Json;

use super::Compiler;
use super::names::near;
use crate::builtin;
use crate::program::{Declared, OptionSetting};

/// The classes of paths in which a rule finds nothing unless it says otherwise.
pub(super) const DEFAULT_SKIP: &[&str] = &["test", "seed", "script", "generated"];

/// The classes of paths in which a relation rule gives no rows unless it says otherwise.
pub(super) const RELATION_SKIP: &[&str] = &["test"];

/// How many classes of paths a pack may define: one bit each.
const MAX_PATH_CLASSES: usize = 64;

impl Compiler<'_> {
    pub(super) fn declare(&mut self) {
        for declared in &self.pack.relations {
            if builtin::is_builtin(&declared.name) {
                let message = format!("the relation `{}` is built in", declared.name);
                let help = Some("give yours another name".to_owned());
                self.error(&declared.text, "built-in-relation", 0..declared.name.len(), message, help);
                continue;
            }
            let entry = Declared { columns: declared.columns.clone(), visible_below: declared.visible_below, rows: Vec::new() };
            self.relations.insert(declared.name.clone(), entry);
        }
        for table in &self.pack.tables {
            let Some(declared) = self.relations.get_mut(&table.relation.value) else {
                self.unknown_relation(&table.relation, 0..table.relation.value.len(), &table.relation.value);
                continue;
            };
            let columns = declared.columns.clone();
            for row in &table.rows {
                let value = |name: &String| row.iter().find(|(column, _)| column.value == *name).and_then(|(_, v)| constant(v));
                declared.rows.push(columns.iter().map(|(name, _)| value(name)).collect());
            }
            let names: Vec<&str> = columns.iter().map(|(name, _)| name.as_str()).collect();
            let mut unknown: BTreeMap<&str, &Text> = BTreeMap::new();
            for (column, _) in table.rows.iter().flatten().filter(|(column, _)| !names.contains(&column.value.as_str())) {
                unknown.entry(&column.value).or_insert(column);
            }
            for column in unknown.into_values() {
                self.unknown_column(column, 0..column.value.len(), &table.relation.value, &column.value, &names);
            }
        }
        for (name, option) in &self.pack.options {
            self.option(name, option);
        }
        for (name, globs) in &self.pack.path_classes {
            let set = glob_set(globs, &mut self.problems);
            self.path_classes.push((name.clone(), set.unwrap_or_else(GlobSet::empty)));
        }
        if self.path_classes.len() > MAX_PATH_CLASSES {
            let last = self.pack.path_classes.values().flatten().last();
            if let Some(text) = last {
                let message = format!("a pack has at most {MAX_PATH_CLASSES} classes of paths");
                let help = Some("put globs that are always skipped together into one class".to_owned());
                self.error(text, "too-many-classes", 0..text.value.len(), message, help);
            }
            self.path_classes.truncate(MAX_PATH_CLASSES);
        }
    }

    pub(super) fn option(&mut self, name: &str, option: &PackOption) {
        let mut regex = None;
        let (setting, json) = match &option.default {
            OptionValue::String(text) if option.kind == OptionKind::Duration => {
                let length = duration_ms(text);
                if length.is_none() {
                    let help = Some("write a number with a unit: `90s`, `15m`, `24h`, `7d`".into());
                    let message = format!("the value of `{name}` is no length of time");
                    self.error(&option.text, "wrong-value", 0..text.len(), message, help);
                }
                (length.map_or(Value::Unknown, Value::Duration), Json::String(text.clone()))
            }
            OptionValue::String(text) => {
                if option.kind == OptionKind::Regex {
                    match Expression::new(text) {
                        Ok(built) => regex = Some(built),
                        Err(error) => {
                            let message = format!("the value of `{name}` {}", regex_fault(&error));
                            self.error(&option.text, "regex", 0..text.len(), message, Some(REGEX_HELP.into()));
                        }
                    }
                }
                (Value::Text(text.as_str().into()), Json::String(text.clone()))
            }
            OptionValue::Number(n) => {
                let json = if n.fract() == 0.0 { Json::from(*n as i64) } else { Json::from(*n) };
                (Value::Number(*n), json)
            }
            OptionValue::Bool(b) => (Value::Bool(*b), Json::Bool(*b)),
            OptionValue::List(items) => {
                let list = items.iter().map(|item| Value::Text(item.as_str().into())).collect();
                (Value::List(list), Json::from(items.clone()))
            }
        };
        self.options.insert(name.to_owned(), OptionSetting { value: setting, regex });
        self.option_values.insert(name.to_owned(), json);
    }

    /// The path classes called `names`, a bit each.
    pub(super) fn class_bits(&self, names: &[String]) -> u64 {
        let named = self.path_classes.iter().enumerate().filter(|(_, (name, _))| names.contains(name));
        named.fold(0, |bits, (number, _)| bits | 1 << number)
    }

    /// The classes of paths that a rule skips.
    pub(super) fn skipped(&mut self, said: Option<&Vec<Text>>, default: &[&str]) -> Vec<String> {
        match said {
            Some(classes) => self.classes(classes),
            None => default.iter().map(|name| (*name).to_owned()).collect(),
        }
    }

    /// Classes of paths, which the pack must have.
    fn classes(&mut self, texts: &[Text]) -> Vec<String> {
        let names: Vec<&str> = self.pack.path_classes.keys().map(String::as_str).collect();
        for text in
            texts.iter().filter(|text| !names.contains(&text.value.as_str()) && !DEFAULT_SKIP.contains(&text.value.as_str()))
        {
            let help = match near(&text.value, &names) {
                Some(near) => format!("did you mean `{near}`?"),
                None if names.is_empty() => "declare it in pack.toml, below `[paths]`".to_owned(),
                None => format!("pack.toml has {} below `[paths]`", names.join(", ")),
            };
            let message = format!("there is no class of paths `{}`", text.value);
            self.error(text, "unknown-class", 0..text.value.len(), message, Some(help));
        }
        texts.iter().map(|text| text.value.clone()).collect()
    }
}

fn constant(value: &Json) -> Option<Value> {
    Some(match value {
        Json::String(text) => Value::Text(text.as_str().into()),
        Json::Number(n) => Value::Number(n.as_f64()?),
        Json::Bool(b) => Value::Bool(*b),
        _ => return None,
    })
}

/// The set of some globs; `None` if there are none.
pub(crate) fn glob_set(globs: &[Text], problems: &mut Vec<Problem>) -> Option<GlobSet> {
    if globs.is_empty() {
        return None;
    }
    let mut builder = GlobSetBuilder::new();
    for glob in globs {
        match Glob::new(&glob.value) {
            Ok(glob) => {
                builder.add(glob);
            }
            Err(_) => {
                let help = "write e.g. `**/*.test.ts`, `src/{a,b}/**`, `[ab].ts`; brackets and braces are closed".to_owned();
                problems.push(glob.problem("glob", format!("`{}` is no glob", glob.value), help));
            }
        }
    }
    builder.build().ok()
}
