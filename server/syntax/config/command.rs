//! Command lines in the files that hold them: what is run, from where, with which variables.

use super::shell::{self, SimpleCommand};
use super::spelled::{span, trimmed};
use super::{Problem, Reader, Spanned, Spelled, Word};
use crate::text::{Source, TextRange, TextSize};

/// One program that a file starts.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Command {
    /// What the file calls it: the process of a `Procfile`, the service, the section.
    pub role: Option<Spanned>,
    /// The program and its arguments.
    pub words: Vec<Word>,
    /// The directory that it is started in, as the file says it, outermost first: each is relative to the one before it.
    pub directories: Vec<Spanned>,
    /// The variables that it gets, later ones over earlier ones.
    pub variables: Vec<(Spanned, Spanned)>,
    /// Folders of the project and where they lie for the program.
    pub mounts: Vec<(Spanned, Spanned)>,
    /// Whether somebody replaces `$NAME` in its words.
    pub expands: bool,
}

impl Command {
    /// The commands in a text that a shell or a supervisor reads. What `cd`, `export` and `NAME=value` do is kept for the
    /// commands after them; scripts given to `sh -c` are read in their place.
    pub(super) fn read(spelled: &Spelled, reader: Reader, around: &Self) -> Vec<Self> {
        let mut out = Vec::new();
        let mut now = around.clone();
        for simple in shell::split(spelled, reader) {
            let mut this = now.clone();
            this.expands = reader != Reader::Plain;
            this.variables.extend(simple.assignments.iter().filter_map(assignment));
            match simple.words.first().map(|word| word.text.as_str()) {
                None => now.variables = this.variables,
                Some("cd") => now.directories.extend(simple.words.get(1).map(spanned)),
                Some("export") => now.variables.extend(simple.words.iter().skip(1).filter_map(assignment)),
                Some(_) => this.push_into(simple, &mut out),
            }
        }
        out
    }

    /// A command whose words are known one by one, such as those of a JSON list.
    pub(super) fn of_words(words: Vec<Word>, around: &Self) -> Vec<Self> {
        let mut out = Vec::new();
        let this = Self { expands: false, ..around.clone() };
        this.push_into(SimpleCommand { assignments: Vec::new(), words }, &mut out);
        out
    }

    fn push_into(mut self, simple: SimpleCommand, out: &mut Vec<Self>) {
        // Each level of scripts in scripts is shorter than the one around it.
        if let Some(script) = script_of(&simple.words).or_else(|| website_command(&simple.words)) {
            return out.extend(Self::read(&script.spelled(), Reader::Shell, &self));
        }
        self.words = simple.words;
        out.push(self);
    }

    /// From the first to the last word (bytes).
    pub fn range(&self) -> TextRange {
        match (self.words.first(), self.words.last()) {
            (Some(first), Some(last)) => span(first.range.start(), last.range.end().max(first.range.end())),
            _ => TextRange::default(),
        }
    }
}

/// The script of `sh -c script`, also with `bash -lc` and `exec` in front.
fn script_of(words: &[Word]) -> Option<Word> {
    let rest = match words.first()?.text.as_str() {
        "exec" => &words[1..],
        _ => words,
    };
    let name = rest.first()?.text.rsplit('/').next()?;
    if !matches!(name, "sh" | "bash" | "dash" | "ash" | "zsh") {
        return None;
    }
    let flag = rest
        .iter()
        .skip(1)
        .take_while(|word| word.text.starts_with('-'))
        .position(|word| word.text.ends_with('c'))?;
    rest.get(flag + 2).cloned()
}

/// The command that PythonAnywhere is told to run: `pa website create --domain NAME --command COMMAND`.
fn website_command(words: &[Word]) -> Option<Word> {
    let is = |at: usize, text: &str| words.get(at).is_some_and(|word| word.text == text);
    if !(is(0, "pa") && is(1, "website")) {
        return None;
    }
    const FLAG: &str = "--command";
    let at = words.iter().position(|word| word.text == FLAG || word.text.starts_with("--command="))?;
    if words[at].text == FLAG { words.get(at + 1).cloned() } else { Some(words[at].after(FLAG.len() + 1)) }
}

fn assignment(word: &Word) -> Option<(Spanned, Spanned)> {
    if !shell::is_assignment(&word.text) {
        return None;
    }
    let at = word.text.find('=')?;
    let name = Spanned { text: word.text[..at].into(), range: word.part(0..at) };
    Some((name, spanned(&word.after(at + 1))))
}

pub(super) fn spanned(word: &Word) -> Spanned {
    Spanned { text: word.text.clone(), range: word.range }
}

/// The commands of a `Procfile`: `web: gunicorn app:app`.
pub(super) fn read_procfile(source: &Source, problems: &mut Vec<Problem>) -> Vec<Command> {
    let mut commands = Vec::new();
    for number in 1..=source.index().line_count() {
        let line = trimmed(source, source.line_range(number));
        let text = source.slice(line);
        if text.is_empty() || text.starts_with('#') {
            continue;
        }
        let is_name = |name: &str| {
            !name.is_empty() && name.chars().all(|c| c.is_alphanumeric() || c == '_' || c == '-')
        };
        let Some(at) = text.find(':').filter(|at| is_name(&text[..*at])) else {
            problems.push(Problem::new(line, "a line of a Procfile is `name: command`"));
            continue;
        };
        let colon = line.start() + TextSize::of(&text[..at]);
        let role = Some(Spanned::verbatim(source, span(line.start(), colon)));
        let command = span(colon + TextSize::new(1), line.end());
        let around = Command { role, ..Command::default() };
        commands.extend(Command::read(&Spelled::verbatim(source, command), Reader::Shell, &around));
    }
    commands
}

/// The commands of a shell script.
pub(super) fn read_script(source: &Source) -> Vec<Command> {
    let whole = TextRange::up_to(TextSize::of(source.text()));
    Command::read(&Spelled::verbatim(source, whole), Reader::Shell, &Command::default())
}
