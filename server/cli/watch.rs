//! `check --watch`: again after each change.

use std::io::IsTerminal;

use super::check::{self, Checked};
use super::format::Format;
use super::{CheckArguments, Colour, output};
use crate::analysis::absolute;
use crate::workspace::{Snapshot, Watcher};

/// Clears the screen and what was scrolled away, and goes to its upper left corner.
const CLEAR: &str = "\x1b[2J\x1b[3J\x1b[H";

/// Checks, waits for a change and checks again, until nobody reads or the watching fails. What cannot be checked at first ends
/// it; later on it is told, because the next change may mend it.
pub(super) fn run(arguments: &CheckArguments) -> Result<u8, String> {
    let path = absolute(&arguments.path);
    let folder = match path.parent() {
        Some(parent) if Snapshot::default().is_file(&path) => parent.to_owned(),
        _ => path,
    };
    let watcher = Watcher::new(&folder);
    let mut checked = check::run(arguments)?;
    let watcher = watcher?;
    let clears = arguments.format == Format::Text && std::io::stdout().is_terminal();
    while checked.is_read {
        if arguments.format == Format::Text {
            output::tell("Waiting for a change; Ctrl-C ends it.");
        }
        watcher.wait()?;
        if clears {
            output::print(CLEAR, Colour::Always)?;
        }
        checked = match check::run(arguments) {
            Ok(checked) => checked,
            Err(error) => {
                output::complain(&error);
                Checked { is_read: true, ..checked }
            }
        };
    }
    Ok(checked.code)
}
