//! Templates: handlebars over the captures of a match and the pack's options. Strict, no HTML escaping, no partials.
//! The tree of a template is walked when the pack is loaded, so that every name in every branch is known to be bound.

use std::ops::Range;

use handlebars::template::{HelperTemplate, Parameter, TemplateElement};
use handlebars::{
    Context, Handlebars, Helper, HelperResult, Output, RenderContext, RenderError, RenderErrorReason, Template as Tree,
    TemplateError, TemplateErrorReason,
};
use rune_pattern::duration_ms;
use serde_json::{Map, Value as Json};

use crate::words;

/// The longest text a template may give, in bytes.
const MAX_OUTPUT: usize = 1 << 20;

/// The deepest nesting of blocks and parentheses in a template.
const MAX_DEPTH: usize = 64;

/// A compiled template.
#[derive(Debug, Clone)]
pub(crate) struct Template {
    source: String,
    /// The captures it prints or asks about.
    pub(crate) names: Vec<String>,
}

/// What is wrong with a template, in the words of rule files.
#[derive(Debug, PartialEq, Eq)]
pub(crate) struct Fault {
    /// Bytes of the template.
    pub(crate) at: Range<usize>,
    pub(crate) code: &'static str,
    pub(crate) message: String,
    pub(crate) help: Option<String>,
    /// The name that is not bound, if that is the fault.
    pub(crate) unknown: Option<String>,
}

/// Renders templates.
pub(crate) struct Renderer {
    engine: Handlebars<'static>,
}

impl std::fmt::Debug for Renderer {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Renderer")
    }
}

impl Renderer {
    /// A renderer with rune's helpers.
    pub(crate) fn new() -> Renderer {
        let mut engine = Handlebars::new();
        engine.set_strict_mode(true);
        engine.register_escape_fn(handlebars::no_escape);
        for (name, function) in HELPERS {
            engine.register_helper(
                name,
                Box::new(
                    move |h: &Helper<'_>,
                          _: &Handlebars<'_>,
                          _: &Context,
                          _: &mut RenderContext<'_, '_>,
                          out: &mut dyn Output|
                          -> HelperResult {
                        let arguments: Vec<String> = h.params().iter().map(|p| text_of(p.value())).collect();
                        let text =
                            function(&arguments).map_err(|message| RenderErrorReason::Other(format!("`{name}` {message}")))?;
                        out.write(&text)?;
                        Ok(())
                    },
                ),
            );
        }
        Renderer { engine }
    }

    /// Checks a template against the names it may use: those of `captures`, and where `#if` asked for it, of `maybe`.
    pub(crate) fn compile(
        &self,
        source: &str,
        (captures, maybe): (&[String], &[String]),
        options: &Map<String, Json>,
    ) -> Result<Template, Vec<Fault>> {
        if !source.contains("{{") {
            return Ok(Template { source: source.to_owned(), names: Vec::new() });
        }
        for word in ["{{>", "{{#>", "{{*", "{{#*"] {
            if let Some(at) = source.find(word) {
                let message = format!("templates have no partials and no decorators: `{word}`");
                return Err(vec![fault("template", at..at + word.len(), message, None)]);
            }
        }
        if let Some(at) = too_deep(source) {
            let message = format!("blocks or parentheses are nested more than {MAX_DEPTH} deep here");
            return Err(vec![fault("template", at..at + 1, message, None)]);
        }
        let tree = Tree::compile(source).map_err(|error| vec![syntax_fault(source, &error)])?;
        let mut walk =
            Walk { source, captures, maybe, asked: Vec::new(), options, faults: Vec::new(), names: Vec::new(), calls: false };
        walk.template(&tree, false);
        if !walk.faults.is_empty() {
            return Err(walk.faults);
        }
        let template = Template { source: source.to_owned(), names: walk.names };
        // Names that are known are all that it has: nothing can fail.
        if !walk.calls {
            return Ok(template);
        }
        let sample = |name: &String| (name.clone(), Json::String("Sample1".into()));
        let names = captures.iter().chain(maybe).map(sample);
        let samples: Map<String, Json> = names.chain([("options".into(), options.clone().into())]).collect();
        match self.render(&template, &samples) {
            Ok(_) => Ok(template),
            Err(message) => Err(vec![fault("template", 0..source.len(), message, None)]),
        }
    }

    /// Renders a template; the error is a text.
    pub(crate) fn render(&self, template: &Template, values: &Map<String, Json>) -> Result<String, String> {
        let rendered = self.engine.render_template(&template.source, &Json::Object(values.clone()));
        let text = rendered.map_err(|error| in_words(&error))?;
        if text.len() > MAX_OUTPUT {
            return Err(format!("the text has {} bytes, more than {MAX_OUTPUT}", text.len()));
        }
        Ok(text)
    }
}

/// Where blocks or parentheses are nested deeper than the parser may go; each `else if` is a block in the one before.
fn too_deep(source: &str) -> Option<usize> {
    let bytes = source.as_bytes();
    let (mut blocks, mut parentheses, mut in_tag) = (Vec::new(), 0usize, false);
    let mut depth = 0usize;
    bytes.iter().enumerate().find_map(|(at, byte)| {
        if bytes[..at].ends_with(b"{{") {
            (in_tag, parentheses) = (true, 0);
            match byte {
                b'#' => blocks.push(1),
                b'/' => depth -= blocks.pop().unwrap_or(0),
                b'e' if bytes[at..].starts_with(b"else ") => blocks.iter_mut().next_back().into_iter().for_each(|n| *n += 1),
                _ => {}
            }
            let is_deeper = *byte == b'#' || (bytes[at..].starts_with(b"else ") && !blocks.is_empty());
            depth += usize::from(is_deeper);
        }
        match byte {
            b'}' => in_tag = false,
            b'(' if in_tag => parentheses += 1,
            b')' => parentheses = parentheses.saturating_sub(1),
            _ => {}
        }
        (depth.max(parentheses) > MAX_DEPTH).then_some(at)
    })
}

fn fault(code: &'static str, at: Range<usize>, message: String, help: Option<String>) -> Fault {
    Fault { at, code, message, help, unknown: None }
}

/// Why a template cannot be rendered.
fn in_words(error: &RenderError) -> String {
    match error.reason() {
        RenderErrorReason::Other(message) => message.clone(),
        RenderErrorReason::MissingVariable(Some(name)) => format!("nothing is called `{name}` here"),
        RenderErrorReason::ParamNotFoundForIndex(name, n) => format!("`{name}` needs {} values", n + 1),
        _ => "this template cannot be rendered".to_owned(),
    }
}

fn syntax_fault(source: &str, error: &TemplateError) -> Fault {
    let at = error.pos().map_or(0, |(line, column)| offset_of(source, line, column));
    if let TemplateErrorReason::MismatchingClosedHelper(open, close) = error.reason() {
        let message = format!("`{{{{#{open}}}}}` is closed by `{{{{/{close}}}}}`");
        return fault("template", at..source.len(), message, Some(format!("write `{{{{/{open}}}}}`")));
    }
    let mut open: Vec<(usize, &str)> = Vec::new();
    for (at, _) in source.match_indices("{{") {
        let rest = &source[at + 2..];
        let Some(end) = rest.find("}}") else {
            let help = Some("close it with `}}`; braces that are meant as text are written `\\{{`".to_owned());
            return fault("template", at..source.len().min(at + 2), "this `{{` is not closed".into(), help);
        };
        let tag = rest[..end].trim();
        match tag.as_bytes().first() {
            Some(b'#') => open.push((at, tag[1..].split_whitespace().next().unwrap_or(""))),
            Some(b'/') if open.pop().is_none() => {
                return fault("template", at..at + end + 4, format!("nothing is open that `{{{{{tag}}}}}` could close"), None);
            }
            _ => {}
        }
    }
    if let Some((at, name)) = open.pop() {
        let end = source[at..].find("}}").map_or(source.len(), |end| at + end + 2);
        let message = format!("`{}` is not closed", &source[at..end]);
        return fault("template", at..end, message, Some(format!("close it with `{{{{/{name}}}}}`")));
    }
    let start = source[..at].rfind("{{").unwrap_or(at);
    let end = source[start..].find("}}").map_or(source.len(), |end| start + end + 2);
    let help = Some("write `{{NAME}}`, `{{helper NAME}}` or `{{#if NAME}}…{{/if}}`".to_owned());
    fault("template", start..end, "this template is not understood".into(), help)
}

/// The byte offset of a line and column, both from 1.
fn offset_of(source: &str, line: usize, column: usize) -> usize {
    let start: usize = source.split_inclusive('\n').take(line.saturating_sub(1)).map(str::len).sum();
    let rest = source.get(start..).unwrap_or("");
    let within: usize = rest.chars().take(column.saturating_sub(1)).map(char::len_utf8).sum();
    (start + within).min(source.len())
}

/// Looks at every name of a template.
struct Walk<'a> {
    source: &'a str,
    captures: &'a [String],
    maybe: &'a [String],
    /// Names of `maybe` that are there in this branch.
    asked: Vec<String>,
    options: &'a Map<String, Json>,
    faults: Vec<Fault>,
    names: Vec<String>,
    /// Whether there is a helper or a block.
    calls: bool,
}

impl Walk<'_> {
    /// `is_item`: within `#each` names are those of the item.
    fn template(&mut self, tree: &Tree, is_item: bool) {
        for (element, place) in tree.elements.iter().zip(&tree.mapping) {
            let at = offset_of(self.source, place.0, place.1);
            match element {
                TemplateElement::Expression(call) | TemplateElement::HtmlExpression(call) => self.call(call, at, is_item),
                TemplateElement::HelperBlock(block) => self.block(block, at, is_item),
                _ => {}
            }
        }
    }

    fn block(&mut self, block: &HelperTemplate, at: usize, is_item: bool) {
        self.calls = true;
        let name = block.name.as_name().unwrap_or("");
        if !BLOCKS.contains(&name) {
            let help = nearest(name, BLOCKS.iter().copied()).map(|near| format!("did you mean `{{{{#{near} …}}}}`?"));
            let help = help.or_else(|| Some(format!("the blocks are `#{}`", BLOCKS.join("`, `#"))));
            let at = self.place(name, at);
            self.faults.push(fault("unknown-name", at, format!("there is no block `#{name}`"), help));
        } else if block.params.is_empty() {
            let at = self.place(name, at);
            self.faults.push(fault("template", at, format!("`#{name}` asks about nothing: write `{{{{#{name} NAME}}}}`"), None));
        }
        let asked = match block.params.as_slice() {
            [Parameter::Path(_)] => block.params[0].as_name().filter(|asked| self.maybe.iter().any(|name| name == asked)),
            _ => None,
        };
        match asked {
            Some(asked) => self.names.push(asked.to_owned()),
            None => block.params.iter().for_each(|parameter| self.parameter(parameter, at, is_item)),
        }
        let branches = [(&block.template, is_item || name == "each", "if"), (&block.inverse, is_item, "unless")];
        for (tree, is_item, holds_for) in branches {
            let n_asked = self.asked.len();
            self.asked.extend(asked.filter(|_| name == holds_for).map(str::to_owned));
            if let Some(tree) = tree {
                self.template(tree, is_item);
            }
            self.asked.truncate(n_asked);
        }
    }

    fn call(&mut self, call: &HelperTemplate, at: usize, is_item: bool) {
        let Some(name) = call.name.as_name() else { return self.parameter(&call.name, at, is_item) };
        self.calls |= !call.params.is_empty();
        let is_helper = HELPERS.iter().map(|(known, _)| *known).chain(TESTS.iter().copied()).any(|known| known == name);
        match (call.params.is_empty(), is_helper) {
            (true, false) => self.path(name, at, is_item),
            (true, true) => {
                let at = self.place(name, at);
                self.faults.push(fault("template", at, format!("`{name}` needs a value: write `{{{{{name} NAME}}}}`"), None));
            }
            (false, true) => {}
            (false, false) => {
                let names = || HELPERS.iter().map(|(name, _)| *name);
                let help = match nearest(name, names().chain(TESTS.iter().copied())) {
                    Some(near) => format!("did you mean `{near}`?"),
                    None => format!("the helpers are {}", names().collect::<Vec<_>>().join(", ")),
                };
                let at = self.place(name, at);
                self.faults.push(fault("unknown-name", at, format!("there is no helper `{name}`"), Some(help)));
            }
        }
        call.params.iter().for_each(|parameter| self.parameter(parameter, at, is_item));
    }

    fn parameter(&mut self, parameter: &Parameter, at: usize, is_item: bool) {
        match parameter {
            Parameter::Subexpression(inner) => {
                if let TemplateElement::Expression(call) = inner.as_element() {
                    self.call(call, at, is_item);
                }
            }
            Parameter::Path(_) | Parameter::Name(_) => self.path(parameter.as_name().unwrap_or(""), at, is_item),
            Parameter::Literal(_) => {}
            _ => {}
        }
    }

    /// A name, or `options.name`.
    fn path(&mut self, raw: &str, at: usize, is_item: bool) {
        let path = raw.strip_prefix("@root.").or_else(|| raw.strip_prefix("this.")).unwrap_or(raw);
        let (first, rest) = path.split_once(['.', '/']).map_or((path, None), |(first, rest)| (first, Some(rest)));
        if is_item || first.is_empty() || first.starts_with('@') || first == "this" {
            return;
        }
        if first == "options" {
            return self.option(rest.unwrap_or(""), raw, at);
        }
        if self.captures.iter().chain(&self.asked).any(|name| name == first) {
            self.names.push(first.to_owned());
            if rest.is_some() {
                let at = self.place(raw, at);
                let message = format!("`{raw}`: a capture prints as a text, which has no parts");
                self.faults.push(fault("template", at, message, Some(format!("write `{{{{{first}}}}}`"))));
            }
            return;
        }
        let help = match first.strip_prefix('$') {
            Some(name) => Some(format!("names have no `$` in templates: write `{{{{{name}}}}}`")),
            None => {
                nearest(&first.to_uppercase(), self.captures.iter().map(String::as_str)).map(|n| format!("did you mean `{n}`?"))
            }
        };
        let help = help.or_else(|| Some(format!("this rule binds {}", list(self.captures))));
        let at = self.place(raw, at);
        let message = format!("unknown name `{first}` in the template");
        let unknown = Some(first.trim_start_matches('$').to_owned());
        self.faults.push(Fault { at, code: "unknown-name", message, help, unknown });
    }

    fn option(&mut self, name: &str, raw: &str, at: usize) {
        if self.options.contains_key(name) {
            return;
        }
        let help = match nearest(name, self.options.keys().map(String::as_str)) {
            Some(near) => format!("did you mean `options.{near}`?"),
            None => "options stand in pack.toml as `[options.name]`".to_owned(),
        };
        let at = self.place(raw, at);
        self.faults.push(fault("unknown-option", at, format!("the pack has no option `{name}`"), Some(help)));
    }

    /// Where a name stands behind an offset.
    fn place(&self, name: &str, at: usize) -> Range<usize> {
        let rest = self.source.get(at..).unwrap_or("");
        let is_word = |c: char| c.is_alphanumeric() || c == '_';
        let whole = |start: &usize| !rest[..*start].ends_with(is_word) && !rest[start + name.len()..].starts_with(is_word);
        let start = rest.match_indices(name).map(|(start, _)| start).find(whole).map_or(at, |start| at + start);
        start..(start + name.len()).min(self.source.len())
    }
}

fn nearest<'w>(word: &str, words: impl Iterator<Item = &'w str>) -> Option<&'w str> {
    crate::compile::near(word, &words.collect::<Vec<_>>())
}

fn list(captures: &[String]) -> String {
    if captures.is_empty() {
        return "nothing".into();
    }
    captures.iter().map(|name| format!("`{name}`")).collect::<Vec<_>>().join(", ")
}

/// Blocks of templates.
const BLOCKS: &[&str] = &["if", "unless", "each"];

/// Helpers of handlebars itself.
const TESTS: &[&str] = &["eq", "ne", "gt", "gte", "lt", "lte", "and", "or", "not", "lookup"];

fn text_of(value: &Json) -> String {
    match value {
        Json::String(text) => text.clone(),
        Json::Array(items) => items.iter().map(text_of).collect::<Vec<_>>().join(", "),
        other => other.to_string(),
    }
}

type Function = fn(&[String]) -> Result<String, String>;

/// The helpers of templates.
const HELPERS: &[(&str, Function)] = &[
    ("kebab", |a| one(a).map(words::kebab)),
    ("snake", |a| one(a).map(words::snake)),
    ("camel", |a| one(a).map(words::camel)),
    ("plural", |a| one(a).map(words::plural)),
    ("lower", |a| one(a).map(str::to_lowercase)),
    ("upper", |a| one(a).map(str::to_uppercase)),
    ("next", |a| {
        let text = one(a)?;
        words::next(text).ok_or_else(|| format!("finds no number in `{text}` that another one comes after"))
    }),
    ("hash", |a| one(a).map(|_| blake3::hash(a.join("\n").as_bytes()).to_hex()[..12].to_owned())),
    ("join", |a| one(a).map(str::to_owned)),
    ("days", |a| milliseconds(a).map(|ms| whole(ms / 86_400_000.0))),
    ("minutes", |a| milliseconds(a).map(|ms| whole(ms / 60_000.0))),
    ("seconds", |a| milliseconds(a).map(|ms| whole(ms / 1000.0))),
    ("milliseconds", |a| milliseconds(a).map(whole)),
    ("duration", |a| length(a).map(|ms| ms.map_or_else(|| "an unknown time".to_owned(), spoken))),
    ("short", |a| milliseconds(a).map(short)),
];

fn one(arguments: &[String]) -> Result<&str, String> {
    arguments.first().map(String::as_str).ok_or_else(|| "needs a value".to_owned())
}

/// A length of time in milliseconds: `15m`, or a number with its unit as the second argument (milliseconds without);
/// `None` for what is neither, as the value of a capture that is not known.
fn length(arguments: &[String]) -> Result<Option<f64>, String> {
    let text = one(arguments)?;
    let unit = arguments.get(1).map_or("ms", String::as_str);
    let bare = |n: f64| n * duration_ms(&format!("1{unit}")).unwrap_or(1.0);
    Ok(duration_ms(text).or_else(|| text.parse().ok().map(bare)))
}

fn milliseconds(arguments: &[String]) -> Result<f64, String> {
    length(arguments).map(|ms| ms.unwrap_or(0.0))
}

fn whole(n: f64) -> String {
    if n.fract() == 0.0 { format!("{n:.0}") } else { format!("{n:.1}") }
}

/// A length of time as libraries read it, `15m`, in its largest unit that leaves no rest.
fn short(ms: f64) -> String {
    let units = [("d", 86_400_000.0), ("h", 3_600_000.0), ("m", 60_000.0), ("s", 1000.0)];
    let unit = units.iter().find(|(_, size)| ms >= *size && ms % size == 0.0);
    unit.map_or_else(|| format!("{}ms", whole(ms)), |(name, size)| format!("{}{name}", whole(ms / size)))
}

/// A length of time as people say it, in its largest whole unit.
pub(crate) fn spoken(ms: f64) -> String {
    let units = [("day", 86_400_000.0), ("hour", 3_600_000.0), ("minute", 60_000.0), ("second", 1000.0)];
    let unit = units.iter().find(|(_, size)| ms.abs() >= *size);
    let Some((name, size)) = unit else { return format!("{} ms", whole(ms)) };
    let n = ms / size;
    let n_text = if (n - n.round()).abs() < 0.05 { format!("{n:.0}") } else { format!("{n:.1}") };
    let plural = if n_text == "1" { "" } else { "s" };
    format!("{n_text} {name}{plural}")
}
