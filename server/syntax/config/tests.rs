//! No text of any kind may do more than be told.

use super::*;

const KINDS: [ConfigKind; 17] = [
    ConfigKind::UwsgiIni,
    ConfigKind::UwsgiYaml,
    ConfigKind::UwsgiXml,
    ConfigKind::Gunicorn,
    ConfigKind::Nginx,
    ConfigKind::Apache,
    ConfigKind::Procfile,
    ConfigKind::Systemd,
    ConfigKind::Supervisor,
    ConfigKind::Dockerfile,
    ConfigKind::Compose,
    ConfigKind::AppEngine,
    ConfigKind::Render,
    ConfigKind::Fly,
    ConfigKind::Beanstalk,
    ConfigKind::Zappa,
    ConfigKind::Script,
];

fn within(file: &ConfigFile) {
    let end = TextSize::of(file.source().text());
    let fits = |range: TextRange| {
        range.end() <= end && file.source().text().is_char_boundary(range.start().to_usize())
    };
    assert!(file.problems().iter().all(|problem| fits(problem.range)), "{:?}", file.problems());
    for command in &file.content().commands {
        for word in &command.words {
            assert!(fits(word.range) && fits(word.part(0..word.text.len())), "{word:?}");
        }
    }
    for section in &file.content().sections {
        for entry in &section.entries {
            assert!(fits(entry.range) && fits(entry.key.range), "{entry:?}");
        }
    }
    for directive in all(&file.content().directives) {
        assert!(fits(directive.range) && fits(directive.name.range), "{directive:?}");
    }
}

#[test]
fn truncated_texts_are_read_as_far_as_they_go() {
    let texts = [
        "[uwsgi]\nmodule = caf\u{e9}:app\nif-env = X\nhttp = $(PORT)\n",
        "uwsgi:\n  module: 'a:b'\n  list:\n  - x\n\ty",
        "<?xml version=\"1.0\"?>\n<uwsgi>\n<env>a&amp;b</env><master/></uwsgi>",
        "server {\n location ~ \"x{2}\" { proxy_pass http://${a}; }\n}\n",
        "<VirtualHost *:80>\nWSGIScriptAlias / \"/a b\" \\\n x=1\n</VirtualHost>\n",
        "web: cd \"a b\" && X=1 gunicorn app:app --bind '0:$PORT' `x` $(y (z)) \\\n > log 2>&1\n",
        "[Service]\nEnvironment=\"A=1 2\"\nExecStart=-/bin/sh -c 'exec gunicorn \"app:app\"' \\\n x\n",
        "[program:x]\ncommand = a ; b\n  c\nenvironment=A=\"1\",B=2\n",
        "FROM a AS b\nFROM b\nENV A 1\nCOPY [\"x\", \"/y\"]\nCMD [\"gunicorn\", \\\n \"a\\u00e9:b\"]\n",
        "services:\n  web:\n    command: >-\n      gunicorn\n      a:b\n    environment: {A: 1}\n    volumes: [\".:/x\"]\n",
        "[processes]\nweb = \"gunicorn \\\"a\\\"\"\nx = '''\ngunicorn'''\n",
        "{\"dev\": {\"app_function\": \"a.b\", \"x\": [1, {}]}}",
        "\u{feff}\0\u{1}\u{2}",
        "'''\"\"\"((({{{[[[<<<\\",
    ];
    for text in texts {
        for end in (0..=text.len()).filter(|end| text.is_char_boundary(*end)) {
            for kind in KINDS {
                within(&ConfigFile::parse(Source::new(&text[..end]), None, kind));
            }
        }
    }
}

#[test]
fn binary_files_are_told() {
    for kind in KINDS {
        let (source, error) = Source::decode_utf8(b"\x7fELF\xff\xfe\x00\x01");
        assert_eq!(ConfigFile::parse(source, error.as_ref(), kind).problems().len(), 1);
        assert_eq!(ConfigFile::parse(Source::new("a\0b"), None, kind).problems().len(), 1);
    }
}
