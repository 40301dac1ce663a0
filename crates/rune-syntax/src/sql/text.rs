//! The text that an expression gives, in pieces: literals, and the holes where code puts something in. Follows sums,
//! template literals, f-strings, `%`, `format`, `join`, fragments in other variables, and variables written several times.

use rune_model::Span;

use super::list;
use crate::constant::{text_of, unescape};
use crate::{BindingKind, NodeRef, Project};

/// A piece of a text.
#[derive(Debug, Clone, PartialEq)]
pub enum Piece {
    /// What a literal says.
    Text {
        /// The text, escapes resolved.
        text: String,
        /// The literal, or the expression whose value it is.
        at: NodeRef,
        /// The bytes of the file of `at` that say it.
        span: Span,
    },
    /// What an expression puts in.
    Hole {
        /// The expression, as it is written where it is put in.
        at: NodeRef,
        /// Whether a template tag takes the value, so that it never becomes text.
        is_bound: bool,
    },
}

/// How deep expressions are followed.
const MAX_DEPTH: u32 = 40;

/// How many expressions are looked at for one text.
const MAX_STEPS: u32 = 2_000;

/// How long a text may become, in bytes.
const MAX_BYTES: usize = 1 << 20;

/// Methods that keep a text as far as SQL goes.
const KEEPING: &[&str] = &[
    "trim",
    "trimStart",
    "trimEnd",
    "strip",
    "lstrip",
    "rstrip",
    "toString",
    "valueOf",
    "repeat",
    "lower",
    "upper",
    "toLowerCase",
    "toUpperCase",
];

/// Methods that make a text of texts.
const MAKING: &[&str] = &["join", "format", "concat", "replace", "replaceAll"];

/// Builds the pieces of one text.
pub(super) struct Builder<'p> {
    pub(super) project: &'p Project,
    pub(super) pieces: Vec<Piece>,
    pub(super) steps: u32,
    pub(super) n_bytes: usize,
}

/// The pieces of the text that `at` gives; a single hole if it gives none that is known.
pub(super) fn pieces(project: &Project, at: NodeRef) -> Vec<Piece> {
    let mut builder = Builder::new(project);
    match builder.written_later(at) {
        Some((name, end)) => builder.replay(name, end, MAX_DEPTH),
        None => builder.add(at, MAX_DEPTH),
    }
    builder.pieces
}

impl<'p> Builder<'p> {
    pub(super) fn new(project: &'p Project) -> Builder<'p> {
        Builder { project, pieces: Vec::new(), steps: MAX_STEPS, n_bytes: 0 }
    }

    pub(super) fn hole(&mut self, at: NodeRef) {
        self.pieces.push(Piece::Hole { at, is_bound: false });
    }

    pub(super) fn text(&mut self, text: String, at: NodeRef, span: Span) {
        self.n_bytes += text.len();
        if self.n_bytes > MAX_BYTES {
            self.hole(at);
        } else if !text.is_empty() {
            self.pieces.push(Piece::Text { text, at, span });
        }
    }

    /// A text that the node stands for.
    fn whole(&mut self, text: String, at: NodeRef) {
        self.text(text, at, self.project.span(at));
    }

    /// Adds what `at` gives.
    pub(super) fn add(&mut self, at: NodeRef, depth: u32) {
        let at = self.project.peel(at);
        self.steps = self.steps.saturating_sub(1);
        let Some(depth) = depth.checked_sub(1).filter(|_| self.steps > 0) else { return self.hole(at) };
        match self.project.kind(at).name() {
            "string" | "template_string" => self.literal(at, self.is_tagged(at), depth),
            "concatenated_string" => {
                for part in self.project.children(at).collect::<Vec<_>>() {
                    self.add(part, depth);
                }
            }
            "binary_expression" | "binary_operator" | "boolean_operator" => self.binary(at, depth),
            "ternary_expression" | "conditional_expression" => self.choice(at, depth),
            "call_expression" | "call" => self.call(at, depth),
            "statement" => self.whole(self.project.text(at).to_owned(), at),
            "identifier" | "shorthand_property_identifier_pattern" => self.name(at, depth),
            _ => self.known_or_hole(at, depth),
        }
    }

    /// A constant, one of several constants, a text that a member stands for; else a hole.
    fn known_or_hole(&mut self, at: NodeRef, depth: u32) {
        if let Some(text) = self.one_of(at, depth) {
            return self.whole(text, at);
        }
        let value = self.project.value(at);
        if value != at && is_text(self.project, value, depth) { self.add(value, depth) } else { self.hole(at) }
    }

    fn name(&mut self, at: NodeRef, depth: u32) {
        let is_rewritten = self.project.binding(at).is_some_and(|binding| binding.n_writes > 1);
        if is_rewritten {
            if self.is_text_variable(at, depth) { self.replay(at, at.node, depth) } else { self.known_or_hole(at, depth) }
        } else {
            self.known_or_hole(at, depth);
        }
    }

    /// Whether a template literal is given to a tag that takes its holes as values.
    fn is_tagged(&self, at: NodeRef) -> bool {
        let Some(call) = self.project.parent(at).filter(|call| self.project.child(*call, "arguments") == Some(at)) else {
            return false;
        };
        let callee = self.project.child(call, "function");
        callee.is_none_or(|callee| self.project.text(callee) != "String.raw")
    }

    /// A literal with its holes.
    fn literal(&mut self, at: NodeRef, is_bound: bool, depth: u32) {
        let source = self.project.text(at);
        let whole = self.project.span(at);
        let body = source.trim_start_matches(|c: char| c.is_ascii_alphabetic());
        let prefix = source[..source.len() - body.len()].to_ascii_lowercase();
        let quote = ["\"\"\"", "'''", "\"", "'", "`"].into_iter().find(|quote| body.starts_with(quote)).unwrap_or("");
        let mut from = (source.len() - body.len() + quote.len()).min(source.len());
        let end = source.len().saturating_sub(quote.len()).max(from);
        let is_format = prefix.contains('f');
        for hole in self.project.children(at).collect::<Vec<_>>() {
            let span = self.project.span(hole);
            let start = (span.start - whole.start) as usize;
            self.chunk(at, from, start, prefix.contains('r'), is_format);
            from = (span.end - whole.start) as usize;
            let inner = self.project.child(hole, "expression").or_else(|| self.project.children(hole).next());
            let Some(inner) = inner else { continue };
            let format = self.project.child(hole, "format_specifier").map_or("", |spec| self.project.text(spec));
            if format.ends_with(['d', 'f', 'x', 'e', 'g']) && !is_bound {
                self.whole("0".into(), inner);
            } else if is_bound && !is_fragment(self.project, inner) {
                self.pieces.push(Piece::Hole { at: inner, is_bound });
            } else {
                self.add(inner, depth);
            }
        }
        self.chunk(at, from, end, prefix.contains('r'), is_format);
    }

    /// The bytes `from..to` of a literal.
    fn chunk(&mut self, at: NodeRef, from: usize, to: usize, is_raw: bool, is_format: bool) {
        let Some(raw) = self.project.text(at).get(from..to) else { return };
        let start = self.project.span(at).start;
        let text = if is_raw || !raw.contains('\\') { raw.to_owned() } else { unescape(raw) };
        let text = if is_format { text.replace("{{", "{").replace("}}", "}") } else { text };
        self.text(text, at, Span::new(start + from as u32, start + to as u32));
    }

    fn binary(&mut self, at: NodeRef, depth: u32) {
        let operator = self.project.child(at, "operator").map_or("", |operator| self.project.text(operator));
        let (left, right) = (self.project.child(at, "left"), self.project.child(at, "right"));
        let (Some(left), Some(right)) = (left, right) else { return self.known_or_hole(at, depth) };
        let is_text = |at| is_text(self.project, at, depth);
        match operator {
            "+" => {
                let operands = operands(self.project, at);
                if !operands.iter().any(|operand| is_text(*operand)) {
                    return self.known_or_hole(at, depth);
                }
                for operand in operands {
                    self.add(operand, depth);
                }
            }
            "%" if is_text(left) => self.percent(left, right, depth),
            "*" if is_text(left) => self.add(left, depth),
            "||" | "??" | "or" if is_text(left) => self.add(left, depth),
            "&&" | "and" if is_text(right) => self.add(right, depth),
            _ => self.known_or_hole(at, depth),
        }
    }

    /// Of two texts the one with more holes; if one is empty, the other.
    fn choice(&mut self, at: NodeRef, depth: u32) {
        let (yes, no) = branches(self.project, at);
        let (Some(yes), Some(no)) = (yes, no) else { return self.hole(at) };
        if let Some(text) = self.one_of(at, depth) {
            return self.whole(text, at);
        }
        let mut sides = [yes, no].map(|side| {
            let mut inner = Builder { steps: self.steps / 2, ..Builder::new(self.project) };
            inner.add(side, depth);
            inner.pieces
        });
        let weight =
            |pieces: &Vec<Piece>| (pieces.iter().filter(|piece| matches!(piece, Piece::Hole { .. })).count(), pieces.len());
        let is_known = sides.iter().any(|side| side.iter().any(|piece| matches!(piece, Piece::Text { .. })));
        if !is_known {
            return self.hole(at);
        }
        let chosen = usize::from(weight(&sides[1]) > weight(&sides[0]));
        self.pieces.append(&mut sides[chosen]);
    }

    fn call(&mut self, at: NodeRef, depth: u32) {
        let project = self.project;
        let Some(arguments) = project.child(at, "arguments") else { return self.known_or_hole(at, depth) };
        if project.kind(arguments).name() == "template_string" {
            return self.literal(arguments, self.is_tagged(arguments), depth);
        }
        // The only argument may be a generator without parentheses of its own.
        let is_generator = project.kind(arguments).name() == "generator_expression";
        let given: Vec<NodeRef> = if is_generator { vec![arguments] } else { project.children(arguments).collect() };
        let Some((object, method)) = method(project, at) else {
            let callee = project.child(at, "function").map_or("", |callee| project.text(callee));
            return match given.as_slice() {
                [only] if callee.ends_with("dedent") && is_text(project, *only, depth) => self.add(*only, depth),
                _ => self.known_or_hole(at, depth),
            };
        };
        match (method, given.as_slice()) {
            ("dedent" | "cleandoc", [only]) if is_text(project, *only, depth) => self.add(*only, depth),
            ("join", [list]) if is_text(project, object, depth) => list::join(self, at, *list, Some(object), depth),
            ("join", separator) => list::join(self, at, object, separator.first().copied(), depth),
            ("format", _) if is_text(project, object, depth) => self.format(at, object, &given, depth),
            ("concat", _) if is_text(project, object, depth) => {
                self.add(object, depth);
                for part in given {
                    self.add(part, depth);
                }
            }
            ("replace" | "replaceAll", [what, with, ..]) if is_text(project, object, depth) => {
                self.replace(object, *what, *with, depth);
            }
            // A list that is put into a text: its items with commas.
            ("map", _) if list::makes_text(project, at, depth) => list::join(self, at, at, None, depth),
            (name, _) if KEEPING.contains(&name) && is_text(project, object, depth) => self.add(object, depth),
            _ => self.known_or_hole(at, depth),
        }
    }

    // ---- one of several constants

    /// A constant, or one of those that it can only be: entries of a constant table, both sides of a choice, items of a
    /// constant list, literal types.
    fn one_of(&self, at: NodeRef, depth: u32) -> Option<String> {
        let depth = depth.checked_sub(1)?;
        if let Some(constant) = self.project.constant(at) {
            return text_of(constant);
        }
        super::choice::one_of(self.project, at, depth)
    }

    // ---- variables that are written several times

    /// The name of the variable that `at` begins and that is written on later, with the end of its scope.
    fn written_later(&self, at: NodeRef) -> Option<(NodeRef, u32)> {
        let project = self.project;
        let parent = project.parent(at)?;
        let name = match project.kind(parent).name() {
            "variable_declarator" if project.child(parent, "value") == Some(at) => project.child(parent, "name")?,
            "assignment" if project.child(parent, "right") == Some(at) => project.child(parent, "left")?,
            _ => return None,
        };
        let binding = project.binding(name).filter(|binding| binding.n_writes > 1)?;
        Some((name, project.ast(at.file).subtree_end(binding.scope)))
    }

    fn is_text_variable(&self, at: NodeRef, depth: u32) -> bool {
        let writes = super::writes::writes(self.project, at, at.node);
        writes.iter().any(|write| is_text(self.project, write.value, depth.min(4)))
    }

    /// What the variable `name` holds where the node `before` stands: its last whole assignment and what was added since.
    fn replay(&mut self, name: NodeRef, before: u32, depth: u32) {
        let writes = super::writes::since_last_whole(self.project, name, before);
        if writes.is_empty() {
            return self.hole(name);
        }
        for write in writes {
            self.add(write.value, depth);
        }
    }
}

/// The two values of a choice.
pub(super) fn branches(project: &Project, at: NodeRef) -> (Option<NodeRef>, Option<NodeRef>) {
    if project.kind(at).name() == "conditional_expression" {
        let mut parts = project.children(at);
        return (parts.next(), parts.nth(1));
    }
    (project.child(at, "consequence"), project.child(at, "alternative"))
}

/// The object and the name of the method that a call calls.
pub(super) fn method(project: &Project, call: NodeRef) -> Option<(NodeRef, &str)> {
    let callee = project.child(call, "function")?;
    let name = project.child(callee, "property").or_else(|| project.child(callee, "attribute"))?;
    Some((project.child(callee, "object")?, project.text(name)))
}

/// The operands of a sum, from left to right.
fn operands(project: &Project, at: NodeRef) -> Vec<NodeRef> {
    let mut found = Vec::new();
    let mut node = at;
    loop {
        let is_sum = matches!(project.kind(node).name(), "binary_expression" | "binary_operator")
            && project.child(node, "operator").is_some_and(|operator| project.text(operator) == "+");
        let (Some(left), Some(right), true) = (project.child(node, "left"), project.child(node, "right"), is_sum) else { break };
        found.push(right);
        node = project.peel(left);
    }
    found.push(node);
    found.reverse();
    found
}

/// Whether the hole of a tagged template is itself a text or a tagged template, and so a part of it.
fn is_fragment(project: &Project, at: NodeRef) -> bool {
    let value = project.value(at);
    let arguments = project.child(value, "arguments");
    arguments.is_some_and(|arguments| project.kind(arguments).name() == "template_string")
}

/// Whether an expression surely gives a text, as far as its shape says.
pub(super) fn is_text(project: &Project, at: NodeRef, depth: u32) -> bool {
    let Some(depth) = depth.checked_sub(1) else { return false };
    let at = project.peel(at);
    match project.kind(at).name() {
        "string" | "template_string" | "concatenated_string" => true,
        "binary_expression" | "binary_operator" | "boolean_operator" => {
            let operator = project.child(at, "operator").map_or("", |operator| project.text(operator));
            match operator {
                "+" => operands(project, at).into_iter().any(|operand| is_text(project, operand, depth.min(6))),
                "%" | "*" | "||" | "??" | "or" => project.child(at, "left").is_some_and(|left| is_text(project, left, depth)),
                "&&" | "and" => project.child(at, "right").is_some_and(|right| is_text(project, right, depth)),
                _ => false,
            }
        }
        "ternary_expression" | "conditional_expression" => {
            let (yes, no) = branches(project, at);
            [yes, no].into_iter().flatten().any(|side| is_text(project, side, depth))
        }
        "call_expression" | "call" => match project.child(at, "arguments") {
            Some(arguments) if project.kind(arguments).name() == "template_string" => true,
            _ => method(project, at).is_some_and(|(object, name)| {
                let makes = MAKING.contains(&name) || KEEPING.contains(&name);
                (makes && is_text(project, object, depth)) || (name == "join" && list::is_list(project, object, depth))
            }),
        },
        "identifier" | "shorthand_property_identifier_pattern" | "member_expression" | "attribute" => {
            if project.binding(at).is_some_and(|binding| binding.n_writes > 1 && is_variable(&binding.kind)) {
                let writes = super::writes::writes(project, at, at.node);
                return writes.iter().any(|write| is_text(project, write.value, depth.min(3)));
            }
            let value = project.value(at);
            value != at && is_text(project, value, depth)
        }
        _ => false,
    }
}

fn is_variable(kind: &BindingKind) -> bool {
    !matches!(kind, BindingKind::Import { .. } | BindingKind::Definition(_))
}
