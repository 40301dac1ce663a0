//! Regular expressions that are built when they are first asked: a run asks few of those that a pack has.

use std::sync::OnceLock;

use regex::{Regex, RegexBuilder};
use regex_syntax::hir::{Class, Hir, HirKind};

/// The largest automaton in bytes that an expression may become.
const MAX_BYTES: usize = 1 << 20;

/// A regular expression that is known to be right.
#[derive(Debug, Clone)]
pub struct Expression {
    source: Box<str>,
    names: Vec<String>,
    built: OnceLock<Regex>,
}

impl Expression {
    /// Checks an expression.
    ///
    /// # Errors
    ///
    /// It does not parse, or it is too large.
    pub fn new(source: &str) -> Result<Expression, regex::Error> {
        let parsed = regex_syntax::parse(source).ok().filter(|parsed| most_bytes(parsed) < MAX_BYTES / 2);
        let built = OnceLock::new();
        let names = match &parsed {
            Some(parsed) => {
                let mut names = Vec::new();
                add_names(parsed, &mut names);
                names
            }
            // What is wrong, or how large it is, only building tells.
            None => {
                let regex = build(source)?;
                let names = regex.capture_names().flatten().map(str::to_owned).collect();
                built.get_or_init(|| regex);
                names
            }
        };
        Ok(Expression { source: source.into(), names, built })
    }

    /// The expression as written.
    pub fn as_str(&self) -> &str {
        &self.source
    }

    /// The names of its groups, in order.
    pub fn names(&self) -> &[String] {
        &self.names
    }

    /// The expression, built.
    pub fn regex(&self) -> &Regex {
        self.built.get_or_init(|| build(&self.source).expect("an expression that parses and is small can be built"))
    }
}

fn build(source: &str) -> Result<Regex, regex::Error> {
    RegexBuilder::new(source).size_limit(MAX_BYTES).build()
}

fn add_names(hir: &Hir, names: &mut Vec<String>) {
    match hir.kind() {
        HirKind::Capture(capture) => {
            names.extend(capture.name.iter().map(ToString::to_string));
            add_names(&capture.sub, names);
        }
        HirKind::Repetition(repetition) => add_names(&repetition.sub, names),
        HirKind::Concat(parts) | HirKind::Alternation(parts) => parts.iter().for_each(|part| add_names(part, names)),
        HirKind::Empty | HirKind::Literal(_) | HirKind::Class(_) | HirKind::Look(_) => {}
    }
}

/// More bytes than the automaton takes: what was measured of the `regex` crate, with a margin.
fn most_bytes(hir: &Hir) -> usize {
    const STATE: usize = 64;
    let all = |parts: &[Hir]| parts.iter().fold(STATE, |sum, part| sum.saturating_add(most_bytes(part)).saturating_add(STATE));
    match hir.kind() {
        HirKind::Empty | HirKind::Look(_) => STATE,
        HirKind::Literal(literal) => STATE * literal.0.len().max(1),
        HirKind::Class(Class::Unicode(class)) => 1_000 + 80 * class.ranges().len(),
        HirKind::Class(Class::Bytes(class)) => STATE + 16 * class.ranges().len(),
        HirKind::Repetition(repetition) => {
            let times = repetition.max.unwrap_or(repetition.min + 1).max(1) as usize;
            most_bytes(&repetition.sub).saturating_add(STATE).saturating_mul(times)
        }
        HirKind::Capture(capture) => most_bytes(&capture.sub).saturating_add(2 * STATE),
        HirKind::Concat(parts) | HirKind::Alternation(parts) => all(parts),
    }
}

#[cfg(test)]
mod tests {
    use super::{Expression, most_bytes};

    #[test]
    fn an_expression_is_built_when_asked_unless_it_may_be_too_large() {
        let is_built = |source: &str| Expression::new(source).expect("it parses").built.get().is_some();
        assert!(!is_built(r"^(?<HEAD>\w+)\.(?<TAIL>\w+)$"));
        assert!(is_built(r"\w{15}"));
        assert!(Expression::new(r"\w{30}").is_err());
        assert!(Expression::new("(").is_err());
        assert_eq!(
            Expression::new(r"^(?<HEAD>(a|(?<INNER>b))+)\.(?<TAIL>c)$").expect("it parses").names(),
            ["HEAD", "INNER", "TAIL"]
        );
    }

    /// What is thought to be small enough is built.
    #[test]
    fn the_estimate_is_never_too_low() {
        let repeated = (1..400).map(|n| (format!(r"\w{{{n}}}"), format!("[^a]{{{n}}}"), format!(r"(?i)k\d{{{n}}}|x.{{{n}}}")));
        for source in repeated.flat_map(|(a, b, c)| [a, b, c]) {
            let parsed = regex_syntax::parse(&source).expect("it parses");
            if most_bytes(&parsed) < super::MAX_BYTES / 2 {
                assert!(super::build(&source).is_ok(), "{source}");
            }
        }
    }
}
