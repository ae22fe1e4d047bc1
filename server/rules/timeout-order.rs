//! `timeout-order`: the proxy gives up before the server behind it does.

use super::configuration::no_load;
use super::{ConfigContext, Guidance, Related, Reporter, Rule, Severity};
use crate::catalog::pages;
use crate::hosting::told::{Address, Group, Server, listeners, passes};
use crate::load::Site;
use crate::rules::Configuration;
use crate::syntax::config::ConfigKind;

/// The rule.
pub static RULE: Rule = Rule {
    id: "timeout-order",
    summary: "nginx stops waiting before the server behind it stops working",
    severity: Severity::Information,
    guidance: Guidance {
        explanation: "\
nginx waits 60 seconds for an answer unless it is told otherwise, then the visitor gets 504. When the server behind it is allowed more time, it goes on with the request: \
the visitor sees an error, tries again, and one more worker is busy with what nobody waits for. The outer limit should be the longer one.",
        bad: "# nginx.conf\nserver {\n    location / {\n        proxy_pass http://127.0.0.1:8000;\n        proxy_read_timeout 30s;\n    }\n}\n# gunicorn.conf.py\nwsgi_app = \"app:app\"\nbind = \"127.0.0.1:8000\"\ntimeout = 120",
        good: "# nginx.conf\nserver {\n    location / {\n        proxy_pass http://127.0.0.1:8000;\n        proxy_read_timeout 130s;\n    }\n}\n# gunicorn.conf.py\nwsgi_app = \"app:app\"\nbind = \"127.0.0.1:8000\"\ntimeout = 120",
        when_wrong: "When the address belongs to another server than the one of the file that is named, silence it.",
        pages: &[pages::NGINX_READ_TIMEOUT],
    },
    check: no_load,
};

/// Seconds that nginx waits where nobody says anything.
const NGINX_WAITS: f64 = 60.0;

/// Compares what nginx waits with what the servers that it names are allowed.
pub(super) fn check(context: &ConfigContext<'_>, report: &mut Reporter) {
    let file = &context.configuration.file;
    if file.kind() != ConfigKind::Nginx {
        return;
    }
    let open: Vec<(&Configuration, &Group, Address)> = context
        .project
        .configurations
        .iter()
        .flat_map(|one| one.groups.iter().map(move |group| (one, group)))
        .flat_map(|(one, group)| listeners(group).into_iter().map(move |it| (one, group, it.address)))
        .collect();
    for pass in passes(file) {
        let Some((server, limit)) = served_at(&open, &pass.address) else { continue };
        let name = format!("{}_read_timeout", pass.protocol);
        // The innermost block that says something counts.
        let blocks = pass
            .around
            .iter()
            .rev()
            .map(|block| block.block.as_slice())
            .chain([file.content().directives.as_slice()]);
        let told = blocks.flat_map(|block| block.iter().filter(|one| one.is(&name))).next();
        let waits = match told {
            Some(told) => match told.arguments.first().and_then(|word| seconds(&word.text)) {
                Some(waits) => waits,
                None => continue,
            },
            None => NGINX_WAITS,
        };
        let Some(allowed) = limit.1.filter(|allowed| *allowed > waits) else { continue };
        let message = format!(
            "nginx waits {waits} seconds for an answer and {} is allowed {allowed}: visitors get 504 while it still works on it",
            server.title()
        );
        let range = told.map_or(pass.directive.range, |told| told.range);
        let mut found = context.finding(&RULE, range, message).likely();
        found.severity = Severity::Information;
        found.related.push(Related { site: limit.0, message: format!("allows {allowed} seconds") });
        report.findings.push(found);
    }
}

/// The one server of the project that listens there, with the place of its limit and the seconds.
fn served_at(
    open: &[(&Configuration, &Group, Address)],
    address: &Address,
) -> Option<(Server, (Site, Option<f64>))> {
    let mut found = open.iter().filter(|(.., listened)| listened == address);
    let (one, group, _) = found.next()?;
    if found.next().is_some() {
        return None;
    }
    let told = group.last(match group.server {
        Server::Gunicorn => "timeout",
        Server::Uwsgi => "harakiri",
        _ => return None,
    })?;
    let seconds = told.text().filter(|_| !told.is_conditional).and_then(|text| text.parse().ok());
    Some((group.server, (Site { path: one.path.clone(), range: told.range }, seconds)))
}

/// `90`, `90s`, `2m`.
fn seconds(text: &str) -> Option<f64> {
    let end = text.find(|c: char| !c.is_ascii_digit()).unwrap_or(text.len());
    let number: f64 = text[..end].parse().ok()?;
    match &text[end..] {
        "" | "s" => Some(number),
        "m" => Some(number * 60.0),
        "h" => Some(number * 3600.0),
        _ => None,
    }
}
