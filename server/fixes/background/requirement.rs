//! The line that declares a distribution: in `requirements.txt` or `pyproject.toml`.

use std::path::PathBuf;

use serde::Deserialize;

use super::project::Project;
use crate::text::{TextEdit, TextRange, TextSize};

/// The edit that declares what is not declared yet; `None` when nothing is missing or the project declares nothing.
pub(super) fn edit(project: &Project<'_>, distributions: &[&str]) -> Option<(PathBuf, TextEdit)> {
    let declared = &project.surroundings.declared;
    let is_declared = |one: &str| declared.iter().any(|name| name == name_of(one));
    let missing: Vec<&str> = distributions.iter().copied().filter(|one| !is_declared(one)).collect();
    let extras: Vec<&str> =
        distributions.iter().copied().filter(|one| one.contains('[') && is_declared(one)).collect();
    if missing.is_empty() && extras.is_empty() {
        return None;
    }
    let folders =
        project.path.ancestors().skip(1).take_while(|folder| folder.starts_with(&project.surroundings.root));
    for folder in folders {
        for name in
            ["requirements.txt", "requirements/base.txt", "requirements/production.txt", "pyproject.toml"]
        {
            let path = folder.join(name);
            let Some((source, _)) = project.snapshot().text(&path) else { continue };
            if let Some(edit) = extras.iter().find_map(|one| with_extra(source.text(), one)) {
                return Some((path, edit));
            }
            if missing.is_empty() {
                continue;
            }
            let edit = match name {
                "pyproject.toml" => in_pyproject(source.text(), &missing),
                _ => Some(in_requirements(source.text(), &missing)),
            };
            if let Some(edit) = edit {
                return Some((path, edit));
            }
        }
    }
    None
}

/// The name of a distribution without its extras.
pub(super) fn name_of(distribution: &str) -> &str {
    distribution.split('[').next().unwrap_or(distribution)
}

/// Adds the extra to a distribution that is declared without one: `celery` becomes `celery[redis]`.
fn with_extra(text: &str, distribution: &str) -> Option<TextEdit> {
    let (name, extra) = (name_of(distribution), distribution.get(name_of(distribution).len()..)?);
    let starts = |at: usize| {
        text.get(..at).is_some_and(|before| before.is_empty() || before.ends_with(['\n', '"', '\'', ' ']))
    };
    let ends = |at: usize| {
        text.get(at..)
            .is_some_and(|rest| !rest.starts_with(|c: char| c.is_alphanumeric() || "-_.[".contains(c)))
    };
    let (at, _) = text.match_indices(name).find(|(at, _)| starts(*at) && ends(at + name.len()))?;
    let place = TextSize::try_from(at + name.len()).ok()?;
    Some(TextEdit::replace(TextRange::empty(place), extra))
}

fn in_requirements(text: &str, missing: &[&str]) -> TextEdit {
    let newline = if text.contains("\r\n") { "\r\n" } else { "\n" };
    let open = !text.is_empty() && !text.ends_with('\n');
    let lines = missing.join(newline);
    let new = if open { format!("{newline}{lines}{newline}") } else { format!("{lines}{newline}") };
    TextEdit::replace(TextRange::empty(TextSize::of(text)), new)
}

#[derive(Deserialize)]
struct PyProject {
    project: Option<ProjectTable>,
}

#[derive(Deserialize)]
struct ProjectTable {
    dependencies: Option<toml::Spanned<Vec<toml::Spanned<String>>>>,
}

fn in_pyproject(text: &str, missing: &[&str]) -> Option<TextEdit> {
    let newline = if text.contains("\r\n") { "\r\n" } else { "\n" };
    let parsed: PyProject = toml::from_str(text).ok()?;
    let at = |offset: usize| TextSize::try_from(offset).ok().map(TextRange::empty);
    if let Some(list) = parsed.project.and_then(|project| project.dependencies) {
        let elements = list.get_ref();
        let Some(last) = elements.last() else {
            let quoted: Vec<String> = missing.iter().map(|one| format!("\"{one}\"")).collect();
            return Some(TextEdit::replace(at(list.span().start + 1)?, quoted.join(", ")));
        };
        let quote = text.get(last.span().start..)?.chars().next().filter(|c| *c == '\'').unwrap_or('"');
        let line = text.get(..last.span().start)?.rsplit('\n').next()?;
        let own_line = line.trim().is_empty();
        let separator = if own_line { format!(",{newline}{line}") } else { ", ".to_owned() };
        let new: String = missing.iter().map(|one| format!("{separator}{quote}{one}{quote}")).collect();
        return Some(TextEdit::replace(at(last.span().end)?, new));
    }
    let header = "[tool.poetry.dependencies]";
    let end = text.find(header)? + header.len();
    let new: String = missing.iter().map(|one| format!("{newline}{one} = \"*\"")).collect();
    Some(TextEdit::replace(at(end)?, new))
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;
    use crate::text::{Source, apply_edits};

    #[test]
    fn a_requirement_is_added_in_the_manner_of_the_file() {
        let apply = |text: &str, edit: TextEdit| apply_edits(&Source::new(text), &[edit]).unwrap();
        for (text, after) in [
            ("", "huey\n"),
            ("flask\n", "flask\nhuey\n"),
            ("flask", "flask\nhuey\n"),
            ("flask\r\n", "flask\r\nhuey\r\n"),
        ] {
            assert_eq!(apply(text, in_requirements(text, &["huey"])), after);
        }
        for (text, after) in [
            ("[project]\ndependencies = []\n", "[project]\ndependencies = [\"huey\"]\n"),
            ("[project]\ndependencies = ['a']\n", "[project]\ndependencies = ['a', 'huey']\n"),
            (
                "[project]\ndependencies = [\n  \"a\",\n]\n",
                "[project]\ndependencies = [\n  \"a\",\n  \"huey\",\n]\n",
            ),
            (
                "[tool.poetry.dependencies]\npython = \"^3\"\n",
                "[tool.poetry.dependencies]\nhuey = \"*\"\npython = \"^3\"\n",
            ),
        ] {
            assert_eq!(apply(text, in_pyproject(text, &["huey"]).unwrap()), after);
        }
        assert!(in_pyproject("[build-system]\n", &["huey"]).is_none());
        for (text, after) in [
            ("celery-beat\ncelery>=5\n", Some("celery-beat\ncelery[redis]>=5\n")),
            ("dependencies = [\"celery\"]\n", Some("dependencies = [\"celery[redis]\"]\n")),
            ("celery[sqs]\n", None),
        ] {
            let edit = with_extra(text, "celery[redis]");
            assert_eq!(edit.map(|edit| apply(text, edit)).as_deref(), after);
        }
    }
}
