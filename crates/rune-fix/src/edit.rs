//! Edit operations as changes of text. What the operations do to lists, statements and imports stands in files of
//! their own; here they are told apart, gathered for one file, and made.

use std::cell::OnceCell;
use std::collections::BTreeMap;

use rune_model::{Argument, Change, Edit, Operation, Source, Span, Target};
use rune_syntax::{Ast, Kind, Language, NodeId, Scopes, parse};

use crate::import::ensure_import;
use crate::style::{as_the_file_quotes, escaped};

/// Why an edit cannot be made.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum EditError {
    /// The node is not in the file any more.
    #[error("the code to edit is not there any more")]
    Gone,
    /// Two edits touch the same bytes.
    #[error("two edits overlap")]
    Overlap,
    /// The code does not have the shape the operation needs.
    #[error("{0}")]
    Shape(&'static str),
    /// A name to import is taken.
    #[error("`{0}` means something else in this file")]
    NameTaken(String),
    /// The file is in no language that can be edited.
    #[error("rune does not read this kind of file")]
    Language,
}

pub(crate) fn change(start: u32, end: u32, text: impl Into<String>) -> Change {
    Change { span: Span::new(start, end), text: text.into() }
}

/// The text of `source` after `edits`, all of which lie in it. New files are made elsewhere.
pub fn apply_edits(source: &Source, edits: &[Edit]) -> Result<String, EditError> {
    let file = File::new(source).ok_or(EditError::Language)?;
    Ok(file.after(&file.changes(&edits.iter().collect::<Vec<_>>())?))
}

/// One file while edits are worked out.
pub(crate) struct File {
    pub(crate) source: Source,
    pub(crate) ast: Ast,
    pub(crate) language: Language,
    scopes: OnceCell<Scopes>,
}

/// What several edits of one file do together: items that go to one list are added in one go.
#[derive(Default)]
pub(crate) struct Plan {
    changes: Vec<Change>,
    /// Items to add, by list.
    items: BTreeMap<NodeId, Vec<String>>,
    /// Keys of an object that is to be added as an argument, by list of arguments.
    objects: BTreeMap<NodeId, Vec<(String, String)>>,
}

impl Plan {
    pub(crate) fn push(&mut self, change: Change) {
        if !self.changes.contains(&change) {
            self.changes.push(change);
        }
    }

    pub(crate) fn add_item(&mut self, list: NodeId, item: String) {
        let items = self.items.entry(list).or_default();
        if !items.contains(&item) {
            items.push(item);
        }
    }
}

impl File {
    /// `None` if rune does not read such files.
    pub(crate) fn new(source: &Source) -> Option<File> {
        let language = Language::of_path(&source.path)?;
        let ast = parse(&source.text, language);
        Some(File { source: source.clone(), ast, language, scopes: OnceCell::new() })
    }

    pub(crate) fn text(&self) -> &str {
        &self.source.text
    }

    pub(crate) fn scopes(&self) -> &Scopes {
        self.scopes.get_or_init(|| Scopes::new(&self.ast, self.text()))
    }

    /// The changes that the edits make, by place; in the order of the edits where they share a place.
    pub(crate) fn changes(&self, edits: &[&Edit]) -> Result<Vec<Change>, EditError> {
        let mut plan = Plan::default();
        for edit in edits {
            self.plan(edit, &mut plan)?;
        }
        for (list, keys) in std::mem::take(&mut plan.objects) {
            let entries: Vec<String> = keys.iter().map(|(key, with)| format!("{key}: {with}")).collect();
            let inner = entries.join(", ");
            plan.add_item(
                list,
                if self.language == Language::Python { format!("{{{inner}}}") } else { format!("{{ {inner} }}") },
            );
        }
        for (list, items) in std::mem::take(&mut plan.items) {
            self.append_items(list, &items)?.into_iter().for_each(|change| plan.push(change));
        }
        let mut imports: BTreeMap<&str, Vec<&str>> = BTreeMap::new();
        for edit in edits {
            if let Operation::EnsureImport { name, from } = &edit.operation {
                let key = if from.is_empty() { name } else { from };
                imports.entry(key).or_default().push(if from.is_empty() { "" } else { name });
            }
        }
        for (from, names) in imports {
            ensure_import(self, from, names)?.into_iter().for_each(|change| plan.push(change));
        }
        let mut changes = plan.changes;
        changes.sort_by_key(|change| change.span);
        if changes.windows(2).any(|pair| pair[1].span.start < pair[0].span.end || is_twice(&pair[0], &pair[1])) {
            return Err(EditError::Overlap);
        }
        self.join_insertions(&mut changes);
        Ok(changes)
    }

    /// Lines that several edits put at one place of a schema stand together: one blank line above all of them.
    fn join_insertions(&self, changes: &mut [Change]) {
        for n in (1..changes.len()).filter(|_| self.language == Language::Prisma) {
            let is_same_place = changes[n].span == changes[n - 1].span;
            if let (true, Some(rest)) = (is_same_place, changes[n].text.strip_prefix(self.newline())) {
                changes[n].text = rest.to_owned();
            }
        }
    }

    /// The text after changes that do not overlap.
    pub(crate) fn after(&self, changes: &[Change]) -> String {
        let mut text = String::with_capacity(self.text().len() + 256);
        let mut from = 0;
        for change in changes {
            text.push_str(Span::new(from, change.span.start).of(self.text()));
            text.push_str(&change.text);
            from = change.span.end;
        }
        text + Span::new(from, self.text().len() as u32).of(self.text())
    }

    fn plan(&self, edit: &Edit, plan: &mut Plan) -> Result<(), EditError> {
        let node = || self.node(&edit.at);
        match &edit.operation {
            Operation::Replace { with } => plan.push(self.replace(node()?, with)),
            Operation::SetString { with } => plan.push(self.set_string(node()?, with)?),
            Operation::SetKey { argument, key, with } => self.set_key(node()?, argument.as_ref(), key, with, plan)?,
            Operation::SetArgument { argument, with } => self.set_argument(node()?, argument, with, plan)?,
            Operation::InsertBefore { with } => plan.push(self.insert_beside(node()?, with, true)?),
            Operation::InsertAfter { with } => plan.push(self.insert_beside(node()?, with, false)?),
            Operation::InsertIn { place, with } => self.insert_in(node()?, *place, with, plan)?,
            Operation::Remove => self.remove(node()?)?.into_iter().for_each(|change| plan.push(change)),
            Operation::Move { after, with } => {
                let moved = self.move_after(node()?, self.node(after)?, with)?;
                moved.into_iter().for_each(|change| plan.push(change));
            }
            Operation::MakeAsync => self.make_async(node()?)?.into_iter().for_each(|change| plan.push(change)),
            // Imports of one module are made together; new files are made elsewhere.
            Operation::EnsureImport { .. } | Operation::CreateFile { .. } => {}
        }
        Ok(())
    }

    /// The node itself, if it is still there.
    fn node(&self, target: &Target) -> Result<NodeId, EditError> {
        let is_there = target.node < self.ast.len() && self.ast.span(target.node) == target.place.span;
        if is_there { Ok(target.node) } else { Err(EditError::Gone) }
    }

    pub(crate) fn node_text(&self, node: NodeId) -> &str {
        self.ast.text(node, self.text())
    }

    pub(crate) fn kind(&self, node: NodeId) -> &'static str {
        self.ast.kind(node).name()
    }

    pub(crate) fn span(&self, node: NodeId) -> Span {
        self.ast.span(node)
    }

    fn replace(&self, node: NodeId, with: &str) -> Change {
        let span = self.span(node);
        let with = self.eol(with);
        let ends_twice = with.ends_with(';') && self.text()[span.end as usize..].starts_with(';');
        let with = if ends_twice { with.trim_end_matches(';').to_owned() } else { with };
        change(span.start, span.end, self.shorthand_key(node).map_or(with.clone(), |key| format!("{key}: {with}")))
    }

    /// The key of a shorthand entry (`{ key }`) whose name `node` is: a new value needs the key in front.
    fn shorthand_key(&self, node: NodeId) -> Option<&str> {
        let span = self.span(node);
        let around = std::iter::once(node).chain(self.ast.ancestors(node)).take_while(|at| self.span(*at) == span);
        let pair = around.into_iter().find(|at| self.kind(*at) == "pair")?;
        self.ast.child_named(pair, "value").is_some_and(|value| self.span(value) == span).then(|| self.node_text(node))
    }

    fn set_string(&self, node: NodeId, with: &str) -> Result<Change, EditError> {
        let span = self.span(node);
        let text = self.node_text(node);
        let prefix = &text[..text.len() - text.trim_start_matches(|c: char| c.is_ascii_alphabetic()).len()];
        let quote = ["\"\"\"", "'''", "\"", "'", "`"].into_iter().find(|quote| text[prefix.len()..].starts_with(quote));
        let is_string = matches!(self.kind(node), "string" | "template_string" | "concatenated_string");
        let (Some(quote), true) = (quote, is_string) else { return Err(EditError::Shape("this is no string literal")) };
        let text = escaped(with, prefix, quote).ok_or(EditError::Shape("a raw string cannot hold this text"))?;
        Ok(change(span.start + prefix.len() as u32, span.end, format!("{quote}{text}{quote}")))
    }

    fn arguments(&self, call: NodeId) -> Result<NodeId, EditError> {
        let list = self.ast.child_named(call, "arguments");
        let list = list.filter(|list| matches!(self.kind(*list), "arguments" | "argument_list"));
        list.or_else(|| (self.kind(call) == "call" && self.language == Language::Prisma).then_some(call))
            .ok_or(EditError::Shape("this is no call"))
    }

    /// The positional argument `n`, from 1; an error if a spread before it may move it.
    fn positional(&self, list: NodeId, n: u32) -> Result<Option<NodeId>, EditError> {
        let is_keyword = |item: &NodeId| matches!(self.kind(*item), "keyword_argument" | "dictionary_splat");
        let items: Vec<NodeId> = self.ast.children(list).filter(|item| !is_keyword(item)).collect();
        let before = &items[..items.len().min(n as usize)];
        if before.iter().any(|item| matches!(self.kind(*item), "spread_element" | "list_splat")) {
            return Err(EditError::Shape("a spread hides which argument this is"));
        }
        match items.get(n as usize - 1) {
            Some(item) => Ok(Some(*item)),
            None if items.len() + 1 == n as usize => Ok(None),
            None => Err(EditError::Shape("the arguments before it are missing")),
        }
    }

    fn keyword(&self, list: NodeId, name: &str) -> Option<NodeId> {
        let named = |item: &NodeId| self.ast.child_named(*item, "name").is_some_and(|n| self.node_text(n) == name);
        let item = self.ast.children(list).find(|item| self.kind(*item) == "keyword_argument" && named(item))?;
        self.ast.child_named(item, "value")
    }

    fn set_argument(&self, call: NodeId, argument: &Argument, with: &str, plan: &mut Plan) -> Result<(), EditError> {
        let list = self.arguments(call)?;
        let with = self.eol(&as_the_file_quotes(self, with));
        let existing = match argument {
            Argument::Position(n) => self.positional(list, *n)?,
            Argument::Keyword(name) => self.keyword(list, name),
        };
        match (existing, argument) {
            (Some(item), _) => {
                let span = self.span(item);
                plan.push(change(span.start, span.end, with));
            }
            (None, Argument::Keyword(name)) => plan.add_item(list, format!("{name}={with}")),
            (None, Argument::Position(_)) => match self.ast.children(list).find(|item| self.kind(*item) == "keyword_argument") {
                // Positional arguments stand before keywords.
                Some(first) => {
                    let at = self.span(first).start;
                    plan.push(change(at, at, format!("{with}, ")));
                }
                None => plan.add_item(list, with),
            },
        }
        Ok(())
    }

    fn set_key(
        &self,
        node: NodeId,
        argument: Option<&Argument>,
        key: &str,
        with: &str,
        plan: &mut Plan,
    ) -> Result<(), EditError> {
        let with = self.eol(&as_the_file_quotes(self, with));
        let Some(argument) = argument else { return self.set_key_of(node, key, &with, plan) };
        let list = self.arguments(node)?;
        let existing = match argument {
            Argument::Position(n) => self.positional(list, *n)?,
            Argument::Keyword(name) => self.keyword(list, name),
        };
        match (existing, argument) {
            (Some(object), _) => self.set_key_of(object, key, &with, plan),
            (None, Argument::Position(_)) => {
                let entry = (self.key_text(key, None), with);
                let keys = plan.objects.entry(list).or_default();
                if keys.iter().any(|(known, value)| *known == entry.0 && *value != entry.1) {
                    return Err(EditError::Overlap);
                }
                if !keys.contains(&entry) {
                    keys.push(entry);
                }
                Ok(())
            }
            (None, Argument::Keyword(name)) => {
                plan.add_item(list, format!("{name}={{{}: {with}}}", self.key_text(key, None)));
                Ok(())
            }
        }
    }

    fn set_key_of(&self, object: NodeId, key: &str, with: &str, plan: &mut Plan) -> Result<(), EditError> {
        if self.language == Language::Prisma && matches!(self.kind(object), "datasource" | "generator") {
            return self.set_setting(object, key, with, plan);
        }
        if !matches!(self.kind(object), "object" | "dictionary") || !self.node_text(object).starts_with('{') {
            return Err(EditError::Shape("this is no object literal"));
        }
        let entries: Vec<NodeId> = self.ast.children(object).collect();
        for entry in &entries {
            let name = self.ast.child_named(*entry, "key").or_else(|| self.ast.child_named(*entry, "name"));
            let Some(name) = name.filter(|name| self.node_text(*name).trim_matches(['"', '\'']) == key) else { continue };
            let value = self.ast.child_named(*entry, "value");
            let value = value.ok_or(EditError::Shape("a method or accessor has the name of the key"))?;
            let span = self.span(value);
            let is_shorthand = span == self.span(name);
            plan.push(change(span.start, span.end, if is_shorthand { format!("{key}: {with}") } else { with.to_owned() }));
            return Ok(());
        }
        let spelled = self.key_text(key, entries.first().copied());
        let same_key = |item: &String| item.starts_with(&format!("{spelled}: "));
        let item = format!("{spelled}: {with}");
        if plan.items.get(&object).is_some_and(|items| items.iter().any(|other| same_key(other) && *other != item)) {
            return Err(EditError::Overlap);
        }
        plan.add_item(object, item);
        Ok(())
    }

    /// `key = with` in a block of settings.
    fn set_setting(&self, block: NodeId, key: &str, with: &str, plan: &mut Plan) -> Result<(), EditError> {
        for pair in self.ast.children(block).filter(|child| self.kind(*child) == "pair") {
            let (Some(name), Some(value)) = (self.ast.child_named(pair, "key"), self.ast.child_named(pair, "value")) else {
                continue;
            };
            if self.node_text(name) == key {
                let span = self.span(value);
                plan.push(change(span.start, span.end, with));
                return Ok(());
            }
        }
        self.insert_in(block, rune_model::InsertPlace::End, &format!("{key} = {with}"), plan)
    }

    /// The key as this object spells keys.
    fn key_text(&self, key: &str, first: Option<NodeId>) -> String {
        let sample = first.and_then(|entry| self.ast.child_named(entry, "key")).map(|name| self.node_text(name));
        let is_plain =
            key.chars().all(|c| c.is_alphanumeric() || c == '_' || c == '$') && !key.starts_with(|c: char| c.is_numeric());
        match (self.language, sample.and_then(|s| s.chars().next())) {
            (Language::Json, _) | (_, Some('"')) if !is_plain || self.language == Language::Json => format!("\"{key}\""),
            (Language::Python, Some('\'')) => format!("'{key}'"),
            (Language::Python, Some('"')) => format!("\"{key}\""),
            (Language::Python, _) => as_the_file_quotes(self, &format!("\"{key}\"")),
            _ if is_plain => key.to_owned(),
            _ => as_the_file_quotes(self, &format!("'{key}'")),
        }
    }

    fn make_async(&self, node: NodeId) -> Result<Option<Change>, EditError> {
        let functions = ["function_declaration", "arrow_function", "method_definition", "function_definition", "lambda"];
        let mut around = std::iter::once(node).chain(self.ast.ancestors(node));
        let Some(function) = around.find(|at| functions.contains(&self.kind(*at))) else { return Ok(None) };
        let word = |kind: &str| self.ast.child_of_kind(function, Kind::of(kind)).is_some();
        if word("async") {
            return Ok(None);
        }
        let name = self.ast.child_named(function, "name").map_or("", |name| self.node_text(name));
        if name == "constructor" || word("get") || word("set") || self.kind(function) == "lambda" {
            return Err(EditError::Shape("constructors, accessors and lambdas cannot be async"));
        }
        let is_before = |kind: &str| matches!(kind, "decorator" | "accessibility_modifier" | "static" | "override_modifier");
        let header = self.ast.children(function).find(|child| !is_before(self.kind(*child)));
        let at = match (self.kind(function), header) {
            ("method_definition", Some(first)) => {
                let at = self.span(first).start;
                // The star of a generator is no node.
                at - u32::from(self.text()[..at as usize].ends_with('*'))
            }
            ("function_definition", _) => {
                let decorators = self.ast.children(function).filter(|child| self.kind(*child) == "decorator");
                let from = decorators.last().map_or(self.span(function).start, |decorator| self.span(decorator).end) as usize;
                from as u32 + self.text()[from..].find("def").unwrap_or(0) as u32
            }
            _ => self.span(function).start,
        };
        Ok(Some(change(at, at, "async ")))
    }
}

/// Two different texts in place of the same code.
fn is_twice(a: &Change, b: &Change) -> bool {
    a.span == b.span && a.span.start < a.span.end
}
