//! What may differ between a pattern and the code it fits, as a named list. All of it holds unless the code is `exact`; a
//! matcher can do without one, which tells whether a match needs it.

use rune_syntax::NodeRef;

use crate::matcher::Matcher;
use crate::snippet::{Mark, Snippet};
use crate::value::Env;

/// Something that may differ between a pattern and code.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Equivalence {
    /// Other quotes around the same text.
    Quotes,
    /// Another spelling of the same number.
    Numbers,
    /// A key that is quoted, shorthand or a method.
    Keys,
    /// Keys, keyword arguments, import names or decorators in another order.
    Order,
    /// The entries or items of a spread literal that is known.
    Spreads,
    /// Types, casts and modifiers that the pattern does not mention.
    Types,
    /// `async`, `static` or `abstract` that the pattern does not mention.
    Async,
    /// `?.`, or a member in brackets.
    Members,
    /// Another word of a declaration, a generator.
    Declarations,
    /// A declaration under `export`.
    Export,
    /// A default value or `?` of a parameter.
    Defaults,
    /// A name that stands for what it was initialised with.
    Names,
    /// A name that was taken out of an object.
    Destructuring,
    /// Another name that the module or its export has here.
    Imports,
}

impl Equivalence {
    /// All of them.
    pub const ALL: &'static [Equivalence] = &[
        Equivalence::Quotes,
        Equivalence::Numbers,
        Equivalence::Keys,
        Equivalence::Order,
        Equivalence::Spreads,
        Equivalence::Types,
        Equivalence::Async,
        Equivalence::Members,
        Equivalence::Declarations,
        Equivalence::Export,
        Equivalence::Defaults,
        Equivalence::Names,
        Equivalence::Destructuring,
        Equivalence::Imports,
    ];

    /// Its name, and what it lets differ.
    pub fn as_str(self) -> &'static str {
        match self {
            Equivalence::Quotes => "quotes: the text is the same, its quotes are not",
            Equivalence::Numbers => "numbers: the same number, spelled otherwise",
            Equivalence::Keys => "keys: a quoted key, a shorthand or a method is a key with its value",
            Equivalence::Order => "order: keys, keyword arguments, import names and decorators may stand in any order",
            Equivalence::Spreads => "spreads: what is spread here is known",
            Equivalence::Types => "types: types, casts and modifiers that the pattern does not mention",
            Equivalence::Async => "async: `async`, `static` and `abstract` may be there or not",
            Equivalence::Members => "members: `a?.b`, `a.b` and `a[\"b\"]` are one",
            Equivalence::Declarations => "declarations: `const`, `let` and `var` are one, so are a function and a generator",
            Equivalence::Export => "export: a declaration under `export` is that declaration",
            Equivalence::Defaults => "parameters: a default value or `?` that the pattern does not mention",
            Equivalence::Names => "names: a name stands for what it was initialised with",
            Equivalence::Destructuring => "destructuring: a name that was taken out of an object is its member",
            Equivalence::Imports => "imports: it has another name here, and comes from the module that `use` names",
        }
    }
}

/// Steps that each of the matchers that do without something may take.
const STEPS: u64 = 200_000;

impl Matcher<'_> {
    /// The equivalences without which `snippet` would not fit `at` with the bindings `found`, from those of `env`.
    pub fn needed(&self, snippet: &Snippet, at: NodeRef, env: &Env, found: &Env) -> Vec<Equivalence> {
        let is_needed = |equivalence: &Equivalence| match equivalence {
            Equivalence::Export => self.is_exported(snippet, at),
            _ => {
                let matcher = Matcher::without(self.project, STEPS, *equivalence);
                !snippet.exact && !matcher.matches(snippet, at, env).contains(found)
            }
        };
        Equivalence::ALL.iter().copied().filter(is_needed).collect()
    }

    fn is_exported(&self, snippet: &Snippet, at: NodeRef) -> bool {
        let is_plain = !snippet.is_sequence && *snippet.mark(snippet.root) == Mark::Plain;
        is_plain && self.project.parent(at).is_some_and(|parent| self.project.kind(parent).name() == "export_statement")
    }
}
