//! Arguments of calls, keys of objects and dictionaries, settings of blocks.

use rune_model::Argument;
use rune_syntax::{Language, NodeId};

use crate::edit::{EditError, File, Plan, change};
use crate::style::as_the_file_quotes;

impl File {
    pub(crate) fn arguments(&self, call: NodeId) -> Result<NodeId, EditError> {
        let list = self.ast.child_named(call, "arguments");
        let list = list.filter(|list| matches!(self.kind(*list), "arguments" | "argument_list"));
        list.or_else(|| (self.kind(call) == "call" && self.language == Language::Prisma).then_some(call))
            .ok_or(EditError::Shape("this is no call"))
    }

    /// The positional argument `n`, from 1; an error if a spread before it may move it.
    pub(crate) fn positional(&self, list: NodeId, n: u32) -> Result<Option<NodeId>, EditError> {
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

    pub(crate) fn keyword(&self, list: NodeId, name: &str) -> Option<NodeId> {
        let named = |item: &NodeId| self.ast.child_named(*item, "name").is_some_and(|n| self.node_text(n) == name);
        let item = self.ast.children(list).find(|item| self.kind(*item) == "keyword_argument" && named(item))?;
        self.ast.child_named(item, "value")
    }

    pub(crate) fn set_argument(&self, call: NodeId, argument: &Argument, with: &str, plan: &mut Plan) -> Result<(), EditError> {
        let parameters = self.ast.child_named(call, "parameters").filter(|list| self.is_list(*list));
        let list = parameters.map_or_else(|| self.arguments(call), Ok)?;
        let with = as_the_file_quotes(self, with);
        let existing = match argument {
            Argument::Position(n) => self.positional(list, *n)?,
            Argument::Keyword(name) => self.keyword(list, name),
        };
        match (existing, argument) {
            (Some(item), _) => {
                let span = self.span(item);
                plan.push(change(span.start, span.end, self.indented(&with, self.indent_of(span.start))));
            }
            (None, Argument::Keyword(name)) => plan.add_item(list, format!("{name}={with}")),
            (None, Argument::Position(_)) => match self.ast.children(list).find(|item| self.kind(*item) == "keyword_argument") {
                // Positional arguments stand before keywords.
                Some(first) => {
                    let at = self.span(first).start;
                    plan.push(change(at, at, format!("{}, ", self.indented(&with, self.indent_of(at)))));
                }
                // There is one next argument.
                None if plan.items.get(&list).is_some_and(|items| !items.contains(&with)) => return Err(EditError::Overlap),
                None => plan.add_item(list, with),
            },
        }
        Ok(())
    }

    pub(crate) fn set_key(
        &self,
        node: NodeId,
        argument: Option<&Argument>,
        key: &str,
        with: &str,
        plan: &mut Plan,
    ) -> Result<(), EditError> {
        let with = as_the_file_quotes(self, with);
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

    pub(crate) fn set_key_of(&self, object: NodeId, key: &str, with: &str, plan: &mut Plan) -> Result<(), EditError> {
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
            let with = self.indented(with, self.indent_of(span.start));
            plan.push(change(span.start, span.end, if is_shorthand { format!("{key}: {with}") } else { with }));
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
                plan.push(change(span.start, span.end, self.eol(with)));
                return Ok(());
            }
        }
        self.insert_in(block, rune_model::InsertPlace::End, &format!("{key} = {with}"), plan)
    }

    /// The key as this object spells keys.
    pub(crate) fn key_text(&self, key: &str, first: Option<NodeId>) -> String {
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
}
