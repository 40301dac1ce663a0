//! Request paths in one normal form, so that `/users/:id`, `/users/{id}`, `/users/<int:id>`, `/users/[id]` and
//! `^users/(?P<id>[^/]+)/$` are equal.

use std::borrow::Cow;

/// The normal form: a leading slash, no trailing one, `:` before parameters, `*` for the rest.
pub(crate) fn normalise(path: &str) -> String {
    let path = from_expression(path.trim());
    let segments = path.split('/').filter(|segment| !segment.is_empty()).map(segment);
    let joined: Vec<String> = segments.collect();
    format!("/{}", joined.join("/"))
}

/// A path that is written as a regular expression, with its named groups as parameters.
fn from_expression(path: &str) -> Cow<'_, str> {
    let bare = path.trim_start_matches('^').trim_end_matches('$');
    if bare == path && !path.contains("(?P<") {
        return path.into();
    }
    let mut plain = String::new();
    let mut rest = bare.strip_suffix("/?").unwrap_or(bare);
    while let Some(start) = rest.find("(?P<") {
        plain.push_str(&rest[..start]);
        let group = &rest[start..];
        let end = group_end(group);
        let name = group.get(4..end).and_then(|inner| inner.split_once('>')).map_or("", |(name, _)| name);
        plain.push(':');
        plain.push_str(name);
        rest = &group[end..];
    }
    plain.push_str(rest);
    plain.replace('\\', "").into()
}

/// The bytes of the group that `text` begins with: up to the parenthesis that closes it, or all of it.
fn group_end(text: &str) -> usize {
    let (mut depth, mut is_escaped, mut is_in_class) = (0_u32, false, false);
    for (at, c) in text.char_indices() {
        match c {
            _ if is_escaped => is_escaped = false,
            '\\' => is_escaped = true,
            '[' => is_in_class = true,
            ']' => is_in_class = false,
            '(' if !is_in_class => depth += 1,
            ')' if !is_in_class => {
                depth -= 1;
                if depth == 0 {
                    return at + 1;
                }
            }
            _ => {}
        }
    }
    text.len()
}

fn segment(segment: &str) -> String {
    let inner = |open: char, close: char| segment.strip_prefix(open).and_then(|s| s.strip_suffix(close));
    if let Some(rest) = segment.strip_prefix("[...").or_else(|| segment.strip_prefix("[[...")) {
        return format!("*{}", rest.trim_end_matches(']'));
    }
    if let Some(name) = inner('{', '}').or_else(|| inner('[', ']')) {
        return match name.split_once(':') {
            Some((name, "path")) => format!("*{name}"),
            Some((name, _)) => format!(":{name}"),
            None => format!(":{name}"),
        };
    }
    if let Some(name) = inner('<', '>').filter(|name| !name.contains('<')) {
        return match name.split_once(':') {
            Some(("path", name)) => format!("*{name}"),
            Some((_, name)) => format!(":{name}"),
            None => format!(":{name}"),
        };
    }
    // What a parameter must look like: `:id(\d+)`.
    if let Some((name, _)) = segment.split_once('(').filter(|(name, _)| name.starts_with(':') && segment.ends_with(')')) {
        return name.to_owned();
    }
    if !segment.contains('<') {
        return segment.to_owned();
    }
    // Several parameters in one segment: `<int:id>.<format>`.
    let (first, rest) = segment.split_once('<').unwrap_or((segment, ""));
    let parts = rest.split('<').map(|part| match part.split_once('>') {
        Some((name, after)) => format!(":{}{after}", name.rsplit(':').next().unwrap_or(name)),
        None => format!("<{part}"),
    });
    first.to_owned() + &parts.collect::<String>()
}

/// Joins two paths with one slash between.
pub(crate) fn join(outer: &str, inner: &str) -> String {
    let outer = normalise(outer);
    let inner = normalise(inner);
    match (outer.as_str(), inner.as_str()) {
        ("/", _) => inner,
        (_, "/") => outer,
        _ => format!("{outer}{inner}"),
    }
}

/// Whether requests that `specific` takes would be taken by `general`.
pub(crate) fn takes(general: &str, specific: &str) -> bool {
    let general: Vec<&str> = general.split('/').collect();
    let specific: Vec<&str> = specific.split('/').collect();
    let pairs = general.iter().zip(&specific);
    for (wide, narrow) in pairs {
        if wide.starts_with('*') {
            return true;
        }
        let is_taken = if wide.starts_with(':') { !narrow.is_empty() } else { wide == narrow };
        if !is_taken {
            return false;
        }
    }
    general.len() == specific.len()
}

#[cfg(test)]
mod tests {
    use super::{normalise, takes};

    #[test]
    fn parameters_have_one_form() {
        let one = ["/users/:id", "users/{id}/", "^users/<int:id>$", "/users/[id]", "/users/{id:int}", r"/users/:id(\d+)"];
        let expressions = [r"^users/(?P<id>[^/]+)/$", r"^users/(?P<id>(a|b)\)[)])/?$", r"users/(?P<id>[0-9]{1,3})"];
        for path in one.into_iter().chain(expressions) {
            assert_eq!(normalise(path), "/users/:id", "{path}");
        }
        assert_eq!(normalise(r"^feed/(?P<year>\d{4})\.xml$"), "/feed/:year.xml");
        assert_eq!(normalise("^broken/(?P<id"), "/broken/:");
        for path in ["/files/{rest:path}", "files/<path:rest>", "/files/[...rest]", "/files/[[...rest]]"] {
            assert_eq!(normalise(path), "/files/*rest", "{path}");
        }
        assert_eq!(normalise("badge/<int:a>/<uuid:b>.<slug:c>"), "/badge/:a/:b.:c");
        assert_eq!(normalise("/docs/[...path]"), "/docs/*path");
    }

    #[test]
    fn a_parameter_takes_one_segment() {
        assert!(takes("/:id", "/me"));
        assert!(!takes("/:id", "/"));
        assert!(!takes("/:id", "/me/posts"));
        assert!(takes("/*rest", "/me/posts"));
    }
}
