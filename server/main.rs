//! The `wsgi-ls` command.

use std::process::ExitCode;

use clap::Parser;
use wsgi_ls::cli::{self, Arguments};

fn main() -> ExitCode {
    cli::run(Arguments::parse())
}
