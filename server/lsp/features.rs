//! What the client can do, and what we tell it that we can do.

use tower_lsp_server::ls_types::{
    ClientCapabilities, CodeActionKind, CodeActionOptions, CodeActionProviderCapability, CodeLensOptions,
    CompletionOptions, DiagnosticOptions, DiagnosticServerCapabilities, DocumentLinkOptions,
    ExecuteCommandOptions, FileOperationFilter, FileOperationPattern, FileOperationRegistrationOptions,
    HoverProviderCapability, MarkupKind, OneOf, ResourceOperationKind, SaveOptions, ServerCapabilities,
    TextDocumentSyncCapability, TextDocumentSyncKind, TextDocumentSyncOptions, TextDocumentSyncSaveOptions,
    WorkDoneProgressOptions, WorkspaceFileOperationsServerCapabilities, WorkspaceFoldersServerCapabilities,
    WorkspaceServerCapabilities,
};

use super::commands;
use super::completion::TRIGGERS;
use super::convert::{encoding_kind, negotiate};
use crate::text::Encoding;

/// The kind of the action that applies all safe fixes of a file.
pub const FIX_ALL: CodeActionKind = CodeActionKind::new("source.fixAll.wsgi-ls");

/// The command that an action runs after its edit: it shows people what is left to do. Its argument is the text.
pub const NEXT_STEPS: &str = "wsgi-ls.nextSteps";

/// What the client can do, as far as it changes what we do.
#[derive(Clone, Debug, Default)]
pub struct Features {
    /// How positions count.
    pub encoding: Encoding,
    /// It asks for diagnostics and can be told to ask again.
    ///
    /// A client that cannot be told, such as Neovim 0.11, would go on showing a finding in one buffer that an edit of
    /// another one has mended; it is sent diagnostics instead.
    pub pull: bool,
    /// It answers `workspace/configuration`.
    pub configuration: bool,
    /// It wants to be asked to tell of changed settings.
    pub registers_configuration: bool,
    /// It watches files for us.
    pub watch: bool,
    /// It shows progress.
    pub progress: bool,
    /// It can be told to ask for code lenses again.
    pub lens_refresh: bool,
    /// It wants to be told of every analysis, because it shows more than the protocol knows: `experimental` says so.
    pub analysed: bool,
    /// It applies edits that the server asks for.
    pub apply_edit: bool,
    /// It shows a document when the server asks for it.
    pub show_document: bool,
    /// It takes edits with the version of the document.
    pub document_changes: bool,
    /// It can be told to create files as part of an edit.
    pub creates_files: bool,
    /// It shows actions that cannot be taken, with the reason.
    pub disabled_actions: bool,
    /// It shows hovers in Markdown.
    pub markdown: bool,
    /// It says how it reads Markdown, and shows links as links. Others show their titles alone, or the text as it stands.
    pub links: bool,
}

impl Features {
    /// Reads what the client announced.
    pub fn of(client: &ClientCapabilities) -> Self {
        let workspace = client.workspace.as_ref();
        let document = client.text_document.as_ref();
        let offered = client.general.as_ref().and_then(|general| general.position_encodings.as_deref());
        let refresh = workspace
            .and_then(|w| w.diagnostics.as_ref())
            .and_then(|diagnostics| diagnostics.refresh_support)
            .unwrap_or(false);
        let watch = workspace.and_then(|w| w.did_change_watched_files.as_ref());
        let edit = workspace.and_then(|w| w.workspace_edit.as_ref());
        let formats = document.and_then(|d| d.hover.as_ref()).and_then(|hover| hover.content_format.as_ref());
        Self {
            encoding: negotiate(offered),
            pull: refresh && document.is_some_and(|d| d.diagnostic.is_some()),
            configuration: workspace.and_then(|w| w.configuration).unwrap_or(false),
            registers_configuration: workspace
                .and_then(|w| w.did_change_configuration.as_ref())
                .and_then(|change| change.dynamic_registration)
                .unwrap_or(false),
            watch: watch.and_then(|watch| watch.dynamic_registration).unwrap_or(false),
            progress: client.window.as_ref().and_then(|w| w.work_done_progress).unwrap_or(false),
            lens_refresh: workspace
                .and_then(|w| w.code_lens.as_ref())
                .and_then(|lens| lens.refresh_support)
                .unwrap_or(false),
            analysed: client
                .experimental
                .as_ref()
                .is_some_and(|ours| ours["wsgi-ls"]["analysed"].as_bool() == Some(true)),
            show_document: client
                .window
                .as_ref()
                .and_then(|window| window.show_document.as_ref())
                .is_some_and(|show| show.support),
            apply_edit: workspace.and_then(|w| w.apply_edit).unwrap_or(false),
            document_changes: edit.and_then(|edit| edit.document_changes).unwrap_or(false),
            creates_files: edit
                .and_then(|edit| edit.resource_operations.as_ref())
                .is_some_and(|known| known.contains(&ResourceOperationKind::Create)),
            disabled_actions: document
                .and_then(|d| d.code_action.as_ref())
                .and_then(|action| action.disabled_support)
                .unwrap_or(false),
            markdown: formats.is_none_or(|formats| formats.contains(&MarkupKind::Markdown)),
            links: client.general.as_ref().is_some_and(|general| general.markdown.is_some()),
        }
    }

    /// What we tell the client.
    pub fn answer(&self) -> ServerCapabilities {
        let none = WorkDoneProgressOptions::default();
        ServerCapabilities {
            position_encoding: Some(encoding_kind(self.encoding)),
            text_document_sync: Some(TextDocumentSyncCapability::Options(TextDocumentSyncOptions {
                open_close: Some(true),
                change: Some(TextDocumentSyncKind::INCREMENTAL),
                save: Some(TextDocumentSyncSaveOptions::SaveOptions(SaveOptions { include_text: None })),
                ..TextDocumentSyncOptions::default()
            })),
            completion_provider: Some(CompletionOptions {
                trigger_characters: Some(TRIGGERS.map(str::to_owned).into()),
                ..CompletionOptions::default()
            }),
            definition_provider: Some(OneOf::Left(true)),
            references_provider: Some(OneOf::Left(true)),
            document_symbol_provider: Some(OneOf::Left(true)),
            document_link_provider: Some(DocumentLinkOptions {
                resolve_provider: None,
                work_done_progress_options: none,
            }),
            rename_provider: Some(OneOf::Left(true)),
            hover_provider: Some(HoverProviderCapability::Simple(true)),
            code_action_provider: Some(CodeActionProviderCapability::Options(CodeActionOptions {
                code_action_kinds: Some(vec![
                    CodeActionKind::QUICKFIX,
                    CodeActionKind::REFACTOR_EXTRACT,
                    FIX_ALL,
                ]),
                work_done_progress_options: none,
                resolve_provider: None,
            })),
            code_lens_provider: Some(CodeLensOptions { resolve_provider: None }),
            execute_command_provider: Some(ExecuteCommandOptions {
                commands: commands::ALL.map(str::to_owned).to_vec(),
                work_done_progress_options: none,
            }),
            diagnostic_provider: self.pull.then(|| {
                DiagnosticServerCapabilities::Options(DiagnosticOptions {
                    identifier: Some("wsgi-ls".to_owned()),
                    inter_file_dependencies: true,
                    workspace_diagnostics: true,
                    work_done_progress_options: none,
                })
            }),
            workspace: Some(WorkspaceServerCapabilities {
                workspace_folders: Some(WorkspaceFoldersServerCapabilities {
                    supported: Some(true),
                    change_notifications: Some(OneOf::Left(true)),
                }),
                file_operations: Some(WorkspaceFileOperationsServerCapabilities {
                    will_rename: Some(FileOperationRegistrationOptions {
                        filters: vec![FileOperationFilter {
                            scheme: Some("file".to_owned()),
                            pattern: FileOperationPattern {
                                glob: "**/*.py".to_owned(),
                                matches: None,
                                options: None,
                            },
                        }],
                    }),
                    ..WorkspaceFileOperationsServerCapabilities::default()
                }),
            }),
            ..ServerCapabilities::default()
        }
    }
}
