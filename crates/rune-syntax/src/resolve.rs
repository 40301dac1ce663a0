//! Which file of the project an import means. TypeScript and JavaScript through `oxc_resolver` over the sources in
//! memory (tsconfig paths, package exports, index files); Python by packages and relative imports.

use std::io;
use std::path::{Path, PathBuf};
use std::sync::{Arc, RwLock};

use oxc_resolver::{FileMetadata, FileSystem, ResolveError, ResolveOptions, ResolverGeneric, TsconfigDiscovery};
use rustc_hash::{FxHashMap, FxHashSet};

/// Where the project lies in the resolver's file system, which holds nothing else.
const ROOT: &str = "/project";

/// Finds the files that imports mean.
pub(crate) struct Resolver {
    files: Arc<FxHashMap<PathBuf, (u32, Arc<str>)>>,
    modules: ResolverGeneric<Memory>,
    python_roots: Vec<String>,
    /// What was asked before, by the importer's folder and the module.
    known: RwLock<FxHashMap<(PathBuf, String), Option<u32>>>,
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
        let files = Arc::new(files);
        let python_roots = python_roots(&folders, &files);
        let memory = Memory { files: files.clone(), folders: Arc::new(folders) };
        Resolver {
            files,
            modules: ResolverGeneric::new_with_file_system(memory, options()),
            python_roots,
            known: RwLock::default(),
        }
    }

    /// The number of the file that `module`, imported by the file at `importer`, means; `None` if it is not of this project.
    pub(crate) fn ecma(&self, importer: &str, module: &str) -> Option<u32> {
        let full = Path::new(ROOT).join(importer);
        let key = (full.parent()?.to_owned(), module.to_owned());
        let poisoned = "nothing panics while the lock is held";
        if let Some(known) = self.known.read().expect(poisoned).get(&key) {
            return *known;
        }
        let found = self.modules.resolve_file(&full, module).ok();
        let number = found.and_then(|found| self.files.get(found.path()).map(|(number, _)| *number));
        self.known.write().expect(poisoned).insert(key, number);
        number
    }

    /// The same for Python: `module` as written, with its leading dots.
    pub(crate) fn python(&self, importer: &str, module: &str) -> Option<u32> {
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
    }

    fn python_file(&self, path: &str) -> Option<u32> {
        let candidates = [format!("{path}.py"), join(path, "__init__.py")];
        candidates.iter().find_map(|path| self.files.get(&Path::new(ROOT).join(path))).map(|(number, _)| *number)
    }
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

/// The sources as a file system.
struct Memory {
    files: Arc<FxHashMap<PathBuf, (u32, Arc<str>)>>,
    folders: Arc<FxHashSet<PathBuf>>,
}

impl FileSystem for Memory {
    fn new() -> Memory {
        Memory { files: Arc::default(), folders: Arc::default() }
    }

    fn read(&self, path: &Path) -> io::Result<Vec<u8>> {
        self.read_to_string(path).map(String::into_bytes)
    }

    fn read_to_string(&self, path: &Path) -> io::Result<String> {
        self.files.get(path).map(|(_, text)| text.to_string()).ok_or(io::ErrorKind::NotFound.into())
    }

    fn metadata(&self, path: &Path) -> io::Result<FileMetadata> {
        let is_file = self.files.contains_key(path);
        let is_folder = self.folders.contains(path);
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
