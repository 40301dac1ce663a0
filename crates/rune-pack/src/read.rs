//! From spanned values to the nouns of a pack; every fault becomes a problem and the reading goes on.

use std::collections::BTreeMap;
use std::sync::Arc;

use rune_model::{Confidence, InsertPlace, Problem, ProblemLevel, Safety, Severity, Span};

use crate::field::{EDIT, EXAMPLE, FIX, Field, RELATION_EXAMPLE, RELATION_RULE, RULE, SEVERITY, TABLE};
use crate::model::*;
use crate::value::{Key, Kind, Text, Value};

/// Reads values of one file.
pub(crate) struct Reader<'a> {
    pub(crate) path: Arc<str>,
    pub(crate) text: Arc<str>,
    pub(crate) problems: &'a mut Vec<Problem>,
}

impl Reader<'_> {
    pub(crate) fn problem(&mut self, code: &'static str, span: Span, message: String, help: Option<String>) {
        self.problems.push(Problem {
            code,
            level: ProblemLevel::Error,
            path: self.path.clone(),
            text: self.text.clone(),
            span: Some(span),
            message,
            help,
        });
    }

    /// The entries of a map, after unknown and missing keys have been told.
    pub(crate) fn map<'v>(&mut self, value: &'v Value, what: &str, fields: &[Field]) -> Map<'v> {
        let Kind::Map(entries) = &value.kind else {
            self.problem("wrong-type", value.span, format!("{what} must be a map of keys"), None);
            return Map { entries: &[], span: value.span };
        };
        for (key, _) in entries {
            if !fields.iter().any(|field| field.name == key.name) {
                let near = nearest(&key.name, fields.iter().map(|field| field.name));
                let help = near.map_or_else(
                    || format!("{what} has the keys {}", fields.iter().map(|f| f.name).collect::<Vec<_>>().join(", ")),
                    |near| format!("did you mean `{near}`?"),
                );
                self.problem("unknown-key", key.span, format!("unknown key `{}` in {what}", key.name), Some(help));
            }
        }
        for field in fields.iter().filter(|field| field.required) {
            if !entries.iter().any(|(key, _)| key.name == field.name) {
                let help = Some(format!("{}: {}", field.name, field.about));
                self.problem("missing-key", value.span, format!("{what} has no `{}`", field.name), help);
            }
        }
        Map { entries, span: value.span }
    }

    pub(crate) fn string(&mut self, value: &Value, what: &str) -> String {
        match &value.kind {
            Kind::String(text) => text.clone(),
            Kind::Number(n) => n.to_string(),
            Kind::Bool(b) => b.to_string(),
            _ => {
                self.problem("wrong-type", value.span, format!("`{what}` must be a text"), None);
                String::new()
            }
        }
    }

    pub(crate) fn text(&mut self, value: &Value, what: &str) -> Text {
        let string = self.string(value, what);
        Text::new(string, &self.path, &self.text, value.span)
    }

    /// The text of a key; empty if the key is missing, which has been told.
    fn text_of(&mut self, map: &Map<'_>, name: &str) -> Text {
        match map.get(name) {
            Some(value) => self.text(value, name),
            None => Text::new(String::new(), &self.path, &self.text, map.span),
        }
    }

    pub(crate) fn strings(&mut self, value: &Value, what: &str) -> Vec<String> {
        match &value.kind {
            Kind::List(items) => items.iter().map(|item| self.string(item, what)).collect(),
            _ => {
                self.problem("wrong-type", value.span, format!("`{what}` must be a list of texts"), None);
                Vec::new()
            }
        }
    }

    fn word<T: Copy>(&mut self, value: Option<&Value>, what: &str, all: &[(&'static str, T)], default: T) -> T {
        let Some(value) = value else { return default };
        let word = self.string(value, what);
        if let Some((_, found)) = all.iter().find(|(name, _)| *name == word) {
            return *found;
        }
        let names: Vec<&str> = all.iter().map(|(name, _)| *name).collect();
        let message = format!("`{what}` is `{word}`, which is none of {}", names.join(", "));
        let help = nearest(&word, names.iter().copied()).map(|near| format!("did you mean `{near}`?"));
        self.problem("wrong-value", value.span, message, help);
        default
    }

    fn languages(&mut self, map: &Map<'_>) -> Vec<String> {
        let Some(value) = map.get("languages") else { return Vec::new() };
        let known = ["ecma", "python", "prisma", "json", "toml", "text", "any"];
        let languages = self.strings(value, "languages");
        for language in &languages {
            if !known.contains(&language.as_str()) {
                let help = nearest(language, known.into_iter()).map(|near| format!("did you mean `{near}`?"));
                let help = help.unwrap_or_else(|| format!("the languages are {}", known.join(", ")));
                self.problem("unknown-language", value.span, format!("unknown language `{language}`"), Some(help));
            }
        }
        languages.into_iter().filter(|language| language != "any").collect()
    }

    /// A rule of a skill folder.
    pub(crate) fn rule(&mut self, value: &Value, skill: &str, stem: &str) -> Rule {
        let map = self.map(value, "a rule", RULE);
        let id = map.get("id").map(|v| self.string(v, "id")).unwrap_or_default();
        if !id.is_empty() && id != stem {
            let span = map.get("id").map_or(map.span, |v| v.span);
            let message = format!("the id `{id}` differs from the file name `{stem}`");
            self.problem("id-differs", span, message, Some("rename the file or the id".into()));
        }
        let languages = self.languages(&map);
        let (severity, severities) = self.severities(map.get("severity"));
        let confidences: Vec<_> = Confidence::ALL.iter().map(|c| (c.as_str(), *c)).collect();
        let examples = map.get("examples").map(|v| self.examples(v, &languages)).unwrap_or_default();
        let fixes = map.get("fix").map(|v| self.fixes(v)).unwrap_or_default();
        let rule = Rule {
            skill: skill.to_owned(),
            summary: map.get("summary").map(|v| self.string(v, "summary")).unwrap_or_default(),
            severity,
            severities,
            confidence: self.word(map.get("confidence"), "confidence", &confidences, Confidence::Medium),
            skip: map.get("skip").map(|v| self.strings(v, "skip")),
            files: map.get("files").map(|v| self.strings(v, "files")).unwrap_or_default(),
            pattern: self.text_of(&map, "match"),
            report: self.text_of(&map, "report"),
            related: map.get("related").map(|v| self.related(v)).unwrap_or_default(),
            why: map.get("why").map(|v| self.string(v, "why")).unwrap_or_default(),
            references: map.get("references").map(|v| self.strings(v, "references")).unwrap_or_default(),
            given: map.get("given").map(|v| self.string(v, "given")),
            path: self.path.clone(),
            id,
            languages,
            fixes,
            examples,
        };
        self.check_examples(&rule, map.get("examples").map_or(map.span, |v| v.span));
        rule
    }

    /// The severity of a rule, and those that hold in its place under conditions.
    fn severities(&mut self, value: Option<&Value>) -> (Severity, Vec<(Severity, Text)>) {
        let words: Vec<_> = Severity::ALL.iter().map(|s| (s.as_str(), *s)).collect();
        let Some(Value { kind: Kind::List(items), span, .. }) = value else {
            return (self.word(value, "severity", &words, Severity::Medium), Vec::new());
        };
        let mut guarded = Vec::new();
        let mut last = None;
        for item in items {
            let map = self.map(item, "a severity", SEVERITY);
            let severity = self.word(map.get("is"), "is", &words, Severity::Medium);
            match map.get("where") {
                Some(guard) if last.is_none() => guarded.push((severity, self.text(guard, "where"))),
                None if last.is_none() => last = Some(severity),
                _ => self.problem("severity-order", item.span, "nothing comes after the severity without `where`".into(), None),
            }
        }
        let Some(last) = last else {
            let help = Some("end the list with `- { is: … }`".into());
            self.problem("severity-order", *span, "the last severity has no `where`".into(), help);
            return (Severity::Medium, guarded);
        };
        (last, guarded)
    }

    fn check_examples(&mut self, rule: &Rule, span: Span) {
        if !rule.examples.iter().any(|example| example.is_bad) {
            let help = Some("add `- bad: |` with code in which the rule must find something".into());
            self.problem("no-bad-example", span, "the rule has no bad example".into(), help);
        }
        if !rule.examples.iter().any(|example| !example.is_bad) {
            let help = Some("add `- good: |` with the look-alike that must stay silent".into());
            self.problem("no-good-example", span, "the rule has no good example".into(), help);
        }
        let has_fix = rule.fixes.iter().any(|fix| fix.safety != Safety::Display);
        if has_fix && !rule.examples.iter().any(|example| example.fixed.is_some()) {
            let help = Some("add `fixed: |` to a bad example".into());
            self.problem("no-fixed-example", span, "the rule has a fix and no `fixed` example".into(), help);
        }
    }

    fn related(&mut self, value: &Value) -> Vec<(Text, Text)> {
        let Kind::Map(entries) = &value.kind else {
            self.problem("wrong-type", value.span, "`related` must be a map of captures to texts".into(), None);
            return Vec::new();
        };
        let capture = |key: &Key| Text::new(key.name.clone(), &self.path, &self.text, key.span);
        let captures: Vec<Text> = entries.iter().map(|(key, _)| capture(key)).collect();
        captures.into_iter().zip(entries.iter().map(|(_, text)| self.text(text, "related"))).collect()
    }

    fn fixes(&mut self, value: &Value) -> Vec<FixSpec> {
        match &value.kind {
            Kind::List(items) => items.iter().map(|item| self.fix(item)).collect(),
            _ => vec![self.fix(value)],
        }
    }

    fn fix(&mut self, value: &Value) -> FixSpec {
        let map = self.map(value, "a fix", FIX);
        let safeties: Vec<_> = Safety::ALL.iter().map(|s| (s.as_str(), *s)).collect();
        let edits = match map.get("edits") {
            Some(Value { kind: Kind::List(items), .. }) => items.iter().filter_map(|item| self.edit(item)).collect(),
            Some(other) => {
                self.problem("wrong-type", other.span, "`edits` must be a list".into(), None);
                Vec::new()
            }
            None => Vec::new(),
        };
        FixSpec {
            title: self.text_of(&map, "title"),
            guard: map.get("where").map(|v| self.text(v, "where")),
            safety: self.word(map.get("safety"), "safety", &safeties, Safety::Display),
            edits,
        }
    }

    fn edit(&mut self, value: &Value) -> Option<EditSpec> {
        let (key, body) = match &value.kind {
            Kind::Map(entries) if entries.len() == 1 => &entries[0],
            _ => {
                let help = Some("write `- replace: { at: $X, with: \"…\" }`".into());
                self.problem("wrong-type", value.span, "an edit is a map of one operation".into(), help);
                return None;
            }
        };
        let Some((_, kind)) = EditKind::ALL.iter().find(|(name, _)| *name == key.name) else {
            let names = EditKind::ALL.iter().map(|(name, _)| *name);
            let help = nearest(&key.name, names.clone()).map(|near| format!("did you mean `{near}`?"));
            let help = help.unwrap_or_else(|| format!("the operations are {}", names.collect::<Vec<_>>().join(", ")));
            self.problem("unknown-operation", key.span, format!("unknown edit operation `{}`", key.name), Some(help));
            return None;
        };
        let map = self.map(body, &format!("`{}`", key.name), EDIT);
        let argument = map.get("argument").map(|v| match &v.kind {
            Kind::Number(n) => ArgumentSpec::Position(*n as u32),
            _ => ArgumentSpec::Keyword(self.string(v, "argument")),
        });
        let places = [("start", InsertPlace::Start), ("end", InsertPlace::End)];
        let edit = EditSpec {
            kind: *kind,
            at: map.get("at").map(|v| self.text(v, "at")),
            with: map.get("with").map(|v| self.text(v, "with")),
            template: map.get("template").map(|v| self.text(v, "template")),
            argument,
            key: map.get("key").map(|v| self.text(v, "key")),
            place: self.word(map.get("place"), "place", &places, InsertPlace::End),
            after: map.get("after").map(|v| self.text(v, "after")),
            name: map.get("name").map(|v| self.text(v, "name")),
            from: map.get("from").map(|v| self.text(v, "from")),
            path: map.get("path").map(|v| self.text(v, "path")),
            span: key.span,
        };
        self.check_edit(&edit, &key.name);
        Some(edit)
    }

    fn check_edit(&mut self, edit: &EditSpec, name: &str) {
        use EditKind::*;
        let needs_with = matches!(edit.kind, Replace | SetKey | SetArgument | SetString | InsertBefore | InsertAfter | InsertIn);
        let mut missing = Vec::new();
        if needs_with && edit.with.is_none() && edit.template.is_none() {
            missing.push("with");
        }
        if !matches!(edit.kind, EnsureImport | CreateFile) && edit.at.is_none() {
            missing.push("at");
        }
        match edit.kind {
            SetKey if edit.key.is_none() => missing.push("key"),
            SetArgument if edit.argument.is_none() => missing.push("argument"),
            Move if edit.after.is_none() => missing.push("after"),
            EnsureImport if edit.name.is_none() => missing.push("name"),
            CreateFile if edit.path.is_none() => missing.push("path"),
            _ => {}
        }
        for key in missing {
            self.problem("missing-key", edit.span, format!("`{name}` has no `{key}`"), None);
        }
    }

    fn examples(&mut self, value: &Value, languages: &[String]) -> Vec<Example> {
        let Kind::List(items) = &value.kind else {
            self.problem("wrong-type", value.span, "`examples` must be a list".into(), None);
            return Vec::new();
        };
        items.iter().filter_map(|item| self.example(item, languages)).collect()
    }

    fn example(&mut self, value: &Value, languages: &[String]) -> Option<Example> {
        let map = self.map(value, "an example", EXAMPLE);
        let (code, is_bad) = match (map.get("bad"), map.get("good")) {
            (Some(code), None) => (code, true),
            (None, Some(code)) => (code, false),
            _ => {
                self.problem("wrong-value", value.span, "an example has either `bad` or `good`".into(), None);
                return None;
            }
        };
        Some(Example {
            is_bad,
            files: self.code(code, languages),
            fixed: map.get("fixed").map(|v| self.code(v, languages)),
            given: map.get("given").map(|v| self.string(v, "given")),
            note: map.get("note").map(|v| self.string(v, "note")),
            open: matches!(map.get("open").map(|v| &v.kind), Some(Kind::Bool(true))),
        })
    }

    /// A text, or a map of paths to texts.
    fn code(&mut self, value: &Value, languages: &[String]) -> BTreeMap<String, String> {
        match &value.kind {
            Kind::Map(entries) => entries.iter().map(|(key, text)| (key.name.clone(), self.string(text, &key.name))).collect(),
            _ => {
                let family = languages.first().map_or("ecma", String::as_str);
                BTreeMap::from([(single_name(family), self.string(value, "code"))])
            }
        }
    }

    /// A document that is no rule of a skill: a relation rule or a table of constants.
    pub(crate) fn relation_document(&mut self, value: &Value, pack: &mut Pack) {
        let is_table = matches!(&value.kind, Kind::Map(entries) if entries.iter().any(|(key, _)| key.name == "relation"));
        if is_table {
            let table = self.table(value);
            pack.tables.push(table);
        } else {
            let rule = self.relation_rule(value);
            pack.relation_rules.push(rule);
        }
    }

    fn relation_rule(&mut self, value: &Value) -> RelationRule {
        let map = self.map(value, "a relation rule", RELATION_RULE);
        let languages = self.languages(&map);
        let examples = match map.get("examples") {
            Some(Value { kind: Kind::List(items), .. }) => {
                items.iter().map(|item| self.relation_example(item, &languages)).collect()
            }
            _ => Vec::new(),
        };
        RelationRule {
            id: map.get("id").map(|v| self.string(v, "id")).unwrap_or_default(),
            files: map.get("files").map(|v| self.strings(v, "files")).unwrap_or_default(),
            skip: map.get("skip").map(|v| self.strings(v, "skip")).unwrap_or_default(),
            pattern: self.text_of(&map, "match"),
            path: self.path.clone(),
            languages,
            examples,
        }
    }

    fn relation_example(&mut self, value: &Value, languages: &[String]) -> RelationExample {
        let map = self.map(value, "an example of rows", RELATION_EXAMPLE);
        let files = map.get("code").map(|v| self.code(v, languages)).unwrap_or_default();
        let rows = match map.get("rows") {
            Some(Value { kind: Kind::List(items), .. }) => items.iter().map(|item| self.row_texts(item)).collect(),
            _ => Vec::new(),
        };
        RelationExample { files, rows, given: map.get("given").map(|v| self.string(v, "given")) }
    }

    fn row_texts(&mut self, value: &Value) -> BTreeMap<String, String> {
        let Kind::Map(entries) = &value.kind else {
            self.problem("wrong-type", value.span, "a row is a map of columns".into(), None);
            return BTreeMap::new();
        };
        let text = |value: &Value| match &value.kind {
            Kind::List(items) => items.iter().map(plain).collect::<Vec<_>>().join(", "),
            _ => plain(value),
        };
        entries.iter().map(|(key, value)| (key.name.clone(), text(value))).collect()
    }

    fn table(&mut self, value: &Value) -> Table {
        let map = self.map(value, "a table", TABLE);
        let rows = match map.get("rows") {
            Some(Value { kind: Kind::List(items), .. }) => items.iter().map(|item| self.constants(item)).collect(),
            _ => Vec::new(),
        };
        let relation = map.get("relation").map(|v| self.string(v, "relation")).unwrap_or_default();
        Table { id: map.get("id").map(|v| self.string(v, "id")).unwrap_or_default(), relation, rows }
    }

    fn constants(&mut self, value: &Value) -> BTreeMap<String, serde_json::Value> {
        let Kind::Map(entries) = &value.kind else {
            self.problem("wrong-type", value.span, "a row is a map of columns".into(), None);
            return BTreeMap::new();
        };
        let json = |value: &Value| match &value.kind {
            Kind::Bool(b) => serde_json::Value::Bool(*b),
            Kind::Number(n) => serde_json::json!(n),
            Kind::String(s) => serde_json::json!(s),
            _ => serde_json::Value::Null,
        };
        entries.iter().map(|(key, value)| (key.name.clone(), json(value))).collect()
    }

    /// `relations.yaml`: groups of relations, each with columns, visibility and a sentence.
    pub(crate) fn relations(&mut self, value: &Value, pack: &mut Pack) {
        let Kind::Map(groups) = &value.kind else { return };
        for (group, relations) in groups {
            let Kind::Map(relations) = &relations.kind else { continue };
            for (name, body) in relations {
                if let Some(relation) = self.relation(&group.name, &name.name, body) {
                    pack.relations.push(relation);
                }
            }
        }
    }

    fn relation(&mut self, group: &str, name: &str, body: &Value) -> Option<RelationDecl> {
        let Kind::Map(entries) = &body.kind else {
            self.problem("wrong-type", body.span, format!("the relation `{name}` must be a map"), None);
            return None;
        };
        let mut relation = RelationDecl {
            name: name.to_owned(),
            group: group.to_owned(),
            about: String::new(),
            columns: Vec::new(),
            visible_below: false,
        };
        for (key, value) in entries {
            match (key.name.as_str(), &value.kind) {
                ("columns", Kind::Map(columns)) => {
                    for (column, kind) in columns {
                        let word = self.string(kind, &column.name);
                        match column_type(&word) {
                            Some(found) => relation.columns.push((column.name.clone(), found)),
                            None => {
                                let message = format!("unknown column type `{word}`");
                                let help = "types are node, symbol, name, string, number, bool, duration, version, path, list(T), enum[a,b]";
                                self.problem("unknown-type", kind.span, message, Some(help.into()));
                            }
                        }
                    }
                }
                ("about", _) => relation.about = self.string(value, "about"),
                ("visible", _) => relation.visible_below = self.string(value, "visible") == "below",
                _ => {
                    let help = Some("a relation has the keys columns, visible, about".into());
                    self.problem("unknown-key", key.span, format!("unknown key `{}` in a relation", key.name), help);
                }
            }
        }
        Some(relation)
    }
}

/// The type that a word of `relations.yaml` names.
fn column_type(word: &str) -> Option<ColumnType> {
    let word = word.trim();
    if let Some(inner) = word.strip_prefix("list(").and_then(|rest| rest.strip_suffix(')')) {
        return column_type(inner).map(|inner| ColumnType::List(Box::new(inner)));
    }
    if let Some(words) = word.strip_prefix("enum[").and_then(|rest| rest.strip_suffix(']')) {
        return Some(ColumnType::Enum(words.split(',').map(|w| w.trim().to_owned()).collect()));
    }
    Some(match word {
        "node" => ColumnType::Node,
        "symbol" => ColumnType::Symbol,
        "name" => ColumnType::Name,
        "string" => ColumnType::String,
        "number" => ColumnType::Number,
        "bool" => ColumnType::Bool,
        "duration" => ColumnType::Duration,
        "version" => ColumnType::Version,
        "path" => ColumnType::Path,
        _ => return None,
    })
}

fn plain(value: &Value) -> String {
    match &value.kind {
        Kind::String(s) => s.clone(),
        Kind::Number(n) => n.to_string(),
        Kind::Bool(b) => b.to_string(),
        _ => String::new(),
    }
}

/// The path of an example that is a single text.
fn single_name(family: &str) -> String {
    match family {
        "python" => "example.py",
        "prisma" => "schema.prisma",
        "json" => "example.json",
        "toml" => "example.toml",
        "text" => "requirements.txt",
        _ => "example.ts",
    }
    .to_owned()
}

/// The word nearest to `word`, if near enough to be meant.
pub(crate) fn nearest<'w>(word: &str, words: impl Iterator<Item = &'w str>) -> Option<&'w str> {
    let limit = (word.len() / 3).max(1) + 1;
    let near = words.map(|known| (strsim::damerau_levenshtein(word, known), known)).min();
    near.filter(|(distance, _)| *distance <= limit).map(|(_, known)| known)
}

/// The entries of a map.
pub(crate) struct Map<'v> {
    entries: &'v [(crate::value::Key, Value)],
    pub(crate) span: Span,
}

impl<'v> Map<'v> {
    pub(crate) fn get(&self, name: &str) -> Option<&'v Value> {
        self.entries.iter().find(|(key, _)| key.name == name).map(|(_, value)| value)
    }
}
