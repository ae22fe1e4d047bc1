//! Removing statements.

use super::{Case, check};
use wsgi_ls::fixes::{remove_statement, remove_statements};

#[test]
fn lines_go_and_the_rest_stays() {
    let cases: &[Case] = &[
        ("a = 1\n«app.run()»\nb = 2\n", Some("a = 1\nb = 2\n")),
        ("«app.run()»", Some("")),
        ("a = 1\n«app.run()»", Some("a = 1\n")),
        ("a = 1\n«app.run()»  # dev", Some("a = 1\n")),
        ("a = 1\r\n«app.run(\r\n  debug=True,  # x\r\n)»  # dev\r\nb = 2\r\n", Some("a = 1\r\nb = 2\r\n")),
        ("a = 1\r«app.run()»\rb = 2\r", Some("a = 1\rb = 2\r")),
        ("a = 1\n«app.run(debug=True) \\\n    if a else \\\n  None»\nb = 2\n", Some("a = 1\nb = 2\n")),
        ("a = 1\n«app.run(\"\"\"x\n# y\n\"\"\")»\nb = 2\n", Some("a = 1\nb = 2\n")),
        ("# above\n«app.run()»\n# below\nb = 2\n", Some("# above\n# below\nb = 2\n")),
        ("größe = 1\n«größe.run()»  # é\nb = 'é'\n", Some("größe = 1\nb = 'é'\n")),
        ("a = 1\n\x0c\n\x0c«app.run()»\nb = 2\n", Some("a = 1\n\x0c\nb = 2\n")),
        (
            "a = 1\n«@task\n@other(\n  1)\ndef f():\n    pass\n    # end of f»\nb = 2\n",
            None, // The comment is no part of the statement.
        ),
        (
            "a = 1\n«@task\n@other(\n  1)\ndef f():\n    pass»\n    # end of f\n# for b\nb = 2\n",
            Some("a = 1\n# for b\nb = 2\n"),
        ),
        ("def f():\n    a = 1\n    «app.run()»\n\nf()\n", Some("def f():\n    a = 1\n\nf()\n")),
        ("if x:\n\ta = 1\n\t«app.run()»\n\tb = 2\n", Some("if x:\n\ta = 1\n\tb = 2\n")),
        ("a = 1\n«app.run»()\n", None),
    ];
    check(cases, |file, ranges| remove_statement(file, ranges[0]));
}

#[test]
fn blank_lines_do_not_pile_up() {
    let cases: &[Case] = &[
        ("a = 1\n\n«app.run()»\n\nb = 2\n", Some("a = 1\n\nb = 2\n")),
        ("a = 1\n\n«app.run()»\n\n\ndef f(): pass\n", Some("a = 1\n\n\ndef f(): pass\n")),
        ("a = 1\n\n\n«app.run()»\nb = 2\n", Some("a = 1\n\n\nb = 2\n")),
        ("a = 1\n«app.run()»\n\nb = 2\n", Some("a = 1\n\nb = 2\n")),
        ("a = 1\n\n\n«app.run()»\n", Some("a = 1\n")),
        ("a = 1\n\n\n«app.run()»\n  \n", Some("a = 1\n")),
        ("a = 1\n\n«app.run()»\n\n# the end\n", Some("a = 1\n\n# the end\n")),
        ("«app.run()»\n\n\nb = 2\n", Some("b = 2\n")),
        ("# above\n\n«app.run()»\n\nb = 2\n", Some("# above\n\nb = 2\n")),
    ];
    check(cases, |file, ranges| remove_statement(file, ranges[0]));
}

#[test]
fn a_block_is_never_empty() {
    let cases: &[Case] = &[
        ("if DEBUG: «app.run()»\n", Some("if DEBUG: pass\n")),
        ("if DEBUG: «app.run()»;\n", Some("if DEBUG: pass;\n")),
        ("if DEBUG: \\\n  «app.run()»  # dev\nb = 2\n", Some("if DEBUG: \\\n  pass  # dev\nb = 2\n")),
        ("if x:\n    «app.run()»  # dev\nelse:\n    y()\n", Some("if x:\n    pass  # dev\nelse:\n    y()\n")),
        ("if x:\n    y()\nelse:\n    «app.run()»\n", Some("if x:\n    y()\nelse:\n    pass\n")),
        (
            "if x:\n\t# start it\n\t«app.run(\n\t\tdebug=True)»\n\t# over\nb = 2\n",
            Some("if x:\n\t# start it\n\tpass\n\t# over\nb = 2\n"),
        ),
        (
            "try: «app.run()»\nexcept OSError: pass\nfinally:\n  x()\n",
            Some("try: pass\nexcept OSError: pass\nfinally:\n  x()\n"),
        ),
        ("try:\n  x()\nexcept OSError:\n  «app.run()»\n", Some("try:\n  x()\nexcept OSError:\n  pass\n")),
        (
            "with a:\r\n  with b, \\\r\n      c:\r\n    «app.run()»",
            Some("with a:\r\n  with b, \\\r\n      c:\r\n    pass"),
        ),
        (
            "match x:\n    case 1: «app.run()»\n    case _:\n        pass\n",
            Some("match x:\n    case 1: pass\n    case _:\n        pass\n"),
        ),
        ("for i in x:\n  pass\nelse:\n  «app.run()»\n", Some("for i in x:\n  pass\nelse:\n  pass\n")),
        ("class A:\n  def f(self): «return 1»\n", Some("class A:\n  def f(self): pass\n")),
    ];
    check(cases, |file, ranges| remove_statement(file, ranges[0]));
}

#[test]
fn semicolons_stay_between_statements() {
    let cases: &[Case] = &[
        ("«app.run()»; b; c  # d\n", Some("b; c  # d\n")),
        ("a; «app.run()»; c  # d\n", Some("a; c  # d\n")),
        ("a; b; «app.run()»  # d\n", Some("a; b  # d\n")),
        ("a ; b ; «app.run()» ;\n", Some("a ; b ;\n")),
        ("a; «app.run()»; \\\n  c\n", Some("a; c\n")),
        ("a; \\\n  «app.run()»\nb\n", Some("a\nb\n")),
        ("if x: a; «app.run()»; c\n", Some("if x: a; c\n")),
        ("if x: «app.run()»; c\n", Some("if x: c\n")),
        ("x = '''\n'''; «app.run('''\n''')»\n", Some("x = '''\n'''\n")),
        ("a\n«app.run()»;  # dev\nb\n", Some("a\nb\n")),
    ];
    check(cases, |file, ranges| remove_statement(file, ranges[0]));
}

#[test]
fn neighbours_go_together() {
    let cases: &[Case] = &[
        ("a\n«b»\n# about c\n«c»  # c\nd\n", Some("a\nd\n")),
        ("a; «b»; «c»; d\n", Some("a; d\n")),
        ("if x:\n    «b»\n    «c»\nd\n", Some("if x:\n    pass\nd\n")),
        ("«a»\nb\n«c»\n", None),
        ("if x:\n    «a»\n«b»\n", None),
    ];
    check(cases, remove_statements);
}
