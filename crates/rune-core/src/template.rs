//! Templates: handlebars over the captures of a match and the pack's options. Strict, no HTML escaping, no partials.

use handlebars::{Context, Handlebars, Helper, HelperResult, Output, RenderContext, RenderErrorReason};
use rune_pattern::duration_ms;
use serde_json::{Map, Value as Json};

use crate::words;

/// The longest text a template may give, in bytes.
const MAX_OUTPUT: usize = 1 << 20;

/// A compiled template.
#[derive(Debug, Clone)]
pub(crate) struct Template {
    source: String,
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
                            function(&arguments).map_err(|message| RenderErrorReason::Other(format!("{name}: {message}")))?;
                        out.write(&text)?;
                        Ok(())
                    },
                ),
            );
        }
        Renderer { engine }
    }

    /// Checks a template against the names it may use; the error is put for the author.
    pub(crate) fn compile(&self, source: &str, captures: &[String], options: &Map<String, Json>) -> Result<Template, String> {
        if source.contains("{{>") || source.contains("{{#>") || source.contains("{{*") {
            return Err("templates have no partials and no decorators".into());
        }
        let mut sample = Map::new();
        for name in captures {
            sample.insert(name.clone(), Json::String("Sample1".into()));
        }
        sample.insert("options".into(), Json::Object(options.clone()));
        match self.engine.render_template(source, &Json::Object(sample)) {
            Ok(_) => Ok(Template { source: source.to_owned() }),
            Err(error) => Err(explain(&error.to_string(), captures)),
        }
    }

    /// Renders a template; the error is a text.
    pub(crate) fn render(&self, template: &Template, values: &Map<String, Json>) -> Result<String, String> {
        let text = self.engine.render_template(&template.source, &Json::Object(values.clone())).map_err(|e| e.to_string())?;
        if text.len() > MAX_OUTPUT {
            return Err(format!("the text has {} bytes, more than {MAX_OUTPUT}", text.len()));
        }
        Ok(text)
    }
}

/// Puts handlebars' message into the words of rule files.
fn explain(message: &str, captures: &[String]) -> String {
    let quoted = message.split('"').nth(1).map(|name| name.trim_start_matches("this.").to_owned());
    match quoted.filter(|_| message.contains("not found in strict mode") || message.contains("not defined")) {
        Some(name) => {
            let near = captures.iter().min_by_key(|known| strsim::damerau_levenshtein(known, &name));
            let hint = near.filter(|known| strsim::damerau_levenshtein(known, &name) <= 2);
            match hint {
                Some(known) => format!("unknown name `{name}` in the template: did you mean `{known}`?"),
                None => format!("unknown name `{name}` in the template; this rule binds {}", list(captures)),
            }
        }
        None => format!("the template does not work: {}", message.lines().next().unwrap_or(message)),
    }
}

fn list(captures: &[String]) -> String {
    if captures.is_empty() {
        return "nothing".into();
    }
    captures.iter().map(|name| format!("`{name}`")).collect::<Vec<_>>().join(", ")
}

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
