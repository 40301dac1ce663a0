//! How a file is written: line ends, indentation, quotes, semicolons; and texts written in that way.

use rune_model::Span;
use rune_syntax::{Ast, Language, NodeId, parse};

use crate::edit::File;

/// The byte order mark, which stays the first thing in a file.
const MARK: char = '\u{FEFF}';

impl File {
    /// The text with the file's line ends.
    pub(crate) fn eol(&self, text: &str) -> String {
        let text = text.replace("\r\n", "\n");
        if self.newline() == "\r\n" { text.replace('\n', "\r\n") } else { text }
    }

    /// The line end of the file: that of its first line.
    pub(crate) fn newline(&self) -> &'static str {
        let first = self.text().find('\n').is_some_and(|at| self.text()[..at].ends_with('\r'));
        if first { "\r\n" } else { "\n" }
    }

    /// Where the text begins, behind a byte order mark.
    pub(crate) fn top(&self) -> u32 {
        if self.text().starts_with(MARK) { MARK.len_utf8() as u32 } else { 0 }
    }

    pub(crate) fn line_start(&self, at: u32) -> u32 {
        self.text()[..at as usize].rfind('\n').map_or(self.top(), |newline| newline as u32 + 1)
    }

    /// Where the line that holds `at` ends, before its line end.
    pub(crate) fn line_end(&self, at: u32) -> u32 {
        let rest = &self.text()[at as usize..];
        let line = rest.split('\n').next().unwrap_or("");
        at + line.trim_end_matches('\r').len() as u32
    }

    /// Past the line end of the line that holds `at`.
    pub(crate) fn next_line(&self, at: u32) -> u32 {
        self.text()[at as usize..].find('\n').map_or(self.text().len() as u32, |newline| at + newline as u32 + 1)
    }

    pub(crate) fn indent_of(&self, at: u32) -> &str {
        let line = &self.text()[self.line_start(at) as usize..];
        &line[..line.len() - line.trim_start_matches([' ', '\t']).len()]
    }

    /// The text of the line before `at`.
    pub(crate) fn before_on_line(&self, at: u32) -> &str {
        Span::new(self.line_start(at), at).of(self.text())
    }

    /// The text of the line behind `at`.
    pub(crate) fn after_on_line(&self, at: u32) -> &str {
        Span::new(at, self.line_end(at)).of(self.text())
    }

    /// Whether the line above the line of `at` is blank.
    pub(crate) fn is_blank_above(&self, at: u32) -> bool {
        let start = self.line_start(at);
        start > self.top() && Span::new(self.line_start(start - 1), start).of(self.text()).trim().is_empty()
    }

    /// One step of indentation: the first that a block of the file takes.
    pub(crate) fn indent_unit(&self) -> String {
        let steps = (1..self.ast.len()).filter_map(|node| self.step(node));
        let usual = if self.language == Language::Python { "    " } else { "  " };
        steps.take(1).next().unwrap_or_else(|| usual.to_owned())
    }

    fn step(&self, node: NodeId) -> Option<String> {
        let parent = self.ast.parent(node)?;
        let (outer, inner) = (self.span(parent), self.span(node));
        let holds = matches!(
            self.kind(parent),
            "block"
                | "statement_block"
                | "class_body"
                | "object"
                | "dictionary"
                | "model"
                | "enum"
                | "datasource"
                | "switch_body"
        );
        if !holds || !self.before_on_line(inner.start).trim().is_empty() {
            return None;
        }
        // A block of Python begins with its first statement; what it is indented from is its header.
        let header = if self.kind(parent) == "block" { self.ast.parent(parent).map_or(outer, |p| self.span(p)) } else { outer };
        let (outer, inner) = (self.indent_of(header.start), self.indent_of(inner.start));
        inner.strip_prefix(outer).filter(|step| !step.is_empty()).map(str::to_owned)
    }

    /// The quote that most strings of the file begin with; `None` if no side has more.
    pub(crate) fn usual_quote(&self) -> Option<char> {
        usual_quote(&self.ast, self.text())
    }

    /// Whether the statements of the file are written without semicolons.
    pub(crate) fn is_without_semicolons(&self) -> bool {
        if !matches!(self.language, Language::TypeScript | Language::Tsx) {
            return false;
        }
        let ends = ["expression_statement", "lexical_declaration", "return_statement", "import_statement"];
        let mut statements = (1..self.ast.len()).filter(|node| ends.contains(&self.kind(*node))).peekable();
        statements.peek().is_some() && !statements.any(|node| self.node_text(node).ends_with(';'))
    }
}

/// The text between quotes; `None` if that cannot be written.
pub(crate) fn escaped(text: &str, prefix: &str, quote: &str) -> Option<String> {
    let prefix = prefix.to_ascii_lowercase();
    let mark = quote.chars().next()?;
    if prefix.contains('r') {
        return (!text.contains(mark) && !text.contains('\\') && !text.contains('\n')).then(|| text.to_owned());
    }
    let is_long = quote.len() == 3 || quote == "`";
    let mut out = String::new();
    for (at, c) in text.char_indices() {
        match c {
            '\\' => out.push_str("\\\\"),
            '\n' if !is_long => out.push_str("\\n"),
            '\r' if !is_long => out.push_str("\\r"),
            '{' | '}' if prefix.contains('f') => out.extend([c, c]),
            '$' if quote == "`" && text[at + 1..].starts_with('{') => out.push_str("\\$"),
            c if c == mark => out.extend(['\\', c]),
            c => out.push(c),
        }
    }
    Some(out)
}

/// The code with its plain strings in the quotes that most strings of the file have. Strings that stand in the file as
/// they are, as in code that is passed on, keep theirs.
pub(crate) fn as_the_file_quotes(file: &File, code: &str) -> String {
    let Some(wanted) = file.usual_quote().filter(|_| code.contains(['"', '\''])) else { return code.to_owned() };
    let other = if wanted == '"' { '\'' } else { '"' };
    // A decorator parses only before a member.
    let (before, behind) =
        if code.starts_with('@') && file.language != Language::Python { ("class C {\n", "\nc; }") } else { ("", "") };
    let whole = format!("{before}{code}{behind}");
    let ast = parse(&whole, file.language);
    let mut out = whole.clone();
    for node in (0..ast.len()).rev().filter(|node| is_plain_string(&ast, *node)) {
        let span = ast.span(node);
        let inner = Span::new(span.start + 1, span.end.saturating_sub(1)).of(&whole);
        let text = ast.text(node, &whole);
        let is_plain = text.starts_with(other) && text.len() >= 2 && !inner.contains(['"', '\'', '\\']);
        if is_plain && !file.text().contains(text) {
            out.replace_range(span.start as usize..span.end as usize, &format!("{wanted}{inner}{wanted}"));
        }
    }
    out[before.len()..out.len() - behind.len()].to_owned()
}

/// A string literal of code; the value of an attribute of JSX is written otherwise.
fn is_plain_string(ast: &Ast, node: NodeId) -> bool {
    ast.kind(node).name() == "string" && ast.parent(node).is_none_or(|parent| ast.kind(parent).name() != "jsx_attribute")
}

/// The quote that most strings of a file begin with; `None` if no side has more.
fn usual_quote(ast: &Ast, text: &str) -> Option<char> {
    if !matches!(ast.language(), Language::TypeScript | Language::Tsx | Language::Python) {
        return None;
    }
    let strings = (0..ast.len()).filter(|node| is_plain_string(ast, *node)).map(|node| ast.text(node, text));
    let strings: Vec<&str> = strings.filter(|text| !text.starts_with("\"\"\"") && !text.starts_with("'''")).collect();
    let count = |quote: char| strings.iter().filter(|text| text.starts_with(quote)).count();
    match count('"').cmp(&count('\'')) {
        std::cmp::Ordering::Greater => Some('"'),
        std::cmp::Ordering::Less => Some('\''),
        std::cmp::Ordering::Equal => None,
    }
}
