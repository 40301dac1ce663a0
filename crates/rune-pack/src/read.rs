//! From spanned values to the nouns of a pack; every fault becomes a problem and the reading goes on.

use std::collections::BTreeMap;
use std::sync::Arc;

use rune_model::{Confidence, InsertPlace, ParameterForm, ParameterStyle, Problem, ProblemLevel, Safety, Severity, Span};

use crate::field::{EDIT, EXAMPLE, FIX, Field, RELATION, RELATION_EXAMPLE, RELATION_RULE, RULE, SEVERITY, TABLE};
use crate::model::*;
use crate::value::{Key, Kind, Text, Value};

/// Reads values of one file.
pub(crate) struct Reader<'a> {
    pub(crate) path: Arc<str>,
    pub(crate) text: Arc<str>,
    pub(crate) problems: &'a mut Vec<Problem>,
    /// The projects of tests/given that examples name.
    pub(crate) givens: &'a mut Vec<Text>,
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
            let known = fields.iter().map(|field| field.name).collect::<Vec<_>>().join(", ");
            self.problem(
                "wrong-type",
                value.span,
                format!("{what} must be a map of keys"),
                Some(format!("its keys are {known}")),
            );
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
                let help = match &value.kind {
                    Kind::Null => format!("write the text behind `{what}:`"),
                    _ => "put it in quotes if it has brackets, braces or a colon in it".to_owned(),
                };
                self.problem("wrong-type", value.span, format!("`{what}` must be a text"), Some(help));
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

    pub(crate) fn texts(&mut self, value: &Value, what: &str) -> Vec<Text> {
        match &value.kind {
            Kind::List(items) => items.iter().map(|item| self.text(item, what)).collect(),
            _ => {
                let is_toml = self.path.ends_with(".toml");
                let help = match plain(value) {
                    text if is_toml => format!("write `{what} = [\"{text}\"]`"),
                    text if text.starts_with(|c: char| c.is_alphanumeric()) => format!("write `{what}: [{text}]`"),
                    text => format!("write `{what}: [\"{text}\"]`"),
                };
                let help = Some(help);
                self.problem("wrong-type", value.span, format!("`{what}` must be a list of texts"), help);
                Vec::new()
            }
        }
    }

    /// The items of a key that must hold a list; none if the key is missing.
    pub(crate) fn items<'v>(&mut self, map: &Map<'v>, name: &str) -> &'v [Value] {
        match map.get(name) {
            Some(Value { kind: Kind::List(items), .. }) => items,
            Some(other) => {
                let help = Some("a list has one item a line, each behind `- `".to_owned());
                self.problem("wrong-type", other.span, format!("`{name}` must be a list"), help);
                &[]
            }
            None => &[],
        }
    }

    /// An id with its place: kebab-case.
    fn id(&mut self, map: &Map<'_>) -> Text {
        let id = self.text_of(map, "id");
        let is_kebab = id
            .value
            .split('-')
            .all(|word| !word.is_empty() && word.chars().all(|c| c.is_ascii_lowercase() || c.is_ascii_digit()));
        if !is_kebab && map.get("id").is_some() && !id.value.is_empty() {
            let words: Vec<String> = id.value.split(|c: char| !c.is_ascii_alphanumeric()).map(str::to_lowercase).collect();
            let kebab = words.into_iter().filter(|word| !word.is_empty()).collect::<Vec<_>>().join("-");
            let help = Some(format!("write `{kebab}`"));
            self.problem("wrong-value", id.span(), format!("the id `{}` is not in kebab-case", id.value), help);
        }
        id
    }

    fn given(&mut self, map: &Map<'_>) -> Option<String> {
        let text = map.get("given").map(|value| self.text(value, "given"))?;
        self.givens.push(text.clone());
        Some(text.value)
    }

    pub(crate) fn word<T: Copy>(&mut self, value: Option<&Value>, what: &str, all: &[(&'static str, T)], default: T) -> T {
        let Some(value) = value else { return default };
        let word = self.string(value, what);
        if let Some((_, found)) = all.iter().find(|(name, _)| *name == word) {
            return *found;
        }
        let names: Vec<&str> = all.iter().map(|(name, _)| *name).collect();
        let message = format!("`{what}` is `{word}`, which is none of {}", names.join(", "));
        let help = nearest(&word, names.iter().copied()).map(|near| format!("did you mean `{near}`?"));
        let help =
            help.or_else(|| Some(format!("write {}`{}`", if names.len() > 1 { "one of " } else { "" }, names.join("`, `"))));
        self.problem("wrong-value", value.span, message, help);
        default
    }

    fn languages(&mut self, map: &Map<'_>) -> Vec<String> {
        let Some(value) = map.get("languages") else { return Vec::new() };
        let known = ["ecma", "python", "prisma", "json", "toml", "yaml", "graphql", "env", "sql", "text", "any"];
        let mut languages = self.texts(value, "languages");
        for text in &mut languages {
            let language = text.value.clone();
            let language = language.as_str();
            if !known.contains(&language) && !language.is_empty() {
                let meant = match language.to_lowercase().as_str() {
                    "js" | "ts" | "jsx" | "tsx" | "javascript" | "typescript" | "es" => Some("ecma"),
                    "py" => Some("python"),
                    "yml" => Some("yaml"),
                    "gql" => Some("graphql"),
                    "dotenv" => Some("env"),
                    "txt" => Some("text"),
                    other => nearest(other, known.into_iter()),
                };
                let help = meant.map(|near| format!("did you mean `{near}`?"));
                let help = help.unwrap_or_else(|| format!("the languages are {}", known.join(", ")));
                self.problem("unknown-language", text.span(), format!("unknown language `{language}`"), Some(help));
                // Read on as what was meant, so that the same slip is told once.
                text.value = meant.unwrap_or("any").to_owned();
            }
        }
        languages.into_iter().map(|text| text.value).filter(|language| language != "any").collect()
    }

    /// A rule of a skill folder.
    pub(crate) fn rule(&mut self, value: &Value, skill: &str, stem: &str) -> Rule {
        let map = self.map(value, "a rule", RULE);
        let id = self.id(&map);
        if !id.value.is_empty() && id.value != stem {
            let message = format!("the id `{}` differs from the file name `{stem}`", id.value);
            self.problem("id-differs", id.span(), message, Some("rename the file or the id".into()));
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
            skip: map.get("skip").map(|v| self.texts(v, "skip")),
            files: map.get("files").map(|v| self.texts(v, "files")).unwrap_or_default(),
            pattern: self.text_of(&map, "match"),
            report: self.text_of(&map, "report"),
            related: map.get("related").map(|v| self.by_capture(v, "related", "what is to be seen there")).unwrap_or_default(),
            why: map.get("why").map(|v| self.string(v, "why")).unwrap_or_default(),
            references: map.get("references").map(|v| values(self.texts(v, "references"))).unwrap_or_default(),
            given: self.given(&map),
            path: self.path.clone(),
            id_span: id.span(),
            id: id.value,
            languages,
            fixes,
            examples,
        };
        // Examples that could not be read have been told.
        if let Some(Value { kind: Kind::List(items), span }) = map.get("examples")
            && items.len() == rule.examples.len()
        {
            self.check_examples(&rule, *span);
        }
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
                _ => self.problem(
                    "severity-order",
                    item.span,
                    "nothing comes after the severity without `where`".into(),
                    Some("put it at the end of the list".into()),
                ),
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

    /// Captures with a text for each.
    fn by_capture(&mut self, value: &Value, name: &str, example: &str) -> Vec<(Text, Text)> {
        let Kind::Map(entries) = &value.kind else {
            let help = Some(format!("write `{name}: {{ $X: \"{example}\" }}`"));
            self.problem("wrong-type", value.span, format!("`{name}` must be a map of captures to texts"), help);
            return Vec::new();
        };
        let capture = |key: &Key| Text::new(key.name.clone(), &self.path, &self.text, key.span);
        let captures: Vec<Text> = entries.iter().map(|(key, _)| capture(key)).collect();
        captures.into_iter().zip(entries.iter().map(|(_, text)| self.text(text, name))).collect()
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
        let edits: Vec<EditSpec> = self.items(&map, "edits").iter().filter_map(|item| self.edit(item)).collect();
        let then = map.get("then").map(|v| self.by_capture(v, "then", "{{next X}}")).unwrap_or_default();
        if let (Some(value), false) = (map.get("then"), edits.iter().any(|edit| edit.kind == EditKind::CreateFile)) {
            let help = Some("leave it out, or add `create-file`".into());
            self.problem("unknown-key", value.span, "`then` is for a fix that makes a file".into(), help);
        }
        FixSpec {
            title: self.text_of(&map, "title"),
            guard: map.get("where").map(|v| self.text(v, "where")),
            safety: self.word(map.get("safety"), "safety", &safeties, Safety::Display),
            edits,
            then,
        }
    }

    fn edit(&mut self, value: &Value) -> Option<EditSpec> {
        let (key, body) = match &value.kind {
            Kind::Map(entries) if entries.len() == 1 => &entries[0],
            _ => {
                let named = match &value.kind {
                    Kind::String(word) => EditKind::ALL.iter().find(|(name, _)| name == word),
                    _ => None,
                };
                let help = Some(match named {
                    Some((name, _)) => format!("write `- {name}: {{ at: $X }}`, with the keys that it needs"),
                    None => "write `- replace: { at: $X, with: \"…\" }`".to_owned(),
                });
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
        self.check_edit(&map, *kind, key);
        if *kind == EditKind::Parameterize {
            self.check_parameters(&map, key);
        }
        let argument = map.get("argument").map(|v| match &v.kind {
            Kind::Number(n) if *n < 1.0 || n.fract() != 0.0 => {
                let help = Some("the first argument is 1".into());
                self.problem("wrong-value", v.span, format!("there is no argument {n}"), help);
                ArgumentSpec::Position(1)
            }
            Kind::Number(n) => ArgumentSpec::Position(*n as u32),
            _ => ArgumentSpec::Keyword(self.string(v, "argument")),
        });
        let places = [("start", InsertPlace::Start), ("end", InsertPlace::End)];
        let forms = [("list", ParameterForm::List), ("arguments", ParameterForm::Arguments), ("keys", ParameterForm::Keys)];
        let forms = forms.map(|(name, form)| (name, Some(form)));
        Some(EditSpec {
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
            style: map.get("style").map(|v| self.text(v, "style")),
            into: map.get("into").map(|v| self.text(v, "into")),
            form: self.word(map.get("as"), "as", &forms, None),
            span: key.span,
        })
    }

    /// Where the parameters go, and how their places are written, must be said so that it can be done.
    fn check_parameters(&mut self, map: &Map<'_>, name: &Key) {
        if map.get("argument").or(map.get("key")).is_none() {
            let help = Some("write `argument: 2` for an argument of the call, `key: values` for a key of an object".into());
            self.problem("missing-key", name.span, "`parameterize` has neither `argument` nor `key`".into(), help);
        }
        let Some(style) = map.get("style") else { return };
        let sample = self.string(style, "style");
        if sample.contains("{{") {
            return;
        }
        let Some(read) = ParameterStyle::of(&sample) else {
            let help = Some("write the first place as the driver has it: `$1`, `?`, `%s`, `:name`, `@p1`, `%(name)s`".into());
            self.problem("wrong-value", style.span, format!("`{sample}` is no place for a parameter"), help);
            return;
        };
        let is_named = matches!(read, ParameterStyle::Named(..));
        let form = map.get("as").map(|form| (form.span, self.string(form, "as")));
        if let Some((span, form)) = form.filter(|(_, form)| (form == "keys") != is_named) {
            let help = if is_named { "`as: keys`" } else { "`as: list` or `as: arguments`" };
            let message = format!("parameters written `{sample}` are not passed as {form}");
            self.problem("wrong-value", span, message, Some(format!("write {help}")));
        }
    }

    /// Each operation takes some keys and needs some of them.
    fn check_edit(&mut self, map: &Map<'_>, kind: EditKind, name: &Key) {
        use EditKind::*;
        let (needed, more): (&[&str], &[&str]) = match kind {
            Replace | SetString | InsertBefore | InsertAfter => (&["at", "with"], &[]),
            SetKey => (&["at", "key", "with"], &["argument"]),
            SetArgument => (&["at", "argument", "with"], &[]),
            InsertIn => (&["at", "with"], &["place"]),
            Remove | MakeAsync => (&["at"], &[]),
            Parameterize => (&["at", "into", "style"], &["argument", "key", "as"]),
            Move => (&["at", "after"], &["with"]),
            EnsureImport => (&["name"], &["from", "at"]),
            CreateFile => (&["path"], &["with"]),
        };
        let about = |key: &str| EDIT.iter().find(|field| field.name == key).map(|field| format!("{key}: {}", field.about));
        for key in needed {
            if map.get(key).is_none() && !(*key == "with" && map.get("template").is_some()) {
                self.problem("missing-key", name.span, format!("`{}` has no `{key}`", name.name), about(key));
            }
        }
        let takes = |key: &str| needed.iter().chain(more).any(|known| *known == if key == "template" { "with" } else { key });
        for (key, _) in map.entries.iter().filter(|(key, _)| !takes(&key.name) && about(&key.name).is_some()) {
            let keys = needed.iter().chain(more).copied().collect::<Vec<_>>().join(", ");
            let help = Some(format!("its keys are {keys}"));
            self.problem("unknown-key", key.span, format!("`{}` takes no `{}`", name.name, key.name), help);
        }
    }

    fn examples(&mut self, value: &Value, languages: &[String]) -> Vec<Example> {
        let Kind::List(items) = &value.kind else {
            let help = Some("write `- bad: …` and `- good: …` below it".into());
            self.problem("wrong-type", value.span, "`examples` must be a list".into(), help);
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
                let help = Some("`bad` is code that must be found, `good` code that must not; begin a new item with `- `".into());
                self.problem("wrong-value", value.span, "an example has either `bad` or `good`".into(), help);
                return None;
            }
        };
        if let Some(fixed) = map.get("fixed").filter(|_| !is_bad) {
            let help = Some("`fixed` stands beside `bad`".into());
            self.problem("wrong-value", fixed.span, "a good example has no `fixed`".into(), help);
        }
        let open = self.flag(&map, "open");
        let withheld = self.flag(&map, "withheld");
        if let Some(mark) = map.get("withheld").filter(|_| withheld && (!is_bad || map.get("fixed").is_some())) {
            let help = Some("it says that bad code is found and stays as it is: it stands beside `bad`, without `fixed`".into());
            self.problem("wrong-value", mark.span, "`withheld` does not go with `good` or `fixed`".into(), help);
        }
        Some(Example {
            is_bad,
            files: self.code(code, languages),
            text: self.single(code),
            fixed: map.get("fixed").map(|v| self.code(v, languages)),
            withheld,
            given: self.given(&map),
            note: map.get("note").map(|v| self.string(v, "note")),
            open,
        })
    }

    /// A key that is true or false, and false if it is missing.
    fn flag(&mut self, map: &Map<'_>, name: &str) -> bool {
        match map.get(name) {
            Some(Value { kind: Kind::Bool(flag), .. }) => *flag,
            Some(other) => {
                self.problem(
                    "wrong-type",
                    other.span,
                    format!("`{name}` must be true or false"),
                    Some(format!("write `{name}: true`")),
                );
                false
            }
            None => false,
        }
    }

    /// The text of an example that names no path.
    fn single(&self, value: &Value) -> Option<Text> {
        match &value.kind {
            Kind::String(text) => Some(Text::new(text.clone(), &self.path, &self.text, value.span)),
            _ => None,
        }
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
        let examples = self.items(&map, "examples").iter().map(|item| self.relation_example(item, &languages)).collect();
        let id = self.id(&map);
        RelationRule {
            id_span: id.span(),
            id: id.value,
            files: map.get("files").map(|v| self.texts(v, "files")).unwrap_or_default(),
            skip: map.get("skip").map(|v| self.texts(v, "skip")),
            pattern: self.text_of(&map, "match"),
            path: self.path.clone(),
            languages,
            examples,
        }
    }

    fn relation_example(&mut self, value: &Value, languages: &[String]) -> RelationExample {
        let map = self.map(value, "an example of rows", RELATION_EXAMPLE);
        let files = map.get("code").map(|v| self.code(v, languages)).unwrap_or_default();
        let rows = self.items(&map, "rows").iter().map(|item| self.row_texts(item)).collect();
        let text = map.get("code").and_then(|code| self.single(code));
        RelationExample { files, text, rows, given: self.given(&map) }
    }

    fn row_texts(&mut self, value: &Value) -> BTreeMap<String, String> {
        let Kind::Map(entries) = &value.kind else { return self.no_row(value) };
        let text = |value: &Value| match &value.kind {
            Kind::List(items) => items.iter().map(plain).collect::<Vec<_>>().join(", "),
            _ => plain(value),
        };
        entries.iter().map(|(key, value)| (key.name.clone(), text(value))).collect()
    }

    fn table(&mut self, value: &Value) -> Table {
        let map = self.map(value, "a table", TABLE);
        let rows = self.items(&map, "rows").iter().map(|item| self.constants(item)).collect();
        Table { id: self.id(&map), relation: self.text_of(&map, "relation"), rows }
    }

    fn no_row<T: Default>(&mut self, value: &Value) -> T {
        let help = Some("write `- { column: value }`".into());
        self.problem("wrong-type", value.span, "a row is a map of columns".into(), help);
        T::default()
    }

    fn constants(&mut self, value: &Value) -> Vec<(Text, serde_json::Value)> {
        let Kind::Map(entries) = &value.kind else { return self.no_row(value) };
        let mut row = Vec::new();
        for (key, value) in entries {
            let constant = match &value.kind {
                Kind::Bool(b) => serde_json::Value::Bool(*b),
                Kind::Number(n) => serde_json::json!(n),
                Kind::String(s) => serde_json::json!(s),
                _ => {
                    let message = format!("`{}` must be a text, a number or a boolean", key.name);
                    let help = Some("rows of a table are constants; write several rows for several values".into());
                    self.problem("wrong-type", value.span, message, help);
                    continue;
                }
            };
            row.push((Text::new(key.name.clone(), &self.path, &self.text, key.span), constant));
        }
        row
    }

    /// `relations.yaml`: groups of relations, each with columns, visibility and a sentence.
    pub(crate) fn relations(&mut self, value: &Value, pack: &mut Pack) {
        let help = || Some("write a group, below it relations, below them `columns`".to_owned());
        let Kind::Map(groups) = &value.kind else {
            if value.kind != Kind::Null {
                self.problem("wrong-type", value.span, "relations stand in groups".into(), help());
            }
            return;
        };
        for (group, body) in groups {
            let Kind::Map(relations) = &body.kind else {
                self.problem("wrong-type", group.span, format!("the group `{}` holds no relations", group.name), help());
                continue;
            };
            if relations.iter().any(|(key, value)| key.name == "columns" && !is_relation(value)) {
                let help = Some(format!("put `{}` below the name of a group", group.name));
                self.problem("wrong-type", group.span, format!("the relation `{}` stands in no group", group.name), help);
                continue;
            }
            for (name, body) in relations {
                let relation = self.relation(&group.name, name, body);
                pack.relations.push(relation);
            }
        }
    }

    fn relation(&mut self, group: &str, name: &Key, body: &Value) -> RelationDecl {
        let map = self.map(body, &format!("the relation `{}`", name.name), RELATION);
        let mut columns = Vec::new();
        match map.get("columns") {
            Some(Value { kind: Kind::Map(entries), .. }) => {
                for (column, kind) in entries {
                    let word = self.string(kind, &column.name);
                    match column_type(&word) {
                        Some(found) => columns.push((column.name.clone(), found)),
                        None => self.unknown_type(&word, kind.span),
                    }
                }
            }
            Some(other) => {
                let help = Some("write `columns: { name: string }`".into());
                self.problem("wrong-type", other.span, "`columns` must be a map of names to types".into(), help);
            }
            None => {}
        }
        RelationDecl {
            name: name.name.clone(),
            text: Text::new(name.name.clone(), &self.path, &self.text, name.span),
            group: group.to_owned(),
            about: map.get("about").map(|v| self.string(v, "about")).unwrap_or_default(),
            columns,
            visible_below: self.word(map.get("visible"), "visible", &[("below", true)], false),
        }
    }

    fn unknown_type(&mut self, word: &str, span: Span) {
        let types = ["node", "symbol", "name", "string", "number", "bool", "duration", "version", "path"];
        let meant = match word {
            "text" | "str" => Some("string"),
            "int" | "integer" | "float" => Some("number"),
            "boolean" => Some("bool"),
            _ => nearest(word, types.into_iter()),
        };
        let help = match meant {
            Some(near) => format!("did you mean `{near}`?"),
            None => format!("types are {}, list(T), enum[a,b]", types.join(", ")),
        };
        self.problem("unknown-type", span, format!("unknown column type `{word}`"), Some(help));
    }
}

/// Whether a value of `relations.yaml` declares a relation, so that its key is a name.
fn is_relation(value: &Value) -> bool {
    matches!(&value.kind, Kind::Map(entries) if entries.iter().any(|(key, _)| key.name == "columns"))
}

fn values(texts: Vec<Text>) -> Vec<String> {
    texts.into_iter().map(|text| text.value).collect()
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
        "yaml" => "example.yaml",
        "graphql" => "schema.graphql",
        "env" => ".env.example",
        "sql" => "example.sql",
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
