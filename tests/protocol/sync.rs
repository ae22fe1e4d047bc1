//! The server's text is the client's text: in any encoding, however fast it changes.

use serde_json::{Value, json};

use crate::client::{Client, project, pulling, uri};

fn with_encodings(encodings: Value) -> Value {
    let mut capabilities = pulling();
    capabilities["general"] = json!({"positionEncodings": encodings});
    capabilities
}

/// A number generator whose numbers are the same in every run.
struct Dice(u64);

impl Dice {
    fn roll(&mut self, sides: usize) -> usize {
        self.0 = self.0.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        usize::try_from(self.0 >> 33).unwrap() % sides
    }
}

fn units(encoding: &str, text: &[char]) -> u32 {
    let length = |c: &char| match encoding {
        "utf-8" => c.len_utf8(),
        "utf-16" => c.len_utf16(),
        _ => 1,
    };
    u32::try_from(text.iter().map(length).sum::<usize>()).unwrap()
}

/// 10,000 edits as fast as they can be written, then a request, whose answer shows every character of every line: not one
/// edit is lost, doubled, misplaced or out of order.
fn rapid_changes(encoding: &str) {
    let (_folder, root) = project(&[("wsgi.py", "")]);
    let mut client = Client::open_folder(&root, with_encodings(json!([encoding])));
    let uri = uri(&root.join("wsgi.py"));
    // Python repeats the name of a feature that it does not know.
    let import = "from __future__ import ";
    let mut lines: Vec<Vec<char>> = vec![format!("{import}x").chars().collect(); 12];
    client.open(&uri, 0, &vec![format!("{import}x"); 12].join("\r\n"));
    let mut dice = Dice(7);
    let pieces = ["a", "bc", "\u{e9}", "\u{4e2d}", "\u{20000}", "d\u{20001}e", ""];
    for version in 1..=10_000 {
        let number = dice.roll(lines.len());
        let line = &mut lines[number];
        // Short lines grow and long ones shrink; the name never gets empty.
        let start = import.len() + 1 + dice.roll(line.len() - import.len());
        let end = if line.len() > 60 { line.len() } else { line.len().min(start + dice.roll(2)) };
        let piece = pieces[dice.roll(pieces.len())];
        let at = |column: usize| json!({"line": number, "character": units(encoding, &line[..column])});
        let change = json!([{"range": {"start": at(start), "end": at(end)}, "text": piece}]);
        line.splice(start..end, piece.chars());
        client.change(&uri, version, change);
    }
    let items = client.pull(&uri)["items"].clone();
    assert_eq!(items.as_array().unwrap().len(), lines.len());
    for (line, item) in lines.iter().zip(items.as_array().unwrap()) {
        let name: String = line[import.len()..].iter().collect();
        let message = item["message"].as_str().unwrap();
        assert!(message.contains(&format!("`{name}`")), "{name} in {message}");
    }
}

#[test]
fn a_request_sees_the_last_of_ten_thousand_changes_in_utf8() {
    rapid_changes("utf-8");
}

#[test]
fn a_request_sees_the_last_of_ten_thousand_changes_in_utf16() {
    rapid_changes("utf-16");
}

#[test]
fn a_request_sees_the_last_of_ten_thousand_changes_in_utf32() {
    rapid_changes("utf-32");
}

#[test]
fn a_thousand_requests_between_changes_see_their_own_state_or_a_newer_one() {
    let (_folder, root) = project(&[("wsgi.py", "")]);
    let mut client = Client::open_folder(&root, pulling());
    let uri = uri(&root.join("wsgi.py"));
    client.open(&uri, 0, ")");
    let start = json!({"start": {"line": 0, "character": 0}, "end": {"line": 0, "character": 0}});
    let asked: Vec<(u64, i64)> = (1..=1_000)
        .map(|version| {
            client.change(&uri, version, json!([{"range": start, "text": "\n"}]));
            (
                version.unsigned_abs(),
                client.ask("textDocument/diagnostic", json!({"textDocument": {"uri": uri}})),
            )
        })
        .collect();
    for (version, id) in asked {
        let answer = client.answer(id);
        let line = answer["result"]["items"][0]["range"]["start"]["line"].as_u64().unwrap();
        assert!(line >= version, "asked after change {version}, answered for change {line}");
    }
}

#[test]
fn positions_count_in_the_negotiated_encoding() {
    let text = "x = '\u{e9}\u{1f600}' )\n";
    for (offered, chosen, start) in [
        (json!(["utf-8", "utf-16", "utf-32"]), "utf-8", 13),
        (json!(["utf-32", "utf-8", "utf-16"]), "utf-32", 9),
        (json!(["utf-16"]), "utf-16", 10),
        (json!(["utf-9", "utf-32"]), "utf-32", 9),
        (json!([]), "utf-16", 10),
        (Value::Null, "utf-16", 10),
    ] {
        let (_folder, root) = project(&[("wsgi.py", text)]);
        let mut client = Client::start();
        let capabilities = client.initialize(json!({
            "capabilities": with_encodings(offered),
            "rootPath": root,
            "initializationOptions": {"entry": "wsgi.py"},
        }));
        assert_eq!(capabilities["positionEncoding"], chosen);
        let items = client.pull(&uri(&root.join("wsgi.py")))["items"].clone();
        assert_eq!(items[0]["range"]["start"], json!({"line": 0, "character": start}), "{chosen}: {items}");
    }
}

#[test]
fn edits_outside_of_the_text_are_clamped() {
    let (_folder, root) = project(&[("wsgi.py", "")]);
    let mut client = Client::open_folder(&root, pulling());
    let uri = uri(&root.join("wsgi.py"));
    client.open(&uri, 1, "a = 1\r\nb = 2\r\n");
    let huge = u32::MAX;
    let edits = json!([
        {"range": {"start": {"line": 0, "character": huge}, "end": {"line": 0, "character": huge}}, "text": " )"},
        {"range": {"start": {"line": huge, "character": 0}, "end": {"line": huge, "character": 9}}, "text": "c = ]"},
        {"range": {"start": {"line": 1, "character": 4}, "end": {"line": 0, "character": 0}}, "text": "inverted"},
    ]);
    client.change(&uri, 2, edits);
    let items = client.pull(&uri)["items"].clone();
    let places: Vec<&Value> = items.as_array().unwrap().iter().map(|item| &item["range"]["start"]).collect();
    assert_eq!(places, [&json!({"line": 0, "character": 6}), &json!({"line": 2, "character": 4})]);
}
