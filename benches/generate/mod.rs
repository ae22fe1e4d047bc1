//! Flask projects of any size, as people write them, the same at every run.

use std::fmt::Write;
use std::fs;
use std::path::{Path, PathBuf};

/// A project of that many modules of about that many lines each (within one function): an application, which imports all others,
/// and its blueprints, which import each other. Writes the files and returns the path of the application's.
pub fn project(folder: &Path, modules: usize, lines: usize) -> std::io::Result<PathBuf> {
    let mut head = String::from(HEAD);
    for index in 1..modules {
        // A tree and not a chain: Python itself cannot import a thousand modules inside each other.
        let other = match index / 2 {
            0 => String::new(),
            other => format!("import blueprint_{other:04}\n"),
        };
        let mut text = format!(
            "\"\"\"Pages of part {index}.\"\"\"\nimport logging\n\nfrom flask import Blueprint, abort, request\n\n{other}\n\
             log = logging.getLogger(__name__)\npages = Blueprint(\"part_{index}\", __name__)\nITEMS = {{}}\n"
        );
        fill(&mut text, "pages", lines);
        fs::write(folder.join(format!("blueprint_{index:04}.py")), text)?;
        // Writing to a String cannot fail.
        let _ = write!(
            head,
            "\nfrom blueprint_{index:04} import pages as pages_{index:04}\napp.register_blueprint(pages_{index:04})\n"
        );
    }
    fill(&mut head, "app", lines);
    head.push_str("\n\nif __name__ == \"__main__\":\n    app.run(debug=True)\n");
    let path = folder.join("flask_app.py");
    fs::write(&path, head)?;
    Ok(path)
}

const HEAD: &str = r#""""The pages of a small shop."""
import logging
import os
from datetime import datetime, timedelta

from flask import Flask, abort, jsonify, redirect, render_template, request, url_for

log = logging.getLogger(__name__)

app = Flask(__name__)
app.config["SECRET_KEY"] = os.environ.get("SECRET_KEY", "for development")
app.config["UPLOADS"] = os.path.join(os.path.dirname(__file__), "uploads")

ITEMS = {}
"#;

/// Adds handlers, helpers and classes in turn until the text has that many lines.
fn fill(text: &mut String, routes: &str, lines: usize) {
    let mut have = text.lines().count();
    for index in 0.. {
        if have >= lines {
            return;
        }
        let block = match index % 3 {
            0 => HANDLER,
            1 => HELPER,
            _ => CLASS,
        };
        let block = block.replace("ROUTES", routes).replace("INDEX", &index.to_string());
        have += block.lines().count();
        text.push_str(&block);
    }
}

const HANDLER: &str = r#"

@ROUTES.route("/items/INDEX/<int:item_id>", methods=["GET", "POST"])
def show_INDEX(item_id):
    """Shows one item, or changes it."""
    item = ITEMS.get(item_id)
    if item is None:
        abort(404)
    if request.method == "POST":
        try:
            item.price = float(request.form["price"])
        except (KeyError, ValueError) as error:
            log.warning("bad price for %s: %s", item_id, error)
            return {"error": str(error)}, 400
        # The page is shown again, so that a reload does not send the form twice.
        return {"ok": True, "item": item_id}
    return {"name": item.name, "price": f"{item.price:.2f}", "tags": [tag for tag in item.tags if tag]}
"#;

const HELPER: &str = r#"

def total_INDEX(orders, discount=0.0, *, tax=0.19):
    """The sum of all orders, after discount, with tax."""
    result = 0.0
    for order in orders:
        for position in order["positions"]:
            amount = position["count"] * position["price"]
            if position.get("reduced") and amount > 10:
                amount *= 1 - discount
            result += amount
    log.debug("total of %d orders: %s", len(orders), result)
    return round(result * (1 + tax), 2)
"#;

const CLASS: &str = r#"

class ItemINDEX:
    """One thing that is sold."""

    def __init__(self, name, price, tags=()):
        self.name = name
        self.price = price
        self.tags = list(tags)

    def __repr__(self):
        return f"{type(self).__name__}({self.name!r}, {self.price!r})"

    def matches(self, words):
        return all(word.lower() in self.name.lower() or word in self.tags for word in words)


ITEMS[INDEX] = ItemINDEX("item INDEX", 9.99, tags=["new", "INDEX"])
"#;
