//! The judge of whether a text is Python: Python.

use std::io::Write;
use std::process::{Command, Stdio};

const PROGRAM: &str = r#"
import json, sys, warnings
warnings.simplefilter("ignore")
for text in json.load(sys.stdin):
    try:
        compile(text.encode(), "case", "exec", dont_inherit=True)
    except SyntaxError as error:
        sys.exit(f"{error}\n{text}")
"#;

/// Compiles all texts in one run of the system's Python.
pub fn assert_all_compile(texts: &[String]) {
    let mut python = Command::new("python3")
        .args(["-c", PROGRAM])
        .stdin(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .expect("these tests need `python3`, 3.11 or later, on the PATH");
    let json = serde_json::to_string(texts).unwrap();
    python.stdin.take().unwrap().write_all(json.as_bytes()).unwrap();
    let output = python.wait_with_output().unwrap();
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
}

#[test]
fn what_python_refuses_is_noticed() {
    let bad = std::panic::catch_unwind(|| assert_all_compile(&["if x:\n".to_owned()]));
    assert!(bad.is_err());
}
