//! What a grammar misreads, written so that it reads it: each repair keeps the length of the text, so every offset stays,
//! and the tree takes its texts from the text as it was. `docs/grammar-faults.md` lists them, and what remains.

use std::borrow::Cow;

use rune_model::Span;

use crate::Language;

/// The text for the grammar of `language`.
pub(crate) fn repaired(text: &str, language: Language) -> Cow<'_, str> {
    match language {
        Language::TypeScript | Language::Tsx => types_of_imports(without_type_arguments_of_tags(text)),
        Language::Json => without_plus_in_exponents(text),
        _ => Cow::Borrowed(text),
    }
}

/// Blanks the type arguments of tagged templates (`` sql<User>`…` ``), which the grammar misreads as comparisons without
/// an error node (upstream issues 329 and 341).
fn without_type_arguments_of_tags(text: &str) -> Cow<'_, str> {
    let mut edits = Edits::new(text);
    for (close, _) in text.match_indices(">`") {
        if let Some(open) = opening_angle(&edits.bytes, close) {
            edits.fill(open..close + 1, b' ');
        }
    }
    edits.done()
}

/// The `<` that opens the type arguments closed at `close`, if an identifier stands directly before it and the
/// text between looks like types. Looks back at most 2,000 bytes.
fn opening_angle(bytes: &[u8], close: usize) -> Option<usize> {
    let mut depth = 0usize;
    for at in (close.saturating_sub(2000)..=close).rev() {
        match bytes[at] {
            b'>' if at > 0 && bytes[at - 1] == b'=' => {}
            b'>' => depth += 1,
            // `=>` closes nothing.
            b'<' if depth == 0 => return None,
            b'<' => {
                depth -= 1;
                if depth == 0 {
                    let before = at.checked_sub(1).map(|i| bytes[i]);
                    return before.is_some_and(|b| b.is_ascii_alphanumeric() || b == b'_' || b == b'$').then_some(at);
                }
            }
            b'`' | b'(' | b')' | b'+' | b'"' if depth == 0 => return None,
            b'`' => return None,
            _ => {}
        }
    }
    None
}

/// `import("x")` in a type as a name of the same length, where the grammar fails on it: after `typeof`, before `<…>` and `[]`,
/// and alone in type arguments. Elsewhere the grammar reads a call, without an error.
fn types_of_imports(text: Cow<'_, str>) -> Cow<'_, str> {
    if !text.contains("import(") {
        return text;
    }
    let mut edits = Edits::new(&text);
    for (at, word) in text.match_indices("import(") {
        let argument = &text[at + word.len()..];
        let quote = argument.chars().next().filter(|c| matches!(c, '"' | '\''));
        let Some(length) = quote.and_then(|quote| argument[1..].find([quote, '\n'])) else { continue };
        if !argument[length + 1..].starts_with(&[quote.unwrap_or('"'), ')'].iter().collect::<String>()) {
            continue;
        }
        let end = at + word.len() + length + 3;
        if is_type(&text[..at], &text[end..]) {
            edits.fill(at..end, b'_');
        }
    }
    match edits.done() {
        Cow::Owned(text) => Cow::Owned(text),
        Cow::Borrowed(_) => text,
    }
}

/// Whether a type stands between these texts.
fn is_type(before: &str, after: &str) -> bool {
    let before = before.trim_end();
    if let Some(before) = before.strip_suffix("typeof") {
        return !before.ends_with(|c: char| c.is_alphanumeric() || matches!(c, '_' | '$' | '.'));
    }
    let member = |c: char| c.is_alphanumeric() || matches!(c, '_' | '$' | '.');
    let rest = after.trim_start_matches(member);
    let goes_on = rest.starts_with('<') || rest.starts_with("[]");
    match before.chars().next_back() {
        _ if !after.starts_with('.') => false,
        Some(':' | '|' | '&' | '(' | ',') => goes_on,
        Some('=') => goes_on && is_alias(before),
        Some('<') => goes_on || rest.starts_with(['>', ',', '|']),
        _ => false,
    }
}

/// Whether the equals sign at the end is that of `type Name =`.
fn is_alias(before: &str) -> bool {
    let line = before.rsplit('\n').next().unwrap_or("").trim_start();
    line.strip_prefix("export ").unwrap_or(line).starts_with("type ")
}

/// The text with the ampersands in `errors` overwritten: in texts and attributes of JSX the grammar takes only entities. `None`
/// if there are none. What it is to be tried as must be compared: only in a text is an ampersand no operator.
pub(crate) fn without_ampersands(text: &str, errors: &[Span]) -> Option<(String, Vec<u32>)> {
    let places: Vec<u32> = errors
        .iter()
        .flat_map(|error| error.of(text).match_indices('&').map(|(at, _)| error.start + at as u32))
        .filter(|at| !text[*at as usize..].starts_with("&&"))
        .collect();
    let mut edits = Edits::new(text);
    places.iter().for_each(|at| edits.fill(*at as usize..*at as usize + 1, b'_'));
    match edits.done() {
        Cow::Owned(text) => Some((text, places)),
        Cow::Borrowed(_) => None,
    }
}

/// `1e+9` as `1e09`: the JSON grammar knows no plus sign.
fn without_plus_in_exponents(text: &str) -> Cow<'_, str> {
    let mut edits = Edits::new(text);
    for (at, _) in text.match_indices('+') {
        let is_digit = |at: Option<usize>| at.and_then(|at| text.as_bytes().get(at)).is_some_and(u8::is_ascii_digit);
        let is_exponent = at.checked_sub(1).is_some_and(|at| matches!(text.as_bytes()[at], b'e' | b'E'));
        if is_exponent && is_digit(at.checked_sub(2)) && is_digit(Some(at + 1)) {
            edits.fill(at..at + 1, b'0');
        }
    }
    edits.done()
}

/// A text of which parts are overwritten.
struct Edits<'t> {
    text: &'t str,
    bytes: Cow<'t, [u8]>,
}

impl<'t> Edits<'t> {
    fn new(text: &'t str) -> Edits<'t> {
        Edits { text, bytes: Cow::Borrowed(text.as_bytes()) }
    }

    /// Overwrites a part; line ends stay.
    fn fill(&mut self, part: std::ops::Range<usize>, with: u8) {
        self.bytes.to_mut()[part].iter_mut().filter(|byte| **byte != b'\n').for_each(|byte| *byte = with);
    }

    fn done(self) -> Cow<'t, str> {
        match self.bytes {
            Cow::Owned(bytes) => String::from_utf8(bytes).map_or(Cow::Borrowed(self.text), Cow::Owned),
            Cow::Borrowed(_) => Cow::Borrowed(self.text),
        }
    }
}
