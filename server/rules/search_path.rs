//! Lines that put a folder on `sys.path`: where they are, and how they are written.

use std::path::Path;

use ruff_python_ast::visitor::{Visitor, walk_expr};
use ruff_python_ast::{Expr, Stmt};
use ruff_text_size::Ranged;

use super::Context;
use crate::fixes::{self, Style};
use crate::hosting::Host;
use crate::syntax::python::PythonFile;
use crate::text::{TextEdit, TextRange, TextSize};
use crate::workspace::relative_slash;

/// The statements of the module below an offset that change `sys.path`.
pub(super) fn path_statements(file: &PythonFile, below: TextSize) -> Vec<TextRange> {
    let changes = |stmt: &&Stmt| {
        stmt.start() >= below
            && !matches!(stmt, Stmt::FunctionDef(_) | Stmt::ClassDef(_))
            && ["sys.path", "addsitedir"].iter().any(|word| file.slice(stmt.range()).contains(word))
    };
    file.body().iter().filter(changes).map(Ranged::range).collect()
}

/// Puts a folder on the search path above a statement, with the imports that it takes.
pub(super) fn add_folder(
    context: &Context<'_>,
    file: &PythonFile,
    path: &Path,
    statement: TextRange,
    folder: &Path,
) -> Option<TextEdit> {
    let value = folder_value(context, file, path, folder, None)?;
    let mut text = String::new();
    for module in ["os", "sys"] {
        let needed = module == "sys" || value.contains("os.path");
        if needed && !is_imported(file, module, statement.start()) {
            text.push_str(&format!("import {module}\n"));
        }
    }
    if !text.is_empty() {
        text.push('\n');
    }
    text.push_str(&format!("sys.path.insert(0, {value})"));
    fixes::insert_before(file, statement, &text)
}

/// An expression for a folder, as it reads in a file: relative to `__file__`, or the path on the server when the file does
/// not lie with the project there. `wrong` is the path that it takes the place of.
pub(crate) fn folder_value(
    context: &Context<'_>,
    file: &PythonFile,
    path: &Path,
    folder: &Path,
    wrong: Option<&str>,
) -> Option<String> {
    let quote = Style::of(file).quote;
    if lies_apart(context, path) {
        return server_path(context, folder, wrong).map(|text| format!("{quote}{text}{quote}"));
    }
    let mut base = path.parent()?;
    let mut value = "os.path.dirname(os.path.abspath(__file__))".to_owned();
    while !folder.starts_with(base) {
        base = base.parent()?;
        value = format!("os.path.dirname({value})");
    }
    let below: Vec<String> = folder
        .strip_prefix(base)
        .ok()?
        .components()
        .map(|part| format!("{quote}{}{quote}", part.as_os_str().to_string_lossy()))
        .collect();
    Some(if below.is_empty() { value } else { format!("os.path.join({value}, {})", below.join(", ")) })
}

/// Whether a file stands in `/var/www` on the server, apart from the project.
pub(crate) fn lies_apart(context: &Context<'_>, path: &Path) -> bool {
    let deployment = context.deployment;
    let named = path.file_name().is_some_and(|name| name.to_string_lossy().ends_with("_wsgi.py"));
    deployment.host == Host::PythonAnywhere && deployment.entry == path && named
}

/// The path of a project folder on PythonAnywhere, when the name of the user can be told.
pub(crate) fn server_path(context: &Context<'_>, folder: &Path, wrong: Option<&str>) -> Option<String> {
    let root = &context.deployment.root;
    let user = wrong.and_then(user_of).or_else(|| user_of_domain(context))?;
    let entry = relative_slash(&context.deployment.entry, root);
    let mut text = format!("/home/{user}");
    // A checked folder that also holds a copy of `/var/www` is a copy of the whole home.
    if !entry.starts_with("var") {
        text.push('/');
        text.push_str(&root.file_name()?.to_string_lossy());
    }
    let inner = relative_slash(folder, root);
    if folder != root && !inner.is_empty() {
        text.push('/');
        text.push_str(&inner);
    }
    Some(text)
}

fn user_of(path: &str) -> Option<String> {
    let user = path.strip_prefix("/home/")?.split('/').next()?;
    let lower = user.to_lowercase();
    let filled_in =
        !user.is_empty() && !["user", "your", "<", "{", "$"].iter().any(|mark| lower.contains(mark));
    filled_in.then(|| user.to_owned())
}

fn user_of_domain(context: &Context<'_>) -> Option<String> {
    let name = context.deployment.entry.file_name()?.to_string_lossy().into_owned();
    let user = name.strip_suffix("_pythonanywhere_com_wsgi.py")?;
    Some(user.strip_suffix("_eu").unwrap_or(user).to_owned())
}

/// Whether `import module` stands on the top level above an offset.
pub(super) fn is_imported(file: &PythonFile, module: &str, above: TextSize) -> bool {
    file.body().iter().take_while(|stmt| stmt.end() <= above).any(|stmt| match stmt {
        Stmt::Import(import) => {
            import.names.iter().any(|alias| alias.name.as_str() == module && alias.asname.is_none())
        }
        _ => false,
    })
}

/// The string literals of a file, in order, each with its value.
pub(super) fn literals(file: &PythonFile) -> Vec<(TextRange, String)> {
    struct Literals(Vec<(TextRange, String)>);
    impl<'a> Visitor<'a> for Literals {
        fn visit_expr(&mut self, expr: &'a Expr) {
            if let Expr::StringLiteral(literal) = expr {
                self.0.push((literal.range(), literal.value.to_str().to_owned()));
            }
            walk_expr(self, expr);
        }
    }
    let mut literals = Literals(Vec::new());
    literals.visit_body(file.body());
    literals.0
}

/// Gives the string literal with this range another value, in the quotes that it has. `None` when it is not written as
/// its value reads.
pub(super) fn rewrite_literal(
    file: &PythonFile,
    literal: TextRange,
    value: &str,
    new: &str,
) -> Option<TextEdit> {
    let text = file.slice(literal);
    let at = text.find(value)?;
    let range = TextRange::at(literal.start() + TextSize::try_from(at).ok()?, TextSize::of(value));
    let plain = text.len() - value.len() <= 8 && !new.contains(['\'', '"', '\\', '\n']);
    plain.then(|| TextEdit::replace(range, new))
}
