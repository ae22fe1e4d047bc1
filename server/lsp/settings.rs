//! What the editor says: `initializationOptions`, `workspace/configuration`, `workspace/didChangeConfiguration`.

use std::collections::HashMap;
use std::path::{Path, PathBuf};
use std::time::Duration;

use serde_json::{Map, Value, json};
use tokio::time::timeout;
use tower_lsp_server::Client;
use tower_lsp_server::ls_types::{ConfigurationItem, Registration};

use super::session::{Hold, Session};
use crate::workspace::Settings;

/// The section of an editor's settings that is ours.
const SECTION: &str = "wsgi-ls";

/// Members of that section that speak to the editor's extension, not to us.
const EXTENSION_KEYS: [&str; 3] = ["path", "server", "trace"];

/// How long the first analysis waits for settings; some clients never answer.
const PATIENCE: Duration = Duration::from_secs(2);

/// What the editor says.
#[derive(Clone, Debug, Default)]
pub struct EditorSettings {
    /// From `initializationOptions`.
    pub options: Said,
    /// For folders that nothing more is said of.
    pub everywhere: Said,
    /// For single workspace folders.
    pub by_folder: HashMap<PathBuf, Said>,
    /// Counts requests, so that a late answer does not win over a newer one.
    request: u64,
}

/// Settings from one place, with what could not be used of them.
#[derive(Clone, Debug, Default)]
pub struct Said {
    settings: Settings,
    problems: Vec<String>,
}

impl EditorSettings {
    /// The settings of a folder.
    pub fn for_root(&self, root: &Path) -> Settings {
        let said = self.by_folder.get(root).unwrap_or(&self.everywhere);
        self.options.settings.clone().under(said.settings.clone())
    }

    /// What could not be used, each problem once.
    pub fn problems(&self) -> Vec<String> {
        let all = [&self.options, &self.everywhere].into_iter().chain(self.by_folder.values());
        let mut problems: Vec<String> = all.flat_map(|said| said.problems.iter().cloned()).collect();
        problems.sort();
        problems.dedup();
        problems
    }
}

/// Reads settings member by member, so that a bad one takes no good one with it. `null` says nothing.
pub fn read(value: Value, place: &str) -> Said {
    let mut said = Said::default();
    match value {
        Value::Null => {}
        Value::Object(mut members) => {
            if let Some(Value::Object(ours)) = members.remove(SECTION) {
                members = ours;
            }
            members.retain(|name, value| !value.is_null() && !EXTENSION_KEYS.contains(&name.as_str()));
            for member in members {
                let place = format!("{place}, `{}`", member.0);
                let single = Value::Object(Map::from_iter([member]));
                match Settings::from_json(single, &place) {
                    Ok(settings) => said.settings = std::mem::take(&mut said.settings).under(settings),
                    Err(error) => said.problems.push(error.to_string()),
                }
            }
        }
        other => said.problems.push(format!("{place}: settings are an object, not `{other}`")),
    }
    said
}

/// Asks the client to tell when its settings change. One that refuses tells nothing, as before.
pub async fn register(client: &Client) {
    let registration = Registration {
        id: "wsgi-ls-settings".to_owned(),
        method: "workspace/didChangeConfiguration".to_owned(),
        register_options: Some(json!({ "section": SECTION })),
    };
    let _ = client.register_capability(vec![registration]).await;
}

/// Asks the client for the settings of every folder, and takes them when they come.
pub async fn fetch(session: &Session, client: &Client) {
    let (request, folders) = session.with(|state| {
        state.settings.request += 1;
        (state.settings.request, state.folders.clone())
    });
    let item = |scope_uri| ConfigurationItem { scope_uri, section: Some(SECTION.to_owned()) };
    let mut items = vec![item(None)];
    items.extend(folders.iter().map(|(_, uri)| item(Some(uri.clone()))));
    let answer = client.configuration(items);
    tokio::pin!(answer);
    let answer = match timeout(PATIENCE, &mut answer).await {
        Ok(answer) => answer,
        Err(_late) => {
            session.release(Hold::Settings);
            answer.await
        }
    };
    if let Ok(values) = answer {
        let mut values = values.into_iter().map(|value| read(value, "editor settings"));
        session.change(|state| {
            if state.settings.request == request {
                state.settings.everywhere = values.next().unwrap_or_default();
                state.settings.by_folder = folders.into_iter().map(|(path, _)| path).zip(values).collect();
            }
        });
    }
    session.release(Hold::Settings);
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_bad_setting_takes_no_good_one_with_it() {
        let said = read(
            json!({"host": "gunicorn", "hots": 1, "entry": 5, "callable": null, "trace": {"server": "off"}}),
            "here",
        );
        assert_eq!(said.settings.host.as_deref(), Some("gunicorn"));
        assert_eq!(said.problems.len(), 2);
        assert!(said.problems.iter().all(|problem| problem.starts_with("here")), "{:?}", said.problems);
        assert_eq!(read(json!({"wsgi-ls": {"host": "uwsgi"}}), "").settings.host.as_deref(), Some("uwsgi"));
        assert_eq!(read(json!([1]), "here").problems.len(), 1);
    }
}
