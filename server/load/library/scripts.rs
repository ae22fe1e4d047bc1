//! Code that is run by other means than `import`: `exec` and `eval` of a text or file, `runpy`; and listings of the project's
//! modules, by which plugins are found.

use std::path::{Path, PathBuf};
use std::rc::Rc;
use std::sync::Arc;

use ruff_python_ast::Stmt;
use ruff_python_ast::name::Name;

use super::Call;
use crate::load::LoadedModule;
use crate::load::effect::{EffectKind, StepKind};
use crate::load::find::Spec;
use crate::load::folder::Folder;
use crate::load::interp::{Eval, Exception, Exec, Frame, Interp, Stop};
use crate::load::module::ModuleContext;
use crate::load::value::{Arguments, Id, Kind, Value};
use crate::syntax::python::PythonFile;
use crate::text::{Source, TextRange};

/// The slot of an open file that holds its path.
pub(super) const OPENED: &str = "<opened>";

/// Texts beyond this many bytes are not followed.
const LONGEST: usize = 64 << 10;

impl<'a> Interp<'a> {
    /// `exec` and `eval`: a text that stands in the file as it is, and the content of a file of the project, are followed. Any
    /// other may bind any name of the scopes that it sees.
    pub(super) fn execute(&mut self, call: &Call<'_, 'a>) -> Eval<'a> {
        let code = call.arguments.positional.first().cloned().unwrap_or(Value::Unknown);
        let namespace = call.arguments.positional.get(1).and_then(Value::object);
        let here = self.frames.last().map(|frame| frame.scope);
        let own = namespace.is_none() || namespace == here;
        if let (Some(text), true) = (code.as_str().map(str::to_owned), own)
            && let Some(file) = self.parse_in_place(&text, call.range)
        {
            return self.run_text(file, call.range);
        }
        if let Some(path) = self.file_behind(&code) {
            let module_scope = self.module().map(|module| module.scope);
            let scope = match namespace {
                None => module_scope,
                Some(id) if Some(id) == module_scope => module_scope,
                Some(_) => None,
            };
            let name = self.module().map_or_else(String::new, |module| module.name.to_string());
            self.run_script(&path, scope, &name, call.range)?;
            return Ok(Value::None);
        }
        let scopes: Vec<Id> =
            self.frames.last().map(|f| [f.scope, f.module.scope]).into_iter().flatten().collect();
        for id in namespace.into_iter().chain(scopes) {
            self.heap.set_open(id);
        }
        Ok(Value::Unknown)
    }

    /// Parses a text so that its places are those that it has in the running file; `None` when it does not stand there as it is.
    fn parse_in_place(&mut self, text: &str, range: TextRange) -> Option<&'a Arc<PythonFile>> {
        if text.len() > LONGEST || text.trim().is_empty() {
            return None;
        }
        let module = self.module()?.clone();
        let whole = module.look_into().source().text();
        let start = range.start().to_usize();
        let at = match module.slice(range).find(text) {
            Some(at) => start + at,
            None => {
                let at = whole.find(text)?;
                (whole.rfind(text) == Some(at)).then_some(at)?
            }
        };
        let mut padded = "\n".repeat(at);
        padded.push_str(text);
        let file = PythonFile::parse(Source::new(padded), None, self.deployment.python);
        Some(self.arena.alloc(Arc::new(file)))
    }

    fn run_text(&mut self, file: &'a Arc<PythonFile>, range: TextRange) -> Eval<'a> {
        if !file.compiles() {
            return Err(self.syntax_error(range));
        }
        let step = self.step(StepKind::Call("exec".to_owned()), range);
        self.trail.push(step);
        let result = match file.body() {
            [Stmt::Expr(only)] => self.eval(&only.value),
            body => self.exec_body(body).map(|_| Value::None),
        };
        self.trail.pop();
        result
    }

    /// The file of the project whose content a value is: what `open(path).read()` gives, and what `compile` makes of it.
    pub(super) fn file_behind(&self, code: &Value<'a>) -> Option<PathBuf> {
        let opened = self.heap.origins(code.object()).find_map(|id| self.heap.slot(id, OPENED))?;
        let path = self.locate(opened.value.as_str()?)?;
        self.snapshot.is_file(&path).then_some(path)
    }

    fn syntax_error(&self, range: TextRange) -> Stop<'a> {
        Stop::Raise(Box::new(Exception {
            class: Value::library("builtins.SyntaxError"),
            effect: self.effect(EffectKind::SyntaxError, range),
            value: Value::Unknown,
        }))
    }

    /// `runpy.run_path(path)` and `runpy.run_module(name)`.
    pub(super) fn run_by_name(&mut self, call: &Call<'_, 'a>) -> Eval<'a> {
        let Some(text) = call.arguments.positional.first().and_then(|value| self.path_text(value)) else {
            return Ok(Value::Unknown);
        };
        let is_path = call.path == "runpy.run_path";
        let path = if is_path {
            self.locate(&text).filter(|path| self.snapshot.is_file(path))
        } else {
            self.script_of_module(&text, call.range)?
        };
        let run_name = call.arguments.get("run_name", 2).and_then(Value::as_str).map(str::to_owned);
        let name = run_name.unwrap_or_else(|| if is_path { "<run_path>".to_owned() } else { text });
        if let Some(path) = path {
            self.run_script(&path, None, &name, call.range)?;
        }
        Ok(Value::Unknown)
    }

    /// The file that `python -m name` runs. A module that is not there is an error, as it is for an import.
    fn script_of_module(&mut self, name: &str, range: TextRange) -> Result<Option<PathBuf>, Stop<'a>> {
        let spec = match name.rsplit_once('.') {
            Some((package, part)) => {
                let package = self.import_module(package, range)?;
                self.find_in_package(&package, part)
            }
            None => self.find_top_level(name),
        };
        Ok(match spec {
            Spec::File { path, is_package: true } => {
                Some(path.with_file_name("__main__.py")).filter(|main| self.snapshot.is_file(main))
            }
            Spec::File { path, .. } => Some(path),
            Spec::Missing { .. } => {
                self.import_module(name, range)?;
                None
            }
            _ => None,
        })
    }

    /// Runs a file in a scope that is there, or in one of its own, without making it a module.
    fn run_script(
        &mut self,
        path: &Path,
        scope: Option<Id>,
        name: &str,
        range: TextRange,
    ) -> Result<(), Stop<'a>> {
        let Some(file) = self.snapshot.python(path, self.deployment.python) else { return Ok(()) };
        let path: Arc<Path> = Arc::from(path);
        self.loaded.push(LoadedModule { name: name.to_owned(), path: path.clone(), file: file.clone() });
        let tree: &'a Arc<PythonFile> = self.arena.alloc(file);
        let fresh = scope.is_none();
        let scope = scope.unwrap_or_else(|| self.heap.allocate(Kind::Scope));
        let context = Rc::new(ModuleContext::new(name, "", path.clone(), tree, scope));
        self.ran.push(context.clone());
        if fresh {
            self.heap.set_kind(scope, Kind::Module(context.clone()));
            for (key, value) in [("__name__", name), ("__file__", &path.to_string_lossy())] {
                self.heap.set(scope, Name::new(key), Value::str(value), TextRange::default());
            }
        }
        let step = self.step(StepKind::Import(name.to_owned()), range);
        self.trail.push(step);
        self.frames.push(Frame::of_module(context, scope));
        let result: Exec<'a> = if tree.compiles() {
            self.exec_while_typed(&path, tree)
        } else {
            let range = tree.problems().first().map(|problem| problem.range);
            Err(self.syntax_error(range.unwrap_or_default()))
        };
        self.frames.pop();
        self.trail.pop();
        result.map(drop)
    }

    /// `pkgutil.iter_modules(path, prefix)`: the modules of the project's folders, each as finder, name and whether it is a package.
    pub(super) fn list_modules(&mut self, call: &Call<'_, 'a>) -> Eval<'a> {
        let Some(paths) = call.arguments.get("path", 0).cloned() else { return Ok(Value::Unknown) };
        let prefix = call.arguments.get("prefix", 1).map_or(Some(""), Value::as_str).map(str::to_owned);
        let items = self.iterate(&paths, call.range)?;
        let (Some(prefix), false) = (prefix, items.open) else { return Ok(Value::Unknown) };
        let mut found = Vec::new();
        for path in &items.known {
            let Some(Folder::Known(folder)) = self.path_text(path).map(|text| self.folder(&text)) else {
                return Ok(Value::Unknown);
            };
            found.extend(self.modules_in(&folder));
        }
        let mut modules = Vec::new();
        for (name, is_package) in found {
            let name = Value::str(format!("{prefix}{name}"));
            let parts = vec![Value::Unknown, name.clone(), Value::Bool(is_package)];
            let path = Name::new_static("pkgutil.ModuleInfo()");
            let module = self.heap.allocate(Kind::Library(path, Rc::new(Arguments::of(parts))));
            self.heap.set(module, Name::new_static("name"), name, call.range);
            self.heap.set(module, Name::new_static("ispkg"), Value::Bool(is_package), call.range);
            modules.push(Value::Object(module));
        }
        Ok(Value::Object(self.heap.allocate(Kind::List(modules.into(), false))))
    }

    /// The modules and packages of a folder, sorted by name.
    fn modules_in(&self, folder: &Path) -> Vec<(String, bool)> {
        let entries = self.snapshot.entries(folder);
        let mut found = Vec::new();
        for entry in entries.iter().flat_map(|entries| entries.iter()) {
            let name = entry.name.to_string_lossy();
            if let Some(module) = name.strip_suffix(".py").filter(|module| *module != "__init__") {
                found.push((module.to_owned(), false));
            } else if self.snapshot.is_file(&folder.join(&entry.name).join("__init__.py")) {
                found.push((name.into_owned(), true));
            }
        }
        found.sort();
        found
    }

    /// `os.listdir(folder)` and `glob.glob("folder/*.py")` where the folder holds modules of the project. Folders of data look
    /// different on the host.
    pub(super) fn list_files(&mut self, call: &Call<'_, 'a>) -> Value<'a> {
        let Some(text) = call.arguments.positional.first().and_then(|value| self.path_text(value)) else {
            return Value::Unknown;
        };
        let whole_path = call.path.starts_with("glob.");
        let folder_text = match (whole_path, text.strip_suffix("/*.py")) {
            (true, Some(folder)) => folder,
            (true, None) => return Value::Unknown,
            (false, _) => text.as_str(),
        };
        let Folder::Known(folder) = self.folder(&self.absolute(folder_text).unwrap_or_default()) else {
            return Value::Unknown;
        };
        let entries = self.snapshot.entries(&folder);
        let mut names: Vec<String> = entries
            .iter()
            .flat_map(|entries| entries.iter())
            .map(|entry| entry.name.to_string_lossy().into_owned())
            .filter(|name| !whole_path || name.ends_with(".py") && !name.starts_with('.'))
            .collect();
        if !names.iter().any(|name| name.ends_with(".py")) {
            return Value::Unknown;
        }
        names.sort();
        let shown = |name: String| if whole_path { format!("{folder_text}/{name}") } else { name };
        let items: Vec<Value<'a>> = names.into_iter().map(|name| Value::str(shown(name))).collect();
        let list = Value::Object(self.heap.allocate(Kind::List(items.into(), false)));
        // There may be more on the host, so nobody claims that something is missing.
        self.share(&list);
        list
    }
}
