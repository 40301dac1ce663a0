//! From a pack to a program. What stops here: names that are not bound, relations and columns that do not exist,
//! templates that cannot be rendered, patterns that cannot match. Everything wrong is reported together.

use std::collections::{BTreeMap, BTreeSet};

use globset::{Glob, GlobSet, GlobSetBuilder};
use rune_model::{Problem, ProblemLevel, RuleInfo, Safety};
use rune_pack::{EditSpec, FixSpec, OptionKind, OptionValue, Pack, RelationRule, Rule, Text};
use rune_pattern::{
    AltKind, Captures, Clause, Mark, Operand, Pattern, PatternError, Program as Dsl, Scope, Slot, Use, Value, duration_ms,
    parse_guard, parse_program,
};
use rustc_hash::FxHashMap;
use serde_json::{Map, Value as Json};

use crate::builtin;
use crate::prefilter::{Needs, Prefilter, needs};
use crate::program::{Body, Declared, EditPlan, FixPlan, Head, OptionSetting, Program, Reporting};
use crate::schedule::{self, Slots, binds, operand_slots, pattern_binds, pattern_binds_surely, plan};
use crate::starts::Starts;
use crate::strata;
use crate::template::{Renderer, Template};

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
        let message = format!("these rules need the absence of their own rows: {}", names.join(", "));
        compiler.plain("negative-recursion", message);
    }
    let problems = compiler.problems;
    if problems.iter().any(|problem| problem.level == ProblemLevel::Error) {
        return (None, problems);
    }
    let program = Program {
        pack: format!("{} {}", pack.name, pack.version),
        rules,
        prefilter: Prefilter::new(&needs_of),
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
    /// Captures bound by positive clauses.
    bound: Slots,
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
            let Some(declared) = self.relations.get_mut(&table.relation) else {
                let message = format!("the table `{}` fills the relation `{}`, which is not declared", table.id, table.relation);
                self.plain("unknown-relation", message);
                continue;
            };
            let columns = declared.columns.clone();
            for row in &table.rows {
                declared.rows.push(columns.iter().map(|(name, _)| row.get(name).and_then(constant)).collect());
            }
            let unknown: BTreeSet<&String> = table
                .rows
                .iter()
                .flat_map(|row| row.keys())
                .filter(|key| !columns.iter().any(|(name, _)| name == *key))
                .collect();
            for column in unknown {
                self.plain(
                    "unknown-column",
                    format!("the table `{}` has the column `{column}`, which `{}` has not", table.id, table.relation),
                );
            }
        }
        for (name, option) in &self.pack.options {
            self.option(name, option.kind, &option.default);
        }
        for (name, globs) in &self.pack.path_classes {
            let set = self.globs(globs);
            self.path_classes.push((name.clone(), set.unwrap_or_else(GlobSet::empty)));
        }
        if self.path_classes.len() > MAX_PATH_CLASSES {
            self.plain("too-many-classes", format!("a pack has at most {MAX_PATH_CLASSES} classes of paths"));
            self.path_classes.truncate(MAX_PATH_CLASSES);
        }
    }

    fn plain(&mut self, code: &'static str, message: String) {
        let path = format!("{}/relations.yaml", self.pack.name);
        self.problems.push(Problem {
            code,
            level: ProblemLevel::Error,
            path: path.into(),
            text: "".into(),
            span: None,
            message,
            help: None,
        });
    }

    fn option(&mut self, name: &str, kind: OptionKind, value: &OptionValue) {
        let mut regex = None;
        let (setting, json) = match value {
            OptionValue::String(text) => {
                let setting = match kind {
                    OptionKind::Duration => duration_ms(text).map_or(Value::Unknown, Value::Duration),
                    _ => Value::Text(text.as_str().into()),
                };
                if kind == OptionKind::Regex {
                    regex = regex::RegexBuilder::new(text).size_limit(1 << 20).build().ok();
                    if regex.is_none() {
                        self.plain("regex", format!("the option `{name}` is no regular expression: `{text}`"));
                    }
                }
                (setting, Json::String(text.clone()))
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

    fn globs(&mut self, globs: &[String]) -> Option<GlobSet> {
        if globs.is_empty() {
            return None;
        }
        let mut builder = GlobSetBuilder::new();
        for glob in globs {
            match Glob::new(glob) {
                Ok(glob) => {
                    builder.add(glob);
                }
                Err(error) => self.plain("glob", format!("`{glob}` is no glob: {error}")),
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

    fn pattern_errors(&mut self, text: &Text, errors: Vec<PatternError>) {
        for error in errors {
            self.error(text, error.code, error.at, error.message, error.help);
        }
    }

    fn parse(&mut self, pattern: &Text, families: &[String]) -> Option<Parsed> {
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
        let mut bound = pattern_binds_surely(&dsl.find);
        bound.extend(dsl.clauses.iter().flat_map(binds));
        let parsed = Parsed { captures, uses, dsl, bound };
        self.check_names(pattern, &parsed.dsl.find, &parsed.dsl.clauses);
        self.check_bound(pattern, &parsed);
        Some(parsed)
    }

    /// Relations and columns must exist; options too.
    fn check_names(&mut self, text: &Text, find: &Pattern, clauses: &[Clause]) {
        let mut atoms = Vec::new();
        schedule::pattern_relations(find, false, &mut atoms);
        atoms.extend(schedule::relations_of(clauses));
        for (atom, _) in atoms {
            self.check_atom(text, atom);
        }
        for (name, at) in schedule::options_of(clauses) {
            self.check_operand(text, &Operand::Option(name.to_owned(), at));
        }
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

    fn check_atom(&mut self, text: &Text, atom: &rune_pattern::RowAtom) {
        let columns: Vec<String> = match self.relations.get(&atom.relation) {
            Some(declared) => declared.columns.iter().map(|(name, _)| name.clone()).collect(),
            None if builtin::is_builtin(&atom.relation) => {
                let found = builtin::BUILTIN.iter().find(|(name, _)| *name == atom.relation);
                found.map_or(Vec::new(), |(_, columns)| columns.iter().map(|(name, _)| name.clone()).collect())
            }
            None => {
                let names: Vec<&str> =
                    self.relations.keys().map(String::as_str).chain(builtin::BUILTIN.iter().map(|b| b.0)).collect();
                let help = near(&atom.relation, &names).map(|near| format!("did you mean `{near}`?"));
                let help = help.or_else(|| Some("declare it in relations.yaml".into()));
                self.error(text, "unknown-relation", atom.at.clone(), format!("there is no relation `{}`", atom.relation), help);
                return;
            }
        };
        for (name, operand) in &atom.columns {
            if name != "at" && !columns.contains(name) {
                let names: Vec<&str> = columns.iter().map(String::as_str).collect();
                let help = match near(name, &names) {
                    Some(near) => format!("did you mean `{near}`?"),
                    None => format!("its columns are at, {}", names.join(", ")),
                };
                let message = format!("the relation `{}` has no column `{name}`", atom.relation);
                self.error(text, "unknown-column", atom.at.clone(), message, Some(help));
            }
            self.check_operand(text, operand);
        }
    }

    fn check_operand(&mut self, text: &Text, operand: &Operand) {
        if let Operand::Option(name, at) = operand
            && !self.options.contains_key(name)
        {
            let names: Vec<&str> = self.pack.options.keys().map(String::as_str).collect();
            let help = near(name, &names).map(|near| format!("did you mean `options.{near}`?"));
            self.error(text, "unknown-option", at.clone(), format!("the pack has no option `{name}`"), help);
        }
    }

    /// Captures that are read must be bound by a positive clause.
    fn check_bound(&mut self, text: &Text, parsed: &Parsed) {
        for clause in &parsed.dsl.clauses {
            for (slot, at) in reads(clause) {
                if !parsed.bound.contains(&slot) {
                    self.unbound(text, parsed, slot, at, "is read here");
                }
            }
        }
        let head = parsed.dsl.head.iter().flat_map(|head| head.columns.iter().map(|(_, operand)| (operand, head.at.clone())));
        for (operand, at) in head.collect::<Vec<_>>() {
            for slot in operand_slots(operand) {
                if !parsed.bound.contains(&slot) && !pattern_binds(&parsed.dsl.find).contains(&slot) {
                    self.unbound(text, parsed, slot, at.clone(), "is used in `row`");
                }
            }
        }
    }

    fn unbound(&mut self, text: &Text, parsed: &Parsed, slot: Slot, at: std::ops::Range<usize>, where_: &str) {
        let name = parsed.captures.name(slot);
        let bound: Vec<String> = parsed.bound.iter().map(|slot| format!("${}", parsed.captures.name(*slot))).collect();
        let message = format!("`${name}` {where_} but no positive clause binds it (bound: {})", bound.join(", "));
        let names: Vec<&str> = parsed.bound.iter().map(|slot| parsed.captures.name(*slot)).collect();
        let help = near(name, &names).map(|near| format!("did you mean `${near}`?"));
        self.error(text, "unbound", at, message, help);
    }

    fn body(&mut self, id: &str, families: &[String], files: &[String], skip: Vec<String>, parsed: &Parsed) -> (Body, Needs) {
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
            self.error(&rule.pattern, "no-row", 0..0, "a relation rule must give a row".into(), help);
            return None;
        };
        self.check_atom(&rule.pattern, head);
        let declared = self.relations.get(&head.relation)?;
        let operand = |name: &String| head.columns.iter().find(|(known, _)| known == name).map(|(_, operand)| operand.clone());
        let columns = declared.columns.iter().map(|(name, _)| operand(name)).collect();
        let head = Head { relation: head.relation.clone(), columns };
        let (mut body, needs) = self.body(&rule.id, &rule.languages, &rule.files, rule.skip.clone(), &parsed);
        body.head = Some(head);
        Some((body, needs))
    }

    fn rule(&mut self, rule: &Rule) -> Option<(Body, Needs, Reporting)> {
        let parsed = self.parse(&rule.pattern, &rule.languages)?;
        let skip = rule.skip.clone().unwrap_or_else(|| DEFAULT_SKIP.iter().map(|s| (*s).to_owned()).collect());
        let names = self.names(&parsed, &parsed.bound);
        let message = self.template(&rule.report, &names);
        let mut related = Vec::new();
        for (capture, text) in &rule.related {
            let Some(slot) = parsed.captures.find(capture) else {
                self.error(text, "unbound", 0..0, format!("`related` names `${capture}`, which the pattern does not bind"), None);
                continue;
            };
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

    fn names(&self, parsed: &Parsed, bound: &Slots) -> Vec<String> {
        bound.iter().map(|slot| parsed.captures.name(*slot).to_owned()).collect()
    }

    fn template(&mut self, text: &Text, names: &[String]) -> Option<Template> {
        match self.renderer.compile(&text.value, names, &self.option_values) {
            Ok(template) => Some(template),
            Err(message) => {
                self.error(text, "unknown-name", 0..text.value.len(), message, None);
                None
            }
        }
    }

    fn fix(&mut self, fix: &FixSpec, rule: &Rule, parsed: &Parsed, captures: &mut Captures) -> Option<FixPlan> {
        let mut bound = parsed.bound.clone();
        let guard = match &fix.guard {
            Some(text) => self.guard(text, rule, parsed, captures, &mut bound)?,
            None => Vec::new(),
        };
        let names: Vec<String> = bound.iter().map(|slot| captures.name(*slot).to_owned()).collect();
        let title = self.template(&fix.title, &names);
        let edits: Vec<EditPlan> = fix.edits.iter().filter_map(|edit| self.edit(edit, captures, &bound, &names)).collect();
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
                self.check_names(text, &find, &clauses);
                bound.extend(clauses.iter().flat_map(binds));
                let mut known = parsed.bound.clone();
                Some(plan(&clauses, &mut known, false).joined)
            }
            Err(errors) => {
                self.pattern_errors(text, errors);
                None
            }
        }
    }

    fn edit(&mut self, edit: &EditSpec, captures: &Captures, bound: &Slots, names: &[String]) -> Option<EditPlan> {
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
            at: self.target(&edit.at, captures, bound)?,
            with,
            argument: edit.argument.clone(),
            key,
            place: edit.place,
            after: self.target(&edit.after, captures, bound)?,
            name,
            from,
            path,
        })
    }

    fn file_template(&mut self, file: &Text, names: &[String]) -> Option<Template> {
        let Some(source) = self.pack.templates.get(&file.value) else {
            let known: Vec<&str> = self.pack.templates.keys().map(String::as_str).collect();
            let help = near(&file.value, &known).map(|near| format!("did you mean `{near}`?"));
            self.error(file, "unknown-template", 0..file.value.len(), format!("there is no template `{}`", file.value), help);
            return None;
        };
        match self.renderer.compile(source, names, &self.option_values) {
            Ok(template) => Some(template),
            Err(message) => {
                self.error(file, "unknown-name", 0..file.value.len(), message, None);
                None
            }
        }
    }

    /// The capture an edit works on: `Some(None)` if none is named.
    #[allow(clippy::option_option)]
    fn target(&mut self, text: &Option<Text>, captures: &Captures, bound: &Slots) -> Option<Option<Slot>> {
        let Some(text) = text else { return Some(None) };
        let name = text.value.trim().trim_start_matches('$');
        match captures.find(name).filter(|slot| bound.contains(slot)) {
            Some(slot) => Some(Some(slot)),
            None => {
                let names: Vec<&str> = bound.iter().map(|slot| captures.name(*slot)).collect();
                let list = names.iter().map(|name| format!("${name}")).collect::<Vec<_>>().join(", ");
                let message = format!("`${name}` is used in `fix` but no positive clause binds it (bound: {list})");
                let help = near(name, &names).map(|near| format!("did you mean `${near}`?"));
                self.error(text, "unbound", 0..text.value.len(), message, help);
                None
            }
        }
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

/// The captures a clause reads at its top level, with their places.
fn reads(clause: &Clause) -> Vec<(Slot, std::ops::Range<usize>)> {
    use rune_pattern::Cond;
    match clause {
        Clause::Focus(slot, at) => vec![(*slot, at.clone())],
        Clause::Step(_) => Vec::new(),
        Clause::Where(cond) => match cond {
            Cond::And(parts) => parts.iter().flat_map(|part| reads(&Clause::Where(part.clone()))).collect(),
            Cond::Is(operand, _, at) | Cond::Like(operand, _, at) | Cond::Step(operand, _, _, _, at) => {
                operand_slots(operand).into_iter().map(|slot| (slot, at.clone())).collect()
            }
            Cond::Compare(a, _, b, at) | Cond::In(a, b, at) | Cond::Equals(a, b, at) => {
                operand_slots(a).into_iter().chain(operand_slots(b)).map(|slot| (slot, at.clone())).collect()
            }
            _ => Vec::new(),
        },
    }
}

fn constant(value: &Json) -> Option<Value> {
    Some(match value {
        Json::String(text) => Value::Text(text.as_str().into()),
        Json::Number(n) => Value::Number(n.as_f64()?),
        Json::Bool(b) => Value::Bool(*b),
        _ => return None,
    })
}

fn near<'w>(word: &str, words: &[&'w str]) -> Option<&'w str> {
    let limit = (word.len() / 3).max(1) + 1;
    let nearest = words.iter().map(|known| (strsim::damerau_levenshtein(word, known), *known)).min();
    nearest.filter(|(distance, _)| *distance <= limit).map(|(_, known)| known)
}
