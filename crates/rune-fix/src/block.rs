//! Statements: where they may stand, what belongs to them, and how they are put in, taken out and moved.

use rune_model::{Change, InsertPlace, Span};
use rune_syntax::{Language, NodeId};

use crate::edit::{EditError, File, change};
use crate::style::as_the_file_quotes;

/// Kinds whose children are statements or declarations, one after the other.
const BLOCKS: &[&str] = &[
    "program",
    "module",
    "statement_block",
    "block",
    "class_body",
    "switch_case",
    "switch_default",
    "interface_body",
    "enum",
    "model",
    "datasource",
    "generator",
];

impl File {
    /// The statement that holds a node, as an item of its list of statements.
    pub(crate) fn statement(&self, node: NodeId) -> Result<NodeId, EditError> {
        let mut at = node;
        loop {
            let Some(parent) = self.ast.parent(at) else { return Err(EditError::Shape("this is no statement")) };
            if BLOCKS.contains(&self.kind(parent)) {
                return Ok(at);
            }
            if matches!(self.kind(parent), "arrow_function" | "lambda") {
                return Err(EditError::Shape("the function around it has an expression as its body"));
            }
            if self.is_bare_branch(parent, at) {
                return Err(EditError::Shape("it is the only statement of a branch without braces"));
            }
            at = parent;
        }
    }

    /// Whether `child` is the body of a branch or loop and no block.
    fn is_bare_branch(&self, parent: NodeId, child: NodeId) -> bool {
        let field = self.ast.field(child);
        let is_field = |name: &str| self.ast.child_named(parent, name) == Some(child) && field == rune_syntax::Field::of(name);
        let is_body = match self.kind(parent) {
            "if_statement" => is_field("consequence"),
            "for_statement" | "for_in_statement" | "while_statement" | "do_statement" => is_field("body"),
            "else_clause" => self.kind(child) != "if_statement",
            _ => false,
        };
        is_body && !matches!(self.kind(child), "statement_block" | "block")
    }

    /// The start of the comment lines directly above the line of `at`; that line's start if there are none.
    pub(crate) fn with_comments_above(&self, at: u32) -> u32 {
        let mut start = self.line_start(at);
        while start > self.top() {
            let above = self.line_start(start - 1);
            let end = self.line_end(above);
            let text = Span::new(above, end).of(self.text());
            let (from, to) = (above + (text.len() - text.trim_start().len()) as u32, above + text.trim_end().len() as u32);
            let comment = self.ast.comments().iter().find(|comment| comment.start <= from && to <= comment.end && from < to);
            let Some(comment) = comment else { break };
            // A comment that shares its first line with code belongs to that code.
            if !self.before_on_line(comment.start).trim().is_empty() {
                break;
            }
            start = self.line_start(comment.start);
        }
        start
    }

    /// The whole lines of a statement with the comments directly above it, its line end included.
    fn lines_of(&self, statement: NodeId) -> Span {
        let span = self.span(statement);
        Span::new(self.with_comments_above(span.start), self.next_line(span.end))
    }

    fn parent_kind(&self, node: NodeId) -> &'static str {
        self.ast.parent(node).map_or("", |parent| self.kind(parent))
    }

    /// Puts statements before or behind the statement that holds a node.
    pub(crate) fn insert_beside(&self, node: NodeId, with: &str, before: bool) -> Result<Change, EditError> {
        let statement = self.statement(node)?;
        let span = self.span(statement);
        let shares_line = match before {
            true => !self.before_on_line(span.start).trim().is_empty(),
            false => self.shares_line_behind(span.end) || self.stands_behind_its_header(statement),
        };
        if shares_line {
            return self.insert_on_line(span, with, before);
        }
        let text = self.statements(with, self.indent_of(span.start));
        let is_block = self.language == Language::Python && self.stands_apart(statement) && is_python_block(with);
        if before {
            let at = if is_block { self.with_comments_above(span.start) } else { self.line_start(span.start) };
            let above = is_block && at > self.top() && !self.is_blank_above(at);
            return Ok(change(at, at, self.between_blank_lines(above, &text, is_block)));
        }
        let at = self.next_line(span.end);
        let text = self.between_blank_lines(is_block, &text, is_block && !self.is_blank_or_end(at));
        Ok(change(at, at, if self.ends_line(at) { text } else { self.on_new_line(&text) }))
    }

    /// Whether a statement of Python stands at the top of its file or in the body of a class.
    fn stands_apart(&self, statement: NodeId) -> bool {
        let parent = self.ast.parent(statement);
        parent.is_some_and(|parent| match self.kind(parent) {
            "module" => true,
            "block" => self.parent_kind(parent) == "class_definition",
            _ => false,
        })
    }

    fn between_blank_lines(&self, above: bool, text: &str, below: bool) -> String {
        let blank = |wanted: bool| if wanted { self.newline() } else { "" };
        format!("{}{text}{}", blank(above), blank(below))
    }

    fn is_blank_or_end(&self, at: u32) -> bool {
        at as usize >= self.text().len() || self.after_on_line(at).trim().is_empty()
    }

    fn ends_line(&self, at: u32) -> bool {
        at == self.top() || self.text()[..at as usize].ends_with('\n')
    }

    /// Text for the end of a file whose last line has no line end: that stays so.
    fn on_new_line(&self, text: &str) -> String {
        format!("{}{}", self.newline(), text.trim_end_matches(['\r', '\n']))
    }

    /// Whether other code stands behind a statement on its line.
    fn shares_line_behind(&self, end: u32) -> bool {
        let rest = self.after_on_line(end);
        let comment = self.ast.comments().iter().find(|span| span.start >= end && span.start < self.line_end(end));
        let code = comment.map_or(rest, |comment| Span::new(end, comment.start).of(self.text()));
        !code.trim().trim_start_matches(';').trim().is_empty()
    }

    /// Whether a statement belongs to a body of Python that begins on the line of its header: `if a: f()`.
    fn stands_behind_its_header(&self, statement: NodeId) -> bool {
        let body = self.ast.parent(statement).filter(|parent| self.language == Language::Python && self.kind(*parent) == "block");
        body.is_some_and(|body| !self.before_on_line(self.span(body).start).trim().is_empty())
    }

    /// Past the semicolon that ends a statement of SQL, which is no part of its node.
    fn past_semicolon(&self, end: u32) -> u32 {
        let rest = self.after_on_line(end);
        let ends_it = self.language == Language::Sql && rest.trim_start().starts_with(';');
        if ends_it { end + rest.find(';').map_or(0, |at| at as u32 + 1) } else { end }
    }

    /// Between statements of one line there is room for statements of one line.
    fn insert_on_line(&self, span: Span, with: &str, before: bool) -> Result<Change, EditError> {
        let with = &as_the_file_quotes(self, with.trim());
        if with.contains('\n') || (self.language == Language::Python && is_python_block(with)) {
            return Err(EditError::Shape("other code stands on its line"));
        }
        let span = Span::new(span.start, self.past_semicolon(span.end));
        let glue = if self.language == Language::Python { "; " } else { " " };
        let with = if glue == " " && !with.ends_with([';', '}']) { format!("{with};") } else { with.to_owned() };
        if before {
            return Ok(change(span.start, span.start, format!("{with}{glue}")));
        }
        Ok(change(span.end, span.end, format!("{glue}{with}")))
    }

    /// Puts statements at the start or end of a body: a block, a class, a function, a model.
    pub(crate) fn insert_in_body(&self, node: NodeId, place: InsertPlace, with: &str) -> Result<Change, EditError> {
        if self.language == Language::Toml {
            return Err(EditError::Shape("tables are not edited"));
        }
        let body = ["body", "consequence"].into_iter().find_map(|field| self.ast.child_named(node, field)).unwrap_or(node);
        if matches!(self.kind(body), "program" | "module") || (self.language == Language::Python && self.kind(body) == "block") {
            return self.insert_in_block(body, place, with);
        }
        if !self.node_text(body).ends_with('}') {
            return Err(EditError::Shape("this has no body in braces"));
        }
        let span = self.span(body);
        let open = span.start + self.node_text(body).find('{').unwrap_or(0) as u32 + 1;
        let close = span.end - 1;
        let items: Vec<NodeId> = self.ast.children(body).filter(|child| self.span(*child).start >= open).collect();
        let own_line = items.last().map(|item| self.span(*item).start).filter(|at| self.before_on_line(*at).trim().is_empty());
        let outer = self.indent_of(span.start).to_owned();
        let indent = own_line.map_or_else(|| format!("{outer}{}", self.indent_unit()), |at| self.indent_of(at).to_owned());
        let text = self.statements(with, &indent);
        let inner = Span::new(open, close).of(self.text());
        if !inner.contains('\n') {
            if !inner.trim().is_empty() {
                return Err(EditError::Shape("the body stands on one line"));
            }
            return Ok(change(open, close, format!("{}{text}{outer}", self.newline())));
        }
        if place == InsertPlace::Start {
            let at = self.next_line(open);
            return Ok(change(at, at, text));
        }
        let at = self.line_start(close);
        let is_apart = match self.language {
            Language::Prisma => {
                let is_attribute = |item: &NodeId| self.kind(*item) == "block_attribute";
                self.kind(body) == "model" && with.trim_start().starts_with("@@") && !items.last().is_some_and(is_attribute)
            }
            _ => self.kind(body) == "class_body" && self.stand_apart(&items),
        };
        Ok(change(at, at, self.between_blank_lines(is_apart && !self.is_blank_above(at), &text, false)))
    }

    /// Whether a blank line stands between the last two.
    fn stand_apart(&self, items: &[NodeId]) -> bool {
        let [.., previous, last] = items else { return false };
        let between = Span::new(self.next_line(self.span(*previous).end), self.line_start(self.span(*last).start));
        between.of(self.text()).lines().any(|line| line.trim().is_empty())
    }

    /// The same for statements without braces: a body of Python, a whole file.
    fn insert_in_block(&self, block: NodeId, place: InsertPlace, with: &str) -> Result<Change, EditError> {
        let items: Vec<NodeId> = self.ast.children(block).collect();
        let is_file = self.ast.parent(block).is_none();
        let (Some(first), Some(last)) = (items.first(), items.last()) else {
            let at = self.text().len() as u32;
            let text = self.statements(with, "");
            return if is_file { Ok(change(at, at, text)) } else { Err(EditError::Shape("the body is empty")) };
        };
        if !self.before_on_line(self.span(*first).start).trim().is_empty() {
            return Err(EditError::Shape("the body stands on one line"));
        }
        let is_text = self.kind(*first) == "expression_statement" && self.node_text(*first).starts_with(['"', '\'']);
        match place {
            InsertPlace::End => self.insert_beside(*last, with, false),
            InsertPlace::Start if is_text => self.insert_beside(*first, with, false),
            InsertPlace::Start => self.insert_beside(*first, with, true),
        }
    }

    /// Takes out a node: an item of a list with its separator, a statement with its line and its comment.
    pub(crate) fn remove(&self, node: NodeId) -> Result<Vec<Change>, EditError> {
        let Some(parent) = self.ast.parent(node) else { return Err(EditError::Shape("the whole file cannot be removed")) };
        if self.is_list(parent) {
            let span = self.span(parent);
            return Ok(self.remove_from(node, parent, Span::new(span.start + 1, span.end - 1)));
        }
        if matches!(self.kind(node), "decorator" | "attribute") {
            return Ok(vec![self.remove_decorator(node)]);
        }
        let is_part = match self.kind(parent) {
            "import_from_statement" => self.ast.field(node) == rune_syntax::Field::of("name"),
            "lexical_declaration" => true,
            _ => false,
        };
        if is_part && self.parts(parent, node).len() > 1 {
            let parts = self.parts(parent, node);
            let end = self.span(parent).end;
            let at = parts.iter().position(|part| *part == node).ok_or(EditError::Gone)?;
            return Ok(self.remove_item(&parts, at, Span::new(self.span(parts[0]).start, end)));
        }
        let statement = self.statement(node)?;
        let is_whole = statement == node || is_part || self.kind(statement) == "expression_statement";
        if !is_whole {
            return Err(EditError::Shape("it is part of a statement"));
        }
        Ok(vec![self.remove_statement(statement)])
    }

    /// The children of a statement that are named as `node` is.
    fn parts(&self, parent: NodeId, node: NodeId) -> Vec<NodeId> {
        let field = self.ast.field(node);
        self.ast.children(parent).filter(|child| self.ast.field(*child) == field).collect()
    }

    fn remove_from(&self, node: NodeId, list: NodeId, brackets: Span) -> Vec<Change> {
        let siblings: Vec<NodeId> = self.ast.children(list).collect();
        // An import of nothing is no import.
        let clause = self.ast.parent(list).filter(|_| self.kind(list) == "named_imports" && siblings.len() == 1);
        if let Some(statement) =
            clause.and_then(|clause| self.ast.parent(clause).filter(|_| self.span(clause) == self.span(list)))
        {
            return vec![self.remove_statement(statement)];
        }
        let at = siblings.iter().position(|sibling| *sibling == node).unwrap_or(0);
        self.remove_item(&siblings, at, brackets)
    }

    /// A decorator goes with its line, or with the space behind it; an attribute with the space before it.
    fn remove_decorator(&self, node: NodeId) -> Change {
        let span = self.span(node);
        let rest = self.after_on_line(span.end);
        if !self.before_on_line(span.start).trim().is_empty() {
            let before = self.before_on_line(span.start);
            return change(span.start - (before.len() - before.trim_end().len()) as u32, span.end, "");
        }
        if rest.trim().is_empty() {
            return change(self.line_start(span.start), self.next_line(span.end), "");
        }
        change(span.start, span.end + (rest.len() - rest.trim_start().len()) as u32, "")
    }

    fn remove_statement(&self, statement: NodeId) -> Change {
        let span = self.span(statement);
        let is_only = self.ast.parent(statement).is_some_and(|parent| self.ast.children(parent).count() == 1);
        if is_only && self.language == Language::Python && self.parent_kind(statement) == "block" {
            return change(span.start, span.end, "pass");
        }
        let before = self.before_on_line(span.start);
        if !before.trim().is_empty() || self.shares_line_behind(span.end) {
            let rest = self.after_on_line(span.end);
            let space = match before.trim().is_empty() {
                true => (0, rest.len() - rest.trim_start_matches([' ', '\t', ';']).len()),
                false => (before.len() - before.trim_end().len(), (self.past_semicolon(span.end) - span.end) as usize),
            };
            return change(span.start - space.0 as u32, span.end + space.1 as u32, "");
        }
        let lines = self.lines_of(statement);
        // Of two blank lines that come together one goes too.
        let is_blank_below = (lines.end as usize) < self.text().len() && self.after_on_line(lines.end).trim().is_empty();
        let has_code_above = lines.start > self.top() && !self.is_blank_above(lines.start);
        let is_first = lines.start == self.top() || self.before_first(lines.start);
        let end = if is_blank_below && (!has_code_above || is_first) { self.next_line(lines.end) } else { lines.end };
        // A file that does not end its last line stays so.
        let ends_open = end as usize == self.text().len() && !self.text().ends_with('\n') && lines.start > self.top();
        let above = self.text()[..lines.start as usize].trim_end_matches(['\r', '\n', ' ', '\t']).len() as u32;
        let start = if ends_open { above.max(self.top()) } else { lines.start };
        change(start, end, "")
    }

    /// Whether the line above opens a body.
    fn before_first(&self, at: u32) -> bool {
        at > self.top() && self.text()[..at as usize].trim_end().ends_with(['{', ':'])
    }

    /// Moves a statement, with the comments above it, behind another one of the same list.
    pub(crate) fn move_after(&self, node: NodeId, after: NodeId, with: &str) -> Result<Vec<Change>, EditError> {
        let statement = self.statement(node)?;
        let target = self.statement(after)?;
        if self.ast.parent(statement) != self.ast.parent(target) {
            return Err(EditError::Shape("the two statements are not in one list"));
        }
        let span = self.span(statement);
        if self.shares_line_behind(span.end) || !self.before_on_line(span.start).trim().is_empty() {
            return Err(EditError::Shape("other code stands on its line"));
        }
        let from = self.lines_of(statement);
        let to = self.next_line(self.span(target).end);
        let mut moved = from.of(self.text()).to_owned();
        if !with.is_empty() {
            moved = self.statements(with, self.indent_of(span.start)) + &moved;
        }
        if !self.ends_line(to) {
            moved = self.on_new_line(&moved);
        } else if !moved.ends_with('\n') {
            moved.push_str(self.newline());
        }
        Ok(vec![change(from.start, from.end, ""), change(to, to, moved)])
    }
}

/// Whether the text is a definition or another compound statement.
fn is_python_block(text: &str) -> bool {
    let words = ["def", "class", "async", "if", "for", "while", "with", "try", "match"];
    let first = text.trim_start();
    first.starts_with('@') || words.iter().any(|word| first.strip_prefix(word).is_some_and(|rest| rest.starts_with([' ', ':'])))
}
