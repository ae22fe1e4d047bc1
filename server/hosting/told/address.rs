//! Where servers listen, and where nginx looks for them.

use rustc_hash::FxHashMap;

use super::{Group, Server, Told};
use crate::syntax::config::{ConfigFile, Directive, Word, visit};

/// An address of the machine itself.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Address {
    /// A port.
    Port(String),
    /// The path of a socket, as it is written.
    Path(String),
}

impl Address {
    /// Reads `127.0.0.1:8000`, `:8000`, `unix:/run/app.sock` and its like; `None` for other machines, names, and what is filled in
    /// elsewhere.
    pub fn read(text: &str) -> Option<Self> {
        if text.contains(['$', '{', '%']) {
            return None;
        }
        if let Some(path) = text.strip_prefix("unix:") {
            let path = path.trim_start_matches("//");
            let path = path.strip_suffix(":/").unwrap_or(path);
            return Some(Self::Path(path.split(':').next().unwrap_or(path).to_owned()));
        }
        let is_path = text.starts_with('/') || text.ends_with(".sock") || text.ends_with(".socket");
        if is_path && !text.contains(':') {
            return Some(Self::Path(text.to_owned()));
        }
        let (host, port) = text.split('/').next()?.rsplit_once(':')?;
        let is_here = matches!(host, "" | "127.0.0.1" | "localhost" | "0.0.0.0" | "*" | "[::]" | "[::1]");
        let is_port = !port.is_empty() && port.chars().all(|c| c.is_ascii_digit());
        (is_here && is_port).then(|| Self::Port(port.to_owned()))
    }
}

/// A directive of nginx that passes requests to a server.
#[derive(Clone, Debug)]
pub struct Pass<'a> {
    /// `proxy` or `uwsgi`: the protocol, and how the directives of its limits begin.
    pub protocol: &'static str,
    /// The directive.
    pub directive: &'a Directive,
    /// The directives whose blocks it stands in, outermost first.
    pub around: Vec<&'a Directive>,
    /// The word that says where: its own, or that of the `upstream` which it names.
    pub word: &'a Word,
    /// Where that is.
    pub address: Address,
}

/// The directives of nginx that pass requests to this machine.
pub fn passes(file: &ConfigFile) -> Vec<Pass<'_>> {
    let mut directives = Vec::new();
    let mut upstreams: FxHashMap<&str, &Directive> = FxHashMap::default();
    visit(&file.content().directives, &mut |around, directive| {
        if directive.name.text.ends_with("_pass") {
            directives.push((around.to_vec(), directive));
        } else if directive.is("upstream")
            && let Some(name) = directive.arguments.first()
        {
            upstreams.entry(&name.text).or_insert(directive);
        }
    });
    let found = directives.into_iter().filter_map(|(around, directive)| {
        let protocol = match directive.name.text.as_str() {
            "proxy_pass" => "proxy",
            "uwsgi_pass" => "uwsgi",
            _ => return None,
        };
        let own = directive.arguments.first()?;
        let bare = own.text.trim_start_matches("http://").trim_start_matches("uwsgi://");
        let name = bare.split('/').next().unwrap_or(bare);
        let (word, address) = match upstreams.get(name) {
            Some(upstream) => {
                let word = upstream.block.iter().find(|one| one.is("server"))?.arguments.first()?;
                (word, Address::read(&word.text)?)
            }
            None => (own, Address::read(bare)?),
        };
        Some(Pass { protocol, directive, around, word, address })
    });
    found.collect()
}

/// An option that opens a socket, and what is spoken there.
#[derive(Clone, Debug)]
pub struct Listener<'a> {
    /// The option.
    pub told: &'a Told,
    /// Where.
    pub address: Address,
    /// `proxy` for HTTP, `uwsgi` for uWSGI's own protocol.
    pub protocol: &'static str,
}

/// Where a group of options lets its server listen.
pub fn listeners(group: &Group) -> Vec<Listener<'_>> {
    let protocol = |told: &Told| match (group.server, told.setting()) {
        (Server::Gunicorn, "bind") => Some("proxy"),
        (Server::Uwsgi, "http" | "http-socket") => Some("proxy"),
        // The option `protocol` makes it something else.
        (Server::Uwsgi, "socket") if group.last("protocol").is_some() => None,
        (Server::Uwsgi, "socket" | "uwsgi-socket") => Some("uwsgi"),
        _ => None,
    };
    let open = group.told.iter().filter(|told| !told.is_conditional);
    open.filter_map(|told| {
        Some(Listener { told, address: Address::read(told.text()?)?, protocol: protocol(told)? })
    })
    .collect()
}
