//! `wsgi-ls/diagnose`: why the site does not answer, as a page; what `wsgi-ls diagnose` prints.

use std::path::PathBuf;
use std::sync::Arc;

use serde::{Deserialize, Serialize};

use super::logged::digest_of;
use super::results::View;
use super::session::Session;
use crate::analysis::Analysis;
use crate::report::diagnosis::{Diagnosis, render};
use crate::workspace::is_installed;

/// What `wsgi-ls/diagnose` asks: everything.
#[derive(Debug, Deserialize)]
pub struct DiagnoseParams {}

/// The answer to `wsgi-ls/diagnose`.
#[derive(Debug, Serialize)]
pub struct Page {
    /// One page for each folder, one below the other, in Markdown.
    pub markdown: String,
}

/// Puts together what the simulation foresees and what the logs in the folders tell.
pub async fn diagnose(session: &Arc<Session>) -> Page {
    session.up_to_date().await;
    let markdown = session.look(pages).await.unwrap_or_default();
    Page { markdown }
}

fn pages(view: &View) -> String {
    let page = |(root, analysis): &(PathBuf, Analysis)| {
        let digest = digest_of(&view.snapshot, root);
        render(&Diagnosis::of(analysis, &view.snapshot, root, &digest, &is_installed))
    };
    view.analyses.iter().map(page).collect::<Vec<_>>().join("\n")
}
