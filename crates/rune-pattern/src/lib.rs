//! The match DSL: its grammar, its tree, code snippets compiled to trees with holes, and the matcher that lays them
//! on code. Knows nothing of relations: rows are the business of `rune-core`. Never reads a file.

mod dsl;
mod equivalence;
mod expression;
mod lex;
mod list;
mod matcher;
mod mismatch;
mod parse;
mod shape;
mod snippet;
mod value;

pub use dsl::*;
pub use equivalence::Equivalence;
pub use expression::Expression;
pub use matcher::{Found, Matcher};
pub use mismatch::{Difference, Mismatch};
pub use parse::{PatternError, REGEX_HELP, Scope, duration_ms, parse_guard, parse_program, regex_fault};
pub use snippet::{Mark, Snippet, SnippetError};
pub use value::{Env, Value};
