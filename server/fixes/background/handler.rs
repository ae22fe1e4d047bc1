//! The function that answers a request: which framework calls it, and how its route is written.

use ruff_python_ast::{Decorator, Expr, ExprCall, Stmt, StmtFunctionDef};
use ruff_text_size::Ranged;

use super::project::Project;
use super::urls::Route;
use super::{Refusal, because};
use crate::syntax::python::PythonFile;

/// Who calls the handler.
#[derive(Debug)]
pub(super) enum Framework {
    /// Flask.
    Flask {
        /// What the routes are registered on: `app`, `bp`.
        owner: String,
        /// Whether it is a blueprint, whose endpoints are named relative to it.
        blueprint: bool,
        /// `route` or `get`, as the handler's own route is written.
        verb: &'static str,
    },
    /// Django.
    Django {
        /// The name of the view's first parameter.
        request: String,
        /// Where the view is routed.
        route: Box<Route>,
        /// Whether it is a function view of Django REST framework.
        rest_framework: bool,
    },
}

impl Framework {
    /// Finds out who calls a function; `None` when nothing says that it answers requests.
    pub fn of(
        project: &Project<'_>,
        file: &PythonFile,
        function: &StmtFunctionDef,
        owners: &[&Stmt],
    ) -> Result<Self, Refusal> {
        let in_class = owners.iter().rev().nth(1).is_some_and(|owner| owner.is_class_def_stmt());
        if let Some((owner, verb)) = function.decorator_list.iter().find_map(route) {
            if function.is_async {
                return Err(because("The handler is asynchronous."));
            }
            return match imported_framework(project, file, &owner) {
                Some(Registry::Flask { blueprint }) => {
                    let verb = if verb == "route" { "route" } else { "get" };
                    Ok(Self::Flask { owner, blueprint, verb })
                }
                Some(Registry::Other(name)) => Err(because(format!(
                    "A status route can be written for Flask and Django only, and this is a handler of {name}."
                ))),
                None => Err(Refusal::NotHere),
            };
        }
        let request = function.parameters.iter_non_variadic_params().next().map(|one| one.name().to_string());
        let looks_like_view = request.as_deref() == Some("request");
        if in_class {
            let second = function.parameters.iter_non_variadic_params().nth(1);
            let verbs = ["get", "post", "put", "patch", "delete"];
            let is_view = verbs.contains(&function.name.as_str())
                || second.is_some_and(|parameter| parameter.name().as_str() == "request");
            let reason =
                "The handler is a method of a class. Call a function from it, or make the view a function.";
            return Err(if is_view { because(reason) } else { Refusal::NotHere });
        }
        let Some(request) = request.filter(|_| project.is_django() && owners.len() == 1) else {
            return Err(Refusal::NotHere);
        };
        match Route::find(project, &function.name) {
            Some(_) if function.is_async => Err(because("The handler is asynchronous.")),
            Some(route) => {
                let rest_framework =
                    function.decorator_list.iter().any(|one| last_name(&one.expression) == Some("api_view"));
                Ok(Self::Django { request, route: Box::new(route), rest_framework })
            }
            None if looks_like_view => Err(because(
                "No `path()` of a urls.py was found that leads to this view, so there is no place for a status route.",
            )),
            None => Err(Refusal::NotHere),
        }
    }

    /// The name of Django's request, or that of Flask's.
    pub fn is_django(&self) -> bool {
        matches!(self, Self::Django { .. })
    }
}

/// The decorators that let only some people in, as the status route needs them too; and the one that makes a view one of
/// Django REST framework.
pub(super) fn access_decorators<'a>(file: &'a PythonFile, function: &StmtFunctionDef) -> Vec<&'a str> {
    const WORDS: &[&str] = &[
        "login",
        "permission",
        "auth",
        "role",
        "user_passes_test",
        "staff",
        "member",
        "admin",
        "jwt",
        "token",
    ];
    let relevant = function.decorator_list.iter().filter(|decorator| {
        last_name(&decorator.expression).is_some_and(|name| {
            name == "api_view" || WORDS.iter().any(|word| name.to_lowercase().contains(word))
        })
    });
    relevant
        .map(|decorator| match last_name(&decorator.expression) {
            Some("api_view") => "@api_view([\"GET\"])",
            _ => file.slice(decorator.range()),
        })
        .collect()
}

/// The last name of `a.b.c` or `a.b.c(...)`.
fn last_name(expr: &Expr) -> Option<&str> {
    match expr {
        Expr::Name(name) => Some(name.id.as_str()),
        Expr::Attribute(attribute) => Some(attribute.attr.as_str()),
        Expr::Call(call) => last_name(&call.func),
        _ => None,
    }
}

/// `@owner.route(...)` and its relatives.
fn route(decorator: &Decorator) -> Option<(String, &str)> {
    let Expr::Call(call) = &decorator.expression else { return None };
    let Expr::Attribute(attribute) = &*call.func else { return None };
    let Expr::Name(owner) = &*attribute.value else { return None };
    let verbs = ["route", "get", "post", "put", "patch", "delete"];
    let verb = verbs.into_iter().find(|verb| *verb == attribute.attr.as_str())?;
    call.arguments
        .args
        .first()
        .is_some_and(Expr::is_string_literal_expr)
        .then(|| (owner.id.to_string(), verb))
}

enum Registry {
    Flask { blueprint: bool },
    Other(&'static str),
}

/// What the name before `.route` is: looked for in the file, and in the project's file that it is imported from.
fn imported_framework(project: &Project<'_>, file: &PythonFile, owner: &str) -> Option<Registry> {
    const KNOWN: &[(&str, &str)] = &[
        ("Bottle", "Bottle"),
        ("bottle", "Bottle"),
        ("FastAPI", "FastAPI"),
        ("APIRouter", "FastAPI"),
        ("Quart", "Quart"),
        ("Sanic", "Sanic"),
        ("Starlette", "Starlette"),
    ];
    if let Some(made) = made_by(file.body(), owner) {
        let name = last_name(&made.func)?;
        let is_flask = ["Flask", "APIFlask", "OpenAPI", "Connexion"].contains(&name);
        if is_flask || name.contains("Blueprint") {
            return Some(Registry::Flask { blueprint: !is_flask });
        }
        let other = KNOWN.iter().find(|(class, _)| *class == name);
        return other.map(|(_, name)| Registry::Other(name)).or_else(|| by_imports(file));
    }
    match project.imported_from(file, owner) {
        Some(elsewhere) => match made_by(elsewhere.file.body(), &elsewhere.name) {
            Some(_) => imported_framework(project, &elsewhere.file, &elsewhere.name),
            None => by_imports(file),
        },
        None => by_imports(file),
    }
}

/// Without a sight of the application object, what the file imports tells.
fn by_imports(file: &PythonFile) -> Option<Registry> {
    let imports = |module: &str| super::project::imports_of(file.body()).any(|import| import.is_from(module));
    let others = [("bottle", "Bottle"), ("fastapi", "FastAPI"), ("quart", "Quart"), ("sanic", "Sanic")];
    match others.iter().find(|(module, _)| imports(module)) {
        Some((_, name)) => Some(Registry::Other(name)),
        None => imports("flask").then_some(Registry::Flask { blueprint: false }),
    }
}

/// The call whose value a name gets, at any depth of blocks and functions.
fn made_by<'a>(body: &'a [Stmt], name: &str) -> Option<&'a ExprCall> {
    body.iter().find_map(|stmt| {
        if let Stmt::Assign(assign) = stmt
            && assign.targets.iter().any(|target| matches!(target, Expr::Name(one) if one.id == name))
            && let Expr::Call(call) = &*assign.value
        {
            return Some(call);
        }
        super::target::blocks(stmt).into_iter().find_map(|block| made_by(block, name))
    })
}
