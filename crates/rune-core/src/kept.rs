//! What was worked out for a place and is asked for again by other rules, with what was read for it: whoever uses it rests on
//! that too.

use std::sync::{Arc, Mutex};

use rune_syntax::{NodeRef, Reads, read_again, traced};
use rustc_hash::FxHashMap;

use crate::calls::Target;
use crate::runs::Body;

/// The results in one file by place, each with what was read for it.
type OfFile<T> = FxHashMap<NodeRef, (Arc<T>, Reads)>;

/// Results by place.
#[derive(Debug)]
pub(crate) struct Kept<T> {
    files: Vec<Mutex<OfFile<T>>>,
}

/// What is kept of the code of a run.
#[derive(Debug)]
pub(crate) struct Work {
    /// The functions that a call runs.
    pub(crate) called: Kept<Vec<Target>>,
    /// What a function runs by itself.
    pub(crate) bodies: Kept<Body>,
}

impl Work {
    /// Nothing yet, for a project of `n_files`.
    pub(crate) fn new(n_files: u32) -> Work {
        Work { called: Kept::new(n_files), bodies: Kept::new(n_files) }
    }
}

const POISONED: &str = "nothing panics while the lock is held";

impl<T> Kept<T> {
    fn new(n_files: u32) -> Kept<T> {
        Kept { files: (0..n_files).map(|_| Mutex::default()).collect() }
    }

    /// What `work` gives for a place, worked out once.
    pub(crate) fn get(&self, at: NodeRef, work: impl FnOnce() -> T) -> Arc<T> {
        let file = &self.files[at.file as usize];
        if let Some((found, reads)) = file.lock().expect(POISONED).get(&at) {
            read_again(reads);
            return found.clone();
        }
        let (found, reads) = traced(work);
        read_again(&reads);
        let found = Arc::new(found);
        file.lock().expect(POISONED).insert(at, (found.clone(), reads));
        found
    }
}
