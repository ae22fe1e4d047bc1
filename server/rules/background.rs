//! Moving work to a background task, for a deployment: what its load and its environment tell the refactoring.

use std::path::Path;
use std::sync::Arc;

use crate::fixes::background::Surroundings;
use crate::hosting::{Deployment, Host};
use crate::load::{LoadedModule, distributions};
use crate::workspace::Snapshot;

/// The surroundings of the files of a deployment, whose load executed these modules (by name and path). Reads the project's
/// requirements and the list of installed packages: not for every keystroke.
pub fn surroundings<'a>(
    snapshot: &'a Snapshot,
    deployment: &Deployment,
    modules: Vec<(String, Arc<Path>)>,
) -> Surroundings<'a> {
    let packages = distributions(snapshot, deployment);
    let django = packages.installed.iter().find(|(name, _)| name == "django");
    let mut import_folders = deployment.search_path.clone();
    import_folders.push(deployment.working_directory.clone());
    Surroundings {
        snapshot,
        root: deployment.root.clone(),
        python: deployment.python,
        import_folders,
        modules,
        declared: packages.declared,
        django_version: django.map(|(_, version)| version.clone()),
        installed: packages.installed.into_iter().map(|(name, _)| name).collect(),
        pythonanywhere: deployment.host == Host::PythonAnywhere,
        virtualenv: deployment
            .virtualenv
            .as_deref()
            .and_then(Path::file_name)
            .map(|name| name.to_string_lossy().into_owned())
            .filter(|name| !name.starts_with('.') && name != "venv" && name != "env"),
    }
}

/// The names and paths of loaded modules, as [`surroundings`] takes them.
pub fn named_modules(modules: &[LoadedModule]) -> Vec<(String, Arc<Path>)> {
    modules.iter().map(|module| (module.name.clone(), module.path.clone())).collect()
}
