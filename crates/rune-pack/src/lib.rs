//! Packs, rules and relations as they stand on disk: read, checked for form, and handed over with the place of every
//! text. The match DSL inside is compiled by `rune-core`. Only `load` touches files.

mod config;
mod field;
mod load;
mod model;
mod read;
mod schema;
mod value;

pub use config::*;
pub use load::{Loaded, load_dir, load_files};
pub use model::*;
pub use schema::{config_schema, pack_schema, rule_schema};
pub use value::Text;
