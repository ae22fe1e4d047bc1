//! The published JSON schemas are those of the code, and what `check` prints follows its own.

#![allow(clippy::unwrap_used, clippy::expect_used)]

use std::path::Path;
use std::process::Command;

use serde_json::Value;
use wsgi_ls::report::Baseline;
use wsgi_ls::report::diagnosis::Diagnosis;
use wsgi_ls::report::json::Report;
use wsgi_ls::report::lines::Line;
use wsgi_ls::workspace::Settings;

/// Compares a published schema with the code's; with `UPDATE_SCHEMA=1` it is written instead.
fn must_be_published(name: &str, schema: &schemars::Schema) -> Value {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("docs/schema").join(name);
    let text = format!("{:#}\n", serde_json::to_value(schema).unwrap());
    if std::env::var_os("UPDATE_SCHEMA").is_some() {
        std::fs::create_dir_all(path.parent().unwrap()).unwrap();
        std::fs::write(&path, &text).unwrap();
    }
    let published = std::fs::read_to_string(&path).unwrap_or_default();
    assert_eq!(published, text, "docs/schema/{name} is old: UPDATE_SCHEMA=1 cargo test --test schema");
    serde_json::from_str(&text).unwrap()
}

#[test]
fn the_schema_of_the_settings_is_published() {
    must_be_published("settings.json", &Settings::schema());
}

#[test]
fn the_report_follows_its_published_schema() {
    let schema = must_be_published("check.v1.json", &Report::schema());
    let fixtures = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/fixtures/syntax-error");
    let mut findings = 0;
    for fixture in std::fs::read_dir(fixtures).unwrap() {
        let output = Command::new(env!("CARGO_BIN_EXE_wsgi-ls"))
            .args(["check", "--format", "json"])
            .arg(fixture.unwrap().path())
            .env_remove("VIRTUAL_ENV")
            .output()
            .unwrap();
        let report: Value = serde_json::from_slice(&output.stdout).unwrap();
        follows(&report, &schema, &schema, "$").unwrap();
        findings += report["findings"].as_array().unwrap().len();
    }
    assert!(findings > 5, "the schema of a finding was tried on {findings} findings only");
}

#[test]
fn the_diagnosis_follows_its_published_schema() {
    let schema = must_be_published("diagnose.v1.json", &Diagnosis::schema());
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests");
    let output = Command::new(env!("CARGO_BIN_EXE_wsgi-ls"))
        .args(["diagnose", "--format", "json", "--host", "uwsgi", "--log"])
        .arg(root.join("logs/recorded/camera_sleeps_in_a_helper.uwsgi.log"))
        .arg(root.join("hosting/apps/camera_sleeps_in_a_helper"))
        .env_remove("VIRTUAL_ENV")
        .output()
        .unwrap();
    assert_eq!(output.status.code(), Some(1));
    let diagnosis: Value = serde_json::from_slice(&output.stdout).unwrap();
    follows(&diagnosis, &schema, &schema, "$").unwrap();
    assert_eq!(diagnosis["causes"][0]["logged"][0]["kind"], "harakiri");
}

#[test]
fn the_lines_and_the_baseline_follow_their_published_schemas() {
    let line = must_be_published("check-line.v1.json", &Line::schema());
    let baseline = must_be_published("baseline.v1.json", &Baseline::schema());
    let sample = Path::new(env!("CARGO_MANIFEST_DIR")).join("examples/flask_on_pythonanywhere");
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("known.json");
    let check = |arguments: &[&str]| {
        let mut command = Command::new(env!("CARGO_BIN_EXE_wsgi-ls"));
        command.arg("check").args(arguments).arg(&sample).env_remove("VIRTUAL_ENV").output().unwrap()
    };
    let lines = String::from_utf8(check(&["--format", "jsonl"]).stdout).unwrap();
    let kinds = lines.lines().map(|text| {
        let value: Value = serde_json::from_str(text).unwrap();
        follows(&value, &line, &line, "$").unwrap();
        value.as_object().unwrap().keys().next().unwrap().clone()
    });
    assert_eq!(kinds.collect::<Vec<_>>(), ["deployment", "finding", "end"]);
    check(&["--baseline", file.to_str().unwrap(), "--write-baseline"]);
    let known: Value = serde_json::from_str(&std::fs::read_to_string(&file).unwrap()).unwrap();
    follows(&known, &baseline, &baseline, "$").unwrap();
    assert_eq!(known["findings"].as_array().unwrap().len(), 1);
}

#[test]
fn a_report_that_breaks_the_schema_is_seen() {
    let schema = serde_json::to_value(Report::schema()).unwrap();
    let broken = |report: Value| follows(&report, &schema, &schema, "$").unwrap_err();
    let deployment = |verdict: &str| {
        serde_json::json!({"version": 1, "findings": [], "deployments": [{"host": "mod_wsgi", "entry": "a.wsgi",
            "callable": "application", "verdict": verdict, "visitor_sees": "ok",
            "start": {"read_from": [], "working_directory": ".", "environment": []}}]})
    };
    follows(&deployment("serves"), &schema, &schema, "$").unwrap();
    assert!(broken(deployment("perhaps")).contains("$.deployments[0].verdict"));
    assert!(broken(serde_json::json!({"version": 1, "findings": []})).contains("deployments"));
    assert!(broken(serde_json::json!({"version": 2, "findings": [], "deployments": []})).contains("version"));
    assert!(
        broken(serde_json::json!({"version": 1, "findings": {}, "deployments": []})).contains("findings")
    );
    let more = serde_json::json!({"version": 1, "findings": [], "deployments": [], "extra": 1});
    assert!(broken(more).contains("extra"));
}

/// Checks a value against the part of JSON Schema that our schemas use; anything else in a schema is refused.
fn follows(value: &Value, schema: &Value, root: &Value, at: &str) -> Result<(), String> {
    let wrong = |what: &str| Err(format!("{at}: {what}: {value}"));
    for (key, rule) in schema.as_object().unwrap() {
        match key.as_str() {
            "$schema" | "$defs" | "title" | "description" | "format" => {}
            "$ref" => {
                let pointer = rule.as_str().unwrap().trim_start_matches('#');
                follows(value, root.pointer(pointer).unwrap(), root, at)?;
            }
            "type" => {
                let is = |name: &Value| match name.as_str().unwrap() {
                    "object" => value.is_object(),
                    "array" => value.is_array(),
                    "string" => value.is_string(),
                    "number" => value.is_number(),
                    "integer" => value.is_u64() || value.is_i64(),
                    "boolean" => value.is_boolean(),
                    "null" => value.is_null(),
                    other => panic!("type {other}"),
                };
                let ok = rule.as_array().map_or_else(|| is(rule), |names| names.iter().any(is));
                if !ok {
                    return wrong(&format!("is no {rule}"));
                }
            }
            "const" if value != rule => return wrong(&format!("is not {rule}")),
            "enum" if !rule.as_array().unwrap().contains(value) => return wrong("is not in the list"),
            "minimum" if value.as_i64() < rule.as_i64() => return wrong("is too small"),
            "const" | "enum" | "minimum" => {}
            "oneOf" => {
                let matching = |one: &&Value| follows(value, one, root, at).is_ok();
                if rule.as_array().unwrap().iter().filter(matching).count() != 1 {
                    return wrong("is not exactly one of the possible values");
                }
            }
            "anyOf" => {
                let fits = |one: &Value| follows(value, one, root, at).is_ok();
                if !rule.as_array().unwrap().iter().any(fits) {
                    return wrong("is none of the possible values");
                }
            }
            "items" => {
                for (index, item) in value.as_array().into_iter().flatten().enumerate() {
                    follows(item, rule, root, &format!("{at}[{index}]"))?;
                }
            }
            "required" => {
                for name in rule.as_array().unwrap() {
                    if value.get(name.as_str().unwrap()).is_none() {
                        return wrong(&format!("has no {name}"));
                    }
                }
            }
            // Unknown members are refused below in any case.
            "additionalProperties" if rule == &Value::Bool(false) => {}
            "properties" => {
                let known = rule.as_object().unwrap();
                for (name, member) in value.as_object().into_iter().flatten() {
                    // Readers must let unknown members pass, so the schema does; we print none that it does not tell of.
                    let Some(inner) = known.get(name) else {
                        return wrong(&format!("has an unknown member {name}"));
                    };
                    follows(member, inner, root, &format!("{at}.{name}"))?;
                }
            }
            other => panic!("{at}: this test does not know the schema keyword {other}"),
        }
    }
    Ok(())
}
