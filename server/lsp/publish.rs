//! Sends what is new: diagnostics to clients that do not ask for them, messages about settings, and the hint to ask again.

use std::collections::{HashMap, HashSet};
use std::sync::Arc;
use std::time::Duration;

use serde::{Deserialize, Serialize};
use tower_lsp_server::Client;
use tower_lsp_server::ls_types::notification::Notification;
use tower_lsp_server::ls_types::{Diagnostic, MessageType, Uri};

use super::results::{FileReport, Prediction, Results, empty_id};
use super::session::{Session, State};

/// Who types nothing for so long has come to the end of a word.
const REST: Duration = Duration::from_secs(2);

/// Sends what every new result changes, one result after the other, until the session ends. A result that is out of date
/// is passed over: the next one is under way.
pub async fn run(session: Arc<Session>, client: Client) {
    let mut results = session.subscribe();
    // The first one may be there already.
    results.mark_changed();
    let mut publisher = Publisher::default();
    while results.changed().await.is_ok() {
        let newest = results.borrow_and_update().clone();
        let Some(news) = session.if_current(&newest, |state| publisher.news(state, &newest)) else {
            continue;
        };
        for message in news.messages {
            client.show_message(MessageType::ERROR, message).await;
        }
        for (uri, diagnostics, version) in news.diagnostics {
            client.publish_diagnostics(uri, diagnostics, version).await;
        }
        if news.analysed {
            client.send_notification::<Analysed>(AnalysedParams {}).await;
        }
        if news.lenses {
            let client = client.clone();
            tokio::spawn(async move { client.code_lens_refresh().await });
        }
        if news.ask_again {
            let client = client.clone();
            // The answer says nothing; waiting for it would hold up the next result.
            tokio::spawn(async move { client.workspace_diagnostic_refresh().await });
        }
        if newest.half_typed {
            let session = session.clone();
            tokio::spawn(async move {
                tokio::time::sleep(REST).await;
                session.rest(&newest);
            });
        }
    }
}

/// What the client was sent.
#[derive(Debug, Default)]
struct Publisher {
    /// The id of the diagnostics and the version that each file was sent with.
    sent: HashMap<Uri, (String, Option<i32>)>,
    /// The messages that were shown and still hold.
    shown: HashSet<String>,
    /// What the code lenses said.
    predictions: Vec<Prediction>,
}

#[derive(Debug)]
struct News {
    messages: Vec<String>,
    diagnostics: Vec<(Uri, Vec<Diagnostic>, Option<i32>)>,
    ask_again: bool,
    lenses: bool,
    analysed: bool,
}

/// `wsgi-ls/analysed`: what the client would be told of the verdict may be something else now.
#[derive(Debug)]
enum Analysed {}

impl Notification for Analysed {
    type Params = AnalysedParams;
    const METHOD: &'static str = "wsgi-ls/analysed";
}

#[derive(Debug, Serialize, Deserialize)]
struct AnalysedParams {}

impl Publisher {
    fn news(&mut self, state: &mut State, results: &Results) -> News {
        let messages = results.problems.iter().filter(|problem| !self.shown.contains(*problem)).cloned();
        let messages = messages.collect();
        self.shown = results.problems.iter().cloned().collect();
        let diagnostics = self.diagnostics(state, results);
        let lenses = self.lenses_changed(results) && state.features.lens_refresh;
        News {
            messages,
            diagnostics,
            ask_again: ask_again(state, results),
            lenses,
            analysed: state.features.analysed,
        }
    }

    /// Whether code lenses say something else now. A client asks by itself only after an edit of the file that they are in.
    fn lenses_changed(&mut self, results: &Results) -> bool {
        let now: Vec<Prediction> =
            results.folders.iter().flat_map(|folder| folder.predictions.clone()).collect();
        let changed = self.predictions != now;
        self.predictions = now;
        changed
    }

    fn diagnostics(&mut self, state: &State, results: &Results) -> Vec<(Uri, Vec<Diagnostic>, Option<i32>)> {
        // An open document is told of every version, so that the client knows which one was looked at.
        let is_sent = |report: &FileReport| {
            let is_open = report.version.is_some();
            let is_pulled = state.features.pull && (is_open || state.workspace_pulls);
            !is_pulled && (is_open || !report.items.is_empty())
        };
        let mut out = Vec::new();
        for (uri, report) in results.files.iter().filter(|(_, report)| is_sent(report)) {
            let now = (report.id.clone(), report.version);
            if self.sent.get(uri) != Some(&now) {
                self.sent.insert(uri.clone(), now);
                out.push((uri.clone(), report.diagnostics(), report.version));
            }
        }
        self.sent.retain(|uri, _| {
            let stays = results.files.get(uri).is_some_and(is_sent);
            if !stays {
                out.push((uri.clone(), Vec::new(), None));
            }
            stays
        });
        out.sort_by(|one, other| one.0.cmp(&other.0));
        out
    }
}

/// Whether the client shows something else for a file than it would be told now, and will not ask by itself.
fn ask_again(state: &mut State, results: &Results) -> bool {
    if !state.features.pull {
        return false;
    }
    let mut again = false;
    let none = empty_id();
    for (uri, told) in &mut state.told {
        let id = results.files.get(uri).map_or(&none, |report| &report.id);
        // A client asks by itself after an edit.
        let edited = state.documents.get(uri).is_some_and(|document| Some(document.edit) != told.1);
        if told.0 != *id && !edited {
            told.0.clone_from(id);
            again = true;
        }
    }
    if state.workspace_pulls {
        for (uri, report) in &results.files {
            let unknown = !report.items.is_empty() && report.version.is_none();
            if unknown && !state.told.contains_key(uri) {
                state.told.insert(uri.clone(), (report.id.clone(), None));
                again = true;
            }
        }
    }
    again
}
