//! Apache with mod_wsgi: which script serves which path, in which processes.

use std::path::{Path, PathBuf};
use std::sync::Arc;

use rustc_hash::FxHashMap;

use super::places::{Places, is_template};
use super::{ConfigPlace, EntryName, Launch, bases};
use crate::hosting::{Host, Limits, Process};
use crate::syntax::config::{ConfigFile, Directive, Word, of_mod_wsgi};

/// The apps that a file of Apache serves.
pub(super) fn launches<'a>(path: &Arc<Path>, file: &ConfigFile, places: &Places<'a>) -> Vec<Launch<'a>> {
    let directives = of_mod_wsgi(&file.content().directives);
    let find = |name: &'static str| directives.iter().copied().filter(move |directive| directive.is(name));
    // The last one of a name counts.
    let last = |name| find(name).next_back().and_then(|d| d.arguments.first()).map(|word| word.text.as_str());
    let (callable_object, group) = (last("WSGICallableObject"), last("WSGIProcessGroup"));
    let (python_path, python_home) = (last("WSGIPythonPath"), last("WSGIPythonHome"));
    let daemons: FxHashMap<&str, &Directive> = find("WSGIDaemonProcess")
        .filter_map(|daemon| Some((daemon.arguments.first()?.text.as_str(), daemon)))
        .collect();
    let bases: Arc<[PathBuf]> = bases(places.root, path).into();
    let mut launches = Vec::new();
    for alias in find("WSGIScriptAlias").chain(find("WSGIScriptAliasMatch")) {
        let Some(script) = alias.arguments.get(1) else { continue };
        if !script.text.contains('.') || is_template(&script.text) || script.text.contains(['$', '%']) {
            // A folder of scripts, or a path that is filled in elsewhere.
            continue;
        }
        let own_group = option(alias, 2, "process-group").or(group);
        let only = || daemons.values().next().filter(|_| daemons.len() == 1);
        let daemon = own_group
            .and_then(|group| daemons.get(group))
            .or_else(|| only().filter(|_| own_group.is_none_or(is_variable)));
        let daemon_option = |name: &str| daemon.and_then(|daemon| option(daemon, 1, name));
        let path_list = daemon_option("python-path").or(python_path);
        let number = |name: &str| daemon_option(name).and_then(|text| text.parse::<f64>().ok());
        let callable = option(alias, 2, "callable-object").map(str::to_owned);
        launches.push(Launch {
            host: Some(Host::ModWsgi),
            entry: EntryName::File(script.text.to_string()),
            callable: callable.or_else(|| callable_object.map(str::to_owned)),
            calls_factory: false,
            place: ConfigPlace { path: path.clone(), range: script.range },
            told_in: Vec::new(),
            bases: bases.clone(),
            directory: daemon_option("home").map(str::to_owned),
            search: path_list.map(|list| list.split(':').map(str::to_owned).collect()).unwrap_or_default(),
            virtualenv: daemon_option("python-home").or(python_home).map(str::to_owned),
            places: places.clone(),
            process: Process::default(),
            limits: Limits {
                request_seconds: number("request-timeout"),
                workers: daemon_option("processes").and_then(|text| text.parse().ok()),
                threads: daemon_option("threads").and_then(|text| text.parse().ok()),
                worker_class: None,
            },
        });
    }
    launches
}

/// The value of `name=value` among the arguments from one on.
fn option<'a>(directive: &'a Directive, from: usize, name: &str) -> Option<&'a str> {
    let mut values = directive.arguments.iter().skip(from).filter_map(|word: &Word| {
        let (key, value) = word.text.split_once('=')?;
        (key == name).then_some(value)
    });
    values.next()
}

/// `%{GLOBAL}` and its like.
fn is_variable(name: &str) -> bool {
    name.starts_with('%') || name.contains("${")
}
