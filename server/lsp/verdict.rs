//! Requests of our own, for editors with an extension that shows more than the protocol knows: `wsgi-ls/verdict`, everything
//! that is known of each deployment, and `wsgi-ls/explain`, the text of a rule.

use std::collections::{BTreeMap, HashMap};
use std::path::{Path, PathBuf};
use std::sync::Arc;

use serde::{Deserialize, Serialize};
use tower_lsp_server::jsonrpc::{Error, Result};
use tower_lsp_server::ls_types::{Location, Uri};

use super::convert::{self, uri_of};
use super::results::{Prediction, View};
use super::routes::Routes;
use super::session::Session;
use crate::analysis::{Analysis, Judged};
use crate::load::Site;
use crate::report::json::Report;
use crate::request::Budget;
use crate::rules::{self, Rule};
use crate::text::Encoding;
use crate::workspace::Snapshot;

/// The answer to `wsgi-ls/verdict`.
#[derive(Debug, Default, Serialize)]
pub struct Verdict {
    folders: Vec<Folder>,
    /// The rules that found something, by their ids.
    rules: BTreeMap<&'static str, RuleText>,
}

/// One analysed folder.
#[derive(Debug, Serialize)]
struct Folder {
    uri: Option<Uri>,
    /// For each deployment of the report, in its order, what becomes of it in words.
    predictions: Vec<Prediction>,
    /// For each of them, what its requests are estimated to cost.
    routes: Vec<Routes>,
    /// What `wsgi-ls check --format json` prints; `docs/schema/check.v1.json` describes it.
    report: Report,
}

/// What a rule means, in short.
#[derive(Debug, Serialize)]
struct RuleText {
    summary: &'static str,
    /// What happens on the hosts, in Markdown.
    explanation: &'static str,
    pages: Vec<Page>,
}

/// Where the hosts tell more.
#[derive(Debug, Serialize)]
struct Page {
    title: &'static str,
    url: &'static str,
}

/// What `wsgi-ls/verdict` asks: everything.
#[derive(Debug, Deserialize)]
pub struct VerdictParams {}

/// What `wsgi-ls/explain` asks.
#[derive(Debug, Deserialize)]
pub struct ExplainParams {
    /// The id of a rule.
    pub rule: String,
}

/// The answer to `wsgi-ls/explain`.
#[derive(Debug, Serialize)]
pub struct Explanation {
    /// The whole text of the rule, in Markdown.
    pub markdown: String,
}

/// Everything that is known of the state as it is; nothing when it cannot be looked at.
pub async fn verdict(session: &Arc<Session>) -> Verdict {
    session.up_to_date().await;
    let names = session.with(|state| Names {
        folders: state.folders.clone(),
        spelled: state.spelled.clone(),
        encoding: state.features.encoding,
    });
    session.look(move |view| whole(view, &names)).await.unwrap_or_default()
}

/// How the client calls things.
struct Names {
    folders: Vec<(PathBuf, Uri)>,
    /// How it spells files that it opened once.
    spelled: HashMap<PathBuf, Uri>,
    encoding: Encoding,
}

impl Names {
    fn folder(&self, root: &Path) -> Option<Uri> {
        let named = self.folders.iter().find(|(path, _)| path == root);
        named.map_or_else(|| uri_of(root), |(_, uri)| Some(uri.clone()))
    }

    fn file(&self, path: &Path) -> Option<Uri> {
        self.spelled.get(path).cloned().or_else(|| uri_of(path))
    }

    fn place(&self, snapshot: &Snapshot, site: &Site) -> Option<Location> {
        let (source, _) = snapshot.text(&site.path)?;
        Some(Location {
            uri: self.file(&site.path)?,
            range: convert::range(&source, site.range, self.encoding),
        })
    }
}

fn whole(view: &View, names: &Names) -> Verdict {
    let prediction = |judged: &Judged| Prediction::of(judged, names.file(&judged.deployment.entry));
    let routes = |judged: &Judged| {
        let budget = Budget::of(&judged.deployment);
        Routes::of(&judged.requests.handlers, &budget, |one| names.place(&view.snapshot, &one.site))
    };
    let folder = |(root, analysis): (&PathBuf, &Analysis)| Folder {
        uri: names.folder(root),
        predictions: analysis.deployments.iter().map(prediction).collect(),
        routes: analysis.deployments.iter().map(routes).collect(),
        report: Report::of(analysis, &view.snapshot, root, root),
    };
    let findings = view.analyses.iter().flat_map(|(_, analysis)| analysis.findings());
    Verdict {
        folders: view.analyses.iter().map(|(root, analysis)| folder((root, analysis))).collect(),
        rules: findings.map(|(_, finding)| (finding.rule.id, text_of(finding.rule))).collect(),
    }
}

/// The text of a rule.
///
/// # Errors
/// When there is no such rule.
pub fn explain(id: &str) -> Result<Explanation> {
    let unknown = || Error::invalid_params(format!("there is no rule `{id}`"));
    let rule = rules::find(id).ok_or_else(unknown)?;
    Ok(Explanation { markdown: rules::markdown(rule) })
}

fn text_of(rule: &Rule) -> RuleText {
    let pages = rule.guidance.pages.iter().map(|page| Page { title: page.title, url: page.url });
    RuleText { summary: rule.summary, explanation: rule.guidance.explanation.trim(), pages: pages.collect() }
}
