//! Nesting of 20,000 levels in source, in a snippet, in pack files: a clear result and no overflow of the stack. The
//! tests run on the stack that threads get by default; a crash ends the test program.

use std::collections::BTreeMap;
use std::sync::Arc;
use std::time::{Duration, Instant};

use rune_core::{Program, check, compile};
use rune_model::Source;
use rune_pack::load_files;

/// How deep.
const LEVELS: usize = 20_000;

/// No single check may take longer, unoptimised and on a busy machine.
const LONGEST: Duration = Duration::from_secs(60);

fn nested(open: &str, inner: &str, close: &str) -> String {
    format!("{}{inner}{}", open.repeat(LEVELS), close.repeat(LEVELS))
}

fn pack(languages: &str, pattern: &str) -> BTreeMap<String, Arc<str>> {
    let rule = format!(
        "id: r\nsummary: s\nseverity: low\nconfidence: high\nlanguages: [{languages}]\nskip: []\nmatch: |\n{}\nreport: found\nwhy: w\nexamples: [{{ bad: x }}, {{ good: y }}]\n",
        pattern.lines().map(|line| format!("  {line}")).collect::<Vec<_>>().join("\n")
    );
    let manifest = "[pack]\nname = \"deep\"\nversion = \"1.0.0\"\nformat = 1\ndescription = \"d\"\n[skills.s]\ntitle = \"S\"\n";
    [("pack.toml".to_owned(), Arc::from(manifest)), ("s/r.yaml".to_owned(), rule.into())].into()
}

/// The program, or the code of the first problem.
fn compiled(files: &BTreeMap<String, Arc<str>>) -> Result<Program, &'static str> {
    let loaded = load_files("p", files);
    if let Some(problem) = loaded.problems.first() {
        return Err(problem.code);
    }
    let (program, problems) = compile(&loaded.pack.expect("the manifest is fine"));
    program.ok_or_else(|| problems.first().map_or("", |problem| problem.code))
}

/// How many findings every pattern has in `text`.
fn counts(path: &str, text: &str, patterns: &[&str]) -> Vec<usize> {
    let language = if path.ends_with(".py") { "python" } else { "ecma" };
    let sources = [Source { path: path.into(), text: text.into() }];
    let count = |pattern: &&str| {
        let program = compiled(&pack(language, pattern)).expect("the pattern is fine");
        let start = Instant::now();
        let found = check(&program, &sources);
        assert!(start.elapsed() < LONGEST, "{pattern} took {:?} on {}…", start.elapsed(), &text[..40]);
        found.findings.len()
    };
    patterns.iter().map(count).collect()
}

/// All patterns where the program is optimised; without that, the first few.
fn affordable<'p>(patterns: &'p [&'p str]) -> &'p [&'p str] {
    if cfg!(debug_assertions) { &patterns[..2] } else { patterns }
}

const ECMA: &[&str] = &[
    "find `g($X)`",
    "find `f($X, ...)`",
    "find string as $X\nwhere $X is \"a\"",
    "find `g($X)`\ninside loop",
    "find `g($X)`\ninside `f(...)`",
    "find `g(...). ...`",
    "find `g($X)`\nbefore `h()`",
    "find call\nhas `h()`",
    "find `f($X)`\nwhere $X is number",
];

#[test]
fn deep_ecmascript() {
    let texts = [
        format!("g({});", nested("(", "1", ")")),
        format!("g({});", nested("[", "1", "]")),
        format!("g({});", nested("{a:", "1", "}")),
        format!("g({});", nested("f(", "1", ")")),
        format!("g({});", nested("`${", "1", "}`")),
        format!("g({});", nested("() => ", "1", "")),
        format!("g({});", nested("!", "1", "")),
        format!("g({});", nested("a ? b : ", "1", "")),
        format!("g(1{});", "+1".repeat(LEVELS)),
        format!("g(1){};", ".b(2)".repeat(LEVELS)),
        format!("g(1){};", ".b".repeat(LEVELS)),
        format!("g(1){};", "[0]".repeat(LEVELS)),
        format!("g(1); {}", nested("{", "", "}")),
        format!("g(1); {}", nested("if (a) {", "", "}")),
        format!("g(1); if (a) {{}}{}", " else if (b) {}".repeat(LEVELS)),
        format!("g(1); {}", nested("function f() {", "", "}")),
        format!("g(1); {}", nested("class A { m() {", "", "}}")),
        format!("g(1); const {} = c;", nested("{a:", "b", "}")),
        format!("g(1); let x: {};", nested("A<", "B", ">")),
    ];
    for text in &texts {
        for path in ["a.ts", "a.tsx"] {
            assert_eq!(counts(path, text, &ECMA[..1]), [1], "{}", &text[..40]);
        }
        // Calls within calls are 20,000 findings, each with the text of the rest: a result as large as it looks.
        let is_nest_of_findings = text.starts_with("g(f(");
        let others =
            affordable(ECMA)[1..].iter().copied().filter(|pattern| !is_nest_of_findings || !pattern.starts_with("find `f("));
        counts("a.ts", text, &others.collect::<Vec<_>>());
    }
}

#[test]
fn deep_jsx() {
    counts("a.tsx", &format!("g(1); const x = {};", nested("<a>", "", "</a>")), affordable(ECMA));
}

#[test]
fn deep_python() {
    let texts = [
        format!("g({})\n", nested("(", "1", ")")),
        format!("g({})\n", nested("[", "1", "]")),
        format!("g({})\n", nested("{1:", "1", "}")),
        format!("g({})\n", nested("f(", "1", ")")),
        format!("g({})\n", nested("not ", "1", "")),
        format!("g({})\n", nested("lambda: ", "1", "")),
        format!("g(1{})\n", "+1".repeat(LEVELS)),
        format!("g(1){}\n", ".b(2)".repeat(LEVELS)),
        format!("g(1)\nif a:\n    b\n{}", "elif c:\n    d\n".repeat(LEVELS)),
    ];
    let patterns =
        ["find `g($X)`", "find `f($X, ...)`", "find `g($X)`\ninside loop", "find `g(...). ...`", "find call\nhas `h()`"];
    for text in &texts {
        assert_eq!(counts("a.py", text, &patterns[..1]), [1], "{}", &text[..40]);
        let others = affordable(&patterns)[1..]
            .iter()
            .copied()
            .filter(|pattern| !text.starts_with("g(f(") || !pattern.starts_with("find `f("));
        counts("a.py", text, &others.collect::<Vec<_>>());
    }
}

#[test]
fn deep_indentation() {
    // The text grows with the square of the depth.
    let lines = (0..2_000).map(|level| format!("{}if a:\n", " ".repeat(level)));
    let text = format!("g(1)\n{}{}pass\n", lines.collect::<String>(), " ".repeat(2_000));
    counts("a.py", &text, &["find `g($X)`", "find `if $A: ...`", "find `g($X)`\ninside loop"]);
}

#[test]
fn deep_configuration() {
    let program = compiled(&pack("json, toml, prisma", "find json`\"b\": $X` or toml`b = $X`")).expect("the pattern is fine");
    let texts = [
        ("a.json", nested("[", "1", "]")),
        ("b.json", nested("{\"a\":", "1", "}")),
        ("a.toml", format!("a = {}", nested("[", "1", "]"))),
        ("b.toml", format!("a = {}", nested("{a=", "1", "}"))),
        ("c.toml", format!("a{} = 1", ".a".repeat(LEVELS))),
        ("d.toml", format!("[a{}]\nb = 1", ".a".repeat(LEVELS))),
        ("a.prisma", format!("model A {{ a Int @default({}) }}", nested("(", "1", ")"))),
        ("b.prisma", format!("model A {{ a Int @default({}) }}", nested("[", "1", "]"))),
        ("c.prisma", nested("model A {", "", "}")),
    ];
    for (path, text) in texts {
        check(&program, &[Source { path: path.into(), text: text.into() }]);
    }
}

#[test]
fn deep_patterns() {
    let code = |body: String| format!("find `{body}`");
    let texts = [
        code(nested("(", "a", ")")),
        code(nested("[", "a", "]")),
        code(nested("{ ", "", "}")),
        code(nested("!", "a", "")),
        code(format!("a{}", ".b".repeat(LEVELS))),
        code(format!("a{}", "+b".repeat(LEVELS))),
        format!("find {}", nested("(", "`a()`", ")")),
        format!("find `a($X)`\nwhere {}", "not ".repeat(10_000) + "$X is 1"),
        format!("find `a($X)`\nwhere {}", nested("(", "$X is 1", ")")),
        format!("find `a($X)`\nwhere $X in {}", nested("[", "1", "]")),
        format!("find `a($X)`\nwhere {} is 1", nested("lower(", "$X", ")")),
        format!("find `a($X)`\n{}", "where not $X is 1\n".repeat(2_000)),
        format!("find `a($X)`{}", " or `b($X)`".repeat(2_000)),
        format!("find `a($X)`\nwhere $X.a{}  is 1", ".a".repeat(LEVELS)),
        format!("find {}a{}", "`".repeat(LEVELS), "`".repeat(LEVELS)),
    ];
    for text in &texts {
        for languages in ["ecma", "python", "ecma, python"] {
            if let Ok(program) = compiled(&pack(languages, text)) {
                let source = |path: &str| Source { path: path.into(), text: "a(1); [a]; !a; a + b; a.b".into() };
                check(&program, &[source("a.ts"), source("a.py")]);
            }
        }
    }
    assert_eq!(compiled(&pack("ecma", &texts[0])).err(), Some("too-deep"));
    assert_eq!(compiled(&pack("ecma", &texts[7])).err(), Some("too-deep"));
}

#[test]
fn deep_pack_files() {
    let texts = [
        nested("[", "1", "]"),
        nested("{a: ", "1", "}"),
        format!("id: {}", nested("[", "x", "]")),
        (0..2_000).map(|level| format!("{}a:\n", " ".repeat(level))).collect(),
        format!("{} x", "- ".repeat(LEVELS)),
        "? ".repeat(LEVELS),
        format!("a: {}", "!t ".repeat(LEVELS)),
    ];
    for text in texts {
        let mut files = pack("ecma", "find `a()`");
        files.insert("s/r.yaml".into(), text.into());
        assert!(compiled(&files).is_err());
    }
    for text in [
        format!("a = {}", nested("[", "1", "]")),
        format!("a = {}", nested("{a=", "1", "}")),
        format!("[a{}]", ".a".repeat(LEVELS)),
    ] {
        let mut files = pack("ecma", "find `a()`");
        files.insert("s/r.toml".into(), text.into());
        assert!(compiled(&files).is_err());
    }
}

/// A rule with this message.
fn with_report(report: &str) -> BTreeMap<String, Arc<str>> {
    let mut files = pack("ecma", "find `g($X)`");
    let rule = files["s/r.yaml"].replace("report: found", &format!("report: '{report}'"));
    files.insert("s/r.yaml".into(), rule.into());
    files
}

#[test]
fn deep_templates() {
    for template in [
        nested("{{#if X}}", "a", "{{/if}}"),
        nested("{{#if X}}{{else}}", "a", "{{/if}}"),
        format!("{{{{{}}}}}", nested("(lower ", "X", ")")),
        format!("{{{{upper {}}}}}", nested("(lower ", "X", ")")),
        format!("{{{{#if {}}}}}a{{{{/if}}}}", nested("(not ", "X", ")")),
        format!("{{{{#if X}}}}{}{{{{/if}}}}", "{{else if X}}b".repeat(LEVELS)),
    ] {
        assert_eq!(compiled(&with_report(&template)).err(), Some("template"), "{}", &template[..40]);
    }
    for template in ["{{X}}".repeat(2_000), "{{#if X}}a{{/if}}".repeat(1_000)] {
        let program = compiled(&with_report(&template)).expect("the template is long, not deep");
        check(&program, &[Source { path: "a.ts".into(), text: "g(1)".into() }]);
    }
}

#[test]
fn long_chains_of_alternatives() {
    let texts = [
        format!("find `a()`{}", " or `b()`".repeat(LEVELS)),
        format!("find `a($X)`\nwhere $X is 1{}", " or $X is 2".repeat(LEVELS)),
        format!("find `a($X)`\nwhere $X is 1{}", " and $X is 1".repeat(LEVELS)),
        format!("find `a($X)`\nwhere $X in [1{}]", ", 2".repeat(LEVELS)),
        format!("find `a($X)`\n{}", "inside `f(...)`\n".repeat(4_000)),
    ];
    for text in texts {
        match compiled(&pack("ecma", &text)) {
            Ok(program) => {
                check(&program, &[Source { path: "a.ts".into(), text: "f(a(1)); b();".into() }]);
            }
            Err(code) => assert_eq!(code, "too-long", "{}", &text[..40]),
        }
    }
}

#[test]
fn values_that_double() {
    let mut text = String::from("const a0 = \"x\"; const o0 = { x: 1 }; const l0 = [1];\n");
    for n in 1..200 {
        let m = n - 1;
        text += &format!("const a{n} = a{m} + a{m}; const o{n} = {{ ...o{m}, ...o{m} }}; const l{n} = [...l{m}, ...l{m}];\n");
    }
    text += "g(a199); g(o199.x); g(l199); g(o199); g([...l199]);";
    let found = counts(
        "a.ts",
        &text,
        &["find `g($X)`\nwhere $X is \"y\"", "find `g({ x: 2, ... })`", "find `g([..., 2])`", "find `g($X)`\nwhere $X.x is 2"],
    );
    assert_eq!(found.len(), 4);
}

#[test]
fn deep_sql() {
    let texts = [
        format!("run(`SELECT * FROM a WHERE x = {}`);", nested("(", "1", ")")),
        format!("run(`SELECT * FROM a WHERE x = {}1`);", "1 + ".repeat(LEVELS)),
        format!("run(`SELECT * FROM a WHERE {}true`);", "NOT ".repeat(LEVELS)),
        format!("run(`SELECT * FROM a WHERE x{}`);", "::int".repeat(LEVELS)),
        format!("run(`{}SELECT 1`);", "SELECT a, b FROM c UNION ".repeat(LEVELS)),
        format!("run(`SELECT * FROM a {}`);", "/*".repeat(LEVELS)),
        format!("run(`SELECT * FROM {}a`);", "(SELECT * FROM ".repeat(LEVELS)),
        format!("run(\"SELECT * FROM a WHERE x = \"{});", " + x".repeat(LEVELS)),
        format!("run(`SELECT * FROM a WHERE ${{x}}{}`);", " AND ${x} OR ${y}".repeat(LEVELS / 10)),
        format!("let q = 'SELECT * FROM a';\n{}run(q);", "q = q + x;\n".repeat(LEVELS / 20)),
    ];
    let patterns = ["find sql(kind: \"select\")", "find `run($X)`\nwhere sql_hole(text: $X)", "find ddl(kind: \"create-index\")"];
    for text in &texts {
        counts("a.ts", text, &patterns);
        counts("a.py", text, &patterns);
    }
}
