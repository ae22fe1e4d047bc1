//! Web frameworks: what registering a route or answering a request tells of an app.

use ruff_python_ast::name::Name;

use super::Call;
use crate::load::effect::RaiseCause;
use crate::load::interp::{Interp, Stop};
use crate::load::value::{Kind, Value};

impl<'a> Interp<'a> {
    /// Two view functions of one endpoint: Flask refuses the second one.
    pub(super) fn register_route(&mut self, call: &Call<'_, 'a>) -> Result<(), Stop<'a>> {
        let (app, endpoint, view) = match call.path {
            "flask.Flask().add_url_rule" => {
                let view = call.arguments.get("view_func", 2).cloned();
                (call.library.receiver, call.arguments.get("endpoint", 1).cloned(), view)
            }
            // The call of what `app.route(...)` gave: its receiver remembers the app.
            _ => {
                let Some(decorator) = call.library.receiver else { return Ok(()) };
                let Kind::Library(_, made_with) = self.heap.kind(decorator).clone() else { return Ok(()) };
                let app = self.heap.slot(decorator, "<made from>").map(|slot| slot.value.clone());
                let app = match app {
                    Some(Value::Object(id)) => Some(id),
                    _ => None,
                };
                (app, made_with.keyword("endpoint").cloned(), call.arguments.positional.first().cloned())
            }
        };
        let (Some(app), Some(Value::Function(view))) = (app, view) else { return Ok(()) };
        let endpoint = match endpoint {
            None | Some(Value::None) => view.name.to_string(),
            Some(Value::Str(name)) => name.to_string(),
            Some(_) => return Ok(()),
        };
        let slot = Name::new(format!("<endpoint {endpoint}>"));
        let view = Value::Function(view);
        let taken = self.heap.slot(app, &slot).is_some_and(|known| match &known.value {
            known @ Value::Function(_) => !known.same(&view),
            _ => false,
        });
        if taken {
            let message =
                format!("View function mapping is overwriting an existing endpoint function: {endpoint}");
            return Err(self.raise("AssertionError", message, RaiseCause::Plain, call.range));
        }
        self.heap.set(app, slot, view, call.range);
        Ok(())
    }

    /// `start_response(status, headers)`, called by an application that is looked at.
    pub(super) fn start_response(&mut self, call: &Call<'_, 'a>) {
        let Some(headers) = call.arguments.get("headers", 1).cloned() else { return };
        let bad = match &headers {
            Value::None | Value::Str(_) => true,
            Value::Object(id) => match self.heap.kind(*id).clone() {
                Kind::Dict(..) => true,
                Kind::List(items, _) => items.iter().any(|item| self.is_bad_header(item)),
                _ => false,
            },
            _ => false,
        };
        if bad && self.bad_headers.is_none() {
            self.bad_headers = Some(self.site(call.range));
        }
    }

    fn is_bad_header(&self, header: &Value<'a>) -> bool {
        let Value::Tuple(pair) = header else { return false };
        pair.iter().any(|part| match part {
            Value::Int(_) | Value::Bool(_) | Value::None | Value::Bytes | Value::Float(_) => true,
            Value::Object(id) => {
                matches!(self.heap.kind(*id), Kind::Library(path, _) if path == "builtins.int()")
            }
            _ => false,
        })
    }
}
