//! All sources of a run together: trees made on demand, and what a name or expression refers to, across files.

use std::sync::{Arc, OnceLock};

use rune_model::{Source, Span};

use crate::kind::KINDS;
use crate::resolve::Resolver;
use crate::scope::{Binding, BindingKind, Export, ImportName, parameter_name};
use crate::{Ast, Field, Kind, Language, NodeId, Scopes, parse};

/// A node of a file of a [`Project`].
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct NodeRef {
    /// The file's number in the project.
    pub file: u32,
    /// The node in its tree.
    pub node: NodeId,
}

/// What an expression refers to in the end.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Definition {
    /// A node of the project: a declaration, an initialiser, a parameter, or the expression itself.
    Node(NodeRef),
    /// Something of a module that is not part of the project. `name` is empty for the module itself.
    External {
        /// The module as written.
        module: Arc<str>,
        /// The export, dotted if members follow; empty for the module or its default export.
        name: Arc<str>,
    },
    /// A member of something whose members are not known.
    Member(Box<Definition>, Arc<str>),
}

/// How many steps a name is followed at most.
const MAX_STEPS: u32 = 40;

/// The sources of a run, by number, with their trees.
#[derive(Debug)]
pub struct Project {
    files: Vec<File>,
    resolver: OnceLock<Resolver>,
}

#[derive(Debug)]
struct File {
    source: Source,
    language: Language,
    ast: OnceLock<Ast>,
    scopes: OnceLock<Scopes>,
}

impl Project {
    /// A project over the sources whose language is known, in the order of `sources`; the others are left out.
    pub fn new(sources: &[Source]) -> Project {
        let known = sources.iter().filter_map(|source| {
            let language = Language::of_path(&source.path)?;
            Some(File { source: source.clone(), language, ast: OnceLock::new(), scopes: OnceLock::new() })
        });
        Project { files: known.collect(), resolver: OnceLock::new() }
    }

    /// The number of files.
    pub fn n_files(&self) -> u32 {
        self.files.len() as u32
    }

    /// The source of a file.
    pub fn source(&self, file: u32) -> &Source {
        &self.files[file as usize].source
    }

    /// The language of a file.
    pub fn language(&self, file: u32) -> Language {
        self.files[file as usize].language
    }

    /// The tree of a file, parsed on first use.
    pub fn ast(&self, file: u32) -> &Ast {
        let file = &self.files[file as usize];
        file.ast.get_or_init(|| parse(&file.source.text, file.language))
    }

    /// Whether the file was parsed already.
    pub fn is_parsed(&self, file: u32) -> bool {
        self.files[file as usize].ast.get().is_some()
    }

    /// The scopes of a file, made on first use.
    pub fn scopes(&self, file: u32) -> &Scopes {
        let ast = self.ast(file);
        let file = &self.files[file as usize];
        file.scopes.get_or_init(|| Scopes::new(ast, &file.source.text))
    }

    /// The source text of a node.
    pub fn text(&self, at: NodeRef) -> &str {
        self.ast(at.file).text(at.node, &self.files[at.file as usize].source.text)
    }

    /// The span of a node.
    pub fn span(&self, at: NodeRef) -> Span {
        self.ast(at.file).span(at.node)
    }

    /// The kind of a node.
    pub fn kind(&self, at: NodeRef) -> Kind {
        self.ast(at.file).kind(at.node)
    }

    /// The parent of a node.
    pub fn parent(&self, at: NodeRef) -> Option<NodeRef> {
        self.ast(at.file).parent(at.node).map(|node| NodeRef { node, ..at })
    }

    /// The child of a node in the field called `field`.
    pub fn child(&self, at: NodeRef, field: &str) -> Option<NodeRef> {
        self.ast(at.file).child_named(at.node, field).map(|node| NodeRef { node, ..at })
    }

    /// The children of a node.
    pub fn children(&self, at: NodeRef) -> impl Iterator<Item = NodeRef> + '_ {
        self.ast(at.file).children(at.node).map(move |node| NodeRef { node, ..at })
    }

    /// The file that `module`, imported in `file`, means.
    pub fn module_file(&self, file: u32, module: &str) -> Option<u32> {
        let resolver =
            self.resolver.get_or_init(|| Resolver::new(self.files.iter().map(|file| (&file.source.path, &file.source.text))));
        let importer = &self.files[file as usize].source.path;
        match self.language(file) {
            Language::Python => resolver.python(importer, module),
            _ => resolver.ecma(importer, module),
        }
    }

    /// The expression under casts, `!` and type assertions.
    pub fn peel(&self, at: NodeRef) -> NodeRef {
        let ast = self.ast(at.file);
        let mut node = at.node;
        while is_cast(ast.kind(node)) {
            let Some(inner) = cast_value(ast, node) else { break };
            node = inner;
        }
        NodeRef { node, ..at }
    }

    /// The node that holds the value of `at`: through names assigned once, constants, imports, destructuring and known
    /// members; `at` itself (without casts) where nothing more is known.
    pub fn value(&self, at: NodeRef) -> NodeRef {
        match self.definition(at) {
            Definition::Node(node) => node,
            _ => self.peel(at),
        }
    }

    /// What `at` refers to.
    pub fn definition(&self, at: NodeRef) -> Definition {
        self.define(at, MAX_STEPS)
    }

    fn define(&self, at: NodeRef, steps: u32) -> Definition {
        let at = self.peel(at);
        if steps == 0 {
            return Definition::Node(at);
        }
        let kind = self.kind(at);
        let in_python = self.language(at.file) == Language::Python;
        if kind == KINDS.identifier || kind == KINDS.shorthand_pattern {
            self.define_name(at, steps)
        } else if kind == KINDS.member_expression || (in_python && kind == KINDS.attribute) {
            self.define_member(at, steps)
        } else if kind == KINDS.dotted_name && self.children(at).count() == 1 {
            self.children(at).next().map_or(Definition::Node(at), |name| self.define(name, steps - 1))
        } else if kind == KINDS.call_expression
            && let Some(module) = self.required(at)
        {
            self.define_import(at.file, &module, &ImportName::Namespace, steps - 1)
        } else {
            Definition::Node(at)
        }
    }

    /// The module of `require("module")` where it stands in an expression.
    fn required(&self, call: NodeRef) -> Option<String> {
        let callee = self.child(call, "function")?;
        if self.text(callee) != "require" || self.binding(callee).is_some() {
            return None;
        }
        let arguments: Vec<NodeRef> = self.children(self.child(call, "arguments")?).collect();
        let [module] = arguments.as_slice() else { return None };
        (self.kind(*module) == KINDS.string).then(|| self.name_text(*module))
    }

    /// The binding a name refers to.
    pub fn binding(&self, at: NodeRef) -> Option<&Binding> {
        self.scopes(at.file).resolve(self.ast(at.file), at.node, self.text(at))
    }

    fn define_name(&self, at: NodeRef, steps: u32) -> Definition {
        if self.is_member_name(at) {
            return Definition::Node(at);
        }
        let Some(binding) = self.binding(at) else {
            return self.define_star(at, steps).unwrap_or_else(|| self.global(at));
        };
        let place = NodeRef { file: at.file, node: binding.node };
        match &binding.kind {
            BindingKind::Import { module, name } => self.define_import(at.file, module, name, steps - 1),
            BindingKind::Definition(node) => Definition::Node(NodeRef { file: at.file, node: *node }),
            _ if binding.n_writes > 1 => Definition::Node(place),
            BindingKind::Value(node) if *node != at.node => self.define(NodeRef { file: at.file, node: *node }, steps - 1),
            BindingKind::Member { of, key } => {
                let of = NodeRef { file: at.file, node: *of };
                let base = self.define(of, steps - 1);
                self.member(&base, key, steps - 1).unwrap_or(Definition::Node(place))
            }
            _ => Definition::Node(place),
        }
    }

    /// A name bound nowhere: the same thing wherever it is written.
    fn global(&self, at: NodeRef) -> Definition {
        Definition::External { module: "".into(), name: self.text(at).into() }
    }

    /// Names that stand in a member or key position refer to nothing by themselves.
    fn is_member_name(&self, at: NodeRef) -> bool {
        let Some(parent) = self.parent(at) else { return false };
        let field = self.ast(at.file).field(at.node);
        self.kind(parent) == KINDS.attribute && field == Field::of("attribute")
    }

    /// A Python name that a star import brings.
    fn define_star(&self, at: NodeRef, steps: u32) -> Option<Definition> {
        let name = ImportName::Named(self.text(at).into());
        let stars = self.scopes(at.file).star_exports();
        stars.iter().find_map(|module| {
            let file = self.module_file(at.file, module)?;
            self.define_export(file, &name, steps.checked_sub(1)?)
        })
    }

    fn define_import(&self, file: u32, module: &str, name: &ImportName, steps: u32) -> Definition {
        if let Some(target) = self.module_file(file, module)
            && let Some(definition) = self.define_export(target, name, steps)
        {
            return definition;
        }
        if self.language(file) == Language::Python
            && let ImportName::Named(inner) = name
        {
            let dot = if module.ends_with('.') { "" } else { "." };
            if let Some(target) = self.module_file(file, &format!("{module}{dot}{inner}")) {
                return Definition::Node(NodeRef { file: target, node: 0 });
            }
        }
        let name: Arc<str> = match name {
            ImportName::Named(name) => name.as_ref().into(),
            ImportName::Default | ImportName::Namespace => "".into(),
        };
        Definition::External { module: module.into(), name }
    }

    /// What `file` exports under `name`; its root for the namespace.
    fn define_export(&self, file: u32, name: &ImportName, steps: u32) -> Option<Definition> {
        let steps = steps.checked_sub(1)?;
        let scopes = self.scopes(file);
        let root = Definition::Node(NodeRef { file, node: 0 });
        let wanted = match name {
            ImportName::Namespace => match scopes.export("module.exports") {
                Some(export) => return Some(self.follow_export(file, export, steps)),
                None => return Some(root),
            },
            ImportName::Default => "default",
            ImportName::Named(name) => name,
        };
        if let Some(export) = scopes.export(wanted) {
            return Some(self.follow_export(file, export, steps));
        }
        if wanted == "default"
            && let Some(export) = scopes.export("module.exports")
        {
            return Some(self.follow_export(file, export, steps));
        }
        if self.language(file) == Language::Python
            && let Some(binding) = scopes.top_level(wanted)
        {
            return Some(self.define(NodeRef { file, node: binding.node }, steps));
        }
        scopes.star_exports().iter().find_map(|module| {
            let target = self.module_file(file, module)?;
            self.define_export(target, name, steps)
        })
    }

    fn follow_export(&self, file: u32, export: &Export, steps: u32) -> Definition {
        match export {
            Export::Node(node) => self.define(NodeRef { file, node: *node }, steps),
            Export::From { module, name } => self.define_import(file, module, name, steps),
        }
    }

    fn define_member(&self, at: NodeRef, steps: u32) -> Definition {
        let object = self.child(at, "object");
        let name = self.child(at, "property").or_else(|| self.child(at, "attribute"));
        let (Some(object), Some(name)) = (object, name) else { return Definition::Node(at) };
        let key = self.text(name);
        if self.is_self(object)
            && let Some(found) = self.own_member(object, key, steps - 1)
        {
            return found;
        }
        let base = if self.is_self(object) {
            self.enclosing_class(object).map_or(Definition::Node(object), Definition::Node)
        } else {
            self.define(object, steps - 1)
        };
        let base_is_path = matches!(base, Definition::Member(..) | Definition::External { .. })
            || matches!(&base, Definition::Node(node) if *node != self.peel(object) || self.is_self(object));
        match self.member(&base, key, steps - 1) {
            Some(found) => found,
            None if base_is_path => Definition::Member(Box::new(base), key.into()),
            None => Definition::Member(Box::new(base), key.into()),
        }
    }

    fn is_self(&self, at: NodeRef) -> bool {
        self.kind(at) == KINDS.this || (self.language(at.file) == Language::Python && self.text(at) == "self")
    }

    fn enclosing_class(&self, at: NodeRef) -> Option<NodeRef> {
        let ast = self.ast(at.file);
        let is_class = |node: &NodeId| {
            let kind = ast.kind(*node);
            kind == KINDS.class_declaration || kind == KINDS.class_definition
        };
        ast.ancestors(at.node).find(is_class).map(|node| NodeRef { node, ..at })
    }

    /// The member `key` of something known; `None` if it cannot be seen.
    fn member(&self, base: &Definition, key: &str, steps: u32) -> Option<Definition> {
        let steps = steps.checked_sub(1)?;
        let node = match base {
            Definition::External { module, name } => {
                let name: Arc<str> = match (name.is_empty(), key) {
                    (true, "default") => "".into(),
                    (true, _) => key.into(),
                    (false, _) => format!("{name}.{key}").into(),
                };
                return Some(Definition::External { module: module.clone(), name });
            }
            Definition::Member(..) => return None,
            Definition::Node(node) => *node,
        };
        let kind = self.kind(node);
        if node.node == 0 {
            return self.define_export(node.file, &ImportName::Named(key.into()), steps);
        }
        if kind == KINDS.object || kind.name() == "dictionary" {
            return self.object_value(node, key).map(|value| self.define(value, steps));
        }
        if kind == KINDS.class_declaration || kind == KINDS.class_definition {
            return self.class_member(node, key, steps);
        }
        if kind == KINDS.call || kind.name() == "new_expression" {
            let callee = self.child(node, "function").or_else(|| self.child(node, "constructor"))?;
            let Definition::Node(class) = self.define(callee, steps) else { return None };
            let is_class = [KINDS.class_declaration, KINDS.class_definition].contains(&self.kind(class));
            return is_class.then(|| self.class_member(class, key, steps)).flatten();
        }
        None
    }

    /// The value of `key` in an object or dictionary literal; a method stands for itself.
    pub fn object_value(&self, object: NodeRef, key: &str) -> Option<NodeRef> {
        self.children(object).find_map(|entry| {
            let name = self.child(entry, "key").or_else(|| self.child(entry, "name"))?;
            let is_key = self.text(name).trim_matches(['"', '\'', '`']) == key;
            is_key.then(|| self.child(entry, "value").unwrap_or(entry))
        })
    }

    fn class_member(&self, class: NodeRef, key: &str, steps: u32) -> Option<Definition> {
        let body = self.child(class, "body")?;
        if self.language(class.file) == Language::Python {
            let scopes = self.scopes(class.file);
            let ast = self.ast(class.file);
            let found = scopes
                .bindings()
                .iter()
                .find(|binding| binding.scope == class.node && ast.text(binding.node, &self.source(class.file).text) == key)?;
            let place = NodeRef { file: class.file, node: found.node };
            return Some(match found.kind {
                BindingKind::Value(value) if found.n_writes == 1 => self.define(NodeRef { node: value, ..place }, steps),
                BindingKind::Definition(node) => Definition::Node(NodeRef { node, ..place }),
                _ => Definition::Node(place),
            });
        }
        let member = self.children(body).find(|member| self.child(*member, "name").is_some_and(|n| self.text(n) == key))?;
        if self.kind(member) == KINDS.public_field_definition
            && let Some(value) = self.child(member, "value")
        {
            return Some(self.define(value, steps));
        }
        Some(Definition::Node(member))
    }

    /// `this.key` or `self.key`: a field, a method, a constructor parameter, or what the constructor assigns.
    fn own_member(&self, at: NodeRef, key: &str, steps: u32) -> Option<Definition> {
        let class = self.enclosing_class(at)?;
        let declared = self.class_member(class, key, steps);
        let is_bare_field =
            matches!(&declared, Some(Definition::Node(node)) if self.kind(*node) == KINDS.public_field_definition);
        if declared.is_some() && !is_bare_field {
            return declared;
        }
        let body = self.child(class, "body")?;
        let constructor = self
            .children(body)
            .find(|member| self.child(*member, "name").is_some_and(|name| matches!(self.text(name), "constructor" | "__init__")));
        let Some(constructor) = constructor else { return declared };
        self.constructor_parameter(constructor, key).or_else(|| self.constructor_assignment(constructor, key, steps)).or(declared)
    }

    fn constructor_parameter(&self, constructor: NodeRef, key: &str) -> Option<Definition> {
        let parameters = self.child(constructor, "parameters")?;
        let modifiers = [Kind::of("accessibility_modifier"), Kind::of("readonly"), Kind::of("override_modifier")];
        self.children(parameters).find_map(|parameter| {
            let name = self.child(parameter, "pattern")?;
            let is_property = self.children(parameter).any(|c| modifiers.contains(&self.kind(c)))
                || self.text(parameter).trim_start().starts_with("readonly ");
            (is_property && self.text(name) == key).then_some(Definition::Node(name))
        })
    }

    fn constructor_assignment(&self, constructor: NodeRef, key: &str, steps: u32) -> Option<Definition> {
        let ast = self.ast(constructor.file);
        let wanted = [format!("this.{key}"), format!("self.{key}")];
        let steps = steps.checked_sub(1)?;
        (constructor.node..ast.subtree_end(constructor.node)).find_map(|node| {
            let at = NodeRef { file: constructor.file, node };
            let kind = self.kind(at);
            if kind != KINDS.assignment_expression && kind != KINDS.assignment {
                return None;
            }
            let left = self.child(at, "left")?;
            let right = self.child(at, "right")?;
            wanted.iter().any(|path| path == self.text(left)).then(|| self.define(right, steps))
        })
    }

    /// The parameter whose name `at` is; `at` must be the binding identifier.
    pub fn parameter_of(&self, at: NodeRef) -> Option<NodeRef> {
        let parent = self.parent(at)?;
        let kind = self.kind(parent);
        if kind == KINDS.required_parameter || kind == KINDS.optional_parameter {
            return Some(parent);
        }
        let typed = [KINDS.typed_parameter, KINDS.default_parameter, KINDS.typed_default_parameter];
        (typed.contains(&kind) && parameter_name(self.ast(at.file), parent.node) == Some(at.node)).then_some(parent)
    }
}

/// Casts: what they hold is what they are.
pub(crate) fn is_cast(kind: Kind) -> bool {
    matches!(kind.name(), "as_expression" | "satisfies_expression" | "non_null_expression" | "type_assertion")
}

pub(crate) fn cast_value(ast: &Ast, node: NodeId) -> Option<NodeId> {
    if ast.kind(node).name() == "type_assertion" { ast.children(node).last() } else { ast.children(node).next() }
}
