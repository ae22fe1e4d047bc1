//! Django's models: definitions that raise.

use super::Call;
use crate::load::effect::RaiseCause;
use crate::load::interp::{Interp, Stop};
use crate::load::suggest::similar_names;
use crate::load::value::{Id, Value};
use crate::text::TextRange;

impl<'a> Interp<'a> {
    /// A model that is defined before the apps are loaded.
    pub fn check_model_class(&self, class: Id, range: TextRange) -> Result<(), Stop<'a>> {
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
        if refers && call.arguments.get("on_delete", 1).is_none() && !call.arguments.open {
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
}
