//! What is shown while a file is half typed.

use serde_json::{Value, json};

use crate::client::{Client, range};
use crate::deployment::site;

const HEALTHY: &str = "\
from flask import Flask

app = Flask(__name__)


@app.route(\"/\")
def index():
    return \"hello\"


if __name__ == \"__main__\":
    app.run()
";

fn codes(items: &Value) -> Vec<(String, Value)> {
    let code = |item: &Value| (item["code"].as_str().unwrap().to_owned(), item["range"].clone());
    items["items"].as_array().unwrap().iter().map(code).collect()
}

/// Types a text at a place, one character at a time, and asks for the diagnostics of the files after each.
fn type_text(
    client: &mut Client,
    uri: &str,
    (mut line, mut character): (u32, u32),
    text: &str,
    mut look: impl FnMut(&mut Client, &str),
) {
    for (version, typed) in (10..).zip(text.chars()) {
        let at = range(line, character, line, character);
        client.change(uri, version, json!([{"range": at, "text": typed.to_string()}]));
        (line, character) = if typed == '\n' { (line + 1, 0) } else { (line, character + 1) };
        look(client, &format!("{typed:?} at {line}:{character}"));
    }
}

#[test]
fn a_half_typed_module_only_shows_its_syntax_errors() {
    let site = site(HEALTHY);
    let mut client = site.client(crate::client::pulling());
    client.open(&site.pages, 1, HEALTHY);
    assert_eq!(codes(&client.pull(&site.pages)), []);
    let view = "@app.route(\"/about\")\ndef about():\n    names = [\n        \"a\",\n    ]\n    return \", \".join(names)\n\n\n";
    let mut half_typed = 0;
    type_text(&mut client, &site.pages.clone(), (9, 0), view, |client, at| {
        for file in [&site.wsgi, &site.website, &site.pages] {
            for (code, _) in codes(&client.pull(file)) {
                // `@a`, `@ap` and `de` are whole programs, whose names nothing binds yet.
                assert_eq!(code, "syntax-error", "in {file} after {at}");
                half_typed += 1;
            }
        }
    });
    assert!(half_typed > 30, "{half_typed}");
    assert_eq!(codes(&client.pull(&site.pages)), []);
}

#[test]
fn a_half_typed_entry_still_has_its_application() {
    let site = site(HEALTHY);
    let mut client = site.client(crate::client::pulling());
    let text = site.texts[&site.wsgi].clone();
    client.open(&site.wsgi, 1, &text);
    assert_eq!(codes(&client.pull(&site.wsgi)), []);
    // The line that binds `application` is being changed.
    let import = text.find("from website").unwrap();
    for (version, end) in (2..).zip(import..text.len() - 1) {
        client.change(&site.wsgi, version, json!([{"text": format!("{}\nx = (\n", &text[..end])}]));
        let found = codes(&client.pull(&site.wsgi));
        assert!(found.iter().all(|(code, _)| code == "syntax-error"), "{found:?}");
        assert!(!found.is_empty());
    }
}

#[test]
fn findings_stay_and_move_while_another_line_is_typed() {
    let broken = HEALTHY.replace("if __name__ == \"__main__\":\n    ", "");
    let site = site(&broken);
    let mut client = site.client(crate::client::pulling());
    client.open(&site.pages, 1, &broken);
    let call = |line: u32| ("server-started-at-import".to_owned(), range(line, 0, line, 9));
    assert_eq!(codes(&client.pull(&site.pages)), [call(10)]);
    let mut lines = 10;
    type_text(&mut client, &site.pages.clone(), (1, 0), "COLOURS = [\n    \"r\u{e9}d\",\n", |client, at| {
        lines += u32::from(at.starts_with("'\\n'"));
        let found = codes(&client.pull(&site.pages));
        if found.iter().any(|(code, _)| code == "syntax-error") {
            assert!(found.contains(&call(lines)), "{found:?} after {at}");
        }
    });
    assert_eq!(lines, 12);
    // The way to it is told with the places where the imports stand now.
    client.open(&site.website, 1, &site.texts[&site.website]);
    client.change(&site.website, 2, json!([{"range": range(0, 0, 0, 0), "text": "import (\n"}]));
    let items = client.pull(&site.pages)["items"].clone();
    let call = items.as_array().unwrap().iter().find(|item| item["code"] == "server-started-at-import");
    let related = &call.unwrap()["relatedInformation"];
    assert_eq!(related[1]["location"]["range"], range(2, 5, 2, 10), "{related}");
    // Broken off in the middle of the call, nobody knows any more what it does.
    client.change(&site.pages, 99, json!([{"range": range(12, 8, 12, 9), "text": ""}]));
    assert!(codes(&client.pull(&site.pages)).iter().all(|(code, _)| code == "syntax-error"));
}

#[test]
fn a_half_typed_module_hides_no_name_from_those_who_import_it() {
    let site = site(HEALTHY);
    for importer in [
        "from pages import app, extra\n",
        "from pages import *\nextra\n",
        "import pages\nfrom pages import app\npages.extra\n",
    ] {
        let mut client = site.client(crate::client::pulling());
        client.open(&site.website, 1, importer);
        client.open(&site.pages, 1, HEALTHY);
        assert_eq!(codes(&client.pull(&site.website)).len(), 1, "{importer}");
        client.change(&site.pages, 2, json!([{"text": format!("{HEALTHY}\nextra = {{'a': ")}]));
        assert_eq!(codes(&client.pull(&site.website)), [], "{importer}");
        assert_eq!(codes(&client.pull(&site.wsgi)), [], "{importer}");
        assert_eq!(codes(&client.pull(&site.pages))[0].0, "syntax-error");
    }
}

#[test]
fn a_module_that_was_never_seen_whole_is_known_from_disk() {
    let site = site(&HEALTHY.replace("if __name__ == \"__main__\":\n    ", ""));
    let mut client = site.client(crate::client::pulling());
    client.open(&site.pages, 1, &format!("x = (\n{}", site.texts[&site.pages]));
    let found = codes(&client.pull(&site.pages));
    assert!(found.contains(&("server-started-at-import".to_owned(), range(11, 0, 11, 9))), "{found:?}");
    assert!(found.iter().any(|(code, _)| code == "syntax-error"));
}

#[test]
fn a_name_says_nothing_while_it_is_typed() {
    let site = site(HEALTHY);
    let mut client = site.client(crate::client::pulling());
    client.open(&site.pages, 1, HEALTHY);
    for line in ["import json", "from os import path", "from website import app", "flask = Flask", "app"] {
        type_text(&mut client, &site.pages.clone(), (1, 0), line, |client, at| {
            for file in [&site.pages, &site.wsgi] {
                for (code, _) in codes(&client.pull(file)) {
                    assert_eq!(code, "syntax-error", "in {file}, {line:?} after {at}");
                }
            }
        });
        client.change(&site.pages, 99, json!([{"text": HEALTHY}]));
    }
}

#[test]
fn a_name_is_judged_once_the_typing_goes_on_elsewhere() {
    let site = site(HEALTHY);
    let missing = |line: u32| [("crash-at-import".to_owned(), range(line, 0, line, 7))];
    let ends: [fn(&mut Client, &str, &str); 4] = [
        |client, pages, _| client.change(pages, 100, json!([{"range": range(1, 7, 1, 7), "text": "\n"}])),
        |client, pages, _| {
            client.change(pages, 100, json!([{"range": range(5, 0, 5, 0), "text": "# a view\n"}]))
        },
        |client, _, wsgi| client.change(wsgi, 100, json!([{"range": range(0, 0, 0, 0), "text": "a = 1\n"}])),
        |client, pages, _| client.notify("textDocument/didSave", json!({"textDocument": {"uri": pages}})),
    ];
    for end in ends {
        let mut client = site.client(crate::client::pulling());
        client.open(&site.wsgi, 1, &site.texts[&site.wsgi]);
        client.open(&site.pages, 1, HEALTHY);
        client.change(&site.pages, 98, json!([{"range": range(1, 0, 1, 0), "text": "webse"}]));
        client.change(&site.pages, 99, json!([{"range": range(1, 4, 1, 4), "text": "it"}]));
        assert_eq!(codes(&client.pull(&site.pages)), []);
        end(&mut client, &site.pages, &site.wsgi);
        assert_eq!(codes(&client.pull(&site.pages)), missing(1));
    }
}

#[test]
fn a_name_is_judged_once_the_typing_comes_to_rest() {
    let site = site(HEALTHY);
    let mut client = site.client(json!({}));
    client.open(&site.pages, 1, HEALTHY);
    client.published(&site.pages, Some(1));
    let insert = json!([{"range": range(1, 0, 1, 0), "text": "websote"}]);
    client.change(&site.pages, 2, insert);
    assert!(client.published(&site.pages, Some(2)).is_empty());
    let found = client.published(&site.pages, Some(2));
    assert_eq!(found[0]["code"], "crash-at-import", "{found:?}");
}

#[test]
fn a_name_that_others_import_may_be_typed_anew() {
    let site = site(HEALTHY);
    let mut client = site.client(crate::client::pulling());
    let wsgi = site.texts[&site.wsgi].clone();
    client.open(&site.pages, 1, HEALTHY);
    client.open(&site.wsgi, 1, &wsgi);
    // `app` of the module that the website imports, and `application` of the entry.
    client.change(&site.pages, 2, json!([{"range": range(2, 2, 2, 3), "text": ""}]));
    assert_eq!(codes(&client.pull(&site.website)), []);
    client.change(&site.pages, 3, json!([{"text": HEALTHY}]));
    client.change(&site.wsgi, 2, json!([{"range": range(6, 34, 6, 35), "text": ""}]));
    assert_eq!(codes(&client.pull(&site.wsgi)), []);
    client.notify("textDocument/didSave", json!({"textDocument": {"uri": site.wsgi}}));
    assert_eq!(codes(&client.pull(&site.wsgi))[0].0, "application-missing");
}

#[test]
fn a_factory_is_not_called_before_its_parentheses_are_typed() {
    let site = site("from flask import Flask\n\n\ndef create_app():\n    return Flask(__name__)\n");
    let mut client = site.client(crate::client::pulling());
    client.open(&site.website, 1, "from pages import create_app\n\napp = \n");
    type_text(&mut client, &site.website.clone(), (2, 6), "create_app()", |client, at| {
        for file in [&site.website, &site.wsgi] {
            let found = codes(&client.pull(file));
            assert!(found.iter().all(|(code, _)| code == "syntax-error"), "{found:?} in {file} after {at}");
        }
    });
    client.change(&site.website, 99, json!([{"range": range(2, 16, 2, 18), "text": ""}]));
    client.notify("textDocument/didSave", json!({"textDocument": {"uri": site.website}}));
    assert_eq!(codes(&client.pull(&site.wsgi))[0].0, "uncalled-factory");
}
