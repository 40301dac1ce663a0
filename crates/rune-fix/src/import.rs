//! Makes a name available at the top of a file: merged into the import there is, else a line of its own.

use rune_model::{Change, Span};
use rune_syntax::{BindingKind, Kind, Language, NodeId, is_runtime_module};

use crate::edit::{EditError, File, change};

/// The changes that make `names` of `module` available; none if they are already. An empty name is the module itself.
pub(crate) fn ensure_import(file: &File, module: &str, names: Vec<&str>) -> Result<Vec<Change>, EditError> {
    let mut missing = Vec::new();
    for name in names {
        let bound = if name.is_empty() { module.split('.').next().unwrap_or(module) } else { name };
        match file.scopes().top_level(bound).map(|binding| &binding.kind) {
            None => missing.push(name),
            Some(BindingKind::Import { .. }) => {}
            Some(_) => return Err(EditError::NameTaken(bound.to_owned())),
        }
    }
    missing.sort_unstable();
    missing.dedup();
    if missing.is_empty() {
        return Ok(Vec::new());
    }
    let names: Vec<String> = missing.iter().filter(|name| !name.is_empty()).map(|name| (*name).to_owned()).collect();
    let mut changes = Vec::new();
    if missing.contains(&"") {
        changes.push(own_line(file, module, &line(file, module, "")));
    }
    if !names.is_empty() {
        match merged(file, &names, module) {
            Some(merged) => changes.extend(merged),
            None => changes.push(own_line(file, module, &line(file, &names.join(", "), module))),
        }
    }
    Ok(changes)
}

/// A line for an import: among those of its kind, else before those of the kinds behind it, else behind all.
fn own_line(file: &File, module: &str, line: &str) -> Change {
    let place = place_of(file, module, line.starts_with("from "));
    let imports: Vec<(NodeId, Option<Place>)> = imports_at_top(file).map(|node| (node, place_of_import(file, node))).collect();
    let at_first = |fits: &dyn Fn(&Place) -> bool| imports.iter().position(|(_, other)| other.as_ref().is_some_and(fits));
    let is_same = |other: &Place| other.order == place.order;
    let same: Vec<&Place> = imports.iter().filter_map(|(_, other)| other.as_ref()).filter(|other| is_same(other)).collect();
    let is_sorted = same.len() > 1 && same.is_sorted();
    let behind_same = imports.iter().rposition(|(_, other)| other.as_ref().is_some_and(is_same)).map(|last| last + 1);
    let n = match behind_same {
        Some(behind) if is_sorted => at_first(&|other| is_same(other) && *other > place).unwrap_or(behind),
        Some(behind) => behind,
        None => at_first(&|other| other.order > place.order).unwrap_or(imports.len()),
    };
    let group = |n: usize| imports.get(n).and_then(|(_, place)| place.as_ref()).map(|place| place.order.0);
    let (own, previous, next) = (Some(place.order.0), n.checked_sub(1).and_then(group), group(n));
    let start = |n: usize| file.line_start(file.span(imports[n].0).start);
    let is_apart = |n: usize| group(n - 1) != group(n) && file.is_blank_above(start(n));
    let parts_groups = (1..imports.len()).any(is_apart);
    let blank = |wanted: bool| if wanted && parts_groups { file.newline() } else { "" };
    let (at, above, below) = match n {
        _ if n < imports.len() && (n == 0 || (next == own && previous != own)) => {
            let (at, commented) = (start(n), file.with_comments_above(start(n)));
            // A comment above the first import may be about the file.
            if n == 0 && at != commented { (insertion(file), "", "") } else { (commented, "", blank(next != own)) }
        }
        0 => (insertion(file), "", ""),
        _ => (file.next_line(file.span(imports[n - 1].0).end), blank(previous != own), ""),
    };
    let starts_line = at == file.top() || file.text()[..at as usize].ends_with('\n');
    let newline = file.newline();
    let text = if starts_line { format!("{above}{line}{newline}{below}") } else { format!("{newline}{above}{line}") };
    change(at, at, text)
}

/// Where an import stands by custom.
#[derive(PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct Place {
    /// Modules of the runtime, packages, folders under a name, files above, files beside; in Python `from` comes second.
    order: (u8, bool),
    module: String,
}

pub(crate) fn place_of(file: &File, module: &str, is_from: bool) -> Place {
    let group = match module {
        "__future__" => 0,
        _ if is_runtime_module(file.language, module) => 1,
        _ if module.starts_with("..") => 4,
        _ if module.starts_with('.') => 5,
        _ if module.starts_with(['#', '~', '$', '/']) || module.starts_with("@/") => 3,
        _ => 2,
    };
    Place { order: (group, is_from), module: module.to_owned() }
}

/// `None` for an import that binds no name: where it stands has a meaning.
fn place_of_import(file: &File, node: NodeId) -> Option<Place> {
    let text = file.node_text(node);
    if file.language == Language::Python {
        let mut words = text.split_whitespace();
        let is_from = words.next() == Some("from");
        return Some(place_of(file, words.next()?.trim_end_matches([',', ';']), is_from));
    }
    let source = file.ast.child_named(node, "source").map(|source| file.node_text(source));
    let binds = file.kind(node) != "import_statement" || file.ast.child_of_kind(node, Kind::of("import_clause")).is_some();
    let module = source.or_else(|| text.split("require(").nth(1)?.split(')').next());
    module.filter(|_| binds).map(|module| place_of(file, module.trim_matches(['"', '\'']), false))
}

/// The imports of the first lines.
fn imports_at_top(file: &File) -> impl Iterator<Item = NodeId> {
    let others = file.ast.children(0).skip_while(|node| !is_import(file, *node));
    others.take_while(|node| is_import(file, *node))
}

fn is_module(file: &File, source: Option<NodeId>, from: &str) -> bool {
    source.is_some_and(|source| file.node_text(source).trim_matches(['"', '\'']) == from)
}

/// The names added to the import of the module there is, if it can take them.
fn merged(file: &File, names: &[String], from: &str) -> Option<Vec<Change>> {
    file.ast.children(0).find_map(|statement| match file.kind(statement) {
        "import_from_statement" => merged_python(file, statement, names, from),
        "import_statement" => merged_esm(file, statement, names, from),
        "lexical_declaration" => merged_commonjs(file, statement, names, from),
        _ => None,
    })
}

fn merged_python(file: &File, statement: NodeId, names: &[String], from: &str) -> Option<Vec<Change>> {
    let text = file.node_text(statement);
    if !is_module(file, file.ast.child_named(statement, "module_name"), from) || text.ends_with('*') {
        return None;
    }
    let module = file.ast.child_named(statement, "module_name")?;
    let present: Vec<Span> =
        file.ast.children(statement).filter(|child| *child != module).map(|child| file.span(child)).collect();
    let last = present.last()?;
    if !text.ends_with(')') {
        return Some(vec![change(last.end, last.end, format!(", {}", names.join(", ")))]);
    }
    let span = file.span(statement);
    let open = span.start + text.find('(')? as u32 + 1;
    Some(file.append_between(span.end - 1, &present, open, names))
}

fn merged_esm(file: &File, statement: NodeId, names: &[String], from: &str) -> Option<Vec<Change>> {
    let is_type_only = file.node_text(statement)["import".len()..].trim_start().starts_with("type ");
    if is_type_only || !is_module(file, file.ast.child_named(statement, "source"), from) {
        return None;
    }
    let clause = file.ast.child_of_kind(statement, Kind::of("import_clause"))?;
    if let Some(list) = file.ast.child_of_kind(clause, Kind::of("named_imports")) {
        return file.append_items(list, names).ok();
    }
    // `import d from "m"` can take names, `import * as m from "m"` cannot.
    let only: Vec<NodeId> = file.ast.children(clause).collect();
    let [default] = only[..] else { return None };
    let end = file.span(default).end;
    (file.kind(default) == "identifier").then(|| vec![change(end, end, format!(", {{ {} }}", names.join(", ")))])
}

/// `const { a } = require("m")` takes names too.
fn merged_commonjs(file: &File, statement: NodeId, names: &[String], from: &str) -> Option<Vec<Change>> {
    let declared: Vec<NodeId> = file.ast.children(statement).collect();
    let [declarator] = declared[..] else { return None };
    let pattern = file.ast.child_named(declarator, "name").filter(|name| file.kind(*name) == "object_pattern")?;
    let call = file.ast.child_named(declarator, "value")?;
    let is_require = file.ast.child_named(call, "function").is_some_and(|function| file.node_text(function) == "require");
    let arguments = file.ast.child_named(call, "arguments").filter(|_| is_require)?;
    let has_rest = file.ast.children(pattern).any(|item| file.kind(item) == "rest_pattern");
    let argument = file.ast.children(arguments).next();
    if has_rest || !is_module(file, argument, from) {
        return None;
    }
    file.append_items(pattern, names).ok()
}

fn line(file: &File, name: &str, from: &str) -> String {
    if file.language == Language::Python {
        return if from.is_empty() { format!("import {name}") } else { format!("from {from} import {name}") };
    }
    let imports: Vec<NodeId> = file.ast.children(0).filter(|node| is_import(file, *node)).collect();
    let sample = imports.first().map_or(file.text(), |node| file.node_text(*node));
    let quote = if sample.contains('\'') && !sample.contains('"') { '\'' } else { '"' };
    let semicolon = if file.is_without_semicolons() { "" } else { ";" };
    match (is_commonjs(file), from.is_empty()) {
        (true, true) => format!("const {name} = require({quote}{name}{quote}){semicolon}"),
        (true, false) => format!("const {{ {name} }} = require({quote}{from}{quote}){semicolon}"),
        (false, true) => format!("import {name} from {quote}{name}{quote}{semicolon}"),
        (false, false) => format!("import {{ {name} }} from {quote}{from}{quote}{semicolon}"),
    }
}

/// Whether the file takes modules by `require`.
fn is_commonjs(file: &File) -> bool {
    let has_esm = file.ast.children(0).any(|node| matches!(file.kind(node), "import_statement" | "export_statement"));
    let path = file.source.path.as_ref();
    let by_name = path.ends_with(".cjs") || path.ends_with(".cts");
    let is_module = path.ends_with(".mjs") || path.ends_with(".mts");
    let by_text = file.text().contains("require(") || file.text().contains("module.exports");
    by_name || (!is_module && !has_esm && by_text)
}

fn is_import(file: &File, node: NodeId) -> bool {
    let kind = file.kind(node);
    kind.starts_with("import")
        || kind == "future_import_statement"
        || (kind == "lexical_declaration" && file.node_text(node).contains("require("))
}

/// Behind the imports at the top; else behind directives, a docstring, a first line for the shell, a comment about the file.
fn insertion(file: &File) -> u32 {
    let mut at = file.top();
    if file.text()[at as usize..].starts_with("#!") {
        at = file.next_line(at);
    }
    at = at.max(comment_of_file(file));
    let mut seen_import = false;
    for node in file.ast.children(0) {
        let is_head = file.kind(node) == "expression_statement" && file.node_text(node).starts_with(['"', '\'']);
        let is_import = is_import(file, node);
        if !is_import && (seen_import || !is_head) {
            break;
        }
        seen_import |= is_import;
        at = file.next_line(file.span(node).end);
    }
    at
}

/// The end of the comments at the top that a blank line parts from the code; 0 if there are none.
fn comment_of_file(file: &File) -> u32 {
    let first = file.ast.children(0).next().map_or(file.text().len() as u32, |node| file.span(node).start);
    let comments: Vec<&Span> = file.ast.comments().iter().filter(|comment| comment.end <= first).collect();
    let Some(last) = comments.last() else { return 0 };
    let starts_file = Span::new(file.top(), comments[0].start).of(file.text()).trim().is_empty();
    let next = file.next_line(last.end);
    let is_apart = file.after_on_line(next).trim().is_empty() && (next as usize) < file.text().len();
    if starts_file && is_apart && first > next { file.next_line(next) } else { 0 }
}
