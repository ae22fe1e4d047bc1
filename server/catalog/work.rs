//! What calls into libraries cost the visitor who waits for them: the data is in `work.toml`.
//!
//! Paths read as in [`super::calls`]: `requests.Session().get` is the method `get` of what a call of `requests.Session` gives.

use std::sync::LazyLock;

use rustc_hash::FxHashMap;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

/// The kind of work that a call does, as far as it decides how long a visitor waits.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Deserialize, Serialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum WorkKind {
    /// It waits for another machine.
    Network,
    /// It sends mail.
    Mail,
    /// It waits for another program.
    Subprocess,
    /// It waits for a database or a broker.
    Database,
    /// It waits for another thread, task or process of the app.
    Wait,
    /// It waits for a person.
    Person,
    /// It loads a model into memory.
    ModelLoading,
    /// It trains a model.
    Training,
    /// It asks a model.
    Inference,
    /// It reads text out of pictures.
    TextRecognition,
    /// It converts pictures, sound or video.
    Media,
    /// It drives a browser.
    Browser,
    /// It collects pages of other sites.
    Scraping,
    /// It makes or reads documents such as PDF.
    Documents,
    /// It reads or computes big tables.
    Tables,
    /// It computes something that is slow on purpose, such as a password hash.
    Cryptography,
    /// It packs or unpacks archives.
    Archives,
    /// It talks to a camera, a motor or another device.
    Devices,
}

/// What is known of a call that takes its time.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Work {
    /// The paths of the calls.
    pub calls: Vec<String>,
    /// The kind.
    pub kind: WorkKind,
    /// What it does, as a noun phrase: "an HTTP request".
    pub what: String,
    /// The argument (by name) that bounds the wait, in seconds.
    #[serde(default)]
    pub timeout: Option<String>,
    /// The position of that argument, counted from 0 without the receiver.
    #[serde(default)]
    pub position: Option<usize>,
    /// The bound in seconds when that argument is not given; `None` when there is none.
    #[serde(default)]
    pub default: Option<f64>,
    /// An argument (by name) of the call that made the receiver which bounds the wait as well: `httpx.Client(timeout=5)`.
    #[serde(default)]
    pub receiver_timeout: Option<String>,
    /// Whether the wait can last for ever when nothing bounds it. Work that always comes to its end is only heavy.
    #[serde(default)]
    pub unbounded: bool,
    /// An argument that makes the call go on without waiting when it is false, such as `wait` or `block`.
    #[serde(default)]
    pub unless_false: Option<String>,
    /// A sentence of advice of its own, in Markdown, shown on hover.
    #[serde(default)]
    pub advice: Option<String>,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct File {
    work: Vec<Work>,
    /// Decorators that make a function a task of a queue: calling the task runs the function at once.
    tasks: Vec<String>,
    /// The same, but calling the task hands it to the queue.
    enqueued_tasks: Vec<String>,
    /// Methods of a task that hand it to a queue.
    enqueue: Vec<String>,
    /// Methods of a task that run it at once.
    inline: Vec<String>,
}

static CATALOG: LazyLock<File> = LazyLock::new(|| match toml::from_str(include_str!("work.toml")) {
    // The file is part of the program; a test reads it, so it cannot be malformed here.
    Ok(file) => file,
    Err(error) => unreachable!("work.toml: {error}"),
});

static BY_CALL: LazyLock<FxHashMap<&'static str, &'static Work>> = LazyLock::new(|| {
    CATALOG.work.iter().flat_map(|work| work.calls.iter().map(move |call| (call.as_str(), work))).collect()
});

/// What is known of the time that a call of this path takes.
pub fn work(path: &str) -> Option<&'static Work> {
    BY_CALL.get(path).copied()
}

/// How a task of a queue is run.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum TaskCall {
    /// At once, by whoever calls.
    Inline,
    /// Later, by a worker.
    Enqueued,
}

/// What calling a task does that a decorator of this path made.
pub fn task(decorator: &str) -> Option<TaskCall> {
    if CATALOG.tasks.iter().any(|known| known == decorator) {
        Some(TaskCall::Inline)
    } else if CATALOG.enqueued_tasks.iter().any(|known| known == decorator) {
        Some(TaskCall::Enqueued)
    } else {
        None
    }
}

/// What a method of a task does.
pub fn task_method(method: &str) -> Option<TaskCall> {
    if CATALOG.inline.iter().any(|known| known == method) {
        Some(TaskCall::Inline)
    } else if CATALOG.enqueue.iter().any(|known| known == method) {
        Some(TaskCall::Enqueued)
    } else {
        None
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_data_can_be_read_and_names_no_call_twice() {
        assert_eq!(work("requests.get").map(|work| work.kind), Some(WorkKind::Network));
        let mut seen = rustc_hash::FxHashSet::default();
        for call in CATALOG.work.iter().flat_map(|work| &work.calls) {
            assert!(seen.insert(call), "{call} is there twice");
        }
        assert_eq!(task("celery.shared_task()"), Some(TaskCall::Inline));
    }
}
