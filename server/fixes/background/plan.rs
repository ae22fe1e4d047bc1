//! The data flow of what moves: what goes into the task, what comes out of it, and what the rest of the handler needs.

use ruff_python_ast::token::TokenKind;
use ruff_python_ast::visitor::{Visitor, walk_stmt};
use ruff_python_ast::{Expr, Pattern, Stmt, StmtFunctionDef};
use ruff_python_parser::parse_expression;
use ruff_text_size::{Ranged, TextRange};
use rustc_hash::FxHashSet;

use super::super::layout::Layout;
use super::flow::{Flow, Names, bound, parameters};
use super::limits;
use super::reads::{Context, Contexts, Use};
use super::target::Target;
use super::values::{Wire, obstacle};
use super::{Refusal, because};
use crate::syntax::python::PythonFile;
use crate::text::{Source, TextEdit, apply_edits};

/// What goes in and out.
pub(super) struct Plan {
    /// The task's parameters, each with the expression that the handler gives for it.
    pub inputs: Vec<(String, String)>,
    /// The names that the task's result holds.
    pub outputs: Vec<String>,
    /// Imports of the handler that the moved code needs, as statements.
    pub task_imports: Vec<String>,
    /// Imports of the handler that the rest of it needs.
    pub view_imports: Vec<String>,
    /// The names of the module, or of the language, that the moved code uses.
    pub module_names: Vec<String>,
    /// The name for the value of the call, when only a call moves.
    pub value: Option<String>,
    /// The file with simple reads replaced by names, from which the moved statements are taken.
    moved: PythonFile,
    /// The same for what follows them, where a moved call is replaced by its value too.
    rest: PythonFile,
    /// The text of the call that moves alone.
    call: Option<String>,
    target: Target,
}

impl Plan {
    /// Works out what goes in and out.
    pub fn make(
        file: &PythonFile,
        target: &Target,
        contexts: &Contexts,
        wire: Wire,
    ) -> Result<Self, Refusal> {
        let function = target.function(file).ok_or(Refusal::NotHere)?;
        let span = target.span(file).ok_or(Refusal::NotHere)?;
        let statements: Vec<&Stmt> = span.statements().ok_or(Refusal::NotHere)?.iter().collect();
        limits::check(file, target, &statements)?;
        let locals = locals_of(function);
        limits::check_shared(file.body(), &statements, &locals)?;
        let before = Before::of(target, function);
        let mut taken = identifiers(file, function.range());

        let call = target.call;
        let in_call = |one: &Use| call.is_none_or(|call| call.contains_range(one.range));
        let moved_uses: Vec<Use> =
            contexts.uses(file, statements.iter().copied()).into_iter().filter(in_call).collect();
        let mut hoisted = Hoisted::default();
        for one in &moved_uses {
            // A name that the moved code binds itself may be that of its parameter: `year = int(year)`.
            if let Some(name) =
                one.suggested.as_ref().filter(|name| locals.contains(*name) && !before.names.contains(*name))
                && moved_uses.iter().filter(|other| other.suggested.as_ref() == Some(name)).count() == 1
            {
                taken.remove(name);
            }
            hoisted.take(one, &mut taken, contexts)?;
        }
        let moved_edits = hoisted.edits.clone();
        let rest = target.rest(file).ok_or(Refusal::NotHere)?;
        let rest_statements: Vec<&Stmt> =
            rest.iter().filter_map(|span| span.statements()).flatten().collect();
        for one in contexts.uses(file, rest_statements.iter().copied()) {
            if call.is_none_or(|call| !call.contains_range(one.range)) && one.context == Context::Request {
                hoisted.carry(&one, &mut taken, contexts)?;
            }
        }
        let mut rest_edits = hoisted.edits.split_off(moved_edits.len());
        let value = call.map(|_| fresh("value", &mut taken));
        if let (Some(call), Some(value)) = (call, &value) {
            rest_edits.push(TextEdit::replace(call, value.clone()));
        }
        let version = file.version();
        let edited = |edits: &[TextEdit]| {
            let text = apply_edits(file.source(), edits).ok_or(Refusal::NotHere)?;
            let edited = PythonFile::parse(Source::new(text), None, version);
            if edited.compiles() { Ok(edited) } else { Err(Refusal::NotHere) }
        };
        let mut plan = Self {
            inputs: Vec::new(),
            outputs: Vec::new(),
            task_imports: Vec::new(),
            view_imports: Vec::new(),
            module_names: Vec::new(),
            value,
            moved: edited(&moved_edits)?,
            rest: edited(&rest_edits)?,
            call: call.map(|call| edited_slice(file, call, &moved_edits)),
            target: target.clone(),
        };
        let flow = plan.moved_flow().ok_or(Refusal::NotHere)?;
        plan.take_inputs(&flow, &locals, &before, &hoisted);
        plan.take_outputs(&flow, &before, &hoisted)?;
        plan.refuse_values(&before, &hoisted, wire)?;
        let closure = closure_of(file, target);
        let outer = plan.module_names.iter().find(|name| closure.contains(*name));
        if let Some(name) = outer {
            return Err(because(format!(
                "It uses `{name}` of the function around the handler, which a worker cannot reach."
            )));
        }
        Ok(plan)
    }

    /// The moved code with this indentation, without it before the first line.
    pub fn moved_text(&self, indentation: &str) -> Option<String> {
        match &self.call {
            Some(call) => Some(call.clone()),
            None => self.target.span(&self.moved)?.text_for(indentation),
        }
    }

    /// What follows in the handler, in the same manner; empty when nothing does.
    pub fn rest_text(&self, indentation: &str, newline: &str) -> Option<String> {
        let spans = self.target.rest(&self.rest)?;
        let texts: Option<Vec<String>> = spans.iter().map(|span| span.text_for(indentation)).collect();
        Some(texts?.join(&format!("{newline}{indentation}")))
    }

    fn moved_flow(&self) -> Option<Flow> {
        match &self.call {
            Some(call) => {
                let parsed = parse_expression(call).ok()?;
                Some(Flow::of_expression(parsed.expr()))
            }
            None => Some(Flow::of(self.target.span(&self.moved)?.statements()?)),
        }
    }

    fn take_inputs(&mut self, flow: &Flow, locals: &Names, before: &Before, hoisted: &Hoisted) {
        for (name, _) in &flow.reads {
            if let Some(read) = hoisted.moved(name) {
                self.inputs.push((name.clone(), read));
            } else if let Some(import) = before.imports.iter().find(|(binds, _)| binds == name) {
                self.task_imports.push(import.1.clone());
            } else if before.names.contains(name) {
                self.inputs.push((name.clone(), name.clone()));
            } else if !locals.contains(name) {
                self.module_names.push(name.clone());
            }
        }
    }

    /// What the rest of the handler reads comes out of the task: what the task binds, and what was bound before it.
    fn take_outputs(&mut self, flow: &Flow, before: &Before, hoisted: &Hoisted) -> Result<(), Refusal> {
        let spans = self.target.rest(&self.rest).ok_or(Refusal::NotHere)?;
        let reads = Flow::of(spans.iter().filter_map(|span| span.statements()).flatten()).reads;
        for (name, _) in reads {
            let made = flow.binds.contains(&name) || self.value.as_ref() == Some(&name);
            let surely = flow.surely.contains(&name) || self.value.as_ref() == Some(&name);
            if let Some(read) = hoisted.carried(&name) {
                self.inputs.push((name.clone(), read));
                self.outputs.push(name);
            } else if let Some(import) = before.imports.iter().find(|(binds, _)| *binds == name && !made) {
                self.view_imports.push(import.1.clone());
            } else if before.names.contains(&name) && !before.is_request(&name, hoisted.request.as_deref()) {
                if !surely && !self.inputs.iter().any(|(input, _)| *input == name) {
                    self.inputs.push((name.clone(), name.clone()));
                }
                self.outputs.push(name);
            } else if made {
                self.outputs.push(name);
            }
        }
        Ok(())
    }

    fn refuse_values(&self, before: &Before, hoisted: &Hoisted, wire: Wire) -> Result<(), Refusal> {
        let moved = self.target.span(&self.moved).ok_or(Refusal::NotHere)?;
        let inside: Vec<&Stmt> = moved.statements().unwrap_or_default().iter().collect();
        for (name, argument) in self.inputs.iter().filter(|(name, _)| hoisted.moved(name).is_none()) {
            if let Some(kind) = before.obstacle(name, wire) {
                return Err(because(format!(
                    "It needs `{argument}`, {kind}, which cannot be handed to another process. Select what makes it as well."
                )));
            }
        }
        for name in &self.outputs {
            if let Some(kind) = obstacle(&inside, name, wire) {
                return Err(because(format!(
                    "What follows needs `{name}`, {kind}, which cannot be handed back by another process. Select what uses it as well."
                )));
            }
        }
        Ok(())
    }
}

/// What the handler did before the moved code.
struct Before {
    names: Names,
    /// The names that are imported, with the import as a statement of its own.
    imports: Vec<(String, String)>,
    /// Why values of names cannot travel.
    obstacles: Vec<(String, Wire, String)>,
}

impl Before {
    fn of(target: &Target, function: &StmtFunctionDef) -> Self {
        let mut before =
            Self { names: parameters(&function.parameters), imports: Vec::new(), obstacles: Vec::new() };
        let mut body: &[Stmt] = &function.body;
        let inner = target.way.get(target.depth..).unwrap_or_default();
        for (at, block) in inner {
            before.add(body.get(..*at).unwrap_or_default());
            let Some(stmt) = body.get(*at) else { break };
            before.add_header(stmt, *block);
            body = super::target::blocks(stmt).get(*block).copied().unwrap_or_default();
        }
        before.add(body.get(..target.first).unwrap_or_default());
        before
    }

    fn add(&mut self, statements: &[Stmt]) {
        let names = bound(statements);
        let all: Vec<&Stmt> = statements.iter().collect();
        for name in &names {
            for wire in [Wire::Json, Wire::Pickle] {
                if let Some(kind) = obstacle(&all, name, wire) {
                    self.obstacles.push((name.clone(), wire, kind));
                }
            }
        }
        self.names.extend(names);
        let mut imports = Imports(Vec::new());
        all.iter().for_each(|stmt| imports.visit_stmt(stmt));
        self.imports.extend(imports.0);
    }

    fn add_header(&mut self, stmt: &Stmt, block: usize) {
        match stmt {
            Stmt::If(inner) => self.names.extend(Flow::of_expression(&inner.test).binds),
            Stmt::Match(inner) => {
                let pattern: Option<&Pattern> = inner.cases.get(block).map(|case| &case.pattern);
                let mut flow = Flow::default();
                pattern.into_iter().for_each(|pattern| flow.visit_pattern(pattern));
                self.names.extend(flow.binds);
            }
            _ => {}
        }
    }

    fn obstacle(&self, name: &str, wire: Wire) -> Option<String> {
        self.obstacles.iter().find(|(own, of, _)| own == name && *of == wire).map(|(_, _, kind)| kind.clone())
    }

    fn is_request(&self, name: &str, request: Option<&str>) -> bool {
        request == Some(name)
    }
}

struct Imports(Vec<(String, String)>);

impl<'a> Visitor<'a> for Imports {
    fn visit_stmt(&mut self, stmt: &'a Stmt) {
        match stmt {
            Stmt::Import(_) | Stmt::ImportFrom(_) => {
                let one = super::project::imports_of(std::slice::from_ref(stmt));
                self.0.extend(one.map(|import| (import.binds().to_owned(), import.text())));
            }
            Stmt::FunctionDef(_) | Stmt::ClassDef(_) => {}
            _ => walk_stmt(self, stmt),
        }
    }
}

/// Reads of the request that the handler makes when it starts the job.
#[derive(Default)]
struct Hoisted {
    /// The name of each read, its text, and whether the moved code needs it, and the rest of the handler.
    reads: Vec<(String, String, bool, bool)>,
    edits: Vec<TextEdit>,
    /// The name of a view's request, which its status view has too.
    request: Option<String>,
}

impl Hoisted {
    fn moved(&self, name: &str) -> Option<String> {
        self.reads.iter().find(|(own, _, moved, _)| own == name && *moved).map(|(_, text, _, _)| text.clone())
    }

    fn carried(&self, name: &str) -> Option<String> {
        self.reads
            .iter()
            .find(|(own, _, _, carried)| own == name && *carried)
            .map(|(_, text, _, _)| text.clone())
    }

    /// A use inside the moved code.
    fn take(&mut self, one: &Use, taken: &mut FxHashSet<String>, contexts: &Contexts) -> Result<(), Refusal> {
        let Some(suggested) = &one.suggested else {
            let what = if contexts.django && one.context == Context::Request {
                "the request"
            } else {
                "the app's context"
            };
            return Err(because(match one.context {
                Context::Request | Context::User => {
                    format!(
                        "It uses `{}`, which exists only while the request is answered. Read what it needs from it before.",
                        one.name
                    )
                }
                Context::Session | Context::Bound => {
                    format!(
                        "It uses `{}`, which needs {what} that only exists while the request is answered.",
                        one.name
                    )
                }
            }));
        };
        if one.can_fail && !one.always {
            return Err(because(format!("It reads `{}` in some cases only. Read it before.", one.name)));
        }
        self.hoist(one, suggested, taken, true);
        Ok(())
    }

    /// A use behind the moved code, where another request looks for the result.
    fn carry(
        &mut self,
        one: &Use,
        taken: &mut FxHashSet<String>,
        contexts: &Contexts,
    ) -> Result<(), Refusal> {
        match &one.suggested {
            Some(_) if one.can_fail && !one.always => {
                Err(because(format!("What follows reads `{}` in some cases only. Read it before.", one.name)))
            }
            Some(suggested) => {
                self.hoist(one, suggested, taken, false);
                Ok(())
            }
            None if contexts.django => {
                self.request = Some(one.name.clone());
                Ok(())
            }
            None => Err(because(format!(
                "What follows uses `{}`, and the result is fetched by another request. Read what it needs before.",
                one.name
            ))),
        }
    }

    fn hoist(&mut self, one: &Use, suggested: &str, taken: &mut FxHashSet<String>, moved: bool) {
        let name = match self.reads.iter_mut().find(|(_, text, ..)| *text == one.name) {
            Some(known) => {
                known.2 |= moved;
                known.3 |= !moved;
                known.0.clone()
            }
            None => {
                let name = fresh(suggested, taken);
                self.reads.push((name.clone(), one.name.clone(), moved, !moved));
                name
            }
        };
        self.edits.push(TextEdit::replace(one.range, name));
    }
}

/// The text of a range with the edits that lie in it.
fn edited_slice(file: &PythonFile, range: TextRange, edits: &[TextEdit]) -> String {
    let inside = edits
        .iter()
        .filter(|edit| range.contains_range(edit.range))
        .map(|edit| TextEdit::replace(edit.range - range.start(), edit.new_text.clone()));
    let source = Source::new(file.slice(range));
    apply_edits(&source, &inside.collect::<Vec<_>>()).unwrap_or_else(|| source.text().to_owned())
}

/// A name that nothing in the file has, like the suggested one.
pub(super) fn fresh(suggested: &str, taken: &mut FxHashSet<String>) -> String {
    let is_keyword =
        parse_expression(suggested).map_or(true, |parsed| !matches!(parsed.expr(), Expr::Name(_)));
    let base = if is_keyword { format!("{suggested}_value") } else { suggested.to_owned() };
    let mut name = base.clone();
    let mut number = 2;
    while !taken.insert(name.clone()) {
        name = format!("{base}_{number}");
        number += 1;
    }
    name
}

/// Every name that a range of the file says.
pub(super) fn identifiers(file: &PythonFile, range: TextRange) -> FxHashSet<String> {
    let Some(layout) = Layout::of(file) else { return FxHashSet::default() };
    let names = layout.tokens_in(range).iter().filter(|token| token.kind() == TokenKind::Name);
    names.map(|token| layout.slice(token.range()).to_owned()).collect()
}

/// The names that are local to a function.
fn locals_of(function: &StmtFunctionDef) -> Names {
    struct Globals(Names);
    impl<'a> Visitor<'a> for Globals {
        fn visit_stmt(&mut self, stmt: &'a Stmt) {
            match stmt {
                Stmt::Global(inner) => self.0.extend(inner.names.iter().map(ToString::to_string)),
                Stmt::FunctionDef(_) | Stmt::ClassDef(_) => {}
                _ => walk_stmt(self, stmt),
            }
        }
    }
    let mut globals = Globals(Names::default());
    globals.visit_body(&function.body);
    let mut locals = bound(&function.body);
    locals.extend(parameters(&function.parameters));
    locals.retain(|name| !globals.0.contains(name));
    locals
}

/// The names that functions around the handler bind.
fn closure_of(file: &PythonFile, target: &Target) -> Names {
    let owners = target.owners(file).unwrap_or_default();
    let around = owners.get(..target.depth.saturating_sub(1)).unwrap_or_default();
    let functions = around.iter().filter_map(|owner| owner.as_function_def_stmt());
    functions.flat_map(|function| locals_of(function).into_iter()).collect()
}
