//! Edit operations as changes of text that keep the file's own formatting.

use std::collections::BTreeMap;

use rune_model::{Argument, Edit, InsertPlace, Operation, Place, Source, Span};
use rune_syntax::{Ast, Kind, Language, NodeId, parse};

use crate::import::ensure_import;

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
    /// The file is in no language that can be edited.
    #[error("rune does not read this kind of file")]
    Language,
}

/// A change of text.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct Change {
    pub(crate) span: Span,
    pub(crate) text: String,
}

/// One file while edits are worked out.
pub(crate) struct File<'s> {
    pub(crate) text: &'s str,
    pub(crate) ast: Ast,
    pub(crate) language: Language,
}

/// The text of `source` after `edits`, all of which lie in it. New files are made elsewhere.
pub fn apply_edits(source: &Source, edits: &[Edit]) -> Result<String, EditError> {
    let language = Language::of_path(&source.path).ok_or(EditError::Language)?;
    let file = File { text: &source.text, ast: parse(&source.text, language), language };
    let mut changes = Vec::new();
    for edit in edits {
        changes.extend(file.changes(edit)?);
    }
    let mut imports: BTreeMap<&str, Vec<&str>> = BTreeMap::new();
    for edit in edits {
        if let Operation::EnsureImport { name, from } = &edit.operation {
            let key = if from.is_empty() { name } else { from };
            imports.entry(key).or_default().push(if from.is_empty() { "" } else { name });
        }
    }
    for (from, names) in imports {
        changes.extend(ensure_import(&file, from, names));
    }
    changes.sort();
    changes.dedup();
    if changes.windows(2).any(|pair| overlap(&pair[0], &pair[1])) {
        return Err(EditError::Overlap);
    }
    let mut text = source.text.to_string();
    for change in changes.iter().rev() {
        text.replace_range(change.span.start as usize..change.span.end as usize, &change.text);
    }
    Ok(text)
}

fn overlap(a: &Change, b: &Change) -> bool {
    b.span.start < a.span.end
}

fn change(start: u32, end: u32, text: impl Into<String>) -> Change {
    Change { span: Span::new(start, end), text: text.into() }
}

impl File<'_> {
    fn changes(&self, edit: &Edit) -> Result<Vec<Change>, EditError> {
        let node = || self.ast.node_at(edit.at.span).ok_or(EditError::Gone);
        match &edit.operation {
            Operation::Replace { with } => {
                let with = self.eol(with);
                let text = self.shorthand_key(node()?).map_or(with.clone(), |key| format!("{key}: {with}"));
                Ok(vec![change(edit.at.span.start, edit.at.span.end, text)])
            }
            Operation::SetString { with } => Ok(vec![self.set_string(node()?, with)?]),
            Operation::SetKey { argument, key, with } => self.set_key(node()?, argument.as_ref(), key, with),
            Operation::SetArgument { argument, with } => self.set_argument(node()?, argument, with),
            Operation::InsertBefore { with } => self.insert_beside(node()?, with, true),
            Operation::InsertAfter { with } => self.insert_beside(node()?, with, false),
            Operation::InsertIn { place, with } => self.insert_in(node()?, *place, with),
            Operation::Remove => Ok(vec![self.remove(node()?)?]),
            Operation::Move { after, with } => self.move_after(node()?, after, with),
            Operation::MakeAsync => self.make_async(node()?),
            // Imports of one module are made together; new files are made elsewhere.
            Operation::EnsureImport { .. } | Operation::CreateFile { .. } => Ok(Vec::new()),
        }
    }

    fn node_text(&self, node: NodeId) -> &str {
        self.ast.text(node, self.text)
    }

    fn kind(&self, node: NodeId) -> &'static str {
        self.ast.kind(node).name()
    }

    /// The key of a shorthand entry (`{ key }`) whose name `node` is: a new value needs the key in front.
    fn shorthand_key(&self, node: NodeId) -> Option<&str> {
        let span = self.ast.span(node);
        let around = std::iter::once(node).chain(self.ast.ancestors(node)).take_while(|at| self.ast.span(*at) == span);
        let pair = around.into_iter().find(|at| self.kind(*at) == "pair")?;
        self.ast.child_named(pair, "value").is_some_and(|value| self.ast.span(value) == span).then(|| self.node_text(node))
    }

    /// The text with the file's line ends.
    pub(crate) fn eol(&self, text: &str) -> String {
        if self.text.contains("\r\n") { text.replace("\r\n", "\n").replace('\n', "\r\n") } else { text.to_owned() }
    }

    /// The line end of the file.
    pub(crate) fn newline(&self) -> &'static str {
        if self.text.contains("\r\n") { "\r\n" } else { "\n" }
    }

    fn line_start(&self, at: u32) -> u32 {
        self.text[..at as usize].rfind('\n').map_or(0, |newline| newline as u32 + 1)
    }

    /// Past the line end of the line that holds `at`.
    fn next_line(&self, at: u32) -> u32 {
        self.text[at as usize..].find('\n').map_or(self.text.len() as u32, |newline| at + newline as u32 + 1)
    }

    fn indent_of(&self, at: u32) -> &str {
        let start = self.line_start(at) as usize;
        let line = &self.text[start..];
        &line[..line.len() - line.trim_start_matches([' ', '\t']).len()]
    }

    fn set_string(&self, node: NodeId, with: &str) -> Result<Change, EditError> {
        let span = self.ast.span(node);
        let text = self.node_text(node);
        let prefix = text.len() - text.trim_start_matches(|c: char| c.is_ascii_alphabetic()).len();
        let quote = text[prefix..].chars().next().filter(|c| matches!(c, '"' | '\'' | '`'));
        let Some(quote) = quote else { return Err(EditError::Shape("this is no string literal")) };
        let escaped: String = with.chars().flat_map(|c| if c == quote || c == '\\' { vec!['\\', c] } else { vec![c] }).collect();
        Ok(change(span.start + prefix as u32, span.end, format!("{quote}{escaped}{quote}")))
    }

    fn arguments(&self, call: NodeId) -> Result<NodeId, EditError> {
        self.ast.child_named(call, "arguments").ok_or(EditError::Shape("this is no call"))
    }

    fn set_key(&self, node: NodeId, argument: Option<&Argument>, key: &str, with: &str) -> Result<Vec<Change>, EditError> {
        let Some(argument) = argument else { return self.set_key_of(node, key, with).map(|c| vec![c]) };
        let Argument::Position(n) = argument else { return Err(EditError::Shape("set-key needs a position")) };
        let list = self.arguments(node)?;
        match self.ast.children(list).nth(*n as usize - 1) {
            Some(object) => self.set_key_of(object, key, with).map(|c| vec![c]),
            None => {
                let object = format!("{{ {}: {with} }}", self.key_text(key, None));
                self.set_argument(node, &Argument::Position(*n), &object)
            }
        }
    }

    fn set_key_of(&self, object: NodeId, key: &str, with: &str) -> Result<Change, EditError> {
        if !matches!(self.kind(object), "object" | "dictionary") {
            return Err(EditError::Shape("this is no object literal"));
        }
        let entries: Vec<NodeId> = self.ast.children(object).collect();
        for entry in &entries {
            let Some(name) = self.ast.child_named(*entry, "key") else { continue };
            if self.node_text(name).trim_matches(['"', '\'']) != key {
                continue;
            }
            let Some(value) = self.ast.child_named(*entry, "value") else { continue };
            let span = self.ast.span(value);
            let is_shorthand = span == self.ast.span(name);
            let text = if is_shorthand { format!("{key}: {with}") } else { with.to_owned() };
            return Ok(change(span.start, span.end, text));
        }
        let spelled = self.key_text(key, entries.first().copied());
        Ok(self.append_item(object, &format!("{spelled}: {with}")))
    }

    /// The key as this object spells keys.
    fn key_text(&self, key: &str, first: Option<NodeId>) -> String {
        let sample = first.and_then(|entry| self.ast.child_named(entry, "key")).map(|name| self.node_text(name));
        let is_plain =
            key.chars().all(|c| c.is_alphanumeric() || c == '_' || c == '$') && !key.starts_with(|c: char| c.is_numeric());
        match (self.language, sample.and_then(|s| s.chars().next())) {
            (Language::Json, _) => format!("\"{key}\""),
            (Language::Python, Some('\'')) => format!("'{key}'"),
            (Language::Python, _) => format!("\"{key}\""),
            _ if is_plain => key.to_owned(),
            (_, Some('"')) => format!("\"{key}\""),
            _ => format!("'{key}'"),
        }
    }

    /// Adds an item at the end of a bracketed list, in the layout it has.
    fn append_item(&self, list: NodeId, item: &str) -> Change {
        let span = self.ast.span(list);
        let close = span.end - 1;
        let Some(last) = self.ast.children(list).last() else {
            let spaced = self.node_text(list).starts_with('{') && self.language != Language::Python;
            let text = if spaced { format!(" {item} ") } else { item.to_owned() };
            return change(span.start + 1, close, text);
        };
        let last_end = self.ast.span(last).end;
        let tail = &self.text[last_end as usize..close as usize];
        let multiline = tail.contains('\n');
        let comma_at = tail.find(',');
        if multiline {
            let indent = self.indent_of(self.ast.span(last).start);
            let line = format!("{}{indent}{item}", self.newline());
            return match comma_at {
                Some(at) => change(last_end + at as u32 + 1, last_end + at as u32 + 1, format!("{line},")),
                None => change(last_end, last_end, format!(",{line}")),
            };
        }
        match comma_at {
            Some(at) => change(last_end + at as u32 + 1, last_end + at as u32 + 1, format!(" {item},")),
            None => change(last_end, last_end, format!(", {item}")),
        }
    }

    fn set_argument(&self, call: NodeId, argument: &Argument, with: &str) -> Result<Vec<Change>, EditError> {
        let list = self.arguments(call)?;
        let items: Vec<NodeId> = self.ast.children(list).collect();
        match argument {
            Argument::Position(n) => {
                let n = *n as usize;
                match items.get(n - 1) {
                    Some(item) => {
                        let span = self.ast.span(*item);
                        Ok(vec![change(span.start, span.end, with)])
                    }
                    None if items.len() + 1 == n => Ok(vec![self.append_item(list, with)]),
                    None => Err(EditError::Shape("the arguments before it are missing")),
                }
            }
            Argument::Keyword(name) => {
                let existing =
                    items.iter().find(|item| self.ast.child_named(**item, "name").is_some_and(|n| self.node_text(n) == name));
                match existing.and_then(|item| self.ast.child_named(*item, "value")) {
                    Some(value) => {
                        let span = self.ast.span(value);
                        Ok(vec![change(span.start, span.end, with)])
                    }
                    None => Ok(vec![self.append_item(list, &format!("{name}={with}"))]),
                }
            }
        }
    }

    /// The statement around a node, and whether it stands in a list of statements.
    fn statement(&self, node: NodeId) -> Result<NodeId, EditError> {
        let lists = ["program", "module", "statement_block", "block", "class_body", "switch_case", "switch_default", "model"];
        let mut at = node;
        loop {
            let Some(parent) = self.ast.parent(at) else { return Err(EditError::Shape("this is no statement")) };
            if lists.contains(&self.kind(parent)) {
                return Ok(at);
            }
            if matches!(self.kind(parent), "arrow_function") {
                return Err(EditError::Shape("the function around it has an expression as its body"));
            }
            at = parent;
        }
    }

    /// The whole lines of a statement, its line end included; leading comment lines belong to it if `comments`.
    fn lines_of(&self, statement: NodeId, comments: bool) -> Span {
        let span = self.ast.span(statement);
        let mut start = self.line_start(span.start);
        while comments && start > 0 {
            let above = self.line_start(start - 1);
            let line = self.text[above as usize..start as usize].trim();
            let is_comment = line.starts_with("//") || line.starts_with('#') || (line.starts_with("/*") && line.ends_with("*/"));
            if !is_comment {
                break;
            }
            start = above;
        }
        Span::new(start, self.next_line(span.end))
    }

    fn indented(&self, text: &str, indent: &str) -> String {
        let lines: Vec<String> = text
            .trim_end()
            .lines()
            .map(|line| if line.trim().is_empty() { String::new() } else { format!("{indent}{line}") })
            .collect();
        self.eol(&format!("{}\n", lines.join("\n")))
    }

    fn insert_beside(&self, node: NodeId, with: &str, before: bool) -> Result<Vec<Change>, EditError> {
        let statement = self.statement(node)?;
        let span = self.ast.span(statement);
        let indent = self.indent_of(span.start).to_owned();
        let text = self.indented(with, &indent);
        if before {
            let at = self.line_start(span.start);
            return Ok(vec![change(at, at, text)]);
        }
        let at = self.next_line(span.end);
        let ends_line = self.text[..at as usize].ends_with('\n');
        let text = if ends_line { text } else { format!("{}{}", self.newline(), text.trim_end_matches(['\r', '\n'])) };
        Ok(vec![change(at, at, text)])
    }

    fn insert_in(&self, node: NodeId, place: InsertPlace, with: &str) -> Result<Vec<Change>, EditError> {
        let span = self.ast.span(node);
        let children: Vec<NodeId> = self.ast.children(node).filter(|c| self.ast.span(*c).start > span.start).collect();
        let is_list = matches!(self.kind(node), "array" | "list" | "object" | "dictionary" | "arguments" | "argument_list");
        if is_list {
            return Ok(vec![match (place, children.first()) {
                (InsertPlace::Start, Some(first)) => {
                    let at = self.ast.span(*first).start;
                    change(at, at, format!("{with}, "))
                }
                _ => self.append_item(node, with),
            }]);
        }
        if !self.node_text(node).ends_with('}') {
            return Err(EditError::Shape("this has no body in braces"));
        }
        let outer = self.indent_of(span.start).to_owned();
        let sample =
            children.last().map(|c| self.ast.span(*c).start).filter(|at| self.line_start(*at) != self.line_start(span.start));
        let indent = sample.map_or(format!("{outer}  "), |at| self.indent_of(at).to_owned());
        let text = self.indented(with, &indent);
        let close = span.end - 1;
        let at = match place {
            InsertPlace::End => self.line_start(close),
            InsertPlace::Start => self.next_line(span.start + self.node_text(node).find('{').unwrap_or(0) as u32),
        };
        if at <= span.start || at > close {
            return Err(EditError::Shape("the body stands on one line"));
        }
        let is_declaration_block = self.language == Language::Prisma && place == InsertPlace::End;
        let text = match is_declaration_block && !self.last_is_block_attribute(node) {
            true => format!("{}{text}", self.newline()),
            false => text,
        };
        Ok(vec![change(at, at, text)])
    }

    fn last_is_block_attribute(&self, node: NodeId) -> bool {
        self.ast.children(node).last().is_some_and(|last| self.kind(last) == "block_attribute")
    }

    fn remove(&self, node: NodeId) -> Result<Change, EditError> {
        let Some(parent) = self.ast.parent(node) else { return Err(EditError::Shape("the whole file cannot be removed")) };
        let is_item = matches!(
            self.kind(parent),
            "array"
                | "list"
                | "object"
                | "dictionary"
                | "arguments"
                | "argument_list"
                | "named_imports"
                | "formal_parameters"
                | "parameters"
                | "tuple"
        );
        if !is_item {
            let statement = self.statement(node)?;
            let span = self.lines_of(statement, false);
            return Ok(change(span.start, span.end, ""));
        }
        let siblings: Vec<NodeId> = self.ast.children(parent).collect();
        let at = siblings.iter().position(|sibling| *sibling == node).ok_or(EditError::Gone)?;
        let span = self.ast.span(node);
        let (start, end) = match (siblings.get(at + 1), at.checked_sub(1).map(|i| siblings[i])) {
            (Some(next), _) => (span.start, self.ast.span(*next).start),
            (None, Some(previous)) => (self.ast.span(previous).end, span.end),
            (None, None) => (span.start, span.end),
        };
        Ok(change(start, end, ""))
    }

    fn move_after(&self, node: NodeId, after: &Place, with: &str) -> Result<Vec<Change>, EditError> {
        let target = self.ast.node_at(after.span).ok_or(EditError::Gone)?;
        let statement = self.statement(node)?;
        let target = self.statement(target)?;
        if self.ast.parent(statement) != self.ast.parent(target) {
            return Err(EditError::Shape("the two statements are not in one list"));
        }
        let from = self.lines_of(statement, true);
        let to = self.next_line(self.ast.span(target).end);
        let mut moved = from.of(self.text).to_owned();
        if !with.is_empty() {
            moved = self.indented(with, self.indent_of(self.ast.span(statement).start)) + &moved;
        }
        if !self.text[..to as usize].ends_with('\n') {
            moved = format!("{}{}", self.newline(), moved.trim_end_matches(['\r', '\n']));
        }
        Ok(vec![change(from.start, from.end, ""), change(to, to, moved)])
    }

    fn make_async(&self, node: NodeId) -> Result<Vec<Change>, EditError> {
        let functions = ["function_declaration", "arrow_function", "method_definition", "function_definition"];
        let Some(function) = self.ast.ancestors(node).find(|at| functions.contains(&self.kind(*at))) else {
            return Ok(Vec::new());
        };
        let word = |kind: &str| self.ast.child_of_kind(function, Kind::of(kind)).is_some();
        if word("async") {
            return Ok(Vec::new());
        }
        let name = self.ast.child_named(function, "name").map_or("", |name| self.node_text(name));
        if name == "constructor" || word("get") || word("set") {
            return Err(EditError::Shape("constructors and accessors cannot be async"));
        }
        let header = self
            .ast
            .children(function)
            .find(|child| !matches!(self.kind(*child), "decorator" | "accessibility_modifier" | "static" | "override_modifier"));
        let at = match (self.kind(function), header) {
            ("method_definition", Some(first)) => self.ast.span(first).start,
            ("function_definition", _) => {
                let span = self.ast.span(function);
                let after = self.ast.children(function).filter(|c| self.kind(*c) == "decorator").last();
                let from = after.map_or(span.start, |decorator| self.ast.span(decorator).end) as usize;
                from as u32 + self.text[from..].find("def").unwrap_or(0) as u32
            }
            _ => self.ast.span(function).start,
        };
        Ok(vec![change(at, at, "async ")])
    }
}
