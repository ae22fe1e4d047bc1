//! Writing new statements, imports and decorators.

use super::{Case, check};
use wsgi_ls::fixes::{
    ImportEdit, add_decorator, add_import, append_statement, insert_after, insert_after_statement,
    insert_before,
};

#[test]
fn statements_are_appended_to_the_module() {
    let cases: &[Case] = &[
        ("", Some("application = app\n")),
        ("\n\n", Some("application = app\n")),
        ("# only a comment\r\n", Some("# only a comment\r\n\r\napplication = app\r\n")),
        ("app = Flask()\n", Some("app = Flask()\napplication = app\n")),
        ("app = Flask()", Some("app = Flask()\napplication = app")),
        ("app = Flask()  # x\n\n", Some("app = Flask()  # x\napplication = app\n\n")),
        ("from a import app\n", Some("from a import app\n\napplication = app\n")),
        ("def app(): pass\r\n", Some("def app(): pass\r\n\r\n\r\napplication = app\r\n")),
        ("if x:\n    y()\n    # z\n", Some("if x:\n    y()\n    # z\n\napplication = app\n")),
        ("app = x\n\n# the end", Some("app = x\n\n# the end\n\napplication = app")),
    ];
    check(cases, |file, _| append_statement(file, "application = app").map(|edit| vec![edit]));
}

#[test]
fn statements_follow_a_statement_of_the_module() {
    let cases: &[Case] = &[
        ("app = Flask(«»)\nx = 1\n", Some("app = Flask()\napplication = app\nx = 1\n")),
        (
            "from a import app«»\n\nif __name__ == '__main__':\n    app.run()\n",
            Some("from a import app\n\napplication = app\n\nif __name__ == '__main__':\n    app.run()\n"),
        ),
        ("from a import app«»\nx = 1\n", Some("from a import app\napplication = app\nx = 1\n")),
        (
            "def make():\n    return Flask«»()\n\n\nx = 1\n",
            Some("def make():\n    return Flask()\n\n\napplication = app\n\n\nx = 1\n"),
        ),
        (
            "app = Flask«»(); x = 1  # y\nz = 2\n",
            Some("app = Flask(); x = 1  # y\napplication = app\nz = 2\n"),
        ),
        ("app = «»\"\"\"\rx\"\"\"\rz = 2\r", Some("app = \"\"\"\rx\"\"\"\rapplication = app\rz = 2\r")),
        ("app = 1\n\n«»\nx = 2\n", None),
    ];
    check(cases, |file, ranges| {
        insert_after(file, ranges[0].start(), "application = app").map(|edit| vec![edit])
    });
}

#[test]
fn statements_follow_a_statement_of_a_block() {
    let cases: &[Case] = &[
        ("if x:\n\t«y = 1»\n\tz = 2\n", Some("if x:\n\ty = 1\n\ta = 1\n\n\tb = 2\n\tz = 2\n")),
        ("if x:\r\n  «y = 1»", Some("if x:\r\n  y = 1\r\n  a = 1\r\n\r\n  b = 2")),
        ("if x: «y = 1»\n", None),
    ];
    check(cases, |file, ranges| {
        insert_after_statement(file, ranges[0], "a = 1\n\nb = 2\n").map(|edit| vec![edit])
    });
    let cases: &[Case] =
        &[("x = 1\n«y = 2»\nz = 3\n", Some("x = 1\ny = 2\n\n\n@a\ndef b():\n    pass\n\n\nz = 3\n"))];
    check(cases, |file, ranges| {
        insert_after_statement(file, ranges[0], "@a\ndef b():\n    pass").map(|edit| vec![edit])
    });
}

#[test]
fn statements_precede_a_statement() {
    let cases: &[Case] = &[
        (
            "import sys\n\n# the app\n«from app import app»\n",
            Some("import sys\n\nsys.path.insert(0, '/x')\n# the app\nfrom app import app\n"),
        ),
        (
            "#!/usr/bin/python\n# coding: utf-8\n«from app import app»\n",
            Some("#!/usr/bin/python\n# coding: utf-8\nsys.path.insert(0, '/x')\nfrom app import app\n"),
        ),
        ("import sys; «import app»\r\n", Some("import sys\r\nsys.path.insert(0, '/x')\r\nimport app\r\n")),
        (
            "try: «import app»; x\nexcept: pass\n",
            Some("try:\n    sys.path.insert(0, '/x')\n    import app; x\nexcept: pass\n"),
        ),
        ("try: x; «import app»\nexcept: pass\n", None),
        (
            "import sys\n\n\n@a\ndef f(): pass\n\n\n«@b\nclass B: pass»\n",
            Some("import sys\n\n\n@a\ndef f(): pass\n\n\nsys.path.insert(0, '/x')\n\n\n@b\nclass B: pass\n"),
        ),
        ("if x:\n  # y\n  «y»\n", Some("if x:\n  sys.path.insert(0, '/x')\n  # y\n  y\n")),
    ];
    check(cases, |file, ranges| {
        insert_before(file, ranges[0], "sys.path.insert(0, '/x')").map(|edit| vec![edit])
    });
}

#[test]
fn imports_go_to_the_imports() {
    let cases: &[Case] = &[
        ("", Some("import sys\n")),
        (
            "#!/usr/bin/env python\n# coding: utf-8\n",
            Some("#!/usr/bin/env python\n# coding: utf-8\n\nimport sys\n"),
        ),
        (
            "#!/usr/bin/env python\n# coding: utf-8\nx = 1\n",
            Some("#!/usr/bin/env python\n# coding: utf-8\nimport sys\n\nx = 1\n"),
        ),
        ("# About.\n\n# The x.\nx = 1\n", Some("# About.\n\nimport sys\n\n# The x.\nx = 1\n")),
        ("'''Doc.'''\r\nx = 1\r\n", Some("'''Doc.'''\r\n\r\nimport sys\r\n\r\nx = 1\r\n")),
        ("'''Doc.'''\n\n\nx = 1\n", Some("'''Doc.'''\n\nimport sys\n\n\nx = 1\n")),
        ("'''Doc.'''", Some("'''Doc.'''\n\nimport sys")),
        (
            "'''Doc.'''\nfrom __future__ import annotations\nx = 1\n",
            Some("'''Doc.'''\nfrom __future__ import annotations\nimport sys\nx = 1\n"),
        ),
        (
            "import os\n\n# flask\nfrom flask import (\n    Flask,\n)  # noqa\n\nx = 1\nimport re\n",
            Some(
                "import os\n\n# flask\nfrom flask import (\n    Flask,\n)  # noqa\nimport sys\n\nx = 1\nimport re\n",
            ),
        ),
        ("import os; x = 1\n", Some("import os; x = 1\nimport sys\n")),
        ("x = 1\nimport os\n", Some("import sys\n\nx = 1\nimport os\n")),
        ("import os", Some("import os\nimport sys")),
        ("import os, sys\n", Some("import os, sys\n")),
        ("x = 1\nimport sys\n", Some("x = 1\nimport sys\n")),
        ("import sys as system\n", Some("import sys as system\nimport sys\n")),
        ("from sys import path\n", Some("from sys import path\nimport sys\n")),
    ];
    check(cases, |file, _| match add_import(file, "import sys")? {
        ImportEdit::AlreadyThere => Some(Vec::new()),
        ImportEdit::Add(edit) => Some(vec![edit]),
    });
}

#[test]
fn an_import_is_recognised_in_other_words() {
    let there = |text: &str, import: &str| add_import(&super::parse(text), import);
    let already = Some(ImportEdit::AlreadyThere);
    assert_eq!(there("from a import (b as b,\n c)\n", "from a import b"), already);
    assert_eq!(there("from a import b\nfrom a import c\n", "from a import c, b"), already);
    assert_eq!(there("import sys as sys\n", "import sys"), already);
    for (text, import) in [
        ("from .a import b\n", "from a import b"),
        ("from a import b as c\n", "from a import b"),
        ("import a.b\n", "import a"),
        ("if x:\n    import sys\n", "import sys"),
        ("def f():\n    import sys\n", "import sys"),
    ] {
        assert!(matches!(there(text, import), Some(ImportEdit::Add(_))), "{text:?}");
    }
    for import in ["x = 1", "import", "import a\nimport b", ""] {
        assert_eq!(there("x = 1\n", import), None, "{import:?}");
    }
    let cases: &[Case] =
        &[("'''D'''\nimport os\n", Some("'''D'''\n\nfrom __future__ import annotations\n\nimport os\n"))];
    check(cases, |file, _| match add_import(file, "from __future__ import annotations")? {
        ImportEdit::AlreadyThere => None,
        ImportEdit::Add(edit) => Some(vec![edit]),
    });
}

#[test]
fn decorators_stand_next_to_the_definition() {
    let cases: &[Case] = &[
        ("«def f(): pass»\n", Some("@task()\ndef f(): pass\n")),
        (
            "class A:\r\n\t«@a(\r\n\tdef_=1)\r\n\t# why\r\n\tasync def f(self): pass»\r\n",
            Some("class A:\r\n\t@a(\r\n\tdef_=1)\r\n\t# why\r\n\t@task()\r\n\tasync def f(self): pass\r\n"),
        ),
        ("«class A: pass»\n", Some("@task()\nclass A: pass\n")),
        ("«x = 1»\n", None),
    ];
    check(cases, |file, ranges| add_decorator(file, ranges[0], "@task()").map(|edit| vec![edit]));
}
