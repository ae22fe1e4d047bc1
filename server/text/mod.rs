//! Texts: decoding, positions in a client's encoding, open documents and edits. This room knows nothing above it.

mod edit;
mod source;

pub use edit::{TextEdit, apply_edits};
pub use ruff_text_size::{TextLen, TextRange, TextSize};
pub use source::{DecodeError, LineColumn, Source};
