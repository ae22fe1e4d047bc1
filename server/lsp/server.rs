//! The handlers: each takes note of something or answers from the newest results.
//!
//! A notification's handler never waits for the client, because nothing that comes after it is looked at until it is done.

use std::path::{Path, PathBuf};
use std::sync::Arc;

use tower_lsp_server::jsonrpc::{Error, Result};
use tower_lsp_server::ls_types::*;
use tower_lsp_server::{Client, LanguageServer};

use super::convert::{path_of, position, uri_of};
use super::features::Features;
use super::session::{Hold, Session, State};
use super::{
    code_action, code_lens, commands, completion, definition, diagnose, document_symbol, hover, links,
    publish, pull, rename, settings, verdict, watched, worker,
};
use crate::text::{Change, Document};

/// The server of one session.
pub struct Server {
    session: Arc<Session>,
    client: Client,
}

impl Server {
    /// A server that talks to this client.
    pub fn new(client: Client) -> Self {
        Self { session: Arc::new(Session::new()), client }
    }

    /// Does something that waits for the client beside everything else.
    fn aside<F: Future<Output = ()> + Send + 'static>(&self, work: impl FnOnce(Arc<Session>, Client) -> F) {
        tokio::spawn(work(self.session.clone(), self.client.clone()));
    }

    /// `wsgi-ls/verdict`: see [`verdict::verdict`].
    pub async fn verdict(&self, _: verdict::VerdictParams) -> Result<verdict::Verdict> {
        Ok(verdict::verdict(&self.session).await)
    }

    /// `wsgi-ls/explain`: see [`verdict::explain`].
    pub async fn explain(&self, params: verdict::ExplainParams) -> Result<verdict::Explanation> {
        verdict::explain(&params.rule)
    }

    /// `wsgi-ls/diagnose`: see [`diagnose::diagnose`].
    pub async fn diagnose(&self, _: diagnose::DiagnoseParams) -> Result<diagnose::Page> {
        Ok(diagnose::diagnose(&self.session).await)
    }

    fn fetch_settings(&self) {
        self.aside(|session, client| async move { settings::fetch(&session, &client).await });
    }
}

impl LanguageServer for Server {
    async fn initialize(&self, params: InitializeParams) -> Result<InitializeResult> {
        let features = Features::of(&params.capabilities);
        let capabilities = features.answer();
        let folders = folders_of(&params);
        let options = params.initialization_options.unwrap_or_default();
        worker::start(self.session.clone()).map_err(|error| Error {
            message: format!("no thread to analyse on: {error}").into(),
            ..Error::internal_error()
        })?;
        self.session.change(|state| {
            state.features = features;
            state.folders = folders;
            state.settings.options = settings::read(options, "initializationOptions");
        });
        self.aside(publish::run);
        Ok(InitializeResult {
            capabilities,
            server_info: Some(ServerInfo {
                name: env!("CARGO_PKG_NAME").to_owned(),
                version: Some(env!("CARGO_PKG_VERSION").to_owned()),
            }),
            offset_encoding: None,
        })
    }

    async fn initialized(&self, _: InitializedParams) {
        let features = self.session.with(|state| {
            if state.features.configuration && state.hold == Hold::Introduction {
                state.hold = Hold::Settings;
            }
            state.features.clone()
        });
        self.session.release(Hold::Introduction);
        if features.configuration {
            self.fetch_settings();
        }
        if features.registers_configuration {
            self.aside(|_, client| async move { settings::register(&client).await });
        }
        if features.watch {
            self.aside(|session, client| async move {
                let watches = watched::register(&client).await.is_ok();
                session.with(|state| state.features.watch = watches);
            });
        }
        if features.progress {
            self.aside(show_first_scan);
        }
    }

    async fn shutdown(&self) -> Result<()> {
        Ok(())
    }

    async fn did_open(&self, params: DidOpenTextDocumentParams) {
        let TextDocumentItem { uri, language_id, version, text } = params.text_document;
        let text = Document::new(&text);
        self.session.change(|state| state.open(uri, text, version, &language_id));
    }

    async fn did_change(&self, params: DidChangeTextDocumentParams) {
        let VersionedTextDocumentIdentifier { uri, version } = params.text_document;
        self.session.change(|state| {
            let encoding = state.features.encoding;
            let Some(text) = state.edit(&uri, version) else { return };
            let mut typed_word = None;
            for change in &params.content_changes {
                let range = change.range.map(|range| (position(range.start), position(range.end)));
                let change = Change { range, text: &change.text };
                typed_word =
                    if text.apply(change, encoding) { text.typed_word(change, encoding) } else { None };
            }
            state.typed_word = typed_word.map(|word| (uri, word));
        });
    }

    async fn did_save(&self, params: DidSaveTextDocumentParams) {
        self.session.change(|state| {
            // Whoever saves has finished what they were typing.
            state.typed_word = None;
            // Without a watcher, a save is the moment to look at everything anew.
            state.all_stale |= !state.features.watch;
            state.stale.extend(path_of(&params.text_document.uri));
        });
    }

    async fn did_close(&self, params: DidCloseTextDocumentParams) {
        self.session.change(|state| {
            if let Some(document) = state.documents.remove(&params.text_document.uri) {
                state.stale.extend(document.path);
            }
        });
    }

    async fn did_change_watched_files(&self, params: DidChangeWatchedFilesParams) {
        self.session.change(|state| watched::changed(state, &params.changes));
    }

    async fn did_change_workspace_folders(&self, params: DidChangeWorkspaceFoldersParams) {
        let WorkspaceFoldersChangeEvent { added, removed } = params.event;
        let removed: Vec<PathBuf> = removed.iter().filter_map(|folder| path_of(&folder.uri)).collect();
        let fetch = self.session.change(|state: &mut State| {
            state.folders.retain(|(path, _)| !removed.contains(path));
            for folder in named_folders(added) {
                if !state.folders.contains(&folder) {
                    state.folders.push(folder);
                }
            }
            state.features.configuration
        });
        if fetch {
            self.fetch_settings();
        }
    }

    async fn did_change_configuration(&self, params: DidChangeConfigurationParams) {
        if self.session.with(|state| state.features.configuration) {
            self.fetch_settings();
            return;
        }
        let said = settings::read(params.settings, "workspace/didChangeConfiguration");
        self.session.change(|state| state.settings.everywhere = said);
    }

    async fn hover(&self, params: HoverParams) -> Result<Option<Hover>> {
        Ok(hover::hover(&self.session, params).await)
    }

    async fn completion(&self, params: CompletionParams) -> Result<Option<CompletionResponse>> {
        Ok(completion::completion(&self.session, params).await)
    }

    async fn goto_definition(&self, params: GotoDefinitionParams) -> Result<Option<GotoDefinitionResponse>> {
        Ok(definition::definition(&self.session, params).await)
    }

    async fn document_link(&self, params: DocumentLinkParams) -> Result<Option<Vec<DocumentLink>>> {
        // A document is a log or a configuration, never both.
        let mut found = links::links(&self.session, params.clone()).await;
        found.extend(definition::document_links(&self.session, params).await.into_iter().flatten());
        Ok(Some(found).filter(|found| !found.is_empty()))
    }

    async fn references(&self, params: ReferenceParams) -> Result<Option<Vec<Location>>> {
        Ok(definition::references(&self.session, params).await)
    }

    async fn document_symbol(&self, params: DocumentSymbolParams) -> Result<Option<DocumentSymbolResponse>> {
        Ok(document_symbol::document_symbols(&self.session, params).await)
    }

    async fn rename(&self, params: RenameParams) -> Result<Option<WorkspaceEdit>> {
        rename::rename(&self.session, params).await
    }

    async fn will_rename_files(&self, params: RenameFilesParams) -> Result<Option<WorkspaceEdit>> {
        Ok(rename::will_rename_files(&self.session, params).await)
    }

    async fn code_action(&self, params: CodeActionParams) -> Result<Option<CodeActionResponse>> {
        Ok(Some(code_action::code_actions(&self.session, params).await))
    }

    async fn code_lens(&self, params: CodeLensParams) -> Result<Option<Vec<CodeLens>>> {
        Ok(Some(code_lens::code_lenses(&self.session, params).await))
    }

    async fn execute_command(&self, params: ExecuteCommandParams) -> Result<Option<LSPAny>> {
        commands::execute(&self.session, &self.client, params).await.map(Some)
    }

    async fn diagnostic(&self, params: DocumentDiagnosticParams) -> Result<DocumentDiagnosticReportResult> {
        Ok(pull::document(&self.session, params.text_document.uri, params.previous_result_id).await)
    }

    async fn workspace_diagnostic(
        &self,
        params: WorkspaceDiagnosticParams,
    ) -> Result<WorkspaceDiagnosticReportResult> {
        let previous = params.previous_result_ids.into_iter().map(|known| (known.uri, known.value)).collect();
        Ok(WorkspaceDiagnosticReportResult::Report(pull::workspace(&self.session, previous).await))
    }
}

/// The folders that the client works in, in any of the three ways in which clients have told of them.
fn folders_of(params: &InitializeParams) -> Vec<(PathBuf, Uri)> {
    let named = named_folders(params.workspace_folders.clone().unwrap_or_default());
    if !named.is_empty() {
        return named;
    }
    #[allow(deprecated)]
    let (uri, path) = (params.root_uri.clone(), params.root_path.as_deref());
    let uri = uri.or_else(|| uri_of(Path::new(path?)));
    uri.and_then(folder).into_iter().collect()
}

fn named_folders(folders: Vec<WorkspaceFolder>) -> Vec<(PathBuf, Uri)> {
    folders.into_iter().filter_map(|named| folder(named.uri)).collect()
}

/// `None` for what is no folder of this machine, and for the whole disk: nobody means that.
fn folder(uri: Uri) -> Option<(PathBuf, Uri)> {
    path_of(&uri).filter(|path| path.parent().is_some()).map(|path| (path, uri))
}

/// Shows that the first analysis is going on, until it is done.
async fn show_first_scan(session: Arc<Session>, client: Client) {
    let token = NumberOrString::String("wsgi-ls/first-scan".to_owned());
    if client.create_work_done_progress(token.clone()).await.is_ok() {
        let progress = client.progress(token, "wsgi-ls: looking at the project").begin().await;
        session.up_to_date().await;
        progress.finish().await;
    }
}
