//! Moving work to a background task, as clients of different abilities are offered it.

use std::collections::HashMap;

use serde_json::{Value, json};

use crate::client::{Client, actions, apply, project, range, uri};

const APP: &str = "\
import time

from flask import Flask

app = Flask(__name__)
application = app


@app.get(\"/slow\")
def slow():
    time.sleep(400)
    return \"done\"


@app.get(\"/stream\")
def stream():
    yield time.sleep(400)
";

/// Asks for what is offered on lines (from 0) of the app.
fn offered(client: &mut Client, wsgi: &str, line: u32, context: Value) -> Vec<Value> {
    let mut offered = actions(client, wsgi, range(line, 0, line, 80), context);
    offered.retain(|action| action["kind"].as_str().unwrap().starts_with("refactor"));
    offered
}

fn start(capabilities: Value) -> (tempfile::TempDir, Client, String) {
    let (folder, root) = project(&[("wsgi.py", APP)]);
    let wsgi = uri(&root.join("wsgi.py"));
    let mut client = Client::open_folder(&root, capabilities);
    client.open(&wsgi, 3, APP);
    (folder, client, wsgi)
}

#[test]
fn a_client_is_given_the_edit_in_the_form_that_it_takes() {
    let creates = json!({"documentChanges": true, "resourceOperations": ["create", "rename"]});
    for (edits, created, version) in [
        (json!({}), false, Value::Null),
        (json!({"documentChanges": true}), false, json!(3)),
        (json!({"resourceOperations": ["create"]}), true, Value::Null),
        (creates, true, json!(3)),
    ] {
        let (_folder, mut client, wsgi) = start(json!({"workspace": {"workspaceEdit": edits}}));
        let tasks = wsgi.replace("wsgi.py", "tasks.py");
        let offers = offered(&mut client, &wsgi, 10, json!({"diagnostics": [], "only": ["refactor"]}));
        assert_eq!(offers.len(), 1, "{offers:?}");
        assert_eq!(offers[0]["kind"], "refactor.extract");
        let mut edit = offers[0]["edit"].clone();
        if let Some(changes) = edit["documentChanges"].as_array_mut() {
            let at = changes.iter().position(|change| change["kind"] == "create");
            assert_eq!(at.is_some(), created, "{changes:?}");
            if let Some(at) = at {
                assert_eq!(changes.remove(at)["uri"], tasks);
                assert_eq!(
                    changes[at]["textDocument"]["uri"], tasks,
                    "a file is created before it is edited"
                );
            }
            let own = changes.iter().find(|change| change["textDocument"]["uri"] == wsgi).unwrap();
            assert_eq!(own["textDocument"]["version"], version);
        } else {
            assert!(!created && version.is_null());
        }
        let mut texts = HashMap::from([(wsgi.clone(), APP.to_owned()), (tasks.clone(), String::new())]);
        apply(&mut texts, &edit);
        assert!(texts[&tasks].contains("@huey.task()\ndef slow_task():\n    time.sleep(400)\n"), "{texts:?}");
        let start = "def slow():\n    job_id = slow_task().id\n";
        assert!(texts[&wsgi].contains(start), "{texts:?}");
        // What is left to do is shown when the client runs the action's command.
        let command = &offers[0]["command"];
        let params = json!({"command": command["command"], "arguments": command["arguments"]});
        assert_eq!(client.request("workspace/executeCommand", params)["result"], Value::Null);
        let told = client.told("window/showMessage", |_| true);
        let worker = "`python -m huey.bin.huey_consumer tasks.huey`";
        assert!(told["message"].as_str().unwrap().contains(worker), "{told}");
    }
}

#[test]
fn a_refusal_is_shown_with_its_reason_to_who_can_show_it() {
    for (disabled, trigger, count) in [(true, 1, 1), (true, 2, 0), (false, 1, 0)] {
        let (_folder, mut client, wsgi) =
            start(json!({"textDocument": {"codeAction": {"disabledSupport": disabled}}}));
        let context = json!({"diagnostics": [], "triggerKind": trigger});
        let offers = offered(&mut client, &wsgi, 16, context.clone());
        assert_eq!(offers.len(), count, "{offers:?}");
        if let Some(offer) = offers.first() {
            assert!(offer["disabled"]["reason"].as_str().unwrap().contains("`yield`"), "{offer}");
            assert_eq!(offer["edit"], Value::Null);
        }
        assert!(offered(&mut client, &wsgi, 0, context).is_empty(), "nothing outside of handlers");
    }
}

#[test]
fn a_finding_in_a_helper_is_mended_where_a_handler_calls_it() {
    let app = APP.replace("    time.sleep(400)\n    return", "    wait()\n    return")
        + "\n\ndef wait():\n    time.sleep(400)\n";
    let (_folder, root) = project(&[("wsgi.py", &app)]);
    let wsgi = uri(&root.join("wsgi.py"));
    let mut client = Client::open_folder(&root, json!({}));
    client.open(&wsgi, 1, &app);
    let quick = |client: &mut Client, line: u32| {
        let context = json!({"diagnostics": [], "only": ["quickfix", "refactor"]});
        let mut offers = actions(client, &wsgi, range(line, 8, line, 8), context);
        offers.retain(|action| action["title"].as_str().unwrap().starts_with("Move to a background task"));
        offers
    };
    let line = u32::try_from(app.lines().position(|line| line == "def wait():").unwrap()).unwrap() + 1;
    let offers = quick(&mut client, line);
    assert_eq!(offers.len(), 1, "{offers:?}");
    assert_eq!(offers[0]["kind"], "quickfix");
    assert_eq!(offers[0]["diagnostics"][0]["code"], "slow-request");
    let mut texts =
        HashMap::from([(wsgi.clone(), app.clone()), (wsgi.replace("wsgi.py", "tasks.py"), String::new())]);
    apply(&mut texts, &offers[0]["edit"]);
    let moved = texts.values().any(|text| text.contains("    from wsgi import wait\n\n    wait()\n"));
    assert!(moved, "{texts:?}");
}

#[test]
fn only_who_asks_for_refactorings_gets_them() {
    let (_folder, mut client, wsgi) = start(json!({}));
    for (only, count) in
        [("refactor", 1), ("refactor.extract", 1), ("refactor.inline", 0), ("quickfix", 0), ("source", 0)]
    {
        let context = json!({"diagnostics": [], "only": [only]});
        assert_eq!(offered(&mut client, &wsgi, 10, context).len(), count, "{only}");
    }
    let unknown = client.request("workspace/executeCommand", json!({"command": "wsgi-ls.unknown"}));
    assert!(unknown["error"]["message"].as_str().unwrap().contains("wsgi-ls.unknown"));
}
