//! What a server is told, from all the places that tell it, in the order in which it reads them.

use compact_str::CompactString;

use super::super::ConfigPlace;

/// One option that a server is given.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Given {
    /// Its name, as the server's own settings are called.
    pub name: CompactString,
    /// Its value; `None` when nobody can know it from here.
    pub value: Option<CompactString>,
    /// Where it is given.
    pub place: ConfigPlace,
}

/// All options that a server is given.
#[derive(Clone, Debug, Default)]
pub(super) struct Options(pub Vec<Given>);

impl Options {
    /// The option that counts among those of these names: the last one.
    pub fn last(&self, names: &[&str]) -> Option<&Given> {
        self.0.iter().rev().find(|given| names.contains(&given.name.as_str()))
    }

    /// The value that counts, where it is known and not empty.
    pub fn text(&self, names: &[&str]) -> Option<&str> {
        self.last(names)?.value.as_deref().filter(|value| !value.is_empty())
    }

    /// All known values of these names, in order.
    pub fn texts<'a>(&'a self, names: &'a [&'a str]) -> impl Iterator<Item = &'a str> {
        self.0
            .iter()
            .filter(|given| names.contains(&given.name.as_str()))
            .filter_map(|given| given.value.as_deref())
    }

    /// A number, as C reads one: up to what is no digit. Text is 0, as uWSGI takes it.
    pub fn number(&self, names: &[&str]) -> Option<u32> {
        let text = self.text(names)?;
        let digits: String = text.chars().take_while(char::is_ascii_digit).collect();
        digits.parse().ok().or((!text.starts_with(['-', '+'])).then_some(0))
    }

    /// Whether a switch is on: any word but uWSGI's and Python's words for "no".
    pub fn is_on(&self, names: &[&str]) -> bool {
        self.switch(names).unwrap_or(false)
    }

    /// Whether a switch is on, where it is given and known.
    pub fn switch(&self, names: &[&str]) -> Option<bool> {
        let value = self.last(names)?.value.as_deref()?;
        Some(!matches!(value.to_ascii_lowercase().as_str(), "false" | "off" | "no" | "0"))
    }
}

/// `NAME=value` texts as environment variables.
pub(super) fn variable(text: &str) -> Option<(String, Option<String>)> {
    let (name, value) = text.split_once('=')?;
    let is_known = !value.contains(['$', '%', '{']);
    Some((name.trim().to_owned(), is_known.then(|| value.trim().to_owned())))
}
