//! Where an option is documented.

use super::info::OptionInfo;

const MOD_WSGI: &str = "https://modwsgi.readthedocs.io/en/latest/configuration-directives";

/// The heading of the option in uWSGI's list.
pub(super) fn uwsgi(info: &OptionInfo) -> String {
    // Sphinx makes the anchor of a heading: its words in lower case with hyphens, from the first letter on.
    let words = info.name.to_ascii_lowercase().replace('_', "-");
    let anchor = words.trim_start_matches(|c: char| !c.is_ascii_alphabetic());
    let hash = if anchor.is_empty() { "" } else { "#" };
    format!("https://uwsgi-docs.readthedocs.io/en/latest/Options.html{hash}{anchor}")
}

/// The heading of the setting in gunicorn's manual, in that of an old release when it is gone.
pub(super) fn gunicorn(info: &OptionInfo) -> String {
    match info.until {
        None => format!("https://gunicorn.org/reference/settings/#{}", info.name),
        Some(_) => {
            let old = if info.is_in((22, 0, 0)) { "22.0.0" } else { "19.0.0" };
            format!("https://docs.gunicorn.org/en/{old}/settings.html#{}", info.name.replace('_', "-"))
        }
    }
}

/// What gunicorn's manual says of the choice of a worker.
pub(super) fn gunicorn_worker(_: &OptionInfo) -> String {
    "https://gunicorn.org/reference/settings/#worker_class".to_owned()
}

/// The page of the directive. One has no page of its own, and old ones have none any more.
pub(super) fn mod_wsgi(info: &OptionInfo) -> String {
    if info.until.is_some() || info.name == "WSGIGroupAuthoritative" || info.name == "WSGIVerboseDebugging" {
        return "https://modwsgi.readthedocs.io/en/latest/configuration.html".to_owned();
    }
    format!("{MOD_WSGI}/{}.html", info.name)
}

/// The paragraph of the option on the page of `WSGIDaemonProcess`.
pub(super) fn mod_wsgi_daemon(info: &OptionInfo) -> String {
    let anchor = if info.until.is_some() { String::new() } else { format!("#{}", info.name) };
    format!("{MOD_WSGI}/WSGIDaemonProcess.html{anchor}")
}

/// The page of `WSGIScriptAlias`, which explains its options.
pub(super) fn mod_wsgi_script(_: &OptionInfo) -> String {
    format!("{MOD_WSGI}/WSGIScriptAlias.html")
}

/// The page about the command, which lists its options itself.
pub(super) fn mod_wsgi_express(_: &OptionInfo) -> String {
    "https://modwsgi.readthedocs.io/en/latest/user-guides/mod-wsgi-express-quickstart.html".to_owned()
}

/// The page of the arguments, or that of the command for what only the command has.
pub(super) fn waitress(info: &OptionInfo) -> String {
    let page = if matches!(info.name, "call" | "help") { "runner" } else { "arguments" };
    format!("https://docs.pylonsproject.org/projects/waitress/en/stable/{page}.html")
}

/// The paragraph of the directive on the page of its module.
pub(super) fn nginx(info: &OptionInfo) -> String {
    format!("https://nginx.org/en/docs/http/ngx_http_{}_module.html#{}", info.group, info.name)
}
