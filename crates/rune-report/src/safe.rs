//! Texts from scanned code, file names and rules, made harmless before they reach a terminal.

/// The text with control characters and bidirectional overrides escaped; tabs and line ends stay.
pub fn visible(text: &str) -> String {
    text.chars().map(|c| if is_harmful(c) && c != '\n' && c != '\t' { escaped(c) } else { c.to_string() }).collect()
}

/// The same on one line.
pub(crate) fn one_line(text: &str) -> String {
    text.chars().map(|c| if is_harmful(c) { escaped(c) } else { c.to_string() }).collect()
}

fn escaped(c: char) -> String {
    match c {
        '\r' => String::new(),
        '\n' => "\\n".to_owned(),
        '\t' => "\\t".to_owned(),
        _ => format!("\\u{{{:x}}}", c as u32),
    }
}

fn is_harmful(c: char) -> bool {
    c.is_control()
        || matches!(c, '\u{200e}' | '\u{200f}' | '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}' | '\u{2028}' | '\u{2029}')
}
