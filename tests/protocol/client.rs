//! A small editor: it speaks the protocol to the real binary and remembers everything that it is told.

use std::collections::{HashMap, VecDeque};
use std::io::{BufRead, BufReader, Write};
use std::path::{Path, PathBuf};
use std::process::{Child, ChildStdin, Command, Stdio};
use std::sync::mpsc::{Receiver, channel};
use std::time::{Duration, Instant};

use serde_json::{Value, json};

/// Long enough for the slowest machine; a test that waits this long has failed.
pub const PATIENCE: Duration = Duration::from_secs(60);

pub struct Client {
    pub process: Child,
    pub stdin: Option<ChildStdin>,
    incoming: Receiver<Value>,
    /// Messages that nobody waited for yet.
    unread: VecDeque<Value>,
    /// What is answered to `workspace/configuration`; `None` leaves the request without an answer.
    pub settings: Option<Value>,
    /// The requests that the server made.
    pub asked: Vec<Value>,
    next_id: i64,
}

impl Client {
    /// Starts the server; nothing is said yet.
    pub fn start() -> Self {
        let mut process = Command::new(env!("CARGO_BIN_EXE_wsgi-ls"))
            .arg("lsp")
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .stderr(Stdio::null())
            .spawn()
            .unwrap();
        let stdin = process.stdin.take();
        let mut stdout = BufReader::new(process.stdout.take().unwrap());
        let (sender, incoming) = channel();
        std::thread::spawn(move || {
            while let Some(message) = read_message(&mut stdout) {
                if sender.send(message).is_err() {
                    break;
                }
            }
        });
        let unread = VecDeque::new();
        Self { process, stdin, incoming, unread, settings: Some(Value::Null), asked: Vec::new(), next_id: 0 }
    }

    /// Starts a server for a folder whose entry is `wsgi.py`, with these capabilities.
    pub fn open_folder(folder: &Path, capabilities: Value) -> Self {
        let mut client = Self::start();
        client.initialize(json!({
            "capabilities": capabilities,
            "workspaceFolders": [{"uri": uri(folder), "name": "site"}],
            "initializationOptions": {"entry": "wsgi.py"},
        }));
        client
    }

    /// Introduces the client; returns what the server can do.
    pub fn initialize(&mut self, params: Value) -> Value {
        let result = self.request("initialize", params);
        self.notify("initialized", json!({}));
        result["result"]["capabilities"].clone()
    }

    pub fn notify(&mut self, method: &str, params: Value) {
        self.send(&json!({"jsonrpc": "2.0", "method": method, "params": params}));
    }

    /// Sends a request; returns its id.
    pub fn ask(&mut self, method: &str, params: Value) -> i64 {
        self.next_id += 1;
        self.send(&json!({"jsonrpc": "2.0", "id": self.next_id, "method": method, "params": params}));
        self.next_id
    }

    /// Sends a request and waits for its answer.
    pub fn request(&mut self, method: &str, params: Value) -> Value {
        let id = self.ask(method, params);
        self.answer(id)
    }

    /// Waits for the answer to a request.
    pub fn answer(&mut self, id: i64) -> Value {
        self.wait(&format!("the answer to request {id}"), |message| {
            message["id"] == id && message.get("method").is_none()
        })
    }

    /// Waits for the next error answer without an id.
    pub fn complaint(&mut self) -> i64 {
        let answer =
            self.wait("a complaint", |message| message["id"].is_null() && !message["error"].is_null());
        answer["error"]["code"].as_i64().unwrap()
    }

    /// Waits for a notification or request of the server.
    pub fn told(&mut self, method: &str, is_it: impl Fn(&Value) -> bool) -> Value {
        let message = self.wait(method, |message| message["method"] == method && is_it(&message["params"]));
        message["params"].clone()
    }

    /// Waits for the diagnostics of a version of a document.
    pub fn published(&mut self, uri: &str, version: Option<i64>) -> Vec<Value> {
        let params = self.told("textDocument/publishDiagnostics", |params| {
            params["uri"] == uri && params["version"].as_i64() == version
        });
        params["diagnostics"].as_array().unwrap().clone()
    }

    /// The messages with this method that came and were not waited for, without waiting.
    pub fn unread(&mut self, method: &str) -> Vec<Value> {
        while let Ok(message) = self.incoming.try_recv() {
            self.take(message);
        }
        self.unread.iter().filter(|message| message["method"] == method).cloned().collect()
    }

    pub fn open(&mut self, uri: &str, version: i64, text: &str) {
        let document = json!({"uri": uri, "languageId": "python", "version": version, "text": text});
        self.notify("textDocument/didOpen", json!({"textDocument": document}));
    }

    pub fn change(&mut self, uri: &str, version: i64, changes: Value) {
        let document = json!({"uri": uri, "version": version});
        self.notify("textDocument/didChange", json!({"textDocument": document, "contentChanges": changes}));
    }

    pub fn close(&mut self, uri: &str) {
        self.notify("textDocument/didClose", json!({"textDocument": {"uri": uri}}));
    }

    /// Asks for the diagnostics of a document.
    pub fn pull(&mut self, uri: &str) -> Value {
        self.request("textDocument/diagnostic", json!({"textDocument": {"uri": uri}}))["result"].clone()
    }

    pub fn send(&mut self, message: &Value) {
        let body = message.to_string();
        self.send_raw(format!("Content-Length: {}\r\n\r\n{body}", body.len()).as_bytes());
    }

    pub fn send_raw(&mut self, bytes: &[u8]) {
        let stdin = self.stdin.as_mut().unwrap();
        stdin.write_all(bytes).unwrap();
        stdin.flush().unwrap();
    }

    /// Says goodbye; returns the exit code.
    pub fn shut_down(&mut self) -> i32 {
        assert_eq!(self.request("shutdown", Value::Null)["result"], Value::Null);
        self.notify("exit", Value::Null);
        self.exit_code()
    }

    /// Waits until the server ends.
    pub fn exit_code(&mut self) -> i32 {
        let start = Instant::now();
        loop {
            if let Some(status) = self.process.try_wait().unwrap() {
                return status.code().unwrap();
            }
            assert!(start.elapsed() < PATIENCE, "the server does not end");
            std::thread::sleep(Duration::from_millis(10));
        }
    }

    fn wait(&mut self, what: &str, is_it: impl Fn(&Value) -> bool) -> Value {
        let start = Instant::now();
        loop {
            if let Some(at) = self.unread.iter().position(&is_it) {
                return self.unread.remove(at).unwrap();
            }
            let left = PATIENCE.saturating_sub(start.elapsed());
            let message = self.incoming.recv_timeout(left);
            let message =
                message.unwrap_or_else(|error| panic!("{what}: {error}; unread: {:?}", self.unread));
            self.take(message);
        }
    }

    /// Answers requests of the server and keeps the rest.
    fn take(&mut self, message: Value) {
        if message.get("method").is_some() && message.get("id").is_some() {
            let answer = match (message["method"].as_str().unwrap(), &self.settings) {
                ("workspace/configuration", None) => None,
                ("workspace/configuration", Some(settings)) => {
                    Some(vec![settings.clone(); message["params"]["items"].as_array().unwrap().len()].into())
                }
                _ => Some(Value::Null),
            };
            if let Some(result) = answer {
                self.send(&json!({"jsonrpc": "2.0", "id": message["id"], "result": result}));
            }
            self.asked.push(message.clone());
        }
        self.unread.push_back(message);
    }
}

impl Drop for Client {
    fn drop(&mut self) {
        let _ = self.process.kill();
        let _ = self.process.wait();
    }
}

fn read_message(input: &mut impl BufRead) -> Option<Value> {
    let mut length = 0;
    loop {
        let mut line = String::new();
        if input.read_line(&mut line).ok()? == 0 {
            return None;
        }
        match line.trim().split_once(": ") {
            Some(("Content-Length", digits)) => length = digits.parse().unwrap(),
            Some(_) => {}
            None => break,
        }
    }
    let mut body = vec![0; length];
    input.read_exact(&mut body).ok()?;
    Some(serde_json::from_slice(&body).unwrap())
}

/// The URI of a path that needs no encoding.
pub fn uri(path: &Path) -> String {
    format!("file://{}", path.display())
}

/// The actions that are offered for a range.
pub fn actions(client: &mut Client, uri: &str, at: Value, context: Value) -> Vec<Value> {
    let params = json!({"textDocument": {"uri": uri}, "range": at, "context": context});
    client.request("textDocument/codeAction", params)["result"].as_array().unwrap().clone()
}

/// What is said of a position.
pub fn hover(client: &mut Client, uri: &str, line: u32, character: u32) -> Value {
    let position = json!({"line": line, "character": character});
    let params = json!({"textDocument": {"uri": uri}, "position": position});
    client.request("textDocument/hover", params)["result"].clone()
}

/// Applies a workspace edit of either form to texts of ASCII characters, as an editor does it: all ranges are of the old text.
pub fn apply(texts: &mut HashMap<String, String>, edit: &Value) {
    let by_file: Vec<(String, Value)> = match edit["documentChanges"].as_array() {
        Some(files) => files
            .iter()
            .map(|file| (file["textDocument"]["uri"].as_str().unwrap().to_owned(), file["edits"].clone()))
            .collect(),
        None => edit["changes"].as_object().unwrap().clone().into_iter().collect(),
    };
    for (uri, edits) in by_file {
        let text = texts.get_mut(&uri).unwrap();
        let offset = |position: &Value| {
            let line = usize::try_from(position["line"].as_u64().unwrap()).unwrap();
            let before: usize = text.split_inclusive('\n').take(line).map(str::len).sum();
            before + usize::try_from(position["character"].as_u64().unwrap()).unwrap()
        };
        let mut edits: Vec<(usize, usize, &str)> = edits
            .as_array()
            .unwrap()
            .iter()
            .map(|edit| {
                let range = &edit["range"];
                (offset(&range["start"]), offset(&range["end"]), edit["newText"].as_str().unwrap())
            })
            .collect();
        edits.sort_by_key(|(start, end, _)| (*start, *end));
        for (start, end, new) in edits.into_iter().rev() {
            text.replace_range(start..end, new);
        }
    }
}

/// A folder with these files.
pub fn project(files: &[(&str, &str)]) -> (tempfile::TempDir, PathBuf) {
    let folder = tempfile::tempdir().unwrap();
    let root = folder.path().canonicalize().unwrap();
    for (name, text) in files {
        let path = root.join(name);
        std::fs::create_dir_all(path.parent().unwrap()).unwrap();
        std::fs::write(path, text).unwrap();
    }
    (folder, root)
}

/// A WSGI file that every host can serve.
pub const HEALTHY: &str = "\
def application(environ, start_response):
    start_response(\"200 OK\", [(\"Content-Type\", \"text/plain\")])
    return [b\"hello\"]
";

/// What a client announces that asks for diagnostics.
pub fn pulling() -> Value {
    json!({
        "textDocument": {"diagnostic": {}},
        "workspace": {"diagnostics": {"refreshSupport": true}},
    })
}

pub fn range(start_line: u32, start: u32, end_line: u32, end: u32) -> Value {
    json!({"start": {"line": start_line, "character": start}, "end": {"line": end_line, "character": end}})
}
