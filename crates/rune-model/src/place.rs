//! Where something is. Inside rune a position is a byte offset; lines and columns are made by `LineIndex` for people.

use std::sync::Arc;

use serde::{Deserialize, Serialize};

/// A half-open range of byte offsets (UTF-8) in one text.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Default, Serialize, Deserialize)]
pub struct Span {
    /// First byte.
    pub start: u32,
    /// One past the last byte.
    pub end: u32,
}

impl Span {
    /// The span from `start` to `end`, both in bytes.
    pub fn new(start: u32, end: u32) -> Span {
        Span { start, end }
    }

    /// The slice of `text` this span covers; empty if the span does not fit the text.
    pub fn of(self, text: &str) -> &str {
        text.get(self.start as usize..self.end as usize).unwrap_or("")
    }

    /// Whether `other` lies within this span (equal spans do).
    pub fn contains(self, other: Span) -> bool {
        self.start <= other.start && other.end <= self.end
    }
}

/// A span in a file. `path` is relative to the root of the run and uses `/`.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub struct Place {
    /// Path relative to the root of the run, with `/`.
    pub path: Arc<str>,
    /// The bytes in that file.
    pub span: Span,
}

/// One file of user code: where it is and what it says.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Source {
    /// Path relative to the root of the run, with `/`.
    pub path: Arc<str>,
    /// The decoded text, line ends and byte order mark as in the file.
    pub text: Arc<str>,
}

/// Turns byte offsets of one text into lines and columns.
#[derive(Debug, Clone)]
pub struct LineIndex {
    starts: Vec<u32>,
}

impl LineIndex {
    /// Indexes the line starts of `text` (`\n` ends a line).
    pub fn new(text: &str) -> LineIndex {
        let newlines = text.bytes().enumerate().filter(|(_, byte)| *byte == b'\n').map(|(i, _)| i as u32 + 1);
        LineIndex { starts: std::iter::once(0).chain(newlines).collect() }
    }

    /// The line (from 1) and column (from 1, in characters) of byte `offset` of `text`.
    pub fn line_column(&self, text: &str, offset: u32) -> (u32, u32) {
        let line = self.starts.partition_point(|start| *start <= offset) - 1;
        let start = self.starts[line] as usize;
        let head = text.get(start..(offset as usize).min(text.len())).unwrap_or("");
        (line as u32 + 1, head.chars().count() as u32 + 1)
    }

    /// The byte offset at which `line` (from 1) starts; the last line's start for lines past the end.
    pub fn line_start(&self, line: u32) -> u32 {
        let last = self.starts.len() - 1;
        self.starts[(line.max(1) as usize - 1).min(last)]
    }

    /// The number of lines; a text that ends in `\n` has an empty last line.
    pub fn n_lines(&self) -> u32 {
        self.starts.len() as u32
    }
}
