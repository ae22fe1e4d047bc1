//! Zed's extension: it finds the server and hands it the user's settings.

use zed_extension_api::settings::LspSettings;
use zed_extension_api::{self as zed, LanguageServerId, Result, serde_json::{Value, json}};

struct WsgiLs;

impl zed::Extension for WsgiLs {
    fn new() -> Self {
        Self
    }

    /// The program that the settings name (`lsp.wsgi-ls.binary.path`), else the one on the worktree's `PATH`.
    fn language_server_command(
        &mut self,
        server: &LanguageServerId,
        worktree: &zed::Worktree,
    ) -> Result<zed::Command> {
        let binary = LspSettings::for_worktree(server.as_ref(), worktree)?.binary;
        let (path, arguments) = binary.map_or((None, None), |binary| (binary.path, binary.arguments));
        let command = path.or_else(|| worktree.which("wsgi-ls")).ok_or_else(|| {
            "there is no program `wsgi-ls` on the PATH; `cargo install --path .` in a clone of wsgi-ls installs it".to_owned()
        })?;
        let args = arguments.unwrap_or_else(|| vec!["lsp".to_owned()]);
        Ok(zed::Command { command, args, env: worktree.shell_env() })
    }

    fn language_server_workspace_configuration(
        &mut self,
        server: &LanguageServerId,
        worktree: &zed::Worktree,
    ) -> Result<Option<Value>> {
        // The server asks for the section of that name.
        let settings = LspSettings::for_worktree(server.as_ref(), worktree)?.settings;
        Ok(settings.map(|settings| json!({ "wsgi-ls": settings })))
    }
}

zed::register_extension!(WsgiLs);
