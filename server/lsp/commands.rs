//! `workspace/executeCommand`: what an editor without an extension of ours can ask for by name.
//!
//! Each command tells its answer in a message too, because most editors drop what a command returns. Extensions that show
//! pages of their own use the requests of [`super::verdict`] instead.

use std::sync::Arc;

use serde_json::{Value, json};
use tower_lsp_server::Client;
use tower_lsp_server::jsonrpc::{Error, Result};
use tower_lsp_server::ls_types::{ExecuteCommandParams, MessageType, Uri};

use super::code_action::{Form, safe_fixes, workspace_edit};
use super::convert::path_of;
use super::features::NEXT_STEPS;
use super::results::{FileEdits, Item, Results};
use super::session::Session;
use super::{diagnose, verdict};

/// Tells what becomes of each deployment; an entry's URI as the argument tells of that one alone.
pub const VERDICT: &str = "wsgi-ls.verdict";
/// Tells why the site does not answer: what the simulation foresees and what the logs tell.
pub const DIAGNOSE: &str = "wsgi-ls.diagnose";
/// Tells what a rule means; the argument is its id.
pub const EXPLAIN: &str = "wsgi-ls.explain";
/// Applies all safe fixes of the workspace, or of the file whose URI is the argument.
pub const FIX_ALL: &str = "wsgi-ls.fixAll";

/// All commands.
pub const ALL: [&str; 5] = [VERDICT, DIAGNOSE, EXPLAIN, FIX_ALL, NEXT_STEPS];

/// Executes a command.
///
/// # Errors
/// When there is no such command, its argument is wrong, or the client cannot do what it takes.
pub async fn execute(session: &Arc<Session>, client: &Client, params: ExecuteCommandParams) -> Result<Value> {
    let argument = params.arguments.into_iter().next().unwrap_or_default();
    match params.command.as_str() {
        VERDICT => {
            let results = session.up_to_date().await;
            let (kind, text) = predictions(&results, uri(&argument)?.as_ref());
            client.show_message(kind, text).await;
            Ok(Value::Null)
        }
        DIAGNOSE => {
            let page = diagnose::diagnose(session).await;
            client.show_message(MessageType::INFO, page.markdown).await;
            Ok(Value::Null)
        }
        EXPLAIN => {
            let id = argument.as_str().ok_or_else(|| Error::invalid_params("name a rule"))?;
            let explanation = verdict::explain(id)?;
            client.show_message(MessageType::INFO, explanation.markdown).await;
            Ok(Value::Null)
        }
        NEXT_STEPS => {
            let text = argument.as_str().ok_or_else(|| Error::invalid_params("give a text"))?;
            client.show_message(MessageType::INFO, text).await;
            Ok(Value::Null)
        }
        FIX_ALL => fix_all(session, client, uri(&argument)?.as_ref()).await,
        unknown => {
            let message = format!("there is no command {unknown}").into();
            Err(Error { message, ..Error::method_not_found() })
        }
    }
}

/// `None` for no argument.
fn uri(argument: &Value) -> Result<Option<Uri>> {
    serde_json::from_value(argument.clone())
        .map_err(|_| Error::invalid_params("the argument is the URI of a file"))
}

/// A line for each deployment, and how loud to say it.
fn predictions(results: &Results, entry: Option<&Uri>) -> (MessageType, String) {
    let all = results.folders.iter().flat_map(|folder| &folder.predictions);
    let wanted: Vec<_> = all.filter(|one| entry.is_none() || one.entry.as_ref() == entry).collect();
    let lines: Vec<String> = wanted.iter().map(|one| one.title()).collect();
    match wanted.iter().all(|one| one.good) {
        _ if lines.is_empty() => {
            (MessageType::INFO, "There is nothing deployed that wsgi-ls knows of.".to_owned())
        }
        true => (MessageType::INFO, lines.join("\n")),
        false => (MessageType::WARNING, lines.join("\n")),
    }
}

/// Asks the client to apply the safe fixes; says how many files change.
async fn fix_all(session: &Session, client: &Client, file: Option<&Uri>) -> Result<Value> {
    let can_apply = session.with(|state| state.features.apply_edit);
    let form = Form::of(session);
    if !can_apply {
        return Err(Error::invalid_params("this editor applies no edits that a server asks for"));
    }
    let results = session.up_to_date().await;
    let edits = all_safe_fixes(&results, file);
    let count = edits.len();
    if count == 0 {
        client.show_message(MessageType::INFO, "wsgi-ls has no safe fix to apply.").await;
        return Ok(json!({ "files": 0 }));
    }
    let answer = client.apply_edit(workspace_edit(edits, form)).await?;
    if !answer.applied {
        let reason = answer.failure_reason.unwrap_or_else(|| "it gave no reason".to_owned());
        return Err(Error {
            message: format!("the editor did not apply the fixes: {reason}").into(),
            ..Error::internal_error()
        });
    }
    Ok(json!({ "files": count }))
}

/// The safe fixes, in the order of the files. Files that lie in no analysed folder are left alone.
fn all_safe_fixes(results: &Results, file: Option<&Uri>) -> Vec<FileEdits> {
    let ours = |edits: &FileEdits| {
        let path = path_of(&edits.uri);
        path.is_some_and(|path| results.folders.iter().any(|folder| path.starts_with(&folder.root)))
    };
    let mut files: Vec<_> =
        results.files.iter().filter(|(uri, _)| file.is_none_or(|file| file == *uri)).collect();
    files.sort_by_key(|(uri, _)| *uri);
    let items = files.into_iter().flat_map(|(_, report)| &report.items);
    let reachable = |item: &&Item| item.repairs.iter().flat_map(|repair| &repair.edits).all(ours);
    safe_fixes(items.filter(reachable))
}
