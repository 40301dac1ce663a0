//! Where data meets code. A pack is compiled to a program; `check` runs it over sources: scan files, fill relations,
//! join. The same function serves runs, verification, tests and editors. Knows no framework, ORM or rule by name.

mod arguments;
mod attempt;
mod bound;
mod builtin;
mod calls;
mod check;
mod classes;
mod climb;
mod codec;
mod codec_finding;
mod compile;
mod depend;
mod eval;
mod files;
mod finding;
mod flow;
mod held;
mod idle;
mod limits;
mod memory;
mod memory_file;
mod order;
mod paths;
mod prefilter;
mod program;
mod relation;
mod runs;
mod schedule;
mod sql;
mod starts;
mod strata;
mod targets;
mod template;
mod visit;
mod walk;
mod why;
mod words;

pub use attempt::{Attempt, attempt};
pub use check::{Checker, Fact, Found, all_facts, check, check_watched, facts, is_certain};
pub use compile::compile;
pub use memory::Memory;
pub use program::Program;
pub use walk::{Walked, project_root, walk};
pub use why::why;
