//! Hovers and code actions.

use serde_json::{Value, json};

use crate::client::{Client, actions, hover, project, pulling, range, uri};

#[test]
fn a_hover_says_what_is_wrong_and_where_to_read_more() {
    let (_folder, root) = project(&[("wsgi.py", "")]);
    let wsgi = uri(&root.join("wsgi.py"));
    let parser = json!({"markdown": {"parser": "marked"}});
    for (formats, general, kind, link) in [
        (json!(["markdown", "plaintext"]), parser, "markdown", "](https://help."),
        (json!(["markdown", "plaintext"]), json!({}), "markdown", ": <https://help."),
        (json!(["plaintext"]), json!({}), "plaintext", ": <https://help."),
    ] {
        let mut client = Client::open_folder(
            &root,
            json!({"textDocument": {"hover": {"contentFormat": formats}}, "general": general}),
        );
        client.open(&wsgi, 1, "x = 1\nx = )\n");
        let said = hover(&mut client, &wsgi, 1, 4);
        assert_eq!(said["range"], range(1, 4, 1, 5));
        assert_eq!(said["contents"]["kind"], kind);
        let text = said["contents"]["value"].as_str().unwrap();
        assert!(text.contains("syntax-error") && text.contains(link), "{text}");
        assert_eq!(hover(&mut client, &wsgi, 0, 0), Value::Null);
        assert_eq!(hover(&mut client, &wsgi, 99, 0), Value::Null);
    }
}

#[test]
fn actions_depend_on_the_range_alone() {
    let (_folder, root) = project(&[("wsgi.py", "")]);
    let wsgi = uri(&root.join("wsgi.py"));
    let mut client = Client::open_folder(&root, pulling());
    client.open(&wsgi, 1, "x = 1\ny = '\u{1f600}' ) \nz = ]\n");
    // Kate sends no diagnostics, Emacs the whole line, Neovim and Helix the cursor.
    for at in [range(1, 9, 1, 9), range(1, 10, 1, 10), range(1, 0, 1, 12), range(1, 9, 1, 10)] {
        let offered = actions(&mut client, &wsgi, at, json!({"diagnostics": []}));
        assert_eq!(offered.len(), 1, "{offered:?}");
        assert_eq!(offered[0]["title"], "Silence `syntax-error` on this line");
        assert_eq!(offered[0]["kind"], "quickfix");
        assert_eq!(offered[0]["diagnostics"][0]["code"], "syntax-error");
        let edit = json!({"range": range(1, 11, 1, 11), "newText": "  # wsgi-ls: ignore[syntax-error]"});
        assert_eq!(offered[0]["edit"]["changes"][&wsgi], json!([edit]));
    }
    assert_eq!(actions(&mut client, &wsgi, range(1, 0, 2, 9), json!({"diagnostics": []})).len(), 2);
    assert!(actions(&mut client, &wsgi, range(0, 0, 0, 5), json!({"diagnostics": []})).is_empty());
    for (only, count) in [("quickfix", 1), ("", 1), ("refactor", 0), ("source", 0), ("source.fixAll", 0)] {
        let context = json!({"diagnostics": [], "only": [only]});
        assert_eq!(actions(&mut client, &wsgi, range(1, 9, 1, 9), context).len(), count, "{only}");
    }
}

#[test]
fn a_silenced_finding_is_gone() {
    let (_folder, root) = project(&[("wsgi.py", "")]);
    let wsgi = uri(&root.join("wsgi.py"));
    let mut client =
        Client::open_folder(&root, json!({"workspace": {"workspaceEdit": {"documentChanges": true}}}));
    client.open(&wsgi, 4, "x = )\r\n");
    assert_eq!(client.published(&wsgi, Some(4)).len(), 1);
    let offered = actions(&mut client, &wsgi, range(0, 4, 0, 4), json!({"diagnostics": []}));
    let change = &offered[0]["edit"]["documentChanges"][0];
    assert_eq!(change["textDocument"], json!({"uri": wsgi, "version": 4}));
    let edit = &change["edits"][0];
    client.change(&wsgi, 5, json!([{"range": edit["range"], "text": edit["newText"]}]));
    assert!(client.published(&wsgi, Some(5)).is_empty());
}
