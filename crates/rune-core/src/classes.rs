//! Which class an expression is an instance of, and what its methods are: through constructors, types, fields, bases and
//! the classes that override. No container and no framework is known: what only they know is not found.

use std::cell::Cell;

use rune_model::Span;
use rune_syntax::{Definition, NodeRef, Project, class_kinds};

use crate::builtin;
use crate::calls::{self, Target};

/// How many names and types are followed for one answer.
const MAX_STEPS: u32 = 160;

/// How many classes stand above one at most.
const MAX_BASES: usize = 24;

/// How many classes that derive from one are looked at.
const MAX_HEIRS: usize = 32;

/// The steps that are left for one answer.
pub(crate) struct Fuel(Cell<u32>);

impl Fuel {
    pub(crate) fn new() -> Fuel {
        Fuel(Cell::new(MAX_STEPS))
    }

    /// Takes a step; `None` if there is none left.
    pub(crate) fn take(&self) -> Option<()> {
        self.0.set(self.0.get().checked_sub(1)?);
        Some(())
    }
}

/// What class a value is of.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Instance {
    pub(crate) class: NodeRef,
    /// Whether it is that class itself, not one that derives from it.
    exact: bool,
}

fn is_class(project: &Project, at: NodeRef) -> bool {
    class_kinds("class").contains(&project.kind(at))
}

/// The class whose instance, or which itself, an expression is.
pub(crate) fn class_of(project: &Project, at: NodeRef, fuel: &Fuel) -> Option<Instance> {
    fuel.take()?;
    let at = project.peel(at);
    match project.kind(at).name() {
        "this" => project.class_around(at).map(|class| Instance { class, exact: false }),
        "await_expression" | "await" => class_of(project, project.children(at).next()?, fuel),
        "new_expression" => class_named(project, project.child(at, "constructor")?, true),
        "call_expression" | "call" => class_given(project, at, fuel),
        "identifier" if is_own_name(project, at) => project.class_around(at).map(|class| Instance { class, exact: false }),
        "identifier" => declared_class(project, at).or_else(|| class_of_definition(project, at, &project.definition(at), fuel)),
        "member_expression" | "attribute" => class_of_definition(project, at, &project.definition(at), fuel),
        _ => None,
    }
}

/// `self` and `cls` of Python methods.
fn is_own_name(project: &Project, at: NodeRef) -> bool {
    project.language(at.file).family() == "python" && matches!(project.text(at), "self" | "cls")
}

fn class_named(project: &Project, name: NodeRef, exact: bool) -> Option<Instance> {
    let Definition::Node(class) = project.definition(name) else { return None };
    is_class(project, class).then_some(Instance { class, exact })
}

/// The class of what a call gives: the class that is called, the type it is said to return, or what it returns.
fn class_given(project: &Project, call: NodeRef, fuel: &Fuel) -> Option<Instance> {
    let callee = project.child(call, "function")?;
    if let Some(instance) = class_named(project, callee, true) {
        return Some(instance);
    }
    let targets = calls::functions_of(project, callee, fuel);
    let [Target { function, possible: false }] = targets.as_slice() else { return None };
    if let Some(kind) = project.child(*function, "return_type") {
        return class_of_type(project, kind, fuel);
    }
    let [value] = calls::returned(project, *function).as_slice().try_into().ok()?;
    class_of(project, value, fuel)
}

/// The class that the declaration of a variable says.
fn declared_class(project: &Project, name: NodeRef) -> Option<Instance> {
    let place = NodeRef { node: project.binding(name)?.node, ..name };
    let declaration = project.parent(place)?;
    let is_declaration = matches!(project.kind(declaration).name(), "variable_declarator" | "assignment");
    let kind = project.child(declaration, "type").filter(|_| is_declaration)?;
    class_of_type(project, kind, &Fuel::new())
}

fn class_of_definition(project: &Project, at: NodeRef, definition: &Definition, fuel: &Fuel) -> Option<Instance> {
    fuel.take()?;
    match definition {
        Definition::External { .. } => None,
        Definition::Node(node) if is_class(project, *node) => Some(Instance { class: *node, exact: true }),
        Definition::Node(node) => match project.kind(*node).name() {
            "public_field_definition" => field_class(project, *node, fuel),
            _ if project.parameter_of(*node).is_some() => {
                class_of_type(project, project.child(project.parameter_of(*node)?, "type")?, fuel)
            }
            "identifier" | "shorthand_property_identifier_pattern" => declared_class(project, *node),
            _ if *node == at => None,
            _ => class_of(project, *node, fuel),
        },
        Definition::Member(base, key) => {
            let holder = class_of_definition(project, at, base, fuel)?;
            let field = classes_above(project, holder.class).into_iter().find_map(|class| project.member_of(class, key))?;
            class_of_definition(project, at, &field, fuel)
        }
    }
}

fn field_class(project: &Project, field: NodeRef, fuel: &Fuel) -> Option<Instance> {
    match project.child(field, "type") {
        Some(kind) => class_of_type(project, kind, fuel),
        None => class_of(project, project.child(field, "value")?, fuel),
    }
}

/// The class that a type names: `X`, `Promise<X>`, `X | null`, `Optional[X]`, `Annotated[X, …]`, `"X"`.
fn class_of_type(project: &Project, kind: NodeRef, fuel: &Fuel) -> Option<Instance> {
    fuel.take()?;
    let mut inner = project.children(kind);
    match project.kind(kind).name() {
        "type_annotation" | "type" => class_of_type(project, inner.next()?, fuel),
        "generic_type" | "subscript" => {
            let name = inner.next()?;
            let holds_other = matches!(project.text(name), "Promise" | "Readonly" | "Optional" | "Annotated" | "Awaitable");
            if !holds_other {
                return class_named(project, name, false);
            }
            let argument = inner.next()?;
            let is_list = matches!(project.kind(argument).name(), "type_arguments" | "type_parameter");
            class_of_type(project, if is_list { project.children(argument).next()? } else { argument }, fuel)
        }
        "union_type" | "binary_operator" => {
            let is_nothing = |at: &NodeRef| matches!(project.text(*at), "null" | "undefined" | "None" | "|");
            let known: Vec<NodeRef> = inner.filter(|part| !is_nothing(part)).collect();
            let [only] = known.as_slice() else { return None };
            class_of_type(project, *only, fuel)
        }
        "string" => {
            let name = project.text(kind).trim_matches(['"', '\'']);
            let place = NodeRef { node: project.scopes(kind.file).top_level(name)?.node, ..kind };
            class_named(project, place, false)
        }
        _ => class_named(project, kind, false),
    }
}

/// A class and those it derives from, nearest first.
pub(crate) fn classes_above(project: &Project, class: NodeRef) -> Vec<NodeRef> {
    let mut found = vec![class];
    let mut next = 0;
    while next < found.len() && found.len() < MAX_BASES {
        for base in bases(project, found[next]) {
            if !found.contains(&base) {
                found.push(base);
            }
        }
        next += 1;
    }
    found
}

fn bases(project: &Project, class: NodeRef) -> Vec<NodeRef> {
    base_names(project, class).into_iter().filter_map(|name| class_named(project, name, true)).map(|base| base.class).collect()
}

/// What stands where a class names its bases and interfaces.
fn base_names(project: &Project, class: NodeRef) -> Vec<NodeRef> {
    let header = project
        .child(class, "superclasses")
        .or_else(|| project.children(class).find(|child| project.kind(*child).name() == "class_heritage"));
    let Some(header) = header else { return Vec::new() };
    let name = |at: NodeRef| match project.kind(at).name() {
        "generic_type" | "subscript" => project.children(at).next().unwrap_or(at),
        _ => at,
    };
    let entries = project.children(header).flat_map(|entry| match project.kind(entry).name() {
        "extends_clause" | "implements_clause" => project.children(entry).collect(),
        _ => vec![entry],
    });
    entries.map(name).collect()
}

/// The classes that derive from one, directly or not; some of them if there are many.
fn classes_below(project: &Project, class: NodeRef) -> Vec<NodeRef> {
    let mut found: Vec<NodeRef> = Vec::new();
    let mut work = vec![class];
    while let Some(above) = work.pop() {
        let Some(name) = project.child(above, "name") else { continue };
        for (file, offset) in project.heirs_of(project.text(name)).iter().take(MAX_HEIRS) {
            let ast = project.ast(*file);
            let place = NodeRef { file: *file, node: ast.covering(Span::new(*offset, *offset + 1)) };
            let heir = if is_class(project, place) { Some(place) } else { project.class_around(place) };
            let Some(heir) = heir.filter(|heir| !found.contains(heir) && bases(project, *heir).contains(&above)) else {
                continue;
            };
            if found.len() == MAX_HEIRS {
                return found;
            }
            found.push(heir);
            work.push(heir);
        }
    }
    found
}

/// The method `name` that a class has itself, with a body.
fn own_method(project: &Project, class: NodeRef, name: &str) -> Option<Target> {
    let body = project.child(class, "body")?;
    let is_named = |member: &NodeRef| project.child(*member, "name").is_some_and(|at| project.text(at) == name);
    let member = project.children(body).filter(is_named).filter(|member| !is_overload(project, *member)).last()?;
    let possible = !project.scopes(class.file).field_writes(class.node, name).is_empty();
    let function = match project.kind(member).name() {
        "public_field_definition" => project.value(project.child(member, "value")?),
        _ => member,
    };
    (builtin::is_function(project, function) && !is_empty(project, function)).then_some(Target { function, possible })
}

/// A signature among several, which Python writes like a function.
fn is_overload(project: &Project, member: NodeRef) -> bool {
    let decorators = project.children(member).filter(|child| project.kind(*child).name() == "decorator");
    decorators.into_iter().any(|decorator| project.text(decorator).trim_start_matches('@').ends_with("overload"))
}

/// Whether a method only says that others have to write it: `raise NotImplementedError`, `...`, an `@abstractmethod`.
fn is_empty(project: &Project, function: NodeRef) -> bool {
    if project.language(function.file).family() != "python" {
        return project.child(function, "body").is_none();
    }
    let mut decorators = project.children(function).filter(|child| project.kind(*child).name() == "decorator");
    let is_abstract = decorators.any(|decorator| project.text(decorator).ends_with("abstractmethod"));
    let last = project.child(function, "body").and_then(|body| project.children(body).last());
    let says_nothing = last
        .is_some_and(|last| matches!(project.text(last), "..." | "raise NotImplementedError" | "raise NotImplementedError()"));
    is_abstract || says_nothing
}

/// The functions that a method of an instance may be: its class's, or those of classes that override it.
pub(crate) fn methods(project: &Project, instance: Instance, name: &str) -> Vec<Target> {
    let inherited = classes_above(project, instance.class).into_iter().find_map(|class| own_method(project, class, name));
    let mut found: Vec<Target> = inherited.into_iter().collect();
    if !instance.exact {
        let below = classes_below(project, instance.class).into_iter();
        found.extend(below.filter_map(|class| own_method(project, class, name)));
        // The one that runs is not known if there are several, or if only those are there that override.
        let is_sure = inherited.is_some() && found.len() == 1;
        found.iter_mut().for_each(|target| target.possible |= !is_sure);
    }
    found
}

/// The constructor that runs for an instance of a class.
pub(crate) fn constructor(project: &Project, class: NodeRef) -> Option<Target> {
    let name = if project.language(class.file).family() == "python" { "__init__" } else { "constructor" };
    classes_above(project, class).into_iter().find_map(|class| own_method(project, class, name))
}

/// The functions that a method called on `super` is.
pub(crate) fn inherited(project: &Project, at: NodeRef, name: &str) -> Vec<Target> {
    let Some(class) = project.class_around(at) else { return Vec::new() };
    let above = classes_above(project, class).into_iter().skip(1);
    above.into_iter().find_map(|class| own_method(project, class, name)).into_iter().collect()
}
