//! What takes a value: names, patterns, parameters and members, each with the part of it that it takes.

use rune_syntax::{Constant, Keeping, NodeId, is_measure};

use crate::flow::{Flow, is_assignment};
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
            if let Some(key) = key.as_deref().filter(|_| self.is_this(inner)) {
                self.put_into_field(inner, key, &held, write);
            }
            let Some(under) = held.under(key.map_or(Link::Any, |key| Link::Key(key.into()))) else { return };
            (object, held) = (inner, under);
        }
        if let Some(binding) = self.variable(object) {
            self.spread(binding, write, &held);
        }
    }

    /// `this.x = v`: the places of the class that read the field hold it.
    pub(crate) fn put_into_field(&mut self, within: NodeId, name: &str, held: &Held, write: NodeId) {
        let Some(class) = self.project.class_around(self.at(within)) else { return };
        let assigned = self.project.scopes(self.at(0).file).field_writes(class.node, name);
        let n_writes = assigned.len() + usize::from(!assigned.contains(&write));
        // Python: within one function the name `self` carries it.
        let is_name = self.variable(within).is_some();
        for read in self.field_reads(class.node, name) {
            let carried = if is_name && self.are_of_one_function(write, read) {
                None
            } else {
                self.carries(n_writes as u32, write, read, assigned)
            };
            if let Some(is_certain) = carried {
                self.push(read, if is_certain { held.clone() } else { held.clone().possibly() });
            }
        }
    }

    /// The places of a class that read its field `name`.
    fn field_reads(&mut self, class: NodeId, name: &str) -> Vec<NodeId> {
        let nodes = class..self.ast.subtree_end(class);
        self.count(nodes.len());
        let is_read = |node: &NodeId| {
            let key = self.field(*node, "property").or_else(|| self.field(*node, "attribute"));
            let is_written = self.ast.field(*node).name() == "left"
                && self.ast.parent(*node).is_some_and(|above| is_assignment(self.kind(above)));
            key.is_some_and(|key| self.text(key) == name)
                && !is_written
                && self.field(*node, "object").is_some_and(|object| self.is_this(object))
                && self.project.class_around(self.at(*node)).is_some_and(|around| around.node == class)
        };
        nodes.filter(is_read).collect()
    }

    /// `this` or `self` of a class: a `function` that is no method has another one.
    fn is_this(&self, node: NodeId) -> bool {
        let mut functions = self.ast.ancestors(node).map(|above| self.kind(above));
        match self.kind(node) {
            "this" => !functions
                .take_while(|kind| !matches!(*kind, "method_definition" | "public_field_definition"))
                .any(|kind| kind == "function_declaration"),
            "identifier" => self.text(node) == "self" && functions.any(|kind| kind == "class_definition"),
            _ => false,
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
