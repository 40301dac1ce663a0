//! Texts with places that are filled: `%` and `format` of Python, `replace`.

use rune_model::Span;

use super::text::{Builder, Piece};
use crate::constant::Constant;
use crate::{Member, NodeRef};

/// What stands at a place of a template.
enum Filling {
    Text(&'static str),
    Node(NodeRef),
}

impl Builder<'_> {
    /// `left % right` of Python.
    pub(super) fn percent(&mut self, left: NodeRef, right: NodeRef, depth: u32) {
        let project = self.project;
        let named = |name: &str| match project.object_member(right, name) {
            Member::Known(value) => Some(value),
            _ => None,
        };
        let items: Vec<NodeRef> = match project.kind(right).name() {
            "tuple" => project.children(right).collect(),
            _ => vec![right],
        };
        let mut next = items.into_iter();
        self.fill(left, depth, |rest| {
            let body = rest.strip_prefix('%')?;
            if body.starts_with('%') {
                return Some((2, Filling::Text("%")));
            }
            let (name, spec) = match body.strip_prefix('(').and_then(|inner| inner.split_once(')')) {
                Some((name, spec)) => (Some(name), spec),
                None => (None, body),
            };
            let flags = spec.len() - spec.trim_start_matches(|c: char| c.is_ascii_digit() || "#- +.".contains(c)).len();
            let kind = spec[flags..].chars().next()?;
            let n_bytes = rest.len() - spec.len() + flags + kind.len_utf8();
            let value = match name {
                Some(name) => named(name).or(Some(right)),
                None => next.next().or(Some(right)),
            };
            match kind {
                's' | 'r' | 'a' => Some((n_bytes, Filling::Node(value?))),
                'd' | 'i' | 'u' | 'f' | 'F' | 'e' | 'g' | 'x' | 'X' | 'o' => Some((n_bytes, Filling::Text("0"))),
                _ => None,
            }
        });
    }

    /// `text.format(…)` of Python.
    pub(super) fn format(&mut self, call: NodeRef, object: NodeRef, given: &[NodeRef], depth: u32) {
        let project = self.project;
        let is_named = |at: &&NodeRef| project.kind(**at).name() == "keyword_argument";
        let plain: Vec<NodeRef> = given.iter().filter(|at| !is_named(at)).copied().collect();
        let named = |name: &str| {
            let found =
                given.iter().filter(is_named).find(|at| project.child(**at, "name").is_some_and(|n| project.text(n) == name));
            found.and_then(|at| project.child(*at, "value"))
        };
        let mut n_used = 0;
        self.fill(object, depth, |rest| {
            if rest.starts_with("{{") || rest.starts_with("}}") {
                return Some((2, Filling::Text(if rest.starts_with('{') { "{" } else { "}" })));
            }
            let inner = rest.strip_prefix('{').and_then(|inner| inner.split_once('}'))?.0;
            let name = inner.split(['!', ':', '.', '[']).next().unwrap_or("");
            let value = match name.parse::<usize>() {
                Ok(number) => plain.get(number).copied(),
                Err(_) if name.is_empty() => {
                    n_used += 1;
                    plain.get(n_used - 1).copied()
                }
                Err(_) => named(name),
            };
            let is_number = inner.split_once(':').is_some_and(|(_, spec)| spec.ends_with(['d', 'f', 'x', 'e', 'g']));
            let filling = if is_number { Filling::Text("0") } else { Filling::Node(value.unwrap_or(call)) };
            Some((inner.len() + 2, filling))
        });
    }

    /// `text.replace("what", with)`.
    pub(super) fn replace(&mut self, object: NodeRef, what: NodeRef, with: NodeRef, depth: u32) {
        let Some(Constant::String(what)) = self.project.constant(what).filter(|what| *what != Constant::String(String::new()))
        else {
            return self.add(object, depth);
        };
        self.fill(object, depth, |rest| rest.starts_with(&what).then_some((what.len(), Filling::Node(with))));
    }

    /// Adds `template`, each of its places that `place` knows filled: with a length in bytes and what stands there.
    fn fill(&mut self, template: NodeRef, depth: u32, mut place: impl FnMut(&str) -> Option<(usize, Filling)>) {
        let mut inner = Builder { steps: self.steps / 2, ..Builder::new(self.project) };
        inner.add(template, depth);
        for piece in inner.pieces {
            let Piece::Text { text, at, span } = piece else {
                self.pieces.push(piece);
                continue;
            };
            let is_verbatim = text.len() == (span.end - span.start) as usize;
            let part = |from: usize, to: usize| match is_verbatim {
                true => Span::new(span.start + from as u32, span.start + to as u32),
                false => span,
            };
            let (mut from, mut i) = (0, 0);
            while i < text.len() {
                let found = if text.is_char_boundary(i) { place(&text[i..]) } else { None };
                let Some((n_bytes, filling)) = found else {
                    i += 1;
                    continue;
                };
                self.text(text[from..i].to_owned(), at, part(from, i));
                match filling {
                    Filling::Text(word) => self.text(word.to_owned(), at, part(i, i + n_bytes)),
                    Filling::Node(value) => self.add(value, depth),
                }
                i += n_bytes.max(1);
                from = i.min(text.len());
            }
            self.text(text.get(from..).unwrap_or("").to_owned(), at, part(from, text.len()));
        }
    }
}
