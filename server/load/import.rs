//! Imports: finding a module, running it, binding names.

use std::path::Path;
use std::rc::Rc;
use std::sync::Arc;

use ruff_python_ast::name::Name;
use ruff_python_ast::{StmtImport, StmtImportFrom};
use ruff_text_size::Ranged;

use super::LoadedModule;
use super::effect::{EffectKind, RaiseCause, StepKind};
use super::find::Spec;
use super::interp::{Eval, Exception, Frame, FrameKind, Interp, Stop};
use super::module::ModuleContext;
use super::suggest::similar_names;
use super::value::{Arguments, Id, Kind, Value};
use crate::catalog::{calls, stdlib};
use crate::syntax::python::PythonFile;
use crate::text::TextRange;

/// How many attributes a module has before its first statement runs.
const MODULE_ATTRIBUTES: usize = 7;

impl<'a> Interp<'a> {
    /// `import a.b, c as d`.
    pub fn import_statement(&mut self, stmt: &'a StmtImport) -> Result<(), Stop<'a>> {
        for alias in &stmt.names {
            let dotted = alias.name.as_str();
            let leaf = self.import_module(dotted, alias.range())?;
            match &alias.asname {
                Some(name) => self.bind(name.id.clone(), leaf, name.range()),
                None => {
                    let top = dotted.split('.').next().unwrap_or(dotted);
                    let value = if top == dotted {
                        leaf
                    } else {
                        self.loaded_module(top).unwrap_or(Value::library(top))
                    };
                    self.bind(Name::new(top), value, alias.range());
                }
            }
        }
        Ok(())
    }

    /// `from a.b import c as d`, `from . import c`, `from a import *`.
    pub fn import_from_statement(&mut self, stmt: &'a StmtImportFrom) -> Result<(), Stop<'a>> {
        let module = stmt.module.as_ref().map_or("", |name| name.as_str());
        if module == "__future__" {
            return Ok(());
        }
        let name = if stmt.level > 0 { self.absolute_name(stmt, module)? } else { module.to_owned() };
        let range = stmt.module.as_ref().map_or(stmt.range(), |name| name.range());
        let source = self.import_module(&name, range)?;
        for alias in &stmt.names {
            if alias.name.as_str() == "*" {
                self.import_star(&source, alias.range())?;
                continue;
            }
            let value = self.import_name(&source, &name, &alias.name.id, alias.name.range())?;
            let bound = alias.asname.as_ref().unwrap_or(&alias.name);
            self.bind(bound.id.clone(), value, alias.range());
        }
        Ok(())
    }

    fn absolute_name(&mut self, stmt: &'a StmtImportFrom, module: &str) -> Result<String, Stop<'a>> {
        let package = self.module().map_or(Name::default(), |m| m.package.clone());
        let mut parts: Vec<&str> = package.split('.').filter(|part| !part.is_empty()).collect();
        let level = usize::try_from(stmt.level).unwrap_or(usize::MAX);
        if parts.len() < level {
            let message = if parts.is_empty() {
                "attempted relative import with no known parent package"
            } else {
                "attempted relative import beyond top-level package"
            };
            return Err(self.raise("ImportError", message, RaiseCause::RelativeImport, stmt.range()));
        }
        parts.truncate(parts.len() + 1 - level);
        parts.extend(module.split('.').filter(|part| !part.is_empty()));
        Ok(parts.join("."))
    }

    /// Imports a module and its packages; gives the module itself.
    pub fn import_module(&mut self, dotted: &str, range: TextRange) -> Eval<'a> {
        let mut parent: Option<Value<'a>> = None;
        let mut name = String::new();
        for part in dotted.split('.') {
            if !name.is_empty() {
                name.push('.');
            }
            name.push_str(part);
            let module = match self.loaded_module(&name) {
                Some(known) => known,
                None => self.load_part(&name, part, parent.as_ref(), dotted, range)?,
            };
            if let Some(Value::Object(id)) = &parent {
                // Python binds a submodule in its package once it is loaded.
                if matches!(self.heap.kind(*id), Kind::Module(_)) && self.heap.slot(*id, part).is_none() {
                    self.heap.set(*id, Name::new(part), module.clone(), TextRange::default());
                }
            }
            parent = Some(module);
        }
        Ok(parent.unwrap_or(Value::Unknown))
    }

    /// A module that `sys.modules` holds.
    pub fn loaded_module(&self, name: &str) -> Option<Value<'a>> {
        self.heap.slot(self.modules, name)?.value.bound()
    }

    fn load_part(
        &mut self,
        name: &str,
        part: &str,
        parent: Option<&Value<'a>>,
        dotted: &str,
        range: TextRange,
    ) -> Eval<'a> {
        let spec = match parent {
            None => self.find_top_level(name),
            Some(Value::Library(_)) => {
                let package = name.rsplit_once('.').map_or("", |(package, _)| package);
                // What is known to be gone is told with its remedy, below.
                let gone = self.environment.removed(&calls::canonical(name)).is_some();
                if !gone && self.lacks_submodule(package, part) {
                    Spec::Missing { assumed: false }
                } else {
                    Spec::Library
                }
            }
            Some(parent) => self.find_in_package(parent, part),
        };
        let spec = match spec {
            Spec::Missing { .. } if self.is_kept_back(parent, part) => Spec::Perhaps,
            spec => spec,
        };
        match spec {
            Spec::File { path, is_package } => self.load_file(name, &path, is_package, range),
            Spec::Namespace(folders) => {
                let id = self.heap.allocate(Kind::NamespacePackage(Name::new(name), Rc::new(folders)));
                self.heap.set(self.modules, Name::new(name), Value::Object(id), TextRange::default());
                Ok(Value::Object(id))
            }
            Spec::Library => {
                let path = calls::canonical(name);
                if let Some(removed) = self.environment.removed(&path) {
                    let cause = RaiseCause::RemovedAttribute {
                        attribute: path.clone(),
                        removed_in: format!("{} {}", removed.distribution, removed.since),
                        instead: removed.instead.clone(),
                    };
                    return Err(self.raise(
                        "ModuleNotFoundError",
                        format!("No module named '{name}'"),
                        cause,
                        range,
                    ));
                }
                self.library_import_effects(&path);
                let library = Value::library(path);
                self.heap.set(self.modules, Name::new(name), library.clone(), TextRange::default());
                self.import_what_it_needs(name, range)?;
                Ok(library)
            }
            Spec::Perhaps => {
                // Nobody is told of what is only possible, so the reasons need not be looked for.
                let cause = RaiseCause::Plain;
                self.doubt.possible += 1;
                let stop =
                    self.raise("ModuleNotFoundError", format!("No module named '{name}'"), cause, range);
                self.doubt.possible -= 1;
                self.may_raise(stop);
                let library = Value::library(calls::canonical(name));
                self.heap.set(self.modules, Name::new(name), library.clone(), TextRange::default());
                self.import_what_it_needs(name, range)?;
                Ok(library)
            }
            Spec::Missing { assumed } => {
                let cause = self.missing_module(name, dotted);
                let message = format!("No module named '{name}'");
                Err(self.assuming(assumed, |me| me.raise("ModuleNotFoundError", message, cause, range)))
            }
        }
    }

    /// A library imports modules of the standard library, and gets files of the project that have their names.
    fn import_what_it_needs(&mut self, library: &str, range: TextRange) -> Result<(), Stop<'a>> {
        for (module, name) in stdlib::needed_by(library) {
            if self.loaded_module(module).is_some()
                || !matches!(self.find_top_level(module), Spec::File { .. })
            {
                continue;
            }
            let Value::Object(id) = self.import_module(module, range)? else { continue };
            let Kind::Module(context) = self.heap.kind(id).clone() else { continue };
            if self.heap.get(id).open
                || self.heap.slot(id, name).is_some()
                || self.heap.slot(id, "__getattr__").is_some()
            {
                continue;
            }
            let cause = RaiseCause::MissingName {
                module: (*module).to_owned(),
                name: (*name).to_owned(),
                similar: Vec::new(),
                circular: false,
                path: context.path.clone(),
            };
            let message = format!("module '{module}' has no attribute '{name}'");
            // Another release of the library may do without it.
            return Err(self.assuming(true, |me| me.raise("AttributeError", message, cause, range)));
        }
        Ok(())
    }

    /// Runs a file of the project as a module.
    pub fn load_file(&mut self, name: &str, path: &Path, is_package: bool, range: TextRange) -> Eval<'a> {
        let Some(file) = self.snapshot.python(path, self.deployment.python) else {
            return Ok(Value::library(name));
        };
        let path: Arc<Path> = Arc::from(path);
        let step = self.step(StepKind::Import(name.to_owned()), range);
        self.trail.push(step);
        let result = self.run_module(name, path, file, is_package);
        self.trail.pop();
        result.map(Value::Object)
    }

    /// Runs the body of a module; the entry comes here, too.
    pub fn run_module(
        &mut self,
        name: &str,
        path: Arc<Path>,
        file: Arc<PythonFile>,
        is_package: bool,
    ) -> Result<Id, Stop<'a>> {
        let package =
            if is_package { name } else { name.rsplit_once('.').map_or("", |(package, _)| package) };
        self.loaded.push(LoadedModule { name: name.to_owned(), path: path.clone(), file: file.clone() });
        let compiles = file.compiles();
        let first_problem = file.problems().first().map(|problem| problem.range);
        // While a file is being typed, what was known of it stays known.
        let runs = if compiles {
            Some(file.clone())
        } else {
            self.snapshot.last_good_python(&path, self.deployment.python)
        };
        let tree: &'a Arc<PythonFile> = self.arena.alloc(runs.clone().unwrap_or(file));
        let scope = self.heap.allocate(Kind::Scope);
        // Most statements of a module bind a name.
        self.heap.reserve(scope, MODULE_ATTRIBUTES + tree.body().len());
        let context = Rc::new(ModuleContext::new(name, package, path.clone(), tree, scope));
        self.ran.push(context.clone());
        self.heap.set_kind(scope, Kind::Module(context.clone()));
        for (key, value) in [
            ("__name__", Value::str(name)),
            ("__file__", Value::str(path.to_string_lossy())),
            ("__package__", Value::str(package)),
            ("__doc__", Value::Unknown),
            ("__spec__", Value::Unknown),
            ("__loader__", Value::Unknown),
            ("__builtins__", Value::library("builtins")),
        ] {
            self.heap.set(scope, Name::new_static(key), value, TextRange::default());
        }
        self.heap.set(self.modules, Name::new(name), Value::Object(scope), TextRange::default());
        self.frames.push(Frame::of_module(context, scope));
        let result = if compiles {
            self.exec_while_typed(&path, tree)
        } else {
            let range = first_problem.unwrap_or_default();
            let effect = self.effect(EffectKind::SyntaxError, range);
            if runs.is_some() {
                self.effects.push(effect);
                self.exec_half_typed(&path, tree)
            } else {
                Err(Stop::Raise(Box::new(Exception {
                    class: Value::library("builtins.SyntaxError"),
                    effect,
                    value: Value::Unknown,
                })))
            }
        };
        self.frames.pop();
        if !compiles {
            // What is being typed may bind any name.
            self.heap.set_open(scope);
        }
        match result {
            Ok(_) => Ok(scope),
            Err(stop) => {
                if matches!(stop, Stop::Raise(_)) {
                    // Python takes a module that failed out of `sys.modules` again.
                    self.heap.set(self.modules, Name::new(name), Value::Unbound, TextRange::default());
                }
                Err(stop)
            }
        }
    }

    /// The value that `from module import name` binds.
    pub fn import_name(
        &mut self,
        source: &Value<'a>,
        module: &str,
        name: &Name,
        range: TextRange,
    ) -> Eval<'a> {
        let Value::Object(id) = source else {
            return match source {
                Value::Library(library) => {
                    // A submodule of the project under a library's package does not occur; an attribute does.
                    let full = calls::canonical(format!("{}.{name}", library.path));
                    if self.environment.removed(&full).is_some() {
                        return self
                            .attribute(source, name, range)
                            .map_err(|stop| self.as_import_error(stop));
                    }
                    if let Some(names) = self.missing_library_name(source, module, name) {
                        let cause = RaiseCause::MissingName {
                            module: module.to_owned(),
                            name: name.to_string(),
                            similar: similar_names(name, &names),
                            circular: false,
                            path: Arc::from(Path::new("")),
                        };
                        let message = format!("cannot import name '{name}' from '{module}'");
                        return Err(self.raise("ImportError", message, cause, range));
                    }
                    self.library_import_effects(&full);
                    self.attribute(source, name, range)
                }
                _ => Ok(Value::Unknown),
            };
        };
        match self.heap.kind(*id).clone() {
            Kind::Module(context) => {
                if let Some(slot) = self.heap.slot(*id, name)
                    && let Some(value) = slot.value.bound()
                {
                    return Ok(value);
                }
                let submodule = format!("{module}.{name}");
                if let Some(known) = self.loaded_module(&submodule) {
                    return Ok(known);
                }
                if matches!(self.find_in_package(source, name), Spec::File { .. } | Spec::Namespace(_)) {
                    return self.import_module(&submodule, range);
                }
                if let Some(hook) = self.heap.slot(*id, "__getattr__").and_then(|slot| slot.value.bound()) {
                    return self.call(&hook, Arguments::of(vec![Value::str(name.as_str())]), range, range);
                }
                if self.heap.get(*id).open || name.starts_with("__") {
                    return Ok(Value::Unknown);
                }
                // While a file is half typed, a name that it lost is no news.
                if !self.snapshot.python(&context.path, self.deployment.python).is_some_and(|f| f.compiles())
                {
                    return Ok(Value::Unknown);
                }
                let circular = self.is_running(*id);
                let message = if circular {
                    format!(
                        "cannot import name '{name}' from partially initialized module '{module}' (most likely due to a circular import)"
                    )
                } else {
                    format!("cannot import name '{name}' from '{module}'")
                };
                let cause = RaiseCause::MissingName {
                    module: module.to_owned(),
                    name: name.to_string(),
                    similar: similar_names(name, &self.names(*id)),
                    circular,
                    path: context.path.clone(),
                };
                Err(self.raise("ImportError", message, cause, range))
            }
            Kind::NamespacePackage(..) => {
                let submodule = format!("{module}.{name}");
                self.import_module(&submodule, range)
            }
            _ => self.attribute(source, name, range),
        }
    }

    fn as_import_error(&self, stop: Stop<'a>) -> Stop<'a> {
        match stop {
            Stop::Raise(mut exception) => {
                exception.class = Value::library("builtins.ImportError");
                if let EffectKind::Raises(raise) = &mut exception.effect.kind {
                    raise.exception = "ImportError".to_owned();
                }
                Stop::Raise(exception)
            }
            halt => halt,
        }
    }

    /// Whether the module of this namespace is still being executed.
    pub fn is_running(&self, scope: Id) -> bool {
        self.frames.iter().any(|frame| frame.kind == FrameKind::Module && frame.scope == scope)
    }

    fn import_star(&mut self, source: &Value<'a>, range: TextRange) -> Result<(), Stop<'a>> {
        let Some(frame) = self.frames.last() else { return Ok(()) };
        let scope = frame.scope;
        let Value::Object(id) = source else {
            // A library's names are not known, so any name may be bound from here on.
            self.heap.set_open(scope);
            return Ok(());
        };
        let id = *id;
        if self.heap.get(id).open || !matches!(self.heap.kind(id), Kind::Module(_)) {
            self.heap.set_open(scope);
        }
        let listed = self.heap.slot(id, "__all__").and_then(|slot| slot.value.bound());
        let names: Vec<String> = match listed {
            None => self.names(id).into_iter().filter(|name| !name.starts_with('_')).collect(),
            Some(all) => {
                let items = self.iterate(&all, range)?;
                if items.open || items.known.iter().any(|item| item.as_str().is_none()) {
                    self.heap.set_open(scope);
                }
                items.known.iter().filter_map(|item| item.as_str().map(str::to_owned)).collect()
            }
        };
        for name in names {
            let value = self.attribute(source, &Name::new(&name), range)?;
            self.bind(Name::new(&name), value, range);
        }
        Ok(())
    }

    /// What is known of a module that was not found, for the message and the fix.
    fn missing_module(&mut self, missing: &str, dotted: &str) -> RaiseCause {
        let version = self.deployment.python;
        let top = missing.split('.').next().unwrap_or(missing);
        let removed_in = match crate::catalog::stdlib::standing(top, version) {
            Some(crate::catalog::stdlib::Standing::Removed(at)) => Some((at.major, at.minor)),
            _ => None,
        };
        let leaf = missing.rsplit('.').next().unwrap_or(missing);
        let similar = similar_names(leaf, &self.module_names_near(missing));
        let reachable_from = if missing.contains('.') { None } else { self.folders_holding(missing).next() };
        RaiseCause::MissingModule {
            module: dotted.to_owned(),
            missing: missing.to_owned(),
            similar,
            path_added_later: reachable_from.as_deref().is_some_and(|folder| self.path_added_later(folder)),
            reachable_from,
            bad_path_entry: self.bad_path_entry.clone(),
            removed_in,
        }
    }

    /// Whether a later statement of the running module mentions a folder in a call on `sys.path`.
    fn path_added_later(&self, folder: &Path) -> bool {
        let Some(frame) = self.frames.last() else { return false };
        let text = frame.module.look_into().source().text();
        let after = text.get(frame.statement.end().to_usize()..).unwrap_or("");
        let name = folder.file_name().map(|name| name.to_string_lossy().into_owned()).unwrap_or_default();
        after.lines().any(|line| {
            let line = line.trim_start();
            line.starts_with("sys.path") && (line.contains(&name) || !line.contains('/'))
        })
    }
}
