//! Spellings of names: snake, camel, kebab, plural, and the name that comes next.

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

/// The text with its first number one further, as wide as it was; a time as `20240229235959` (year to second) goes one
/// second on. `None` if there is no number, or none as wide comes after it.
pub(crate) fn next(text: &str) -> Option<String> {
    let start = text.find(|c: char| c.is_ascii_digit())?;
    let rest = &text[start..];
    let width = rest.find(|c: char| !c.is_ascii_digit()).unwrap_or(rest.len());
    let (digits, behind) = rest.split_at(width);
    let number = match moment(digits) {
        Some(fields) => after(fields).iter().map(|(n, width)| format!("{n:0width$}")).collect(),
        None => format!("{:0width$}", digits.parse::<u128>().ok()?.checked_add(1)?),
    };
    (number.len() == width).then(|| format!("{}{number}{behind}", &text[..start]))
}

/// Year, month, day, hour, minute, second of fourteen digits that spell a time.
fn moment(digits: &str) -> Option<[u32; 6]> {
    if digits.len() != 14 {
        return None;
    }
    let field = |from: usize, to: usize| digits[from..to].parse::<u32>().ok();
    let fields = [field(0, 4)?, field(4, 6)?, field(6, 8)?, field(8, 10)?, field(10, 12)?, field(12, 14)?];
    let [year, month, day, hour, minute, second] = fields;
    let fits = (1900..9999).contains(&year) && (1..=12).contains(&month) && (1..=days(year, month)).contains(&day);
    (fits && hour < 24 && minute < 60 && second < 60).then_some(fields)
}

fn days(year: u32, month: u32) -> u32 {
    match month {
        2 if year.is_multiple_of(4) && (!year.is_multiple_of(100) || year.is_multiple_of(400)) => 29,
        2 => 28,
        4 | 6 | 9 | 11 => 30,
        _ => 31,
    }
}

/// One second later, each field with its width.
fn after([year, month, day, hour, minute, second]: [u32; 6]) -> [(u32, usize); 6] {
    let carry = |n: u32, first: u32, end: u32| if n > end { (first, 1) } else { (n, 0) };
    let (second, more) = carry(second + 1, 0, 59);
    let (minute, more) = carry(minute + more, 0, 59);
    let (hour, more) = carry(hour + more, 0, 23);
    let (day, more) = carry(day + more, 1, days(year, month));
    let (month, more) = carry(month + more, 1, 12);
    [(year + more, 4), (month, 2), (day, 2), (hour, 2), (minute, 2), (second, 2)]
}

#[cfg(test)]
mod tests {
    use super::next;

    #[test]
    fn the_next_number_is_as_wide_and_a_time_stays_one() {
        for (text, wanted) in [
            ("0009_users", Some("0010_users")),
            ("1700000000000-Users", Some("1700000000001-Users")),
            ("20240229235959", Some("20240301000000")),
            ("20241231235959_x", Some("20250101000000_x")),
            ("20240101000059", Some("20240101000100")),
            ("20249999999999", Some("20250000000000")),
            ("v9", None),
            ("users", None),
        ] {
            assert_eq!(next(text).as_deref(), wanted, "{text}");
        }
    }
}
