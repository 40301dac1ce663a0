//! What is fixed about the nodes of a snippet, worked out once, and the quick look that turns most code down before
//! anything is bound.

use std::sync::LazyLock;

use rune_syntax::{Ast, Field, Kind, KindSet, NodeId, NodeRef, is_cast};
use smallvec::SmallVec;

use crate::matcher::{self, Matcher};
use crate::snippet::{Mark, Snippet};

/// How the children of a pattern node are laid on those of code.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Form {
    /// A node without children: by its text or value.
    Leaf,
    /// An object or dictionary: by key.
    Entries,
    /// Arguments: positions and keywords.
    Arguments,
    /// Texts and holes.
    Template,
    /// Import and export specifiers: in any order.
    Unordered,
    /// A key and a value.
    Pair,
    /// Anything else: in order.
    Children,
}

/// What is fixed of one node of a snippet.
#[derive(Debug, Clone)]
pub(crate) struct Shape {
    pub(crate) form: Form,
    /// The children in order, without decorators.
    pub(crate) children: SmallVec<[NodeId; 4]>,
    pub(crate) decorators: SmallVec<[NodeId; 1]>,
    /// The kinds of the children.
    pub(crate) mentioned: SmallVec<[Kind; 4]>,
    /// Whether a value of a parameter is asked for.
    pub(crate) wants_default: bool,
    /// The children that fit each on the child of code in the same field, or nothing does.
    parts: SmallVec<[(Field, NodeId); 2]>,
    /// Kinds of code that it is laid on although its own is another.
    pub(crate) others: SmallVec<[Kind; 4]>,
    /// Whether code that has a name for a value is looked at for that value.
    stands_behind_names: bool,
    is_literal: bool,
}

/// A shape for each node of a tree with these marks.
pub(crate) fn shapes(ast: &Ast, marks: &[Mark]) -> Vec<Shape> {
    (0..ast.len()).map(|node| shape(ast, marks, node)).collect()
}

fn shape(ast: &Ast, marks: &[Mark], node: NodeId) -> Shape {
    let mark = |child: &NodeId| &marks[*child as usize];
    let is_decorator = |child: &NodeId| ast.kind(*child) == Kind::of("decorator") && *mark(child) != Mark::Gap;
    let (decorators, children): (SmallVec<[NodeId; 1]>, SmallVec<[NodeId; 4]>) = {
        let (some, others): (Vec<NodeId>, Vec<NodeId>) = ast.children(node).partition(is_decorator);
        (some.into(), others.into())
    };
    let has_children = ast.children(node).next().is_some();
    let form = match ast.kind(node).name() {
        "object" | "dictionary" => Form::Entries,
        "arguments" | "argument_list" => Form::Arguments,
        "string" | "template_string" if has_children => Form::Template,
        "string" | "number" | "integer" | "float" | "template_string" => Form::Leaf,
        "named_imports" | "export_clause" | "set" => Form::Unordered,
        "pair" => Form::Pair,
        _ if has_children => Form::Children,
        _ => Form::Leaf,
    };
    let kind = ast.kind(node);
    let fields: &[&str] = match kind.name() {
        "call_expression" | "call" => &["function", "arguments"],
        "member_expression" => &["property", "object"],
        "attribute" => &["attribute", "object"],
        "keyword_argument" => &["name", "value"],
        _ => &[],
    };
    let parts = fields.iter().map(|name| Field::of(name)).filter_map(|field| Some((field, ast.child(node, field)?)));
    Shape {
        form,
        parts: parts.collect(),
        others: others(kind.name()).iter().map(|name| Kind::of(name)).collect(),
        stands_behind_names: !matcher::is_name(kind),
        is_literal: matcher::is_literal(kind),
        mentioned: children.iter().map(|child| ast.kind(*child)).collect(),
        wants_default: children.iter().any(|child| ast.field(*child) == Field::of("value")),
        children,
        decorators,
    }
}

/// The kinds of code that [`Matcher::other_kind`] names for a pattern of a kind.
fn others(kind: &str) -> &'static [&'static str] {
    match kind {
        "required_parameter" => &["optional_parameter", "identifier", "object_pattern"],
        "typed_parameter" => &["identifier", "object_pattern", "typed_default_parameter"],
        "identifier" => &[
            "property_identifier",
            "shorthand_property_identifier_pattern",
            "type_identifier",
            "typed_parameter",
            "default_parameter",
            "typed_default_parameter",
        ],
        "property_identifier" => &["identifier", "private_property_identifier", "string"],
        "type_identifier" => &["identifier", "generic_type"],
        "string" => &["property_identifier", "template_string"],
        "template_string" => &["string"],
        "member_expression" => &["shorthand_property_identifier_pattern", "identifier", "object_pattern", "subscript_expression"],
        "subscript_expression" => &["member_expression"],
        _ => &[],
    }
}

/// Kinds that say plainly what they are: one never stands for another.
static LITERAL: LazyLock<KindSet> =
    LazyLock::new(|| KindSet::of(&["object", "array", "dictionary", "list", "arrow_function", "string", "number", "integer"]));

static SPREAD: LazyLock<KindSet> = LazyLock::new(|| KindSet::of(&["spread_element", "dictionary_splat", "list_splat"]));

/// Whether nodes of a kind bring the items of something else.
pub(crate) fn is_spread(kind: Kind) -> bool {
    SPREAD.contains(kind)
}

impl Matcher<'_> {
    /// A quick look that binds nothing: false only where the pattern node `p` cannot fit the code node `at`.
    pub(crate) fn may_fit(&self, s: &Snippet, p: NodeId, at: NodeRef) -> bool {
        if !s.exact && matches!(s.mark(p), Mark::StringHole(_)) {
            let kind = self.project.kind(self.project.peel(at));
            return !LITERAL.contains(kind) || kind == Kind::of("string");
        }
        if s.exact || *s.mark(p) != Mark::Plain {
            return true;
        }
        let wanted = s.ast.kind(p);
        let at = if is_cast(wanted) { at } else { self.project.peel(at) };
        let ast = self.project.ast(at.file);
        let (kind, shape) = (ast.kind(at.node), s.shape(p));
        if kind != wanted {
            return match shape.is_literal {
                true => !(LITERAL.contains(kind) && LITERAL.contains(wanted)),
                false => shape.others.contains(&kind) || (shape.stands_behind_names && matcher::is_name(kind)),
            };
        }
        match shape.form {
            Form::Leaf => !is_name(kind) || s.node_text(p) == self.project.text(at),
            Form::Arguments => self.arguments_may_fit(s, p, at),
            Form::Entries => self.entries_may_fit(s, p, at),
            Form::Children if !shape.decorators.is_empty() => ast.child_of_kind(at.node, Kind::of("decorator")).is_some(),
            Form::Children => shape.parts.iter().all(|(field, part)| {
                ast.child(at.node, *field).is_some_and(|node| self.may_fit(s, *part, NodeRef { node, ..at }))
            }),
            _ => true,
        }
    }

    fn arguments_may_fit(&self, s: &Snippet, p: NodeId, at: NodeRef) -> bool {
        let shape = s.shape(p);
        if self.project.children(at).any(|child| is_spread(self.project.kind(child))) || has_spread(s, p) {
            return true;
        }
        let code: SmallVec<[NodeRef; 8]> = self.project.children(at).collect();
        // Keywords stand in any order, and what follows a gap anywhere behind it.
        let mut is_ordered = s.family == "ecma";
        let (mut n_items, mut is_open) = (0, false);
        for child in &shape.children {
            if matches!(s.mark(*child), Mark::Gap | Mark::List(_) | Mark::Optional(_)) {
                (is_open, is_ordered) = (true, false);
                continue;
            }
            let fits = match is_ordered {
                true => code.get(n_items).is_some_and(|node| self.may_fit(s, *child, *node)),
                false => code.iter().any(|node| self.may_fit(s, *child, *node)),
            };
            if !fits {
                return false;
            }
            n_items += 1;
        }
        if is_open { n_items <= code.len() } else { n_items == code.len() }
    }

    /// Whether every key that the pattern spells out is there, as far as spreads and computed keys let one see.
    fn entries_may_fit(&self, s: &Snippet, p: NodeId, at: NodeRef) -> bool {
        if !self.project.language(at.file).has_scopes() {
            return true;
        }
        let name_of = |entry| self.project.child(entry, "key").or_else(|| self.project.child(entry, "name"));
        let spelled = |name| spelled(self.project.kind(name), self.project.text(name));
        let keys: Option<SmallVec<[&str; 8]>> = self.project.children(at).map(|entry| name_of(entry).and_then(spelled)).collect();
        let Some(keys) = keys else { return true };
        s.shape(p).children.iter().all(|pair| {
            let key = s.ast.child_named(*pair, "key").filter(|key| *s.mark(*key) == Mark::Plain);
            let wanted = key.and_then(|key| self::spelled(s.ast.kind(key), s.node_text(key)));
            wanted.is_none_or(|wanted| keys.contains(&wanted))
        })
    }
}

fn has_spread(s: &Snippet, p: NodeId) -> bool {
    s.shape(p).mentioned.iter().any(|kind| is_spread(*kind))
}

fn is_name(kind: Kind) -> bool {
    static NAMES: LazyLock<KindSet> = LazyLock::new(|| KindSet::of(&["property_identifier", "identifier"]));
    NAMES.contains(kind)
}

/// The key that a name or a string without escapes spells.
fn spelled(kind: Kind, text: &str) -> Option<&str> {
    static KEYS: LazyLock<KindSet> = LazyLock::new(|| KindSet::of(&["property_identifier", "string"]));
    let is_plain = KEYS.contains(kind)
        && !text.contains('\\')
        && !text.starts_with(|c: char| "bBuUfFrR".contains(c) && text.ends_with(['"', '\'']));
    is_plain.then(|| text.trim_matches(['"', '\'']))
}
