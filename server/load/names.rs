//! Names: reading, binding and deleting them, and all other targets of assignments.

use std::cmp::Ordering;

use ruff_python_ast::Expr;
use ruff_python_ast::name::Name;
use ruff_text_size::Ranged;

use super::effect::{Phase, RaiseCause};
use super::interp::{Eval, Interp, Stop};
use super::suggest::similar_names;
use super::value::Value;
use crate::text::TextRange;

impl<'a> Interp<'a> {
    /// Reads a name: local scopes, then the module, then the built-in names.
    pub fn lookup(&mut self, name: &Name, range: TextRange) -> Eval<'a> {
        let Some(frame) = self.frames.last() else { return Ok(Value::Unknown) };
        let module_scope = frame.module.scope;
        let local = (!frame.globals.contains(name)).then_some(frame.scope);
        let scopes = local.into_iter().chain(frame.closure.iter().rev().copied()).chain([module_scope]);
        let mut seen = None;
        for scope in scopes {
            let Some(slot) = self.heap.slot(scope, name) else { continue };
            match (slot.value.bound(), slot.value.may_be_unbound()) {
                (Some(value), false) => return Ok(value),
                (Some(value), true) => {
                    // On some path it is bound here; on the others an outer scope or an error would answer.
                    return Ok(value);
                }
                (None, _) => seen = Some(scope),
            }
        }
        if seen.is_none()
            && let Some(value) = self.builtin(name)
        {
            return Ok(value);
        }
        let open = self.heap.get(module_scope).open || local.is_some_and(|scope| self.heap.get(scope).open);
        if open {
            return Ok(Value::Unknown);
        }
        let mut names = self.names(module_scope);
        names.extend(local.into_iter().filter(|l| *l != module_scope).flat_map(|l| self.names(l)));
        let cause =
            RaiseCause::UndefinedName { name: name.to_string(), similar: similar_names(name, &names) };
        Err(self.raise("NameError", format!("name '{name}' is not defined"), cause, range))
    }

    /// Binds a name in the running scope.
    pub fn bind(&mut self, name: Name, value: Value<'a>, range: TextRange) {
        let Some(frame) = self.frames.last() else { return };
        let is_global = frame.globals.contains(&name);
        let scope = if is_global {
            frame.module.scope
        } else if frame.nonlocals.contains(&name) {
            let outer = frame.closure.iter().rev().copied().find(|s| self.heap.slot(*s, &name).is_some());
            outer.unwrap_or(frame.scope)
        } else {
            frame.scope
        };
        if is_global {
            self.rebind_global(&name, range);
        }
        self.heap.set(scope, name, value, range);
    }

    /// Assigns to a target: a name, an attribute, an item, or a list of targets.
    pub fn assign(&mut self, target: &'a Expr, value: Value<'a>) -> Result<(), Stop<'a>> {
        match target {
            Expr::Name(name) => self.bind(name.id.clone(), value, name.range()),
            Expr::Attribute(inner) => {
                let object = self.eval(&inner.value)?;
                self.set_attribute(&object, &inner.attr.id, value, inner.range())?;
            }
            Expr::Subscript(inner) => {
                let object = self.eval(&inner.value)?;
                let key = self.eval(&inner.slice)?;
                if object.as_library() == Some("flask.session") {
                    self.check_secret_key(inner.range())?;
                }
                self.check_header(object.as_library(), &value, inner.range())?;
                self.check_item_assignment(&object, &value, inner.range())?;
                self.set_item(&object, &key, value, inner.range());
            }
            Expr::Tuple(inner) => self.unpack(&inner.elts, &value)?,
            Expr::List(inner) => self.unpack(&inner.elts, &value)?,
            Expr::Starred(inner) => self.assign(&inner.value, Value::Unknown)?,
            _ => {}
        }
        Ok(())
    }

    fn unpack(&mut self, targets: &'a [Expr], value: &Value<'a>) -> Result<(), Stop<'a>> {
        let Some(first) = targets.first() else { return Ok(()) };
        if matches!(value, Value::None | Value::Int(_) | Value::Bool(_) | Value::Function(_)) {
            let message = format!("cannot unpack non-iterable {} object", value.type_name());
            return Err(self.raise("TypeError", message, RaiseCause::Plain, first.range()));
        }
        let items = self.iterate(value, TextRange::default())?;
        let starred = targets.iter().any(Expr::is_starred_expr);
        let wanted = targets.len() - usize::from(starred);
        let given = items.known.len();
        if !items.open && !items.endless && (self.phase == Phase::Request || self.is_private(value)) {
            let message = match given.cmp(&wanted) {
                Ordering::Less => {
                    Some(format!("not enough values to unpack (expected {wanted}, got {given})"))
                }
                Ordering::Greater if !starred => {
                    Some(format!("too many values to unpack (expected {wanted})"))
                }
                _ => None,
            };
            if let Some(message) = message {
                return Err(self.raise("ValueError", message, RaiseCause::Plain, first.range()));
            }
        }
        let exact = !items.open && items.known.len() == targets.len();
        let exact = exact && !starred;
        for (at, target) in targets.iter().enumerate() {
            let item = if exact { items.known[at].clone() } else { Value::Unknown };
            self.assign(target, item)?;
        }
        Ok(())
    }

    /// `del` of a name, an attribute or an item.
    pub fn delete(&mut self, target: &'a Expr) -> Result<(), Stop<'a>> {
        match target {
            Expr::Name(name) => {
                // Reading it first raises the error that Python raises for a name that is not bound.
                self.lookup(&name.id, name.range())?;
                self.bind(name.id.clone(), Value::Unbound, name.range());
            }
            Expr::Attribute(inner) => {
                let object = self.eval(&inner.value)?;
                if let Value::Object(id) = object {
                    self.heap.set(id, inner.attr.id.clone(), Value::Unbound, inner.range());
                }
            }
            Expr::Subscript(inner) => {
                let object = self.eval(&inner.value)?;
                let key = self.eval(&inner.slice)?;
                self.delete_item(&object, &key);
            }
            Expr::Tuple(inner) => {
                for target in &inner.elts {
                    self.delete(target)?;
                }
            }
            _ => {}
        }
        Ok(())
    }
}
