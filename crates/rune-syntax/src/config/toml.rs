//! TOML in the shape JSON has: tables, dotted keys and headers are nested objects of pairs.

use rune_model::Span;
use toml::de::{DeTable, DeValue};

use crate::build::Draft;
use crate::kind::KINDS;
use crate::{Field, Kind};

/// A TOML document: a `module` with one `object`; an error span if it does not parse.
pub(crate) fn toml(text: &str) -> Draft {
    let whole = Span::new(0, text.len() as u32);
    let mut draft = Draft::new(KINDS.module, whole);
    let text = text.strip_prefix('\u{feff}').map_or(text, |_| text);
    match DeTable::parse(text) {
        Ok(table) => {
            let object = draft.add(0, KINDS.object, Field::NONE, whole);
            add_table(&mut draft, object, table.get_ref());
            // A header stands around its key, and a table may go on under a later header.
            draft.widen();
        }
        Err(error) => {
            let span = error.span().unwrap_or(0..text.len());
            draft.add_error(Span::new(span.start as u32, span.end as u32));
            draft.add(0, KINDS.error, Field::NONE, whole);
        }
    }
    draft
}

/// Adds the entries of a table in source order. The depth is bounded by the TOML parser.
fn add_table(draft: &mut Draft, object: u32, table: &DeTable<'_>) {
    let mut entries: Vec<_> = table.iter().collect();
    entries.sort_by_key(|(key, _)| key.span().start);
    for (key, value) in entries {
        let key_span = span(key.span());
        let value_span = span(value.span());
        let whole = Span::new(key_span.start, value_span.end.max(key_span.end));
        let pair = draft.add(object, KINDS.pair, Field::NONE, whole);
        draft.add(pair, KINDS.property_identifier, Field::of("key"), key_span);
        add_value(draft, pair, Field::of("value"), value.get_ref(), value_span);
    }
}

fn add_value(draft: &mut Draft, parent: u32, field: Field, value: &DeValue<'_>, at: Span) {
    let kind = match value {
        DeValue::String(_) | DeValue::Datetime(_) => KINDS.string,
        DeValue::Integer(_) | DeValue::Float(_) => KINDS.number,
        DeValue::Boolean(b) => Kind::of(if *b { "true" } else { "false" }),
        DeValue::Array(_) => KINDS.array,
        DeValue::Table(_) => KINDS.object,
    };
    let node = draft.add(parent, kind, field, at);
    match value {
        DeValue::Array(items) => {
            for item in items.iter() {
                add_value(draft, node, Field::NONE, item.get_ref(), span(item.span()));
            }
        }
        DeValue::Table(table) => add_table(draft, node, table),
        _ => {}
    }
}

fn span(range: std::ops::Range<usize>) -> Span {
    Span::new(range.start as u32, range.end as u32)
}
