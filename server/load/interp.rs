//! The simulated process: its state, and what it records of the running statement.

use std::cell::{OnceCell, RefCell};
use std::path::PathBuf;
use std::rc::Rc;
use std::sync::Arc;

use ruff_python_ast::name::Name;
use rustc_hash::{FxHashMap, FxHashSet};
use typed_arena::Arena;

use super::LoadedModule;
use super::effect::{Certainty, Effect, EffectKind, Phase, Raise, RaiseCause, Site, Step, StepKind};
use super::environment::Environment;
use super::heap::Heap;
use super::library::Registered;
use super::module::ModuleContext;
use super::value::{Function, Id, Kind, Value};
use crate::hosting::Deployment;
use crate::syntax::python::PythonFile;
use crate::text::TextRange;
use crate::workspace::Snapshot;

/// A load executes at most this many statements and expressions; what it has not seen by then stays unknown.
const FUEL: u32 = 3_000_000;

/// So many items of a container are looked at in the time of one statement or expression.
const ITEMS_A_STEP: usize = 4;

/// The simulated process of one load.
pub(crate) struct Interp<'a> {
    pub snapshot: &'a Snapshot,
    pub deployment: &'a Deployment,
    pub environment: &'a Environment,
    /// Keeps the files alive whose trees the values refer to.
    pub arena: &'a Arena<Arc<PythonFile>>,
    pub heap: Heap<'a>,
    /// Attributes of library modules that the code replaced, by their whole path; also `sys.path` and its like.
    pub overrides: Id,
    /// `sys.modules`.
    pub modules: Id,
    /// `os.environ`, as far as the code set it.
    pub environ: Id,
    pub frames: Vec<Frame<'a>>,
    pub trail: Vec<Step>,
    pub effects: Vec<Effect>,
    pub loaded: Vec<LoadedModule>,
    /// Every module that ran, also those of what was only tried.
    pub ran: Vec<Rc<ModuleContext<'a>>>,
    pub doubt: Doubt,
    pub may: May<'a>,
    pub fuel: u32,
    /// Whether the expression that is evaluated read something that is only assumed, such as an unset variable.
    pub assumed: bool,
    /// Whether a variable of the environment that nobody sets was read without a default: a `None` may come from there, and only from
    /// there.
    pub lacks_variables: bool,
    /// How many uncertain exits of the running function or loop body make the rest of it uncertain.
    pub leftover: u32,
    /// Whether a dotenv file may have set any variable.
    pub environ_is_open: bool,
    /// The names that installed modules bind, by their files.
    pub installed_names: RefCell<FxHashMap<PathBuf, Option<super::installed::Names>>>,
    /// The names that are written in installed modules, by their files.
    pub written_names: RefCell<FxHashMap<PathBuf, Option<super::installed::Names>>>,
    /// Whether attributes of installed modules are slips, by their whole paths.
    pub installed_slips: RefCell<FxHashMap<String, bool>>,
    /// Objects whose threads a fork would lose.
    pub workers: Vec<super::fork::Worker>,
    /// How often nobody knew which branch was taken.
    pub forks: u32,
    /// How often an exception was raised inside a `try`.
    pub caught: u32,
    /// Whether one of those rests on an assumption.
    pub caught_assumed: bool,
    /// The exceptions whose handlers run, innermost last, for a bare `raise`.
    pub handling: Vec<Exception<'a>>,
    /// What running generators have yielded, one list for each, innermost last.
    pub yields: Vec<Vec<Value<'a>>>,
    /// How many generators run when the innermost is left at its first item.
    pub first_item_of: Option<usize>,
    /// An entry of `sys.path` that leads nowhere, with the place that added it.
    pub bad_path_entry: Option<(String, Site)>,
    /// The call of `start_response` with malformed headers, while an application is looked at.
    pub bad_headers: Option<Site>,
    /// What frameworks were told to call for requests, in order.
    pub registered: Vec<Registered<'a>>,
    /// Attributes that methods set while the app is served; filled when requests are rehearsed.
    pub changing: FxHashSet<Name>,
    /// Objects with a smaller number were there before the request that is rehearsed.
    pub served_from: u32,
    /// Attributes of such objects that this request has set.
    pub set_by_request: FxHashSet<(Id, Name)>,
    /// Whether the load was followed to its end, so that all that it has told frameworks is known.
    pub load_is_complete: bool,
    /// How many modules there were when the first request came.
    pub loaded_before_requests: usize,
    /// The template folders beside those modules.
    pub template_folders: OnceCell<Rc<[PathBuf]>>,
    /// When it runs.
    pub phase: Phase,
    /// How often the running statement is executed, where it stands for all rounds of a long loop.
    pub times: f64,
    /// What the running loop knows of clocks.
    pub clock: super::clock::Clock,
    /// The function that calls itself with known numbers, while its calls are counted.
    pub recursion: Option<super::recursion::Recursion<'a>>,
    /// Whether an event loop runs in this thread.
    pub in_event_loop: bool,
    /// Whether a name was passed over because somebody types there at the moment.
    pub half_typed: bool,
    /// How far Django has come.
    pub django: super::library::django::Setup,
}

/// How uncertain the running statement is.
#[derive(Clone, Copy, Debug, Default)]
pub(crate) struct Doubt {
    /// Unknown conditions around it.
    pub possible: u32,
    /// Assumptions around it.
    pub assumed: u32,
}

/// What may have happened on a path that was not followed.
#[derive(Debug, Default)]
pub(crate) struct May<'a> {
    pub returns: Vec<Value<'a>>,
    pub raises: Vec<Exception<'a>>,
    pub breaks: bool,
    pub continues: bool,
}

/// The running code.
#[derive(Clone, Debug)]
pub(crate) struct Frame<'a> {
    pub module: Rc<ModuleContext<'a>>,
    /// Where names are bound.
    pub scope: Id,
    /// The scopes around it, innermost last, without the module's.
    pub closure: Vec<Id>,
    pub kind: FrameKind,
    /// Whether it is a comprehension's own scope, which `:=` looks through.
    pub comprehension: bool,
    /// Names declared `global`.
    pub globals: FxHashSet<Name>,
    /// Names declared `nonlocal`.
    pub nonlocals: FxHashSet<Name>,
    pub function: Option<Rc<Function<'a>>>,
    /// The first argument of the running method, for `super()`.
    pub receiver: Option<Value<'a>>,
    /// The statement that runs.
    pub statement: TextRange,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum FrameKind {
    Module,
    Class,
    Function,
}

/// Why the code does not go on.
#[derive(Debug, Clone)]
pub(crate) enum Stop<'a> {
    Raise(Box<Exception<'a>>),
    /// Nothing more runs: the process hangs, or is gone, or the simulation gave up.
    Halt,
}

/// How a statement ends that lets the code go on.
#[derive(Clone, Debug)]
pub(crate) enum Flow<'a> {
    Normal,
    Break,
    Continue,
    Return(Value<'a>),
}

pub(crate) type Eval<'a> = Result<Value<'a>, Stop<'a>>;
pub(crate) type Exec<'a> = Result<Flow<'a>, Stop<'a>>;

/// A raised exception, with everything that a report needs should nobody catch it.
#[derive(Clone, Debug)]
pub(crate) struct Exception<'a> {
    /// Its class: a library path such as `builtins.ImportError`, or a class of the project.
    pub class: Value<'a>,
    pub effect: Effect,
    /// The exception object, where there is one.
    pub value: Value<'a>,
}

impl<'a> Interp<'a> {
    /// A process that has just started: no module loaded, nothing executed.
    pub fn new(
        snapshot: &'a Snapshot,
        deployment: &'a Deployment,
        environment: &'a Environment,
        arena: &'a Arena<Arc<PythonFile>>,
    ) -> Self {
        let mut heap = Heap::default();
        let overrides = heap.allocate(Kind::Scope);
        let modules = heap.allocate(Kind::Scope);
        let environ = heap.allocate(Kind::Scope);
        let mut interp = Self {
            snapshot,
            deployment,
            environment,
            arena,
            heap,
            overrides,
            modules,
            environ,
            frames: Vec::new(),
            trail: Vec::new(),
            effects: Vec::new(),
            loaded: Vec::new(),
            ran: Vec::new(),
            doubt: Doubt::default(),
            may: May::default(),
            fuel: FUEL,
            assumed: false,
            lacks_variables: false,
            leftover: 0,
            environ_is_open: false,
            installed_names: RefCell::default(),
            written_names: RefCell::default(),
            installed_slips: RefCell::default(),
            workers: Vec::new(),
            forks: 0,
            caught: 0,
            caught_assumed: false,
            handling: Vec::new(),
            yields: Vec::new(),
            first_item_of: None,
            bad_path_entry: None,
            bad_headers: None,
            registered: Vec::new(),
            changing: FxHashSet::default(),
            served_from: 0,
            set_by_request: FxHashSet::default(),
            load_is_complete: false,
            loaded_before_requests: 0,
            template_folders: OnceCell::new(),
            phase: Phase::Load,
            times: 1.0,
            clock: super::clock::Clock::default(),
            recursion: None,
            in_event_loop: false,
            half_typed: false,
            django: super::library::django::Setup::default(),
        };
        interp.prepare_sys();
        interp
    }

    fn prepare_sys(&mut self) {
        let path: Vec<Value<'a>> =
            self.environment.search_path.iter().map(|p| Value::str(p.to_string_lossy())).collect();
        let path = self.heap.allocate(Kind::List(path.into(), false));
        // uWSGI passes its own name alone; gunicorn's options stay in `sys.argv`.
        let program = match self.deployment.host {
            crate::hosting::Host::Gunicorn => "gunicorn",
            crate::hosting::Host::ModWsgi => "mod_wsgi",
            _ => "uwsgi",
        };
        let more = self.deployment.host == crate::hosting::Host::Gunicorn;
        let argv = self.heap.allocate(Kind::List(vec![Value::str(program)].into(), more));
        let cwd = Value::str(self.deployment.working_directory.to_string_lossy());
        for (name, value) in
            [("sys.path", Value::Object(path)), ("sys.argv", Value::Object(argv)), ("os.<cwd>", cwd)]
        {
            self.heap.set(self.overrides, Name::new_static(name), value, TextRange::default());
        }
        for (name, value) in &self.deployment.process.environment {
            // Most variables differ between the places that the files describe; the settings' name is meant.
            let value = match value {
                Some(value) if name == "DJANGO_SETTINGS_MODULE" => Value::str(value),
                _ => Value::Unknown,
            };
            self.heap.set(self.environ, Name::new(name), value, TextRange::default());
        }
    }

    /// Spends fuel; whether there was any left.
    pub fn burn(&mut self) -> bool {
        self.fuel = self.fuel.saturating_sub(1);
        !self.gave_up()
    }

    /// Spends fuel for looking through, or copying, that many items of a container: a table that grows with every round of a long
    /// loop must not cost more than the loop.
    pub fn burn_for(&mut self, items: usize) {
        let steps = u32::try_from(items / ITEMS_A_STEP).unwrap_or(u32::MAX);
        self.fuel = self.fuel.saturating_sub(steps);
    }

    /// Whether the simulation has stopped here without an end, so that nothing may be concluded from what did not happen.
    pub fn gave_up(&self) -> bool {
        self.fuel == 0
    }

    /// How sure the running statement is.
    pub fn certainty(&self) -> Certainty {
        if self.doubt.possible > 0 {
            Certainty::Possible
        } else if self.doubt.assumed > 0 {
            Certainty::Likely
        } else {
            Certainty::Certain
        }
    }

    /// The place of a range in the running file.
    pub fn site(&self, range: TextRange) -> Site {
        let path = match self.frames.last() {
            Some(frame) => frame.module.path.clone(),
            None => Arc::from(self.deployment.entry.as_path()),
        };
        Site { path, range }
    }

    /// An effect of the running statement.
    pub fn effect(&self, kind: EffectKind, range: TextRange) -> Effect {
        let frame = self.frames.last();
        Effect {
            kind,
            site: self.site(range),
            statement: frame.map_or(range, |frame| frame.statement),
            at_module_level: frame.is_none_or(|frame| frame.kind != FrameKind::Function),
            trail: self.trail.clone(),
            certainty: self.certainty(),
            phase: self.phase,
        }
    }

    /// Records an effect of the running statement.
    pub fn record(&mut self, kind: EffectKind, range: TextRange) {
        let effect = self.effect(kind, range);
        self.effects.push(effect);
    }

    /// A step of the running statement.
    pub fn step(&self, kind: StepKind, range: TextRange) -> Step {
        let frame = self.frames.last();
        Step {
            site: self.site(range),
            statement: frame.map_or(range, |frame| frame.statement),
            at_module_level: frame.is_none_or(|frame| frame.kind != FrameKind::Function),
            kind,
        }
    }

    /// An exception of a built-in class, raised by the running statement.
    pub fn raise(
        &self,
        class: &str,
        message: impl Into<String>,
        cause: RaiseCause,
        range: TextRange,
    ) -> Stop<'a> {
        let raise = Raise { exception: class.to_owned(), message: message.into(), cause, ordinary: true };
        Stop::Raise(Box::new(Exception {
            class: Value::library(Name::new(format!("builtins.{class}"))),
            effect: self.effect(EffectKind::Raises(raise), range),
            value: Value::Unknown,
        }))
    }

    /// Remembers an exception that may be raised here without being followed.
    pub fn may_raise(&mut self, stop: Stop<'a>) {
        if let Stop::Raise(exception) = stop {
            self.may.raises.push(*exception);
        }
    }

    /// The running frame's module.
    pub fn module(&self) -> Option<&Rc<ModuleContext<'a>>> {
        self.frames.last().map(|frame| &frame.module)
    }

    /// The current working directory, where it is known.
    pub fn cwd(&self) -> Option<PathBuf> {
        let slot = self.heap.slot(self.overrides, "os.<cwd>")?;
        slot.value.as_str().map(PathBuf::from)
    }

    /// The names that are bound in a scope, for "did you mean".
    pub fn names(&self, scope: Id) -> Vec<String> {
        let slots: &FxHashMap<_, _> = &self.heap.get(scope).slots;
        let mut names: Vec<String> = slots
            .iter()
            .filter(|(_, slot)| !matches!(slot.value, Value::Unbound))
            .map(|(name, _)| name.to_string())
            .collect();
        names.sort_unstable();
        names
    }
}
