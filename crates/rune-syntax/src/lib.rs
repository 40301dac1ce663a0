//! imports and constants on top of it. Parsing cannot fail; what was not understood is an `ERROR` node.
//! Never reads a file.

mod ast;
mod build;
mod config;
mod constant;
mod exported;
mod keeping;
mod kind;
mod language;
mod project;
mod repair;
mod resolve;
mod runtime;
mod scope;
mod sql;
mod trace;

pub use ast::{Ast, NodeId};
pub use build::{parse, parse_snippet};
pub use constant::{Constant, number_value, string_value};
pub use exported::AskedExport;
pub use keeping::{Keeping, grown, is_measure, kept_arguments, kept_by, kept_receiver};
pub use kind::{Field, Kind, KindSet};
pub use language::{Language, class_kinds, is_class_word, is_requirements, manifest_folder};
pub use project::{Asked, Definition, Member, NodeRef, Project, is_cast};
pub use runtime::is_runtime_module;
pub use scope::{Binding, BindingKind, Export, ImportName, Scopes};
pub use sql::{Change, Filter, Piece, Position, SqlHole, SqlStatement, SqlText, Standing, StandingKind};
pub use trace::{Reads, read_again, traced};
