//! Texts of several lines at a place of a file: indentation, line ends, semicolons.

use rune_syntax::{Ast, Language, parse};

use crate::edit::File;
use crate::style::as_the_file_quotes;

/// What a line of a text begins in.
#[derive(Clone)]
enum Line {
    /// Code of the template.
    Template,
    /// A string of several lines.
    String,
    /// Code of the file that is passed on: the line of the text on which it begins, and its indentation in the file.
    Passed(usize, String),
}

impl File {
    /// Statements of a template as lines of their own at `indent`.
    pub(crate) fn statements(&self, with: &str, indent: &str) -> String {
        let with = with.replace("\r\n", "\n");
        let text = self.laid_out(with.trim_matches('\n').trim_end(), indent);
        if text.is_empty() { self.newline().to_owned() } else { format!("{indent}{text}{}", self.newline()) }
    }

    /// A text in the form of the file, to begin in a line with this indentation. Its later lines are indented from
    /// there, in steps of the file; code that the file has already keeps its form, a string of several lines its text.
    pub(crate) fn laid_out(&self, with: &str, indent: &str) -> String {
        self.indented(&as_the_file_quotes(self, &with.replace("\r\n", "\n")), indent)
    }

    /// [`File::laid_out`] of a text whose quotes are as they should be.
    pub(crate) fn indented(&self, with: &str, indent: &str) -> String {
        let with = with.replace("\r\n", "\n");
        let lines: Vec<&str> = with.split('\n').collect();
        let kinds = self.kinds_of_lines(&with, lines.len());
        let of_template = |n: &usize| matches!(kinds[*n], Line::Template);
        let own = (0..lines.len()).filter(of_template).filter_map(|n| width(lines[n])).filter(|width| *width > 0).min();
        let unit = self.indent_unit();
        let bare = self.is_without_semicolons();
        let mut indents: Vec<String> = Vec::new();
        let mut written: Vec<String> = Vec::new();
        for (n, line) in lines.iter().enumerate() {
            let inner = line.trim_start_matches([' ', '\t']);
            let at = width(line).unwrap_or(0);
            let (indent, code) = match &kinds[n] {
                Line::String => ("".to_owned(), *line),
                _ if n == 0 => (indent.to_owned(), inner),
                Line::Passed(first, had) => match line.strip_prefix(had.as_str()) {
                    Some(rest) => (format!("{}{}", indents[*first], &rest[..rest.len() - inner.len()]), inner),
                    None => (line[..at].to_owned(), inner),
                },
                Line::Template => {
                    let (levels, rest) = own.map_or((0, at), |own| (at / own, at % own));
                    (format!("{indent}{}{}", unit.repeat(levels), " ".repeat(rest)), inner)
                }
            };
            let code = match kinds.get(n + 1) {
                Some(Line::String) => code,
                _ if bare && !is_hazard(lines.get(n + 1)) => code.trim_end().strip_suffix(';').unwrap_or(code.trim_end()),
                _ => code.trim_end(),
            };
            written.push(if n == 0 || code.is_empty() { code.to_owned() } else { format!("{indent}{code}") });
            indents.push(indent);
        }
        self.eol(&written.join("\n"))
    }

    fn kinds_of_lines(&self, with: &str, n_lines: usize) -> Vec<Line> {
        let mut kinds = vec![Line::Template; n_lines];
        let Some((ast, whole, before)) = (if n_lines > 1 { self.parsed(with) } else { None }) else { return kinds };
        let file = self.text().replace("\r\n", "\n");
        let line_of = |at: u32| whole[before..(at as usize).max(before)].matches('\n').count();
        let mut passed_until = 0;
        for node in 0..ast.len() {
            let span = ast.span(node);
            let text = span.of(&whole);
            let is_of_text = span.start as usize >= before && span.end as usize <= before + with.len();
            if !is_of_text || !text.contains('\n') {
                continue;
            }
            let lines = line_of(span.start) + 1..=line_of(span.end);
            if matches!(ast.kind(node).name(), "string" | "template_string") {
                kinds[lines].fill(Line::String);
            } else if span.start >= passed_until
                && let Some(at) = file.find(text)
            {
                let had = indent_of_line(&file, at);
                kinds[lines.clone()].fill(Line::Passed(lines.start() - 1, had.to_owned()));
                passed_until = span.end;
            }
        }
        kinds
    }

    /// A piece of code as a tree: the text that was parsed, and where in it the code begins.
    fn parsed(&self, code: &str) -> Option<(Ast, String, usize)> {
        let around: &[(&str, &str)] = match self.language {
            Language::Python => &[("", ""), ("f(", "\n)"), ("def f(", "\n): ..."), ("{", "\n}")],
            Language::TypeScript | Language::Tsx => &[("", ""), ("class C {", "\n}"), ("f({", "\n})"), ("function f(", "\n) {}")],
            _ => &[("", "")],
        };
        around.iter().find_map(|(before, behind)| {
            let whole = format!("{before}{code}{behind}");
            let ast = parse(&whole, self.language);
            ast.errors().is_empty().then_some((ast, whole, before.len()))
        })
    }
}

fn indent_of_line(text: &str, at: usize) -> &str {
    let line = text[..at].rfind('\n').map_or(text, |newline| &text[newline + 1..]);
    &line[..width(line).unwrap_or(0)]
}

/// The bytes of a line's indentation; `None` if nothing stands on it.
fn width(line: &str) -> Option<usize> {
    let inner = line.trim_start_matches([' ', '\t']);
    (!inner.trim_end().is_empty()).then(|| line.len() - inner.len())
}

/// Whether a line would go on with the statement before it if no semicolon stood between.
fn is_hazard(next: Option<&&str>) -> bool {
    next.is_some_and(|line| line.trim_start().starts_with(['(', '[', '`', '+', '-', '/']))
}
