//! Reads of the request: those that are simple move to the call that starts the job, all others stay where the request is.

use ruff_python_ast::visitor::{Visitor, walk_expr, walk_stmt};
use ruff_python_ast::{Expr, ExprAttribute, Stmt};
use ruff_text_size::{Ranged, TextRange};
use rustc_hash::FxHashMap;

use super::flow::{Flow, Names};
use super::handler::Framework;
use super::project::imports_of;
use crate::syntax::python::PythonFile;

/// What a name of the file stands for while a request is served.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Context {
    /// The request.
    Request,
    /// The visitor's session.
    Session,
    /// The visitor's account.
    User,
    /// Something else that only works while a request is served.
    Bound,
}

/// The names of the file that only mean something while a request is served.
pub(super) struct Contexts {
    names: FxHashMap<String, Context>,
    /// The name of the module `flask`, when the file imports it whole.
    module: Option<String>,
    /// Whether the request may stand as a whole where it is served: Django hands it to `render()`.
    pub django: bool,
}

/// One use of such a name.
#[derive(Clone, Debug)]
pub(super) struct Use {
    /// The use itself, or all of the simple read that it belongs to.
    pub range: TextRange,
    /// What is read, as a name for it; `None` for a use that is no simple read.
    pub suggested: Option<String>,
    /// Whether it runs whenever the statements run.
    pub always: bool,
    /// Whether it can fail where another read of the same would not: `request.form["x"]`.
    pub can_fail: bool,
    /// What is used, as the file writes it.
    pub name: String,
    pub context: Context,
}

/// What Flask gives only while it serves a request.
const FLASK: &[(&str, Context)] = &[
    ("request", Context::Request),
    ("session", Context::Session),
    ("g", Context::Bound),
    ("current_app", Context::Bound),
    ("flash", Context::Bound),
    ("get_flashed_messages", Context::Bound),
    ("url_for", Context::Bound),
    ("render_template", Context::Bound),
    ("render_template_string", Context::Bound),
    ("stream_template", Context::Bound),
    ("jsonify", Context::Bound),
    ("abort", Context::Bound),
    ("redirect", Context::Bound),
    ("make_response", Context::Bound),
    ("send_file", Context::Bound),
    ("send_from_directory", Context::Bound),
    ("after_this_request", Context::Bound),
    ("stream_with_context", Context::Bound),
    ("copy_current_request_context", Context::Bound),
];

impl Contexts {
    /// Reads them off a file's imports, and the parameter of a Django view.
    pub fn of(file: &PythonFile, framework: &Framework) -> Self {
        let mut names = FxHashMap::default();
        let mut module = None;
        for import in imports_of(file.body()) {
            if import.from.is_none() && import.name() == "flask" {
                module = Some(import.binds().to_owned());
            } else if import.module() == Some("flask")
                && let Some((_, context)) = FLASK.iter().find(|(name, _)| *name == import.name())
            {
                names.insert(import.binds().to_owned(), *context);
            } else if import.module().is_some_and(|own| own.starts_with("flask_login"))
                && import.name() == "current_user"
            {
                names.insert(import.binds().to_owned(), Context::User);
            }
        }
        if let Framework::Django { request, .. } = framework {
            names.insert(request.clone(), Context::Request);
        }
        Self { names, module, django: framework.is_django() }
    }

    fn of_expression(&self, expr: &Expr) -> Option<Context> {
        match expr {
            Expr::Name(name) => self.names.get(name.id.as_str()).copied(),
            Expr::Attribute(attribute) => {
                let Expr::Name(owner) = &*attribute.value else { return None };
                let flask = self.module.as_deref() == Some(owner.id.as_str());
                let known = FLASK.iter().find(|(name, _)| flask && *name == attribute.attr.as_str());
                known.map(|(_, context)| *context)
            }
            _ => None,
        }
    }

    /// All uses in statements, in order.
    ///
    /// What a read says beside the request, such as a default, must not depend on the names in `late`: they are not bound yet
    /// where the job is started.
    pub fn uses<'a>(
        &self,
        file: &PythonFile,
        statements: impl IntoIterator<Item = &'a Stmt>,
        late: &Names,
    ) -> Vec<Use> {
        let mut uses = Uses { contexts: self, file, late, found: Vec::new(), depth: 0 };
        for stmt in statements {
            uses.visit_stmt(stmt);
        }
        uses.found
    }

    /// All uses in one expression.
    pub fn uses_in(&self, file: &PythonFile, expr: &Expr) -> Vec<Use> {
        let mut uses = Uses { contexts: self, file, late: &Names::default(), found: Vec::new(), depth: 0 };
        uses.visit_expr(expr);
        uses.found
    }

    /// The simple read that an expression is, as a name for it, and whether it can fail.
    fn simple_read(&self, expr: &Expr, late: &Names) -> Option<(String, bool, Context)> {
        match expr {
            Expr::Subscript(subscript) => {
                let context = self.is_mapping(&subscript.value)?;
                Some((key(&subscript.slice)?, true, context))
            }
            Expr::Call(call) => {
                let Expr::Attribute(method) = &*call.func else { return None };
                let mut plain =
                    call.arguments.args.iter().chain(call.arguments.keywords.iter().map(|k| &k.value));
                if !plain.all(|value| is_plain(value, late)) {
                    return None;
                }
                let name = method.attr.as_str();
                if let Some(context) = self.is_mapping(&method.value)
                    && ["get", "getlist"].contains(&name)
                {
                    return Some((key(call.arguments.args.first()?)?, false, context));
                }
                let own = self.of_expression(&method.value)?;
                let suggested = match (own, name) {
                    (Context::Request, "get_json") => "data",
                    (Context::Request, "get_data") => "body",
                    (Context::Request, "build_absolute_uri") => "url",
                    (Context::Request, "get_full_path") => "path",
                    (Context::Request, "get_host") => "host",
                    (Context::User, "get_id") => "user_id",
                    _ => return None,
                };
                Some((suggested.to_owned(), false, own))
            }
            Expr::Attribute(attribute) => self.simple_attribute(attribute),
            _ => None,
        }
    }

    fn simple_attribute(&self, attribute: &ExprAttribute) -> Option<(String, bool, Context)> {
        const PLAIN: &[&str] = &[
            "method",
            "path",
            "full_path",
            "url",
            "base_url",
            "url_root",
            "host",
            "scheme",
            "remote_addr",
            "endpoint",
            "referrer",
            "json",
            "data",
            "body",
            "content_type",
            "path_info",
        ];
        const ACCOUNT: &[&str] = &["id", "pk", "username", "email", "name", "is_authenticated"];
        let name = attribute.attr.as_str();
        if let Some(own) = self.of_expression(&attribute.value) {
            let plain = match own {
                Context::Request => PLAIN.contains(&name),
                Context::User => ACCOUNT.contains(&name),
                Context::Session | Context::Bound => false,
            };
            let suggested = if own == Context::User { format!("user_{name}") } else { name.to_owned() };
            return plain.then_some((suggested, false, own));
        }
        let Expr::Attribute(inner) = &*attribute.value else { return None };
        let of_user =
            self.of_expression(&inner.value) == Some(Context::Request) && inner.attr.as_str() == "user";
        (of_user && ACCOUNT.contains(&name)).then(|| (format!("user_{name}"), false, Context::User))
    }

    /// `request.form` and its like, or the session.
    fn is_mapping(&self, expr: &Expr) -> Option<Context> {
        const MAPPINGS: &[&str] = &[
            "form",
            "args",
            "values",
            "headers",
            "cookies",
            "json",
            "view_args",
            "GET",
            "POST",
            "COOKIES",
            "META",
            "session",
            "data",
            "query_params",
        ];
        if let Some(own) = self.of_expression(expr) {
            return (own == Context::Session).then_some(own);
        }
        let Expr::Attribute(attribute) = expr else { return None };
        let own = self.of_expression(&attribute.value)?;
        (own == Context::Request && MAPPINGS.contains(&attribute.attr.as_str())).then_some(own)
    }
}

/// The constant key of a mapping as a name.
fn key(expr: &Expr) -> Option<String> {
    let Expr::StringLiteral(text) = expr else { return None };
    let name: String =
        text.value.to_str().chars().map(|c| if c.is_ascii_alphanumeric() { c } else { '_' }).collect();
    let name = name.trim_matches('_').to_lowercase();
    let name = if name.starts_with(|c: char| c.is_ascii_digit()) { format!("value_{name}") } else { name };
    Some(if name.is_empty() { "value".to_owned() } else { name })
}

/// Constants, and names that have their value before the job is started, such as `type=int`.
fn is_plain(expr: &Expr, late: &Names) -> bool {
    match expr {
        Expr::Name(name) => !late.contains(name.id.as_str()),
        Expr::UnaryOp(inner) => is_plain(&inner.operand, late),
        Expr::Dict(inner) => inner.is_empty(),
        Expr::List(inner) => inner.is_empty(),
        _ => expr.is_literal_expr(),
    }
}

struct Uses<'c> {
    contexts: &'c Contexts,
    file: &'c PythonFile,
    late: &'c Names,
    found: Vec<Use>,
    /// How many branches, loops and inner functions surround the place.
    depth: usize,
}

impl Uses<'_> {
    fn deeper(&mut self, walk: impl FnOnce(&mut Self)) {
        self.depth += 1;
        walk(self);
        self.depth -= 1;
    }

    fn see(&mut self, expr: &Expr, suggested: Option<String>, can_fail: bool, context: Context) {
        self.found.push(Use {
            range: expr.range(),
            suggested,
            always: self.depth == 0,
            can_fail,
            name: self.file.slice(expr.range()).to_owned(),
            context,
        });
    }
}

impl<'a> Visitor<'a> for Uses<'_> {
    fn visit_body(&mut self, body: &'a [Stmt]) {
        self.deeper(|me| body.iter().for_each(|stmt| me.visit_stmt(stmt)));
    }

    fn visit_stmt(&mut self, stmt: &'a Stmt) {
        // What a function binds itself hides the name.
        if let Stmt::FunctionDef(def) = stmt {
            let inner = Flow::of(std::slice::from_ref(stmt));
            let used = |name: &String| inner.needs(name);
            if self.contexts.names.keys().any(used) || self.contexts.module.as_ref().is_some_and(used) {
                self.deeper(|me| def.body.iter().for_each(|stmt| me.visit_stmt(stmt)));
            }
            return;
        }
        walk_stmt(self, stmt);
    }

    fn visit_expr(&mut self, expr: &'a Expr) {
        let writes = match expr {
            Expr::Subscript(inner) => !inner.ctx.is_load(),
            Expr::Attribute(inner) => !inner.ctx.is_load(),
            _ => false,
        };
        if !writes && let Some((name, can_fail, context)) = self.contexts.simple_read(expr, self.late) {
            self.see(expr, Some(name), can_fail, context);
        } else if let Some(context) = self.contexts.of_expression(expr) {
            self.see(expr, None, false, context);
        } else {
            match expr {
                Expr::Lambda(_)
                | Expr::If(_)
                | Expr::BoolOp(_)
                | Expr::ListComp(_)
                | Expr::SetComp(_)
                | Expr::DictComp(_)
                | Expr::Generator(_) => self.deeper(|me| walk_expr(me, expr)),
                _ => walk_expr(self, expr),
            }
        }
    }
}
