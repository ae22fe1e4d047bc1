//! Attributes: of modules, classes, instances and libraries.

use std::rc::Rc;

use ruff_python_ast::name::Name;

use super::effect::{Phase, RaiseCause};
use super::inherit::Found;
use super::interp::{Eval, Interp};
use super::suggest::similar_names;
use super::value::{Arguments, Function, Id, Kind, Library, Value, Wrapper};
use crate::catalog::calls;
use crate::text::TextRange;

impl<'a> Interp<'a> {
    /// `object.name`.
    pub fn attribute(&mut self, object: &Value<'a>, name: &Name, range: TextRange) -> Eval<'a> {
        match object {
            Value::Library(library) => {
                self.library_attribute(&library.path.clone(), name, library.receiver, range)
            }
            Value::Object(id) => self.object_attribute(*id, object, name, range),
            Value::Str(_) => {
                self.check_built_in("str", name, range)?;
                Ok(self.bound_builtin("builtins.str()", object, name))
            }
            Value::Bytes | Value::Tuple(_) | Value::Int(_) | Value::Float(_) | Value::Bool(_) => {
                self.check_built_in(object.type_name(), name, range)?;
                Ok(Value::Unknown)
            }
            Value::Function(function) => Ok(match name.as_str() {
                "__name__" | "__qualname__" => function.dunder_name(),
                _ => Value::Unknown,
            }),
            Value::Union(members) => {
                let mut result: Option<Value<'a>> = None;
                for member in members.iter() {
                    // An alternative without the attribute would raise; the others go on.
                    let one = match member {
                        Value::None => continue,
                        _ => match self.attribute(member, name, range) {
                            Ok(value) => value,
                            Err(stop) => {
                                self.may_raise(stop);
                                continue;
                            }
                        },
                    };
                    result = Some(result.map_or(one.clone(), |known| known.or(one)));
                }
                Ok(result.unwrap_or(Value::Unknown))
            }
            Value::None => {
                let message = format!("'NoneType' object has no attribute '{name}'");
                if name.starts_with("__") {
                    return Ok(Value::Unknown);
                }
                Err(self.misused_none("AttributeError", message, range))
            }
            _ => Ok(Value::Unknown),
        }
    }

    /// A method of a built-in value, which keeps the value it was taken from.
    fn bound_builtin(&mut self, path: &str, object: &Value<'a>, name: &Name) -> Value<'a> {
        let arguments = Rc::new(Arguments::of(vec![object.clone()]));
        let receiver = self.heap.allocate(Kind::Library(Name::new(path), arguments));
        Value::Library(Rc::new(Library {
            path: Name::new(format!("{path}.{name}")),
            receiver: Some(receiver),
        }))
    }

    fn library_attribute(
        &mut self,
        path: &str,
        name: &Name,
        receiver: Option<Id>,
        range: TextRange,
    ) -> Eval<'a> {
        let full = calls::canonical(format!("{}.{name}", calls::alias(path).unwrap_or(path)));
        if let Some(slot) = self.heap.slot(self.overrides, &full) {
            return Ok(slot.value.bound().unwrap_or(Value::Unknown));
        }
        // A module of the project that was imported under a library's package.
        if let Some(slot) = self.heap.slot(self.modules, &full)
            && let Some(Value::Object(id)) = slot.value.bound()
        {
            return Ok(Value::Object(id));
        }
        if let Some(removed) = self.environment.removed(&full) {
            let attribute = full.replace("()", "");
            let short = attribute
                .rsplit('.')
                .take(2)
                .collect::<Vec<_>>()
                .into_iter()
                .rev()
                .collect::<Vec<_>>()
                .join(".");
            let message = format!("'{short}' is gone since {} {}", removed.distribution, removed.since);
            let cause = RaiseCause::RemovedAttribute {
                attribute: short,
                removed_in: format!("{} {}", removed.distribution, removed.since),
                instead: removed.instead.clone(),
            };
            return Err(self.raise("AttributeError", message, cause, range));
        }
        if matches!(path, "flask.current_app" | "flask.request" | "flask.g" | "flask.session")
            && !name.starts_with("__")
        {
            self.need_context(range)?;
        }
        if let Some(value) = self.library_constant(&full) {
            return Ok(value);
        }
        self.check_library_attribute(path, name, range)?;
        Ok(Value::Library(Rc::new(Library { path: Name::new(full), receiver })))
    }

    fn object_attribute(&mut self, id: Id, object: &Value<'a>, name: &Name, range: TextRange) -> Eval<'a> {
        match self.heap.kind(id).clone() {
            Kind::Module(module) => {
                if let Some(slot) = self.heap.slot(id, name)
                    && let Some(value) = slot.value.bound()
                {
                    return Ok(value);
                }
                let submodule = format!("{}.{name}", module.name);
                if let Some(value) =
                    self.heap.slot(self.modules, &submodule).and_then(|slot| slot.value.bound())
                {
                    return Ok(value);
                }
                if let Some(hook) = self.heap.slot(id, "__getattr__").and_then(|slot| slot.value.bound()) {
                    return self.call(&hook, Arguments::of(vec![Value::str(name.as_str())]), range, range);
                }
                if name == "__dict__" {
                    return Ok(Value::Object(id));
                }
                if name == "__path__"
                    && let Some(folder) =
                        module.path.parent().filter(|_| module.path.ends_with("__init__.py"))
                {
                    let folders = vec![Value::str(folder.to_string_lossy())];
                    return Ok(Value::Object(self.heap.allocate(Kind::List(folders.into(), false))));
                }
                if self.heap.get(id).open || name.starts_with("__") {
                    return Ok(Value::Unknown);
                }
                let message = format!("module '{}' has no attribute '{name}'", module.name);
                let circular = self.is_running(id);
                let cause = RaiseCause::MissingName {
                    module: module.name.to_string(),
                    name: name.to_string(),
                    similar: similar_names(name, &self.names(id)),
                    circular,
                    path: module.path.clone(),
                };
                Err(self.raise("AttributeError", message, cause, range))
            }
            Kind::NamespacePackage(package, _) => {
                let submodule = format!("{package}.{name}");
                let known = self.heap.slot(self.modules, &submodule).and_then(|slot| slot.value.bound());
                Ok(known.unwrap_or(Value::Unknown))
            }
            Kind::Class(_) => match self.find_in_class(id, name) {
                Found::Here(value) => {
                    match self.read_descriptor(&value, &Value::None, object.clone(), range)? {
                        Some(answer) => Ok(answer),
                        None => self.bind_class_attribute(value, id),
                    }
                }
                Found::InLibrary(base) => {
                    self.check_member(id, name, range)?;
                    self.library_attribute(&base, name, Some(id), range)
                }
                Found::Nowhere | Found::Unknown => Ok(match name.as_str() {
                    "__name__" | "__qualname__" => {
                        self.class_name(id).map_or(Value::Unknown, |n| Value::str(n.as_str()))
                    }
                    "mro" => Value::Unknown,
                    _ => {
                        self.check_lacking(id, None, name, range)?;
                        Value::Unknown
                    }
                }),
            },
            Kind::Instance(class) => {
                if self.may_have_changed(id, name) {
                    return Ok(Value::Unknown);
                }
                if let Some(value) = self.heap.slot(id, name).and_then(|slot| slot.value.bound()) {
                    if !self.is_private(object) {
                        self.share(&value);
                    }
                    return Ok(value);
                }
                if name == "__class__" {
                    return Ok(Value::Object(class));
                }
                match self.find_in_class(class, name) {
                    // What stands in the class is only a default there.
                    Found::Here(value) if self.may_be_filled(class, &value) => Ok(Value::Unknown),
                    Found::Here(value) => self.bind_instance_attribute(value, object, range),
                    Found::InLibrary(base) => {
                        self.check_tuple_attribute(class, &base, name, range)?;
                        let path = format!("{base}()");
                        self.library_attribute(&path, name, Some(id), range)
                    }
                    Found::Nowhere | Found::Unknown => {
                        if name == "__dict__" {
                            self.heap.set_open(id);
                        }
                        self.check_lacking(class, Some(id), name, range)?;
                        Ok(Value::Unknown)
                    }
                }
            }
            Kind::Library(path, _) => {
                if let Some(value) = self.heap.slot(id, name).and_then(|slot| slot.value.bound()) {
                    return Ok(value);
                }
                self.library_attribute(&path, name, Some(id), range)
            }
            Kind::List(..) => {
                self.check_built_in("list", name, range)?;
                Ok(self.container_method("builtins.list()", id, name))
            }
            Kind::Set(..) => {
                self.check_built_in("set", name, range)?;
                Ok(self.container_method("builtins.set()", id, name))
            }
            Kind::Dict(..) => {
                self.check_built_in("dict", name, range)?;
                Ok(self.container_method("builtins.dict()", id, name))
            }
            Kind::Path(text) => Ok(self.path_attribute(&text, id, name)),
            Kind::Suspended(..) | Kind::Lazy(_) => {
                Ok(self.container_method("builtins.generator()", id, name))
            }
            Kind::Super(after, receiver) => Ok(match self.find_after(after, &receiver, name) {
                Found::Here(value) => self.bind_instance_attribute(value, &receiver, range)?,
                Found::InLibrary(base) => {
                    let receiver = match receiver {
                        Value::Object(id) => Some(id),
                        _ => None,
                    };
                    let path = Name::new(format!("{base}().{name}"));
                    Value::Library(Rc::new(Library { path, receiver }))
                }
                Found::Nowhere | Found::Unknown => {
                    self.share(&receiver);
                    Value::Unknown
                }
            }),
            Kind::Scope => Ok(self.container_method("builtins.dict()", id, name)),
            Kind::Partial(inner, _) => Ok(if name == "func" { inner } else { Value::Unknown }),
            Kind::Wrapped(_, inner) => Ok(match name.as_str() {
                // `@name.setter` and its relatives leave the property readable.
                "setter" | "getter" | "deleter" => Value::Library(Rc::new(Library {
                    path: Name::new(format!("builtins.property().{name}")),
                    receiver: Some(id),
                })),
                "fget" | "__wrapped__" => inner,
                _ => Value::Unknown,
            }),
            Kind::Exception(_) => Ok(Value::Unknown),
        }
    }

    fn container_method(&self, path: &str, id: Id, name: &Name) -> Value<'a> {
        Value::Library(Rc::new(Library { path: Name::new(format!("{path}.{name}")), receiver: Some(id) }))
    }

    /// Whether another request may have set this attribute of an object that all requests share.
    fn may_have_changed(&self, id: Id, name: &Name) -> bool {
        self.phase == Phase::Request
            && id.0 < self.served_from
            && self.changing.contains(name)
            && !self.set_by_request.contains(&(id, name.clone()))
    }

    /// A method of an object that the project's own classes define.
    pub fn method(&mut self, object: &Value<'a>, name: &str) -> Option<Value<'a>> {
        let Value::Object(id) = object else { return None };
        let Kind::Instance(class) = *self.heap.kind(*id) else { return None };
        match self.find_in_class(class, name) {
            Found::Here(value @ (Value::Function(_) | Value::Object(_))) => {
                self.bind_instance_attribute(value, object, TextRange::default()).ok()
            }
            _ => None,
        }
    }

    fn bind_instance_attribute(
        &mut self,
        value: Value<'a>,
        object: &Value<'a>,
        range: TextRange,
    ) -> Eval<'a> {
        Ok(match &value {
            Value::Function(function) => self.bound_method(function, object),
            Value::Object(id) => match self.heap.kind(*id).clone() {
                Kind::Wrapped(Wrapper::Property, inner) => {
                    self.call(&inner, Arguments::of(vec![object.clone()]), range, range)?
                }
                Kind::Wrapped(Wrapper::StaticMethod, inner) => inner,
                Kind::Wrapped(Wrapper::ClassMethod, Value::Function(function)) => {
                    let class = match object {
                        Value::Object(id) => match self.heap.kind(*id) {
                            Kind::Instance(class) => Value::Object(*class),
                            _ => object.clone(),
                        },
                        _ => Value::Unknown,
                    };
                    self.bound_method(&function, &class)
                }
                Kind::Instance(_) => {
                    let owner = object.object().map_or(Value::Unknown, |of| match self.heap.kind(of) {
                        Kind::Instance(class) => Value::Object(*class),
                        _ => Value::Unknown,
                    });
                    self.read_descriptor(&value, object, owner, range)?.unwrap_or(value)
                }
                _ => value,
            },
            _ => value,
        })
    }

    fn bind_class_attribute(&mut self, value: Value<'a>, class: Id) -> Eval<'a> {
        Ok(match &value {
            Value::Object(id) => match self.heap.kind(*id).clone() {
                Kind::Wrapped(Wrapper::StaticMethod, inner) => inner,
                Kind::Wrapped(Wrapper::ClassMethod, Value::Function(function)) => {
                    self.bound_method(&function, &Value::Object(class))
                }
                _ => value,
            },
            // A member of an enumeration is more than its value.
            Value::Str(_) | Value::Int(_) | Value::Tuple(_) if self.may_be_enumeration(class) => {
                Value::Unknown
            }
            _ => value,
        })
    }

    fn bound_method(&self, function: &Rc<Function<'a>>, receiver: &Value<'a>) -> Value<'a> {
        Value::Method(Rc::new((function.clone(), receiver.clone())))
    }
}
