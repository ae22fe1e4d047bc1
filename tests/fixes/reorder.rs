//! Moving statements.

use super::{Case, check};
use wsgi_ls::fixes::{enclosing_statement, move_statement_after, move_statement_before};

#[test]
fn a_statement_moves_down() {
    let cases: &[Case] = &[
        (
            "import sys\n# the app\n«from app import app»  # noqa\n\n«sys.path.insert(0, 'x')»\nx = 1\n",
            Some("import sys\n\nsys.path.insert(0, 'x')\n# the app\nfrom app import app  # noqa\nx = 1\n"),
        ),
        ("«import app»\nimport sys\n«sys.path = []»", Some("import sys\nsys.path = []\nimport app")),
        ("import sys; «import app»; x = 1\r\n«y»\r\n", Some("import sys; x = 1\r\ny\r\nimport app\r\n")),
        (
            "«import app»\nif x:\n\t«y = (\n1)»\n\tz = 2\n",
            Some("if x:\n\ty = (\n1)\n\timport app\n\tz = 2\n"),
        ),
        (
            "try:\n    # why\n    «import app»  # x\nexcept: pass\n«x = 1»\n",
            Some("try:\n    pass\nexcept: pass\nx = 1\n# why\nimport app  # x\n"),
        ),
        (
            "try:\n    «import app»  # x\nexcept: pass\n«x = 1»\n",
            Some("try:\n    pass\nexcept: pass\nx = 1\nimport app  # x\n"),
        ),
        (
            "try: «import app»  # x\nexcept: pass\n«x = 1»\n",
            Some("try: pass  # x\nexcept: pass\nx = 1\nimport app\n"),
        ),
        (
            "«import app»\n«if x:\n    y()»\n    # z\nx = 1\n",
            Some("if x:\n    y()\n    # z\nimport app\nx = 1\n"),
        ),
        ("«import app»\nif x: «y()»\n", None),
        ("«import app»\n«y()»; z()\n", None),
    ];
    check(cases, |file, ranges| move_statement_after(file, ranges[0], ranges[1]));
    let cases: &[Case] = &[("«y()»\n«import app»\n", None), ("«if x:\n    «y()»»\n", None)];
    check(cases, |file, ranges| move_statement_after(file, ranges[1], ranges[0]));
}

#[test]
fn a_statement_moves_up() {
    let cases: &[Case] = &[
        (
            "import sys\n\n# the app\n«from app import app»\n\n# find it\n«sys.path.insert(0, '''x\ny''')»\n",
            Some("import sys\n\n# find it\nsys.path.insert(0, '''x\ny''')\n# the app\nfrom app import app\n"),
        ),
        ("#!python\n«import app»\nx = 1; «y = 2»  # z\n", Some("#!python\ny = 2\nimport app\nx = 1  # z\n")),
        ("x = 1; «import app»\n«y = 2»", Some("x = 1\ny = 2\nimport app\n")),
        (
            "if x: «import app»\nif z:\n    «y = (\n        2)»\n    w()\n",
            Some("if x:\n    y = (\n        2)\n    import app\nif z:\n    w()\n"),
        ),
        ("if x: a; «import app»\n«y = 2»\n", None),
    ];
    check(cases, |file, ranges| move_statement_before(file, ranges[1], ranges[0]));
    let cases: &[Case] = &[("«y()»\n«import app»\n", None)];
    check(cases, |file, ranges| move_statement_before(file, ranges[0], ranges[1]));
}

#[test]
fn the_innermost_statement_is_found() {
    let cases = [
        "if x:\n    «y = f(|)»\n    z()\n",
        "try: a; «(|b)»\nexcept OSError: pass\n",
        "«match |x:\n    case 1: pass»\n",
        "class A:\n    «@a|\n    def f(self): pass»\n",
    ];
    for case in cases {
        let at = case.replace(['«', '»'], "").find('|').unwrap();
        let (text, ranges) = super::marked(&case.replace('|', ""));
        let at = super::TextSize::try_from(at).unwrap();
        let found = enclosing_statement(&super::parse(&text), super::TextRange::empty(at));
        assert_eq!(found, Some(ranges[0]), "{case:?}");
    }
    assert_eq!(enclosing_statement(&super::parse("\n\nx\n"), super::TextRange::empty(1.into())), None);
}
