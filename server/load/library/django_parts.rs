//! What Django loads by name or refuses while it sets up: database drivers, URLconfs, and options of models.

use ruff_python_ast::name::Name;

use super::Call;
use crate::load::effect::RaiseCause;
use crate::load::interp::{Interp, Stop};
use crate::load::suggest::similar_names;
use crate::load::value::{Id, Kind, Value};
use crate::text::TextRange;

const ENGINES: &[&str] = &["sqlite3", "postgresql", "postgresql_psycopg2", "mysql", "oracle", "dummy"];

/// The options of a model's `Meta`.
const META: &[&str] = &[
    "verbose_name",
    "verbose_name_plural",
    "db_table",
    "db_table_comment",
    "ordering",
    "unique_together",
    "index_together",
    "permissions",
    "default_permissions",
    "get_latest_by",
    "order_with_respect_to",
    "app_label",
    "db_tablespace",
    "abstract",
    "managed",
    "proxy",
    "swappable",
    "auto_created",
    "apps",
    "select_on_save",
    "default_related_name",
    "required_db_features",
    "required_db_vendor",
    "base_manager_name",
    "default_manager_name",
    "indexes",
    "constraints",
];

impl<'a> Interp<'a> {
    /// The first model asks for the database's backend and its driver.
    pub(super) fn load_database_backend(&mut self, settings: Id, range: TextRange) -> Result<(), Stop<'a>> {
        let databases = self.heap.slot(settings, "DATABASES").and_then(|slot| slot.value.object());
        let default =
            databases.and_then(|all| self.entry_of(all, "default")).and_then(|value| value.object());
        let engine = default.and_then(|default| self.entry_of(default, "ENGINE"));
        let Some(engine) = engine.as_ref().and_then(Value::as_str).map(str::to_owned) else { return Ok(()) };
        let Some(backend) = engine.strip_prefix("django.db.backends.") else { return Ok(()) };
        let site = self.string_in(settings, &engine);
        if !ENGINES.contains(&backend) {
            let message = format!("'{engine}' isn't an available database backend or couldn't be imported.");
            return Err(self.improperly_configured(message, site, range));
        }
        let (drivers, message): (&[&str], _) = match backend {
            "postgresql" => (&["psycopg", "psycopg2"], "Error loading psycopg2 or psycopg module"),
            "mysql" if !self.speaks_of("pymysql") => {
                (&["MySQLdb"], "Error loading MySQLdb module. Did you install mysqlclient?")
            }
            _ => return Ok(()),
        };
        let mut certainty = None;
        for driver in drivers {
            match self.import_module(driver, range) {
                Err(Stop::Raise(exception)) => certainty = Some(exception.effect.certainty),
                _ => return Ok(()),
            }
        }
        match (self.improperly_configured(message.to_owned(), site, range), certainty) {
            (Stop::Raise(mut exception), Some(certainty)) => {
                exception.effect.certainty = exception.effect.certainty.min(certainty);
                Err(Stop::Raise(exception))
            }
            (stop, _) => Err(stop),
        }
    }

    /// A URLconf has to bind `urlpatterns`.
    pub(super) fn check_urlconf(&self, urlconf: &Value<'a>, range: TextRange) -> Result<(), Stop<'a>> {
        let Value::Object(id) = urlconf else { return Ok(()) };
        let Kind::Module(module) = self.heap.kind(*id) else { return Ok(()) };
        if self.heap.get(*id).open
            || ["urlpatterns", "__getattr__"].iter().any(|name| self.heap.slot(*id, name).is_some())
        {
            return Ok(());
        }
        let message =
            format!("The included URLconf '{}' does not appear to have any patterns in it.", module.name);
        let site = crate::load::Site { path: module.path.clone(), range: TextRange::default() };
        Err(self.improperly_configured(message, Some(site), range))
    }

    /// `path(route, "module.view")`: views are given as functions since Django 1.10.
    pub(super) fn check_view(&self, call: &Call<'_, 'a>) -> Result<(), Stop<'a>> {
        match call.arguments.get("view", 1) {
            Some(Value::Str(_) | Value::None | Value::Int(_)) => {
                let message = "view must be a callable or a list/tuple in the case of include().";
                Err(self.raise("TypeError", message, RaiseCause::Plain, call.range))
            }
            _ => Ok(()),
        }
    }

    /// `admin.site.urls` without the admin among the apps.
    pub(in crate::load) fn check_admin_urls(&self, range: TextRange) -> Result<(), Stop<'a>> {
        let Some(settings) = self.django.settings else { return Ok(()) };
        let named = self.string_prefix_in(settings, "INSTALLED_APPS", "django.contrib.admin");
        // A configuration of one's own makes another site of it: `mysite.apps.MyAdminConfig`.
        let apps = self.setting_texts(settings, "INSTALLED_APPS").unwrap_or_default();
        let is_own =
            apps.iter().any(|app| app.rsplit('.').next().is_some_and(|name| name.ends_with("AdminConfig")));
        if named
            || is_own
            || !self.knows_all_apps(settings)
            || self.heap.get(settings).open
            || self.speaks_of("SimpleAdminConfig")
        {
            return Ok(());
        }
        let message = "No installed app with label 'admin'.";
        Err(self.raise("LookupError", message, RaiseCause::Plain, range))
    }

    /// A slip of the fingers among the options of a model.
    pub(super) fn check_model_options(&self, class: Id, range: TextRange) -> Result<(), Stop<'a>> {
        let meta = self.heap.slot(class, "Meta").and_then(|slot| slot.value.object());
        let Some(meta) = meta.filter(|meta| matches!(self.heap.kind(*meta), Kind::Class(_))) else {
            return Ok(());
        };
        let mut names: Vec<&Name> = self.heap.get(meta).slots.keys().collect();
        names.sort_unstable();
        for name in names {
            let own = name.starts_with(['_', '<']) || META.contains(&name.as_str());
            if !own && !similar_names(name, META).is_empty() {
                let message = format!("'class Meta' got invalid attribute(s): {name}");
                return Err(self.raise("TypeError", message, RaiseCause::Plain, range));
            }
        }
        Ok(())
    }
}
