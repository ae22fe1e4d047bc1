//! Text that may be longer than the terminal: paged, as `git` and `man` do it.

use std::io::{self, IsTerminal, Write};
use std::process::{Command, Stdio};

use terminal_size::{Height, Width};

use super::{Colour, output};
use crate::report::prose;

/// Nobody reads lines that are longer than this with pleasure (columns).
const WIDEST: usize = 100;

/// Prints Markdown: rendered and paged on a terminal, as it is into a pipe. `--color always` renders in any case.
///
/// # Errors
/// When the output cannot be written, in a sentence.
pub(super) fn show(markdown: &str, colour: Colour, paged: bool) -> Result<(), String> {
    let terminal = io::stdout().is_terminal();
    if !terminal && colour != Colour::Always {
        return output::print(markdown, colour).map(drop);
    }
    let (width, height) = match terminal_size::terminal_size() {
        Some((Width(width), Height(height))) => (usize::from(width), usize::from(height)),
        None => (80, usize::MAX),
    };
    let clickable = colour != Colour::Never && supports_hyperlinks::on(supports_hyperlinks::Stream::Stdout);
    let text = prose::render(markdown, width.min(WIDEST), clickable);
    let is_long = text.lines().count() >= height;
    if paged && terminal && is_long && colour != Colour::Never && page(&text) {
        return Ok(());
    }
    output::print(&text, colour).map(drop)
}

/// Hands the text to the user's pager; whether that could be started.
fn page(text: &str) -> bool {
    let wanted = std::env::var("PAGER").ok().filter(|pager| !pager.trim().is_empty());
    let pager = wanted.unwrap_or_else(|| "less".to_owned());
    let mut words = pager.split_whitespace();
    let Some(program) = words.next() else { return false };
    let mut command = Command::new(program);
    command.args(words).stdin(Stdio::piped());
    if std::env::var_os("LESS").is_none() {
        // Colours and links pass, and a text that fits is not paged.
        command.env("LESS", "FRX");
    }
    let Ok(mut child) = command.spawn() else { return false };
    if let Some(mut input) = child.stdin.take() {
        // Who leaves the pager early has read enough.
        let _ = input.write_all(text.as_bytes());
    }
    let _ = child.wait();
    true
}
