//! Comfort in configuration files, format by format.

use serde_json::{Value, json};

use crate::client::{Client, project, pulling, uri};

const APP: (&str, &str) = ("app.py", "from flask import Flask\n\napp = Flask(__name__)\n");

/// One format: its file, a text whose `|` is in the callable, an option to explain with a word of its explanation, a line to
/// complete with what is to be offered.
struct Format {
    file: &'static str,
    text: &'static str,
    explained: Option<(&'static str, &'static str)>,
    completed: (&'static str, &'static str),
    outline: &'static str,
}

const FORMATS: &[Format] = &[
    Format {
        file: "uwsgi.ini",
        text: "[uwsgi]\nmodule = app:a|pp\nmaster = true\n",
        explained: Some(("master", "yes or no")),
        completed: ("[uwsgi]\nharak|", "harakiri"),
        outline: "uwsgi",
    },
    Format {
        file: "uwsgi.yaml",
        text: "uwsgi:\n  module: app:a|pp\n  master: true\n",
        explained: Some(("master", "yes or no")),
        completed: ("uwsgi:\n  module: app:a|", "app"),
        outline: "uwsgi",
    },
    Format {
        file: "uwsgi.xml",
        text: "<uwsgi>\n<module>app:a|pp</module>\n<master>true</master>\n</uwsgi>\n",
        explained: Some(("master", "yes or no")),
        completed: ("<uwsgi>\n<master></master>\n|</uwsgi>", ""),
        outline: "uwsgi",
    },
    Format {
        file: "gunicorn.conf.py",
        text: "wsgi_app = \"app:a|pp\"\nworkers = 2\n",
        explained: Some(("workers", "a whole number")),
        completed: ("worker_class = \"gt|", "gthread"),
        outline: "",
    },
    Format {
        file: "Procfile",
        text: "web: gunicorn --workers 2 app:a|pp\n",
        explained: Some(("--workers", "a whole number")),
        completed: ("web: gunicorn app:a|", "app"),
        outline: "web",
    },
    Format {
        file: "site.service",
        text: "[Service]\nExecStart=/usr/bin/gunicorn --preload app:a|pp\n",
        explained: Some(("--preload", "yes or no")),
        completed: ("[Service]\nExecStart=/usr/bin/gunicorn --prel|", "--preload"),
        outline: "Service",
    },
    Format {
        file: "Dockerfile",
        text: "FROM python\nCMD [\"gunicorn\", \"app:a|pp\"]\n",
        explained: None,
        completed: ("FROM python\nCMD gunicorn app:a|", "app"),
        outline: "CMD",
    },
];

fn started(file: &str, text: &str) -> (Client, tempfile::TempDir, String, Value, String) {
    let offset = text.find('|').unwrap();
    let (before, after) = (&text[..offset], &text[offset + 1..]);
    let whole = format!("{before}{after}");
    let (folder, root) = project(&[APP, (file, &whole)]);
    let mut client = Client::start();
    client.initialize(json!({
        "capabilities": pulling(),
        "workspaceFolders": [{"uri": uri(&root), "name": "site"}],
    }));
    let document = uri(&root.join(file));
    client.open(&document, 1, &whole);
    let line = before.matches('\n').count();
    let character = before.len() - before.rfind('\n').map_or(0, |at| at + 1);
    let at = json!({"textDocument": {"uri": document}, "position": {"line": line, "character": character}});
    (client, folder, document, at, whole)
}

#[test]
fn callables_lead_to_python_and_back() {
    for format in FORMATS {
        let (mut client, _folder, document, at, _) = started(format.file, format.text);
        let found = client.request("textDocument/definition", at.clone())["result"].clone();
        assert!(found["uri"].as_str().unwrap_or_default().ends_with("/app.py"), "{}: {found}", format.file);
        assert_eq!(found["range"]["start"], json!({"line": 2, "character": 0}), "{}", format.file);
        let links = client.request("textDocument/documentLink", json!({"textDocument": {"uri": document}}));
        assert!(
            links["result"].as_array().is_some_and(|links| !links.is_empty()),
            "{}: {links}",
            format.file
        );
        let mut asked = at.clone();
        asked["context"] = json!({"includeDeclaration": true});
        let references = client.request("textDocument/references", asked);
        assert_eq!(references["result"][0]["uri"], json!(document), "{}: {references}", format.file);
        let mut asked = at;
        asked["newName"] = json!("site");
        let changes = client.request("textDocument/rename", asked)["result"]["changes"].clone();
        assert_eq!(changes.as_object().map_or(0, serde_json::Map::len), 2, "{}: {changes}", format.file);
    }
}

#[test]
fn options_are_explained() {
    for format in FORMATS {
        let Some((option, word)) = format.explained else { continue };
        let (mut client, _folder, document, _, whole) = started(format.file, format.text);
        let offset = whole.find(option).unwrap();
        let line = whole[..offset].matches('\n').count();
        let character = offset - whole[..offset].rfind('\n').map_or(0, |at| at + 1);
        let at = json!({
            "textDocument": {"uri": document},
            "position": {"line": line, "character": character + 1},
        });
        let hover = client.request("textDocument/hover", at);
        let text = hover["result"]["contents"]["value"].as_str().unwrap_or_default();
        assert!(text.contains(word) && text.contains("https://"), "{}: {hover}", format.file);
    }
}

#[test]
fn outlines_and_completion() {
    for format in FORMATS {
        let (mut client, _folder, document, _, _) = started(format.file, format.text);
        let symbols =
            client.request("textDocument/documentSymbol", json!({"textDocument": {"uri": document}}));
        let names: Vec<&str> = symbols["result"]
            .as_array()
            .into_iter()
            .flatten()
            .filter_map(|one| one["name"].as_str())
            .collect();
        assert!(format.outline.is_empty() || names.contains(&format.outline), "{}: {symbols}", format.file);
        let (text, wanted) = format.completed;
        if wanted.is_empty() {
            continue;
        }
        let (mut client, _folder, _, at, _) = started(format.file, text);
        let items = client.request("textDocument/completion", at);
        let labels: Vec<&str> = items["result"]
            .as_array()
            .into_iter()
            .flatten()
            .filter_map(|one| one["label"].as_str())
            .collect();
        assert!(labels.contains(&wanted), "{}: {labels:?}", format.file);
    }
}
