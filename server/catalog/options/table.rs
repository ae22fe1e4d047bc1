//! A table of options: one line for each, with tabs between the cells, as `tools/options/table.py` writes it.

use rustc_hash::FxHashMap;

use super::info::{Argument, OptionInfo, ValueKind, Version};
use crate::text::suggest::Names;

/// What stands in a cell that holds nothing.
const NOTHING: &str = "~";

/// The options of one family.
#[derive(Debug)]
pub(super) struct Table {
    /// In the order of their names.
    rows: Vec<OptionInfo>,
    /// The same names, for those who look for one like another.
    names: Names,
    /// Which row has a name, and which one is meant by a flag.
    by_name: FxHashMap<&'static str, usize>,
    by_flag: FxHashMap<&'static str, usize>,
}

impl Table {
    /// Reads a table and its descriptions: those rows whose name begins with the prefix, which is taken off. A prefix ends
    /// with a colon, and without one the rows that have none are meant.
    pub(super) fn read(
        text: &'static str,
        descriptions: &str,
        prefix: &str,
        link: fn(&OptionInfo) -> String,
    ) -> Self {
        let mut descriptions: FxHashMap<String, String> =
            crate::catalog::read("descriptions of options", descriptions);
        let mut rows: Vec<OptionInfo> = text
            .lines()
            .filter(|line| !line.starts_with('#'))
            .filter_map(row)
            .filter_map(|(name, row)| {
                let name = name.strip_prefix(prefix).filter(|rest| !rest.contains(':'))?;
                Some(OptionInfo { name, description: descriptions.remove(&format!("{prefix}{name}")), ..row })
            })
            .collect();
        rows.sort_unstable_by_key(|row| row.name);
        let names = rows.iter().map(|row| row.name).collect();
        let by_name = rows.iter().enumerate().map(|(at, row)| (row.name, at)).collect();
        let by_flag = flags(&rows);
        let mut table = Self { rows, names, by_name, by_flag };
        for at in 0..table.rows.len() {
            table.rows[at].link = link(&table.rows[at]);
            if table.rows[at].description.is_none() {
                let other = table.rows[at].same_as.and_then(|name| table.get(name));
                table.rows[at].description = other.and_then(|other| other.description.clone());
            }
        }
        table
    }

    /// All options.
    pub(super) fn rows(&self) -> impl Iterator<Item = &OptionInfo> {
        self.rows.iter()
    }

    /// The option of exactly this name.
    pub(super) fn get(&self, name: &str) -> Option<&OptionInfo> {
        self.by_name.get(name).map(|at| &self.rows[*at])
    }

    /// The option that a command line writes in exactly this way. When several do, the newest and best known.
    pub(super) fn by_flag(&self, flag: &str) -> Option<&OptionInfo> {
        self.by_flag.get(flag).map(|at| &self.rows[*at])
    }

    /// Names of nearly the same spelling, nearest first.
    pub(super) fn similar(&self, wanted: &str) -> Vec<String> {
        self.names.similar(wanted)
    }
}

/// Which row is meant by a flag: of several the newest and best known one.
fn flags(rows: &[OptionInfo]) -> FxHashMap<&'static str, usize> {
    let mut order: Vec<usize> = (0..rows.len()).collect();
    order.sort_by_key(|at| (rows[*at].until.is_some(), rows[*at].same_as.is_some()));
    let mut found = FxHashMap::default();
    for at in order {
        for flag in &rows[at].flags {
            found.entry(*flag).or_insert(at);
        }
    }
    found
}

/// What a line says, with the name as the table has it; `None` for a line that is not a row.
fn row(line: &'static str) -> Option<(&'static str, OptionInfo)> {
    let mut cells = line.split('\t').map(|cell| if cell == NOTHING { "" } else { cell });
    let name = cells.next()?;
    let kind = cells.next()?;
    let argument = match cells.next()? {
        "none" => Argument::None,
        "optional" => Argument::Optional,
        _ => Argument::Required,
    };
    let info = OptionInfo {
        name,
        kind: ValueKind::parse(kind.trim_end_matches('*'))?,
        repeats: kind.ends_with('*'),
        argument,
        default: Some(cells.next()?).filter(|cell| !cell.is_empty()),
        since: version(cells.next()?),
        until: version(cells.next()?),
        group: cells.next()?,
        flags: cells.next()?.split_whitespace().collect(),
        same_as: Some(cells.next()?).filter(|cell| !cell.is_empty()),
        description: None,
        link: String::new(),
    };
    Some((name, info))
}

fn version(text: &str) -> Option<Version> {
    let mut numbers = text.split('.').map(|part| part.parse().ok());
    Some((numbers.next()??, numbers.next()??, numbers.next()??))
}
