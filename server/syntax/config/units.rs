//! Service files: systemd's units and supervisor's programs, both sections of `key = value`.

use super::command::Command;
use super::shell;
use super::spelled::{span, trimmed};
use super::{Problem, Reader, Spanned, Spelled};
use crate::text::{Source, TextRange, TextSize};

/// A key with its value, which may go on over several lines.
struct Setting {
    key: Spanned,
    value: TextRange,
}

/// Which of the two is read.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Dialect {
    /// systemd: `\` continues a line, keys repeat.
    Systemd,
    /// supervisor: indented lines continue a value, ` ;` begins a comment.
    Supervisor,
}

/// The commands of a file of services.
pub(super) fn read(source: &Source, dialect: Dialect, problems: &mut Vec<Problem>) -> Vec<Command> {
    let mut commands = Vec::new();
    for (name, settings) in sections(source, dialect, problems) {
        match dialect {
            Dialect::Systemd if name.text.eq_ignore_ascii_case("service") => {
                commands.extend(systemd(source, &name, &settings));
            }
            Dialect::Supervisor if name.text.starts_with("program:") => {
                commands.extend(supervisor(source, &name, &settings));
            }
            _ => {}
        }
    }
    commands
}

fn sections(source: &Source, dialect: Dialect, problems: &mut Vec<Problem>) -> Vec<(Spanned, Vec<Setting>)> {
    let mut sections: Vec<(Spanned, Vec<Setting>)> = Vec::new();
    let count = source.index().line_count();
    let mut number = 1;
    while number <= count {
        let full = source.line_range(number);
        number += 1;
        let line = trimmed(source, full);
        let text = source.slice(line);
        if text.is_empty() || text.starts_with(['#', ';']) {
            continue;
        }
        if let Some(rest) = text.strip_prefix('[') {
            let Some(end) = rest.find(']') else {
                problems.push(Problem::new(line, "the name of a section ends with `]`"));
                continue;
            };
            let name = TextRange::at(line.start() + TextSize::new(1), TextSize::of(&rest[..end]));
            sections.push((Spanned::verbatim(source, name), Vec::new()));
            continue;
        }
        let continues = dialect == Dialect::Supervisor && line.start() > full.start();
        if let Some(last) =
            sections.last_mut().and_then(|(_, settings)| settings.last_mut()).filter(|_| continues)
        {
            last.value = span(last.value.start(), line.end());
            continue;
        }
        let Some(at) = text.find('=') else {
            problems.push(Problem::new(line, "a setting is `name=value`"));
            continue;
        };
        let equals = line.start() + TextSize::of(&text[..at]);
        let mut end = line.end();
        while dialect == Dialect::Systemd
            && source.slice(span(line.start(), end)).ends_with('\\')
            && number <= count
        {
            end = trimmed(source, source.line_range(number)).end().max(end);
            number += 1;
        }
        let key = Spanned::verbatim(source, trimmed(source, span(line.start(), equals)));
        let value = trimmed(source, span(equals + TextSize::new(1), end));
        match sections.last_mut() {
            Some((_, settings)) => settings.push(Setting { key, value }),
            None => problems.push(Problem::new(line, "this stands before the first section")),
        }
    }
    sections
}

fn systemd(source: &Source, name: &Spanned, settings: &[Setting]) -> Vec<Command> {
    let mut around = Command { role: Some(name.clone()), ..Command::default() };
    for setting in settings {
        let value = Spanned::verbatim(source, setting.value);
        match setting.key.text.as_str() {
            "WorkingDirectory" => {
                // `-` in front says that the folder may be missing.
                let dash = TextSize::from(u32::from(value.text.starts_with('-')));
                let range = span(value.range.start() + dash, value.range.end());
                around.directories = vec![Spanned::verbatim(source, range)];
            }
            "Environment" => around.variables.extend(variables(&Spelled::verbatim(source, setting.value))),
            _ => {}
        }
    }
    let starts = settings.iter().filter(|setting| setting.key.text == "ExecStart");
    let commands = starts.flat_map(|setting| {
        let text = source.slice(setting.value);
        // `-`, `@`, `:`, `+` and `!` in front change how it is started, not what.
        let prefix = text.len() - text.trim_start_matches(['-', '@', ':', '+', '!']).len();
        let start = setting.value.start() + TextSize::of(&text[..prefix]);
        let spelled = Spelled::verbatim(source, span(start, setting.value.end()));
        Command::read(&spelled, Reader::Splitter, &around)
    });
    commands.collect()
}

fn supervisor(source: &Source, name: &Spanned, settings: &[Setting]) -> Vec<Command> {
    let mut around = Command { role: Some(name.clone()), ..Command::default() };
    for setting in settings {
        let value = uncommented(source, setting.value);
        match setting.key.text.as_str() {
            "directory" => around.directories = value.spanned().into_iter().collect(),
            "environment" => around.variables.extend(variables(&value)),
            _ => {}
        }
    }
    let starts = settings.iter().filter(|setting| setting.key.text == "command");
    starts
        .flat_map(|setting| Command::read(&uncommented(source, setting.value), Reader::Plain, &around))
        .collect()
}

/// A value of supervisor without the comments at the ends of its lines.
fn uncommented(source: &Source, range: TextRange) -> Spelled {
    let whole = Spelled::verbatim(source, range);
    let mut in_comment = false;
    let mut blank = false;
    let kept = whole.chars().iter().filter(|(char, _)| {
        in_comment = *char != '\n' && (in_comment || blank && *char == ';');
        blank = char.is_whitespace();
        !in_comment
    });
    let kept: Spelled = kept.copied().collect();
    kept.trimmed()
}

/// `A=1 "B=2 3"` of systemd and `A="1",B="2"` of supervisor.
fn variables(spelled: &Spelled) -> Vec<(Spanned, Spanned)> {
    let words = shell::split(spelled, Reader::Plain).into_iter().flat_map(|command| command.words);
    let mut found = Vec::new();
    for word in words {
        let mut from = 0;
        for part in word.text.split(',') {
            if let Some(at) = part.find('=').filter(|_| shell::is_assignment(part)) {
                let name = Spanned { text: part[..at].into(), range: word.part(from..from + at) };
                let value = from + at + 1..from + part.len();
                found.push((name, Spanned { text: part[at + 1..].into(), range: word.part(value) }));
            }
            from += part.len() + 1;
        }
    }
    found
}

#[cfg(test)]
mod tests {
    use super::*;

    fn told(commands: &[Command]) -> Vec<String> {
        let one = |command: &Command| {
            let words: Vec<&str> = command.words.iter().map(|word| &*word.text).collect();
            let directories: Vec<&str> = command.directories.iter().map(|d| &*d.text).collect();
            let variables: Vec<String> =
                command.variables.iter().map(|(n, v)| format!("{}={}", n.text, v.text)).collect();
            format!("{} | {} | {}", words.join(" "), directories.join(" "), variables.join(" "))
        };
        commands.iter().map(one).collect()
    }

    #[test]
    fn units_of_systemd() {
        let source = Source::new(
            "[Unit]\nDescription=x\n[Service]\nWorkingDirectory=/srv/a\nEnvironment=\"A=1 2\" B=3\nExecStart=-/srv/a/venv/bin/gunicorn \\\n  --bind unix:a.sock \\\n  app:app\n",
        );
        let commands = read(&source, Dialect::Systemd, &mut Vec::new());
        assert_eq!(
            told(&commands),
            ["/srv/a/venv/bin/gunicorn --bind unix:a.sock app:app | /srv/a | A=1 2 B=3"]
        );
    }

    #[test]
    fn programs_of_supervisor() {
        let source = Source::new(
            "[program:web]\ncommand=gunicorn app:app ; comment\n    -w 2\ndirectory = /srv\nenvironment=A=\"1\",B='2'\n",
        );
        let commands = read(&source, Dialect::Supervisor, &mut Vec::new());
        assert_eq!(told(&commands), ["gunicorn app:app -w 2 | /srv | A=1 B=2"]);
    }
}
