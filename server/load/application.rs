//! The application object: what the callable's name is bound to when the load is over.

use std::sync::Arc;

use ruff_python_ast::name::Name;

use super::bindings::{self, Place};
use super::effect::Site;
use super::interp::{Interp, Stop};
use super::shape;
use super::suggest::similar_names;
use super::value::{Arguments, Id, Kind, Value};
use crate::hosting::{Failure, VisitorSees};
use crate::text::TextRange;

/// What the host finds under the callable's name.
#[derive(Clone, Debug, PartialEq)]
pub enum Application {
    /// The load did not come to its end, so there is nothing to find.
    NotReached,
    /// Nothing is known against it.
    Usable {
        /// The statement that binds it last, when that is known.
        bound_at: Option<Site>,
        /// What it is, as a noun phrase: "a Flask app".
        what: String,
    },
    /// The name is not bound.
    Missing(Missing),
    /// It is only there for `getattr`, not in the module's dictionary, which is where uWSGI and mod_wsgi look.
    Hidden(Site),
    /// It is bound to something that the host cannot use.
    Unusable {
        /// The statement that binds it last.
        bound_at: Site,
        /// What is wrong with it.
        fault: Fault,
        /// What could take its place.
        candidates: Candidates,
    },
}

/// Applications that the load has made, under other names than the one that the host asks for.
#[derive(Clone, Debug, PartialEq, Default)]
pub struct Candidates {
    /// Names of the entry, with the places that bind them.
    pub here: Vec<(String, Site)>,
    /// Names of imported modules of the project: the dotted name of the module, the name there.
    pub importable: Vec<(String, String)>,
}

/// Why the name is not bound.
#[derive(Clone, Debug, PartialEq, Default)]
pub struct Missing {
    /// Names of nearly the same spelling, with the place that binds them.
    pub similar: Vec<(String, Site)>,
    /// Applications that are bound to other names of the entry, with their places.
    pub other_applications: Vec<(String, Site)>,
    /// Functions of the entry that look like application factories, with their places.
    pub factories: Vec<(String, Site)>,
    /// The statement that took the name away: `del application`, or `except ... as application`.
    pub removed_at: Option<Site>,
    /// A place of the entry that binds the name without the host seeing it.
    pub elsewhere: Option<(Place, Site)>,
    /// A star import that could have brought the name and did not.
    pub star_import: Option<Site>,
    /// Applications of imported modules of the project: the module, the name there.
    pub importable: Vec<(String, String)>,
    /// Whether it is only missing under an assumption.
    pub assumed: bool,
}

/// What is wrong with an application object.
#[derive(Clone, Debug, PartialEq)]
pub enum Fault {
    /// It cannot be called; what it is, as a noun phrase.
    NotCallable(String),
    /// It is a function that makes applications.
    Factory {
        /// Its name.
        name: String,
        /// The parameters that a call has to fill.
        required: Vec<String>,
    },
    /// It is a class whose instances are applications.
    ClassNotInstance {
        /// Its name.
        name: String,
        /// The parameters that a call has to fill.
        required: Vec<String>,
    },
    /// It is called with other parameters than `environ` and `start_response`.
    WrongSignature {
        /// What it is, as a noun phrase.
        what: String,
        /// The name in its `def`, or the whole lambda; `None` when it belongs to a library.
        defined_at: Option<Site>,
    },
    /// It is an ASGI application or a coroutine function.
    Asgi {
        /// What it is, as a noun phrase.
        what: String,
        /// The name in the `async def`, when it is a coroutine function.
        coroutine: Option<Site>,
    },
    /// A Dash object of a version that cannot be called, or another object that holds the application in an attribute.
    HoldsApplication {
        /// What it is, as a noun phrase.
        what: String,
        /// The attribute or call that gives the application: `server`, `wsgifunc()`.
        attribute: String,
    },
    /// It returns something that is no iterable of `bytes`.
    ReturnsText(Site),
    /// It returns one `bytes` object.
    ReturnsBytes(Site),
    /// It returns `None`, a number, or raises after it has called `start_response`.
    ReturnsNothing {
        /// What it returns, as a noun phrase.
        what: String,
        /// Where.
        at: Site,
    },
    /// Its headers are not a list of pairs of strings.
    BadHeaders(Site),
    /// It never calls `start_response`.
    NeverStartsResponse(Site),
}

impl<'a> Interp<'a> {
    /// Puts what a factory returns in its place, where the host is told to call one: `app:create_app()`.
    pub fn call_factory(&mut self, entry: Id) -> Result<(), Stop<'a>> {
        if !self.deployment.calls_factory {
            return Ok(());
        }
        let name = Name::new(&self.deployment.callable);
        let Some(slot) = self.heap.slot(entry, &name).cloned() else { return Ok(()) };
        let Some(factory) = slot.value.bound() else { return Ok(()) };
        // The arguments stand in a configuration file; whatever they are, they are no mistake of the app.
        let arguments = Arguments { open: true, ..Arguments::default() };
        let made = self.call(&factory, arguments, slot.range, slot.range)?;
        self.heap.set(entry, name, made, slot.range);
        Ok(())
    }

    /// Judges what the callable's name is bound to in the namespace of the entry.
    pub fn application(&mut self, entry: Id) -> Application {
        let callable = Name::new(&self.deployment.callable);
        let Kind::Module(context) = self.heap.kind(entry).clone() else { return Application::NotReached };
        let place = |range: TextRange| Site { path: context.path.clone(), range };
        let slot = self.heap.slot(entry, &callable).cloned();
        if let Some(slot) = &slot
            && let Some(value) = slot.value.bound()
        {
            let site = place(slot.range);
            let fault = shape::fault(self, &value, &site).filter(|fault| {
                // A worker that calls the app as ASGI says is given such an app; all else stays wrong.
                !self.deployment.process.is_asgi
                    || matches!(
                        fault,
                        Fault::NotCallable(_) | Fault::Factory { .. } | Fault::ClassNotInstance { .. }
                    )
            });
            return match fault {
                Some(fault) => {
                    let here = self.other_applications(entry, &context.path, &callable);
                    let candidates = Candidates { here, importable: self.importable_applications() };
                    Application::Unusable { bound_at: site, fault, candidates }
                }
                None => Application::Usable { bound_at: Some(site), what: shape::describe(self, &value) },
            };
        }
        if self.heap.get(entry).open || self.half_typed(&context.path) {
            return Application::Usable {
                bound_at: None,
                what: "something that cannot be seen from here".to_owned(),
            };
        }
        if self.deployment.host.visitor_sees(Failure::HiddenApplication) == VisitorSees::Ok {
            let hook = self.heap.slot(entry, "__getattr__").is_some();
            let replaced =
                !matches!(self.loaded_module(&context.name), Some(Value::Object(id)) if id == entry);
            if hook || replaced {
                return Application::Usable {
                    bound_at: None,
                    what: "what the module gives on request".to_owned(),
                };
            }
        } else {
            if let Some(hook) = self.heap.slot(entry, "__getattr__") {
                return Application::Hidden(place(hook.range));
            }
            // These hosts keep to the module that they have made, whatever `sys.modules` holds in its place.
            if let Some(slot) = self.heap.slot(self.modules, &context.name)
                && !matches!(slot.value, Value::Object(id) if id == entry)
            {
                return Application::Hidden(place(slot.range));
            }
        }
        let mut missing = Missing { removed_at: slot.map(|slot| place(slot.range)), ..Missing::default() };
        let names = self.names(entry);
        for name in similar_names(&callable, &names) {
            if let Some(slot) = self.heap.slot(entry, &name)
                && self.is_plausible(&slot.value)
            {
                missing.similar.push((name, place(slot.range)));
            }
        }
        missing.other_applications = self.other_applications(entry, &context.path, &callable);
        for name in names {
            let Some(slot) = self.heap.slot(entry, &name).cloned() else { continue };
            if let Value::Function(function) = &slot.value {
                let lower = function.name.to_lowercase();
                if matches!(
                    lower.as_str(),
                    "create_app" | "make_app" | "get_app" | "create_application" | "make_application"
                ) {
                    missing.factories.push((name, place(slot.range)));
                }
            }
        }
        let body = context.look_into().body();
        let elsewhere = bindings::find(body, &callable);
        missing.elsewhere = elsewhere.map(|found| (found.place, place(found.range)));
        missing.star_import = bindings::star_import(body).map(place);
        missing.importable = self.importable_applications();
        // A condition that reads the environment holds on some hosts.
        missing.assumed = match &missing.elsewhere {
            Some((Place::Condition(test), _)) => {
                let test = context.slice(*test);
                test.contains("environ") || test.contains("getenv")
            }
            _ => false,
        };
        Application::Missing(missing)
    }

    /// Applications that the entry binds to other names.
    fn other_applications(
        &self,
        entry: Id,
        path: &Arc<std::path::Path>,
        callable: &str,
    ) -> Vec<(String, Site)> {
        let names = self.names(entry).into_iter().filter(|name| name != callable);
        names
            .filter_map(|name| {
                let slot = self.heap.slot(entry, &name)?;
                let range = slot.range;
                shape::is_application(self, &slot.value).then(|| (name, Site { path: path.clone(), range }))
            })
            .collect()
    }

    /// Applications that the loaded modules of the project hold.
    fn importable_applications(&self) -> Vec<(String, String)> {
        let mut found = Vec::new();
        for module in self.loaded.iter().skip(1) {
            let Some(Value::Object(id)) = self.loaded_module(&module.name) else { continue };
            for name in self.names(id) {
                let slot = self.heap.slot(id, &name);
                if slot.is_some_and(|slot| shape::is_application(self, &slot.value)) {
                    found.push((module.name.clone(), name));
                }
            }
        }
        found
    }

    fn is_plausible(&self, value: &Value<'a>) -> bool {
        !matches!(value, Value::None | Value::Str(_) | Value::Int(_) | Value::Bool(_) | Value::Unbound)
    }

    /// While the entry does not compile, nobody knows what it will bind.
    fn half_typed(&self, path: &Arc<std::path::Path>) -> bool {
        self.snapshot.python(path, self.deployment.python).is_some_and(|file| !file.compiles())
    }
}
