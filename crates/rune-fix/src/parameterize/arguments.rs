//! The parameters a call has, and new ones among them.

use rune_model::{Argument, ParameterForm, Span};
use rune_syntax::{Language, NodeId};

use super::{Destination, Parameter};
use crate::edit::{EditError, File, Plan, change};

/// The parameters there are.
pub(super) struct Present {
    /// The list or object literal that holds them; for `arguments` the list of arguments; `None` if there is none yet.
    container: Option<NodeId>,
    items: Vec<NodeId>,
    names: Vec<String>,
    /// A function that is called back with the rows: parameters stand before it.
    before: Option<u32>,
    /// The object that lacks the key.
    object: Option<NodeId>,
}

const NOT_WRITTEN: EditError = EditError::Shape("the parameters are not written out where they are passed");

impl Present {
    pub(super) fn n(&self) -> usize {
        self.items.len()
    }

    pub(super) fn has(&self, name: &str) -> bool {
        self.names.iter().any(|known| known == name)
    }

    /// `name`, or with a number behind it, so that no other parameter has it.
    pub(super) fn new_name(&mut self, name: String) -> String {
        let free = (2..).map(|n| format!("{name}{n}"));
        let name = std::iter::once(name.clone()).chain(free).find(|name| !self.has(name)).unwrap_or(name);
        self.names.push(name.clone());
        name
    }
}

impl File {
    /// What is passed now.
    pub(super) fn present(&self, into: &Destination<'_>, form: ParameterForm) -> Result<Present, EditError> {
        let mut present = Present { container: None, items: Vec::new(), names: Vec::new(), before: None, object: None };
        let Some(argument) = into.argument else {
            if into.key.is_empty() || form == ParameterForm::Arguments {
                return Err(EditError::Shape("`parameterize` needs an argument or a key"));
            }
            return self.under_key(into.node, into.key, form, present);
        };
        let list = self.arguments(into.node)?;
        if form == ParameterForm::Arguments {
            return self.among_arguments(list, argument, present);
        }
        let existing = match argument {
            Argument::Position(n) => self.positional(list, *n)?,
            Argument::Keyword(name) => self.keyword(list, name),
        };
        match existing {
            Some(node) if self.is_function(node) => present.before = Some(self.span(node).start),
            Some(node) if into.key.is_empty() => present = self.held_by(node, form, present)?,
            Some(node) => return self.under_key(node, into.key, form, present),
            None => {}
        }
        Ok(present)
    }

    fn is_function(&self, node: NodeId) -> bool {
        matches!(self.kind(node), "arrow_function" | "function_declaration" | "lambda")
    }

    fn among_arguments(&self, list: NodeId, argument: &Argument, mut present: Present) -> Result<Present, EditError> {
        let Argument::Position(n) = argument else {
            return Err(EditError::Shape("parameters that are arguments begin at a position"));
        };
        if self.positional(list, *n)?.is_some() {
            let is_positional = |item: &NodeId| !matches!(self.kind(*item), "keyword_argument" | "dictionary_splat");
            present.items = self.ast.children(list).filter(is_positional).skip(*n as usize - 1).collect();
        }
        if present.items.iter().any(|item| matches!(self.kind(*item), "spread_element" | "list_splat")) {
            return Err(NOT_WRITTEN);
        }
        if present.items.last().is_some_and(|last| self.is_function(*last)) {
            present.before = present.items.pop().map(|callback| self.span(callback).start);
        } else {
            let keyword = self.ast.children(list).find(|item| self.kind(*item) == "keyword_argument");
            present.before = keyword.map(|keyword| self.span(keyword).start);
        }
        present.container = Some(list);
        Ok(present)
    }

    fn under_key(&self, object: NodeId, key: &str, form: ParameterForm, mut present: Present) -> Result<Present, EditError> {
        if !matches!(self.kind(object), "object" | "dictionary") {
            return Err(NOT_WRITTEN);
        }
        for pair in self.ast.children(object) {
            let name = self.ast.child_named(pair, "key");
            if name.is_some_and(|name| self.node_text(name).trim_matches(['"', '\'']) == key) {
                let value = self.ast.child_named(pair, "value").ok_or(NOT_WRITTEN)?;
                return self.held_by(value, form, present);
            }
        }
        present.object = Some(object);
        Ok(present)
    }

    fn held_by(&self, node: NodeId, form: ParameterForm, mut present: Present) -> Result<Present, EditError> {
        let kinds: &[&str] = match form {
            ParameterForm::Keys => &["object", "dictionary"],
            _ => &["array", "list", "tuple"],
        };
        if !kinds.contains(&self.kind(node)) || !self.node_text(node).ends_with([']', ')', '}']) {
            return Err(NOT_WRITTEN);
        }
        let items: Vec<NodeId> = self.ast.children(node).collect();
        if items.iter().any(|item| matches!(self.kind(*item), "spread_element" | "list_splat" | "dictionary_splat")) {
            return Err(NOT_WRITTEN);
        }
        if form == ParameterForm::Keys {
            let names =
                items.iter().filter_map(|item| self.ast.child_named(*item, "key").or(self.ast.child_named(*item, "name")));
            present.names = names.map(|name| self.node_text(name).trim_matches(['"', '\'']).to_owned()).collect();
        }
        (present.container, present.items) = (Some(node), items);
        Ok(present)
    }

    /// Puts the parameters where they belong.
    pub(super) fn add_parameters(
        &self,
        into: &Destination<'_>,
        form: ParameterForm,
        present: Present,
        parameters: &[Parameter],
        plan: &mut Plan,
    ) -> Result<(), EditError> {
        let entry = |parameter: &Parameter| match form {
            ParameterForm::Keys if self.language == Language::Python => {
                format!("{}: {}", self.key_text(&parameter.name, present.items.first().copied()), parameter.code)
            }
            ParameterForm::Keys if parameter.code == parameter.name => parameter.name.clone(),
            ParameterForm::Keys => format!("{}: {}", parameter.name, parameter.code),
            _ => parameter.code.clone(),
        };
        let Some(container) = present.container else {
            let entries = parameters.iter().map(entry).collect::<Vec<_>>().join(", ");
            let code = match form {
                ParameterForm::Keys if self.language == Language::Python => format!("{{{entries}}}"),
                ParameterForm::Keys => format!("{{ {entries} }}"),
                _ => format!("[{entries}]"),
            };
            return self.add_container(into, &present, &code, plan);
        };
        // Items go before the parameter that comes next in the text; the others to the end.
        for n in 0..present.items.len() {
            let at = self.span(present.items[n]).start;
            let here: Vec<String> = parameters.iter().filter(|parameter| parameter.n_before == n).map(entry).collect();
            if form != ParameterForm::Keys && !here.is_empty() {
                plan.push(change(at, at, format!("{}, ", here.join(", "))));
            }
        }
        let is_last = |parameter: &&Parameter| form == ParameterForm::Keys || parameter.n_before >= present.items.len();
        let last: Vec<String> = parameters.iter().filter(is_last).map(entry).collect();
        if last.is_empty() {
            return Ok(());
        }
        match present.before {
            Some(at) => plan.push(change(at, at, format!("{}, ", last.join(", ")))),
            None if self.kind(container) == "tuple" && present.items.is_empty() => {
                let Span { start, end } = self.span(container);
                plan.push(change(start, end, format!("[{}]", last.join(", "))));
            }
            None => plan.add_item(container, last.join(", ")),
        }
        Ok(())
    }

    /// Adds the list or object that holds the parameters.
    fn add_container(&self, into: &Destination<'_>, present: &Present, code: &str, plan: &mut Plan) -> Result<(), EditError> {
        if let Some(object) = present.object {
            return self.set_key_of(object, into.key, code, plan);
        }
        let Some(argument) = into.argument else { return Err(NOT_WRITTEN) };
        let code = match (into.key.is_empty(), self.language) {
            (true, _) => code.to_owned(),
            (false, Language::Python) => format!("{{{}: {code}}}", self.key_text(into.key, None)),
            (false, _) => format!("{{ {}: {code} }}", self.key_text(into.key, None)),
        };
        if let Some(at) = present.before {
            plan.push(change(at, at, format!("{code}, ")));
            return Ok(());
        }
        let list = self.arguments(into.node)?;
        let keyword = self.ast.children(list).find(|item| self.kind(*item) == "keyword_argument");
        match (argument, keyword) {
            (Argument::Keyword(name), _) => plan.add_item(list, format!("{name}={code}")),
            (Argument::Position(_), Some(first)) => {
                let at = self.span(first).start;
                plan.push(change(at, at, format!("{code}, ")));
            }
            (Argument::Position(_), None) => plan.add_item(list, code),
        }
        Ok(())
    }
}
