//! Arguments of a server's command line: which words are options, which are their values, and what is left over.

use crate::catalog::options::{self, Argument, Family, OptionInfo};
use crate::syntax::config::{Spanned, Word};

/// An option that a command line gives.
#[derive(Clone, Debug, PartialEq)]
pub struct Flag {
    /// As it is written, without its value: `--workers` or `-w`.
    pub written: Spanned,
    /// What is known of it.
    pub info: Option<&'static OptionInfo>,
    /// Its value.
    pub value: Option<Word>,
}

impl Flag {
    /// The name of the setting behind it; for one that nobody knows its own name, spelled as settings are.
    pub fn setting(&self, family: Family) -> String {
        let own = || {
            let bare = self.written.text.trim_start_matches('-');
            if family == Family::Uwsgi { bare.to_owned() } else { bare.replace('-', "_") }
        };
        self.info.map_or_else(own, |info| info.name.to_owned())
    }
}

/// The arguments of a command line, taken apart.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Arguments {
    /// The options, in order.
    pub flags: Vec<Flag>,
    /// What no option takes.
    pub plain: Vec<Word>,
}

/// Takes the arguments of a server apart as its own parser does.
pub fn arguments(family: Family, words: &[Word]) -> Arguments {
    let mut out = Arguments::default();
    let mut rest = words.iter().peekable();
    while let Some(word) = rest.next() {
        if word.text == "--" {
            out.plain.extend(rest.by_ref().cloned());
        } else if word.text == "-" || !word.text.starts_with('-') {
            out.plain.push(word.clone());
        } else if word.text.starts_with("--") {
            let (name, inline) = match word.text.split_once('=') {
                Some((name, _)) => (name, Some(word.after(name.len() + 1))),
                None => (word.text.as_str(), None),
            };
            let written = Spanned { text: name.into(), range: word.part(0..name.len()) };
            let info = find(family, name).or_else(|| abbreviated(family, name));
            let value = match (inline, info) {
                (Some(value), _) => Some(value),
                (None, Some(info)) if info.argument == Argument::Required => rest.next().cloned(),
                (None, Some(_)) => None,
                (None, None) => rest.next_if(|next| !next.text.starts_with('-')).cloned(),
            };
            out.flags.push(Flag { written, info, value });
        } else {
            short(family, word, &mut rest, &mut out);
        }
    }
    out
}

/// `-w4`, `-w 4`, `-Mp 4`.
fn short<'a>(
    family: Family,
    word: &Word,
    rest: &mut std::iter::Peekable<impl Iterator<Item = &'a Word>>,
    out: &mut Arguments,
) {
    let mut letters = word.text.char_indices().skip(1).peekable();
    while let Some((at, letter)) = letters.next() {
        let end = at + letter.len_utf8();
        let name = format!("-{letter}");
        let info = find(family, &name);
        let from = if at == 1 { 0 } else { at };
        let written = Spanned { text: name.into(), range: word.part(from..end) };
        let stands_alone = info.is_some_and(|info| info.argument == Argument::None);
        if stands_alone {
            out.flags.push(Flag { written, info, value: None });
            continue;
        }
        let value = if letters.peek().is_some() {
            Some(word.after(end))
        } else if info.is_none_or(|info| info.argument == Argument::Required) {
            rest.next_if(|next| info.is_some() || !next.text.starts_with('-')).cloned()
        } else {
            None
        };
        out.flags.push(Flag { written, info, value });
        return;
    }
}

fn find(family: Family, flag: &str) -> Option<&'static OptionInfo> {
    match family {
        Family::Uwsgi => options::uwsgi_flag(flag),
        Family::Gunicorn => options::gunicorn_flag(flag),
        Family::ModWsgiExpress => options::mod_wsgi_express(flag),
        Family::Waitress => options::waitress_flag(flag),
        Family::ModWsgi | Family::ModWsgiDaemon | Family::ModWsgiScript => None,
    }
}

/// The option of which this is the beginning, when it is that of no other: parsers of arguments take it for the whole.
fn abbreviated(family: Family, flag: &str) -> Option<&'static OptionInfo> {
    let of_flags = |info: &'static OptionInfo| info.flags.iter().any(|known| known.starts_with(flag));
    let one = |found: Vec<&'static OptionInfo>| match found.as_slice() {
        [only] => Some(*only),
        _ => None,
    };
    if flag.len() < 4 {
        return None;
    }
    match family {
        Family::Gunicorn => one(options::all_gunicorn().filter(|info| of_flags(info)).collect()),
        Family::Uwsgi => one(options::all_uwsgi().filter(|info| info.name.starts_with(&flag[2..])).collect()),
        Family::ModWsgiExpress => {
            one(options::all_mod_wsgi_express().filter(|info| of_flags(info)).collect())
        }
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::syntax::config::{ConfigFile, ConfigKind};
    use crate::text::Source;

    fn told(family: Family, line: &str) -> (Vec<String>, Vec<String>) {
        let source = Source::new(format!("web: server {line}\n"));
        let file = ConfigFile::parse(source, None, ConfigKind::Procfile);
        let arguments = arguments(family, &file.content().commands[0].words[1..]);
        let flags = arguments.flags.iter().map(|flag| {
            let value = flag.value.as_ref().map(|value| format!("={}", value.text)).unwrap_or_default();
            format!("{}{value}", flag.setting(family))
        });
        (flags.collect(), arguments.plain.iter().map(|word| word.text.to_string()).collect())
    }

    #[test]
    fn values_and_what_is_left_over() {
        let (flags, plain) =
            told(Family::Gunicorn, "-w4 -k gevent --preload --log-file - app:app --timeout=9");
        assert_eq!(flags, ["workers=4", "worker_class=gevent", "preload_app", "errorlog=-", "timeout=9"]);
        assert_eq!(plain, ["app:app"]);
        let (flags, plain) = told(Family::Uwsgi, "-Mp 4 --need-app --http :80 --enable-thr uwsgi.ini");
        assert_eq!(flags, ["master", "processes=4", "need-app", "http=:80", "enable-threads"]);
        assert_eq!(plain, ["uwsgi.ini"]);
        let (flags, plain) = told(Family::Gunicorn, "--no-such 5 --worker-cl x a:b");
        assert_eq!(
            (flags, plain),
            (vec!["no_such=5".to_owned(), "worker_class=x".to_owned()], vec!["a:b".to_owned()])
        );
    }
}
