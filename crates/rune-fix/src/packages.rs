//! Packages that a file imports: what a change must not add to, unless a manifest lists it.

use std::collections::BTreeSet;

use rune_model::Source;
use rune_syntax::{BindingKind, Export, Language, is_requirements, is_runtime_module, manifest_folder};

use crate::batch::{State, Trees};
use crate::edit::File;

/// The sections of `package.json` that list packages.
const SECTIONS: &[&str] = &["dependencies", "devDependencies", "peerDependencies", "optionalDependencies"];

/// A package that `new` imports, `old` did not, and that neither a manifest above the file lists nor another file of
/// the project imports. `None` if there is none, or no manifest says what the project has.
pub(crate) fn unlisted(state: &State, trees: &Trees, old: Option<&File>, new: &File) -> Option<String> {
    if !new.language.has_scopes() {
        return None;
    }
    let before = old.map(packages).unwrap_or_default();
    let added: Vec<String> = packages(new).into_iter().filter(|package| !before.contains(package)).collect();
    let path = new.source.path.as_ref();
    added.into_iter().find(|package| {
        !is_own(state, new.language, package)
            && is_listed(state, trees, path, new.language, package) == Some(false)
            && !is_imported(state, trees, new.language, package)
    })
}

/// The packages a file imports, as manifests name them: without paths below them.
fn packages(file: &File) -> BTreeSet<String> {
    let scopes = file.scopes();
    let imported = scopes.bindings().iter().filter_map(|binding| match &binding.kind {
        BindingKind::Import { module, .. } => Some(module.as_ref()),
        _ => None,
    });
    let passed_on = scopes.exports().filter_map(|name| match scopes.export(name) {
        Some(Export::From { module, .. }) => Some(module.as_ref()),
        _ => None,
    });
    let bare = file.ast.children(0).filter(|node| file.kind(*node) == "import_statement");
    let bare = bare.filter_map(|node| file.ast.child_named(node, "source"));
    let bare = bare.map(|source| file.node_text(source).trim_matches(['"', '\'']));
    let stars = scopes.star_exports().iter().map(AsRef::as_ref);
    let modules = imported.chain(passed_on).chain(bare).chain(stars);
    modules.filter_map(|module| package(file.language, module)).collect()
}

/// The package of a module; `None` for a file of the project and for what the runtime brings.
fn package(language: Language, module: &str) -> Option<String> {
    if module.is_empty() || is_runtime_module(language, module) {
        return None;
    }
    if language == Language::Python {
        return module.split('.').next().filter(|first| !first.is_empty()).map(str::to_owned);
    }
    // Paths, addresses, and what projects call their own folders.
    if module.starts_with(['.', '/', '#', '~', '$']) || module.starts_with("@/") || module.contains(':') {
        return None;
    }
    let n_parts = if module.starts_with('@') { 2 } else { 1 };
    Some(module.split('/').take(n_parts).collect::<Vec<_>>().join("/"))
}

/// Whether the project has a module of that name, or a package of its workspace has it.
fn is_own(state: &State, language: Language, package: &str) -> bool {
    let is_module = |path: &str| match language {
        Language::Python => path.ends_with(".py") && path.split('/').any(|part| part.split('.').next() == Some(package)),
        _ => path.strip_prefix(package).is_some_and(|rest| rest.starts_with('/')),
    };
    let named = format!("\"{package}\"");
    let is_workspace = |path: &str, text: &str| {
        is_manifest(path, Language::Tsx)
            && text.split(&named).next().is_some_and(|before| before.trim_end().ends_with("\"name\":"))
    };
    state.values().any(|source| is_module(&source.path) || is_workspace(&source.path, &source.text))
}

fn is_manifest(path: &str, language: Language) -> bool {
    let name = path.rsplit('/').next().unwrap_or(path);
    match language {
        Language::Python => matches!(name, "pyproject.toml" | "setup.py") || is_requirements(path),
        _ => name == "package.json",
    }
}

/// Whether a manifest in a folder above the file lists the package; `None` if there is no manifest.
fn is_listed(state: &State, trees: &Trees, path: &str, language: Language, package: &str) -> Option<bool> {
    let below = |folder: &str| if folder.is_empty() { String::new() } else { format!("{folder}/") };
    let own = below(path.rsplit_once('/').map_or("", |(folder, _)| folder));
    let manifests = state.values().filter(|source| is_manifest(&source.path, language));
    // A file of settings alone lists nothing, and says nothing.
    let says = |manifest: &&Source| {
        !manifest.path.ends_with("pyproject.toml")
            || (manifest.text.contains("dependencies") && !manifest.text.contains("dynamic"))
    };
    let mut seen = None;
    for manifest in manifests.filter(|manifest| own.starts_with(&below(manifest_folder(&manifest.path)))).filter(says) {
        let lists = match language {
            Language::Python => is_distribution_in(&manifest.text, package),
            _ => trees.get(state, &manifest.path).is_some_and(|file| is_dependency_in(&file, package)),
        };
        if lists {
            return Some(true);
        }
        seen = Some(false);
    }
    seen
}

/// Whether a section of `package.json` has the package as a key.
fn is_dependency_in(file: &File, package: &str) -> bool {
    let key = |pair: u32| file.ast.child_named(pair, "key").map_or("", |key| file.node_text(key).trim_matches('"'));
    let Some(object) = file.ast.children(0).find(|node| file.kind(*node) == "object") else { return false };
    let sections = file.ast.children(object).filter(|pair| SECTIONS.contains(&key(*pair)));
    let lists = sections.filter_map(|pair| file.ast.child_named(pair, "value"));
    let types = format!("@types/{}", package.trim_start_matches('@').replace('/', "__"));
    lists.into_iter().any(|list| file.ast.children(list).any(|pair| key(pair) == package || key(pair) == types))
}

/// Whether a manifest of Python has the distribution of a module. Its name may be spelled in any way, and distributions
/// often have more in their names than their modules: a longer word that holds the name counts too.
fn is_distribution_in(text: &str, module: &str) -> bool {
    let plain = |name: &str| name.to_lowercase().replace(['_', '.', '-'], "");
    let module = plain(module);
    let is_word = |c: char| c.is_alphanumeric() || matches!(c, '_' | '.' | '-');
    text.split(|c: char| !is_word(c)).map(plain).any(|word| {
        word == module
            || word == format!("py{module}")
            || word == format!("python{module}")
            || (module.len() > 2 && word.contains(&module))
    })
}

/// Whether another file of the project imports the package already.
fn is_imported(state: &State, trees: &Trees, language: Language, package: &str) -> bool {
    let same = |path: &str| Language::of_path(path).is_some_and(|other| other.family() == language.family());
    let mut files = state.values().filter(|source| same(&source.path) && source.text.contains(package));
    files.any(|source| trees.get(state, &source.path).is_some_and(|file| packages(&file).contains(package)))
}
