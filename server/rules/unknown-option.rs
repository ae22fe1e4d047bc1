//! `unknown-option`: a server is told something under a name that it does not know.

use super::configuration::no_load;
use super::{ConfigContext, Finding, Guidance, Reporter, Rule, Safety, Severity};
use crate::catalog::options::{self, Family};
use crate::catalog::pages;
use crate::hosting::is_template;
use crate::hosting::told::{Group, Server, Spelling, Told};
use crate::syntax::config::ConfigKind;

/// The rule.
pub static RULE: Rule = Rule {
    id: "unknown-option",
    summary: "a configuration file uses the name of an option that its server does not have",
    severity: Severity::Warning,
    guidance: Guidance {
        explanation: "\
uWSGI takes every name in its files, whether it knows it or not: a misspelt option does nothing, without a word, unless `strict` is \
on. Its names have hyphens where people write underscores: `enable_threads` is no option. gunicorn does the same with the names that its \
file binds, and the name of a flag is often not that of the setting: `--preload` is `preload_app`, `--log-file` is `errorlog`.

On a command line, and among the directives of mod_wsgi, an unknown name keeps the server from starting.

Own variables are no mistake: a name that the file uses elsewhere (`%(base)`) is silent, and so is one that resembles no option.",
        bad: "# uwsgi.ini\n[uwsgi]\nmodule = app:app\nenable_threads = true",
        good: "# uwsgi.ini\n[uwsgi]\nmodule = app:app\nenable-threads = true",
        when_wrong: "\
When a plugin of your own brings the option, or the name is a variable that another file uses, silence it.",
        pages: &[pages::UWSGI_OPTIONS, pages::GUNICORN_SETTINGS, pages::MOD_WSGI_DIRECTIVES],
    },
    check: no_load,
};

/// Tells names that nobody knows.
pub(super) fn check(context: &ConfigContext<'_>, report: &mut Reporter) {
    for group in &context.configuration.groups {
        // A plugin of somebody else brings options of its own.
        let has_plugins = group.server == Server::Uwsgi && brings_options(group);
        for told in group.told.iter().filter(|told| told.info.is_none()) {
            if told.name.text.is_empty() || is_template(&told.name.text) || is_filled_in(&told.name.text) {
                continue;
            }
            let found = match told.family {
                Family::Uwsgi if told.name.text.starts_with('-') => {
                    (!has_plugins).then(|| refused(context, group, told))
                }
                Family::Uwsgi => of_uwsgi(context, group, told, has_plugins),
                Family::Gunicorn if told.name.text.starts_with('-') => Some(refused(context, group, told)),
                Family::Gunicorn => of_gunicorn(context, told),
                _ => Some(refused(context, group, told)),
            };
            report.findings.extend(found);
        }
    }
}

/// `{{ name }}`, `%(name)`, `$NAME`.
fn is_filled_in(name: &str) -> bool {
    name.contains(['{', '}', '%', '$', '@', '<'])
}

/// The plugins that come with uWSGI, as far as configurations name them.
const PLUGINS: [&str; 40] = [
    "asyncio",
    "cgi",
    "cheaper_busyness",
    "cheaper_backlog2",
    "carbon",
    "corerouter",
    "dummy",
    "emperor_pg",
    "fastrouter",
    "fiber",
    "gevent",
    "geoip",
    "gccgo",
    "greenlet",
    "http",
    "jvm",
    "logfile",
    "logsocket",
    "lua",
    "mono",
    "nagios",
    "php",
    "ping",
    "psgi",
    "pypy",
    "python",
    "rack",
    "rawrouter",
    "router_http",
    "router_static",
    "router_rewrite",
    "rpc",
    "rrdtool",
    "rsyslog",
    "spooler",
    "sslrouter",
    "stats_pusher_statsd",
    "symcall",
    "syslog",
    "zergpool",
];

fn brings_options(group: &Group) -> bool {
    let named = group.told.iter().filter(|told| told.is("plugins") || told.is("need-plugin"));
    let mut names =
        named.flat_map(|told| told.value.as_ref().map(|v| v.text.as_str()).unwrap_or("?").split(','));
    names.any(|name| {
        let name = name.trim().rsplit('/').next().unwrap_or(name).trim_end_matches("_plugin.so");
        let bare = name.trim_end_matches(|c: char| c.is_ascii_digit() || c == '.');
        !name.is_empty()
            && !PLUGINS.contains(&bare)
            && !bare.starts_with("python")
            && !bare.starts_with("router")
    })
}

fn of_uwsgi(context: &ConfigContext<'_>, group: &Group, told: &Told, has_plugins: bool) -> Option<Finding> {
    let name = told.name.text.as_str();
    let is_used = context.text().contains(&format!("%({name})"));
    let meant = meant(told.family, name);
    if group.is_on("strict") && !has_plugins {
        let message = format!(
            "uWSGI has no option `{name}`, and with `strict` it refuses to start{}",
            if is_used { ": `set-placeholder` makes a variable that it accepts" } else { "" }
        );
        let found = context.finding(&RULE, told.name.range, message).severity(Severity::Error).stops();
        let variable = format!("set-placeholder = {name}={}", told.text().unwrap_or_default());
        let variable = (is_used && told.spelling != Spelling::Nothing)
            .then(|| context.replace("Make it a placeholder", told.range, variable, Safety::Review))
            .filter(|_| context.configuration.file.kind() == ConfigKind::UwsgiIni);
        return Some(
            found.mended(renames(context, told, &meant).into_iter().filter(|_| !is_used).chain(variable)),
        );
    }
    if is_used || meant.is_empty() || has_plugins {
        return None;
    }
    let message =
        format!("uWSGI has no option `{name}` and passes over it without a word{}", suggestion(&meant));
    Some(context.finding(&RULE, told.name.range, message).likely().mended(renames(context, told, &meant)))
}

fn of_gunicorn(context: &ConfigContext<'_>, told: &Told) -> Option<Finding> {
    let name = told.name.text.as_str();
    let meant = meant(told.family, name);
    // A name that the file uses itself is a variable of its own.
    if name.starts_with('_')
        || meant.is_empty()
        || words(context.text()).filter(|word| *word == name).count() > 1
    {
        return None;
    }
    // What is set under the right name as well is meant to be something else.
    let settings = context.configuration.groups.iter().flat_map(|group| &group.told);
    if settings.into_iter().any(|other| meant.iter().any(|name| *name == other.name.text)) {
        return None;
    }
    let message =
        format!("gunicorn has no setting `{name}` and passes over it without a word{}", suggestion(&meant));
    Some(context.finding(&RULE, told.name.range, message).likely().mended(renames(context, told, &meant)))
}

/// An option that keeps the server from starting.
fn refused(context: &ConfigContext<'_>, group: &Group, told: &Told) -> Finding {
    let meant: Vec<String> = match (told.family, told.name.text.strip_prefix("--")) {
        (Family::Uwsgi, Some(bare)) => {
            meant(told.family, bare).iter().map(|name| format!("--{name}")).collect()
        }
        (family, Some(bare)) => flags_like(family, bare),
        (_, None) => meant(told.family, &told.name.text),
    };
    let (server, name) = (group.server.title(), told.name.text.as_str());
    let what = match told.family {
        Family::ModWsgi => "directive",
        _ => "option",
    };
    let message = format!("{server} has no {what} `{name}`: it refuses to start{}", suggestion(&meant));
    let found = context.finding(&RULE, told.name.range, message).severity(Severity::Error).stops();
    if meant.is_empty() || told.is_conditional {
        found.likely()
    } else {
        found.mended(renames(context, told, &meant))
    }
}

fn renames(context: &ConfigContext<'_>, told: &Told, meant: &[String]) -> Vec<super::Fix> {
    let one = |name: &String| {
        context.replace(format!("Change it to `{name}`"), told.name.range, name.clone(), Safety::Review)
    };
    // An XML element has a second name, in its end tag.
    let is_xml = context.configuration.file.kind() == ConfigKind::UwsgiXml;
    meant.iter().filter(|_| !is_xml).map(one).collect()
}

fn suggestion(meant: &[String]) -> String {
    meant.first().map_or_else(String::new, |name| format!("; it has `{name}`"))
}

/// The options that were meant for sure or nearly so: other hyphens, other capitals, the name of a flag, one slip.
fn meant(family: Family, name: &str) -> Vec<String> {
    let mut near = options::nearest(family, name);
    if near.is_empty() {
        return near;
    }
    let plain = |text: &str| text.to_lowercase().replace(['_', '-'], "");
    let wanted = plain(name);
    let is_flag = |near: &String| {
        family == Family::Gunicorn
            && options::gunicorn_flag(&format!("--{}", name.to_lowercase().replace('_', "-")))
                .is_some_and(|info| info.name == near)
    };
    near.retain(|near| {
        let slips = strsim::damerau_levenshtein(&wanted, &plain(near));
        is_flag(near) || slips == 0 || slips == 1 && wanted.len() >= 6 || slips == 2 && wanted.len() >= 10
    });
    near
}

fn flags_like(family: Family, bare: &str) -> Vec<String> {
    let of = |name: &str| {
        let info = match family {
            Family::Gunicorn => options::gunicorn(name),
            Family::Waitress => options::waitress(name),
            _ => options::mod_wsgi_express(&format!("--{name}")),
        };
        info.and_then(|info| info.flags.iter().find(|flag| flag.starts_with("--")).map(|f| (*f).to_owned()))
    };
    meant(family, &bare.replace('-', if family == Family::ModWsgiExpress { "-" } else { "_" }))
        .iter()
        .filter_map(|name| of(name))
        .collect()
}

/// The words of a text that could be names of Python.
fn words(text: &str) -> impl Iterator<Item = &str> {
    text.lines()
        .map(|line| line.split_once('#').map_or(line, |(code, _)| code))
        .flat_map(|line| line.split(|c: char| !(c.is_alphanumeric() || c == '_')))
}
