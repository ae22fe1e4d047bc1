//! Services that an import talks to: sockets and web addresses of the host itself, database files.

use std::path::Path;

use ruff_python_ast::name::Name;

use super::Call;
use crate::load::effect::{Phase, RaiseCause};
use crate::load::interp::{Interp, Stop};
use crate::load::value::{Kind, Value};

impl<'a> Interp<'a> {
    /// A connection to the host itself, where nothing of the developer's machine runs.
    pub(super) fn connect(&mut self, call: &Call<'_, 'a>) -> Result<(), Stop<'a>> {
        let target = match call.arguments.positional.first().or(call.arguments.keyword("url")) {
            Some(Value::Str(url)) => {
                let rest = url.split_once("://").map_or(&**url, |(_, rest)| rest);
                rest.split(['/', ':']).next().unwrap_or(rest).to_owned()
            }
            Some(Value::Tuple(address)) => address.first().and_then(Value::as_str).unwrap_or("").to_owned(),
            _ => return Ok(()),
        };
        if !matches!(target.as_str(), "127.0.0.1" | "localhost" | "::1") {
            return Ok(());
        }
        // The app may have opened the port itself, just before.
        if self.heap.slot(self.overrides, "<listens>").is_some() {
            return Ok(());
        }
        let class = match call.path.split('.').next() {
            Some("requests") => "requests.exceptions.ConnectionError",
            Some("httpx") => "httpx.ConnectError",
            Some("urllib") => "urllib.error.URLError",
            _ => "builtins.ConnectionRefusedError",
        };
        let message = "nothing listens there on the host";
        Err(self.assuming(true, |me| me.raise_library(class, message, RaiseCause::Plain, call.range)))
    }

    /// A method of a socket that may be an end of a pair.
    pub(super) fn use_socket(&mut self, call: &Call<'_, 'a>) -> Result<(), Stop<'a>> {
        let Some(end) = call.library.receiver else { return Ok(()) };
        match call.path.rsplit('.').next().unwrap_or_default() {
            "send" | "sendall" | "sendto" | "sendmsg" | "sendfile" | "close" | "shutdown" | "makefile"
            | "fileno" | "detach" => {
                self.write_channel(end, call.range);
            }
            "settimeout" | "setblocking" => self.hand_out(&Value::Object(end), call.range),
            "recv" | "recvfrom" | "recv_into" if self.phase == Phase::Request && self.is_silent(end) => {
                return Err(self.waits_for_ever("a wait for data that nobody sends", call));
            }
            _ => {}
        }
        Ok(())
    }

    /// A database file that the project does not hold is made empty, and then has no table to read.
    pub(super) fn sqlite(&mut self, call: &Call<'_, 'a>) -> Result<(), Stop<'a>> {
        let Some(method) =
            call.path.strip_prefix("sqlite3.connect().").map(|rest| rest.trim_start_matches("cursor()."))
        else {
            return Ok(());
        };
        if !matches!(method, "execute" | "executemany" | "executescript") {
            return Ok(());
        }
        let Some(statement) = call.arguments.positional.first().and_then(Value::as_str) else {
            return Ok(());
        };
        let mut words = statement.split_whitespace();
        let verb = words.next().unwrap_or("").to_uppercase();
        if matches!(verb.as_str(), "CREATE" | "ATTACH" | "PRAGMA" | "ALTER") || self.has_tables() {
            self.heap.set(self.overrides, Name::new_static("<tables>"), Value::Bool(true), call.range);
            return Ok(());
        }
        let after = |keyword: &str| {
            let mut words =
                statement.split_whitespace().skip_while(|word| !word.eq_ignore_ascii_case(keyword));
            words.nth(1).map(|table| table.trim_end_matches([';', ',', ')']).to_owned())
        };
        let table = match verb.as_str() {
            "SELECT" | "DELETE" => after("from"),
            "INSERT" | "REPLACE" => after("into"),
            "UPDATE" => words.next().map(str::to_owned),
            _ => None,
        };
        let Some(table) = table.filter(|table| !table.starts_with("sqlite_") && !table.starts_with('('))
        else {
            return Ok(());
        };
        if !self.database_is_missing(call) {
            return Ok(());
        }
        let message = format!("no such table: {table}");
        let class = "sqlite3.OperationalError";
        Err(self.assuming(true, |me| me.raise_library(class, message, RaiseCause::Plain, call.range)))
    }

    fn has_tables(&self) -> bool {
        self.heap.slot(self.overrides, "<tables>").is_some()
    }

    /// Whether there is such a file in its folder or in one around it: hosts can be told to work there.
    pub(super) fn lies_further_out(&self, file: &Path) -> bool {
        let Some(name) = file.file_name() else { return false };
        let folders = file.ancestors().skip(1).take_while(|folder| folder.starts_with(&self.deployment.root));
        folders.into_iter().any(|folder| self.snapshot.kind(&folder.join(name)).is_some())
    }

    /// Whether a script or a schema makes tables that the app does not load itself: people run that once, on the host.
    fn is_set_up_by_hand(&self, file: &Path) -> bool {
        let makes_tables = |path: &Path| {
            let text = self.snapshot.text(path);
            text.is_some_and(|(source, _)| source.text().to_ascii_lowercase().contains("create table"))
        };
        let is_script =
            |path: &Path| path.extension().is_some_and(|ending| ending == "py" || ending == "sql");
        let is_loaded = |path: &Path| self.loaded.iter().any(|module| *module.path == *path);
        [file.parent(), self.deployment.entry.parent()].into_iter().flatten().any(|folder| {
            let entries = self.snapshot.entries(folder).unwrap_or_default();
            let mut paths = entries.iter().map(|entry| folder.join(&entry.name));
            paths.any(|path| is_script(&path) && !is_loaded(&path) && makes_tables(&path))
        })
    }

    /// Whether the connection was opened to a file of the project that is not there, and that nobody keeps out of the
    /// repository on purpose.
    fn database_is_missing(&self, call: &Call<'_, 'a>) -> bool {
        for at in self.heap.origins(call.library.receiver) {
            let Kind::Library(path, arguments) = self.heap.kind(at) else { return false };
            if path == "sqlite3.connect()" {
                let memory = arguments.get("database", 0).and_then(Value::as_str) == Some(":memory:");
                if memory {
                    // Every connection has a database of its own, which is empty at first.
                    return self.phase == Phase::Request && at.0 >= self.served_from;
                }
                let Some(text) = arguments.get("database", 0).and_then(|value| self.path_text(value)) else {
                    return false;
                };
                let Some(file) = self.locate(&text) else { return false };
                return !self.is_ignored(&file)
                    && !self.is_made(&file)
                    && !text.contains(":memory:")
                    && !self.lies_further_out(&file)
                    && !self.is_set_up_by_hand(&file);
            }
        }
        false
    }
}
