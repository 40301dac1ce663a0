//! Which file of the project an import means. TypeScript and JavaScript through `oxc_resolver` over the sources in
//! memory (tsconfig paths, package exports, index files); Python by packages and relative imports.

use std::io;
use std::path::{Path, PathBuf};
use std::sync::{Arc, LazyLock, RwLock};

use oxc_resolver::{FileMetadata, FileSystem, ResolveError, ResolveOptions, ResolverGeneric, TsconfigDiscovery};
use regex::Regex;
use rustc_hash::{FxHashMap, FxHashSet};
use serde::Deserialize;

/// Where the project lies in the resolver's file system, which holds nothing else.
const ROOT: &str = "/project";

/// Finds the files that imports mean.
pub(crate) struct Resolver {
    files: Arc<FxHashMap<PathBuf, (u32, Arc<str>)>>,
    packages: Arc<Packages>,
    modules: ResolverGeneric<Memory>,
    python_roots: Vec<String>,
    /// What was asked before, by the importer's folder and configuration and the module.
    known: RwLock<FxHashMap<String, Option<u32>>>,
    /// The `tsconfig.json` that a file belongs to; empty if to none.
    configurations: RwLock<FxHashMap<String, String>>,
}

impl std::fmt::Debug for Resolver {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Resolver").field("n_files", &self.files.len()).finish()
    }
}

impl Resolver {
    /// A resolver over `sources`, given as path and text; a file's number is its position.
    pub(crate) fn new<'a>(sources: impl Iterator<Item = (&'a Arc<str>, &'a Arc<str>)>) -> Resolver {
        let mut files = FxHashMap::default();
        let mut folders = FxHashSet::default();
        for (number, (path, text)) in sources.enumerate() {
            let full = Path::new(ROOT).join(path.as_ref());
            folders.extend(full.ancestors().skip(1).map(Path::to_owned));
            files.insert(full, (number as u32, text.clone()));
        }
        let python_roots = python_roots(&folders, &files);
        let packages = packages(&files);
        let bases = missing_bases(&files, &packages);
        folders.extend(bases.iter().chain(packages.keys()).flat_map(|path| path.ancestors().skip(1)).map(Path::to_owned));
        let files = Arc::new(files);
        let packages = Arc::new(packages);
        let memory =
            Memory { files: files.clone(), folders: Arc::new(folders), packages: packages.clone(), bases: Arc::new(bases) };
        Resolver {
            files,
            packages,
            modules: ResolverGeneric::new_with_file_system(memory, options()),
            python_roots,
            known: RwLock::default(),
            configurations: RwLock::default(),
        }
    }

    /// The number of the file that `module`, imported by the file at `importer`, means; `None` if it is not of this project.
    pub(crate) fn ecma(&self, importer: &str, module: &str) -> Option<u32> {
        let configuration = self.configuration(importer);
        self.remembered([folder(importer), &configuration, module], || {
            let found = self.modules.resolve_file(Path::new(ROOT).join(importer), module).ok()?;
            self.files.get(&linked(&self.packages, found.path())).map(|(number, _)| *number)
        })
    }

    /// The same for Python: `module` as written, with its leading dots.
    pub(crate) fn python(&self, importer: &str, module: &str) -> Option<u32> {
        self.remembered([folder(importer), "python", module], || {
            let dots = module.bytes().take_while(|byte| *byte == b'.').count();
            let tail = module[dots..].replace('.', "/");
            if dots == 0 {
                return self.python_roots.iter().find_map(|root| self.python_file(&join(root, &tail)));
            }
            let mut folder = Path::new(importer).parent()?;
            for _ in 1..dots {
                folder = folder.parent()?;
            }
            self.python_file(&join(folder.to_str()?, &tail))
        })
    }

    /// The configuration that a file belongs to: of two files in one folder one may be left out of it.
    fn configuration(&self, importer: &str) -> String {
        if let Some(known) = self.configurations.read().expect(POISONED).get(importer) {
            return known.clone();
        }
        let found = self.modules.find_tsconfig(Path::new(ROOT).join(importer));
        let path = found.ok().flatten().map_or(String::new(), |found| found.path().to_string_lossy().into_owned());
        self.configurations.write().expect(POISONED).insert(importer.to_owned(), path.clone());
        path
    }

    /// What `find` gives, asked once for all files of a folder that have one configuration.
    fn remembered(&self, question: [&str; 3], find: impl FnOnce() -> Option<u32>) -> Option<u32> {
        let key = question.join("\0");
        if let Some(known) = self.known.read().expect(POISONED).get(&key) {
            return *known;
        }
        let number = find();
        self.known.write().expect(POISONED).insert(key, number);
        number
    }

    fn python_file(&self, path: &str) -> Option<u32> {
        let candidates = [format!("{path}.py"), join(path, "__init__.py")];
        candidates.iter().find_map(|path| self.files.get(&Path::new(ROOT).join(path))).map(|(number, _)| *number)
    }
}

const POISONED: &str = "nothing panics while the lock is held";

fn folder(path: &str) -> &str {
    path.rsplit_once('/').map_or("", |(folder, _)| folder)
}

/// Whether finding modules reads the text of a file: manifests and configurations are JSON.
pub(crate) fn is_read(path: &Path) -> bool {
    path.extension().is_some_and(|ending| ending == "json")
}

fn join(folder: &str, name: &str) -> String {
    match (folder.is_empty(), name.is_empty()) {
        (true, _) => name.to_owned(),
        (_, true) => folder.to_owned(),
        _ => format!("{folder}/{name}"),
    }
}

/// The folders that Python modules are imported from: the root, and each folder that is no package and holds one.
fn python_roots(folders: &FxHashSet<PathBuf>, files: &FxHashMap<PathBuf, (u32, Arc<str>)>) -> Vec<String> {
    let is_package = |folder: &Path| files.contains_key(&folder.join("__init__.py"));
    let mut roots: Vec<String> = folders
        .iter()
        .filter(|folder| is_package(folder))
        .filter_map(|folder| folder.parent())
        .filter(|parent| !is_package(parent))
        .filter_map(|parent| parent.strip_prefix(ROOT).ok()?.to_str().map(str::to_owned))
        .chain(std::iter::once(String::new()))
        .collect();
    roots.sort();
    roots.dedup();
    roots
}

/// The folders of the project's own packages, by where an installed package of that name would lie.
type Packages = FxHashMap<PathBuf, PathBuf>;

fn packages(files: &FxHashMap<PathBuf, (u32, Arc<str>)>) -> Packages {
    let manifests = files.iter().filter(|(path, _)| path.ends_with("package.json"));
    let named = manifests.filter_map(|(path, (_, text))| {
        let manifest: Manifest = serde_json::from_str(text).ok()?;
        Some((installed(&manifest.name?), path.parent()?.to_owned()))
    });
    let mut all: Vec<(PathBuf, PathBuf)> = named.collect();
    // Of two packages with one name the first by path is taken.
    all.sort_by(|a, b| b.cmp(a));
    all.into_iter().collect()
}

#[derive(Deserialize)]
struct Manifest {
    name: Option<String>,
}

fn installed(name: &str) -> PathBuf {
    Path::new(ROOT).join("node_modules").join(name)
}

/// The path in the project that a path in `node_modules` is a link to; any other path as it is.
fn linked(packages: &Packages, path: &Path) -> PathBuf {
    let package = path.ancestors().find_map(|outer| Some((outer, packages.get(outer)?)));
    match package {
        Some((outer, folder)) => path.strip_prefix(outer).map_or_else(|_| path.to_owned(), |rest| folder.join(rest)),
        None => path.to_owned(),
    }
}

/// Where the configurations would lie that a `tsconfig.json` extends from packages that are not there: read as empty, so
/// that what the file says itself still counts.
fn missing_bases(files: &FxHashMap<PathBuf, (u32, Arc<str>)>, packages: &Packages) -> FxHashSet<PathBuf> {
    let is_config =
        |path: &Path| path.file_name().and_then(|name| name.to_str()).is_some_and(|name| name.starts_with("tsconfig"));
    let texts = files.iter().filter(|(path, _)| is_config(path)).map(|(_, (_, text))| text);
    let lists = texts.filter_map(|text| EXTENDS.captures(text)).filter_map(|found| found.get(1));
    let names = lists.flat_map(|list| list.as_str().split('"').skip(1).step_by(2)).filter(|name| !name.starts_with(['.', '/']));
    let places =
        names.flat_map(|name| [installed(name), installed(&format!("{name}.json")), installed(name).join("tsconfig.json")]);
    let is_missing =
        |path: &PathBuf| path.extension().is_some_and(|e| e == "json") && !files.contains_key(&linked(packages, path));
    places.filter(is_missing).collect()
}

static EXTENDS: LazyLock<Regex> =
    LazyLock::new(|| Regex::new(r#""extends"\s*:\s*(\[[^\]]*\]|"[^"]*")"#).expect("the expression is right"));

fn options() -> ResolveOptions {
    let strings = |list: &[&str]| list.iter().map(|s| (*s).to_owned()).collect::<Vec<_>>();
    ResolveOptions {
        extensions: strings(&[".ts", ".tsx", ".mts", ".cts", ".js", ".jsx", ".mjs", ".cjs", ".json", ".d.ts"]),
        extension_alias: vec![
            (".js".into(), strings(&[".ts", ".tsx", ".js", ".jsx"])),
            (".mjs".into(), strings(&[".mts", ".mjs"])),
            (".cjs".into(), strings(&[".cts", ".cjs"])),
        ],
        condition_names: strings(&["import", "require", "node", "default"]),
        tsconfig: Some(TsconfigDiscovery::Auto),
        symlinks: false,
        ..ResolveOptions::default()
    }
}

/// The sources as a file system, with the project's own packages linked below `node_modules` as a package manager would.
struct Memory {
    files: Arc<FxHashMap<PathBuf, (u32, Arc<str>)>>,
    folders: Arc<FxHashSet<PathBuf>>,
    packages: Arc<Packages>,
    bases: Arc<FxHashSet<PathBuf>>,
}

impl FileSystem for Memory {
    fn new() -> Memory {
        Memory { files: Arc::default(), folders: Arc::default(), packages: Arc::default(), bases: Arc::default() }
    }

    fn read(&self, path: &Path) -> io::Result<Vec<u8>> {
        self.read_to_string(path).map(String::into_bytes)
    }

    fn read_to_string(&self, path: &Path) -> io::Result<String> {
        match self.files.get(&linked(&self.packages, path)) {
            Some((_, text)) if is_read(path) => Ok(text.to_string()),
            None if self.bases.contains(path) => Ok("{}".to_owned()),
            _ => Err(io::ErrorKind::NotFound.into()),
        }
    }

    fn metadata(&self, path: &Path) -> io::Result<FileMetadata> {
        let real = linked(&self.packages, path);
        let is_file = self.files.contains_key(&real) || self.bases.contains(path);
        let is_folder = self.folders.contains(&real) || self.folders.contains(path);
        if is_file || is_folder { Ok(FileMetadata::new(is_file, is_folder, false)) } else { Err(io::ErrorKind::NotFound.into()) }
    }

    fn symlink_metadata(&self, path: &Path) -> io::Result<FileMetadata> {
        self.metadata(path)
    }

    fn read_link(&self, _: &Path) -> Result<PathBuf, ResolveError> {
        Err(io::Error::from(io::ErrorKind::NotFound).into())
    }

    fn canonicalize(&self, path: &Path) -> io::Result<PathBuf> {
        Ok(path.to_owned())
    }
}
