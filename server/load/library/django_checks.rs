//! What Django checks when a request comes: the name of the site that was asked for, and the table of a model.

use std::path::{Path, PathBuf};

use ruff_python_ast::visitor::{self, Visitor};
use ruff_python_ast::{Expr, Stmt};
use ruff_text_size::Ranged;

use super::Call;
use crate::load::effect::{Effect, EffectKind, Phase, RaiseCause, Refusal, Site};
use crate::load::interp::{Interp, Stop};
use crate::load::module::ModuleContext;
use crate::load::value::{Id, Kind, Value};
use crate::syntax::python::PythonFile;
use crate::text::TextRange;

/// Methods of a manager or query that ask the database at once.
const QUERIES: &[&str] = &[
    "count",
    "get",
    "first",
    "last",
    "exists",
    "create",
    "bulk_create",
    "get_or_create",
    "update_or_create",
    "aggregate",
    "latest",
    "earliest",
    "update",
    "delete",
];

impl<'a> Interp<'a> {
    /// Records that Django refuses the site's name, where the settings say so for certain.
    pub(in crate::load) fn check_allowed_hosts(&mut self) {
        let Some(settings) = self.django.settings else { return };
        // Only middleware asks for the name on every request.
        if !self.has_string(settings, "MIDDLEWARE", "django.middleware.common.CommonMiddleware") {
            return;
        }
        let Some((module, range)) = self.literal_hosts(settings) else { return };
        if self.ran.iter().any(|module| may_change_settings(module)) {
            return;
        }
        let allowed = self.setting_texts(settings, "ALLOWED_HOSTS").unwrap_or_default();
        let domain = self.domain();
        let refused = match &domain {
            Some(domain) => !allowed.iter().any(|pattern| matches_host(pattern, domain)),
            // With `DEBUG` on, and no list, the machine itself is served: that is how a project is developed.
            None => allowed.is_empty() && self.django_debug() != Some(true),
        };
        if refused {
            let kind = EffectKind::RefusesHosts(Refusal { domain, is_empty: allowed.is_empty() });
            let effect = Effect {
                site: Site { path: module.path.clone(), range },
                statement: range,
                at_module_level: true,
                trail: Vec::new(),
                phase: Phase::FirstRequest,
                ..self.effect(kind, range)
            };
            self.effects.push(effect);
        }
    }

    pub(super) fn setting_texts(&self, settings: Id, name: &str) -> Option<Vec<String>> {
        let texts = |items: &[Value<'a>]| items.iter().map(|i| i.as_str().map(str::to_owned)).collect();
        match &self.heap.slot(settings, name)?.value {
            Value::Tuple(items) => texts(items),
            Value::Object(id) => match self.heap.kind(*id) {
                Kind::List(items, false) => texts(items),
                _ => None,
            },
            _ => None,
        }
    }

    fn has_string(&self, settings: Id, name: &str, wanted: &str) -> bool {
        self.setting_texts(settings, name).is_some_and(|texts| texts.iter().any(|text| text == wanted))
    }

    /// Whether any string of a setting's list begins so.
    pub(super) fn string_prefix_in(&self, settings: Id, name: &str, prefix: &str) -> bool {
        self.setting_texts(settings, name)
            .is_none_or(|texts| texts.iter().any(|text| text.starts_with(prefix)))
    }

    /// The list of `ALLOWED_HOSTS` as the code writes it, with the module that does.
    fn literal_hosts(&self, settings: Id) -> Option<(std::rc::Rc<ModuleContext<'a>>, TextRange)> {
        let value = &self.heap.slot(settings, "ALLOWED_HOSTS")?.value;
        let modules = self.loaded.iter().filter_map(|module| self.loaded_module(&module.name)?.object());
        // Settings of several files hand the same list on.
        [settings].into_iter().chain(modules).find_map(|module| {
            let slot = self.heap.slot(module, "ALLOWED_HOSTS").filter(|slot| slot.value.same(value))?;
            let Kind::Module(context) = self.heap.kind(module) else { return None };
            let list = assigned_literal(context.look_into(), slot.range)?;
            Some((context.clone(), list))
        })
    }

    /// The domain of the site, where the entry is named as PythonAnywhere names it: `jane_pythonanywhere_com_wsgi.py`.
    fn domain(&self) -> Option<String> {
        let name = self.deployment.entry.file_name()?.to_str()?;
        let domain = name.strip_suffix("_wsgi.py")?;
        domain.ends_with("_pythonanywhere_com").then(|| domain.replace('_', "."))
    }

    /// A query on a model whose table no migration has made: the database file is not there, and neither are migrations.
    pub(super) fn check_table(&mut self, call: &Call<'_, 'a>) -> Result<(), Stop<'a>> {
        let Some(rest) = call.path.strip_prefix("django.db.models.Model.objects.") else { return Ok(()) };
        let method = rest.rsplit('.').next().unwrap_or(rest);
        if !QUERIES.contains(&method) {
            return Ok(());
        }
        let model = self.receivers(call).find(|id| matches!(self.heap.kind(*id), Kind::Class(_)));
        let Some(table) = model.and_then(|model| self.missing_table(model)) else { return Ok(()) };
        let class = "django.db.utils.OperationalError";
        let message = format!("no such table: {table}");
        Err(self.assuming(true, |me| me.raise_library(class, message, RaiseCause::NoTable, call.range)))
    }

    fn missing_table(&self, model: Id) -> Option<String> {
        let settings = self.django.settings?;
        let module =
            self.heap.slot(model, "__module__").and_then(|slot| slot.value.as_str().map(str::to_owned));
        let module = module.or_else(|| self.module_of_class(model))?;
        let app = module.split(".models").next()?.to_owned();
        let meta = self.heap.slot(model, "Meta").is_some();
        let elsewhere = self.heap.slot(settings, "MIGRATION_MODULES").is_some()
            || self.heap.slot(settings, "DATABASE_ROUTERS").is_some();
        if meta || elsewhere || self.heap.get(settings).open {
            return None;
        }
        let apps = self.setting_texts(settings, "INSTALLED_APPS")?;
        let is_installed =
            apps.iter().any(|entry| *entry == app || entry.starts_with(&format!("{app}.apps.")));
        let Value::Object(package) = self.loaded_module(&app)? else { return None };
        let Kind::Module(context) = self.heap.kind(package) else { return None };
        let folder = context.path.parent()?.to_owned();
        let migrations = folder.join("migrations");
        let database = self.sqlite_file(settings)?;
        let is_there = |path: &Path| self.snapshot.kind(path).is_some();
        if !is_installed
            || is_there(&migrations)
            || is_there(&database)
            || self.is_ignored(&migrations)
            || self.is_ignored(&database)
        {
            return None;
        }
        let label = app.rsplit('.').next()?.to_owned();
        Some(format!("{label}_{}", self.class_name(model)?.to_lowercase()))
    }

    /// The module that defines a class, by the name that it has there.
    fn module_of_class(&self, class: Id) -> Option<String> {
        let name = self.class_name(class)?;
        let defines = |module: &&crate::load::LoadedModule| {
            let Some(scope) = self.loaded_module(&module.name).and_then(|value| value.object()) else {
                return false;
            };
            let Kind::Module(context) = self.heap.kind(scope) else { return false };
            let same = self.heap.slot(scope, &name).and_then(|slot| slot.value.object());
            let is_def = |stmt: &Stmt| matches!(stmt, Stmt::ClassDef(def) if def.name.id == name);
            same == Some(class) && context.top_level().iter().any(is_def)
        };
        self.loaded.iter().find(defines).map(|module| module.name.clone())
    }

    /// The file of the default database, where that is SQLite and lies in the project.
    fn sqlite_file(&self, settings: Id) -> Option<PathBuf> {
        let databases = self.heap.slot(settings, "DATABASES")?.value.object()?;
        let default = self.entry_of(databases, "default")?.object()?;
        let engine = self.entry_of(default, "ENGINE")?;
        if engine.as_str() != Some("django.db.backends.sqlite3") {
            return None;
        }
        let name = self.path_text(&self.entry_of(default, "NAME")?)?;
        if name.contains(":memory:") { None } else { self.locate(&name) }
    }

    pub(super) fn entry_of(&self, dictionary: Id, key: &str) -> Option<Value<'a>> {
        let Kind::Dict(items, false) = self.heap.kind(dictionary) else { return None };
        items.iter().find(|(known, _)| known.as_str() == Some(key)).map(|(_, value)| value.clone())
    }
}

/// Whether Django serves a domain under this entry of `ALLOWED_HOSTS`.
fn matches_host(pattern: &str, domain: &str) -> bool {
    let pattern = pattern.to_lowercase();
    match pattern.strip_prefix('.') {
        _ if pattern == "*" => true,
        Some(parent) => domain == parent || domain.ends_with(&pattern),
        None => domain == pattern,
    }
}

/// The list or tuple of strings that a statement assigns, when everything in it is written down.
fn assigned_literal(file: &PythonFile, bound_at: TextRange) -> Option<TextRange> {
    let assign = file.body().iter().find_map(|stmt| match stmt {
        Stmt::Assign(assign) if stmt.range().contains_range(bound_at) => Some(assign),
        _ => None,
    })?;
    let items = match &*assign.value {
        Expr::List(list) => &list.elts,
        Expr::Tuple(tuple) => &tuple.elts,
        _ => return None,
    };
    items.iter().all(Expr::is_string_literal_expr).then(|| assign.value.range())
}

/// Whether settings of this file may come from somewhere else on the host: from a module that is imported if it is there, or
/// from a library that is handed the whole namespace.
pub(super) fn may_change_settings(module: &ModuleContext<'_>) -> bool {
    #[derive(Default)]
    struct Find {
        tries: usize,
        found: bool,
    }
    impl<'s> Visitor<'s> for Find {
        fn visit_stmt(&mut self, stmt: &'s Stmt) {
            match stmt {
                Stmt::Try(inner) => {
                    self.tries += 1;
                    self.visit_body(&inner.body);
                    self.tries -= 1;
                }
                Stmt::ImportFrom(import) => {
                    let star = import.names.iter().any(|alias| alias.name.as_str() == "*");
                    self.found |= star && self.tries > 0;
                }
                _ => visitor::walk_stmt(self, stmt),
            }
        }
        fn visit_expr(&mut self, expr: &'s Expr) {
            if let Expr::Name(name) = expr {
                self.found |= matches!(name.id.as_str(), "locals" | "globals" | "vars" | "exec");
            }
            visitor::walk_expr(self, expr);
        }
    }
    let sets = |stmt: &Stmt| match stmt {
        Stmt::Assign(assign) => assign
            .targets
            .iter()
            .any(|target| matches!(target, Expr::Name(name) if name.id == "ROOT_URLCONF")),
        _ => false,
    };
    // Only files of settings matter.
    if !module.top_level().iter().any(sets) {
        return false;
    }
    let mut find = Find::default();
    find.visit_body(module.look_into().body());
    find.found
}
