//! Which pack a name or path means, loaded and compiled, or its problems told.

use std::collections::BTreeMap;
use std::io::{IsTerminal, Write};
use std::path::Path;
use std::sync::Arc;

use anyhow::{Result, bail};
use include_dir::{Dir, include_dir};
use rune_core::Program;
use rune_model::Problem;
use rune_pack::{Loaded, Pack, PackPlace, PackSource, load_dir, load_files};
use rune_report::TextOptions;

/// The pack that comes with the binary.
static BACKEND: Dir<'static> = include_dir!("$CARGO_MANIFEST_DIR/../../rulepacks/backend");

/// Names of the packs that come with the binary.
pub(crate) const BUILT_IN: &[&str] = &["backend"];

/// A pack ready to run, with what is wrong with it.
pub(crate) struct Ready {
    pub(crate) pack: Option<Pack>,
    pub(crate) program: Option<Program>,
    pub(crate) problems: Vec<Problem>,
}

/// Loads and compiles the pack that `name` means: a built-in pack, else a folder with a `pack.toml`. A project's own
/// folder called like a built-in pack is meant by `./name`.
pub(crate) fn load(name: &str) -> Result<Ready> {
    let folder = Path::new(name);
    let loaded: Loaded = if BUILT_IN.contains(&name) {
        load_files(name, &embedded(&BACKEND))
    } else if folder.is_dir() {
        load_dir(folder)
    } else if folder.is_file() {
        bail!("`{name}` is a file: name the folder of its pack, the one with the `pack.toml`");
    } else {
        bail!("there is no pack `{name}`: neither a folder nor built in; built in are {}", BUILT_IN.join(", "));
    };
    Ok(compiled(loaded))
}

/// Loads and compiles a pack as a configuration file names it, with the values that it gives the pack's options.
pub(crate) fn configured(source: &PackSource) -> Ready {
    let alias = &source.alias.value;
    let mut loaded = match &source.place {
        PackPlace::BuiltIn if BUILT_IN.contains(&alias.as_str()) => load_files(alias, &embedded(&BACKEND)),
        PackPlace::BuiltIn => {
            let help = format!("built in are {}; else write `path = \"FOLDER\"`", BUILT_IN.join(", "));
            let problem = source.alias.problem("unknown-pack", format!("no pack `{alias}` comes with rune"), help);
            Loaded { pack: None, problems: vec![problem] }
        }
        PackPlace::Folder(text, folder) => match folder.canonicalize() {
            Ok(folder) if folder.is_dir() => load_dir(Path::new(&crate::config::shown(&folder))),
            _ => {
                let help = "the path of a pack starts at the folder of this file".to_owned();
                let problem = text.problem("unknown-pack", format!("there is no folder `{}`", text.value), help);
                Loaded { pack: None, problems: vec![problem] }
            }
        },
    };
    if let Some(pack) = &mut loaded.pack {
        loaded.problems.extend(pack.configure(source));
    }
    compiled(loaded)
}

fn compiled(loaded: Loaded) -> Ready {
    let mut problems = loaded.problems;
    let mut program = None;
    if let Some(pack) = &loaded.pack {
        let (compiled, more) = rune_core::compile(pack);
        problems.extend(more);
        problems.sort_by(|a, b| (&a.path, a.span.map(|s| s.start)).cmp(&(&b.path, b.span.map(|s| s.start))));
        program = compiled;
    }
    let is_broken = problems.iter().any(|problem| problem.level == rune_model::ProblemLevel::Error);
    Ready { pack: loaded.pack, program: program.filter(|_| !is_broken), problems }
}

/// The program of a pack without errors, which are printed and end the command. Warnings are for its author: `rune check`.
pub(crate) fn program(name: &str) -> Result<(Pack, Program)> {
    program_with_warnings(name).map(|(pack, program, _)| (pack, program))
}

/// [`program`], with what its author should look at.
pub(crate) fn program_with_warnings(name: &str) -> Result<(Pack, Program, Vec<Problem>)> {
    let ready = load(name)?;
    match (ready.pack, ready.program) {
        (Some(pack), Some(program)) => Ok((pack, program, ready.problems)),
        _ => {
            write!(anstream::stderr(), "{}", rune_report::problems(&ready.problems, &options()))?;
            bail!("the pack `{name}` has errors, nothing was checked")
        }
    }
}

/// The pack as a hint must name it; `None` for the one that commands take if none is named.
pub(crate) fn hint(name: &str) -> Option<String> {
    (name != BUILT_IN[0]).then(|| name.to_owned())
}

/// How text is written to this terminal.
pub(crate) fn options() -> TextOptions {
    let color = std::io::stdout().is_terminal() && std::env::var_os("NO_COLOR").is_none();
    TextOptions { color, show_skipped: false, pack: None }
}

fn embedded(dir: &Dir<'_>) -> BTreeMap<String, Arc<str>> {
    let mut files = BTreeMap::new();
    let mut folders = vec![dir.clone()];
    while let Some(folder) = folders.pop() {
        folders.extend(folder.dirs().cloned());
        for file in folder.files() {
            if let (Some(path), Some(text)) = (file.path().to_str(), file.contents_utf8()) {
                files.insert(path.replace('\\', "/"), Arc::from(text));
            }
        }
    }
    files
}
