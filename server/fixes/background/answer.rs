//! Rewrites the handler: it starts the job and answers 202, and a view beside it answers with the result.

use ruff_text_size::TextRange;

use super::super::Style;
use super::super::insert::below;
use super::super::layout::Layout;
use super::handler::{Framework, access_decorators};
use super::import_edits::add_imports;
use super::layout_edits::wrapped;
use super::task::{Worker, Writing};
use super::{requirement, shown, written};
use crate::text::TextEdit;

impl Writing<'_> {
    /// The edits of the handler's file, without those of the task.
    pub fn handler_edits(&self, framework: &Framework) -> Option<Vec<TextEdit>> {
        let style = Style::of(self.file);
        let mut edits = self.imports(framework)?;
        edits.push(self.start(framework, &style)?);
        edits.push(self.status_view(framework, &style)?);
        Some(edits)
    }

    /// The names that the handler's file takes from the module of tasks.
    fn tasks_names(&self) -> Vec<&str> {
        let mut names = vec![self.names.helper.as_str(), self.names.task.as_str()];
        if let Some(("", name)) = self.pieces.handler_import.as_ref().map(|(module, name)| (*module, name)) {
            names.push(name);
        }
        names.sort_unstable();
        names
    }

    fn imports(&self, framework: &Framework) -> Option<Vec<TextEdit>> {
        let mut imports = Vec::new();
        if let Some((module, name)) =
            self.pieces.handler_import.as_ref().filter(|(module, _)| !module.is_empty())
        {
            imports.push(format!("from {module} import {name}"));
        }
        match framework {
            Framework::Flask { .. } => imports.push("from flask import url_for".to_owned()),
            Framework::Django { .. } => {
                imports.push("from django.http import JsonResponse".to_owned());
                imports.push("from django.urls import reverse".to_owned());
            }
        }
        if !self.home.is_handlers && !self.home.in_circle {
            let module = self.home.import_path(self.project, self.file);
            imports.push(format!("from {module} import {}", self.tasks_names().join(", ")));
        }
        add_imports(self.project, self.file, &imports)
    }

    /// The import inside of a function, where one at the top would close a circle.
    fn late_import(&self, names: &[&str]) -> Option<String> {
        let late = self.home.in_circle && !self.home.is_handlers;
        late.then(|| {
            format!("from {} import {}", self.home.import_path(self.project, self.file), names.join(", "))
        })
    }

    fn start(&self, framework: &Framework, style: &Style) -> Option<TextEdit> {
        let span = self.target.span(self.file)?;
        let rest = self.target.rest(self.file)?;
        let own_rest = rest.first().filter(|rest| rest.siblings.as_ptr() == span.siblings.as_ptr());
        let from = span.line_start(true)?;
        let to = own_rest.map_or_else(|| span.line_end(), super::super::span::Span::line_end).content;
        let outer = span.indentation()?;
        let mut lines = Vec::new();
        let mut needed = vec![self.names.task.as_str()];
        if let Some(("", name)) = self.pieces.handler_import.as_ref().map(|(module, name)| (*module, name)) {
            needed.push(name);
        }
        needed.sort_unstable();
        if let Some(import) = self.late_import(&needed) {
            lines.extend([import, String::new()]);
        }
        let arguments: Vec<String> = self.plan.inputs.iter().map(|(_, argument)| argument.clone()).collect();
        lines.push(self.start_line(&arguments, &outer, style));
        let view = &self.names.view;
        lines.extend(match framework {
            Framework::Flask { blueprint, .. } => {
                let dot = if *blueprint { "." } else { "" };
                [
                    format!("status = url_for(\"{dot}{view}\", job_id=job_id)"),
                    "return {\"job\": job_id, \"status\": status}, 202".to_owned(),
                ]
            }
            Framework::Django { route, .. } => {
                let namespace = route.namespace.as_ref().map(|name| format!("{name}:")).unwrap_or_default();
                [
                    format!("status = reverse(\"{namespace}{view}\", args=[job_id])"),
                    "return JsonResponse({\"job\": job_id, \"status\": status}, status=202)".to_owned(),
                ]
            }
        });
        let start = lines.len() - 3;
        let quoted = lines.iter().enumerate().map(|(at, line)| {
            let line = if at == start { line.clone() } else { written(line, "", style) };
            if line.is_empty() { line } else { format!("{outer}{line}") }
        });
        Some(TextEdit::replace(TextRange::new(from, to), quoted.collect::<Vec<_>>().join(style.newline)))
    }

    /// The statement that starts the job, on several lines where it is long.
    fn start_line(&self, arguments: &[String], outer: &str, style: &Style) -> String {
        let marked = self.backend.start(&self.names.task, &["\u{1}".to_owned()], &self.pieces.instance);
        let marked = format!("job_id = {}", written(&marked, "", style));
        let (Some(open), Some(close)) = (marked.find('('), marked.rfind(')')) else { return marked };
        let (head, tail) = (&marked[..=open], &marked[close..]);
        // Arguments are the handler's own text and keep their quotes.
        let inner = marked[open + 1..close].split(", ").flat_map(|part| match part {
            "\u{1}" => arguments.to_vec(),
            part => vec![part.to_owned()],
        });
        wrapped(head, &inner.collect::<Vec<_>>(), tail, outer, style)
    }

    fn status_view(&self, framework: &Framework, style: &Style) -> Option<TextEdit> {
        let function = self.target.function(self.file)?;
        let way = self.target.way.get(..self.target.depth.checked_sub(1)?)?;
        let (at, _) = *self.target.way.get(self.target.depth - 1)?;
        let own = super::target::span(self.file, way, at, at)?;
        let outer = own.indentation()?;
        let inner = format!("{outer}{}", style.indent);
        let quote = |text: &str| written(text, "", style);
        let (view, slug) = (&self.names.view, &self.names.slug);
        let mut lines: Vec<String> = Vec::new();
        let guards =
            access_decorators(self.file, function).into_iter().map(|guard| format!("{outer}{guard}"));
        let asked = if self.backend.asks_the_task() {
            format!("job_id, {}", self.names.task)
        } else {
            "job_id".to_owned()
        };
        let result = if self.plan.outputs.is_empty() { "_" } else { "result" };
        let (pending, finished) = match framework {
            Framework::Flask { owner, verb, .. } => {
                lines.push(format!(
                    "{outer}@{owner}.{verb}({})",
                    quote(&format!("\"/jobs/{slug}/<job_id>\""))
                ));
                lines.extend(guards);
                lines.push(format!("{outer}def {view}(job_id):"));
                (
                    "return {\"status\": status}, 500 if status == \"failed\" else 202",
                    "return {\"status\": status}",
                )
            }
            Framework::Django { request, rest_framework, .. } => {
                lines.extend(guards);
                let _ = rest_framework;
                lines.push(format!("{outer}def {view}({request}, job_id):"));
                (
                    "code = 500 if status == \"failed\" else 202\nreturn JsonResponse({\"status\": status}, status=code)",
                    "return JsonResponse({\"status\": status})",
                )
            }
        };
        let mut names = vec![self.names.helper.as_str()];
        if self.backend.asks_the_task() {
            names.push(&self.names.task);
        }
        names.sort_unstable();
        let late = self.late_import(&names);
        let imports: Vec<&String> = late.iter().chain(&self.plan.view_imports).collect();
        lines.extend(imports.iter().map(|import| format!("{inner}{import}")));
        if !imports.is_empty() {
            lines.push(String::new());
        }
        lines.push(format!("{inner}status, {result} = {}({asked})", self.names.helper));
        lines.push(format!("{inner}{}", quote("if status != \"finished\":")));
        lines.push(written(pending, &format!("{inner}{}", style.indent), style));
        let mut outputs: Vec<&String> = self.plan.outputs.iter().collect();
        // What is called `result` itself has to come last.
        outputs.sort_by_key(|name| name.as_str() == "result");
        for name in outputs {
            lines.push(format!("{inner}{name} = result[{}]", quote(&format!("\"{name}\""))));
        }
        let rest = self.plan.rest_text(&inner, style.newline)?;
        lines.push(if rest.is_empty() {
            format!("{inner}{}", quote(finished))
        } else {
            format!("{inner}{rest}")
        });
        let most = if own.owners.is_empty() { 2 } else { 1 };
        let layout = Layout::of(self.file)?;
        let place = own.line_end();
        let gap = layout.blank_lines_below(place.full).len();
        let behind = if own.next().is_some() { most - gap.min(most) } else { 0 };
        Some(below(&layout, place, &lines.join(style.newline), (most, behind)))
    }

    /// What the change comes to and what is left to do, for people.
    pub fn next_steps(&self, worker: &Worker) -> String {
        let mut text = format!(
            "`{}` now runs in {}, in `{}`. ",
            self.names.task,
            self.backend.title(),
            shown(self.project, &self.home.path)
        );
        let around = self.project.surroundings;
        let known = |name: &str| around.installed.iter().chain(&around.declared).any(|own| own == name);
        let missing: Vec<&str> = self
            .pieces
            .distributions
            .iter()
            .copied()
            .filter(|one| !known(requirement::name_of(one)))
            .collect();
        if !missing.is_empty() {
            text.push_str(&format!("Install {}. ", missing.join(" and ")));
        }
        for command in &worker.before {
            text.push_str(&format!("Run `{command}` once. "));
        }
        text.push_str(&format!(
            "Start its worker {} with `{}`, and start it again whenever the code changes.",
            worker.place, worker.command
        ));
        if let Some(command) = &worker.always_on {
            text.push_str(&format!(" On PythonAnywhere, make that an always-on task: `{command}`."));
        }
        text
    }
}
