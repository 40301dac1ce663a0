//! Every edit operation on the smallest code that shows it: `edits/*.yaml`, each case with `before`, `edits`, `after`.
//! A case runs as it stands, with CRLF, behind a byte order mark, and without a final newline.

#![allow(clippy::disallowed_methods)]

use std::path::Path;

use rune_fix::apply_edits;
use rune_model::{Argument, Edit, InsertPlace, Operation, ParameterForm, Place, Source, Span, Target};
use rune_syntax::{Language, parse};
use serde_json::Value;

#[test]
fn edits_keep_the_form_of_the_file() {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/edits");
    let mut failures = Vec::new();
    let mut n = 0;
    for entry in std::fs::read_dir(folder).expect("the cases") {
        let path = entry.expect("an entry").path();
        let text = std::fs::read_to_string(&path).expect("a file");
        let cases: Vec<Value> = serde_yaml::from_str(&text).unwrap_or_else(|error| panic!("{}: {error}", path.display()));
        for case in &cases {
            for (form, change) in FORMS {
                n += 1;
                let name = format!("{}: {} ({form})", path.file_stem().expect("a name").to_string_lossy(), text_of(case, "name"));
                failures.extend(run(case, *change).err().map(|failure| format!("{name}\n{failure}")));
            }
        }
    }
    assert!(failures.is_empty(), "{} of {n} failed:\n\n{}", failures.len(), failures.join("\n\n"));
    assert!(n > 300, "only {n} cases were found");
}

type Form = fn(&str) -> String;

const FORMS: &[(&str, Form)] = &[
    ("as it stands", |text| text.to_owned()),
    ("crlf", |text| text.replace('\n', "\r\n")),
    ("byte order mark", |text| format!("\u{FEFF}{text}")),
    ("no final newline", |text| text.trim_end_matches('\n').to_owned()),
];

fn text_of<'v>(value: &'v Value, key: &str) -> &'v str {
    value[key].as_str().unwrap_or_default()
}

fn run(case: &Value, form: Form) -> Result<(), String> {
    let path = text_of(case, "file");
    let before = form(text_of(case, "before"));
    let source = Source { path: path.into(), text: before.as_str().into() };
    let one = case["edit"].as_object().map(|edit| vec![Value::Object(edit.clone())]);
    let edits = one.or_else(|| case["edits"].as_array().cloned()).ok_or("there is no edit")?;
    let edits: Vec<Edit> = edits.iter().map(|edit| read(edit, &source, form)).collect::<Result<_, _>>()?;
    let result = apply_edits(&source, &edits);
    if let Some(wanted) = case["error"].as_str() {
        return match result {
            Err(error) if error.to_string().contains(wanted) => Ok(()),
            other => Err(format!("was to fail with `{wanted}`, but gave {other:?}")),
        };
    }
    let after = result.map_err(|error| error.to_string())?;
    let wanted = form(text_of(case, "after"));
    if after != wanted {
        return Err(format!("was to become\n{wanted:?}\nbut became\n{after:?}"));
    }
    let language = Language::of_path(path).ok_or("the path has no language")?;
    let n_errors = |text: &str| parse(text, language).errors().len();
    if n_errors(&after) > n_errors(&before) { Err("what came out does not parse".into()) } else { Ok(()) }
}

fn read(edit: &Value, source: &Source, form: Form) -> Result<Edit, String> {
    let (name, keys) = edit.as_object().and_then(|edit| edit.iter().next()).ok_or("an edit is a map")?;
    let with = || text_of(keys, "with").to_owned();
    let argument = match &keys["argument"] {
        Value::Number(n) => Some(Argument::Position(n.as_u64().unwrap_or(1) as u32)),
        Value::String(name) => Some(Argument::Keyword(name.clone())),
        _ => None,
    };
    let operation = match name.as_str() {
        "replace" => Operation::Replace { with: with() },
        "set-key" => Operation::SetKey { argument, key: text_of(keys, "key").to_owned(), with: with() },
        "set-argument" => Operation::SetArgument { argument: argument.ok_or("no argument")?, with: with() },
        "set-string" => Operation::SetString { with: with() },
        "insert-before" => Operation::InsertBefore { with: with() },
        "insert-after" => Operation::InsertAfter { with: with() },
        "insert-in" => {
            let place = if text_of(keys, "place") == "start" { InsertPlace::Start } else { InsertPlace::End };
            Operation::InsertIn { place, with: with() }
        }
        "remove" => Operation::Remove,
        "move" => Operation::Move { after: target(&keys["after"], Value::Null, source, form)?, with: with() },
        "make-async" => Operation::MakeAsync,
        "parameterize" => Operation::Parameterize {
            style: text_of(keys, "style").to_owned(),
            into: target(&keys["into"], Value::Null, source, form)?,
            argument,
            key: text_of(keys, "key").to_owned(),
            form: match text_of(keys, "as") {
                "list" => Some(ParameterForm::List),
                "arguments" => Some(ParameterForm::Arguments),
                "keys" => Some(ParameterForm::Keys),
                _ => None,
            },
        },
        "ensure-import" => {
            Operation::EnsureImport { name: text_of(keys, "name").to_owned(), from: text_of(keys, "from").to_owned() }
        }
        other => return Err(format!("there is no operation `{other}`")),
    };
    Ok(Edit { at: target(&keys["at"], keys["kind"].clone(), source, form)?, operation })
}

/// The innermost node (or the one of `kind`) at the first place that says `at`; the file if there is no `at`.
fn target(at: &Value, kind: Value, source: &Source, form: Form) -> Result<Target, String> {
    let text = source.text.as_ref();
    let ast = parse(text, Language::of_path(&source.path).ok_or("the path has no language")?);
    let Some(at) = at.as_str() else {
        return Ok(Target { place: Place { path: source.path.clone(), span: ast.span(0) }, node: 0 });
    };
    let at = form(at).trim_start_matches('\u{FEFF}').to_owned();
    let start = text.find(&at).ok_or_else(|| format!("`{at}` is not in the text"))? as u32;
    let span = Span::new(start, start + at.len() as u32);
    let fits = |node: &u32| ast.span(*node) == span && kind.as_str().is_none_or(|kind| ast.kind(*node).name() == kind);
    let node = (0..ast.len()).rev().find(fits).ok_or_else(|| format!("there is no node at `{at}`"))?;
    Ok(Target { place: Place { path: source.path.clone(), span }, node })
}
