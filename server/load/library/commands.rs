//! Commands of the shell that the code runs: how long they take, and which of them are servers.

use super::Call;
use crate::load::effect::{EffectKind, RaiseCause, ServerStart, StartOutcome};
use crate::load::interp::{Interp, Stop};
use crate::load::value::{Kind, Value};

impl<'a> Interp<'a> {
    /// The words of a command, from a string or a list.
    pub(super) fn command_text(&self, value: &Value<'a>) -> Option<String> {
        match value {
            Value::Str(text) => Some(text.to_string()),
            Value::Object(id) => match self.heap.kind(*id) {
                Kind::List(items, _) => {
                    let words: Vec<String> =
                        items.iter().map(|item| self.text_of(item).unwrap_or_default()).collect();
                    Some(words.join(" "))
                }
                _ => None,
            },
            Value::Tuple(items) => {
                let words: Vec<String> =
                    items.iter().map(|item| self.text_of(item).unwrap_or_default()).collect();
                Some(words.join(" "))
            }
            _ => None,
        }
    }

    /// A command for which the process waits: one that starts a server never ends, and `sleep` says how long it takes.
    pub(super) fn shell_command(&mut self, command: &str, call: &Call<'_, 'a>) -> Result<(), Stop<'a>> {
        let last = command.trim_end();
        if last.ends_with('&') && !last.ends_with("&&") {
            return Ok(());
        }
        let checks = matches!(call.path, "subprocess.check_call" | "subprocess.check_output")
            || call.arguments.keyword("check").is_some_and(|check| self.truth(check) == Some(true));
        if checks && matches!(command.trim(), "false" | "/bin/false") {
            let message = format!("Command '{command}' returned non-zero exit status 1.");
            return Err(self.raise_library(
                "subprocess.CalledProcessError",
                message,
                RaiseCause::Plain,
                call.range,
            ));
        }
        let limit = call.arguments.keyword("timeout").and_then(|value| self.seconds(value));
        if limit.is_none()
            && call.arguments.keyword("timeout").is_some_and(|value| !matches!(value, Value::None))
        {
            return Ok(());
        }
        if let Some(seconds) = duration(command) {
            self.wait(limit.map_or(seconds, |limit| limit.min(seconds)), call.range);
            return match limit {
                Some(limit) if limit < seconds => Err(self.killed_program(command, limit, call)),
                _ => Ok(()),
            };
        }
        let server = server_command(command);
        if let Some(limit) = limit {
            // The program is killed when its time is over, and then the call raises.
            if server.is_some() || never_ends(command) {
                self.wait(limit, call.range);
                return Err(self.killed_program(command, limit, call));
            }
            return Ok(());
        }
        if let Some(server) = server {
            let start = ServerStart {
                call: self.callee_text(call),
                server: server.to_owned(),
                outcome: StartOutcome::Serves,
            };
            self.record(EffectKind::StartsServer(start), call.range);
            return Err(Stop::Halt);
        }
        if never_ends(command) {
            return Err(self.waits_for_ever("a wait for a program that never ends", call));
        }
        Ok(())
    }
}

impl<'a> Interp<'a> {
    /// What `subprocess` raises when a program was killed because its time was over.
    fn killed_program(&self, command: &str, limit: f64, call: &Call<'_, 'a>) -> Stop<'a> {
        let message = format!("Command '{command}' timed out after {limit} seconds");
        self.raise_library("subprocess.TimeoutExpired", message, RaiseCause::Plain, call.range)
    }
}

/// The seconds that a command surely takes: its `sleep`s that run one after the other.
fn duration(command: &str) -> Option<f64> {
    let mut total = None;
    for words in simple_commands(command) {
        let Some((&"sleep", arguments)) = words.split_first() else { continue };
        for argument in arguments {
            let digits = argument.trim_end_matches(['s', 'm', 'h', 'd']);
            let factor = match &argument[digits.len()..] {
                "" | "s" => 1.0,
                "m" => 60.0,
                "h" => 3_600.0,
                _ => 86_400.0,
            };
            if *argument == "infinity" {
                return Some(f64::INFINITY);
            }
            total = Some(total.unwrap_or(0.0) + digits.parse::<f64>().ok()? * factor);
        }
    }
    total
}

/// The words of each command of a shell line, without variables and wrappers in front.
fn simple_commands(command: &str) -> impl Iterator<Item = Vec<&str>> {
    command.split("&&").flat_map(|part| part.split([';', '|'])).map(|part| {
        let words = part.split_whitespace().skip_while(|word| {
            word.contains('=') && !word.starts_with('-')
                || matches!(*word, "exec" | "nohup" | "sudo" | "env" | "time")
        });
        words.collect()
    })
}

/// Programs that run until somebody stops them.
fn never_ends(command: &str) -> bool {
    simple_commands(command).any(|words| {
        let Some((program, arguments)) = words.split_first() else { return false };
        let has = |option: &str| arguments.iter().any(|word| word.starts_with(option));
        match program.rsplit('/').next().unwrap_or(program) {
            "tail" | "journalctl" => has("-f") || has("-F") || has("--follow"),
            "ping" => !has("-c") && !has("-w"),
            "yes" => words.len() == 1 && !command.contains('|'),
            "watch" | "top" | "htop" => !has("-n") && !has("-b"),
            _ => false,
        }
    })
}

/// The server that a shell command starts in the foreground.
fn server_command(command: &str) -> Option<&'static str> {
    simple_commands(command).find_map(|words| {
        let (program, arguments) = words.split_first()?;
        let program = program.rsplit('/').next().unwrap_or(program);
        if !program.starts_with("python") {
            return program_server(program, arguments);
        }
        // `python -m flask run`, `python manage.py runserver`.
        let mut rest = arguments.iter().skip_while(|word| word.starts_with('-') && **word != "-m");
        let first = *rest.next()?;
        if first == "-m" {
            let module = *rest.next()?;
            let arguments: Vec<&str> = rest.copied().collect();
            return program_server(module, &arguments);
        }
        let script = first.rsplit('/').next().unwrap_or(first);
        program_server(script, &rest.copied().collect::<Vec<_>>())
    })
}

/// The server that a program starts with these arguments.
fn program_server(program: &str, arguments: &[&str]) -> Option<&'static str> {
    let has = |word: &str| arguments.contains(&word);
    Some(match program {
        "manage.py" | "django-admin" | "django" if has("runserver") || has("runserver_plus") => {
            "Django's development server"
        }
        "flask" if has("run") => "Flask's development server",
        "gunicorn" if !has("--daemon") && !has("-D") => "gunicorn",
        "uvicorn" => "uvicorn",
        "hypercorn" => "Hypercorn",
        "uwsgi" if !has("--daemonize") => "uWSGI",
        "waitress-serve" => "waitress",
        "http.server" | "SimpleHTTPServer" => "Python's http.server",
        "streamlit" if has("run") => "Streamlit",
        "celery" if has("worker") || has("beat") => "a Celery worker",
        "huey_consumer" | "huey_consumer.py" => "a Huey consumer",
        "rq" if has("worker") => "an RQ worker",
        _ => return None,
    })
}
