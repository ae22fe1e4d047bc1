//! What is known of one option.

/// A release: major, minor, patch. What is missing in it counts as 0.
pub type Version = (u16, u16, u16);

/// One option, setting, directive or argument of a host.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct OptionInfo {
    /// Its name in a configuration file.
    pub name: &'static str,
    /// What its value looks like.
    pub kind: ValueKind,
    /// Whether it may be given more than once, each time with another value.
    pub repeats: bool,
    /// Whether a value follows on a command line.
    pub argument: Argument,
    /// What holds as long as nobody says anything, as people would write it; `None` where the sources do not tell.
    pub default: Option<&'static str>,
    /// The first release that has it; `None` when the oldest that was looked at has it already.
    pub since: Option<Version>,
    /// The first release that does not have it any more; `None` when the newest has it.
    pub until: Option<Version>,
    /// Where it belongs: the plugin that brings it (uWSGI, `core` for its own), the section of the manual (gunicorn), the
    /// places where it may stand, with commas between (mod_wsgi: `server`, `virtual-host`, `directory`, `htaccess`).
    pub group: &'static str,
    /// How a command line writes it: all ways for gunicorn, waitress and mod_wsgi-express, the short one for uWSGI, where
    /// `--` and the name always work. For a directive the form of its arguments, as Apache's sources call it: `TAKE1`.
    pub flags: Vec<&'static str>,
    /// Another name of the same thing, which is the better known.
    pub same_as: Option<&'static str>,
    /// What it does, in a few sentences of Markdown; `None` where nobody has written them yet.
    pub description: Option<String>,
    /// The address of its documentation.
    pub link: String,
}

impl OptionInfo {
    /// Whether that release has the option.
    pub fn is_in(&self, version: Version) -> bool {
        self.since.is_none_or(|since| since <= version) && self.until.is_none_or(|until| version < until)
    }
}

/// Whether a value follows an option on a command line.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Argument {
    /// It stands alone.
    None,
    /// It may stand alone.
    Optional,
    /// It needs a value.
    Required,
}

/// What the value of an option looks like.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum ValueKind {
    /// Nothing is known, or there is nothing to know.
    Any,
    /// Yes or no: `true` and `false` in uWSGI and gunicorn, `On` and `Off` in Apache.
    Flag,
    /// A whole number.
    Int,
    /// A number.
    Float,
    /// A number of bytes.
    Size,
    /// Permissions, in octal digits.
    Mode,
    /// Some text.
    Str,
    /// A path of something that the host makes: a log file, a file with a process id.
    Path,
    /// A file that has to be there.
    File,
    /// A directory that has to be there.
    Dir,
    /// Directories, with colons between.
    PathList,
    /// A module, mostly with the name of a callable in it: `package.module:application`.
    Module,
    /// The name of a callable in a module.
    Callable,
    /// A class by its path, or by a short name that the host knows.
    Class,
    /// A function that takes so many arguments.
    Hook(u8),
    /// One of these words.
    Choice(Vec<&'static str>),
    /// Several words, with commas or spaces between.
    List,
    /// `name=value`, or a dictionary where the configuration is Python.
    Mapping,
    /// A URL path and the app behind it: `/path=module:callable`.
    Mount,
    /// An address to listen on or to connect to: a port, a host with a port, the path of a socket.
    Socket,
    /// A user, by name or number.
    User,
    /// A group, by name or number.
    Group,
    /// The beginning or end of a block of other options.
    Block,
    /// Several arguments of different kinds.
    Arguments,
}

impl ValueKind {
    /// The kind that a table means by this word; `None` for a word that no table has.
    pub(super) fn parse(word: &'static str) -> Option<Self> {
        let (word, rest) = word.split_once(':').unwrap_or((word, ""));
        Some(match word {
            "any" => Self::Any,
            "flag" => Self::Flag,
            "int" => Self::Int,
            "float" => Self::Float,
            "size" => Self::Size,
            "mode" => Self::Mode,
            "str" => Self::Str,
            "path" => Self::Path,
            "file" => Self::File,
            "dir" => Self::Dir,
            "path-list" => Self::PathList,
            "module" => Self::Module,
            "callable" => Self::Callable,
            "class" => Self::Class,
            "hook" => Self::Hook(rest.parse().ok()?),
            "choice" => Self::Choice(rest.split('|').collect()),
            "list" => Self::List,
            "mapping" => Self::Mapping,
            "mount" => Self::Mount,
            "socket" => Self::Socket,
            "user" => Self::User,
            "group" => Self::Group,
            "block" => Self::Block,
            "arguments" => Self::Arguments,
            _ => return None,
        })
    }
}
