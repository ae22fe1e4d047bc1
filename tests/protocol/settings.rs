//! Settings from every place, and what is said of those that cannot be used.

use serde_json::{Value, json};

use crate::client::{Client, project, uri};

fn configured(root: &std::path::Path, settings: Value) -> Client {
    let mut client = Client::start();
    client.settings = Some(settings);
    client.initialize(json!({
        "capabilities": {"workspace": {
            "configuration": true,
            "didChangeConfiguration": {"dynamicRegistration": true},
        }},
        "workspaceFolders": [{"uri": uri(root), "name": "site"}],
    }));
    client
}

#[test]
fn the_editor_is_asked_for_its_settings() {
    let (_folder, root) = project(&[("a.py", "x = )\n"), ("b.py", "x = ]\n")]);
    let mut client = configured(&root, json!({"entry": "a.py", "trace": {"server": "off"}, "host": null}));
    assert_eq!(client.published(&uri(&root.join("a.py")), None).len(), 1);
    let asked = client.asked.iter().find(|asked| asked["method"] == "workspace/configuration").unwrap();
    assert_eq!(
        asked["params"]["items"],
        json!([{"section": "wsgi-ls"}, {"section": "wsgi-ls", "scopeUri": uri(&root)}])
    );
    let registered = client.told("client/registerCapability", |_| true);
    assert_eq!(registered["registrations"][0]["method"], "workspace/didChangeConfiguration");
    client.settings = Some(json!({"entry": "b.py"}));
    client.notify("workspace/didChangeConfiguration", json!({"settings": null}));
    assert_eq!(client.published(&uri(&root.join("b.py")), None).len(), 1);
    assert!(client.published(&uri(&root.join("a.py")), None).is_empty());
    assert!(client.unread("window/showMessage").is_empty());
}

#[test]
fn an_editor_that_cannot_be_asked_sends_its_settings() {
    let (_folder, root) = project(&[("a.py", "x = )\n")]);
    let mut client = Client::start();
    client.initialize(json!({"capabilities": {}, "rootUri": uri(&root)}));
    client.notify("workspace/didChangeConfiguration", json!({"settings": {"wsgi-ls": {"entry": "a.py"}}}));
    assert_eq!(client.published(&uri(&root.join("a.py")), None).len(), 1);
}

#[test]
fn a_bad_setting_is_told_and_the_rest_goes_on() {
    let (_folder, root) = project(&[("a.py", "x = )\n")]);
    let settings = json!({"entry": "a.py", "hots": "x", "host": "geocities", "python-version": 3});
    let mut client = configured(&root, settings);
    for word in ["`hots`", "is a string", "`geocities`"] {
        let is_about = |params: &Value| params["message"].as_str().unwrap().contains(word);
        let message = client.told("window/showMessage", is_about);
        assert_eq!(message["type"], 1);
    }
    assert_eq!(client.published(&uri(&root.join("a.py")), None).len(), 1);
    // The same problem is not told twice; a new one is.
    client.settings = Some(json!({"entry": "missing.py", "host": "geocities"}));
    client.notify("workspace/didChangeConfiguration", json!({"settings": null}));
    client.told("window/showMessage", |params| params["message"].as_str().unwrap().contains("missing.py"));
    assert!(client.published(&uri(&root.join("a.py")), None).is_empty());
    assert!(client.unread("window/showMessage").is_empty());
}

#[test]
fn initialization_options_are_settings_too() {
    for options in [json!({"entry": "a.py"}), json!({"wsgi-ls": {"entry": "a.py"}})] {
        let (_folder, root) = project(&[("a.py", "x = )\n")]);
        let mut client = Client::start();
        client
            .initialize(json!({"capabilities": {}, "rootUri": uri(&root), "initializationOptions": options}));
        assert_eq!(client.published(&uri(&root.join("a.py")), None).len(), 1);
    }
    for options in [json!("fast"), json!([1]), json!({"entry": {}})] {
        let mut client = Client::start();
        client.initialize(json!({"capabilities": {}, "initializationOptions": options}));
        client.told("window/showMessage", |params| {
            params["message"].as_str().unwrap().starts_with("initializationOptions")
        });
    }
}
