//! Which parameter of the called function each argument of a call is for.

use rune_syntax::{NodeRef, Project, class_kinds};

use crate::calls::Target;

/// What a call gives for a parameter.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Given {
    pub(crate) parameter: NodeRef,
    pub(crate) value: NodeRef,
    pub(crate) possible: bool,
}

/// What a call gives for the parameters of the functions it runs, its `targets`; empty if none is known.
pub(crate) fn given(project: &Project, call: NodeRef, targets: &[Target]) -> Vec<Given> {
    let Some(arguments) = project.child(call, "arguments") else { return Vec::new() };
    let mut found = Vec::new();
    for target in targets {
        let mut parameters = parameters(project, target.function);
        if takes_itself(project, call, target.function) && !parameters.is_empty() {
            parameters.remove(0);
        }
        pair(project, arguments, &parameters, *target, &mut found);
    }
    found
}

fn parameters(project: &Project, function: NodeRef) -> Vec<NodeRef> {
    if let Some(only) = project.child(function, "parameter") {
        return vec![only];
    }
    let list = project.child(function, "parameters");
    let all = list.into_iter().flat_map(|list| project.children(list));
    all.filter(|at| !matches!(project.kind(*at).name(), "keyword_separator" | "positional_separator" | "decorator")).collect()
}

/// Whether the first parameter of a Python function is the object it is called on.
fn takes_itself(project: &Project, call: NodeRef, function: NodeRef) -> bool {
    let is_class = |at: NodeRef| class_kinds("class").contains(&project.kind(at));
    let holder = project.parent(function).and_then(|body| project.parent(body)).filter(|holder| is_class(*holder));
    if project.language(function.file).family() != "python" || holder.is_none() {
        return false;
    }
    let decorators = project.children(function).filter(|child| project.kind(*child).name() == "decorator");
    let words: Vec<&str> = decorators.map(|decorator| project.text(decorator)).collect();
    if words.contains(&"@staticmethod") {
        return false;
    }
    // `Class.method(instance)` gives it itself.
    let object = project.child(call, "function").and_then(|callee| project.child(callee, "object"));
    let of_class = object.is_some_and(|object| project.text(object) != "cls" && is_class(project.value(object)));
    !of_class || words.contains(&"@classmethod")
}

fn pair(project: &Project, arguments: NodeRef, parameters: &[NodeRef], target: Target, found: &mut Vec<Given>) {
    let mut number = 0;
    let mut is_known = true;
    for argument in project.children(arguments) {
        let kind = project.kind(argument).name();
        let (parameter, value) = match kind {
            "keyword_argument" => {
                let name = project.child(argument, "name").map_or("", |name| project.text(name));
                let named = parameters.iter().find(|parameter| name_of(project, **parameter) == Some(name));
                (named, project.child(argument, "value"))
            }
            "spread_element" | "list_splat" | "dictionary_splat" => {
                is_known &= kind == "dictionary_splat";
                continue;
            }
            _ => {
                let rest = parameters.last().filter(|last| is_rest(project, **last));
                let place = parameters.get(number).or(rest).filter(|_| is_known);
                number += 1;
                (place, Some(argument))
            }
        };
        if let (Some(parameter), Some(value)) = (parameter, value) {
            found.push(Given { parameter: *parameter, value, possible: target.possible });
        }
    }
}

fn name_of(project: &Project, parameter: NodeRef) -> Option<&str> {
    if project.kind(parameter).name() == "identifier" {
        return Some(project.text(parameter));
    }
    let name = project.child(parameter, "name").or_else(|| project.children(parameter).next())?;
    Some(project.text(name))
}

fn is_rest(project: &Project, parameter: NodeRef) -> bool {
    let is_rest = |at: NodeRef| matches!(project.kind(at).name(), "rest_pattern" | "list_splat_pattern");
    is_rest(parameter) || project.children(parameter).any(is_rest)
}
