//! Rules and relation rules: from their texts to what is searched, joined and reported.

use rune_pack::{RelationRule, Rule, Text};
use rune_pattern::{Captures, Clause, Program as Dsl, Scope, Slot, Use, parse_program};

use super::declare::{DEFAULT_SKIP, RELATION_SKIP, glob_set};
use super::names::Names;
use super::{Compiler, last_line};
use crate::around::Around;
use crate::bound;
use crate::prefilter::{Needs, needs};
use crate::program::{Body, FixPlan, Head, Reporting};
use crate::schedule::{Slots, binds, needs_rows, plan};
use crate::starts::Starts;
use crate::strata;
use crate::visit;

/// The parsed text of a rule and what it binds.
pub(super) struct Parsed {
    pub(super) captures: Captures,
    pub(super) uses: Vec<Use>,
    pub(super) dsl: Dsl,
    /// Captures that every way through the positive clauses binds.
    pub(super) bound: Slots,
    /// Captures that some way binds.
    pub(super) maybe: Slots,
}

impl Compiler<'_> {
    pub(super) fn parse(&mut self, pattern: &Text, families: &[String]) -> Option<Parsed> {
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
        let maybe = binds(&dsl.find).into_iter().chain(dsl.clauses.iter().flat_map(binds)).collect();
        let parsed = Parsed { captures, uses, dsl, bound, maybe };
        self.check_names(pattern, families, &parsed.dsl.find, &parsed.dsl.clauses);
        self.check_bound(pattern, &parsed);
        Some(parsed)
    }

    pub(super) fn body(
        &mut self,
        (id, text): (&str, &Text),
        families: &[String],
        files: &[Text],
        skip: Vec<String>,
        parsed: &Parsed,
    ) -> (Body, Needs) {
        let (find, clauses) = strata::hoisted(&parsed.dsl.find, &parsed.dsl.clauses);
        let find = &find;
        let from_code = !needs_rows(find);
        let mut bound = binds(find);
        let plan = plan(&clauses, &mut bound, from_code);
        let all: Vec<Clause> = plan.local.iter().chain(&plan.joined).cloned().collect();
        let starts = Starts::new(find, &all, &self.relations);
        let needs = needs(find, &all, &self.relations, from_code);
        let mut body = Body {
            id: id.to_owned(),
            captures: parsed.captures.clone(),
            families: families.to_vec(),
            files: glob_set(files, &mut self.problems),
            skipped_classes: self.class_bits(&skip),
            text: text.value.clone(),
            find: find.clone(),
            from_code,
            starts,
            around: plan.local.iter().filter_map(Around::of).collect(),
            start_rows: strata::start_rows(find, &plan, from_code),
            plan,
            reads: Vec::new(),
            head: None,
        };
        body.reads = body.atoms().iter().map(|(atom, _)| atom.relation.clone()).collect();
        (body, needs)
    }

    pub(super) fn relation_rule(&mut self, rule: &RelationRule) -> Option<(Body, Needs)> {
        let parsed = self.parse(&rule.pattern, &rule.languages)?;
        let Some(head) = &parsed.dsl.head else {
            let help = Some("end it with `row name(column: $X)`".into());
            let at = last_line(&rule.pattern.value);
            self.error(&rule.pattern, "no-row", at, "a relation rule must give a row".into(), help);
            return None;
        };
        self.check_atom(&rule.pattern, head);
        for (name, at) in visit::options(head) {
            self.check_option(&rule.pattern, name, at);
        }
        let declared = self.relations.get(&head.relation)?;
        let operand = |name: &String| head.columns.iter().find(|(known, _)| known == name).map(|(_, operand)| operand.clone());
        let columns = declared.columns.iter().map(|(name, _)| operand(name)).collect();
        let head = Head { relation: head.relation.clone(), columns };
        let skip = self.skipped(rule.skip.as_ref(), RELATION_SKIP);
        self.check_used(&rule.pattern, &parsed, &[], &[]);
        self.check_example_language(&rule.languages, rule.examples.iter().filter_map(|example| example.text.as_ref()));
        let (mut body, needs) = self.body((&rule.id, &rule.pattern), &rule.languages, &rule.files, skip, &parsed);
        body.head = Some(head);
        Some((body, needs))
    }

    pub(super) fn rule(&mut self, rule: &Rule) -> Option<(Body, Needs, Reporting)> {
        let parsed = self.parse(&rule.pattern, &rule.languages)?;
        if let Some(head) = &parsed.dsl.head {
            let help = "a relation rule stands in `relations/`, or behind `---` in this file, and has no `report`".to_owned();
            let message = "a rule with a `report` gives no row".to_owned();
            self.error(&rule.pattern, "unexpected-row", head.at.clone(), message, Some(help));
        }
        let skip = self.skipped(rule.skip.as_ref(), DEFAULT_SKIP);
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
        let (mut body, needs) = self.body((&rule.id, &rule.pattern), &rule.languages, &rule.files, skip, &parsed);
        body.captures = captures;
        let texts = related.iter().map(|(_, template)| template).chain(&message).chain(fixes.iter().flat_map(FixPlan::templates));
        let names: Vec<&str> = texts.flat_map(|template| template.names.iter().map(String::as_str)).collect();
        let guards = fixes.iter().map(|fix| &fix.guard).chain(severities.iter().map(|(_, guard)| guard));
        let mut slots: Vec<Slot> = guards.flat_map(|guard| bound::mentions(&guard[..])).collect();
        slots.extend(
            fixes.iter().flat_map(|fix| &fix.edits).flat_map(|edit| edit.at.into_iter().chain(edit.after).chain(edit.into)),
        );
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
}
