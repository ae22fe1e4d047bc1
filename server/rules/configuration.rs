//! What rules about configuration files have in common: one file, what it tells servers, and the project around it.

use std::path::{Path, PathBuf};
use std::sync::Arc;

use super::{FileEdit, Finding, Fix, Reporter, Rule, Safety, Severity};
use crate::catalog::options::Version;
use crate::hosting::told::{Group, Server, Target, read, targets};
use crate::hosting::{Around, Deployment, Failure, Host, VisitorSees};
use crate::load::{Certainty, Load, Site};
use crate::syntax::config::{ConfigFile, ConfigKind};
use crate::text::TextRange;
use crate::workspace::Snapshot;

use super::versions::Versions;

/// Reads one configuration file and reports.
pub type ConfigCheck = fn(&ConfigContext<'_>, &mut Reporter);

/// One configuration file as rules see it.
#[derive(Debug)]
pub struct Configuration {
    /// Where it lies, absolute.
    pub path: Arc<Path>,
    /// Its facts.
    pub file: Arc<ConfigFile>,
    /// What it tells servers.
    pub groups: Vec<Group>,
    /// The apps that it names.
    pub targets: Vec<Target>,
}

/// All configuration files of a checked folder.
#[derive(Debug)]
pub struct Project {
    /// The checked folder, absolute.
    pub root: PathBuf,
    /// The files, in the order in which they were found.
    pub configurations: Vec<Configuration>,
    /// Which releases of the servers are used, as far as the project says.
    pub versions: Versions,
}

impl Project {
    /// Reads configuration files (absolute paths); what is none, or is a template as a whole, is left out.
    pub fn read(snapshot: &Snapshot, root: &Path, paths: &[PathBuf], virtualenv: Option<&Path>) -> Self {
        let one = |path: &PathBuf| {
            // Files that only a command names are Python's: gunicorn's `-c` takes any name.
            let named = || {
                let (source, _) =
                    snapshot.text(path).filter(|_| path.extension().is_some_and(|e| e == "py"))?;
                Some(Arc::new(ConfigFile::parse(source, None, ConfigKind::Gunicorn)))
            };
            let file = snapshot.config(path).or_else(named)?;
            // Braces are nginx's own, but never two of them at once.
            let marks: &[&str] =
                if file.kind() == ConfigKind::Nginx { &["{%", "<%", "{{"] } else { &["{%", "<%"] };
            if marks.iter().any(|mark| file.source().text().contains(mark)) {
                return None;
            }
            let groups = read(snapshot, path, &file);
            let targets = targets(&file, &groups);
            Some(Configuration { path: Arc::from(path.as_path()), file, groups, targets })
        };
        let configurations = paths.iter().filter_map(one).collect();
        Self { root: root.to_owned(), configurations, versions: Versions::find(snapshot, root, virtualenv) }
    }
}

/// What a rule may read of one configuration file.
#[derive(Clone, Copy, Debug)]
pub struct ConfigContext<'a> {
    /// The files.
    pub snapshot: &'a Snapshot,
    /// The checked folder.
    pub root: &'a Path,
    /// The file.
    pub configuration: &'a Configuration,
    /// All files of the folder.
    pub project: &'a Project,
    /// The deployments of the folder with what their loads do.
    pub apps: &'a [(&'a Deployment, &'a Load)],
}

impl<'a> ConfigContext<'a> {
    /// Where paths and modules of a group are looked for.
    pub fn around(&self, group: Option<&Group>) -> Around<'a> {
        Around::of(self.snapshot, self.root, &self.configuration.path, &self.configuration.file, group)
    }

    /// The release of a server that the project uses, where it is known.
    pub fn version(&self, server: Server) -> Option<Version> {
        self.project.versions.of(server).exact
    }

    /// A finding that is sure, at a place of this file (bytes), as loud as its rule.
    pub fn finding(&self, rule: &'static Rule, range: TextRange, message: impl Into<String>) -> Finding {
        Finding {
            rule,
            severity: rule.severity,
            certainty: Certainty::Certain,
            message: message.into(),
            site: self.site(range),
            related: Vec::new(),
            failure: None,
            visitor_sees: VisitorSees::Ok,
            fixes: Vec::new(),
        }
    }

    /// A place of this file (bytes).
    pub fn site(&self, range: TextRange) -> Site {
        Site { path: self.configuration.path.clone(), range }
    }

    /// A fix that replaces some text of this file.
    pub fn replace(
        &self,
        title: impl Into<String>,
        range: TextRange,
        text: impl Into<String>,
        safety: Safety,
    ) -> Fix {
        let edits = vec![FileEdit::replace(&self.configuration.path, range, text)];
        Fix { title: title.into(), safety, preferred: false, edits }
    }

    /// The text of this file.
    pub fn text(&self) -> &'a str {
        self.configuration.file.source().text()
    }

    /// The text of a place of this file.
    pub fn slice(&self, range: TextRange) -> &'a str {
        self.configuration.file.source().slice(range)
    }
}

impl Finding {
    /// The same, less sure: then it is no error.
    pub fn likely(mut self) -> Self {
        self.certainty = Certainty::Likely;
        self.severity = self.severity.min(Severity::Warning);
        self
    }

    /// The same: the app fails in this way because of it.
    pub fn fails(mut self, failure: Failure, host: Host) -> Self {
        self.failure = Some(failure);
        self.visitor_sees = host.visitor_sees(failure);
        self
    }

    /// The same: the server does not start because of it. Visitors find nobody, whichever server it is.
    pub fn stops(self) -> Self {
        self.fails(Failure::DoesNotStart, Host::Uwsgi)
    }

    /// The same, this loud.
    pub fn severity(mut self, severity: Severity) -> Self {
        self.severity = severity;
        self
    }

    /// The same with fixes, the first of which is the one to offer first.
    pub fn mended(mut self, fixes: impl IntoIterator<Item = Fix>) -> Self {
        self.fixes = fixes.into_iter().collect();
        if let Some(first) = self.fixes.first_mut() {
            first.preferred = true;
        }
        self
    }
}

/// For rules that only look at configuration files.
pub(super) fn no_load(_: &super::Context<'_>, _: &mut Reporter) {}
