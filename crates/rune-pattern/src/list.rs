//! Lists of children: ordered with gaps, unordered by key, arguments of both kinds.

use rune_syntax::{NodeId, NodeRef};
use smallvec::smallvec;

use crate::matcher::{Found, Matcher};
use crate::snippet::{Mark, Snippet};
use crate::value::{Env, Value};

impl Matcher<'_> {
    /// The ways `patterns` fit exactly all of `code`, in order; a gap takes any number.
    pub(crate) fn list(&self, s: &Snippet, patterns: &[NodeId], code: &[NodeRef], env: &Env) -> Found {
        self.run(s, patterns, code, env, true)
    }

    /// The ways `patterns` fit the first items of `code`.
    pub(crate) fn list_prefix(&self, s: &Snippet, patterns: &[NodeId], code: &[NodeRef], env: &Env) -> Found {
        self.run(s, patterns, code, env, false)
    }

    /// Front to back over the patterns, with every state (items taken, bindings) reached so far: states that took the
    /// same items with the same bindings are one, so gaps cost no more than patterns × items.
    fn run(&self, s: &Snippet, patterns: &[NodeId], code: &[NodeRef], env: &Env, whole: bool) -> Found {
        let needed = patterns.iter().filter(|p| !matches!(s.mark(**p), Mark::Gap | Mark::List(_) | Mark::Optional(_))).count();
        let flexible = patterns.len() != needed;
        if needed > code.len() || (whole && !flexible && needed != code.len()) {
            return Found::new();
        }
        let mut states: Vec<(usize, Env)> = vec![(0, env.clone())];
        for pattern in patterns {
            let mut next: Vec<(usize, Env)> = Vec::new();
            for (taken, env) in &states {
                for state in self.advance(s, *pattern, code, *taken, env) {
                    if !next.contains(&state) {
                        next.push(state);
                    }
                }
            }
            states = next;
            if states.is_empty() || !self.step() {
                return Found::new();
            }
        }
        states.into_iter().filter(|(taken, _)| !whole || *taken == code.len()).map(|(_, env)| env).collect()
    }

    fn advance(&self, s: &Snippet, pattern: NodeId, code: &[NodeRef], taken: usize, env: &Env) -> Vec<(usize, Env)> {
        let rest = &code[taken..];
        match s.mark(pattern) {
            Mark::Gap => (taken..=code.len()).map(|end| (end, env.clone())).collect(),
            Mark::List(slot) => (0..=rest.len()).map(|n| (taken + n, env.with(*slot, Value::Nodes(rest[..n].into())))).collect(),
            Mark::Optional(_) => {
                let one = rest.first().into_iter().flat_map(|node| self.node(s, pattern, *node, env));
                one.map(|env| (taken + 1, env)).chain(std::iter::once((taken, env.clone()))).collect()
            }
            _ => match rest.first() {
                Some(node) => self.node(s, pattern, *node, env).into_iter().map(|env| (taken + 1, env)).collect(),
                None => Vec::new(),
            },
        }
    }

    /// Each of `patterns` fits another one of `code`, in any order; what is left over does not matter.
    pub(crate) fn each_somewhere(&self, s: &Snippet, patterns: &[NodeId], code: &[NodeRef], envs: &[Env]) -> Found {
        let mut states: Vec<(Vec<NodeRef>, Env)> = envs.iter().map(|env| (Vec::new(), env.clone())).collect();
        for pattern in patterns {
            let mut next = Vec::new();
            for (used, env) in &states {
                for node in code.iter().filter(|node| !used.contains(node)) {
                    for env in self.node(s, *pattern, *node, env) {
                        let mut used = used.clone();
                        used.push(*node);
                        next.push((used, env));
                    }
                }
            }
            states = next;
        }
        states.into_iter().map(|(_, env)| env).collect()
    }

    /// All children in any order; without a gap there may be no others.
    pub(crate) fn unordered(&self, s: &Snippet, p: NodeId, at: NodeRef, env: &Env) -> Found {
        let (open, patterns) = without_gaps(s, s.ast.children(p));
        let code: Vec<NodeRef> = self.project.children(at).collect();
        if !open && patterns.len() != code.len() {
            return Found::new();
        }
        self.each_somewhere(s, &patterns, &code, std::slice::from_ref(env))
    }

    /// The entries of an object or dictionary: by key, in any order. A spread of something unknown makes a missing key
    /// possible; a spread of a known object brings its entries.
    pub(crate) fn entries(&self, s: &Snippet, p: NodeId, at: NodeRef, env: &Env) -> Found {
        let (open, patterns) = without_gaps(s, s.ast.children(p));
        // Tables of configuration are open: headers and dotted keys spread them over the file.
        let open = open || s.family == "toml";
        let list = s.ast.children(p).find_map(|child| match s.mark(child) {
            Mark::List(slot) => Some(*slot),
            _ => None,
        });
        let (code, has_unknown) = self.all_entries(at, 0);
        if !open && list.is_none() && (code.len() != patterns.len() || has_unknown) {
            let exact_size = code.len() == patterns.len() && has_unknown;
            if !exact_size {
                return Found::new();
            }
        }
        let mut states: Vec<(Vec<NodeRef>, Env)> = vec![(Vec::new(), env.clone())];
        for pattern in patterns {
            let mut next = Vec::new();
            for (used, env) in &states {
                self.entry(s, pattern, &code, has_unknown, (used, env), &mut next);
            }
            states = next;
        }
        let rest = |used: &[NodeRef]| code.iter().copied().filter(|node| !used.contains(node)).collect::<Vec<_>>();
        let bind = |(used, env): (Vec<NodeRef>, Env)| match list {
            Some(slot) => env.with(slot, Value::Nodes(rest(&used).into())),
            None => env,
        };
        states.into_iter().map(bind).collect()
    }

    fn entry(
        &self,
        s: &Snippet,
        pattern: NodeId,
        code: &[NodeRef],
        has_unknown: bool,
        (used, env): (&[NodeRef], &Env),
        next: &mut Vec<(Vec<NodeRef>, Env)>,
    ) {
        let before = next.len();
        for node in code.iter().filter(|node| !used.contains(node)) {
            for env in self.one_entry(s, pattern, *node, env) {
                let mut used = used.to_vec();
                used.push(*node);
                next.push((used, env));
            }
        }
        if next.len() == before && has_unknown {
            let env = self.unknown_captures(s, pattern, env).unsure();
            next.push((used.to_vec(), env));
        }
    }

    /// One pair pattern on one entry; a method is a pair of its name and itself.
    fn one_entry(&self, s: &Snippet, pattern: NodeId, entry: NodeRef, env: &Env) -> Found {
        let is_method = self.project.kind(entry).name() == "method_definition";
        if !is_method || s.ast.kind(pattern).name() != "pair" {
            return self.node(s, pattern, entry, env);
        }
        let (Some(key), Some(value)) = (s.ast.child_named(pattern, "key"), s.ast.child_named(pattern, "value")) else {
            return Found::new();
        };
        let Some(name) = self.project.child(entry, "name") else { return Found::new() };
        let envs = self.key(s, key, &self.project.name_text(name), name, env);
        envs.iter().flat_map(|env| self.node(s, value, entry, env)).collect()
    }

    /// The entries of a literal with those of known spreads; true if something unknown is spread or a key is computed.
    fn all_entries(&self, at: NodeRef, depth: u32) -> (Vec<NodeRef>, bool) {
        let mut entries = Vec::new();
        let mut unknown = false;
        for entry in self.project.children(at) {
            let kind = self.project.kind(entry).name();
            if !matches!(kind, "spread_element" | "dictionary_splat") {
                let computed = self.project.child(entry, "key").is_some_and(|key| self.is_computed(key));
                unknown |= computed;
                entries.push(entry);
                continue;
            }
            let base = self.project.children(entry).next().map(|inner| self.project.value(inner));
            match base.filter(|base| matches!(self.project.kind(*base).name(), "object" | "dictionary") && depth < 8) {
                Some(base) => {
                    let (inner, inner_unknown) = self.all_entries(base, depth + 1);
                    entries.extend(inner);
                    unknown |= inner_unknown;
                }
                None => unknown = true,
            }
        }
        (entries, unknown)
    }

    fn is_computed(&self, key: NodeRef) -> bool {
        matches!(self.project.kind(key).name(), "computed_property_name" | "identifier" | "call" | "attribute")
            && self.project.language(key.file).family() != "prisma"
            && self.text_of(key).is_none()
    }

    /// Arguments: positions in order, keywords in any order.
    pub(crate) fn arguments(&self, s: &Snippet, p: NodeId, at: NodeRef, env: &Env) -> Found {
        let is_keyword = |kind: &str| kind == "keyword_argument";
        let (keywords, positions): (Vec<NodeId>, Vec<NodeId>) =
            s.ast.children(p).partition(|child| is_keyword(s.ast.kind(*child).name()) && *s.mark(*child) == Mark::Plain);
        let is_spread = |node: &NodeRef| matches!(self.project.kind(*node).name(), "spread_element" | "list_splat");
        let is_open = |node: &NodeRef| self.project.kind(*node).name() == "dictionary_splat";
        let (code_keywords, code): (Vec<NodeRef>, Vec<NodeRef>) =
            self.project.children(at).partition(|child| is_keyword(self.project.kind(*child).name()) || is_open(child));
        let open = positions.iter().any(|child| matches!(s.mark(*child), Mark::Gap | Mark::List(_)));
        if !open && code_keywords.len() != keywords.len() {
            return Found::new();
        }
        let mut envs = self.list(s, &positions, &code, env);
        if envs.is_empty() && code.iter().any(is_spread) {
            let all = positions.iter().fold(env.clone(), |env, child| self.unknown_captures(s, *child, &env));
            envs = smallvec![all.unsure()];
        }
        if keywords.is_empty() {
            return envs;
        }
        let open_keywords: Vec<&NodeRef> = code_keywords.iter().filter(|node| is_open(node)).collect();
        let named: Vec<NodeRef> = code_keywords.iter().copied().filter(|node| !is_open(node)).collect();
        let found = self.each_somewhere(s, &keywords, &named, &envs);
        if found.is_empty() && !open_keywords.is_empty() {
            let unknown =
                |env: &Env| keywords.iter().fold(env.clone(), |env, child| self.unknown_captures(s, *child, &env)).unsure();
            return envs.iter().map(unknown).collect();
        }
        found
    }
}

/// The items without gaps, and whether there was one.
fn without_gaps(s: &Snippet, items: impl Iterator<Item = NodeId>) -> (bool, Vec<NodeId>) {
    let all: Vec<NodeId> = items.collect();
    let plain: Vec<NodeId> = all.iter().copied().filter(|item| !matches!(s.mark(*item), Mark::Gap | Mark::List(_))).collect();
    let open = all.iter().any(|item| *s.mark(*item) == Mark::Gap);
    (open, plain)
}
