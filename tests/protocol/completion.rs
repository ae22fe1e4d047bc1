//! Completion inside strings that name something of the project.

use serde_json::{Value, json};

use crate::client::{Client, project, pulling, uri};

const WSGI: &str = "jane_pythonanywhere_com_wsgi.py";

/// Opens a file of a project with a text whose `|` is the cursor; what is offered there, and the text without it.
fn offered(files: &[(&str, &str)], open: &str, text: &str) -> (Vec<Value>, String, String) {
    let (_folder, root) = project(files);
    let mut client = Client::start();
    let capabilities = client.initialize(json!({
        "capabilities": pulling(),
        "workspaceFolders": [{"uri": uri(&root), "name": "site"}],
    }));
    let triggers = capabilities["completionProvider"]["triggerCharacters"].as_array().unwrap();
    assert!(triggers.contains(&json!("/")) && triggers.contains(&json!(".")));
    let root_text = root.display().to_string();
    let text = text.replace("<root>", &root_text);
    let offset = text.find('|').unwrap();
    let (before, after) = (&text[..offset], &text[offset + 1..]);
    let document = uri(&root.join(open));
    let whole = format!("{before}{after}");
    client.open(&document, 1, &whole);
    let line = before.matches('\n').count();
    let character = before.len() - before.rfind('\n').map_or(0, |at| at + 1);
    let at = json!({"textDocument": {"uri": document}, "position": {"line": line, "character": character}});
    let answer = client.request("textDocument/completion", at);
    (answer["result"].as_array().cloned().unwrap_or_default(), whole, root_text)
}

fn labels(items: &[Value]) -> Vec<&str> {
    items.iter().map(|item| item["label"].as_str().unwrap()).collect()
}

/// The text after one of the items was chosen.
fn chosen(text: &str, item: &Value) -> String {
    let mut edits = vec![item["textEdit"].clone()];
    edits.extend(item["additionalTextEdits"].as_array().cloned().unwrap_or_default());
    let mut texts = [("file".to_owned(), text.to_owned())].into();
    crate::client::apply(&mut texts, &json!({"changes": {"file": edits}}));
    texts.remove("file").unwrap()
}

const HOME: &[(&str, &str)] = &[
    (WSGI, ""),
    ("mysite/flask_app.py", "from flask import Flask\n\napp = Flask(__name__)\n"),
    ("mysite/data/prices.csv", ""),
    ("notes/a.txt", ""),
    ("venv/pyvenv.cfg", ""),
    (".git/config", ""),
];

#[test]
fn a_path_of_the_server_goes_on_with_real_folders() {
    let text = "import sys\n\npath = '/home/jane/my|'\nif path not in sys.path:\n    sys.path.append(path)\n";
    let (items, text, _) = offered(HOME, WSGI, text);
    assert_eq!(labels(&items), ["/home/jane/mysite", "/home/jane/mysite/data"]);
    assert_eq!(items[0]["kind"], 19, "a folder");
    assert!(chosen(&text, &items[0]).contains("path = '/home/jane/mysite'\n"));
}

#[test]
fn a_placeholder_is_replaced() {
    let text = "import sys\nsys.path.insert(0, '/home/yourusername/mysite|')\n";
    let (items, text, _) = offered(HOME, WSGI, text);
    assert!(labels(&items).contains(&"/home/jane/mysite"), "{items:?}");
    for item in &items {
        // What is typed already must not filter it away.
        assert!(item["filterText"].as_str().unwrap().starts_with("/home/yourusername/mysite"), "{item}");
    }
    let chosen = chosen(&text, items.iter().find(|item| item["label"] == "/home/jane/mysite").unwrap());
    assert!(chosen.contains("insert(0, '/home/jane/mysite')"), "{chosen}");
}

#[test]
fn a_path_of_this_machine_goes_on_and_can_become_relative_to_the_file() {
    let files = [("wsgi.py", ""), ("src/shop.py", ""), ("deploy/x.txt", "")];
    let text = "import sys\n\nsys.path.insert(0, '<root>/s|')\n";
    let (items, text, root) = offered(&files, "wsgi.py", text);
    assert_eq!(labels(&items)[..2], ["deploy", "src"]);
    assert!(chosen(&text, &items[1]).contains(&format!("insert(0, '{root}/src')")));
    let relative = items.last().unwrap();
    let whole = chosen(&text, relative);
    assert!(whole.contains("sys.path.insert(0, os.path.dirname(os.path.abspath(__file__)))"), "{whole}");
    assert!(whole.starts_with("import sys\nimport os\n"), "{whole}");
    // Nothing is typed yet, and the bracket is still open.
    let (items, ..) = offered(&files, "wsgi.py", "import sys\n\nsys.path.insert(0, '|\n");
    assert!(labels(&items).contains(&format!("{root}/src").replace(&root, &items_root(&items)).as_str()));
}

/// The checked folder is the first that is offered.
fn items_root(items: &[Value]) -> String {
    items[0]["label"].as_str().unwrap().to_owned()
}

#[test]
fn files_are_offered_where_files_are_read() {
    let files = [
        ("wsgi.py", ""),
        ("data/prices.csv", ""),
        ("site/templates/a.html", ""),
        ("site/pages.py", "from flask import Flask\n"),
    ];
    let (items, text, _) = offered(&files, "wsgi.py", "x = open('data/|')\n");
    assert_eq!(labels(&items), ["prices.csv"]);
    assert_eq!(chosen(&text, &items[0]), "x = open('data/prices.csv')\n");
    let (items, ..) = offered(&files, "wsgi.py", "import os\nos.chdir('|')\n");
    assert_eq!(labels(&items), ["data", "site"]);
    let text = "from flask import Flask\napp = Flask(__name__, template_folder='|')\n";
    let (items, ..) = offered(&files, "site/pages.py", text);
    assert_eq!(labels(&items), ["templates"]);
}

const DJANGO: &[(&str, &str)] = &[
    ("manage.py", ""),
    ("shop/__init__.py", ""),
    ("shop/settings.py", "INSTALLED_APPS = []\nROOT_URLCONF = 'shop.urls'\n"),
    ("shop/urls.py", "urlpatterns = []\n"),
    (
        "shop/wsgi.py",
        "import os\nfrom django.core.wsgi import get_wsgi_application\n\nos.environ.setdefault('DJANGO_SETTINGS_MODULE', 'shop.settings')\n\napplication = get_wsgi_application()\n",
    ),
    ("orders/__init__.py", ""),
    (
        "orders/apps.py",
        "from django.apps import AppConfig\n\n\nclass OrdersConfig(AppConfig):\n    name = 'orders'\n",
    ),
    ("orders/middleware.py", "class Timing:\n    pass\n\n\ndef log(get_response):\n    pass\n"),
    ("static/logo.png", ""),
];

#[test]
fn dotted_names_go_on_with_modules_and_what_they_hold() {
    for (open, text, expected, result) in [
        (
            "shop/settings.py",
            "INSTALLED_APPS = [\n    'or|',\n]\n",
            vec!["orders", "shop"],
            "    'orders',\n",
        ),
        ("shop/settings.py", "INSTALLED_APPS = ['orders.|']\n", vec!["apps"], "['orders.apps']"),
        (
            "shop/settings.py",
            "INSTALLED_APPS = ['orders.apps.|']\n",
            vec!["OrdersConfig"],
            "['orders.apps.OrdersConfig']",
        ),
        (
            "shop/settings.py",
            "MIDDLEWARE = ['orders.middleware.|']\n",
            vec!["Timing", "log"],
            "['orders.middleware.Timing']",
        ),
        (
            "shop/settings.py",
            "ROOT_URLCONF = 'shop.|'\n",
            vec!["settings", "urls", "wsgi"],
            "'shop.settings'",
        ),
        (
            "shop/settings.py",
            "WSGI_APPLICATION = 'shop.wsgi.|'\n",
            vec!["application"],
            "'shop.wsgi.application'",
        ),
        (
            "shop/wsgi.py",
            "import os\nos.environ['DJANGO_SETTINGS_MODULE'] = 'shop.s|'\n",
            vec!["settings", "urls", "wsgi"],
            "'shop.settings'",
        ),
    ] {
        let (items, text, _) = offered(DJANGO, open, text);
        assert_eq!(labels(&items), expected, "{text}");
        let text = chosen(&text, &items[0]);
        assert!(text.contains(result), "{text}");
    }
}

#[test]
fn other_places_offer_nothing() {
    for text in ["print('/home/|')\n", "x = '|'\n", "import |\n", "# '/home/|'\n"] {
        assert!(offered(HOME, WSGI, text).0.is_empty(), "{text}");
    }
    assert!(offered(HOME, "notes/a.txt", "sys.path.append('|')\n").0.is_empty());
}
