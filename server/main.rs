//! The `wsgi-ls` command.

fn main() {}
