//! What takes a value: names, patterns, parameters and members, each with the part of it that it takes.

use rune_syntax::{Constant, Keeping, NodeId, is_measure};

use crate::flow::Flow;
use crate::held::{Held, Link};

impl Flow<'_> {
    /// A pattern, a parameter, a name or a member takes a value.
    pub(crate) fn assign(&mut self, target: NodeId, held: Held, write: NodeId) {
        let mut targets = vec![(target, held)];
        while let Some((target, held)) = targets.pop() {
            let kind = self.kind(target);
            match kind {
                "object_pattern" => self.take_keys(target, &held, &mut targets),
                "array_pattern" | "pattern_list" | "tuple_pattern" | "list_pattern" => {
                    self.take_items(target, &held, &mut targets);
                }
                "assignment_pattern" | "object_assignment_pattern" => {
                    targets.extend(self.field(target, "left").map(|left| (left, held)));
                }
                "rest_pattern" | "as_pattern_target" | "list_splat_pattern" | "dictionary_splat_pattern" => {
                    targets.extend(self.ast.children(target).next().map(|inner| (inner, held)));
                }
                "member_expression" | "attribute" | "subscript_expression" | "subscript" => {
                    self.put_under_member(target, held, write)
                }
                _ if kind.ends_with("_parameter") => {
                    let name = self.field(target, "pattern").or_else(|| self.field(target, "name"));
                    targets.extend(name.or_else(|| self.ast.children(target).next()).map(|name| (name, held)));
                }
                _ => {
                    if let Some(binding) = self.variable(target) {
                        self.spread(binding, write, &held);
                    }
                }
            }
        }
    }

    fn take_keys(&self, pattern: NodeId, held: &Held, targets: &mut Vec<(NodeId, Held)>) {
        let mut named = Vec::new();
        for entry in self.ast.children(pattern) {
            if self.kind(entry) == "rest_pattern" {
                targets.extend(held.clone().rest(&named).map(|held| (entry, held)));
                continue;
            }
            let (key, inner) = match self.kind(entry) {
                "pair_pattern" => (self.key_of(entry), self.field(entry, "value")),
                "object_assignment_pattern" => {
                    (self.field(entry, "left").map(|left| self.text(left).to_owned()), self.field(entry, "left"))
                }
                _ => (Some(self.text(entry).to_owned()), Some(entry)),
            };
            let is_measured = key.as_deref().is_some_and(|key| is_measure(self.ast.language(), key));
            let taken = if is_measured { None } else { held.clone().taken(key.as_deref()) };
            targets.extend(inner.zip(taken));
            named.push(key);
        }
    }

    fn take_items(&self, pattern: NodeId, held: &Held, targets: &mut Vec<(NodeId, Held)>) {
        for (number, entry) in self.ast.children(pattern).enumerate() {
            let taken = match self.kind(entry) {
                "rest_pattern" | "list_splat_pattern" => Some(held.clone().kept(Keeping::Some)),
                _ => held.clone().taken(Some(&number.to_string())),
            };
            targets.extend(taken.map(|held| (entry, held)));
        }
    }

    /// `o.a.b = v`: from then on `o` holds the value under `a` and `b`.
    fn put_under_member(&mut self, target: NodeId, held: Held, write: NodeId) {
        let (mut object, mut held) = (target, held);
        while let Some(inner) = self.field(object, "object").or_else(|| self.field(object, "value")) {
            let name = self.field(object, "property").or_else(|| self.field(object, "attribute"));
            let key = match name {
                Some(name) => Some(self.text(name).to_owned()),
                None => self.index_text(object, inner),
            };
            let Some(under) = held.under(key.map_or(Link::Any, |key| Link::Key(key.into()))) else { return };
            (object, held) = (inner, under);
        }
        if let Some(binding) = self.variable(object) {
            self.spread(binding, write, &held);
        }
    }

    pub(crate) fn index_text(&self, subscript: NodeId, object: NodeId) -> Option<String> {
        let index = self.ast.children(subscript).find(|child| *child != object)?;
        match self.project.constant(self.at(index))? {
            Constant::String(text) => Some(text),
            Constant::Number(n) => Some(n.to_string()),
            _ => None,
        }
    }
}
