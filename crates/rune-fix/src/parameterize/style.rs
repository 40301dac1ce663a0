//! How a driver writes the places of parameters, and the places that a text has already.

use super::pieces::{Unit, What};
use crate::edit::EditError;

/// How places are written: `$1`, `:1`, `@p1`; `?`, `%s`; `:name`, `@name`, `%(name)s`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Style {
    /// With a number from 1, behind these characters.
    Numbered(String),
    /// All alike; the order tells them apart.
    Alike(String),
    /// With a name, between these characters.
    Named(String, String),
}

impl Style {
    /// The style of which `sample` is the first place.
    pub(super) fn of(sample: &str) -> Result<Style, EditError> {
        if let Some((before, behind)) = sample.split_once("name").filter(|(before, _)| !before.is_empty()) {
            return Ok(Style::Named(before.to_owned(), behind.to_owned()));
        }
        match sample.strip_suffix('1') {
            Some(before) if !before.is_empty() => Ok(Style::Numbered(before.to_owned())),
            _ if sample.is_empty() || sample.contains(char::is_whitespace) => {
                Err(EditError::Shape("the places of parameters are written as `$1`, `?`, `%s`, `:name` or the like"))
            }
            _ => Ok(Style::Alike(sample.to_owned())),
        }
    }

    /// The place of the parameter with this number (from 1) and name.
    pub(super) fn place(&self, number: usize, name: &str) -> String {
        match self {
            Style::Numbered(before) => format!("{before}{number}"),
            Style::Alike(place) => place.clone(),
            Style::Named(before, behind) => format!("{before}{name}{behind}"),
        }
    }

    /// Whether a percent sign of the text must be doubled once it has parameters.
    pub(super) fn doubles_percent(&self) -> bool {
        matches!(self, Style::Alike(place) | Style::Named(place, _) if place.starts_with('%'))
    }

    /// The places there are: the unit each begins at, and its number or name.
    pub(super) fn places(&self, units: &[Unit]) -> Vec<(usize, String)> {
        let (before, behind) = match self {
            Style::Numbered(before) => (before.as_str(), ""),
            Style::Alike(place) => (place.as_str(), ""),
            Style::Named(before, behind) => (before.as_str(), behind.as_str()),
        };
        let says = |at: usize, text: &str| text.chars().enumerate().all(|(n, c)| char_at(units, at + n) == Some(c));
        let mut places = Vec::new();
        let mut at = 0;
        while at < units.len() {
            let start = at;
            at += 1;
            // `::type` is a cast, `%%` a percent sign.
            let doubled = before.len() == 1 && char_at(units, start) == char_at(units, start + 1);
            if !says(start, before) || (doubled && says(start, before)) {
                at += usize::from(says(start, before) && doubled);
                continue;
            }
            let from = start + before.chars().count();
            let fits = |c: char| match self {
                Style::Numbered(_) => c.is_ascii_digit(),
                Style::Alike(_) => false,
                Style::Named(..) => c.is_alphanumeric() || c == '_',
            };
            let end = (from..units.len()).find(|n| !char_at(units, *n).is_some_and(fits)).unwrap_or(units.len());
            let word: String = (from..end).filter_map(|n| char_at(units, n)).collect();
            let is_place = matches!(self, Style::Alike(_)) || (!word.is_empty() && says(end, behind));
            let is_number = word.starts_with(|c: char| c.is_ascii_digit());
            if is_place && is_number == matches!(self, Style::Numbered(_)) {
                places.push((start, word));
                at = end.max(start + 1);
            }
        }
        places
    }
}

fn char_at(units: &[Unit], at: usize) -> Option<char> {
    match units.get(at)?.what {
        What::Char(c) => Some(c),
        What::Hole(_) => None,
    }
}
