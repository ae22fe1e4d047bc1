//! Django's apps: what `INSTALLED_APPS` imports, in the order in which Django does it.

use ruff_python_ast::name::Name;

use crate::load::effect::{EffectKind, RaiseCause, Site};
use crate::load::find::Spec;
use crate::load::interp::{Interp, Stop};
use crate::load::value::{Arguments, Id, Kind, Value};
use crate::text::TextRange;

impl<'a> Interp<'a> {
    /// `django.setup()`: the settings, then every app, every app's models, and what apps do when they are ready.
    pub(super) fn set_up_django(&mut self, range: TextRange) -> Result<(), Stop<'a>> {
        if std::mem::replace(&mut self.django.begun, true) {
            return Ok(());
        }
        let Some(settings) = self.load_settings(range)? else {
            self.django.apps_ready = true;
            return Ok(());
        };
        self.configure_logging(settings, range)?;
        let apps = self.setting_strings(settings, "INSTALLED_APPS", range)?;
        let mut modules: Vec<String> = Vec::new();
        let mut configs = Vec::new();
        let mut labels = Vec::new();
        for app in &apps {
            let Some((module, config)) = self.load_app(app, settings, range)? else { continue };
            let label = self.app_label(&module, config);
            if label.as_ref().is_some_and(|label| labels.contains(label)) {
                let message =
                    format!("Application labels aren't unique, duplicates: {}", label.unwrap_or_default());
                return Err(self.improperly_configured(message, self.string_in(settings, app), range));
            }
            labels.extend(label);
            modules.push(module);
            configs.extend(config);
        }
        self.django.apps_ready = true;
        let has_models =
            |app: &String| matches!(app.as_str(), "django.contrib.auth" | "django.contrib.contenttypes");
        if apps.iter().any(has_models) {
            self.load_database_backend(settings, range)?;
        }
        for module in &modules {
            if let Some(package) = self.loaded_module(module)
                && matches!(self.find_in_package(&package, "models"), Spec::File { .. })
            {
                self.import_module(&format!("{module}.models"), range)?;
            }
        }
        for config in configs {
            if let Some(ready) = self.class_function(config, "ready") {
                let instance = Value::Object(self.heap.allocate(Kind::Instance(config)));
                self.call(&ready, Arguments::of(vec![instance]), range, range)?;
            }
        }
        // The admin looks for a module of its own in every app.
        if apps
            .iter()
            .any(|app| app == "django.contrib.admin" || app == "django.contrib.admin.apps.AdminConfig")
        {
            for module in &modules {
                if let Some(package) = self.loaded_module(module)
                    && matches!(self.find_in_package(&package, "admin"), Spec::File { .. })
                {
                    self.import_module(&format!("{module}.admin"), range)?;
                }
            }
        }
        Ok(())
    }

    /// The name by which an app must differ from all others: what its configuration says, else the end of its module's name.
    fn app_label(&self, module: &str, config: Option<Id>) -> Option<String> {
        match config.and_then(|config| self.heap.slot(config, "label")) {
            Some(slot) => slot.value.as_str().map(str::to_owned),
            None => module.rsplit('.').next().map(str::to_owned),
        }
    }

    pub(super) fn improperly_configured(
        &self,
        message: String,
        site: Option<Site>,
        range: TextRange,
    ) -> Stop<'a> {
        let class = "django.core.exceptions.ImproperlyConfigured";
        match (self.raise_library(class, message, RaiseCause::Plain, range), site) {
            (Stop::Raise(mut exception), Some(site)) => {
                exception.effect.statement = site.range;
                exception.effect.site = site;
                Stop::Raise(exception)
            }
            (stop, _) => stop,
        }
    }

    /// Imports the app that a configuration class names.
    fn import_named_app(
        &mut self,
        name: &str,
        apps: &Value<'a>,
        config: Option<Id>,
        range: TextRange,
    ) -> Result<(), Stop<'a>> {
        let Err(stop) = self.import_module(name, range) else { return Ok(()) };
        let missing = match &stop {
            Stop::Raise(exception) => matches!(
                &exception.effect.kind,
                EffectKind::Raises(raise)
                    if matches!(&raise.cause, RaiseCause::MissingModule { module, .. } if module == name)
            ),
            Stop::Halt => false,
        };
        let place = config.and_then(|config| self.heap.slot(config, "name")).map(|slot| slot.range);
        let path = apps.object().and_then(|id| match self.heap.kind(id) {
            Kind::Module(context) => Some(context.path.clone()),
            _ => None,
        });
        let site = place.zip(path).filter(|_| missing).map(|(range, path)| Site { path, range });
        if site.is_none() {
            return Err(stop);
        }
        let message =
            format!("Cannot import '{name}'. Check that the `name` of its configuration is correct.");
        Err(self.improperly_configured(message, site, range))
    }

    fn class_function(&self, class: Id, name: &str) -> Option<Value<'a>> {
        match self.find_in_class(class, name) {
            crate::load::inherit::Found::Here(value @ Value::Function(_)) => Some(value),
            _ => None,
        }
    }

    /// Imports one entry of `INSTALLED_APPS`; gives the app's module and its configuration class.
    fn load_app(
        &mut self,
        entry: &str,
        settings: Id,
        range: TextRange,
    ) -> Result<Option<(String, Option<Id>)>, Stop<'a>> {
        // An entry is a module, or a class of a module.
        let class_name = entry.rsplit_once('.').filter(|(_, last)| last.starts_with(char::is_uppercase));
        let class_name = class_name.filter(|(parent, last)| !self.is_submodule(parent, last, range));
        let (module, class) = class_name.map_or((entry, None), |(module, class)| (module, Some(class)));
        let imported = self
            .import_module(module, range)
            .map_err(|stop| self.blame_setting(stop, settings, "INSTALLED_APPS", entry))?;
        if !matches!(imported, Value::Object(_)) {
            return Ok(None);
        }
        if let Some(class) = class {
            let config = match self.import_name(&imported, module, &Name::new(class), range) {
                Ok(Value::Object(class)) if matches!(self.heap.kind(class), Kind::Class(_)) => Some(class),
                Ok(_) => None,
                Err(stop) => return Err(self.blame_setting(stop, settings, "INSTALLED_APPS", entry)),
            };
            let name = config
                .and_then(|class| self.heap.slot(class, "name"))
                .and_then(|slot| slot.value.as_str().map(str::to_owned));
            let name = name.unwrap_or_else(|| module.trim_end_matches(".apps").to_owned());
            self.import_named_app(&name, &imported, config, range)?;
            return Ok(Some((name, config)));
        }
        let mut config = None;
        if matches!(self.find_in_package(&imported, "apps"), Spec::File { .. })
            && let Value::Object(apps) = self.import_module(&format!("{module}.apps"), range)?
        {
            config = self.only_config(apps);
            let name = config.and_then(|config| self.heap.slot(config, "name"));
            if let Some(name) = name.and_then(|slot| slot.value.as_str().map(str::to_owned)) {
                self.import_named_app(&name, &Value::Object(apps), config, range)?;
            }
        }
        Ok(Some((module.to_owned(), config)))
    }

    /// Whether a package has a module of this name, which Django tries before it takes the name for that of a class.
    fn is_submodule(&mut self, package: &str, name: &str, range: TextRange) -> bool {
        let Ok(package @ Value::Object(_)) = self.import_module(package, range) else { return false };
        matches!(self.find_in_package(&package, name), Spec::File { .. } | Spec::Namespace(_))
    }

    /// The configuration class that Django takes when an app does not name one: the only one, or the default one.
    fn only_config(&self, apps: Id) -> Option<Id> {
        let classes: Vec<Id> = self
            .heap
            .get(apps)
            .slots
            .values()
            .filter_map(|slot| match slot.value {
                Value::Object(id) => Some(id),
                _ => None,
            })
            .filter(|id| matches!(self.heap.kind(*id), Kind::Class(_)))
            .filter(|id| self.library_bases(*id).iter().any(|base| base == "django.apps.AppConfig"))
            .collect();
        let default = classes.iter().find(|id| {
            self.heap.slot(**id, "default").is_some_and(|slot| self.truth(&slot.value) == Some(true))
        });
        default.copied().or(match classes.as_slice() {
            [only] => Some(*only),
            _ => None,
        })
    }
}
