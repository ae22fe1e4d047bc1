//! `argparse` and `optparse`: command lines that a parser refuses, and then it ends the process.

use ruff_python_ast::name::Name;

use super::Call;
use crate::load::interp::{Interp, Stop};
use crate::load::value::{Id, Kind, Value};

/// The slot of a parser that wants an argument.
const REQUIRED: &str = "<required>";
/// The slot of a parser that holds its options: for each its names, how many values it takes, their type and choices.
const OPTIONS: &str = "<options>";
/// The slot of a parser with options that nobody followed.
const UNSURE: &str = "<unsure>";

/// One option of a parser.
struct Known<'a> {
    names: Vec<String>,
    takes_value: bool,
    kind: Option<String>,
    choices: Option<Vec<Value<'a>>>,
}

/// How a parser ends the process: with the status 0 for help, 2 for a mistake.
type Refused = i64;

impl<'a> Interp<'a> {
    /// A method of a parser; `None` when nothing is known of what it gives.
    pub(super) fn call_parser(&mut self, call: &Call<'_, 'a>) -> Result<Option<Value<'a>>, Stop<'a>> {
        let Some((_, method)) = call.path.split_once("Parser().") else { return Ok(None) };
        let parser = self
            .heap
            .origins(call.library.receiver)
            .find(|id| matches!(self.heap.kind(*id), Kind::Library(path, _) if path.ends_with("Parser()")));
        let Some(parser) = parser else { return Ok(None) };
        match method {
            "add_argument" | "add_option" => self.declare_argument(parser, call),
            "add_subparsers"
            | "add_argument_group"
            | "add_mutually_exclusive_group"
            | "add_option_group"
            | "add_options" => {
                self.heap.set(parser, Name::new_static(UNSURE), Value::Bool(true), call.range);
                if call.arguments.keyword("required").is_some_and(|value| self.truth(value) == Some(true)) {
                    self.heap.set(parser, Name::new_static(REQUIRED), Value::Bool(true), call.range);
                }
            }
            "parse_args" => return self.parse_args(parser, call).map(Some),
            _ => {}
        }
        Ok(None)
    }

    /// Remembers an argument that a parser knows, and whether it wants one, which no host gives.
    fn declare_argument(&mut self, parser: Id, call: &Call<'_, 'a>) {
        let arguments = call.arguments;
        let name = arguments.positional.first().and_then(Value::as_str).unwrap_or("-");
        let optional = match arguments.keyword("nargs") {
            Some(Value::Str(count)) => matches!(&**count, "?" | "*"),
            Some(Value::Int(_)) | None => false,
            Some(_) => true,
        };
        let required = arguments.keyword("required").is_some_and(|value| self.truth(value) == Some(true));
        if required || !name.starts_with('-') && !optional && call.path.starts_with("argparse.") {
            self.heap.set(parser, Name::new_static(REQUIRED), Value::Bool(true), call.range);
        }
        let names: Option<Vec<&str>> = arguments.positional.iter().map(Value::as_str).collect();
        let values = match arguments.keyword("action").map(Value::as_str) {
            None | Some(Some("store" | "append")) => Some(arguments.keyword("nargs").is_none()),
            Some(Some(
                "store_true" | "store_false" | "store_const" | "append_const" | "count" | "help" | "version",
            )) => Some(false),
            _ => None,
        };
        let by_nargs = arguments.keyword("nargs").is_some();
        let (Some(_), Some(takes), false) = (names, values, arguments.open || by_nargs) else {
            self.heap.set(parser, Name::new_static(UNSURE), Value::Bool(true), call.range);
            return;
        };
        let kind = match arguments.keyword("type") {
            Some(Value::Library(library)) => Value::str(library.path.trim_start_matches("builtins.")),
            Some(kind @ Value::Str(_)) => kind.clone(),
            _ => Value::None,
        };
        let choices = arguments.keyword("choices").cloned().unwrap_or(Value::None);
        let one = vec![Value::Tuple(arguments.positional.clone().into()), Value::Bool(takes), kind, choices];
        let mut all = match self.heap.slot(parser, OPTIONS).map(|slot| &slot.value) {
            Some(Value::Tuple(known)) => known.to_vec(),
            _ => Vec::new(),
        };
        all.push(Value::Tuple(one.into()));
        self.heap.set(parser, Name::new_static(OPTIONS), Value::Tuple(all.into()), call.range);
    }

    /// On a host `sys.argv` holds the server's own arguments: gunicorn's options are none of the app's.
    fn parse_args(&mut self, parser: Id, call: &Call<'_, 'a>) -> Result<Value<'a>, Stop<'a>> {
        let wants_more = self.heap.slot(parser, REQUIRED).is_some();
        let gunicorn = self.deployment.host == crate::hosting::Host::Gunicorn;
        let given = call.arguments.get("args", 0).filter(|value| !matches!(value, Value::None)).cloned();
        let words = given.as_ref().and_then(|value| self.words(value));
        let is_empty = words.as_ref().is_some_and(Vec::is_empty);
        let from_host = given.is_none() && call.arguments.keywords.is_empty() && (gunicorn || wants_more);
        let refused = match words {
            _ if from_host || is_empty && wants_more => Some(2),
            Some(words) if !call.arguments.open => {
                self.refuses_words(parser, &words, call.path.starts_with("argparse."))
            }
            _ => None,
        };
        match refused {
            Some(status) => {
                let text = self.callee_text(call);
                Err(self.exit(&text, Some(status), call.range))
            }
            None => Ok(Value::Unknown),
        }
    }

    /// The words of a list that is wholly known.
    fn words(&self, value: &Value<'a>) -> Option<Vec<String>> {
        let items = match value {
            Value::Tuple(items) => items.clone(),
            Value::Object(id) => match self.heap.kind(*id) {
                Kind::List(items, false) if !self.is_argv(*id) => items.clone(),
                _ => return None,
            },
            _ => return None,
        };
        items.iter().map(|item| item.as_str().map(str::to_owned)).collect()
    }

    /// Whether a parser that is wholly known refuses a command line, or shows its help, and ends the process.
    fn refuses_words(&mut self, parser: Id, words: &[String], strict: bool) -> Option<Refused> {
        let Kind::Library(_, made) = self.heap.kind(parser).clone() else { return None };
        if self.heap.slot(parser, UNSURE).is_some()
            || made.open
            || made.keywords.iter().any(|(name, _)| {
                matches!(
                    name.as_str(),
                    "parents"
                        | "prefix_chars"
                        | "fromfile_prefix_chars"
                        | "exit_on_error"
                        | "option_list"
                        | "option_class"
                )
            })
        {
            return None;
        }
        let has_help = ["add_help", "add_help_option"]
            .iter()
            .all(|name| made.keyword(name).is_none_or(|value| self.truth(value) != Some(false)));
        let known = self.known_options(parser);
        let mut at = words.iter();
        while let Some(word) = at.next() {
            if !word.starts_with('-') || word == "-" {
                let takes_words = known.iter().any(|one| one.names.iter().any(|name| !name.starts_with('-')));
                if strict && !takes_words {
                    return Some(2);
                }
                continue;
            }
            let (name, value) = match word.split_once('=') {
                Some((name, value)) if word.starts_with("--") => (name, Some(value)),
                _ => (word.as_str(), None),
            };
            let option = match option_of(&known, name) {
                Ok(option) => option,
                Err(_) if has_help && matches!(name, "-h" | "--help") => return Some(0),
                // Short options can be written together, and with their values; numbers can be negative.
                Err(_) if !name.starts_with("--") && name.len() > 2 => return None,
                Err(several) => return (!several).then_some(2),
            };
            if !option.takes_value {
                continue;
            }
            let value = match value.or_else(|| at.next().map(String::as_str)) {
                Some(value) => value,
                None => return Some(2),
            };
            let is_number = match option.kind.as_deref() {
                Some("int") => value.trim().parse::<i64>().is_ok(),
                Some("float") => value.trim().parse::<f64>().is_ok(),
                _ => true,
            };
            let is_choice = option.choices.as_ref().is_none_or(|choices| {
                choices.iter().any(|choice| choice.as_str().is_none_or(|choice| choice == value))
            });
            if !is_number || !is_choice {
                return Some(2);
            }
        }
        None
    }

    fn known_options(&mut self, parser: Id) -> Vec<Known<'a>> {
        let all = match self.heap.slot(parser, OPTIONS).map(|slot| slot.value.clone()) {
            Some(Value::Tuple(all)) => all.to_vec(),
            _ => Vec::new(),
        };
        let mut known = Vec::new();
        for one in &all {
            let Value::Tuple(parts) = one else { continue };
            let [Value::Tuple(names), Value::Bool(takes_value), kind, choices] = parts.as_slice() else {
                continue;
            };
            let choices = match choices {
                Value::Tuple(items) => Some(items.to_vec()),
                Value::Object(id) => match self.heap.kind(*id) {
                    Kind::List(items, false) => Some(items.to_vec()),
                    _ => None,
                },
                _ => None,
            };
            let names = names.iter().filter_map(|name| name.as_str().map(str::to_owned)).collect();
            let kind = kind.as_str().map(str::to_owned);
            known.push(Known { names, takes_value: *takes_value, kind, choices });
        }
        known
    }
}

/// The option of that name, or the only one that begins so; else whether there are several.
fn option_of<'k, 'a>(known: &'k [Known<'a>], name: &str) -> Result<&'k Known<'a>, bool> {
    let exact = known.iter().find(|option| option.names.iter().any(|known| known == name));
    if let Some(option) = exact {
        return Ok(option);
    }
    let begins = |option: &&Known<'a>| option.names.iter().any(|known| known.starts_with(name));
    let mut all = known.iter().filter(begins).filter(|_| name.starts_with("--"));
    match (all.next(), all.next()) {
        (Some(only), None) => Ok(only),
        (first, _) => Err(first.is_some()),
    }
}
