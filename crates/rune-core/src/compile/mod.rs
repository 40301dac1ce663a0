//! From a pack to a program. What stops here: names that are not bound, relations and columns that do not exist,
//! templates that cannot be rendered, patterns that cannot match. Everything wrong is reported together.

mod declare;
mod fixes;
mod names;
mod rules;
mod usage;

use std::collections::BTreeMap;
use std::ops::Range;

use globset::GlobSet;
use rune_model::{Problem, ProblemLevel, RuleInfo, Safety};
use rune_pack::{Pack, Rule, Text};
use rune_pattern::PatternError;
use rustc_hash::FxHashMap;
use serde_json::{Map, Value as Json};

use crate::limits::Limits;
use crate::prefilter::Prefilter;
use crate::program::{Declared, OptionSetting, Program};
use crate::template::Renderer;
use crate::{strata, visit};

pub(crate) use self::declare::glob_set;
pub(crate) use self::names::near;

/// Compiles a pack. The program is `None` if any problem is an error.
pub fn compile(pack: &Pack) -> (Option<Program>, Vec<Problem>) {
    let mut compiler = Compiler::new(pack);
    let mut bodies = Vec::new();
    let mut needs_of = Vec::new();
    for rule in &pack.relation_rules {
        if let Some((body, needs)) = compiler.relation_rule(rule) {
            bodies.push(body);
            needs_of.push(needs);
        }
    }
    let mut reports = Vec::new();
    let mut rules = Vec::new();
    for rule in &pack.rules {
        if let Some((body, needs, mut reporting)) = compiler.rule(rule) {
            reporting.body = bodies.len();
            reporting.rule = rules.len();
            bodies.push(body);
            needs_of.push(needs);
            reports.push(reporting);
            rules.push(info(pack, rule));
        }
    }
    for reporting in &reports {
        let guards = reporting.severities.iter().map(|(_, guard)| guard).chain(reporting.fixes.iter().map(|fix| &fix.guard));
        let read = guards.flat_map(|guard| visit::rows(&guard[..])).map(|(atom, _)| atom.relation.clone());
        bodies[reporting.body].reads.extend(read);
    }
    let (levels, negative) = strata::levels(&bodies);
    for group in negative {
        let names: Vec<&str> = group.iter().map(|i| bodies[*i].id.as_str()).collect();
        compiler.negative_recursion(&names);
    }
    let problems = compiler.problems;
    if problems.iter().any(|problem| problem.level == ProblemLevel::Error) {
        return (None, problems);
    }
    let program = Program {
        pack: format!("{} {}", pack.name, pack.version),
        digest: digest(pack),
        rules,
        prefilter: Prefilter::new(&needs_of),
        start_kinds: bodies.iter().flat_map(|body| body.starts.kinds()).collect(),
        bodies,
        reports,
        levels,
        relations: compiler.relations,
        options: compiler.options,
        option_values: compiler.option_values,
        path_classes: compiler.path_classes,
        renderer: compiler.renderer,
        limits: Limits::default(),
    };
    (Some(program), problems)
}

/// Of all that the files of a pack say, of its name, and of the values of its knobs.
fn digest(pack: &Pack) -> String {
    let mut hasher = blake3::Hasher::new();
    let mut add = |part: &str| {
        hasher.update(&(part.len() as u64).to_le_bytes()).update(part.as_bytes());
    };
    add(&pack.name);
    for (name, option) in &pack.options {
        add(name);
        add(&format!("{:?}", option.default));
    }
    for (path, text) in &pack.files {
        add(path);
        add(text);
    }
    hasher.finalize().to_hex()[..32].to_owned()
}

fn info(pack: &Pack, rule: &Rule) -> RuleInfo {
    let single = |files: &BTreeMap<String, String>| (files.len() == 1).then(|| files.values().next().cloned()).flatten();
    let bad = rule.examples.iter().find(|example| example.is_bad && !example.open);
    let good = rule.examples.iter().find(|example| !example.is_bad && !example.open);
    RuleInfo {
        id: format!("{}/{}", pack.name, rule.id),
        skill: rule.skill.clone(),
        summary: rule.summary.clone(),
        severity: rule.severity,
        confidence: rule.confidence,
        why: rule.why.trim().to_owned(),
        references: rule.references.clone(),
        fixes: rule.fixes.iter().map(|fix| fix.safety).collect::<Vec<Safety>>(),
        bad: bad.and_then(|example| single(&example.files)),
        fixed: bad.and_then(|example| example.fixed.as_ref()).and_then(single),
        good: good.and_then(|example| single(&example.files)),
    }
}

struct Compiler<'p> {
    pack: &'p Pack,
    problems: Vec<Problem>,
    relations: BTreeMap<String, Declared>,
    options: FxHashMap<String, OptionSetting>,
    option_values: Map<String, Json>,
    path_classes: Vec<(String, GlobSet)>,
    renderer: Renderer,
}

impl<'p> Compiler<'p> {
    fn new(pack: &'p Pack) -> Compiler<'p> {
        let mut compiler = Compiler {
            pack,
            problems: Vec::new(),
            relations: BTreeMap::new(),
            options: FxHashMap::default(),
            option_values: Map::new(),
            path_classes: Vec::new(),
            renderer: Renderer::new(),
        };
        compiler.declare();
        compiler
    }

    fn negative_recursion(&mut self, ids: &[&str]) {
        let rule = self.pack.relation_rules.iter().find(|rule| rule.id == ids[0]);
        if let Some(text) = rule.map(|rule| &rule.pattern) {
            let message = format!("these rules need the absence of their own rows: {}", ids.join(", "));
            let help = "fill another relation with what is missing, and join on that".to_owned();
            self.error(text, "negative-recursion", last_line(&text.value), message, Some(help));
        }
    }

    fn error(&mut self, text: &Text, code: &'static str, at: Range<usize>, message: String, help: Option<String>) {
        self.problems.push(Problem {
            code,
            level: ProblemLevel::Error,
            path: text.path.clone(),
            text: text.file_text.clone(),
            span: Some(text.locate(at.start, at.end)),
            message,
            help,
        });
    }

    fn warning(&mut self, text: &Text, code: &'static str, at: Range<usize>, message: String, help: Option<String>) {
        self.error(text, code, at, message, help);
        self.problems.iter_mut().rev().take(1).for_each(|problem| problem.level = ProblemLevel::Warning);
    }

    fn pattern_errors(&mut self, text: &Text, errors: Vec<PatternError>) {
        for error in errors {
            self.error(text, error.code, error.at, error.message, error.help);
        }
    }
}

fn last_line(text: &str) -> Range<usize> {
    let text = text.trim_end();
    text.rfind('\n').map_or(0, |newline| newline + 1)..text.len()
}
