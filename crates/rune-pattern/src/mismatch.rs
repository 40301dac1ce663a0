//! Where code first differs from a pattern that does not fit it: for people, never on the way to a match.

use rune_syntax::{NodeId, NodeRef};

use crate::lex::{ANY, BARE, CHAIN, GAP, HOLE, LIST, OPTIONAL, PREFIX};
use crate::matcher::Matcher;
use crate::shape::{Form, is_spread};
use crate::snippet::{Mark, Snippet};
use crate::value::Env;

/// Where a pattern and code part.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Mismatch {
    /// What the pattern says there, with its captures.
    pub pattern: String,
    /// What the code has there.
    pub at: NodeRef,
    /// How they differ.
    pub how: Difference,
}

/// How a pattern and code differ.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Difference {
    /// The one is not the other.
    Other,
    /// The pattern has so many items, the code so many.
    Count(usize, usize),
    /// The code lacks a key.
    Lacks(String),
    /// The name does not come from any of these modules.
    Import(Vec<String>),
}

/// How deep a difference is looked for.
const MAX_DEPTH: u32 = 60;

impl Matcher<'_> {
    /// Where `snippet` and the node `at` part; meant for code that it does not fit.
    pub fn mismatch(&self, snippet: &Snippet, at: NodeRef, env: &Env) -> Mismatch {
        self.compared(snippet, at, env, |_| true)
    }

    /// What is not known of the node `at`; meant for code that `snippet` fits possibly.
    pub fn doubt(&self, snippet: &Snippet, at: NodeRef, env: &Env) -> Mismatch {
        let found = self.compared(snippet, at, env, |found| !found.possible);
        // What is spread may bring the key.
        let spread = self.project.children(found.at).find(|child| is_spread(self.project.kind(*child)));
        match (&found.how, spread) {
            (Difference::Lacks(_), Some(spread)) => Mismatch { at: spread, ..found },
            _ => found,
        }
    }

    fn compared(&self, snippet: &Snippet, at: NodeRef, env: &Env, counts: fn(&Env) -> bool) -> Mismatch {
        let (mut p, mut at) = (snippet.root, at);
        for _ in 0..MAX_DEPTH {
            match self.parted(snippet, p, at, (env, counts)) {
                Parted::Deeper(inner, node) => (p, at) = (inner, node),
                Parted::Here(at, how) => return Mismatch { pattern: snippet.shown(p), at, how },
            }
        }
        Mismatch { pattern: snippet.shown(p), at, how: Difference::Other }
    }

    fn parted(&self, s: &Snippet, p: NodeId, at: NodeRef, env: Counted<'_>) -> Parted {
        match s.mark(p) {
            Mark::Import(paths) => {
                let mut modules: Vec<String> = paths.iter().map(|path| path.module.clone()).collect();
                modules.dedup();
                return Parted::Here(at, Difference::Import(modules));
            }
            Mark::Plain => {}
            _ => return Parted::Here(at, Difference::Other),
        }
        let (seen, here) = (at, self.project.peel(at));
        let is_same = |node: NodeRef| self.project.kind(node) == s.ast.kind(p);
        let target = self.project.value(here);
        let at = match (is_same(here), is_same(target)) {
            (true, _) => here,
            (false, true) if !s.exact => target,
            _ => return Parted::Here(seen, Difference::Other),
        };
        match s.shape(p).form {
            Form::Leaf | Form::Template => Parted::Here(seen, Difference::Other),
            Form::Entries => self.parted_entries(s, p, at, env),
            _ => self.parted_children(s, p, at, env),
        }
    }

    fn parted_entries(&self, s: &Snippet, p: NodeId, at: NodeRef, env: Counted<'_>) -> Parted {
        for pair in s.ast.children(p) {
            let Some(key) = s.ast.child_named(pair, "key").filter(|key| *s.mark(*key) == Mark::Plain) else { continue };
            let wanted = crate::matcher::key_of(s, key);
            let has_key = |entry: &NodeRef| {
                let name = self.project.child(*entry, "key").or_else(|| self.project.child(*entry, "name"));
                name.and_then(|name| self.project.key_text(name)).as_deref() == Some(wanted.as_str())
            };
            let Some(entry) = self.project.children(at).find(has_key) else { return Parted::Here(at, Difference::Lacks(wanted)) };
            let both = (s.ast.child_named(pair, "value"), self.project.child(entry, "value"));
            if let (Some(value), Some(code)) = both
                && !self.fits(s, value, code, env)
            {
                return Parted::Deeper(value, code);
            }
        }
        Parted::Here(at, Difference::Count(s.ast.children(p).count(), self.project.children(at).count()))
    }

    fn parted_children(&self, s: &Snippet, p: NodeId, at: NodeRef, env: Counted<'_>) -> Parted {
        let is_gap = |child: &NodeId| matches!(s.mark(*child), Mark::Gap | Mark::List(_) | Mark::Optional(_));
        let patterns: Vec<NodeId> = s.ast.children(p).collect();
        let code: Vec<NodeRef> = self.project.children(at).collect();
        let mut behind_gap = false;
        for (number, child) in patterns.iter().enumerate() {
            behind_gap |= is_gap(child);
            let field = s.ast.field(*child).name();
            let partner = match field {
                "" if behind_gap => continue,
                "" => code.get(number).copied(),
                field => self.project.child(at, field),
            };
            match partner {
                _ if is_gap(child) => {}
                Some(node) if self.fits(s, *child, node, env) => {}
                Some(node) => return Parted::Deeper(*child, node),
                None if field.is_empty() => break,
                None => return Parted::Here(at, Difference::Other),
            }
        }
        let n_wanted = patterns.iter().filter(|child| !is_gap(child)).count();
        if n_wanted == code.len() {
            Parted::Here(at, Difference::Other)
        } else {
            Parted::Here(at, Difference::Count(n_wanted, code.len()))
        }
    }

    fn fits(&self, s: &Snippet, p: NodeId, at: NodeRef, (env, counts): Counted<'_>) -> bool {
        self.node(s, p, at, env).iter().any(counts)
    }
}

/// The bindings so far, and which ways to fit count.
type Counted<'e> = (&'e Env, fn(&Env) -> bool);

enum Parted {
    Deeper(NodeId, NodeRef),
    Here(NodeRef, Difference),
}

impl Snippet {
    /// A node of the snippet as its author wrote it.
    fn shown(&self, node: NodeId) -> String {
        let mut rest = self.node_text(node);
        let mut out = String::new();
        while let Some(start) = rest.find(PREFIX) {
            out.push_str(&rest[..start]);
            rest = &rest[start..];
            let (text, length) = placeholder(rest);
            out.push_str(&text);
            rest = rest.get(length..).unwrap_or("");
        }
        out.push_str(rest);
        out
    }
}

/// What the placeholder at the start of `text` stands for, and its length.
fn placeholder(text: &str) -> (String, usize) {
    for (word, stands_for) in [(GAP, "..."), (CHAIN, "..."), (ANY, "$_"), (BARE, "")] {
        if text.starts_with(word) {
            return (stands_for.to_owned(), word.len());
        }
    }
    for (word, before, after) in [(HOLE, "$", ""), (LIST, "$...", ""), (OPTIONAL, "$", "?")] {
        let Some(rest) = text.strip_prefix(word) else { continue };
        let end = rest.find("__").unwrap_or(rest.len());
        return (format!("{before}{}{after}", &rest[..end]), word.len() + (end + 2).min(rest.len()));
    }
    (PREFIX.to_owned(), PREFIX.len())
}
