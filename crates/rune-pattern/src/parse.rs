//! From DSL text to its tree, through pest. Messages speak the DSL's words: no name of a grammar rule leaves this file.

use pest::Parser;
use pest::error::{ErrorVariant, InputLocation};
use pest::iterators::Pair;

use crate::dsl::*;
use crate::expression::Expression;
use crate::snippet::{Snippet, SnippetError, tag_fault};

#[derive(pest_derive::Parser)]
#[grammar = "match.pest"]
struct Grammar;

/// What is wrong with a DSL text.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PatternError {
    /// A stable kebab-case code.
    pub code: &'static str,
    /// Byte offsets in the DSL text.
    pub at: Offsets,
    /// What is wrong.
    pub message: String,
    /// What to write.
    pub help: Option<String>,
}

/// The deepest nesting of brackets a DSL text may have.
const MAX_DEPTH: usize = 64;

/// The longest DSL text, in bytes.
const MAX_LENGTH: usize = 64 * 1024;

/// What the parser needs to know about the rule around the text.
#[derive(Debug)]
pub struct Scope<'a> {
    /// The families of languages the rule names.
    pub families: &'a [String],
    /// The rule's captures; grows.
    pub captures: &'a mut Captures,
    /// The rule's `use` lines; grows while a program is parsed, is read by its guards.
    pub uses: &'a mut Vec<Use>,
}

/// Parses the `match` of a rule. Everything wrong that does not hide the rest is reported together.
pub fn parse_program(text: &str, scope: &mut Scope<'_>) -> Result<Program, Vec<PatternError>> {
    let pair = parse(Rule::program, text)?;
    let mut reader = Reader { scope, errors: Vec::new() };
    let program = reader.program(pair);
    finish(reader.errors, program)
}

/// Parses the `where` of a fix.
pub fn parse_guard(text: &str, scope: &mut Scope<'_>) -> Result<Vec<Clause>, Vec<PatternError>> {
    let pair = parse(Rule::guard, text)?;
    let mut reader = Reader { scope, errors: Vec::new() };
    let clauses = pair.into_inner().filter(|p| p.as_rule() == Rule::clause).map(|p| reader.clause(p)).collect();
    finish(reader.errors, clauses)
}

fn finish<T>(errors: Vec<PatternError>, value: T) -> Result<T, Vec<PatternError>> {
    if errors.is_empty() { Ok(value) } else { Err(errors) }
}

fn parse(rule: Rule, text: &str) -> Result<Pair<'_, Rule>, Vec<PatternError>> {
    let error = |code, at: Offsets, message: String, help: Option<String>| vec![PatternError { code, at, message, help }];
    if text.len() > MAX_LENGTH {
        let message = format!("this text has {} bytes; at most {MAX_LENGTH} are read", text.len());
        return Err(error("too-long", 0..0, message, None));
    }
    if let Some(at) = too_deep(text) {
        let message = format!("brackets, or one `not` after the other, are nested more than {MAX_DEPTH} deep here");
        let help = "write a part of it as a relation rule, and join on its rows".to_owned();
        return Err(error("too-deep", at..at + 1, message, Some(help)));
    }
    match Grammar::parse(rule, text) {
        Ok(mut pairs) => Ok(pairs.next().expect("a successful parse yields the rule that was asked for")),
        Err(found) => Err(vec![syntax_error(rule, text, &found)]),
    }
}

/// Where brackets, or one `not` after the other, are nested deeper than the parser may go.
fn too_deep(text: &str) -> Option<usize> {
    let bytes = text.as_bytes();
    let (mut depth, mut n_nots, mut in_comment) = (0usize, 0usize, false);
    for (at, byte) in bytes.iter().enumerate() {
        match byte {
            b'(' | b'[' => depth += 1,
            b')' | b']' => depth = depth.saturating_sub(1),
            b'#' => in_comment = true,
            b'\n' => in_comment = false,
            b'n' if bytes[at..].starts_with(b"not") => n_nots += 1,
            b'o' if bytes[..at].ends_with(b"n") => {}
            b't' if bytes[..at].ends_with(b"no") => {}
            byte if byte.is_ascii_whitespace() || in_comment => {}
            _ => n_nots = 0,
        }
        if depth > MAX_DEPTH || n_nots > MAX_DEPTH {
            return Some(at);
        }
    }
    None
}

/// The slips people make most, looked for before pest's own expectation is put into words.
fn syntax_error(rule: Rule, text: &str, error: &pest::error::Error<Rule>) -> PatternError {
    let start = match error.location {
        InputLocation::Pos(at) | InputLocation::Span((at, _)) => at.min(text.len()),
    };
    let rest = &text[start..];
    let word: String = rest.chars().take_while(|c| c.is_alphanumeric() || *c == '_' || *c == '$').collect();
    let sign = rest.chars().take_while(|c| "=!&|<>/".contains(*c)).count();
    let end = start + word.len().max(sign).max(usize::from(!rest.is_empty() && rest.is_char_boundary(1)));
    if rest.is_empty()
        && let Some(open) = open_bracket(text)
    {
        let message = format!("this `{}` is not closed", &text[open..=open]);
        return PatternError { code: "unclosed", at: open..open + 1, message, help: Some("close it".to_owned()) };
    }
    let (code, message, help) = slip(rule, text, start, rest, &word).unwrap_or_else(|| expectation(rest, &word, error));
    PatternError { code, at: start..end, message, help }
}

/// The innermost bracket that is open at the end of a text; brackets in code, strings and comments do not count.
fn open_bracket(text: &str) -> Option<usize> {
    let mut open = Vec::new();
    let mut until: Option<char> = None;
    for (at, c) in text.char_indices() {
        match (until, c) {
            (Some(end), _) => until = (c != end).then_some(end),
            (None, '`' | '"') => until = Some(c),
            (None, '#') => until = Some('\n'),
            (None, '(' | '[') => open.push(at),
            (None, ')' | ']') => drop(open.pop()),
            _ => {}
        }
    }
    open.pop().filter(|_| until.is_none())
}

type Slip = (&'static str, String, Option<String>);

/// Where a word stands although it belongs somewhere else.
fn misplaced(text: &str, start: usize, rest: &str, word: &str) -> Option<Slip> {
    let line = text[..start].rfind('\n').map_or(0, |newline| newline + 1);
    let before = text[line..start].trim();
    let after = rest[word.len()..].trim_start();
    let is_condition = word.starts_with('$') && ["is ", "in ", "like ", "<", ">"].iter().any(|verb| after.starts_with(verb));
    let told = |message: &str, help: &str| Some(("syntax", message.to_owned(), Some(help.to_owned())));
    match (before, word) {
        ("not", _) if is_condition => told("a condition begins with `where`", &format!("write `where not {word} …`")),
        ("", _) if is_condition => told("a condition begins with `where`", &format!("write `where {word} …`")),
        ("", "find") if text[..start].trim_start().starts_with("use ") && !text[..start].contains("find ") => {
            told("a `use` line names a module", "write `use NAME from \"module\"`")
        }
        ("", "find") if start > 0 => {
            told("a pattern has one `find`", "join patterns with `or`, or look further with `has`, `inside`, `where`")
        }
        ("", "use") if start > 0 => told("`use` lines stand before `find`", "put it at the beginning"),
        ("", "report" | "and" | "or") => told(
            &format!("`{word}` cannot begin a line here"),
            "begin the line with `where`, `inside`, `has`, `before`, `after`, `not`, `focus` or `row`",
        ),
        (_, "matches" | "match") => told(&format!("`{word}` is no condition"), "write `$X like /re/`"),
        (_, "equals" | "eq") => told(&format!("`{word}` is no condition"), "write `$X is \"text\"`"),
        (_, "contains") => told("`contains` is no condition", "write `$X has …` for code in it, `$X like /re/` for a text"),
        (_, "until") => told("`until` stands behind `inside` and `has`", "write `where $X inside function until class`"),
        _ if rest.starts_with("//") || rest.starts_with("/*") => told("a comment begins with `#`", "write `# …`"),
        _ if before.ends_with("like") && rest.starts_with('"') => {
            told("`like` takes a regular expression between slashes", "write `$X like /^a/`; for an equal text `$X is \"a\"`")
        }
        _ if before.ends_with("in") && rest.starts_with('(') => told("a list stands in brackets", "write `$X in [\"a\", \"b\"]`"),
        _ if rest.starts_with('"') && !rest[1..].contains('"') => told("this string is not closed", "close it with `\"`"),
        _ if word.len() > 1 || !word.starts_with(char::is_uppercase) => None,
        _ => told("captures begin with `$`", &format!("did you mean `${word}`?")),
    }
}

fn slip(rule: Rule, text: &str, start: usize, rest: &str, word: &str) -> Option<Slip> {
    let before = text[..start].trim_end();
    let some = |help: &str| Some(help.to_owned());
    let begins = start == text.len() - text.trim_start().len() && !text.trim().is_empty();
    if rule == Rule::program && begins {
        return Some((
            "syntax",
            "a pattern begins with `use` or `find`".into(),
            some("write `find` and a code span, e.g. find `eval($X)`"),
        ));
    }
    if let Some(name) = word.strip_prefix('$')
        && name.starts_with(|c: char| c.is_lowercase())
    {
        let upper = name.to_uppercase();
        return Some(("capture-case", "captures are upper case".into(), Some(format!("did you mean `${upper}`?"))));
    }
    if rest.starts_with("==") || rest.starts_with("!=") || rest.starts_with('=') {
        return Some(("syntax", "values are compared with `is`".into(), some("write `$X is \"text\"` or `not $X is \"text\"`")));
    }
    if rest.starts_with("&&") || rest.starts_with("||") {
        return Some(("syntax", "conditions are joined with `and` and `or`".into(), some("write `where … and …`")));
    }
    if rest.starts_with('!') {
        return Some(("syntax", "a condition is denied with `not`".into(), some("write `not $X is …`")));
    }
    if rest.starts_with('\'') {
        return Some(("syntax", "strings stand in double quotes".into(), some("write `\"text\"`")));
    }
    if let Some(slip) = misplaced(text, start, rest, word) {
        return Some(slip);
    }
    if rest.starts_with('`') && !(rest[1..].contains('`') && before.ends_with(" or")) {
        return Some(("unclosed", "this code span is not closed".into(), some("close it with as many backticks as opened it")));
    }
    if before.ends_with(" or") || word == "or" {
        return Some((
            "or-needs-parentheses",
            "`or` joins conditions here, not patterns".into(),
            some("put the patterns in parentheses: `$A is (`x` or `y`)`"),
        ));
    }
    if text.trim().is_empty() {
        return Some(("syntax", "the pattern is empty".into(), some("begin with `find` and a code span")));
    }
    None
}

fn expectation(rest: &str, word: &str, error: &pest::error::Error<Rule>) -> Slip {
    let found = match (word, rest.chars().next()) {
        ("", None) => "the end".to_owned(),
        ("", Some(c)) => format!("`{c}`"),
        (word, _) => format!("`{word}`"),
    };
    let mut words: Vec<&str> = match &error.variant {
        ErrorVariant::ParsingError { positives, .. } => positives.iter().filter_map(|rule| rule_word(*rule)).collect(),
        ErrorVariant::CustomError { .. } => Vec::new(),
    };
    words.sort_unstable();
    words.dedup();
    let known = ["use", "find", "where", "inside", "has", "before", "after", "not", "focus", "row", "until"];
    let expects_code = words.contains(&"code in backticks");
    let classes = CLASS_WORDS.iter().filter(|_| expects_code);
    let near = known.iter().chain(classes).find(|known| word.len() > 1 && strsim::damerau_levenshtein(known, word) == 1);
    let help = match near {
        Some(near) => Some(format!("did you mean `{near}`?")),
        None if words.is_empty() => None,
        None => Some(format!("here may stand: {}", words.join(", "))),
    };
    ("syntax", format!("{found} is not understood here"), help)
}

/// The class words of the grammar, to choose from.
const CLASS_WORDS: &[&str] = &[
    "line",
    "function",
    "class",
    "loop",
    "call",
    "string",
    "number",
    "boolean",
    "object",
    "array",
    "statement",
    "identifier",
    "constant",
    "absent",
    "block",
    "try",
    "import",
    "conditional",
    "module",
    "member",
];

/// The DSL's own word for a grammar rule; `None` for rules that say nothing to an author.
fn rule_word(rule: Rule) -> Option<&'static str> {
    Some(match rule {
        Rule::pattern | Rule::alt | Rule::code | Rule::snippet | Rule::pattern_one => "code in backticks",
        Rule::row => "a row such as `route(path: $P)`",
        Rule::class => "a class word such as `function`",
        Rule::capture | Rule::bare | Rule::path => "a capture such as `$X`",
        Rule::clause | Rule::where_c | Rule::step | Rule::step_op => "`where`, `inside`, `has`, `before`, `after`",
        Rule::cond | Rule::and_c | Rule::un_c | Rule::atom | Rule::test => "a condition such as `$X is string`",
        Rule::operand | Rule::literal | Rule::func => "a value",
        Rule::list => "a list in brackets",
        Rule::string => "a string in double quotes",
        Rule::ident | Rule::dotted | Rule::column => "a name",
        Rule::arg => "`column: value`",
        Rule::regex => "a regular expression such as `/^a/`",
        Rule::cmp => "`<`, `<=`, `>`, `>=`",
        Rule::kw_is => "`is`",
        Rule::kw_in => "`in`",
        Rule::kw_like => "`like`",
        Rule::kw_or => "`or`",
        Rule::kw_and => "`and`",
        Rule::kw_as => "`as`",
        Rule::kw_find | Rule::find => "`find`",
        Rule::kw_from => "`from`",
        Rule::kw_until => "`until`",
        _ => return None,
    })
}

struct Reader<'s, 'a> {
    scope: &'s mut Scope<'a>,
    errors: Vec<PatternError>,
}

fn offsets(pair: &Pair<'_, Rule>) -> Offsets {
    let span = pair.as_span();
    span.start()..span.start() + span.as_str().trim_end().len()
}

impl Reader<'_, '_> {
    fn error(&mut self, code: &'static str, at: Offsets, message: String, help: Option<String>) {
        self.errors.push(PatternError { code, at, message, help });
    }

    fn program(&mut self, pair: Pair<'_, Rule>) -> Program {
        let mut find = Pattern { alts: Vec::new() };
        let mut clauses = Vec::new();
        let mut head = None;
        for part in pair.into_inner() {
            match part.as_rule() {
                Rule::use_decl => self.use_line(part),
                Rule::find => find = self.only_pattern(part),
                Rule::clause => clauses.push(self.clause(part)),
                Rule::head => head = part.into_inner().find(|p| p.as_rule() == Rule::row).map(|row| self.row(row)),
                _ => {}
            }
        }
        Program { find, clauses, head }
    }

    fn use_line(&mut self, pair: Pair<'_, Rule>) {
        let mut name = String::new();
        let mut modules = Vec::new();
        for part in pair.into_inner() {
            match part.as_rule() {
                Rule::dotted => name = part.as_str().to_owned(),
                Rule::string => modules.push(unquote(part.as_str())),
                _ => {}
            }
        }
        self.scope.uses.push(Use { name, modules });
    }

    fn only_pattern(&mut self, pair: Pair<'_, Rule>) -> Pattern {
        let inner = pair.into_inner().find(|p| p.as_rule() == Rule::pattern);
        inner.map_or(Pattern { alts: Vec::new() }, |p| self.pattern(p))
    }

    fn pattern(&mut self, pair: Pair<'_, Rule>) -> Pattern {
        Pattern { alts: pair.into_inner().filter(|p| p.as_rule() == Rule::alt).map(|p| self.alt(p)).collect() }
    }

    fn alt(&mut self, pair: Pair<'_, Rule>) -> Alt {
        let at = offsets(&pair);
        let mut kind = AltKind::Class(String::new());
        let mut bind = None;
        for part in pair.into_inner() {
            match part.as_rule() {
                Rule::code => kind = self.code(part),
                Rule::row => kind = AltKind::Row(self.row(part)),
                Rule::literal => {
                    self.check_text(&part);
                    kind = AltKind::Literal(literal(part));
                }
                Rule::class => kind = AltKind::Class(part.as_str().to_owned()),
                Rule::bare => {
                    let capture = part.into_inner().next().map_or(String::new(), |p| p.as_str().to_owned());
                    kind = AltKind::Capture(self.slot(&capture));
                }
                Rule::group => {
                    let (pattern, clauses) = self.group(part);
                    kind = AltKind::Group(Box::new(pattern), clauses);
                }
                Rule::capture => bind = Some(self.slot(part.as_str())),
                _ => {}
            }
        }
        Alt { kind, bind, at }
    }

    /// `"$X"` is a text: code stands in backticks.
    fn check_text(&mut self, pair: &Pair<'_, Rule>) {
        let text = pair.as_str().trim();
        let is_capture =
            |name: &str| !name.is_empty() && name.chars().all(|c| c.is_ascii_uppercase() || c.is_ascii_digit() || c == '_');
        if text.strip_prefix("\"$").and_then(|rest| rest.strip_suffix('"')).is_some_and(is_capture) {
            let help = Some(format!("code stands in backticks: write `{text}` between them"));
            self.error("syntax", offsets(pair), format!("{text} is a text here, not code with a capture"), help);
        }
    }

    fn slot(&mut self, capture: &str) -> Slot {
        self.scope.captures.slot(capture.trim_start_matches(['$', '.']))
    }

    fn group(&mut self, pair: Pair<'_, Rule>) -> (Pattern, Vec<Clause>) {
        let mut pattern = Pattern { alts: Vec::new() };
        let mut clauses = Vec::new();
        for part in pair.into_inner() {
            match part.as_rule() {
                Rule::pattern => pattern = self.pattern(part),
                Rule::clause => clauses.push(self.clause(part)),
                _ => {}
            }
        }
        (pattern, clauses)
    }

    fn code(&mut self, pair: Pair<'_, Rule>) -> AltKind {
        let mut tags: Vec<String> = Vec::new();
        let mut body = None;
        for part in pair.into_inner() {
            match part.as_rule() {
                Rule::tag => {
                    tags = part.as_str().split('.').map(str::to_owned).collect();
                    if let Some((message, help)) = tag_fault(&tags) {
                        self.error("unknown-tag", offsets(&part), message, Some(help));
                        return AltKind::Code(Vec::new());
                    }
                }
                Rule::snippet => body = part.into_inner().find(|p| p.as_rule() == Rule::body),
                _ => {}
            }
        }
        let Some(body) = body else { return AltKind::Code(Vec::new()) };
        let at = offsets(&body);
        match Snippet::compile(body.as_str(), &tags, self.scope) {
            Ok(snippets) => AltKind::Code(snippets),
            Err(SnippetError { code, at: inner, message, help }) => {
                self.error(code, at.start + inner.start..at.start + inner.end, message, help);
                AltKind::Code(Vec::new())
            }
        }
    }

    fn row(&mut self, pair: Pair<'_, Rule>) -> RowAtom {
        let at = offsets(&pair);
        let mut relation = String::new();
        let mut columns = Vec::new();
        for part in pair.into_inner() {
            match part.as_rule() {
                Rule::ident => relation = part.as_str().to_owned(),
                Rule::arg => {
                    let mut parts = part.into_inner();
                    if let (Some(name), Some(operand)) = (parts.next(), parts.next()) {
                        let operand = self.operand(operand);
                        columns.push((name.as_str().to_owned(), operand));
                    }
                }
                _ => {}
            }
        }
        RowAtom { relation, columns, at }
    }

    fn clause(&mut self, pair: Pair<'_, Rule>) -> Clause {
        let inner = pair.into_inner().next().expect("a clause has exactly one part");
        let at = offsets(&inner);
        match inner.as_rule() {
            Rule::focus => {
                let capture = inner.into_inner().find(|p| p.as_rule() == Rule::capture);
                Clause::Focus(capture.map_or(0, |p| self.slot(p.as_str())), at)
            }
            Rule::step => self.step_clause(inner),
            _ => {
                let cond = inner.into_inner().find(|p| p.as_rule() == Rule::cond);
                Clause::Where(cond.map_or(Cond::And(Vec::new()), |p| self.cond(p)))
            }
        }
    }

    fn step_clause(&mut self, pair: Pair<'_, Rule>) -> Clause {
        let at = offsets(&pair);
        let mut negated = false;
        let mut direction = Step::Inside;
        let mut pattern = Pattern { alts: Vec::new() };
        let mut until = None;
        for part in pair.into_inner() {
            match part.as_rule() {
                Rule::kw_not => negated = true,
                Rule::step_op => direction = step(part.as_str()),
                Rule::pattern => pattern = self.pattern(part),
                Rule::alt => until = Some(Box::new(self.alt(part))),
                _ => {}
            }
        }
        Clause::Step(StepClause { negated, step: direction, pattern, until, at })
    }

    fn cond(&mut self, pair: Pair<'_, Rule>) -> Cond {
        let mut parts: Vec<Cond> = pair.into_inner().filter(|p| p.as_rule() == Rule::and_c).map(|p| self.and(p)).collect();
        if parts.len() == 1 { parts.remove(0) } else { Cond::Or(parts) }
    }

    fn and(&mut self, pair: Pair<'_, Rule>) -> Cond {
        let mut parts: Vec<Cond> = pair.into_inner().filter(|p| p.as_rule() == Rule::un_c).map(|p| self.unary(p)).collect();
        if parts.len() == 1 { parts.remove(0) } else { Cond::And(parts) }
    }

    fn unary(&mut self, pair: Pair<'_, Rule>) -> Cond {
        let mut negated = false;
        let mut cond = Cond::And(Vec::new());
        for part in pair.into_inner() {
            match part.as_rule() {
                Rule::kw_not => negated = true,
                Rule::un_c => cond = self.unary(part),
                Rule::atom => cond = self.atom(part),
                _ => {}
            }
        }
        if negated { Cond::Not(Box::new(cond)) } else { cond }
    }

    fn atom(&mut self, pair: Pair<'_, Rule>) -> Cond {
        let at = offsets(&pair);
        let mut cond = None;
        let mut bind = None;
        for part in pair.into_inner() {
            match part.as_rule() {
                Rule::test => cond = Some(self.test(part)),
                Rule::compare => cond = Some(self.compare(part)),
                Rule::cond => cond = Some(self.cond(part)),
                Rule::row => cond = Some(Cond::Row(self.row(part), None)),
                Rule::group => {
                    let (pattern, clauses) = self.group(part);
                    cond = Some(Cond::Group(Box::new(pattern), clauses, None, at.clone()));
                }
                Rule::capture => bind = Some(self.slot(part.as_str())),
                _ => {}
            }
        }
        match cond {
            // Parentheses around a condition with an `as` of its own leave that as it is.
            Some(Cond::Row(row, inner)) => Cond::Row(row, bind.or(inner)),
            Some(Cond::Group(pattern, clauses, inner, at)) => Cond::Group(pattern, clauses, bind.or(inner), at),
            Some(cond) => cond,
            None => Cond::And(Vec::new()),
        }
    }

    fn test(&mut self, pair: Pair<'_, Rule>) -> Cond {
        let at = offsets(&pair);
        let mut parts = pair.into_inner();
        let left = parts.next().expect("a test begins with an operand");
        let left = self.operand(left);
        let word = parts.next().expect("a test has a verb");
        let right = parts.next().expect("a test has a right side");
        match word.as_rule() {
            Rule::kw_is if right.as_rule() == Rule::pattern_one => Cond::Is(left, Box::new(self.one(right)), at),
            Rule::kw_is => Cond::Equals(left, self.operand(right), at),
            Rule::kw_in => Cond::In(left, self.operand(right), at),
            Rule::kw_like => {
                let like = self.like(right);
                Cond::Like(left, like, at)
            }
            _ => {
                let target = Box::new(self.one(right));
                let until = parts.find(|p| p.as_rule() == Rule::alt).map(|p| Box::new(self.alt(p)));
                Cond::Step(left, step(word.as_str()), target, until, at)
            }
        }
    }

    fn one(&mut self, pair: Pair<'_, Rule>) -> Alt {
        let inner = pair.into_inner().next().expect("a single pattern holds one alternative");
        self.alt(inner)
    }

    fn like(&mut self, pair: Pair<'_, Rule>) -> Like {
        let at = offsets(&pair);
        match pair.as_rule() {
            Rule::regex => {
                let text = pair.as_str();
                let close = text.rfind('/').unwrap_or(text.len());
                let flags = &text[close + 1..];
                let source = text[1..close].replace("\\/", "/");
                let source = if flags.is_empty() { source } else { format!("(?{flags}){source}") };
                self.regex(&source, at)
            }
            Rule::option => Like::Option(pair.as_str()["options.".len()..].to_owned()),
            _ => Like::Path(self.operand(pair)),
        }
    }

    fn regex(&mut self, source: &str, at: Offsets) -> Like {
        match Expression::new(source) {
            Ok(expression) => {
                let slots = expression.names().iter().map(|name| (name.clone(), self.scope.captures.slot(name))).collect();
                Like::Regex(Box::new(expression), slots)
            }
            Err(error) => {
                let message = format!("this regular expression {}", regex_fault(&error));
                self.error("regex", at, message, Some(REGEX_HELP.into()));
                Like::Option(String::new())
            }
        }
    }

    fn compare(&mut self, pair: Pair<'_, Rule>) -> Cond {
        let at = offsets(&pair);
        let mut operands = Vec::new();
        let mut order = Order::Less;
        for part in pair.into_inner() {
            match part.as_rule() {
                Rule::cmp => {
                    order = match part.as_str() {
                        "<" => Order::Less,
                        "<=" => Order::LessOrEqual,
                        ">" => Order::Greater,
                        _ => Order::GreaterOrEqual,
                    }
                }
                _ => operands.push(self.operand(part)),
            }
        }
        let right = operands.pop().expect("a comparison has a right side");
        let left = operands.pop().expect("a comparison has a left side");
        Cond::Compare(left, order, right, at)
    }

    fn operand(&mut self, pair: Pair<'_, Rule>) -> Operand {
        let at = offsets(&pair);
        match pair.as_rule() {
            Rule::operand => {
                let inner = pair.into_inner().next().expect("an operand has one part");
                self.operand(inner)
            }
            Rule::path => {
                let mut parts = pair.into_inner();
                let capture = parts.next().map_or(String::new(), |p| p.as_str().to_owned());
                Operand::Path(self.slot(&capture), parts.map(|p| p.as_str().to_owned()).collect(), at)
            }
            Rule::option => Operand::Option(pair.as_str()["options.".len()..].to_owned(), at),
            Rule::list => Operand::List(pair.into_inner().map(|item| self.item(item)).collect()),
            Rule::func => self.function(pair),
            _ => Operand::Literal(literal(pair)),
        }
    }

    fn item(&mut self, pair: Pair<'_, Rule>) -> ListItem {
        let spread = pair.as_str().starts_with("...");
        match (pair.into_inner().next(), spread) {
            (Some(inner), true) => ListItem::Spread(self.operand(inner)),
            (Some(inner), false) => ListItem::One(self.operand(inner)),
            (None, _) => ListItem::Gap,
        }
    }

    fn function(&mut self, pair: Pair<'_, Rule>) -> Operand {
        let at = offsets(&pair);
        let mut parts = pair.into_inner();
        let name = parts.next().map_or(String::new(), |p| p.as_str().to_owned());
        let arguments = parts.map(|p| self.operand(p)).collect();
        match Function::ALL.iter().find(|(known, _)| *known == name) {
            Some((_, function)) => Operand::Call(*function, arguments, at),
            None => {
                let names: Vec<&str> = Function::ALL.iter().map(|(name, _)| *name).collect();
                let is_near = |known: &&&str| strsim::damerau_levenshtein(known, &name) <= 2 || name.starts_with(**known);
                let help = match names.iter().find(is_near) {
                    Some(near) => format!("did you mean `{near}`?"),
                    None => format!("the functions are {}", names.join(", ")),
                };
                let at = at.start..at.start + name.len();
                self.error("unknown-function", at, format!("unknown function `{name}`"), Some(help));
                Operand::Literal(Literal::Bool(false))
            }
        }
    }
}

/// What regular expressions may say.
pub const REGEX_HELP: &str = "the syntax is that of Rust's `regex` crate: no look-around, no back-references";

/// What is wrong with a regular expression, as the end of a sentence.
pub fn regex_fault(error: &regex::Error) -> String {
    let said = error.to_string();
    let reason = said.lines().last().unwrap_or("").trim_start_matches("error: ");
    let reason = match reason {
        _ if reason.contains("unclosed group") => "has a `(` that is not closed",
        _ if reason.contains("unopened group") => "has a `)` that closes nothing",
        _ if reason.contains("unclosed character class") => "has a `[` that is not closed",
        _ if reason.contains("repetition operator missing") => "repeats nothing: `*`, `+` or `?` stands at its beginning",
        _ if reason.contains("unclosed counted repetition") => "has a `{` that is not closed; write `\\{` for a brace",
        _ if reason.contains("look-around") => "looks ahead or behind, which is not possible",
        _ if reason.contains("backreferences") => "refers back to a group, which is not possible",
        _ if reason.contains("unrecognized escape") => "has an escape that means nothing",
        _ if reason.contains("unrecognized flag") => "has a flag that does not exist; flags are i, m, s, x, U, u",
        _ if reason.contains("duplicate capture group name") => "has two groups of one name",
        _ if reason.contains("size limit") => "is too large",
        other => return format!("does not parse: {other}"),
    };
    reason.to_owned()
}

fn step(word: &str) -> Step {
    match word {
        "inside" => Step::Inside,
        "has" => Step::Has,
        "before" => Step::Before,
        _ => Step::After,
    }
}

fn literal(pair: Pair<'_, Rule>) -> Literal {
    let inner = if pair.as_rule() == Rule::literal { pair.into_inner().next() } else { Some(pair) };
    let Some(inner) = inner else { return Literal::Bool(false) };
    let text = inner.as_str();
    match inner.as_rule() {
        Rule::string => Literal::String(unquote(text)),
        Rule::number => Literal::Number(text.parse().unwrap_or(0.0)),
        Rule::duration => Literal::Duration(duration_ms(text).unwrap_or(0.0)),
        _ => Literal::Bool(text == "true"),
    }
}

fn unquote(text: &str) -> String {
    let inner = text.strip_prefix('"').and_then(|t| t.strip_suffix('"')).unwrap_or(text);
    inner.replace("\\\"", "\"").replace("\\\\", "\\")
}

/// The milliseconds of a length of time such as `15m`, `7d`, `900 s`, `2 hours`; `None` if there is no unit.
pub fn duration_ms(text: &str) -> Option<f64> {
    let text = text.trim();
    let split = text.find(|c: char| c.is_alphabetic())?;
    let number: f64 = text[..split].trim().parse().ok()?;
    let factor = match text[split..].trim().to_ascii_lowercase().as_str() {
        "ms" | "msec" | "msecs" | "millisecond" | "milliseconds" => 1.0,
        "s" | "sec" | "secs" | "second" | "seconds" => 1000.0,
        "m" | "min" | "mins" | "minute" | "minutes" => 60_000.0,
        "h" | "hr" | "hrs" | "hour" | "hours" => 3_600_000.0,
        "d" | "day" | "days" => 86_400_000.0,
        "w" | "week" | "weeks" => 604_800_000.0,
        "y" | "yr" | "yrs" | "year" | "years" => 31_557_600_000.0,
        _ => return None,
    };
    Some(number * factor)
}
