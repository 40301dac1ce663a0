//! Cuts a text into statements without understanding them: quotes, comments, placeholders and holes are told apart.

use std::ops::Range;

/// Where a hole stands, as far as the characters around it say.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Within {
    /// Among the words of the statement.
    Words,
    /// In a text in single quotes.
    Quotes,
    /// In a quoted name.
    Name,
}

/// A statement as it stands in the text.
#[derive(Debug, Clone, Default)]
pub(super) struct RawStatement {
    /// The statement: placeholders are texts, comments are gone, holes are words made by [`marker`].
    pub(super) sql: String,
    /// The bytes of the whole text it stands in.
    pub(super) range: Range<usize>,
    /// The holes in it, with where they stand.
    pub(super) holes: Vec<(usize, Within)>,
}

/// What stands for a placeholder: a text is allowed wherever a value is.
const PLACEHOLDER: &str = "'?'";

/// The word that stands for hole number `hole`.
pub(super) fn marker(hole: usize) -> String {
    format!("rune_hole_{hole}_")
}

/// The numbers of the holes in a text.
pub(super) fn holes_in(text: &str) -> Vec<usize> {
    let parts = text.split("rune_hole_").skip(1);
    parts.filter_map(|rest| rest.split_once('_')?.0.parse().ok()).collect()
}

/// The text of one run of characters, and the place in it.
struct Lexer<'t> {
    text: &'t str,
    at: usize,
    current: RawStatement,
    done: Vec<RawStatement>,
    /// Numbers of the holes that are values of their own accord: a tag takes them.
    bound: &'t [usize],
}

/// The statements of a text in which holes are words made by [`marker`].
pub(super) fn statements(text: &str, bound: &[usize]) -> Vec<RawStatement> {
    let mut lexer = Lexer { text, at: 0, current: RawStatement::default(), done: Vec::new(), bound };
    while lexer.at < text.len() {
        lexer.step();
    }
    lexer.end_statement(text.len(), text.len());
    lexer.done
}

impl<'t> Lexer<'t> {
    fn rest(&self) -> &'t str {
        self.text.get(self.at..).unwrap_or("")
    }

    fn step(&mut self) {
        let rest = self.rest();
        let Some(first) = rest.chars().next() else { return };
        match first {
            ';' => {
                self.end_statement(self.at, self.at + 1);
                self.at += 1;
            }
            '-' if rest.starts_with("--") => self.skip(rest.find('\n').unwrap_or(rest.len())),
            '/' if rest.starts_with("/*") => self.skip(comment_end(rest)),
            '\'' => self.quoted('\'', Within::Quotes),
            '"' => self.quoted('"', Within::Name),
            '`' => self.quoted('`', Within::Name),
            '$' => self.dollar(),
            '?' => self.question(),
            ':' => self.colon(),
            '@' if self.is_name_after(1) && !self.follows_word() && !rest.starts_with("@@") => self.placeholder(1),
            '%' => self.percent(),
            c if is_word(c) => self.word(),
            c => self.copy(c.len_utf8()),
        }
    }

    /// Takes `n` bytes as they are.
    fn copy(&mut self, n: usize) {
        let start = self.at;
        self.at = (self.at + n).min(self.text.len());
        self.current.sql.push_str(self.text.get(start..self.at).unwrap_or(""));
    }

    /// Leaves out `n` bytes.
    fn skip(&mut self, n: usize) {
        self.at = (self.at + n.max(1)).min(self.text.len());
        self.current.sql.push(' ');
    }

    /// Puts a value in the place of a placeholder: `n` bytes of sign, and the word behind it.
    fn placeholder(&mut self, n: usize) {
        self.at += n;
        let word = word_len(self.rest());
        self.at += word;
        self.value();
    }

    /// A value; in parentheses where a list must stand.
    fn value(&mut self) {
        let before = self.current.sql.trim_end().rsplit(|c: char| !is_word(c)).next().unwrap_or("");
        let is_list = ["in", "values"].iter().any(|word| before.eq_ignore_ascii_case(word));
        if is_list {
            self.current.sql.push_str("('?')");
        } else {
            self.current.sql.push_str(PLACEHOLDER);
        }
    }

    fn follows_word(&self) -> bool {
        self.current.sql.ends_with(is_word)
    }

    fn is_name_after(&self, n: usize) -> bool {
        self.rest().get(n..).is_some_and(|rest| rest.starts_with(|c: char| c.is_alphabetic() || c == '_'))
    }

    /// A text or name up to the closing quote; doubled quotes do not close it, nor escaped ones in `E'…'`.
    fn quoted(&mut self, quote: char, within: Within) {
        let rest = self.rest();
        let is_escaped = quote == '\'' && {
            let before = self.current.sql.as_str();
            before.ends_with(['e', 'E']) && !before[..before.len() - 1].ends_with(is_word)
        };
        let mut chars = rest.char_indices().skip(1).peekable();
        let mut end = rest.len();
        while let Some((i, c)) = chars.next() {
            if c == '\\' && is_escaped {
                chars.next();
            } else if c == quote {
                if chars.peek().is_some_and(|(_, next)| *next == quote) {
                    chars.next();
                } else {
                    end = i + 1;
                    break;
                }
            }
        }
        let body = rest.get(..end).unwrap_or(rest);
        self.current.holes.extend(holes_in(body).into_iter().map(|hole| (hole, within)));
        self.copy(end);
    }

    /// `$1`, `$name`, `$$ … $$`.
    fn dollar(&mut self) {
        let rest = self.rest();
        let word = word_len(&rest[1..]);
        let tag = rest.get(..word + 1).unwrap_or(rest);
        if !self.follows_word()
            && rest.get(word + 1..).is_some_and(|after| after.starts_with('$'))
            && !tag.starts_with("$rune_hole_")
        {
            let fence = &rest[..word + 2];
            let end = rest[fence.len()..].find(fence).map_or(rest.len(), |end| end + 2 * fence.len());
            self.current.holes.extend(holes_in(&rest[..end]).into_iter().map(|hole| (hole, Within::Quotes)));
            self.copy(end);
        } else if word > 0 && !self.follows_word() {
            self.placeholder(1);
        } else {
            self.copy(1);
        }
    }

    /// `?`, `?1`; not the operators `?|` and `?&`, nor `?` between a name and a text.
    fn question(&mut self) {
        let rest = self.rest();
        if rest.starts_with("?|") || rest.starts_with("?&") {
            return self.copy(2);
        }
        let next = rest[1..].trim_start();
        let before = self.current.sql.trim_end();
        let follows_operand = before.ends_with([')', '"', ']', '\'']);
        if rest.starts_with("??") {
            self.at += 2;
            self.current.sql.push_str("rune_name");
        } else if next.starts_with('\'') || (follows_operand && next.starts_with(['$', '?'])) {
            self.copy(1);
        } else {
            let digits = rest[1..].len() - rest[1..].trim_start_matches(|c: char| c.is_ascii_digit()).len();
            self.at += 1 + digits;
            self.value();
        }
    }

    /// `:name`; not `::type` nor a slice of an array.
    fn colon(&mut self) {
        let rest = self.rest();
        if rest.starts_with("::") || rest.starts_with(":=") {
            return self.copy(2);
        }
        if self.is_name_after(1) && !self.follows_word() && !self.current.sql.ends_with([']', '"']) {
            self.placeholder(1);
        } else {
            self.copy(1);
        }
    }

    /// `%s` and `%(name)s`; `%%` is one sign.
    fn percent(&mut self) {
        let rest = self.rest();
        let named = rest.strip_prefix("%(").and_then(|inner| inner.split_once(')'));
        let ends_word = |after: &str| !after.starts_with(is_word);
        if let Some((name, after)) = named.filter(|(name, after)| !name.contains('\n') && after.starts_with('s')) {
            self.at += name.len() + 4;
            debug_assert!(after.len() < rest.len());
            self.value();
        } else if rest.strip_prefix("%s").is_some_and(ends_word) {
            self.at += 2;
            self.value();
        } else if rest.starts_with("%%") {
            self.at += 1;
            self.copy(1);
        } else {
            self.copy(1);
        }
    }

    /// A word, with the holes that it is made of.
    fn word(&mut self) {
        let n = word_len(self.rest());
        let word = self.rest().get(..n).unwrap_or("");
        let holes = holes_in(word);
        if let [only] = holes.as_slice()
            && self.bound.contains(only)
            && word == marker(*only)
        {
            self.at += n;
            return self.value();
        }
        self.current.holes.extend(holes.into_iter().map(|hole| (hole, Within::Words)));
        self.copy(n);
    }

    fn end_statement(&mut self, end: usize, next: usize) {
        let mut statement = std::mem::take(&mut self.current);
        statement.range.end = end;
        let lead = self.text.get(statement.range.clone()).map_or(0, lead_len);
        statement.range.start += lead;
        let trail = self.text.get(statement.range.clone()).map_or(0, |body| body.len() - body.trim_end().len());
        statement.range.end = statement.range.end.saturating_sub(trail).max(statement.range.start);
        self.current.range = next..next;
        if !statement.sql.trim().is_empty() {
            self.done.push(statement);
        }
    }
}

fn is_word(c: char) -> bool {
    c.is_alphanumeric() || c == '_'
}

fn word_len(text: &str) -> usize {
    text.len() - text.trim_start_matches(is_word).len()
}

/// How long a comment is that `text` begins with, in bytes; comments may hold comments.
fn comment_end(text: &str) -> usize {
    let (mut depth, mut at) = (0usize, 0);
    while let Some(next) = text.get(at..).and_then(|rest| rest.find(['*', '/']).map(|i| at + i)) {
        if text[next..].starts_with("/*") {
            depth += 1;
            at = next + 2;
        } else if text[next..].starts_with("*/") {
            depth = depth.saturating_sub(1);
            at = next + 2;
            if depth == 0 {
                return at;
            }
        } else {
            at = next + 1;
        }
    }
    text.len()
}

/// The bytes of white space and comments that `text` begins with.
pub(super) fn lead_len(text: &str) -> usize {
    let mut at = 0;
    loop {
        let rest = text.get(at..).unwrap_or("");
        let trimmed = rest.trim_start();
        at += rest.len() - trimmed.len();
        let n = match trimmed {
            line if line.starts_with("--") => line.find('\n').unwrap_or(line.len()),
            block if block.starts_with("/*") => comment_end(block),
            _ => return at,
        };
        at += n;
    }
}
