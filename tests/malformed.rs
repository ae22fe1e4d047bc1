//! Configuration files of each format that cannot be read: each is told in a finding with a place in its text, and nothing worse
//! happens.

#![allow(clippy::unwrap_used, clippy::expect_used)]

use std::fs;
use std::sync::Arc;

use wsgi_ls::analysis::{Analysis, analyze};
use wsgi_ls::hosting::Overrides;
use wsgi_ls::rules::Finding;
use wsgi_ls::workspace::{FileStore, Settings, Snapshot};

const APP: &str = "from flask import Flask\n\napp = Flask(__name__)\n";

/// One format: its file, a healthy text, and a broken one with the line (from 1) that has to be told and a part of the message.
struct Format {
    file: &'static str,
    healthy: &'static str,
    broken: &'static str,
    line: usize,
    told: &'static str,
    /// Whether the format is UTF-8 by definition; servers take the bytes of all others as they are.
    is_utf8: bool,
}

const FORMATS: &[Format] = &[
    Format {
        file: "uwsgi.ini",
        healthy: "[uwsgi]\nmodule = app:app\nmaster = true\n",
        broken: "[uwsgi]\nmodule = app:app\n[other\nmaster = true\n",
        line: 3,
        told: "ends with `]`",
        is_utf8: false,
    },
    Format {
        file: "uwsgi.yaml",
        healthy: "uwsgi:\n  module: app:app\n  master: true\n",
        broken: "uwsgi:\n  module: app:app\n  master true\n",
        line: 3,
        told: "`name: value`",
        is_utf8: false,
    },
    Format {
        file: "uwsgi.xml",
        healthy: "<uwsgi>\n<module>app:app</module>\n<master/>\n</uwsgi>\n",
        broken: "<uwsgi>\n<module>app:app</modul>\n</uwsgi>\n",
        line: 2,
        told: "no well-formed XML",
        is_utf8: true,
    },
    Format {
        file: "gunicorn.conf.py",
        healthy: "wsgi_app = \"app:app\"\nworkers = 2\n",
        broken: "wsgi_app = \"app:app\nworkers = 2\n",
        line: 1,
        told: "does not compile",
        is_utf8: true,
    },
    Format {
        file: "site.conf",
        healthy: "<VirtualHost *:80>\nWSGIScriptAlias / /srv/site/site.wsgi\n</VirtualHost>\n",
        broken: "<VirtualHost *:80>\nWSGIScriptAlias / /srv/site/site.wsgi\n",
        line: 1,
        told: "never closed",
        is_utf8: false,
    },
    Format {
        file: "nginx.conf",
        healthy: "server {\n  location / {\n    proxy_pass http://127.0.0.1:8000;\n  }\n}\n",
        broken: "server {\n  location / {\n    proxy_pass http://127.0.0.1:8000\n  }\n}\n",
        line: 3,
        told: "ends with `;`",
        is_utf8: false,
    },
    Format {
        file: "Procfile",
        healthy: "web: gunicorn app:app\n",
        broken: "web: gunicorn app:app\ngunicorn app\n",
        line: 2,
        told: "`name: command`",
        is_utf8: false,
    },
    Format {
        file: "site.service",
        healthy: "[Service]\nExecStart=/usr/bin/gunicorn app:app\n",
        broken: "[Service\nExecStart=/usr/bin/gunicorn app:app\n",
        line: 1,
        told: "`]`",
        is_utf8: false,
    },
    Format {
        file: "supervisor.conf",
        healthy: "[program:web]\ncommand=gunicorn app:app\n",
        broken: "[program:web]\ncommand=gunicorn app:app\n[program:other\n",
        line: 3,
        told: "`]`",
        is_utf8: false,
    },
    Format {
        file: "Dockerfile",
        healthy: "FROM python\nCMD [\"gunicorn\", \"app:app\"]\n",
        broken: "FROM python\nCMD [\"gunicorn\", 'app:app']\n",
        line: 2,
        told: "list",
        is_utf8: false,
    },
    Format {
        file: "compose.yaml",
        healthy: "services:\n  web:\n    command: gunicorn app:app\n",
        broken: "services:\n  web:\n    command: [gunicorn, app:app\n",
        line: 4,
        told: "cannot be read",
        is_utf8: true,
    },
    Format {
        file: "app.yaml",
        healthy: "runtime: python313\nentrypoint: gunicorn app:app\n",
        broken: "runtime: python313\nentrypoint: \"gunicorn app:app\n",
        line: 2,
        told: "cannot be read",
        is_utf8: true,
    },
    Format {
        file: "render.yaml",
        healthy: "services:\n  - type: web\n    startCommand: gunicorn app:app\n",
        broken: "services:\n  - type: web\n   startCommand: gunicorn app:app\n",
        line: 3,
        told: "cannot be read",
        is_utf8: true,
    },
    Format {
        file: "fly.toml",
        healthy: "app = \"site\"\n[processes]\nweb = \"gunicorn app:app\"\n",
        broken: "app = \"site\"\n[processes\nweb = \"gunicorn app:app\"\n",
        line: 2,
        told: "TOML",
        is_utf8: true,
    },
    Format {
        file: ".ebextensions/python.config",
        healthy: "option_settings:\n  aws:elasticbeanstalk:container:python:\n    WSGIPath: app:app\n",
        broken: "option_settings:\n  aws:elasticbeanstalk:container:python: {\n",
        line: 3,
        told: "cannot be read",
        is_utf8: true,
    },
    Format {
        file: "zappa_settings.json",
        healthy: "{\"dev\": {\"app_function\": \"app.app\"}}\n",
        broken: "{\"dev\": {\"app_function\": \"app.app\"\n",
        line: 2,
        told: "cannot be read",
        is_utf8: true,
    },
];

/// The analysis of a project with this file, and what is said of the file's form.
fn look(file: &str, bytes: &[u8]) -> (Vec<Finding>, Analysis, Snapshot) {
    let folder = tempfile::tempdir().unwrap();
    let root = folder.path().canonicalize().unwrap().join("site");
    fs::create_dir_all(root.join(file).parent().unwrap()).unwrap();
    fs::write(root.join("app.py"), APP).unwrap();
    fs::write(root.join("site.wsgi"), APP.replace("app", "application")).unwrap();
    fs::write(root.join(file), bytes).unwrap();
    let snapshot = Snapshot::of_disk(Arc::new(FileStore::default()));
    let analysis = analyze(&snapshot, &root, &Settings::default(), &Overrides::default()).unwrap();
    for (_, finding) in analysis.findings() {
        let (source, _) = snapshot.text(&finding.site.path).unwrap();
        assert!(
            source.text().get(finding.site.range.to_std_range()).is_some(),
            "{file}: {}",
            finding.message
        );
    }
    let told = analysis.configurations.iter().filter(|one| one.rule.id == "malformed-configuration");
    (told.cloned().collect(), analysis, snapshot)
}

#[test]
fn what_is_wrong_is_told_where_it_is() {
    for format in FORMATS {
        let (told, ..) = look(format.file, format.healthy.as_bytes());
        assert!(told.is_empty(), "{}: {told:?}", format.file);
        let (told, _, snapshot) = look(format.file, format.broken.as_bytes());
        let lines: Vec<(usize, &str)> = told
            .iter()
            .map(|one| {
                let (source, _) = snapshot.text(&one.site.path).unwrap();
                (source.line(one.site.range.start()), one.message.as_str())
            })
            .collect();
        assert!(
            lines.iter().any(|(line, message)| *line == format.line && message.contains(format.told)),
            "{}: {lines:?}",
            format.file
        );
    }
}

#[test]
fn texts_may_end_anywhere() {
    for format in FORMATS {
        for end in (0..format.healthy.len()).filter(|end| format.healthy.is_char_boundary(*end)) {
            look(format.file, &format.healthy.as_bytes()[..end]);
        }
    }
}

#[test]
fn what_is_no_text_is_told() {
    for format in FORMATS {
        let mut bytes = format.healthy.as_bytes().to_vec();
        bytes.extend(b"\x7fELF\0\0\x01\xff\xfe");
        let (told, ..) = look(format.file, &bytes);
        assert!(told.iter().any(|one| !one.message.is_empty()), "{}", format.file);
    }
}

#[test]
fn another_encoding_matters_where_it_is_decoded() {
    for format in FORMATS {
        let comment: &[u8] = match format.file {
            "uwsgi.xml" => b"<!-- caf\xe9 -->\n",
            "zappa_settings.json" => b"\"caf\xe9\"\n",
            _ => b"# caf\xe9\n",
        };
        let bytes = [format.healthy.as_bytes(), comment].concat();
        let (told, analysis, _) = look(format.file, &bytes);
        let is_alarm = told.iter().any(|one| one.severity >= wsgi_ls::rules::Severity::Warning);
        assert_eq!(is_alarm, format.is_utf8, "{}: {told:?}", format.file);
        // Where it does not matter, the file is still read.
        let names_app = !matches!(format.file, "nginx.conf");
        let found = analysis.deployments.iter().any(|one| !one.deployment.places.is_empty());
        assert!(format.is_utf8 || found == names_app, "{}", format.file);
    }
}

#[test]
fn includes_without_an_end_come_to_one() {
    let folder = tempfile::tempdir().unwrap();
    let root = folder.path().canonicalize().unwrap().join("site");
    fs::create_dir_all(&root).unwrap();
    fs::write(root.join("app.py"), APP).unwrap();
    let files = ["uwsgi.ini", "uwsgi-b.ini", "uwsgi-c.ini"];
    for (at, file) in files.iter().enumerate() {
        let next = files[(at + 1) % files.len()];
        let text = format!("[uwsgi]\nmodule = app:app\nini = {next}\nini = {next}\n");
        fs::write(root.join(file), text).unwrap();
    }
    let snapshot = Snapshot::of_disk(Arc::new(FileStore::default()));
    let analysis = analyze(&snapshot, &root, &Settings::default(), &Overrides::default()).unwrap();
    let told = analysis.configurations.iter().filter(|one| one.message.contains("includes itself"));
    assert_eq!(told.count(), files.len(), "{:?}", analysis.configurations);
}
