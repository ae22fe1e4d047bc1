//! Moving heavy work of a handler to a background task.
//!
//! The statements (or the one call) that are pointed at become a task of a task queue. The handler starts a job and answers
//! 202 with the job's id and an address; a status route there answers what the handler answered before, once the job is
//! done. What goes in and comes out is read off the data flow; what cannot move is refused with the reason.

mod answer;
mod backend;
mod before;
mod evidence;
mod flow;
mod handler;
mod hoist;
mod home;
mod import_edits;
mod layout_edits;
mod limits;
mod needs;
mod plan;
mod project;
mod reads;
mod requirement;
mod settings;
mod target;
mod task;
mod urls;
mod values;

use std::path::{Path, PathBuf};
use std::sync::Arc;

pub use backend::Backend;
pub use evidence::Evidence;
use ruff_python_ast::{Expr, PythonVersion, Stmt};
use ruff_text_size::{Ranged, TextRange};

use self::evidence::Users;
use self::handler::Framework;
use self::hoist::{fresh, identifiers};
use self::home::Home;
use self::needs::Needs;
use self::plan::Plan;
use self::project::Project;
use self::reads::Contexts;
use self::target::Target;
use self::task::{NewNames, Worker, Writing};
use super::Style;
use crate::syntax::python::PythonFile;
use crate::text::{Source, TextEdit, apply_edits};
use crate::workspace::{Snapshot, relative_slash};

/// The longest line (characters) that is written where it can be broken.
const LINE: usize = 88;

/// What surrounds the file, as far as the refactoring asks for it.
#[derive(Clone, Debug)]
pub struct Surroundings<'a> {
    /// The files.
    pub snapshot: &'a Snapshot,
    /// The folder that is worked in, absolute and normalized.
    pub root: PathBuf,
    /// The version of Python that the app runs with.
    pub python: PythonVersion,
    /// The project's folders on the search path, absolute.
    pub import_folders: Vec<PathBuf>,
    /// The project's modules that the app loads, by the names under which it loads them.
    pub modules: Vec<(String, Arc<Path>)>,
    /// The normalized names of the distributions that the project declares.
    pub declared: Vec<String>,
    /// The same of those that are installed.
    pub installed: Vec<String>,
    /// The installed version of Django.
    pub django_version: Option<String>,
    /// Whether the host is PythonAnywhere.
    pub pythonanywhere: bool,
    /// The name of the virtual environment, where it is known.
    pub virtualenv: Option<String>,
}

/// The refactoring, ready to be applied.
#[derive(Clone, Debug)]
pub struct Offer {
    /// What it does, in the imperative.
    pub title: String,
    /// The task queue.
    pub backend: Backend,
    /// The edits by file (absolute); a file that does not exist yet is edited as if it were empty.
    pub edits: Vec<(Arc<Path>, TextEdit)>,
    /// What is left to do by hand, for people: what to install, how to start the worker.
    pub next_steps: String,
}

/// Why there is no offer.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Refusal {
    /// Nothing here is work of a handler: nobody would expect an offer.
    NotHere,
    /// The work cannot be moved; the reason is a sentence or two.
    Because(String),
}

fn because(reason: impl Into<String>) -> Refusal {
    Refusal::Because(reason.into())
}

/// Offers to move what a range (bytes) of a file points at: all statements that it touches, or, for a cursor or a range
/// inside of one statement, the innermost call around it.
///
/// # Errors
/// When there is nothing to move, or it cannot be moved.
pub fn move_to_background(
    surroundings: &Surroundings<'_>,
    path: &Path,
    range: TextRange,
) -> Result<Offer, Refusal> {
    let project = Project::new(surroundings, path);
    let file = project.python(path).filter(|file| file.compiles()).ok_or(Refusal::NotHere)?;
    let mut target = Target::find(&file, range).ok_or(Refusal::NotHere)?;
    let function = target.function(&file).ok_or(Refusal::NotHere)?;
    let owners = target.owners(&file).unwrap_or_default();
    let framework = Framework::of(&project, &file, function, owners.get(..target.depth).unwrap_or_default())?;
    let contexts = Contexts::of(&file, &framework);
    is_work(&file, &mut target, &contexts)?;

    let users = Users::find(&project);
    let evidence = Evidence {
        imported: users.backends(),
        declared: surroundings.declared.clone(),
        installed: surroundings.installed.clone(),
        django: framework.is_django(),
        pythonanywhere: surroundings.pythonanywhere,
    };
    let backend = evidence.choose();
    let plan = Plan::make(&file, &target, &contexts, backend.wire())?;
    let home = Home::find(&project, &users, backend)?;
    let given = home.given(&project);
    let pieces = backend.pieces(given);
    let needs = Needs::of(&project, &file, &home, &plan.module_names)?;
    let names = new_names(&file, &home, function.name.as_str());
    let writing = Writing {
        project: &project,
        file: &file,
        target: &target,
        backend,
        home: &home,
        pieces: &pieces,
        plan: &plan,
        needs: &needs,
        names: &names,
    };
    let worker = worker(&project, backend, &home, &pieces);
    let cannot = || because("The statements share a line with others.");
    let mut by_file: Vec<(PathBuf, Vec<TextEdit>)> = Vec::new();
    by_file.push((path.to_owned(), writing.handler_edits(&framework).ok_or_else(cannot)?));
    by_file.push((home.path.clone(), writing.task_edits(&worker).ok_or_else(cannot)?));
    if let Framework::Django { route, .. } = &framework {
        let url = format!("jobs/{}/<str:job_id>/", names.slug);
        by_file.push((route.path.clone(), route.add(&project, &url, &names.view).ok_or_else(cannot)?));
        let settings = settings::edits(&project, backend, given);
        by_file.extend(settings.ok_or_else(|| {
            because("Django's settings, which the task queue must be added to, were not found.")
        })?);
    }
    let requirement = requirement::edit(&project, &pieces.distributions);

    if let Some((path, edit)) = requirement {
        by_file.push((path, vec![edit]));
    }
    check(&project, &by_file)?;
    let edits = by_file.into_iter().flat_map(|(path, edits)| {
        let path: Arc<Path> = Arc::from(path);
        edits.into_iter().map(move |edit| (path.clone(), edit))
    });
    Ok(Offer {
        title: format!("Move to a background task ({}; worker: `{}`)", backend.title(), worker.command),
        backend,
        edits: edits.collect(),
        next_steps: writing.next_steps(&worker),
    })
}

/// Leaves out what is no work: reads of the request at the start of a selection, which belong to the handler.
fn is_work(file: &PythonFile, target: &mut Target, contexts: &Contexts) -> Result<(), Refusal> {
    /// Builtins and methods that take no time, under a cursor.
    const QUICK: &[&str] = &[
        "int",
        "str",
        "float",
        "bool",
        "len",
        "list",
        "dict",
        "set",
        "tuple",
        "isinstance",
        "getattr",
        "print",
        "round",
        "format",
        "join",
        "split",
        "strip",
        "append",
        "items",
        "keys",
        "values",
        "lower",
        "upper",
        "replace",
        "startswith",
        "endswith",
        "get",
    ];
    let span = target.span(file).ok_or(Refusal::NotHere)?;
    let statements = span.statements().ok_or(Refusal::NotHere)?;
    if let Some(call) = target.call {
        let own = statements
            .first()
            .map(|stmt| contexts.uses(file, [stmt], &Default::default()))
            .unwrap_or_default();
        let is_read = own.iter().any(|one| one.range.contains_range(call));
        let callee = file.slice(call).split('(').next().unwrap_or("").rsplit('.').next().unwrap_or("").trim();
        return if is_read || QUICK.contains(&callee) { Err(Refusal::NotHere) } else { Ok(()) };
    }
    let is_read = |stmt: &Stmt| match stmt {
        Stmt::Assign(assign) => {
            let named = matches!(&*assign.targets, [Expr::Name(_)]);
            let value = converted(&assign.value);
            let uses = contexts.uses_in(file, value);
            named
                && uses.len() == 1
                && uses.iter().all(|one| one.suggested.is_some() && one.range == value.range())
        }
        _ => false,
    };
    target.first += statements.iter().take_while(|stmt| is_read(stmt)).count();
    if target.first > target.last {
        return Err(Refusal::NotHere);
    }
    Ok(())
}

/// What stands in `int(...)` and its like.
fn converted(value: &Expr) -> &Expr {
    match value {
        Expr::Call(call) => match (&*call.func, &*call.arguments.args) {
            (Expr::Name(name), [only]) if ["int", "float", "str", "bool"].contains(&name.id.as_str()) => only,
            _ => value,
        },
        _ => value,
    }
}

fn new_names(file: &PythonFile, home: &Home, handler: &str) -> NewNames {
    let mut taken = identifiers(file.body());
    if let Some(home) = &home.file {
        taken.extend(identifiers(home.body()));
    }
    let helper =
        if home.binds("job_status") { "job_status".to_owned() } else { fresh("job_status", &mut taken) };
    let mut base = handler.to_owned();
    let mut number = 2;
    while taken.contains(&format!("{base}_task")) || taken.contains(&format!("{base}_task_status")) {
        base = format!("{handler}_{number}");
        number += 1;
    }
    NewNames { task: format!("{base}_task"), helper, view: format!("{base}_task_status"), slug: base }
}

fn worker(project: &Project<'_>, backend: Backend, home: &Home, pieces: &backend::Pieces) -> Worker {
    let django = project.is_django();
    let command = backend.worker(&home.worker_module, &pieces.instance, &home.queue, django);
    let folder = match project.manage_py().filter(|_| django) {
        Some(manage) => manage.parent().unwrap_or(Path::new("/")).to_owned(),
        None => project.worker_folder(&home.path, &home.module),
    };
    let before = match backend {
        Backend::DjangoQ | Backend::DjangoTasks => vec!["python manage.py migrate".to_owned()],
        _ => Vec::new(),
    };
    let always_on = project.surroundings.pythonanywhere.then(|| {
        let name = folder.file_name().map(|name| name.to_string_lossy().into_owned()).unwrap_or_default();
        let bin = match &project.surroundings.virtualenv {
            Some(name) => format!("~/.virtualenvs/{name}/bin/"),
            None => "~/.virtualenvs/my-virtualenv/bin/".to_owned(),
        };
        format!("cd ~/{name} && {bin}{command}")
    });
    let is_beside = home.path.parent() == Some(folder.as_path());
    let place = match shown(project, &folder) {
        root if root == "." => "in the project's folder".to_owned(),
        other => format!("in the folder `{other}`"),
    };
    Worker { command, place, is_beside, before, always_on }
}

/// A path as people read it: relative to the folder that is worked in.
fn shown(project: &Project<'_>, path: &Path) -> String {
    let relative = relative_slash(path, &project.surroundings.root);
    if relative.is_empty() { ".".to_owned() } else { relative }
}

/// Lines of ours in the manner of a file: its indentation, quotes and line ends; all of them under `base`. Docstrings keep
/// their quotes; there is no line end behind the last line.
fn written(text: &str, base: &str, style: &Style) -> String {
    let quoted = text.replace("\"\"\"", "\u{0}");
    let quoted =
        if style.quote == '\'' && !quoted.contains('\u{0}') { quoted.replace('"', "'") } else { quoted };
    let quoted = quoted.replace('\u{0}', "\"\"\"");
    let lines = quoted.trim_end().lines().map(|line| {
        let content = line.trim_start_matches(' ');
        let steps = (line.len() - content.len()) / 4;
        if content.is_empty() {
            String::new()
        } else {
            format!("{base}{}{content}", style.indent.repeat(steps))
        }
    });
    lines.collect::<Vec<_>>().join(style.newline)
}

/// Every Python file must still compile: what cannot be written rightly is not offered.
fn check(project: &Project<'_>, by_file: &[(PathBuf, Vec<TextEdit>)]) -> Result<(), Refusal> {
    let mut paths: Vec<&PathBuf> = by_file.iter().map(|(path, _)| path).collect();
    paths.sort_unstable();
    paths.dedup();
    for path in paths {
        let edits: Vec<TextEdit> = by_file
            .iter()
            .filter(|(own, _)| own == path)
            .flat_map(|(_, edits)| edits.iter().cloned())
            .collect();
        let before = project.snapshot().text(path).map_or_else(|| Source::new(""), |(source, _)| source);
        let after = apply_edits(&before, &edits).ok_or_else(|| because("The edits would overlap."))?;
        let is_python = path.extension().is_some_and(|ending| ending == "py");
        if is_python && !PythonFile::parse(Source::new(after), None, project.surroundings.python).compiles() {
            return Err(because("The result would not compile."));
        }
    }
    Ok(())
}
