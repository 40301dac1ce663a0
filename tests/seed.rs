//! The examples that rune comes from: each `before` is found for what its text talks about, and its fixed text does what
//! the `after` means without the faults that the `after` has. What a later rule is to find is named as open, and the
//! test fails once the pack has that rule: then it belongs to what is found.

#![allow(clippy::disallowed_methods)]

use std::collections::BTreeSet;

use rune_core::{Program, check};
use rune_fix::{SettleOptions, settle};
use rune_model::{Certainty, Safety, Source};
use rune_pack::load_dir;

struct Case {
    files: &'static [(&'static str, &'static str)],
    /// Rules that report it, by id without the pack.
    found: &'static [&'static str],
    /// Rules of the catalogue that belong here and are not written yet.
    open: &'static [&'static str],
    /// Files after `--fix --unsafe-fixes`.
    fixed: &'static [(&'static str, &'static str)],
}

const MANIFEST: &str = r#"{"dependencies": {"express": "^5.1.0", "jsonwebtoken": "^9.0.0", "@prisma/client": "^6.0.0"}}"#;

fn program() -> Program {
    let folder = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("../../rulepacks/backend");
    let pack = load_dir(&folder).pack.expect("the pack loads");
    rune_core::compile(&pack).0.expect("the pack compiles")
}

fn run(case: &Case) {
    let program = program();
    let known: BTreeSet<&str> = program.rules.iter().filter_map(|rule| rule.id.rsplit('/').next()).collect();
    for rule in case.open {
        assert!(!known.contains(rule), "`{rule}` is written now: move it to what is found");
    }
    let sources: Vec<Source> =
        case.files.iter().map(|(path, text)| Source { path: (*path).into(), text: (*text).into() }).collect();
    let certain = |sources: &[Source]| {
        let findings = check(&program, sources).findings.into_iter();
        findings.filter(|finding| finding.certainty == Certainty::Certain).collect::<Vec<_>>()
    };
    let findings = certain(&sources);
    let found: BTreeSet<&str> = findings.iter().filter_map(|finding| finding.rule.rsplit('/').next()).collect();
    assert_eq!(found, case.found.iter().copied().collect(), "{findings:#?}");
    let settled = settle(&sources, &findings, &certain, &SettleOptions::up_to(Safety::Unsafe));
    for (path, wanted) in case.fixed {
        let text = settled.sources.iter().find(|source| source.path.as_ref() == *path).map_or("", |source| source.text.as_ref());
        assert_eq!(text, *wanted, "{path}: {:#?}", settled.records);
    }
}

#[test]
fn api_a_verb_in_the_path_no_pages_a_bare_list() {
    run(&Case {
        files: &[
            ("package.json", MANIFEST),
            (
                "app.ts",
                "import express from 'express';\nconst app = express();\napp.get('/getUsers', async (req, res) => {\n  const users = await db.query('SELECT * FROM users');\n  res.json(users);\n});\n",
            ),
        ],
        found: &["rest-verb-in-path", "list-unbounded", "error-handler-missing", "request-id-missing"],
        open: &["list-no-filter-schema"],
        // The new path breaks clients, so it is shown and never applied by itself.
        fixed: &[],
    });
}

#[test]
fn auth_a_token_without_expiry() {
    run(&Case {
        files: &[
            ("package.json", MANIFEST),
            (
                "login.ts",
                "import jwt from 'jsonwebtoken';\nexport function login(user, res) {\n  const token = jwt.sign({ userId: user.id }, SECRET);\n  res.json({ token });\n}\n",
            ),
        ],
        found: &["jwt-no-expiry"],
        open: &["token-in-web-storage", "refresh-token-in-body"],
        fixed: &[(
            "login.ts",
            "import jwt from 'jsonwebtoken';\nexport function login(user, res) {\n  const token = jwt.sign({ userId: user.id }, SECRET, { expiresIn: '15m' });\n  res.json({ token });\n}\n",
        )],
    });
}

#[test]
fn database_a_query_for_each_post_and_a_key_without_index() {
    run(&Case {
        files: &[
            ("package.json", MANIFEST),
            (
                "schema.prisma",
                "datasource db {\n  provider = \"postgresql\"\n}\n\nmodel User {\n  id    Int    @id\n  name  String\n  posts Post[]\n}\n\nmodel Post {\n  id       Int  @id\n  authorId Int\n  author   User @relation(fields: [authorId], references: [id])\n}\n",
            ),
            (
                "posts.ts",
                "import { PrismaClient } from '@prisma/client';\nconst prisma = new PrismaClient();\nexport async function posts() {\n  const posts = await prisma.post.findMany();\n  for (const post of posts) {\n    post.author = await prisma.user.findUnique({ where: { id: post.authorId } });\n  }\n  return posts;\n}\n",
            ),
        ],
        found: &["n1-query-in-loop", "fk-no-index"],
        open: &["where-no-index"],
        fixed: &[
            (
                "posts.ts",
                "import { PrismaClient } from '@prisma/client';\nconst prisma = new PrismaClient();\nexport async function posts() {\n  const posts = await prisma.post.findMany({ include: { author: true } });\n  return posts;\n}\n",
            ),
            (
                "schema.prisma",
                "datasource db {\n  provider = \"postgresql\"\n}\n\nmodel User {\n  id    Int    @id\n  name  String\n  posts Post[]\n}\n\nmodel Post {\n  id       Int  @id\n  authorId Int\n  author   User @relation(fields: [authorId], references: [id])\n\n  @@index([authorId])\n}\n",
            ),
        ],
    });
}

/// The text shows no `before` here; its own `validate` breaks on Express 5, and an error handler that stands first is
/// what its table of sharp edges names.
#[test]
fn middleware_a_handler_before_the_routes_and_a_query_written_over() {
    run(&Case {
        files: &[
            ("package.json", MANIFEST),
            (
                "app.ts",
                "import express from 'express';\nconst app = express();\nconst validate = (schema) => (req, res, next) => {\n  req.query = schema.parse(req.query);\n  next();\n};\napp.use((err, req, res, _next) => {\n  res.status(500).json({ error: { code: 'INTERNAL_ERROR', message: 'Internal server error' } });\n});\napp.get('/users', validate(paging), listUsers);\n",
            ),
        ],
        found: &["express5-query-assign", "mw-error-handler-before-routes", "request-id-missing"],
        open: &[],
        fixed: &[(
            "app.ts",
            "import { randomUUID } from 'node:crypto';\nimport express from 'express';\nconst app = express();\napp.use((req, res, next) => {\n  const given = req.get('x-request-id') ?? '';\n  const isId = /^[\\w-]{8,128}$/.test(given);\n  res.locals.requestId = isId ? given : randomUUID();\n  res.setHeader('X-Request-Id', res.locals.requestId);\n  next();\n});\nconst validate = (schema) => (req, res, next) => {\n  res.locals.query = schema.parse(req.query);\n  next();\n};\napp.get('/users', validate(paging), listUsers);\n// After the routes: Express calls handlers in the order of registration.\napp.use((err, req, res, _next) => {\n  res.status(500).json({ error: { code: 'INTERNAL_ERROR', message: 'Internal server error' } });\n});\n",
        )],
    });
}
