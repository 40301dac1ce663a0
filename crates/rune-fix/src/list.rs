//! Lists between brackets: an item is added in the layout that the list has, and goes with its separator.

use rune_model::{Change, InsertPlace, Span};
use rune_syntax::{Language, NodeId};

use crate::edit::{EditError, File, Plan, change};
use crate::style::as_the_file_quotes;

/// Kinds whose children stand between brackets, with commas between them.
const LISTS: &[&str] = &[
    "array",
    "list",
    "set",
    "tuple",
    "object",
    "dictionary",
    "arguments",
    "argument_list",
    "named_imports",
    "export_clause",
    "formal_parameters",
    "parameters",
    "object_pattern",
    "array_pattern",
];

impl File {
    pub(crate) fn is_list(&self, node: NodeId) -> bool {
        let own = LISTS.contains(&self.kind(node)) && self.language != Language::Toml;
        own && self.node_text(node).ends_with([')', ']', '}'])
    }

    /// Adds items at the end of a bracketed list.
    pub(crate) fn append_items(&self, list: NodeId, items: &[String]) -> Result<Vec<Change>, EditError> {
        let span = self.span(list);
        let children: Vec<NodeId> = self.ast.children(list).filter(|child| self.is_between_brackets(list, *child)).collect();
        if !self.node_text(list).ends_with([')', ']', '}']) {
            return Err(EditError::Shape("this is no list in brackets"));
        }
        let ends: Vec<Span> = children.iter().map(|child| self.span(*child)).collect();
        Ok(self.append_between(span.end - 1, &ends, self.opening(list), items))
    }

    /// Where the inside of a list begins.
    fn opening(&self, list: NodeId) -> u32 {
        let span = self.span(list);
        // A call of a schema carries its name before the bracket.
        let name = self.ast.child_named(list, "name").map_or(span.start, |name| self.span(name).end);
        let from = if self.node_text(list).starts_with(['(', '[', '{']) { span.start } else { name };
        self.text()[from as usize..].find(['(', '[', '{']).map_or(span.start + 1, |at| from + at as u32 + 1)
    }

    fn is_between_brackets(&self, list: NodeId, child: NodeId) -> bool {
        self.span(child).start >= self.opening(list)
    }

    /// Adds items behind those at `present`, of a list that closes at `close`.
    pub(crate) fn append_between(&self, close: u32, present: &[Span], open: u32, items: &[String]) -> Vec<Change> {
        let Some(last) = present.last() else { return vec![self.first_items(open, close, items)] };
        let line_of = |at: u32| self.line_start(at);
        let comma = self.comma_after(last.end, close);
        let comment = self.comment_behind(comma.unwrap_or(last.end), close);
        let tail = Span::new(comma.unwrap_or(last.end), close).of(self.text());
        let shares_line = match present.len().checked_sub(2).map(|n| present[n]) {
            Some(previous) => line_of(previous.end) == line_of(last.start),
            None => !tail.contains('\n') || line_of(open - 1) == line_of(last.start),
        };
        let between = if shares_line { ", ".to_owned() } else { format!(",{}{}", self.newline(), self.indent_of(last.start)) };
        let separator = between.trim_start_matches(',').to_owned();
        let indent = self.indent_of(if shares_line { last.end } else { last.start });
        let items: Vec<String> = items.iter().map(|item| self.indented(item, indent)).collect();
        let added = items.join(&between);
        match (comma, comment) {
            (None, None) => vec![change(last.end, last.end, format!("{between}{added}"))],
            (Some(comma), None) => vec![change(comma + 1, comma + 1, format!("{separator}{added},"))],
            // A comment behind the last item stays with it.
            (None, Some(comment)) => vec![
                change(last.end, last.end, ","),
                change(comment.end, comment.end, format!("{}{}{added}", self.newline(), self.indent_of(last.start))),
            ],
            (Some(_), Some(comment)) => {
                vec![change(comment.end, comment.end, format!("{}{}{added},", self.newline(), self.indent_of(last.start)))]
            }
        }
    }

    /// The items of a list that has none.
    fn first_items(&self, open: u32, close: u32, items: &[String]) -> Change {
        let inner = Span::new(open, close).of(self.text());
        if inner.contains('\n') {
            let indent = format!("{}{}", self.indent_of(close), self.indent_unit());
            let lines: Vec<String> = items.iter().map(|item| format!("{indent}{}", self.indented(item, &indent))).collect();
            let end = open + inner.trim_end().len() as u32;
            let newline = self.newline();
            let trailing = if inner.trim().is_empty() && self.language != Language::Json { "," } else { "" };
            let text = format!("{newline}{}{trailing}", lines.join(&format!(",{newline}")));
            return change(end, end, text);
        }
        let items: Vec<String> = items.iter().map(|item| self.indented(item, self.indent_of(open))).collect();
        let added = items.join(", ");
        if !inner.trim().is_empty() {
            let end = open + inner.trim_end().len() as u32;
            return change(end, end, format!(" {added}"));
        }
        let is_spaced = self.text()[..open as usize].ends_with('{') && self.language != Language::Python;
        change(open, close, if is_spaced { format!(" {added} ") } else { added })
    }

    /// The comma behind `from` that is in no comment.
    fn comma_after(&self, from: u32, close: u32) -> Option<u32> {
        let in_comment = |at: u32| self.ast.comments().iter().any(|span| span.start <= at && at < span.end);
        let text = Span::new(from, close).of(self.text());
        text.char_indices().filter(|(_, c)| *c == ',').map(|(at, _)| from + at as u32).find(|at| !in_comment(*at))
    }

    /// The comment that ends the line of `from`, if nothing but a comma stands before it.
    fn comment_behind(&self, from: u32, close: u32) -> Option<Span> {
        let line_end = self.line_end(from).min(close);
        let comment = self.ast.comments().iter().find(|span| from <= span.start && span.start < line_end)?;
        let between = Span::new(from, comment.start).of(self.text());
        // A grammar may count the first half of CRLF to the comment.
        let end = comment.start + comment.of(self.text()).trim_end().len() as u32;
        between.trim_matches([' ', '\t', ',']).is_empty().then_some(Span::new(comment.start, end))
    }

    /// Adds an item before the first of a list.
    pub(crate) fn prepend_item(&self, list: NodeId, with: &str, plan: &mut Plan) -> Result<(), EditError> {
        let first = self.ast.children(list).find(|child| self.is_between_brackets(list, *child));
        let Some(first) = first else {
            plan.add_item(list, with.to_owned());
            return Ok(());
        };
        let at = self.span(first).start;
        let is_on_own_line = self.before_on_line(at).trim().is_empty();
        let between = if is_on_own_line { format!("{}{}", self.newline(), self.indent_of(at)) } else { " ".to_owned() };
        plan.push(change(at, at, format!("{},{between}", self.indented(with, self.indent_of(at)))));
        Ok(())
    }

    /// Inserts an item in a list, or statements in a body.
    pub(crate) fn insert_in(&self, node: NodeId, place: InsertPlace, with: &str, plan: &mut Plan) -> Result<(), EditError> {
        if !self.is_list(node) {
            plan.push(self.insert_in_body(node, place, with)?);
            return Ok(());
        }
        let with = as_the_file_quotes(self, with.trim());
        match place {
            InsertPlace::Start => self.prepend_item(node, &with, plan),
            InsertPlace::End => {
                plan.add_item(node, with);
                Ok(())
            }
        }
    }

    /// Removes one item of `siblings`, which stand between `open` and the closing bracket.
    pub(crate) fn remove_item(&self, siblings: &[NodeId], at: usize, brackets: Span) -> Vec<Change> {
        let span = self.span(siblings[at]);
        let comma = self.comma_after(span.end, siblings.get(at + 1).map_or(brackets.end, |next| self.span(*next).start));
        let previous = at.checked_sub(1).map(|n| self.span(siblings[n]));
        if siblings.len() == 1 {
            let inner = brackets.of(self.text());
            let is_bare = self.ast.comments().iter().all(|comment| !brackets.contains(*comment));
            if is_bare && inner.trim().trim_end_matches(',').trim_end().len() == (span.end - span.start) as usize {
                return vec![change(brackets.start, brackets.end, "")];
            }
        }
        let end = comma.map_or(span.end, |comma| comma + 1);
        let comment = self.comment_behind(end, brackets.end);
        let is_last = at + 1 == siblings.len();
        let line_comma = previous.and_then(|previous| self.comma_after(previous.end, span.start));
        if self.before_on_line(span.start).trim().is_empty() && self.is_last_on_line(end, comment) {
            let start = self.with_comments_above(span.start).max(previous.map_or(0, |previous| self.next_line(previous.end)));
            let mut changes = vec![change(start, self.next_line(comment.map_or(end, |comment| comment.end)), "")];
            // The item before becomes the last: it loses its comma as this one had none.
            if let (true, None, Some(line_comma)) = (is_last, comma, line_comma) {
                changes.insert(0, change(line_comma, line_comma + 1, ""));
            }
            return changes;
        }
        match (siblings.get(at + 1), previous) {
            (Some(next), _) => vec![change(span.start, self.span(*next).start, "")],
            (None, Some(previous)) => vec![change(previous.end, span.end, "")],
            (None, None) => vec![change(span.start, end, "")],
        }
    }

    fn is_last_on_line(&self, end: u32, comment: Option<Span>) -> bool {
        let end = comment.map_or(end, |comment| comment.end);
        self.after_on_line(end).trim().is_empty() && self.next_line(end) > end
    }
}
