//! Waiting until a file below a folder changes.

use std::path::{Component, Path, PathBuf};
use std::sync::mpsc::{Receiver, RecvTimeoutError, channel};
use std::time::Duration;

use notify::{Event, EventKind, RecommendedWatcher, RecursiveMode, Watcher as _};

/// Editors write a file in several steps, and a checkout writes many: what follows within this time belongs together.
const QUIET: Duration = Duration::from_millis(100);

/// Folders in which programs write all the time what no host loads.
const NOISY: &[&str] =
    &[".git", ".hg", ".svn", "__pycache__", "node_modules", ".mypy_cache", ".ruff_cache", ".pytest_cache"];

/// Tells when files below a folder change.
#[derive(Debug)]
pub struct Watcher {
    events: Receiver<notify::Result<Event>>,
    /// Events stop when it is dropped.
    _watcher: RecommendedWatcher,
}

impl Watcher {
    /// Begins to watch a folder (absolute) and all below it.
    ///
    /// # Errors
    /// When the system refuses, in a sentence.
    pub fn new(root: &Path) -> Result<Self, String> {
        let (send, events) = channel();
        let refused = |error: notify::Error| format!("{} cannot be watched: {error}", root.display());
        // Nobody is left to tell when the receiver is gone.
        let mut watcher =
            notify::recommended_watcher(move |event| drop(send.send(event))).map_err(refused)?;
        watcher.watch(root, RecursiveMode::Recursive).map_err(refused)?;
        Ok(Self { events, _watcher: watcher })
    }

    /// Waits for a change, then until it is quiet again; the paths that changed, without repetition, in order.
    ///
    /// # Errors
    /// When the system stopped telling, in a sentence.
    pub fn wait(&self) -> Result<Vec<PathBuf>, String> {
        let mut changed = Vec::new();
        loop {
            let event = if changed.is_empty() {
                self.events.recv().map_err(|_| RecvTimeoutError::Disconnected)
            } else {
                self.events.recv_timeout(QUIET)
            };
            match event {
                Ok(Ok(event)) => {
                    if !matches!(event.kind, EventKind::Access(_)) {
                        changed.extend(event.paths.into_iter().filter(|path| !is_noise(path)));
                    }
                }
                Ok(Err(error)) => return Err(format!("the files cannot be watched any more: {error}")),
                Err(RecvTimeoutError::Timeout) => {
                    changed.sort_unstable();
                    changed.dedup();
                    return Ok(changed);
                }
                Err(RecvTimeoutError::Disconnected) => {
                    return Err("the files cannot be watched any more".to_owned());
                }
            }
        }
    }
}

fn is_noise(path: &Path) -> bool {
    path.components().any(|part| match part {
        Component::Normal(name) => NOISY.iter().any(|noisy| name == *noisy),
        _ => false,
    })
}
