//! What is around the handler's file: modules by their names, imports, the project's other files.

use std::path::{Path, PathBuf};
use std::sync::Arc;

use ruff_python_ast::{Alias, Stmt};
use ruff_text_size::Ranged;
use rustc_hash::FxHashSet;

use super::Surroundings;
use super::target::blocks;
use crate::syntax::python::PythonFile;
use crate::text::TextRange;
use crate::workspace::{Snapshot, walk};

/// More files than this are not read in search of the task queue.
const MOST_FILES: usize = 3_000;

/// A name of a project's module.
pub(super) struct Elsewhere {
    /// The module.
    pub file: Arc<PythonFile>,
    /// The name there.
    pub name: String,
}

/// The project as far as a refactoring of one file needs it.
pub(super) struct Project<'a> {
    pub surroundings: &'a Surroundings<'a>,
    /// The handler's file.
    pub path: &'a Path,
    files: std::cell::OnceCell<Vec<PathBuf>>,
}

/// One name that an import statement brings.
#[derive(Clone, Debug)]
pub(super) struct Import<'a> {
    /// The range of the statement.
    pub range: TextRange,
    /// `from` what: the number of dots and the module; `None` for a plain `import`.
    pub from: Option<(u32, String)>,
    alias: &'a Alias,
    /// Whether the statement stands in no block.
    pub top: bool,
}

impl Import<'_> {
    /// The name that it binds.
    pub fn binds(&self) -> &str {
        match &self.alias.asname {
            Some(name) => name.as_str(),
            None if self.from.is_some() => self.alias.name.as_str(),
            None => self.alias.name.as_str().split('.').next().unwrap_or(""),
        }
    }

    /// The name that it imports, dotted for a plain `import`.
    pub fn name(&self) -> &str {
        self.alias.name.as_str()
    }

    /// The module that it imports, or imports from, when that is not a relative one.
    pub fn module(&self) -> Option<&str> {
        match &self.from {
            None => Some(self.alias.name.as_str()),
            Some((0, module)) => Some(module),
            Some(_) => None,
        }
    }

    /// Whether it imports a module, something of it, or of its submodules.
    pub fn is_from(&self, module: &str) -> bool {
        self.module().is_some_and(|own| {
            own.strip_prefix(module).is_some_and(|rest| rest.is_empty() || rest.starts_with('.'))
        })
    }

    /// The import as a statement of its own.
    pub fn text(&self) -> String {
        let alias = match &self.alias.asname {
            Some(name) => format!("{} as {name}", self.alias.name),
            None => self.alias.name.to_string(),
        };
        match &self.from {
            None => format!("import {alias}"),
            Some((level, module)) => {
                format!("from {}{module} import {alias}", ".".repeat(usize::try_from(*level).unwrap_or(0)))
            }
        }
    }
}

/// The names that a module imports outside of functions and classes.
pub(super) fn imports_of(body: &[Stmt]) -> impl Iterator<Item = Import<'_>> {
    let mut found = Vec::new();
    collect_imports(body, true, &mut found);
    found.into_iter()
}

fn collect_imports<'a>(body: &'a [Stmt], top: bool, found: &mut Vec<Import<'a>>) {
    for stmt in body {
        let range = stmt.range();
        match stmt {
            Stmt::Import(import) => {
                found.extend(import.names.iter().map(|alias| Import { range, from: None, alias, top }));
            }
            Stmt::ImportFrom(import) => {
                let module = import.module.as_ref().map(ToString::to_string).unwrap_or_default();
                let from = Some((import.level, module));
                found.extend(import.names.iter().map(|alias| Import {
                    range,
                    from: from.clone(),
                    alias,
                    top,
                }));
            }
            Stmt::FunctionDef(_) | Stmt::ClassDef(_) => {}
            _ => blocks(stmt).into_iter().for_each(|block| collect_imports(block, false, found)),
        }
    }
}

impl<'a> Project<'a> {
    pub fn new(surroundings: &'a Surroundings<'a>, path: &'a Path) -> Self {
        Self { surroundings, path, files: std::cell::OnceCell::new() }
    }

    pub fn snapshot(&self) -> &'a Snapshot {
        self.surroundings.snapshot
    }

    pub fn python(&self, path: &Path) -> Option<Arc<PythonFile>> {
        self.snapshot().python(path, self.surroundings.python)
    }

    /// The folder of the handler's file.
    pub fn folder(&self) -> &'a Path {
        self.path.parent().unwrap_or(Path::new("/"))
    }

    /// The project's Python files, nearest to the root first.
    pub fn files(&self) -> &[PathBuf] {
        self.files.get_or_init(|| {
            let wanted =
                |name: &std::ffi::OsStr| Path::new(name).extension().is_some_and(|ending| ending == "py");
            let mut files = walk(self.snapshot(), &self.surroundings.root, &[], wanted);
            files.truncate(MOST_FILES);
            files
        })
    }

    /// The project's Python files whose text holds a word, with their facts.
    pub fn files_with<'b>(&'b self, word: &'b str) -> impl Iterator<Item = (&'b Path, Arc<PythonFile>)> + 'b {
        self.files().iter().filter_map(move |path| {
            let (source, _) = self.snapshot().text(path)?;
            source.text().contains(word).then_some(())?;
            Some((path.as_path(), self.python(path)?))
        })
    }

    /// Whether this is a Django project: there is a `manage.py`.
    pub fn is_django(&self) -> bool {
        self.manage_py().is_some()
    }

    /// Django's `manage.py`, in a folder above the handler's file.
    pub fn manage_py(&self) -> Option<PathBuf> {
        let above =
            self.path.ancestors().skip(1).take_while(|folder| folder.starts_with(&self.surroundings.root));
        above.map(|folder| folder.join("manage.py")).find(|path| self.snapshot().is_file(path))
    }

    /// The dotted name under which a file is imported, by the app as by a worker that is started beside it.
    pub fn module_name(&self, path: &Path) -> Option<String> {
        let loaded = self.surroundings.modules.iter().find(|(_, file)| **file == *path);
        let by_load =
            loaded.map(|(name, _)| name.clone()).filter(|name| self.file_of(name).as_deref() == Some(path));
        by_load.or_else(|| {
            let folder = self.import_folders().find(|folder| path.starts_with(folder))?;
            let inner = path.strip_prefix(&folder).ok()?.with_extension("");
            let mut parts: Vec<String> =
                inner.components().map(|part| part.as_os_str().to_string_lossy().into_owned()).collect();
            if parts.last().is_some_and(|last| last == "__init__") {
                parts.pop();
            }
            let valid =
                |part: &String| !part.is_empty() && part.chars().all(|c| c == '_' || c.is_alphanumeric());
            (!parts.is_empty() && parts.iter().all(valid)).then(|| parts.join("."))
        })
    }

    /// The folder in which a worker is started, so that it finds a module by the same name as the app does.
    pub fn worker_folder(&self, path: &Path, module: &str) -> PathBuf {
        let up = module.split('.').count() + usize::from(path.ends_with("__init__.py"));
        path.ancestors().nth(up).unwrap_or(Path::new("/")).to_owned()
    }

    /// The folders that the app imports from, deepest first.
    fn import_folders(&self) -> impl Iterator<Item = PathBuf> {
        let mut folders: Vec<PathBuf> = self.surroundings.import_folders.clone();
        folders.extend(self.manage_py().and_then(|path| path.parent().map(Path::to_owned)));
        // A folder without `__init__.py` is one that scripts are started in.
        let outside = self
            .path
            .ancestors()
            .skip(1)
            .find(|folder| !self.snapshot().is_file(&folder.join("__init__.py")));
        if folders.is_empty() {
            folders.extend(outside.map(Path::to_owned));
        }
        folders.sort_by_key(|folder| std::cmp::Reverse(folder.components().count()));
        folders.into_iter()
    }

    /// The file of a module of the project.
    pub fn file_of(&self, module: &str) -> Option<PathBuf> {
        let inner: PathBuf = module.split('.').collect();
        self.import_folders().find_map(|folder| self.file_below(&folder, &inner))
    }

    fn file_below(&self, folder: &Path, inner: &Path) -> Option<PathBuf> {
        let base = folder.join(inner);
        let choices = [base.join("__init__.py"), base.with_extension("py")];
        choices.into_iter().find(|path| self.snapshot().is_file(path))
    }

    /// Whether a top-level module is one of the project: a file of it, or one that is written now.
    pub fn is_own(&self, module: &str) -> bool {
        const WRITTEN: [&str; 4] = ["tasks", "background_tasks", "background_jobs", "jobs_for_the_worker"];
        self.file_of(module).is_some() || WRITTEN.contains(&module)
    }

    /// The project's files that an import in a file leads to.
    pub fn files_of(&self, path: &Path, import: &Import<'_>) -> Vec<PathBuf> {
        let module = |dotted: &str| match &import.from {
            Some((level, _)) if *level > 0 => {
                let folder = path.ancestors().nth(usize::try_from(*level).unwrap_or(0))?;
                let inner: PathBuf = dotted.split('.').filter(|part| !part.is_empty()).collect();
                self.file_below(folder, &inner)
            }
            _ => self.file_of(dotted),
        };
        match &import.from {
            None => import
                .name()
                .match_indices('.')
                .map(|(at, _)| &import.name()[..at])
                .chain([import.name()])
                .filter_map(module)
                .collect(),
            Some((_, from)) => {
                let dotted = if from.is_empty() {
                    import.name().to_owned()
                } else {
                    format!("{from}.{}", import.name())
                };
                [module(from), module(&dotted)].into_iter().flatten().collect()
            }
        }
    }

    /// Where a name that a file imports comes from, when that is a file of the project.
    pub fn imported_from(&self, file: &PythonFile, name: &str) -> Option<Elsewhere> {
        let import =
            imports_of(file.body()).find(|import| import.from.is_some() && import.binds() == name)?;
        let path = self.files_of(self.path, &import).into_iter().next()?;
        Some(Elsewhere { file: self.python(&path)?, name: import.name().to_owned() })
    }

    /// Whether the import of one file leads to the import of another, through files of the project.
    pub fn leads_to(&self, from: &Path, to: &Path) -> bool {
        let mut seen: FxHashSet<PathBuf> = FxHashSet::default();
        let mut pending = vec![from.to_owned()];
        while let Some(path) = pending.pop() {
            if path == to {
                return true;
            }
            if seen.len() > MOST_FILES || !seen.insert(path.clone()) {
                continue;
            }
            if let Some(file) = self.python(&path) {
                pending.extend(imports_of(file.body()).flat_map(|import| self.files_of(&path, &import)));
            }
        }
        false
    }
}
