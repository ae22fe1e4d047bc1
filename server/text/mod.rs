//! Texts: decoding, positions in a client's encoding, open documents, edits, and words of nearly the same spelling. This room knows nothing above it.

mod document;
mod edit;
mod position;
mod source;
pub mod suggest;

pub use document::{Change, Document};
pub use edit::{TextEdit, apply_edits};
pub use position::{Encoding, Position, offset_of, position_of, positions_of};
pub use ruff_text_size::{TextLen, TextRange, TextSize};
pub use source::{DecodeError, LineColumn, Source};
