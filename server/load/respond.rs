//! What handlers give back: whether their framework can make a response of it.

use super::answer::last_statement;
use super::effect::{Effect, EffectKind, Raise, RaiseCause};
use super::inherit::Found;
use super::interp::{Interp, Stop};
use super::rehearse::{BIG_HEADER, is_response};
use super::value::{Arguments, Body, Function, Kind, Value};
use crate::text::TextRange;

/// Who takes what a handler gives back.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Taker {
    /// Flask, from a view.
    Flask,
    /// Flask, from a hook that gets the response and has to give one.
    FlaskHook,
    /// Django, from a view.
    Django,
    /// Django, from middleware.
    DjangoMiddleware,
    /// Bottle, from a route.
    Bottle,
    /// Pyramid, from a view without a renderer.
    Pyramid,
}

/// What Flask's encoder knows beside plain data.
pub(super) const FLASK_JSON: &[&str] = &["date", "datetime", "Decimal", "UUID"];

/// What Django's encoder knows beside plain data.
pub(super) const DJANGO_JSON: &[&str] = &["date", "datetime", "timedelta", "Decimal", "UUID"];

impl<'a> Interp<'a> {
    /// What a handler must not give back: nothing at all, the status of a broken gateway, headers that no proxy takes, data
    /// that cannot be sent.
    pub(crate) fn check_answer(&mut self, view: &Value<'a>, answer: &Value<'a>, taker: Taker) {
        let Value::Function(function) = view else { return };
        let Body::Statements(body) = function.look_into() else { return };
        let at = last_statement(body);
        let record = |me: &mut Self, kind: EffectKind| {
            let effect = me.effect_in(function, kind, at);
            me.effects.push(Effect { at_module_level: false, ..effect });
        };
        // Its last statement may still be on its way.
        if matches!(answer, Value::None) && self.snapshot.is_unsaved(&function.module.path) {
            return;
        }
        if let Some(refusal) = self.refusal(&function.name, answer, taker) {
            return record(self, refusal);
        }
        if !matches!(taker, Taker::Flask | Taker::Django) {
            return;
        }
        match answer {
            Value::Object(id)
                if let Kind::Library(path, made) = self.heap.kind(*id).clone()
                    && is_response(&path) =>
            {
                let status = made.keyword("status").cloned();
                let status = status.or_else(|| made.positional.get(1).cloned());
                if let Some(Value::Int(status @ 502..=504)) = status {
                    record(self, EffectKind::AnswersGatewayError(status));
                }
            }
            Value::Tuple(parts) => {
                for part in parts.iter() {
                    if let Value::Int(status @ 502..=504) = part {
                        record(self, EffectKind::AnswersGatewayError(*status));
                    }
                    if self.holds_big_header(part) {
                        record(self, EffectKind::SendsBigHeader);
                    }
                }
            }
            _ => {}
        }
    }

    /// The exception with which a framework refuses what a handler has given back.
    fn refusal(&self, name: &str, answer: &Value<'a>, taker: Taker) -> Option<EffectKind> {
        let nothing = matches!(answer, Value::None);
        let raise = |exception: &str, message: String, cause| {
            Some(EffectKind::Raises(Raise {
                exception: exception.to_owned(),
                message,
                cause,
                ordinary: true,
            }))
        };
        match taker {
            Taker::Flask => {
                let body = match answer {
                    // A body with a status, headers or both.
                    Value::Tuple(parts) if matches!(parts.len(), 2 | 3) => parts.first()?,
                    _ => answer,
                };
                if let Some(what) = self
                    .unserialisable(body, FLASK_JSON)
                    .filter(|_| is_data(self, body) && !self.has_own_json())
                {
                    let message = format!("Object of type {what} is not JSON serializable");
                    return raise("TypeError", message, RaiseCause::NoResponse);
                }
                let refused = match body {
                    Value::None | Value::Int(_) | Value::Float(_) | Value::Bool(_) => true,
                    Value::Object(id) => matches!(self.heap.kind(*id), Kind::Set(..)),
                    _ => false,
                };
                if !refused {
                    return None;
                }
                let message = format!("The view function for '{name}' did not return a valid response");
                raise("TypeError", message, RaiseCause::NoResponse)
            }
            Taker::FlaskHook if nothing => {
                let message = "'NoneType' object is not callable".to_owned();
                raise("TypeError", message, RaiseCause::NotGivenBack)
            }
            Taker::Django if nothing => {
                let message = format!(
                    "The view {name} didn't return an HttpResponse object. It returned None instead."
                );
                raise("ValueError", message, RaiseCause::NoResponse)
            }
            Taker::Django => {
                let class = match answer {
                    Value::Str(_) => "str",
                    Value::Int(_) => "int",
                    Value::Object(id) if matches!(self.heap.kind(*id), Kind::Dict(..)) => "dict",
                    Value::Object(id) if matches!(self.heap.kind(*id), Kind::List(..)) => "list",
                    _ => return None,
                };
                let message = format!("the view {name} returned a {class}, which is no HttpResponse");
                raise("AttributeError", message, RaiseCause::NoResponse)
            }
            Taker::DjangoMiddleware if nothing => {
                let message = "'NoneType' object has no attribute 'get'".to_owned();
                raise("AttributeError", message, RaiseCause::NoResponse)
            }
            Taker::Bottle => match answer {
                Value::Int(1..) | Value::Float(_) | Value::Bool(true) => {
                    raise("TypeError", "Unsupported response type".to_owned(), RaiseCause::NoResponse)
                }
                _ => None,
            },
            Taker::Pyramid if nothing => {
                let message =
                    "Could not convert return value of the view callable into a response object".to_owned();
                raise("ValueError", message, RaiseCause::NoResponse)
            }
            _ => None,
        }
    }

    /// Headers of a response are one line each.
    pub(super) fn check_header(
        &self,
        into: Option<&str>,
        value: &Value<'a>,
        range: TextRange,
    ) -> Result<(), Stop<'a>> {
        let lines = value.as_str().is_some_and(|text| text.contains(['\n', '\r']));
        let into =
            into.filter(|path| path.strip_suffix(".headers").is_some_and(is_response)).filter(|_| lines);
        let Some(framework) = into.and_then(|path| path.split('.').next()) else { return Ok(()) };
        let message = "Header values must not contain newline characters.";
        Err(match framework {
            "django" => self.raise_library("django.http.BadHeaderError", message, RaiseCause::Plain, range),
            _ => self.raise("ValueError", message, RaiseCause::Plain, range),
        })
    }

    /// Whether an app may have an encoder of its own.
    pub(super) fn has_own_json(&self) -> bool {
        const OWN: &[&str] = &["json", "json_provider_class", "json_encoder"];
        self.heap.slot(self.overrides, "json.JSONEncoder.default").is_some()
            || self.registered.iter().filter_map(|one| one.app).any(|app| {
                let is_plain =
                    matches!(self.heap.kind(app), Kind::Library(path, _) if path.starts_with("flask."));
                !is_plain || OWN.iter().any(|name| self.heap.slot(app, name).is_some())
            })
    }

    /// Data is made JSON of by a call that raises for what it does not know.
    pub(super) fn check_json(
        &self,
        path: &str,
        arguments: &Arguments<'a>,
        range: TextRange,
    ) -> Result<(), Stop<'a>> {
        let (data, more): (Vec<&Value<'a>>, _) = match path {
            "flask.jsonify" if !self.has_own_json() => {
                let keywords = arguments.keywords.iter().map(|(_, value)| value);
                (arguments.positional.iter().chain(keywords).collect(), FLASK_JSON)
            }
            "json.dumps" | "json.dump" => {
                let own = ["cls", "default"].iter().any(|name| arguments.keyword(name).is_some());
                if own
                    || arguments.open
                    || self.heap.slot(self.overrides, "json.JSONEncoder.default").is_some()
                {
                    return Ok(());
                }
                (arguments.positional.first().into_iter().collect(), &[])
            }
            "django.http.JsonResponse" if arguments.get("encoder", 1).is_none() && !arguments.open => {
                let Some(data) = arguments.get("data", 0) else { return Ok(()) };
                let safe = arguments.get("safe", 2).is_none_or(|safe| self.truth(safe) == Some(true));
                let is_list =
                    matches!(data, Value::Object(id) if matches!(self.heap.kind(*id), Kind::List(..)));
                if safe && (is_list || matches!(data, Value::Str(_) | Value::Int(_) | Value::Tuple(_))) {
                    let message = "In order to allow non-dict objects to be serialized set the safe parameter to False.";
                    return Err(self.raise("TypeError", message, RaiseCause::Plain, range));
                }
                (vec![data], DJANGO_JSON)
            }
            _ => return Ok(()),
        };
        match data.into_iter().find_map(|value| self.unserialisable(value, more)) {
            Some(class) => {
                let message = format!("Object of type {class} is not JSON serializable");
                Err(self.raise("TypeError", message, RaiseCause::Plain, range))
            }
            None => Ok(()),
        }
    }

    /// A view gets the parts of its route as arguments, all of them and no others. `own` parameters in front come from the
    /// framework itself.
    pub(crate) fn check_view_arguments(&mut self, function: &Function<'a>, route: &[String], own: usize) {
        let Some(parameters) = function.parameters else { return };
        let takes_all = parameters.kwarg.is_some();
        if parameters.vararg.is_some() && own > 0 {
            return;
        }
        let named = || parameters.args.iter().skip(own).chain(&parameters.kwonlyargs);
        let surplus = route.iter().find(|name| !named().any(|p| p.parameter.name.as_str() == name.as_str()));
        let missing = named().find(|p| {
            let name = p.parameter.name.as_str();
            p.default.is_none() && !route.iter().any(|given| given == name)
        });
        let message = match (surplus.filter(|_| !takes_all), missing) {
            (Some(name), _) => format!("{}() got an unexpected keyword argument '{name}'", function.name),
            (None, Some(parameter)) => format!(
                "{}() missing 1 required positional argument: '{}'",
                function.name, parameter.parameter.name
            ),
            (None, None) => return,
        };
        let exception = "TypeError".to_owned();
        let raise = Raise { exception, message, cause: RaiseCause::ViewArguments, ordinary: true };
        let effect = self.effect_in(function, EffectKind::Raises(raise), function.name_range);
        self.effects.push(effect);
    }

    fn holds_big_header(&self, headers: &Value<'a>) -> bool {
        let Value::Object(id) = headers else { return false };
        let big = |value: &Value<'a>| value.as_str().is_some_and(|text| text.len() >= BIG_HEADER);
        match self.heap.kind(*id) {
            Kind::Dict(items, _) => items.iter().any(|(_, value)| big(value)),
            Kind::List(items, _) => {
                items.iter().any(|item| matches!(item, Value::Tuple(pair) if pair.iter().any(big)))
            }
            _ => false,
        }
    }

    /// The class of something in a value that is no JSON, and that the encoder does not know; `more` is what it knows beside
    /// plain data.
    pub(super) fn unserialisable(&self, value: &Value<'a>, more: &[&str]) -> Option<String> {
        match value {
            Value::Bytes => Some("bytes".to_owned()),
            Value::Function(_) => Some("function".to_owned()),
            Value::Tuple(items) => items.iter().find_map(|item| self.unserialisable(item, more)),
            Value::Object(id) => match self.heap.kind(*id) {
                Kind::List(items, false) => items.iter().find_map(|item| self.unserialisable(item, more)),
                Kind::Dict(items, false) => {
                    items.iter().find_map(|(_, item)| self.unserialisable(item, more))
                }
                Kind::Set(..) => Some("set".to_owned()),
                Kind::Instance(class) => {
                    let is_data_class = self.heap.slot(*class, "__dataclass_fields__").is_some();
                    let has = |name: &&str| !matches!(self.find_in_class(*class, name), Found::Nowhere);
                    let encodes = ["__html__", "__json__", "__getattr__"].iter().any(has);
                    let plain = !encodes && (!is_data_class || more.is_empty());
                    self.class_name(*class).filter(|_| plain).map(|name| name.to_string())
                }
                Kind::Library(path, _) => {
                    let class = match path.as_str() {
                        "datetime.datetime.now()"
                        | "datetime.datetime.utcnow()"
                        | "datetime.datetime.today()"
                        | "datetime.datetime()" => "datetime",
                        "datetime.date.today()" | "datetime.date()" => "date",
                        "datetime.timedelta()" => "timedelta",
                        "decimal.Decimal()" => "Decimal",
                        "uuid.uuid4()" | "uuid.uuid1()" => "UUID",
                        _ => return None,
                    };
                    (!more.contains(&class)).then(|| class.to_owned())
                }
                _ => None,
            },
            _ => None,
        }
    }
}

/// Whether Flask makes JSON of a value.
fn is_data(interp: &Interp<'_>, value: &Value<'_>) -> bool {
    value.object().is_some_and(|id| matches!(interp.heap.kind(id), Kind::Dict(..) | Kind::List(..)))
}
