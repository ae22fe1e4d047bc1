//! Django's settings: the module, what its lists hold, and the line to blame for what is not there.

use ruff_python_ast::Expr;
use ruff_python_ast::name::Name;
use ruff_python_ast::visitor::{self, Visitor};
use ruff_text_size::Ranged;

use super::django_checks::may_change_settings;
use crate::load::effect::{EffectKind, RaiseCause, Site};
use crate::load::environment::Variable;
use crate::load::interp::{Interp, Stop};
use crate::load::value::{Id, Kind, Value};
use crate::text::TextRange;

impl<'a> Interp<'a> {
    /// Imports the settings module; `None` when nobody knows which one it is.
    pub(super) fn load_settings(&mut self, range: TextRange) -> Result<Option<Id>, Stop<'a>> {
        if self.django.configured {
            return Ok(None);
        }
        let named =
            self.heap.slot(self.environ, "DJANGO_SETTINGS_MODULE").and_then(|slot| slot.value.bound());
        let name = match named {
            Some(Value::Str(name)) => name,
            Some(_) => return Ok(None),
            None => {
                let variable = "DJANGO_SETTINGS_MODULE";
                if self.environment.variable(self.snapshot, variable, self.environ_is_open) != Variable::Unset
                {
                    return Ok(None);
                }
                let cause = RaiseCause::MissingEnvironment(variable.to_owned());
                let message = "Requested setting INSTALLED_APPS, but settings are not configured.";
                return Err(self.assuming(true, |me| me.raise("ImproperlyConfigured", message, cause, range)));
            }
        };
        let module =
            self.import_module(&name, range).map_err(|stop| self.blame_settings_name(stop, &name))?;
        let Value::Object(id) = module else { return Ok(None) };
        self.django.settings = Some(id);
        Ok(Some(id))
    }

    /// A settings module that is not there is the fault of the line that names it, if its package can be found.
    fn blame_settings_name(&self, stop: Stop<'a>, name: &str) -> Stop<'a> {
        let Stop::Raise(mut exception) = stop else { return stop };
        if let EffectKind::Raises(raise) = &mut exception.effect.kind
            && let RaiseCause::MissingModule { module, reachable_from, .. } = &raise.cause
            && module == name
            && reachable_from.is_none()
            && let Some(site) = &self.django.named_at
        {
            exception.effect.site = site.clone();
            exception.effect.statement = site.range;
        }
        Stop::Raise(exception)
    }

    /// The strings of a list setting, as far as they are known.
    pub(super) fn setting_strings(
        &mut self,
        settings: Id,
        name: &str,
        range: TextRange,
    ) -> Result<Vec<String>, Stop<'a>> {
        let Some(value) = self.heap.slot(settings, name).and_then(|slot| slot.value.bound()) else {
            return Ok(Vec::new());
        };
        let items = self.iterate(&value, range)?;
        Ok(items.known.iter().filter_map(|item| item.as_str().map(str::to_owned)).collect())
    }

    /// What a setting names and is not there is the fault of that setting's line.
    pub(super) fn blame_setting(&self, stop: Stop<'a>, settings: Id, setting: &str, value: &str) -> Stop<'a> {
        let Stop::Raise(mut exception) = stop else { return stop };
        let EffectKind::Raises(raise) = &mut exception.effect.kind else { return Stop::Raise(exception) };
        let missing = match &raise.cause {
            RaiseCause::MissingModule { module, .. } => {
                value == module || value.starts_with(&format!("{module}."))
            }
            RaiseCause::MissingName { module, name, .. } => value == format!("{module}.{name}"),
            _ => false,
        };
        let site = self.string_in(settings, value);
        if let (true, Some(site)) = (missing, site) {
            raise.cause = RaiseCause::DjangoSetting { setting: setting.to_owned(), value: value.to_owned() };
            exception.effect.site = site.clone();
            exception.effect.statement = site.range;
        }
        Stop::Raise(exception)
    }

    /// Raises what Django raises for a setting that nobody has set, and for an empty secret key.
    pub(in crate::load) fn check_setting(&self, name: &Name, range: TextRange) -> Result<(), Stop<'a>> {
        let Some(settings) = self.django.settings else { return Ok(()) };
        let known = self.heap.slot(settings, name).map(|slot| slot.value.clone());
        if name == "SECRET_KEY"
            && let Some(Value::Str(key)) = &known
            && key.is_empty()
        {
            let message = "The SECRET_KEY setting must not be empty.".to_owned();
            return Err(self.improperly_configured(message, None, range));
        }
        let is_setting = name.chars().all(|c| c.is_ascii_uppercase() || c.is_ascii_digit() || c == '_');
        if known.is_some()
            || !is_setting
            || self.heap.get(settings).open
            || self.is_running(settings)
            || self.lacks_name("django.conf.global_settings", name).is_none()
            || self.ran.iter().any(|module| may_change_settings(module))
        {
            return Ok(());
        }
        let message = format!("'Settings' object has no attribute '{name}'");
        Err(self.raise("AttributeError", message, RaiseCause::Plain, range))
    }

    /// The string literal with that text in the file of a module.
    pub(super) fn string_in(&self, module: Id, text: &str) -> Option<Site> {
        struct Find<'t> {
            text: &'t str,
            found: Option<TextRange>,
        }
        impl<'s> Visitor<'s> for Find<'_> {
            fn visit_expr(&mut self, expr: &'s Expr) {
                match expr {
                    Expr::StringLiteral(literal) if literal.value.to_str() == self.text => {
                        self.found.get_or_insert(literal.range());
                    }
                    _ => visitor::walk_expr(self, expr),
                }
            }
        }
        let Kind::Module(context) = self.heap.kind(module) else { return None };
        let mut find = Find { text, found: None };
        find.visit_body(context.look_into().body());
        find.found.map(|range| Site { path: context.path.clone(), range })
    }
}
