//! From the start of a server to a deployment: the entry is looked for where the server would look for it.

use std::path::{Path, PathBuf};

use super::around::module_file;
use super::{EntryName, Launch, distinct};
use crate::hosting::entry_file::DEFAULT_CALLABLE;
use crate::hosting::python_version::Interpreter;
use crate::hosting::{Deployment, Host, Wiring};
use crate::workspace::Snapshot;

/// Makes deployments of one checked folder.
pub(in crate::hosting) struct Deployer<'a> {
    /// The files.
    pub snapshot: &'a Snapshot,
    /// The checked folder, absolute.
    pub root: &'a Path,
    /// What the deployments run on, where their configuration does not say.
    pub interpreter: &'a Interpreter,
}

/// An entry that was found.
struct Found {
    entry: PathBuf,
    module: Option<String>,
    working_directory: PathBuf,
    search_path: Vec<PathBuf>,
}

impl Deployer<'_> {
    /// The entry of a start and the deployment, when a host of ours serves it; `None` when the workspace does not hold the entry.
    pub fn deploy(&self, launch: &Launch<'_>) -> Option<(PathBuf, Option<Deployment>)> {
        let found = self.find(launch)?;
        let Some(host) = launch.host else { return Some((found.entry, None)) };
        let named = launch
            .virtualenv
            .as_ref()
            .and_then(|text| launch.bases.iter().find_map(|base| launch.places.folder(text, base)));
        let named = named.filter(|folder| self.snapshot.is_file(&folder.join("pyvenv.cfg")));
        let deployment = Deployment {
            host,
            module: found.module,
            callable: launch.callable.clone().unwrap_or_else(|| DEFAULT_CALLABLE.to_owned()),
            root: self.root.to_owned(),
            working_directory: found.working_directory,
            search_path: found.search_path,
            python: self.interpreter.version,
            python_is_known: self.interpreter.is_known,
            virtualenv: named.or_else(|| self.interpreter.virtualenv.clone()),
            wiring: Wiring::Configuration,
            calls_factory: launch.calls_factory,
            process: launch.process.clone(),
            limits: launch.limits.clone(),
            places: vec![launch.place.clone()],
            told_in: launch.told_in.clone(),
            entry: found.entry.clone(),
        };
        Some((found.entry, Some(deployment)))
    }

    fn find(&self, launch: &Launch<'_>) -> Option<Found> {
        launch
            .bases
            .iter()
            .find_map(|base| self.find_from(launch, base))
            .or_else(|| self.find_anywhere(launch))
    }

    /// Looks for the entry as the server does that is started in `base`.
    fn find_from(&self, launch: &Launch<'_>, base: &Path) -> Option<Found> {
        let cwd = match &launch.directory {
            Some(text) => launch.places.folder(text, base)?,
            None => base.to_owned(),
        };
        let from_environment = launch.process.environment.iter().filter(|(name, _)| name == "PYTHONPATH");
        let from_environment =
            from_environment.filter_map(|(_, value)| value.as_deref()).flat_map(|v| v.split(':'));
        let search =
            launch.search.iter().map(String::as_str).chain(from_environment).filter(|text| !text.is_empty());
        let mut search_path: Vec<PathBuf> =
            search.filter_map(|text| launch.places.folder(text, &cwd)).collect();
        // mod_wsgi searches neither its own directory nor that of the script.
        if launch.host != Some(Host::ModWsgi) || search_path.is_empty() {
            search_path.push(cwd.clone());
        }
        if launch.host == Some(Host::Gunicorn) && *base != cwd {
            search_path.push(base.to_owned());
        }
        // Where only a configuration that we did not see would put it there.
        search_path.push(self.root.to_owned());
        let search_path = distinct(search_path);
        let (entry, module) = match &launch.entry {
            EntryName::File(text) => (launch.places.file(text, &cwd)?, None),
            EntryName::Module(name) => {
                let file = search_path.iter().find_map(|folder| module_file(self.snapshot, folder, name))?;
                (file, Some(name.clone()))
            }
        };
        // mod_wsgi stays in a directory of its own, which no app should care for.
        let stays = launch.host == Some(Host::ModWsgi) && launch.directory.is_none();
        let cwd = if stays { self.root.to_owned() } else { cwd };
        entry.starts_with(self.root).then_some(Found { entry, module, working_directory: cwd, search_path })
    }

    /// Looks for the entry below the checked folder where the server's own folders have other names than ours: in the folders right
    /// below it. Only one of them may hold it.
    fn find_anywhere(&self, launch: &Launch<'_>) -> Option<Found> {
        let EntryName::Module(name) = &launch.entry else { return None };
        let entries = self.snapshot.entries(self.root)?;
        let folders = entries.iter().map(|entry| self.root.join(&entry.name)).chain([self.root.to_owned()]);
        let mut holding =
            folders.filter_map(|folder| Some((module_file(self.snapshot, &folder, name)?, folder)));
        let (entry, folder) = holding.next()?;
        if holding.next().is_some() {
            return None;
        }
        let mut search_path = vec![folder.clone()];
        if folder != self.root {
            search_path.push(self.root.to_owned());
        }
        Some(Found { entry, module: Some(name.clone()), working_directory: folder, search_path })
    }
}
