//! What a statement does that the host cares about.

use std::path::{Path, PathBuf};
use std::sync::Arc;

use serde::Serialize;

use crate::catalog::work;
use crate::text::TextRange;

/// A place in a file.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct Site {
    /// The file, absolute.
    pub path: Arc<Path>,
    /// The range in its text (bytes).
    pub range: TextRange,
}

/// Something that a statement does that the host cares about.
#[derive(Clone, Debug, PartialEq)]
pub struct Effect {
    /// What it does.
    pub kind: EffectKind,
    /// The call or statement that does it.
    pub site: Site,
    /// The whole statement around the site.
    pub statement: TextRange,
    /// Whether that statement runs at module level, not in a function.
    pub at_module_level: bool,
    /// How the load came there, outermost first: imports and calls.
    pub trail: Vec<Step>,
    /// How sure it is.
    pub certainty: Certainty,
    /// When it happens.
    pub phase: Phase,
}

impl Effect {
    /// How long it waits (seconds); 0 for what does not wait.
    pub fn seconds(&self) -> f64 {
        match self.kind {
            EffectKind::Waits(seconds) => seconds,
            _ => 0.0,
        }
    }
}

/// When an effect happens.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Phase {
    /// While the host imports the entry.
    Load,
    /// When the first request comes and the framework loads what it has put off.
    FirstRequest,
    /// While a request is handled.
    Request,
}

/// The kinds of effect.
#[derive(Clone, Debug, PartialEq)]
pub enum EffectKind {
    /// The module at the site cannot be compiled; its file's problems tell why.
    SyntaxError,
    /// A server serves, and the import waits for its end.
    StartsServer(ServerStart),
    /// The import waits for something that never comes.
    Blocks(Block),
    /// The import waits for so many seconds.
    Waits(f64),
    /// The process ends.
    Exits(Exit),
    /// An exception leaves the entry.
    Raises(Raise),
    /// The interpreter is replaced by another program (`os.execl` and its relatives).
    ReplacesInterpreter(String),
    /// `django.setup()` is called.
    SetsUpDjango,
    /// A call that takes its time, in a request.
    Works(Work),
    /// A thread is started in a request; the call as it stands in the code.
    StartsThread(String),
    /// The app itself answers with the status of a broken gateway (502, 503 or 504).
    AnswersGatewayError(i64),
    /// A response header that is bigger than proxies take.
    SendsBigHeader,
    /// Django answers 400 to every visitor, because `ALLOWED_HOSTS` does not hold the site's name.
    RefusesHosts(Refusal),
    /// A window, a browser or another thing that needs a screen is opened.
    OpensWindow(Window),
    /// A request changes what a module keeps in memory under this name.
    ChangesState(String),
    /// A request computes with torch, in as many threads as torch likes; the call as it stands in the code.
    UsesTorch(String),
    /// Something with threads is made before the fork and needed after it; what it is, as a noun phrase.
    LostInFork(String),
}

/// A call for which a visitor waits.
#[derive(Clone, Debug)]
pub struct Work {
    /// The call as it stands in the code, without its arguments: `requests.get`.
    pub call: String,
    /// What is known of it.
    pub known: &'static work::Work,
    /// The seconds that bound the wait; `None` when nothing does, or nobody knows what.
    pub bound: Option<f64>,
    /// Whether it can take for ever: it waits, and nothing bounds the wait.
    pub unbounded: bool,
}

impl PartialEq for Work {
    fn eq(&self, other: &Self) -> bool {
        self.call == other.call && std::ptr::eq(self.known, other.known) && self.bound == other.bound
    }
}

/// Something that needs a screen.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Window {
    /// The call as it stands in the code, without its arguments.
    pub call: String,
    /// What it wants, as a noun phrase: "a window".
    pub what: String,
    /// Whether the library ends the process when there is no screen; others do nothing.
    pub ends: bool,
}

/// The names of the site that Django refuses.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Refusal {
    /// The site's domain, where the entry's name tells it.
    pub domain: Option<String>,
    /// Whether no name is allowed at all.
    pub is_empty: bool,
}

/// The start of a server.
#[derive(Clone, Debug, PartialEq)]
pub struct ServerStart {
    /// The call as it stands in the code, without its arguments: `app.run`.
    pub call: String,
    /// What it starts, as a noun phrase: "Flask's development server".
    pub server: String,
    /// What the start does instead of serving for ever.
    pub outcome: StartOutcome,
}

/// What the start of a server leads to.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum StartOutcome {
    /// It serves for ever.
    Serves,
    /// It starts a reloader, which executes the interpreter again.
    Reloads,
    /// It asks for a port that only the administrator may have (below 1024).
    PortRefused,
    /// It raises an exception, because it is not meant to run here.
    Refuses,
}

/// The end of the process.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Exit {
    /// The call or statement that ends it, as it stands in the code without arguments.
    pub call: String,
    /// The status that it hands to the system, where that is known.
    pub status: Option<i64>,
    /// Whether it ends at once, without an exception that anybody could catch.
    pub hard: bool,
}

/// A wait without an end.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Block {
    /// What waits, as a noun phrase: "an endless loop".
    pub what: String,
    /// The kind.
    pub kind: BlockKind,
}

/// The kinds of wait without an end.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum BlockKind {
    /// A loop whose condition never changes.
    Loop,
    /// A library call that works until it is stopped.
    Library,
    /// A wait for another thread or process.
    Wait,
    /// A computation that takes longer than anybody waits.
    Computation,
    /// A response that is sent piece by piece and never ends.
    Stream,
}

/// An exception that leaves the entry.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Raise {
    /// The name of its class, as a traceback shows it.
    pub exception: String,
    /// Its message, as a traceback shows it; may be empty.
    pub message: String,
    /// What led to it.
    pub cause: RaiseCause,
    /// Whether it is an `Exception`, which hosts catch, and no other `BaseException`.
    pub ordinary: bool,
}

/// What led to an exception.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum RaiseCause {
    /// There is no module of that name.
    MissingModule {
        /// The dotted name that was asked for.
        module: String,
        /// The first part of it that is missing.
        missing: String,
        /// Modules of nearly that name that do exist.
        similar: Vec<String>,
        /// A file of the project that would be found if this folder were on the search path.
        reachable_from: Option<PathBuf>,
        /// Whether a later statement of the same file puts that folder on the search path.
        path_added_later: bool,
        /// The search path holds this folder, which does not exist.
        bad_path_entry: Option<(String, Site)>,
        /// The module left the standard library in this version of Python.
        removed_in: Option<(u8, u8)>,
    },
    /// A module does not hold the imported name.
    MissingName {
        /// The module.
        module: String,
        /// The name.
        name: String,
        /// Names of nearly that spelling that it does hold.
        similar: Vec<String>,
        /// Whether the module is only half loaded, because the imports go round in a circle.
        circular: bool,
        /// The file of the module; empty for a module of an installed package.
        path: Arc<Path>,
    },
    /// A relative import in a module that is not part of a package.
    RelativeImport,
    /// A name that nothing binds.
    UndefinedName {
        /// The name.
        name: String,
        /// Names of nearly that spelling.
        similar: Vec<String>,
    },
    /// An environment variable that nothing sets.
    MissingEnvironment(String),
    /// A file or folder that does not exist.
    MissingFile {
        /// The path as the code says it.
        path: String,
        /// A file of that name beside the module.
        beside_module: Option<PathBuf>,
    },
    /// A place where the host's user may not write.
    Permission(String),
    /// An attribute that the installed version of a library does not have.
    RemovedAttribute {
        /// The attribute, with its class: `Flask.before_first_request`.
        attribute: String,
        /// The first version without it.
        removed_in: String,
        /// What takes its place.
        instead: String,
    },
    /// A Django setting that names something that is not there.
    DjangoSetting {
        /// The setting.
        setting: String,
        /// What it names.
        value: String,
    },
    /// Standard input is closed on a host.
    NoInput,
    /// A template that no template folder holds; its name.
    MissingTemplate(String),
    /// The session is written, and the app has no secret key to sign it with.
    NoSecretKey,
    /// A view whose parameters are not the parts of its route.
    ViewArguments,
    /// A library asks for a screen; what for, as a noun phrase.
    NoDisplay(String),
    /// A model whose table no migration makes.
    NoTable,
    /// A view that returns nothing, or what its framework can make no response of.
    NoResponse,
    /// A hook that gets the response and has to give one back, and gives nothing.
    NotGivenBack,
    /// A `raise`, a failing `assert` or a built-in operation that fails for certain.
    Plain,
}

/// One step on the way to an effect.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct Step {
    /// The import or call.
    pub site: Site,
    /// The whole statement around it.
    pub statement: TextRange,
    /// Whether that statement runs at module level, not in a function.
    pub at_module_level: bool,
    /// Whether it imports or calls.
    pub kind: StepKind,
}

/// What a step does.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub enum StepKind {
    /// Imports the module of this dotted name.
    Import(String),
    /// Calls the function of this name.
    Call(String),
}

/// How sure a statement about the host is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, schemars::JsonSchema)]
#[serde(rename_all = "lowercase")]
pub enum Certainty {
    /// On a path that depends on something unknown; never reported as wrong.
    #[serde(rename = "likely")]
    #[schemars(skip)]
    Possible,
    /// On every path that the host can take, unless an assumption about its environment is wrong.
    Likely,
    /// On every path that the host can take.
    Certain,
}
