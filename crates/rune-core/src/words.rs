//! Spellings of names: snake, camel, kebab, plural.

/// The words of an identifier in any spelling, in lower case.
fn words(text: &str) -> Vec<String> {
    let mut words: Vec<String> = Vec::new();
    let mut fresh = true;
    let mut was_upper = false;
    let chars: Vec<char> = text.chars().collect();
    for (i, c) in chars.iter().enumerate() {
        if !c.is_alphanumeric() {
            fresh = true;
            continue;
        }
        let next_is_lower = chars.get(i + 1).is_some_and(|next| next.is_lowercase());
        if fresh || (c.is_uppercase() && (!was_upper || next_is_lower)) {
            words.push(String::new());
        }
        if let Some(word) = words.last_mut() {
            word.extend(c.to_lowercase());
        }
        fresh = false;
        was_upper = c.is_uppercase();
    }
    words
}

/// `userPosts` → `user_posts`.
pub(crate) fn snake(text: &str) -> String {
    words(text).join("_")
}

/// `UserPosts` → `user-posts`.
pub(crate) fn kebab(text: &str) -> String {
    words(text).join("-")
}

/// `user_posts` → `userPosts`.
pub(crate) fn camel(text: &str) -> String {
    let words = words(text);
    let rest = words.iter().skip(1).map(|word| {
        let mut chars = word.chars();
        chars.next().map_or(String::new(), |first| first.to_uppercase().chain(chars).collect())
    });
    words.first().cloned().into_iter().chain(rest).collect()
}

/// The English plural of a noun; words that are plural already stay.
pub(crate) fn plural(text: &str) -> String {
    let lower = text.to_lowercase();
    let ends = |endings: &[&str]| endings.iter().any(|ending| lower.ends_with(ending));
    if lower.is_empty() || ends(&["data", "media", "news", "info", "metadata"]) {
        return text.to_owned();
    }
    if ends(&["ss", "sh", "ch", "x", "z"]) {
        return format!("{text}es");
    }
    if lower.ends_with('s') {
        return text.to_owned();
    }
    let before_y = lower.chars().rev().nth(1);
    if lower.ends_with('y') && before_y.is_some_and(|c| !"aeiou".contains(c)) {
        return format!("{}ies", &text[..text.len() - 1]);
    }
    format!("{text}s")
}
