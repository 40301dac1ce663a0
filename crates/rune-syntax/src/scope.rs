//! Scopes of one file: which name is bound where, to what, how often it is written, and what the file exports.
//! One pass over the tree; nothing here looks at other files.

use rustc_hash::{FxHashMap, FxHashSet};

use crate::kind::KINDS;
use crate::project::{cast_value, is_cast};
use crate::{Ast, Field, Kind, Language, NodeId};

/// What an import takes from its module.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub enum ImportName {
    /// The default export, or what `require` gives.
    Default,
    /// The module as an object.
    Namespace,
    /// The export of that name.
    Named(Box<str>),
}

/// What a name stands for.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum BindingKind {
    /// Something of another module.
    Import {
        /// The module as written.
        module: Box<str>,
        /// What is taken from it.
        name: ImportName,
    },
    /// The value of an initialiser or of the only assignment.
    Value(NodeId),
    /// `key` of the value of a node, by destructuring.
    Member {
        /// The destructured expression.
        of: NodeId,
        /// The key taken from it.
        key: Box<str>,
    },
    /// A function or class declaration.
    Definition(NodeId),
    /// A parameter; the node is its place in the parameter list.
    Parameter(NodeId),
    /// Something else: a loop variable, a caught error, a pattern too involved to follow.
    Opaque,
}

/// A name bound in a scope.
#[derive(Debug, Clone)]
pub struct Binding {
    /// The scope node: a function, block, loop, class or the root.
    pub scope: NodeId,
    /// The identifier that binds.
    pub node: NodeId,
    /// What it stands for.
    pub kind: BindingKind,
    /// How often it is written, its initialiser included; above 1 its value is not known.
    pub n_writes: u32,
}

/// What a file exports under a name.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Export {
    /// The value or declaration of a node of this file.
    Node(NodeId),
    /// Something of another module.
    From {
        /// The module as written.
        module: Box<str>,
        /// What is taken from it.
        name: ImportName,
    },
}

/// The scopes, bindings and exports of one file.
#[derive(Debug, Clone, Default)]
pub struct Scopes {
    bindings: Vec<Binding>,
    by_name: FxHashMap<Box<str>, Vec<u32>>,
    exports: FxHashMap<Box<str>, Export>,
    stars: Vec<Box<str>>,
    field_writes: FxHashMap<(NodeId, Box<str>), Vec<NodeId>>,
    changed: FxHashMap<NodeId, Vec<Box<str>>>,
}

impl Scopes {
    /// Collects the scopes of `ast`; empty for languages without scopes.
    pub fn new(ast: &Ast, text: &str) -> Scopes {
        let mut collector = Collector { ast, text, scopes: Scopes::default(), globals: FxHashSet::default() };
        match ast.language() {
            Language::TypeScript | Language::Tsx => collector.ecma(),
            Language::Python => collector.python(),
            _ => {}
        }
        collector.scopes
    }

    /// The binding that `name` used at `node` refers to: the one of the innermost scope around it.
    pub fn resolve(&self, ast: &Ast, node: NodeId, name: &str) -> Option<&Binding> {
        let candidates = self.by_name.get(name)?.iter().map(|id| &self.bindings[*id as usize]);
        let visible = candidates.filter(|binding| ast.is_within(node, binding.scope) && !hidden(ast, node, binding));
        visible.max_by_key(|binding| binding.scope)
    }

    /// What the file exports as `name`; `default` for the default export, `module.exports` for a CommonJS module.
    pub fn export(&self, name: &str) -> Option<&Export> {
        self.exports.get(name)
    }

    /// The names under which the file exports something, in no order.
    pub fn exports(&self) -> impl Iterator<Item = &str> {
        self.exports.keys().map(AsRef::as_ref)
    }

    /// The modules whose exports the file passes on whole.
    pub fn star_exports(&self) -> &[Box<str>] {
        &self.stars
    }

    /// The assignments to the field `name` of `this` or `self` in a class.
    pub fn field_writes(&self, class: NodeId, name: &str) -> &[NodeId] {
        self.field_writes.get(&(class, name.into())).map_or(&[], Vec::as_slice)
    }

    /// The keys of the value at `object`, an initialiser, that are assigned later.
    pub fn changed_keys(&self, object: NodeId) -> &[Box<str>] {
        self.changed.get(&object).map_or(&[], Vec::as_slice)
    }

    /// Every binding, in no particular order of scopes.
    pub fn bindings(&self) -> &[Binding] {
        &self.bindings
    }

    /// The binding of a name in the scope of the whole file.
    pub fn top_level(&self, name: &str) -> Option<&Binding> {
        let ids = self.by_name.get(name)?;
        ids.iter().map(|id| &self.bindings[*id as usize]).find(|binding| binding.scope == 0)
    }

    fn bind(&mut self, name: &str, binding: Binding) {
        let ids = self.by_name.entry(name.into()).or_default();
        let same = ids.iter().find(|id| self.bindings[**id as usize].scope == binding.scope);
        if let Some(id) = same {
            let known = &mut self.bindings[*id as usize];
            known.n_writes += binding.n_writes;
            if known.kind == BindingKind::Opaque {
                known.kind = binding.kind;
            }
            return;
        }
        ids.push(self.bindings.len() as u32);
        self.bindings.push(binding);
    }

    fn add_write(&mut self, ast: &Ast, node: NodeId, name: &str) {
        let Some(ids) = self.by_name.get(name) else { return };
        let visible = ids.iter().filter(|id| ast.is_within(node, self.bindings[**id as usize].scope));
        if let Some(id) = visible.max_by_key(|id| self.bindings[**id as usize].scope) {
            self.bindings[*id as usize].n_writes += 1;
        }
    }
}

/// The name, the decorators and the bases of a Python definition stand outside of its scope, and names of a class body are
/// not seen from the functions inside it.
fn hidden(ast: &Ast, node: NodeId, binding: &Binding) -> bool {
    let kind = ast.kind(binding.scope);
    let is_class = kind == KINDS.class_definition;
    if !is_class && kind != KINDS.function_definition {
        return false;
    }
    let is_in = |part: &str| ast.child_named(binding.scope, part).is_some_and(|part| ast.is_within(node, part));
    if !is_in("body") && (is_class || !is_in("parameters")) {
        return true;
    }
    is_class && ast.ancestors(node).take_while(|a| *a != binding.scope).any(|a| ast.kind(a) == KINDS.function_definition)
}

struct Collector<'a> {
    ast: &'a Ast,
    text: &'a str,
    scopes: Scopes,
    /// Names that a Python function declares global, with its node.
    globals: FxHashSet<(NodeId, &'a str)>,
}

impl<'a> Collector<'a> {
    fn name(&self, node: NodeId) -> &'a str {
        self.ast.text(node, self.text)
    }

    fn string(&self, node: NodeId) -> &'a str {
        self.name(node).trim_matches(['"', '\'', '`'])
    }

    fn child(&self, node: NodeId, field: &str) -> Option<NodeId> {
        self.ast.child_named(node, field)
    }

    fn bind(&mut self, node: NodeId, scope: NodeId, kind: BindingKind, n_writes: u32) {
        let name = self.ast.text(node, self.text);
        let scope = if self.globals.contains(&(scope, name)) { 0 } else { scope };
        self.scopes.bind(name, Binding { scope, node, kind, n_writes });
    }

    fn scope_of(&self, node: NodeId, is_scope: impl Fn(Kind) -> bool) -> NodeId {
        self.ast.ancestors(node).find(|a| is_scope(self.ast.kind(*a))).unwrap_or(0)
    }

    // ---- ECMAScript

    fn ecma(&mut self) {
        for node in 0..self.ast.len() {
            let kind = self.ast.kind(node);
            if kind == KINDS.variable_declarator {
                self.declarator(node);
            } else if kind == KINDS.function_declaration || kind == KINDS.class_declaration || kind == KINDS.enum_declaration {
                self.definition(node);
            } else if kind == KINDS.required_parameter || kind == KINDS.optional_parameter {
                self.parameter(node);
            } else if kind == KINDS.import_statement {
                self.import(node);
            } else if kind == KINDS.for_in_statement {
                self.loop_variable(node);
            } else if kind == KINDS.catch_clause {
                self.caught(node);
            } else if kind == KINDS.export_statement {
                self.export(node);
            }
        }
        for node in 0..self.ast.len() {
            let kind = self.ast.kind(node);
            if kind == KINDS.assignment_expression
                || kind == KINDS.augmented_assignment_expression
                || kind == KINDS.update_expression
            {
                self.assignment(node);
            }
        }
    }

    fn block_scope(&self, node: NodeId) -> NodeId {
        self.scope_of(node, is_ecma_scope)
    }

    fn declarator(&mut self, node: NodeId) {
        let Some(target) = self.child(node, "name") else { return };
        let value = self.child(node, "value");
        let is_var = self.ast.parent(node).is_some_and(|p| self.name(p).starts_with("var"));
        let scope = if is_var { self.scope_of(node, is_ecma_function) } else { self.block_scope(node) };
        let kind = value.map_or(BindingKind::Opaque, |value| self.value_kind(value));
        self.pattern(target, scope, kind, u32::from(value.is_some()));
    }

    /// What a name initialised with `value` stands for; `require` is an import.
    fn value_kind(&self, value: NodeId) -> BindingKind {
        match self.required_module(value) {
            Some(module) => BindingKind::Import { module: module.into(), name: ImportName::Namespace },
            None => BindingKind::Value(value),
        }
    }

    fn required_module(&self, node: NodeId) -> Option<&'a str> {
        let node = match self.ast.kind(node) {
            kind if kind == KINDS.await_expression => self.ast.children(node).next()?,
            _ => node,
        };
        if self.ast.kind(node) != KINDS.call_expression {
            return None;
        }
        let function = self.child(node, "function")?;
        if !matches!(self.name(function), "require" | "import") {
            return None;
        }
        let argument = self.ast.children(self.child(node, "arguments")?).next()?;
        (self.ast.kind(argument) == KINDS.string).then(|| self.string(argument))
    }

    /// Binds every name of a (destructuring) pattern whose whole value is `kind`.
    fn pattern(&mut self, target: NodeId, scope: NodeId, kind: BindingKind, n_writes: u32) {
        let mut work = vec![(target, kind)];
        while let Some((node, kind)) = work.pop() {
            let node_kind = self.ast.kind(node);
            if node_kind == KINDS.identifier || node_kind == KINDS.shorthand_pattern {
                self.bind(node, scope, kind, n_writes);
            } else if node_kind == KINDS.object_pattern {
                for child in self.ast.children(node) {
                    let (key, inner) = self.pattern_entry(child);
                    let member = key.map_or(BindingKind::Opaque, |key| member_of(&kind, key));
                    let nested = inner.filter(|inner| self.ast.kind(*inner) == KINDS.object_pattern);
                    let member = match (nested, &member) {
                        (Some(nested), BindingKind::Member { .. }) => BindingKind::Value(nested),
                        _ => member,
                    };
                    work.extend(inner.map(|inner| (inner, member)));
                }
            } else {
                let items = self.items_of(node, &kind);
                let bound = |n: usize| {
                    items.as_ref().and_then(|items| items.get(n)).map_or(BindingKind::Opaque, |item| self.value_kind(*item))
                };
                work.extend(self.ast.children(node).enumerate().map(|(n, child)| (child, bound(n))));
            }
        }
    }

    /// The items of the array literal that an array pattern takes apart, up to the first spread; `None` for other values.
    fn items_of(&self, pattern: NodeId, kind: &BindingKind) -> Option<Vec<NodeId>> {
        let BindingKind::Value(value) = kind else { return None };
        let fits = self.ast.kind(pattern).name() == "array_pattern" && self.ast.kind(*value) == KINDS.array;
        if !fits || self.skips_items(pattern) || self.skips_items(*value) {
            return None;
        }
        let is_item = |node: &NodeId| self.ast.kind(*node).name() != "spread_element";
        Some(self.ast.children(*value).take_while(is_item).collect())
    }

    /// Whether items are left out between commas (`[, a]`): they leave no node.
    fn skips_items(&self, list: NodeId) -> bool {
        let first = self.ast.span(list).start as usize + 1;
        let mut start = first;
        self.ast.children(list).any(|child| {
            let span = self.ast.span(child);
            let between = self.text.get(start..span.start as usize).unwrap_or("");
            let n_commas = between.matches(',').count();
            let is_first = start == first;
            start = span.end as usize;
            n_commas > usize::from(!is_first)
        })
    }

    /// The key and the inner pattern of one entry of an object pattern.
    fn pattern_entry(&self, node: NodeId) -> (Option<&'a str>, Option<NodeId>) {
        let kind = self.ast.kind(node);
        if kind == KINDS.shorthand_pattern {
            (Some(self.name(node)), Some(node))
        } else if kind == KINDS.object_assignment_pattern {
            let left = self.child(node, "left");
            (left.map(|left| self.name(left)), left)
        } else if kind == KINDS.pair_pattern {
            let key = self.child(node, "key").map(|key| self.string(key));
            let value = self.child(node, "value");
            let inner = value.and_then(|value| {
                if self.ast.kind(value) == KINDS.assignment_pattern { self.child(value, "left") } else { Some(value) }
            });
            (key, inner)
        } else {
            (None, Some(node))
        }
    }

    fn definition(&mut self, node: NodeId) {
        let Some(name) = self.child(node, "name") else { return };
        let parent = self.ast.parent(node).map(|p| self.ast.kind(p));
        let declared =
            parent.is_some_and(|kind| kind == KINDS.program || kind == KINDS.statement_block || kind == KINDS.export_statement);
        let scope = if declared { self.block_scope(node) } else { node };
        self.bind(name, scope, BindingKind::Definition(node), 1);
    }

    fn parameter(&mut self, node: NodeId) {
        let Some(target) = self.child(node, "pattern") else { return };
        let scope = self.scope_of(node, is_ecma_function);
        if self.ast.kind(target) == KINDS.identifier {
            self.bind(target, scope, BindingKind::Parameter(node), 1);
        } else {
            self.pattern(target, scope, BindingKind::Value(target), 1);
        }
    }

    fn loop_variable(&mut self, node: NodeId) {
        if let Some(left) = self.child(node, "left") {
            self.pattern(left, node, BindingKind::Opaque, 1);
        }
    }

    fn caught(&mut self, node: NodeId) {
        if let Some(parameter) = self.child(node, "parameter") {
            self.pattern(parameter, node, BindingKind::Opaque, 1);
        }
    }

    fn import(&mut self, node: NodeId) {
        let Some(source) = self.child(node, "source") else { return self.import_require(node) };
        let module: Box<str> = self.string(source).into();
        for at in node..self.ast.subtree_end(node) {
            let kind = self.ast.kind(at);
            let (target, name) = if kind == KINDS.import_specifier {
                let Some(name) = self.child(at, "name") else { continue };
                (self.child(at, "alias").unwrap_or(name), named(self.string(name)))
            } else if kind == KINDS.namespace_import {
                let Some(target) = self.ast.children(at).next() else { continue };
                (target, ImportName::Namespace)
            } else if kind == KINDS.identifier && self.ast.parent(at).map(|p| self.ast.kind(p)) == Some(KINDS.import_clause) {
                (at, ImportName::Default)
            } else {
                continue;
            };
            self.bind(target, 0, BindingKind::Import { module: module.clone(), name }, 1);
        }
    }

    /// `import x = require("m")`.
    fn import_require(&mut self, node: NodeId) {
        let Some(clause) = self.ast.child_of_kind(node, Kind::of("import_require_clause")) else { return };
        let name = self.ast.child_of_kind(clause, KINDS.identifier);
        let source = self.ast.child_of_kind(clause, KINDS.string);
        if let (Some(name), Some(source)) = (name, source) {
            let module = self.string(source).into();
            self.bind(name, 0, BindingKind::Import { module, name: ImportName::Namespace }, 1);
        }
    }

    fn export(&mut self, node: NodeId) {
        let source = self.child(node, "source").map(|source| self.string(source));
        let has_clause = self.ast.child_of_kind(node, KINDS.export_clause);
        if let Some(declaration) = self.child(node, "declaration") {
            return self.export_declaration(node, declaration);
        }
        if let Some(value) = self.child(node, "value") {
            self.scopes.exports.insert("default".into(), Export::Node(value));
            return;
        }
        if let Some(clause) = has_clause {
            for specifier in self.ast.children(clause) {
                self.export_specifier(specifier, source);
            }
            return;
        }
        let Some(module) = source else { return };
        match self.ast.child_of_kind(node, KINDS.namespace_export) {
            Some(namespace) => {
                let name = self.ast.children(namespace).next().map_or("", |name| self.string(name));
                let export = Export::From { module: module.into(), name: ImportName::Namespace };
                self.scopes.exports.insert(name.into(), export);
            }
            None => self.scopes.stars.push(module.into()),
        }
    }

    fn export_declaration(&mut self, node: NodeId, declaration: NodeId) {
        let is_default =
            self.name(node).trim_start().strip_prefix("export").is_some_and(|rest| rest.trim_start().starts_with("default"));
        if is_default {
            self.scopes.exports.insert("default".into(), Export::Node(declaration));
        }
        if let Some(name) = self.child(declaration, "name") {
            self.scopes.exports.insert(self.name(name).into(), Export::Node(declaration));
        }
        for declarator in self.ast.children(declaration) {
            if self.ast.kind(declarator) != KINDS.variable_declarator {
                continue;
            }
            let Some(target) = self.child(declarator, "name") else { continue };
            for at in target..self.ast.subtree_end(target) {
                if self.ast.kind(at) == KINDS.identifier || self.ast.kind(at) == KINDS.shorthand_pattern {
                    self.scopes.exports.insert(self.name(at).into(), Export::Node(at));
                }
            }
        }
    }

    fn export_specifier(&mut self, specifier: NodeId, source: Option<&str>) {
        let Some(name) = self.child(specifier, "name") else { return };
        let outside = self.child(specifier, "alias").unwrap_or(name);
        let export = match source {
            Some(module) => Export::From { module: module.into(), name: named(self.string(name)) },
            None => Export::Node(name),
        };
        self.scopes.exports.insert(self.string(outside).into(), export);
    }

    /// Writes after the declaration, and CommonJS exports.
    fn assignment(&mut self, node: NodeId) {
        let Some(left) = self.child(node, "left").or_else(|| self.child(node, "argument")) else { return };
        let right = self.child(node, "right");
        let kind = self.ast.kind(left);
        if kind == KINDS.member_expression {
            self.field_write(node, left);
            if let Some(right) = right {
                self.commonjs_export(left, right);
            }
        } else {
            for at in left..self.ast.subtree_end(left) {
                if self.ast.kind(at) == KINDS.identifier || self.ast.kind(at) == KINDS.shorthand_pattern {
                    self.scopes.add_write(self.ast, at, self.ast.text(at, self.text));
                }
            }
            if let (true, Some(right)) = (kind == KINDS.identifier, right) {
                self.only_assignment(left, right);
            }
        }
    }

    /// Notes a write of a field of `this` or `self`.
    fn field_write(&mut self, node: NodeId, left: NodeId) {
        let Some(object) = self.child(left, "object") else { return };
        let Some(name) = self.child(left, "property").or_else(|| self.child(left, "attribute")) else { return };
        let is_class = |kind: Kind| kind == KINDS.class_declaration || kind == KINDS.class_definition;
        if matches!(self.name(object), "this" | "self")
            && let Some(class) = self.ast.ancestors(node).find(|above| is_class(self.ast.kind(*above)))
        {
            self.scopes.field_writes.entry((class, self.name(name).into())).or_default().push(node);
        }
        let binding = self.scopes.resolve(self.ast, object, self.name(object));
        if let Some(Binding { kind: BindingKind::Value(value), .. }) = binding {
            let value = if is_cast(self.ast.kind(*value)) { cast_value(self.ast, *value).unwrap_or(*value) } else { *value };
            let key = self.name(name).into();
            self.scopes.changed.entry(value).or_default().push(key);
        }
    }

    /// `let x; … x = e`: the only write gives the value.
    fn only_assignment(&mut self, left: NodeId, right: NodeId) {
        let name = self.name(left);
        let Some(ids) = self.scopes.by_name.get(name) else { return };
        let ast = self.ast;
        let visible = ids.iter().copied().filter(|id| ast.is_within(left, self.scopes.bindings[*id as usize].scope));
        let Some(id) = visible.max_by_key(|id| self.scopes.bindings[*id as usize].scope) else { return };
        let kind = self.value_kind(right);
        let binding = &mut self.scopes.bindings[id as usize];
        let is_variable = self.ast.parent(binding.node).map(|p| self.ast.kind(p)) == Some(KINDS.variable_declarator);
        if binding.kind == BindingKind::Opaque && is_variable {
            binding.kind = kind;
        }
    }

    fn commonjs_export(&mut self, left: NodeId, right: NodeId) {
        let path = self.name(left);
        if path == "module.exports" {
            self.scopes.exports.insert("module.exports".into(), Export::Node(right));
            self.export_object_keys(right);
            return;
        }
        let name = path.strip_prefix("module.exports.").or_else(|| path.strip_prefix("exports."));
        if let Some(name) = name.filter(|name| !name.contains('.')) {
            self.scopes.exports.insert(name.into(), Export::Node(right));
        }
    }

    fn export_object_keys(&mut self, object: NodeId) {
        if self.ast.kind(object) != KINDS.object {
            return;
        }
        for pair in self.ast.children(object) {
            let key = self.child(pair, "key").or_else(|| self.child(pair, "name"));
            let value = self.child(pair, "value").unwrap_or(pair);
            if let Some(key) = key {
                let export = match self.required_module(value) {
                    Some(module) => Export::From { module: module.into(), name: ImportName::Namespace },
                    None => Export::Node(value),
                };
                self.scopes.exports.insert(self.string(key).into(), export);
            }
        }
    }

    // ---- Python

    fn python(&mut self) {
        let is_global = |node: &NodeId| self.ast.kind(*node).name() == "global_statement";
        for node in (0..self.ast.len()).filter(is_global).collect::<Vec<_>>() {
            let scope = self.scope_of(node, is_python_scope);
            let names: Vec<_> = self.ast.children(node).map(|name| (scope, self.name(name))).collect();
            self.globals.extend(names);
        }
        for node in 0..self.ast.len() {
            let kind = self.ast.kind(node);
            if kind == KINDS.assignment {
                self.python_assignment(node);
            } else if kind == KINDS.function_definition || kind == KINDS.class_definition {
                if let Some(name) = self.child(node, "name") {
                    let scope = self.scope_of(node, is_python_scope);
                    self.bind(name, scope, BindingKind::Definition(node), 1);
                }
            } else if kind == KINDS.parameters || kind == KINDS.lambda_parameters {
                self.python_parameters(node);
            } else if kind == KINDS.import_statement {
                self.python_import(node);
            } else if kind == KINDS.import_from_statement {
                self.python_import_from(node);
            } else if kind == KINDS.for_statement || kind == KINDS.for_in_clause {
                self.python_opaque(self.child(node, "left"), node);
            } else if kind == KINDS.as_pattern_target {
                self.python_opaque(Some(node), node);
            } else if kind == KINDS.named_expression {
                self.python_opaque(self.child(node, "name"), node);
            }
        }
        for node in 0..self.ast.len() {
            if self.ast.kind(node) == KINDS.augmented_assignment
                && let Some(left) = self.child(node, "left")
            {
                self.scopes.add_write(self.ast, left, self.ast.text(left, self.text));
                self.field_write(node, left);
            }
        }
    }

    fn python_assignment(&mut self, node: NodeId) {
        let Some(left) = self.child(node, "left") else { return };
        let scope = self.scope_of(node, is_python_scope);
        let right = self.child(node, "right");
        if self.ast.kind(left) == KINDS.identifier {
            let kind = right.map_or(BindingKind::Opaque, BindingKind::Value);
            self.bind(left, scope, kind, u32::from(right.is_some()));
        } else if self.ast.kind(left) == KINDS.attribute {
            self.field_write(node, left);
        } else {
            self.python_opaque(Some(left), node);
        }
    }

    fn python_opaque(&mut self, target: Option<NodeId>, at: NodeId) {
        let Some(target) = target else { return };
        let scope = self.scope_of(at, is_python_scope);
        let scope = if self.ast.kind(at) == KINDS.for_in_clause { self.ast.parent(at).unwrap_or(scope) } else { scope };
        for node in target..self.ast.subtree_end(target) {
            let is_name = self.ast.kind(node) == KINDS.identifier;
            let in_attribute = self.ast.parent(node).is_some_and(|p| self.ast.kind(p) == KINDS.attribute);
            if is_name && !in_attribute {
                self.bind(node, scope, BindingKind::Opaque, 1);
            }
        }
    }

    fn python_parameters(&mut self, node: NodeId) {
        let Some(function) = self.ast.parent(node) else { return };
        for parameter in self.ast.children(node) {
            let name = parameter_name(self.ast, parameter);
            if let Some(name) = name {
                self.bind(name, function, BindingKind::Parameter(parameter), 1);
            }
        }
    }

    fn python_import(&mut self, node: NodeId) {
        for child in self.ast.children(node) {
            let scope = self.scope_of(node, is_python_scope);
            if self.ast.kind(child) == KINDS.aliased_import {
                let (Some(name), Some(alias)) = (self.child(child, "name"), self.child(child, "alias")) else { continue };
                let module = self.name(name).into();
                self.bind(alias, scope, BindingKind::Import { module, name: ImportName::Namespace }, 1);
            } else if let Some(first) = self.ast.children(child).next() {
                let module = self.name(first).into();
                self.bind(first, scope, BindingKind::Import { module, name: ImportName::Namespace }, 1);
            }
        }
    }

    fn python_import_from(&mut self, node: NodeId) {
        let Some(source) = self.child(node, "module_name") else { return };
        let module: Box<str> = self.name(source).into();
        let scope = self.scope_of(node, is_python_scope);
        if self.ast.child_of_kind(node, KINDS.wildcard_import).is_some() {
            self.scopes.stars.push(module);
            return;
        }
        let name_field = Field::of("name");
        let names: Vec<NodeId> = self.ast.children(node).filter(|child| self.ast.field(*child) == name_field).collect();
        for child in names {
            let (target, name) = if self.ast.kind(child) == KINDS.aliased_import {
                let (Some(name), Some(alias)) = (self.child(child, "name"), self.child(child, "alias")) else { continue };
                (alias, self.name(name))
            } else {
                (child, self.name(child))
            };
            let target = self.ast.children(target).next().unwrap_or(target);
            self.bind(target, scope, BindingKind::Import { module: module.clone(), name: named(name) }, 1);
        }
    }
}

/// The identifier a Python parameter binds, whatever its annotation and default.
pub(crate) fn parameter_name(ast: &Ast, parameter: NodeId) -> Option<NodeId> {
    if ast.kind(parameter) == KINDS.identifier {
        return Some(parameter);
    }
    ast.child_named(parameter, "name").or_else(|| ast.child_of_kind(parameter, KINDS.identifier)).or_else(|| {
        let inner = ast.children(parameter).next()?;
        ast.child_of_kind(inner, KINDS.identifier)
    })
}

fn named(name: &str) -> ImportName {
    if name == "default" { ImportName::Default } else { ImportName::Named(name.into()) }
}

/// What `key` of something bound as `kind` is.
fn member_of(kind: &BindingKind, key: &str) -> BindingKind {
    match kind {
        BindingKind::Import { module, name: ImportName::Namespace } => {
            BindingKind::Import { module: module.clone(), name: named(key) }
        }
        BindingKind::Value(of) => BindingKind::Member { of: *of, key: key.into() },
        _ => BindingKind::Opaque,
    }
}

fn is_ecma_function(kind: Kind) -> bool {
    kind == KINDS.function_declaration || kind == KINDS.arrow_function || kind == KINDS.method_definition
}

fn is_ecma_scope(kind: Kind) -> bool {
    is_ecma_function(kind)
        || kind == KINDS.statement_block
        || kind == KINDS.for_statement
        || kind == KINDS.for_in_statement
        || kind == KINDS.catch_clause
}

fn is_python_scope(kind: Kind) -> bool {
    kind == KINDS.function_definition
        || kind == KINDS.class_definition
        || kind == KINDS.lambda
        || kind == KINDS.list_comprehension
        || kind == KINDS.set_comprehension
        || kind == KINDS.dictionary_comprehension
        || kind == KINDS.generator_expression
}
