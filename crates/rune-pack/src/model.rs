//! What a pack holds, as plain values.

use std::collections::BTreeMap;
use std::sync::Arc;

use rune_model::{Confidence, InsertPlace, ParameterForm, Safety, Severity, Source, Span};

use crate::Text;

/// A pack: a folder of rules, relations and tables.
#[derive(Debug, Clone)]
pub struct Pack {
    /// Its name.
    pub name: String,
    /// Its version.
    pub version: semver::Version,
    /// What it is for.
    pub description: String,
    /// The skills, by folder name, with their titles.
    pub skills: BTreeMap<String, String>,
    /// Knobs.
    pub options: BTreeMap<String, PackOption>,
    /// Classes of paths that rules may skip, as globs.
    pub path_classes: BTreeMap<String, Vec<Text>>,
    /// Declared relations.
    pub relations: Vec<RelationDecl>,
    /// Rules.
    pub rules: Vec<Rule>,
    /// Rules that fill relations.
    pub relation_rules: Vec<RelationRule>,
    /// Relations whose rows are constants.
    pub tables: Vec<Table>,
    /// Templates of files, by path below `templates/`.
    pub templates: BTreeMap<String, String>,
    /// Projects that lie beneath examples, by name: path to text.
    pub givens: BTreeMap<String, BTreeMap<String, String>>,
    /// Every file it was read from, by path below its folder.
    pub files: BTreeMap<String, Arc<str>>,
}

impl Pack {
    /// The files of an example over those of the project beneath it, by path; of no project if none is named.
    pub fn example_sources(&self, given: Option<&String>, files: &BTreeMap<String, String>) -> Vec<Source> {
        let mut all: BTreeMap<&String, &String> = given.and_then(|name| self.givens.get(name)).into_iter().flatten().collect();
        all.extend(files);
        all.into_iter().map(|(path, text)| Source { path: path.as_str().into(), text: text.as_str().into() }).collect()
    }
}

/// A typed knob with its default.
#[derive(Debug, Clone)]
pub struct PackOption {
    /// Its type.
    pub kind: OptionKind,
    /// The value unless a project sets another.
    pub default: OptionValue,
    /// What it is for.
    pub about: String,
    /// The default as the file writes it.
    pub text: Text,
}

/// The type of a knob.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[allow(missing_docs)]
pub enum OptionKind {
    String,
    Number,
    Duration,
    Regex,
    List,
    Bool,
}

impl OptionKind {
    /// What a value of it is called, and how it is written.
    pub(crate) fn spelling(self) -> (&'static str, &'static str) {
        match self {
            OptionKind::Number => ("number", "a number without quotes"),
            OptionKind::Bool => ("bool", "true or false without quotes"),
            OptionKind::List => ("list", "`[\"a\", \"b\"]`"),
            OptionKind::Duration => ("duration", "a text with a unit, e.g. \"15m\""),
            OptionKind::Regex => ("regex", "the regular expression as a text"),
            OptionKind::String => ("string", "a text in quotes"),
        }
    }

    /// Whether a value can be one of it.
    pub(crate) fn takes(self, value: &OptionValue) -> bool {
        match self {
            OptionKind::Number => matches!(value, OptionValue::Number(_)),
            OptionKind::Bool => matches!(value, OptionValue::Bool(_)),
            OptionKind::List => matches!(value, OptionValue::List(_)),
            OptionKind::String | OptionKind::Regex | OptionKind::Duration => matches!(value, OptionValue::String(_)),
        }
    }
}

/// The value of a knob.
#[derive(Debug, Clone, PartialEq)]
#[allow(missing_docs)]
pub enum OptionValue {
    String(String),
    Number(f64),
    Bool(bool),
    List(Vec<String>),
}

/// The declaration of a relation.
#[derive(Debug, Clone)]
pub struct RelationDecl {
    /// Its name.
    pub name: String,
    /// Its name with its place.
    pub text: Text,
    /// The group it stands in.
    pub group: String,
    /// What a row says, in a sentence.
    pub about: String,
    /// Columns with their types, in order.
    pub columns: Vec<(String, ColumnType)>,
    /// Whether rows are seen only by files below the folder of their file.
    pub visible_below: bool,
}

/// The type of a column.
#[derive(Debug, Clone, PartialEq)]
pub enum ColumnType {
    /// A place.
    Node,
    /// What a name refers to, across files.
    Symbol,
    /// The spelling of a name.
    Name,
    /// A string known from the source.
    String,
    /// A number known from the source.
    Number,
    /// A boolean known from the source.
    Bool,
    /// A length of time.
    Duration,
    /// A version or range; compares by its lowest.
    Version,
    /// A request path in normal form.
    Path,
    /// A list.
    List(Box<ColumnType>),
    /// One of some words.
    Enum(Vec<String>),
}

/// A rule.
#[derive(Debug, Clone)]
#[allow(missing_docs)]
pub struct Rule {
    pub id: String,
    pub id_span: Span,
    pub skill: String,
    pub summary: String,
    pub severity: Severity,
    /// Severities with the clauses under which they hold; the first that holds wins over `severity`.
    pub severities: Vec<(Severity, Text)>,
    pub confidence: Confidence,
    pub languages: Vec<String>,
    /// Classes of paths in which it finds nothing; `None` for the default.
    pub skip: Option<Vec<Text>>,
    pub files: Vec<Text>,
    pub pattern: Text,
    pub report: Text,
    /// Captures and what is to be seen there.
    pub related: Vec<(Text, Text)>,
    pub fixes: Vec<FixSpec>,
    pub why: String,
    pub references: Vec<String>,
    pub given: Option<String>,
    pub examples: Vec<Example>,
    pub path: Arc<str>,
}

/// A fix of a rule.
#[derive(Debug, Clone)]
#[allow(missing_docs)]
pub struct FixSpec {
    pub title: Text,
    pub guard: Option<Text>,
    pub safety: Safety,
    pub edits: Vec<EditSpec>,
    /// Captures, with `$`, and their values for the files of a fix that comes behind this one.
    pub then: Vec<(Text, Text)>,
}

/// An edit of a fix.
#[derive(Debug, Clone)]
pub struct EditSpec {
    /// The operation.
    pub kind: EditKind,
    /// The capture whose node it works on, with `$`; empty for `create-file`, and for `ensure-import` in the found file.
    pub at: Option<Text>,
    /// The text to put.
    pub with: Option<Text>,
    /// A template file in place of `with`.
    pub template: Option<Text>,
    /// Position (from 1) or keyword of an argument.
    pub argument: Option<ArgumentSpec>,
    /// The key of `set-key`.
    pub key: Option<Text>,
    /// The place of `insert-in`.
    pub place: InsertPlace,
    /// The capture that `move` goes after.
    pub after: Option<Text>,
    /// The name of `ensure-import`.
    pub name: Option<Text>,
    /// The module of `ensure-import`.
    pub from: Option<Text>,
    /// The path of `create-file`.
    pub path: Option<Text>,
    /// How `parameterize` writes the places of parameters.
    pub style: Option<Text>,
    /// The capture of the call or object that takes the parameters of `parameterize`, with `$`.
    pub into: Option<Text>,
    /// How `parameterize` passes parameters on, where it is said.
    pub form: Option<ParameterForm>,
    /// Where the edit stands.
    pub span: Span,
}

/// Which argument.
#[derive(Debug, Clone, PartialEq)]
pub enum ArgumentSpec {
    /// The n-th, from 1.
    Position(u32),
    /// A keyword.
    Keyword(String),
}

/// The operations.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[allow(missing_docs)]
pub enum EditKind {
    Replace,
    SetKey,
    SetArgument,
    SetString,
    InsertBefore,
    InsertAfter,
    InsertIn,
    Remove,
    Move,
    MakeAsync,
    Parameterize,
    EnsureImport,
    CreateFile,
}

impl EditKind {
    /// Every operation with its name in rule files.
    pub const ALL: &'static [(&'static str, EditKind)] = &[
        ("replace", EditKind::Replace),
        ("set-key", EditKind::SetKey),
        ("set-argument", EditKind::SetArgument),
        ("set-string", EditKind::SetString),
        ("insert-before", EditKind::InsertBefore),
        ("insert-after", EditKind::InsertAfter),
        ("insert-in", EditKind::InsertIn),
        ("remove", EditKind::Remove),
        ("move", EditKind::Move),
        ("make-async", EditKind::MakeAsync),
        ("parameterize", EditKind::Parameterize),
        ("ensure-import", EditKind::EnsureImport),
        ("create-file", EditKind::CreateFile),
    ];

    /// What it does, in a sentence for authors.
    pub fn about(self) -> &'static str {
        match self {
            EditKind::Replace => "Puts `with` in place of the node.",
            EditKind::SetKey => "Sets a key of an object literal or dictionary; with `argument`, of that argument of a call.",
            EditKind::SetArgument => "Sets an argument of a call: a position that exists or is the next, or a keyword.",
            EditKind::SetString => "Changes what a string literal says; its quotes stay.",
            EditKind::InsertBefore => "Statements before the one that holds the node.",
            EditKind::InsertAfter => "Statements after the one that holds the node.",
            EditKind::InsertIn => "An item of a list or object, statements of a body, members of a class.",
            EditKind::Remove => "Removes the statement with the comments above it, or the item of a list.",
            EditKind::Move => "Moves the statement behind the one of `after`.",
            EditKind::MakeAsync => "The function, or the innermost around the node, becomes `async`.",
            EditKind::EnsureImport => "The name is imported from the module; without `from` the module itself.",
            EditKind::Parameterize => "A statement that is put together from values takes them as parameters.",
            EditKind::CreateFile => "A new file below the root of the run.",
        }
    }
}

/// An example of a rule: code that must be found, or must stay silent.
#[derive(Debug, Clone)]
pub struct Example {
    /// Whether the rule must find something.
    pub is_bad: bool,
    /// Path to text; a single text has the path `example.<ending>`.
    pub files: BTreeMap<String, String>,
    /// The single text, if it is one.
    pub text: Option<Text>,
    /// What the fixes must give, for the files they change.
    pub fixed: Option<BTreeMap<String, String>>,
    /// Bad code for which the rule must offer no fix that could be applied.
    pub withheld: bool,
    /// The project beneath.
    pub given: Option<String>,
    /// A remark.
    pub note: Option<String>,
    /// A known miss: the example is shown, not demanded.
    pub open: bool,
}

/// A rule that fills a relation.
#[derive(Debug, Clone)]
#[allow(missing_docs)]
pub struct RelationRule {
    pub id: String,
    pub id_span: Span,
    pub languages: Vec<String>,
    pub files: Vec<Text>,
    /// Classes of paths; `None` if the file does not say.
    pub skip: Option<Vec<Text>>,
    pub pattern: Text,
    pub examples: Vec<RelationExample>,
    pub path: Arc<str>,
}

/// An example of a relation rule: code and exactly the rows it gives.
#[derive(Debug, Clone)]
pub struct RelationExample {
    /// Path to text.
    pub files: BTreeMap<String, String>,
    /// The single text, if it is one.
    pub text: Option<Text>,
    /// The project beneath.
    pub given: Option<String>,
    /// The rows of the rule's relation, as column to text.
    pub rows: Vec<BTreeMap<String, String>>,
}

/// A relation whose rows are constants.
#[derive(Debug, Clone)]
pub struct Table {
    /// Its id.
    pub id: Text,
    /// The relation.
    pub relation: Text,
    /// Its rows, columns with values.
    pub rows: Vec<Vec<(Text, serde_json::Value)>>,
}
