//! The two streams that people read.

use std::io::{self, Write};

use anstream::{AutoStream, ColorChoice};

use super::Colour;

/// Writes to the standard output. A reader that left early is no error: it had enough. Tells whether it is still there.
///
/// # Errors
/// When the output cannot be written for another reason, in a sentence.
pub(super) fn print(text: &str, colour: Colour) -> Result<bool, String> {
    let choice = match colour {
        Colour::Auto => AutoStream::choice(&io::stdout()),
        Colour::Always => ColorChoice::AlwaysAnsi,
        Colour::Never => ColorChoice::Never,
    };
    let mut stream = AutoStream::new(io::stdout().lock(), choice);
    match stream.write_all(text.as_bytes()).and_then(|()| stream.flush()) {
        Ok(()) => Ok(true),
        Err(error) if error.kind() == io::ErrorKind::BrokenPipe => Ok(false),
        Err(error) => Err(format!("the output cannot be written: {error}")),
    }
}

/// Says on the error stream why something was not done.
pub(super) fn complain(message: &str) {
    tell(&format!("wsgi-ls: {message}"));
}

/// Says something on the error stream, beside the output proper. Nobody is left to tell when that fails.
pub(super) fn tell(message: &str) {
    let _ = writeln!(io::stderr().lock(), "{message}");
}
