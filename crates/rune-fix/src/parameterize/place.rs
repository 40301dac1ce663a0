//! Where in a statement of SQL a hole stands. A parameter can only be a value: where the words around a hole do not
//! show that it is one, nothing is changed. The parser of SQL is asked besides, and may object; it does not read every
//! dialect, and a text may be a part of a statement.

use super::pieces::{Unit, What};
use crate::edit::EditError;

/// A value of the statement: some of its units, and what they say.
#[derive(Debug, Clone)]
pub(super) struct Value {
    /// The first unit and the one past the last; quotes are counted in.
    pub(super) units: std::ops::Range<usize>,
    /// Characters and holes of the value.
    pub(super) says: Vec<What>,
    /// What stands right behind it.
    pub(super) next: Option<char>,
}

pub(super) const NO_VALUE: EditError = EditError::Shape("a value stands where the statement has a name or a word, not a value");
const MANY: EditError = EditError::Shape("a value stands in a list whose length is not known");
const UNCLEAR: EditError = EditError::Shape("it is not clear where in the statement the values stand");
const UTILITY: EditError = EditError::Shape("this kind of statement takes no parameters");

/// Statements that take no parameters, by their first word.
const UTILITIES: &[&str] = &[
    "create", "alter", "drop", "truncate", "grant", "revoke", "set", "reset", "show", "use", "copy", "listen", "notify",
    "vacuum", "analyze", "pragma", "begin", "commit", "rollback", "do", "lock", "comment", "attach", "load", "rename", "declare",
    "describe",
];

/// Operators behind which a value stands.
const OPERATORS: &[&str] =
    &["=", "<>", "!=", "<", ">", "<=", ">=", "<=>", "==", "||", "+", "-", "/", "~", "~*", "!~", "!~*", "~~", "~~*"];

/// Words behind which a bare value stands; `&` is the `AND` of a `BETWEEN`.
const BEFORE_VALUES: &[&str] = &["like", "ilike", "rlike", "regexp", "limit", "offset", "then", "else", "between", "&"];

/// More words behind which a quoted text is a value.
const BEFORE_TEXTS: &[&str] = &["and", "or", "not", "where", "on", "having", "when", "select", "case"];

/// The kind of a parenthesis.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Group {
    /// A row of `VALUES`.
    Row,
    /// Behind a word: a call, a list of columns, an `IN`.
    Behind { is_in: bool },
    /// Anything else.
    Other,
}

/// What was read last.
#[derive(Clone, PartialEq, Eq)]
enum Last {
    Start,
    Word(String),
    Operator(String),
    Open,
    Comma,
    /// A literal, a value, a closing parenthesis.
    Operand,
}

/// The values of the statement that holds `units`, in order; an error if a hole is anything else.
pub(super) fn values(units: &[Unit]) -> Result<Vec<Value>, EditError> {
    let mut reader = Reader { units, at: 0, last: Last::Start, groups: Vec::new(), rows: false, between: 0, values: Vec::new() };
    while reader.at < units.len() {
        reader.step()?;
    }
    Ok(reader.values)
}

struct Reader<'u> {
    units: &'u [Unit],
    at: usize,
    last: Last,
    groups: Vec<Group>,
    /// Whether rows of `VALUES` are being read.
    rows: bool,
    /// How many `BETWEEN` wait for their `AND`.
    between: usize,
    values: Vec<Value>,
}

fn is_word(c: char) -> bool {
    c.is_alphanumeric() || c == '_' || c == '$'
}

impl Reader<'_> {
    fn char_at(&self, at: usize) -> Option<char> {
        match self.units.get(at)?.what {
            What::Char(c) => Some(c),
            What::Hole(_) => None,
        }
    }

    fn is_hole(&self, at: usize) -> bool {
        matches!(self.units.get(at), Some(Unit { what: What::Hole(_), .. }))
    }

    fn before(&self, at: usize) -> Option<char> {
        at.checked_sub(1).and_then(|before| self.char_at(before))
    }

    /// The end of the units from `at` on that fit.
    fn end_of(&self, at: usize, fits: impl Fn(char) -> bool) -> usize {
        (at..self.units.len()).find(|n| !self.char_at(*n).is_some_and(&fits)).unwrap_or(self.units.len())
    }

    fn text(&self, from: usize, to: usize) -> String {
        (from..to).filter_map(|n| self.char_at(n)).collect()
    }

    fn step(&mut self) -> Result<(), EditError> {
        let at = self.at;
        let Some(c) = self.char_at(at) else { return self.hole() };
        let next = self.char_at(at + 1);
        match c {
            c if c.is_whitespace() => self.at += 1,
            '\'' => self.string()?,
            '"' | '`' => self.quoted_name(c)?,
            '-' if next == Some('-') => self.skip_comment("\n")?,
            '/' if next == Some('*') => self.skip_comment("*/")?,
            '$' if next == Some('$') => return Err(UNCLEAR),
            '(' => self.open(),
            ')' => {
                self.rows = self.groups.pop() == Some(Group::Row);
                self.finish(at + 1, Last::Operand);
            }
            ',' => self.finish(at + 1, Last::Comma),
            ';' => {
                // Only the end of the text may follow.
                if self.end_of(at + 1, char::is_whitespace) < self.units.len() {
                    return Err(EditError::Shape("the text holds several statements"));
                }
                self.at = self.units.len();
            }
            c if is_word(c) => self.word()?,
            _ => self.operator(),
        }
        Ok(())
    }

    fn finish(&mut self, at: usize, last: Last) {
        (self.at, self.last) = (at, last);
    }

    fn open(&mut self) {
        let group = match &self.last {
            Last::Word(word) if word == "values" => Group::Row,
            Last::Comma if self.rows && self.groups.is_empty() => Group::Row,
            Last::Word(word) if BEFORE_VALUES.contains(&word.as_str()) || BEFORE_TEXTS.contains(&word.as_str()) => Group::Other,
            Last::Word(word) => Group::Behind { is_in: word == "in" },
            _ => Group::Other,
        };
        self.groups.push(group);
        self.finish(self.at + 1, Last::Open);
    }

    fn word(&mut self) -> Result<(), EditError> {
        let end = self.end_of(self.at, is_word);
        let word = self.text(self.at, end).to_lowercase();
        if self.last == Last::Start && UTILITIES.contains(&word.as_str()) {
            return Err(UTILITY);
        }
        let is_number = word.starts_with(|c: char| c.is_ascii_digit() || c == '$');
        let last = match word.as_str() {
            _ if is_number => Last::Operand,
            "between" => {
                self.between += 1;
                Last::Word(word)
            }
            "and" if self.between > 0 => {
                self.between -= 1;
                Last::Word("&".into())
            }
            _ => Last::Word(word),
        };
        self.finish(end, last);
        Ok(())
    }

    fn operator(&mut self) {
        let is_operator = |c: char| "=<>!|+-/~*%@#&^:?.".contains(c);
        let mut end = self.end_of(self.at, is_operator).max(self.at + 1);
        // A sign or comment behind an operator is no part of it.
        if let Some(comment) = (self.at..end).find(|n| matches!(self.text(*n, n + 2).as_str(), "--" | "/*")) {
            end = comment.max(self.at + 1);
        }
        let text = self.text(self.at, end);
        let is_placeholder = text == "?" || (text == "%" && self.char_at(end) == Some('s'));
        self.finish(end, if is_placeholder { Last::Operand } else { Last::Operator(text) });
    }

    fn skip_comment(&mut self, end: &str) -> Result<(), EditError> {
        let mut at = self.at + 2;
        while at < self.units.len() && self.text(at, at + end.len()) != end {
            if self.is_hole(at) {
                return Err(EditError::Shape("a value stands in a comment"));
            }
            at += 1;
        }
        self.at = (at + end.len()).min(self.units.len());
        Ok(())
    }

    fn quoted_name(&mut self, quote: char) -> Result<(), EditError> {
        let mut at = self.at + 1;
        while at < self.units.len() && self.char_at(at) != Some(quote) {
            if self.is_hole(at) {
                return Err(NO_VALUE);
            }
            at += 1;
        }
        self.finish(at + 1, Last::Operand);
        Ok(())
    }

    /// A text in quotes. If a hole is in it, all of it is one value.
    fn string(&mut self) -> Result<(), EditError> {
        let start = self.at;
        let mut says = Vec::new();
        let mut at = start + 1;
        loop {
            match self.units.get(at).map(|unit| &unit.what) {
                None => return Err(UNCLEAR),
                Some(What::Char('\'')) if self.char_at(at + 1) == Some('\'') => {
                    says.push(What::Char('\''));
                    at += 2;
                }
                Some(What::Char('\'')) => break,
                // Whether it escapes differs from one database to the other.
                Some(What::Char('\\')) => return Err(UNCLEAR),
                Some(what) => {
                    says.push(what.clone());
                    at += 1;
                }
            }
        }
        let end = at + 1;
        if says.iter().any(|what| matches!(what, What::Hole(_))) {
            let glued = self.before(start).is_some_and(is_word) || self.char_at(end).is_some_and(|c| is_word(c) || c == '\'');
            let may_stand = match &self.last {
                Last::Operator(operator) => OPERATORS.contains(&operator.as_str()),
                Last::Word(word) => BEFORE_VALUES.contains(&word.as_str()) || BEFORE_TEXTS.contains(&word.as_str()),
                Last::Open | Last::Comma => true,
                Last::Start | Last::Operand => false,
            };
            if glued || !may_stand || self.is_hole(end) {
                return Err(NO_VALUE);
            }
            self.values.push(Value { units: start..end, says, next: self.char_at(end) });
        }
        self.finish(end, Last::Operand);
        Ok(())
    }

    /// A hole that is not in quotes.
    fn hole(&mut self) -> Result<(), EditError> {
        let at = self.at;
        let glued_before = self.before(at).is_some_and(|c| is_word(c) || "\"`'.@:#[%?".contains(c));
        let glued_behind = self.char_at(at + 1).is_some_and(|c| is_word(c) || "\"`'.([".contains(c));
        if glued_before || glued_behind || self.is_hole(at + 1) || (at > 0 && self.is_hole(at - 1)) {
            return Err(NO_VALUE);
        }
        match &self.last {
            Last::Operator(operator) if OPERATORS.contains(&operator.as_str()) => {}
            Last::Word(word) if BEFORE_VALUES.contains(&word.as_str()) => {}
            Last::Open | Last::Comma => match self.groups.last() {
                Some(Group::Row) => {}
                Some(Group::Behind { is_in: true }) => return Err(MANY),
                _ => return Err(NO_VALUE),
            },
            _ => return Err(NO_VALUE),
        }
        let says = vec![self.units[at].what.clone()];
        self.values.push(Value { units: at..at + 1, says, next: self.char_at(at + 1) });
        self.finish(at + 1, Last::Operand);
        Ok(())
    }
}
