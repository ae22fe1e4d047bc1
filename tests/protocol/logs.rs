//! Logs in the editor: diagnostics, links to the code, and what a log told at the handler.

use serde_json::{Value, json};

use crate::client::{Client, project, uri};

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
    let told = client.published(&app, None);
    assert_eq!(codes(&told), [("log-harakiri".to_owned(), 6), ("log-exception".to_owned(), 7)]);
    assert!(
        told[0]["message"].as_str().unwrap().contains("once, last at 2099-11-23 06:15:03 UTC"),
        "{told:?}"
    );
}
