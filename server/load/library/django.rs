//! Django: settings, apps, middleware and the URLconf, loaded in the order in which Django loads them.

use std::path::Path;
use std::sync::Arc;

use ruff_python_ast::name::Name;

use super::Call;
use crate::hosting::Host;
use crate::load::effect::{EffectKind, Phase, RaiseCause, ServerStart, Site, StartOutcome};
use crate::load::interp::{Interp, Stop};
use crate::load::suggest::similar_names;
use crate::load::value::{Id, Kind, Value};
use crate::text::TextRange;

/// How far Django has come.
#[derive(Debug, Default)]
pub(crate) struct Setup {
    /// Set-up has begun; it is done once.
    pub begun: bool,
    /// All apps are imported, so models may be defined.
    pub apps_ready: bool,
    /// The namespace of the settings module.
    pub settings: Option<Id>,
    /// Where the code names the settings module.
    pub named_at: Option<Site>,
    /// Whether the code may have given the settings itself.
    pub configured: bool,
}

impl<'a> Interp<'a> {
    /// Calls into Django; `None` when nothing is known of what the call gives.
    pub(super) fn call_django(&mut self, call: &Call<'_, 'a>) -> Result<Option<Value<'a>>, Stop<'a>> {
        let first = call.arguments.positional.first();
        match call.path {
            "django.setup" => {
                self.record(EffectKind::SetsUpDjango, call.range);
                self.set_up_django(call.range)?;
                Ok(Some(Value::None))
            }
            "django.core.wsgi.get_wsgi_application" | "django.core.asgi.get_asgi_application" => {
                self.set_up_django(call.range)?;
                self.load_middleware(call.range)?;
                Ok(None)
            }
            "django.conf.settings.configure" => {
                if std::mem::replace(&mut self.django.configured, true) || self.django.settings.is_some() {
                    let message = "Settings already configured.";
                    return Err(self.raise("RuntimeError", message, RaiseCause::Plain, call.range));
                }
                Ok(Some(Value::None))
            }
            "django.core.management.call_command" => {
                if first.and_then(Value::as_str) == Some("runserver") {
                    let reload =
                        call.arguments.keyword("use_reloader").is_none_or(|v| self.truth(v) != Some(false));
                    self.run_server(call, reload)?;
                }
                Ok(Some(Value::None))
            }
            "django.core.management.execute_from_command_line" => {
                let words = match first {
                    Some(value) => self.iterate(value, call.range)?,
                    None => return Ok(Some(Value::None)),
                };
                let words: Vec<&str> = words.known.iter().filter_map(Value::as_str).collect();
                if words.contains(&"runserver") {
                    let reload = !words.contains(&"--noreload");
                    self.run_server(call, reload)?;
                } else if words.first() == Some(&"gunicorn") {
                    // gunicorn's options stay in `sys.argv`, and Django leaves with an error about them.
                    let text = self.callee_text(call);
                    return Err(self.exit(&text, Some(2), call.range));
                }
                Ok(Some(Value::None))
            }
            // Routes for files, which have no names.
            "django.conf.urls.static.static" => {
                Ok(Some(Value::Object(self.heap.allocate(Kind::List(Vec::new().into(), false)))))
            }
            "django.urls.include" | "django.conf.urls.include" | "django.urls.conf.include" => {
                let included = match first {
                    Some(Value::Tuple(pair)) => pair.first(),
                    other => other,
                };
                if let Some(module) = included.and_then(Value::as_str).map(str::to_owned) {
                    self.import_module(&module, call.range)?;
                }
                Ok(None)
            }
            "django.urls.path" | "django.urls.re_path" => {
                self.check_view(call)?;
                Ok(None)
            }
            path if path.contains(".objects.") && path.starts_with("django.") => {
                self.check_table(call)?;
                self.query(call)
            }
            path if path.ends_with("().save") && path.starts_with("django.") => {
                if let Some(class) = self.model_of(call.library.receiver) {
                    self.send_signals(class, call)?;
                }
                Ok(None)
            }
            "django.dispatch.Signal().send" | "django.dispatch.Signal().send_robust" => {
                self.send_own_signal(call)?;
                Ok(None)
            }
            path if path.ends_with("().is_valid") => {
                self.clean_form(call)?;
                Ok(None)
            }
            path if path.starts_with("django.db.models.")
                && (path.ends_with("Field") || path.ends_with("ForeignKey")) =>
            {
                self.check_field(path, call)?;
                Ok(None)
            }
            _ => Ok(None),
        }
    }

    fn run_server(&mut self, call: &Call<'_, 'a>, reload: bool) -> Result<(), Stop<'a>> {
        if reload && self.deployment.host != Host::Gunicorn {
            return Err(self.refuse(call, "Django's development server with its reloader"));
        }
        let server = "Django's development server".to_owned();
        let start = ServerStart { call: self.callee_text(call), server, outcome: StartOutcome::Serves };
        self.record(EffectKind::StartsServer(start), call.range);
        Err(Stop::Halt)
    }

    /// The WSGI handler imports every middleware when it is made.
    fn load_middleware(&mut self, range: TextRange) -> Result<(), Stop<'a>> {
        let Some(settings) = self.django.settings else { return Ok(()) };
        for entry in self.setting_strings(settings, "MIDDLEWARE", range)? {
            let Some((module, name)) = entry.rsplit_once('.') else { continue };
            if let Some(similar) = self.lacks_name(module, name) {
                let cause = RaiseCause::MissingName {
                    module: module.to_owned(),
                    name: name.to_owned(),
                    similar: similar_names(name, &similar),
                    circular: false,
                    path: Arc::from(Path::new("")),
                };
                let message = format!("Module \"{module}\" does not define a \"{name}\" attribute/class");
                let stop = self.raise("ImportError", message, cause, range);
                return Err(self.blame_setting(stop, settings, "MIDDLEWARE", &entry));
            }
            if entry.starts_with("django.") {
                continue;
            }
            let loaded = self.import_module(module, range);
            let loaded = loaded.map_err(|stop| self.blame_setting(stop, settings, "MIDDLEWARE", &entry))?;
            let found = self.import_name(&loaded, module, &Name::new(name), range);
            found.map_err(|stop| self.blame_setting(stop, settings, "MIDDLEWARE", &entry))?;
        }
        Ok(())
    }

    /// Django imports the URLconf when the first request comes.
    pub fn first_django_request(&mut self) {
        let Some(settings) = self.django.settings else { return };
        let urlconf = self.heap.slot(settings, "ROOT_URLCONF").and_then(|slot| slot.value.bound());
        let Some(Value::Str(urlconf)) = urlconf else { return };
        let range = TextRange::default();
        // Without all apps, modules are imported in another order than on the host.
        let unsure = u32::from(!self.knows_all_apps(settings));
        self.doubt.possible += unsure;
        let imported = self.import_module(&urlconf, range);
        let result =
            imported.and_then(|module| self.check_urlconf(&module, range)).map_err(|stop| {
                match self.blame_setting(stop, settings, "ROOT_URLCONF", &urlconf) {
                    Stop::Raise(mut exception) => {
                        exception.effect.phase = Phase::FirstRequest;
                        Stop::Raise(exception)
                    }
                    halt => halt,
                }
            });
        self.doubt.possible -= unsure;
        if let Err(Stop::Raise(exception)) = result {
            self.effects.push(exception.effect);
        }
    }

    /// Whether `INSTALLED_APPS` is wholly known.
    pub(super) fn knows_all_apps(&self, settings: Id) -> bool {
        let apps = self.heap.slot(settings, "INSTALLED_APPS").and_then(|slot| slot.value.bound());
        match apps {
            Some(Value::Object(id)) => match self.heap.kind(id) {
                Kind::List(items, open) => !open && items.iter().all(|item| item.as_str().is_some()),
                _ => false,
            },
            Some(Value::Tuple(items)) => items.iter().all(|item| item.as_str().is_some()),
            Some(_) => false,
            None => true,
        }
    }

    /// Whether `DEBUG` is on, so that Django answers errors with a page of its own.
    pub fn django_debug(&self) -> Option<bool> {
        let settings = self.django.settings?;
        let debug = self.heap.slot(settings, "DEBUG")?;
        self.truth(&debug.value)
    }
}
