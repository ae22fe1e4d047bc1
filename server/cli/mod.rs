//! The command line: what can be said on it, and what its exit codes mean.

mod check;
mod diagnose;
mod explain;
mod format;
mod output;
mod pager;
mod progress;
mod shell;
mod watch;

use std::path::PathBuf;
use std::process::ExitCode;

use clap::builder::PossibleValue;
use clap::{Args, Parser, Subcommand, ValueEnum};

use self::format::Format;
use crate::hosting::Host;
use crate::rules::Severity;

/// The exit code when nothing is at or above the threshold.
pub const CLEAN: u8 = 0;
/// The exit code when there are findings at or above the threshold.
pub const FINDINGS: u8 = 1;
/// The exit code when the command could not do its work.
pub const FAILED: u8 = 2;

/// Looks at a Python web project with its host's eyes: will PythonAnywhere, uWSGI, gunicorn, mod_wsgi or Passenger be
/// able to load and serve it? Nothing of the project is run.
#[derive(Debug, Parser)]
#[command(name = "wsgi-ls", version, after_long_help = EXAMPLES, max_term_width = 110)]
pub struct Arguments {
    /// What to do; without it, and when the input is no terminal, `lsp`.
    #[command(subcommand)]
    pub command: Option<Command>,
    /// Accepted for editors that ask for it.
    #[arg(long, hide = true)]
    pub stdio: bool,
}

const EXAMPLES: &str = "\
Examples:
  wsgi-ls check                        check the project in this folder
  wsgi-ls check mysite --fix           check another one and apply the safe fixes
  wsgi-ls diagnose --log error.log     why a site does not answer
  wsgi-ls explain syntax-error         what a rule means and what to do
  wsgi-ls lsp                          serve an editor on the standard streams";

const CHECK_EXAMPLES: &str = "\
Examples:
  wsgi-ls check                                        the project in this folder
  wsgi-ls check --host pythonanywhere mysite           as if PythonAnywhere served it
  wsgi-ls check --entry var_www/jane_pythonanywhere_com_wsgi.py .
                                                       with the file that the host loads
  wsgi-ls check --diff                                 what --fix would change
  wsgi-ls check --format json | jq .deployments        for other programs
  wsgi-ls check --fail-on error --ignore syntax-error  be less strict
  wsgi-ls check --baseline known.json --write-baseline remember what is there, and then
  wsgi-ls check --baseline known.json                  fail for new findings only
  wsgi-ls check --watch                                again after each change, until Ctrl-C

Settings are read from wsgi-ls.toml, else from [tool.wsgi-ls] of pyproject.toml, in PATH.

Exit codes:
  0  nothing at or above --fail-on was found, or the baseline was written
  1  something was found, or --diff has something to show
  2  the project could not be checked: no such path, a bad setting, a rule or baseline that does not exist";

const DIAGNOSE_EXAMPLES: &str = "\
Examples:
  wsgi-ls diagnose                                     the project in this folder and the logs in it
  wsgi-ls diagnose mysite --log jane.pythonanywhere.com.error.log --log jane.pythonanywhere.com.server.log
                                                       with logs from elsewhere, also rotated (.1, .2.gz)
  wsgi-ls diagnose --report support.md                 write down what support asks for

Nothing is sent, reloaded or changed: the command that reloads the site is only shown.

Exit codes:
  0  nothing was found
  1  a cause was found
  2  the project or a log could not be read";

/// What to do.
#[derive(Debug, Subcommand)]
pub enum Command {
    /// Say what the host will make of a project, and what is wrong with it.
    #[command(after_long_help = CHECK_EXAMPLES)]
    Check(CheckArguments),
    /// Say why a site does not answer: what the host makes of the project, and what its logs tell.
    #[command(after_long_help = DIAGNOSE_EXAMPLES)]
    Diagnose(DiagnoseArguments),
    /// Explain a rule: what happens on the hosts, why, and what works; or list the rules behind a symptom.
    #[command(
        after_help = "Examples: wsgi-ls explain syntax-error\n          wsgi-ls explain 502\nAll rules: wsgi-ls rules"
    )]
    Explain {
        /// The rule's id, or a symptom: 502, 504, 500, empty, slow or nothing.
        rule: String,
        /// When to use colours.
        #[arg(long, value_enum, default_value_t = Colour::Auto)]
        color: Colour,
        /// Print a long text at once instead of page by page.
        #[arg(long)]
        no_pager: bool,
    },
    /// List the rules.
    Rules {
        /// How to print them.
        #[arg(long, value_enum, default_value_t = ListFormat::Text)]
        format: ListFormat,
    },
    /// Print a script that completes this command in a shell.
    #[command(
        after_help = "Example: wsgi-ls completions bash > ~/.local/share/bash-completion/completions/wsgi-ls"
    )]
    Completions {
        /// The shell.
        shell: clap_complete::Shell,
    },
    /// Print a manual page, in the format of man.
    #[command(after_help = "Example: wsgi-ls man check | man -l -")]
    Man {
        /// The command that it is about; the whole program without it.
        command: Option<String>,
    },
    /// Serve an editor over the language server protocol, on the standard streams.
    Lsp {
        /// Accepted for editors that ask for it; it is the only way there is.
        #[arg(long, hide = true)]
        stdio: bool,
    },
}

/// What `check` takes.
#[derive(Debug, Args)]
pub struct CheckArguments {
    /// The project's folder, or the one file that the host loads.
    #[arg(default_value = ".")]
    pub path: PathBuf,
    /// What serves the app; guessed from the names of files without it.
    #[arg(long, value_enum)]
    pub host: Option<Host>,
    /// The file that the host loads, relative to PATH; found by its name without it.
    #[arg(long)]
    pub entry: Option<PathBuf>,
    /// How to print what was found.
    #[arg(long, value_enum, default_value_t = Format::Text)]
    pub format: Format,
    /// Apply all safe fixes, then report what is left.
    #[arg(long)]
    pub fix: bool,
    /// Print what --fix would change, and change nothing.
    #[arg(long, conflicts_with = "fix")]
    pub diff: bool,
    /// Check again whenever a file changes, until it is interrupted.
    #[arg(long, conflicts_with_all = ["fix", "diff", "write_baseline"])]
    pub watch: bool,
    /// Leave out the findings that this file knows.
    #[arg(long, value_name = "FILE", conflicts_with = "diff")]
    pub baseline: Option<PathBuf>,
    /// Write all findings into the file of --baseline, and report none.
    #[arg(long, requires = "baseline", conflicts_with = "fix")]
    pub write_baseline: bool,
    /// When to use colours.
    #[arg(long, value_enum, default_value_t = Colour::Auto)]
    pub color: Colour,
    /// The lowest severity that makes the exit code 1.
    #[arg(long, value_enum, default_value_t = Severity::Warning, value_name = "SEVERITY")]
    pub fail_on: Severity,
    /// Check only these rules (repeat it, or separate ids by commas).
    #[arg(long, value_delimiter = ',', value_name = "RULE")]
    pub select: Vec<String>,
    /// Leave these rules out.
    #[arg(long, value_delimiter = ',', value_name = "RULE")]
    pub ignore: Vec<String>,
}

/// What `diagnose` takes.
#[derive(Debug, Args)]
pub struct DiagnoseArguments {
    /// The project's folder, or the one file that the host loads.
    #[arg(default_value = ".")]
    pub path: PathBuf,
    /// A log of the site (repeat it); without it, the logs that lie in PATH and its folders `log` and `logs`.
    #[arg(long = "log", value_name = "FILE")]
    pub logs: Vec<PathBuf>,
    /// What serves the app; guessed from the names of files without it.
    #[arg(long, value_enum)]
    pub host: Option<Host>,
    /// The file that the host loads, relative to PATH; found by its name without it.
    #[arg(long)]
    pub entry: Option<PathBuf>,
    /// How to print what was found.
    #[arg(long, value_enum, default_value_t = DiagnosisFormat::Text)]
    pub format: DiagnosisFormat,
    /// Also write what support asks for into this file, as Markdown: versions, deployments, what was found. Secrets are masked.
    #[arg(long, value_name = "FILE")]
    pub report: Option<PathBuf>,
    /// When to use colours.
    #[arg(long, value_enum, default_value_t = Colour::Auto)]
    pub color: Colour,
}

/// How a diagnosis is printed.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub enum DiagnosisFormat {
    /// For people.
    Text,
    /// For programs.
    Json,
    /// For a page or a message.
    Markdown,
}

/// How a list is printed.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub enum ListFormat {
    /// For people.
    Text,
    /// For programs.
    Json,
}

/// When colours are used.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub enum Colour {
    /// When the output is a terminal that shows them.
    Auto,
    /// Always.
    Always,
    /// Never.
    Never,
}

impl ValueEnum for Host {
    fn value_variants<'a>() -> &'a [Self] {
        &Self::ALL
    }

    fn to_possible_value(&self) -> Option<PossibleValue> {
        Some(PossibleValue::new(self.name()))
    }
}

impl ValueEnum for Severity {
    fn value_variants<'a>() -> &'a [Self] {
        &Self::ALL
    }

    fn to_possible_value(&self) -> Option<PossibleValue> {
        Some(PossibleValue::new(self.name()))
    }
}

/// Does what the command line says and returns the exit code.
pub fn run(arguments: Arguments) -> ExitCode {
    use std::io::IsTerminal;
    let code = match arguments.command {
        Some(Command::Check(check)) if check.watch => watch::run(&check),
        Some(Command::Check(check)) => check::run(&check).map(|checked| checked.code),
        Some(Command::Diagnose(diagnose)) => diagnose::run(&diagnose),
        Some(Command::Explain { rule, color, no_pager }) => explain::explain(&rule, color, !no_pager),
        Some(Command::Rules { format }) => explain::list(format),
        Some(Command::Completions { shell }) => shell::completions(shell),
        Some(Command::Man { command }) => shell::manual(command.as_deref()),
        Some(Command::Lsp { stdio: _ }) => return crate::lsp::run(),
        None if arguments.stdio || !std::io::stdin().is_terminal() => return crate::lsp::run(),
        None => {
            let help = <Arguments as clap::CommandFactory>::command().render_long_help();
            output::print(&help.ansi().to_string(), Colour::Auto).map(|_| FAILED)
        }
    };
    ExitCode::from(code.unwrap_or_else(|error| {
        output::complain(&error);
        FAILED
    }))
}
