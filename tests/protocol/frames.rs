//! Malformed messages are answered or skipped, and survived.

use serde_json::{Value, json};

use crate::client::Client;

const PARSE_ERROR: i64 = -32700;
const INVALID_REQUEST: i64 = -32600;

fn framed(body: &[u8]) -> Vec<u8> {
    [format!("Content-Length: {}\r\n\r\n", body.len()).as_bytes(), body].concat()
}

/// Sends something odd, expects this complaint, and that the next request is answered.
fn survives(odd: &[u8], complaint: i64) {
    let mut client = Client::start();
    client.initialize(json!({"capabilities": {}}));
    client.send_raw(odd);
    assert_eq!(client.complaint(), complaint);
    let answer = client.request("textDocument/codeAction", Value::Null);
    assert_eq!(answer["error"]["code"], -32602, "a request without its parameters: {answer}");
    assert_eq!(client.shut_down(), 0);
}

#[test]
fn bodies_that_are_no_json() {
    survives(&framed(b"{\"jsonrpc\": \"2.0\", \"method\""), PARSE_ERROR);
    survives(&framed(b"{\"jsonrpc\": \"2.0\", \"method\": \"\xff\xfe\"}"), PARSE_ERROR);
    survives(&framed(b""), PARSE_ERROR);
    survives(&framed("[".repeat(100_000).as_bytes()), PARSE_ERROR);
    let nested = format!("{}{}", "[".repeat(100_000), "]".repeat(100_000));
    survives(&framed(nested.as_bytes()), PARSE_ERROR);
    let nested = format!(
        r#"{{"jsonrpc":"2.0","method":"x","params":{}1{}}}"#,
        r#"{"a":"#.repeat(100_000),
        "}".repeat(100_000)
    );
    survives(&framed(nested.as_bytes()), PARSE_ERROR);
}

#[test]
fn json_that_is_no_message() {
    for body in [
        "42",
        "null",
        "\"initialize\"",
        "[]",
        "[{\"jsonrpc\":\"2.0\",\"id\":1,\"method\":\"shutdown\"}]",
        "{}",
    ] {
        survives(&framed(body.as_bytes()), INVALID_REQUEST);
    }
    survives(&framed(br#"{"jsonrpc":"1.0","method":"initialized"}"#), INVALID_REQUEST);
    survives(&framed(br#"{"jsonrpc":"2.0","method":7}"#), INVALID_REQUEST);
}

#[test]
fn headers_that_are_wrong() {
    survives(b"Content-Length: 99999999999\r\n\r\n{}", INVALID_REQUEST);
    survives(b"Content-Length: 99999999999999999999999999999999\r\n\r\n{}", INVALID_REQUEST);
    for header in [
        "Content-Length: -1",
        "Content-Length: ten",
        "Content-Length: 0x10",
        "Content-Length:",
        "Content-Type: x",
    ] {
        survives(format!("{header}\r\n\r\n{{}}").as_bytes(), PARSE_ERROR);
    }
    survives(b"\r\n\r\n\r\n", PARSE_ERROR);
    survives(b"GET / HTTP/1.1\r\n\r\n", PARSE_ERROR);
    survives(&[[0xff; 100_000].as_slice(), b"\r\n\r\n"].concat(), PARSE_ERROR);
}

#[test]
fn lengths_that_do_not_fit() {
    let body = br#"{"jsonrpc":"2.0","method":"$/nothing","params":{"text":"some more text"}}"#;
    let announced = |length: usize| [format!("Content-Length: {length}\r\n\r\n").as_bytes(), body].concat();
    survives(&announced(body.len() - 10), PARSE_ERROR);
    // Too long: the next message is swallowed in part, the one after it is answered.
    let mut long = announced(body.len() + 10);
    long.extend(framed(body));
    survives(&long, PARSE_ERROR);
}

#[test]
fn unusual_headers_are_fine() {
    let mut client = Client::start();
    client.initialize(json!({"capabilities": {}}));
    let body = r#"{"jsonrpc":"2.0","id":"a","method":"shutdown"}"#;
    let headers = "content-type: application/vscode-jsonrpc; charset=utf-8\r\nX-Trace: 1\r\n";
    client.send_raw(format!("{headers}content-length:{}\r\n\r\n{body}", body.len()).as_bytes());
    let exit = framed(br#"{"jsonrpc":"2.0","method":"exit"}"#);
    client.send_raw(&exit);
    assert_eq!(client.exit_code(), 0);
    assert!(client.unread("").is_empty());
}

#[test]
fn a_message_in_single_bytes_is_read() {
    let mut client = Client::start();
    let message = framed(br#"{"jsonrpc":"2.0","id":-7,"method":"initialize","params":{"capabilities":{}}}"#);
    for byte in message {
        client.send_raw(&[byte]);
    }
    assert!(client.answer(-7)["result"]["capabilities"].is_object());
}
