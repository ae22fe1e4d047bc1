//! The workspace: files on disk under open buffers, settings, and what a walk finds. The only room that touches the disk.

mod logs;
mod nearest;
mod paths;
mod settings;
mod snapshot;
mod store;
mod walk;
mod watch;
mod write;

pub use logs::{changed_at, find_logs, open_log};
pub use nearest::nearest;
pub use paths::{active_virtualenv, is_installed, normalize, relative_slash};
pub use settings::{RuleSetting, Settings, SettingsError};
pub use snapshot::{Asked, Overlay, Question, Snapshot};
pub use store::{Entry, EntryKind, FileStore, read_small_text};
pub use walk::{is_ignored, walk};
pub use watch::Watcher;
pub use write::{WriteError, write_file, write_text};
