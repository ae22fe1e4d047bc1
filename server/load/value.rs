//! Abstract values: what a name can be bound to while an entry is imported.

use std::cell::RefCell;
use std::rc::Rc;

use ruff_python_ast::name::Name;
use ruff_python_ast::{Expr, Parameters, Stmt};
use rustc_hash::FxHashMap;

use super::comprehend::Lazy;
use super::module::{Code, ModuleContext};
use crate::text::TextRange;

/// A value is known exactly, known to be one of a few, or not known at all.
#[derive(Clone, Debug)]
pub enum Value<'a> {
    /// Anything.
    Unknown,
    /// No value: a name that is not bound. Only found in slots and unions.
    Unbound,
    /// `None`.
    None,
    /// A truth value.
    Bool(bool),
    /// An integer that fits.
    Int(i64),
    /// A floating point number.
    Float(f64),
    /// A string.
    Str(Rc<str>),
    /// A `bytes` object; its content does not matter.
    Bytes,
    /// A tuple.
    Tuple(Rc<Vec<Value<'a>>>),
    /// An object on the heap.
    Object(Id),
    /// A function or lambda of the project.
    Function(Rc<Function<'a>>),
    /// A function bound to a receiver.
    Method(Rc<(Rc<Function<'a>>, Value<'a>)>),
    /// Something of a library or of the language, by its qualified name.
    Library(Rc<Library>),
    /// One of these; never nested, never holding [`Value::Unknown`].
    Union(Rc<Vec<Value<'a>>>),
}

/// The name of an object on the heap.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Id(pub u32);

/// Something of a library, by the path on which it was reached.
///
/// `flask.Flask` is the class, `flask.Flask()` what a call of it gives, `flask.Flask().run` a bound method of that.
#[derive(Debug)]
pub struct Library {
    /// The qualified name.
    pub path: Name,
    /// The object that a method or attribute was taken from, where that is known.
    pub receiver: Option<Id>,
}

/// A function of the project, as its `def` made it.
#[derive(Debug)]
pub struct Function<'a> {
    /// Its name; `<lambda>` for a lambda.
    pub name: Name,
    /// Its parameters; a lambda may have none.
    pub parameters: Option<&'a Parameters>,
    /// What it does; [`Function::enter`] and [`Function::look_into`] give it.
    pub code: Code<'a>,
    /// Where the definition stands.
    pub range: TextRange,
    /// The range of its name, or of the whole lambda.
    pub name_range: TextRange,
    /// The module that holds it.
    pub module: Rc<ModuleContext<'a>>,
    /// The scopes around it, innermost last; the module's own scope is not among them.
    pub closure: Vec<Id>,
    /// The defaults of its parameters, by name, evaluated when the `def` was.
    pub defaults: FxHashMap<Name, Value<'a>>,
    /// What a call gives.
    pub kind: FunctionKind,
    /// The class in whose body it was defined.
    pub class: Option<Id>,
    /// What its `__name__` was set to, mostly by `functools.wraps`.
    pub renamed: RefCell<Option<Value<'a>>>,
}

impl<'a> Function<'a> {
    /// Its `__name__`.
    pub fn dunder_name(&self) -> Value<'a> {
        self.renamed.borrow().clone().unwrap_or_else(|| Value::str(self.name.as_str()))
    }
}

/// The code of a function.
#[derive(Clone, Copy, Debug)]
pub enum Body<'a> {
    /// The statements of a `def`.
    Statements(&'a [Stmt]),
    /// The expression of a lambda.
    Expression(&'a Expr),
}

/// What a call of a function gives.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum FunctionKind {
    /// It runs, and gives what it returns.
    Plain,
    /// A generator, which runs when somebody iterates over it.
    Generator,
    /// A coroutine, which runs when somebody awaits it.
    Coroutine,
    /// An asynchronous generator.
    AsyncGenerator,
}

/// One binding of a namespace.
#[derive(Clone, Debug)]
pub struct Slot<'a> {
    /// What the name is bound to.
    pub value: Value<'a>,
    /// The statement or target that bound it last, in the file of the namespace's module.
    pub range: TextRange,
}

/// An object on the heap.
#[derive(Clone, Debug)]
pub struct Object<'a> {
    /// What it is.
    pub kind: Kind<'a>,
    /// Its attributes, or the names of a scope.
    pub slots: FxHashMap<Name, Slot<'a>>,
    /// Whether it may have attributes that nobody saw being set.
    pub open: bool,
}

/// What an object on the heap is.
#[derive(Clone, Debug)]
pub enum Kind<'a> {
    /// The names of a function call.
    Scope,
    /// A module of the project.
    Module(Rc<ModuleContext<'a>>),
    /// A package without `__init__.py`, with the folders that make it up.
    NamespacePackage(Name, Rc<Vec<std::path::PathBuf>>),
    /// A class of the project.
    Class(Rc<Class<'a>>),
    /// An instance of a class of the project.
    Instance(Id),
    /// What a call into a library gave, by its path, such as `flask.Flask()`.
    Library(Name, Rc<Arguments<'a>>),
    /// A list, and whether it may hold more than what is known.
    List(Rc<Vec<Value<'a>>>, bool),
    /// A set, treated alike.
    Set(Rc<Vec<Value<'a>>>, bool),
    /// A dictionary, and whether it may hold more than what is known.
    Dict(Rc<Vec<(Value<'a>, Value<'a>)>>, bool),
    /// A generator, coroutine or other call that was not run yet.
    Suspended(Rc<Function<'a>>, Rc<Arguments<'a>>),
    /// A generator expression, `map` or `filter` that nobody has asked for its items yet.
    Lazy(Rc<Lazy<'a>>),
    /// `functools.partial`.
    Partial(Value<'a>, Rc<Arguments<'a>>),
    /// `property`, `staticmethod`, `classmethod`, `contextlib.contextmanager` around a function.
    Wrapped(Wrapper, Value<'a>),
    /// `super()`: the class after which to look, and the receiver.
    Super(Id, Value<'a>),
    /// A `pathlib` path with known text.
    Path(Rc<str>),
    /// An exception object of a library or built-in class, by its path.
    Exception(Name),
}

/// What stands around a function.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Wrapper {
    /// `property` and its relatives.
    Property,
    /// `staticmethod`.
    StaticMethod,
    /// `classmethod`.
    ClassMethod,
    /// `contextlib.contextmanager`.
    ContextManager,
    /// `functools.lru_cache` and its relatives around a function without parameters: it runs once.
    Cached,
}

/// A class of the project.
#[derive(Debug)]
pub struct Class<'a> {
    /// Its name.
    pub name: Name,
    /// Its bases.
    pub bases: Vec<Value<'a>>,
}

/// The evaluated arguments of a call.
#[derive(Clone, Debug, Default)]
pub struct Arguments<'a> {
    /// By position.
    pub positional: Vec<Value<'a>>,
    /// By name.
    pub keywords: Vec<(Name, Value<'a>)>,
    /// Whether a `*` or `**` brought more that is not known.
    pub open: bool,
}

impl<'a> Arguments<'a> {
    /// These positional arguments alone.
    pub fn of(positional: Vec<Value<'a>>) -> Self {
        Self { positional, ..Self::default() }
    }

    /// All of them.
    pub fn all(&self) -> impl Iterator<Item = &Value<'a>> {
        self.positional.iter().chain(self.keywords.iter().map(|(_, value)| value))
    }

    /// The argument of that name or, failing that, at that position.
    pub fn get(&self, name: &str, position: usize) -> Option<&Value<'a>> {
        self.keyword(name).or_else(|| self.positional.get(position))
    }

    /// The argument of that name.
    pub fn keyword(&self, name: &str) -> Option<&Value<'a>> {
        self.keywords.iter().find(|(key, _)| key == name).map(|(_, value)| value)
    }
}

impl<'a> Value<'a> {
    /// A string. One that has grown beyond what names and paths need is not remembered: a loop can double it for ever.
    pub fn str(text: impl AsRef<str>) -> Self {
        const LONGEST: usize = 256 << 10;
        let text = text.as_ref();
        if text.len() > LONGEST { Self::Unknown } else { Self::Str(Rc::from(text)) }
    }

    /// Something of a library, by its qualified name.
    pub fn library(path: impl Into<Name>) -> Self {
        Self::Library(Rc::new(Library { path: path.into(), receiver: None }))
    }

    /// The text of a string.
    pub fn as_str(&self) -> Option<&str> {
        match self {
            Self::Str(text) => Some(text),
            _ => None,
        }
    }

    /// The object on the heap, where it is one.
    pub fn object(&self) -> Option<Id> {
        match self {
            Self::Object(id) => Some(*id),
            _ => None,
        }
    }

    /// The name of the type of a value that stands for itself, as messages of Python have it.
    pub fn type_name(&self) -> &'static str {
        match self {
            Self::None => "NoneType",
            Self::Bool(_) => "bool",
            Self::Int(_) => "int",
            Self::Float(_) => "float",
            Self::Str(_) => "str",
            Self::Bytes => "bytes",
            Self::Tuple(_) => "tuple",
            Self::Function(_) => "function",
            Self::Method(_) => "method",
            _ => "object",
        }
    }

    /// Whether Python knows no items of such a value: neither `value[key]` nor
    /// `for item in value` can work, whatever the program does.
    pub const fn has_no_items(&self) -> bool {
        matches!(
            self,
            Self::None | Self::Bool(_) | Self::Int(_) | Self::Float(_) | Self::Function(_) | Self::Method(_)
        )
    }

    /// A number, whole or not.
    pub fn as_number(&self) -> Option<f64> {
        match self {
            #[allow(clippy::cast_precision_loss)]
            Self::Int(int) => Some(*int as f64),
            Self::Float(float) => Some(*float),
            _ => None,
        }
    }

    /// The path of something of a library.
    pub fn as_library(&self) -> Option<&str> {
        match self {
            Self::Library(library) => Some(&library.path),
            _ => None,
        }
    }

    /// Whether two values are known to be the same, or equal for plain data.
    pub fn same(&self, other: &Self) -> bool {
        match (self, other) {
            (Self::Unknown, Self::Unknown)
            | (Self::Unbound, Self::Unbound)
            | (Self::None, Self::None)
            | (Self::Bytes, Self::Bytes) => true,
            (Self::Bool(a), Self::Bool(b)) => a == b,
            (Self::Int(a), Self::Int(b)) => a == b,
            (Self::Float(a), Self::Float(b)) => a == b,
            (Self::Str(a), Self::Str(b)) => a == b,
            (Self::Tuple(a), Self::Tuple(b)) => {
                a.len() == b.len() && a.iter().zip(&**b).all(|(x, y)| x.same(y))
            }
            (Self::Object(a), Self::Object(b)) => a == b,
            (Self::Function(a), Self::Function(b)) => {
                Rc::ptr_eq(a, b) || a.range == b.range && a.module.path == b.module.path
            }
            (Self::Method(a), Self::Method(b)) => a.0.range == b.0.range && a.1.same(&b.1),
            (Self::Library(a), Self::Library(b)) => a.path == b.path && a.receiver == b.receiver,
            (Self::Union(a), Self::Union(b)) => {
                a.len() == b.len() && a.iter().all(|x| b.iter().any(|y| x.same(y)))
            }
            _ => false,
        }
    }

    /// One or the other.
    pub fn or(self, other: Self) -> Self {
        /// More alternatives than this are no knowledge.
        const MOST: usize = 6;
        if self.same(&other) {
            return self;
        }
        let mut all: Vec<Self> = Vec::new();
        let mut unknown = false;
        for value in [self, other] {
            let members = match &value {
                Self::Union(members) => members.to_vec(),
                _ => vec![value],
            };
            for member in members {
                unknown |= matches!(member, Self::Unknown);
                if !all.iter().any(|known| known.same(&member)) {
                    all.push(member);
                }
            }
        }
        // "Perhaps nothing at all" is worth keeping beside anything else.
        if unknown || all.len() > MOST {
            return if all.iter().any(|v| matches!(v, Self::Unbound)) {
                Self::Union(Rc::new(vec![Self::Unknown, Self::Unbound]))
            } else {
                Self::Unknown
            };
        }
        Self::Union(Rc::new(all))
    }

    /// The alternatives: the members of a union, else the value itself.
    pub fn alternatives(&self) -> &[Self] {
        match self {
            Self::Union(members) => members,
            single => std::slice::from_ref(single),
        }
    }

    /// The value without the alternative of not being bound; `None` when there is no other.
    pub fn bound(&self) -> Option<Self> {
        match self {
            Self::Unbound => None,
            Self::Union(members) => {
                let mut rest = members.iter().filter(|m| !matches!(m, Self::Unbound)).cloned();
                let first = rest.next()?;
                Some(rest.fold(first, Self::or))
            }
            other => Some(other.clone()),
        }
    }

    /// Whether the name may not be bound at all.
    pub fn may_be_unbound(&self) -> bool {
        self.alternatives().iter().any(|v| matches!(v, Self::Unbound))
    }
}
