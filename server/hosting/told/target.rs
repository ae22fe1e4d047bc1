//! The apps that a file names: `module:callable`, or the path of a file.

use super::{Group, Server, Spelling, Told};
use crate::syntax::config::{ConfigFile, Spanned, TargetForm, Word, of_mod_wsgi};

/// An app as a file names it.
#[derive(Clone, Debug, PartialEq)]
pub struct Target {
    /// Who is told.
    pub server: Server,
    /// The index of the group that it belongs to; `None` for a platform's own files.
    pub group: Option<usize>,
    /// All of it, as it is written.
    pub whole: Spanned,
    /// The dotted name of a module, or the path of a file.
    pub entry: Spanned,
    /// Whether `entry` is a path.
    pub is_path: bool,
    /// The callable, where it is named: without the call that may follow it.
    pub callable: Option<Spanned>,
    /// Whether the callable is called first.
    pub is_called: bool,
}

/// The apps that a file names, in its order.
pub fn targets(file: &ConfigFile, groups: &[Group]) -> Vec<Target> {
    let mut found = Vec::new();
    for (at, group) in groups.iter().enumerate() {
        match group.server {
            Server::Uwsgi => of_uwsgi(at, group, &mut found),
            Server::ModWsgi => {}
            Server::ModWsgiExpress => {
                let is_module =
                    group.last("application-type").is_some_and(|told| told.text() == Some("module"));
                let named = group.target.as_ref().filter(|word| word.is_known());
                found.extend(named.map(|word| {
                    let whole = literal(word);
                    Target { is_path: !is_module, ..Target::module(group.server, at, whole) }.unsplit()
                }));
            }
            _ => {
                let word = group.target.as_ref().filter(|word| word.is_known());
                found.extend(word.map(|word| Target::module(group.server, at, literal(word))));
                let setting = group.told.iter().filter(|told| told.is("wsgi_app"));
                found.extend(setting.filter_map(|told| Some(Target::module(group.server, at, text(told)?))));
            }
        }
    }
    let directives = of_mod_wsgi(&file.content().directives).into_iter();
    let scripts = directives.filter(|one| one.is("WSGIScriptAlias") || one.is("WSGIScriptAliasMatch"));
    found.extend(scripts.filter_map(|one| {
        let word =
            one.arguments.get(1).filter(|word| word.text.contains('.') && !word.text.contains(['$', '%']))?;
        Some(Target::file(Server::ModWsgi, None, literal(word)))
    }));
    found.extend(file.content().targets.iter().map(|target| {
        let whole = target.text.clone();
        match target.form {
            TargetForm::WsgiPath if whole.text.ends_with(".py") => Target::file(Server::ModWsgi, None, whole),
            TargetForm::WsgiPath => Target { group: None, ..Target::module(Server::Gunicorn, 0, whole) },
            TargetForm::Dotted => {
                let (entry, callable) = match whole.text.rfind('.') {
                    Some(at) => (piece(&whole, 0..at), Some(piece(&whole, at + 1..whole.text.len()))),
                    None => (whole.clone(), None),
                };
                // Zappa has a server of its own.
                let server = Server::Other;
                Target { server, group: None, whole, entry, is_path: false, callable, is_called: false }
            }
        }
    }));
    found
}

fn of_uwsgi(at: usize, group: &Group, found: &mut Vec<Target>) {
    // Without `module:name` the option `callable` says which.
    let callable = group.last("callable").and_then(text);
    for told in &group.told {
        let Some(whole) = text(told) else { continue };
        let mut target = match told.setting() {
            "module" | "wsgi" => Target::module(Server::Uwsgi, at, whole),
            "wsgi-file" | "file" => Target::file(Server::Uwsgi, Some(at), whole),
            "mount" => match whole.text.find('=') {
                Some(equals) => {
                    let app = piece(&whole, equals + 1..whole.text.len());
                    if app.text.ends_with(".py") || app.text.contains('/') {
                        Target::file(Server::Uwsgi, Some(at), app)
                    } else {
                        Target::module(Server::Uwsgi, at, app)
                    }
                }
                None => continue,
            },
            _ => continue,
        };
        if target.callable.is_none()
            && let Some(told) = &callable
        {
            let end = told.text.find('(').unwrap_or(told.text.len());
            target.is_called = end < told.text.len();
            target.callable = Some(piece(told, 0..end));
        }
        found.push(target);
    }
}

impl Target {
    fn module(server: Server, group: usize, whole: Spanned) -> Self {
        let (entry, callable, is_called) = match whole.text.find(':') {
            None => (whole.clone(), None, false),
            Some(colon) => {
                let rest = &whole.text[colon + 1..];
                let end = rest.find('(').unwrap_or(rest.len());
                let name = piece(&whole, colon + 1..colon + 1 + end);
                let is_named = !name.text.is_empty();
                (piece(&whole, 0..colon), is_named.then_some(name), end < rest.len())
            }
        };
        Self { server, group: Some(group), whole, entry, is_path: false, callable, is_called }
    }

    fn file(server: Server, group: Option<usize>, whole: Spanned) -> Self {
        let entry = whole.clone();
        Self { server, group, whole, entry, is_path: true, callable: None, is_called: false }
    }

    /// The same without a callable: what looks like one is part of the path.
    fn unsplit(self) -> Self {
        Self { entry: self.whole.clone(), callable: None, is_called: false, ..self }
    }

    /// The name that the server looks for.
    pub fn callable_name(&self) -> &str {
        self.callable.as_ref().map_or("application", |name| name.text.as_str())
    }
}

fn text(told: &Told) -> Option<Spanned> {
    let readable = matches!(told.spelling, Spelling::Text | Spelling::PythonText);
    told.value.clone().filter(|value| readable && !value.text.is_empty())
}

fn literal(word: &Word) -> Spanned {
    Spanned { text: word.text.clone(), range: word.part(0..word.text.len()) }
}

fn piece(whole: &Spanned, part: std::ops::Range<usize>) -> Spanned {
    Spanned { text: whole.text[part.clone()].into(), range: whole.part(part) }
}
