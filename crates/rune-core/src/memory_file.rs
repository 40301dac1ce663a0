//! A memory as the bytes of a file: a line that says what wrote it, a sum over the rest, and the rest. Bytes that are not
//! exactly what was written are no memory.

use std::sync::Arc;

use crate::codec::{Digest, Numbers, Reader, Stored, Writer};
use crate::memory::{Import, Known, Memory};

/// The first bytes; the number grows with every change of the format.
const MAGIC: &[u8] = b"rune cache 2\n";

impl Memory {
    /// The memory in `bytes`, which `stamp` wrote; else why there is none.
    pub fn from_bytes(bytes: &[u8], stamp: &str) -> Result<Memory, &'static str> {
        let no_numbers = Numbers::default();
        let Some(rest) = bytes.strip_prefix(MAGIC) else {
            return Err("it is of another version of rune, or no cache");
        };
        let mut from = Reader::new(rest, &no_numbers);
        let (written_by, sum) = (from.text(), from.take(16));
        match written_by {
            Some(by) if by == stamp => {}
            Some(_) => return Err("it is of another version of rune or of the pack"),
            None => return Err("it is damaged"),
        }
        let rest = from.rest();
        if sum != Some(Digest::of(rest).0.as_slice()) {
            return Err("it is damaged");
        }
        read(rest).ok_or("it is damaged")
    }

    /// The memory as bytes. `stamp` says what the answers rest on besides the project: the engine and the program.
    pub fn to_bytes(&self, stamp: &str) -> Vec<u8> {
        let no_numbers = Numbers::default();
        let mut out = Writer::new(&no_numbers);
        out.number(self.files.len() as u64);
        for file in &self.files {
            file.path.put(&mut out);
            file.content.is_some().put(&mut out);
            out.bytes.extend(file.content.unwrap_or_default().0);
            file.n_errors.put(&mut out);
        }
        out.number(self.imports.len() as u64);
        for import in &self.imports {
            import.importer.put(&mut out);
            out.text(&import.module);
            import.file.put(&mut out);
        }
        out.bytes.extend(self.paths.0);
        out.bytes.extend(self.configuration.0);
        let mut answers: Vec<_> = self.answers.iter().collect();
        answers.sort_by_key(|(question, _)| **question);
        out.number(answers.len() as u64);
        for (question, (age, range)) in answers {
            out.bytes.extend(question.0);
            out.bytes.push(*age);
            out.blob(self.bytes.get(range.clone()).unwrap_or_default());
        }
        let mut whole = Writer::new(&no_numbers);
        whole.bytes.extend(MAGIC);
        whole.text(stamp);
        whole.bytes.extend(Digest::of(&out.bytes).0);
        whole.bytes.extend(out.bytes);
        whole.bytes
    }
}

fn read(bytes: &[u8]) -> Option<Memory> {
    let no_numbers = Numbers::default();
    let mut from = Reader::new(bytes, &no_numbers);
    let mut memory = Memory::default();
    for _ in 0..from.count()? {
        let path: Arc<str> = Arc::take(&mut from)?;
        let is_there = bool::take(&mut from)?;
        let content = digest(&mut from).filter(|_| is_there);
        memory.files.push(Known { path, content, n_errors: Stored::take(&mut from)? });
    }
    for _ in 0..from.count()? {
        let (importer, module) = (from.small()?, from.text()?.into());
        memory.imports.push(Import { importer, module, file: Stored::take(&mut from)? });
    }
    (memory.paths, memory.configuration) = (digest(&mut from)?, digest(&mut from)?);
    memory.bytes.reserve(bytes.len());
    for _ in 0..from.count()? {
        let (question, age) = (digest(&mut from)?, from.byte()?);
        memory.add(question, age, from.blob()?);
    }
    from.is_done().then_some(memory)
}

fn digest(from: &mut Reader<'_>) -> Option<Digest> {
    Some(Digest(from.take(16)?.try_into().ok()?))
}
