//! The relations that the engine itself gives: functions, imports, returned values, loops, what is
//! computed from what, where values go, which functions are called, and SQL (`sql.rs`). They are read off the tree when
//! asked for, never stored. No framework is known here.

use std::sync::LazyLock;

use rune_pack::ColumnType;
use rune_pattern::{RowAtom, Value};
use rune_syntax::{Kind, KindSet, NodeRef, Project, class_kinds};

use crate::arguments::{self, Given};
use crate::calls::{self, Step, Target};
use crate::depend;
use crate::eval::{Relations, Solver, State};
use crate::flow::{Strength, best_ways};
use crate::relation::Row;
use crate::sql;

type Columns = Vec<(String, ColumnType)>;

/// The built-in relations with their columns.
pub(crate) static BUILTIN: LazyLock<Vec<(&'static str, Columns)>> = LazyLock::new(|| {
    let column = |name: &str, kind: ColumnType| (name.to_owned(), kind);
    use ColumnType::{Bool, Name, Node, Number, String, Symbol};
    let mut all = vec![
        ("function", vec![column("name", String), column("params", Number), column("async", Bool)]),
        ("import", vec![column("symbol", Symbol), column("module", String), column("name", String)]),
        ("return", vec![column("function", Symbol), column("value", Node)]),
        ("loop", vec![column("item", Symbol), column("over", Node)]),
        ("parameter", vec![column("function", Symbol), column("name", Name), column("type", Node)]),
        ("depends", vec![column("value", Node), column("on", Node)]),
        ("reaches", vec![column("from", Node), column("to", Node), column("part", Bool)]),
        ("call", vec![column("from", Symbol), column("to", Symbol)]),
        ("argument", vec![column("call", Node), column("parameter", Node), column("value", Node)]),
        ("runs", vec![column("handler", Symbol), column("function", Symbol)]),
    ];
    all.extend(sql::relations());
    all
});

/// The columns that must be known before the rows of a built-in relation can be told.
pub(crate) fn inputs(relation: &str) -> &'static [&'static str] {
    match relation {
        "depends" => &["value", "on"],
        "reaches" => &["from"],
        "runs" => &["handler"],
        "argument" => &["call"],
        _ => &[],
    }
}

/// Names of methods that call the function given to them once for each item.
const ITERATING: &[&str] = &[
    "map",
    "forEach",
    "filter",
    "flatMap",
    "some",
    "every",
    "find",
    "findIndex",
    "findLast",
    "findLastIndex",
    "reduce",
    "reduceRight",
];

/// Whether there is a built-in relation of that name.
pub(crate) fn is_builtin(name: &str) -> bool {
    BUILTIN.iter().any(|(known, _)| *known == name)
}

/// The columns of a relation, built in or not.
pub(crate) fn columns_of<'r>(relations: &'r Relations, name: &str) -> (&'r [(String, ColumnType)], bool) {
    if let Some(relation) = relations.get(name) {
        return (&relation.columns, false);
    }
    let found = BUILTIN.iter().find(|(known, _)| *known == name);
    (found.map_or(&[], |(_, columns)| columns.as_slice()), true)
}

/// The rows that an atom may mean, starting from what it has bound.
pub(crate) fn rows(solver: &Solver<'_>, atom: &RowAtom, state: &State) -> Vec<Row> {
    let bound = |name: &str| {
        let operand = atom.columns.iter().find(|(known, _)| known == name)?;
        solver.node_of(solver.value(&operand.1, state).as_ref())
    };
    let project = solver.project;
    match atom.relation.as_str() {
        "depends" => {
            let (Some(value), Some(on)) = (bound("value"), bound("on")) else { return Vec::new() };
            let holds = value.file == on.file && depend::depends(project, value, on, &solver.flow(on, Strength::Computed));
            let found = row(value, vec![Some(Value::Node(value)), Some(Value::Node(on))]);
            return if holds { vec![found] } else { Vec::new() };
        }
        "reaches" => return bound("from").map(|from| reaches(solver, from, bound("to"))).unwrap_or_default(),
        "argument" => return bound("call").map(|call| arguments_of(solver, call)).unwrap_or_default(),
        "runs" => return bound("handler").map(|handler| runs(solver, handler)).unwrap_or_default(),
        _ => {}
    }
    if sql::is_relation(&atom.relation) {
        let Some(at) = bound("at").or_else(|| bound("text")) else { return Vec::new() };
        let asked = atom.columns.iter().find(|(name, _)| name == "fragment");
        let is_fragment = asked.is_some_and(|(_, operand)| solver.value(operand, state) == Some(Value::Bool(true)));
        return match is_fragment {
            true => sql::rows_of_fragment(project, &atom.relation, at),
            false => sql::rows_of(project, &atom.relation, at),
        };
    }
    if let Some(at) = bound("at") {
        let direct = rows_at(solver, &atom.relation, at);
        return if direct.is_empty() { rows_at(solver, &atom.relation, project.value(at)) } else { direct };
    }
    match atom.relation.as_str() {
        "call" => bound("from").map(|from| calls_from(solver, from)).unwrap_or_default(),
        "import" => bound("symbol").map(|symbol| import(solver, symbol, symbol)).unwrap_or_default(),
        "parameter" => {
            let Some(function) = bound("function").map(|f| project.value(f)) else { return Vec::new() };
            let lists = project.children(function).filter(|child| is_parameter_list(project, *child));
            lists.flat_map(|list| project.children(list)).filter_map(|at| parameter(project, at)).collect()
        }
        "return" => {
            let Some(function) = bound("function").map(|f| project.value(f)) else { return Vec::new() };
            calls::own_nodes(project, function).filter_map(|at| returned(project, at)).collect()
        }
        _ => Vec::new(),
    }
}

/// The rows found at one node.
pub(crate) fn rows_at(solver: &Solver<'_>, relation: &str, at: NodeRef) -> Vec<Row> {
    let project = solver.project;
    match relation {
        "function" => function(project, at).into_iter().collect(),
        "loop" => loop_rows(project, at),
        "return" => returned(project, at).into_iter().collect(),
        "import" => match is_import_name(project, at) {
            true => import(solver, at, at),
            false => Vec::new(),
        },
        "parameter" => parameter(project, at).into_iter().collect(),
        "call" => call(solver, at),
        _ if sql::is_relation(relation) => sql::rows_at(project, relation, at),
        _ => Vec::new(),
    }
}

/// The kinds of nodes at which a relation that is told by them may give rows.
pub(crate) fn kinds(relation: &str) -> Option<&'static [Kind]> {
    static LOOPS: LazyLock<Vec<Kind>> = LazyLock::new(|| [class_kinds("loop"), class_kinds("function")].concat());
    match relation {
        "call" | "function" => Some(class_kinds(relation)),
        "loop" => Some(&LOOPS),
        _ => None,
    }
}

/// The kinds of nodes at which [`rows_at`] gives rows; `None` if they are not told by their kind.
pub(crate) fn start_kinds(relation: &str) -> Option<Vec<Kind>> {
    match relation {
        "call" | "function" => Some(class_kinds(relation).to_vec()),
        "import" => Some(vec![Kind::of("identifier"), Kind::of("shorthand_property_identifier_pattern")]),
        _ => sql::start_kinds(relation),
    }
}

/// Whether a built-in relation looks at other files, or for long: its conditions wait until others have held.
pub(crate) fn is_costly(relation: &str) -> bool {
    matches!(relation, "argument" | "call" | "depends" | "runs" | "reaches")
}

/// Whether what a row of a built-in relation relates stands in one file.
pub(crate) fn is_of_one_file(relation: &str) -> bool {
    matches!(relation, "depends" | "reaches")
}

fn reaches(solver: &Solver<'_>, from: NodeRef, to: Option<NodeRef>) -> Vec<Row> {
    if to.is_some_and(|to| to.file != from.file) {
        return Vec::new();
    }
    let reached = solver.flow(from, Strength::Kept);
    let mut places: Vec<(u32, u8)> = match to {
        Some(to) => reached.places.get(&to.node).map(|ways| (to.node, *ways)).into_iter().collect(),
        None => reached.places.iter().map(|(node, ways)| (*node, *ways)).collect(),
    };
    places.sort_unstable();
    let rows = places.into_iter().flat_map(|(node, ways)| best_ways(ways).map(move |way| (node, way)));
    rows.map(|(node, (part, possible))| {
        let to = NodeRef { file: from.file, node };
        let values = vec![Some(Value::Node(from)), Some(Value::Node(to)), Some(Value::Bool(part))];
        Row { at: Some(to), values, possible }
    })
    .collect()
}

fn call(solver: &Solver<'_>, at: NodeRef) -> Vec<Row> {
    let project = solver.project;
    if !class_kinds("call").contains(&project.kind(at)) {
        return Vec::new();
    }
    let targets = solver.called(at);
    if targets.is_empty() {
        return Vec::new();
    }
    let from = calls::caller_of(project, at);
    let row = |target: &Target| Row {
        at: Some(at),
        values: vec![Some(Value::Node(from)), Some(Value::Node(target.function))],
        possible: target.possible,
    };
    targets.iter().map(row).collect()
}

fn arguments_of(solver: &Solver<'_>, call: NodeRef) -> Vec<Row> {
    let row = |given: Given| Row {
        at: Some(given.value),
        values: vec![Some(Value::Node(call)), Some(Value::Node(given.parameter)), Some(Value::Node(given.value))],
        possible: given.possible,
    };
    arguments::given(solver.project, call, &solver.called(call)).into_iter().map(row).collect()
}

/// The calls that stand in a function itself, not in another one inside it.
fn calls_from(solver: &Solver<'_>, from: NodeRef) -> Vec<Row> {
    let project = solver.project;
    let from = project.value(from);
    let nodes = calls::own_nodes(project, from).skip(1).take_while(|_| solver.matcher.step());
    nodes.flat_map(|at| call(solver, at)).collect()
}

fn runs(solver: &Solver<'_>, handler: NodeRef) -> Vec<Row> {
    let row = |step: &Step| Row {
        at: Some(step.at),
        values: vec![Some(Value::Node(handler)), Some(Value::Node(step.function))],
        possible: step.possible,
    };
    solver.runs(handler).iter().map(row).collect()
}

fn row(at: NodeRef, values: Vec<Option<Value>>) -> Row {
    Row { at: Some(at), values, possible: false }
}

/// Whether a node is a function of any kind.
pub(crate) fn is_function(project: &Project, at: NodeRef) -> bool {
    static FUNCTIONS: LazyLock<KindSet> = LazyLock::new(|| class_kinds("function").iter().copied().collect());
    FUNCTIONS.contains(project.kind(at))
}

/// The innermost function around a node; `None` at the top of the file.
pub(crate) fn enclosing_function(project: &Project, at: NodeRef) -> Option<NodeRef> {
    let ast = project.ast(at.file);
    ast.ancestors(at.node).map(|node| NodeRef { file: at.file, node }).find(|node| is_function(project, *node))
}

fn function(project: &Project, at: NodeRef) -> Option<Row> {
    if !is_function(project, at) {
        return None;
    }
    let name = name_of(project, at).map(|name| Value::Text(project.name_text(name).into()));
    let list = project.child(at, "parameters");
    let n = list.map_or(0, |list| project.children(list).filter(|child| !is_separator(project, *child)).count());
    let is_async = project.children(at).any(|child| project.kind(child).name() == "async");
    Some(row(at, vec![name, Some(Value::Number(n as f64)), Some(Value::Bool(is_async))]))
}

/// The name of a function: its own, or that of the variable, key or field that it is the value of.
fn name_of(project: &Project, at: NodeRef) -> Option<NodeRef> {
    if let Some(name) = project.child(at, "name") {
        return Some(name);
    }
    let holder = project.parent(at)?;
    let name = match project.kind(holder).name() {
        "variable_declarator" | "public_field_definition" => project.child(holder, "name"),
        "pair" => project.child(holder, "key"),
        "assignment_expression" | "assignment" => project.child(holder, "left"),
        _ => None,
    };
    name.filter(|name| *name != at && NAMES.contains(&project.kind(*name).name()))
}

/// Kinds of nodes that name a function.
const NAMES: &[&str] = &["identifier", "property_identifier", "private_property_identifier", "string"];

/// `*` and `/` among the parameters of Python.
fn is_separator(project: &Project, at: NodeRef) -> bool {
    matches!(project.kind(at).name(), "keyword_separator" | "positional_separator")
}

/// Names bound by import statements, and calls of `require` that bind.
fn is_import_name(project: &Project, at: NodeRef) -> bool {
    if !project.is_name(at) {
        return false;
    }
    let binding = project.binding(at);
    binding.is_some_and(|b| b.node == at.node && matches!(b.kind, rune_syntax::BindingKind::Import { .. }))
}

fn import(solver: &Solver<'_>, symbol: NodeRef, at: NodeRef) -> Vec<Row> {
    let Some((module, name)) = solver.external(symbol) else { return Vec::new() };
    let dotted = if name.is_empty() { module.clone() } else { format!("{module}.{name}").into() };
    let python = solver.project.language(symbol.file).family() == "python";
    let modules = if python && !name.is_empty() { vec![module, dotted] } else { vec![module] };
    let make = |module| row(at, vec![Some(Value::Node(symbol)), Some(Value::Text(module)), Some(Value::Text(name.clone()))]);
    modules.into_iter().map(make).collect()
}

fn returned(project: &Project, at: NodeRef) -> Option<Row> {
    static RETURNING: LazyLock<KindSet> = LazyLock::new(|| KindSet::of(&["return_statement", "arrow_function", "lambda"]));
    if !RETURNING.contains(project.kind(at)) {
        return None;
    }
    let kind = project.kind(at).name();
    if kind == "return_statement" {
        let value = project.children(at).next()?;
        let function = enclosing_function(project, at)?;
        return Some(row(value, vec![Some(Value::Node(function)), Some(Value::Node(value))]));
    }
    if kind == "arrow_function" || kind == "lambda" {
        let body = project.child(at, "body").filter(|body| project.kind(*body).name() != "statement_block")?;
        return Some(row(body, vec![Some(Value::Node(at)), Some(Value::Node(body))]));
    }
    None
}

fn is_parameter_list(project: &Project, at: NodeRef) -> bool {
    static LISTS: LazyLock<KindSet> = LazyLock::new(|| KindSet::of(&["formal_parameters", "parameters", "lambda_parameters"]));
    LISTS.contains(project.kind(at))
}

fn parameter(project: &Project, at: NodeRef) -> Option<Row> {
    let list = project.parent(at).filter(|list| is_parameter_list(project, *list))?;
    let function = project.parent(list)?;
    let name = match project.kind(at).name() {
        "identifier" => at,
        _ => project.child(at, "pattern").or_else(|| project.child(at, "name")).or_else(|| project.children(at).next())?,
    };
    let is_rest = project.kind(name).name().ends_with("rest_pattern") || project.kind(name).name().ends_with("splat_pattern");
    let name = if is_rest { project.children(name).next()? } else { name };
    let kind = project.child(at, "type").map(|kind| project.children(kind).next().unwrap_or(kind));
    Some(row(at, vec![Some(Value::Node(function)), Some(Value::Text(project.text(name).into())), kind.map(Value::Node)]))
}

/// A loop gives a row for each name it binds, and one without an item if it binds none.
fn loop_rows(project: &Project, at: NodeRef) -> Vec<Row> {
    static LOOPS: LazyLock<KindSet> = LazyLock::new(|| class_kinds("loop").iter().copied().collect());
    if !LOOPS.contains(project.kind(at)) && !is_function(project, at) {
        return Vec::new();
    }
    let kind = project.kind(at).name();
    let (target, over) = match kind {
        "for_in_statement" => (project.child(at, "left"), project.child(at, "right")),
        "for_statement" if project.language(at.file).family() == "python" => {
            (project.child(at, "left"), project.child(at, "right"))
        }
        "for_statement" => counted(project, at),
        "while_statement" | "do_statement" => (None, None),
        "list_comprehension" | "set_comprehension" | "dictionary_comprehension" | "generator_expression" => {
            let clause = project.children(at).find(|child| project.kind(*child).name() == "for_in_clause");
            (clause.and_then(|c| project.child(c, "left")), clause.and_then(|c| project.child(c, "right")))
        }
        _ => match callback_of(project, at) {
            Some((over, parameter)) => (parameter, Some(over)),
            None => return Vec::new(),
        },
    };
    let items: Vec<NodeRef> = target.map_or(Vec::new(), |target| names_in(project, target));
    let over = over.map(Value::Node);
    if items.is_empty() {
        return vec![row(at, vec![None, over])];
    }
    items.into_iter().map(|item| row(at, vec![Some(Value::Node(item)), over.clone()])).collect()
}

/// `for (let i = 0; i < list.length; i++)`: the counter stands for the item, the list is what is iterated. A counter that
/// takes larger steps stands for none.
fn counted(project: &Project, at: NodeRef) -> (Option<NodeRef>, Option<NodeRef>) {
    let step = project.child(at, "increment").map_or("", |step| project.kind(step).name());
    if step != "update_expression" {
        return (None, None);
    }
    let counter = project.child(at, "condition").and_then(|condition| {
        let (left, right) = (project.child(condition, "left")?, project.child(condition, "right")?);
        let is_length = project.child(right, "property").is_some_and(|name| project.text(name) == "length");
        let binding = project.binding(left).filter(|binding| is_length && binding.scope == at.node)?;
        Some((NodeRef { file: at.file, node: binding.node }, project.child(right, "object")?))
    });
    (counter.map(|(counter, _)| counter), counter.map(|(_, list)| list))
}

/// The names in a pattern or parameter, those of its default value too.
pub(crate) fn names_in(project: &Project, target: NodeRef) -> Vec<NodeRef> {
    let ast = project.ast(target.file);
    let nodes = (target.node..ast.subtree_end(target.node)).map(|node| NodeRef { file: target.file, node });
    nodes.filter(|node| project.is_name(*node)).collect()
}

/// The call that an argument is given to, and the name of the method that is called.
pub(crate) fn given_to_method(project: &Project, at: NodeRef) -> Option<(NodeRef, NodeRef)> {
    let arguments = project.parent(at).filter(|parent| matches!(project.kind(*parent).name(), "arguments" | "argument_list"))?;
    let call = project.parent(arguments)?;
    let callee = project.child(call, "function")?;
    let name = project.child(callee, "property").or_else(|| project.child(callee, "attribute"))?;
    Some((call, name))
}

/// Whether a method calls the function given to it once for each item.
pub(crate) fn is_iterating(method: &str) -> bool {
    ITERATING.contains(&method)
}

/// A function given to an iterating call, by its name too: what is iterated, and the parameter that takes the item.
pub(crate) fn callback_of(project: &Project, at: NodeRef) -> Option<(NodeRef, Option<NodeRef>)> {
    if !is_function(project, at) {
        return None;
    }
    let (over, position) = iterated(project, at).or_else(|| iterated(project, only_use(project, at)?))?;
    let parameter = project.child(at, "parameters").and_then(|list| project.children(list).nth(position));
    Some((over, parameter.map(|p| project.child(p, "pattern").unwrap_or(p))))
}

/// What is iterated by the call that an argument is the callback of, and which parameter of the callback takes the item.
fn iterated(project: &Project, argument: NodeRef) -> Option<(NodeRef, usize)> {
    let (call, name) = given_to_method(project, argument)?;
    let (callee, method) = (project.child(call, "function")?, project.text(name));
    let object = project.child(callee, "object")?;
    if is_iterating(method) {
        return Some((object, usize::from(method.starts_with("reduce"))));
    }
    // `Array.from(list, (item) => …)`.
    let mut given = project.children(project.parent(argument)?);
    let is_global = project.text(callee) == "Array.from" && project.binding(object).is_none();
    let over = given.next().filter(|_| is_global)?;
    (given.next() == Some(argument)).then_some((over, 0))
}

/// The only place that names a function, if it has a name that is written once.
fn only_use(project: &Project, function: NodeRef) -> Option<NodeRef> {
    let holder = project.parent(function)?;
    let name = match project.kind(holder).name() {
        "variable_declarator" => project.child(holder, "name")?,
        _ => project.child(function, "name").filter(|_| project.kind(function).name().starts_with("function"))?,
    };
    let binding = project.binding(name).filter(|binding| binding.node == name.node && binding.n_writes <= 1)?;
    let mut uses = project.names_of(name, binding).filter(|at| *at != name);
    uses.next().filter(|_| uses.next().is_none())
}

/// Whether a function that stands among the arguments of a call runs once for each item: it belongs to the loop.
pub(crate) fn is_loop_callback(project: &Project, at: NodeRef) -> bool {
    is_function(project, at) && iterated(project, at).is_some()
}
