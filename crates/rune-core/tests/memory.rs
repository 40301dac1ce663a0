//! What is remembered changes no answer: after any edits of a project a check that remembers the last one finds what a check
//! that remembers nothing finds. The edits are made at random, and always the same.

#![allow(clippy::disallowed_methods)]

use std::collections::BTreeMap;
use std::path::Path;

use rune_core::{Checker, Memory, Program, check, compile};
use rune_model::Source;
use rune_pack::load_dir;

/// How many edits follow each other.
const N_EDITS: usize = 12;

/// From how many projects the edits start; `RUNE_STARTS` may set more.
const N_STARTS: u64 = 6;

type Files = BTreeMap<String, String>;

/// Numbers that look random (xorshift).
struct Random(u64);

impl Random {
    fn below(&mut self, n: usize) -> usize {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        (self.0 % n.max(1) as u64) as usize
    }

    fn one<'a, T>(&mut self, items: &'a [T]) -> &'a T {
        &items[self.below(items.len())]
    }
}

fn backend() -> Program {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../rulepacks/backend");
    let loaded = load_dir(&folder);
    compile(&loaded.pack.expect("the pack loads")).0.expect("the pack compiles")
}

fn shop() -> Files {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../examples/shop");
    let walked = rune_core::walk(&root, std::slice::from_ref(&root));
    walked.sources.iter().map(|source| (source.path.to_string(), source.text.to_string())).collect()
}

/// Statements that join with each other across files.
const LINES: &[&str] = &[
    "import jwt from \"jsonwebtoken\";",
    "import { issue } from \"./token\";",
    "import { issue as give } from \"@/token\";",
    "import { prisma } from \"@/db\";",
    "import db from \"../db\";",
    "import { Router } from \"express\";",
    "import express from \"express\";",
    "import { app } from \"./app\";",
    "export * from \"./db\";",
    "export * from \"jsonwebtoken\";",
    "export { sign as make } from \"jsonwebtoken\";",
    "export { prisma as store } from \"./db\";",
    "export const options = { expiresIn: \"15m\" };",
    "export const options = { expiresIn: \"90d\" };",
    "import { options } from \"./options\";",
    "export const issue = (id) => jwt.sign({ id }, process.env.SECRET, options);",
    "export const token = issue(1);",
    "const app = express();",
    "export const router = Router();",
    "router.get(\"/users/:id\", async (req, res) => { res.json(await prisma.user.findMany()); });",
    "router.get(\"/users/me\", async (req, res) => { res.json(await prisma.user.findMany({ take: 5 })); });",
    "app.use(\"/api\", router);",
    "app.use((err, req, res, next) => { res.status(500).end(); });",
    "app.use(cors({ origin: \"*\", credentials: true }));",
    "for (const user of users) { await prisma.order.findMany({ where: { userId: user.id } }); }",
    "import { PrismaClient } from \"@prisma/client\";",
    "export const prisma = new PrismaClient();",
    "app.listen(3000);",
    "let broken = (",
    "res.cookie(\"a\", \"b\", { maxAge: 60 });",
];

const PYTHON: &[&str] = &[
    "import jwt",
    "from .token import issue",
    "from .models import *",
    "from fastapi import FastAPI, APIRouter",
    "app = FastAPI()",
    "router = APIRouter()",
    "app.include_router(router)",
    "def issue(id):\n    return jwt.encode({\"id\": id}, \"secret\")",
    "@router.get(\"/users\")\ndef users():\n    return []",
    "for item in items:\n    session.query(User).filter(User.id == item.id).first()",
    "class User(Base):\n    __tablename__ = \"users\"\n    id = Column(Integer, primary_key=True)",
    "def broken(:",
];

const PATHS: &[&str] = &[
    "src/app.ts",
    "src/token.ts",
    "src/db.ts",
    "src/options.ts",
    "src/routes/users.ts",
    "src/routes/index.ts",
    "src/services/orders.ts",
    "lib/db.ts",
    "lib/token.ts",
    "worker/token.py",
    "worker/models.py",
    "worker/__init__.py",
    "worker/main.py",
    "tests/app.test.ts",
];

const CONFIGURATIONS: &[(&str, &str)] = &[
    ("tsconfig.json", r#"{ "compilerOptions": { "paths": { "@/*": ["./src/*"] } } }"#),
    ("tsconfig.json", r#"{ "compilerOptions": { "paths": { "@/*": ["./lib/*"] } } }"#),
    ("tsconfig.json", r#"{ "compilerOptions": { "paths": { "@/*": ["./src/*"] } }, "include": ["src/routes/**"] }"#),
    ("tsconfig.json", "{"),
    (
        "package.json",
        r#"{ "name": "a", "dependencies": { "express": "^5.0.0", "jsonwebtoken": "^9.0.0", "@prisma/client": "^6.0.0" } }"#,
    ),
    ("package.json", r#"{ "name": "a", "dependencies": { "express": "^4.0.0", "fastify": "^5.0.0" } }"#),
    (
        "prisma/schema.prisma",
        "model User {\n  id Int @id\n  orders Order[]\n}\nmodel Order {\n  id Int @id\n  userId Int\n  user User @relation(fields: [userId], references: [id])\n}\n",
    ),
    ("prisma/schema.prisma", "model User {\n  id Int @id\n}\n"),
    ("worker/requirements.txt", "fastapi==0.115.0\npyjwt==2.9.0\nsqlalchemy==2.0.30\n"),
];

fn generated(random: &mut Random) -> Files {
    let mut files = Files::new();
    for _ in 0..12 {
        edit(random, &mut files);
    }
    files
}

/// One change of a project, of any kind.
fn edit(random: &mut Random, files: &mut Files) {
    let paths: Vec<String> = files.keys().cloned().collect();
    match random.below(12) {
        0 | 1 => {
            let (path, text) = random.one(CONFIGURATIONS);
            files.insert((*path).into(), (*text).into());
        }
        2 if !paths.is_empty() => {
            files.remove(random.one(&paths).as_str());
        }
        3 if !paths.is_empty() => {
            if let Some(text) = files.remove(random.one(&paths).as_str()) {
                files.insert((*random.one(PATHS)).into(), text);
            }
        }
        4..=6 => {
            let path = *random.one(PATHS);
            let lines = if path.ends_with(".py") { PYTHON } else { LINES };
            let n = 2 + random.below(8);
            let text: Vec<&str> = (0..n).map(|_| *random.one(lines)).collect();
            files.insert(path.into(), text.join("\n"));
        }
        _ => {
            let code: Vec<&String> = paths.iter().filter(|path| path.ends_with(".ts") || path.ends_with(".py")).collect();
            let Some(path) = code.get(random.below(code.len())) else { return };
            let line = *random.one(if path.ends_with(".py") { PYTHON } else { LINES });
            let Some(text) = files.get_mut(path.as_str()) else { return };
            let mut lines: Vec<&str> = text.lines().collect();
            let at = random.below(lines.len());
            match random.below(3) {
                0 if !lines.is_empty() => drop(lines.remove(at)),
                1 if !lines.is_empty() => lines[at] = line,
                _ => lines.insert(at, line),
            }
            *text = lines.join("\n");
        }
    }
}

fn sources(files: &Files) -> Vec<Source> {
    files.iter().map(|(path, text)| Source { path: path.as_str().into(), text: text.as_str().into() }).collect()
}

fn shuffled(random: &mut Random, mut sources: Vec<Source>) -> Vec<Source> {
    for at in (1..sources.len()).rev() {
        sources.swap(at, random.below(at + 1));
    }
    sources
}

#[test]
fn a_check_that_remembers_finds_what_one_finds_that_does_not() {
    let program = backend();
    let mut n_findings = 0;
    let n_starts = std::env::var("RUNE_STARTS").ok().and_then(|n| n.parse().ok()).unwrap_or(N_STARTS);
    for start in 1..=n_starts {
        let mut random = Random(start.wrapping_mul(0x9e37_79b9_7f4a_7c15));
        let mut files = if start % 2 == 0 { shop() } else { generated(&mut random) };
        let mut memory = Memory::default();
        for number in 0..N_EDITS {
            for _ in 0..1 + random.below(3) {
                edit(&mut random, &mut files);
            }
            let sources = shuffled(&mut random, sources(&files));
            let cold = check(&program, &sources);
            let checker = Checker::remembering(&program, memory.clone());
            let warm = checker.check(&sources, &|| {});
            assert_eq!(format!("{warm:#?}"), format!("{cold:#?}"), "start {start}, edit {number}, files {files:#?}");
            n_findings += cold.findings.len();
            if let Some(news) = checker.news() {
                memory = Memory::from_bytes(&news.to_bytes("a"), "a").expect("what was written is read");
            }
        }
    }
    assert!(n_findings > 200, "only {n_findings} findings: the edits show nothing");
}

#[test]
fn nothing_is_evaluated_again_where_nothing_changed() {
    let program = backend();
    let sources = sources(&shop());
    let first = Checker::remembering(&program, Memory::default());
    first.check(&sources, &|| {});
    let memory = first.news().expect("something was found out");
    let second = Checker::remembering(&program, memory);
    second.check(&sources, &|| {});
    assert!(second.news().is_none());
}

#[test]
fn the_order_of_the_sources_means_nothing() {
    let program = backend();
    let mut random = Random(7);
    for _ in 0..15 {
        let files = generated(&mut random);
        let found = check(&program, &sources(&files));
        let again = check(&program, &shuffled(&mut random, sources(&files)));
        assert_eq!(format!("{again:#?}"), format!("{found:#?}"), "{files:#?}");
    }
}

#[test]
fn bytes_that_are_not_what_was_written_are_no_memory() {
    let program = backend();
    let checker = Checker::remembering(&program, Memory::default());
    checker.check(&sources(&shop()), &|| {});
    let bytes = checker.news().expect("something was found out").to_bytes("one");
    assert!(Memory::from_bytes(&bytes, "one").is_ok());
    assert!(Memory::from_bytes(&bytes, "two").is_err());
    for n in (0..bytes.len()).step_by(bytes.len() / 200) {
        assert!(Memory::from_bytes(&bytes[..n], "one").is_err(), "the first {n} bytes");
        let mut damaged = bytes.clone();
        damaged[n] ^= 1;
        assert!(Memory::from_bytes(&damaged, "one").is_err(), "a changed bit at {n}");
    }
}
