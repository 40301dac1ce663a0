//! What the methods and functions of the languages themselves do with a value that goes into them. Data only: nothing of a
//! library or a framework stands here, and what is not listed is not known to keep anything.

use crate::Language;

/// What of a value the result of a call holds.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Keeping {
    /// All of it, as it was.
    Whole,
    /// All of its items, in another order or form.
    Items,
    /// A choice of its items.
    Some,
    /// One of its items.
    Item,
    /// A text of it.
    Text,
    /// It, as one item of a list of what went in.
    Listed,
}

/// Methods that keep the object they are called on.
const METHODS: &[(&str, Keeping, &[&str])] = &[
    ("ecma", Keeping::Whole, &["catch", "finally", "valueOf"]),
    (
        "ecma",
        Keeping::Items,
        &[
            "map",
            "flatMap",
            "flat",
            "concat",
            "sort",
            "toSorted",
            "reverse",
            "toReversed",
            "with",
            "fill",
            "values",
            "entries",
            "keys",
            "split",
        ],
    ),
    ("ecma", Keeping::Some, &["filter", "slice", "splice", "toSpliced"]),
    ("ecma", Keeping::Item, &["at", "find", "findLast", "get", "pop", "shift"]),
    (
        "ecma",
        Keeping::Text,
        &[
            "join",
            "normalize",
            "padEnd",
            "padStart",
            "repeat",
            "replace",
            "replaceAll",
            "substr",
            "substring",
            "toLowerCase",
            "toString",
            "toUpperCase",
            "trim",
            "trimEnd",
            "trimStart",
        ],
    ),
    ("python", Keeping::Whole, &["copy"]),
    ("python", Keeping::Items, &["items", "keys", "split", "splitlines", "values"]),
    ("python", Keeping::Item, &["get", "pop", "popitem", "setdefault"]),
    (
        "python",
        Keeping::Text,
        &[
            "capitalize",
            "casefold",
            "decode",
            "encode",
            "format",
            "ljust",
            "lower",
            "lstrip",
            "replace",
            "rjust",
            "rstrip",
            "strip",
            "title",
            "upper",
            "zfill",
        ],
    ),
];

/// Methods whose result keeps their arguments.
const ARGUMENTS: &[(&str, Keeping, &[&str])] = &[
    ("ecma", Keeping::Items, &["concat"]),
    ("ecma", Keeping::Text, &["replace", "replaceAll"]),
    ("python", Keeping::Text, &["format", "join", "replace"]),
];

/// Methods that put their arguments into the object they are called on: as items, or (`Items`) the items of them.
const GROWING: &[(&str, Keeping, &[&str])] = &[
    ("ecma", Keeping::Item, &["add", "append", "push", "set", "unshift"]),
    ("python", Keeping::Item, &["add", "append", "appendleft", "insert", "setdefault"]),
    ("python", Keeping::Items, &["extend", "update"]),
];

/// Functions and constructors whose result keeps their arguments, by their full names.
const FUNCTIONS: &[(&str, Keeping, &[&str])] = &[
    (
        "ecma",
        Keeping::Whole,
        &[
            "Object.assign",
            "Object.freeze",
            "Object.seal",
            "Promise.all",
            "Promise.allSettled",
            "Promise.resolve",
            "structuredClone",
        ],
    ),
    ("ecma", Keeping::Items, &["Array", "Array.from", "Map", "Object.entries", "Object.fromEntries", "Object.values", "Set"]),
    ("ecma", Keeping::Item, &["Promise.any", "Promise.race"]),
    ("ecma", Keeping::Listed, &["Array.of"]),
    ("ecma", Keeping::Text, &["JSON.parse", "JSON.stringify", "String"]),
    ("python", Keeping::Whole, &["copy.copy", "copy.deepcopy"]),
    (
        "python",
        Keeping::Items,
        &[
            "dict",
            "enumerate",
            "filter",
            "frozenset",
            "itertools.chain",
            "list",
            "map",
            "reversed",
            "set",
            "sorted",
            "tuple",
            "zip",
        ],
    ),
    ("python", Keeping::Listed, &["asyncio.gather"]),
    ("python", Keeping::Item, &["max", "min", "next"]),
    ("python", Keeping::Text, &["json.dumps", "json.loads", "repr", "str"]),
];

/// Members that measure a value and hold nothing of it.
const MEASURES: &[(&str, &[&str])] = &[("ecma", &["length", "size", "byteLength"])];

fn find(table: &[(&str, Keeping, &[&str])], language: Language, name: &str) -> Option<Keeping> {
    let family = language.family();
    table.iter().find(|(of, _, names)| *of == family && names.contains(&name)).map(|(_, keeping, _)| *keeping)
}

/// What the result of the method `name` keeps of the object it is called on; `None` if that is not known.
pub fn kept_receiver(language: Language, name: &str) -> Option<Keeping> {
    find(METHODS, language, name)
}

/// What the result of the method `name` keeps of its arguments; `None` if nothing is known to be kept.
pub fn kept_arguments(language: Language, name: &str) -> Option<Keeping> {
    find(ARGUMENTS, language, name)
}

/// What the method `name` puts of its arguments into the object it is called on; `None` if nothing is known to be put.
pub fn grown(language: Language, name: &str) -> Option<Keeping> {
    find(GROWING, language, name)
}

/// What the result of the function or constructor `name`, a full name (`Object.assign`, `json.dumps`), keeps of its
/// arguments; `None` if nothing is known to be kept.
pub fn kept_by(language: Language, name: &str) -> Option<Keeping> {
    find(FUNCTIONS, language, name)
}

/// Whether the member `name` only measures what it is a member of.
pub fn is_measure(language: Language, name: &str) -> bool {
    let family = language.family();
    MEASURES.iter().any(|(of, names)| *of == family && names.contains(&name))
}
