//! The options of the hosts' own configurations: their names, what their values are, the releases that have them, what they do.
//!
//! The tables (`*.tsv`, one option a line) are written by `tools/options/generate.py` from released sources; the descriptions
//! (`descriptions/*.toml`) are ours. A table is read when somebody asks for one of its options the first time.

mod info;
mod link;
mod table;

use std::sync::LazyLock;

use compact_str::CompactString;

pub use info::{Argument, OptionInfo, ValueKind, Version};
use table::Table;

/// uWSGI's main line, which calls itself 2.1-dev: an option "since" this was never released.
pub const UWSGI_DEVELOPMENT: Version = (2, 1, 0);

/// A set of options that are known by their names.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Family {
    /// Options of uWSGI.
    Uwsgi,
    /// Settings of gunicorn, as a configuration file writes them.
    Gunicorn,
    /// Directives of mod_wsgi.
    ModWsgi,
    /// Options of `WSGIDaemonProcess`.
    ModWsgiDaemon,
    /// Options of `WSGIScriptAlias` and its like.
    ModWsgiScript,
    /// Options of mod_wsgi-express, without their hyphens.
    ModWsgiExpress,
    /// Arguments of waitress, as the function takes them: with underscores.
    Waitress,
}

static UWSGI: LazyLock<Table> = LazyLock::new(|| {
    Table::read(include_str!("uwsgi.tsv"), include_str!("descriptions/uwsgi.toml"), "", link::uwsgi)
});
static GUNICORN: LazyLock<Table> = LazyLock::new(|| {
    Table::read(include_str!("gunicorn.tsv"), include_str!("descriptions/gunicorn.toml"), "", link::gunicorn)
});
static GUNICORN_WORKERS: LazyLock<Table> = LazyLock::new(|| {
    let descriptions = include_str!("descriptions/gunicorn_workers.toml");
    Table::read(include_str!("gunicorn_workers.tsv"), descriptions, "", link::gunicorn_worker)
});
static MOD_WSGI: LazyLock<Table> = LazyLock::new(|| mod_wsgi_part("", link::mod_wsgi));
static MOD_WSGI_DAEMON: LazyLock<Table> = LazyLock::new(|| mod_wsgi_part("daemon:", link::mod_wsgi_daemon));
static MOD_WSGI_SCRIPT: LazyLock<Table> = LazyLock::new(|| mod_wsgi_part("script:", link::mod_wsgi_script));
static MOD_WSGI_EXPRESS: LazyLock<Table> =
    LazyLock::new(|| Table::read(include_str!("mod_wsgi_express.tsv"), "", "", link::mod_wsgi_express));
static WAITRESS: LazyLock<Table> = LazyLock::new(|| {
    Table::read(include_str!("waitress.tsv"), include_str!("descriptions/waitress.toml"), "", link::waitress)
});

static NGINX: LazyLock<Table> = LazyLock::new(|| {
    Table::read(include_str!("nginx.tsv"), include_str!("descriptions/nginx.toml"), "", link::nginx)
});

fn mod_wsgi_part(prefix: &str, link: fn(&OptionInfo) -> String) -> Table {
    Table::read(include_str!("mod_wsgi.tsv"), include_str!("descriptions/mod_wsgi.toml"), prefix, link)
}

impl Family {
    fn table(self) -> &'static Table {
        match self {
            Self::Uwsgi => &UWSGI,
            Self::Gunicorn => &GUNICORN,
            Self::ModWsgi => &MOD_WSGI,
            Self::ModWsgiDaemon => &MOD_WSGI_DAEMON,
            Self::ModWsgiScript => &MOD_WSGI_SCRIPT,
            Self::ModWsgiExpress => &MOD_WSGI_EXPRESS,
            Self::Waitress => &WAITRESS,
        }
    }
}

/// An option of uWSGI by its name in a configuration file, as it is written there: uWSGI tells capitals and hyphens apart.
pub fn uwsgi(name: &str) -> Option<&'static OptionInfo> {
    UWSGI.get(name)
}

/// An option of uWSGI by the way in which a command line writes it: `--module` or `-w`, without its value.
pub fn uwsgi_flag(flag: &str) -> Option<&'static OptionInfo> {
    flag.strip_prefix("--").map_or_else(|| UWSGI.by_flag(flag), uwsgi)
}

/// A setting of gunicorn by its name in a configuration file, as it is written there: `preload_app`.
pub fn gunicorn(name: &str) -> Option<&'static OptionInfo> {
    GUNICORN.get(name)
}

/// The setting of gunicorn that a flag of its command line sets: `--preload` or `-w`, without its value.
pub fn gunicorn_flag(flag: &str) -> Option<&'static OptionInfo> {
    GUNICORN.by_flag(flag)
}

/// A short name of a worker class that some release of gunicorn knows: `gthread`.
pub fn gunicorn_worker(name: &str) -> Option<&'static OptionInfo> {
    GUNICORN_WORKERS.get(name)
}

/// A directive of mod_wsgi by its name; Apache does not care about capitals, and a section's name has no bracket.
pub fn mod_wsgi(name: &str) -> Option<&'static OptionInfo> {
    MOD_WSGI.get(name).or_else(|| MOD_WSGI.rows().find(|known| known.name.eq_ignore_ascii_case(name)))
}

/// An option of `WSGIDaemonProcess` by the word before its `=`.
pub fn mod_wsgi_daemon(option: &str) -> Option<&'static OptionInfo> {
    MOD_WSGI_DAEMON.get(option)
}

/// An option that `WSGIScriptAlias` and directives like it take after their arguments, by the word before its `=`.
pub fn mod_wsgi_script(option: &str) -> Option<&'static OptionInfo> {
    MOD_WSGI_SCRIPT.get(option)
}

/// An option of `mod_wsgi-express` by its flag: `--processes`, without its value.
pub fn mod_wsgi_express(flag: &str) -> Option<&'static OptionInfo> {
    MOD_WSGI_EXPRESS.by_flag(flag)
}

/// An argument of waitress by the name that the function `serve` gives it: `unix_socket`.
pub fn waitress(name: &str) -> Option<&'static OptionInfo> {
    WAITRESS.get(name)
}

/// An argument of `waitress-serve` by its flag, `--unix-socket` or `--no-ipv6`, without its value.
pub fn waitress_flag(flag: &str) -> Option<&'static OptionInfo> {
    WAITRESS.by_flag(flag)
}

/// A directive of nginx that matters to the app behind it.
pub fn nginx(name: &str) -> Option<&'static OptionInfo> {
    NGINX.get(name)
}

/// The directives of nginx that matter to an app behind it, by name.
pub fn all_nginx() -> impl Iterator<Item = &'static OptionInfo> {
    NGINX.rows()
}

/// All options of uWSGI by name, also those that plugins bring and those that no release has.
pub fn all_uwsgi() -> impl Iterator<Item = &'static OptionInfo> {
    UWSGI.rows()
}

/// All settings of gunicorn by name, also those that are gone.
pub fn all_gunicorn() -> impl Iterator<Item = &'static OptionInfo> {
    GUNICORN.rows()
}

/// All short names of gunicorn's worker classes, also those that are gone.
pub fn all_gunicorn_workers() -> impl Iterator<Item = &'static OptionInfo> {
    GUNICORN_WORKERS.rows()
}

/// All directives of mod_wsgi by name, also those that are gone.
pub fn all_mod_wsgi() -> impl Iterator<Item = &'static OptionInfo> {
    MOD_WSGI.rows()
}

/// All options of `WSGIDaemonProcess` by name, also those that are gone.
pub fn all_mod_wsgi_daemon() -> impl Iterator<Item = &'static OptionInfo> {
    MOD_WSGI_DAEMON.rows()
}

/// All options of `WSGIScriptAlias` and its like.
pub fn all_mod_wsgi_script() -> impl Iterator<Item = &'static OptionInfo> {
    MOD_WSGI_SCRIPT.rows()
}

/// All options of mod_wsgi-express by name, also those that are gone.
pub fn all_mod_wsgi_express() -> impl Iterator<Item = &'static OptionInfo> {
    MOD_WSGI_EXPRESS.rows()
}

/// All arguments of waitress by name.
pub fn all_waitress() -> impl Iterator<Item = &'static OptionInfo> {
    WAITRESS.rows()
}

/// The real names that somebody may have meant who wrote `wanted`, the nearest first, at most three.
///
/// A name that only a command line knows leads to the setting behind it: `preload` to gunicorn's `preload_app`.
pub fn nearest(family: Family, wanted: &str) -> Vec<String> {
    let table = family.table();
    let bare = wanted.trim_start_matches('-').chars();
    let bare = bare.map(|char| if char == '_' { '-' } else { char.to_ascii_lowercase() });
    let flag: CompactString = "--".chars().chain(bare).collect();
    let behind = table.by_flag(&flag).map(|info| info.name).filter(|name| *name != wanted);
    let mut found: Vec<String> = behind.into_iter().map(str::to_owned).collect();
    found.extend(table.similar(wanted).into_iter().filter(|name| Some(name.as_str()) != behind));
    found.truncate(3);
    found
}

#[cfg(test)]
mod tests;
