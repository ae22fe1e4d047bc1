//! Making something when it is first needed.

use super::{Case, check};
use wsgi_ls::fixes::{make_at_first_request, make_when_needed};

#[test]
fn a_value_is_made_by_the_first_who_needs_it() {
    let cases: &[Case] = &[
        (
            "import os\n\n«TABLE = sum(range(9))»  # slow\n\ndef f():\n    return TABLE[0], lambda: TABLE\n",
            Some(
                "import os\nimport functools\n\n\n@functools.cache\ndef get_table():\n    return sum(range(9))  # slow\n\n\n\
                 def f():\n    return get_table()[0], lambda: get_table()\n",
            ),
        ),
        (
            "import functools\r\nx = 1\r\n«pool = (Pool(\r\n    2))»",
            Some(
                "import functools\r\nx = 1\r\n\r\n\r\n@functools.cache\r\ndef get_pool():\r\n    return (Pool(\r\n    2))",
            ),
        ),
        ("«TABLE = f()»\nprint(TABLE)\n", None),
        ("«TABLE = f()»\ndef g(x=TABLE):\n    pass\n", None),
        ("«TABLE = f()»\ndef g():\n    global TABLE\n    TABLE = 1\n", None),
        ("«TABLE = f()»\ndef get_table():\n    pass\n", None),
        ("«a, b = f()»\n", None),
        ("if x:\n    «TABLE = f()»\n", None),
        ("x = 1; «TABLE = f()»\n", None),
    ];
    check(cases, |file, ranges| Some(make_when_needed(file, ranges[0])?.edits));
}

#[test]
fn an_application_is_made_at_the_first_request() {
    let cases: &[Case] = &[
        (
            "from a import B\n\n«application = B(1)»\n",
            Some(
                "from a import B\nimport functools\n\n\n@functools.cache\ndef get_application():\n    return B(1)\n\n\n\
                 def application(environ, start_response):\n    return get_application()(environ, start_response)\n",
            ),
        ),
        ("«application = B(1)»\napplication.debug = True\n", None),
    ];
    check(cases, |file, ranges| Some(make_at_first_request(file, ranges[0])?.edits));
}
