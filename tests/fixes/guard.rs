//! Putting statements under `if __name__ == "__main__":`.

use super::{Case, check};
use wsgi_ls::fixes::{guard_statements_with_main, guard_with_main};

#[test]
fn a_guard_is_written_around_the_statement() {
    let cases: &[Case] = &[
        ("«app.run()»", Some("if __name__ == \"__main__\":\n    app.run()")),
        (
            "x = 'a'\n# start\n«app.run()»  # dev\n# after\ny = 1\n",
            Some("x = 'a'\n# start\nif __name__ == '__main__':\n    app.run()  # dev\n# after\ny = 1\n"),
        ),
        (
            "if x:\r\n\ty()\r\n\r\n«app.run(\r\n\tdebug=True,\r\n\r\n\t# comment\r\n)»\r\n",
            Some(
                "if x:\r\n\ty()\r\n\r\nif __name__ == \"__main__\":\r\n\tapp.run(\r\n\t\tdebug=True,\r\n\r\n\t\t# comment\r\n\t)\r\n",
            ),
        ),
        (
            "def f():\n  return 1\n«app.run(\"\"\"a\n  b\n# c\"\"\", x)»\n",
            Some(
                "def f():\n  return 1\nif __name__ == \"__main__\":\n  app.run(\"\"\"a\n  b\n# c\"\"\", x)\n",
            ),
        ),
        (
            "«app.run(f'''\n{\n  x\n}''' '\\\n  b',\ny)»\n",
            Some("if __name__ == '__main__':\n    app.run(f'''\n{\n  x\n}''' '\\\n  b',\n    y)\n"),
        ),
        (
            "«with a, \\\n     b:\n\n    app.run()\n    # more»\n",
            None, // The comment is no part of the statement.
        ),
        (
            "«with a, \\\n     b:\n\n    app.run()\n\n    # more\n    x()»\n",
            Some(
                "if __name__ == \"__main__\":\n    with a, \\\n         b:\n\n        app.run()\n\n        # more\n        x()\n",
            ),
        ),
        ("x = 1\r\x0c«app.run()»\r", Some("x = 1\r\x0cif __name__ == \"__main__\":\r    app.run()\r")),
        (
            "«for x in y:\n\x0c    app.run()\n    \x0c    x()»\n",
            Some(
                "if __name__ == \"__main__\":\n    for x in y:\n\x0c        app.run()\n    \x0c        x()\n",
            ),
        ),
        ("«größe.run(\nñ)»\n", Some("if __name__ == \"__main__\":\n    größe.run(\n    ñ)\n")),
        (
            "«if __name__ != '__main__':\n    pass»\n",
            Some("if __name__ == '__main__':\n    if __name__ != '__main__':\n        pass\n"),
        ),
    ];
    check(cases, |file, ranges| guard_with_main(file, ranges[0]));
}

#[test]
fn statements_of_one_line_are_parted() {
    let cases: &[Case] = &[
        (
            "import os; «app.run()»; x = 1  # c\n",
            Some("import os\nif __name__ == \"__main__\":\n    app.run()\nx = 1  # c\n"),
        ),
        ("import os; \\\n  «app.run()»\n", Some("import os\nif __name__ == \"__main__\":\n    app.run()\n")),
        ("«app.run()»;  # c\n", Some("if __name__ == \"__main__\":\n    app.run();  # c\n")),
        ("«app.run()»; x = 1\n", Some("if __name__ == \"__main__\":\n    app.run()\nx = 1\n")),
        (
            "if DEBUG: «app.run()»  # dev\nelse: x()\n",
            Some("if DEBUG:\n    if __name__ == \"__main__\":\n        app.run()  # dev\nelse: x()\n"),
        ),
        (
            "if DEBUG: a(); «app.run()»; b()\n",
            Some("if DEBUG:\n    a()\n    if __name__ == \"__main__\":\n        app.run()\n    b()\n"),
        ),
        (
            "try: «app.run(\n  1)»\nexcept: pass\n",
            Some("try:\n    if __name__ == \"__main__\":\n        app.run(\n          1)\nexcept: pass\n"),
        ),
    ];
    check(cases, |file, ranges| guard_with_main(file, ranges[0]));
}

#[test]
fn blocks_of_the_module_are_guarded_in_place() {
    let cases: &[Case] = &[
        (
            "if x:\n    «app.run()»  # dev\nelse:\n    y()\n",
            Some("if x:\n    if __name__ == \"__main__\":\n        app.run()  # dev\nelse:\n    y()\n"),
        ),
        (
            "try:\n  app\nexcept NameError:\n  «app.run(\n    1,\n2)»\n\nif __name__ == '__main__':\n  y()\n",
            Some(
                "try:\n  app\nexcept NameError:\n  if __name__ == '__main__':\n    app.run(\n      1,\n  2)\n\nif __name__ == '__main__':\n  y()\n",
            ),
        ),
        (
            "with a:\n\twith b:\n\t\t«app.run()»",
            Some("with a:\n\twith b:\n\t\tif __name__ == \"__main__\":\n\t\t\tapp.run()"),
        ),
        ("def f():\n    «app.run()»\n", None),
        ("class A:\n    def f(self):\n        if x: «app.run()»\n", None),
        ("if __name__ == '__main__':\n    «app.run()»\n", None),
        ("if '__main__' == __name__:\n    if x:\n        «app.run()»\n", None),
        ("«if __name__ == '__main__':\n    app.run()»\n", None),
        ("«from __future__ import annotations»\n", None),
    ];
    check(cases, |file, ranges| guard_with_main(file, ranges[0]));
}

#[test]
fn an_existing_guard_is_joined() {
    let cases: &[Case] = &[
        (
            "a = 1\n\n# start\n«app.run(\n  1)»  # dev\n\n\nif __name__ == '__main__':  # main\n  # first\n  b()\n",
            Some(
                "a = 1\n\n\nif __name__ == '__main__':  # main\n  # start\n  app.run(\n    1)  # dev\n  # first\n  b()\n",
            ),
        ),
        (
            "«app.run('''\n''')»\r\nif __name__ == '__main__': b()",
            Some("if __name__ == '__main__':\n    app.run('''\n''')\n    b()"),
        ),
        (
            "a; «app.run()»; c\n\ndef f(): pass\n\nif (\n    __name__ == \"__main__\"\n):\n\tb()",
            Some("a; c\n\ndef f(): pass\n\nif (\n    __name__ == \"__main__\"\n):\n\tapp.run()\n\tb()"),
        ),
        (
            "# The app.\n«app.run()»\nif __name__ == '__main__':\n    b()\nelse:\n    c()\n",
            Some("# The app.\nif __name__ == '__main__':\n    app.run()\n    b()\nelse:\n    c()\n"),
        ),
        (
            "«for x in y:\n    app.run()»\n    # more\nif __name__ == '__main__':\n    b()\n",
            Some("if __name__ == '__main__':\n    for x in y:\n        app.run()\n        # more\n    b()\n"),
        ),
        (
            "if __name__ == '__main__':\n  b()\n\n# start\n«app.run(\n  1)»; x()\n",
            Some("if __name__ == '__main__':\n  b()\n\n# start\n  app.run(\n    1)\nx()\n"),
        ),
        (
            "if __name__ == '__main__':\n    b()\nelse:\n    c()\n«app.run()»\n",
            Some(
                "if __name__ == '__main__':\n    b()\nelse:\n    c()\nif __name__ == '__main__':\n    app.run()\n",
            ),
        ),
        (
            "«app.run()»\napp = wrap(app)\nif __name__ == '__main__':\n    b()\n",
            Some(
                "if __name__ == '__main__':\n    app.run()\napp = wrap(app)\nif __name__ == '__main__':\n    b()\n",
            ),
        ),
    ];
    check(cases, |file, ranges| guard_with_main(file, ranges[0]));
}

#[test]
fn names_that_others_need_are_not_lost() {
    let cases: &[Case] = &[
        ("«x = app.run()»\nprint(x)\n", None),
        ("«import os»\ndef f():\n    return os.name\n", None),
        ("«import os.path as p, sys»\ndel sys\n", None),
        ("«def f(): pass»\nf()\n", None),
        ("«try:\n    app.run()\nexcept OSError as error:\n    pass»\nprint(error)\n", None),
        (
            "«x = app.run()»\nif __name__ == '__main__':\n    print(x)\n",
            Some("if __name__ == '__main__':\n    x = app.run()\n    print(x)\n"),
        ),
        (
            "«run([x for x in y])»\nprint(x)\n",
            Some("if __name__ == \"__main__\":\n    run([x for x in y])\nprint(x)\n"),
        ),
    ];
    check(cases, |file, ranges| guard_with_main(file, ranges[0]));
}

#[test]
fn neighbours_share_a_guard() {
    let cases: &[Case] = &[
        (
            "a = 1\n«s = make()»\n\n# forever\n«s.run()»\nb = 2\n",
            Some(
                "a = 1\nif __name__ == \"__main__\":\n    s = make()\n\n    # forever\n    s.run()\nb = 2\n",
            ),
        ),
        ("a; «b»; «c»; d\n", Some("a\nif __name__ == \"__main__\":\n    b; c\nd\n")),
        (
            "«s = make()»; «s.run()»\nx = 1\nif __name__ == '__main__':\n    b()\n",
            Some("x = 1\nif __name__ == '__main__':\n    s = make(); s.run()\n    b()\n"),
        ),
        (
            "if x: «s = make()»; «s.run()»\n",
            Some("if x:\n    if __name__ == \"__main__\":\n        s = make(); s.run()\n"),
        ),
        ("«a»\nb\n«c»\n", None),
        ("«a»\n«c»\nprint(\n", None),
    ];
    let compiling = &cases[..cases.len() - 1];
    check(compiling, guard_statements_with_main);
    let (text, ranges) = super::marked(cases[cases.len() - 1].0);
    assert_eq!(guard_statements_with_main(&super::parse(&text), &ranges), None);
}
