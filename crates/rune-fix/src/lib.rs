//! From a finding to a change that held: edits become text, every fix is verified in memory, and only what held is
//! written, atomically. The only crate that writes to a project.

mod diff;
mod edit;
mod examples;
mod import;
mod settle;
mod write;

pub use diff::diff;
pub use edit::{EditError, apply_edits};
pub use examples::{ExampleResult, test_pack};
pub use settle::{SettleOptions, Settled, settle};
pub use write::{WriteResult, write};
