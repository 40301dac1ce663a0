//! From the states of a rule to findings: grouped by focus, with message, related places and the first fix that fits.

use std::collections::BTreeMap;

use rune_model::{Argument, Certainty, Chain, Edit, Finding, Fix, HeldBack, Operation, Place, Related, Severity, Target};
use rune_pack::{ArgumentSpec, EditKind};
use rune_pattern::{Clause, Env, Slot, Value};
use rune_syntax::{NodeRef, Project};
use serde_json::{Map, Value as Json};

use crate::check::{Run, path_of, shown};
use crate::codec::{Stored, Writer, put_all};
use crate::eval::{Solver, State};
use crate::program::{EditPlan, FixPlan, Program, Reporting};
use crate::template::Template;
use crate::why;

/// For how many possible findings of a rule it is told what is not known.
const MAX_DOUBTS: usize = 50;

/// How far up the names around a finding are looked for.
const MAX_ANCESTORS: usize = 256;

/// How many words of a finding's code count for its fingerprint.
const MAX_WORDS: usize = 1_000;

/// The findings of one rule; with those that are only possible, what is not known.
pub(crate) fn findings_of(run: &Run<'_>, reporting: &Reporting) -> Vec<(Finding, Option<HeldBack>)> {
    let mut groups: BTreeMap<NodeRef, Vec<State>> = BTreeMap::new();
    for state in run.solve(reporting.body) {
        let at = state.focus.unwrap_or(state.root);
        let body = &run.program.bodies[reporting.body];
        if run.is_skipped(body, at.file) {
            continue;
        }
        groups.entry(at).or_default().push(state);
    }
    let mut n_told = 0;
    let mut found = Vec::new();
    for (at, states) in groups {
        let is_doubted = states.iter().all(|state| state.env.possible) && n_told < MAX_DOUBTS;
        n_told += usize::from(is_doubted);
        let ask = |out: &mut Writer<'_>| {
            out.bytes.push(b'f');
            (reporting.rule as u32, is_doubted).put(out);
            at.put(out);
            put_all(&states, out);
        };
        let (one, is_cut) = run.answer(ask, || {
            let solver = run.solver(run.program.limits.join_steps);
            let first = states.first().filter(|_| is_doubted);
            let finding = Group { run, solver: &solver, reporting, at, states: states.clone() }.finding();
            let held_back = (finding.certainty == Certainty::Possible).then(|| {
                let doubt = first.and_then(|state| why::doubt(run, reporting.body, state));
                let (reason, at) = doubt.unwrap_or_else(|| ("a value that is not known".to_owned(), None));
                HeldBack { rule: finding.rule.clone(), place: finding.place.clone(), reason, at }
            });
            ((finding, held_back), solver.matcher.is_exhausted())
        });
        if is_cut {
            run.note_budget(reporting.body);
        }
        found.push(one);
    }
    found
}

/// Numbers findings that would otherwise have the same fingerprint.
pub(crate) fn add_ordinals(findings: &mut [Finding]) {
    let mut seen: BTreeMap<String, usize> = BTreeMap::new();
    for finding in findings {
        let n = seen.entry(finding.fingerprint.clone()).or_default();
        *n += 1;
        let whole = format!("{}#{n}", finding.fingerprint);
        finding.fingerprint = blake3::hash(whole.as_bytes()).to_hex()[..32].to_owned();
    }
}

impl Program {
    fn render(&self, template: &Template, values: Vec<(String, String)>) -> Result<String, String> {
        let mut map: Map<String, Json> = values.into_iter().map(|(name, text)| (name, Json::String(text))).collect();
        map.insert("options".into(), Json::Object(self.option_values.clone()));
        self.renderer.render(template, &map)
    }

    /// What the fix of a finding is compiled to, and its values, if its files can come behind those of another fix.
    fn chained<'f>(&self, finding: &'f Finding) -> Option<(&'f Fix, &'f Chain, &FixPlan)> {
        let fix = finding.fix.as_ref()?;
        let chain = fix.chain.as_ref()?;
        let reporting = self.reports.iter().find(|reporting| self.rules[reporting.rule].id == finding.rule)?;
        Some((fix, chain, reporting.fixes.get(chain.plan as usize)?))
    }

    /// The fix of `finding` with its new files behind those of the fix of `before`; `None` if they are of no one series.
    pub fn behind(&self, finding: &Finding, before: &Finding) -> Option<Fix> {
        let (fix, chain, plan) = self.chained(finding)?;
        let (_, chain_before, plan_before) = self.chained(before)?;
        let mut values = chain.values.clone();
        for (name, _) in &plan.then {
            let (_, template) = plan_before.then.iter().find(|(other, _)| other == name)?;
            let (_, value) = values.iter_mut().find(|(other, _)| other == name)?;
            *value = self.render(template, chain_before.values.clone()).ok()?;
        }
        let mut fix = fix.clone();
        for (edit, plan) in fix.edits.iter_mut().zip(&plan.edits) {
            let Operation::CreateFile { path, text } = &mut edit.operation else { continue };
            let render = |template: &Option<Template>| match template {
                Some(template) => self.render(template, values.clone()).ok(),
                None => Some(String::new()),
            };
            (*path, *text) = (render(&plan.path)?, render(&plan.with)?);
        }
        fix.chain = Some(Chain { plan: chain.plan, values });
        Some(fix)
    }
}

/// All bindings of a rule with one focus.
pub(crate) struct Group<'a, 'p> {
    pub(crate) run: &'a Run<'p>,
    pub(crate) solver: &'a Solver<'a>,
    pub(crate) reporting: &'a Reporting,
    pub(crate) at: NodeRef,
    pub(crate) states: Vec<State>,
}

impl Group<'_, '_> {
    pub(crate) fn finding(mut self) -> Finding {
        let certain = self.states.iter().any(|state| !state.env.possible);
        if certain {
            self.states.retain(|state| !state.env.possible);
        }
        let info = &self.run.program.rules[self.reporting.rule];
        let envs: Vec<&Env> = self.states.iter().map(|state| &state.env).collect();
        let message = self.render(&self.reporting.message, &envs).unwrap_or_else(|error| format!("{}: {error}", info.summary));
        let (fix, no_fix) = self.fix();
        Finding {
            rule: info.id.clone(),
            skill: info.skill.clone(),
            severity: self.severity(),
            confidence: self.reporting.confidence,
            certainty: if certain { Certainty::Certain } else { Certainty::Possible },
            message,
            place: self.place(self.at),
            related: self.related(),
            fix,
            no_fix,
            fingerprint: self.fingerprint(&info.id),
        }
    }

    fn project(&self) -> &Project {
        self.run.project
    }

    fn place(&self, at: NodeRef) -> Place {
        Place { path: path_of(self.project(), at), span: self.project().span(at) }
    }

    fn target(&self, at: NodeRef) -> Target {
        Target { place: self.place(at), node: at.node }
    }

    fn render(&self, template: &Template, envs: &[&Env]) -> Result<String, String> {
        self.run.program.render(template, self.values(envs))
    }

    /// The captures by name as templates print them.
    fn values(&self, envs: &[&Env]) -> Vec<(String, String)> {
        let captures = &self.run.program.bodies[self.reporting.body].captures;
        let value = |(slot, name): (Slot, &String)| {
            let mut texts: Vec<String> = Vec::new();
            for text in envs.iter().filter_map(|env| env.get(slot)).map(|value| shown(self.project(), value)) {
                if !texts.contains(&text) {
                    texts.push(text);
                }
            }
            (name.clone(), texts.join(", "))
        };
        captures.names().iter().enumerate().map(value).collect()
    }

    fn related(&self) -> Vec<Related> {
        let mut related = Vec::new();
        for (slot, template) in &self.reporting.related {
            for state in &self.states {
                let Some(node) = self.solver.node_of(state.env.get(*slot)) else { continue };
                let Ok(message) = self.render(template, &[&state.env]) else { continue };
                related.push(Related { place: self.place(node), message });
            }
        }
        related.sort();
        related.dedup();
        related
    }

    /// The first fix whose guard holds for every binding; else why there is none. One without edits is such a reason.
    fn fix(&self) -> (Option<Fix>, Option<String>) {
        if self.reporting.fixes.is_empty() {
            return (None, None);
        }
        for (number, plan) in self.reporting.fixes.iter().enumerate() {
            let guarded: Option<Vec<Env>> = self.states.iter().map(|state| self.guard(&plan.guard, state)).collect();
            let Some(envs) = guarded else { continue };
            return match self.edits((number as u32, plan), &envs) {
                Ok(fix) if plan.edits.is_empty() => (None, Some(fix.title)),
                Ok(fix) => (Some(fix), None),
                Err(reason) => (None, Some(reason)),
            };
        }
        (None, Some("none of the rule's fixes fits this code or this project's stack".into()))
    }

    /// The first severity whose guard holds for every binding.
    fn severity(&self) -> Severity {
        let holds = |guard: &[Clause]| self.states.iter().all(|state| self.guard(guard, state).is_some());
        let found = self.reporting.severities.iter().find(|(_, guard)| holds(guard));
        found.map_or(self.reporting.severity, |(severity, _)| *severity)
    }

    fn guard(&self, guard: &[Clause], state: &State) -> Option<Env> {
        let states = self.solver.clauses(guard, state.clone());
        states.into_iter().map(|found| found.env).find(|env| env.possible == state.env.possible)
    }

    fn edits(&self, (number, plan): (u32, &FixPlan), envs: &[Env]) -> Result<Fix, String> {
        let mut edits: Vec<Edit> = Vec::new();
        for env in envs {
            for edit in &plan.edits {
                let edit = self.edit(edit, env)?;
                if !edits.contains(&edit) {
                    edits.push(edit);
                }
            }
        }
        let title = self.render(&plan.title, &envs.iter().collect::<Vec<_>>())?;
        let is_chained = !plan.then.is_empty() && edits.len() == plan.edits.len();
        let chain = envs.first().filter(|_| is_chained).map(|env| {
            let mut values = self.values(&[env]);
            values.retain(|(name, _)| plan.templates().any(|template| template.names.contains(name)));
            Chain { plan: number, values }
        });
        Ok(Fix { title, safety: plan.safety, edits, chain })
    }

    fn edit(&self, plan: &EditPlan, env: &Env) -> Result<Edit, String> {
        let text = |template: &Option<Template>| match template {
            Some(template) => self.render(template, &[env]),
            None => Ok(String::new()),
        };
        let with = text(&plan.with)?;
        let argument = plan.argument.as_ref().map(|argument| match argument {
            ArgumentSpec::Position(n) => Argument::Position(*n),
            ArgumentSpec::Keyword(name) => Argument::Keyword(name.clone()),
        });
        let at = match plan.at {
            Some(slot) => self.node_to_edit(slot, env, plan.kind)?,
            None => self.at,
        };
        let operation = match plan.kind {
            EditKind::Replace => Operation::Replace { with },
            EditKind::SetKey => Operation::SetKey { argument, key: text(&plan.key)?, with },
            EditKind::SetArgument => Operation::SetArgument { argument: argument.ok_or("no argument is named")?, with },
            EditKind::SetString => Operation::SetString { with },
            EditKind::InsertBefore => Operation::InsertBefore { with },
            EditKind::InsertAfter => Operation::InsertAfter { with },
            EditKind::InsertIn => Operation::InsertIn { place: plan.place, with },
            EditKind::Remove => Operation::Remove,
            EditKind::Move => {
                let after = plan.after.ok_or("no target is named")?;
                Operation::Move { after: self.target(self.node_to_edit(after, env, plan.kind)?), with }
            }
            EditKind::Parameterize => {
                let into = plan.into.ok_or("no target is named")?;
                let into = self.target(self.node_to_edit(into, env, plan.kind)?);
                Operation::Parameterize { style: text(&plan.style)?, into, argument, key: text(&plan.key)?, form: plan.form }
            }
            EditKind::MakeAsync => Operation::MakeAsync,
            EditKind::EnsureImport => Operation::EnsureImport { name: text(&plan.name)?, from: text(&plan.from)? },
            EditKind::CreateFile => Operation::CreateFile { path: text(&plan.path)?, text: with },
        };
        Ok(Edit { at: self.target(at), operation })
    }

    /// The node an edit works on. Keys and strings are set where the literal stands, not where its name is used.
    fn node_to_edit(&self, slot: Slot, env: &Env, kind: EditKind) -> Result<NodeRef, String> {
        let name = self.run.program.bodies[self.reporting.body].captures.name(slot);
        let node = match env.get(slot) {
            Some(Value::Node(node)) => *node,
            _ => return Err(format!("`${name}` is no place in the code here")),
        };
        let by_value = matches!(kind, EditKind::SetKey | EditKind::SetString | EditKind::Parameterize);
        Ok(if by_value { self.project().value(node) } else { node })
    }

    /// The rule, the path, the names around and the code itself, white space aside.
    fn fingerprint(&self, rule: &str) -> String {
        let project = self.project();
        let ast = project.ast(self.at.file);
        let names = ast
            .ancestors(self.at.node)
            .take(MAX_ANCESTORS)
            .filter_map(|node| project.child(NodeRef { file: self.at.file, node }, "name").map(|name| project.text(name)));
        let names: Vec<&str> = names.collect();
        let code: Vec<&str> = project.text(self.at).split_whitespace().take(MAX_WORDS).collect();
        format!("{rule}\n{}\n{}\n{}", path_of(project, self.at), names.join("/"), code.join(" "))
    }
}
