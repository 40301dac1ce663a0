//! The places for parameters that a text has already.

use rune_model::ParameterStyle as Style;

use super::pieces::{Unit, What};

/// Whether a percent sign of the text must be doubled once it has parameters.
pub(super) fn doubles_percent(style: &Style) -> bool {
    matches!(style, Style::Alike(place) | Style::Named(place, _) if place.starts_with('%'))
}

/// The places there are: the unit each begins at, and its number or name.
pub(super) fn places(style: &Style, units: &[Unit]) -> Vec<(usize, String)> {
    let (before, behind) = match style {
        Style::Numbered(before) => (before.as_str(), ""),
        Style::Alike(place) => (place.as_str(), ""),
        Style::Named(before, behind) => (before.as_str(), behind.as_str()),
    };
    let says = |at: usize, text: &str| text.chars().enumerate().all(|(n, c)| char_at(units, at + n) == Some(c));
    let is_word = |c: char| match style {
        Style::Numbered(_) => c.is_ascii_digit(),
        Style::Alike(_) => false,
        Style::Named(..) => c.is_alphanumeric() || c == '_',
    };
    let mut places = Vec::new();
    let mut at = 0;
    while at < units.len() {
        let start = at;
        at += 1;
        if !says(start, before) {
            continue;
        }
        // `::type` is a cast, `%%` a percent sign.
        if char_at(units, start) == char_at(units, start + 1) {
            at += 1;
            continue;
        }
        let from = start + before.chars().count();
        let end = (from..units.len()).find(|n| !char_at(units, *n).is_some_and(is_word)).unwrap_or(units.len());
        let word: String = (from..end).filter_map(|n| char_at(units, n)).collect();
        let is_number = word.starts_with(|c: char| c.is_ascii_digit());
        let is_place = match style {
            Style::Numbered(_) => is_number,
            Style::Alike(_) => true,
            Style::Named(..) => !word.is_empty() && !is_number && says(end, behind),
        };
        if is_place {
            places.push((start, word));
            at = end.max(start + 1);
        }
    }
    places
}

fn char_at(units: &[Unit], at: usize) -> Option<char> {
    match units.get(at)?.what {
        What::Char(c) => Some(c),
        What::Hole(_) => None,
    }
}
