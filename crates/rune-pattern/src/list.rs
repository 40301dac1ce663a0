//! Lists of children: ordered with gaps, unordered by key, arguments of both kinds.

use rune_syntax::{NodeId, NodeRef};
use smallvec::smallvec;

use crate::dsl::Slot;
use crate::equivalence::Equivalence;
use crate::matcher::{Found, Matcher, key_of};
use crate::shape::is_spread;
use crate::snippet::{Mark, Snippet};
use crate::value::{Env, Value};

/// How many items known spreads may bring.
const MAX_ITEMS: usize = 10_000;

/// How deep spreads of known literals are followed.
const MAX_SPREADS: u32 = 8;

/// The code that items of an unordered list have taken so far, and what they bound.
type Taken = (Vec<NodeRef>, Env);

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
    /// same items with the same bindings are one, so gaps cost no more than patterns × items. A spread of something unknown
    /// may bring any number of items; one of a known array brings those.
    fn run(&self, s: &Snippet, patterns: &[NodeId], code: &[NodeRef], env: &Env, whole: bool) -> Found {
        // Spreads that the pattern writes out are matched as such.
        let asks_spread = patterns.iter().any(|p| *s.mark(*p) == Mark::Plain && is_spread(s.ast.kind(*p)));
        let unfolded = self.unfolded(code, s.exact || asks_spread);
        let code = unfolded.as_deref().unwrap_or(code);
        let needed = patterns.iter().filter(|p| !matches!(s.mark(**p), Mark::Gap | Mark::List(_) | Mark::Optional(_))).count();
        let flexible = patterns.len() != needed || unfolded.is_some();
        if !flexible && (needed > code.len() || (whole && needed != code.len())) {
            return Found::new();
        }
        if !flexible && !code.iter().any(|node| self.is_spread(*node)) {
            return self.pairwise(s, patterns, code, env);
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
        states.into_iter().filter_map(|(taken, env)| if whole { self.ended(&code[taken..], env) } else { Some(env) }).collect()
    }

    /// One item for each pattern.
    fn pairwise(&self, s: &Snippet, patterns: &[NodeId], code: &[NodeRef], env: &Env) -> Found {
        if !patterns.iter().zip(code).all(|(pattern, node)| self.may_fit(s, *pattern, *node)) {
            return Found::new();
        }
        let mut envs: Found = smallvec![env.clone()];
        for (pattern, node) in patterns.iter().zip(code) {
            let mut next = Found::new();
            for env in &envs {
                for found in self.node(s, *pattern, *node, env) {
                    if !next.contains(&found) {
                        next.push(found);
                    }
                }
            }
            envs = next;
            if envs.is_empty() || !self.step() {
                return Found::new();
            }
        }
        envs
    }

    /// The bindings of a state that leaves `rest` over: what is left may only be spreads that bring nothing.
    fn ended(&self, rest: &[NodeRef], env: Env) -> Option<Env> {
        match rest {
            [] => Some(env),
            _ if rest.iter().all(|node| self.is_spread(*node)) => Some(env.unsure()),
            _ => None,
        }
    }

    /// The items with those of known spreads in their places; `None` if nothing is spread.
    fn unfolded(&self, code: &[NodeRef], exact: bool) -> Option<Vec<NodeRef>> {
        if exact || !self.allows(Equivalence::Spreads) || !code.iter().any(|node| self.is_spread(*node)) {
            return None;
        }
        let mut work: Vec<(NodeRef, u32)> = code.iter().rev().map(|node| (*node, 0)).collect();
        let mut items = Vec::new();
        while let Some((node, depth)) = work.pop() {
            let base = if self.is_spread(node) { self.project.children(node).next() } else { None };
            let list = base
                .map(|base| self.project.value(base))
                .filter(|list| self.is_list(*list) && depth < MAX_SPREADS && items.len() < MAX_ITEMS);
            match list {
                Some(list) => {
                    work.extend(self.project.children(list).collect::<Vec<_>>().into_iter().rev().map(|n| (n, depth + 1)))
                }
                None => items.push(node),
            }
        }
        Some(items)
    }

    /// How many items a list, or entries an object, has; `None` for anything else, and where something unknown is spread.
    pub fn n_items(&self, value: &Value) -> Option<usize> {
        match value {
            Value::List(items) => Some(items.len()),
            Value::Nodes(nodes) => self.n_known(nodes),
            Value::Node(node) => {
                let list = self.project.value(*node);
                let items: Vec<NodeRef> = self.project.children(list).collect();
                match self.project.kind(list).name() {
                    "object" | "dictionary" => self.n_entries(list),
                    _ if self.is_list(list) => self.n_known(&items),
                    _ => None,
                }
            }
            _ => None,
        }
    }

    fn n_entries(&self, object: NodeRef) -> Option<usize> {
        let mut all = Entries::default();
        self.add_entries(object, 0, Reached::ByName, &mut all);
        (!all.has_unknown).then_some(all.entries.len() + all.changed.len())
    }

    fn n_known(&self, code: &[NodeRef]) -> Option<usize> {
        let unfolded = self.unfolded(code, false);
        let items = unfolded.as_deref().unwrap_or(code);
        items.iter().all(|item| !self.is_spread(*item)).then_some(items.len())
    }

    fn is_spread(&self, node: NodeRef) -> bool {
        is_spread(self.project.kind(node))
    }

    fn is_list(&self, node: NodeRef) -> bool {
        matches!(self.project.kind(node).name(), "array" | "list" | "tuple")
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
            _ => self.advance_one(s, pattern, code, taken, env),
        }
    }

    /// One item, or, where something unknown is spread, perhaps an item of it.
    fn advance_one(&self, s: &Snippet, pattern: NodeId, code: &[NodeRef], taken: usize, env: &Env) -> Vec<(usize, Env)> {
        let asks_spread = s.exact || is_spread(s.ast.kind(pattern));
        let n_spreads = if asks_spread { 0 } else { code[taken..].iter().take_while(|node| self.is_spread(**node)).count() };
        let env = if n_spreads == 0 { env.clone() } else { env.clone().unsure() };
        let from_spread = (taken..taken + n_spreads).map(|at| (at, self.unknown_captures(s, pattern, &env)));
        let after = taken + n_spreads;
        let found = code.get(after).map_or(Found::new(), |node| self.node(s, pattern, *node, &env));
        from_spread.chain(found.into_iter().map(|env| (after + 1, env))).collect()
    }

    /// Each of `patterns` fits another one of `code`, in any order; what is left over does not matter.
    pub(crate) fn each_somewhere(&self, s: &Snippet, patterns: &[NodeId], code: &[NodeRef], envs: &[Env]) -> Found {
        let starts = envs.iter().map(|env| (Vec::new(), env.clone())).collect();
        self.each_of(s, patterns, code, starts).into_iter().map(|(_, env)| env).collect()
    }

    /// The same, with the code that was taken.
    fn each_of(&self, s: &Snippet, patterns: &[NodeId], code: &[NodeRef], mut states: Vec<Taken>) -> Vec<Taken> {
        for pattern in patterns {
            let mut next = Vec::new();
            for (used, env) in &states {
                for node in code.iter().filter(|node| !used.contains(node) && self.may_follow(used, **node)) {
                    let found = self.node(s, *pattern, *node, env);
                    next.extend(found.into_iter().map(|env| ([used.as_slice(), &[*node]].concat(), env)));
                }
            }
            states = next;
        }
        states
    }

    /// Whether an item may be taken after others: it stands behind them, or order does not count.
    fn may_follow(&self, used: &[NodeRef], node: NodeRef) -> bool {
        self.allows(Equivalence::Order) || used.last().is_none_or(|last| last.file != node.file || last.node < node.node)
    }

    /// All children in any order; without a gap there may be no others.
    pub(crate) fn unordered(&self, s: &Snippet, p: NodeId, at: NodeRef, env: &Env) -> Found {
        let (open, patterns) = without_gaps(s, s.ast.children(p));
        let list = list_of(s, p);
        let code: Vec<NodeRef> = self.project.children(at).collect();
        if !open && list.is_none() && patterns.len() != code.len() {
            return Found::new();
        }
        let states = self.each_of(s, &patterns, &code, vec![(Vec::new(), env.clone())]);
        states.into_iter().map(|state| with_rest(list, code.iter().copied(), state)).collect()
    }

    /// The entries of an object or dictionary: by key, in any order, the last of equal keys. A spread of something unknown
    /// makes a missing key possible; a spread of a known object brings its entries.
    pub(crate) fn entries(&self, s: &Snippet, p: NodeId, at: NodeRef, env: &Env, reached: Reached) -> Found {
        let (open, patterns) = without_gaps(s, s.ast.children(p));
        // Tables of configuration are open: headers and dotted keys spread them over the file.
        let open = open || matches!(s.family, "toml" | "yaml" | "env");
        let list = list_of(s, p);
        let (spreads, patterns): (Vec<NodeId>, Vec<NodeId>) = patterns.into_iter().partition(|p| is_spread(s.ast.kind(*p)));
        let code_spreads: Vec<NodeRef> = self.project.children(at).filter(|c| is_spread(self.project.kind(*c))).collect();
        let mut code = Entries::default();
        // Spreads that the pattern writes out are matched as such.
        let unfold = spreads.is_empty() && self.allows(Equivalence::Spreads);
        self.add_entries(at, if unfold { 0 } else { MAX_SPREADS }, reached, &mut code);
        code.has_unknown &= unfold || spreads.len() != code_spreads.len();
        let is_closed = !open && list.is_none();
        if is_closed && code.entries.len() + code.changed.len() != patterns.len() {
            return Found::new();
        }
        let unsure = is_closed && code.has_unknown;
        let start = if unsure { env.clone().unsure() } else { env.clone() };
        let starts = self.each_somewhere(s, &spreads, &code_spreads, &[start]);
        let mut states: Vec<Taken> = starts.into_iter().map(|env| (Vec::new(), env)).collect();
        for pattern in patterns {
            let mut next = Vec::new();
            for (used, env) in &states {
                self.entry(s, pattern, &code, (used, env), &mut next);
            }
            states = next;
        }
        states.into_iter().map(|state| with_rest(list, code.entries.iter().map(|entry| entry.node), state)).collect()
    }

    fn entry(
        &self,
        s: &Snippet,
        pattern: NodeId,
        code: &Entries,
        (used, env): (&[NodeRef], &Env),
        next: &mut Vec<(Vec<NodeRef>, Env)>,
    ) {
        let before = next.len();
        for entry in code.entries.iter().filter(|entry| !used.contains(&entry.node) && self.may_follow(used, entry.node)) {
            for env in self.one_entry(s, pattern, entry.node, env) {
                let mut used = used.to_vec();
                used.push(entry.node);
                next.push((used, if entry.is_last { env } else { env.unsure() }));
            }
        }
        let key = s.ast.child_named(pattern, "key").filter(|key| *s.mark(*key) == Mark::Plain);
        let wanted = key.map(|key| key_of(s, key));
        let is_known = |entry: &Entry| entry.is_last && entry.key.is_some() && entry.key == wanted;
        let is_changed = wanted.as_ref().is_none_or(|wanted| code.changed.contains(wanted)) && !code.changed.is_empty();
        if next.len() == before && (is_changed || code.has_unknown && !code.entries.iter().any(is_known)) {
            let env = self.unknown_captures(s, pattern, env).unsure();
            next.push((used.to_vec(), env));
        }
    }

    /// One pair pattern on one entry; a method is a pair of its name and itself.
    fn one_entry(&self, s: &Snippet, pattern: NodeId, entry: NodeRef, env: &Env) -> Found {
        let is_method = self.project.kind(entry).name() == "method_definition" && self.allows(Equivalence::Keys);
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

    /// Adds the entries of a literal with those of known spreads.
    fn add_entries(&self, at: NodeRef, depth: u32, reached: Reached, all: &mut Entries) {
        let has_scopes = self.project.language(at.file).has_scopes();
        for entry in self.project.children(at) {
            if is_spread(self.project.kind(entry)) {
                let base = self.project.children(entry).next().map(|inner| self.project.value(inner));
                let is_literal = |base: &NodeRef| matches!(self.project.kind(*base).name(), "object" | "dictionary");
                match base.filter(|base| is_literal(base) && depth < MAX_SPREADS && self.step()) {
                    Some(base) => self.add_entries(base, depth + 1, Reached::ByName, all),
                    None => all.add_unknown(),
                }
                continue;
            }
            let name = self.project.child(entry, "key").or_else(|| self.project.child(entry, "name"));
            let key = name.and_then(|name| self.project.key_text(name));
            if name.is_some() && key.is_none() {
                all.add_unknown();
            }
            if has_scopes {
                all.entries.retain(|known| key.is_none() || known.key != key);
                all.changed.retain(|changed| Some(changed) != key.as_ref());
            }
            all.entries.push(Entry { node: entry, key, is_last: true });
        }
        let changed =
            if has_scopes && reached == Reached::ByName { self.project.scopes(at.file).changed_keys(at.node) } else { &[] };
        all.entries.retain(|entry| !entry.key.as_deref().is_some_and(|key| changed.iter().any(|other| other.as_ref() == key)));
        all.changed.extend(changed.iter().map(ToString::to_string));
    }

    /// Arguments: positions in order, keywords in any order; what `**` brings is not known.
    pub(crate) fn arguments(&self, s: &Snippet, p: NodeId, at: NodeRef, env: &Env) -> Found {
        let kind_of = |child: &NodeId| if *s.mark(*child) == Mark::Plain { s.ast.kind(*child).name() } else { "" };
        let (keywords, others): (Vec<NodeId>, Vec<NodeId>) = s.ast.children(p).partition(|c| kind_of(c) == "keyword_argument");
        let (splats, positions): (Vec<NodeId>, Vec<NodeId>) = others.into_iter().partition(|c| kind_of(c) == "dictionary_splat");
        let is_kind = |node: &NodeRef, kind: &str| self.project.kind(*node).name() == kind;
        let (named, others): (Vec<NodeRef>, Vec<NodeRef>) =
            self.project.children(at).partition(|node| is_kind(node, "keyword_argument"));
        let (code_splats, code): (Vec<NodeRef>, Vec<NodeRef>) =
            others.into_iter().partition(|node| is_kind(node, "dictionary_splat"));
        let open = positions.iter().any(|child| matches!(s.mark(*child), Mark::Gap | Mark::List(_)));
        let has_unknown = code_splats.len() > splats.len();
        let fits = named.len() == keywords.len() || (has_unknown && named.len() < keywords.len());
        if !open && !fits {
            return Found::new();
        }
        let start = if has_unknown && !open { env.clone().unsure() } else { env.clone() };
        let starts = self.each_somewhere(s, &splats, &code_splats, &[start]);
        let envs: Vec<Env> = starts.iter().flat_map(|env| self.list(s, &positions, &code, env)).collect();
        let mut states: Vec<Taken> = envs.into_iter().map(|env| (Vec::new(), env)).collect();
        for keyword in keywords {
            states = states.iter().flat_map(|(used, env)| self.keyword(s, keyword, (&named, has_unknown), (used, env))).collect();
        }
        states.into_iter().map(|(_, env)| env).collect()
    }

    /// One keyword pattern on one of the `named` arguments, or on what an unknown `**` may bring.
    fn keyword(
        &self,
        s: &Snippet,
        pattern: NodeId,
        (named, has_unknown): (&[NodeRef], bool),
        (used, env): (&[NodeRef], &Env),
    ) -> Vec<Taken> {
        let free = named.iter().filter(|node| !used.contains(node) && self.may_follow(used, **node));
        let found: Vec<Taken> = free
            .flat_map(|node| self.node(s, pattern, *node, env).into_iter().map(|env| ([used, &[*node]].concat(), env)))
            .collect();
        let name = s.ast.child_named(pattern, "name").map(|name| s.node_text(name));
        let is_named = |node: &NodeRef| self.project.child(*node, "name").map(|name| self.project.text(name)) == name;
        if found.is_empty() && has_unknown && !named.iter().any(is_named) {
            return vec![(used.to_vec(), self.unknown_captures(s, pattern, env).unsure())];
        }
        found
    }
}

/// How a literal was come by: one that has a name may have been changed since.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Reached {
    InPlace,
    ByName,
}

/// The entries of an object or dictionary literal that count.
#[derive(Default)]
struct Entries {
    entries: Vec<Entry>,
    /// Whether something unknown is spread, or a key is computed.
    has_unknown: bool,
    /// Keys that are assigned after the literal was made.
    changed: Vec<String>,
}

struct Entry {
    node: NodeRef,
    /// Its key, if known.
    key: Option<String>,
    /// Whether nothing unknown follows that may bring the same key.
    is_last: bool,
}

impl Entries {
    fn add_unknown(&mut self) {
        self.has_unknown = true;
        self.entries.iter_mut().for_each(|entry| entry.is_last = false);
    }
}

/// The capture that takes what is left of a list.
fn list_of(s: &Snippet, p: NodeId) -> Option<Slot> {
    s.ast.children(p).find_map(|child| match s.mark(child) {
        Mark::List(slot) => Some(*slot),
        _ => None,
    })
}

/// Binds what is left of `all` to the capture for it.
fn with_rest(list: Option<Slot>, all: impl Iterator<Item = NodeRef>, (used, env): Taken) -> Env {
    match list {
        Some(slot) => env.with(slot, Value::Nodes(all.filter(|node| !used.contains(node)).collect())),
        None => env,
    }
}

/// The items without gaps, and whether there was one.
fn without_gaps(s: &Snippet, items: impl Iterator<Item = NodeId>) -> (bool, Vec<NodeId>) {
    let all: Vec<NodeId> = items.collect();
    let plain: Vec<NodeId> = all.iter().copied().filter(|item| !matches!(s.mark(*item), Mark::Gap | Mark::List(_))).collect();
    let open = all.iter().any(|item| *s.mark(*item) == Mark::Gap);
    (open, plain)
}
