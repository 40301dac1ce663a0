//! What the fuzz targets do with their bytes, and the seeds they begin with: the cases of `tests/conformance`. A target
//! is a function that panics where something that must hold does not.

#[path = "../../crates/rune-core/tests/suite/mod.rs"]
mod conformance;
mod suite;

use std::collections::BTreeMap;
use std::fs;
use std::path::Path;
use std::sync::{Arc, LazyLock, OnceLock};

use rune_core::{Program, check, compile};
use rune_fix::{SettleOptions, settle};
use rune_model::{Finding, FixOutcome, ProblemLevel, Safety, SkipReason, Source};
use rune_pack::load_files;
use rune_pattern::{Captures, Scope, parse_guard, parse_program};
use rune_syntax::{Ast, Language, Project, parse};

use crate::conformance::{Reading, fenced, pieces_of, reading, rule_of};
use crate::suite::{SUITE, files_of};

/// The paths of the languages; a byte of the input chooses.
const PATHS: &[&str] =
    &["a.ts", "a.tsx", "a.py", "schema.prisma", "a.json", "a.toml", "requirements.txt", "a.yaml", "a.graphql", "a.env", "a.sql"];

/// Texts longer than this are left out: they say nothing that shorter ones do not, and cost the time of thousands.
const MAX_TEXT: usize = 6_000;

/// Writes the seeds of a target into the folder that `RUNE_SEEDS` names.
pub fn write_seeds(seeds: fn() -> Vec<Vec<u8>>) {
    let n_programs = SUITE.iter().filter(|case| program(&files_of(case)).is_some()).count();
    assert!(n_programs * 10 > SUITE.len() * 9, "only {n_programs} of {} patterns of the suite compile", SUITE.len());
    let Ok(folder) = std::env::var("RUNE_SEEDS") else { return };
    fs::create_dir_all(&folder).expect("the folder of the seeds can be made");
    for (n, seed) in seeds().iter().enumerate() {
        fs::write(Path::new(&folder).join(format!("seed-{n:04}")), seed).expect("a seed can be written");
    }
}

fn text_of(data: &[u8]) -> Option<&str> {
    std::str::from_utf8(data).ok().filter(|text| text.len() <= MAX_TEXT)
}

/// The path that the first byte chooses, and the text after it.
fn path_and_text(data: &[u8]) -> Option<(&'static str, &str)> {
    let (first, rest) = data.split_first()?;
    Some((PATHS[*first as usize % PATHS.len()], text_of(rest)?))
}

fn number_of(path: &str) -> u8 {
    let ending = path.rsplit('.').next();
    PATHS.iter().position(|known| known.rsplit('.').next() == ending).unwrap_or(0) as u8
}

fn source(path: &str, text: &str) -> Source {
    Source { path: path.into(), text: text.into() }
}

fn family(path: &str) -> &'static str {
    Language::of_path(path).expect("every path is of a language").family()
}

// ---- dsl: the text of a `match` or of a `where`

/// Any text as a pattern: no panic, and every problem is within the text.
pub fn dsl(data: &[u8]) {
    let Some((first, rest)) = data.split_first() else { return };
    let Some(text) = text_of(rest) else { return };
    let all = PATHS.map_families();
    let families = match *first as usize % (all.len() + 2) {
        n if n < all.len() => &all[n..=n],
        n if n == all.len() => &all[..],
        _ => &[],
    };
    let (mut captures, mut uses) = (Captures::default(), Vec::new());
    let mut scope = Scope { families, captures: &mut captures, uses: &mut uses };
    let program = parse_program(text, &mut scope).err();
    let guard = parse_guard(text, &mut scope).err();
    for error in program.into_iter().chain(guard).flatten() {
        assert!(error.at.start <= error.at.end && error.at.end <= text.len(), "{error:?} is not within the text");
        assert!(text.is_char_boundary(error.at.start) && text.is_char_boundary(error.at.end), "{error:?} parts a character");
        assert!(!error.message.is_empty());
    }
}

trait Families {
    fn map_families(&self) -> Vec<String>;
}

impl Families for &[&str] {
    /// The families of the paths, each once.
    fn map_families(&self) -> Vec<String> {
        let mut families: Vec<String> = self.iter().map(|path| family(path).to_owned()).collect();
        families.dedup();
        families
    }
}

/// Every pattern of the suite.
pub fn seeds_of_dsl() -> Vec<Vec<u8>> {
    let first = |path: &str| PATHS.map_families().iter().position(|known| known == family(path)).unwrap_or(0) as u8;
    SUITE.iter().map(|case| [&[first(&case.path)], case.pattern.as_bytes()].concat()).collect()
}

// ---- pack: files of a pack

const PACK_FILES: &[&str] = &["s/r.yaml", "s/r.toml", "relations/r.yaml", "relations/r.toml", "relations.yaml", "pack.toml"];

/// Any bytes as a file of a pack: it loads and compiles, or there are problems.
pub fn pack(data: &[u8]) {
    let Some((first, rest)) = data.split_first() else { return };
    if rest.len() > MAX_TEXT {
        return;
    }
    let name = PACK_FILES[*first as usize % PACK_FILES.len()];
    let mut files = files_of(&SUITE[0]);
    files.insert(name.to_owned(), String::from_utf8_lossy(rest).into());
    let loaded = load_files("p", &files);
    if let Some(pack) = loaded.pack {
        let (program, problems) = compile(&pack);
        assert!(program.is_some() || !problems.is_empty(), "nothing compiled, and nobody says why");
    } else {
        assert!(!loaded.problems.is_empty(), "nothing loaded, and nobody says why");
    }
}

/// The files of every case as packs, and rules with fixes.
pub fn seeds_of_pack() -> Vec<Vec<u8>> {
    let number = |name: &str| PACK_FILES.iter().position(|known| *known == name);
    let seed = |(name, text): (String, Arc<str>)| Some([&[number(&name)? as u8], text.as_bytes()].concat());
    let mut seeds: Vec<Vec<u8>> = SUITE.iter().flat_map(files_of).filter_map(seed).collect();
    seeds.extend(FIXES.iter().enumerate().map(|(n, fix)| [&[0], fix_rule(n, fix).as_bytes()].concat()));
    seeds.sort();
    seeds.dedup();
    seeds
}

// ---- snippet: code in backticks

/// Any text as code of a pattern, laid on itself: it compiles or there are problems, and matching ends within its budget.
pub fn snippet(data: &[u8]) {
    let Some((path, text)) = path_and_text(data) else { return };
    let Some(program) = program(&files_with_rule(path, &format!("find {}", fenced(text)))) else { return };
    within_budget(&check(&program, &[source(path, text)]).skipped);
}

/// Every code between backticks in the suite.
pub fn seeds_of_snippet() -> Vec<Vec<u8>> {
    let of_case = |case: &'static suite::Flat| {
        let codes = case.pattern.split('`').enumerate().filter(|(n, code)| n % 2 == 1 && !code.is_empty());
        codes.map(|(_, code)| [&[number_of(&case.path)], code.as_bytes()].concat())
    };
    let mut seeds: Vec<Vec<u8>> = SUITE.iter().flat_map(of_case).collect();
    seeds.sort();
    seeds.dedup();
    seeds
}

/// The files of a pack with one rule in it.
fn files_with_rule(path: &str, pattern: &str) -> BTreeMap<String, Arc<str>> {
    let mut files = files_of(&SUITE[0]);
    files.insert("s/the-rule.yaml".into(), rule_of(family(path), pattern).into());
    files
}

/// The program of a pack, if it has no errors.
fn program(files: &BTreeMap<String, Arc<str>>) -> Option<Program> {
    let loaded = load_files("p", files);
    let pack = loaded.pack.filter(|_| loaded.problems.iter().all(|problem| problem.level != ProblemLevel::Error))?;
    compile(&pack).0
}

fn within_budget(skipped: &[rune_model::Skipped]) {
    for skip in skipped {
        assert!(skip.reason != SkipReason::Failed, "{skip:?}");
    }
}

// ---- source: code of users

/// Any text as a source: its tree is a tree, scopes are made, and a pattern of the suite ends on it within its budget.
pub fn source_text(data: &[u8]) {
    static PROGRAMS: LazyLock<Vec<OnceLock<Option<Program>>>> = LazyLock::new(|| SUITE.iter().map(|_| OnceLock::new()).collect());
    let Some((number, rest)) = data.split_at_checked(2) else { return };
    let Some((path, text)) = path_and_text(rest) else { return };
    well_formed(&parse(text, Language::of_path(path).expect("a language")), text);
    let number = u16::from_le_bytes([number[0], number[1]]) as usize % SUITE.len();
    let program = PROGRAMS[number].get_or_init(|| program(&files_of(&SUITE[number])));
    let sources = [source(path, text)];
    let project = Project::new(&sources);
    if project.language(0).has_scopes() {
        assert!(project.scopes(0).bindings().len() <= text.len());
    }
    if let Some(program) = program {
        within_budget(&check(program, &sources).skipped);
    }
}

/// Parents hold their children, brothers follow each other, and every place is one of the text.
fn well_formed(ast: &Ast, text: &str) {
    assert!(ast.kind(0).name() != "", "there is a root");
    for node in 0..ast.len() {
        let span = ast.span(node);
        assert!(text.get(span.start as usize..span.end as usize).is_some(), "{span:?} is no place of the text");
        assert!(node < ast.subtree_end(node) && ast.subtree_end(node) <= ast.len());
        let Some(parent) = ast.parent(node) else { continue };
        assert!(parent < node && ast.is_within(node, parent));
        let outer = ast.span(parent);
        assert!(outer.start <= span.start && span.end <= outer.end, "{:?} stands out of {:?}", ast.kind(node), ast.kind(parent));
    }
    for span in ast.errors().iter().chain(ast.comments()) {
        assert!(text.get(span.start as usize..span.end as usize).is_some(), "{span:?} is no place of the text");
    }
}

/// Every code of the suite with its own pattern.
pub fn seeds_of_source() -> Vec<Vec<u8>> {
    let seed = |(n, case): (usize, &suite::Flat)| {
        [&(n as u16).to_le_bytes()[..], &[number_of(&case.path)], case.code.as_bytes()].concat()
    };
    SUITE.iter().enumerate().map(seed).collect()
}

// ---- piece: a pattern made from a piece of code finds that piece

/// A piece of code, as a pattern on the whole of it.
pub fn piece(data: &[u8]) {
    let Some((choice, rest)) = data.split_at_checked(2) else { return };
    let Some((path, text)) = path_and_text(rest) else { return };
    let language = Language::of_path(path).expect("a language");
    let ast = parse(text, language);
    if !language.has_scopes() {
        return;
    }
    let pieces = pieces_of(&ast, text);
    if pieces.is_empty() {
        return;
    }
    let node = pieces[u16::from_le_bytes([choice[0], choice[1]]) as usize % pieces.len()];
    // What is read otherwise alone is another pattern.
    if reading(&ast, text, node) != Reading::Alike {
        return;
    }
    let (span, piece) = (ast.span(node), ast.text(node, text));
    let Some(program) = program(&files_with_rule(path, &format!("find {}", fenced(piece)))) else { return };
    let found = check(&program, &[source(path, text)]);
    let is_cut = found.skipped.iter().any(|skip| skip.reason == SkipReason::Budget);
    assert!(is_cut || found.findings.iter().any(|finding| finding.place.span == span), "`{piece}` is not found in {text:?}");
}

/// Every code of the suite, with a few pieces each.
pub fn seeds_of_piece() -> Vec<Vec<u8>> {
    let seeds = |case: &'static suite::Flat| {
        (0..4u16).map(|n| [&(n * 3).to_le_bytes()[..], &[number_of(&case.path)], case.code.as_bytes()].concat())
    };
    SUITE.iter().flat_map(seeds).collect()
}

// ---- template: texts of a rule

/// Any text as a message: it compiles and prints, or there are problems.
pub fn template(data: &[u8]) {
    let Some(text) = text_of(data) else { return };
    let mut files = files_of(&SUITE[0]);
    let rule = rule_of("ecma", "find `f(\"$S\", $X, $...REST)`");
    let report = text.chars().map(|c| format!("\\U{:08x}", c as u32)).collect::<String>();
    files.insert("s/the-rule.yaml".into(), rule.replace("report: found", &format!("report: \"{report}\"")).into());
    let options = "[options.ttl]\ntype = \"duration\"\ndefault = \"15m\"\nabout = \"a\"\n";
    let manifest = format!("{}{options}", files["pack.toml"]);
    files.insert("pack.toml".into(), manifest.into());
    if let Some(program) = program(&files) {
        let found = check(&program, &[source("a.ts", "f(\"a\", 90, 1, [2]); f('blogUser', x); f(\"1h\", () => 1);")]);
        within_budget(&found.skipped);
    }
}

/// Templates with every helper.
pub fn seeds_of_template() -> Vec<Vec<u8>> {
    let helpers = "kebab snake camel plural lower upper seconds minutes milliseconds short duration join";
    let mut seeds: Vec<String> = helpers.split(' ').map(|helper| format!("{{{{{helper} S}}}}")).collect();
    seeds.extend(SUITE.iter().filter_map(|case| case.report.clone()));
    let more = [
        "{{#if (eq S \"a\")}}a{{else}}{{S}}{{/if}} in {{duration options.ttl}}",
        "{{kebab (plural S)}}",
        "{{{S}}}",
        "{{&S}}",
        "{{#each REST}}{{this}}, {{@index}}{{/each}}",
        "{{#unless X}}a{{/unless}}",
        "{{seconds X \"m\"}}",
        "{{join REST}}",
        "{{lookup options \"ttl\"}}",
        "{{#with X}}{{.}}{{/with}}",
        "{{!-- a --}}{{~S~}}",
        "\\{{S}}",
        "{{#if X}}{{else if S}}b{{/if}}",
        "{{> partial}}",
        "{{#*inline \"a\"}}{{/inline}}",
        "{{{{raw}}}} {{{{/raw}}}}",
        "{{options.ttl}}",
        "{{#if (and X (or S (not X)))}}c{{/if}}",
    ];
    seeds.extend(more.map(str::to_owned));
    seeds.into_iter().map(String::into_bytes).collect()
}

// ---- edits: fixes

/// Patterns with the edits of their fixes, one rule each.
const FIXES: &[(&str, &str, &str)] = &[
    ("ecma, python", "find `f($X)` as $CALL", "replace: { at: $CALL, with: \"g({{X}})\" }"),
    (
        "ecma, python",
        "find `g($X)` as $CALL\nwhere not $CALL is `g($_, { a: $_, ... })`",
        "set-key: { at: $CALL, argument: 2, key: a, with: \"1\" }",
    ),
    ("ecma, python", "find `h($X)` as $CALL", "set-argument: { at: $CALL, argument: 2, with: \"b\" }"),
    ("ecma, python", "find string as $S\nwhere $S is \"a\"", "set-string: { at: $S, with: \"it's\" }"),
    ("ecma, python", "find `open($X)` as $CALL\nnot before `close($X)`", "insert-after: { at: $CALL, with: \"close({{X}})\" }"),
    ("ecma, python", "find `check($X)` as $CALL\nnot after `log($X)`", "insert-before: { at: $CALL, with: \"log({{X}})\" }"),
    ("ecma, python", "find array as $LIST\nnot has `last`", "insert-in: { at: $LIST, place: end, with: \"last\" }"),
    ("ecma, python", "find `debug($X)` as $CALL", "remove: { at: $CALL }"),
    ("ecma, python", "find `[..., $X, ...]`\nwhere $X is 0", "remove: { at: $X }"),
    ("ecma, python", "find `last()` as $A\nbefore `first()` as $B", "move: { at: $A, after: $B }"),
    (
        "ecma, python",
        "find function as $F\nhas `later()` until function\nnot has `await $_` until function",
        "make-async: { at: $F }",
    ),
    ("ecma, python", "find `use($X)` as $CALL", "ensure-import: { name: lib, from: m }"),
    (
        "ecma, python",
        "find function as $F\nhas `first()` until function\nnot has `start()`",
        "insert-in: { at: $F, place: start, with: \"start()\" }",
    ),
    ("json", "find json`\"a\": $V` as $P\nwhere not $V is 1", "replace: { at: $V, with: \"1\" }"),
    ("prisma", "find prisma`$F Int` as $P", "replace: { at: $P, with: \"{{F}} BigInt\" }"),
];

fn fix_rule(n: usize, (languages, pattern, edit): &(&str, &str, &str)) -> String {
    let rule = rule_of(languages, pattern).replace("id: the-rule", &format!("id: r{n}"));
    let fix = format!("fix:\n  title: mend it\n  safety: safe\n  edits:\n    - {edit}\n");
    rule.replace("examples:", &format!("{fix}examples:")).replace("{ bad: x }", "{ bad: x, fixed: y }")
}

/// Any text under a set of rules with fixes: what is settled parses as well as before, and a second run does nothing.
pub fn edits(data: &[u8]) {
    static PROGRAM: LazyLock<Program> = LazyLock::new(|| {
        let mut files = files_of(&SUITE[0]);
        for (n, fix) in FIXES.iter().enumerate() {
            files.insert(format!("s/r{n}.yaml"), fix_rule(n, fix).into());
        }
        let loaded = load_files("p", &files);
        assert!(loaded.problems.is_empty(), "{:?}", loaded.problems);
        let (program, problems) = compile(&loaded.pack.expect("it loads"));
        program.unwrap_or_else(|| panic!("{problems:?}"))
    });
    let Some((path, text)) = path_and_text(data) else { return };
    if text.len() > 1_000 {
        return;
    }
    let look = |sources: &[Source]| -> Vec<Finding> { check(&PROGRAM, sources).findings };
    let before = [source(path, text)];
    let findings = look(&before);
    if findings.len() > 12 {
        return;
    }
    let options = SettleOptions::up_to(Safety::Safe);
    let settled = settle(&before, &findings, &look, &options);
    let Some(after) = settled.sources.first().cloned() else { return };
    let language = Language::of_path(path).expect("a language");
    let n_errors = |text: &str| parse(text, language).errors().len();
    assert!(n_errors(&after.text) <= n_errors(text), "a fix broke {text:?} into {:?}", after.text);
    if settled.passes < options.max_passes {
        let after = [after];
        let again = settle(&after, &look(&after), &look, &options);
        let applied: Vec<_> = again.records.iter().filter(|record| record.outcome == FixOutcome::Applied).collect();
        assert!(applied.is_empty(), "a second run changes {:?} into {:?}", after[0].text, again.sources.first().map(|s| &s.text));
    }
}

/// Every code of the suite, and code that the rules are about.
pub fn seeds_of_edits() -> Vec<Vec<u8>> {
    let own = [
        ("a.ts", "import { a } from './b';\nfunction x() {\n  f(1);\n  g(a);\n  last(); first(); later();\n}\n"),
        ("a.ts", "const l = [\n  0,\n  1, // one\n];\nif (a) debug(1);\nuse('a', \"a\"); use(1);\n"),
        ("a.tsx", "const x = () => h(1);\r\nopen(a);\r\ncheck(b)\r\n"),
        ("a.py", "\"\"\"Docs.\"\"\"\ndef x():\n    debug(1)\n\ndef y():\n    open(a); check(b)\n    l = [0, 1]\n    use(1)\n"),
        ("a.json", "{ \"a\": 2, \"b\": [0] }"),
        ("schema.prisma", "model A {\n  id Int @id\n  b Int\n}\n"),
    ];
    let own = own.iter().map(|(path, code)| [&[number_of(path)], code.as_bytes()].concat());
    own.chain(SUITE.iter().map(|case| [&[number_of(&case.path)], case.code.as_bytes()].concat())).collect()
}
