//! Files of environment variables (`.env`, `.env.example`): a `module` with one `object` of pairs.

use rune_model::Span;

use crate::Field;
use crate::build::Draft;
use crate::kind::KINDS;

/// The lines `NAME=value` of a file; `export` before them and comments do not count.
pub(crate) fn env(text: &str) -> Draft {
    let whole = Span::new(0, text.len() as u32);
    let mut draft = Draft::new(KINDS.module, whole);
    let object = draft.add(0, KINDS.object, Field::NONE, whole);
    let mut start = if text.starts_with('\u{FEFF}') { 3 } else { 0 };
    while start < text.len() {
        let rest = &text[start..];
        let end = line(&mut draft, object, start, rest);
        start += end.max(1);
        while start < text.len() && !text.is_char_boundary(start) {
            start += 1;
        }
    }
    draft
}

/// Reads the line at `start` and gives its length in bytes, its line end and the lines of a quoted value included.
fn line(draft: &mut Draft, object: u32, start: usize, rest: &str) -> usize {
    let whole = rest.find('\n').map_or(rest.len(), |end| end + 1);
    let body = rest[..whole].trim_end();
    let trimmed = body.trim_start();
    let at = start + body.len() - trimmed.len();
    if trimmed.is_empty() {
        return whole;
    }
    if trimmed.starts_with('#') {
        draft.add_comment(Span::new(at as u32, (start + body.len()) as u32));
        return whole;
    }
    let bare = trimmed.strip_prefix("export ").map_or(trimmed, str::trim_start);
    let at = at + trimmed.len() - bare.len();
    let Some((name, value)) = bare.split_once('=').filter(|(name, _)| is_name(name.trim_end())) else {
        draft.add_error(Span::new(at as u32, (start + body.len()) as u32));
        return whole;
    };
    let from = at + name.len() + 1 + value.len() - value.trim_start().len();
    let value = value.trim_start();
    let quote = value.chars().next().filter(|c| matches!(c, '"' | '\'' | '`'));
    let quoted = quote.and_then(|quote| {
        let after = rest.get(from - start + 1..)?;
        closing(after, quote).map(|end| end + 2)
    });
    let n = match quoted {
        Some(n) => n,
        None => value.find(" #").map_or(value, |end| &value[..end]).trim_end().len(),
    };
    let name = name.trim_end();
    let pair = draft.add(object, KINDS.pair, Field::NONE, Span::new(at as u32, (from + n) as u32));
    draft.add(pair, KINDS.property_identifier, Field::of("key"), Span::new(at as u32, (at + name.len()) as u32));
    draft.add(pair, KINDS.string, Field::of("value"), Span::new(from as u32, (from + n) as u32));
    let past = from - start + n;
    past + rest.get(past..).map_or(0, |after| after.find('\n').map_or(after.len(), |end| end + 1))
}

/// Where the quote closes; a quote behind a backslash does not.
fn closing(text: &str, quote: char) -> Option<usize> {
    let mut escaped = false;
    for (i, c) in text.char_indices() {
        match c {
            _ if escaped => escaped = false,
            '\\' if quote == '"' => escaped = true,
            _ if c == quote => return Some(i),
            _ => {}
        }
    }
    None
}

fn is_name(name: &str) -> bool {
    !name.is_empty() && name.chars().all(|c| c.is_alphanumeric() || matches!(c, '_' | '.' | '-' | '$'))
}
