//! Says what a run found: text for people, JSON and SARIF for programs, problems of packs, the page of a rule.
//! Returns texts; never prints and never reads a file.

mod exit;
mod explain;
mod json;
mod safe;
mod sarif;
mod text;
mod unknowns;
mod why;

pub use exit::exit_code;
pub use explain::explain;
pub use json::json;
pub use safe::visible;
pub use sarif::sarif;
pub use text::{TextOptions, problems, text};
pub use why::{WhyTexts, why_json, why_text};
