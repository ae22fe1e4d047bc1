//! A deployment of several files, found by its names alone: a PythonAnywhere WSGI file, the app that it imports, and what
//! that imports.

use std::collections::HashMap;
use std::path::PathBuf;

use serde_json::{Value, json};

use crate::client::{Client, actions, apply, hover, project, range, uri};

pub const WSGI: &str = "jane_pythonanywhere_com_wsgi.py";
const WSGI_TEXT: &str = "\
import sys

project_home = '/home/jane/mysite'
if project_home not in sys.path:
    sys.path.insert(0, project_home)

from website import app as application
";
const WEBSITE_TEXT: &str = "\
\"\"\"The shop's website.\"\"\"
from pages import app

__all__ = [\"app\"]
";
const PAGES_TEXT: &str = "\
from flask import Flask

app = Flask(__name__)


@app.route(\"/\")
def index():
    return \"hello\"


app.run(host=\"0.0.0.0\")  # for now
";

/// The project with its three files, and the URIs of them.
pub struct Site {
    _folder: tempfile::TempDir,
    pub root: PathBuf,
    pub wsgi: String,
    pub website: String,
    pub pages: String,
    /// The text of each file by its URI.
    pub texts: HashMap<String, String>,
}

pub fn site(pages_text: &str) -> Site {
    let files = [(WSGI, WSGI_TEXT), ("mysite/website.py", WEBSITE_TEXT), ("mysite/pages.py", pages_text)];
    let (folder, root) = project(&files);
    let texts = files.map(|(name, text)| (uri(&root.join(name)), text.to_owned()));
    Site {
        wsgi: texts[0].0.clone(),
        website: texts[1].0.clone(),
        pages: texts[2].0.clone(),
        texts: texts.into(),
        root,
        _folder: folder,
    }
}

impl Site {
    /// A client that shows this folder and knows nothing of entries.
    pub fn client(&self, capabilities: Value) -> Client {
        let mut client = Client::start();
        client.initialize(json!({
            "capabilities": capabilities,
            "workspaceFolders": [{"uri": uri(&self.root), "name": "site"}],
        }));
        client
    }
}

#[test]
fn a_file_that_is_not_open_is_blamed_and_the_way_to_it_is_told() {
    let site = site(PAGES_TEXT);
    let mut client = site.client(json!({}));
    client.open(&site.wsgi, 1, WSGI_TEXT);
    assert!(client.published(&site.wsgi, Some(1)).is_empty(), "the entry itself is healthy");
    let found = client.published(&site.pages, None);
    assert_eq!(found.len(), 1, "{found:?}");
    assert_eq!(found[0]["code"], "server-started-at-import");
    assert_eq!(found[0]["severity"], 1);
    assert_eq!(found[0]["range"], range(10, 0, 10, 23));
    assert!(found[0]["message"].as_str().unwrap().contains("PythonAnywhere"), "{found:?}");
    let page = found[0]["codeDescription"]["href"].as_str().unwrap();
    assert!(page.starts_with("https://help.pythonanywhere.com/"), "{page}");
    let way: Vec<(&str, &Value)> = found[0]["relatedInformation"]
        .as_array()
        .unwrap()
        .iter()
        .map(|related| (related["location"]["uri"].as_str().unwrap(), &related["location"]["range"]))
        .collect();
    assert_eq!(way, [(&*site.wsgi, &range(6, 5, 6, 12)), (&*site.website, &range(1, 5, 1, 10))]);
    let messages = &found[0]["relatedInformation"];
    assert!(messages[0]["message"].as_str().unwrap().ends_with("imports `website`"), "{messages}");
    assert_eq!(messages[1]["message"], "imports `pages`");
}

#[test]
fn the_preferred_fix_is_the_guard_and_clears_every_file() {
    for versioned in [false, true] {
        let site = site(PAGES_TEXT);
        let capabilities = json!({"workspace": {"workspaceEdit": {"documentChanges": versioned}}});
        let mut client = site.client(capabilities);
        client.open(&site.pages, 3, PAGES_TEXT);
        assert_eq!(client.published(&site.pages, Some(3)).len(), 1);
        // Helix and Neovim send the cursor, Emacs and Kate the line, and not all of them a diagnostic.
        for at in [range(10, 4, 10, 4), range(10, 0, 11, 0), range(10, 0, 10, 0)] {
            let offered = actions(&mut client, &site.pages, at, json!({"diagnostics": []}));
            let preferred: Vec<&Value> =
                offered.iter().filter(|action| action["isPreferred"] == true).collect();
            assert_eq!(preferred.len(), 1, "{offered:?}");
            assert_eq!(preferred[0]["title"], "Put `app.run()` under `if __name__ == \"__main__\":`");
            assert_eq!(preferred[0]["diagnostics"][0]["code"], "server-started-at-import");
            assert!(offered.iter().any(|action| action["title"].as_str().unwrap().starts_with("Silence")));
        }
        let offered = actions(&mut client, &site.pages, range(10, 4, 10, 4), json!({"diagnostics": []}));
        let edit = &offered[0]["edit"];
        if versioned {
            let document = &edit["documentChanges"][0]["textDocument"];
            assert_eq!(document, &json!({"uri": site.pages, "version": 3}));
            assert!(edit["changes"].is_null());
        } else {
            assert_eq!(edit["changes"].as_object().unwrap().keys().collect::<Vec<_>>(), [&site.pages]);
            assert!(edit["documentChanges"].is_null());
        }
        let mut texts = site.texts.clone();
        apply(&mut texts, edit);
        let mended = &texts[&site.pages];
        let guard = "if __name__ == \"__main__\":\n    app.run(host=\"0.0.0.0\")  # for now\n";
        assert!(mended.ends_with(guard), "{mended}");
        client.change(&site.pages, 4, json!([{"text": mended}]));
        assert!(client.published(&site.pages, Some(4)).is_empty());
        for file in [&site.wsgi, &site.website] {
            let told = client.unread("textDocument/publishDiagnostics");
            let last = told.iter().rev().find(|message| message["params"]["uri"] == **file);
            assert!(last.is_none_or(|last| last["params"]["diagnostics"] == json!([])), "{last:?}");
        }
    }
}

#[test]
fn all_safe_fixes_are_one_action() {
    let site = site(PAGES_TEXT);
    let mut client = site.client(json!({}));
    client.open(&site.pages, 1, PAGES_TEXT);
    let context = json!({"diagnostics": [], "only": ["source.fixAll.wsgi-ls"]});
    let offered = actions(&mut client, &site.pages, range(0, 0, 12, 0), context);
    assert_eq!(offered.len(), 1, "{offered:?}");
    assert_eq!(offered[0]["kind"], "source.fixAll.wsgi-ls");
    let mut texts = site.texts.clone();
    apply(&mut texts, &offered[0]["edit"]);
    client.change(&site.pages, 2, json!([{"text": texts[&site.pages]}]));
    assert!(client.published(&site.pages, Some(2)).is_empty());
}

#[test]
fn the_silence_action_clears_the_finding_and_nothing_else() {
    let site = site(PAGES_TEXT);
    let mut client = site.client(json!({}));
    client.open(&site.pages, 1, PAGES_TEXT);
    let offered = actions(&mut client, &site.pages, range(10, 2, 10, 2), json!({"diagnostics": []}));
    let silence = offered
        .iter()
        .find(|action| action["title"] == "Silence `server-started-at-import` on this line")
        .unwrap();
    let mut texts = site.texts.clone();
    apply(&mut texts, &silence["edit"]);
    let line = "app.run(host=\"0.0.0.0\")  # for now  # wsgi-ls: ignore[server-started-at-import]\n";
    assert!(texts[&site.pages].ends_with(line), "{}", texts[&site.pages]);
    client.change(&site.pages, 2, json!([{"text": texts[&site.pages]}]));
    assert!(client.published(&site.pages, Some(2)).is_empty());
}

#[test]
fn hovers_tell_what_the_host_does() {
    let guarded = PAGES_TEXT.replace("app.run(", "if __name__ == '__main__':\n    app.run(");
    let healthy = site(&guarded);
    let mut client = healthy.client(json!({"textDocument": {"hover": {"contentFormat": ["markdown"]}}}));
    client.open(&healthy.wsgi, 1, WSGI_TEXT);
    client.open(&healthy.pages, 1, &guarded);
    let application = hover(&mut client, &healthy.wsgi, 6, 30);
    let text = application["contents"]["value"].as_str().unwrap();
    assert!(text.starts_with("`application` is ") && text.contains("Flask"), "{text}");
    let run = hover(&mut client, &healthy.pages, 11, 8);
    assert_eq!(run["range"], range(11, 4, 11, 27));
    let text = run["contents"]["value"].as_str().unwrap();
    assert!(text.starts_with("Only runs when this file is started as a script. PythonAnywhere"), "{text}");
    assert_eq!(hover(&mut client, &healthy.pages, 2, 0), Value::Null);

    let broken = site(PAGES_TEXT);
    let mut client = broken.client(json!({}));
    client.open(&broken.pages, 1, PAGES_TEXT);
    let call = hover(&mut client, &broken.pages, 10, 4);
    assert_eq!(call["range"], range(10, 0, 10, 23));
    assert!(call["contents"]["value"].as_str().unwrap().contains("server-started-at-import"));
}

#[test]
fn a_fix_may_edit_a_file_that_is_not_open() {
    // The call that leads to the server stands in `pages.py`; the server is started in a function of `helpers.py`.
    let pages = PAGES_TEXT
        .replace("from flask", "from helpers import serve\nfrom flask")
        .replace("app.run(host=\"0.0.0.0\")", "serve(app)");
    let mut site = site(&pages);
    let helpers_text = "def serve(app):\n    app.run()\n";
    std::fs::write(site.root.join("mysite/helpers.py"), helpers_text).unwrap();
    let helpers = uri(&site.root.join("mysite/helpers.py"));
    site.texts.insert(helpers.clone(), helpers_text.to_owned());
    let mut client = site.client(json!({"workspace": {"workspaceEdit": {"documentChanges": true}}}));
    client.open(&helpers, 1, helpers_text);
    assert_eq!(client.published(&helpers, Some(1)).len(), 1);
    let offered = actions(&mut client, &helpers, range(1, 4, 1, 4), json!({"diagnostics": []}));
    let guard = offered.iter().find(|action| action["isPreferred"] == true).unwrap();
    // Nobody has opened that file, so it has no version.
    let changed = &guard["edit"]["documentChanges"][0]["textDocument"];
    assert_eq!(changed, &json!({"uri": site.pages, "version": null}));
    let mut texts = site.texts.clone();
    apply(&mut texts, &guard["edit"]);
    assert!(texts[&site.pages].ends_with("if __name__ == \"__main__\":\n    serve(app)  # for now\n"));
    client.open(&site.pages, 1, &texts[&site.pages]);
    assert!(client.published(&helpers, Some(1)).is_empty(), "the edit of one file mends the other");
}
