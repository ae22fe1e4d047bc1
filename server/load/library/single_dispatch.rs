//! `functools.singledispatch`: which of several functions a call runs, by the class of its first argument.

use std::rc::Rc;

use ruff_python_ast::name::Name;

use super::Call;
use crate::load::interp::{Interp, Stop};
use crate::load::value::{Arguments, Id, Kind, Value};

/// The slot of a dispatching function that holds its variants: for each a class and a function.
const VARIANTS: &str = "<variants>";

impl<'a> Interp<'a> {
    /// `show(value)`, `@show.register` and `@show.register(Class)`; `None` when nothing is known of what the call gives.
    pub(super) fn use_single_dispatch(&mut self, call: &Call<'_, 'a>) -> Result<Option<Value<'a>>, Stop<'a>> {
        let Some(receiver) = call.library.receiver else { return Ok(None) };
        match call.path {
            "functools.singledispatch()" => self.dispatch(receiver, call),
            "functools.singledispatch().register" => match call.arguments.positional.as_slice() {
                [function @ Value::Function(def)] => {
                    let parameters = def.parameters.and_then(|all| all.iter_non_variadic_params().next());
                    let class = match parameters.and_then(|first| first.parameter.annotation()) {
                        Some(annotation) => self.eval(annotation)?,
                        None => Value::Unknown,
                    };
                    self.add_variant(receiver, class, function.clone(), call);
                    Ok(Some(function.clone()))
                }
                // `@show.register(Class)` decorates later.
                [class] => {
                    let path = Name::new_static("functools.singledispatch().register()");
                    let made = Arguments::of(vec![class.clone()]);
                    let decorator = self.heap.allocate(Kind::Library(path, Rc::new(made)));
                    self.heap.set_made_from(decorator, receiver, call.range);
                    Ok(Some(Value::Object(decorator)))
                }
                [class, function] => {
                    self.add_variant(receiver, class.clone(), function.clone(), call);
                    Ok(Some(function.clone()))
                }
                _ => Ok(None),
            },
            "functools.singledispatch().register()" => {
                let class = match self.heap.kind(receiver) {
                    Kind::Library(_, made) => made.positional.first().cloned(),
                    _ => None,
                };
                let (Some(dispatcher), Some(function)) =
                    (self.heap.made_from(receiver), call.arguments.positional.first())
                else {
                    return Ok(None);
                };
                self.add_variant(dispatcher, class.unwrap_or(Value::Unknown), function.clone(), call);
                Ok(Some(function.clone()))
            }
            _ => Ok(None),
        }
    }

    fn add_variant(&mut self, dispatcher: Id, class: Value<'a>, function: Value<'a>, call: &Call<'_, 'a>) {
        let mut variants = self.variants(dispatcher);
        variants.push(Value::Tuple(vec![class, function].into()));
        self.heap.set(dispatcher, Name::new_static(VARIANTS), Value::Tuple(variants.into()), call.range);
    }

    fn variants(&self, dispatcher: Id) -> Vec<Value<'a>> {
        match self.heap.slot(dispatcher, VARIANTS).map(|slot| &slot.value) {
            Some(Value::Tuple(variants)) => variants.to_vec(),
            _ => Vec::new(),
        }
    }

    /// Calls the only variant whose class fits, or the function itself when none does.
    fn dispatch(&mut self, dispatcher: Id, call: &Call<'_, 'a>) -> Result<Option<Value<'a>>, Stop<'a>> {
        let Kind::Library(_, made) = self.heap.kind(dispatcher).clone() else { return Ok(None) };
        let (Some(default), Some(value)) = (made.positional.first(), call.arguments.positional.first())
        else {
            return Ok(None);
        };
        let mut fitting = Vec::new();
        for variant in self.variants(dispatcher) {
            let Value::Tuple(pair) = variant else { return Ok(None) };
            let [class, function] = pair.as_slice() else { return Ok(None) };
            match self.is_of_class(value, class) {
                Some(true) => fitting.push(function.clone()),
                Some(false) => {}
                None => return Ok(None),
            }
        }
        let function = match fitting.as_slice() {
            [] => default.clone(),
            [only] => only.clone(),
            _ => return Ok(None),
        };
        self.call(&function, call.arguments.clone(), call.range, call.callee).map(Some)
    }

    /// Whether a value is an instance of a class, where that is known.
    fn is_of_class(&self, value: &Value<'a>, class: &Value<'a>) -> Option<bool> {
        let built_in = |name: &str| {
            class.as_library().and_then(|path| path.strip_prefix("builtins.")).map(|wanted| wanted == name)
        };
        match value {
            Value::None => Some(false),
            Value::Bool(_) => Some(built_in("bool")? || built_in("int")?),
            Value::Int(_) | Value::Float(_) | Value::Str(_) | Value::Tuple(_) => match class {
                Value::Object(_) => Some(false),
                _ => built_in(value.type_name()),
            },
            Value::Object(id) => match (self.heap.kind(*id), class) {
                (Kind::Instance(own), Value::Object(wanted)) => {
                    let mut classes = Vec::new();
                    let known = self.ancestors(*own, &mut classes, 0);
                    let fits = classes.contains(wanted);
                    (known || fits).then_some(fits)
                }
                (Kind::Library(path, _), Value::Library(class)) => {
                    let same = path.strip_suffix("()") == Some(class.path.as_str());
                    same.then_some(true).or_else(|| class.path.starts_with("builtins.").then_some(false))
                }
                (Kind::List(..), _) => built_in("list"),
                (Kind::Dict(..), _) => built_in("dict"),
                (Kind::Set(..), _) => built_in("set"),
                _ => None,
            },
            _ => None,
        }
    }
}
