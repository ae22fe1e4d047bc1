//! Both ways in which diagnostics reach a client.

use std::fs;

use serde_json::{Value, json};

use crate::client::{Client, HEALTHY, project, pulling, range, uri};

#[test]
fn diagnostics_are_sent_with_their_version() {
    let (_folder, root) = project(&[("wsgi.py", HEALTHY)]);
    let wsgi = uri(&root.join("wsgi.py"));
    let mut client = Client::open_folder(&root, json!({"textDocument": {"diagnostic": {}}}));
    client.open(&wsgi, 0, &format!("x = )\n{HEALTHY}"));
    let found = client.published(&wsgi, Some(0));
    assert_eq!(found.len(), 1);
    assert_eq!(found[0]["range"], range(0, 4, 0, 5));
    assert_eq!(found[0]["severity"], 1);
    assert_eq!(found[0]["source"], "wsgi-ls");
    assert_eq!(found[0]["code"], "syntax-error");
    assert!(found[0]["codeDescription"]["href"].as_str().unwrap().starts_with("https://"));
    assert_eq!(found[0]["data"]["rule"], "syntax-error");
    client.change(&wsgi, 5, json!([{"range": range(0, 4, 0, 5), "text": "1"}]));
    assert!(client.published(&wsgi, Some(5)).is_empty());
}

#[test]
fn stale_diagnostics_are_never_sent() {
    let (_folder, root) = project(&[("wsgi.py", "")]);
    let wsgi = uri(&root.join("wsgi.py"));
    let mut client = Client::open_folder(&root, json!({}));
    client.open(&wsgi, 0, ")");
    for version in 1..=2_000 {
        client.change(&wsgi, version, json!([{"range": range(0, 0, 0, 0), "text": "\n"}]));
    }
    let last = client.told("textDocument/publishDiagnostics", |params| params["version"] == 2_000);
    assert_eq!(last["diagnostics"][0]["range"]["start"]["line"], 2_000);
    // What came before was in order, each with the place that belongs to its version.
    let before: Vec<u64> = client
        .unread("textDocument/publishDiagnostics")
        .iter()
        .filter(|message| message["params"]["version"].is_u64())
        .map(|message| {
            let version = message["params"]["version"].as_u64().unwrap();
            assert_eq!(message["params"]["diagnostics"][0]["range"]["start"]["line"], version);
            version
        })
        .collect();
    assert!(before.is_sorted(), "{before:?}");
}

#[test]
fn a_closed_file_shows_what_is_on_disk() {
    let (_folder, root) = project(&[("wsgi.py", "x = )\n")]);
    let wsgi = uri(&root.join("wsgi.py"));
    let mut client = Client::open_folder(&root, json!({}));
    assert_eq!(client.published(&wsgi, None).len(), 1, "it is found before it is opened");
    client.open(&wsgi, 1, HEALTHY);
    assert!(client.published(&wsgi, Some(1)).is_empty());
    client.close(&wsgi);
    assert_eq!(client.published(&wsgi, None).len(), 1);
}

#[test]
fn a_closed_file_that_is_not_on_disk_is_cleared() {
    let (_folder, root) = project(&[]);
    let wsgi = uri(&root.join("wsgi.py"));
    let mut client = Client::open_folder(&root, json!({}));
    client.told("window/showMessage", |params| params["message"].as_str().unwrap().contains("wsgi.py"));
    client.open(&wsgi, 1, "x = )\n");
    assert_eq!(client.published(&wsgi, Some(1)).len(), 1);
    client.close(&wsgi);
    assert!(client.published(&wsgi, None).is_empty());
}

#[test]
fn changes_on_disk_are_seen() {
    let (_folder, root) = project(&[("wsgi.py", "x = )\n")]);
    let wsgi = uri(&root.join("wsgi.py"));
    let mut client = Client::open_folder(
        &root,
        json!({"workspace": {"didChangeWatchedFiles": {"dynamicRegistration": true}}}),
    );
    assert_eq!(client.published(&wsgi, None).len(), 1);
    let registered = client.told("client/registerCapability", |_| true);
    assert_eq!(registered["registrations"][0]["method"], "workspace/didChangeWatchedFiles");
    let changed = |kind: u32| json!({"changes": [{"uri": wsgi, "type": kind}]});
    fs::write(root.join("wsgi.py"), HEALTHY).unwrap();
    client.notify("workspace/didChangeWatchedFiles", changed(2));
    assert!(client.published(&wsgi, None).is_empty());
    fs::remove_file(root.join("wsgi.py")).unwrap();
    client.notify("workspace/didChangeWatchedFiles", changed(3));
    client.told("window/showMessage", |params| params["message"].as_str().unwrap().contains("wsgi.py"));
    fs::write(root.join("wsgi.py"), "x = ]\n").unwrap();
    client.notify("workspace/didChangeWatchedFiles", changed(1));
    assert_eq!(client.published(&wsgi, None).len(), 1);
}

#[test]
fn without_a_watcher_a_save_looks_at_the_disk() {
    let (_folder, root) = project(&[("wsgi.py", HEALTHY)]);
    let (wsgi, other) = (uri(&root.join("wsgi.py")), uri(&root.join("other.py")));
    let mut client = Client::open_folder(&root, json!({}));
    client.open(&other, 1, "");
    client.published(&other, Some(1));
    fs::write(root.join("wsgi.py"), "x = )\n").unwrap();
    client.notify("textDocument/didSave", json!({"textDocument": {"uri": other}}));
    assert_eq!(client.published(&wsgi, None).len(), 1);
}

#[test]
fn documents_are_pulled_with_result_ids() {
    // On disk there is nothing to tell of, whether or not that is looked at before the document is opened.
    let (_folder, root) = project(&[("wsgi.py", HEALTHY)]);
    let wsgi = uri(&root.join("wsgi.py"));
    let mut client = Client::start();
    let capabilities = client.initialize(json!({
        "capabilities": pulling(),
        "rootUri": uri(&root),
        "initializationOptions": {"entry": "wsgi.py"},
    }));
    let provider = &capabilities["diagnosticProvider"];
    assert_eq!(
        (&provider["interFileDependencies"], &provider["workspaceDiagnostics"]),
        (&json!(true), &json!(true))
    );
    client.open(&wsgi, 1, "x = )\n");
    let first = client.pull(&wsgi);
    assert_eq!((&first["kind"], first["items"].as_array().unwrap().len()), (&json!("full"), 1));
    let again = |client: &mut Client, id: &Value| {
        let params = json!({"textDocument": {"uri": wsgi}, "previousResultId": id});
        client.request("textDocument/diagnostic", params)["result"].clone()
    };
    let id = &first["resultId"];
    assert_eq!(again(&mut client, id), json!({"kind": "unchanged", "resultId": id}));
    client.change(&wsgi, 2, json!([{"text": HEALTHY}]));
    let mended = again(&mut client, id);
    assert_eq!((&mended["kind"], &mended["items"]), (&json!("full"), &json!([])));
    let elsewhere = client.pull(&uri(&root.join("nowhere.py")));
    assert_eq!((&elsewhere["items"], &elsewhere["resultId"]), (&json!([]), &mended["resultId"]));
    assert!(client.unread("textDocument/publishDiagnostics").is_empty(), "nothing is sent to who asks");
}

#[test]
fn what_was_sent_of_a_file_is_taken_back_when_its_document_is_asked_for() {
    let (_folder, root) = project(&[("wsgi.py", "x = )\n")]);
    let wsgi = uri(&root.join("wsgi.py"));
    // Only documents are asked for: what is found in other files is sent, as soon as the client has introduced itself.
    let mut client = Client::open_folder(&root, pulling());
    assert_eq!(client.published(&wsgi, None).len(), 1);
    client.open(&wsgi, 1, "x = )\n");
    assert_eq!(client.pull(&wsgi)["items"].as_array().unwrap().len(), 1);
    assert!(client.published(&wsgi, None).is_empty(), "else the client would show it twice");
    assert!(client.unread("textDocument/publishDiagnostics").is_empty());
}

#[test]
fn the_workspace_is_pulled() {
    let (_folder, root) = project(&[("wsgi.py", "x = )\n")]);
    let wsgi = uri(&root.join("wsgi.py"));
    let mut client = Client::open_folder(&root, pulling());
    assert_eq!(client.published(&wsgi, None).len(), 1, "sent while nobody asks for it");
    let pull = |client: &mut Client, previous: Value| {
        client.request("workspace/diagnostic", json!({"previousResultIds": previous}))["result"]["items"]
            .clone()
    };
    let first = pull(&mut client, json!([]));
    assert_eq!(first.as_array().unwrap().len(), 1);
    assert_eq!(
        (&first[0]["uri"], &first[0]["kind"], &first[0]["version"]),
        (&json!(wsgi), &json!("full"), &Value::Null)
    );
    assert!(client.published(&wsgi, None).is_empty(), "what is asked for is no longer sent");
    let previous = json!([{"uri": wsgi, "value": first[0]["resultId"]}]);
    assert_eq!(pull(&mut client, previous.clone())[0]["kind"], "unchanged");
    // Mended on disk: the client is told to ask again, and hears that there is nothing any more.
    fs::write(root.join("wsgi.py"), HEALTHY).unwrap();
    client.notify("workspace/didChangeWatchedFiles", json!({"changes": [{"uri": wsgi, "type": 2}]}));
    client.told("workspace/diagnostic/refresh", |_| true);
    let mended = pull(&mut client, previous);
    assert_eq!((&mended[0]["kind"], &mended[0]["items"]), (&json!("full"), &json!([])));
    // Broken again: the same the other way round.
    fs::write(root.join("wsgi.py"), "x = ]\n").unwrap();
    client.notify("workspace/didChangeWatchedFiles", json!({"changes": [{"uri": wsgi, "type": 2}]}));
    client.told("workspace/diagnostic/refresh", |_| true);
    assert_eq!(pull(&mut client, json!([]))[0]["items"].as_array().unwrap().len(), 1);
    // An open document is reported with its version.
    client.open(&wsgi, 7, "x = )\n");
    let open = pull(&mut client, json!([]));
    assert_eq!((&open[0]["uri"], &open[0]["version"]), (&json!(wsgi), &json!(7)));
}

#[test]
fn folders_come_and_go() {
    let (_one, one) = project(&[("wsgi.py", "x = )\n")]);
    let (_two, two) = project(&[("wsgi.py", "x = ]\n")]);
    let mut client = Client::open_folder(&one, json!({}));
    assert_eq!(client.published(&uri(&one.join("wsgi.py")), None).len(), 1);
    let folder = |path| json!({"uri": uri(path), "name": ""});
    let event = json!({"event": {"added": [folder(&two)], "removed": [folder(&one)]}});
    client.notify("workspace/didChangeWorkspaceFolders", event);
    assert!(client.published(&uri(&one.join("wsgi.py")), None).is_empty());
    assert_eq!(client.published(&uri(&two.join("wsgi.py")), None).len(), 1);
}

#[test]
fn a_file_without_a_folder_is_looked_at_where_it_lies() {
    let (_folder, root) = project(&[("site/wsgi.py", "")]);
    let wsgi = uri(&root.join("site/wsgi.py"));
    let mut client = Client::start();
    client.initialize(
        json!({"capabilities": {}, "rootUri": null, "initializationOptions": {"entry": "wsgi.py"}}),
    );
    client.open(&wsgi, 1, "x = )\n");
    assert_eq!(client.published(&wsgi, Some(1)).len(), 1);
}
