//! The verdict: code lenses, commands, and the requests of our own.

use std::collections::HashMap;

use serde_json::{Value, json};

use crate::client::{Client, HEALTHY, apply, project, pulling, uri};

/// What keeps an app from loading, with a safe fix.
const SERVER: &str = "from flask import Flask\n\napp = Flask(__name__)\napp.run()\n";
const ENTRY: &str = "from flask_app import app as application\n\nprint(application)\n";

fn lenses(client: &mut Client, uri: &str) -> Vec<Value> {
    let params = json!({"textDocument": {"uri": uri}});
    client.request("textDocument/codeLens", params)["result"].as_array().unwrap().clone()
}

fn execute(client: &mut Client, command: &str, arguments: Value) -> Value {
    client.request("workspace/executeCommand", json!({"command": command, "arguments": arguments}))
}

#[test]
fn the_entry_carries_the_verdict_and_no_other_file_does() {
    let (_folder, root) = project(&[("wsgi.py", ENTRY), ("flask_app.py", SERVER)]);
    let (wsgi, app) = (uri(&root.join("wsgi.py")), uri(&root.join("flask_app.py")));
    let mut capabilities = pulling();
    capabilities["workspace"]["codeLens"] = json!({"refreshSupport": true});
    let mut client = Client::open_folder(&root, capabilities);
    client.open(&wsgi, 1, ENTRY);
    client.open(&app, 1, SERVER);
    let shown = lenses(&mut client, &wsgi);
    assert_eq!(shown.len(), 1, "{shown:?}");
    let title = shown[0]["command"]["title"].as_str().unwrap();
    assert!(title.contains(": ") && title.contains("visitors get 50"), "{title}");
    assert_eq!(shown[0]["command"]["command"], "wsgi-ls.verdict");
    assert_eq!(shown[0]["command"]["arguments"], json!([wsgi]));
    assert_eq!(shown[0]["range"]["start"], json!({"line": 0, "character": 0}));
    assert!(lenses(&mut client, &app).is_empty());
    // An edit of the other file changes what stands over the entry, and only we know.
    client.told("workspace/codeLens/refresh", |_| true);
    client.change(&app, 2, json!([{"text": SERVER.replace("app.run()\n", "")}]));
    client.told("workspace/codeLens/refresh", |_| true);
    let shown = lenses(&mut client, &wsgi);
    assert!(shown[0]["command"]["title"].as_str().unwrap().ends_with(": serves"), "{shown:?}");
}

#[test]
fn why_the_site_does_not_answer_is_a_page_that_knows_the_logs() {
    let late = HEALTHY.replace("    start_response", "    time.sleep(900)\n    start_response");
    let late = format!("import time\n\n\n{late}");
    let log = "HARAKIRI [core 0] 127.0.0.1 - GET /report since 1795414500\n";
    let (_folder, root) = project(&[
        ("wsgi.py", &late),
        ("uwsgi.log", log),
        ("uwsgi.ini", "[uwsgi]\nharakiri = 300\nmaster = true\n"),
    ]);
    let mut client = Client::open_folder(&root, json!({}));
    let page =
        client.request("wsgi-ls/diagnose", json!({}))["result"]["markdown"].as_str().unwrap().to_owned();
    for words in [
        "# Why the site does not answer",
        "## The most likely cause",
        "`uwsgi.log:1`",
        "`GET /report`",
        "`wsgi.py:5`",
    ] {
        assert!(page.contains(words), "{words}\n{page}");
    }
    // The verdict over the entry says what a killed worker looks like.
    client.open(&uri(&root.join("wsgi.py")), 1, &late);
    let shown = lenses(&mut client, &uri(&root.join("wsgi.py")));
    let title = shown[0]["command"]["title"].as_str().unwrap();
    assert!(title.contains("502 Bad Gateway after a long wait"), "{title}");
    // Editors that show no pages get it as a message.
    assert_eq!(execute(&mut client, "wsgi-ls.diagnose", json!([]))["error"], Value::Null);
    let message = client.told("window/showMessage", |_| true);
    assert_eq!(message["message"], page);
}

#[test]
fn the_verdict_is_told_in_a_message_to_editors_that_show_nothing_else() {
    let (_folder, root) = project(&[("wsgi.py", HEALTHY)]);
    let wsgi = uri(&root.join("wsgi.py"));
    let mut client = Client::open_folder(&root, json!({}));
    for (arguments, kind, text) in [
        (json!([]), 3, ": serves"),
        (json!([wsgi]), 3, ": serves"),
        (json!([uri(&root.join("other.py"))]), 3, "nothing deployed"),
    ] {
        assert_eq!(execute(&mut client, "wsgi-ls.verdict", arguments)["error"], Value::Null);
        let message = client.told("window/showMessage", |_| true);
        assert_eq!(message["type"], kind);
        assert!(message["message"].as_str().unwrap().contains(text), "{message}");
    }
    client.open(&wsgi, 1, "import sys\nsys.exit()\n");
    execute(&mut client, "wsgi-ls.verdict", json!([]));
    assert_eq!(client.told("window/showMessage", |_| true)["type"], 2);
    assert_eq!(execute(&mut client, "wsgi-ls.verdict", json!([7]))["error"]["code"], -32602);
    assert_eq!(execute(&mut client, "wsgi-ls.nothing", json!([]))["error"]["code"], -32601);
}

#[test]
fn an_extension_is_told_everything() {
    let (_folder, root) = project(&[("wsgi.py", ENTRY), ("flask_app.py", SERVER)]);
    let mut client = Client::open_folder(&root, json!({}));
    let said = client.request("wsgi-ls/verdict", json!({}))["result"].clone();
    let folder = &said["folders"][0];
    assert_eq!(folder["uri"], uri(&root));
    assert_eq!(folder["predictions"][0]["uri"], uri(&root.join("wsgi.py")));
    assert_eq!(folder["predictions"][0]["good"], false);
    assert_eq!(folder["report"]["version"], 1);
    assert_eq!(folder["report"]["deployments"][0]["entry"], "wsgi.py");
    let finding = &folder["report"]["findings"][0];
    assert_eq!(finding["rule"], "server-started-at-import");
    let budget = folder["routes"][0]["budget"].as_str().unwrap();
    assert!(budget.starts_with("300 s"), "{budget}");
    let rule = &said["rules"]["server-started-at-import"];
    assert!(rule["pages"][0]["url"].as_str().unwrap().starts_with("https://"), "{rule}");
    let explained = client.request("wsgi-ls/explain", json!({"rule": "server-started-at-import"}));
    assert!(explained["result"]["markdown"].as_str().unwrap().starts_with("# server-started-at-import\n"));
    let unknown = client.request("wsgi-ls/explain", json!({"rule": "no-such-rule"}));
    assert!(unknown["error"]["message"].as_str().unwrap().contains("no-such-rule"), "{unknown}");
}

#[test]
fn an_extension_that_asks_for_it_is_told_of_every_analysis() {
    let (_folder, root) = project(&[("wsgi.py", HEALTHY)]);
    let wsgi = uri(&root.join("wsgi.py"));
    let mut client = Client::open_folder(&root, json!({"experimental": {"wsgi-ls": {"analysed": true}}}));
    client.told("wsgi-ls/analysed", |_| true);
    client.open(&wsgi, 1, "import sys\nsys.exit()\n");
    client.told("wsgi-ls/analysed", |_| true);
    let said = client.request("wsgi-ls/verdict", json!({}))["result"].clone();
    assert_eq!(said["folders"][0]["predictions"][0]["good"], false);
    // Others know nothing of such a message.
    let mut other = Client::open_folder(&root, json!({}));
    other.open(&wsgi, 1, HEALTHY);
    other.published(&wsgi, Some(1));
    assert!(other.unread("wsgi-ls/analysed").is_empty());
}

#[test]
fn routes_come_with_what_they_cost() {
    let slow = "\
import time

from flask import Flask

application = Flask(__name__)


@application.get(\"/\")
def home():
    return \"hello\"


@application.get(\"/report\")
def report():
    time.sleep(400)
    return \"done\"
";
    let (_folder, root) = project(&[("wsgi.py", slow)]);
    let mut client = Client::open_folder(&root, json!({}));
    let said = client.request("wsgi-ls/verdict", json!({}))["result"].clone();
    let handlers = &said["folders"][0]["routes"][0]["handlers"];
    assert_eq!(handlers[0]["label"], "`GET /report`");
    assert_eq!(handlers[0]["cost"], "waits 400 s");
    assert_eq!(handlers[0]["exceeds"], true);
    assert_eq!(handlers[0]["location"]["uri"], uri(&root.join("wsgi.py")));
    assert_eq!(handlers[0]["location"]["range"]["start"], json!({"line": 13, "character": 4}));
    assert_eq!(handlers[1]["cost"], "no wait is seen");
    assert_eq!(handlers[1]["exceeds"], false);
}

#[test]
fn all_safe_fixes_of_the_workspace_are_one_edit_that_the_editor_applies() {
    let (_folder, root) = project(&[("wsgi.py", ENTRY), ("flask_app.py", SERVER)]);
    let app = uri(&root.join("flask_app.py"));
    let mut client = Client::open_folder(&root, json!({"workspace": {"applyEdit": true}}));
    let id = client.ask("workspace/executeCommand", json!({"command": "wsgi-ls.fixAll", "arguments": []}));
    let edit = client.told("workspace/applyEdit", |_| true)["edit"].clone();
    let mut texts = HashMap::from([(app.clone(), SERVER.to_owned())]);
    apply(&mut texts, &edit);
    assert_eq!(texts[&app], SERVER.replace("app.run()", "if __name__ == \"__main__\":\n    app.run()"));
    // The test's editor answers `null`, which is no answer to this request.
    assert!(client.answer(id)["error"]["message"].is_string());
    // Where nothing is to be mended, nothing is asked for.
    client.open(&app, 1, &texts[&app]);
    assert_eq!(execute(&mut client, "wsgi-ls.fixAll", json!([]))["result"], json!({"files": 0}));
    assert!(client.unread("workspace/applyEdit").is_empty());
}

#[test]
fn an_editor_that_cannot_apply_edits_is_told_so() {
    let (_folder, root) = project(&[("wsgi.py", SERVER)]);
    let mut client = Client::open_folder(&root, json!({}));
    let refused = execute(&mut client, "wsgi-ls.fixAll", json!([]));
    assert!(refused["error"]["message"].as_str().unwrap().contains("applies no edits"), "{refused}");
}
