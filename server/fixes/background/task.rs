//! Writes the task, and what it needs around it, to the module of tasks.

use ruff_text_size::{Ranged, TextRange};

use super::super::Style;
use super::super::insert::{append_statement, insert_before};
use super::backend::{Backend, Pieces};
use super::home::Home;
use super::import_edits::add_imports;
use super::needs::{Needs, in_order};
use super::plan::Plan;
use super::project::Project;
use super::target::Target;
use super::written;
use crate::syntax::python::PythonFile;
use crate::text::TextEdit;

/// The names that the refactoring gives.
pub(super) struct NewNames {
    /// The task.
    pub task: String,
    /// The function that tells what became of a job.
    pub helper: String,
    /// The view that answers with the result.
    pub view: String,
    /// The part of the address that tells the task.
    pub slug: String,
}

/// All that a task is written from.
pub(super) struct Writing<'a> {
    pub project: &'a Project<'a>,
    pub file: &'a PythonFile,
    pub target: &'a Target,
    pub backend: Backend,
    pub home: &'a Home,
    pub pieces: &'a Pieces,
    pub plan: &'a Plan,
    pub needs: &'a Needs,
    pub names: &'a NewNames,
}

impl Writing<'_> {
    /// The edits of the module of tasks; the whole text where there is none yet.
    pub fn task_edits(&self, worker: &Worker) -> Option<Vec<TextEdit>> {
        let style = Style::of(self.home.file.as_deref().unwrap_or(self.file));
        let mut imports = self.pieces.imports.clone();
        imports.extend(self.needs.top.iter().cloned());
        let helper_there = self.home.binds(&self.names.helper);
        let helper = if helper_there { String::new() } else { self.helper(&style) };
        let task = self.task(&style)?;
        let setup = written(&self.pieces.setup, "", &style);
        let Some(home) = &self.home.file else {
            return Some(vec![TextEdit::replace(
                TextRange::default(),
                self.new_module(worker, &imports, &setup, &task, &helper, &style),
            )]);
        };
        let mut edits = Vec::new();
        let mut body = String::new();
        edits.extend(add_imports(self.project, home, &imports)?);
        if !setup.is_empty() && self.home.instance.is_none() {
            body.push_str(&setup);
            body.push_str("\n\n");
        }
        body.push_str(&task);
        if !helper.is_empty() {
            body.push_str("\n\n\n");
            body.push_str(&helper);
        }
        edits.push(if self.home.is_handlers {
            let outermost = self.target.owners(home)?.first()?.range();
            insert_before(home, outermost, &body)?
        } else {
            append_statement(home, &body)?
        });
        Some(edits)
    }

    fn new_module(
        &self,
        worker: &Worker,
        imports: &[String],
        setup: &str,
        task: &str,
        helper: &str,
        style: &Style,
    ) -> String {
        let mut text = format!("\"\"\"{}\"\"\"\n", worker.docstring());
        for section in in_order(self.project, imports) {
            text.push('\n');
            for line in section {
                text.push_str(&line);
                text.push('\n');
            }
        }
        let text = text.replace('\n', style.newline);
        let gap = style.newline.repeat(2);
        let mut parts = vec![text];
        if !setup.is_empty() {
            parts.push(format!("{}{setup}{}", style.newline, style.newline));
        }
        format!("{}{gap}{task}{gap}{newline}{helper}{newline}", parts.concat(), newline = style.newline)
    }

    /// The task, without a line end behind it.
    fn task(&self, style: &Style) -> Option<String> {
        let (indent, newline, quote) = (&style.indent, style.newline, style.quote);
        let mut lines = Vec::new();
        if !self.pieces.decorator.is_empty() {
            lines.push(written(&self.pieces.decorator, "", style));
        }
        let parameters: Vec<&str> = self.plan.inputs.iter().map(|(name, _)| name.as_str()).collect();
        lines.push(format!("def {}({}):", self.names.task, parameters.join(", ")));
        let imports = self.needs.inside.iter().chain(&self.plan.task_imports);
        let imports: Vec<String> = imports.map(|import| format!("{indent}{import}")).collect();
        if !imports.is_empty() {
            lines.extend(imports);
            lines.push(String::new());
        }
        let moved = self.plan.moved_text(indent)?;
        match &self.plan.value {
            Some(value) => lines.push(format!("{indent}return {{{quote}{value}{quote}: {moved}}}")),
            None => {
                lines.push(format!("{indent}{moved}"));
                let pairs: Vec<String> =
                    self.plan.outputs.iter().map(|name| format!("{quote}{name}{quote}: {name}")).collect();
                lines.push(match pairs.is_empty() {
                    true => format!("{indent}return {quote}done{quote}"),
                    false => format!("{indent}return {{{}}}", pairs.join(", ")),
                });
            }
        }
        Some(lines.join(newline))
    }

    fn helper(&self, style: &Style) -> String {
        let parameters = if self.backend.asks_the_task() { "job_id, task" } else { "job_id" };
        let head = format!(
            "def {}({parameters}):\n    \"\"\"Tell what became of a job (\"pending\", \"finished\", \"failed\"), and its result.\"\"\"\n",
            self.names.helper
        );
        let status = self.pieces.status.replace("INSTANCE", &self.pieces.instance);
        let body = written(&status, &style.indent, style);
        format!("{}{}{body}", written(&head, "", style), style.newline)
    }
}

/// How a worker is started.
pub(super) struct Worker {
    /// The command.
    pub command: String,
    /// Where to start it, as people read it: "in the project's folder".
    pub place: String,
    /// Whether that is the folder of the module of tasks.
    pub is_beside: bool,
    /// What has to be done once before.
    pub before: Vec<String>,
    /// The command of an always-on task, on PythonAnywhere.
    pub always_on: Option<String>,
}

impl Worker {
    fn docstring(&self) -> String {
        let place = if self.is_beside { "in this folder" } else { &self.place };
        let mut text = "Work that is too slow for a request.\n\n".to_owned();
        text.push_str(&format!(
            "A worker does it. Start one {place}, and again whenever the code changes:\n\n"
        ));
        for command in self.before.iter().chain([&self.command]) {
            text.push_str(&format!("    {command}\n"));
        }
        if let Some(command) = &self.always_on {
            text.push_str(&format!(
                "\nOn PythonAnywhere, let an always-on task (on the page \"Tasks\") run this command:\n\n    {command}\n"
            ));
        }
        text
    }
}
