//! What a Python file looks like from outside: an entry, a library, a script that creates an application.

use ruff_python_ast::{Expr, Stmt};

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

/// A name bound at module level, with the value when it is a plain assignment.
struct Binding<'a> {
    name: &'a str,
    value: Option<&'a Expr>,
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

/// The callable that a `wsgi.py` most likely offers to a server that can be told a name: `application` when it is bound
/// at all, or nothing better is; else the one application that the file creates or imports as `app`.
pub(super) fn likely_callable(file: &PythonFile) -> &str {
    if near_application(file) {
        return DEFAULT_CALLABLE;
    }
    let imported = || bindings(file.body()).iter().find(|binding| binding.name == "app").map(|b| b.name);
    created_application(file).or_else(imported).unwrap_or(DEFAULT_CALLABLE)
}

/// Whether the file defines things for others and nothing that could be an application: `django/core/handlers/wsgi.py`.
pub(super) fn is_library(file: &PythonFile) -> bool {
    let body = file.body();
    // What does not compile may be anything.
    file.compiles()
        && body.iter().any(|stmt| matches!(stmt, Stmt::FunctionDef(_) | Stmt::ClassDef(_)))
        && !near_application(file)
        && !bindings(body).iter().any(|binding| binding.name == "app")
        && created_application(file).is_none()
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
    let plain = |name: &'a str| Binding { name, value: None };
    for stmt in body {
        match stmt {
            Stmt::Assign(assign) => {
                for target in &assign.targets {
                    if let Expr::Name(name) = target {
                        found.push(Binding { name: name.id.as_str(), value: Some(&assign.value) });
                    }
                }
            }
            Stmt::AnnAssign(assign) => {
                if let (Expr::Name(name), Some(value)) = (&*assign.target, &assign.value) {
                    found.push(Binding { name: name.id.as_str(), value: Some(value) });
                }
            }
            Stmt::FunctionDef(def) => found.push(plain(def.name.as_str())),
            Stmt::ClassDef(def) => found.push(plain(def.name.as_str())),
            Stmt::Import(import) => {
                found.extend(
                    import
                        .names
                        .iter()
                        .map(|alias| plain(alias.asname.as_ref().unwrap_or(&alias.name).as_str())),
                );
            }
            Stmt::ImportFrom(import) => {
                found.extend(
                    import
                        .names
                        .iter()
                        .map(|alias| plain(alias.asname.as_ref().unwrap_or(&alias.name).as_str())),
                );
            }
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
