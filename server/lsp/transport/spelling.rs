//! URIs as the client spells them.
//!
//! Some clients send `file:///a b.py` or `file:///é.py`, which are no URIs, and expect to hear the same spelling again. The
//! protocol types refuse them, so they are made legal on the way in and given back on the way out. The legal spelling carries a
//! mark, because the client takes `file:///a%20b.py` for another name than `file:///a b.py`.

use std::collections::HashMap;
use std::fmt::Write;
use std::str::FromStr;
use std::sync::{Mutex, MutexGuard, PoisonError};

use serde_json::Value;
use tower_lsp_server::ls_types::Uri;

/// The spellings of one session.
#[derive(Debug, Default)]
pub struct Spellings {
    /// From the legal spelling to the client's, for those that differ.
    originals: Mutex<HashMap<String, String>>,
}

impl Spellings {
    /// Makes every URI of an incoming message legal.
    pub fn incoming(&self, message: &mut Value) {
        // The value of a setting or a text never counts as a URI: only members with these names do.
        visit(message, &mut |text| {
            if Uri::from_str(text).is_err() {
                let legal = legalize(text);
                let original = std::mem::replace(text, legal.clone());
                self.lock().insert(legal, original);
            }
        });
    }

    /// Gives every URI of an outgoing message the client's spelling.
    pub fn outgoing(&self, message: &mut Value) {
        let originals = self.lock();
        if originals.is_empty() {
            return;
        }
        visit(message, &mut |text| {
            if let Some(original) = originals.get(text.as_str()) {
                text.clone_from(original);
            }
        });
    }

    fn lock(&self) -> MutexGuard<'_, HashMap<String, String>> {
        self.originals.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// Calls `change` for every string that is a URI by the name of its member, and for the keys of a workspace edit's changes.
fn visit(value: &mut Value, change: &mut impl FnMut(&mut String)) {
    match value {
        Value::Array(items) => items.iter_mut().for_each(|item| visit(item, change)),
        Value::Object(members) => {
            for (name, member) in members.iter_mut() {
                match member {
                    Value::String(text) if is_uri_member(name) => change(text),
                    Value::Object(edits) if name == "changes" => rename_keys(edits, change),
                    Value::Array(_) | Value::Object(_) => visit(member, change),
                    _ => {}
                }
            }
        }
        _ => {}
    }
}

fn rename_keys(edits: &mut serde_json::Map<String, Value>, change: &mut impl FnMut(&mut String)) {
    let renamed = std::mem::take(edits).into_iter().map(|(mut uri, edits)| {
        change(&mut uri);
        (uri, edits)
    });
    *edits = renamed.collect();
}

fn is_uri_member(name: &str) -> bool {
    name == "uri" || name.ends_with("Uri")
}

/// The text with every character percent-encoded that a URI cannot hold, and a mark in the fragment, which no path contains.
fn legalize(text: &str) -> String {
    let mut out = String::with_capacity(text.len() + 16);
    let bytes = text.as_bytes();
    for (at, byte) in bytes.iter().copied().enumerate() {
        let legal = match byte {
            b'%' => bytes.get(at + 1..at + 3).is_some_and(|hex| hex.iter().all(u8::is_ascii_hexdigit)),
            _ => byte.is_ascii_alphanumeric() || b"-._~:/?#@!$&'()*+,;=".contains(&byte),
        };
        if legal {
            out.push(char::from(byte));
        } else {
            // Writing to a String cannot fail.
            let _ = write!(out, "%{byte:02X}");
        }
    }
    out.push_str(if out.contains('#') { "-wsgi-ls-raw" } else { "#wsgi-ls-raw" });
    out
}

#[cfg(test)]
mod tests {
    #![allow(clippy::expect_used)]
    use serde_json::json;

    use super::*;

    #[test]
    fn every_spelling_comes_back_byte_for_byte() {
        for spelling in [
            "file:///a b.py",
            "file:///\u{e9}.py",
            "file:///x[1].py",
            "file:///a{b}.py",
            "file:///100%.py",
            "file:///c:\\site\\app.py",
            "file:///a%20b.py",
            "FILE:///a/../b.py",
            "untitled:Untitled 1",
        ] {
            let spellings = Spellings::default();
            let mut message = json!({"params": {"textDocument": {"uri": spelling, "text": "a b"}}});
            let sent = message.clone();
            spellings.incoming(&mut message);
            let legal = message["params"]["textDocument"]["uri"].as_str().expect("a string").to_owned();
            assert!(Uri::from_str(&legal).is_ok(), "{legal}");
            spellings.outgoing(&mut message);
            assert_eq!(message, sent);
            let mut edit = json!({"edit": {"changes": {&legal: []}}});
            spellings.outgoing(&mut edit);
            assert_eq!(edit, json!({"edit": {"changes": {spelling: []}}}));
        }
    }

    #[test]
    fn two_spellings_of_one_file_stay_apart() {
        let spellings = Spellings::default();
        let sent = json!([{"uri": "file:///a b.py"}, {"uri": "file:///a%20b.py"}]);
        let mut message = sent.clone();
        spellings.incoming(&mut message);
        assert_ne!(message[0], message[1]);
        spellings.outgoing(&mut message);
        assert_eq!(message, sent);
    }
}
