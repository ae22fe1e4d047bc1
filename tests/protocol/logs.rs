//! Logs in the editor: diagnostics, links to the code, and what a log told at the handler.

use serde_json::{Value, json};

use crate::client::{Client, hover, project, uri};

const APP: &str = "\
from flask import Flask

application = Flask(__name__)


@application.route(\"/slow\")
def slow():
    return str(sum(range(10)))
";
const LOG: &str = "\
Mon Nov 23 06:15:03 2099 - *** HARAKIRI ON WORKER 1 (pid: 6, try: 1) ***
Mon Nov 23 06:15:03 2099 - HARAKIRI [core 0] 127.0.0.1 - GET /slow since 1795414500
Traceback (most recent call last):
  File \"/home/jane/mysite/wsgi.py\", line 8, in slow
ZeroDivisionError: division by zero
";

#[test]
fn a_log_leads_to_the_code_and_the_code_tells_of_the_log() {
    let (_folder, root) = project(&[("wsgi.py", APP), ("uwsgi.log", LOG)]);
    let mut client = Client::open_folder(&root, json!({}));
    let (log, app) = (uri(&root.join("uwsgi.log")), uri(&root.join("wsgi.py")));
    client.open(&log, 1, LOG);
    let codes = |found: &[Value]| -> Vec<(String, u64)> {
        let one = |item: &Value| {
            (item["code"].as_str().unwrap().to_owned(), item["range"]["start"]["line"].as_u64().unwrap())
        };
        found.iter().map(one).collect()
    };
    let found = client.published(&log, Some(1));
    assert_eq!(codes(&found), [("log-harakiri".to_owned(), 0), ("log-exception".to_owned(), 2)]);
    assert_eq!(found[0]["relatedInformation"][0]["location"]["uri"], app);
    let links = client.request("textDocument/documentLink", json!({"textDocument": {"uri": log}}));
    let links: Vec<&str> =
        links["result"].as_array().unwrap().iter().map(|link| link["target"].as_str().unwrap()).collect();
    assert_eq!(links, [format!("{app}#L7"), format!("{app}#L8")]);
    // A call of the traceback shows what stands there now.
    let call = hover(&mut client, &log, 3, 12);
    let text = call["contents"]["value"].as_str().unwrap();
    assert!(
        text.contains(&format!("[wsgi.py:8]({app}#L8)")) && text.contains("return str(sum(range(10)))"),
        "{text}"
    );
    let killed = hover(&mut client, &log, 0, 40);
    let text = killed["contents"]["value"].as_str().unwrap();
    assert!(
        text.contains("harakiri") && text.contains(&format!("({app}#L7): GET /slow is handled here")),
        "{text}"
    );
    assert!(
        text.contains("https://help.pythonanywhere.com/pages/502BadGateway/#look-for-any-slow-code"),
        "{text}"
    );
    let told = client.published(&app, None);
    assert_eq!(codes(&told), [("log-harakiri".to_owned(), 6), ("log-exception".to_owned(), 7)]);
    assert!(
        told[0]["message"].as_str().unwrap().contains("once, last at 2099-11-23 06:15:03 UTC"),
        "{told:?}"
    );
}

#[test]
fn a_damaged_log_is_read_as_far_as_it_goes_and_the_rest_is_noted() {
    let (_folder, root) = project(&[("wsgi.py", APP)]);
    let app = uri(&root.join("wsgi.py"));
    // On disk: no text at first, then a log, then half a character.
    let bytes = [&b"\xff\xfe\x00\x01caf\xe9\n"[..], LOG.as_bytes(), b"\xc3"].concat();
    std::fs::write(root.join("uwsgi.log"), bytes).unwrap();
    std::fs::write(root.join("old.log.1.gz"), b"\x1f\x8b\x08 and nothing more").unwrap();
    let mut client = Client::open_folder(&root, json!({}));
    let told = client.pull(&app)["items"].as_array().unwrap().clone();
    let codes: Vec<&str> = told.iter().map(|item| item["code"].as_str().unwrap()).collect();
    assert_eq!(codes, ["log-harakiri", "log-exception"]);
    // Open: what an editor makes of such bytes.
    let log = uri(&root.join("open.log"));
    client.open(&log, 1, &format!("\u{0}\u{fffd}{}\n{LOG}", "x".repeat(1 << 20)));
    let found = client.published(&log, Some(1));
    let codes: Vec<&str> = found.iter().map(|item| item["code"].as_str().unwrap()).collect();
    assert_eq!(codes, ["log-unreadable", "log-unreadable", "log-harakiri", "log-exception"]);
    let notes: Vec<&str> = found.iter().take(2).map(|item| item["message"].as_str().unwrap()).collect();
    assert!(notes.iter().any(|note| note.contains("zero bytes")), "{notes:?}");
    assert!(notes.iter().any(|note| note.contains("very long")), "{notes:?}");
}
