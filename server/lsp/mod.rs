//! The language server: the only room that names protocol types.

mod transport;
