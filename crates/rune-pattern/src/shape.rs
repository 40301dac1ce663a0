//! What is fixed about the nodes of a snippet, worked out once, and the quick look that turns most code down before
//! anything is bound.

use std::sync::LazyLock;

use rune_syntax::{Ast, Field, Kind, KindSet, NodeId, NodeRef, is_cast};
use smallvec::SmallVec;

use crate::matcher::Matcher;
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
    Shape {
        form,
        mentioned: children.iter().map(|child| ast.kind(*child)).collect(),
        wants_default: children.iter().any(|child| ast.field(*child) == Field::of("value")),
        children,
        decorators,
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
        if s.exact || *s.mark(p) != Mark::Plain {
            return true;
        }
        let wanted = s.ast.kind(p);
        let at = if is_cast(wanted) { at } else { self.project.peel(at) };
        let kind = self.project.kind(at);
        if kind != wanted {
            return !(LITERAL.contains(kind) && LITERAL.contains(wanted));
        }
        let field = |field: &str| (s.ast.child_named(p, field), self.project.child(at, field));
        let both = |name: &str| match field(name) {
            (Some(p), Some(at)) => self.may_fit(s, p, at),
            (Some(_), None) => false,
            (None, _) => true,
        };
        match s.shape(p).form {
            Form::Leaf => !is_name(kind) || s.node_text(p) == self.project.text(at),
            Form::Arguments => self.arguments_may_fit(s, p, at),
            Form::Entries => self.entries_may_fit(s, p, at),
            Form::Children if kind == Kind::of("call_expression") || kind == Kind::of("call") => {
                both("function") && both("arguments")
            }
            Form::Children if kind == Kind::of("member_expression") => both("property") && both("object"),
            Form::Children if kind == Kind::of("attribute") => both("attribute") && both("object"),
            _ => true,
        }
    }

    fn arguments_may_fit(&self, s: &Snippet, p: NodeId, at: NodeRef) -> bool {
        let shape = s.shape(p);
        if self.project.children(at).any(|child| is_spread(self.project.kind(child))) || has_spread(s, p) {
            return true;
        }
        let has_keywords = s.family != "ecma";
        let mut code = self.project.children(at);
        for child in &shape.children {
            if matches!(s.mark(*child), Mark::Gap | Mark::List(_) | Mark::Optional(_)) {
                return true;
            }
            let Some(node) = code.next() else { return false };
            if !has_keywords && !self.may_fit(s, *child, node) {
                return false;
            }
        }
        code.next().is_none()
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
