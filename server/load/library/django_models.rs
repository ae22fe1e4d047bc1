//! Django's models and forms: definitions that raise, and what of the project runs when they are used.

use std::rc::Rc;

use super::Call;
use crate::catalog::handlers::HandlerKind;
use crate::load::effect::{Phase, RaiseCause};
use crate::load::interp::{Interp, Stop};
use crate::load::suggest::similar_names;
use crate::load::value::{Arguments, Id, Kind, Value};
use crate::text::TextRange;

impl<'a> Interp<'a> {
    /// What a manager or a query set gives: an object of the model, where the method gives one; signals are sent and methods
    /// of the model run as Django does it.
    pub(super) fn query(&mut self, call: &Call<'_, 'a>) -> Result<Option<Value<'a>>, Stop<'a>> {
        let Some(class) = self.model_of(call.library.receiver) else { return Ok(None) };
        match call.path.rsplit('.').next() {
            Some("get" | "first" | "last" | "latest" | "earliest" | "get_or_create" | "update_or_create") => {
                let object = Value::Object(self.heap.allocate(Kind::Instance(class)));
                Ok(Some(match call.path.ends_with("_or_create") {
                    true => Value::Tuple(Rc::new(vec![object, Value::Unknown])),
                    false => object,
                }))
            }
            Some("create") => {
                let object = Value::Object(self.heap.allocate(Kind::Instance(class)));
                match self.method(&object, "save") {
                    Some(save) => {
                        let arguments = Arguments { open: true, ..Arguments::default() };
                        self.call(&save, arguments, call.range, call.callee)?;
                    }
                    None => self.send_signals(class, call)?,
                }
                Ok(Some(object))
            }
            _ => Ok(None),
        }
    }

    /// The model whose manager or query set a method belongs to.
    pub(in crate::load) fn model_of(&self, receiver: Option<Id>) -> Option<Id> {
        /// Query sets are chained so often at most.
        const LONGEST: usize = 20;
        self.heap.origins(receiver).take(LONGEST).find_map(|at| match self.heap.kind(at) {
            Kind::Class(_) => Some(at),
            Kind::Instance(class) => Some(*class),
            _ => None,
        })
    }

    /// Calls the receivers of the signals that saving an object of this class sends.
    pub(super) fn send_signals(&mut self, class: Id, call: &Call<'_, 'a>) -> Result<(), Stop<'a>> {
        if self.phase != Phase::Request {
            return Ok(());
        }
        let receivers: Vec<Value<'a>> = self
            .registered
            .iter()
            .filter(|one| one.known.kind == HandlerKind::Signal)
            .filter(|one| {
                let signal = one.rule.as_ref().and_then(Value::as_library).unwrap_or_default();
                let saves = signal.ends_with(".post_save") || signal.ends_with(".pre_save");
                saves && one.sender.as_ref().is_none_or(|sender| sender.same(&Value::Object(class)))
            })
            .map(|one| one.value.clone())
            .collect();
        for receiver in receivers {
            let arguments = Arguments { open: true, ..Arguments::of(vec![Value::Object(class)]) };
            self.call(&receiver, arguments, call.range, call.callee)?;
        }
        Ok(())
    }

    /// `signal.send(...)` of a signal that the project has made.
    pub(super) fn send_own_signal(&mut self, call: &Call<'_, 'a>) -> Result<(), Stop<'a>> {
        let Some(signal) = call.library.receiver.filter(|_| self.phase == Phase::Request) else {
            return Ok(());
        };
        let signals = self.registered.iter().filter(|one| one.known.kind == HandlerKind::Signal);
        let told = signals.filter(|one| one.sender.is_none()).filter(|one| {
            one.rule.as_ref().and_then(Value::object) == Some(signal)
                || one.app == Some(signal) && one.rule.as_ref().and_then(Value::as_library).is_some()
        });
        let receivers: Vec<Value<'a>> = told.map(|one| one.value.clone()).collect();
        for receiver in receivers {
            let arguments = Arguments { open: true, ..Arguments::default() };
            self.call(&receiver, arguments, call.range, call.callee)?;
        }
        Ok(())
    }

    /// `form.is_valid()`: the cleaning methods that the form's class has.
    pub(super) fn clean_form(&mut self, call: &Call<'_, 'a>) -> Result<(), Stop<'a>> {
        let Some(form) = call.library.receiver else { return Ok(()) };
        let Kind::Instance(class) = *self.heap.kind(form) else { return Ok(()) };
        let mut names = self.names(class);
        names.retain(|name| name.starts_with("clean") || name.starts_with("validate"));
        for name in names {
            if let Some(method) = self.method(&Value::Object(form), &name) {
                let arguments = Arguments { open: true, ..Arguments::default() };
                self.call(&method, arguments, call.range, call.callee)?;
            }
        }
        Ok(())
    }

    /// Django gives a model its manager under this name, whatever plain value stands there: `objects = None` quiets type checkers.
    pub fn give_manager(&mut self, class: Id) {
        let is_plain = self.heap.slot(class, "objects").is_some_and(|slot| matches!(slot.value, Value::None));
        if is_plain && self.library_bases(class).iter().any(|base| base == "django.db.models.Model") {
            self.heap.remove(class, "objects");
        }
    }

    /// A model that is defined before the apps are loaded.
    pub fn check_model_class(&self, class: Id, range: TextRange) -> Result<(), Stop<'a>> {
        if self.django.apps_ready
            && self.library_bases(class).iter().any(|base| base == "django.db.models.Model")
        {
            return self.check_model_options(class, range);
        }
        if self.django.apps_ready
            || !self.library_bases(class).iter().any(|base| base == "django.db.models.Model")
        {
            return Ok(());
        }
        let is_abstract = self
            .heap
            .slot(class, "Meta")
            .and_then(|slot| match slot.value {
                Value::Object(meta) => self.heap.slot(meta, "abstract"),
                _ => None,
            })
            .is_some_and(|slot| self.truth(&slot.value) != Some(false));
        if is_abstract {
            return Ok(());
        }
        Err(self.raise("AppRegistryNotReady", "Apps aren't loaded yet.", RaiseCause::Plain, range))
    }

    /// A keyword argument of a model field that is a slip of the fingers.
    pub(super) fn check_field(&self, path: &str, call: &Call<'_, 'a>) -> Result<(), Stop<'a>> {
        const KNOWN: &[&str] = &[
            "verbose_name",
            "name",
            "primary_key",
            "max_length",
            "unique",
            "blank",
            "null",
            "db_index",
            "default",
            "db_default",
            "editable",
            "serialize",
            "unique_for_date",
            "unique_for_month",
            "unique_for_year",
            "choices",
            "help_text",
            "db_column",
            "db_tablespace",
            "auto_created",
            "validators",
            "error_messages",
            "db_comment",
            "db_collation",
            "max_digits",
            "decimal_places",
            "auto_now",
            "auto_now_add",
            "upload_to",
            "storage",
            "width_field",
            "height_field",
            "protocol",
            "unpack_ipv4",
            "path",
            "match",
            "recursive",
            "allow_files",
            "allow_folders",
            "allow_unicode",
            "encoder",
            "decoder",
            "to",
            "on_delete",
            "related_name",
            "related_query_name",
            "limit_choices_to",
            "to_field",
            "db_constraint",
            "swappable",
            "through",
            "through_fields",
            "symmetrical",
            "db_table",
            "parent_link",
            "expression",
            "output_field",
            "db_persist",
            "rel",
        ];
        let class = path.rsplit('.').next().unwrap_or(path);
        let refers = matches!(class, "ForeignKey" | "OneToOneField");
        if refers
            && call.arguments.get("on_delete", 1).is_none()
            && !call.arguments.open
            && !self.is_before_django_2()
        {
            let message = format!("{class}.__init__() missing 1 required positional argument: 'on_delete'");
            return Err(self.raise("TypeError", message, RaiseCause::Plain, call.range));
        }
        for (name, _) in &call.arguments.keywords {
            if KNOWN.contains(&name.as_str()) {
                continue;
            }
            let known: Vec<String> = KNOWN.iter().map(|&name| name.to_owned()).collect();
            if !similar_names(name, &known).is_empty() {
                let message = format!("{class}.__init__() got an unexpected keyword argument '{name}'");
                return Err(self.raise("TypeError", message, RaiseCause::Plain, call.range));
            }
        }
        Ok(())
    }

    /// Whether the host runs a Django that took a `ForeignKey` without `on_delete`: the version says so, or settings that only those
    /// versions read.
    fn is_before_django_2(&self) -> bool {
        let major = self
            .environment
            .release("django")
            .and_then(|release| release.split('.').next()?.parse::<u32>().ok());
        let has = |name: &str| self.django.settings.is_some_and(|id| self.heap.slot(id, name).is_some());
        match major {
            Some(major) => major < 2,
            None => has("MIDDLEWARE_CLASSES") && !has("MIDDLEWARE"),
        }
    }
}
