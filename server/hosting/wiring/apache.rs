//! Apache with mod_wsgi: which script serves which path, in which processes.

use std::path::Path;
use std::sync::Arc;

use super::places::{Places, is_template};
use super::{ConfigPlace, EntryName, Launch, bases};
use crate::hosting::{Host, Limits, Process};
use crate::syntax::config::{ConfigFile, Directive, Word, all};

/// The apps that a file of Apache serves.
pub(super) fn launches<'a>(path: &Arc<Path>, file: &ConfigFile, places: &Places<'a>) -> Vec<Launch<'a>> {
    let directives = all(&file.content().directives);
    let find =
        |name: &'static str| directives.iter().map(|(_, directive)| *directive).filter(move |d| d.is(name));
    let callable_object = find("WSGICallableObject").next_back().and_then(|d| d.arguments.first());
    let group =
        find("WSGIProcessGroup").next_back().and_then(|d| d.arguments.first()).map(|word| word.text.as_str());
    let mut launches = Vec::new();
    for alias in find("WSGIScriptAlias").chain(find("WSGIScriptAliasMatch")) {
        let Some(script) = alias.arguments.get(1) else { continue };
        if !script.text.contains('.') || is_template(&script.text) || script.text.contains(['$', '%']) {
            // A folder of scripts, or a path that is filled in elsewhere.
            continue;
        }
        let own_group = option(alias, 2, "process-group").or(group);
        let daemons: Vec<&Directive> = find("WSGIDaemonProcess").collect();
        let daemon =
            daemons.iter().find(|d| d.arguments.first().is_some_and(|name| Some(&*name.text) == own_group));
        let daemon =
            daemon.or(daemons.first().filter(|_| daemons.len() == 1 && own_group.is_none_or(is_variable)));
        let daemon_option = |name: &str| daemon.and_then(|daemon| option(daemon, 1, name));
        let path_list = daemon_option("python-path").map(str::to_owned).or_else(|| {
            find("WSGIPythonPath").next_back().and_then(|d| d.arguments.first()).map(|word| word.text.clone())
        });
        let number = |name: &str| daemon_option(name).and_then(|text| text.parse::<f64>().ok());
        let callable = option(alias, 2, "callable-object").map(str::to_owned);
        let home = daemon_option("python-home").map(str::to_owned);
        launches.push(Launch {
            host: Some(Host::ModWsgi),
            entry: EntryName::File(script.text.clone()),
            callable: callable.or_else(|| callable_object.map(|word| word.text.clone())),
            calls_factory: false,
            place: ConfigPlace { path: path.clone(), range: script.range },
            told_in: Vec::new(),
            bases: bases(places.root, path),
            directory: daemon_option("home").map(str::to_owned),
            search: path_list.map(|list| list.split(':').map(str::to_owned).collect()).unwrap_or_default(),
            virtualenv: home.or_else(|| {
                find("WSGIPythonHome")
                    .next_back()
                    .and_then(|d| d.arguments.first())
                    .map(|word| word.text.clone())
            }),
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
