//! Puts placeholder identifiers in the place of holes, so that the language's own grammar can read a snippet.
//! Knows strings and comments of the language, so that a `$` or `...` in them stays what it is.

/// Prefix of every placeholder.
pub(crate) const PREFIX: &str = "__rune_";
/// `...`
pub(crate) const GAP: &str = "__rune_gap__";
/// `. ...`
pub(crate) const CHAIN: &str = "__rune_chain__";
/// `$_`
pub(crate) const ANY: &str = "__rune_any__";
/// `$X`
pub(crate) const HOLE: &str = "__rune_hole_";
/// `$...X`
pub(crate) const LIST: &str = "__rune_list_";
/// `$X?`
pub(crate) const OPTIONAL: &str = "__rune_opt_";

/// Before the placeholder of a hole that stands outside quotes in a language without identifiers.
pub(crate) const BARE: &str = "__rune_bare";

/// On the stack of brackets: the brace of a `switch`.
const SWITCH: u8 = b's';

/// How a family of languages writes strings, comments and gaps.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Style {
    Ecma,
    Python,
    Json,
    Toml,
    Yaml,
    GraphQl,
    Plain,
}

/// The text for the grammar, and for each of its bytes where it came from.
#[derive(Debug, Clone, Default)]
pub(crate) struct Lexed {
    pub(crate) text: String,
    /// Pairs of offsets (in `text`, in the snippet), growing.
    pub(crate) map: Vec<(usize, usize)>,
    /// Captures in order of appearance, without `$`.
    pub(crate) captures: Vec<String>,
    /// The first name in lower case that looks like a capture, as its place in the snippet.
    pub(crate) lower: Option<std::ops::Range<usize>>,
}

impl Lexed {
    /// The offset in the snippet of an offset in `text`.
    pub(crate) fn origin(&self, offset: usize) -> usize {
        let at = self.map.partition_point(|(new, _)| *new <= offset);
        let Some((new, old)) = at.checked_sub(1).map(|i| self.map[i]) else { return offset };
        old + (offset - new)
    }
}

/// Replaces the holes of `snippet`.
pub(crate) fn lex(snippet: &str, style: Style) -> Lexed {
    let mut lexer = Lexer { source: snippet, style, at: 0, out: Lexed::default(), brackets: Vec::new(), last: None };
    lexer.out.map.push((0, 0));
    while lexer.at < snippet.len() {
        lexer.step();
    }
    lexer.out
}

struct Lexer<'a> {
    source: &'a str,
    style: Style,
    at: usize,
    out: Lexed,
    /// Open brackets; a backtick stands for a template literal.
    brackets: Vec<u8>,
    /// The last byte written that is no white space.
    last: Option<u8>,
}

impl<'a> Lexer<'a> {
    fn rest(&self) -> &'a str {
        &self.source[self.at..]
    }

    fn step(&mut self) {
        let rest = self.rest();
        if self.brackets.last() == Some(&b'`') {
            return self.template();
        }
        if rest.starts_with("\\$") {
            self.at += 1;
            self.resync();
            return self.copy(1);
        }
        if rest.starts_with("\\...") {
            self.at += 1;
            self.resync();
            return self.copy(3);
        }
        if rest.starts_with('$') && self.hole() {
            return;
        }
        if rest.starts_with("...") && self.gap() {
            return;
        }
        if rest.starts_with('.') && !rest.starts_with("..") && self.chain() {
            return;
        }
        let first = rest.as_bytes()[0];
        match first {
            b'"' | b'\'' => return self.string(),
            b'`' if self.style == Style::Ecma => self.brackets.push(b'`'),
            b'{' if self.opens_switch() => self.brackets.push(SWITCH),
            b'(' | b'[' | b'{' => self.brackets.push(first),
            b')' | b']' | b'}' => {
                self.brackets.pop();
            }
            _ => {}
        }
        self.copy(rest.chars().next().map_or(1, char::len_utf8));
    }

    /// Whether a brace here opens the cases of a `switch (…)`.
    fn opens_switch(&self) -> bool {
        let before = self.out.text.trim_end();
        if self.style != Style::Ecma || !before.ends_with(')') {
            return false;
        }
        let mut depth = 0usize;
        let open = before.bytes().rposition(|byte| {
            match byte {
                b')' => depth += 1,
                b'(' => depth -= 1,
                _ => {}
            }
            depth == 0
        });
        open.is_some_and(|open| before[..open].trim_end().ends_with("switch"))
    }

    fn copy(&mut self, n: usize) {
        let piece = &self.source[self.at..self.at + n];
        self.last = piece.bytes().rev().find(|b| !b.is_ascii_whitespace()).or(self.last);
        self.out.text.push_str(piece);
        self.at += n;
    }

    fn put(&mut self, text: &str, consumed: usize) {
        self.out.text.push_str(text);
        self.last = text.bytes().last();
        self.at += consumed;
        self.resync();
    }

    fn resync(&mut self) {
        self.out.map.push((self.out.text.len(), self.at));
    }

    fn template(&mut self) {
        let rest = self.rest();
        if rest.starts_with("${") {
            self.brackets.push(b'{');
            self.copy(2);
        } else if rest.starts_with('`') {
            self.brackets.pop();
            self.copy(1);
        } else if rest.starts_with('\\') && rest.len() > 1 {
            self.copy(1 + rest[1..].chars().next().map_or(0, char::len_utf8));
        } else {
            self.copy(rest.chars().next().map_or(1, char::len_utf8));
        }
    }

    /// A string; `"$X"` and `"$_"` are holes for its value.
    fn string(&mut self) {
        let rest = self.rest();
        let quote = &rest[..1];
        let mut end = 1;
        let bytes = rest.as_bytes();
        while end < bytes.len() && bytes[end] != quote.as_bytes()[0] {
            end += if bytes[end] == b'\\' { 2 } else { 1 };
        }
        let end = end.min(rest.len());
        let inner = rest.get(1..end).unwrap_or("").to_owned();
        let whole = (end + 1).min(rest.len());
        match inner.strip_prefix('$').filter(|name| is_capture(name)) {
            Some(name) => {
                let name = name.to_owned();
                let placeholder = self.placeholder(&name);
                self.put(&format!("\"{placeholder}\""), whole);
            }
            None if rest.is_char_boundary(whole) => self.copy(whole),
            None => self.copy(rest.chars().next().map_or(1, char::len_utf8)),
        }
    }

    fn placeholder(&mut self, name: &str) -> String {
        if name == "_" {
            return ANY.to_owned();
        }
        self.out.captures.push(name.to_owned());
        format!("{HOLE}{name}__")
    }

    fn hole(&mut self) -> bool {
        let rest = self.rest();
        if let Some(tail) = rest.strip_prefix("$...") {
            let name = capture_at(tail);
            if name.is_empty() {
                return false;
            }
            let (name, n) = (name.to_owned(), 4 + name.len());
            self.out.captures.push(name.clone());
            let text = self.in_context(&format!("{LIST}{name}__"), n);
            self.put(&text, n);
            return true;
        }
        let name = capture_at(&rest[1..]).to_owned();
        if !is_capture(&name) {
            self.note_lower();
            return false;
        }
        let after = &rest[1 + name.len()..];
        let optional = after.starts_with('?') && after[1..].chars().next().is_none_or(|c| matches!(c, ',' | ')' | ']' | '}'));
        if optional {
            self.out.captures.push(name.clone());
            self.put(&self.json(&format!("{OPTIONAL}{name}__")), 2 + name.len());
        } else {
            let n = 1 + name.len();
            let placeholder = self.placeholder(&name);
            self.put(&self.json(&placeholder), n);
        }
        true
    }

    /// `$name` where a value can stand; `.$name` and `$name:` are members and keys that are called so.
    fn note_lower(&mut self) {
        let tail = &self.rest()[1..];
        let n = tail.find(|c: char| !(c.is_alphanumeric() || c == '_')).unwrap_or(tail.len());
        let is_part = self.last.is_some_and(|byte| byte == b'.' || byte == b'$' || self.out.text.ends_with(is_word));
        let is_key = tail[n..].trim_start().starts_with(':');
        if tail.starts_with(char::is_lowercase) && !is_part && !is_key {
            self.out.lower.get_or_insert(self.at..self.at + 1 + n);
        }
    }

    /// JSON has no identifiers: a bare hole is a string there.
    fn json(&self, placeholder: &str) -> String {
        if matches!(self.style, Style::Json | Style::Toml | Style::Yaml) {
            format!("\"{BARE}{placeholder}\"")
        } else {
            placeholder.to_owned()
        }
    }

    fn gap(&mut self) -> bool {
        let tail = &self.rest()[3..];
        let spread = tail.chars().next().is_some_and(|c| c.is_alphanumeric() || matches!(c, '_' | '$' | '[' | '{' | '('));
        if spread {
            return false;
        }
        let text = self.in_context(GAP, 3);
        self.put(&text, 3);
        true
    }

    /// Whether the braces around this place hold the values of an enumeration.
    fn is_in_enum(&self) -> bool {
        let before = self.out.text.rsplit_once('{').map_or("", |(before, _)| before);
        before.rsplit(['}', '\n']).next().is_some_and(|line| line.trim_start().starts_with("enum "))
    }

    /// The gap in the form that the place allows: a dictionary entry, a statement, or an item of a list.
    fn in_context(&self, gap: &str, consumed: usize) -> String {
        let after = self.source[self.at + consumed..].trim_start();
        let in_braces = self.brackets.last() == Some(&b'{');
        match self.style {
            Style::Python if in_braces && self.is_set(after) => format!("*{gap}"),
            Style::Python if in_braces => format!("**{gap}"),
            Style::Json | Style::Yaml if in_braces => format!("\"{gap}\": 0"),
            Style::GraphQl if !self.brackets.is_empty() && !self.is_in_enum() => format!("{gap}: {gap}"),
            Style::Toml if in_braces => format!("{gap} = 0"),
            Style::Json | Style::Toml | Style::Yaml => format!("\"{gap}\""),
            Style::Ecma if self.brackets.last() == Some(&SWITCH) => format!("case {gap}:"),
            Style::Ecma => {
                let is_item = after.starts_with([',', ')', ']']) || matches!(self.last, Some(b',' | b'(' | b'['));
                let alone = after.starts_with('}') && matches!(self.last, None | Some(b'{' | b','));
                // A member or statement before it may lack its semicolon.
                let ended = matches!(self.last, None | Some(b'{' | b'}' | b';' | b',' | b'(' | b'['));
                match (is_item || alone || after.is_empty(), ended) {
                    (true, _) => gap.to_owned(),
                    (false, true) => format!("{gap};"),
                    (false, false) => format!(";{gap};"),
                }
            }
            _ => gap.to_owned(),
        }
    }

    /// Whether the innermost braces of Python hold items without keys: what was written of them and `after` has a comma at
    /// their level, and no colon or `**` beside one.
    fn is_set(&self, after: &str) -> bool {
        let written = &self.out.text;
        let mut depth = 0usize;
        let open = written.bytes().rposition(|byte| {
            match byte {
                b')' | b']' | b'}' => depth += 1,
                b'(' | b'[' | b'{' if depth == 0 => return true,
                b'(' | b'[' | b'{' => depth -= 1,
                _ => {}
            }
            false
        });
        let before = open.map_or("", |open| &written[open + 1..]);
        let mut items = items_of(before).chain(items_of(after)).filter(|item| !matches!(*item, "" | "...")).peekable();
        items.peek().is_some() && items.all(|item| !item.starts_with("**") && !has_key(item))
    }

    /// `. ...`
    fn chain(&mut self) -> bool {
        let tail = self.rest()[1..].trim_start();
        let Some(after) = tail.strip_prefix("...") else { return false };
        if after.starts_with(|c: char| c.is_alphanumeric() || c == '$') {
            return false;
        }
        let consumed = self.rest().len() - after.len();
        self.put(&format!(".{CHAIN}"), consumed);
        true
    }
}

/// The items of a list as far as its closing bracket, without what stands in brackets of their own.
fn items_of(list: &str) -> impl Iterator<Item = &str> {
    let mut depth = 0usize;
    let end = list.find(|c: char| {
        match c {
            '(' | '[' | '{' => depth += 1,
            ')' | ']' | '}' if depth == 0 => return true,
            ')' | ']' | '}' => depth -= 1,
            _ => {}
        }
        false
    });
    let mut depth = 0usize;
    let parts = list[..end.unwrap_or(list.len())].split(move |c: char| {
        match c {
            '(' | '[' | '{' => depth += 1,
            ')' | ']' | '}' => depth = depth.saturating_sub(1),
            _ => {}
        }
        c == ',' && depth == 0
    });
    parts.map(str::trim)
}

/// Whether a colon stands in an item, outside of strings and brackets.
fn has_key(item: &str) -> bool {
    let (mut depth, mut quote) = (0usize, None);
    item.chars().any(|c| {
        match (c, quote) {
            (_, Some(open)) if c == open => quote = None,
            (_, Some(_)) => {}
            ('"' | '\'', None) => quote = Some(c),
            ('(' | '[' | '{', None) => depth += 1,
            (')' | ']' | '}', None) => depth = depth.saturating_sub(1),
            (':', None) => return depth == 0,
            _ => {}
        }
        false
    })
}

fn is_word(c: char) -> bool {
    c.is_alphanumeric() || c == '_'
}

fn capture_at(text: &str) -> &str {
    let end = text.find(|c: char| !(c.is_ascii_uppercase() || c.is_ascii_digit() || c == '_')).unwrap_or(text.len());
    &text[..end]
}

fn is_capture(name: &str) -> bool {
    name == "_" || (name.starts_with(|c: char| c.is_ascii_uppercase()) && capture_at(name) == name)
}
