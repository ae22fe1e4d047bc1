//! `unreached-socket`: nginx passes requests to a socket in another protocol than the one spoken there, or beside the socket.

use super::configuration::no_load;
use super::{ConfigContext, Finding, Fix, Guidance, Related, Reporter, Rule, Safety, Severity};
use crate::catalog::pages;
use crate::hosting::told::{Address, Group, Listener, Pass, Server, listeners, passes};
use crate::load::Site;
use crate::rules::Configuration;
use crate::syntax::config::ConfigKind;

/// The rule.
pub static RULE: Rule = Rule {
    id: "unreached-socket",
    summary: "nginx passes requests to a socket in the wrong protocol, or to one of nearly the right name",
    severity: Severity::Warning,
    guidance: Guidance {
        explanation: "\
`uwsgi_pass` speaks uWSGI's own protocol, which its option `socket` understands; `proxy_pass` speaks HTTP, for gunicorn and uWSGI's `http-socket`. \
The one does not understand the other: visitors get 502, and the server's log tells of an invalid request block size, or of nothing.

The same happens when the path of the socket is another one in nginx than in the server's own configuration.",
        bad: "# nginx.conf\nserver {\n    location / {\n        proxy_pass http://127.0.0.1:3031;\n    }\n}\n# uwsgi.ini\n[uwsgi]\nmodule = app:app\nmaster = true\nsocket = 127.0.0.1:3031",
        good: "# nginx.conf\nserver {\n    location / {\n        include uwsgi_params;\n        uwsgi_pass 127.0.0.1:3031;\n    }\n}\n# uwsgi.ini\n[uwsgi]\nmodule = app:app\nmaster = true\nsocket = 127.0.0.1:3031",
        when_wrong: "When another server than that of the project listens there, silence it.",
        pages: &[pages::NGINX_UWSGI_PASS, pages::UWSGI_OPTIONS],
    },
    check: no_load,
};

/// Tells nginx's doors that lead to nobody.
pub(super) fn check(context: &ConfigContext<'_>, report: &mut Reporter) {
    let file = &context.configuration.file;
    if file.kind() != ConfigKind::Nginx {
        return;
    }
    let groups: Vec<(&Configuration, &Group)> = context
        .project
        .configurations
        .iter()
        .flat_map(|one| one.groups.iter().map(move |group| (one, group)))
        .collect();
    let open: Vec<(&Configuration, Server, Listener<'_>)> = groups
        .iter()
        .flat_map(|(one, group)| listeners(group).into_iter().map(|it| (*one, group.server, it)))
        .collect();
    for pass in passes(file) {
        let here: Vec<_> = open.iter().filter(|(.., one)| one.address == pass.address).collect();
        let found = match here.as_slice() {
            [] => slip(context, &pass, &open),
            all if all.iter().any(|(.., one)| one.protocol == pass.protocol) => None,
            // Projects show how to serve them by several servers, of which people take one.
            _ if groups.iter().any(|(_, group)| speaks(group.server, pass.protocol)) => None,
            [first, ..] => Some(wrong_protocol(context, &pass, first)),
        };
        report.findings.extend(found);
    }
}

/// Whether another server than the one that listens there may be meant: one that speaks a protocol by nature.
fn speaks(server: Server, protocol: &str) -> bool {
    match server {
        Server::Uwsgi => protocol == "uwsgi",
        _ => protocol == "proxy",
    }
}

fn wrong_protocol(
    context: &ConfigContext<'_>,
    pass: &Pass<'_>,
    (one, server, listener): &(&Configuration, Server, Listener<'_>),
) -> Finding {
    let named = |protocol: &str| if protocol == "uwsgi" { "uWSGI's own protocol" } else { "HTTP" };
    let message = format!(
        "`{}` speaks {}, and {} expects {} at `{}`: visitors get 502",
        pass.directive.name.text,
        named(pass.protocol),
        server.title(),
        named(listener.protocol),
        pass.word.text
    );
    let mut found = context.finding(&RULE, pass.directive.name.range, message).likely();
    let site = Site { path: one.path.clone(), range: listener.told.range };
    found.related.push(Related { site, message: format!("expects {}", named(listener.protocol)) });
    found
}

/// The path of a socket that nobody opens, where the only one that somebody does has nearly that name.
fn slip(
    context: &ConfigContext<'_>,
    pass: &Pass<'_>,
    open: &[(&Configuration, Server, Listener<'_>)],
) -> Option<Finding> {
    let Address::Path(wanted) = &pass.address else { return None };
    let mut paths = open.iter().filter_map(|(one, server, listener)| match &listener.address {
        Address::Path(path) if path.starts_with('/') => Some((*one, *server, listener, path)),
        _ => None,
    });
    let (one, server, listener, path) = paths.next().filter(|_| paths.next().is_none())?;
    let slips = strsim::damerau_levenshtein(path, wanted);
    let is_family = |text: &str| text.replace(|c: char| c.is_ascii_digit(), "");
    if slips > 2 || is_family(path) == is_family(wanted) {
        return None;
    }
    let message =
        format!("nobody listens at `{wanted}`, and {} does at `{path}`: visitors get 502", server.title());
    let at = pass.word.text.find(wanted.as_str())?;
    let range = pass.word.part(at..at + wanted.len());
    let fix: Fix = context.replace(format!("Change it to `{path}`"), range, path.clone(), Safety::Review);
    let mut found = context.finding(&RULE, range, message).likely().mended([fix]);
    let site = Site { path: one.path.clone(), range: listener.told.range };
    found.related.push(Related { site, message: "opens this one".to_owned() });
    Some(found)
}
