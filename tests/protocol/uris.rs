//! URIs come back byte for byte, however the client spells them.

use serde_json::{Value, json};

use crate::client::{Client, project, pulling, range};

const NAMES: [(&str, &str); 9] = [
    ("a b.py", "a b.py"),
    ("a b.py", "a%20b.py"),
    ("\u{e9}.py", "\u{e9}.py"),
    ("\u{e9}.py", "%C3%A9.py"),
    ("\u{e9}.py", "%c3%a9.py"),
    ("x[1].py", "x[1].py"),
    ("a{b}.py", "a{b}.py"),
    ("a^`|\"<>.py", "a^`|\"<>.py"),
    ("plain.py", "sub/../plain.py"),
];

#[test]
fn every_spelling_is_echoed() {
    for (name, spelled) in NAMES {
        let (_folder, root) = project(&[(name, "")]);
        let uri = format!("file://{}/{spelled}", root.display());
        for push in [true, false] {
            let mut client = Client::start();
            let mut capabilities = if push { json!({}) } else { pulling() };
            capabilities["workspace"]["workspaceEdit"] = json!({"documentChanges": push});
            client.initialize(json!({
                "capabilities": capabilities,
                "rootUri": format!("file://{}", root.display()),
                "initializationOptions": {"entry": name},
            }));
            client.open(&uri, 3, "x = )\n");
            if push {
                assert_eq!(client.published(&uri, Some(3)).len(), 1, "{spelled}");
            } else {
                assert_eq!(client.pull(&uri)["items"].as_array().unwrap().len(), 1, "{spelled}");
            }
            let params = json!({"textDocument": {"uri": uri}, "range": range(0, 4, 0, 4), "context": {"diagnostics": []}});
            let edit = client.request("textDocument/codeAction", params)["result"][0]["edit"].clone();
            if push {
                assert_eq!(edit["documentChanges"][0]["textDocument"], json!({"uri": uri, "version": 3}));
            } else {
                assert_eq!(edit["changes"].as_object().unwrap().keys().collect::<Vec<_>>(), [&uri]);
            }
        }
    }
}

#[test]
fn files_that_the_client_never_named_are_spelled_as_uris() {
    let (_folder, root) = project(&[("my [site]/\u{e9} x.py", "x = )\n")]);
    let mut client = Client::start();
    client.initialize(json!({
        "capabilities": {},
        "workspaceFolders": [{"uri": format!("file://{}/my [site]", root.display()), "name": ""}],
        "initializationOptions": {"entry": "\u{e9} x.py"},
    }));
    let uri = format!("file://{}/my%20%5Bsite%5D/%C3%A9%20x.py", root.display());
    assert_eq!(client.published(&uri, None).len(), 1);
    // Opened under another spelling, it is one file still.
    let raw = format!("file://{}/my [site]/\u{e9} x.py", root.display());
    client.open(&raw, 1, "x = )\n");
    assert_eq!(client.published(&raw, Some(1)).len(), 1);
    assert!(client.published(&uri, None).is_empty());
}

#[test]
fn what_is_no_file_has_its_syntax_checked() {
    let uris = [
        "untitled:Untitled-1",
        "untitled:new file.py",
        "vscode-notebook-cell:/a%20b.ipynb#W0s",
        "git:/x.py?{\"ref\":\"\"}",
        "file://server/share/x.py",
    ];
    let mut client = Client::start();
    client.initialize(json!({"capabilities": {}}));
    for uri in uris {
        client.open(uri, 1, "x = )\ny = ]\n");
        let found = client.published(uri, Some(1));
        assert_eq!(found.len(), 2, "{uri}");
        assert_eq!(found[0]["code"], "syntax-error");
        client.change(uri, 2, json!([{"range": range(0, 4, 2, 0), "text": "1"}]));
        assert!(client.published(uri, Some(2)).is_empty());
        client.open(uri, 3, "(");
        client.published(uri, Some(3));
        client.close(uri);
        assert!(client.published(uri, None).is_empty(), "closed: {uri}");
    }
    // What is no URI at all is refused or ignored, and survived.
    for odd in ["", "x.py", "/home/jane/x.py", "file:", "%", ":", "http://[x"] {
        client.open(odd, 1, "x = )\n");
        client.pull(odd);
    }
    assert_eq!(client.shut_down(), 0);
}

#[test]
fn another_language_is_left_alone() {
    let mut client = Client::start();
    client.initialize(json!({"capabilities": {}}));
    let document = json!({"uri": "untitled:1", "languageId": "toml", "version": 1, "text": "x = )"});
    client.notify("textDocument/didOpen", json!({"textDocument": document}));
    assert_eq!(client.published("untitled:1", Some(1)), Vec::<Value>::new());
}
