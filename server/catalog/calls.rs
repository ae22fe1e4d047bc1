//! What calls into libraries do, as far as a host cares: the data is in `calls.toml`.
//!
//! A path such as `flask.Flask().run` reads: the attribute `run` of what a call of `flask.Flask` gives.

use std::sync::LazyLock;

use rustc_hash::{FxHashMap, FxHashSet};
use serde::Deserialize;

/// The call starts a server.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Server {
    /// The path of the call.
    pub call: String,
    /// What it starts, as a noun phrase.
    pub name: String,
    /// Arguments that switch a reloader on, the stronger first.
    #[serde(default)]
    pub reloader: Vec<String>,
    /// Arguments of which one has to be given and true, else the call refuses to serve.
    #[serde(default)]
    pub refuses_without: Vec<String>,
    /// The name and position of the argument that gives the port.
    #[serde(default)]
    pub port: Option<(String, usize)>,
    /// The call only starts something that works elsewhere, so that the import goes on.
    #[serde(default)]
    pub unless: Option<String>,
    /// The call leaves when it has served one request.
    #[serde(default)]
    pub once: bool,
}

/// The call waits until somebody stops it.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Blocking {
    /// The path of the call.
    pub call: String,
    /// What waits, as a noun phrase.
    pub name: String,
    /// Arguments, by name, that bound the wait.
    #[serde(default)]
    pub bounded_by: Vec<String>,
    /// The call waits for another thread or process, and works otherwise.
    #[serde(default)]
    pub waits: bool,
}

/// The call ends the process.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Exit {
    /// The path of the call.
    pub call: String,
    /// Whether no `except` can catch it.
    #[serde(default)]
    pub hard: bool,
    /// Whether the same call with a function is a decorator, and harmless.
    #[serde(default)]
    pub unless_decorating: bool,
    /// An argument that, when it is false, lets the call come back.
    #[serde(default)]
    pub unless_false: Option<String>,
}

/// The calls need a screen.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Window {
    /// The paths of the calls.
    pub calls: Vec<String>,
    /// What they want, as a noun phrase.
    pub name: String,
    /// What becomes of it where there is no screen.
    pub outcome: WindowOutcome,
}

/// What a call that needs a screen does where there is none.
#[derive(Debug, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum WindowOutcome {
    /// Nothing, or nothing that anybody sees.
    Nothing,
    /// The library ends the process.
    EndsProcess,
    /// It raises.
    Raises {
        /// The class, by its qualified name.
        exception: String,
        /// Its message.
        message: String,
    },
}

/// An attribute that a version of a library does not have any more.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Removed {
    /// The path of the attribute.
    pub path: String,
    /// The distribution that holds it.
    pub distribution: String,
    /// The first version without it.
    pub since: String,
    /// What takes its place.
    pub instead: String,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct File {
    server: Vec<Server>,
    blocking: Vec<Blocking>,
    exit: Vec<Exit>,
    removed: Vec<Removed>,
    window: Vec<Window>,
    /// Calls that give back the function they decorate.
    decorators: Vec<String>,
    /// Other names of the same thing.
    alias: FxHashMap<String, String>,
    /// Classes that are what their library says of another class, with all methods.
    subclass: FxHashMap<String, String>,
    /// Functions that make an instance of a class.
    makes: FxHashMap<String, String>,
    wsgi_application: Vec<String>,
    asgi_application: Vec<String>,
    not_callable: Vec<String>,
}

#[derive(Debug)]
struct Catalog {
    servers: FxHashMap<String, Server>,
    blocking: FxHashMap<String, Blocking>,
    exits: FxHashMap<String, Exit>,
    removed: FxHashMap<String, Removed>,
    windows: Vec<Window>,
    /// The place of a call in `windows`.
    window_of: FxHashMap<String, usize>,
    decorators: FxHashSet<String>,
    alias: FxHashMap<String, String>,
    wsgi: FxHashSet<String>,
    asgi: FxHashSet<String>,
    not_callable: FxHashSet<String>,
}

static CATALOG: LazyLock<Catalog> = LazyLock::new(|| {
    let file: File = super::read("calls.toml", include_str!("calls.toml"));
    let mut alias = file.alias;
    alias.extend(file.subclass);
    for (function, class) in file.makes {
        alias.insert(format!("{function}()"), format!("{class}()"));
    }
    let windows = file.window.iter().enumerate();
    let window_of = windows.flat_map(|(at, window)| window.calls.iter().map(move |call| (call.clone(), at)));
    let window_of = window_of.collect();
    Catalog {
        servers: file.server.into_iter().map(|one| (one.call.clone(), one)).collect(),
        blocking: file.blocking.into_iter().map(|one| (one.call.clone(), one)).collect(),
        exits: file.exit.into_iter().map(|one| (one.call.clone(), one)).collect(),
        removed: file.removed.into_iter().map(|one| (one.path.clone(), one)).collect(),
        windows: file.window,
        window_of,
        decorators: file.decorators.into_iter().collect(),
        alias,
        wsgi: file.wsgi_application.into_iter().collect(),
        asgi: file.asgi_application.into_iter().collect(),
        not_callable: file.not_callable.into_iter().collect(),
    }
});

/// The name under which the catalog knows a path: aliases and known subclasses replaced.
pub fn canonical(path: impl Into<String>) -> String {
    let path = path.into();
    alias(&path).map_or(path, str::to_owned)
}

/// The same, for paths that are other names of something.
pub fn alias(path: &str) -> Option<&'static str> {
    let aliases = &CATALOG.alias;
    let first = aliases.get(path)?;
    // An alias can lead to another one, never round in a circle; the bound is a belt to these braces.
    std::iter::successors(Some(first), |name| aliases.get(*name)).take(4).last().map(String::as_str)
}

/// What is known of a call that starts a server.
pub fn server(path: &str) -> Option<&'static Server> {
    CATALOG.servers.get(path)
}

/// What is known of a call that waits for ever.
pub fn blocking(path: &str) -> Option<&'static Blocking> {
    CATALOG.blocking.get(path)
}

/// What is known of a call that ends the process.
pub fn exit(path: &str) -> Option<&'static Exit> {
    CATALOG.exits.get(path)
}

/// What is known of an attribute that left its library.
pub fn removed(path: &str) -> Option<&'static Removed> {
    CATALOG.removed.get(path)
}

/// What is known of a call that needs a screen.
pub fn window(path: &str) -> Option<&'static Window> {
    CATALOG.windows.get(*CATALOG.window_of.get(path)?)
}

/// Whether what this path leads to gives back the function that it decorates.
pub fn is_transparent_decorator(path: &str) -> bool {
    CATALOG.decorators.contains(path)
}

/// Whether a value of this path is a WSGI application.
pub fn is_wsgi_application(path: &str) -> bool {
    CATALOG.wsgi.contains(path)
}

/// Whether a value of this path is an ASGI application.
pub fn is_asgi_application(path: &str) -> bool {
    CATALOG.asgi.contains(path)
}

/// Whether a value of this path cannot be called.
pub fn is_not_callable(path: &str) -> bool {
    CATALOG.not_callable.contains(path)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_data_can_be_read() {
        assert_eq!(server("flask.Flask().run").map(|s| s.name.as_str()), Some("Flask's development server"));
        assert_eq!(canonical("flask.app.Flask"), "flask.Flask");
        assert!(removed("flask.Flask().before_first_request").is_some());
    }
}
