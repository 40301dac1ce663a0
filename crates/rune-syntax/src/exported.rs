//! What files export, worked out once for each name. Who asks rests on the answer alone, not on the files that led to it.

use std::sync::RwLock;

use rustc_hash::{FxHashMap, FxHashSet};

use crate::scope::ImportName;
use crate::trace;
use crate::{Definition, Project};

/// An export that was asked for.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct AskedExport {
    /// The file that exports.
    pub file: u32,
    /// What of it.
    pub name: ImportName,
    /// How many steps it was followed at most.
    pub steps: u32,
}

/// By name what is known of the exports of a file: the number of the question, the steps, and the answer.
pub(crate) type Known = RwLock<FxHashMap<ImportName, Vec<(u32, u32, Option<Definition>)>>>;

const POISONED: &str = "nothing panics while the lock is held";

impl Project {
    /// What `file` exports under `name`; its root for the namespace.
    pub(crate) fn define_export(&self, file: u32, name: &ImportName, steps: u32) -> Option<Definition> {
        let of_steps = |known: &&(u32, u32, Option<Definition>)| known.1 == steps;
        let known = self.known_exports(file).read().expect(POISONED).get(name).and_then(|all| all.iter().find(of_steps).cloned());
        let (number, _, found) = known.unwrap_or_else(|| {
            let asked = AskedExport { file, name: name.clone(), steps };
            let (found, _) = trace::traced(|| self.exported(&asked));
            let mut known = self.known_exports(file).write().expect(POISONED);
            let all = known.entry(name.clone()).or_default();
            if let Some(other) = all.iter().find(of_steps) {
                return other.clone();
            }
            let mut numbered = self.asked_exports.write().expect(POISONED);
            numbered.push(asked);
            all.push((numbered.len() as u32 - 1, steps, found));
            all[all.len() - 1].clone()
        });
        trace::read_export(number);
        found
    }

    /// The answer to a question, worked out afresh.
    pub fn exported(&self, asked: &AskedExport) -> Option<Definition> {
        self.define_export_once(asked.file, &asked.name, asked.steps, &mut FxHashSet::default())
    }

    /// An export that was asked for, by the number that [`crate::Reads::exports`] gives.
    pub fn asked_export(&self, number: u32) -> Option<AskedExport> {
        self.asked_exports.read().expect(POISONED).get(number as usize).cloned()
    }
}
