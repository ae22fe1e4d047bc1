//! The apps that a configuration names, in the words of whoever reads it.

use std::path::PathBuf;

use rustc_hash::FxHashMap;

use super::Place;
use crate::catalog::pages::{self, HelpPage};
use crate::hosting::Around;
use crate::hosting::told::{Server, Target};
use crate::syntax::config::ConfigKind;
use crate::text::{TextRange, TextSize};
use crate::workspace::relative_slash;

/// What is served by the app that stands at an offset (bytes), in Markdown, with the place of its name.
pub(super) fn explain_app(place: &Place<'_>, offset: TextSize) -> Option<(TextRange, String)> {
    let targets = &place.configuration.targets;
    let target = targets.iter().find(|target| target.whole.range.contains_inclusive(offset))?;
    let (who, page) = reader(place.configuration.file.kind(), target.server);
    let callable = if target.is_called { "returns when it is called" } else { "is" };
    let mut text = if target.is_path {
        format!("{who} runs the file `{}`", target.entry.text)
    } else {
        format!("{who} imports `{}`", target.entry.text)
    };
    text.push_str(&format!(" and serves what its `{}` {callable}.", target.callable_name()));
    text.push_str(&match Apps::of(place).file(target) {
        Some(path) => format!(" Here that is `{}`.", relative_slash(&path, place.root)),
        None => " It is not in this folder.".to_owned(),
    });
    if let Some(page) = page {
        text.push_str(&format!("\n\n[{}]({})", page.title, page.url));
    }
    Some((target.whole.range, text))
}

/// Who reads the name of an app, and the page that says how.
fn reader(kind: ConfigKind, server: Server) -> (&'static str, Option<HelpPage>) {
    match (kind, server) {
        (ConfigKind::Beanstalk, _) => ("Elastic Beanstalk", Some(pages::BEANSTALK_PYTHON)),
        (ConfigKind::Zappa, _) => ("Zappa", Some(pages::ZAPPA_SETTINGS)),
        (_, Server::Gunicorn) => (server.title(), Some(pages::GUNICORN_RUN)),
        (_, Server::Uwsgi) => (server.title(), Some(pages::UWSGI_THINGS_TO_KNOW)),
        (_, Server::ModWsgi | Server::ModWsgiExpress) => (server.title(), Some(pages::MOD_WSGI_DIRECTIVES)),
        (_, Server::Waitress) => (server.title(), None),
        (_, Server::Other) => ("The server", None),
    }
}

/// Finds the files of the apps that one configuration names.
pub(super) struct Apps<'p, 'a> {
    place: &'p Place<'a>,
    /// Where each group of options looks for modules, as far as somebody asked.
    arounds: FxHashMap<Option<usize>, Around<'a>>,
}

impl<'p, 'a> Apps<'p, 'a> {
    /// Those of a configuration.
    pub fn of(place: &'p Place<'a>) -> Self {
        Self { place, arounds: FxHashMap::default() }
    }

    /// The file that a target names.
    pub fn file(&mut self, target: &Target) -> Option<PathBuf> {
        let around = self.around(target.group);
        if target.is_path { around.file(&target.entry.text) } else { around.module(&target.entry.text) }
    }

    /// Where the paths and modules of a group are looked for; of the whole file for none.
    pub fn around(&mut self, group: Option<usize>) -> &Around<'a> {
        let Place { snapshot, root, configuration, .. } = *self.place;
        self.arounds.entry(group).or_insert_with(|| {
            let group = group.and_then(|at| configuration.groups.get(at));
            Around::of(snapshot, root, &configuration.path, &configuration.file, group)
        })
    }
}
