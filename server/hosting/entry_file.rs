//! What a Python file looks like from outside: an entry, a library, a script that creates an application.

use ruff_python_ast::visitor::{self, Visitor};
use ruff_python_ast::{Alias, Expr, ExprContext, Stmt};

use crate::syntax::python::PythonFile;

/// Constructors and factories of WSGI and ASGI applications, by the last part of their names.
const CREATORS: [&str; 17] = [
    "APIFlask",
    "App",
    "Bottle",
    "Dash",
    "Eve",
    "FastAPI",
    "Flask",
    "FlaskApp",
    "Litestar",
    "OpenAPI",
    "Quart",
    "Starlette",
    "application",
    "create_app",
    "default_app",
    "get_wsgi_application",
    "make_wsgi_app",
];

/// The name that hosts look for when nobody names another.
pub(super) const DEFAULT_CALLABLE: &str = "application";

/// The name that nearly everybody gives an application.
const APP: &str = "app";

/// What is only done with an application of Flask or a relative of it.
const EQUIPMENT: [&str; 4] = ["errorhandler", "register_blueprint", "register_error_handler", "route"];

/// A name bound at module level, with the value when it is a plain assignment.
struct Binding<'a> {
    name: &'a str,
    value: Option<&'a Expr>,
    imported: bool,
}

/// The name under which the file creates an application at module level: `app` for `app = Flask(__name__)`.
pub(super) fn created_application(file: &PythonFile) -> Option<&str> {
    let bindings = bindings(file.body());
    let binds = |name: &str| bindings.iter().any(|binding| binding.name == name);
    let created =
        bindings.iter().find(|binding| binding.value.is_some_and(is_creation)).map(|binding| binding.name)?;
    if binds(DEFAULT_CALLABLE) {
        return Some(DEFAULT_CALLABLE);
    }
    // Dash keeps its WSGI application in an attribute, which its users expose under this name.
    let is_server = |binding: &&Binding<'_>| {
        binding.name == "server"
            && matches!(binding.value, Some(Expr::Attribute(value)) if value.attr.as_str() == "server")
    };
    Some(bindings.iter().find(is_server).map_or(created, |binding| binding.name))
}

/// The application that a script uses and did not create: `app` after `from site import app` or `from site import *`, where
/// the file gives it routes.
pub(super) fn used_application(file: &PythonFile) -> Option<&'static str> {
    let bindings = bindings(file.body());
    let is_there = match bindings.iter().find(|binding| binding.name == APP) {
        Some(binding) => binding.imported,
        None => file.body().iter().any(imports_all),
    };
    (is_there && uses(file.body()).equips_app).then_some(APP)
}

/// The callable that a `wsgi.py` most likely offers to a server that can be told a name: `application` when it is bound
/// at all, or nothing better is; else the one application that the file creates or imports as `app`.
pub(super) fn likely_callable(file: &PythonFile) -> &str {
    if near_application(file) {
        return DEFAULT_CALLABLE;
    }
    // Whoever binds `application` in the wrong place, a class or a function, means it all the same.
    let imported = || {
        let is_app = |binding: &&Binding<'_>| binding.name == APP;
        let app = bindings(file.body()).iter().find(is_app).map(|binding| binding.name);
        app.filter(|_| !uses(file.body()).binds_application)
    };
    created_application(file).or_else(imported).unwrap_or(DEFAULT_CALLABLE)
}

/// Whether the file defines things for others and nothing that could be an application: `django/core/handlers/wsgi.py`.
pub(super) fn is_library(file: &PythonFile) -> bool {
    let body = file.body();
    // What does not compile may be anything.
    file.compiles()
        && body.iter().any(|stmt| matches!(stmt, Stmt::FunctionDef(_) | Stmt::ClassDef(_)))
        && !near_application(file)
        && !bindings(body).iter().any(|binding| binding.name == APP)
        && created_application(file).is_none()
}

/// Whether the file imports its neighbours relatively at module level, so that it has to be a module of a package.
pub(super) fn imports_relatively(file: &PythonFile) -> bool {
    file.body().iter().any(|stmt| matches!(stmt, Stmt::ImportFrom(import) if import.level > 0))
}

/// Whether the file is a program that starts a server of its own, and has no application for another one.
pub(super) fn starts_a_server(file: &PythonFile) -> bool {
    const SERVERS: [&str; 7] =
        ["bjoern", "cheroot", "gevent", "hypercorn", "meinheld", "uvicorn", "waitress"];
    let imports_server = |line: &str| {
        let module = line.strip_prefix("from ").or_else(|| line.strip_prefix("import "));
        let name = module.and_then(|module| module.split(['.', ' ', ',']).next());
        name.is_some_and(|name| SERVERS.contains(&name))
    };
    is_library(file) && file.source().text().lines().any(|line| imports_server(line.trim()))
}

/// Whether a `*.wsgi` file is one of mod_wsgi's access or authentication scripts.
pub(super) fn is_access_script(file: &PythonFile) -> bool {
    let names = bindings(file.body());
    let defines = |name: &str| names.iter().any(|binding| binding.name == name);
    !defines(DEFAULT_CALLABLE)
        && (defines("check_password") || defines("groups_for_user") || defines("allow_access"))
}

/// Whether the text is a template of a file, as project generators keep them.
pub(super) fn is_template(text: &str) -> bool {
    text.contains("{{ project_name }}")
        || text.contains("{{project_name}}")
        || text.contains("{{cookiecutter.")
        || text.contains("{{ cookiecutter.")
}

/// Whether `application`, or what is most likely meant to be it, is bound at module level.
fn near_application(file: &PythonFile) -> bool {
    bindings(file.body())
        .iter()
        .any(|binding| strsim::damerau_levenshtein(binding.name, DEFAULT_CALLABLE) <= 2)
}

fn is_creation(value: &Expr) -> bool {
    let Expr::Call(call) = value else { return false };
    let name = match &*call.func {
        Expr::Name(name) => name.id.as_str(),
        Expr::Attribute(attribute) => attribute.attr.as_str(),
        _ => return false,
    };
    CREATORS.contains(&name)
}

/// The names bound at module level, in order, also inside `if`, `try` and `with`.
fn bindings(body: &[Stmt]) -> Vec<Binding<'_>> {
    let mut found = Vec::new();
    collect(body, &mut found);
    found
}

fn collect<'a>(body: &'a [Stmt], found: &mut Vec<Binding<'a>>) {
    let plain = |name: &'a str| Binding { name, value: None, imported: false };
    let imported = |alias: &'a Alias| {
        let name = alias.asname.as_ref().unwrap_or(&alias.name).as_str();
        Binding { name, value: None, imported: true }
    };
    for stmt in body {
        match stmt {
            Stmt::Assign(assign) => {
                for target in &assign.targets {
                    if let Expr::Name(name) = target {
                        found.push(Binding { value: Some(&assign.value), ..plain(name.id.as_str()) });
                    }
                }
            }
            Stmt::AnnAssign(assign) => {
                if let (Expr::Name(name), Some(value)) = (&*assign.target, &assign.value) {
                    found.push(Binding { value: Some(value), ..plain(name.id.as_str()) });
                }
            }
            Stmt::FunctionDef(def) => found.push(plain(def.name.as_str())),
            Stmt::ClassDef(def) => found.push(plain(def.name.as_str())),
            Stmt::Import(import) => found.extend(import.names.iter().map(imported)),
            Stmt::ImportFrom(import) => found.extend(import.names.iter().map(imported)),
            Stmt::If(branch) => {
                collect(&branch.body, found);
                for clause in &branch.elif_else_clauses {
                    collect(&clause.body, found);
                }
            }
            Stmt::Try(attempt) => {
                collect(&attempt.body, found);
                for handler in &attempt.handlers {
                    let ruff_python_ast::ExceptHandler::ExceptHandler(handler) = handler;
                    collect(&handler.body, found);
                }
                collect(&attempt.orelse, found);
                collect(&attempt.finalbody, found);
            }
            Stmt::With(with) => collect(&with.body, found),
            _ => {}
        }
    }
}

fn imports_all(stmt: &Stmt) -> bool {
    matches!(stmt, Stmt::ImportFrom(import) if import.names.iter().any(|alias| alias.name.as_str() == "*"))
}

/// What a file does with names, in all of its scopes.
#[derive(Default)]
struct Uses {
    /// `@app.route(...)`, `app.register_blueprint(...)` and the like.
    equips_app: bool,
    binds_application: bool,
}

fn uses(body: &[Stmt]) -> Uses {
    let mut uses = Uses::default();
    uses.visit_body(body);
    uses
}

impl<'a> Visitor<'a> for Uses {
    fn visit_expr(&mut self, expr: &'a Expr) {
        match expr {
            Expr::Name(name) if name.ctx == ExprContext::Store => {
                self.binds_application |= name.id.as_str() == DEFAULT_CALLABLE;
            }
            Expr::Attribute(attribute) if EQUIPMENT.contains(&attribute.attr.as_str()) => {
                self.equips_app |= matches!(&*attribute.value, Expr::Name(name) if name.id.as_str() == APP);
            }
            _ => {}
        }
        visitor::walk_expr(self, expr);
    }
}
