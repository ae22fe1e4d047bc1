//! `conflicting-options`: two options of one file that cannot both come true.

use rustc_hash::FxHashSet;

use super::configuration::no_load;
use super::{ConfigContext, Guidance, Related, Reporter, Rule, Safety, Severity};
use crate::catalog::pages;
use crate::hosting::told::{Group, Server, Told};
use crate::hosting::{Failure, Host};
use crate::text::suggest::similar_names;

/// The rule.
pub static RULE: Rule = Rule {
    id: "conflicting-options",
    summary: "two options contradict each other, such as two sockets on one port",
    severity: Severity::Error,
    guidance: Guidance {
        explanation: "\
uWSGI opens each of its sockets by itself: `http` and `socket` on the same port end with \"Address already in use\", and the server exits. \
gunicorn cannot load the app before the fork and watch its files at the same time: with `preload_app` its `reload` shows no change. Workers that \
are not the threaded ones pass over `threads`. mod_wsgi answers 500 where `WSGIProcessGroup` names processes that no `WSGIDaemonProcess` defines.",
        bad: "# uwsgi.ini\n[uwsgi]\nmodule = app:app\nhttp = :8000\nsocket = :8000",
        good: "# uwsgi.ini\n[uwsgi]\nmodule = app:app\nhttp = :8000\nsocket = 127.0.0.1:3031",
        when_wrong: "When one of the options is taken back by a file that includes this one, silence it.",
        pages: &[pages::UWSGI_OPTIONS, pages::GUNICORN_SETTINGS],
    },
    check: no_load,
};

/// Tells contradictions.
pub(super) fn check(context: &ConfigContext<'_>, report: &mut Reporter) {
    for group in &context.configuration.groups {
        match group.server {
            Server::Uwsgi => one_port_twice(context, group, report),
            Server::Gunicorn => of_gunicorn(context, group, report),
            Server::ModWsgi => unknown_process_group(context, group, report),
            _ => {}
        }
    }
}

/// Options of uWSGI that open a socket each.
const SOCKETS: [&str; 10] = [
    "socket",
    "uwsgi-socket",
    "http",
    "http-socket",
    "https",
    "https-socket",
    "fastcgi-socket",
    "scgi-socket",
    "stats",
    "http-router",
];

fn one_port_twice(context: &ConfigContext<'_>, group: &Group, report: &mut Reporter) {
    let mut open: Vec<(&Told, &str, &str)> = Vec::new();
    for told in
        group.told.iter().filter(|told| SOCKETS.iter().any(|name| told.is(name)) && !told.is_conditional)
    {
        let Some((host, port)) = told.text().and_then(address) else { continue };
        let everywhere = |host: &str| matches!(host, "" | "0.0.0.0" | "*");
        let same = |(_, other, its): &&(&Told, &str, &str)| {
            *its == port && (*other == host || everywhere(other) || everywhere(host))
        };
        if let Some((first, ..)) = open.iter().find(same) {
            let message = format!(
                "`{}` opens port {port} already: uWSGI ends with \"Address already in use\"",
                first.name.text
            );
            let mut found = context.finding(&RULE, told.range, message).stops();
            let first = Related { site: context.site(first.range), message: format!("opens port {port}") };
            found.related.push(first);
            report.findings.push(found);
            continue;
        }
        open.push((told, host, port));
    }
}

/// The host and the port of an address; `None` for paths, and for port 0, which is a new one each time.
fn address(text: &str) -> Option<(&str, &str)> {
    let first = text.split(',').next()?.trim();
    let (host, port) = first.rsplit_once(':')?;
    let is_port = !port.is_empty() && port != "0" && port.chars().all(|c| c.is_ascii_digit());
    (is_port && !host.contains('/')).then_some((host, port))
}

/// A process group that nobody defines, beside one of nearly its name: mod_wsgi answers 500. Another file of the server may define
/// it, so the name has to be a slip.
fn unknown_process_group(context: &ConfigContext<'_>, group: &Group, report: &mut Reporter) {
    let all = context.project.configurations.iter().flat_map(|one| &one.groups);
    let all = all.filter(|group| group.server == Server::ModWsgi).flat_map(|group| &group.told);
    let defined: FxHashSet<&str> =
        all.filter(|told| told.is("WSGIDaemonProcess")).filter_map(Told::text).collect();
    let named =
        group.told.iter().filter(|told| told.is("WSGIProcessGroup") || told.setting() == "process-group");
    for told in named.filter(|told| !told.is_conditional) {
        let Some(value) = told.known().filter(|value| !defined.contains(&value.text.as_str())) else {
            continue;
        };
        let names: Vec<&str> = defined.iter().copied().collect();
        let near = similar_names(&value.text, &names);
        let close = |near: &&String| strsim::damerau_levenshtein(near, &value.text) <= 2;
        let Some(near) = near.iter().find(close).filter(|_| value.text.len() >= 4) else { continue };
        let message = format!(
            "no `WSGIDaemonProcess` is called `{}`, but one is called `{near}`: visitors get 500",
            value.text
        );
        let fix =
            context.replace(format!("Change it to `{near}`"), value.range, near.clone(), Safety::Review);
        let found = context.finding(&RULE, value.range, message).likely();
        report.findings.push(found.fails(Failure::NoApplication, Host::ModWsgi).mended([fix]));
    }
}

fn of_gunicorn(context: &ConfigContext<'_>, group: &Group, report: &mut Reporter) {
    let is_true = |told: &&Told| {
        !told.is_conditional
            && (told.name.text.starts_with("--") || told.text().is_some_and(|text| text == "True"))
    };
    if let (Some(reload), Some(preload)) =
        (group.last("reload").filter(is_true), group.last("preload_app").filter(is_true))
    {
        let message = "with `preload_app` the app is loaded once: `reload` shows no change of it";
        let mut found = context.finding(&RULE, reload.range, message).severity(Severity::Information);
        let related = Related {
            site: context.site(preload.range),
            message: "loads the app before the fork".to_owned(),
        };
        found.related.push(related);
        report.findings.push(found);
    }
    let class = group.last("worker_class").and_then(|told| told.text()).unwrap_or_default();
    let threads =
        group.last("threads").filter(|told| told.text().and_then(|text| text.parse::<u32>().ok()) > Some(1));
    if matches!(class, "gevent" | "eventlet" | "tornado" | "asgi")
        && let Some(threads) = threads
    {
        let message = format!("workers of the class `{class}` pass over `threads`");
        report.findings.push(context.finding(&RULE, threads.range, message).severity(Severity::Information));
    }
}
