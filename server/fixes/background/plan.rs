//! The data flow of what moves: what goes into the task, what comes out of it, and what the rest of the handler needs.

use ruff_python_ast::Stmt;
use ruff_python_parser::parse_expression;
use ruff_text_size::TextRange;

use super::before::{Before, closure_of, locals_of};
use super::flow::{Flow, Names, bound, parameters};
use super::hoist::{Hoisted, fresh, identifiers};
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
        let mut taken = identifiers(&function.body);
        taken.extend(parameters(&function.parameters));

        let call = target.call;
        let span_binds = bound(span.statements().unwrap_or_default());
        let in_call = |one: &Use| call.is_none_or(|call| call.contains_range(one.range));
        let moved_uses: Vec<Use> = contexts
            .uses(file, statements.iter().copied(), &span_binds)
            .into_iter()
            .filter(in_call)
            .collect();
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
        let mut later = span_binds.clone();
        later.extend(Flow::of(rest_statements.iter().copied()).binds);
        for one in contexts.uses(file, rest_statements.iter().copied(), &later) {
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
                let why = why_not(before.obstacle(name, Wire::Pickle).is_none());
                return Err(because(format!(
                    "It needs `{argument}`, {kind}, {why} Select what makes it as well."
                )));
            }
        }
        for name in &self.outputs {
            if let Some(kind) = obstacle(&inside, name, wire) {
                let why = why_not(obstacle(&inside, name, Wire::Pickle).is_none());
                return Err(because(format!(
                    "What follows needs `{name}`, {kind}, {why} Select what uses it as well."
                )));
            }
        }
        Ok(())
    }
}

/// Why a value stays in its process, as the end of a sentence.
fn why_not(only_json: bool) -> &'static str {
    if only_json {
        "and this task queue hands values on as JSON."
    } else {
        "which cannot be handed to another process."
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
