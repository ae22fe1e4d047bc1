//! What calls into libraries cost the visitor who waits for them: the data is in `work.toml`.
//!
//! Paths read as in [`super::calls`]: `requests.Session().get` is the method `get` of what a call of `requests.Session` gives.
//! Clients that make their methods up while they run are named by pattern: `boto3.client().*` is every method of a client, and
//! `googleapiclient.discovery.build().**.execute` is every `execute` at the end of a chain of names and calls, however long.

use std::sync::LazyLock;

use rustc_hash::{FxHashMap, FxHashSet};
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
    /// The paths of the calls, or patterns of them.
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
    /// The bound in seconds when that argument is not given; `None` when there is none. Where a library tries again, this is the
    /// bound of one try.
    #[serde(default)]
    pub default: Option<f64>,
    /// Whether the arguments that bound the wait count milliseconds. `default` counts seconds all the same.
    #[serde(default)]
    pub milliseconds: bool,
    /// Whether `socket.setdefaulttimeout` bounds the wait when nothing else does.
    #[serde(default)]
    pub socket_default: bool,
    /// A method (by name) of the receiver that bounds the wait when it was called before, such as `settimeout`.
    #[serde(default)]
    pub bounding_method: Option<String>,
    /// An argument (by name) of the call that made the receiver which bounds the wait as well: `httpx.Client(timeout=5)`.
    #[serde(default)]
    pub receiver_timeout: Option<String>,
    /// A setting of Django that bounds the wait, such as `EMAIL_TIMEOUT`.
    #[serde(default)]
    pub setting: Option<String>,
    /// Whether the wait can last for ever when nothing bounds it. Work that always comes to its end is only heavy.
    #[serde(default)]
    pub unbounded: bool,
    /// An argument that makes the call go on without waiting when it is false, such as `wait` or `block`.
    #[serde(default)]
    pub unless_false: Option<String>,
    /// An argument without which the call does not wait, nor when it is false or zero: `blocking` of a result of Huey.
    #[serde(default)]
    pub only_if: Option<String>,
    /// The number from which on the call takes long; below it, it is quick.
    #[serde(default)]
    pub heavy_from: Option<HeavyFrom>,
    /// A sentence of advice of its own, in Markdown, shown on hover.
    #[serde(default)]
    pub advice: Option<String>,
}

/// An argument whose number decides whether a call takes long.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct HeavyFrom {
    /// Its name.
    pub argument: String,
    /// Its position, counted from 0 without the receiver.
    #[serde(default)]
    pub position: Option<usize>,
    /// The smallest number that takes more than about two seconds on a host.
    pub number: u64,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct File {
    work: Vec<Work>,
    /// Calls that a pattern matches and that take no time.
    quick: Vec<String>,
    /// Decorators that make a function a task of a queue: calling the task runs the function at once.
    tasks: Vec<String>,
    /// The same, but calling the task hands it to the queue.
    enqueued_tasks: Vec<String>,
    /// Methods of a task that hand it to a queue.
    enqueue: Vec<String>,
    /// Methods of a task that run it at once.
    inline: Vec<String>,
}

static CATALOG: LazyLock<File> = LazyLock::new(|| super::read("work.toml", include_str!("work.toml")));

/// `head.**.last`: every `last` at the end of a chain that starts with `head`.
#[derive(Debug)]
struct Chain {
    head: &'static str,
    last: &'static str,
    work: &'static Work,
}

/// The calls, by how they are looked up.
#[derive(Debug, Default)]
struct Calls {
    /// By whole path; `None` for what is quick although a pattern matches it.
    exact: FxHashMap<&'static str, Option<&'static Work>>,
    /// `head.*`, by head.
    methods: FxHashMap<&'static str, &'static Work>,
    /// `head.**.last`, by the name of the package, so that paths of other packages cost one look-up.
    chains: FxHashMap<&'static str, Vec<Chain>>,
    /// Methods that set a limit for later calls.
    bounding: FxHashSet<&'static str>,
}

static CALLS: LazyLock<Calls> = LazyLock::new(|| {
    let mut calls = Calls::default();
    for (call, work) in
        CATALOG.work.iter().flat_map(|work| work.calls.iter().map(move |call| (call.as_str(), work)))
    {
        if let Some((head, last)) = call.split_once(".**.") {
            calls.chains.entry(package(head)).or_default().push(Chain { head, last, work });
        } else if let Some(head) = call.strip_suffix(".*") {
            calls.methods.insert(head, work);
        } else {
            calls.exact.insert(call, Some(work));
        }
    }
    calls.bounding.extend(CATALOG.work.iter().filter_map(|work| work.bounding_method.as_deref()));
    calls.exact.extend(CATALOG.quick.iter().map(|call| (call.as_str(), None)));
    calls
});

fn package(path: &str) -> &str {
    path.split_once('.').map_or(path, |(package, _)| package)
}

/// What is known of the time that a call of this path takes. A path that is named wins over a pattern.
pub fn work(path: &str) -> Option<&'static Work> {
    if let Some(known) = CALLS.exact.get(path) {
        return *known;
    }
    let (head, last) = path.rsplit_once('.')?;
    if let Some(work) = CALLS.methods.get(head).filter(|_| !last.ends_with(')')) {
        return Some(work);
    }
    let chains = CALLS.chains.get(package(path))?;
    let matches = |chain: &&Chain| {
        chain.last == last
            && head.strip_prefix(chain.head).is_some_and(|rest| rest.is_empty() || rest.starts_with('.'))
    };
    chains.iter().find(matches).map(|chain| chain.work)
}

/// Whether a method of this name sets a limit for later calls of the same object.
pub fn is_bounding_method(name: &str) -> bool {
    CALLS.bounding.contains(name)
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
    #![allow(clippy::expect_used)]

    use super::*;
    use crate::catalog::calls::canonical;

    #[test]
    fn the_data_can_be_read_and_names_no_call_twice() {
        assert_eq!(work("requests.get").map(|work| work.kind), Some(WorkKind::Network));
        let mut seen = FxHashSet::default();
        for call in CATALOG.work.iter().flat_map(|work| &work.calls) {
            assert!(seen.insert(call), "{call} is there twice");
        }
        for call in &CATALOG.quick {
            assert!(seen.insert(call), "{call} is both quick and slow");
        }
        assert_eq!(task("celery.shared_task()"), Some(TaskCall::Inline));
    }

    #[test]
    fn patterns_stand_for_methods_and_chains_and_for_nothing_else() {
        let kind = |path: &str| work(path).map(|work| work.kind);
        assert_eq!(kind("boto3.client().put_object"), Some(WorkKind::Network));
        assert_eq!(kind("boto3.client().generate_presigned_url"), None, "it only computes a signature");
        assert_eq!(kind("boto3.client().get_object().get"), None, "the answer is a dictionary");
        assert_eq!(kind("boto3.client()"), None);
        assert_eq!(kind("boto3.client().put_object()"), None);
        let drive = "googleapiclient.discovery.build()";
        assert_eq!(kind(&format!("{drive}.files().list().execute")), Some(WorkKind::Network));
        assert_eq!(kind(&format!("{drive}.users().messages().list().execute")), Some(WorkKind::Network));
        assert_eq!(kind(&format!("{drive}.files().list")), None, "it only describes the request");
        assert_eq!(kind("googleapiclient.discovery.build_other().execute"), None);
    }

    #[test]
    fn every_entry_makes_sense() {
        for entry in &CATALOG.work {
            let calls = &entry.calls;
            assert!(
                !entry.what.ends_with('.') && !entry.what.is_empty(),
                "{calls:?}: `what` is a noun phrase"
            );
            assert!(
                entry.advice.as_ref().is_none_or(|text| text.ends_with('.')),
                "{calls:?}: advice is a sentence"
            );
            assert!(
                entry.position.is_none() || entry.timeout.is_some(),
                "{calls:?}: a position of no argument"
            );
            let bounds = entry.timeout.is_some() || entry.receiver_timeout.is_some();
            assert!(!entry.milliseconds || bounds, "{calls:?}: milliseconds of no argument");
            for call in calls {
                let stars = call.matches('*').count();
                let pattern = call.ends_with(".*") && stars == 1 || call.contains(".**.") && stars == 2;
                assert!(stars == 0 || pattern, "{call}: no pattern");
                for (at, step) in call.match_indices(['.', '(']).chain([(call.len(), "")]) {
                    let path = &call[..at];
                    assert_eq!(canonical(path), path, "{call}: an alias hides it");
                    if step == "(" {
                        let made = format!("{path}()");
                        assert_eq!(canonical(&made), made, "{call}: an alias hides it");
                    }
                }
            }
        }
        for call in &CATALOG.quick {
            let (head, _) = call.rsplit_once('.').expect("a method");
            assert!(CALLS.methods.contains_key(head), "{call}: no pattern matches it anyway");
        }
    }
}
