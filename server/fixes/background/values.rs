//! Values that cannot be handed from one process to another, as far as the statement that binds them tells.

use ruff_python_ast::visitor::{Visitor, walk_stmt};
use ruff_python_ast::{Expr, Stmt};

/// How a task queue writes values down.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Wire {
    /// As JSON.
    Json,
    /// By `pickle`.
    Pickle,
}

/// What the value that statements bind to a name is, when that cannot be handed to another process; `None` when nothing
/// speaks against it.
pub(super) fn obstacle(statements: &[&Stmt], name: &str, wire: Wire) -> Option<String> {
    let mut find = Find { name, wire, found: None };
    statements.iter().for_each(|stmt| find.visit_stmt(stmt));
    find.found
}

struct Find<'n> {
    name: &'n str,
    wire: Wire,
    found: Option<String>,
}

impl Find<'_> {
    fn is_it(&self, target: &Expr) -> bool {
        matches!(target, Expr::Name(name) if name.id == self.name)
    }

    fn see(&mut self, value: &Expr) {
        if self.found.is_none() {
            self.found = kind_of(value, self.wire);
        }
    }
}

impl<'a> Visitor<'a> for Find<'_> {
    fn visit_stmt(&mut self, stmt: &'a Stmt) {
        match stmt {
            Stmt::Assign(assign) if assign.targets.iter().any(|target| self.is_it(target)) => {
                self.see(&assign.value)
            }
            Stmt::AnnAssign(assign) if self.is_it(&assign.target) => {
                assign.value.iter().for_each(|value| self.see(value));
            }
            Stmt::With(with) => {
                for item in &with.items {
                    if item.optional_vars.as_deref().is_some_and(|target| self.is_it(target)) {
                        self.found.get_or_insert_with(|| "what a `with` opens".to_owned());
                    }
                }
                walk_stmt(self, stmt);
            }
            Stmt::FunctionDef(def) => {
                if def.name.as_str() == self.name {
                    self.found.get_or_insert_with(|| "a function".to_owned());
                }
            }
            Stmt::ClassDef(def) => {
                if def.name.as_str() == self.name {
                    self.found.get_or_insert_with(|| "a class".to_owned());
                }
            }
            _ => walk_stmt(self, stmt),
        }
    }
}

/// What a value is, when it is one of those that stay in their process.
fn kind_of(value: &Expr, wire: Wire) -> Option<String> {
    let json = wire == Wire::Json;
    let text = match value {
        Expr::Generator(_) => "a generator",
        Expr::Lambda(_) => "a function",
        Expr::Set(_) | Expr::SetComp(_) if json => "a set",
        Expr::BytesLiteral(_) if json => "a bytes object",
        Expr::Subscript(inner) if mentions(&inner.value, &["files", "FILES"]) => "an uploaded file",
        Expr::Await(inner) => return kind_of(&inner.value, wire),
        Expr::Call(call) => return of_call(&path_of(&call.func)?, json),
        _ => return None,
    };
    Some(text.to_owned())
}

fn mentions(expr: &Expr, names: &[&str]) -> bool {
    matches!(expr, Expr::Attribute(attribute) if names.contains(&attribute.attr.as_str()))
}

/// The names of `a.b(...).c` in order, calls and subscripts left out.
fn path_of(expr: &Expr) -> Option<Vec<&str>> {
    match expr {
        Expr::Name(name) => Some(vec![name.id.as_str()]),
        Expr::Attribute(attribute) => {
            let mut path = path_of(&attribute.value).unwrap_or_default();
            path.push(attribute.attr.as_str());
            Some(path)
        }
        Expr::Call(call) => path_of(&call.func),
        Expr::Subscript(subscript) => path_of(&subscript.value),
        _ => None,
    }
}

fn of_call(path: &[&str], json: bool) -> Option<String> {
    /// Classes whose objects travel as well as plain values do.
    const DATA: &[&str] = &["Counter", "OrderedDict"];
    /// Those that `pickle` knows.
    const PICKLED: &[&str] = &["Decimal", "Path", "PurePath", "UUID", "Fraction", "DataFrame", "Series"];
    let (first, last) = (*path.first()?, *path.last()?);
    let has = |names: &[&str]| path.iter().any(|part| names.contains(part));
    let counts = ["count", "exists", "aggregate", "len"].contains(&last);
    let text = match last {
        "open" | "NamedTemporaryFile" | "TemporaryFile" => "an open file",
        "zip" | "map" | "filter" | "iter" | "enumerate" | "reversed" if path.len() == 1 => "an iterator",
        "get" if has(&["files", "FILES"]) => "an uploaded file",
        "cursor" => "a cursor of a database",
        "connect" | "connection" | "get_connection" | "get_db" => "a connection",
        "Session" | "sessionmaker" | "scoped_session" | "SessionLocal" => "a session",
        "get_object_or_404" | "get_list_or_404" | "get_or_404" | "first_or_404" | "one_or_404" => {
            "an object of the database"
        }
        _ if has(&["objects", "query"]) && path.len() > 1 && !counts => "an object of the database",
        _ if has(&["session"])
            && has(&["get", "scalar", "scalars", "execute", "query"])
            && first != "session" =>
        {
            "an object of the database"
        }
        "get" | "post" | "put" | "patch" | "delete" | "request"
            if json && ["requests", "httpx"].contains(&first) =>
        {
            "a response"
        }
        "set" | "frozenset" if json && path.len() == 1 => "a set",
        "encode" | "read_bytes" | "bytes" | "bytearray" if json => "a bytes object",
        _ if json && ["pd", "pandas"].contains(&first) => "a table of pandas",
        _ if json && ["np", "numpy"].contains(&first) => "an array of numpy",
        _ if last.starts_with(|c: char| c.is_uppercase())
            && !last.chars().all(|c| c.is_uppercase() || c == '_') =>
        {
            if DATA.contains(&last) || (!json && PICKLED.contains(&last)) {
                return None;
            }
            return Some(format!("an object of `{last}`"));
        }
        _ => return None,
    };
    Some(text.to_owned())
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;
    use crate::syntax::python::{PythonFile, PythonVersion};
    use crate::text::Source;

    #[test]
    fn values_that_stay_in_their_process_are_known_by_their_makers() {
        for (text, pickled, json) in [
            ("x = open('a')", Some("an open file"), Some("an open file")),
            ("with open('a') as x: pass", Some("what a `with` opens"), Some("what a `with` opens")),
            ("x = request.files['f']", Some("an uploaded file"), Some("an uploaded file")),
            (
                "x = Order.objects.get(pk=1)",
                Some("an object of the database"),
                Some("an object of the database"),
            ),
            ("x = Order.objects.count()", None, None),
            (
                "x = db.session.get(Order, 1)",
                Some("an object of the database"),
                Some("an object of the database"),
            ),
            ("x = session.get('cart')", None, None),
            ("x = LoginForm()", Some("an object of `LoginForm`"), Some("an object of `LoginForm`")),
            ("x = Decimal('1')", None, Some("an object of `Decimal`")),
            ("x = requests.get(url)", None, Some("a response")),
            ("x = pd.read_csv(f)", None, Some("a table of pandas")),
            ("x = {1, 2}", None, Some("a set")),
            ("x = (i for i in y)", Some("a generator"), Some("a generator")),
            ("def x(): pass", Some("a function"), Some("a function")),
            ("x = compute(open('a'))", None, None),
            ("x = int(request.form['x'])", None, None),
        ] {
            let file = PythonFile::parse(Source::new(text), None, PythonVersion::PY312);
            let statements: Vec<&Stmt> = file.body().iter().collect();
            assert_eq!(obstacle(&statements, "x", Wire::Pickle).as_deref(), pickled, "{text}");
            assert_eq!(obstacle(&statements, "x", Wire::Json).as_deref(), json, "{text}");
        }
    }
}
