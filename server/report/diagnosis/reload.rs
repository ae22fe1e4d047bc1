//! The commands that make a host load an app again.

use std::path::Path;

use crate::analysis::Analysis;
use crate::hosting::{Deployment, Host};
use crate::workspace::relative_slash;

/// One or more commands for each deployment, each once. None of them is run. `is_installed` tells whether a program is there.
pub(super) fn commands(analysis: &Analysis, root: &Path, is_installed: &dyn Fn(&str) -> bool) -> Vec<String> {
    let mut all: Vec<String> = Vec::new();
    for judged in &analysis.deployments {
        for command in of(&judged.deployment, root, is_installed) {
            if !all.contains(&command) {
                all.push(command);
            }
        }
    }
    all
}

fn of(deployment: &Deployment, root: &Path, is_installed: &dyn Fn(&str) -> bool) -> Vec<String> {
    let entry = relative_slash(&deployment.entry, root);
    let name =
        deployment.entry.file_name().map(|name| name.to_string_lossy().into_owned()).unwrap_or_default();
    match deployment.host {
        Host::PythonAnywhere => match name.strip_suffix("_wsgi.py") {
            // PythonAnywhere's command line.
            Some(domain) if is_installed("pa") => vec![
                format!("touch /var/www/{name}"),
                format!("pa webapp reload --domain {}", domain.replace('_', ".")),
            ],
            _ => vec![format!("touch /var/www/{name}")],
        },
        Host::Uwsgi => vec!["kill -HUP PID-OF-UWSGI".to_owned()],
        Host::Gunicorn => vec!["kill -HUP PID-OF-GUNICORN".to_owned()],
        Host::ModWsgi => vec![format!("touch {entry}")],
        Host::Passenger => vec!["touch tmp/restart.txt".to_owned()],
    }
}
