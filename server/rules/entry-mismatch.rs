//! `entry-mismatch`: a configuration names an app in a form that the server does not read, or one that is not there.

use rustc_hash::FxHashMap;

use super::configuration::no_load;
use super::{ConfigContext, Finding, Fix, Guidance, Related, Reporter, Rule, Safety, Severity};
use crate::catalog::pages;
use crate::hosting::told::{Group, Server, Target};
use crate::hosting::{Around, Deployment, Failure, Host, is_template};
use crate::load::{Application, Missing};
use crate::text::suggest::similar_names;
use crate::text::{TextRange, TextSize};
use crate::workspace::EntryKind;

/// The rule.
pub static RULE: Rule = Rule {
    id: "entry-mismatch",
    summary: "a configuration names a module, file or callable that is not there, or in a form that is not read",
    severity: Severity::Error,
    guidance: Guidance {
        explanation: "\
gunicorn and uWSGI's `module` want the dotted name of a module, a colon and the name of the callable: `shop.wsgi:application`. The name of a file \
(`app.py`) or a path (`shop/wsgi:application`) is none. Without a name both look for `application`; uWSGI's `wsgi-file` is a path, and `callable` \
says the name beside it.

When the module or the name is not there, gunicorn does not start, and uWSGI answers 500 with \"no python application found\".",
        bad: "# Procfile\nweb: gunicorn app.py\n# app.py\nfrom flask import Flask\n\napp = Flask(__name__)",
        good: "# Procfile\nweb: gunicorn app:app\n# app.py\nfrom flask import Flask\n\napp = Flask(__name__)",
        when_wrong: "\
When the module is made on the server, or the process is started in another folder than those that the project shows, silence it.",
        pages: &[pages::GUNICORN_RUN, pages::UWSGI_THINGS_TO_KNOW],
    },
    check: no_load,
};

/// Tells apps that cannot be found as they are named.
pub(super) fn check(context: &ConfigContext<'_>, report: &mut Reporter) {
    let missing = MissingApps::of(context);
    let mut known_arounds: FxHashMap<Option<usize>, Around<'_>> = FxHashMap::default();
    for target in &context.configuration.targets {
        if is_template(&target.whole.text) || target.whole.text.contains(['{', '}', '$', '%', '<', '#']) {
            continue;
        }
        let group = target.group.and_then(|at| context.configuration.groups.get(at));
        let around = known_arounds.entry(target.group).or_insert_with(|| context.around(group));
        let found = wrong_form(context, target, around)
            .or_else(|| missing_module(context, target, around))
            .or_else(|| missing_callable(context, target, &missing));
        report.findings.extend(found.map(|found| failing(target, group, found)));
    }
}

/// The finding with what comes of it: gunicorn does not start without its app, the others answer for it.
fn failing(target: &Target, group: Option<&Group>, found: Finding) -> Finding {
    match target.server {
        Server::Uwsgi if group.is_some_and(|group| group.is_on("need-app")) => found.stops(),
        Server::Uwsgi => found.fails(Failure::NoApplication, Host::Uwsgi),
        Server::ModWsgi | Server::ModWsgiExpress => found.fails(Failure::NoApplication, Host::ModWsgi),
        _ => found.stops(),
    }
}

/// `app.py`, `shop/wsgi:app`, `app:shop.server`.
fn wrong_form(context: &ConfigContext<'_>, target: &Target, around: &Around<'_>) -> Option<Finding> {
    if target.is_path || target.server == Server::Waitress {
        return None;
    }
    let entry = target.entry.text.as_str();
    let server = target.server.title();
    let is_file = entry.ends_with(".py") && around.module(entry).is_none();
    if is_file || entry.contains('/') {
        let bare = entry.trim_end_matches(".py").trim_start_matches("./").trim_end_matches('/');
        let dotted = bare.replace('/', ".");
        let path = around.module(&dotted);
        // uWSGI takes the path of a file for `module` when it ends so; only what is known to fail is told.
        if target.server == Server::Uwsgi && entry.contains('/') && entry.ends_with(".py") {
            return None;
        }
        let message = format!("{server} wants the dotted name of a module here, and `{entry}` is a path");
        let found = context.finding(&RULE, target.entry.range, message);
        let Some(path) = path else { return Some(found.likely()) };
        let callable = match &target.callable {
            Some(_) => String::new(),
            None => app_in(context, &path).map_or_else(String::new, |name| format!(":{name}")),
        };
        let new = format!("{dotted}{callable}");
        let fix = context.replace(format!("Change it to `{new}`"), target.entry.range, new, Safety::Review);
        return Some(found.mended([fix]));
    }
    let callable = target.callable.as_ref()?;
    if target.server == Server::Gunicorn
        && target.group.is_some()
        && callable.text.contains('.')
        && is_new_gunicorn(context)
    {
        let message = format!(
            "gunicorn wants the name of a callable behind the colon, and `{}` is none",
            callable.text
        );
        return Some(context.finding(&RULE, callable.range, message));
    }
    None
}

/// Up to 20.0 it took any expression there.
fn is_new_gunicorn(context: &ConfigContext<'_>) -> bool {
    context.version(Server::Gunicorn).is_none_or(|version| version >= (20, 1, 0))
}

/// The name under which a file makes an application, by the loads that are known, else by its text.
fn app_in(context: &ConfigContext<'_>, path: &std::path::Path) -> Option<String> {
    let of_loads = context.apps.iter().filter(|(deployment, _)| deployment.entry == path).find_map(
        |(deployment, load)| match &load.application {
            Application::Usable { .. } => Some(deployment.callable.clone()),
            Application::Missing(missing) => missing.other_applications.first().map(|(name, _)| name.clone()),
            _ => None,
        },
    );
    of_loads.or_else(|| {
        let (source, _) = context.snapshot.text(path)?;
        let binds = |name: &str| {
            let ways = [format!("{name} ="), format!("def {name}(environ")];
            source.text().lines().any(|line| ways.iter().any(|way| line.starts_with(way)))
        };
        ["application", "app", "server"].into_iter().find(|name| binds(name)).map(str::to_owned)
    })
}

/// A module that is not there, where something of nearly its name is: beside it, or in the package that it names.
fn missing_module(context: &ConfigContext<'_>, target: &Target, around: &Around<'_>) -> Option<Finding> {
    let entry = target.entry.text.as_str();
    let is_name = !entry.is_empty() && entry.chars().all(|c| c.is_alphanumeric() || c == '_' || c == '.');
    if target.is_path || !is_name || !around.is_complete() || around.module(entry).is_some() {
        return None;
    }
    let parts: Vec<&str> = entry.split('.').collect();
    let whole = (0..parts.len()).rev().find_map(|at| {
        let (package, part, rest) = (parts[..at].join("."), parts[at], &parts[at + 1..]);
        let names = importable(context, around, &package);
        let close =
            |near: &String| strsim::damerau_levenshtein(&near.to_lowercase(), &part.to_lowercase()) <= 1;
        let near = similar_names(part, &names).into_iter().find(|near| close(near) && part.len() >= 3)?;
        let package = Some(package).filter(|package| !package.is_empty());
        let whole: Vec<&str> =
            package.as_deref().into_iter().chain([near.as_str()]).chain(rest.iter().copied()).collect();
        Some(whole.join(".")).filter(|whole| around.module(whole).is_some())
    })?;
    let message = format!(
        "there is no module `{entry}` for {}, but one that is called `{whole}`",
        target.server.title()
    );
    let fix = context.replace(format!("Change it to `{whole}`"), target.entry.range, whole, Safety::Review);
    Some(context.finding(&RULE, target.entry.range, message).likely().mended([fix]))
}

/// The modules and packages right below a package; at the top for none.
fn importable(context: &ConfigContext<'_>, around: &Around<'_>, package: &str) -> Vec<String> {
    let folder = package.replace('.', "/");
    let mut names: Vec<String> = Vec::new();
    for base in around.search() {
        let folder = base.join(&folder);
        let entries = context.snapshot.entries(&folder);
        for one in entries.iter().flat_map(|entries| entries.iter()) {
            let name = one.name.to_string_lossy();
            let is_package = || context.snapshot.is_file(&folder.join(&one.name).join("__init__.py"));
            match (name.strip_suffix(".py"), one.kind) {
                (Some(module), EntryKind::File) => names.push(module.to_owned()),
                (None, EntryKind::Directory) if is_package() => names.push(name.into_owned()),
                _ => {}
            }
        }
    }
    names
}

/// The apps whose loads do not leave what is served, by the places of one file that name them.
struct MissingApps<'a> {
    /// In the order of their places (bytes).
    places: Vec<(TextRange, &'a Deployment, &'a Missing)>,
    /// How long the longest place is.
    longest: TextSize,
}

impl<'a> MissingApps<'a> {
    fn of(context: &ConfigContext<'a>) -> Self {
        let mut places = Vec::new();
        for (deployment, load) in context.apps {
            let Application::Missing(missing) = &load.application else { continue };
            // `uwsgi.applications` names apps that no variable does.
            let text = context.snapshot.text(&deployment.entry);
            if text.is_none_or(|(source, _)| source.text().contains("applications")) {
                continue;
            }
            let here = deployment.places.iter().filter(|place| place.path == context.configuration.path);
            places.extend(here.map(|place| (place.range, *deployment, missing)));
        }
        places.sort_by_key(|(range, ..)| range.start());
        let longest = places.iter().map(|(range, ..)| range.len()).max().unwrap_or_default();
        Self { places, longest }
    }

    /// The app that is served under a name and named at a place.
    fn at(&self, range: TextRange, callable: &str) -> Option<(&'a Deployment, &'a Missing)> {
        let end = self.places.partition_point(|(place, ..)| place.start() <= range.end());
        let near = self.places[..end].iter().rev();
        let mut near = near.take_while(|(place, ..)| place.start() + self.longest >= range.start());
        let found = near.find(|(place, deployment, _)| {
            place.intersect(range).is_some() && deployment.callable == callable
        });
        found.map(|(_, deployment, missing)| (*deployment, *missing))
    }
}

/// A callable that the load of the entry does not leave.
fn missing_callable(context: &ConfigContext<'_>, target: &Target, apps: &MissingApps<'_>) -> Option<Finding> {
    let (deployment, missing) = apps.at(target.whole.range, target.callable_name())?;
    let name = target.callable_name();
    let range = target.callable.as_ref().map_or(target.whole.range, |callable| callable.range);
    let file = crate::workspace::relative_slash(&deployment.entry, context.root);
    let message = format!("{} finds no `{name}` in `{file}`", deployment.host.title());
    let mut found = context.finding(&RULE, range, message);
    if missing.assumed {
        found = found.likely();
    }
    let others = missing.other_applications.iter().chain(&missing.similar);
    found.related = others
        .clone()
        .map(|(name, site)| Related { site: site.clone(), message: format!("binds `{name}`") })
        .collect();
    let fixes: Vec<Fix> =
        missing.other_applications.iter().filter_map(|(other, _)| renamed(context, target, other)).collect();
    Some(found.mended(fixes))
}

/// The app under its real name.
fn renamed(context: &ConfigContext<'_>, target: &Target, name: &str) -> Option<Fix> {
    let title = format!("Serve `{name}`");
    match &target.callable {
        Some(callable) => Some(context.replace(title, callable.range, name, Safety::Review)),
        None if target.is_path => {
            let source = context.configuration.file.source();
            let line = source.line_range(source.line(target.whole.range.start()));
            let is_ini = context.configuration.file.kind() == crate::syntax::config::ConfigKind::UwsgiIni;
            is_ini.then(|| {
                let end = crate::text::TextRange::empty(line.end());
                let eol = if context.text().contains("\r\n") { "\r\n" } else { "\n" };
                context.replace(title, end, format!("{eol}callable = {name}"), Safety::Review)
            })
        }
        None => {
            let end = crate::text::TextRange::empty(target.entry.range.end());
            Some(context.replace(title, end, format!(":{name}"), Safety::Review))
        }
    }
}
