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

use crate::bound;
use crate::builtin;
use crate::prefilter::{Prefilter, ways};
use crate::program::{Body, Declared, EditPlan, FixPlan, Head, OptionSetting, Program, Reporting};
use crate::schedule::{self, Slots, binds, pattern_binds, plan};
use crate::starts::Starts;
use crate::template::{Fault, Renderer, Template};

/// The classes of paths in which a rule finds nothing unless it says otherwise.
const DEFAULT_SKIP: &[&str] = &["test", "seed", "script", "generated"];

/// Compiles a pack. The program is `None` if any problem is an error.
pub fn compile(pack: &Pack) -> (Option<Program>, Vec<Problem>) {
    let mut compiler = Compiler::new(pack);
    let mut bodies = Vec::new();
    let mut ways_of = Vec::new();
    for rule in &pack.relation_rules {
        if let Some((body, ways)) = compiler.relation_rule(rule) {
            bodies.push(body);
            ways_of.push(ways);
        }
    }
    let mut reports = Vec::new();
    let mut rules = Vec::new();
    for rule in &pack.rules {
        if let Some((body, ways, mut reporting)) = compiler.rule(rule) {
            reporting.body = bodies.len();
            reporting.rule = rules.len();
            bodies.push(body);
            ways_of.push(ways);
            reports.push(reporting);
            rules.push(info(pack, rule));
        }
    }
    let strata = compiler.strata(&bodies);
    let problems = compiler.problems;
    if problems.iter().any(|problem| problem.level == ProblemLevel::Error) {
        return (None, problems);
    }
    let program = Program {
        pack: format!("{} {}", pack.name, pack.version),
        rules,
        prefilter: Prefilter::new(&ways_of),
        bodies,
        reports,
        strata,
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

type Ways = Vec<Vec<Vec<String>>>;

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
        let bound = bound::surely(&dsl.find, &dsl.clauses);
        let maybe = pattern_binds(&dsl.find).into_iter().chain(dsl.clauses.iter().flat_map(binds)).collect();
        let parsed = Parsed { captures, uses, dsl, bound, maybe };
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
        let help = near(name, &all).map(|near| format!("did you mean `${near}`?"));
        self.error(text, "unbound", at, message, help);
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

    fn body(&mut self, id: &str, families: &[String], files: &[String], skip: Vec<String>, parsed: &Parsed) -> (Body, Ways) {
        let find = &parsed.dsl.find;
        let from_code = !schedule::pattern_needs_rows(find);
        let mut bound = pattern_binds(find);
        let plan = plan(&parsed.dsl.clauses, &mut bound, from_code);
        let all: Vec<Clause> = plan.local.iter().chain(&plan.joined).cloned().collect();
        let starts = Starts::new(find, &all, &self.relations);
        let ways = if from_code { ways(find, &all, &self.relations) } else { Vec::new() };
        let body = Body {
            id: id.to_owned(),
            captures: parsed.captures.clone(),
            families: families.to_vec(),
            files: self.globs(files),
            skip,
            find: find.clone(),
            from_code,
            starts,
            plan,
            head: None,
        };
        (body, ways)
    }

    fn relation_rule(&mut self, rule: &RelationRule) -> Option<(Body, Ways)> {
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
        let (mut body, ways) = self.body(&rule.id, &rule.languages, &rule.files, rule.skip.clone(), &parsed);
        body.head = Some(head);
        Some((body, ways))
    }

    fn rule(&mut self, rule: &Rule) -> Option<(Body, Ways, Reporting)> {
        let parsed = self.parse(&rule.pattern, &rule.languages)?;
        let skip = rule.skip.clone().unwrap_or_else(|| DEFAULT_SKIP.iter().map(|s| (*s).to_owned()).collect());
        let names = Names {
            pattern: &rule.pattern,
            parsed: &parsed,
            captures: &parsed.captures,
            bound: &parsed.bound,
            what: "in `report`",
        };
        let message = self.template(&rule.report, &names);
        let names = Names { what: "in `related`", ..names };
        let mut related = Vec::new();
        for (capture, text) in &rule.related {
            let Some(slot) = self.capture(capture, &names) else { continue };
            related.extend(self.template(text, &names).map(|template| (slot, template)));
        }
        let mut captures = parsed.captures.clone();
        let fixes: Vec<FixPlan> = rule.fixes.iter().filter_map(|fix| self.fix(fix, rule, &parsed, &mut captures)).collect();
        let mut severities = Vec::new();
        for (severity, text) in &rule.severities {
            let guard = self.guard(text, rule, &parsed, &mut captures, &mut parsed.bound.clone())?;
            severities.push((*severity, guard));
        }
        let (mut body, ways) = self.body(&rule.id, &rule.languages, &rule.files, skip, &parsed);
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
        Some((body, ways, reporting))
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
                self.check_names(text, &find, &clauses);
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

    /// Bodies that fill relations, in the order they are solved; bodies of one stratum may need each other.
    fn strata(&mut self, bodies: &[Body]) -> Vec<Vec<usize>> {
        let heads: Vec<usize> = (0..bodies.len()).filter(|i| bodies[*i].head.is_some()).collect();
        let mut needs: BTreeMap<usize, Vec<(usize, bool)>> = BTreeMap::new();
        for reader in &heads {
            let body = &bodies[*reader];
            let mut atoms = Vec::new();
            schedule::pattern_relations(&body.find, false, &mut atoms);
            atoms.extend(schedule::relations_of(&body.plan.local));
            atoms.extend(schedule::relations_of(&body.plan.joined));
            for (atom, negated) in atoms {
                let fills = |writer: &&usize| bodies[**writer].head.as_ref().is_some_and(|head| head.relation == atom.relation);
                needs.entry(*reader).or_default().extend(heads.iter().filter(fills).map(|writer| (*writer, negated)));
            }
        }
        let reaches = closure(&heads, &needs);
        let mut groups: Vec<Vec<usize>> = Vec::new();
        let mut done: BTreeSet<usize> = BTreeSet::new();
        while done.len() < heads.len() {
            let ready = heads.iter().find(|head| {
                !done.contains(head)
                    && reaches[head].iter().all(|other| done.contains(other) || reaches[other].contains(head) || other == *head)
            });
            let Some(head) = ready else { break };
            let group: Vec<usize> = heads
                .iter()
                .copied()
                .filter(|other| {
                    !done.contains(other) && (other == head || (reaches[head].contains(other) && reaches[other].contains(head)))
                })
                .collect();
            let negative = group.iter().any(|reader| {
                needs.get(reader).is_some_and(|list| list.iter().any(|(writer, negated)| *negated && group.contains(writer)))
            });
            if negative {
                let names: Vec<&str> = group.iter().map(|i| bodies[*i].id.as_str()).collect();
                self.plain("negative-recursion", format!("these rules need the absence of their own rows: {}", names.join(", ")));
            }
            done.extend(&group);
            groups.push(group);
        }
        groups
    }
}

fn closure(heads: &[usize], needs: &BTreeMap<usize, Vec<(usize, bool)>>) -> BTreeMap<usize, BTreeSet<usize>> {
    let mut reaches = BTreeMap::new();
    for head in heads {
        let mut seen = BTreeSet::new();
        let mut work = vec![*head];
        while let Some(at) = work.pop() {
            for (next, _) in needs.get(&at).into_iter().flatten() {
                if seen.insert(*next) {
                    work.push(*next);
                }
            }
        }
        reaches.insert(*head, seen);
    }
    reaches
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
