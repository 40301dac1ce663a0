//! Lays a snippet on code. Everything that is allowed to differ (the equivalences of `docs/language.md`) is here and in
//! `list.rs`; a match is certain, or possible where an unknown value decided.

use std::cell::Cell;
use std::sync::LazyLock;

use rune_model::Span;
use rune_syntax::{Constant, Definition, Field, Kind, KindSet, NodeId, NodeRef, Project, is_cast, number_value, string_value};
use smallvec::{SmallVec, smallvec};

use crate::equivalence::Equivalence;
use crate::list::Reached;
use crate::shape::Form;
use crate::snippet::{ImportPath, Mark, Snippet};
use crate::value::{Env, Value};

/// The ways a pattern fits; empty if it does not.
pub type Found = SmallVec<[Env; 1]>;

/// Matches snippets on the files of a project, within a budget of steps.
#[derive(Debug)]
pub struct Matcher<'p> {
    /// The project.
    pub project: &'p Project,
    steps_left: Cell<u64>,
    depth: Cell<u32>,
    /// What it does without.
    without: Option<Equivalence>,
}

/// A template literal of a pattern that stands for any.
const ANY_TEMPLATE: &str = "`...`";

/// How deep a pattern and code are compared; deeper code does not match.
const MAX_DEPTH: u32 = 200;

impl<'p> Matcher<'p> {
    /// A matcher that takes at most `budget` steps before it gives up.
    pub fn new(project: &'p Project, budget: u64) -> Matcher<'p> {
        Matcher { project, steps_left: Cell::new(budget), depth: Cell::new(0), without: None }
    }

    /// A matcher that does without an equivalence.
    pub(crate) fn without(project: &'p Project, budget: u64, equivalence: Equivalence) -> Matcher<'p> {
        Matcher { without: Some(equivalence), ..Matcher::new(project, budget) }
    }

    /// Whether code may differ from the pattern in this.
    pub(crate) fn allows(&self, equivalence: Equivalence) -> bool {
        self.without != Some(equivalence)
    }

    /// Gives the matcher a new budget.
    pub fn refill(&self, budget: u64) {
        self.steps_left.set(budget);
    }

    /// Whether the budget is used up: matches may be missing.
    pub fn is_exhausted(&self) -> bool {
        self.steps_left.get() == 0
    }

    /// Takes a step of the budget; false when there is none left.
    pub fn step(&self) -> bool {
        let left = self.steps_left.get();
        self.steps_left.set(left.saturating_sub(1));
        left > 0
    }

    /// Takes `n` steps of the budget at once, or what is left of it.
    pub fn take(&self, n: u64) {
        self.steps_left.set(self.steps_left.get().saturating_sub(n));
    }

    /// The ways `snippet` fits the node `at`.
    pub fn matches(&self, snippet: &Snippet, at: NodeRef, env: &Env) -> Found {
        let mut root = snippet.root;
        if let Some(kind) = snippet.root_kind()
            && self.project.kind(at) != kind
        {
            match snippet.inner_assignment.filter(|_| self.is_inner_assignment(at)) {
                Some(inner) => root = inner,
                None if !self.could_stand_for(snippet, root, at) => return Found::new(),
                None => {}
            }
        }
        if self.project.language(at.file).family() != snippet.family {
            return Found::new();
        }
        if snippet.is_sequence {
            return self.sequence(snippet, at, env);
        }
        if *snippet.mark(root) == Mark::Chain && self.is_inner_link(at) {
            return Found::new();
        }
        if !self.may_fit(snippet, root, at) {
            return Found::new();
        }
        self.node(snippet, root, at, env)
    }

    /// Kinds that may differ at the root: a declaration without value and so on is left to `node`; here only what is cheap.
    fn could_stand_for(&self, snippet: &Snippet, root: NodeId, at: NodeRef) -> bool {
        static BY_VALUE: LazyLock<KindSet> = LazyLock::new(|| {
            KindSet::of(&[
                "object",
                "array",
                "string",
                "number",
                "arrow_function",
                "function_declaration",
                "class_declaration",
                "dictionary",
                "list",
                "integer",
                "float",
                "class_definition",
                "function_definition",
            ])
        });
        static BY_SHAPE: LazyLock<KindSet> = LazyLock::new(|| {
            KindSet::of(&["member_expression", "subscript_expression", "required_parameter", "typed_parameter"])
        });
        let (kind, code) = (snippet.ast.kind(root), self.project.kind(at));
        BY_VALUE.contains(kind)
            || (BY_SHAPE.contains(kind) && snippet.shape(root).others.contains(&code) && !self.is_nested_pattern(kind, code))
            || is_cast(code)
    }

    /// A pattern inside of another one is a member of something, but no place where a search for members begins.
    fn is_nested_pattern(&self, kind: Kind, code: Kind) -> bool {
        kind == Kind::of("member_expression") && code == Kind::of("object_pattern")
    }

    /// Whether a node is the `b = 1` of `a = b = 1` in Python.
    fn is_inner_assignment(&self, at: NodeRef) -> bool {
        let is_assignment = |at: NodeRef| self.project.kind(at).name() == "assignment";
        is_assignment(at) && self.project.parent(at).is_some_and(is_assignment)
    }

    /// A run of sibling statements anywhere in the children of `at`.
    fn sequence(&self, snippet: &Snippet, at: NodeRef, env: &Env) -> Found {
        let patterns: Vec<NodeId> = snippet.ast.children(snippet.root).collect();
        let code: Vec<NodeRef> = self.project.children(at).collect();
        let mut found = Found::new();
        for start in 0..code.len() {
            found.extend(self.list_prefix(snippet, &patterns, &code[start..], env));
        }
        found
    }

    /// The ways the pattern node `p` fits the code node `at`.
    pub(crate) fn node(&self, s: &Snippet, p: NodeId, at: NodeRef, env: &Env) -> Found {
        if !self.step() || self.depth.get() >= MAX_DEPTH {
            return Found::new();
        }
        self.depth.set(self.depth.get() + 1);
        let found = self.node_inner(s, p, at, env);
        self.depth.set(self.depth.get() - 1);
        found
    }

    fn node_inner(&self, s: &Snippet, p: NodeId, at: NodeRef, env: &Env) -> Found {
        match s.mark(p) {
            Mark::Hole(slot) => self.hole(*slot, at, env),
            Mark::Optional(slot) | Mark::List(slot) => self.hole(Some(*slot), at, env),
            Mark::Gap => smallvec![env.clone()],
            Mark::StringHole(slot) => self.string_hole(*slot, at, env),
            Mark::Import(paths) => self.import(s, p, paths, at, env),
            Mark::Chain => self.chain(s, p, at, env),
            Mark::Plain => self.plain(s, p, at, env),
        }
    }

    fn hole(&self, slot: Option<usize>, at: NodeRef, env: &Env) -> Found {
        if self.project.kind(at).name() == "ERROR" {
            return Found::new();
        }
        let Some(slot) = slot else { return smallvec![env.clone()] };
        match env.get(slot) {
            None => smallvec![env.with(slot, Value::Node(at))],
            Some(value) => match self.same(value, &Value::Node(at)) {
                Some(true) => smallvec![env.clone()],
                Some(false) => Found::new(),
                None => smallvec![env.clone().unsure()],
            },
        }
    }

    fn string_hole(&self, slot: Option<usize>, at: NodeRef, env: &Env) -> Found {
        let value = match self.project.constant(at) {
            Some(Constant::String(_)) if is_name(self.project.kind(at)) && !self.allows(Equivalence::Names) => {
                return Found::new();
            }
            Some(Constant::String(text)) => Value::Text(text.into()),
            Some(_) => return Found::new(),
            None if self.is_opaque(self.project.value(at)) => Value::Unknown,
            None => return Found::new(),
        };
        let sure = value != Value::Unknown;
        let env = match slot {
            None => env.clone(),
            Some(slot) => match env.get(slot) {
                None => env.with(slot, value),
                Some(bound) => match self.same(bound, &value) {
                    Some(true) => env.clone(),
                    Some(false) => return Found::new(),
                    None => env.clone().unsure(),
                },
            },
        };
        smallvec![if sure { env } else { env.unsure() }]
    }

    fn import(&self, s: &Snippet, p: NodeId, paths: &[ImportPath], at: NodeRef, env: &Env) -> Found {
        // `Repository<User>` is a `Repository`.
        let at = if self.project.kind(at).name() == "generic_type" { self.project.child(at, "name").unwrap_or(at) } else { at };
        if !self.allows(Equivalence::Imports) && s.node_text(p) != self.project.text(at) {
            return Found::new();
        }
        if self.is_import(paths, at) { smallvec![env.clone()] } else { Found::new() }
    }

    /// Whether `at` refers to one of `paths`.
    fn is_import(&self, paths: &[ImportPath], at: NodeRef) -> bool {
        let text = self.project.text(at);
        if text.len() > 400 {
            return false;
        }
        let Definition::External { module, name } = self.project.definition(at) else { return false };
        paths.iter().any(|path| same_path(&module, &name, path))
    }

    /// `X. ...`: `X` is the node or any inner link of its chain.
    fn chain(&self, s: &Snippet, p: NodeId, at: NodeRef, env: &Env) -> Found {
        let Some(object) = s.ast.child_named(p, "object") else { return Found::new() };
        let mut found = Found::new();
        let mut link = Some(at);
        while let Some(node) = link {
            if !self.step() {
                break;
            }
            if self.may_fit(s, object, node) {
                found.extend(self.node(s, object, node, env));
            }
            link = self.inner_link(node);
        }
        found
    }

    /// Whether a further link of a chain builds on the node: `a.b()` in `a.b().c`.
    fn is_inner_link(&self, at: NodeRef) -> bool {
        self.project.parent(at).is_some_and(|parent| self.inner_link(parent) == Some(at))
    }

    /// The expression a chain link builds on.
    fn inner_link(&self, at: NodeRef) -> Option<NodeRef> {
        static LINKS: LazyLock<KindSet> = LazyLock::new(|| KindSet::of(crate::snippet::LINKS));
        if !LINKS.contains(self.project.kind(at)) {
            return None;
        }
        match self.project.kind(at).name() {
            "call_expression" | "call" => self.project.child(at, "function"),
            "subscript" => self.project.child(at, "value"),
            "non_null_expression" => self.project.children(at).next(),
            _ => self.project.child(at, "object"),
        }
    }

    fn plain(&self, s: &Snippet, p: NodeId, at: NodeRef, env: &Env) -> Found {
        let kind = s.ast.kind(p);
        let as_written = is_cast(kind) || s.exact || !self.allows(Equivalence::Types);
        let at = if as_written { at } else { self.project.peel(at) };
        let code = self.project.kind(at);
        match (code == kind, s.exact) {
            (true, true) => self.exactly(s, p, at, env),
            (true, false) => self.same_kind(s, p, at, env),
            (false, true) => Found::new(),
            (false, false) => self.other_kind(s, p, at, env),
        }
    }

    /// Kinds differ: the equivalences, then the value behind a name.
    fn other_kind(&self, s: &Snippet, p: NodeId, at: NodeRef, env: &Env) -> Found {
        if !s.shape(p).others.contains(&self.project.kind(at)) {
            return self.behind_name(s, p, at, env);
        }
        let kind = s.ast.kind(p).name();
        let code = self.project.kind(at).name();
        if let Some(needed) = kinds_differ(kind, code)
            && !self.allows(needed)
        {
            return Found::new();
        }
        match (kind, code) {
            ("required_parameter", "optional_parameter") => return self.children(s, p, at, env),
            ("identifier", "property_identifier" | "shorthand_property_identifier_pattern" | "type_identifier")
            | ("property_identifier", "identifier" | "private_property_identifier" | "string")
            | ("type_identifier", "identifier") => return self.leaf(s, p, at, env),
            ("string", "property_identifier") if s.ast.field(p).name() == "key" => return self.leaf(s, p, at, env),
            ("required_parameter" | "typed_parameter", "identifier" | "object_pattern") => {
                return self.parameter(s, p, at, env);
            }
            ("typed_parameter", "typed_default_parameter")
            | ("identifier", "typed_parameter" | "default_parameter" | "typed_default_parameter") => {
                return self.python_parameter(s, p, at, env);
            }
            ("member_expression", "shorthand_property_identifier_pattern" | "identifier" | "object_pattern") => {
                let found = self.destructured(s, p, at, env);
                if !found.is_empty() {
                    return found;
                }
            }
            ("type_identifier", "generic_type") => {
                return self.project.child(at, "name").map_or(Found::new(), |name| self.node(s, p, name, env));
            }
            ("string", "template_string") | ("template_string", "string") => return self.leaf(s, p, at, env),
            ("member_expression", "subscript_expression") => return self.subscripted(s, p, at, env),
            ("subscript_expression", "member_expression") => return self.dotted(s, p, at, env),
            _ => {}
        }
        self.behind_name(s, p, at, env)
    }

    /// The pattern asks for a literal, a function, a call; the code has a name for one.
    fn behind_name(&self, s: &Snippet, p: NodeId, at: NodeRef, env: &Env) -> Found {
        if !is_name(self.project.kind(at)) || is_name(s.ast.kind(p)) {
            return self.maybe(s, p, at, env);
        }
        let value = if self.allows(Equivalence::Names) { self.project.value(at) } else { at };
        if value != at
            && self.project.language(value.file) == self.project.language(at.file).min(self.project.language(value.file))
        {
            let code = self.project.kind(value);
            if code == s.ast.kind(p) && matches!(code.name(), "object" | "dictionary") {
                return self.entries(s, p, value, env, Reached::ByName);
            }
            if code == s.ast.kind(p) {
                return self.same_kind(s, p, value, env);
            }
            if !self.is_opaque(value) {
                return Found::new();
            }
            return self.maybe(s, p, value, env);
        }
        self.maybe(s, p, at, env)
    }

    /// A literal is asked for and nobody knows what stands here: possible.
    fn maybe(&self, s: &Snippet, p: NodeId, at: NodeRef, env: &Env) -> Found {
        if p == s.root || s.exact || !is_literal(s.ast.kind(p)) {
            return Found::new();
        }
        if let (Some(wanted), Some(known)) = (literal_of(s, p), self.project.constant(at)) {
            return if wanted == known { smallvec![env.clone()] } else { Found::new() };
        }
        if !self.is_opaque(at) {
            return Found::new();
        }
        smallvec![self.unknown_captures(s, p, env).unsure()]
    }

    /// Binds every free capture below `p` to the unknown.
    pub(crate) fn unknown_captures(&self, s: &Snippet, p: NodeId, env: &Env) -> Env {
        let mut env = env.clone();
        for node in p..s.ast.subtree_end(p) {
            if let Mark::Hole(Some(slot)) | Mark::StringHole(Some(slot)) | Mark::List(slot) | Mark::Optional(slot) = s.mark(node)
                && env.get(*slot).is_none()
            {
                env.set(*slot, Value::Unknown);
            }
        }
        env
    }

    /// Whether the value of a node cannot be known from the source.
    pub fn is_opaque(&self, at: NodeRef) -> bool {
        static OPAQUE: LazyLock<KindSet> = LazyLock::new(|| {
            KindSet::of(&[
                "identifier",
                "shorthand_property_identifier_pattern",
                "member_expression",
                "attribute",
                "call_expression",
                "call",
                "subscript_expression",
                "subscript",
                "await_expression",
                "await",
                "ternary_expression",
                "conditional_expression",
                "binary_expression",
                "binary_operator",
                "boolean_operator",
                "required_parameter",
                "optional_parameter",
                "public_field_definition",
                "this",
                "object_pattern",
            ])
        });
        OPAQUE.contains(self.project.kind(at))
    }

    /// `a.b` on `a["b"]`.
    fn subscripted(&self, s: &Snippet, p: NodeId, at: NodeRef, env: &Env) -> Found {
        let (Some(object), Some(property)) = (s.ast.child_named(p, "object"), s.ast.child_named(p, "property")) else {
            return Found::new();
        };
        let (Some(base), Some(index)) = (self.project.child(at, "object"), self.project.child(at, "index")) else {
            return Found::new();
        };
        let Some(Constant::String(key)) = self.project.constant(index) else { return Found::new() };
        let envs = self.node(s, object, base, env);
        envs.iter().flat_map(|env| self.key(s, property, &key, index, env)).collect()
    }

    /// `a["b"]` on `a.b`.
    fn dotted(&self, s: &Snippet, p: NodeId, at: NodeRef, env: &Env) -> Found {
        let (Some(object), Some(index)) = (s.ast.child_named(p, "object"), s.ast.child_named(p, "index")) else {
            return Found::new();
        };
        let (Some(base), Some(name)) = (self.project.child(at, "object"), self.project.child(at, "property")) else {
            return Found::new();
        };
        if s.ast.kind(index).name() != "string" {
            return Found::new();
        }
        let envs = self.node(s, object, base, env);
        envs.iter().flat_map(|env| self.key(s, index, self.project.text(name), name, env)).collect()
    }

    /// `limit` where `const { limit } = req.query` stands for `req.query.limit`.
    fn destructured(&self, s: &Snippet, p: NodeId, at: NodeRef, env: &Env) -> Found {
        let taken = self.project.taken_from(at).filter(|_| self.allows(Equivalence::Destructuring));
        let Some((of, key, place)) = taken else { return Found::new() };
        let (Some(object), Some(property)) = (s.ast.child_named(p, "object"), s.ast.child_named(p, "property")) else {
            return Found::new();
        };
        self.node(s, object, of, env).into_iter().flat_map(|env| self.key(s, property, &key, place, &env)).collect()
    }

    /// The pattern node `p` against a name spelled `key` that stands at `place`.
    pub(crate) fn key(&self, s: &Snippet, p: NodeId, key: &str, place: NodeRef, env: &Env) -> Found {
        match s.mark(p) {
            Mark::Hole(Some(slot)) | Mark::StringHole(Some(slot)) => match env.get(*slot) {
                Some(Value::Text(text)) if text.as_ref() != key => Found::new(),
                Some(Value::Node(node)) if self.project.name_text(*node) != key => Found::new(),
                Some(_) => smallvec![env.clone()],
                None if self.project.name_text(place) == key => smallvec![env.with(*slot, Value::Node(place))],
                None => smallvec![env.with(*slot, Value::Text(key.into()))],
            },
            Mark::Hole(None) | Mark::StringHole(None) => smallvec![env.clone()],
            _ if key_of(s, p) == key => smallvec![env.clone()],
            _ => Found::new(),
        }
    }

    /// A parameter pattern on the name that binds one.
    fn parameter(&self, s: &Snippet, p: NodeId, at: NodeRef, env: &Env) -> Found {
        let name = if self.allows(Equivalence::Names) { self.project.value(at) } else { at };
        match self.project.parameter_of(name) {
            Some(parameter) if self.project.kind(parameter) == s.ast.kind(p) => self.same_kind(s, p, parameter, env),
            Some(parameter) => self.other_kind(s, p, parameter, env),
            None => Found::new(),
        }
    }

    fn python_parameter(&self, s: &Snippet, p: NodeId, at: NodeRef, env: &Env) -> Found {
        if s.ast.kind(p).name() == "identifier" {
            let name = self.project.child(at, "name").or_else(|| self.project.children(at).next());
            return name.map_or(Found::new(), |name| self.node(s, p, name, env));
        }
        self.children(s, p, at, env)
    }

    /// Without the equivalences: all children in order, `?.` and the word of a declaration as written.
    fn exactly(&self, s: &Snippet, p: NodeId, at: NodeRef, env: &Env) -> Found {
        let patterns: Vec<NodeId> = s.ast.children(p).collect();
        let code: Vec<NodeRef> = self.project.children(at).collect();
        match s.ast.kind(p).name() {
            _ if !self.is_written_alike(s, p, at) => Found::new(),
            _ if patterns.is_empty() => self.leaf(s, p, at, env),
            "template_string" => self.template(s, p, at, env),
            _ => self.list(s, &patterns, &code, env),
        }
    }

    /// Whether `?.`, and the word of a declaration, stand in the code as in the pattern.
    fn is_written_alike(&self, s: &Snippet, p: NodeId, at: NodeRef) -> bool {
        let kind = s.ast.kind(p).name();
        let pattern = written(kind, s.node_text(p), s.ast.span(p).start, s.ast.children(p).next().map(|first| s.ast.span(first)));
        let first = self.project.children(at).next().map(|first| self.project.span(first));
        pattern == written(kind, self.project.text(at), self.project.span(at).start, first)
    }

    /// Whether the key that stands at `place` is spelled otherwise than in the pattern, and may not be.
    fn needs_key(&self, s: &Snippet, p: NodeId, place: NodeRef) -> bool {
        !self.allows(Equivalence::Keys) && s.node_text(p) != self.project.text(place)
    }

    /// A template literal or f-string: the texts between its holes, then the holes.
    fn template(&self, s: &Snippet, p: NodeId, at: NodeRef, env: &Env) -> Found {
        let pattern_spans = s.ast.children(p).map(|hole| s.ast.span(hole));
        let code_spans = self.project.children(at).map(|hole| self.project.span(hole));
        let pattern = between(s.node_text(p), s.ast.span(p).start, pattern_spans);
        let code = between(self.project.text(at), self.project.span(at).start, code_spans);
        if pattern == code { self.children(s, p, at, env) } else { Found::new() }
    }

    fn same_kind(&self, s: &Snippet, p: NodeId, at: NodeRef, env: &Env) -> Found {
        if let Some(without) = self.without
            && !self.is_alike_without(without, s, p, at)
        {
            return Found::new();
        }
        match s.shape(p).form {
            Form::Entries => self.entries(s, p, at, env, Reached::InPlace),
            Form::Arguments => self.arguments(s, p, at, env),
            Form::Template => self.template(s, p, at, env),
            Form::Unordered => self.unordered(s, p, at, env),
            Form::Pair => self.pair(s, p, at, env),
            Form::Children => self.children(s, p, at, env),
            Form::Leaf => self.leaf(s, p, at, env),
        }
    }

    /// Whether two nodes of one kind are alike in what the matcher does without.
    fn is_alike_without(&self, without: Equivalence, s: &Snippet, p: NodeId, at: NodeRef) -> bool {
        let kind = s.ast.kind(p).name();
        let is_generator = |text: &str| text.split_once('(').is_some_and(|(head, _)| head.contains('*'));
        match (without, kind) {
            (Equivalence::Declarations, "lexical_declaration") => self.is_written_alike(s, p, at),
            (Equivalence::Declarations, "function_declaration") => {
                is_generator(s.node_text(p)) == is_generator(self.project.text(at))
            }
            (Equivalence::Members, "member_expression" | "call_expression" | "subscript_expression") => {
                self.is_written_alike(s, p, at)
            }
            (Equivalence::Keys, "pair") => {
                let shorthand = |key: Option<Span>, value: Option<Span>| key == value;
                let span = |name: &str| s.ast.child_named(p, name).map(|node| s.ast.span(node));
                let code = |name: &str| self.project.child(at, name).map(|node| self.project.span(node));
                shorthand(span("key"), span("value")) == shorthand(code("key"), code("value"))
            }
            (Equivalence::Quotes, "string" | "template_string") => {
                s.node_text(p) == self.project.text(at) || *s.mark(p) != Mark::Plain
            }
            (Equivalence::Numbers, "number" | "integer" | "float") => s.node_text(p) == self.project.text(at),
            _ => true,
        }
    }

    /// Nodes without children: texts, or values for strings and numbers.
    fn leaf(&self, s: &Snippet, p: NodeId, at: NodeRef, env: &Env) -> Found {
        let pattern = s.node_text(p);
        let code = self.project.text(at);
        let same = match (s.ast.kind(p).name(), self.project.kind(at).name()) {
            ("template_string", "template_string") if pattern == ANY_TEMPLATE => true,
            ("string" | "template_string", "string" | "template_string") if !s.exact => match self.project.constant(at) {
                Some(Constant::String(value)) => value == string_value(pattern),
                _ => false,
            },
            ("string", "property_identifier") | ("property_identifier", "string") => string_value(pattern) == string_value(code),
            ("number" | "integer" | "float", _) if !s.exact => {
                pattern == code || number_value(pattern).is_some_and(|n| self.project.constant(at) == Some(Constant::Number(n)))
            }
            // A node that lost its punctuation: `[]`, `{}`, `()`.
            _ if s.ast.children(p).next().is_none() && is_container(s.ast.kind(p)) => self.project.children(at).next().is_none(),
            // Semicolons never count: `return;` is `return`.
            _ => pattern.trim_end_matches(';') == code.trim_end_matches(';'),
        };
        if same { smallvec![env.clone()] } else { Found::new() }
    }

    fn pair(&self, s: &Snippet, p: NodeId, at: NodeRef, env: &Env) -> Found {
        let (Some(key), Some(code_key)) = (s.ast.child_named(p, "key"), self.project.child(at, "key")) else {
            return Found::new();
        };
        let (Some(value), Some(code_value)) = (s.ast.child_named(p, "value"), self.project.child(at, "value")) else {
            return Found::new();
        };
        let is_computed = s.ast.kind(key).name() == "computed_property_name";
        // A key of Python may be a name: it is the key in the code that is written so, whatever it stands for.
        let is_name = *s.mark(key) == Mark::Plain && is_name(s.ast.kind(key));
        let by_name = if is_name { self.node(s, key, code_key, env) } else { Found::new() };
        let envs = match self.project.key_text(code_key) {
            _ if !by_name.is_empty() => by_name,
            _ if is_computed && self.project.kind(code_key) == s.ast.kind(key) => self.children(s, key, code_key, env),
            Some(_) if *s.mark(key) == Mark::Plain && self.needs_key(s, key, code_key) => Found::new(),
            Some(text) => self.key(s, key, &text, code_key, env),
            None if matches!(s.mark(key), Mark::StringHole(_)) => smallvec![self.unknown_captures(s, key, env).unsure()],
            None => self.node(s, key, code_key, env),
        };
        envs.iter().flat_map(|env| self.node(s, value, code_value, env)).collect()
    }

    /// Children in order, without those that the pattern does not mention and that may be there or not.
    fn children(&self, s: &Snippet, p: NodeId, at: NodeRef, env: &Env) -> Found {
        let shape = s.shape(p);
        let decorator = Kind::of("decorator");
        let ignores_defaults = !shape.wants_default && is_parameter(s.ast.kind(p)) && self.allows(Equivalence::Defaults);
        let ignores_name =
            is_nameable(s.ast.kind(p)) && s.ast.child_named(p, "name").is_none() && self.allows(Equivalence::Declarations);
        let field = |child: &NodeRef| self.project.ast(at.file).field(child.node);
        let code: SmallVec<[NodeRef; 8]> = self
            .project
            .children(at)
            .filter(|child| {
                let kind = self.project.kind(*child);
                let is_default = ignores_defaults && field(child) == Field::of("value");
                let is_name = ignores_name && field(child) == Field::of("name");
                let is_base = field(child) == Field::of("superclasses") && self.allows(Equivalence::Types);
                let is_mentioned = shape.mentioned.contains(&kind) || s.exact || !(self.may_be_there(kind) || is_base);
                is_mentioned && kind != decorator && !is_default && !is_name
            })
            .collect();
        if shape.decorators.is_empty() {
            return self.list(s, &shape.children, &code, env);
        }
        let candidates: Vec<NodeRef> = self.project.children(at).filter(|c| self.project.kind(*c) == decorator).collect();
        let envs = self.each_somewhere(s, &shape.decorators, &candidates, std::slice::from_ref(env));
        envs.iter().flat_map(|env| self.list(s, &shape.children, &code, env)).collect()
    }

    /// Children that a pattern need not mention.
    fn may_be_there(&self, kind: Kind) -> bool {
        may_be_there(kind)
            && self.without.is_none_or(|without| {
                let needed = match kind.name() {
                    "async" | "static" | "abstract" => Equivalence::Async,
                    "optional_mark" => Equivalence::Defaults,
                    _ => Equivalence::Types,
                };
                needed != without
            })
    }

    /// Whether two values are the same thing; `None` if an unknown decides.
    pub fn same(&self, a: &Value, b: &Value) -> Option<bool> {
        match (a, b) {
            (Value::Unknown, _) | (_, Value::Unknown) => None,
            (Value::Node(a), Value::Node(b)) => Some(self.same_node(*a, *b)),
            (Value::Node(node), Value::Text(text)) | (Value::Text(text), Value::Node(node)) => match self.text_of(*node) {
                Some(known) => Some(known == text.as_ref()),
                None => self.may_say(*node, text),
            },
            (Value::Node(node), Value::Number(n)) | (Value::Number(n), Value::Node(node)) => match self.project.constant(*node) {
                Some(Constant::Number(known)) => Some(known == *n),
                Some(_) => Some(false),
                None => self.may_be(*node, &Constant::Number(*n), None),
            },
            (Value::Node(node), Value::Bool(b)) | (Value::Bool(b), Value::Node(node)) => match self.project.constant(*node) {
                Some(Constant::Bool(known)) => Some(known == *b),
                Some(_) => Some(false),
                None if self.is_opaque(self.project.value(*node)) => self.may_be(*node, &Constant::Bool(*b), None),
                None => Some(false),
            },
            (Value::Path(a), Value::Text(b)) | (Value::Text(b), Value::Path(a)) => Some(a == b),
            _ => Some(a == b),
        }
    }

    /// Whether a node whose value is not known can say `text`: no, or unknown. One of several known values is known not to be
    /// another one; a text with holes begins and ends as it is written.
    fn may_say(&self, at: NodeRef, text: &str) -> Option<bool> {
        let value = self.project.value(at);
        if let Some((head, tail)) = self.project.known_ends(value) {
            let fits = text.len() >= head.len() + tail.len() && text.starts_with(&head) && text.ends_with(&tail);
            return if fits { None } else { Some(false) };
        }
        let otherwise = if self.is_opaque(value) { None } else { Some(false) };
        self.may_be(at, &Constant::String(text.to_owned()), otherwise)
    }

    /// Whether one of the values that a node may have is `wanted`: unknown which, or none of them; `otherwise` if they are not known.
    fn may_be(&self, at: NodeRef, wanted: &Constant, otherwise: Option<bool>) -> Option<bool> {
        match self.project.alternatives(at) {
            Some(values) if values.contains(wanted) => None,
            Some(_) => Some(false),
            None => otherwise,
        }
    }

    /// What a node says as a text: the value of a string, the spelling of a name in a member or key position.
    pub fn text_of(&self, at: NodeRef) -> Option<String> {
        let kind = self.project.kind(at).name();
        if matches!(kind, "property_identifier" | "type_identifier" | "private_property_identifier") || self.is_bare_name(at) {
            return Some(self.project.name_text(at));
        }
        match self.project.constant(at) {
            Some(Constant::String(text)) => Some(text),
            Some(Constant::Number(n)) => Some(n.to_string()),
            Some(Constant::Bool(b)) => Some(b.to_string()),
            _ => None,
        }
    }

    /// Names that stand where a name is meant, not a value: attributes, keyword names, declared names, keys.
    fn is_bare_name(&self, at: NodeRef) -> bool {
        if self.project.kind(at).name() != "identifier" {
            return false;
        }
        let field = self.project.ast(at.file).field(at.node).name();
        let parent = self.project.parent(at).map_or("", |parent| self.project.kind(parent).name());
        let is_declared_or_member = matches!(
            (parent, field),
            ("attribute", "attribute")
                | ("keyword_argument", "name")
                | ("aliased_import" | "import_specifier", _)
                | ("class_definition" | "function_definition", "name")
        );
        is_declared_or_member || self.project.language(at.file).family() == "prisma"
    }

    fn same_node(&self, a: NodeRef, b: NodeRef) -> bool {
        if a == b {
            return true;
        }
        let (project, is_name) = (self.project, |at| self.text_of_name(at));
        if let (Some(a), Some(b)) = (is_name(a), is_name(b)) {
            return a == b;
        }
        if let (Some(a), Some(b)) = (project.constant(a), project.constant(b)) {
            return a == b;
        }
        project.definition(a) == project.definition(b)
    }

    fn text_of_name(&self, at: NodeRef) -> Option<&str> {
        let kind = self.project.kind(at).name();
        (kind == "property_identifier" || self.is_bare_name(at)).then(|| self.project.text(at))
    }
}

/// The equivalence that code of another kind than the pattern's needs.
fn kinds_differ(kind: &str, code: &str) -> Option<Equivalence> {
    Some(match (kind, code) {
        ("required_parameter", "optional_parameter") | ("typed_parameter", "typed_default_parameter") => Equivalence::Defaults,
        ("identifier", "default_parameter" | "typed_default_parameter") => Equivalence::Defaults,
        ("identifier", "typed_parameter") | ("type_identifier", "generic_type") => Equivalence::Types,
        ("property_identifier", "string") | ("string", "property_identifier") => Equivalence::Keys,
        ("string", "template_string") | ("template_string", "string") => Equivalence::Quotes,
        ("member_expression", "subscript_expression") | ("subscript_expression", "member_expression") => Equivalence::Members,
        _ => return None,
    })
}

/// What of a node's writing no child of it holds: the word of a declaration, `?.` behind the `first` child.
fn written(kind: &str, text: &str, start: u32, first: Option<Span>) -> Option<String> {
    match (kind, first) {
        ("lexical_declaration", _) => text.split_whitespace().next().map(str::to_owned),
        ("member_expression" | "call_expression" | "subscript_expression", Some(first)) => {
            let after = text.get((first.end - start) as usize..).unwrap_or("").trim_start();
            Some(after.chars().take_while(|c| *c == '?').collect())
        }
        _ => None,
    }
}

/// What a key of a snippet says; `["a"]` is `a`.
pub(crate) fn key_of(s: &Snippet, key: NodeId) -> String {
    let inner = if s.ast.kind(key).name() == "computed_property_name" { s.ast.children(key).next().unwrap_or(key) } else { key };
    if s.ast.kind(inner).name() == "concatenated_string" {
        return s.ast.children(inner).map(|part| string_value(s.node_text(part))).collect();
    }
    string_value(s.node_text(inner))
}

/// What a string or number of a snippet says; `None` if there are holes in it.
fn literal_of(s: &Snippet, p: NodeId) -> Option<Constant> {
    let text = s.node_text(p);
    if s.ast.children(p).next().is_some() {
        return None;
    }
    match s.ast.kind(p).name() {
        "string" | "template_string" => Some(Constant::String(string_value(text))),
        "number" | "integer" | "float" => number_value(text).map(Constant::Number),
        _ => None,
    }
}

fn same_path(module: &str, name: &str, path: &ImportPath) -> bool {
    if module == path.module && name == path.path {
        return true;
    }
    let full = |module: &str, name: &str| if name.is_empty() { module.to_owned() } else { format!("{module}.{name}") };
    full(module, name) == full(&path.module, &path.path)
}

/// The texts of a template literal outside its holes.
fn between(text: &str, start: u32, holes: impl Iterator<Item = Span>) -> Vec<&str> {
    let mut texts = Vec::new();
    let mut done = 0;
    for hole in holes {
        texts.push(text.get(done..(hole.start - start) as usize).unwrap_or(""));
        done = (hole.end - start) as usize;
    }
    texts.push(text.get(done..).unwrap_or(""));
    texts
}

pub(crate) fn is_name(kind: Kind) -> bool {
    static NAMES: LazyLock<KindSet> = LazyLock::new(|| KindSet::of(&["identifier", "member_expression", "attribute", "this"]));
    NAMES.contains(kind)
}

fn is_parameter(kind: Kind) -> bool {
    static PARAMETERS: LazyLock<KindSet> = LazyLock::new(|| KindSet::of(&["required_parameter", "typed_parameter"]));
    PARAMETERS.contains(kind)
}

/// What has a name or none: of an expression that names none, the name does not count.
fn is_nameable(kind: Kind) -> bool {
    static NAMEABLE: LazyLock<KindSet> = LazyLock::new(|| KindSet::of(&["function_declaration", "class_declaration"]));
    NAMEABLE.contains(kind)
}

/// Literals: the things a name may stand for without changing what is meant.
pub(crate) fn is_literal(kind: Kind) -> bool {
    static LITERALS: LazyLock<KindSet> = LazyLock::new(|| {
        KindSet::of(&[
            "object",
            "dictionary",
            "array",
            "list",
            "string",
            "template_string",
            "number",
            "integer",
            "float",
            "true",
            "false",
            "True",
            "False",
        ])
    });
    LITERALS.contains(kind)
}

fn is_container(kind: Kind) -> bool {
    static CONTAINERS: LazyLock<KindSet> = LazyLock::new(|| {
        KindSet::of(&[
            "object",
            "dictionary",
            "array",
            "list",
            "tuple",
            "arguments",
            "argument_list",
            "statement_block",
            "formal_parameters",
            "parameters",
            "class_body",
            "block",
        ])
    });
    CONTAINERS.contains(kind)
}

/// Children that a pattern need not mention: types, modifiers, `async`, decorators; arguments and directives of GraphQL.
fn may_be_there(kind: Kind) -> bool {
    static UNMENTIONED: LazyLock<KindSet> = LazyLock::new(|| {
        KindSet::of(&[
            "type_annotation",
            "type_arguments",
            "type_parameters",
            "type_predicate_annotation",
            "asserts_annotation",
            "accessibility_modifier",
            "override_modifier",
            "readonly",
            "async",
            "static",
            "abstract",
            "class_heritage",
            "implements_clause",
            "type",
            "type_parameter",
            "optional_mark",
            "directive",
            "implements_interfaces",
            "arguments_definition",
            "default_value",
        ])
    });
    UNMENTIONED.contains(kind)
}
