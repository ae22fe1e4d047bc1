//! Files of hosting platforms and of compose: commands inside YAML, JSON and TOML, and names of applications.

use toml::Spanned as TomlSpanned;
use toml::de::{DeTable, DeValue};

use super::command::Command;
use super::shell;
use super::spelled::{span, trimmed};
use super::tree::{self, Node};
use super::{Problem, Reader, Spanned, Spelled, Target, TargetForm, Word};
use crate::text::{Source, TextRange, TextSize};

/// The services of a compose file that say what they run.
pub(super) fn compose(source: &Source, problems: &mut Vec<Problem>) -> Vec<Command> {
    let nodes = tree::read(source, problems);
    let services = nodes.iter().filter_map(|node| node.get("services")).flat_map(Node::entries);
    services.flat_map(|(name, service)| compose_service(name, service)).collect()
}

fn compose_service(name: &Spanned, service: &Node) -> Vec<Command> {
    let mut around = Command { role: Some(name.clone()), ..Command::default() };
    around.directories.extend(service.get("working_dir").and_then(Node::text));
    if let Some(environment) = service.get("environment") {
        let listed = environment.items().iter().filter_map(|item| {
            let text = item.text()?;
            let at = text.text.find('=')?;
            let part = |from: usize, to: usize| Spanned {
                text: text.text[from..to].into(),
                range: text.part(from..to),
            };
            Some((part(0, at), part(at + 1, text.text.len())))
        });
        around.variables.extend(listed);
        let mapped = environment.entries().iter();
        around.variables.extend(mapped.filter_map(|(key, value)| Some((key.clone(), value.text()?))));
    }
    for volume in service.get("volumes").iter().flat_map(|volumes| volumes.items()) {
        let Some(text) = volume.text() else { continue };
        let mut parts = text.text.split(':');
        let (Some(from), Some(to)) = (parts.next(), parts.next()) else { continue };
        // What is no path is the name of a volume, which holds no file of the project.
        if from.starts_with(['.', '/', '~']) {
            let piece = |text_of: &str| Spanned { text: text_of.into(), range: text.range };
            around.mounts.push((piece(from), piece(to)));
        }
    }
    let Some(command) = service.get("command") else { return Vec::new() };
    match (service.get("entrypoint"), words_of(command)) {
        (Some(entrypoint), Some(words)) => {
            let mut all = words_of(entrypoint).unwrap_or_default();
            all.extend(words);
            Command::of_words(all, &around)
        }
        (_, Some(words)) => Command::of_words(words, &around),
        _ => Vec::new(),
    }
}

/// The words of a command that is a list of texts, or one text that compose splits.
fn words_of(node: &Node) -> Option<Vec<Word>> {
    if let Some(spelled) = node.spelled() {
        return Some(
            shell::split(spelled, Reader::Splitter).into_iter().flat_map(|command| command.words).collect(),
        );
    }
    let items = node.items();
    (!items.is_empty()).then(|| items.iter().filter_map(|item| Word::literal(item.spelled()?)).collect())
}

/// App Engine's `app.yaml`.
pub(super) fn app_engine(source: &Source, problems: &mut Vec<Problem>) -> Vec<Command> {
    let nodes = tree::read(source, problems);
    let Some(root) = nodes.first() else { return Vec::new() };
    let mut around = Command::default();
    let variables = root.get("env_variables").into_iter().flat_map(Node::entries);
    around.variables.extend(variables.filter_map(|(key, value)| Some((key.clone(), value.text()?))));
    let Some((key, entrypoint)) = root.entries().iter().find(|(key, _)| key.text == "entrypoint") else {
        return Vec::new();
    };
    around.role = Some(key.clone());
    entrypoint.spelled().map(|s| Command::read(s, Reader::Shell, &around)).unwrap_or_default()
}

/// Render's `render.yaml`.
pub(super) fn render(source: &Source, problems: &mut Vec<Problem>) -> Vec<Command> {
    let nodes = tree::read(source, problems);
    let services = nodes.iter().filter_map(|node| node.get("services")).flat_map(Node::items);
    let commands = services.flat_map(|service| {
        let mut around = Command { role: service.get("name").and_then(Node::text), ..Command::default() };
        around.directories.extend(service.get("rootDir").and_then(Node::text));
        for variable in service.get("envVars").into_iter().flat_map(Node::items) {
            let key = variable.get("key").and_then(Node::text);
            let value = variable.get("value").and_then(Node::text);
            around.variables.extend(key.zip(value));
        }
        let command = service.get("startCommand").or_else(|| service.get("dockerCommand"));
        command.and_then(Node::spelled).map(|s| Command::read(s, Reader::Shell, &around)).unwrap_or_default()
    });
    commands.collect()
}

/// Elastic Beanstalk's `.ebextensions/*.config`.
pub(super) fn beanstalk(source: &Source, problems: &mut Vec<Problem>) -> Vec<Target> {
    let nodes = tree::read(source, problems);
    let options = nodes.iter().filter_map(|node| node.get("option_settings"));
    let mut targets = Vec::new();
    for settings in options {
        let sections = settings.entries().iter().filter(|(key, _)| key.text.ends_with(":container:python"));
        let nested = sections.filter_map(|(_, section)| section.get("WSGIPath"));
        let listed = settings.items().iter().filter(|item| {
            item.get("option_name").and_then(Node::text).is_some_and(|name| name.text == "WSGIPath")
        });
        let values = nested.chain(listed.filter_map(|item| item.get("value"))).filter_map(Node::text);
        targets.extend(values.map(|text| Target { form: TargetForm::WsgiPath, text, role: None }));
    }
    targets
}

/// Zappa's `zappa_settings.json` (or `.yaml`).
pub(super) fn zappa(source: &Source, problems: &mut Vec<Problem>) -> Vec<Target> {
    let nodes = tree::read(source, problems);
    let stages = nodes.iter().flat_map(Node::entries);
    let targets = stages.filter_map(|(stage, settings)| {
        let text = settings.get("app_function").and_then(Node::text)?;
        Some(Target { form: TargetForm::Dotted, text, role: Some(stage.clone()) })
    });
    targets.collect()
}

/// The `[processes]` of Fly's `fly.toml`.
pub(super) fn fly(source: &Source, problems: &mut Vec<Problem>) -> Vec<Command> {
    let (table, errors) = DeTable::parse_recoverable(source.text());
    problems.extend(errors.iter().map(|error| {
        let at = error.span().map_or_else(TextRange::default, text_range);
        let line = trimmed(source, source.line_range(source.line(at.start())));
        Problem::new(if at.is_empty() { line } else { at }, format!("this is no TOML: {}", error.message()))
    }));
    let Some(DeValue::Table(processes)) = table.get_ref().get("processes").map(TomlSpanned::get_ref) else {
        return Vec::new();
    };
    let commands = processes.iter().flat_map(|(name, value)| {
        let DeValue::String(_) = value.get_ref() else { return Vec::new() };
        let role = Spanned { text: name.get_ref().as_ref().into(), range: text_range(name.span()) };
        let around = Command { role: Some(role), ..Command::default() };
        Command::read(&toml_text(source, text_range(value.span())), Reader::Shell, &around)
    });
    commands.collect()
}

/// The characters of a TOML text.
fn toml_text(source: &Source, range: TextRange) -> Spelled {
    let raw = source.slice(range);
    let quotes = if raw.starts_with("\"\"\"") || raw.starts_with("'''") { 3 } else { 1 };
    if raw.len() < 2 * quotes as usize {
        return Spelled::default();
    }
    let quotes = TextSize::new(quotes);
    let inner = span(range.start() + quotes, range.end() - quotes);
    if raw.starts_with('"') { Spelled::escaped(source, inner) } else { Spelled::verbatim(source, inner) }
}

fn text_range(range: std::ops::Range<usize>) -> TextRange {
    let size = |at: usize| TextSize::try_from(at).unwrap_or_default();
    span(size(range.start), size(range.end.max(range.start)))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn words(commands: &[Command]) -> Vec<String> {
        commands.iter().map(|c| c.words.iter().map(|w| &*w.text).collect::<Vec<_>>().join("|")).collect()
    }

    #[test]
    fn commands_in_yaml_and_toml() {
        let mut problems = Vec::new();
        let source = Source::new(
            "services:\n  web:\n    build: .\n    command: gunicorn app:app -b :80\n    volumes: ['.:/code']\n    working_dir: /code\n  \
             w:\n    command: [\"sh\", \"-c\", \"cd a && gunicorn b:c\"]\n",
        );
        let commands = compose(&source, &mut problems);
        assert_eq!(words(&commands), ["gunicorn|app:app|-b|:80", "gunicorn|b:c"]);
        assert_eq!(source.slice(commands[1].words[1].range), "b:c");
        let source = Source::new("entrypoint: gunicorn -b :$PORT main:app\n");
        assert_eq!(words(&app_engine(&source, &mut problems)), ["gunicorn|-b|:$PORT|main:app"]);
        let source = Source::new("services:\n- name: x\n  startCommand: gunicorn a:b\n");
        assert_eq!(words(&render(&source, &mut problems)), ["gunicorn|a:b"]);
        let source = Source::new("[processes]\napp = \"gunicorn a:b --env \\\"X=1\\\"\"\n");
        let commands = fly(&source, &mut problems);
        assert_eq!(words(&commands), ["gunicorn|a:b|--env|X=1"]);
        assert_eq!(source.slice(commands[0].words[1].range), "a:b");
        let source = Source::new(
            "option_settings:\n  aws:elasticbeanstalk:container:python:\n    WSGIPath: a.wsgi:application\n",
        );
        assert_eq!(beanstalk(&source, &mut problems)[0].text.text, "a.wsgi:application");
        let source = Source::new("{\"dev\": {\"app_function\": \"my.app\"}}");
        assert_eq!(zappa(&source, &mut problems)[0].text.text, "my.app");
        assert!(problems.is_empty(), "{problems:?}");
    }
}
