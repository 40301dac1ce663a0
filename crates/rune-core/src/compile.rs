//! From a pack to a program. What stops here: names that are not bound, relations and columns that do not exist,
//! templates that cannot be rendered, patterns that cannot match. Everything wrong is reported together.

use std::collections::BTreeMap;

use globset::{Glob, GlobSet, GlobSetBuilder};
use rune_model::{Problem, ProblemLevel, RuleInfo, Safety};
use rune_pack::{EditSpec, FixSpec, OptionKind, OptionValue, Pack, PackOption, RelationRule, Rule, Text};
use rune_pattern::{
    AltKind, Captures, Clause, Mark, Operand, Pattern, PatternError, Program as Dsl, REGEX_HELP, Scope, Slot, Use, Value,
    duration_ms, parse_guard, parse_program, regex_fault,
};
use rune_syntax::{Language, parse};
use rustc_hash::FxHashMap;
use serde_json::{Map, Value as Json};

use crate::bound;
use crate::builtin;
use crate::prefilter::{Needs, Prefilter, needs};
use crate::program::{Body, Declared, EditPlan, FixPlan, Head, OptionSetting, Program, Reporting};
use crate::schedule::{self, Slots, binds, pattern_binds, plan};
use crate::starts::Starts;
use crate::strata;
use crate::template::{Fault, Renderer, Template};

/// The classes of paths in which a rule finds nothing unless it says otherwise.
const DEFAULT_SKIP: &[&str] = &["test", "seed", "script", "generated"];

/// How many classes of paths a pack may define: one bit each.
const MAX_PATH_CLASSES: usize = 64;

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
        let read = guards.flat_map(|guard| schedule::relations_of(guard)).map(|(atom, _)| atom.relation.clone());
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
    };
    (Some(program), problems)
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

/// The parsed text of a rule and what it binds.
struct Parsed {
    captures: Captures,
    uses: Vec<Use>,
    dsl: Dsl,
    /// Captures that every way through the positive clauses binds.
    bound: Slots,
    /// Captures that some way binds.
    maybe: Slots,
}

/// Where a template may take its names from.
struct Names<'a> {
    pattern: &'a Text,
    parsed: &'a Parsed,
    captures: &'a Captures,
    bound: &'a Slots,
    /// What the text is for, as messages call it.
    what: &'static str,
}

impl Names<'_> {
    fn all(&self) -> Vec<String> {
        names_of(self.captures, self.bound)
    }

    /// Names that only some alternatives bind.
    fn maybe(&self) -> Vec<String> {
        names_of(self.captures, &self.parsed.maybe.difference(self.bound).copied().collect())
    }
}

/// The names of captures, without `$`; `$_` has none.
fn names_of(captures: &Captures, slots: &Slots) -> Vec<String> {
    slots.iter().map(|slot| captures.name(*slot).to_owned()).filter(|name| name != "_").collect()
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

    fn declare(&mut self) {
        for declared in &self.pack.relations {
            if builtin::is_builtin(&declared.name) {
                continue;
            }
            let entry = Declared { columns: declared.columns.clone(), visible_below: declared.visible_below, rows: Vec::new() };
            self.relations.insert(declared.name.clone(), entry);
        }
        for table in &self.pack.tables {
            let Some(declared) = self.relations.get_mut(&table.relation.value) else {
                self.unknown_relation(&table.relation, 0..table.relation.value.len(), &table.relation.value);
                continue;
            };
            let columns = declared.columns.clone();
            for row in &table.rows {
                let value = |name: &String| row.iter().find(|(column, _)| column.value == *name).and_then(|(_, v)| constant(v));
                declared.rows.push(columns.iter().map(|(name, _)| value(name)).collect());
            }
            let names: Vec<&str> = columns.iter().map(|(name, _)| name.as_str()).collect();
            let mut unknown: BTreeMap<&str, &Text> = BTreeMap::new();
            for (column, _) in table.rows.iter().flatten().filter(|(column, _)| !names.contains(&column.value.as_str())) {
                unknown.entry(&column.value).or_insert(column);
            }
            for column in unknown.into_values() {
                self.unknown_column(column, 0..column.value.len(), &table.relation.value, &column.value, &names);
            }
        }
        for (name, option) in &self.pack.options {
            self.option(name, option);
        }
        for (name, globs) in &self.pack.path_classes {
            let set = self.globs(globs);
            self.path_classes.push((name.clone(), set.unwrap_or_else(GlobSet::empty)));
        }
        if self.path_classes.len() > MAX_PATH_CLASSES {
            let last = self.pack.path_classes.values().flatten().last();
            if let Some(text) = last {
                let message = format!("a pack has at most {MAX_PATH_CLASSES} classes of paths");
                let help = Some("put globs that are always skipped together into one class".to_owned());
                self.error(text, "too-many-classes", 0..text.value.len(), message, help);
            }
            self.path_classes.truncate(MAX_PATH_CLASSES);
        }
    }

    fn negative_recursion(&mut self, ids: &[&str]) {
        let rule = self.pack.relation_rules.iter().find(|rule| rule.id == ids[0]);
        if let Some(text) = rule.map(|rule| &rule.pattern) {
            let message = format!("these rules need the absence of their own rows: {}", ids.join(", "));
            let help = "fill another relation with what is missing, and join on that".to_owned();
            self.error(text, "negative-recursion", last_line(&text.value), message, Some(help));
        }
    }

    fn option(&mut self, name: &str, option: &PackOption) {
        let mut regex = None;
        let (setting, json) = match &option.default {
            OptionValue::String(text) if option.kind == OptionKind::Duration => {
                let length = duration_ms(text);
                if length.is_none() {
                    let help = Some("write a number with a unit: `90s`, `15m`, `24h`, `7d`".into());
                    let message = format!("the default of `{name}` is no length of time");
                    self.error(&option.text, "wrong-value", 0..text.len(), message, help);
                }
                (length.map_or(Value::Unknown, Value::Duration), Json::String(text.clone()))
            }
            OptionValue::String(text) => {
                if option.kind == OptionKind::Regex {
                    match regex::RegexBuilder::new(text).size_limit(1 << 20).build() {
                        Ok(built) => regex = Some(built),
                        Err(error) => {
                            let message = format!("the default of `{name}` {}", regex_fault(&error));
                            self.error(&option.text, "regex", 0..text.len(), message, Some(REGEX_HELP.into()));
                        }
                    }
                }
                (Value::Text(text.as_str().into()), Json::String(text.clone()))
            }
            OptionValue::Number(n) => {
                let json = if n.fract() == 0.0 { Json::from(*n as i64) } else { Json::from(*n) };
                (Value::Number(*n), json)
            }
            OptionValue::Bool(b) => (Value::Bool(*b), Json::Bool(*b)),
            OptionValue::List(items) => {
                let list = items.iter().map(|item| Value::Text(item.as_str().into())).collect();
                (Value::List(list), Json::from(items.clone()))
            }
        };
        self.options.insert(name.to_owned(), OptionSetting { value: setting, regex });
        self.option_values.insert(name.to_owned(), json);
    }

    fn globs(&mut self, globs: &[Text]) -> Option<GlobSet> {
        if globs.is_empty() {
            return None;
        }
        let mut builder = GlobSetBuilder::new();
        for glob in globs {
            match Glob::new(&glob.value) {
                Ok(glob) => {
                    builder.add(glob);
                }
                Err(_) => {
                    let message = format!("`{}` is no glob", glob.value);
                    let help = "write e.g. `**/*.test.ts`, `src/{a,b}/**`, `[ab].ts`; brackets and braces are closed".into();
                    self.error(glob, "glob", 0..glob.value.len(), message, Some(help));
                }
            }
        }
        builder.build().ok()
    }

    fn error(&mut self, text: &Text, code: &'static str, at: std::ops::Range<usize>, message: String, help: Option<String>) {
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

    fn warning(&mut self, text: &Text, code: &'static str, at: std::ops::Range<usize>, message: String, help: Option<String>) {
        self.error(text, code, at, message, help);
        self.problems.iter_mut().rev().take(1).for_each(|problem| problem.level = ProblemLevel::Warning);
    }

    fn pattern_errors(&mut self, text: &Text, errors: Vec<PatternError>) {
        for error in errors {
            self.error(text, error.code, error.at, error.message, error.help);
        }
    }

    fn parse(&mut self, pattern: &Text, families: &[String]) -> Option<Parsed> {
        if pattern.value.is_empty() && pattern.span().start == pattern.span().end {
            // There is no `match`, which has been told.
            return None;
        }
        let mut captures = Captures::default();
        let mut uses = Vec::new();
        let mut scope = Scope { families, captures: &mut captures, uses: &mut uses };
        let dsl = match parse_program(&pattern.value, &mut scope) {
            Ok(dsl) => dsl,
            Err(errors) => {
                self.pattern_errors(pattern, errors);
                return None;
            }
        };
        let bound = bound::surely(&dsl.find, &dsl.clauses);
        let maybe = pattern_binds(&dsl.find).into_iter().chain(dsl.clauses.iter().flat_map(binds)).collect();
        let parsed = Parsed { captures, uses, dsl, bound, maybe };
        self.check_names(pattern, families, &parsed.dsl.find, &parsed.dsl.clauses);
        self.check_bound(pattern, &parsed);
        Some(parsed)
    }

    /// Relations and columns must exist; options too.
    fn check_names(&mut self, text: &Text, families: &[String], find: &Pattern, clauses: &[Clause]) {
        let mut atoms = Vec::new();
        schedule::pattern_relations(find, false, &mut atoms);
        atoms.extend(schedule::relations_of(clauses));
        for (atom, _) in atoms {
            self.check_atom(text, atom);
        }
        for (name, at) in schedule::options_of(clauses) {
            self.check_operand(text, &Operand::Option(name.to_owned(), at));
        }
        self.check_languages(text, find, families);
        let is_bare = |alt: &rune_pattern::Alt| match &alt.kind {
            AltKind::Capture(_) => true,
            AltKind::Code(snippets) => snippets.iter().any(|s| matches!(s.mark(s.root), Mark::Hole(_))),
            _ => false,
        };
        if let [alt] = find.alts.as_slice()
            && is_bare(alt)
        {
            let help = Some("say what to look for: code in backticks, a class word or a row".into());
            self.error(text, "never-matches", alt.at.clone(), "`find` with a capture alone matches everything".into(), help);
        }
    }

    /// Code that is searched must be of a language that the rule looks at.
    fn check_languages(&mut self, text: &Text, find: &Pattern, families: &[String]) {
        for alt in &find.alts {
            match &alt.kind {
                AltKind::Group(inner, _) => self.check_languages(text, inner, families),
                AltKind::Code(snippets) if !families.is_empty() && !snippets.is_empty() => {
                    let family = snippets[0].family;
                    if snippets.iter().all(|snippet| families.iter().all(|known| known != snippet.family)) {
                        let message = format!("this code is {family}, and the rule looks at {}", families.join(", "));
                        let help = Some(format!("add `{family}` to `languages`"));
                        self.error(text, "never-matches", alt.at.clone(), message, help);
                    }
                }
                _ => {}
            }
        }
    }

    fn check_atom(&mut self, text: &Text, atom: &rune_pattern::RowAtom) {
        let columns: Vec<String> = match self.relations.get(&atom.relation) {
            Some(declared) => declared.columns.iter().map(|(name, _)| name.clone()).collect(),
            None if builtin::is_builtin(&atom.relation) => {
                let found = builtin::BUILTIN.iter().find(|(name, _)| *name == atom.relation);
                found.map_or(Vec::new(), |(_, columns)| columns.iter().map(|(name, _)| name.clone()).collect())
            }
            None => {
                let at = atom.at.start..atom.at.start + atom.relation.len();
                self.unknown_relation(text, at, &atom.relation);
                return;
            }
        };
        let names: Vec<&str> = columns.iter().map(String::as_str).collect();
        for (name, operand) in &atom.columns {
            if name != "at" && !columns.contains(name) {
                let at = column_place(&text.value, &atom.at, name);
                self.unknown_column(text, at, &atom.relation, name, &names);
            }
            self.check_operand(text, operand);
        }
    }

    fn unknown_relation(&mut self, text: &Text, at: std::ops::Range<usize>, name: &str) {
        let names: Vec<&str> = self.relations.keys().map(String::as_str).chain(builtin::BUILTIN.iter().map(|b| b.0)).collect();
        let help = match near(name, &names) {
            Some(near) => format!("did you mean `{near}`?"),
            None => "declare it in relations.yaml, below a group".to_owned(),
        };
        self.error(text, "unknown-relation", at, format!("there is no relation `{name}`"), Some(help));
    }

    fn unknown_column(&mut self, text: &Text, at: std::ops::Range<usize>, relation: &str, name: &str, names: &[&str]) {
        let help = match near(name, names) {
            Some(near) => format!("did you mean `{near}`?"),
            None => format!("its columns are at, {}", names.join(", ")),
        };
        self.error(text, "unknown-column", at, format!("the relation `{relation}` has no column `{name}`"), Some(help));
    }

    fn check_operand(&mut self, text: &Text, operand: &Operand) {
        if let Operand::Option(name, at) = operand
            && !self.options.contains_key(name)
        {
            let names: Vec<&str> = self.pack.options.keys().map(String::as_str).collect();
            let help = near(name, &names).map(|near| format!("did you mean `options.{near}`?"));
            let help = help.or_else(|| Some(format!("declare it in pack.toml: `[options.{name}]`")));
            self.error(text, "unknown-option", at.clone(), format!("the pack has no option `{name}`"), help);
        }
    }

    /// Captures that are read must be bound by a positive clause, whichever alternative holds.
    fn check_bound(&mut self, text: &Text, parsed: &Parsed) {
        let names = Names { pattern: text, parsed, captures: &parsed.captures, bound: &parsed.bound, what: "here" };
        for (slot, at) in bound::unbound(&parsed.dsl.find, &parsed.dsl.clauses, &Slots::new(), &Slots::new()) {
            self.unbound(text, at, parsed.captures.name(slot), &names);
        }
        let mut reads = Vec::new();
        let operands = parsed.dsl.head.iter().flat_map(|head| head.columns.iter().map(|(_, operand)| operand));
        operands.for_each(|operand| bound::operand_reads(operand, &mut reads));
        for (slot, at) in reads.into_iter().filter(|(slot, _)| !parsed.bound.contains(slot)) {
            self.unbound(text, at, parsed.captures.name(slot), &Names { what: "in `row`", ..names });
        }
    }

    /// A capture is read that nothing binds, or only some alternatives of an `or`.
    fn unbound(&mut self, text: &Text, at: std::ops::Range<usize>, name: &str, names: &Names<'_>) {
        let what = names.what;
        let slot = names.parsed.captures.find(name).filter(|slot| names.parsed.maybe.contains(slot));
        if let Some(slot) = slot {
            return self.half_bound(text, at, slot, names, "write a rule for each");
        }
        let all = names.all();
        let list = all.iter().map(|name| format!("${name}")).collect::<Vec<_>>().join(", ");
        let list = if list.is_empty() { "nothing".to_owned() } else { list };
        let message = format!("`${name}` is used {what}, but no positive clause binds it (bound: {list})");
        let all: Vec<&str> = all.iter().map(String::as_str).collect();
        let help = match near(name, &all) {
            Some(near) => format!("did you mean `${near}`?"),
            None => format!("bind it in code behind `find` or `has`, with `as ${name}`, or by a row"),
        };
        self.error(text, "unbound", at, message, Some(help));
    }

    fn half_bound(&mut self, text: &Text, at: std::ops::Range<usize>, slot: Slot, names: &Names<'_>, mend: &str) {
        let (name, dsl) = (names.captures.name(slot), &names.parsed.dsl);
        let without = bound::lacking(&dsl.find, &dsl.clauses, slot).map_or("", |at| &names.pattern.value[at]);
        let without = short(without);
        let without = if without.contains('`') { without } else { format!("`{without}`") };
        let message = format!("`${name}` is used {}, but not every alternative binds it: {without} does not", names.what);
        let help = format!("bind it in every alternative of the `or`, or {mend}");
        self.error(text, "unbound", at, message, Some(help));
    }

    fn body(&mut self, id: &str, families: &[String], files: &[Text], skip: Vec<String>, parsed: &Parsed) -> (Body, Needs) {
        let (find, clauses) = strata::hoisted(&parsed.dsl.find, &parsed.dsl.clauses);
        let find = &find;
        let from_code = !schedule::pattern_needs_rows(find);
        let mut bound = pattern_binds(find);
        let plan = plan(&clauses, &mut bound, from_code);
        let all: Vec<Clause> = plan.local.iter().chain(&plan.joined).cloned().collect();
        let starts = Starts::new(find, &all, &self.relations);
        let needs = needs(find, &all, &self.relations, from_code);
        let mut body = Body {
            id: id.to_owned(),
            captures: parsed.captures.clone(),
            families: families.to_vec(),
            files: self.globs(files),
            skipped_classes: self.class_bits(&skip),
            find: find.clone(),
            from_code,
            starts,
            start_rows: strata::start_rows(find, &plan, from_code),
            plan,
            reads: Vec::new(),
            head: None,
        };
        body.reads = body.atoms().iter().map(|(atom, _)| atom.relation.clone()).collect();
        (body, needs)
    }

    /// The path classes called `names`, a bit each.
    fn class_bits(&self, names: &[String]) -> u64 {
        let named = self.path_classes.iter().enumerate().filter(|(_, (name, _))| names.contains(name));
        named.fold(0, |bits, (number, _)| bits | 1 << number)
    }

    fn relation_rule(&mut self, rule: &RelationRule) -> Option<(Body, Needs)> {
        let parsed = self.parse(&rule.pattern, &rule.languages)?;
        let Some(head) = &parsed.dsl.head else {
            let help = Some("end it with `row name(column: $X)`".into());
            let at = last_line(&rule.pattern.value);
            self.error(&rule.pattern, "no-row", at, "a relation rule must give a row".into(), help);
            return None;
        };
        self.check_atom(&rule.pattern, head);
        let declared = self.relations.get(&head.relation)?;
        let operand = |name: &String| head.columns.iter().find(|(known, _)| known == name).map(|(_, operand)| operand.clone());
        let columns = declared.columns.iter().map(|(name, _)| operand(name)).collect();
        let head = Head { relation: head.relation.clone(), columns };
        let skip = self.classes(&rule.skip);
        self.check_used(&rule.pattern, &parsed, &[], &[]);
        self.check_example_language(&rule.languages, rule.examples.iter().filter_map(|example| example.text.as_ref()));
        let (mut body, needs) = self.body(&rule.id, &rule.languages, &rule.files, skip, &parsed);
        body.head = Some(head);
        Some((body, needs))
    }

    fn rule(&mut self, rule: &Rule) -> Option<(Body, Needs, Reporting)> {
        let parsed = self.parse(&rule.pattern, &rule.languages)?;
        if let Some(head) = &parsed.dsl.head {
            let help = "a relation rule stands in `relations/`, or behind `---` in this file, and has no `report`".to_owned();
            let message = "a rule with a `report` gives no row".to_owned();
            self.error(&rule.pattern, "unexpected-row", head.at.clone(), message, Some(help));
        }
        let skip = match &rule.skip {
            Some(classes) => self.classes(classes),
            None => DEFAULT_SKIP.iter().map(|s| (*s).to_owned()).collect(),
        };
        let names = Names {
            pattern: &rule.pattern,
            parsed: &parsed,
            captures: &parsed.captures,
            bound: &parsed.bound,
            what: "in `report`",
        };
        let message = self.template(&rule.report, &names);
        let names = Names { what: "in `related`", ..names };
        // A place that only some alternative binds is shown where it is bound.
        let either = parsed.bound.union(&parsed.maybe).copied().collect();
        let places = Names { bound: &either, ..names };
        let mut related = Vec::new();
        for (capture, text) in &rule.related {
            let Some(slot) = self.capture(capture, &places) else { continue };
            related.extend(self.template(text, &names).map(|template| (slot, template)));
        }
        let mut captures = parsed.captures.clone();
        let fixes: Vec<FixPlan> = rule.fixes.iter().filter_map(|fix| self.fix(fix, rule, &parsed, &mut captures)).collect();
        let mut severities = Vec::new();
        for (severity, text) in &rule.severities {
            let guard = self.guard(text, rule, &parsed, &mut captures, &mut parsed.bound.clone())?;
            severities.push((*severity, guard));
        }
        let (mut body, needs) = self.body(&rule.id, &rule.languages, &rule.files, skip, &parsed);
        body.captures = captures;
        let texts = related.iter().map(|(_, template)| template).chain(&message).chain(fixes.iter().flat_map(FixPlan::templates));
        let names: Vec<&str> = texts.flat_map(|template| template.names.iter().map(String::as_str)).collect();
        let guards = fixes.iter().map(|fix| &fix.guard).chain(severities.iter().map(|(_, guard)| guard));
        let mut slots: Vec<Slot> = guards.flat_map(|guard| bound::mentions(&Pattern { alts: Vec::new() }, guard, None)).collect();
        slots.extend(fixes.iter().flat_map(|fix| &fix.edits).flat_map(|edit| edit.at.into_iter().chain(edit.after)));
        slots.extend(related.iter().map(|(slot, _)| *slot));
        self.check_used(&rule.pattern, &parsed, &slots, &names);
        self.check_example_language(&rule.languages, rule.examples.iter().filter_map(|example| example.text.as_ref()));
        let reporting = Reporting {
            body: 0,
            rule: 0,
            severity: rule.severity,
            severities,
            confidence: rule.confidence,
            message: message?,
            related,
            fixes,
        };
        Some((body, needs, reporting))
    }

    /// A capture that the rule names once says nothing that `$_` would not say.
    fn check_used(&mut self, text: &Text, parsed: &Parsed, slots: &[Slot], names: &[&str]) {
        let is_broken = |problem: &Problem| problem.level == ProblemLevel::Error && problem.path == text.path;
        if self.problems.iter().any(is_broken) {
            return;
        }
        let dsl = &parsed.dsl;
        let head = dsl.head.as_ref();
        let mentions: Vec<Slot> =
            bound::mentions(&dsl.find, &dsl.clauses, head).into_iter().chain(slots.iter().copied()).collect();
        for (slot, name) in parsed.captures.names().iter().enumerate() {
            let n = mentions.iter().filter(|mention| **mention == slot).count();
            if n != 1 || name == "_" || names.contains(&name.as_str()) || slots.contains(&slot) {
                continue;
            }
            let Some((at, mend)) = capture_place(&text.value, name) else { continue };
            let message = format!("`${name}` is bound and never used");
            self.warning(text, "unused", at, message, Some(mend));
        }
    }

    /// A single text of an example is of the first language; one that only another language can read tests nothing.
    fn check_example_language<'t>(&mut self, families: &[String], texts: impl Iterator<Item = &'t Text>) {
        let [first, others @ ..] = families else { return };
        if others.is_empty() {
            return;
        }
        for text in texts.filter(|text| !reads(&text.value, first)) {
            let Some(other) = others.iter().find(|family| reads(&text.value, family)) else { continue };
            let message = format!("this example is read as {first}, the first of `languages`, and is {other}");
            let file = if other == "python" { "a.py" } else { "a.ts" };
            let help = format!("name its file: `{{ {file}: … }}`, or put `{other}` first");
            self.warning(text, "example-language", 0..text.value.len().min(1), message, Some(help));
        }
    }

    /// Classes of paths, which the pack must have.
    fn classes(&mut self, texts: &[Text]) -> Vec<String> {
        let names: Vec<&str> = self.pack.path_classes.keys().map(String::as_str).collect();
        for text in
            texts.iter().filter(|text| !names.contains(&text.value.as_str()) && !DEFAULT_SKIP.contains(&text.value.as_str()))
        {
            let help = match near(&text.value, &names) {
                Some(near) => format!("did you mean `{near}`?"),
                None if names.is_empty() => "declare it in pack.toml, below `[paths]`".to_owned(),
                None => format!("pack.toml has {} below `[paths]`", names.join(", ")),
            };
            let message = format!("there is no class of paths `{}`", text.value);
            self.error(text, "unknown-class", 0..text.value.len(), message, Some(help));
        }
        texts.iter().map(|text| text.value.clone()).collect()
    }

    fn template(&mut self, text: &Text, names: &Names<'_>) -> Option<Template> {
        match self.renderer.compile(&text.value, (&names.all(), &names.maybe()), &self.option_values) {
            Ok(template) => Some(template),
            Err(faults) => {
                self.template_faults(text, faults, names, |fault| fault.at.clone());
                None
            }
        }
    }

    fn template_faults(
        &mut self,
        text: &Text,
        faults: Vec<Fault>,
        names: &Names<'_>,
        place: impl Fn(&Fault) -> std::ops::Range<usize>,
    ) {
        for fault in faults {
            let at = place(&fault);
            let half = fault.unknown.as_ref().filter(|name| names.maybe().contains(name));
            match half.and_then(|name| Some((name, names.captures.find(name)?))) {
                Some((name, slot)) => {
                    let mend = format!("ask first: `{{{{#if {name}}}}}…{{{{/if}}}}`");
                    self.half_bound(text, at, slot, names, &mend);
                }
                None => self.error(text, fault.code, at, fault.message, fault.help),
            }
        }
    }

    fn fix(&mut self, fix: &FixSpec, rule: &Rule, parsed: &Parsed, captures: &mut Captures) -> Option<FixPlan> {
        let mut bound = parsed.bound.clone();
        let guard = match &fix.guard {
            Some(text) => self.guard(text, rule, parsed, captures, &mut bound)?,
            None => Vec::new(),
        };
        let names = Names { pattern: &rule.pattern, parsed, captures, bound: &bound, what: "in `fix`" };
        let title = self.template(&fix.title, &names);
        let edits: Vec<EditPlan> = fix.edits.iter().filter_map(|edit| self.edit(edit, &names)).collect();
        Some(FixPlan { title: title?, guard, safety: fix.safety, edits })
    }

    /// The clauses of a guard in their order; `bound` gains what they bind.
    fn guard(
        &mut self,
        text: &Text,
        rule: &Rule,
        parsed: &Parsed,
        captures: &mut Captures,
        bound: &mut Slots,
    ) -> Option<Vec<Clause>> {
        let mut uses = parsed.uses.clone();
        let mut scope = Scope { families: &rule.languages, captures: &mut *captures, uses: &mut uses };
        match parse_guard(&text.value, &mut scope) {
            Ok(clauses) => {
                let find = Pattern { alts: Vec::new() };
                self.check_names(text, &rule.languages, &find, &clauses);
                let names = Names { pattern: &rule.pattern, parsed, captures, bound: &*bound, what: "here" };
                for (slot, at) in bound::unbound(&find, &clauses, &parsed.bound, &parsed.maybe) {
                    self.unbound(text, at, captures.name(slot), &names);
                }
                bound.extend(bound::surely(&find, &clauses));
                let mut known = parsed.bound.clone();
                Some(plan(&clauses, &mut known, false).joined)
            }
            Err(errors) => {
                self.pattern_errors(text, errors);
                None
            }
        }
    }

    fn edit(&mut self, edit: &EditSpec, names: &Names<'_>) -> Option<EditPlan> {
        let with = match (&edit.with, &edit.template) {
            (Some(text), _) => Some(self.template(text, names)?),
            (None, Some(file)) => Some(self.file_template(file, names)?),
            _ => None,
        };
        let mut optional = |text: &Option<Text>| text.as_ref().map(|text| self.template(text, names));
        let key = optional(&edit.key).transpose_option()?;
        let name = optional(&edit.name).transpose_option()?;
        let from = optional(&edit.from).transpose_option()?;
        let path = optional(&edit.path).transpose_option()?;
        Some(EditPlan {
            kind: edit.kind,
            at: self.target(&edit.at, names)?,
            with,
            argument: edit.argument.clone(),
            key,
            place: edit.place,
            after: self.target(&edit.after, names)?,
            name,
            from,
            path,
        })
    }

    fn file_template(&mut self, file: &Text, names: &Names<'_>) -> Option<Template> {
        let Some(source) = self.pack.templates.get(&file.value) else {
            let known: Vec<&str> = self.pack.templates.keys().map(String::as_str).collect();
            let help = near(&file.value, &known).map(|near| format!("did you mean `{near}`?"));
            let help = help.or_else(|| Some("templates lie below `templates/` of the pack".into()));
            self.error(file, "unknown-template", 0..file.value.len(), format!("there is no template `{}`", file.value), help);
            return None;
        };
        match self.renderer.compile(source, (&names.all(), &names.maybe()), &self.option_values) {
            Ok(template) => Some(template),
            Err(faults) => {
                self.template_faults(file, faults, names, |_| 0..file.value.len());
                None
            }
        }
    }

    /// The capture an edit works on: `Some(None)` if none is named.
    #[allow(clippy::option_option)]
    fn target(&mut self, text: &Option<Text>, names: &Names<'_>) -> Option<Option<Slot>> {
        match text {
            Some(text) => self.capture(text, names).map(Some),
            None => Some(None),
        }
    }

    /// The capture that a text of a rule file names.
    fn capture(&mut self, text: &Text, names: &Names<'_>) -> Option<Slot> {
        let name = text.value.trim().trim_start_matches('$');
        let slot = names.captures.find(name).filter(|slot| names.bound.contains(slot));
        if slot.is_none() {
            self.unbound(text, 0..text.value.len(), name, names);
        }
        slot
    }
}

trait TransposeOption<T> {
    fn transpose_option(self) -> Option<Option<T>>;
}

impl<T> TransposeOption<T> for Option<Option<T>> {
    /// `None` only if there was something that failed.
    fn transpose_option(self) -> Option<Option<T>> {
        match self {
            None => Some(None),
            Some(Some(value)) => Some(Some(value)),
            Some(None) => None,
        }
    }
}

fn last_line(text: &str) -> std::ops::Range<usize> {
    let text = text.trim_end();
    text.rfind('\n').map_or(0, |newline| newline + 1)..text.len()
}

/// Whether a text is without fault in a family of languages.
fn reads(text: &str, family: &str) -> bool {
    let languages = Language::of_family(family);
    languages.into_iter().any(|language| parse(text, language).errors().is_empty())
}

/// Where a capture that is named once stands, and what to write in its place; `None` for `$X?`, which says that there may be one.
fn capture_place(text: &str, name: &str) -> Option<(std::ops::Range<usize>, String)> {
    let is_word = |c: char| c.is_ascii_uppercase() || c.is_ascii_digit() || c == '_';
    for (start, _) in text.match_indices(name) {
        let (before, end) = (&text[..start], start + name.len());
        let after = &text[end..];
        if after.starts_with(is_word) || (before.ends_with(is_word) && !before.ends_with('$')) {
            continue;
        }
        if before.ends_with("(?<") {
            return Some((start..end, "write `(…)` without a name".to_owned()));
        }
        let list = before.strip_suffix("$...");
        let before = list.or_else(|| before.strip_suffix('$')).filter(|before| !before.ends_with('\\'));
        let Some(before) = before else { continue };
        let at = before.len()..end;
        return match (before.trim_end().ends_with(" as"), list.is_some(), after.starts_with('?')) {
            (_, _, true) => None,
            (true, _, _) => Some((at, format!("leave out `as ${name}`"))),
            (_, true, _) => Some((at, "write `...`".to_owned())),
            _ => Some((at, "write `$_`".to_owned())),
        };
    }
    None
}

/// Where a column of a row stands.
fn column_place(text: &str, row: &std::ops::Range<usize>, name: &str) -> std::ops::Range<usize> {
    let inside = &text[row.clone()];
    let is_column = |start: &usize| {
        let before = inside[..*start].trim_end().ends_with(['(', ',']);
        before && inside[start + name.len()..].trim_start().starts_with(':')
    };
    let start = inside.match_indices(name).map(|(start, _)| start).find(is_column);
    start.map_or(row.clone(), |start| row.start + start..row.start + start + name.len())
}

/// At most 40 characters of a text, on one line.
fn short(text: &str) -> String {
    let line = text.split_whitespace().collect::<Vec<_>>().join(" ");
    if line.chars().count() > 40 { line.chars().take(39).chain(['…']).collect() } else { line }
}

fn constant(value: &Json) -> Option<Value> {
    Some(match value {
        Json::String(text) => Value::Text(text.as_str().into()),
        Json::Number(n) => Value::Number(n.as_f64()?),
        Json::Bool(b) => Value::Bool(*b),
        _ => return None,
    })
}

/// The word nearest to `word`, if near enough to be meant.
pub(crate) fn near<'w>(word: &str, words: &[&'w str]) -> Option<&'w str> {
    let limit = (word.len() / 3).max(1) + 1;
    let nearest = words.iter().map(|known| (strsim::damerau_levenshtein(word, known), *known)).min();
    nearest.filter(|(distance, _)| *distance <= limit).map(|(_, known)| known)
}
