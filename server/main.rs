//! The `wsgi-ls` command.

use std::process::ExitCode;

use clap::Parser;
use mimalloc::MiMalloc;
use wsgi_ls::cli::{self, Arguments};

/// An analysis makes and drops a great many small objects.
#[global_allocator]
static ALLOCATOR: MiMalloc = MiMalloc;

fn main() -> ExitCode {
    cli::run(Arguments::parse())
}
