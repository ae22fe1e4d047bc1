//! Configuration files: one file becomes its options, directives or commands, each with its place.
//!
//! Nothing here knows what an option means or what another file says.

mod command;
mod directives;
mod dockerfile;
mod gunicorn;
mod kind;
mod options;
mod platforms;
mod shell;
mod spelled;
mod tree;
mod units;
mod uwsgi_ini;
mod uwsgi_xml;
mod uwsgi_yaml;
mod word;

pub use command::Command;
pub use directives::{Directive, all, of_mod_wsgi, visit};
pub use gunicorn::{PythonSetting, PythonValue, settings};
pub use kind::ConfigKind;
pub use options::{Entry, Placeholder, PlaceholderKind, Section, placeholders};
pub use shell::Reader;
pub use spelled::{Spanned, Spelled};
pub use word::Word;

use spelled::span;

use super::Suppressions;
use crate::text::{DecodeError, Source, TextRange, TextSize};

/// Files above this size (bytes) are not read: nobody writes such a configuration by hand.
const MAX_FILE_BYTES: usize = 4 << 20;

/// At most so many problems are told of one file; a binary file would have thousands.
const MAX_PROBLEMS: usize = 50;

/// The facts of one configuration file.
#[derive(Debug)]
pub struct ConfigFile {
    source: Source,
    kind: ConfigKind,
    content: Content,
    problems: Vec<Problem>,
    suppressions: Suppressions,
}

/// What a configuration file holds; what its format does not have is empty.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Content {
    /// uWSGI's options.
    pub sections: Vec<Section>,
    /// Directives of nginx or Apache.
    pub directives: Vec<Directive>,
    /// Programs that are started.
    pub commands: Vec<Command>,
    /// Applications that are named for a platform that starts its own server.
    pub targets: Vec<Target>,
}

/// An application that a platform is told.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Target {
    /// How it is named.
    pub form: TargetForm,
    /// The name.
    pub text: Spanned,
    /// Which stage or service it is for.
    pub role: Option<Spanned>,
}

/// How an application is named.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum TargetForm {
    /// Elastic Beanstalk: `package.module:callable`, or the path of a file.
    WsgiPath,
    /// Zappa: `package.module.callable`.
    Dotted,
}

/// Something that cannot be read.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Problem {
    /// Where (bytes).
    pub range: TextRange,
    /// What is wrong, as the end of a sentence.
    pub message: String,
    /// Whether the server may read it all the same.
    pub may_be_read: bool,
}

impl Problem {
    pub(super) fn new(range: TextRange, message: impl Into<String>) -> Self {
        Self { range, message: message.into(), may_be_read: false }
    }

    pub(super) fn remark(range: TextRange, message: impl Into<String>) -> Self {
        Self { may_be_read: true, ..Self::new(range, message) }
    }
}

impl ConfigFile {
    /// Reads a text of a kind. Never fails: what cannot be read becomes [`Self::problems`].
    pub fn parse(source: Source, decode_error: Option<&DecodeError>, kind: ConfigKind) -> Self {
        let mut problems = Vec::new();
        let mut content = Content::default();
        let text = source.text();
        // Servers that take the bytes as they are do not care which encoding they are in.
        let takes_bytes = !kind.is_decoded() && !text.contains('\0');
        if let Some(error) = decode_error.filter(|_| takes_bytes) {
            problems.push(Problem::remark(first_line(&source), format!("this is no UTF-8: {error}")));
            content = read(&source, kind, &mut problems);
        } else if let Some(error) = decode_error {
            problems.push(Problem::new(first_line(&source), format!("this is no text file: {error}")));
        } else if text.contains('\0') {
            problems.push(Problem::new(first_line(&source), "this is no text file: it holds null bytes"));
        } else if text.len() > MAX_FILE_BYTES {
            problems.push(Problem::new(first_line(&source), "this file is too large to be read"));
        } else {
            content = read(&source, kind, &mut problems);
        }
        problems.truncate(MAX_PROBLEMS);
        let suppressions = Suppressions::in_lines(&source);
        Self { source, kind, content, problems, suppressions }
    }

    /// The text.
    pub fn source(&self) -> &Source {
        &self.source
    }

    /// What kind of file it is.
    pub fn kind(&self) -> ConfigKind {
        self.kind
    }

    /// What it holds, as far as it could be read.
    pub fn content(&self) -> &Content {
        &self.content
    }

    /// What cannot be read, in the order in which it was found.
    pub fn problems(&self) -> &[Problem] {
        &self.problems
    }

    /// The comments that silence findings.
    pub fn suppressions(&self) -> &Suppressions {
        &self.suppressions
    }
}

fn read(source: &Source, kind: ConfigKind, problems: &mut Vec<Problem>) -> Content {
    let mut content = Content::default();
    match kind {
        ConfigKind::UwsgiIni => content.sections = uwsgi_ini::read(source, problems),
        ConfigKind::UwsgiYaml => content.sections = uwsgi_yaml::read(source, problems),
        ConfigKind::UwsgiXml => content.sections = uwsgi_xml::read(source, problems),
        ConfigKind::Nginx => content.directives = directives::read_nginx(source, problems),
        ConfigKind::Apache => content.directives = directives::read_apache(source, problems),
        ConfigKind::Procfile => content.commands = command::read_procfile(source, problems),
        ConfigKind::Script => content.commands = command::read_script(source),
        ConfigKind::Systemd => content.commands = units::read(source, units::Dialect::Systemd, problems),
        ConfigKind::Supervisor => {
            content.commands = units::read(source, units::Dialect::Supervisor, problems)
        }
        ConfigKind::Dockerfile => content.commands = dockerfile::read(source, problems),
        ConfigKind::Compose => content.commands = platforms::compose(source, problems),
        ConfigKind::AppEngine => content.commands = platforms::app_engine(source, problems),
        ConfigKind::Render => content.commands = platforms::render(source, problems),
        ConfigKind::Fly => content.commands = platforms::fly(source, problems),
        ConfigKind::Beanstalk => content.targets = platforms::beanstalk(source, problems),
        ConfigKind::Zappa => content.targets = platforms::zappa(source, problems),
        // The parser of Python reads it.
        ConfigKind::Gunicorn => {}
    }
    content
}

fn first_line(source: &Source) -> TextRange {
    let line = source.line_range(1);
    span(line.start(), line.end().min(line.start() + TextSize::new(80)))
}

#[cfg(test)]
mod tests;
