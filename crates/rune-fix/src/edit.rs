//! Edit operations as changes of text. What the operations do to lists, statements and imports stands in files of
//! their own; here they are told apart, gathered for one file, and made.

use std::cell::OnceCell;
use std::collections::BTreeMap;

use rune_model::{Change, Edit, Operation, Source, Span, Target};
use rune_syntax::{Ast, Kind, Language, NodeId, Scopes, parse};

use crate::import::{ensure_import, place_of};
use crate::parameterize::Destination;
use crate::style::escaped;

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
    pub(crate) items: BTreeMap<NodeId, Vec<String>>,
    /// Keys of an object that is to be added as an argument, by list of arguments.
    pub(crate) objects: BTreeMap<NodeId, Vec<(String, String)>>,
}

impl Plan {
    pub(crate) fn push(&mut self, change: Change) {
        if !self.changes.contains(&change) {
            self.changes.push(change);
        }
    }

    /// Takes back changes that do not fit.
    pub(crate) fn retain(&mut self, fits: impl FnMut(&Change) -> bool) {
        self.changes.retain(fits);
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
        let mut imports: Vec<(&str, Vec<&str>)> = imports.into_iter().collect();
        imports.sort_by_key(|(from, names)| place_of(self, from, !names.contains(&"")));
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
            Operation::Parameterize { style, into, argument, key, form } => {
                if into.place.path != self.source.path {
                    return Err(EditError::Shape("the text stands in another file than the call that runs it"));
                }
                let to = Destination { node: self.node(into)?, argument: argument.as_ref(), key, form: *form };
                self.parameterize(node()?, style, &to, plan)?;
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

    /// Whether what is written into the node are statements or members, where one may make another needless; not items of a list.
    pub(crate) fn has_one_body(&self, edit: &Edit) -> bool {
        self.language != Language::Prisma && self.node(&edit.at).is_ok_and(|node| !self.is_list(node))
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
        let with = self.laid_out(with, self.indent_of(span.start));
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
