//! `json`: texts that are no JSON.

use serde::de::IgnoredAny;

use super::Call;
use crate::load::effect::RaiseCause;
use crate::load::interp::{Interp, Stop};
use crate::load::value::{Kind, Value};

/// Texts beyond this many bytes are not looked at.
const LONGEST: usize = 1 << 20;

impl<'a> Interp<'a> {
    /// `json.loads(text)` and `json.load(file)` of a text that stands in the code, of a file of the project, or of standard
    /// input, which is empty on a host.
    pub(super) fn check_json_text(&mut self, call: &Call<'_, 'a>) -> Result<(), Stop<'a>> {
        let first = call.arguments.get(if call.path == "json.load" { "fp" } else { "s" }, 0);
        let told = call.arguments.keywords.iter().any(|(name, _)| name == "cls" || name == "object_hook");
        let Some(value) = first.filter(|_| !told).cloned() else { return Ok(()) };
        if matches!(value, Value::None | Value::Int(_) | Value::Bool(_)) && call.path == "json.loads" {
            let kind = value.type_name();
            let message = format!("the JSON object must be str, bytes or bytearray, not {kind}");
            let assumed = self.assumed;
            return Err(
                self.assuming(assumed, |me| me.raise("TypeError", message, RaiseCause::Plain, call.range))
            );
        }
        let text = match &value {
            Value::Str(text) => Some(text.to_string()),
            Value::Library(library) if library.path == "sys.stdin" => Some(String::new()),
            Value::Object(id) => match self.heap.kind(*id) {
                Kind::Library(path, _) if path.starts_with("io.TextIOWrapper()") => {
                    let read = path == "io.TextIOWrapper()" || path == "io.TextIOWrapper().read()";
                    self.file_behind(&value).filter(|_| read).and_then(|path| {
                        let (source, problem) = self.snapshot.text(&path)?;
                        problem.is_none().then(|| source.text().to_owned())
                    })
                }
                _ => None,
            },
            _ => None,
        };
        let Some(problem) = text.filter(|text| text.len() <= LONGEST).and_then(|text| problem_of(&text))
        else {
            return Ok(());
        };
        let assumed = self.assumed;
        Err(self.assuming(assumed, |me| {
            me.raise_library("json.JSONDecodeError", problem, RaiseCause::Plain, call.range)
        }))
    }
}

/// Why Python refuses a text as JSON.
fn problem_of(text: &str) -> Option<String> {
    // Python takes more than the standard allows.
    let is_lax = ["NaN", "Infinity", "\\u"].iter().any(|word| text.contains(word));
    let error = serde_json::from_str::<IgnoredAny>(text).err()?;
    if is_lax || error.to_string().contains("recursion") || error.to_string().contains("out of range") {
        return None;
    }
    let place = format!("line {} column {}", error.line().max(1), error.column().max(1));
    Some(match text.trim().is_empty() {
        true => "Expecting value: line 1 column 1 (char 0)".to_owned(),
        false => format!("the text is no JSON: {place}"),
    })
}

#[cfg(test)]
mod tests {
    use super::problem_of;

    #[test]
    fn what_python_refuses() {
        for text in ["", "{'a': 1}", "{\"a\": 1,}", "[1, 2", "{\"a\": 1} // b", "None", "{a: 1}", "\"a\nb\""]
        {
            assert!(problem_of(text).is_some(), "{text}");
        }
    }

    #[test]
    fn what_python_takes() {
        for text in [
            "null",
            " [1, 2.5e3] ",
            "{\"a\": NaN}",
            "-Infinity",
            "1e999",
            "\"\\ud83d\"",
            "{\"a\": {\"a\": 1}}",
        ] {
            assert_eq!(problem_of(text), None, "{text}");
        }
    }
}
