//! The `wsgi-ls` command.

fn main() -> std::process::ExitCode {
    wsgi_ls::lsp::run()
}
