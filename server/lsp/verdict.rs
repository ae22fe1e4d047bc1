//! Requests of our own, for editors with an extension that shows more than the protocol knows: `wsgi-ls/verdict`, everything
//! that is known of each deployment, and `wsgi-ls/explain`, the text of a rule.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};
use serde_json::Value;
use tower_lsp_server::jsonrpc::{Error, Result};
use tower_lsp_server::ls_types::Uri;

use super::convert::uri_of;
use super::results::Prediction;
use super::session::Session;
use crate::rules::{self, Rule};

/// The answer to `wsgi-ls/verdict`.
#[derive(Debug, Serialize)]
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
    routes: Vec<Value>,
    /// What `wsgi-ls check --format json` prints; `docs/schema/check.v1.json` describes it.
    report: Value,
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

/// Everything that is known of the state as it is.
pub async fn verdict(session: &Session) -> Verdict {
    let results = session.up_to_date().await;
    let named = session.with(|state| state.folders.clone());
    let folders = results.folders.iter().map(|folder| Folder {
        // The client's own name for the folder, where it has one.
        uri: named
            .iter()
            .find(|(path, _)| *path == folder.root)
            .map_or_else(|| uri_of(&folder.root), |(_, uri)| Some(uri.clone())),
        predictions: folder.predictions.clone(),
        routes: folder.routes.iter().map(as_json).collect(),
        report: as_json(&folder.report),
    });
    let items = results.files.values().flat_map(|file| &file.items);
    Verdict {
        folders: folders.collect(),
        rules: items.map(|item| (item.rule.id, text_of(item.rule))).collect(),
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

/// Plain data always serializes.
fn as_json(data: &impl Serialize) -> Value {
    serde_json::to_value(data).unwrap_or_default()
}

fn text_of(rule: &Rule) -> RuleText {
    let pages = rule.guidance.pages.iter().map(|page| Page { title: page.title, url: page.url });
    RuleText { summary: rule.summary, explanation: rule.guidance.explanation.trim(), pages: pages.collect() }
}
