//! A code snippet compiled: the tree that the language's own grammar makes of it, with its holes marked.

use rune_syntax::{Ast, Kind, Language, NodeId, parse, parse_snippet};

use crate::dsl::{Offsets, Slot};
use crate::lex::{ANY, BARE, CHAIN, GAP, HOLE, LIST, Lexed, OPTIONAL, PREFIX, Style, lex};
use crate::matcher::is_literal;
use crate::parse::Scope;
use crate::shape::{Shape, shapes};

/// What a node of a snippet stands for.
#[derive(Debug, Clone, PartialEq)]
pub enum Mark {
    /// Itself.
    Plain,
    /// Any node, bound if the slot is given.
    Hole(Option<Slot>),
    /// A string literal, whose value is bound if the slot is given.
    StringHole(Option<Slot>),
    /// Any number of siblings.
    Gap,
    /// Any number of siblings, bound as a list.
    List(Slot),
    /// One sibling or none.
    Optional(Slot),
    /// A member access that stands for any further links of a chain.
    Chain,
    /// A name of a module (with members), as one of these dotted paths.
    Import(Vec<ImportPath>),
}

/// A module and the dotted path inside it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ImportPath {
    /// The module.
    pub module: String,
    /// The path of the export; empty for the module or its default export.
    pub path: String,
}

/// A snippet for one family of languages.
#[derive(Debug, Clone)]
pub struct Snippet {
    /// The family it was parsed as.
    pub family: &'static str,
    /// Its tree.
    pub ast: Ast,
    /// The text of the tree: the snippet with placeholders.
    pub text: String,
    /// The root; for a sequence of statements, their parent.
    pub root: NodeId,
    /// Whether the root's children are matched as a run of siblings.
    pub is_sequence: bool,
    /// The place it was read as: `expression`, `statements`, `pair`, `member`, …
    pub context: &'static str,
    /// Whether equivalences are off.
    pub exact: bool,
    /// A mark for each node.
    pub marks: Vec<Mark>,
    /// A shape for each node.
    pub(crate) shapes: Vec<Shape>,
    /// The assignment that the root is a statement of, in Python: it may stand within another one too.
    pub(crate) inner_assignment: Option<NodeId>,
    /// The captures it can bind, in order of appearance.
    pub captures: Vec<Slot>,
    /// Texts that a file must hold, each group with at least one of its texts; from the part that must stand literally.
    pub literals: Vec<Vec<String>>,
    /// Spellings of modules of which one must be imported somewhere in the project; empty if none need be.
    pub modules: Vec<String>,
    /// The capture whose name stands in the callee, if any: a list of its names is a literal group too.
    pub spine_captures: Vec<Slot>,
}

/// Why a snippet does not compile.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SnippetError {
    /// A stable code.
    pub code: &'static str,
    /// Byte offsets in the snippet.
    pub at: Offsets,
    /// What is wrong.
    pub message: String,
    /// What to write.
    pub help: Option<String>,
}

/// The words of a tag that name a language, with its family.
const LANGUAGE_TAGS: &[(&str, &str)] = &[
    ("ts", "ecma"),
    ("py", "python"),
    ("json", "json"),
    ("toml", "toml"),
    ("yaml", "yaml"),
    ("graphql", "graphql"),
    ("env", "env"),
    ("prisma", "prisma"),
];

/// The words of a tag that name a place in the grammar.
const PLACE_TAGS: &[(&str, Context)] = &[
    ("statement", Context::Statements),
    ("pair", Context::Pair),
    ("member", Context::Member),
    ("parameter", Context::Parameter),
    ("type", Context::Type),
    ("decorator", Context::Decorator),
];

/// What is wrong with a tag, and the mend.
pub(crate) fn tag_fault(tags: &[String]) -> Option<(String, String)> {
    let languages = || LANGUAGE_TAGS.iter().map(|(name, _)| *name);
    let places = || PLACE_TAGS.iter().map(|(name, _)| *name);
    let known = || languages().chain(places()).chain(["exact"]);
    if let Some(tag) = tags.iter().find(|tag| known().all(|name| name != *tag)) {
        let meant = match tag.to_lowercase().as_str() {
            "js" | "jsx" | "tsx" | "ecma" | "javascript" | "typescript" => Some("ts"),
            "python" => Some("py"),
            other => known().find(|name| strsim::damerau_levenshtein(name, other) <= 1),
        };
        let all = || format!("a tag is a language ({}), a place ({}) or exact", list(languages()), list(places()));
        let help = meant.map_or_else(all, |near| format!("did you mean `{near}`?"));
        return Some((format!("there is no tag `{tag}`"), help));
    }
    let more_than_one = |names: Vec<&str>| tags.iter().filter(|tag| names.contains(&tag.as_str())).count() > 1;
    if more_than_one(languages().collect()) || more_than_one(places().collect()) {
        let help = "write the code once for each, joined by `or`".to_owned();
        return Some(("a tag names one language and one place".to_owned(), help));
    }
    None
}

fn list<'n>(names: impl Iterator<Item = &'n str>) -> String {
    names.collect::<Vec<_>>().join(", ")
}

impl Snippet {
    /// Compiles `source` for each family it is meant for: the one its tag names, else those of the rule that can read it.
    /// Identifiers that a `use` line names are matched by what they refer to.
    pub(crate) fn compile(source: &str, tags: &[String], scope: &mut Scope<'_>) -> Result<Vec<Snippet>, SnippetError> {
        let exact = tags.iter().any(|tag| tag == "exact");
        let place = tags.iter().find(|tag| Context::of_tag(tag).is_some()).map(String::as_str);
        let tagged = tags.iter().find_map(|tag| LANGUAGE_TAGS.iter().find(|(name, _)| name == tag));
        let families: Vec<&str> = match tagged {
            Some((_, family)) => vec![family],
            None => scope.families.iter().map(String::as_str).collect(),
        };
        let mut snippets = Vec::new();
        let mut errors = Vec::new();
        for family in &families {
            match compile_for(source, family, place, exact, scope) {
                Ok(snippet) => snippets.push(snippet),
                Err(error) => errors.push(error),
            }
        }
        match errors.into_iter().next() {
            Some(error) if !snippets.is_empty() => {
                let tag = LANGUAGE_TAGS.iter().find(|(_, family)| *family == snippets[0].family).map_or("ts", |(tag, _)| *tag);
                let help = format!("code must parse in every language of the rule, or say which it is: {tag}`…`");
                Err(SnippetError { help: Some(help), ..error })
            }
            Some(error) => Err(error),
            None if snippets.is_empty() => Err(SnippetError {
                code: "no-language",
                at: 0..source.len(),
                message: "this rule names no language, so its code cannot be read".into(),
                help: Some("add `languages: [ecma]`, or tag the code: ts`…`, py`…`".into()),
            }),
            None => Ok(snippets),
        }
    }

    /// The mark of a node.
    pub fn mark(&self, node: NodeId) -> &Mark {
        &self.marks[node as usize]
    }

    /// What is fixed of a node.
    pub(crate) fn shape(&self, node: NodeId) -> &Shape {
        &self.shapes[node as usize]
    }

    /// The source of a node of the snippet.
    pub fn node_text(&self, node: NodeId) -> &str {
        self.ast.text(node, &self.text)
    }

    /// The kind of the root if only nodes of that kind can match; `None` for holes and sequences.
    pub fn root_kind(&self) -> Option<Kind> {
        (!self.is_sequence && *self.mark(self.root) == Mark::Plain).then(|| self.ast.kind(self.root))
    }

    /// The kinds of nodes that can match when code is searched; `None` if it can be any.
    pub fn searched_kinds(&self) -> Option<Vec<Kind>> {
        if *self.mark(self.root) == Mark::Chain {
            let object = self.ast.child_named(self.root, "object").filter(|object| *self.mark(*object) == Mark::Plain)?;
            let links = LINKS.iter().map(|name| Kind::of(name));
            return Some(links.chain([self.ast.kind(object)]).collect());
        }
        let kind = self.root_kind()?;
        let inner = self.inner_assignment.map(|inner| self.ast.kind(inner));
        let others = STANDS_FOR.iter().filter(|(name, _)| *name == kind.name() && !self.exact).flat_map(|(_, others)| *others);
        Some(std::iter::once(kind).chain(inner).chain(others.map(|name| Kind::of(name))).collect())
    }

    fn find_inner_assignment(&self) -> Option<NodeId> {
        let inner = self.ast.children(self.root).next()?;
        let is_assignment = self.ast.kind(inner).name() == "assignment" && *self.mark(inner) == Mark::Plain;
        (is_assignment && self.root_kind()?.name() == "expression_statement").then_some(inner)
    }
}

/// Kinds of code that a root of another kind may match, by the equivalences.
const STANDS_FOR: &[(&str, &[&str])] = &[
    ("member_expression", &["identifier", "subscript_expression"]),
    ("subscript_expression", &["member_expression"]),
    ("required_parameter", &["optional_parameter"]),
    ("typed_parameter", &["typed_default_parameter"]),
];

/// Kinds of nodes that build a chain.
pub(crate) const LINKS: &[&str] =
    &["call_expression", "call", "member_expression", "attribute", "subscript_expression", "subscript", "non_null_expression"];

fn style_of(family: &str) -> Style {
    match family {
        "ecma" => Style::Ecma,
        "python" => Style::Python,
        "json" => Style::Json,
        "toml" => Style::Toml,
        "yaml" => Style::Yaml,
        "graphql" => Style::GraphQl,
        _ => Style::Plain,
    }
}

fn compile_for(
    source: &str,
    family: &str,
    place: Option<&str>,
    exact: bool,
    scope: &mut Scope<'_>,
) -> Result<Snippet, SnippetError> {
    let Some(language) = Language::of_family(family).into_iter().last() else {
        let message = format!("rune reads no code of the language `{family}`");
        return Err(SnippetError { code: "no-language", at: 0..source.len(), message, help: None });
    };
    let lexed = lex(source, style_of(family));
    if let Some(at) = lexed.lower.clone() {
        let name = source.get(at.start + 1..at.end).unwrap_or("");
        return Err(SnippetError {
            code: "capture-case",
            message: "captures are upper case".to_owned(),
            help: Some(format!("did you mean `${}`? Code that says `${name}` is written `\\${name}`", name.to_uppercase())),
            at,
        });
    }
    let root = Context::ladder(family, place).iter().find_map(|context| context.read(&lexed.text, family));
    let Some(Root { ast, text, root, is_sequence, context }) = root else {
        return Err(unreadable(source, &lexed, language, place));
    };
    let captures = lexed.captures.iter().map(|name| scope.captures.slot(name)).collect();
    let mut snippet = Snippet {
        family: language.family(),
        marks: vec![Mark::Plain; ast.len() as usize],
        shapes: Vec::new(),
        inner_assignment: None,
        ast,
        text,
        root,
        is_sequence,
        context: context.name(),
        exact,
        captures,
        literals: Vec::new(),
        modules: Vec::new(),
        spine_captures: Vec::new(),
    };
    mark_all(&mut snippet, scope);
    snippet.shapes = shapes(&snippet.ast, &snippet.marks);
    snippet.inner_assignment = snippet.find_inner_assignment();
    collect_literals(&mut snippet, scope);
    Ok(snippet)
}

fn unreadable(source: &str, lexed: &Lexed, language: Language, place: Option<&str>) -> SnippetError {
    let family = language.family();
    let error = |at: Offsets, message: String, help: &str| SnippetError {
        code: "snippet-parse",
        at,
        message,
        help: Some(help.to_owned()),
    };
    if source.trim().is_empty() {
        return error(0..source.len(), "there is no code between these backticks".to_owned(), "write the code to look for");
    }
    if let Some((at, bracket)) = odd_bracket(&lexed.text) {
        let at = lexed.origin(at).min(source.len() - 1);
        let message = match bracket {
            '(' | '[' | '{' => format!("`{bracket}` is not closed in this code"),
            _ => format!("nothing is open in this code that `{bracket}` could close"),
        };
        return error(at..at + 1, message, "code stands with all of its brackets");
    }
    // The reading that gets furthest is the one that was meant.
    let faults: Vec<_> = Context::ladder(family, place).iter().filter_map(|context| context.fault(&lexed.text, family)).collect();
    let inside = faults.iter().filter(|fault| fault.start < lexed.text.trim_end().len());
    let fault = inside.max_by_key(|fault| (fault.start, std::cmp::Reverse(fault.end))).or(faults.first()).cloned();
    let at = fault.map_or(0..source.len(), |fault| {
        let start = lexed.origin(fault.start).min(source.len().saturating_sub(1));
        let end = lexed.origin(fault.end).clamp(start, source.len());
        start..source.len().min(end.max(start + 1))
    });
    let at = if source.is_char_boundary(at.start) && source.is_char_boundary(at.end) { at } else { 0..source.len() };
    let as_what = place.map_or(String::new(), |place| format!(" as a {place}"));
    let name = match family {
        "ecma" => "TypeScript",
        "python" => "Python",
        "json" => "JSON",
        "toml" => "TOML",
        "yaml" => "YAML",
        "graphql" => "GraphQL",
        "env" => "a file of environment variables",
        "sql" => "SQL",
        other => other,
    };
    let needs_body = language == Language::Python && source.contains("def ") && source.trim_end().ends_with([':', ')']);
    let help = match place {
        _ if needs_body => "a definition needs a body: write `def $F(...): ...`",
        Some(_) => "leave the tag out, or write code that can stand there",
        None => "write code that stands by itself, or say with a tag what it is: pair`…`, member`…`, parameter`…`",
    };
    error(at, format!("this code does not parse{as_what} in {name}"), help)
}

/// The first bracket that has no partner. Brackets in strings and template literals do not count.
fn odd_bracket(text: &str) -> Option<(usize, char)> {
    let mut open: Vec<(usize, char)> = Vec::new();
    let mut quote = None;
    let mut escaped = false;
    for (at, c) in text.char_indices() {
        match (quote, c) {
            _ if escaped => escaped = false,
            (_, '\\') => escaped = true,
            (Some(open), _) => quote = (c != open).then_some(open),
            (None, '"' | '\'' | '`') => quote = Some(c),
            (None, '/') => return None,
            (None, '(' | '[' | '{') => open.push((at, c)),
            (None, ')' | ']' | '}') => {
                let partner = match c {
                    ')' => '(',
                    ']' => '[',
                    _ => '{',
                };
                if open.pop().is_none_or(|(_, opening)| opening != partner) {
                    return Some((at, c));
                }
            }
            _ => {}
        }
    }
    open.pop()
}

fn parse_family(text: &str, family: &str) -> Ast {
    match family {
        "ecma" => {
            let ast = parse(text, Language::Tsx);
            // Without `<` there is no cast and no JSX, in which alone the two differ.
            if ast.errors().is_empty() || !text.contains('<') { ast } else { parse(text, Language::TypeScript) }
        }
        "python" => parse(text, Language::Python),
        "json" => parse(text, Language::Json),
        "prisma" => parse_snippet(text, Language::Prisma),
        "toml" => parse_snippet(text, Language::Toml),
        "yaml" => parse(text, Language::Yaml),
        "graphql" => parse(text, Language::GraphQl),
        "env" => parse(text, Language::Env),
        "sql" => parse(text, Language::Sql),
        _ => parse(text, Language::Text),
    }
}

struct Root {
    ast: Ast,
    text: String,
    root: NodeId,
    is_sequence: bool,
    context: Context,
}

/// A place in the grammar that a snippet may be read at.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Context {
    Expression,
    Statements,
    Pair,
    Member,
    Parameter,
    Argument,
    Type,
    Decorator,
    Document,
}

impl Context {
    fn of_tag(tag: &str) -> Option<Context> {
        PLACE_TAGS.iter().find(|(name, _)| *name == tag).map(|(_, context)| *context)
    }

    fn name(self) -> &'static str {
        match self {
            Context::Expression => "expression",
            Context::Statements => "statements",
            Context::Pair => "pair",
            Context::Member => "member",
            Context::Parameter => "parameter",
            Context::Argument => "argument",
            Context::Type => "type",
            Context::Decorator => "decorator",
            Context::Document => "document",
        }
    }

    /// The places to try, in order: the first without an error is taken.
    fn ladder(family: &str, place: Option<&str>) -> Vec<Context> {
        if let Some(context) = place.and_then(Context::of_tag) {
            return vec![context];
        }
        use Context::*;
        match family {
            "ecma" => vec![Expression, Statements, Pair, Member, Parameter, Decorator, Type],
            "python" => vec![Expression, Statements, Argument, Pair, Parameter, Decorator],
            "json" => vec![Document, Pair],
            "graphql" => vec![Document, Member],
            _ => vec![Document],
        }
    }

    /// What is put around a snippet so that it stands at this place.
    fn wrapping(self, family: &str) -> (&'static str, &'static str) {
        match (self, family) {
            (Context::Member, "graphql") => ("type T {", "\n}"),
            _ => self.wrap(family == "python" || family == "json"),
        }
    }

    fn wrap(self, python: bool) -> (&'static str, &'static str) {
        match (self, python) {
            (Context::Expression, _) => ("(", "\n)"),
            (Context::Statements | Context::Document, _) => ("", ""),
            (Context::Pair, true) => ("{", "}"),
            (Context::Pair, false) => ("({", "})"),
            (Context::Member, true) => ("class C:\n", ""),
            (Context::Member, false) => ("class C {", "}"),
            (Context::Parameter, true) => ("def f(", "): pass"),
            (Context::Parameter, false) => ("class C { constructor(", ") {} }"),
            (Context::Argument, _) => ("f(", ")"),
            (Context::Type, true) => ("x: ", ""),
            (Context::Type, false) => ("type T = ", ";"),
            (Context::Decorator, true) => ("", "\ndef f(): pass"),
            (Context::Decorator, false) => ("", " class C {}"),
        }
    }

    /// Where the text does not fit at this place, in bytes of the text.
    fn fault(self, snippet: &str, family: &str) -> Option<std::ops::Range<usize>> {
        let (before, after) = self.wrapping(family);
        let ast = parse_family(&format!("{before}{snippet}{after}"), family);
        let error = ast.errors().first()?;
        let inside = |at: u32| (at as usize).saturating_sub(before.len()).min(snippet.len());
        Some(inside(error.start)..inside(error.end))
    }

    /// Reads the text at this place; `None` if it does not fit there.
    fn read(self, snippet: &str, family: &str) -> Option<Root> {
        let python = family == "python";
        let (before, after) = self.wrapping(family);
        let body = if python { indented(snippet, self) } else { snippet.trim().to_owned() };
        if self == Context::Expression && is_no_expression(&body, python) {
            return None;
        }
        let text = format!("{before}{body}{after}");
        let ast = parse_family(&text, family);
        if !ast.errors().is_empty() || (python && has_empty_body(&ast)) {
            return None;
        }
        let (root, is_sequence) = self.root_of(&ast, before.len() as u32, (before.len() + body.len()) as u32)?;
        Some(Root { ast, text, root, is_sequence, context: self })
    }

    fn root_of(self, ast: &Ast, start: u32, end: u32) -> Option<(NodeId, bool)> {
        let only_child = |node: NodeId| {
            let mut children = ast.children(node);
            let first = children.next()?;
            children.next().is_none().then_some(first)
        };
        let fits = |node: &NodeId| ast.span(*node).start >= start && ast.span(*node).end <= end;
        match self {
            Context::Expression => {
                let statement = only_child(0)?;
                let inner = only_child(statement).filter(|_| ast.kind(statement) == Kind::of("expression_statement"))?;
                let is_list = ast.kind(inner) == Kind::of("sequence_expression") || ast.kind(inner).name() == "tuple";
                (fits(&inner) && (!is_list || ast.kind(inner).name() == "tuple")).then_some((inner, false))
            }
            Context::Statements => match ast.children(0).count() {
                0 => None,
                // `maxAge: 5` is meant as a pair, not as a statement with a label.
                1 => only_child(0).filter(|node| !is_labelled_expression(ast, *node)).map(|node| (node, false)),
                _ => Some((0, true)),
            },
            Context::Document => {
                let child = only_child(0)?;
                Some((child, false))
            }
            _ => {
                // The outermost node that covers exactly what was written.
                let covering = (0..ast.len()).filter(fits).find(|node| {
                    let span = ast.span(*node);
                    span.start == start && span.end == end
                });
                let parent = covering.and_then(|node| ast.parent(node))?;
                let expected = match self {
                    Context::Pair => ["object", "dictionary"].contains(&ast.kind(parent).name()),
                    Context::Member => ["class_body", "block", "fields_definition"].contains(&ast.kind(parent).name()),
                    Context::Parameter => ["formal_parameters", "parameters"].contains(&ast.kind(parent).name()),
                    Context::Argument => ast.kind(parent).name() == "argument_list",
                    Context::Decorator => covering.is_some_and(|node| ast.kind(node).name() == "decorator"),
                    _ => true,
                };
                if expected { covering.map(|node| (node, false)) } else { None }
            }
        }
    }
}

/// Whether a text begins as a statement or declaration does whose words the grammar takes for names in brackets: there
/// `return (a)` reads as a call of `return`, `const [a] = b` as an assignment to an item of `const`.
fn is_no_expression(text: &str, python: bool) -> bool {
    let word = text.split(|c: char| !c.is_alphanumeric() && c != '_' && c != '$').next().unwrap_or("");
    let rest = &text[word.len()..];
    match word {
        "return" | "break" | "continue" | "if" | "for" | "while" | "try" | "with" => true,
        "throw" | "switch" | "export" => !python,
        "raise" | "assert" | "del" | "class" | "def" | "import" | "from" => python,
        "const" | "let" | "var" => rest.starts_with(|c: char| c.is_whitespace() || c == '['),
        _ => false,
    }
}

/// The grammar of Python takes a definition without a body.
fn has_empty_body(ast: &Ast) -> bool {
    (0..ast.len()).any(|node| ast.kind(node).name() == "block" && ast.children(node).next().is_none())
}

fn is_labelled_expression(ast: &Ast, node: NodeId) -> bool {
    ast.kind(node).name() == "labeled_statement"
        && ast.children(node).last().is_some_and(|body| ast.kind(body).name() == "expression_statement")
}

/// Python: the common indentation goes, and in a class body one level comes.
fn indented(snippet: &str, context: Context) -> String {
    let lines: Vec<&str> = snippet.trim_matches('\n').lines().collect();
    let margin = |line: &&str| line.len() - line.trim_start().len();
    let common = lines.iter().filter(|line| !line.trim().is_empty()).map(margin).min().unwrap_or(0);
    let indent = if context == Context::Member { "    " } else { "" };
    let lines: Vec<String> = lines.iter().map(|line| format!("{indent}{}", line.get(common..).unwrap_or(""))).collect();
    let text = lines.join("\n");
    if context == Context::Member { text } else { text.trim().to_owned() }
}

// ---- marks

fn placeholder_mark(text: &str, scope: &mut Scope<'_>) -> Option<Mark> {
    let named = |rest: &str| rest.strip_suffix("__").unwrap_or(rest).to_owned();
    if !text.starts_with(PREFIX) {
        return None;
    }
    Some(if text == GAP {
        Mark::Gap
    } else if text == CHAIN {
        Mark::Chain
    } else if text == ANY {
        Mark::Hole(None)
    } else if let Some(rest) = text.strip_prefix(HOLE) {
        Mark::Hole(Some(scope.captures.slot(&named(rest))))
    } else if let Some(rest) = text.strip_prefix(LIST) {
        Mark::List(scope.captures.slot(&named(rest)))
    } else {
        Mark::Optional(scope.captures.slot(&named(text.strip_prefix(OPTIONAL)?)))
    })
}

/// Nodes that only wrap the item they hold: a hole in them stands for the whole.
const WRAPPERS: &[&str] = &[
    "expression_statement",
    "pair",
    "public_field_definition",
    "dictionary_splat",
    "list_splat",
    "import_specifier",
    "export_specifier",
    "property_signature",
    "required_parameter",
    "dotted_name",
    "block",
    "field_declaration",
    "keyword_argument",
    "switch_case",
    "field_definition",
    "input_value_definition",
    "argument",
];

fn mark_all(snippet: &mut Snippet, scope: &mut Scope<'_>) {
    for node in (0..snippet.ast.len()).rev() {
        let mark = mark_of(snippet, node, scope);
        snippet.marks[node as usize] = mark;
    }
}

fn mark_of(snippet: &Snippet, node: NodeId, scope: &mut Scope<'_>) -> Mark {
    let ast = &snippet.ast;
    let text = snippet.node_text(node);
    let kind = ast.kind(node).name();
    let children: Vec<NodeId> = ast.children(node).collect();
    // Where a language has no bare identifiers, a hole in the place of a key was quoted too.
    if kind == "string" || (kind == "property_identifier" && text.starts_with('"')) {
        return string_mark(snippet, text, scope);
    }
    if children.is_empty() {
        return placeholder_mark(text, scope).unwrap_or(Mark::Plain);
    }
    if let Some(mark) = lifted(snippet, node, kind, &children) {
        return mark;
    }
    if matches!(kind, "member_expression" | "attribute")
        && children.last().is_some_and(|last| snippet.marks[*last as usize] == Mark::Chain)
    {
        return Mark::Chain;
    }
    import_mark(snippet, node, scope).unwrap_or(Mark::Plain)
}

fn string_mark(snippet: &Snippet, text: &str, scope: &mut Scope<'_>) -> Mark {
    let inner = text.trim_matches(['"', '\'']);
    if let Some(mark) = inner.strip_prefix(BARE).and_then(|inner| placeholder_mark(inner, scope)) {
        return mark;
    }
    match placeholder_mark(inner, scope) {
        Some(Mark::Hole(slot)) => Mark::StringHole(slot),
        Some(mark) if matches!(snippet.family, "json" | "toml" | "yaml") => mark,
        _ => Mark::Plain,
    }
}

/// A wrapper takes the mark of the only thing in it.
fn lifted(snippet: &Snippet, node: NodeId, kind: &str, children: &[NodeId]) -> Option<Mark> {
    if !WRAPPERS.contains(&kind) {
        return None;
    }
    let first = &snippet.marks[*children.first()? as usize];
    let alone = children.len() == 1;
    let text = snippet.node_text(node);
    match (kind, first) {
        ("expression_statement", Mark::Hole(_)) if alone && !has_semicolon(text) => Some(first.clone()),
        ("expression_statement", Mark::Gap | Mark::List(_)) if alone => Some(first.clone()),
        ("block", Mark::Hole(_)) if alone => Some(first.clone()),
        ("dotted_name", Mark::Hole(_)) if alone => Some(first.clone()),
        ("pair", Mark::Gap | Mark::List(_)) => Some(first.clone()),
        ("field_definition" | "input_value_definition" | "argument", Mark::Gap | Mark::List(_)) if !text.contains('@') => {
            Some(first.clone())
        }
        ("switch_case", Mark::Gap) if alone => Some(first.clone()),
        (
            "public_field_definition"
            | "dictionary_splat"
            | "list_splat"
            | "import_specifier"
            | "export_specifier"
            | "property_signature"
            | "required_parameter",
            Mark::Gap | Mark::List(_),
        ) if alone => Some(first.clone()),
        _ => None,
    }
}

/// An identifier of a `use` line, or a member path on it.
fn import_mark(snippet: &Snippet, node: NodeId, scope: &Scope<'_>) -> Option<Mark> {
    let ast = &snippet.ast;
    if !matches!(ast.kind(node).name(), "member_expression" | "attribute") {
        return None;
    }
    let object = ast.child_named(node, "object")?;
    let name = ast.child_named(node, "property").or_else(|| ast.child_named(node, "attribute"))?;
    if snippet.marks[name as usize] != Mark::Plain {
        return None;
    }
    let paths = import_paths(snippet, object, scope)?;
    let key = snippet.node_text(name);
    let extended = paths.into_iter().map(|path| ImportPath {
        path: if path.path.is_empty() { key.to_owned() } else { format!("{}.{key}", path.path) },
        module: path.module,
    });
    Some(Mark::Import(extended.collect()))
}

fn import_paths(snippet: &Snippet, node: NodeId, scope: &Scope<'_>) -> Option<Vec<ImportPath>> {
    if let Mark::Import(paths) = &snippet.marks[node as usize] {
        return Some(paths.clone());
    }
    use_paths(snippet.node_text(node), scope)
}

/// The paths that a name of a `use` line may be: the module itself, or its export of that name.
pub(crate) fn use_paths(name: &str, scope: &Scope<'_>) -> Option<Vec<ImportPath>> {
    let lines: Vec<_> = scope.uses.iter().filter(|line| line.name == name).collect();
    if lines.is_empty() {
        return None;
    }
    let modules = lines.iter().flat_map(|line| &line.modules);
    let both = modules.flat_map(|module| {
        let path = |path: &str| ImportPath { module: module.clone(), path: path.to_owned() };
        [path(""), path(name)]
    });
    Some(both.collect())
}

// ---- literals for the prefilter

fn collect_literals(snippet: &mut Snippet, scope: &Scope<'_>) {
    // Leaves of a `use` name are marked last, so that member paths see the plain names first.
    for node in 0..snippet.ast.len() {
        let kind = snippet.ast.kind(node).name();
        let is_name = matches!(kind, "identifier" | "type_identifier");
        let in_import = snippet.ast.parent(node).is_some_and(|p| matches!(snippet.marks[p as usize], Mark::Import(_)));
        if is_name
            && !in_import
            && snippet.marks[node as usize] == Mark::Plain
            && !is_key_or_binding(snippet, node)
            && let Some(paths) = use_paths(snippet.node_text(node), scope)
        {
            snippet.marks[node as usize] = Mark::Import(paths);
        }
    }
    let mut groups = Vec::new();
    let mut spine_captures = Vec::new();
    let mut node = snippet.root;
    loop {
        spine_literal(snippet, node, &mut groups, &mut spine_captures);
        if let Mark::Import(_) = snippet.mark(node) {
            break;
        }
        match spine_child(snippet, node) {
            Some(next) => node = next,
            None => break,
        }
    }
    snippet.literals = groups;
    snippet.spine_captures = spine_captures;
    let paths = first_import(snippet);
    snippet.modules = paths.iter().flat_map(|path| spelled_module(snippet.family, &path.module)).collect();
}

/// What the first name of a module means that must be matched: in a literal it need not be, as nobody may know what that is.
fn first_import(snippet: &Snippet) -> &[ImportPath] {
    let mut node = snippet.root;
    while node < snippet.ast.subtree_end(snippet.root) {
        match snippet.mark(node) {
            Mark::Import(paths) => return paths,
            Mark::Plain | Mark::Chain if !is_literal(snippet.ast.kind(node)) => node += 1,
            _ => node = snippet.ast.subtree_end(node),
        }
    }
    &[]
}

/// How a module is spelled wherever it is imported: `from a.b import c` may be `from a import b`.
fn spelled_module(family: &str, module: &str) -> Vec<String> {
    match family {
        "python" => vec![module.split('.').next().unwrap_or(module).to_owned()],
        _ => ['"', '\'', '`'].iter().map(|quote| format!("{quote}{module}")).collect(),
    }
}

/// Whether the author ended the statement; the lexer puts a semicolon of its own after white space, before a gap.
fn has_semicolon(text: &str) -> bool {
    text.strip_suffix(';').is_some_and(|text| !text.ends_with(char::is_whitespace))
}

fn is_key_or_binding(snippet: &Snippet, node: NodeId) -> bool {
    let field = snippet.ast.field(node).name();
    let parent = snippet.ast.parent(node).map_or("", |p| snippet.ast.kind(p).name());
    (field == "name" && !matches!(parent, "jsx_opening_element" | "generic_type"))
        || (field == "attribute" && parent == "attribute")
        || (field == "key")
}

/// The next inner node that must stand literally in a match: the callee, its object, the awaited call, the new class.
fn spine_child(snippet: &Snippet, node: NodeId) -> Option<NodeId> {
    let ast = &snippet.ast;
    let kind = ast.kind(node).name();
    let next = match kind {
        "call_expression" | "call" => ast.child_named(node, "function"),
        "new_expression" => ast.child_named(node, "constructor"),
        "member_expression" | "attribute" => ast.child_named(node, "object"),
        "await_expression" | "await" | "expression_statement" | "unary_expression" => ast.children(node).last(),
        "assignment_expression" | "assignment" => ast.child_named(node, "left"),
        "lexical_declaration" => ast.children(node).find(|child| ast.kind(*child).name() == "variable_declarator"),
        _ => None,
    };
    next.filter(|child| !matches!(snippet.mark(*child), Mark::Hole(_)))
}

fn spine_literal(snippet: &Snippet, node: NodeId, groups: &mut Vec<Vec<String>>, captures: &mut Vec<Slot>) {
    let ast = &snippet.ast;
    match snippet.mark(node) {
        Mark::Import(paths) => {
            let last = |path: &ImportPath| match path.path.rsplit('.').next() {
                Some(name) if !name.is_empty() => name.to_owned(),
                _ => path.module.clone(),
            };
            groups.push(paths.iter().map(last).collect());
            return;
        }
        Mark::Plain | Mark::Chain => {}
        _ => return,
    }
    let kind = ast.kind(node).name();
    let key = ast.child_named(node, "key").filter(|key| kind == "pair" && *snippet.mark(*key) == Mark::Plain);
    if let Some(key) = key.map(|key| snippet.node_text(key)).filter(|key| !key.contains(['\\', '[', '.'])) {
        groups.push(vec![key.trim_matches(['"', '\'']).to_owned()]);
    }
    if matches!(kind, "identifier" | "property_identifier") {
        groups.push(vec![snippet.node_text(node).to_owned()]);
    }
    let member = ast.child_named(node, "property").or_else(|| ast.child_named(node, "attribute"));
    if matches!(kind, "member_expression" | "attribute")
        && let Some(name) = member
    {
        match snippet.mark(name) {
            Mark::Plain => groups.push(vec![snippet.node_text(name).to_owned()]),
            Mark::Hole(Some(slot)) => captures.push(*slot),
            _ => {}
        }
    }
    if let Some(annotation) = ast.child_named(node, "type").filter(|_| TYPED.contains(&kind)) {
        type_literals(snippet, annotation, groups);
    }
    let declared = matches!(kind, "class_declaration" | "method_definition" | "class_definition" | "function_definition");
    if declared {
        for decorator in ast.children(node).filter(|child| ast.kind(*child).name() == "decorator") {
            decorator_literal(snippet, decorator, groups);
        }
    }
}

/// Kinds of nodes that say the type of what they name.
const TYPED: &[&str] =
    &["variable_declarator", "required_parameter", "optional_parameter", "typed_parameter", "typed_default_parameter"];

/// The names in a type: those that a `use` line names, and in TypeScript all, as types are compared as they are written.
fn type_literals(snippet: &Snippet, annotation: NodeId, groups: &mut Vec<Vec<String>>) {
    for node in annotation..snippet.ast.subtree_end(annotation) {
        match snippet.mark(node) {
            Mark::Import(_) => spine_literal(snippet, node, groups, &mut Vec::new()),
            Mark::Plain if snippet.ast.kind(node).name() == "type_identifier" => {
                groups.push(vec![snippet.node_text(node).to_owned()]);
            }
            _ => {}
        }
    }
}

fn decorator_literal(snippet: &Snippet, decorator: NodeId, groups: &mut Vec<Vec<String>>) {
    let nodes = decorator..snippet.ast.subtree_end(decorator);
    for node in nodes {
        if let Mark::Import(paths) = snippet.mark(node) {
            groups.push(paths.iter().map(|p| if p.path.is_empty() { p.module.clone() } else { p.path.clone() }).collect());
        }
    }
}
