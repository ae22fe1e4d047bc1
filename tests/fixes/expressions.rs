//! Changing names, expressions and calls.

use super::{Case, check};
use wsgi_ls::fixes::{
    add_argument, add_call_parentheses, rename_identifier, replace_expression, wrap_expression,
};

#[test]
fn an_identifier_is_renamed() {
    let cases: &[Case] = &[
        ("«aplication» = app\n", Some("größe = app\n")),
        ("from app import «aplication» as x\n", Some("from app import größe as x\n")),
        ("x.«match» = 1\n", Some("x.größe = 1\n")),
        ("«apli»cation = app\n", None),
        ("x = «\"y\"»\n", None),
        ("«if» x: pass\n", None),
    ];
    check(cases, |file, ranges| rename_identifier(file, ranges[0], "größe").map(|edit| vec![edit]));
    for name in ["", "if", "a b", "a.b", "1a", "a\n", " a"] {
        let (text, ranges) = super::marked("«x» = 1\n");
        assert_eq!(rename_identifier(&super::parse(&text), ranges[0], name), None, "{name:?}");
    }
}

#[test]
fn an_expression_is_replaced() {
    let cases: &[Case] = &[
        ("x = «f(1)»\n", Some("x = a or b\n")),
        ("x = «f(1)».y\n", Some("x = (a or b).y\n")),
        ("x = 2 * «y»\n", Some("x = 2 * (a or b)\n")),
        ("f(x, «y», *«z»)\n", Some("f(x, a or b, *z)\n")),
        ("f(x=«y»)\n", Some("f(x=a or b)\n")),
        ("f'{«x»}'\n", Some("f'{(a or b)}'\n")),
        ("x = «f»(1)\n", Some("x = (a or b)(1)\n")),
        ("x = «f(1»)\n", None),
    ];
    check(cases, |file, ranges| replace_expression(file, ranges[0], "a or b").map(|edit| vec![edit]));
    let cases: &[Case] = &[("f(«x»)\n", Some("f((a, 'b'))\n")), ("f'{«x»}'\n", None)];
    check(cases, |file, ranges| replace_expression(file, ranges[0], "a, 'b'").map(|edit| vec![edit]));
    let (text, ranges) = super::marked("«x»\n");
    assert_eq!(replace_expression(&super::parse(&text), ranges[0], "if"), None);
}

#[test]
fn an_expression_is_wrapped() {
    let cases: &[Case] = &[
        ("application = «app»\n", Some("application = wrap(app)\n")),
        ("application = (\n    «app»  # x\n)\n", Some("application = (\n    wrap(app)  # x\n)\n")),
        ("x = «a, b»\n", Some("x = wrap((a, b))\n")),
        ("x = «(a, b)»\n", Some("x = wrap((a, b))\n")),
        ("f(«y for y in z»)\n", Some("f(wrap((y for y in z)))\n")),
        ("if («y := 1»): pass\n", Some("if (wrap((y := 1))): pass\n")),
        ("def f():\n    x = «yield 1»\n", Some("def f():\n    x = wrap((yield 1))\n")),
        ("f(«*x»)\n", None),
    ];
    check(cases, |file, ranges| wrap_expression(file, ranges[0], "wrap(", ")"));
}

#[test]
fn an_expression_is_called() {
    let cases: &[Case] = &[
        ("application = «create_app»\n", Some("application = create_app()\n")),
        ("application = «a.b[0]»  # x\n", Some("application = a.b[0]()  # x\n")),
        ("application = («a»)\n", Some("application = (a())\n")),
        ("application = «lambda: x»\n", Some("application = (lambda: x)()\n")),
        ("application = «a or b»\n", Some("application = (a or b)()\n")),
        ("f(«*x»)\n", None),
        ("application = «a».b\n", Some("application = a().b\n")),
    ];
    check(cases, |file, ranges| add_call_parentheses(file, ranges[0]));
}

#[test]
fn an_argument_is_added() {
    let cases: &[Case] = &[
        ("«get()»\n", Some("get(timeout=10)\n")),
        ("«get( )»\n", Some("get(timeout=10 )\n")),
        ("«get(  # why\n)»\n", Some("get(timeout=10  # why\n)\n")),
        ("«get(url)»\n", Some("get(url, timeout=10)\n")),
        ("«get(url,)»\n", Some("get(url, timeout=10)\n")),
        ("«get(url, *a, **k)»\n", Some("get(url, *a, **k, timeout=10)\n")),
        ("«get((url) )»\n", Some("get((url), timeout=10 )\n")),
        ("«get(url,\n    x)»\n", Some("get(url,\n    x, timeout=10)\n")),
        ("«get(\n    url,\n    x=1,\n)»\n", Some("get(\n    url,\n    x=1,\n    timeout=10,\n)\n")),
        (
            "x = «get(\r\n\turl,  # a\r\n\tx=1,  # b\r\n\t# c\r\n)»\r\n",
            Some("x = get(\r\n\turl,  # a\r\n\tx=1,  # b\r\n\ttimeout=10,\r\n\t# c\r\n)\r\n"),
        ),
        ("«get(\n    url  # a\n)»\n", Some("get(\n    url,  # a\n    timeout=10\n)\n")),
        ("«get(\n    url\n)»\n", Some("get(\n    url,\n    timeout=10\n)\n")),
        ("«get('''\n  url\n''')»\n", Some("get('''\n  url\n''', timeout=10)\n")),
        ("«get({\n    'a': 1,\n})»\n", Some("get({\n    'a': 1,\n}, timeout=10)\n")),
        (
            "«get(\n    f(\n        1\n    ),\n)»\n",
            Some("get(\n    f(\n        1\n    ),\n    timeout=10,\n)\n"),
        ),
        ("«get(u for u in x)»\n", Some("get((u for u in x), timeout=10)\n")),
        ("«get((u for u in x))»\n", Some("get((u for u in x), timeout=10)\n")),
        ("«a.get(1)».get(2)\n", Some("a.get(1, timeout=10).get(2)\n")),
        ("«get(url, timeout=None)»\n", None),
        ("«get»(url)\n", None),
        ("f'{«get(url)»}'\n", Some("f'{get(url, timeout=10)}'\n")),
    ];
    check(cases, |file, ranges| add_argument(file, ranges[0], "timeout=10"));
    let (text, ranges) = super::marked("«get()»\n");
    assert_eq!(add_argument(&super::parse(&text), ranges[0], "10"), None);
}
