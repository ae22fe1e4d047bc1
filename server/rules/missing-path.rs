//! `missing-path`: a configuration names a file or a directory that is not there, and one of nearly that name is.

use std::cell::LazyCell;
use std::path::{Path, PathBuf};

use rustc_hash::FxHashSet;

use super::configuration::no_load;
use super::{ConfigContext, Finding, Guidance, Reporter, Rule, Safety, Severity};
use crate::catalog::options::ValueKind;
use crate::catalog::pages;
use crate::hosting::told::{Group, Server, Told};
use crate::hosting::{Around, Failure, Host, VisitorSees, is_template};
use crate::syntax::config::Spanned;
use crate::text::TextRange;
use crate::text::suggest::similar_names;
use crate::workspace::EntryKind;

/// The rule.
pub static RULE: Rule = Rule {
    id: "missing-path",
    summary: "a configuration names a file or directory that is not there, beside one of nearly that name",
    severity: Severity::Warning,
    guidance: Guidance {
        explanation: "\
uWSGI ends when it cannot change to the directory of `chdir`, and serves \"no python application found\" when `wsgi-file` is not there. gunicorn ends when \
its `--chdir` or the file of `-c` is missing. Capitals count on servers, also where your own disk does not care.

A path is only told where a file or directory of nearly the same name is there; of absolute ones, which are the server's, where their folder is one of the project's.",
        bad: "# uwsgi.ini\n[uwsgi]\nwsgi-file = flask_ap.py\ncallable = app\n# flask_app.py\nfrom flask import Flask\n\napp = Flask(__name__)",
        good: "# uwsgi.ini\n[uwsgi]\nwsgi-file = flask_app.py\ncallable = app\n# flask_app.py\nfrom flask import Flask\n\napp = Flask(__name__)",
        when_wrong: "When the path is made on the server, or the process is started in another folder, silence it.",
        pages: &[pages::UWSGI_OPTIONS, pages::GUNICORN_SETTINGS],
    },
    check: no_load,
};

/// Options whose directory is made on the server.
const MADE_THERE: [&str; 6] = ["python-home", "virtualenv", "venv", "pyhome", "static-map", "worker_tmp_dir"];

/// Tells paths that are slips of others.
pub(super) fn check(context: &ConfigContext<'_>, report: &mut Reporter) {
    for group in &context.configuration.groups {
        let around = LazyCell::new(|| context.around(Some(group)));
        for told in &group.told {
            let Some(kind) = told.info.map(|info| &info.kind) else { continue };
            let wanted = match kind {
                ValueKind::File => EntryKind::File,
                ValueKind::Dir => EntryKind::Directory,
                _ => continue,
            };
            let Some(value) = told.known() else { continue };
            // uWSGI's `home` is its virtual environment.
            let is_environment = group.server == Server::Uwsgi && told.setting() == "home";
            if is_environment || MADE_THERE.contains(&told.setting()) || told.is_conditional {
                continue;
            }
            // What `chdir` itself names is relative to where the server starts.
            let found = if told.is("chdir") {
                let others = group.told.iter().filter(|one| !one.is("chdir")).cloned().collect();
                let around = context.around(Some(&Group { told: others, ..group.clone() }));
                judge(context, &around, value, wanted)
            } else {
                judge(context, &around, value, wanted)
            };
            report.findings.extend(found.map(|found| failing(group, told, found)));
        }
    }
    let around = LazyCell::new(|| context.around(None));
    let served = served(context);
    let scripts = context.configuration.targets.iter().filter(|one| one.is_path && one.group.is_none());
    for target in scripts.filter(|target| !served.contains(&target.entry.range)) {
        let found = judge(context, &around, &target.entry, EntryKind::File);
        // Apache answers 404 for a script that is not there.
        report.findings.extend(found.map(|found| Finding {
            visitor_sees: VisitorSees::ClientError,
            ..found.fails(Failure::NoApplication, Host::ModWsgi)
        }));
    }
}

/// The places of this file that name the entry of a deployment, which therefore is there.
fn served(context: &ConfigContext<'_>) -> FxHashSet<TextRange> {
    let places = context.apps.iter().flat_map(|(deployment, _)| &deployment.places);
    places.filter(|place| place.path == context.configuration.path).map(|place| place.range).collect()
}

/// The finding with what comes of it.
fn failing(group: &Group, told: &Told, found: Finding) -> Finding {
    match (group.server, told.setting()) {
        (Server::Uwsgi, "wsgi-file" | "file") if group.is_on("need-app") => found.stops(),
        (Server::Uwsgi, "wsgi-file" | "file") => found.fails(Failure::NoApplication, Host::Uwsgi),
        // Its processes end and are started again, while visitors wait.
        (Server::ModWsgi, "home") => Finding {
            visitor_sees: VisitorSees::Timeout,
            ..found.fails(Failure::DoesNotStart, Host::ModWsgi)
        },
        (_, "chdir" | "config" | "ini" | "yaml" | "xml") => found.stops(),
        _ => found,
    }
}

fn judge(
    context: &ConfigContext<'_>,
    around: &Around<'_>,
    value: &Spanned,
    wanted: EntryKind,
) -> Option<Finding> {
    let text = value.text.as_str();
    let path = text.trim_start_matches("./");
    let is_judged = !path.is_empty()
        && path != "-"
        && !path.contains([':', '$', '%', '*', '{', '~', ' ', '='])
        && !is_template(text)
        && around.is_complete();
    if !is_judged || around.file(path).is_some() || around.folder(path).is_some() {
        return None;
    }
    let (folder, name) = path.rsplit_once('/').map_or(("", path), |(folder, name)| (folder, name));
    // An absolute path is the server's: only where its folder is one of the project's something can be said.
    let folders: Vec<PathBuf> = if Path::new(path).has_root() {
        around.folder(folder).into_iter().collect()
    } else {
        around.bases().iter().map(|base| base.join(folder)).collect()
    };
    let near = folders.iter().find_map(|folder| {
        let entries = context.snapshot.entries(folder)?;
        let names: Vec<String> = entries
            .iter()
            .filter(|entry| entry.kind == wanted)
            .map(|entry| entry.name.to_string_lossy().into_owned())
            .collect();
        // A short name resembles too many others, and those that differ in a number are of one family.
        let plain = |name: &str| name.to_lowercase().replace(|c: char| c.is_ascii_digit(), "");
        let close = |near: &String| {
            strsim::damerau_levenshtein(&near.to_lowercase(), &name.to_lowercase()) <= 1
                && (plain(near) != plain(name) || near.eq_ignore_ascii_case(name))
        };
        similar_names(name, &names).into_iter().find(|near| close(near) && name.len() >= 4)
    })?;
    let what = if wanted == EntryKind::File { "file" } else { "directory" };
    let whole = if folder.is_empty() { near } else { format!("{folder}/{near}") };
    let message = format!("there is no {what} `{text}`, but one that is called `{whole}`");
    let fix = context.replace(format!("Change it to `{whole}`"), value.range, whole.clone(), Safety::Review);
    Some(context.finding(&RULE, value.range, message).likely().mended([fix]))
}
