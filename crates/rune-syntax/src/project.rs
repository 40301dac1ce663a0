//! All sources of a run together: trees made on demand, and what a name or expression refers to, across files.

use std::cell::Cell;
use std::sync::{Arc, LazyLock, Mutex, OnceLock, RwLock};

use rune_model::{Source, Span};
use rustc_hash::{FxHashMap, FxHashSet};

use crate::exported::{AskedExport, Known};
use crate::kind::{KINDS, KindSet};
use crate::resolve::Resolver;
use crate::scope::{Binding, BindingKind, Export, ImportName, parameter_name};
use crate::sql::Write;
use crate::{Ast, Field, Kind, Language, NodeId, Reads, Scopes, SqlText, Standing, parse, trace};

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

/// What is known of a key of a literal.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Member {
    /// Its value.
    Known(NodeRef),
    /// There is no such key.
    Absent,
    /// A spread or a computed key may bring it, or it is assigned elsewhere.
    Unknown,
}

/// How many entries are looked at for one key.
const MAX_ENTRIES: u32 = 20_000;

/// How deep spreads of known literals are followed.
const MAX_SPREADS: u32 = 8;

/// Kinds of nodes that can stand for something else; all others are what they are.
static REFERRING: LazyLock<KindSet> = LazyLock::new(|| {
    KindSet::of(&[
        "identifier",
        "shorthand_property_identifier_pattern",
        "type_identifier",
        "nested_type_identifier",
        "call_expression",
        "await_expression",
        "member_expression",
        "attribute",
        "subscript_expression",
        "subscript",
        "object_pattern",
        "dotted_name",
    ])
});

/// How many steps a name is followed at most.
const MAX_STEPS: u32 = 40;

/// By name, where classes name something as a base: the file and the byte.
type Heirs = FxHashMap<Box<str>, Vec<(u32, u32)>>;

/// The sources of a run, by number, with their trees.
#[derive(Debug)]
pub struct Project {
    files: Vec<File>,
    resolver: OnceLock<Resolver>,
    heirs: OnceLock<Heirs>,
    /// What the `.sql` files leave behind and what was read for it, once it was asked for.
    pub(crate) standing: OnceLock<(Vec<Standing>, Reads)>,
    /// The imports that were asked for, by number.
    asked: RwLock<Vec<Asked>>,
    /// The exports that were asked for, by number.
    pub(crate) asked_exports: RwLock<Vec<AskedExport>>,
}

/// An import whose file was asked for.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Asked {
    /// The file that imports.
    pub importer: u32,
    /// The module as written.
    pub module: Box<str>,
    /// The file it means; `None` if that is none of the project.
    pub file: Option<u32>,
}

#[derive(Debug)]
struct File {
    source: Source,
    language: Language,
    ast: Arc<OnceLock<Ast>>,
    scopes: Arc<OnceLock<Scopes>>,
    /// Its names by text and place, made on first use.
    names: OnceLock<Vec<NodeId>>,
    /// The SQL of texts that was asked for.
    sql: Mutex<FxHashMap<NodeId, KnownSql>>,
    /// The writes into variables that were asked for, by the name that binds.
    writes: Mutex<FxHashMap<NodeId, Arc<[Write]>>>,
    /// What its imports mean, with the number of the question.
    modules: RwLock<FxHashMap<Box<str>, Meaning>>,
    exports: Known,
}

/// The number of an import and the file it means.
type Meaning = (u32, Option<u32>);

/// The SQL of a text, if it has some, and what was read for it.
pub(crate) type KnownSql = (Option<Arc<SqlText>>, Arc<Reads>);

/// Nothing panics while one of the locks is held.
const POISONED: &str = "nothing panics while the lock is held";

impl Project {
    /// A project over the sources whose language is known, by path, in whatever order they come; the others are left out.
    pub fn new(sources: &[Source]) -> Project {
        let known = sources.iter().filter_map(|source| {
            let language = Language::of_path(&source.path)?;
            let (ast, scopes, names, modules) = Default::default();
            let (sql, writes, exports) = Default::default();
            Some(File { source: source.clone(), language, ast, scopes, names, modules, sql, writes, exports })
        });
        let mut files: Vec<File> = known.collect();
        files.sort_by(|a, b| a.source.path.cmp(&b.source.path));
        let (asked, asked_exports) = Default::default();
        let (resolver, standing, heirs) = (OnceLock::new(), OnceLock::new(), OnceLock::new());
        Project { files, resolver, asked, asked_exports, standing, heirs }
    }

    /// [`Project::new`] that takes over the trees of files that say the same in this project.
    pub fn again(&self, sources: &[Source]) -> Project {
        let mut project = Project::new(sources);
        let known: FxHashMap<&str, &File> = self.files.iter().map(|file| (file.source.path.as_ref(), file)).collect();
        for file in &mut project.files {
            let same = known.get(file.source.path.as_ref()).filter(|old| old.source.text == file.source.text);
            if let Some(old) = same {
                (file.ast, file.scopes) = (old.ast.clone(), old.scopes.clone());
            }
        }
        project
    }

    /// The number of files.
    pub fn n_files(&self) -> u32 {
        trace::read_all_files();
        self.files.len() as u32
    }

    /// The source of a file.
    #[inline]
    pub fn source(&self, file: u32) -> &Source {
        &self.files[file as usize].source
    }

    /// The language of a file.
    #[inline]
    pub fn language(&self, file: u32) -> Language {
        self.files[file as usize].language
    }

    /// The tree of a file, parsed on first use.
    #[inline]
    pub fn ast(&self, file: u32) -> &Ast {
        trace::read_file(file);
        let file = &self.files[file as usize];
        file.ast.get_or_init(|| parse(&file.source.text, file.language))
    }

    /// Whether the file was parsed already.
    pub fn is_parsed(&self, file: u32) -> bool {
        self.files[file as usize].ast.get().is_some()
    }

    /// The writes into a variable of a file, if they were asked for before. They are read off that file alone.
    pub(crate) fn known_writes(&self, binding: NodeRef) -> Option<Arc<[Write]>> {
        self.files[binding.file as usize].writes.lock().expect(POISONED).get(&binding.node).cloned()
    }

    /// Keeps the writes into a variable.
    pub(crate) fn keep_writes(&self, binding: NodeRef, writes: Arc<[Write]>) {
        self.files[binding.file as usize].writes.lock().expect(POISONED).insert(binding.node, writes);
    }

    /// What is known of the exports of a file.
    pub(crate) fn known_exports(&self, file: u32) -> &Known {
        &self.files[file as usize].exports
    }

    /// The SQL of a text, if it was worked out before.
    pub(crate) fn known_sql(&self, at: NodeRef) -> Option<KnownSql> {
        let known = self.files[at.file as usize].sql.lock().expect(POISONED);
        known.get(&at.node).cloned()
    }

    /// Keeps the SQL of a text.
    pub(crate) fn keep_sql(&self, at: NodeRef, found: KnownSql) {
        let mut known = self.files[at.file as usize].sql.lock().expect(POISONED);
        known.insert(at.node, found);
    }

    /// The scopes of a file, made on first use.
    pub fn scopes(&self, file: u32) -> &Scopes {
        let ast = self.ast(file);
        let file = &self.files[file as usize];
        file.scopes.get_or_init(|| Scopes::new(ast, &file.source.text))
    }

    /// The source text of a node.
    #[inline]
    pub fn text(&self, at: NodeRef) -> &str {
        self.ast(at.file).text(at.node, &self.files[at.file as usize].source.text)
    }

    /// The span of a node.
    #[inline]
    pub fn span(&self, at: NodeRef) -> Span {
        self.ast(at.file).span(at.node)
    }

    /// The kind of a node.
    #[inline]
    pub fn kind(&self, at: NodeRef) -> Kind {
        self.ast(at.file).kind(at.node)
    }

    /// The parent of a node.
    #[inline]
    pub fn parent(&self, at: NodeRef) -> Option<NodeRef> {
        self.ast(at.file).parent(at.node).map(|node| NodeRef { node, ..at })
    }

    /// The child of a node in the field called `field`.
    #[inline(always)]
    pub fn child(&self, at: NodeRef, field: &str) -> Option<NodeRef> {
        self.ast(at.file).child_named(at.node, field).map(|node| NodeRef { node, ..at })
    }

    /// The children of a node.
    #[inline]
    pub fn children(&self, at: NodeRef) -> impl Iterator<Item = NodeRef> + '_ {
        self.ast(at.file).children(at.node).map(move |node| NodeRef { node, ..at })
    }

    /// The file that `module`, imported in `file`, means.
    pub fn module_file(&self, file: u32, module: &str) -> Option<u32> {
        let importer = &self.files[file as usize];
        let known = importer.modules.read().expect(POISONED).get(module).copied();
        let (number, target) = known.unwrap_or_else(|| self.ask(file, module));
        trace::read_module(number);
        target
    }

    fn ask(&self, file: u32, module: &str) -> (u32, Option<u32>) {
        let importer = &self.files[file as usize];
        let sources = || self.files.iter().map(|file| (&file.source.path, &file.source.text));
        let resolver = self.resolver.get_or_init(|| Resolver::new(sources()));
        let target = match importer.language {
            Language::Python => resolver.python(&importer.source.path, module),
            _ => resolver.ecma(&importer.source.path, module),
        };
        let mut modules = importer.modules.write().expect(POISONED);
        *modules.entry(module.into()).or_insert_with(|| {
            let mut asked = self.asked.write().expect(POISONED);
            asked.push(Asked { importer: file, module: module.into(), file: target });
            (asked.len() as u32 - 1, target)
        })
    }

    /// An import that was asked for, by the number that [`crate::Reads::modules`] gives.
    pub fn asked(&self, number: u32) -> Option<Asked> {
        self.asked.read().expect(POISONED).get(number as usize).cloned()
    }

    /// Whether what imports mean may depend on what the file says, and not only on there being such a file.
    pub fn configures_modules(&self, file: u32) -> bool {
        crate::resolve::is_read(self.files[file as usize].source.path.as_ref().as_ref())
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
        if !REFERRING.contains(kind) {
            return Definition::Node(at);
        }
        let in_python = self.language(at.file) == Language::Python;
        if kind == KINDS.identifier || kind == KINDS.shorthand_pattern || kind == KINDS.type_identifier {
            self.define_name(at, steps)
        } else if kind.name() == "nested_type_identifier" {
            self.define_type_member(at, steps)
        } else if let Some(module) = self.required_module(at) {
            self.define_import(at.file, module, &ImportName::Namespace, steps - 1)
        } else if kind == KINDS.member_expression || (in_python && kind == KINDS.attribute) {
            self.define_member(at, steps)
        } else if matches!(kind.name(), "subscript_expression" | "subscript") {
            self.define_subscript(at, steps)
        } else if kind == KINDS.object_pattern {
            let found =
                self.pattern_source(at).and_then(|(of, key, _)| self.member(&self.define(of, steps - 1), &key, steps - 1));
            found.unwrap_or(Definition::Node(at))
        } else if kind == KINDS.dotted_name && self.children(at).count() == 1 {
            self.children(at).next().map_or(Definition::Node(at), |name| self.define(name, steps - 1))
        } else {
            Definition::Node(at)
        }
    }

    /// The binding a name refers to.
    pub fn binding(&self, at: NodeRef) -> Option<&Binding> {
        self.scopes(at.file).resolve(self.ast(at.file), at.node, self.text(at))
    }

    /// The places that are spelled as `name` and refer to `binding`, in order: reads and writes, itself among them.
    pub fn names_of<'p>(&'p self, name: NodeRef, binding: &Binding) -> impl Iterator<Item = NodeRef> + use<'p> {
        let (text, bound) = (self.text(name), binding.node);
        let end = self.ast(name.file).subtree_end(binding.scope);
        let names = self.names(name.file);
        let at = move |node: &NodeId| NodeRef { node: *node, ..name };
        let first = names.partition_point(|node| (self.text(at(node)), *node) < (text, binding.scope));
        let same = names[first..].iter().take_while(move |node| **node < end && self.text(at(node)) == text).map(at);
        same.filter(move |at| self.binding(*at).is_some_and(|other| other.node == bound))
    }

    /// The names of a file, by text and place.
    fn names(&self, file: u32) -> &[NodeId] {
        let ast = self.ast(file);
        self.files[file as usize].names.get_or_init(|| {
            let at = |node: NodeId| NodeRef { file, node };
            let mut names: Vec<NodeId> = (0..ast.len()).filter(|node| self.is_name(at(*node))).collect();
            names.sort_by_key(|node| self.text(at(*node)));
            names.shrink_to_fit();
            names
        })
    }

    /// Whether a node is a name that a variable may have: an identifier, or the shorthand of one in a pattern.
    pub fn is_name(&self, at: NodeRef) -> bool {
        let kind = self.kind(at);
        kind == KINDS.identifier || kind == KINDS.shorthand_pattern
    }

    /// Where a destructured name, or a nested pattern, is taken from: the object, the key, and the place that names it.
    pub fn taken_from(&self, at: NodeRef) -> Option<(NodeRef, Box<str>, NodeRef)> {
        if self.kind(at) == KINDS.object_pattern {
            return self.pattern_source(at);
        }
        let binding = self.binding(at)?;
        let BindingKind::Member { of, key } = &binding.kind else { return None };
        Some((NodeRef { file: at.file, node: *of }, key.clone(), NodeRef { file: at.file, node: binding.node }))
    }

    /// The same for a pattern that stands under a key of another one.
    fn pattern_source(&self, at: NodeRef) -> Option<(NodeRef, Box<str>, NodeRef)> {
        let above = self.parent(at)?;
        let pair = if self.kind(above) == KINDS.assignment_pattern { self.parent(above)? } else { above };
        if self.kind(pair) != KINDS.pair_pattern {
            return None;
        }
        let key = self.child(pair, "key")?;
        let outer = self.parent(pair)?;
        let holder = self.parent(outer).filter(|holder| self.kind(*holder) == KINDS.variable_declarator);
        let of = holder.and_then(|holder| self.child(holder, "value")).unwrap_or(outer);
        Some((of, self.name_text(key).into(), key))
    }

    fn define_name(&self, at: NodeRef, steps: u32) -> Definition {
        if self.is_member_name(at) {
            return Definition::Node(at);
        }
        let Some(binding) = self.binding(at) else {
            let found = self.define_passed_on(at, steps).or_else(|| self.define_star(at, steps));
            return found.unwrap_or_else(|| self.global(at));
        };
        let place = NodeRef { file: at.file, node: binding.node };
        let is_overwritten = binding.n_writes > 1 && self.language(at.file) != Language::Python;
        match &binding.kind {
            BindingKind::Import { .. } if is_overwritten => Definition::Node(place),
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

    /// `name` of `export { name } from "module"`, which binds nothing in its file.
    fn define_passed_on(&self, at: NodeRef, steps: u32) -> Option<Definition> {
        let specifier = self.parent(at).filter(|parent| self.kind(*parent).name() == "export_specifier")?;
        let statement = self.parent(self.parent(specifier)?)?;
        let source = self.child(statement, "source")?;
        let module = self.text(source).trim_matches(['"', '\'', '`']);
        let name = match self.text(at) {
            "default" => ImportName::Default,
            name => ImportName::Named(name.into()),
        };
        Some(self.define_import(at.file, module, &name, steps.checked_sub(1)?))
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

    /// What `file` exports under `name`, without the files in `seen`: files may pass each other's exports on in a circle.
    pub(crate) fn define_export_once(
        &self,
        file: u32,
        name: &ImportName,
        steps: u32,
        seen: &mut FxHashSet<u32>,
    ) -> Option<Definition> {
        let steps = steps.checked_sub(1).filter(|_| seen.insert(file))?;
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
        let inside = scopes.star_exports().iter().find_map(|module| {
            let target = self.module_file(file, module)?;
            self.define_export_once(target, name, steps, seen)
        });
        inside.or_else(|| self.outside_star(file, name))
    }

    /// The exports of a file that are things of modules outside the project: the export, the module, and the name there,
    /// which is empty for the module itself or its default export.
    pub fn passed_on(&self, file: u32) -> Vec<(Box<str>, Arc<str>, Arc<str>)> {
        let scopes = self.scopes(file);
        let text = &self.source(file).text;
        let names: Vec<Box<str>> = match self.language(file) {
            Language::Python => {
                let top = scopes.bindings().iter().filter(|binding| binding.scope == 0);
                top.map(|binding| self.ast(file).text(binding.node, text).into()).collect()
            }
            _ => scopes.exports().map(Into::into).collect(),
        };
        let outside =
            names.into_iter().filter_map(|name| match self.define_export(file, &ImportName::Named(name.clone()), MAX_STEPS)? {
                Definition::External { module, name: outer } if !module.is_empty() => Some((name, module, outer)),
                _ => None,
            });
        outside.collect()
    }

    /// What the only module outside the project that a file passes on whole exports under `name`.
    fn outside_star(&self, file: u32, name: &ImportName) -> Option<Definition> {
        let ImportName::Named(name) = name else { return None };
        let stars = self.scopes(file).star_exports();
        let mut outside = stars.iter().filter(|module| self.module_file(file, module).is_none());
        let (module, others) = (outside.next()?, outside.next());
        let is_ecma = self.language(file) != Language::Python;
        (others.is_none() && is_ecma).then(|| Definition::External { module: module.as_ref().into(), name: name.as_ref().into() })
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

    /// The module that `require("m")` or `await import("m")` gives.
    fn required_module(&self, at: NodeRef) -> Option<&str> {
        let kind = self.kind(at);
        let call = if kind == KINDS.await_expression { self.children(at).next()? } else { at };
        if self.kind(call) != KINDS.call_expression {
            return None;
        }
        let word = self.text(self.child(call, "function")?);
        let is_module = word == "require" || (word == "import" && kind == KINDS.await_expression);
        let argument = if is_module { self.children(self.child(call, "arguments")?).next()? } else { return None };
        (self.kind(argument) == KINDS.string).then(|| self.text(argument).trim_matches(['"', '\'']))
    }

    /// A type of a module: `module.Name`.
    fn define_type_member(&self, at: NodeRef, steps: u32) -> Definition {
        let (Some(module), Some(name)) = (self.child(at, "module"), self.child(at, "name")) else {
            return Definition::Node(at);
        };
        let key = self.text(name);
        let base = self.define(module, steps - 1);
        self.member(&base, key, steps - 1).unwrap_or_else(|| Definition::Member(Box::new(base), key.into()))
    }

    /// `a["b"]` is `a.b`.
    fn define_subscript(&self, at: NodeRef, steps: u32) -> Definition {
        let object = self.child(at, "object").or_else(|| self.child(at, "value"));
        let index = self.child(at, "index").or_else(|| self.child(at, "subscript"));
        let (Some(object), Some(index)) = (object, index) else { return Definition::Node(at) };
        if self.kind(index) != KINDS.string {
            return Definition::Node(at);
        }
        let key = self.name_text(index);
        let base = self.define(object, steps - 1);
        self.member(&base, &key, steps - 1).unwrap_or_else(|| Definition::Member(Box::new(base), key.into()))
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
            return match self.object_member(node, key) {
                Member::Known(value) => Some(self.define(value, steps)),
                Member::Absent | Member::Unknown => None,
            };
        }
        if kind == KINDS.class_declaration || kind == KINDS.class_definition {
            return self.class_member(node, key, steps);
        }
        if kind == KINDS.enum_declaration {
            let mut members = self.children(self.child(node, "body")?);
            let member = members.find(|member| self.child(*member, "name").is_some_and(|name| self.name_text(name) == key))?;
            return Some(self.define(self.child(member, "value")?, steps));
        }
        if kind == KINDS.call || kind.name() == "new_expression" {
            let callee = self.child(node, "function").or_else(|| self.child(node, "constructor"))?;
            let Definition::Node(class) = self.define(callee, steps) else { return None };
            let is_class = [KINDS.class_declaration, KINDS.class_definition].contains(&self.kind(class));
            return is_class.then(|| self.class_member(class, key, steps)).flatten();
        }
        None
    }

    /// What `key` is in an object or dictionary literal: the last entry of that key, spreads of known literals included; a
    /// method stands for itself.
    pub fn object_member(&self, object: NodeRef, key: &str) -> Member {
        self.member_of_literal(object, key, MAX_SPREADS, &Cell::new(MAX_ENTRIES))
    }

    fn member_of_literal(&self, object: NodeRef, key: &str, spreads: u32, fuel: &Cell<u32>) -> Member {
        if self.scopes(object.file).changed_keys(object.node).iter().any(|changed| changed.as_ref() == key) {
            return Member::Unknown;
        }
        let mut found = Member::Absent;
        for entry in self.children(object) {
            let Some(left) = fuel.get().checked_sub(1) else { return Member::Unknown };
            fuel.set(left);
            let kind = self.kind(entry).name();
            if matches!(kind, "spread_element" | "dictionary_splat") {
                let base = self.children(entry).next().map(|base| self.value(base));
                let is_literal = |base: &NodeRef| matches!(self.kind(*base).name(), "object" | "dictionary");
                match base.filter(|base| is_literal(base) && spreads > 0) {
                    Some(base) => match self.member_of_literal(base, key, spreads - 1, fuel) {
                        Member::Absent => {}
                        other => found = other,
                    },
                    None => found = Member::Unknown,
                }
                continue;
            }
            let Some(name) = self.child(entry, "key").or_else(|| self.child(entry, "name")) else { continue };
            match self.key_text(name) {
                Some(text) if text == key => found = Member::Known(self.child(entry, "value").unwrap_or(entry)),
                Some(_) => {}
                None => found = Member::Unknown,
            }
        }
        found
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
            let is_written = !scopes.field_writes(class.node, key).is_empty();
            return Some(match found.kind {
                BindingKind::Value(value) if found.n_writes == 1 && !is_written => {
                    self.define(NodeRef { node: value, ..place }, steps)
                }
                BindingKind::Definition(node) => Definition::Node(NodeRef { node, ..place }),
                _ => Definition::Node(place),
            });
        }
        let member = self.children(body).find(|member| self.child(*member, "name").is_some_and(|n| self.text(n) == key))?;
        if self.kind(member) == KINDS.public_field_definition
            && self.scopes(class.file).field_writes(class.node, key).is_empty()
            && let Some(value) = self.child(member, "value")
        {
            return Some(self.define(value, steps));
        }
        Some(Definition::Node(member))
    }

    /// `this.key` or `self.key`: a field, a method, a constructor parameter, or what the constructor assigns.
    fn own_member(&self, at: NodeRef, key: &str, steps: u32) -> Option<Definition> {
        self.instance_member(self.enclosing_class(at)?, key, steps)
    }

    /// What `key` of an instance of a class is: a field, a method, a constructor parameter, or what the constructor assigns;
    /// `None` if the class itself has no such member.
    pub fn member_of(&self, class: NodeRef, key: &str) -> Option<Definition> {
        self.instance_member(class, key, MAX_STEPS)
    }

    fn instance_member(&self, class: NodeRef, key: &str, steps: u32) -> Option<Definition> {
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
        self.constructor_parameter(constructor, key)
            .or_else(|| self.constructor_assignment(class, constructor, key, steps))
            .or(declared)
    }

    /// The innermost class around a node.
    pub fn class_around(&self, at: NodeRef) -> Option<NodeRef> {
        self.enclosing_class(at)
    }

    /// The places where something called `name` stands among the bases or interfaces of a class: the file and the byte, in
    /// order. Read off the texts: the trees say whether it is one.
    pub fn heirs_of(&self, name: &str) -> &[(u32, u32)] {
        trace::read_heirs(name);
        let heirs = self.heirs.get_or_init(|| {
            let mut heirs = Heirs::default();
            for (number, file) in self.files.iter().enumerate().filter(|(_, file)| file.language.has_scopes()) {
                for (base, at) in bases_named(&file.source.text, file.language) {
                    heirs.entry(base.into()).or_default().push((number as u32, at as u32));
                }
            }
            heirs
        });
        heirs.get(name).map_or(&[], Vec::as_slice)
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

    /// What the constructor assigns, if nothing else in the class does.
    fn constructor_assignment(&self, class: NodeRef, constructor: NodeRef, key: &str, steps: u32) -> Option<Definition> {
        let [write] = self.scopes(class.file).field_writes(class.node, key) else { return None };
        let right = self.child(NodeRef { node: *write, ..class }, "right")?;
        let is_plain = !self.kind(NodeRef { node: *write, ..class }).name().starts_with("augmented");
        let in_constructor = is_plain && self.ast(class.file).is_within(*write, constructor.node);
        in_constructor.then(|| self.define(right, steps.saturating_sub(1)))
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

/// The names that stand where a text names the bases of a class, each by its last part, with the byte it begins at.
fn bases_named(text: &str, language: Language) -> impl Iterator<Item = (&str, usize)> {
    let is_python = language == Language::Python;
    let (words, end): (&[&str], char) = if is_python { (&["class "], ':') } else { (&["extends ", "implements "], '{') };
    let lists = words.iter().flat_map(move |word| text.match_indices(word).map(|(at, word)| at + word.len()));
    lists.flat_map(move |start| {
        let rest = &text[start..];
        let rest = &rest[..rest.find(end).unwrap_or(0)];
        let open = if is_python { rest.find('(').map_or(rest.len(), |open| open + 1) } else { 0 };
        let is_name = |c: char| c.is_alphanumeric() || matches!(c, '_' | '$');
        let words = rest[open..].split(move |c: char| !is_name(c));
        let placed = words.map(move |word| (word, word.as_ptr() as usize - text.as_ptr() as usize));
        placed.filter(|(word, _)| word.starts_with(|c: char| c.is_alphabetic())).take(MAX_BASES)
    })
}

/// How many words are read of the bases of one class.
const MAX_BASES: usize = 12;

/// Whether nodes of a kind are casts: what they hold is what they are.
pub fn is_cast(kind: Kind) -> bool {
    static CASTS: LazyLock<KindSet> =
        LazyLock::new(|| KindSet::of(&["as_expression", "satisfies_expression", "non_null_expression", "type_assertion"]));
    CASTS.contains(kind)
}

pub(crate) fn cast_value(ast: &Ast, node: NodeId) -> Option<NodeId> {
    if ast.kind(node).name() == "type_assertion" { ast.children(node).last() } else { ast.children(node).next() }
}
