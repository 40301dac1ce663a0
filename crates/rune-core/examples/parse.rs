//! Reads and parses every file of a project once, on one thread, and keeps nothing: the floor that `docs/performance.md`
//! compares a run with. `cargo run --release -p rune-core --example parse -- FOLDER`.

use std::path::PathBuf;

use rune_core::walk;
use rune_syntax::{Language, parse};

fn main() {
    let root = PathBuf::from(std::env::args().nth(1).unwrap_or_else(|| ".".into()));
    let walked = walk(&root, std::slice::from_ref(&root));
    let mut n_nodes = 0;
    for source in &walked.sources {
        let Some(language) = Language::of_path(&source.path) else { continue };
        n_nodes += u64::from(parse(&source.text, language).len());
    }
    // A figure that needs every tree, so that no parse can be left out.
    std::process::exit(i32::from(n_nodes == 0));
}
