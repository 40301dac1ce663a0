//! Fixes and texts: templates, the clauses of a guard, edits.

use std::ops::Range;

use rune_pack::{EditSpec, FixSpec, Rule, Text};
use rune_pattern::{Captures, Clause, Pattern, Scope, Slot, parse_guard};

use super::Compiler;
use super::names::{Names, near};
use super::rules::Parsed;
use crate::bound;
use crate::program::{EditPlan, FixPlan};
use crate::schedule::{Slots, plan};
use crate::template::{Fault, Template};

impl Compiler<'_> {
    pub(super) fn template(&mut self, text: &Text, names: &Names<'_>) -> Option<Template> {
        match self.renderer.compile(&text.value, (&names.all(), &names.maybe()), &self.option_values) {
            Ok(template) => Some(template),
            Err(faults) => {
                self.template_faults(text, faults, names, |fault| fault.at.clone());
                None
            }
        }
    }

    fn template_faults(&mut self, text: &Text, faults: Vec<Fault>, names: &Names<'_>, place: impl Fn(&Fault) -> Range<usize>) {
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

    pub(super) fn fix(&mut self, fix: &FixSpec, rule: &Rule, parsed: &Parsed, captures: &mut Captures) -> Option<FixPlan> {
        let mut bound = parsed.bound.clone();
        let guard = match &fix.guard {
            Some(text) => self.guard(text, rule, parsed, captures, &mut bound)?,
            None => Vec::new(),
        };
        let names = Names { pattern: &rule.pattern, parsed, captures, bound: &bound, what: "in `fix`" };
        let title = self.template(&fix.title, &names);
        let edits: Vec<EditPlan> = fix.edits.iter().filter_map(|edit| self.edit(edit, &names)).collect();
        let mut then = Vec::new();
        for (capture, value) in &fix.then {
            let Some(slot) = self.capture(capture, &names) else { continue };
            then.extend(self.template(value, &names).map(|value| (names.captures.name(slot).to_owned(), value)));
        }
        let guard_text = fix.guard.as_ref().map_or(String::new(), |text| text.value.clone());
        Some(FixPlan { title: title?, name: fix.title.value.clone(), guard, guard_text, safety: fix.safety, edits, then })
    }

    /// The clauses of a guard in their order; `bound` gains what they bind.
    pub(super) fn guard(
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

    pub(super) fn edit(&mut self, edit: &EditSpec, names: &Names<'_>) -> Option<EditPlan> {
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
        let style = optional(&edit.style).transpose_option()?;
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
            style,
            into: self.target(&edit.into, names)?,
            form: edit.form,
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
