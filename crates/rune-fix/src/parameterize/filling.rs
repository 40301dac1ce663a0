//! Texts that are filled from behind, by `%` or `.format`: which value goes to which place.

use rune_model::Span;
use rune_syntax::{Language, NodeId};

use super::pieces::{FORMAT, NO_TEXT, Reader, operator};
use crate::edit::EditError;

/// How values are put into a text behind it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Filling {
    /// Nothing: the values stand in it.
    None,
    /// `% (…)`.
    Percent,
    /// `.format(…)`.
    Braces,
}

/// A value that fills the text from behind.
pub(super) struct Filled {
    name: Option<String>,
    node: NodeId,
    pub(super) used: bool,
}

impl Reader<'_> {
    /// The text that `%` or `.format` fills at `node`, whose values are taken down.
    pub(super) fn filled(&mut self, node: NodeId) -> Result<Option<NodeId>, EditError> {
        let file = self.file;
        if file.language != Language::Python {
            return Ok(None);
        }
        let end = file.span(node).end;
        if file.kind(node) == "binary_operator" && operator(file, node) == "%" {
            let (Some(left), Some(right)) = (file.ast.child_named(node, "left"), file.ast.child_named(node, "right")) else {
                return Err(NO_TEXT);
            };
            let at = file.ast.child_named(node, "operator").map_or(end, |operator| file.span(operator).start);
            self.percent_values(right)?;
            (self.filling, self.pieces.tail) = (Filling::Percent, Some(self.with_space_before(at, end)));
            return Ok(Some(left));
        }
        let function = file.ast.child_named(node, "function").filter(|function| file.kind(*function) == "attribute");
        let name = function.and_then(|function| file.ast.child_named(function, "attribute"));
        let (Some(function), Some(name), "call") = (function, name, file.kind(node)) else { return Ok(None) };
        let Some(text) = file.ast.child_named(function, "object").filter(|_| file.node_text(name) == "format") else {
            return Ok(None);
        };
        self.format_values(file.arguments(node)?)?;
        let between = Span::new(file.span(text).end, file.span(name).start);
        let at = between.of(file.text()).rfind('.').map_or(between.start, |dot| between.start + dot as u32);
        (self.filling, self.pieces.tail) = (Filling::Braces, Some(self.with_space_before(at, end)));
        Ok(Some(text))
    }

    fn with_space_before(&self, at: u32, end: u32) -> Span {
        let before = &self.file.text()[..at as usize];
        Span::new(before.trim_end().len() as u32, end)
    }

    fn percent_values(&mut self, right: NodeId) -> Result<(), EditError> {
        let file = self.file;
        match file.kind(right) {
            "tuple" => self.values.extend(file.ast.children(right).map(|node| Filled { name: None, node, used: false })),
            "dictionary" => {
                for pair in file.ast.children(right) {
                    let (Some(key), Some(node)) = (file.ast.child_named(pair, "key"), file.ast.child_named(pair, "value")) else {
                        return Err(EditError::Shape("not all values of the text are written out"));
                    };
                    let name = file.node_text(key).trim_matches(['"', '\'']).to_owned();
                    self.values.push(Filled { name: Some(name), node, used: false });
                }
            }
            _ => self.values.push(Filled { name: None, node: right, used: false }),
        }
        Ok(())
    }

    fn format_values(&mut self, arguments: NodeId) -> Result<(), EditError> {
        let file = self.file;
        for argument in file.ast.children(arguments) {
            let filled = match file.kind(argument) {
                "keyword_argument" => {
                    let name = file.ast.child_named(argument, "name").map(|name| file.node_text(name).to_owned());
                    let node = file.ast.child_named(argument, "value").ok_or(NO_TEXT)?;
                    Filled { name, node, used: false }
                }
                "list_splat" | "dictionary_splat" => {
                    return Err(EditError::Shape("not all values of the text are written out"));
                }
                _ => Filled { name: None, node: argument, used: false },
            };
            self.values.push(filled);
        }
        Ok(())
    }

    /// The value that fills the place at the start of `rest`, and the length of the place.
    pub(super) fn fill(&mut self, rest: &str) -> Result<Option<(NodeId, usize)>, EditError> {
        let (name, len) = match self.filling {
            Filling::Percent if rest.starts_with("%(") => {
                let end = rest.find(')').ok_or(FORMAT)?;
                if !rest[end + 1..].starts_with(['s', 'd', 'i']) {
                    return Err(FORMAT);
                }
                (Some(&rest[2..end]), end + 2)
            }
            Filling::Percent if rest.starts_with('%') && !rest.starts_with("%%") => {
                if !rest[1..].starts_with(['s', 'd', 'i']) {
                    return Err(FORMAT);
                }
                (None, 2)
            }
            Filling::Braces if rest.starts_with('{') && !rest.starts_with("{{") => {
                let end = rest.find('}').ok_or(FORMAT)?;
                let name = &rest[1..end];
                if !name.chars().all(|c| c.is_alphanumeric() || c == '_') {
                    return Err(FORMAT);
                }
                (Some(name).filter(|name| !name.is_empty()), end + 1)
            }
            _ => return Ok(None),
        };
        let n_filled = self.n_filled;
        let mut positional = self.values.iter_mut().filter(|value| value.name.is_none());
        let value = match name.map(str::parse::<usize>) {
            None => {
                self.n_filled += 1;
                positional.nth(n_filled)
            }
            Some(Ok(number)) => positional.nth(number),
            Some(Err(_)) => self.values.iter_mut().find(|value| value.name.as_deref() == name),
        };
        let value = value.ok_or(EditError::Shape("not all values of the text are written out"))?;
        value.used = true;
        Ok(Some((value.node, len)))
    }
}
