//! From a finding to a change that held: edits become text, every fix is verified in memory, and only what held is
//! written, atomically. The only crate that writes to a project.

mod batch;
mod block;
mod diff;
mod edit;
mod examples;
mod git;
mod guard;
mod import;
mod journal;
mod keys;
mod layout;
mod list;
mod names;
mod packages;
mod parameterize;
mod settle;
mod style;
mod trial;
mod verify;
mod write;

pub use batch::Behind;
pub use diff::{diff, file_changes, preview};
pub use edit::{EditError, apply_edits};
pub use examples::{ExampleResult, test_pack};
pub use git::uncommitted;
pub use journal::{FOLDER, undo};
pub use settle::{Accepts, SettleOptions, Settled, settle};
pub use trial::Trial;
pub use write::{WriteResult, write};
