//! Comfort in configuration files, format by format.

use serde_json::{Value, json};

use crate::client::{Client, project, pulling, uri};

const APP: (&str, &str) = ("app.py", "from flask import Flask\n\napp = Flask(__name__)\n");

/// One format: its file, a text whose `|` is in the callable or, in files that name none, in a place that leads elsewhere; an option
/// to explain with a word of its explanation; a text to complete at its `|` with what is to be offered; a name of the outline.
struct Format {
    file: &'static str,
    text: &'static str,
    /// Whether the place is the name of a callable.
    names_callable: bool,
    explained: (&'static str, &'static str),
    completed: (&'static str, &'static str),
    outline: &'static str,
}

impl Format {
    const NONE: Self = Self {
        file: "",
        text: "",
        names_callable: true,
        explained: ("", ""),
        completed: ("", ""),
        outline: "",
    };
}

const FORMATS: &[Format] = &[
    Format {
        file: "uwsgi.ini",
        text: "[uwsgi]\nmodule = app:a|pp\nmaster = true\n",
        explained: ("master", "yes or no"),
        completed: ("[uwsgi]\nharak|", "harakiri"),
        outline: "uwsgi",
        ..Format::NONE
    },
    Format {
        file: "uwsgi.yaml",
        text: "uwsgi:\n  module: app:a|pp\n  master: true\n",
        explained: ("master", "yes or no"),
        completed: ("uwsgi:\n  module: app:a|", "app"),
        outline: "uwsgi",
        ..Format::NONE
    },
    Format {
        file: "uwsgi.xml",
        text: "<uwsgi>\n<module>app:a|pp</module>\n<master>true</master>\n</uwsgi>\n",
        explained: ("master", "yes or no"),
        completed: ("<uwsgi>\n<harak|</uwsgi>", "harakiri"),
        outline: "uwsgi",
        ..Format::NONE
    },
    Format {
        file: "gunicorn.conf.py",
        text: "wsgi_app = \"app:a|pp\"\nworkers = 2\n",
        explained: ("workers", "a whole number"),
        completed: ("worker_class = \"gt|", "gthread"),
        outline: "workers",
        ..Format::NONE
    },
    Format {
        file: "site.conf",
        text: "<VirtualHost *:80>\nWSGIDaemonProcess site threads=5\nWSGIScriptAlias / /srv/site/ap|p.py\n</VirtualHost>\n",
        names_callable: false,
        explained: ("threads", "number"),
        completed: ("<VirtualHost *:80>\nWSGIDaemonProcess site thr|\n</VirtualHost>\n", "threads"),
        outline: "VirtualHost",
    },
    Format {
        file: "nginx.conf",
        text: "server {\n  location / {\n    proxy_pass http://127.0.0.1:80|00;\n    proxy_read_timeout 60s;\n  }\n}\n",
        names_callable: false,
        explained: ("proxy_read_timeout", "504"),
        completed: ("server {\n  location / {\n    proxy_re|\n  }\n}\n", "proxy_read_timeout"),
        outline: "server",
    },
    Format {
        file: "Procfile",
        text: "web: gunicorn --workers 2 app:a|pp\n",
        explained: ("--workers", "a whole number"),
        completed: ("web: gunicorn app:a|", "app"),
        outline: "web",
        ..Format::NONE
    },
    Format {
        file: "site.service",
        text: "[Service]\nExecStart=/usr/bin/gunicorn --preload app:a|pp\n",
        explained: ("--preload", "yes or no"),
        completed: ("[Service]\nExecStart=/usr/bin/gunicorn --prel|", "--preload"),
        outline: "Service",
        ..Format::NONE
    },
    Format {
        file: "supervisor.conf",
        text: "[program:web]\ncommand=uwsgi --master -w app:a|pp\n",
        explained: ("--master", "yes or no"),
        completed: ("[program:web]\ncommand=gunicorn app:a|", "app"),
        outline: "program:web",
        ..Format::NONE
    },
    Format {
        file: "Dockerfile",
        text: "FROM python\nCMD [\"gunicorn\", \"--threads\", \"4\", \"app:a|pp\"]\n",
        explained: ("--threads", "a whole number"),
        completed: ("FROM python\nCMD gunicorn app:a|", "app"),
        outline: "CMD",
        ..Format::NONE
    },
    Format {
        file: "compose.yaml",
        text: "services:\n  web:\n    command: gunicorn --timeout 60 app:a|pp\n",
        explained: ("--timeout", "number"),
        completed: ("services:\n  web:\n    command: gunicorn app:a|\n", "app"),
        outline: "web",
        ..Format::NONE
    },
    Format {
        file: "app.yaml",
        text: "runtime: python313\nentrypoint: gunicorn -b :$PORT --workers 2 app:a|pp\n",
        explained: ("--workers", "a whole number"),
        completed: ("runtime: python313\nentrypoint: gunicorn --prel|\n", "--preload"),
        outline: "entrypoint",
        ..Format::NONE
    },
    Format {
        file: "render.yaml",
        text: "services:\n  - type: web\n    name: site\n    startCommand: waitress-serve --threads=8 app:a|pp\n",
        explained: ("--threads", "number"),
        completed: (
            "services:\n  - type: web\n    name: site\n    startCommand: waitress-serve app:a|\n",
            "app",
        ),
        outline: "site",
        ..Format::NONE
    },
    Format {
        file: "fly.toml",
        text: "app = \"site\"\n[processes]\nweb = \"gunicorn --workers 2 app:a|pp\"\n",
        explained: ("--workers", "a whole number"),
        completed: ("app = \"site\"\n[processes]\nweb = \"gunicorn app:a|\"\n", "app"),
        outline: "web",
        ..Format::NONE
    },
    Format {
        file: ".ebextensions/python.config",
        text: "option_settings:\n  aws:elasticbeanstalk:container:python:\n    WSGIPath: app:a|pp\n",
        explained: ("app:app", "Elastic Beanstalk imports `app` and serves what its `app` is."),
        completed: (
            "option_settings:\n  aws:elasticbeanstalk:container:python:\n    WSGIPath: app:a|\n",
            "app",
        ),
        outline: "WSGIPath",
        ..Format::NONE
    },
    Format {
        file: "zappa_settings.json",
        text: "{\"dev\": {\"app_function\": \"app.a|pp\"}}\n",
        explained: ("app.app", "Zappa imports `app` and serves what its `app` is."),
        completed: ("{\"dev\": {\"app_function\": \"ap|\"}}\n", "app.app"),
        outline: "dev",
        ..Format::NONE
    },
];

/// What nginx passes its requests to.
const SERVER: (&str, &str) =
    ("server.service", "[Service]\nExecStart=/usr/bin/gunicorn --bind 127.0.0.1:8000 other:app\n");

fn started(file: &str, text: &str) -> (Client, tempfile::TempDir, String, Value, String) {
    let offset = text.find('|').unwrap();
    let (before, after) = (&text[..offset], &text[offset + 1..]);
    let whole = format!("{before}{after}");
    let (folder, root) = project(&[APP, SERVER, (file, &whole)]);
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
        if !format.names_callable {
            let leads_to = if format.file == "nginx.conf" { "/server.service" } else { "/app.py" };
            assert!(
                found["uri"].as_str().unwrap_or_default().ends_with(leads_to),
                "{}: {found}",
                format.file
            );
            continue;
        }
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
fn the_entry_says_who_serves_it_and_leads_there() {
    for format in FORMATS.iter().filter(|format| format.file != "nginx.conf") {
        let (mut client, _folder, document, ..) = started(format.file, format.text);
        let app = format!("{}app.py", document.strip_suffix(format.file).unwrap());
        let params = json!({"textDocument": {"uri": app}});
        let lenses = client.request("textDocument/codeLens", params)["result"].clone();
        let served = lenses.as_array().into_iter().flatten().map(|lens| &lens["command"]);
        let served: Vec<&Value> =
            served.filter(|one| one["title"].as_str().unwrap_or_default().starts_with("Served ")).collect();
        assert_eq!(served.len(), 1, "{}: {lenses}", format.file);
        let (title, place) = (served[0]["title"].as_str().unwrap(), &served[0]["arguments"][0]);
        assert!(title.contains(format.file), "{title}");
        assert_eq!(place["uri"], json!(document), "{}", format.file);
        let asked = json!({"command": served[0]["command"], "arguments": [place]});
        // This client cannot show documents, so it is told where to look.
        assert_eq!(client.request("workspace/executeCommand", asked)["error"], Value::Null);
        let message = client.told("window/showMessage", |_| true);
        assert!(message["message"].as_str().unwrap().contains("named in line"), "{message}");
    }
}

#[test]
fn wirings_follow_a_module_that_moves() {
    for format in FORMATS.iter().filter(|format| format.file != "nginx.conf") {
        let (mut client, _folder, document, ..) = started(format.file, format.text);
        let base = document.strip_suffix(format.file).unwrap();
        let files = json!([{"oldUri": format!("{base}app.py"), "newUri": format!("{base}shop.py")}]);
        let answer = client.request("workspace/willRenameFiles", json!({"files": files}));
        let edits = &answer["result"]["changes"][&document];
        assert!(
            edits[0]["newText"].as_str().unwrap_or_default().contains("shop"),
            "{}: {answer}",
            format.file
        );
    }
}

#[test]
fn options_are_explained() {
    for format in FORMATS {
        let (option, word) = format.explained;
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
fn apps_are_explained() {
    let (mut client, _folder, _, at, _) = started("uwsgi.ini", "[uwsgi]\nmodule = app:a|pp\n");
    let hover = client.request("textDocument/hover", at);
    let text = hover["result"]["contents"]["value"].as_str().unwrap_or_default();
    let app = "uWSGI imports `app` and serves what its `app` is. Here that is `app.py`.";
    assert!(text.contains(app), "{text}");
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
        assert!(names.contains(&format.outline), "{}: {symbols}", format.file);
        let (text, wanted) = format.completed;
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
