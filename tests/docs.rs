//! What the documents show is what the program does: tables and the picture are made from it and compared with it.
//!
//! `WSGI_LS_UPDATE_DOCS=1 cargo test --test docs` writes them anew.

#![allow(clippy::unwrap_used, clippy::expect_used)]

use std::fmt::Write;
use std::fs;
use std::path::Path;
use std::process::Command;

const SAMPLE: &str = "examples/flask_on_pythonanywhere";
const PICTURE: &str = "docs/images/check.svg";

fn repository() -> &'static Path {
    Path::new(env!("CARGO_MANIFEST_DIR"))
}

/// Compares a file of the repository with what it ought to hold, or writes it when the user asked for that.
fn assert_up_to_date(file: &str, wanted: &str) {
    let path = repository().join(file);
    let found = fs::read_to_string(&path).unwrap_or_default().replace("\r\n", "\n");
    if found == wanted {
        return;
    }
    if std::env::var_os("WSGI_LS_UPDATE_DOCS").is_some() {
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        // The other tests read these files at the same time and must never see half of one.
        let new = path.with_extension("new");
        fs::write(&new, wanted).unwrap();
        fs::rename(&new, &path).unwrap();
        return;
    }
    let line = found.lines().zip(wanted.lines()).take_while(|(a, b)| a == b).count() + 1;
    panic!(
        "{file} is not up to date from line {line} on; WSGI_LS_UPDATE_DOCS=1 cargo test --test docs writes it anew.\n\
         It holds:  {}\nIt should: {}",
        found.lines().nth(line - 1).unwrap_or("(nothing)"),
        wanted.lines().nth(line - 1).unwrap_or("(nothing)"),
    );
}

/// The README with the text between two comments replaced.
fn readme_with(section: &str, content: &str) -> String {
    let readme = fs::read_to_string(repository().join("README.md")).unwrap().replace("\r\n", "\n");
    let (start, end) = (format!("<!-- {section} -->\n"), format!("<!-- end of {section} -->"));
    let (before, rest) = readme.split_once(&start).expect("the section begins");
    let (_, after) = rest.split_once(&end).expect("the section ends");
    format!("{before}{start}{content}{end}{after}")
}

#[test]
fn the_readme_is_up_to_date() {
    // One test for both tables, because both are written into one file.
    assert_up_to_date("README.md", &readme_with("rules", &rules()));
    assert_up_to_date("README.md", &readme_with("settings", &settings()));
}

fn rules() -> String {
    let mut table = String::from("| rule | severity | what it finds |\n| --- | --- | --- |\n");
    for rule in wsgi_ls::rules::ALL {
        let (id, severity) = (rule.id, rule.severity.name());
        writeln!(table, "| [`{id}`](docs/rules/{id}.md) | {severity} | {} |", rule.summary).unwrap();
    }
    table
}

#[test]
fn every_rule_has_its_page() {
    let mut wanted = vec!["README.md".to_owned()];
    assert_up_to_date("docs/rules/README.md", &wsgi_ls::rules::index::index());
    for rule in wsgi_ls::rules::ALL {
        let name = format!("{}.md", rule.id);
        assert_up_to_date(&format!("docs/rules/{name}"), &wsgi_ls::rules::markdown(rule));
        wanted.push(name);
    }
    for entry in fs::read_dir(repository().join("docs/rules")).unwrap() {
        let path = entry.unwrap().path();
        let name = path.file_name().unwrap().to_str().unwrap().to_owned();
        if wanted.contains(&name) || path.extension().is_some_and(|end| end == "new") {
            continue;
        }
        assert!(
            std::env::var_os("WSGI_LS_UPDATE_DOCS").is_some(),
            "docs/rules/{name} is the page of no rule"
        );
        fs::remove_file(&path).unwrap();
    }
}

fn settings() -> String {
    let schema = serde_json::to_value(schemars::schema_for!(wsgi_ls::workspace::Settings)).unwrap();
    let mut table = String::from("| setting | what it says |\n| --- | --- |\n");
    for (name, property) in schema["properties"].as_object().unwrap() {
        let description =
            property["description"].as_str().expect("every setting is described").replace('\n', " ");
        writeln!(table, "| `{name}` | {description} |").unwrap();
    }
    table
}

#[test]
fn the_picture_shows_what_the_command_prints() {
    let output = Command::new(env!("CARGO_BIN_EXE_wsgi-ls"))
        .args(["check", "--color", "always", SAMPLE])
        .current_dir(repository())
        .env("COLUMNS", "110")
        .output()
        .unwrap();
    let text = String::from_utf8(output.stdout).unwrap();
    assert_eq!(output.status.code(), Some(1), "{text}\n{}", String::from_utf8_lossy(&output.stderr));
    assert!(text.contains('\x1b'), "the output has no colour:\n{text}");
    let session = format!("\x1b[1m$\x1b[0m wsgi-ls check {SAMPLE}\n{text}");
    let svg = anstyle_svg::Term::new().min_width_px(960).render_svg(&session);
    assert_up_to_date(PICTURE, &svg);
}

#[test]
fn the_readme_names_the_sample_that_exists() {
    let readme = fs::read_to_string(repository().join("README.md")).unwrap();
    assert!(readme.contains(&format!("cargo run -- check {SAMPLE}")), "the first command checks the sample");
    assert!(repository().join(SAMPLE).is_dir(), "{SAMPLE} is not there");
}
