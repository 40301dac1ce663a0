//! The tree every matcher works on: nodes in preorder in flat arrays, so that a subtree is a range and walks are loops.

use rune_model::Span;

use crate::{Field, Kind, Language};

/// Index of a node in its [`Ast`], in preorder; the root is 0.
pub type NodeId = u32;

/// A syntax tree. Punctuation, parentheses and comments are not nodes; see `docs/language.md` for the normal form.
#[derive(Debug, Clone)]
pub struct Ast {
    pub(crate) language: Language,
    pub(crate) kinds: Vec<Kind>,
    pub(crate) fields: Vec<Field>,
    pub(crate) starts: Vec<u32>,
    pub(crate) stops: Vec<u32>,
    pub(crate) parents: Vec<NodeId>,
    pub(crate) ends: Vec<NodeId>,
    pub(crate) comments: Vec<Span>,
    pub(crate) errors: Vec<Span>,
}

impl Ast {
    /// The language it was parsed as.
    pub fn language(&self) -> Language {
        self.language
    }

    /// The root node; it always exists.
    pub fn root(&self) -> NodeId {
        0
    }

    /// How many nodes there are, at least 1.
    #[inline]
    pub fn len(&self) -> u32 {
        self.kinds.len() as u32
    }

    /// Never true: a tree has a root.
    pub fn is_empty(&self) -> bool {
        false
    }

    /// The kind of a node after normalisation.
    #[inline]
    pub fn kind(&self, node: NodeId) -> Kind {
        self.kinds[node as usize]
    }

    /// The field the node has in its parent, or [`Field::NONE`].
    #[inline]
    pub fn field(&self, node: NodeId) -> Field {
        self.fields[node as usize]
    }

    /// The bytes of the node; of a decorated definition from its first decorator.
    #[inline]
    pub fn span(&self, node: NodeId) -> Span {
        Span::new(self.starts[node as usize], self.stops[node as usize])
    }

    /// The source of the node; `text` is the text the tree was parsed from.
    pub fn text<'t>(&self, node: NodeId, text: &'t str) -> &'t str {
        self.span(node).of(text)
    }

    /// The parent; `None` for the root.
    #[inline]
    pub fn parent(&self, node: NodeId) -> Option<NodeId> {
        (node != 0).then(|| self.parents[node as usize])
    }

    /// One past the last node of the subtree: its nodes are `node..subtree_end(node)`.
    #[inline]
    pub fn subtree_end(&self, node: NodeId) -> NodeId {
        self.ends[node as usize]
    }

    /// The children in source order.
    #[inline]
    pub fn children(&self, node: NodeId) -> Children<'_> {
        Children { ast: self, next: node + 1, end: self.ends[node as usize] }
    }

    /// The first child in `field`.
    #[inline]
    pub fn child(&self, node: NodeId, field: Field) -> Option<NodeId> {
        self.children(node).find(|child| self.field(*child) == field)
    }

    /// The first child in the field called `field`.
    #[inline(always)]
    pub fn child_named(&self, node: NodeId, field: &str) -> Option<NodeId> {
        self.child(node, Field::of(field))
    }

    /// The first child of kind `kind`.
    pub fn child_of_kind(&self, node: NodeId, kind: Kind) -> Option<NodeId> {
        self.children(node).find(|child| self.kind(*child) == kind)
    }

    /// The parents upwards, nearest first, without the node itself.
    pub fn ancestors(&self, node: NodeId) -> impl Iterator<Item = NodeId> + '_ {
        std::iter::successors(self.parent(node), |ancestor| self.parent(*ancestor))
    }

    /// Whether `node` is `ancestor` or lies beneath it.
    pub fn is_within(&self, node: NodeId, ancestor: NodeId) -> bool {
        ancestor <= node && node < self.subtree_end(ancestor)
    }

    /// The outermost node whose span is exactly `span`.
    pub fn node_at(&self, span: Span) -> Option<NodeId> {
        let first = self.starts.partition_point(|start| *start < span.start) as NodeId;
        (first..self.len()).take_while(|node| self.span(*node).start == span.start).find(|node| self.span(*node) == span)
    }

    /// The smallest node that covers `span`; the root if none does.
    pub fn covering(&self, span: Span) -> NodeId {
        let mut node = 0;
        while let Some(child) = self.children(node).find(|child| self.span(*child).contains(span)) {
            node = child;
        }
        node
    }

    /// The spans of all comments, in source order.
    pub fn comments(&self) -> &[Span] {
        &self.comments
    }

    /// The spans that could not be parsed, in source order; what lies in them is not in the tree.
    pub fn errors(&self) -> &[Span] {
        &self.errors
    }
}

/// Iterator over the children of a node.
#[derive(Debug, Clone)]
pub struct Children<'a> {
    ast: &'a Ast,
    next: NodeId,
    end: NodeId,
}

impl Iterator for Children<'_> {
    type Item = NodeId;

    #[inline]
    fn next(&mut self) -> Option<NodeId> {
        if self.next >= self.end {
            return None;
        }
        let child = self.next;
        self.next = self.ast.subtree_end(child);
        Some(child)
    }
}
