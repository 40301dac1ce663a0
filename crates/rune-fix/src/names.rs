//! Names that a file uses and nobody defines: what a change must not add to.

use std::collections::BTreeSet;

use rune_syntax::{Language, NodeId};

use crate::edit::File;

/// Names that every file of ECMAScript may use: the language's, and those of the hosts that run servers.
const ECMA: &str = "undefined NaN Infinity globalThis arguments eval Array ArrayBuffer AggregateError Atomics BigInt BigInt64Array \
    BigUint64Array Boolean DataView Date Error EvalError FinalizationRegistry Float32Array Float64Array Function Int8Array \
    Int16Array Int32Array Intl Iterator JSON Map Math Number Object Promise Proxy RangeError ReferenceError Reflect RegExp Set \
    SharedArrayBuffer String Symbol SyntaxError TypeError URIError Uint8Array Uint8ClampedArray Uint16Array Uint32Array WeakMap \
    WeakRef WeakSet parseInt parseFloat isNaN isFinite decodeURI decodeURIComponent encodeURI encodeURIComponent escape unescape \
    console process Buffer global require module exports __dirname __filename setTimeout clearTimeout setInterval clearInterval \
    setImmediate clearImmediate queueMicrotask structuredClone fetch Headers Request Response FormData Blob File URL \
    URLSearchParams URLPattern TextEncoder TextDecoder AbortController AbortSignal Event EventTarget CustomEvent MessageChannel \
    ReadableStream WritableStream TransformStream WebSocket crypto Crypto performance atob btoa window document navigator \
    localStorage sessionStorage location Bun Deno";

/// The names that Python defines itself.
const PYTHON: &str = "ArithmeticError AssertionError AttributeError BaseException BaseExceptionGroup BlockingIOError \
    BrokenPipeError BufferError BytesWarning ChildProcessError ConnectionAbortedError ConnectionError ConnectionRefusedError \
    ConnectionResetError DeprecationWarning EOFError Ellipsis EnvironmentError Exception ExceptionGroup False FileExistsError \
    FileNotFoundError FloatingPointError FutureWarning GeneratorExit IOError ImportError ImportWarning IndentationError IndexError \
    InterruptedError IsADirectoryError KeyError KeyboardInterrupt LookupError MemoryError ModuleNotFoundError NameError None \
    NotADirectoryError NotImplemented NotImplementedError OSError OverflowError PendingDeprecationWarning PermissionError \
    ProcessLookupError RecursionError ReferenceError ResourceWarning RuntimeError RuntimeWarning StopAsyncIteration StopIteration \
    SyntaxError SyntaxWarning SystemError SystemExit TabError TimeoutError True TypeError UnboundLocalError UnicodeDecodeError \
    UnicodeEncodeError UnicodeError UnicodeTranslateError UnicodeWarning UserWarning ValueError Warning ZeroDivisionError abs \
    aiter all anext any ascii bin bool breakpoint bytearray bytes callable chr classmethod compile complex copyright credits \
    delattr dict dir divmod enumerate eval exec exit filter float format frozenset getattr globals hasattr hash help hex id input \
    int isinstance issubclass iter len license list locals map max memoryview min next object oct open ord pow print property \
    quit range repr reversed round set setattr slice sorted staticmethod str sum super tuple type vars zip self cls";

/// The names that `new` uses without a definition and `old` did not, sorted.
pub(crate) fn unknown(old: Option<&File>, new: &File) -> Vec<String> {
    let known: &str = match new.language {
        Language::TypeScript | Language::Tsx => ECMA,
        Language::Python => PYTHON,
        _ => return Vec::new(),
    };
    let known: BTreeSet<&str> = known.split_whitespace().collect();
    let before = old.map(free).unwrap_or_default();
    let free = free(new).into_iter();
    free.filter(|name| !before.contains(name) && !known.contains(name)).map(str::to_owned).collect()
}

/// The names that are used and not bound in the file; empty if an import may bind any name.
fn free(file: &File) -> BTreeSet<&str> {
    let ast = &file.ast;
    let takes_all = (0..ast.len()).any(|node| file.kind(node) == "wildcard_import");
    if takes_all {
        return BTreeSet::new();
    }
    let names = (1..ast.len()).filter(|node| is_use(file, *node));
    let free = names.filter(|node| file.scopes().resolve(ast, *node, file.node_text(*node)).is_none());
    free.map(|node| file.node_text(node)).filter(|name| !name.starts_with("__")).collect()
}

/// Whether a node is a name that must be bound somewhere.
fn is_use(file: &File, node: NodeId) -> bool {
    let (ast, Some(parent)) = (&file.ast, file.ast.parent(node)) else { return false };
    if file.kind(node) != "identifier" {
        return false;
    }
    let is_field = |name: &str| ast.field(node) == rune_syntax::Field::of(name);
    match file.kind(parent) {
        "attribute" => !is_field("attribute"),
        "keyword_argument" => !is_field("name"),
        "dotted_name" | "keyword_pattern" | "splat_pattern" | "global_statement" | "nonlocal_statement" => false,
        "import_specifier" | "namespace_import" | "import_clause" | "namespace_export" | "aliased_import" => false,
        "export_specifier" => is_field("name") && !is_from_elsewhere(file, node),
        "jsx_opening_element" | "jsx_closing_element" | "jsx_self_closing_element" => {
            !file.node_text(node).starts_with(|c: char| c.is_ascii_lowercase())
        }
        _ => !ast.ancestors(node).take(3).any(|at| matches!(file.kind(at), "function_type" | "type_parameter" | "type")),
    }
}

/// Whether an export passes on names of another module.
fn is_from_elsewhere(file: &File, node: NodeId) -> bool {
    let statement = file.ast.ancestors(node).find(|at| file.kind(*at) == "export_statement");
    statement.is_some_and(|statement| file.ast.child_named(statement, "source").is_some())
}
