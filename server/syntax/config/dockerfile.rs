//! Dockerfiles: what the container runs, from where, and which folders of the project lie where in it.

use compact_str::CompactString;

use super::command::{self, Command};
use super::shell;
use super::spelled::{span, trimmed};
use super::tree;
use super::{Problem, Reader, Spanned, Spelled, Word};
use crate::text::{Source, TextRange, TextSize};

/// The program that the last stage of a Dockerfile runs, at most one.
pub(super) fn read(source: &Source, problems: &mut Vec<Problem>) -> Vec<Command> {
    let mut stages: Vec<(Option<CompactString>, Stage)> = vec![(None, Stage::default())];
    for (instruction, arguments) in instructions(source) {
        if instruction.text.eq_ignore_ascii_case("from") {
            let words = words(source, arguments);
            let base = words.first().map(|word| word.text.clone());
            // A stage that is built on another one begins with what that one holds.
            let stage = stages.iter().find(|(name, _)| name.is_some() && *name == base);
            let stage = stage.map_or_else(Stage::default, |(_, stage)| stage.clone());
            let name = words.iter().position(|word| word.text.eq_ignore_ascii_case("as"));
            stages.push((name.and_then(|at| words.get(at + 1)).map(|word| word.text.clone()), stage));
            continue;
        }
        if let Some((_, stage)) = stages.last_mut() {
            stage.instruction(source, &instruction, arguments, problems);
        }
    }
    stages.pop().map(|(_, stage)| stage.commands()).unwrap_or_default()
}

/// What one stage of a build has said so far.
#[derive(Clone, Default)]
struct Stage {
    around: Command,
    entrypoint: Option<Vec<Command>>,
    command: Option<Vec<Command>>,
}

impl Stage {
    fn instruction(
        &mut self,
        source: &Source,
        instruction: &Spanned,
        arguments: TextRange,
        problems: &mut Vec<Problem>,
    ) {
        match instruction.text.to_ascii_uppercase().as_str() {
            "WORKDIR" => {
                self.around.directories.extend(words(source, arguments).first().map(command::spanned))
            }
            "ENV" => self.variables(source, arguments),
            "COPY" | "ADD" => self.copy(source, arguments),
            "CMD" => self.command = Some(self.run(source, instruction, arguments, problems)),
            "ENTRYPOINT" => self.entrypoint = Some(self.run(source, instruction, arguments, problems)),
            _ => {}
        }
    }

    fn variables(&mut self, source: &Source, arguments: TextRange) {
        let words = words(source, arguments);
        let pair = |word: &Word| {
            let at = word.text.find('=')?;
            let name = Spanned { text: word.text[..at].into(), range: word.part(0..at) };
            Some((name, command::spanned(&word.after(at + 1))))
        };
        match words.as_slice() {
            // The old form: `ENV NAME the rest is the value`.
            [name, value] if !name.text.contains('=') => {
                self.around.variables.push((command::spanned(name), command::spanned(value)));
            }
            words => self.around.variables.extend(words.iter().filter_map(pair)),
        }
    }

    /// `COPY src /app`; what comes from another stage is no folder of the project.
    fn copy(&mut self, source: &Source, arguments: TextRange) {
        let words = match list(source, arguments) {
            Some(words) => words,
            None => words(source, arguments),
        };
        if words.iter().any(|word| word.text.starts_with("--from")) {
            return;
        }
        let mut paths: Vec<&Word> = words.iter().filter(|word| !word.text.starts_with("--")).collect();
        let Some(to) = paths.pop().map(command::spanned) else { return };
        let directory = self.around.directories.iter().map(|d| d.text.as_str()).collect::<Vec<_>>();
        let mut place = std::path::PathBuf::from("/");
        directory.iter().for_each(|part| place.push(part));
        place.push(&to.text);
        let to = Spanned { text: place.to_string_lossy().into(), range: to.range };
        self.around.mounts.extend(paths.into_iter().map(|from| (command::spanned(from), to.clone())));
    }

    fn run(
        &self,
        source: &Source,
        instruction: &Spanned,
        arguments: TextRange,
        problems: &mut Vec<Problem>,
    ) -> Vec<Command> {
        let around = Command { role: Some(instruction.clone()), ..self.around.clone() };
        if source.slice(arguments).starts_with('[') {
            if let Some(words) = list(source, arguments) {
                return Command::of_words(words, &around);
            }
            let message = "this is no list of texts in double quotes, so it is run as one shell command";
            problems.push(Problem::new(arguments, message));
        }
        Command::read(&Spelled::verbatim(source, arguments), Reader::Shell, &around)
    }

    /// What is run in the end: the entry point with the command as its arguments, or either one.
    fn commands(self) -> Vec<Command> {
        match (self.entrypoint, self.command) {
            (Some(mut entrypoint), Some(command)) => {
                let arguments = command.into_iter().flat_map(|command| command.words);
                if let Some(last) = entrypoint.last_mut() {
                    last.words.extend(arguments);
                }
                entrypoint
            }
            (one, other) => one.or(other).unwrap_or_default(),
        }
    }
}

/// The instructions with their arguments, continued lines joined.
fn instructions(source: &Source) -> Vec<(Spanned, TextRange)> {
    let mut found = Vec::new();
    let count = source.index().line_count();
    let mut number = 1;
    while number <= count {
        let line = trimmed(source, source.line_range(number));
        number += 1;
        let text = source.slice(line);
        if text.is_empty() || text.starts_with('#') {
            continue;
        }
        let mut end = line.end();
        while source.slice(span(line.start(), end)).ends_with('\\') && number <= count {
            let next = trimmed(source, source.line_range(number));
            number += 1;
            // A comment between continued lines is no part of them.
            if !source.slice(next).starts_with('#') && !next.is_empty() {
                end = next.end();
            }
        }
        let name = text.split(char::is_whitespace).next().unwrap_or(text);
        let name = TextRange::at(line.start(), TextSize::of(name));
        let arguments = trimmed(source, span(name.end(), end.max(name.end())));
        found.push((Spanned::verbatim(source, name), arguments));
    }
    found
}

fn words(source: &Source, range: TextRange) -> Vec<Word> {
    let commands = shell::split(&Spelled::verbatim(source, range), Reader::Splitter);
    commands.into_iter().flat_map(|command| command.words).collect()
}

/// The texts of a JSON list.
fn list(source: &Source, range: TextRange) -> Option<Vec<Word>> {
    let text = source.slice(range);
    // Docker reads JSON, without the comments between continued lines.
    let lines = text.lines().filter(|line| !line.trim_start().starts_with('#'));
    let json: Vec<&str> = lines.map(|line| line.trim_end().trim_end_matches('\\')).collect();
    serde_json::from_str::<Vec<String>>(&json.join(" ")).ok()?;
    let mut problems = Vec::new();
    // Read where it stands: the line ends of continued lines are blanks between the items.
    let before = " ".repeat(range.start().to_usize());
    let inner = Source::new(format!("{before}{}", text.replace("\\\n", " \n")));
    let nodes = tree::read(&inner, &mut problems);
    let items = nodes.first().filter(|_| problems.is_empty())?.items();
    items
        .iter()
        .map(|item| item.spelled().map(|spelled| Word::literal(spelled).unwrap_or_default()))
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_last_stage_is_run() {
        let source = Source::new(
            "FROM python AS build\nCMD [\"old\"]\nFROM python\nENV A=1 B=\"2 3\"\nWORKDIR /app\nCOPY . .\nCOPY --from=build /x /y\n\
             # comment\nENTRYPOINT [\"gunicorn\", \\\n  # why\n  \"-b\", \"0.0.0.0:$PORT\"]\nCMD [\"app:app\"]\n",
        );
        let mut problems = Vec::new();
        let commands = read(&source, &mut problems);
        assert_eq!(commands.len(), 1);
        let words: Vec<&str> = commands[0].words.iter().map(|word| source.slice(word.range)).collect();
        assert_eq!(words, ["gunicorn", "-b", "0.0.0.0:$PORT", "app:app"]);
        assert_eq!(
            commands[0].mounts.iter().map(|(f, t)| (&*f.text, &*t.text)).collect::<Vec<_>>(),
            [(".", "/app/.")]
        );
        assert_eq!(commands[0].variables.len(), 2);
        assert!(problems.is_empty() && !commands[0].expands);
    }

    #[test]
    fn shell_form_and_what_only_looks_like_a_list() {
        let source = Source::new("FROM x\nCMD cd src && exec gunicorn app:app --bind :$PORT\n");
        let commands = read(&source, &mut Vec::new());
        assert_eq!(commands[0].directories[0].text, "src");
        let source = Source::new("FROM x\nCMD ['gunicorn', 'app:app']\n");
        let mut problems = Vec::new();
        read(&source, &mut problems);
        assert_eq!(problems.len(), 1);
    }
}
