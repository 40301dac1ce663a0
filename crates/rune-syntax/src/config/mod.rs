//! Front ends for the formats that have no grammar of their own here: schema.prisma, TOML, YAML, environment files, statements of SQL, lines of text.

mod env;
mod prisma;
mod toml;
mod yaml;

use rune_model::Span;

use crate::Field;
use crate::build::Draft;
use crate::kind::KINDS;
use crate::{Kind, sql};

pub(crate) use env::env;
pub(crate) use prisma::{prisma, prisma_snippet};
pub(crate) use toml::toml;
pub(crate) use yaml::yaml;

/// One `line` node for each line, without its line end; comments and empty lines too. A byte order mark is in none.
pub(crate) fn lines(text: &str) -> Draft {
    let mut draft = Draft::new(KINDS.module, Span::new(0, text.len() as u32));
    let unmarked = text.strip_prefix('\u{FEFF}').unwrap_or(text);
    let mut start = (text.len() - unmarked.len()) as u32;
    for line in unmarked.split_inclusive('\n') {
        let content = line.trim_end_matches(['\n', '\r']);
        draft.add(0, KINDS.line, Field::NONE, Span::new(start, start + content.len() as u32));
        start += line.len() as u32;
    }
    draft
}

/// One `statement` node for each statement of SQL, without its semicolon and the comments before it.
pub(crate) fn sql(text: &str) -> Draft {
    let mut draft = Draft::new(KINDS.module, Span::new(0, text.len() as u32));
    let unmarked = text.strip_prefix('\u{FEFF}').unwrap_or(text);
    let skipped = (text.len() - unmarked.len()) as u32;
    for span in sql::statement_spans(unmarked) {
        draft.add(0, Kind::of("statement"), Field::NONE, Span::new(span.start + skipped, span.end + skipped));
    }
    draft
}
