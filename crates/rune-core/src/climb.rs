//! One step of a value up the tree: what the expression around a place that holds it makes of it. What is not named here
//! stops it: comparisons, arithmetic, tests, calls of which nothing is known.

use rune_syntax::{
    BindingKind, Constant, Definition, Keeping, NodeId, grown, is_cast, is_measure, kept_arguments, kept_by, kept_receiver,
};

use crate::builtin;
use crate::flow::Flow;
use crate::held::{Held, Link};

impl Flow<'_> {
    /// Follows a value from an expression that holds it.
    pub(crate) fn climb(&mut self, node: NodeId, held: Held) {
        let Some(parent) = self.ast.parent(node) else { return };
        let field = self.ast.field(node).name();
        if is_cast(self.ast.kind(parent)) {
            return self.push(parent, held);
        }
        match (self.kind(parent), field) {
            ("await_expression" | "await", _) => self.push(parent, held),
            ("ternary_expression", "consequence" | "alternative") => self.push(parent, held),
            ("conditional_expression", _) if self.position(node) != Some(1) => self.push(parent, held),
            ("sequence_expression", _) if self.ast.children(parent).last() == Some(node) => self.push(parent, held),
            ("binary_expression" | "boolean_operator" | "binary_operator", _) => self.operator(parent, node, field, held),
            ("template_substitution" | "interpolation", _) => self.text_of_hole(parent, held),
            ("concatenated_string", _) => self.push(parent, held.kept(Keeping::Text)),
            ("array" | "list" | "tuple" | "set" | "expression_list", _) => self.list_item(parent, node, held),
            ("spread_element" | "list_splat" | "dictionary_splat", _) => self.spread_into(parent, held),
            ("pair", "value") => self.object_entry(parent, held),
            ("keyword_argument", "value") => self.argument(parent, held),
            ("arguments" | "argument_list", _) => self.argument(node, held),
            ("member_expression" | "attribute", "object") => self.member(parent, held),
            ("subscript_expression", "object") | ("subscript", "value") => self.subscript(parent, node, held),
            ("for_in_statement" | "for_statement" | "for_in_clause", "right") => self.iterate(parent, held),
            (kind, "body") if kind.ends_with("comprehension") || kind == "generator_expression" => {
                self.push_under(parent, Link::Any, held)
            }
            ("return_statement", _) => {
                if let Some(function) = builtin::enclosing_function(self.project, self.at(parent)) {
                    self.given_back(function.node, held);
                }
            }
            ("arrow_function" | "lambda", "body") => self.given_back(parent, held),
            ("public_field_definition", "value") => {
                if let Some(name) = self.field(parent, "name").map(|name| self.text(name)) {
                    self.put_into_field(parent, name, &held, parent);
                }
            }
            _ => self.written(parent, node, field, held),
        }
    }

    fn push_under(&mut self, node: NodeId, link: Link, held: Held) {
        if let Some(held) = held.under(link) {
            self.push(node, held);
        }
    }

    /// Where a node stands among its siblings.
    fn position(&self, node: NodeId) -> Option<usize> {
        self.ast.children(self.ast.parent(node)?).position(|child| child == node)
    }

    // ---- operators and texts

    fn operator(&mut self, whole: NodeId, node: NodeId, field: &str, held: Held) {
        let operator = self.field(whole, "operator").map_or("", |operator| self.text(operator));
        match (operator, field) {
            ("??" | "||" | "or", _) | ("&&" | "and", "right") => self.push(whole, held),
            ("+", _) => {
                let other = self.ast.children(whole).find(|child| *child != node && self.ast.field(*child).name() != "operator");
                if let Some(held) = other.and_then(|other| self.added_to(other, held)) {
                    self.push(whole, held);
                }
            }
            ("%", "right") if self.is_text(self.field(whole, "left")) => self.push(whole, held.kept(Keeping::Text)),
            ("|", _) if self.kind(whole) == "binary_operator" => self.push(whole, held.possibly()),
            _ => {}
        }
    }

    /// What the sum with `other` holds: texts and lists keep what is added, a number is another one.
    fn added_to(&self, other: NodeId, held: Held) -> Option<Held> {
        if self.is_text(Some(other)) {
            return Some(held.kept(Keeping::Text));
        }
        if matches!(self.kind(other), "list" | "tuple" | "array") {
            return Some(held.items());
        }
        let is_number = matches!(self.project.constant(self.at(other)), Some(Constant::Number(_) | Constant::Duration(_)));
        (!is_number).then(|| held.items().possibly())
    }

    /// Whether an expression is known to be a text, whatever it says.
    fn is_text(&self, node: Option<NodeId>) -> bool {
        let Some(mut node) = node else { return false };
        // `"a" + b + c`: the leftmost decides.
        while matches!(self.kind(node), "binary_expression" | "binary_operator") {
            let Some(left) = self.field(node, "left") else { return false };
            node = left;
        }
        matches!(self.kind(node), "string" | "template_string" | "concatenated_string")
            || matches!(self.project.constant(self.at(node)), Some(Constant::String(_)))
    }

    /// A hole of a template or an f-string; a tagged template is a call.
    fn text_of_hole(&mut self, hole: NodeId, held: Held) {
        if let Some(text) = self.ast.parent(hole) {
            self.push(text, held.kept(Keeping::Text));
        }
    }

    // ---- literals

    fn list_item(&mut self, list: NodeId, node: NodeId, held: Held) {
        let before = self.ast.children(list).take_while(|child| *child != node);
        let is_sure = self.kind(list) != "set" && before.into_iter().all(|child| !self.is_spread(child));
        let index = self.position(node).filter(|_| is_sure);
        self.push_under(list, index.map_or(Link::Any, |index| Link::Key(index.to_string().into())), held);
    }

    fn is_spread(&self, node: NodeId) -> bool {
        matches!(self.kind(node), "spread_element" | "list_splat" | "dictionary_splat")
    }

    /// `...x` in a list, an object or a call.
    fn spread_into(&mut self, spread: NodeId, held: Held) {
        let Some(parent) = self.ast.parent(spread) else { return };
        match self.kind(parent) {
            "object" | "dictionary" => {
                let key = match held.path.last() {
                    Some(Link::Key(key)) => key.clone(),
                    _ => return self.push(parent, held),
                };
                let later = self.ast.children(parent).skip_while(|child| *child != spread);
                let is_replaced = later.into_iter().any(|entry| self.key_of(entry).is_some_and(|other| other == *key));
                if !is_replaced {
                    self.push(parent, held);
                }
            }
            "arguments" | "argument_list" => self.argument(spread, held.item()),
            _ => self.push(parent, held.items()),
        }
    }

    pub(crate) fn key_of(&self, entry: NodeId) -> Option<String> {
        let key = self.field(entry, "key").or_else(|| self.field(entry, "name"))?;
        self.project.key_text(self.at(key))
    }

    fn object_entry(&mut self, pair: NodeId, held: Held) {
        let Some(object) = self.ast.parent(pair) else { return };
        let link = self.key_of(pair).map_or(Link::Any, |key| Link::Key(key.into()));
        match self.kind(object) {
            "dictionary_comprehension" => self.push_under(object, Link::Any, held),
            _ => self.push_under(object, link, held),
        }
    }

    // ---- members

    fn member(&mut self, member: NodeId, held: Held) {
        let name = self.field(member, "property").or_else(|| self.field(member, "attribute"));
        let Some(name) = name.map(|name| self.text(name)) else { return };
        let call = self.ast.parent(member).filter(|call| self.field(*call, "function") == Some(member));
        if let Some(call) = call {
            return self.method(call, name, held);
        }
        if !is_measure(self.ast.language(), name)
            && let Some(held) = held.taken(Some(name))
        {
            self.push(member, held);
        }
    }

    fn subscript(&mut self, whole: NodeId, object: NodeId, held: Held) {
        let index = self.ast.children(whole).find(|child| *child != object);
        if index.is_some_and(|index| self.kind(index) == "slice") {
            return self.push(whole, held.kept(Keeping::Some));
        }
        if let Some(held) = held.taken(self.index_text(whole, object).as_deref()) {
            self.push(whole, held);
        }
    }

    /// A method of the value: what its result keeps, and what the functions given to it get.
    fn method(&mut self, call: NodeId, name: &str, held: Held) {
        for function in self.functions_given(call) {
            match builtin::callback_of(self.project, self.at(function)) {
                Some((_, Some(item))) => self.assign(item.node, held.clone().item(), item.node),
                Some((_, None)) => {}
                None if name == "then" => self.assign_parameter(function, 0, held.clone()),
                None => {}
            }
        }
        if let Some(keeping) = kept_receiver(self.ast.language(), name) {
            self.push(call, held.kept(keeping));
        }
    }

    fn functions_given(&self, call: NodeId) -> Vec<NodeId> {
        let arguments = self.field(call, "arguments");
        let all = arguments.into_iter().flat_map(|arguments| self.ast.children(arguments));
        all.filter(|argument| builtin::is_function(self.project, self.at(*argument))).collect()
    }

    fn assign_parameter(&mut self, function: NodeId, number: usize, held: Held) {
        let parameters = self.field(function, "parameters");
        let parameter = parameters.and_then(|parameters| self.ast.children(parameters).nth(number));
        if let Some(parameter) = parameter {
            self.assign(parameter, held, parameter);
        }
    }

    // ---- calls

    /// An argument of a call, plain, spread or by keyword.
    fn argument(&mut self, argument: NodeId, held: Held) {
        let call = self.ast.parent(argument).and_then(|arguments| self.ast.parent(arguments));
        let Some(call) = call else { return };
        let Some(callee) = self.field(call, "function").or_else(|| self.field(call, "constructor")) else { return };
        let language = self.ast.language();
        if let Some(keeping) = self.global_name(callee).and_then(|name| kept_by(language, &name)) {
            let index = self.position(argument).filter(|_| keeping == Keeping::Listed && !self.is_spread(argument));
            return match index {
                Some(index) => self.push_under(call, Link::Key(index.to_string().into()), held),
                None => self.push(call, held.kept(keeping)),
            };
        }
        let name = self.field(callee, "property").or_else(|| self.field(callee, "attribute"));
        let (Some(name), Some(object)) = (name.map(|name| self.text(name)), self.field(callee, "object")) else { return };
        if let Some(keeping) = kept_arguments(language, name) {
            self.push(call, held.clone().kept(keeping));
        }
        match grown(language, name) {
            Some(Keeping::Items) => self.put_into(object, held.items(), call),
            Some(_) => {
                if let Some(held) = held.under(Link::Any) {
                    self.put_into(object, held, call);
                }
            }
            None => {}
        }
    }

    /// The whole name of something that no name of the file stands for.
    fn global_name(&self, callee: NodeId) -> Option<String> {
        match self.project.definition(self.at(callee)) {
            Definition::External { module, name } if module.is_empty() => Some(name.to_string()),
            Definition::External { module, name } => Some(format!("{module}.{name}")),
            _ => None,
        }
    }

    /// A value is put into the object that an expression names.
    pub(crate) fn put_into(&mut self, object: NodeId, held: Held, write: NodeId) {
        match self.variable(object) {
            Some(binding) => self.spread(binding, write, &held),
            None => self.assign(object, held, write),
        }
    }

    // ---- statements

    fn iterate(&mut self, whole: NodeId, held: Held) {
        let operator = self.field(whole, "operator").map_or("of", |operator| self.text(operator));
        if operator == "in" && self.kind(whole) == "for_in_statement" {
            return;
        }
        if self.kind(whole) == "for_in_clause"
            && let Some(list) = self.ast.parent(whole)
        {
            self.push(list, held.clone().items());
        }
        if let Some(left) = self.field(whole, "left") {
            self.assign(left, held.item(), left);
        }
    }

    /// What a function gives back: it stays in the function, unless it is given to a method that hands it on.
    fn given_back(&mut self, function: NodeId, held: Held) {
        let parent = self.ast.parent(function);
        if let Some(call) = parent.filter(|call| self.field(*call, "function") == Some(function)) {
            return self.push(call, held);
        }
        let Some((call, name)) = builtin::given_to_method(self.project, self.at(function)) else { return };
        match self.project.text(name) {
            "then" | "catch" => self.push(call.node, held),
            "flatMap" => self.push(call.node, held.items()),
            "map" => self.push_under(call.node, Link::Any, held),
            "reduce" | "reduceRight" => {
                self.assign_parameter(function, 0, held.clone());
                self.push(call.node, held);
            }
            _ => {}
        }
    }

    /// The value is what a statement writes.
    fn written(&mut self, parent: NodeId, value: NodeId, field: &str, held: Held) {
        match (self.kind(parent), field) {
            ("variable_declarator", "value") => self.assign_field(parent, "name", held),
            ("named_expression", "value") => {
                self.assign_field(parent, "name", held.clone());
                self.push(parent, held);
            }
            ("assignment_expression" | "assignment", "right") => {
                self.assign_field(parent, "left", held.clone());
                self.push(parent, held);
            }
            ("augmented_assignment_expression" | "augmented_assignment", "right") => self.augment(parent, value, held),
            ("assignment_pattern" | "object_assignment_pattern", "right") => self.assign_field(parent, "left", held),
            ("required_parameter" | "optional_parameter", "value") => self.assign_field(parent, "pattern", held),
            ("default_parameter" | "typed_default_parameter", "value") => self.assign_field(parent, "name", held),
            // What opens a thing mostly gives the thing.
            ("as_pattern", "") => self.assign_field(parent, "alias", held.possibly()),
            _ => {}
        }
    }

    fn assign_field(&mut self, statement: NodeId, field: &str, held: Held) {
        if let Some(target) = self.field(statement, field) {
            self.assign(target, held, statement);
        }
    }

    fn augment(&mut self, statement: NodeId, value: NodeId, held: Held) {
        let operator = self.field(statement, "operator").map_or("", |operator| self.text(operator));
        let Some(left) = self.field(statement, "left") else { return };
        let held = match operator {
            "??=" | "||=" | "&&=" => Some(held),
            "|=" => Some(held.possibly()),
            "+=" if self.is_text(Some(value)) => Some(held.kept(Keeping::Text)),
            "+=" => self.added_to(self.first_value(left), held),
            _ => None,
        };
        if let Some(held) = held {
            self.assign(left, held, statement);
        }
    }

    /// What a name holds at first; the expression itself if that is not known.
    fn first_value(&self, name: NodeId) -> NodeId {
        match self.variable(name).map(|binding| &binding.kind) {
            Some(BindingKind::Value(value)) => *value,
            _ => name,
        }
    }
}
