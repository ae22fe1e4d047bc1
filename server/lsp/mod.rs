//! (in work)

/// Serves on the standard streams until the client leaves.
pub fn run() -> std::process::ExitCode {
    std::process::ExitCode::from(2)
}
