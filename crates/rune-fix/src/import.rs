//! Makes a name available at the top of a file: merged into the import there is, else a line of its own.

use rune_model::Span;
use rune_syntax::{Kind, Language, NodeId, Scopes};

use crate::edit::{Change, File};

/// The change that makes `names` of `module` available; `None` if they are already. An empty name is the module itself.
pub(crate) fn ensure_import(file: &File<'_>, module: &str, names: Vec<&str>) -> Option<Change> {
    let scopes = Scopes::new(&file.ast, file.text);
    let mut missing: Vec<&str> =
        names.into_iter().filter(|name| scopes.top_level(if name.is_empty() { module } else { name }).is_none()).collect();
    missing.sort_unstable();
    missing.dedup();
    if missing.is_empty() {
        return None;
    }
    if !missing.contains(&"")
        && let Some(change) = merged(file, &missing.join(", "), module)
    {
        return Some(change);
    }
    let line = match missing.contains(&"") {
        true => line(file, module, ""),
        false => line(file, &missing.join(", "), module),
    };
    let at = insertion(file);
    let text = match file.text[..at as usize].ends_with('\n') || at == 0 {
        true => format!("{line}{}", file.newline()),
        false => format!("{}{line}", file.newline()),
    };
    Some(Change { span: Span::new(at, at), text })
}

fn is_module(file: &File<'_>, statement: NodeId, from: &str) -> bool {
    let field = if file.language == Language::Python { "module_name" } else { "source" };
    let source = file.ast.child_named(statement, field);
    source.is_some_and(|source| file.ast.text(source, file.text).trim_matches(['"', '\'']) == from)
}

fn merged(file: &File<'_>, name: &str, from: &str) -> Option<Change> {
    let kind = if file.language == Language::Python { "import_from_statement" } else { "import_statement" };
    let statement = file.ast.children(0).find(|node| file.ast.kind(*node) == Kind::of(kind) && is_module(file, *node, from))?;
    let last = match file.language {
        Language::Python => file.ast.children(statement).last()?,
        _ => {
            let clause = file.ast.child_of_kind(statement, Kind::of("import_clause"))?;
            let names = file.ast.child_of_kind(clause, Kind::of("named_imports"))?;
            file.ast.children(names).last()?
        }
    };
    let is_type_only = file.ast.text(statement, file.text).starts_with("import type");
    let at = file.ast.span(last).end;
    (!is_type_only).then(|| Change { span: Span::new(at, at), text: format!(", {name}") })
}

fn line(file: &File<'_>, name: &str, from: &str) -> String {
    if file.language == Language::Python {
        return if from.is_empty() { format!("import {name}") } else { format!("from {from} import {name}") };
    }
    let imports: Vec<NodeId> = file.ast.children(0).filter(|node| file.ast.kind(*node).name() == "import_statement").collect();
    let sample = imports.first().map_or(file.text, |node| file.ast.text(*node, file.text));
    let quote = if sample.contains('\'') && !sample.contains('"') { '\'' } else { '"' };
    let semicolon = if imports.is_empty() || sample.ends_with(';') { ";" } else { "" };
    let is_commonjs = imports.is_empty() && file.text.contains("require(");
    match (is_commonjs, from.is_empty()) {
        (true, true) => format!("const {name} = require({quote}{name}{quote}){semicolon}"),
        (true, false) => format!("const {{ {name} }} = require({quote}{from}{quote}){semicolon}"),
        (false, true) => format!("import {name} from {quote}{name}{quote}{semicolon}"),
        (false, false) => format!("import {{ {name} }} from {quote}{from}{quote}{semicolon}"),
    }
}

/// After the last import at the top; else after directives, a docstring, a first line for the shell.
fn insertion(file: &File<'_>) -> u32 {
    let mut at = 0;
    if file.text.starts_with("#!") {
        at = next_line(file, 0);
    }
    let mut seen_import = false;
    for node in file.ast.children(0) {
        let kind = file.ast.kind(node).name();
        let text = file.ast.text(node, file.text);
        let is_import = kind.starts_with("import")
            || kind == "future_import_statement"
            || (kind == "lexical_declaration" && text.contains("require("));
        let is_head = kind == "expression_statement" && text.starts_with(['"', '\'']);
        if is_import || (is_head && !seen_import) {
            at = next_line(file, file.ast.span(node).end);
            seen_import |= is_import;
        }
    }
    at
}

fn next_line(file: &File<'_>, at: u32) -> u32 {
    file.text[at as usize..].find('\n').map_or(file.text.len() as u32, |newline| at + newline as u32 + 1)
}
