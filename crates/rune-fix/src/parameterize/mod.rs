//! `parameterize`: a statement that is put together from values becomes one with places for parameters, and the values
//! go to the call that runs it.

mod arguments;
mod filling;
mod owner;
mod pieces;
mod place;
mod style;

use rune_model::{Argument, ParameterForm, ParameterStyle as Style, Span};
use rune_syntax::{Language, NodeId, NodeRef, Position, Project, SqlHole};

use crate::edit::{EditError, File, Plan, change};
use pieces::{Pieces, What};
use place::Value;

/// Where the values go.
pub(crate) struct Destination<'e> {
    /// A call, or an object literal.
    pub(crate) node: NodeId,
    /// The argument of the call.
    pub(crate) argument: Option<&'e Argument>,
    /// The key of the object, or of that argument; empty if the values are not under a key.
    pub(crate) key: &'e str,
    /// How they are written there.
    pub(crate) form: Option<ParameterForm>,
}

/// A value on its way to the call.
struct Parameter {
    /// How many parameters the text had before its place.
    n_before: usize,
    name: String,
    code: String,
}

impl File {
    /// Plans the change of the text at `node` and of the call that runs it.
    pub(crate) fn parameterize(
        &self,
        node: NodeId,
        style: &str,
        into: &Destination<'_>,
        plan: &mut Plan,
    ) -> Result<(), EditError> {
        let style = Style::of(style)
            .ok_or(EditError::Shape("the places of parameters are written `$1`, `?`, `%s`, `:name` or the like"))?;
        let pieces = pieces::read(self, node)?;
        self.may_move(node, into.node, &pieces)?;
        let values = place::values(&pieces.units)?;
        if self.parser_objects(node) {
            return Err(place::NO_VALUE);
        }
        let form = into.form.unwrap_or(match style {
            Style::Named(..) => ParameterForm::Keys,
            _ => ParameterForm::List,
        });
        if matches!(style, Style::Named(..)) != (form == ParameterForm::Keys) {
            return Err(EditError::Shape("parameters with names go into keys, others into a list or arguments"));
        }
        let known = style::places(&style, &pieces.units);
        let mut present = self.present(into, form)?;
        if form != ParameterForm::Keys && known.len() != present.n() {
            return Err(EditError::Shape("the parameters there are do not match the places in the text"));
        }
        if form == ParameterForm::Keys && known.iter().any(|(_, name)| !present.has(name)) {
            return Err(EditError::Shape("the parameters there are do not match the places in the text"));
        }
        let mut parameters: Vec<Parameter> = Vec::new();
        let mut places = Vec::new();
        for value in &values {
            if matches!(&style, Style::Named(before, _) if before == ":") && value.next == Some(':') {
                return Err(EditError::Shape("a cast stands right behind a value"));
            }
            let code = self.value_code(value)?;
            let same = parameters.iter().find(|known| form == ParameterForm::Keys && known.code == code);
            let name = match same {
                Some(known) => known.name.clone(),
                None => present.new_name(self.name_of(value)),
            };
            places.push(style.place(known.len() + places.len() + 1, &name));
            if same.is_none() {
                let n_before = known.iter().filter(|(at, _)| *at < value.units.start).count();
                parameters.push(Parameter { n_before, name, code });
            }
        }
        if matches!(style, Style::Numbered(_)) {
            // A number says which parameter is meant; the new ones come last.
            parameters.iter_mut().for_each(|parameter| parameter.n_before = known.len());
        }
        let doubles = style::doubles_percent(&style) && known.is_empty();
        self.rewrite(&pieces, &values, &places, doubles, plan);
        self.add_parameters(into, form, present, &parameters, plan)
    }

    /// Whether the parser of SQL understands the text and sees a name or a word where a value was seen here.
    fn parser_objects(&self, node: NodeId) -> bool {
        let project = Project::new(std::slice::from_ref(&self.source));
        let text = project.sql(NodeRef { file: 0, node });
        let is_other = |hole: &SqlHole| hole.position.is_some_and(|position| position != Position::Value);
        text.is_some_and(|text| text.holes.iter().any(is_other))
    }

    /// The code of a value: the hole itself, or a text of what stands between the quotes.
    fn value_code(&self, value: &Value) -> Result<String, EditError> {
        if let [What::Hole(node)] = value.says.as_slice() {
            let code = self.node_text(*node);
            // Parentheses are no nodes; a comma would part the value in two.
            let is_sequence = matches!(self.kind(*node), "sequence_expression" | "expression_list" | "yield");
            return Ok(if is_sequence { format!("({code})") } else { code.to_owned() });
        }
        if self.language == Language::Python { self.python_text(&value.says) } else { Ok(self.template_literal(&value.says)) }
    }

    fn template_literal(&self, says: &[What]) -> String {
        let part = |what: &What| match what {
            What::Char(c @ ('`' | '\\' | '$')) => format!("\\{c}"),
            What::Char(c) => c.to_string(),
            What::Hole(node) => format!("${{{}}}", self.node_text(*node)),
        };
        format!("`{}`", says.iter().map(part).collect::<String>())
    }

    fn python_text(&self, says: &[What]) -> Result<String, EditError> {
        let holes: Vec<&str> =
            says.iter().filter_map(|what| if let What::Hole(node) = what { Some(self.node_text(*node)) } else { None }).collect();
        let usual = self.usual_quote().unwrap_or('"');
        let other = if usual == '"' { '\'' } else { '"' };
        let fits = |quote: &char| holes.iter().all(|hole| !hole.contains([*quote, '\\', '\n', '{', '}', ':', '!', '=']));
        let quote = [usual, other].into_iter().find(fits).ok_or(EditError::Shape("a value is too long to be put into a text"))?;
        let part = |what: &What| match what {
            What::Char('\n') => "\\n".to_owned(),
            What::Char(c @ ('{' | '}')) => format!("{c}{c}"),
            What::Char(c) if *c == quote || *c == '\\' => format!("\\{c}"),
            What::Char(c) => c.to_string(),
            What::Hole(node) => format!("{{{}}}", self.node_text(*node)),
        };
        Ok(format!("f{quote}{}{quote}", says.iter().map(part).collect::<String>()))
    }

    /// A name for a parameter: the last word of its first hole.
    fn name_of(&self, value: &Value) -> String {
        let hole = value.says.iter().find_map(|what| if let What::Hole(node) = what { Some(*node) } else { None });
        let text = hole.map_or("", |node| self.node_text(node));
        let text = text.trim_end_matches(['"', '\'', ']', ')', '(', '!']);
        let word = text.rsplit(|c: char| !c.is_ascii_alphanumeric() && c != '_').next().unwrap_or("");
        if word.starts_with(|c: char| c.is_ascii_alphabetic()) { word.to_owned() } else { "value".to_owned() }
    }

    /// The text with `places` in place of `values`.
    fn rewrite(&self, pieces: &Pieces, values: &[Value], places: &[String], doubles_percent: bool, plan: &mut Plan) {
        let units = &pieces.units;
        let is_gone = |at: usize| values.iter().any(|value| value.units.contains(&at));
        // What is left of each literal, as changes of its content.
        for (value, place) in values.iter().zip(places) {
            let mut rest = Some(place.clone());
            // A place stands in a literal: that of its first character, else the one before an operand.
            let first = &units[value.units.start];
            if first.literal.is_none() {
                let before = units[..value.units.start].iter().rev().find_map(|unit| unit.literal);
                if let Some(before) = before {
                    let end = pieces.literals[before].content().end;
                    plan.push(change(end, end, rest.take().unwrap_or_default()));
                }
            }
            let mut at = value.units.start;
            while at < value.units.end {
                let literal = units[at].literal;
                let run = (at..value.units.end).take_while(|n| units[*n].literal == literal).count();
                if literal.is_some() {
                    let span = Span::new(units[at].span.start, units[at + run - 1].span.end);
                    plan.push(change(span.start, span.end, rest.take().unwrap_or_default()));
                }
                at += run;
            }
        }
        self.rewrite_rest(pieces, &is_gone, doubles_percent, plan);
        self.remove_operands(pieces, &is_gone, plan);
    }

    /// Operands go with the operator before them; two literals that meet become one; one with nothing left goes.
    fn remove_operands(&self, pieces: &Pieces, is_gone: &dyn Fn(usize) -> bool, plan: &mut Plan) {
        let units = &pieces.units;
        let is_operand = |at: usize| units.get(at).is_some_and(|unit| unit.literal.is_none());
        for at in (1..units.len()).filter(|at| is_operand(*at) && !is_operand(at - 1)) {
            // Several operands may stand between two literals.
            let last = (at..units.len()).take_while(|n| is_operand(*n)).last().unwrap_or(at);
            let Some(before) = units[at - 1].literal else { continue };
            let first = &pieces.literals[before];
            let (mut start, mut end) = (first.span.end, units[last].span.end);
            if let Some(next) = units.get(last + 1).and_then(|unit| unit.literal) {
                let second = &pieces.literals[next];
                let is_empty = (last + 1..units.len()).take_while(|n| units[*n].literal == Some(next)).all(is_gone);
                if is_empty {
                    end = second.span.end;
                } else if first.quote == second.quote
                    && first.prefix == second.prefix
                    && !Span::new(end, second.span.start).of(self.text()).contains('\n')
                {
                    (start, end) = (first.content().end, second.content().start);
                }
            }
            // Nothing of a literal that goes whole is changed besides.
            plan.retain(|change| change.span.start < start.max(first.span.end) || change.span.end > end);
            plan.push(change(start, end, ""));
        }
    }

    /// The text behind which values stood, prefixes that have no more values, and doubled signs.
    fn rewrite_rest(&self, pieces: &Pieces, is_gone: &dyn Fn(usize) -> bool, doubles_percent: bool, plan: &mut Plan) {
        if let Some(tail) = pieces.tail {
            plan.push(change(tail.start, tail.end, ""));
        }
        for literal in &pieces.literals {
            if let Some(at) = literal.prefix.find(['f', 'F']) {
                let at = literal.span.start + at as u32;
                plan.push(change(at, at + 1, ""));
            }
        }
        for unit in pieces.units.iter().enumerate().filter(|(at, _)| !is_gone(*at)).map(|(_, unit)| unit) {
            let What::Char(c) = unit.what else { continue };
            let written = unit.span.of(self.text());
            let single = match c {
                '%' if doubles_percent => "%%",
                '%' | '{' | '}' if written.len() == 2 && !written.starts_with('\\') => &written[1..],
                _ => continue,
            };
            if written != single {
                plan.push(change(unit.span.start, unit.span.end, single));
            }
        }
    }
}
