//! How the server starts, is interrupted and ends.

use std::process::{Command, Stdio};

use serde_json::{Value, json};

use crate::client::{Client, project, pulling, uri};

#[test]
fn the_exit_code_tells_whether_there_was_a_shutdown() {
    let mut client = Client::start();
    client.initialize(json!({"capabilities": {}}));
    assert_eq!(client.shut_down(), 0);

    let mut client = Client::start();
    client.initialize(json!({"capabilities": {}}));
    client.notify("exit", Value::Null);
    assert_eq!(client.exit_code(), 1);

    let mut client = Client::start();
    client.notify("exit", Value::Null);
    assert_eq!(client.exit_code(), 1);
}

#[test]
fn requests_at_the_wrong_time_are_refused() {
    let mut client = Client::start();
    assert_eq!(client.request("textDocument/hover", json!({}))["error"]["code"], -32002);
    assert_eq!(client.request("shutdown", Value::Null)["error"]["code"], -32002);
    client.initialize(json!({"capabilities": {}}));
    assert_eq!(client.request("initialize", json!({"capabilities": {}}))["error"]["code"], -32600);
    assert_eq!(client.request("no/such/method", json!({}))["error"]["code"], -32601);
    assert_eq!(client.request("$/noSuchMethod", json!({}))["error"]["code"], -32601);
    client.notify("$/noSuchMethod", json!({}));
    client.notify("no/such/method", json!({}));
    client.request("shutdown", Value::Null);
    assert_eq!(client.request("textDocument/hover", json!({}))["error"]["code"], -32600);
    client.notify("exit", Value::Null);
    assert_eq!(client.exit_code(), 0);
}

#[test]
fn the_server_ends_when_its_input_does() {
    let mut client = Client::start();
    client.initialize(json!({"capabilities": {}}));
    client.stdin = None;
    assert_eq!(client.exit_code(), 1);

    let mut client = Client::start();
    client.initialize(json!({"capabilities": {}}));
    client.send_raw(b"Content-Length: 100\r\n\r\n{\"half");
    client.stdin = None;
    assert_eq!(client.exit_code(), 1);
}

#[test]
fn answers_come_before_the_end() {
    let mut client = Client::start();
    let id = client.ask("initialize", json!({"capabilities": {}}));
    client.stdin = None;
    assert!(client.answer(id)["result"].is_object());
}

#[test]
fn the_server_ends_when_nobody_reads_its_answers() {
    let mut server = Command::new(env!("CARGO_BIN_EXE_wsgi-ls"))
        .arg("lsp")
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::null())
        .spawn()
        .unwrap();
    drop(server.stdout.take());
    let mut client = Client::start();
    std::mem::swap(&mut server, &mut client.process);
    client.stdin = client.process.stdin.take();
    client.ask("initialize", json!({"capabilities": {}}));
    assert_eq!(client.exit_code(), 1);
    let _ = server.kill();
    let _ = server.wait();
}

#[test]
#[cfg(unix)]
fn the_server_ends_when_the_editor_does() {
    let mut editor = Command::new("sleep").arg("1000").spawn().unwrap();
    let mut client = Client::start();
    client.initialize(json!({"processId": editor.id(), "capabilities": {}}));
    editor.kill().unwrap();
    editor.wait().unwrap();
    assert_eq!(client.exit_code(), 1);
}

#[test]
#[cfg(unix)]
fn an_editor_that_cannot_be_seen_is_not_taken_for_dead() {
    let mut gone = Command::new("true").spawn().unwrap();
    gone.wait().unwrap();
    let mut client = Client::start();
    client.initialize(json!({"processId": gone.id(), "capabilities": {}}));
    assert_eq!(client.shut_down(), 0);
}

#[test]
fn a_request_is_cancelled_at_once() {
    let (_folder, root) = project(&[("wsgi.py", "x = (\n")]);
    let mut client = Client::start();
    // Without an answer about settings the first analysis waits, and with it every request.
    client.settings = None;
    let mut capabilities = pulling();
    capabilities["workspace"]["configuration"] = true.into();
    client.initialize(json!({
        "capabilities": capabilities,
        "rootUri": uri(&root),
        "initializationOptions": {"entry": "wsgi.py"},
    }));
    let wsgi = json!({"textDocument": {"uri": uri(&root.join("wsgi.py"))}});
    let cancelled = client.ask("textDocument/diagnostic", wsgi.clone());
    client.notify("$/cancelRequest", json!({"id": cancelled}));
    client.notify("$/cancelRequest", json!({"id": 4711}));
    let other = client.ask("textDocument/diagnostic", wsgi);
    assert_eq!(client.answer(cancelled)["error"]["code"], -32800);
    // After a while the analysis goes on without settings.
    assert_eq!(client.answer(other)["result"]["items"].as_array().unwrap().len(), 1);
}

#[test]
fn the_first_scan_shows_its_progress() {
    let (_folder, root) = project(&[("wsgi.py", "")]);
    let mut client = Client::open_folder(&root, json!({"window": {"workDoneProgress": true}}));
    let token = client.told("window/workDoneProgress/create", |_| true)["token"].clone();
    for kind in ["begin", "end"] {
        let params = client.told("$/progress", |params| params["value"]["kind"] == kind);
        assert_eq!(params["token"], token);
    }
    let mut client = Client::open_folder(&root, json!({}));
    client.open(&uri(&root.join("wsgi.py")), 1, "");
    client.published(&uri(&root.join("wsgi.py")), Some(1));
    assert!(client.asked.is_empty(), "a client that cannot do it is not asked: {:?}", client.asked);
}
