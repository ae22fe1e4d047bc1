//! What a shell and `man` want to know of this command.

use clap::CommandFactory;
use clap_complete::Shell;

use super::{Arguments, CLEAN, Colour, output};

/// Prints the completion script of a shell.
pub(super) fn completions(shell: Shell) -> Result<u8, String> {
    let mut script = Vec::new();
    let name = if shell == Shell::Bash { "wsgi_ls" } else { "wsgi-ls" };
    clap_complete::generate(shell, &mut Arguments::command(), name, &mut script);
    // For bash, clap_complete names the cases of a program with a hyphen in two ways that do not fit each other, and then
    // completes nothing. So it writes the script for a name without one, and the last lines say whom it serves.
    let script = String::from_utf8_lossy(&script).replace("-o default wsgi_ls\n", "-o default wsgi-ls\n");
    print(script.into_bytes())
}

/// Prints the manual page of the program or of one of its commands.
pub(super) fn manual(name: Option<&str>) -> Result<u8, String> {
    let mut whole = Arguments::command();
    // Only a built command knows its own whole name, `wsgi-ls check`.
    whole.build();
    let command = match name {
        None => whole,
        Some(name) => match whole.find_subcommand(name) {
            Some(command) => command.clone().display_name(format!("wsgi-ls-{name}")),
            None => return Err(format!("there is no command `{name}`; `wsgi-ls --help` lists them all")),
        },
    };
    let mut page = Vec::new();
    clap_mangen::Man::new(command)
        .render(&mut page)
        .map_err(|error| format!("the manual page cannot be written: {error}"))?;
    print(page)
}

fn print(bytes: Vec<u8>) -> Result<u8, String> {
    let text = String::from_utf8(bytes).map_err(|error| error.to_string())?;
    output::print(&text, Colour::Never)?;
    Ok(CLEAN)
}
