#![allow(clippy::unwrap_used, clippy::expect_used)]
//! The loop itself, with a service that misbehaves.

use std::io::{BufReader, Write};
use std::sync::{Arc, Mutex};
use std::time::Duration;

use serde_json::{Value, json};
use tower_lsp_server::jsonrpc::Result;
use tower_lsp_server::ls_types::*;
use tower_lsp_server::{LanguageServer, LspService};

use super::framing::{Frame, FrameReader, write_frame};
use super::serve;

/// More than the slowest machine needs for the last messages.
const PATIENCE: Duration = Duration::from_secs(120);

/// Panics or never answers, as asked; counts changes.
#[derive(Default)]
struct Misbehaving {
    changes: Mutex<Vec<i32>>,
}

impl LanguageServer for Misbehaving {
    async fn initialize(&self, _: InitializeParams) -> Result<InitializeResult> {
        Ok(InitializeResult::default())
    }

    async fn did_change(&self, params: DidChangeTextDocumentParams) {
        let version = params.text_document.version;
        // The handler gives way to others, as a real one may, before it takes effect.
        for _ in 0..version % 5 {
            tokio::task::yield_now().await;
        }
        self.changes.lock().unwrap().push(version);
        assert!(version % 10 != 3, "every tenth change panics");
    }

    async fn hover(&self, _: HoverParams) -> Result<Option<Hover>> {
        panic!("a handler panics");
    }

    async fn code_lens(&self, _: CodeLensParams) -> Result<Option<Vec<CodeLens>>> {
        std::future::pending().await
    }

    async fn symbol(&self, _: WorkspaceSymbolParams) -> Result<Option<WorkspaceSymbolResponse>> {
        let seen = self.changes.lock().unwrap().clone();
        assert!(seen.is_sorted());
        let name = seen.len().to_string();
        let location = Location { uri: "file:///x".parse().unwrap(), range: Range::default() };
        #[allow(deprecated)]
        let symbol = SymbolInformation {
            name,
            kind: SymbolKind::FILE,
            tags: None,
            deprecated: None,
            location,
            container_name: None,
        };
        Ok(Some(WorkspaceSymbolResponse::Flat(vec![symbol])))
    }

    async fn shutdown(&self) -> Result<()> {
        Ok(())
    }
}

#[derive(Clone, Default)]
struct Shared(Arc<Mutex<Vec<u8>>>);

impl Write for Shared {
    fn write(&mut self, bytes: &[u8]) -> std::io::Result<usize> {
        self.0.lock().unwrap().write(bytes)
    }

    fn flush(&mut self) -> std::io::Result<()> {
        Ok(())
    }
}

/// Sends all messages at once and closes the stream; returns the answers and whether there was a shutdown.
fn talk(messages: &[Value]) -> (Vec<Value>, bool) {
    let mut input = Vec::new();
    for message in messages {
        write_frame(&mut input, message.to_string().as_bytes()).unwrap();
    }
    let output = Shared::default();
    let runtime = tokio::runtime::Builder::new_multi_thread().worker_threads(2).enable_all().build().unwrap();
    let (service, socket) = LspService::new(|_| Misbehaving::default());
    let input = BufReader::new(std::io::Cursor::new(input));
    let shut_down = runtime.block_on(serve(service, socket, input, output.clone(), PATIENCE));
    runtime.shutdown_background();
    let bytes = output.0.lock().unwrap().clone();
    let mut frames = FrameReader::new(bytes.as_slice());
    let mut answers = Vec::new();
    while let Some(Frame::Body(body)) = frames.next().unwrap() {
        answers.push(serde_json::from_slice(&body).unwrap());
    }
    (answers, shut_down)
}

fn request(id: i32, method: &str, params: Value) -> Value {
    json!({"jsonrpc": "2.0", "id": id, "method": method, "params": params})
}

fn notify(method: &str, params: Value) -> Value {
    json!({"jsonrpc": "2.0", "method": method, "params": params})
}

fn answer(answers: &[Value], id: i32) -> &Value {
    answers
        .iter()
        .find(|answer| answer["id"] == id)
        .unwrap_or_else(|| panic!("no answer {id} in {answers:?}"))
}

fn at_start() -> Value {
    json!({"textDocument": {"uri": "file:///x"}, "position": {"line": 0, "character": 0}})
}

#[test]
fn a_request_sees_every_change_before_it_and_panics_are_survived() {
    let mut messages = vec![request(0, "initialize", json!({"capabilities": {}}))];
    for version in 1..=200 {
        let document = json!({"uri": "file:///x", "version": version});
        messages
            .push(notify("textDocument/didChange", json!({"textDocument": document, "contentChanges": []})));
        messages.push(request(version, "workspace/symbol", json!({"query": ""})));
    }
    messages.push(request(900, "textDocument/hover", at_start()));
    messages.push(request(901, "shutdown", Value::Null));
    messages.push(notify("exit", Value::Null));
    let (answers, shut_down) = talk(&messages);
    for version in 1..=200 {
        assert_eq!(answer(&answers, version)["result"][0]["name"], version.to_string());
    }
    assert_eq!(answer(&answers, 900)["error"]["code"], -32603);
    assert_eq!(answer(&answers, 901)["result"], Value::Null);
    assert!(shut_down);
}

#[test]
fn requests_are_cancelled_whether_they_run_or_wait() {
    let lens = json!({"textDocument": {"uri": "file:///x"}});
    let mut messages = vec![request(0, "initialize", json!({"capabilities": {}}))];
    for id in 1..=50 {
        messages.push(request(id, "textDocument/codeLens", lens.clone()));
        messages.push(notify("$/cancelRequest", json!({"id": id})));
    }
    messages.push(notify("$/cancelRequest", json!({"id": 999})));
    messages.push(request(60, "$/unknown", json!({})));
    let (answers, shut_down) = talk(&messages);
    for id in 1..=50 {
        assert_eq!(answer(&answers, id)["error"]["code"], -32800, "{id}");
    }
    assert_eq!(answer(&answers, 60)["error"]["code"], -32601);
    assert!(!shut_down);
}

#[test]
fn what_is_no_message_is_answered() {
    let messages = [
        json!(42),
        json!([]),
        json!({"jsonrpc": "2.0"}),
        json!({"jsonrpc": "2.0", "id": 5}),
        json!({"id": 6, "method": "shutdown"}),
        json!({"jsonrpc": "2.0", "id": 7, "method": ""}),
        json!({"jsonrpc": "2.0", "id": {}, "method": "shutdown"}),
        json!({"jsonrpc": "2.0", "id": 77, "result": null}),
        request(8, "initialize", json!({"capabilities": {}})),
    ];
    let (answers, _) = talk(&messages);
    for id in [5, 6, 7] {
        assert_eq!(answer(&answers, id)["error"]["code"], -32600);
    }
    assert_eq!(answers.iter().filter(|a| a["id"].is_null() && a["error"]["code"] == -32600).count(), 4);
    assert!(answer(&answers, 8)["result"].is_object());
    assert_eq!(answers.len(), 8);
}
