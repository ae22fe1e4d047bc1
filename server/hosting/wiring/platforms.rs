//! Platforms that start their own server: Elastic Beanstalk and Zappa.

use std::path::{Path, PathBuf};
use std::sync::Arc;

use super::places::{Places, is_template};
use super::{ConfigPlace, EntryName, Launch, split_target};
use crate::hosting::{Host, Limits, Process};
use crate::syntax::config::{ConfigFile, TargetForm};

/// The apps that a file names.
pub(super) fn launches<'a>(
    path: &Arc<Path>,
    file: &ConfigFile,
    bases: &[PathBuf],
    places: &Places<'a>,
) -> Vec<Launch<'a>> {
    let targets = file.content().targets.iter().filter(|target| !is_template(&target.text.text));
    let launches = targets.filter_map(|target| {
        let text = target.text.text.as_str();
        let (host, entry, callable) = match target.form {
            // The old platform ran Apache on a file, the new one runs gunicorn on a module.
            TargetForm::WsgiPath if text.ends_with(".py") => {
                (Host::ModWsgi, EntryName::File(text.to_owned()), None)
            }
            TargetForm::WsgiPath => {
                let (module, callable, _) = split_target(text);
                (Host::Gunicorn, EntryName::Module(module), callable)
            }
            TargetForm::Dotted => {
                let (module, callable) = text.rsplit_once('.')?;
                (Host::Gunicorn, EntryName::Module(module.to_owned()), Some(callable.to_owned()))
            }
        };
        // The folder of `.ebextensions` is not where the app lies.
        let bases = bases.iter().filter(|base| !base.ends_with(".ebextensions")).cloned().collect();
        Some(Launch {
            host: Some(host),
            entry,
            callable,
            calls_factory: false,
            place: ConfigPlace { path: path.clone(), range: target.text.range },
            told_in: Vec::new(),
            bases,
            directory: None,
            search: Vec::new(),
            virtualenv: None,
            places: places.clone(),
            process: Process::default(),
            limits: Limits::default(),
        })
    });
    launches.collect()
}
