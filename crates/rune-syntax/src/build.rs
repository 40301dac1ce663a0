//! From source text to [`Ast`]: tree-sitter parses, a draft tree takes its nodes in normal form, and the draft is laid flat.
//! The normal form is what lets one pattern match many spellings: no parentheses, decorators inside their member,
//! `{a}` as a pair, one kind for each idea.

use std::cell::RefCell;
use std::sync::LazyLock;

use rune_model::Span;
use rustc_hash::FxHashMap;
use tree_sitter::{Parser, TreeCursor};

use crate::kind::KINDS;
use crate::{Ast, Field, Kind, Language, config, repair};

/// Parses `text` as `language`. Cannot fail: what was not understood lies in [`Ast::errors`].
pub fn parse(text: &str, language: Language) -> Ast {
    match language {
        Language::TypeScript | Language::Tsx | Language::Python | Language::Json | Language::GraphQl => {
            parse_with_grammar(text, language)
        }
        Language::Prisma => config::prisma(text).flatten(language),
        Language::Toml => config::toml(text).flatten(language),
        Language::Yaml => config::yaml(text).flatten(language),
        Language::Env => config::env(text).flatten(language),
        Language::Sql => config::sql(text).flatten(language),
        Language::Text => config::lines(text).flatten(language),
    }
}

/// Parses a piece of code of a rule: in languages whose front end is our own, items of a file may stand alone.
pub fn parse_snippet(text: &str, language: Language) -> Ast {
    match language {
        Language::Prisma => config::prisma_snippet(text).flatten(language),
        _ => parse(text, language),
    }
}

/// A node of a tree under construction; children form a linked list, so that normalisation can move them.
#[derive(Debug, Clone)]
struct DraftNode {
    kind: Kind,
    field: Field,
    span: Span,
    first: u32,
    last: u32,
    next: u32,
}

/// How often a text is repaired by what the grammar made of it.
const MAX_REPAIRS: usize = 3;

/// No node.
const NIL: u32 = u32::MAX;

/// A tree under construction.
#[derive(Debug)]
pub(crate) struct Draft {
    nodes: Vec<DraftNode>,
    comments: Vec<Span>,
    errors: Vec<Span>,
}

impl Draft {
    /// A draft whose root has `kind` and `span`.
    pub(crate) fn new(kind: Kind, span: Span) -> Draft {
        let root = DraftNode { kind, field: Field::NONE, span, first: NIL, last: NIL, next: NIL };
        Draft { nodes: vec![root], comments: Vec::new(), errors: Vec::new() }
    }

    /// Adds a child at the end of `parent`'s children and returns it.
    pub(crate) fn add(&mut self, parent: u32, kind: Kind, field: Field, span: Span) -> u32 {
        let node = self.nodes.len() as u32;
        self.nodes.push(DraftNode { kind, field, span, first: NIL, last: NIL, next: NIL });
        self.link(parent, node);
        node
    }

    /// Notes a span that could not be parsed.
    pub(crate) fn add_error(&mut self, span: Span) {
        self.errors.push(span);
    }

    /// Notes a comment.
    pub(crate) fn add_comment(&mut self, span: Span) {
        self.comments.push(span);
    }

    fn link(&mut self, parent: u32, node: u32) {
        let last = std::mem::replace(&mut self.nodes[parent as usize].last, node);
        if last == NIL {
            self.nodes[parent as usize].first = node;
        } else {
            self.nodes[last as usize].next = node;
        }
    }

    fn children(&self, node: u32) -> Vec<u32> {
        let first = self.nodes[node as usize].first;
        std::iter::successors((first != NIL).then_some(first), |child| {
            let next = self.nodes[*child as usize].next;
            (next != NIL).then_some(next)
        })
        .collect()
    }

    fn set_children(&mut self, node: u32, children: &[u32]) {
        self.nodes[node as usize].first = NIL;
        self.nodes[node as usize].last = NIL;
        for child in children {
            self.nodes[*child as usize].next = NIL;
            self.link(node, *child);
        }
    }

    /// Makes every node as wide as its children.
    pub(crate) fn widen(&mut self) {
        // Children were added after their parents.
        for node in (0..self.nodes.len() as u32).rev() {
            let own = self.nodes[node as usize].span;
            let spans = self.children(node).into_iter().map(|child| self.nodes[child as usize].span);
            let wide = spans.fold(own, |wide, span| Span::new(wide.start.min(span.start), wide.end.max(span.end)));
            self.nodes[node as usize].span = wide;
        }
    }

    fn kind(&self, node: u32) -> Kind {
        self.nodes[node as usize].kind
    }

    /// Lays the tree flat in preorder.
    pub(crate) fn flatten(self, language: Language) -> Ast {
        let n = self.nodes.len();
        let mut ast = Ast {
            language,
            kinds: Vec::with_capacity(n),
            fields: Vec::with_capacity(n),
            starts: Vec::with_capacity(n),
            stops: Vec::with_capacity(n),
            parents: Vec::with_capacity(n),
            ends: Vec::with_capacity(n),
            comments: self.comments,
            errors: self.errors,
        };
        // Each stack entry is the next draft node of one level and the flat id of the level's parent.
        let mut stack = vec![(0u32, 0u32)];
        while let Some((draft, parent)) = stack.pop() {
            if draft == NIL {
                ast.ends[parent as usize] = ast.kinds.len() as u32;
                continue;
            }
            let node = &self.nodes[draft as usize];
            let id = ast.kinds.len() as u32;
            ast.kinds.push(node.kind);
            ast.fields.push(node.field);
            ast.starts.push(node.span.start);
            ast.stops.push(node.span.end);
            ast.parents.push(parent);
            ast.ends.push(id + 1);
            if draft != 0 {
                stack.push((node.next, parent));
            }
            stack.push((node.first, id));
        }
        ast
    }
}

thread_local! {
    static PARSERS: RefCell<FxHashMap<Language, Parser>> = RefCell::new(FxHashMap::default());
}

fn grammar(language: Language) -> tree_sitter::Language {
    match language {
        Language::TypeScript => tree_sitter_typescript::LANGUAGE_TYPESCRIPT.into(),
        Language::Python => tree_sitter_python::LANGUAGE.into(),
        Language::Json => tree_sitter_json::LANGUAGE.into(),
        Language::GraphQl => tree_sitter_graphql::LANGUAGE.into(),
        _ => tree_sitter_typescript::LANGUAGE_TSX.into(),
    }
}

fn parse_with_grammar(text: &str, language: Language) -> Ast {
    let mut repaired = repair::repaired(text, language);
    let mut ast = ast_of(&repaired, text, language);
    for _ in 0..MAX_REPAIRS {
        let has_jsx = language == Language::Tsx && !ast.errors().is_empty();
        let Some((again, places)) = has_jsx.then(|| repair::without_ampersands(&repaired, ast.errors())).flatten() else { break };
        let better = ast_of(&again, text, language);
        let is_text = |at: &u32| matches!(better.kind(better.covering(Span::new(*at, *at + 1))).name(), "jsx_text" | "string");
        if better.errors().len() >= ast.errors().len() || !places.iter().all(is_text) {
            break;
        }
        (repaired, ast) = (again.into(), better);
    }
    ast
}

/// The tree that the grammar makes of `repaired`, with the texts of `text`.
fn ast_of(repaired: &str, text: &str, language: Language) -> Ast {
    let tree = PARSERS.with_borrow_mut(|parsers| {
        let parser = parsers.entry(language).or_insert_with(|| {
            let mut parser = Parser::new();
            parser.set_language(&grammar(language)).expect("the grammars in the lock file fit the parser library");
            parser
        });
        parser.parse(repaired, None)
    });
    match tree {
        Some(tree) => draft_of(&tree, text, language).flatten(language),
        None => {
            let mut draft = Draft::new(KINDS.error, Span::new(0, text.len() as u32));
            draft.add_error(Span::new(0, text.len() as u32));
            draft.flatten(language)
        }
    }
}

/// What becomes of a grammar's node kind.
#[derive(Clone, Copy, PartialEq)]
enum Fate {
    Keep(Kind),
    /// Left out with everything beneath it.
    Drop,
    /// Left out; its children take its place.
    Splice,
    /// Kept without children.
    Leaf(Kind),
    Comment,
}

struct Grammar {
    fates: Vec<Fate>,
    named: Vec<Kind>,
    fields: Vec<Field>,
}

static TYPESCRIPT: LazyLock<Grammar> = LazyLock::new(|| Grammar::of(Language::TypeScript));
static TSX: LazyLock<Grammar> = LazyLock::new(|| Grammar::of(Language::Tsx));
static PYTHON: LazyLock<Grammar> = LazyLock::new(|| Grammar::of(Language::Python));
static JSON: LazyLock<Grammar> = LazyLock::new(|| Grammar::of(Language::Json));
static GRAPHQL: LazyLock<Grammar> = LazyLock::new(|| Grammar::of(Language::GraphQl));

impl Grammar {
    fn of(language: Language) -> Grammar {
        let grammar = grammar(language);
        let name = |id: u16| grammar.node_kind_for_id(id).unwrap_or("");
        let ids = 0..grammar.node_kind_count() as u16;
        Grammar {
            fates: ids.clone().map(|id| fate(name(id), grammar.node_kind_is_named(id), language)).collect(),
            named: ids.map(|id| Kind::of(name(id))).collect(),
            fields: (0..=grammar.field_count() as u16)
                .map(|id| grammar.field_name_for_id(id).map_or(Field::NONE, Field::of))
                .collect(),
        }
    }
}

/// Words that stay as nodes although the grammar does not name them: they tell otherwise equal members apart.
const KEPT_WORDS: &[&str] = &["async", "static", "get", "set", "abstract"];

/// The normal form, kind by kind.
fn fate(name: &str, named: bool, language: Language) -> Fate {
    if !named {
        return if KEPT_WORDS.contains(&name) { Fate::Leaf(Kind::of(name)) } else { Fate::Drop };
    }
    if language == Language::GraphQl {
        return graphql_fate(name);
    }
    match name {
        "comment" | "html_comment" => Fate::Comment,
        "parenthesized_expression" | "parenthesized_type" | "parenthesized_list_splat" => Fate::Splice,
        "document" => Fate::Keep(KINDS.module),
        "empty_statement"
        | "optional_chain"
        | "string_start"
        | "string_end"
        | "string_fragment"
        | "string_content"
        | "escape_sequence"
        | "escape_interpolation"
        | "line_continuation" => Fate::Drop,
        "function_expression" | "generator_function" | "generator_function_declaration" => Fate::Keep(KINDS.function_declaration),
        "class" | "abstract_class_declaration" if language != Language::Python => Fate::Keep(KINDS.class_declaration),
        "variable_declaration" => Fate::Keep(KINDS.lexical_declaration),
        "string" if language == Language::Json => Fate::Leaf(KINDS.string),
        _ => Fate::Keep(Kind::of(name)),
    }
}

/// The normal form of GraphQL: no wrappers, descriptions are comments, names that stand for a type are leaves.
fn graphql_fate(name: &str) -> Fate {
    match name {
        "source_file" => Fate::Keep(KINDS.module),
        "comment" | "description" => Fate::Comment,
        "comma" => Fate::Drop,
        "document"
        | "definition"
        | "executable_definition"
        | "type_system_definition"
        | "type_system_extension"
        | "type_definition"
        | "type_extension"
        | "type"
        | "value"
        | "directives" => Fate::Splice,
        "string_value" => Fate::Leaf(KINDS.string),
        "int_value" | "float_value" => Fate::Leaf(KINDS.number),
        "named_type" | "enum_value" | "variable" | "boolean_value" | "null_value" => Fate::Leaf(Kind::of(name)),
        _ => Fate::Keep(Kind::of(name)),
    }
}

fn draft_of(tree: &tree_sitter::Tree, text: &str, language: Language) -> Draft {
    let grammar = match language {
        Language::TypeScript => &TYPESCRIPT,
        Language::Python => &PYTHON,
        Language::Json => &JSON,
        Language::GraphQl => &GRAPHQL,
        _ => &TSX,
    };
    let root = tree.root_node();
    let span = Span::new(0, text.len() as u32);
    let root_kind = if root.is_error() { KINDS.error } else { kept(grammar, root.kind_id()) };
    let mut draft = Draft::new(root_kind, span);
    let mut cursor = tree.walk();
    let mut parents = vec![0u32];
    let mut inherited = vec![Field::NONE];
    if cursor.goto_first_child() {
        walk(&mut cursor, grammar, &mut draft, &mut parents, &mut inherited);
    }
    let n_errors = draft.errors.len();
    if language == Language::Json && n_errors > 0 {
        drop_last_commas(&mut draft, text);
    }
    if root.has_error() && n_errors == 0 {
        // The parser guessed a token that leaves no node behind.
        draft.add_error(Span::new(0, 0));
    }
    normalise(&mut draft);
    draft
}

/// A comma behind the last item of a list or object is no error: files with comments have them. The grammar makes an error of
/// the comma, or of the item that it misses behind it.
fn drop_last_commas(draft: &mut Draft, text: &str) {
    let is_last_comma = |span: Span| {
        let has_comma =
            span.of(text) == "," || (span.of(text).is_empty() && text[..span.start as usize].trim_end().ends_with(','));
        has_comma && behind_comments(&text[span.end as usize..]).starts_with([']', '}'])
    };
    draft.errors.retain(|error| !is_last_comma(*error));
    for node in 0..draft.nodes.len() as u32 {
        let children = draft.children(node);
        let is_dropped = |child: &u32| draft.kind(*child) == KINDS.error && is_last_comma(draft.nodes[*child as usize].span);
        if children.last().is_some_and(is_dropped) {
            draft.set_children(node, &children[..children.len() - 1]);
        }
    }
}

/// What follows white space and comments.
fn behind_comments(text: &str) -> &str {
    let mut rest = text.trim_start();
    loop {
        let behind = match rest.strip_prefix("//") {
            Some(line) => line.split_once('\n').map(|(_, behind)| behind),
            None => rest.strip_prefix("/*").and_then(|comment| comment.split_once("*/")).map(|(_, behind)| behind),
        };
        match behind {
            Some(behind) => rest = behind.trim_start(),
            None => return rest,
        }
    }
}

fn kept(grammar: &Grammar, id: u16) -> Kind {
    grammar.named.get(id as usize).copied().unwrap_or(KINDS.error)
}

/// Copies the tree below the cursor into the draft. Iterative: depth costs heap, not stack.
fn walk(cursor: &mut TreeCursor<'_>, grammar: &Grammar, draft: &mut Draft, parents: &mut Vec<u32>, inherited: &mut Vec<Field>) {
    let floor = parents.len();
    loop {
        let (descend, level) = visit(cursor, grammar, draft, parents, inherited);
        if descend && cursor.goto_first_child() {
            parents.push(level.0);
            inherited.push(level.1);
            continue;
        }
        while !cursor.goto_next_sibling() {
            if parents.len() == floor || !cursor.goto_parent() {
                return;
            }
            parents.pop();
            inherited.pop();
        }
    }
}

/// Adds the cursor's node; says whether to go down and under which parent and inherited field.
fn visit(
    cursor: &TreeCursor<'_>,
    grammar: &Grammar,
    draft: &mut Draft,
    parents: &[u32],
    inherited: &[Field],
) -> (bool, (u32, Field)) {
    let node = cursor.node();
    let span = Span::new(node.start_byte() as u32, node.end_byte() as u32);
    let parent = *parents.last().expect("the root level is never popped");
    let inherited = *inherited.last().expect("the root level is never popped");
    // A leaf that holds nothing but what is missing is missing.
    if node.is_error() || node.is_missing() || (span.start == span.end && node.has_error()) {
        draft.add_error(span);
        draft.add(parent, KINDS.error, Field::NONE, span);
        return (false, (parent, Field::NONE));
    }
    let own_field = cursor.field_id().map_or(Field::NONE, |id| grammar.fields[id.get() as usize]);
    let field = if own_field == Field::NONE { inherited } else { own_field };
    let fate = grammar.fates.get(node.kind_id() as usize).copied().unwrap_or(Fate::Drop);
    match fate {
        Fate::Keep(kind) => (true, (draft.add(parent, kind, field, span), Field::NONE)),
        Fate::Leaf(kind) => {
            draft.add(parent, kind, field, span);
            (false, (parent, Field::NONE))
        }
        Fate::Splice => (true, (parent, field)),
        Fate::Comment => {
            draft.add_comment(span);
            (false, (parent, Field::NONE))
        }
        Fate::Drop => {
            if is_operator(own_field) {
                draft.add(parent, kept(grammar, node.kind_id()), field, span);
            }
            (false, (parent, Field::NONE))
        }
    }
}

fn is_operator(field: Field) -> bool {
    static OPERATORS: LazyLock<[Field; 2]> = LazyLock::new(|| [Field::of("operator"), Field::of("operators")]);
    OPERATORS.contains(&field)
}

/// Rewrites the draft where the grammar's shape differs from the normal form in more than a name.
fn normalise(draft: &mut Draft) {
    let n = draft.nodes.len() as u32;
    for node in 0..n {
        let kind = draft.kind(node);
        if kind == KINDS.shorthand {
            spell_out_shorthand(draft, node);
        } else if kind == KINDS.arrow_function {
            wrap_bare_parameter(draft, node);
        } else if kind == KINDS.class_body || kind == KINDS.export_statement {
            move_decorators(draft, node);
        } else if kind == KINDS.decorated_definition {
            unwrap_decorated(draft, node);
        } else if kind == KINDS.call_expression {
            await_whole_call(draft, node);
        }
    }
}

/// `{a}` becomes the pair `a: a`; key and value keep the one span there is.
fn spell_out_shorthand(draft: &mut Draft, node: u32) {
    let span = draft.nodes[node as usize].span;
    draft.nodes[node as usize].kind = KINDS.pair;
    draft.add(node, KINDS.property_identifier, Field::of("key"), span);
    draft.add(node, KINDS.identifier, Field::of("value"), span);
}

/// `x => e` gets the parameter list that `(x) => e` has.
fn wrap_bare_parameter(draft: &mut Draft, node: u32) {
    let parameter_field = Field::of("parameter");
    let children = draft.children(node);
    let Some(at) = children.iter().position(|child| draft.nodes[*child as usize].field == parameter_field) else {
        return;
    };
    let bare = children[at];
    let span = draft.nodes[bare as usize].span;
    let list = draft.nodes.len() as u32;
    let empty =
        DraftNode { kind: KINDS.formal_parameters, field: Field::of("parameters"), span, first: NIL, last: NIL, next: NIL };
    draft.nodes.push(empty);
    let parameter = draft.add(list, KINDS.required_parameter, Field::NONE, span);
    draft.nodes[bare as usize].field = Field::of("pattern");
    let mut replaced = children;
    replaced[at] = list;
    draft.set_children(node, &replaced);
    draft.set_children(parameter, &[bare]);
}

/// `await f<T>(x)`: the grammar awaits `f` alone and calls that; the call is awaited. Where `(await f)(x)` is written,
/// the bracket stands before the `await`.
fn await_whole_call(draft: &mut Draft, node: u32) {
    let children = draft.children(node);
    let Some((awaited, rest)) = children.split_first() else { return };
    let (outer, inner) = (draft.nodes[node as usize].span, draft.nodes[*awaited as usize].span);
    let [callee] = draft.children(*awaited)[..] else { return };
    if draft.kind(*awaited) != KINDS.await_expression || outer.start != inner.start {
        return;
    }
    let start = draft.nodes[callee as usize].span.start;
    draft.nodes[node as usize].kind = KINDS.await_expression;
    draft.nodes[callee as usize].field = Field::of("function");
    let call = &mut draft.nodes[*awaited as usize];
    (call.kind, call.field, call.span) = (KINDS.call_expression, Field::NONE, Span::new(start, outer.end));
    let parts: Vec<u32> = std::iter::once(callee).chain(rest.iter().copied()).collect();
    draft.set_children(*awaited, &parts);
    draft.set_children(node, &[*awaited]);
}

/// Decorators that the grammar lists as siblings before their member move into it.
fn move_decorators(draft: &mut Draft, node: u32) {
    let children = draft.children(node);
    if !children.iter().any(|child| draft.kind(*child) == KINDS.decorator) {
        return;
    }
    let mut kept = Vec::new();
    let mut waiting: Vec<u32> = Vec::new();
    for child in children {
        if draft.kind(child) == KINDS.decorator {
            waiting.push(child);
            continue;
        }
        if !waiting.is_empty() {
            adopt(draft, child, &std::mem::take(&mut waiting));
        }
        kept.push(child);
    }
    kept.extend(waiting);
    draft.set_children(node, &kept);
}

/// Makes `decorators` the first children of `member`, whose span then starts at the first of them.
fn adopt(draft: &mut Draft, member: u32, decorators: &[u32]) {
    let start = draft.nodes[decorators[0] as usize].span.start;
    let span = &mut draft.nodes[member as usize].span;
    span.start = span.start.min(start);
    let children: Vec<u32> = decorators.iter().copied().chain(draft.children(member)).collect();
    draft.set_children(member, &children);
}

/// Python wraps a decorated definition; the wrapper takes the definition's place and kind.
fn unwrap_decorated(draft: &mut Draft, node: u32) {
    let children = draft.children(node);
    let Some((definition, decorators)) = children.split_last() else { return };
    let inner = draft.children(*definition);
    let kind = draft.kind(*definition);
    draft.nodes[node as usize].kind = kind;
    let all: Vec<u32> = decorators.iter().copied().chain(inner).collect();
    draft.set_children(node, &all);
}

#[cfg(test)]
mod tests {
    use super::parse;
    use crate::Language;

    fn kinds(text: &str) -> Vec<String> {
        let ast = parse(text, Language::TypeScript);
        let shown = |node: u32| format!("{} {}", ast.kind(node).name(), ast.text(node, text));
        (0..ast.len())
            .filter(|node| matches!(ast.kind(*node).name(), "await_expression" | "call_expression"))
            .map(shown)
            .collect()
    }

    #[test]
    fn a_call_with_type_arguments_is_awaited_as_a_whole() {
        assert_eq!(kinds("await f<T>(x);"), ["await_expression await f<T>(x)", "call_expression f<T>(x)"]);
        assert_eq!(kinds("await f(x);"), ["await_expression await f(x)", "call_expression f(x)"]);
        assert_eq!(kinds("(await f)(x);"), ["call_expression (await f)(x)", "await_expression await f"]);
    }
}
