//! What holds for any edit of any code: the code is that of `edits/*.yaml`, in every form of a file, the edits and the
//! nodes they work on are chosen at random. What comes out is parsed again, and the tree must be the one before with the
//! edit made and nothing else; bytes outside of the statement keep their place and their value.

#![allow(clippy::disallowed_methods)]

use std::path::Path;
use std::sync::LazyLock;

use proptest::prelude::*;
use proptest::sample::{Index, select};
use rune_fix::apply_edits;
use rune_model::{Edit, InsertPlace, Operation, Place, Source, Target};
use rune_syntax::{Ast, Language, NodeId, parse};
use serde_json::Value;

/// Path and text of every fixture.
static FIXTURES: LazyLock<Vec<(String, String)>> = LazyLock::new(|| {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/edits");
    let mut fixtures = Vec::new();
    for entry in std::fs::read_dir(folder).expect("the cases") {
        let text = std::fs::read_to_string(entry.expect("an entry").path()).expect("a file");
        let cases: Vec<Value> = serde_yaml::from_str(&text).expect("cases");
        let text_of = |case: &Value, key: &str| case[key].as_str().unwrap_or_default().to_owned();
        fixtures.extend(cases.iter().map(|case| (text_of(case, "file"), text_of(case, "before"))));
    }
    fixtures.sort();
    fixtures.dedup();
    fixtures
});

const FORMS: &[fn(&str) -> String] = &[
    str::to_owned,
    |text| text.replace('\n', "\r\n"),
    |text| format!("\u{FEFF}{text}"),
    |text| format!("\u{FEFF}{}", text.replace('\n', "\r\n")),
    |text| text.trim_end_matches('\n').to_owned(),
    // Tabs for indentation, where that changes no text between quotes.
    |text| text.lines().map(tabs).map(|line| line + "\n").collect(),
];

fn tabs(line: &str) -> String {
    let inner = line.trim_start_matches(' ');
    "\t".repeat((line.len() - inner.len()) / 2) + inner
}

/// A file and its tree.
struct Code {
    source: Source,
    ast: Ast,
}

impl std::fmt::Debug for Code {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "{}: {:?}", self.source.path, self.source.text)
    }
}

impl Code {
    fn new(path: &str, text: &str) -> Code {
        let language = Language::of_path(path).expect("a language");
        Code { source: Source { path: path.into(), text: text.into() }, ast: parse(text, language) }
    }

    fn kind(&self, node: NodeId) -> &'static str {
        self.ast.kind(node).name()
    }

    fn text(&self, node: NodeId) -> String {
        // Line ends within a statement are those of the file; they are compared elsewhere.
        self.ast.text(node, &self.source.text).to_owned()
    }

    fn children(&self, node: NodeId) -> Vec<String> {
        self.ast.children(node).map(|child| self.text(child)).collect()
    }

    fn after(&self, node: NodeId, operation: Operation) -> Option<Code> {
        let place = Place { path: self.source.path.clone(), span: self.ast.span(node) };
        let edit = Edit { at: Target { place, node }, operation };
        let text = apply_edits(&self.source, &[edit]).ok()?;
        Some(Code::new(&self.source.path, &text))
    }

    fn is_python(&self) -> bool {
        self.ast.language() == Language::Python
    }

    /// Nodes that are whole statements of a file, a block or a body.
    fn statements(&self) -> Vec<NodeId> {
        let blocks = ["program", "module", "statement_block", "block"];
        let has_names = |node: &NodeId| self.ast.parent(*node).is_some_and(|parent| blocks.contains(&self.kind(parent)));
        let code = self.ast.language().has_scopes();
        (1..self.ast.len()).filter(|node| code && has_names(node)).collect()
    }

    /// Lists of values in brackets.
    fn lists(&self) -> Vec<NodeId> {
        let kinds = ["array", "list", "arguments", "argument_list"];
        let is_list = |node: &NodeId| kinds.contains(&self.kind(*node)) && self.text(*node).starts_with(['[', '(']);
        (1..self.ast.len()).filter(|node| self.ast.language().has_scopes() && is_list(node)).collect()
    }

    /// The path of a node from the root, by place among siblings.
    fn path(&self, node: NodeId) -> Vec<usize> {
        let mut path = Vec::new();
        let mut at = node;
        while let Some(parent) = self.ast.parent(at) {
            path.push(self.ast.children(parent).position(|child| child == at).expect("a child of its parent"));
            at = parent;
        }
        path.reverse();
        path
    }

    fn at_path(&self, path: &[usize]) -> Option<NodeId> {
        path.iter().try_fold(0, |node, n| self.ast.children(node).nth(*n))
    }
}

/// What every edit keeps: the byte order mark, the line ends, how the file ends; and it parses as well as before.
fn keeps_the_form(before: &Code, after: &Code) -> Result<(), TestCaseError> {
    let (old, new) = (before.source.text.as_ref(), after.source.text.as_ref());
    prop_assert_eq!(new.matches('\u{FEFF}').count(), old.matches('\u{FEFF}').count());
    prop_assert_eq!(new.starts_with('\u{FEFF}'), old.starts_with('\u{FEFF}'));
    let is_crlf = old.contains("\r\n");
    let n_bare = new.matches('\n').count() - new.matches("\r\n").count();
    prop_assert!(!is_crlf || n_bare == 0, "a bare line end came in: {:?}", new);
    prop_assert!(is_crlf || !new.contains('\r'), "a carriage return came in: {:?}", new);
    if !new.trim_start_matches('\u{FEFF}').is_empty() {
        prop_assert_eq!(new.ends_with('\n'), old.ends_with('\n'), "{:?} became {:?}", old, new);
    }
    prop_assert!(after.ast.errors().len() <= before.ast.errors().len(), "{:?} became {:?}", old, new);
    Ok(())
}

/// The bytes before the lines of `node` with its comments, and those behind its last line, are as they were.
fn keeps_what_is_around(before: &Code, after: &Code, node: NodeId) -> Result<(), TestCaseError> {
    let (old, new) = (before.source.text.as_ref(), after.source.text.as_ref());
    let span = before.ast.span(node);
    let mut start = old[..span.start as usize].rfind('\n').map_or(0, |at| at + 1);
    for comment in before.ast.comments().iter().rev().filter(|comment| comment.start < span.start) {
        if old[comment.end as usize..start].trim().is_empty() {
            start = start.min(old[..comment.start as usize].rfind('\n').map_or(0, |at| at + 1));
        }
    }
    // A file without a final line end loses the one before a last statement that goes.
    let head = old[..start].trim_end();
    let end = old[span.end as usize..].find('\n').map_or(old.len(), |at| span.end as usize + at + 1);
    let tail = old[end..].trim_start_matches(['\r', '\n']);
    prop_assert!(new.starts_with(head), "the head of {:?} is not that of {:?}", old, new);
    prop_assert!(new.trim_end().ends_with(tail.trim_end()), "the tail of {:?} is not that of {:?}", old, new);
    Ok(())
}

fn code() -> impl Strategy<Value = Code> {
    let form = select(FORMS);
    (select(FIXTURES.as_slice()), form).prop_map(|((path, text), form)| Code::new(&path, &form(&text)))
}

fn chosen(from: &[NodeId], index: Index) -> Option<NodeId> {
    (!from.is_empty()).then(|| from[index.index(from.len())])
}

/// The siblings of `node`, as code, after the edit: those at the same path in the new tree.
fn siblings_after(before: &Code, after: &Code, node: NodeId) -> Option<Vec<String>> {
    let parent = before.ast.parent(node)?;
    Some(after.children(after.at_path(&before.path(parent))?))
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 2_000, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn a_statement_that_is_removed_takes_nothing_with_it(code in code(), index: Index) {
        let Some(node) = chosen(&code.statements(), index) else { return Ok(()) };
        let Some(after) = code.after(node, Operation::Remove) else { return Ok(()) };
        keeps_the_form(&code, &after)?;
        keeps_what_is_around(&code, &after, node)?;
        if after.ast.errors().is_empty() && code.ast.errors().is_empty() {
            let parent = code.ast.parent(node).expect("a list of statements");
            let mut wanted = code.children(parent);
            wanted.remove(code.ast.children(parent).position(|child| child == node).expect("a child"));
            if wanted.is_empty() && code.is_python() && code.kind(parent) == "block" {
                wanted.push("pass".into());
            }
            prop_assert_eq!(siblings_after(&code, &after, node), Some(wanted));
        }
    }

    #[test]
    fn a_statement_that_is_put_in_stands_beside_its_own(code in code(), index: Index, before: bool) {
        let Some(node) = chosen(&code.statements(), index) else { return Ok(()) };
        let with = "zz(1)".to_owned();
        let operation = if before { Operation::InsertBefore { with } } else { Operation::InsertAfter { with } };
        let Some(after) = code.after(node, operation) else { return Ok(()) };
        keeps_the_form(&code, &after)?;
        keeps_what_is_around(&code, &after, node)?;
        if code.ast.errors().is_empty() {
            let parent = code.ast.parent(node).expect("a list of statements");
            let mut wanted = code.children(parent);
            let at = code.ast.children(parent).position(|child| child == node).expect("a child");
            wanted.insert(if before { at } else { at + 1 }, "zz(1)".into());
            let plain = |list: Vec<String>| list.iter().map(|text| text.trim_end_matches(';').to_owned()).collect::<Vec<_>>();
            prop_assert_eq!(siblings_after(&code, &after, node).map(plain), Some(plain(wanted)), "{}", after.source.text);
        }
    }

    #[test]
    fn an_item_goes_with_its_separator(code in code(), list: Index, item: Index) {
        let Some(list) = chosen(&code.lists(), list) else { return Ok(()) };
        let items: Vec<NodeId> = code.ast.children(list).collect();
        let Some(node) = chosen(&items, item) else { return Ok(()) };
        let Some(after) = code.after(node, Operation::Remove) else { return Ok(()) };
        keeps_the_form(&code, &after)?;
        let mut wanted = code.children(list);
        wanted.remove(items.iter().position(|other| *other == node).expect("a child"));
        if code.ast.errors().is_empty() {
            prop_assert_eq!(siblings_after(&code, &after, node), Some(wanted), "{}", after.source.text);
        }
    }

    #[test]
    fn an_item_that_is_put_in_comes_first_or_last(code in code(), list: Index, start: bool) {
        let Some(list) = chosen(&code.lists(), list) else { return Ok(()) };
        let place = if start { InsertPlace::Start } else { InsertPlace::End };
        let Some(after) = code.after(list, Operation::InsertIn { place, with: "zz".into() }) else { return Ok(()) };
        let mut wanted = code.children(list);
        wanted.insert(if start { 0 } else { wanted.len() }, "zz".into());
        // A keyword must stay last, which the edit does not look at: verification refuses what no longer parses.
        if code.ast.errors().is_empty() && after.ast.errors().is_empty() {
            keeps_the_form(&code, &after)?;
            let list = after.at_path(&code.path(list)).map(|list| after.children(list));
            prop_assert_eq!(list, Some(wanted), "{}", after.source.text);
        }
    }

    #[test]
    fn a_name_that_is_replaced_is_all_that_changes(code in code(), index: Index) {
        let names: Vec<NodeId> = (1..code.ast.len()).filter(|node| code.kind(*node) == "identifier").collect();
        let Some(node) = chosen(&names, index) else { return Ok(()) };
        if !code.ast.language().has_scopes() {
            return Ok(());
        }
        let Some(after) = code.after(node, Operation::Replace { with: "zz".into() }) else { return Ok(()) };
        let span = code.ast.span(node);
        let (old, new) = (code.source.text.as_ref(), after.source.text.as_ref());
        prop_assert!(new.starts_with(&old[..span.start as usize]) && new.ends_with(&old[span.end as usize..]));
        if code.ast.errors().is_empty() && after.ast.errors().is_empty() && after.ast.len() == code.ast.len() {
            prop_assert_eq!(after.text(node), "zz");
        }
    }

    #[test]
    fn a_string_says_what_was_put_in(code in code(), index: Index, says in "[a-z \"'`\\\\{}$%\n]{0,12}") {
        let strings: Vec<NodeId> = (1..code.ast.len())
            .filter(|node| code.kind(*node) == "string" && code.ast.language().has_scopes())
            .filter(|node| code.ast.children(*node).next().is_none() && code.text(*node).starts_with(['"', '\'']))
            .filter(|node| code.ast.parent(*node).is_none_or(|parent| code.kind(parent) != "jsx_attribute"))
            .collect();
        let Some(node) = chosen(&strings, index) else { return Ok(()) };
        let Some(after) = code.after(node, Operation::SetString { with: says.clone() }) else { return Ok(()) };
        if code.ast.errors().is_empty() {
            prop_assert!(after.ast.errors().is_empty(), "{}", after.source.text);
            prop_assert_eq!(after.ast.len(), code.ast.len());
            prop_assert_eq!(rune_syntax::string_value(&after.text(node)), says);
        }
    }
}
