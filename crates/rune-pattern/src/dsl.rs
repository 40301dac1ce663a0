//! The match DSL as a tree. Captures are numbered: the same name in one rule, its row and its fix guards is the same number.

use std::ops::Range;

use crate::Snippet;

/// The number of a capture within its rule.
pub type Slot = usize;

/// A range of byte offsets in the DSL text.
pub type Offsets = Range<usize>;

/// The captures of one rule, by number.
#[derive(Debug, Clone, Default)]
pub struct Captures {
    names: Vec<String>,
}

impl Captures {
    /// The number of `name` (without `$`), given on first use; each `$_` has its own.
    pub fn slot(&mut self, name: &str) -> Slot {
        self.find(name).filter(|_| name != "_").unwrap_or_else(|| {
            self.names.push(name.to_owned());
            self.names.len() - 1
        })
    }

    /// The number of `name`, if the rule uses it.
    pub fn find(&self, name: &str) -> Option<Slot> {
        self.names.iter().position(|known| known == name)
    }

    /// The name of a capture, without `$`.
    pub fn name(&self, slot: Slot) -> &str {
        self.names.get(slot).map_or("", String::as_str)
    }

    /// All names, by number.
    pub fn names(&self) -> &[String] {
        &self.names
    }
}

/// The `match` of a rule.
#[derive(Debug, Clone)]
pub struct Program {
    /// What is searched.
    pub find: Pattern,
    /// What must hold besides.
    pub clauses: Vec<Clause>,
    /// The row a relation rule gives.
    pub head: Option<RowAtom>,
}

/// A name that comes from one of some modules.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Use {
    /// The name as snippets write it.
    pub name: String,
    /// The modules, in the spelling of the language.
    pub modules: Vec<String>,
}

/// A line of the DSL after `find`.
#[derive(Debug, Clone)]
pub enum Clause {
    /// `inside`, `has`, `before`, `after`, from the found node.
    Step(StepClause),
    /// `where`.
    Where(Cond),
    /// `focus $X`.
    Focus(Slot, Offsets),
}

/// A step from the found node.
#[derive(Debug, Clone)]
pub struct StepClause {
    /// Written with `not`.
    pub negated: bool,
    /// Where to look.
    pub step: Step,
    /// What to find there.
    pub pattern: Pattern,
    /// Where to stop.
    pub until: Option<Box<Alt>>,
    /// Where the clause stands.
    pub at: Offsets,
}

/// A direction to look in.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Step {
    /// Outwards.
    Inside,
    /// Inwards, at any depth.
    Has,
    /// Later in the same function there is.
    Before,
    /// Earlier in the same function there is.
    After,
}

/// Alternatives.
#[derive(Debug, Clone)]
pub struct Pattern {
    /// At least one.
    pub alts: Vec<Alt>,
}

/// One alternative, with the capture that `as` binds to the node.
#[derive(Debug, Clone)]
pub struct Alt {
    /// What it is.
    pub kind: AltKind,
    /// `as $X`.
    pub bind: Option<Slot>,
    /// Where it stands.
    pub at: Offsets,
}

/// What a node may be asked to be.
#[derive(Debug, Clone)]
pub enum AltKind {
    /// Code of a shape; one compiled snippet for each language of the rule that can read it.
    Code(Vec<Snippet>),
    /// The node of a row.
    Row(RowAtom),
    /// A constant.
    Literal(Literal),
    /// A class word.
    Class(String),
    /// The same thing as a capture.
    Capture(Slot),
    /// A pattern with clauses of its own.
    Group(Box<Pattern>, Vec<Clause>),
}

/// A row of a relation, with what its columns must be.
#[derive(Debug, Clone)]
pub struct RowAtom {
    /// The relation's name.
    pub relation: String,
    /// Columns and operands, as written.
    pub columns: Vec<(String, Operand)>,
    /// Where it stands.
    pub at: Offsets,
}

/// A condition.
#[derive(Debug, Clone)]
pub enum Cond {
    /// All of them.
    And(Vec<Cond>),
    /// At least one of them.
    Or(Vec<Cond>),
    /// Not so.
    Not(Box<Cond>),
    /// The operand's value is of that shape.
    Is(Operand, Box<Alt>, Offsets),
    /// The operand's value equals the other's.
    Equals(Operand, Operand, Offsets),
    /// The value is one of a list.
    In(Operand, Operand, Offsets),
    /// The text matches a regular expression (whose named groups bind), an option, or a path.
    Like(Operand, Like, Offsets),
    /// From the operand's place.
    Step(Operand, Step, Box<Alt>, Option<Box<Alt>>, Offsets),
    /// An order of two values.
    Compare(Operand, Order, Operand, Offsets),
    /// There is such a row.
    Row(RowAtom, Option<Slot>),
    /// There is such a pattern with its clauses; captures first met inside stay inside when negated.
    Group(Box<Pattern>, Vec<Clause>, Option<Slot>, Offsets),
}

/// What a text is compared with by `like`.
#[derive(Debug, Clone)]
pub enum Like {
    /// A regular expression, with the captures its named groups bind.
    Regex(Box<crate::Expression>, Vec<(String, Slot)>),
    /// A pack option that holds one.
    Option(String),
    /// A path: whether one takes the other's requests.
    Path(Operand),
}

/// An order.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[allow(missing_docs)]
pub enum Order {
    Less,
    LessOrEqual,
    Greater,
    GreaterOrEqual,
}

/// A value of a condition.
#[derive(Debug, Clone)]
pub enum Operand {
    /// A capture, or a member of its value.
    Path(Slot, Vec<String>, Offsets),
    /// A constant.
    Literal(Literal),
    /// A list.
    List(Vec<ListItem>),
    /// A knob of the pack.
    Option(String, Offsets),
    /// A function of values.
    Call(Function, Vec<Operand>, Offsets),
}

/// An item of a list.
#[derive(Debug, Clone)]
pub enum ListItem {
    /// One value.
    One(Operand),
    /// `...`: any further ones.
    Gap,
    /// `...$X`: the items of a list.
    Spread(Operand),
}

/// A constant of the DSL.
#[derive(Debug, Clone, PartialEq)]
#[allow(missing_docs)]
pub enum Literal {
    String(String),
    Number(f64),
    /// Milliseconds.
    Duration(f64),
    Bool(bool),
}

/// The functions of operands.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[allow(missing_docs)]
pub enum Function {
    Duration,
    Number,
    Len,
    File,
    Lower,
    Upper,
    Join,
    Replace,
    Snake,
    Camel,
    Plural,
    Text,
    Name,
    Module,
}

impl Function {
    /// Every function with its name.
    pub const ALL: &'static [(&'static str, Function)] = &[
        ("duration", Function::Duration),
        ("number", Function::Number),
        ("len", Function::Len),
        ("file", Function::File),
        ("lower", Function::Lower),
        ("upper", Function::Upper),
        ("join", Function::Join),
        ("replace", Function::Replace),
        ("snake", Function::Snake),
        ("camel", Function::Camel),
        ("plural", Function::Plural),
        ("text", Function::Text),
        ("name", Function::Name),
        ("module", Function::Module),
    ];
}
