//! Interned names of node kinds and fields, shared by all languages so that one pattern serves grammars that number them differently.

use std::cell::RefCell;
use std::sync::{LazyLock, Mutex, OnceLock};

use rustc_hash::FxHashMap;

/// The name of a node kind, interned for the life of the process.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Kind(pub u16);

/// The name of a field, interned for the life of the process. [`Field::NONE`] for nodes outside any field.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Field(pub u16);

/// Far more than all grammars together have.
const MAX_NAMES: usize = 4096;

/// Names by id: written once each, read without a lock.
static NAMES: [OnceLock<&'static str>; MAX_NAMES] = [const { OnceLock::new() }; MAX_NAMES];

/// Ids by name, the truth all threads share.
static IDS: LazyLock<Mutex<FxHashMap<&'static str, u16>>> = LazyLock::new(|| {
    let known = COMMON.iter().enumerate().map(|(id, name)| (*name, id as u16));
    Mutex::new(known.collect())
});

/// Declares names whose ids are known when this is compiled: asking for one of them by a literal costs nothing.
macro_rules! common {
    ($($id:literal $name:literal),+ $(,)?) => {
        const COMMON: &[&str] = &[$($name),+];

        #[inline(always)]
        fn common(name: &str) -> Option<u16> {
            match name {
                $($name => Some($id),)+
                _ => None,
            }
        }
    };
}

common! {
    0 "name", 1 "value", 2 "left", 3 "object", 4 "right", 5 "property", 6 "key", 7 "function", 8 "attribute",
    9 "arguments", 10 "pattern", 11 "alias", 12 "parameters", 13 "operator", 14 "index", 15 "body", 16 "source",
    17 "constructor", 18 "argument", 19 "subscript", 20 "decorator", 21 "parameter", 22 "module",
    23 "identifier", 24 "member_expression", 25 "object_pattern", 26 "pair", 27 "string",
}

/// A set of kinds that is asked in one step.
#[derive(Debug, Clone)]
pub struct KindSet(Box<[u64]>);

impl KindSet {
    /// The kinds called `names`.
    pub fn of(names: &[&str]) -> KindSet {
        names.iter().map(|name| Kind::of(name)).collect()
    }

    /// Whether a kind is in it.
    #[inline]
    pub fn contains(&self, kind: Kind) -> bool {
        self.0.get(kind.0 as usize / 64).is_some_and(|bits| bits >> (kind.0 % 64) & 1 == 1)
    }
}

thread_local! {
    /// Ids this thread has asked for before.
    static KNOWN: RefCell<FxHashMap<&'static str, u16>> = RefCell::default();
}

fn intern(name: &str) -> u16 {
    let known = KNOWN.with_borrow(|known| known.get(name).copied());
    known.unwrap_or_else(|| {
        let (name, id) = intern_shared(name);
        KNOWN.with_borrow_mut(|known| known.insert(name, id));
        id
    })
}

fn intern_shared(name: &str) -> (&'static str, u16) {
    let mut ids = IDS.lock().expect("interning never panics while the lock is held");
    if let Some((name, id)) = ids.get_key_value(name) {
        return (name, *id);
    }
    let id = ids.len();
    assert!(id < MAX_NAMES, "grammars have far fewer than {MAX_NAMES} kinds and fields");
    let name: &'static str = Box::leak(name.to_owned().into_boxed_str());
    let _ = NAMES[id].set(name);
    ids.insert(name, id as u16);
    (name, id as u16)
}

impl FromIterator<Kind> for KindSet {
    fn from_iter<I: IntoIterator<Item = Kind>>(kinds: I) -> KindSet {
        let mut bits = vec![0; MAX_NAMES / 64];
        for kind in kinds {
            bits[kind.0 as usize / 64] |= 1 << (kind.0 % 64);
        }
        KindSet(bits.into())
    }
}

fn name_of(id: u16) -> &'static str {
    let known = NAMES.get(id as usize).and_then(OnceLock::get).copied();
    known.or_else(|| COMMON.get(id as usize).copied()).unwrap_or("")
}

impl Kind {
    /// The kind called `name`, interned on first use.
    #[inline(always)]
    pub fn of(name: &str) -> Kind {
        Kind(common(name).unwrap_or_else(|| intern(name)))
    }

    /// Its name as in the grammar.
    pub fn name(self) -> &'static str {
        name_of(self.0)
    }
}

impl Field {
    /// No field.
    pub const NONE: Field = Field(u16::MAX);

    /// The field called `name`, interned on first use.
    #[inline(always)]
    pub fn of(name: &str) -> Field {
        Field(common(name).unwrap_or_else(|| intern(name)))
    }

    /// Its name as in the grammar; empty for [`Field::NONE`].
    pub fn name(self) -> &'static str {
        name_of(self.0)
    }
}

impl std::fmt::Debug for Kind {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(self.name())
    }
}

impl std::fmt::Debug for Field {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(self.name())
    }
}

/// Declares a struct of interned kinds, one field a name, and a static with all of them.
macro_rules! kinds {
    ($($id:ident = $name:literal),+ $(,)?) => {
        /// The kinds this crate names, interned once.
        pub(crate) struct Kinds { $(pub(crate) $id: Kind),+ }
        pub(crate) static KINDS: LazyLock<Kinds> = LazyLock::new(|| Kinds { $($id: Kind::of($name)),+ });
    };
}

kinds! {
error = "ERROR", module = "module", line = "line",
pair = "pair", object = "object", array = "array", string = "string", number = "number", identifier = "identifier",
property_identifier = "property_identifier", type_identifier = "type_identifier",
shorthand = "shorthand_property_identifier", shorthand_pattern = "shorthand_property_identifier_pattern",
formal_parameters = "formal_parameters", required_parameter = "required_parameter",
optional_parameter = "optional_parameter",
arrow_function = "arrow_function", decorator = "decorator", class_body = "class_body",
decorated_definition = "decorated_definition", export_statement = "export_statement",
class_declaration = "class_declaration", enum_declaration = "enum_declaration",
function_declaration = "function_declaration", method_definition = "method_definition",
lexical_declaration = "lexical_declaration", variable_declarator = "variable_declarator",
import_statement = "import_statement", import_from_statement = "import_from_statement",
import_clause = "import_clause",     import_specifier = "import_specifier", namespace_import = "namespace_import", export_clause = "export_clause",
namespace_export = "namespace_export",
object_pattern = "object_pattern", pair_pattern = "pair_pattern",
assignment_pattern = "assignment_pattern", object_assignment_pattern = "object_assignment_pattern",
assignment_expression = "assignment_expression",
augmented_assignment_expression = "augmented_assignment_expression", update_expression = "update_expression",
statement_block = "statement_block", for_in_statement = "for_in_statement", for_statement = "for_statement",
catch_clause = "catch_clause",
call_expression = "call_expression", member_expression = "member_expression",
await_expression = "await_expression", this = "this",
public_field_definition = "public_field_definition", program = "program",
dotted_name = "dotted_name", aliased_import = "aliased_import",     wildcard_import = "wildcard_import", function_definition = "function_definition",
class_definition = "class_definition", assignment = "assignment",
augmented_assignment = "augmented_assignment", parameters = "parameters", lambda = "lambda",
lambda_parameters = "lambda_parameters", typed_parameter = "typed_parameter",
default_parameter = "default_parameter", typed_default_parameter = "typed_default_parameter",
        as_pattern_target = "as_pattern_target", named_expression = "named_expression",
list_comprehension = "list_comprehension", set_comprehension = "set_comprehension",
dictionary_comprehension = "dictionary_comprehension", generator_expression = "generator_expression",
for_in_clause = "for_in_clause", call = "call", attribute = "attribute",         }
