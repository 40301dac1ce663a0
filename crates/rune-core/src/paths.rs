//! Request paths in one normal form, so that `/users/:id`, `/users/{id}`, `/users/<int:id>` and `/users/[id]` are equal.

/// The normal form: a leading slash, no trailing one, `:` before parameters, `*` for the rest.
pub(crate) fn normalise(path: &str) -> String {
    let path = path.trim().trim_start_matches('^').trim_end_matches('$');
    let segments = path.split('/').filter(|segment| !segment.is_empty()).map(segment);
    let joined: Vec<String> = segments.collect();
    format!("/{}", joined.join("/"))
}

fn segment(segment: &str) -> String {
    let inner = |open: char, close: char| segment.strip_prefix(open).and_then(|s| s.strip_suffix(close));
    if let Some(rest) = segment.strip_prefix("[...").or_else(|| segment.strip_prefix("[[...")) {
        return format!("*{}", rest.trim_end_matches(']'));
    }
    if let Some(name) = inner('{', '}').or_else(|| inner('[', ']')) {
        return format!(":{}", name.split(':').next().unwrap_or(name));
    }
    if let Some(name) = inner('<', '>').filter(|name| !name.contains('<')) {
        return format!(":{}", name.rsplit(':').next().unwrap_or(name));
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
        for path in ["/users/:id", "users/{id}/", "^users/<int:id>$", "/users/[id]", "/users/{id:int}"] {
            assert_eq!(normalise(path), "/users/:id", "{path}");
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
