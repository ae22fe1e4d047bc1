//! What a string of a Python file stands for: a folder, a file, or something in a module.

use ruff_python_ast::visitor::{Visitor, walk_expr, walk_keyword, walk_stmt};
use ruff_python_ast::{Expr, ExprCall, ExprStringLiteral, Keyword, Operator, Stmt};
use ruff_text_size::Ranged;

use crate::syntax::python::PythonFile;
use crate::text::{Source, TextRange, TextSize};

/// A string of one line, between its quotes.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct StringAt {
    /// The whole literal with its prefix and quotes (bytes); without the closing one where that is not typed yet.
    pub literal: TextRange,
    /// What stands between the quotes (bytes).
    pub content: TextRange,
    /// What it stands for.
    pub meaning: Meaning,
}

/// What a string stands for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Meaning {
    /// A folder that goes on `sys.path`.
    SearchPath,
    /// A folder, relative to the working directory.
    Folder,
    /// A folder, relative to that of the module.
    FolderBesideModule,
    /// A file or folder, relative to the working directory.
    File,
    /// The dotted name of something in the project.
    Dotted(DottedKind),
}

/// What a dotted name may lead to.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum DottedKind {
    /// A module.
    Module,
    /// A package, or the configuration class of a Django app.
    App,
    /// Something in a module.
    Member,
}

/// The string at an offset (bytes) and what it stands for; `None` outside of strings and where that is not known.
///
/// A string whose closing quote is not typed yet ends with its line.
pub fn string_at(file: &PythonFile, offset: TextSize) -> Option<StringAt> {
    find(file, offset).or_else(|| {
        let source = file.source();
        let line = source.line_range(source.line(offset));
        let before = source.slice(TextRange::new(line.start(), offset));
        let quote = open_quote(before)?;
        let mut closed = source.text().to_owned();
        closed.insert(line.end().to_usize(), quote);
        find(&PythonFile::parse(Source::new(closed), None, file.version()), offset)
    })
}

/// The quote of the string that is open at the end of a line's beginning.
fn open_quote(before: &str) -> Option<char> {
    let mut open = None;
    for letter in before.chars() {
        match open {
            None if letter == '#' => return None,
            None if letter == '"' || letter == '\'' => open = Some(letter),
            Some(quote) if quote == letter => open = None,
            _ => {}
        }
    }
    open
}

fn find(file: &PythonFile, offset: TextSize) -> Option<StringAt> {
    let mut search = Search { offset, around: Vec::new(), found: None };
    search.visit_body(file.body());
    let (literal, around) = search.found?;
    let part = literal.value.iter().find(|part| part.range().contains_inclusive(offset))?;
    let content = content(file, part.range())?;
    let meaning = meaning(file, &around, literal.range())?;
    content.contains_inclusive(offset).then_some(StringAt { literal: part.range(), content, meaning })
}

/// What stands between the quotes of a literal of one line that is written as its value reads.
fn content(file: &PythonFile, literal: TextRange) -> Option<TextRange> {
    let text = file.slice(literal);
    let start = text.find(['"', '\''])?;
    let quote = text.get(start..)?.chars().next()?;
    let inner = text.get(start + 1..)?;
    let inner = inner.strip_suffix(quote).unwrap_or(inner);
    let plain = !inner.contains([quote, '\\', '\n', '\r']) && !text.get(..start)?.contains(['b', 'B']);
    let from = literal.start() + TextSize::try_from(start + 1).ok()?;
    plain.then(|| TextRange::at(from, TextSize::of(inner)))
}

/// What holds a literal, outermost first.
#[derive(Clone, Copy)]
enum Around<'a> {
    Stmt(&'a Stmt),
    Expr(&'a Expr),
    Keyword(&'a str),
}

struct Search<'a> {
    offset: TextSize,
    around: Vec<Around<'a>>,
    found: Option<(&'a ExprStringLiteral, Vec<Around<'a>>)>,
}

impl<'a> Visitor<'a> for Search<'a> {
    fn visit_stmt(&mut self, stmt: &'a Stmt) {
        if stmt.range().contains_inclusive(self.offset) {
            self.around.push(Around::Stmt(stmt));
            walk_stmt(self, stmt);
            self.around.pop();
        }
    }

    fn visit_expr(&mut self, expr: &'a Expr) {
        if !expr.range().contains_inclusive(self.offset) {
            return;
        }
        if let Expr::StringLiteral(literal) = expr {
            self.found = Some((literal, self.around.clone()));
            return;
        }
        self.around.push(Around::Expr(expr));
        walk_expr(self, expr);
        self.around.pop();
    }

    fn visit_keyword(&mut self, keyword: &'a Keyword) {
        let name = keyword.arg.as_ref().map_or("", |name| name.as_str());
        self.around.push(Around::Keyword(name));
        walk_keyword(self, keyword);
        self.around.pop();
    }
}

fn meaning(file: &PythonFile, around: &[Around<'_>], literal: TextRange) -> Option<Meaning> {
    let mut keyword = None;
    for one in around.iter().rev() {
        match one {
            Around::Keyword(name) => keyword = Some(*name),
            Around::Expr(Expr::Call(call)) => match of_call(file, call, keyword.take(), literal) {
                Some(known) => return known,
                None => continue,
            },
            Around::Expr(Expr::List(_) | Expr::Tuple(_) | Expr::Starred(_) | Expr::If(_)) => {}
            // `BASE / "data"`: what the left side is, nobody knows here.
            Around::Expr(Expr::BinOp(operation)) => {
                if operation.op == Operator::Div || !operation.left.range().contains_range(literal) {
                    return None;
                }
            }
            Around::Expr(Expr::Compare(test)) => {
                let about_path = test.comparators.iter().any(|side| file.slice(side.range()) == "sys.path");
                return about_path.then_some(Meaning::SearchPath);
            }
            Around::Expr(Expr::Dict(dict)) => {
                let item = dict.items.iter().find(|item| item.value.range().contains_range(literal))?;
                let key = item.key.as_ref()?.as_string_literal_expr()?.value.to_str();
                return (key == "DIRS").then_some(Meaning::Folder);
            }
            Around::Expr(_) => return None,
            Around::Stmt(Stmt::Assign(assign)) => return of_target(file, assign.targets.first()?),
            Around::Stmt(Stmt::AugAssign(assign)) => return of_target(file, &assign.target),
            Around::Stmt(Stmt::AnnAssign(assign)) => return of_target(file, &assign.target),
            Around::Stmt(_) => return None,
        }
    }
    None
}

/// What an argument of a call stands for; `None` when that depends on what is around the call, `Some(None)` when nobody knows.
fn of_call(
    file: &PythonFile,
    call: &ExprCall,
    keyword: Option<&str>,
    literal: TextRange,
) -> Option<Option<Meaning>> {
    let function = file.slice(call.func.range());
    let first = call.arguments.args.first();
    let is_first = keyword.is_none() && first.is_some_and(|first| first.range().contains_range(literal));
    let known = match function {
        "sys.path.insert" | "sys.path.append" | "sys.path.extend" | "site.addsitedir" | "addsitedir" => {
            Meaning::SearchPath
        }
        "os.chdir" | "chdir" => Meaning::Folder,
        "open" | "Path" | "pathlib.Path" | "load_dotenv" | "dotenv.load_dotenv" if is_first => Meaning::File,
        "importlib.import_module" | "import_module" | "include" if is_first => {
            Meaning::Dotted(DottedKind::Module)
        }
        "os.environ.setdefault" | "environ.setdefault" if !is_first => {
            let key = first.and_then(Expr::as_string_literal_expr)?;
            return Some(of_variable(key.value.to_str()));
        }
        "str" | "os.path.abspath" | "os.path.normpath" | "os.path.expanduser" | "os.path.realpath" => {
            return None;
        }
        "os.path.join" if is_first => return None,
        _ => match keyword {
            Some("template_folder" | "static_folder") => Meaning::FolderBesideModule,
            Some("instance_path" | "root_path") => Meaning::Folder,
            _ => return Some(None),
        },
    };
    Some(Some(known))
}

/// What is assigned to something that hosts or frameworks read.
fn of_target(file: &PythonFile, target: &Expr) -> Option<Meaning> {
    match target {
        Expr::Subscript(subscript) => {
            let of = file.slice(subscript.value.range());
            match (&*subscript.slice, of) {
                (Expr::StringLiteral(key), "os.environ" | "environ") => of_variable(key.value.to_str()),
                (_, "sys.path") => Some(Meaning::SearchPath),
                _ => None,
            }
        }
        Expr::Attribute(_) => (file.slice(target.range()) == "sys.path").then_some(Meaning::SearchPath),
        Expr::Name(name) => match name.id.as_str() {
            "INSTALLED_APPS" => Some(Meaning::Dotted(DottedKind::App)),
            "ROOT_URLCONF" | "DJANGO_SETTINGS_MODULE" => Some(Meaning::Dotted(DottedKind::Module)),
            "MIDDLEWARE" | "WSGI_APPLICATION" | "ASGI_APPLICATION" | "AUTHENTICATION_BACKENDS" => {
                Some(Meaning::Dotted(DottedKind::Member))
            }
            "STATIC_ROOT" | "MEDIA_ROOT" | "STATICFILES_DIRS" | "LOCALE_PATHS" => Some(Meaning::Folder),
            other => goes_on_path(file, other).then_some(Meaning::SearchPath),
        },
        _ => None,
    }
}

fn of_variable(name: &str) -> Option<Meaning> {
    (name == "DJANGO_SETTINGS_MODULE").then_some(Meaning::Dotted(DottedKind::Module))
}

/// Whether a name is put on `sys.path` by the file.
fn goes_on_path(file: &PythonFile, name: &str) -> bool {
    struct Calls<'f> {
        file: &'f PythonFile,
        name: &'f str,
        found: bool,
    }
    impl<'a> Visitor<'a> for Calls<'_> {
        fn visit_expr(&mut self, expr: &'a Expr) {
            if let Expr::Call(call) = expr
                && self.file.slice(call.func.range()).starts_with("sys.path.")
            {
                let is_it = |argument: &Expr| matches!(argument, Expr::Name(name) if name.id == self.name);
                self.found |= call.arguments.args.iter().any(is_it);
            }
            walk_expr(self, expr);
        }
    }
    let mut calls = Calls { file, name, found: false };
    calls.visit_body(file.body());
    calls.found
}

#[cfg(test)]
mod tests {
    #![allow(clippy::expect_used)]
    use ruff_python_ast::PythonVersion;

    use super::*;

    /// What the string at the `|` of a text stands for, and what is between its quotes.
    fn at(text: &str) -> Option<(Meaning, String)> {
        let offset = text.find('|').expect("a place");
        let source = Source::new(text.replacen('|', "", 1));
        let file = PythonFile::parse(source.clone(), None, PythonVersion::PY313);
        let found = string_at(&file, TextSize::try_from(offset).expect("short"))?;
        Some((found.meaning, source.slice(found.content).to_owned()))
    }

    #[test]
    fn a_string_is_understood_by_what_is_around_it() {
        use DottedKind::{App, Member, Module};
        use Meaning::{Dotted, File, Folder, FolderBesideModule, SearchPath};
        for (text, meaning, content) in [
            ("import sys\nsys.path.insert(0, '/home/j|')\n", SearchPath, "/home/j"),
            ("sys.path += ['|a']\n", SearchPath, "a"),
            ("if '/home|' not in sys.path:\n    pass\n", SearchPath, "/home"),
            ("home = u'/home|'\nif home not in sys.path:\n    sys.path.append(home)\n", SearchPath, "/home"),
            ("os.chdir(\"|\")\n", Folder, ""),
            ("x = open(os.path.join('da|', 'b'))\n", File, "da"),
            ("p = Path('|')\n", File, ""),
            ("app = Flask(__name__, template_folder='t|')\n", FolderBesideModule, "t"),
            ("os.environ['DJANGO_SETTINGS_MODULE'] = 'a.|'\n", Dotted(Module), "a."),
            ("os.environ.setdefault('DJANGO_SETTINGS_MODULE', 'a.|')\n", Dotted(Module), "a."),
            ("INSTALLED_APPS = [\n    'a|'\n    'b',\n]\n", Dotted(App), "a"),
            ("MIDDLEWARE += ('a.b|',)\n", Dotted(Member), "a.b"),
            ("TEMPLATES = [{'BACKEND': 'x', 'DIRS': ['|']}]\n", Folder, ""),
            // Neither the quote nor the bracket is typed yet.
            ("sys.path.insert(0, '/home/j|\nx = 1\n", SearchPath, "/home/j"),
            ("ROOT_URLCONF = \"sh|\n", Dotted(Module), "sh"),
            ("INSTALLED_APPS = [\n    'django',\n    'bl|\n]\n", Dotted(App), "bl"),
        ] {
            assert_eq!(at(text), Some((meaning, content.to_owned())), "{text}");
        }
    }

    #[test]
    fn other_strings_mean_nothing() {
        for text in [
            "print('|')\n",
            "open('a', '|')\n",
            "x = BASE / '|'\n",
            "os.environ['|'] = 'x'\n",
            "os.environ.setdefault('OTHER', '|')\n",
            "'''|'''\n",
            "sys.path.insert(0, 'a\\|n')\n",
            "sys.path.insert(0, b'|')\n",
            "x = 1|\n",
            "# it's |\n",
            "sys.path.insert(0, |'a')\n",
        ] {
            assert_eq!(at(text), None, "{text}");
        }
    }
}
