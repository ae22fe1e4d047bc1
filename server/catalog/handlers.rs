//! How frameworks are told which functions to call for requests: the data is in `handlers.toml`.

use std::sync::LazyLock;

use rustc_hash::FxHashMap;
use serde::Deserialize;

/// What a framework calls a function for.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum HandlerKind {
    /// A request whose path fits.
    Route,
    /// Every request, before or after its route, or when it is torn down.
    Hook,
    /// A request that went wrong.
    Error,
    /// A template that uses it: a filter, a test, a function, a context.
    Template,
    /// Every request, around everything else.
    Middleware,
    /// Every request: it is the application.
    Application,
    /// A signal that another handler sends; it runs within that one.
    Signal,
    /// A message over a web socket.
    Socket,
}

/// A call that tells a framework about a function.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Registration {
    /// The paths of the calls. One that ends with `()` is a decorator that was made by a call, whose arguments tell the rest.
    pub calls: Vec<String>,
    /// What for.
    pub kind: HandlerKind,
    /// The argument, by name and position, that gives the function; the first one by default.
    #[serde(default)]
    pub function: Option<(String, usize)>,
    /// The argument that gives the route or, for other kinds, what the function is for.
    #[serde(default)]
    pub rule: Option<(String, usize)>,
    /// The methods, where the call itself says them.
    #[serde(default)]
    pub methods: Vec<String>,
    /// The argument that says for which sender a signal is meant.
    #[serde(default)]
    pub sender: Option<String>,
    /// Words for people where there is no route: "before every request".
    #[serde(default)]
    pub when: Option<String>,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct File {
    register: Vec<Registration>,
    /// Exceptions with which a handler answers: nothing went wrong.
    answers: Vec<String>,
}

static CATALOG: LazyLock<File> =
    LazyLock::new(|| super::read("handlers.toml", include_str!("handlers.toml")));

static BY_CALL: LazyLock<FxHashMap<&'static str, &'static Registration>> = LazyLock::new(|| {
    let all = CATALOG.register.iter();
    all.flat_map(|one| one.calls.iter().map(move |call| (call.as_str(), one))).collect()
});

/// What a call of this path tells its framework.
pub fn registration(path: &str) -> Option<&'static Registration> {
    BY_CALL.get(path).copied()
}

/// Whether an exception of this class (a library path) is a way to answer a request.
pub fn is_answer(class: &str) -> bool {
    CATALOG.answers.iter().any(|known| match known.strip_suffix('*') {
        Some(head) => class.starts_with(head),
        None => class == known,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_data_can_be_read() {
        assert_eq!(registration("flask.Flask().route()").map(|r| r.kind), Some(HandlerKind::Route));
        assert!(is_answer("django.http.Http404") && !is_answer("builtins.ValueError"));
    }
}
