//! Making something when it is first needed instead of while the module loads.

use ruff_python_ast::visitor::{Visitor, walk_expr, walk_stmt};
use ruff_python_ast::{Expr, ExprLambda, PythonVersion, Stmt, StmtAssign};
use ruff_text_size::Ranged;

use super::imports::{ImportEdit, add_import};
use super::layout::Layout;
use super::names::uses_of;
use super::style::Style;
use crate::syntax::python::PythonFile;
use crate::text::{TextEdit, TextRange};

/// A value that a function makes from now on.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Lazy {
    /// The name of the function.
    pub function: String,
    /// The edits of the file.
    pub edits: Vec<TextEdit>,
}

/// Turns `name = value` of the module itself into a function that makes the value once, and calls it where the name is read.
///
/// `None` for any other statement, and when the name is read while the module loads, or bound a second time.
pub fn make_when_needed(file: &PythonFile, statement: TextRange) -> Option<Lazy> {
    let (assign, name) = assignment(file, statement)?;
    let function = format!("get_{}", name.to_lowercase());
    let uses = uses_of(file, name);
    let bodies = function_bodies(file);
    let mut edits = Vec::new();
    for used in uses.into_iter().filter(|used| !assign.range().contains_range(*used)) {
        if !bodies.iter().any(|body| body.contains_range(used)) || !is_read(file, used) {
            return None;
        }
        edits.push(TextEdit::replace(used, format!("{function}()")));
    }
    let text = maker(file, &function, assign, "")?;
    replace_by_definitions(file, assign, &function, &text, edits)
}

/// Turns `application = value` of the module itself into a WSGI function of that name, which makes the value at the first
/// request and calls it at each.
///
/// `None` for any other statement, and when the name is said anywhere else.
pub fn make_at_first_request(file: &PythonFile, statement: TextRange) -> Option<Lazy> {
    let (assign, name) = assignment(file, statement)?;
    let function = format!("get_{}", name.to_lowercase());
    if uses_of(file, name).len() != 1 {
        return None;
    }
    let style = Style::of(file);
    let (unit, end) = (&style.indent, style.newline);
    let call = format!(
        "{end}{end}{end}def {name}(environ, start_response):{end}{unit}return {function}()(environ, start_response)"
    );
    let text = maker(file, &function, assign, &call)?;
    replace_by_definitions(file, assign, &function, &text, Vec::new())
}

fn assignment(file: &PythonFile, statement: TextRange) -> Option<(&StmtAssign, &str)> {
    let assign = file.body().iter().find(|stmt| stmt.range() == statement)?.as_assign_stmt()?;
    let [Expr::Name(name)] = assign.targets.as_slice() else { return None };
    Some((assign, name.id.as_str()))
}

/// The value of an assignment with the parentheses around it.
fn value<'f>(file: &'f PythonFile, assign: &StmtAssign) -> Option<&'f str> {
    let target = assign.targets.last()?;
    Some(file.slice(TextRange::new(target.end(), assign.end())).trim_start().strip_prefix('=')?.trim_start())
}

fn maker(file: &PythonFile, function: &str, assign: &StmtAssign, rest: &str) -> Option<String> {
    let style = Style::of(file);
    let (unit, end) = (&style.indent, style.newline);
    let cache = if file.version() >= PythonVersion::PY39 { "cache" } else { "lru_cache(maxsize=None)" };
    let value = value(file, assign)?;
    Some(format!("@functools.{cache}{end}def {function}():{end}{unit}return {value}{rest}"))
}

/// Puts functions where a statement stands, two blank lines apart from what is around them.
fn replace_by_definitions(
    file: &PythonFile,
    assign: &StmtAssign,
    function: &str,
    text: &str,
    mut edits: Vec<TextEdit>,
) -> Option<Lazy> {
    if !uses_of(file, function).is_empty() {
        return None;
    }
    let style = Style::of(file);
    let layout = Layout::of(file)?;
    let source = file.source();
    let first = source.line_range(source.line(assign.start()));
    let last = source.line_range(source.line(assign.end()));
    // What shares its lines would be torn apart.
    if first.start() != assign.start()
        || !is_comment_or_blank(file.slice(TextRange::new(assign.end(), last.end())))
    {
        return None;
    }
    let missing = |there: usize| style.newline.repeat(2_usize.saturating_sub(there));
    let (above, _) = layout.blank_lines_above(first.start());
    let is_first = file.body().first().is_some_and(|stmt| stmt.start() == assign.start());
    let before = if is_first { String::new() } else { missing(above) };
    let is_last = file.body().last().is_some_and(|stmt| stmt.end() == assign.end());
    let below = layout.blank_lines_below(layout.line_end(assign.end()).full).len();
    let after = if is_last { String::new() } else { missing(below) };
    edits.push(TextEdit::replace(assign.range(), format!("{before}{text}")));
    if !after.is_empty() {
        edits.push(TextEdit::replace(TextRange::empty(last.end()), after));
    }
    if let ImportEdit::Add(edit) = add_import(file, "import functools")? {
        edits.push(edit);
    }
    Some(Lazy { function: function.to_owned(), edits })
}

fn is_comment_or_blank(rest: &str) -> bool {
    rest.trim_start().is_empty() || rest.trim_start().starts_with('#')
}

/// The bodies of the functions and lambdas of a file, which run when somebody calls them.
fn function_bodies(file: &PythonFile) -> Vec<TextRange> {
    struct Bodies(Vec<TextRange>);
    impl<'a> Visitor<'a> for Bodies {
        fn visit_stmt(&mut self, stmt: &'a Stmt) {
            if let Stmt::FunctionDef(def) = stmt
                && let (Some(first), Some(last)) = (def.body.first(), def.body.last())
            {
                self.0.push(TextRange::new(first.start(), last.end()));
            }
            walk_stmt(self, stmt);
        }
        fn visit_expr(&mut self, expr: &'a Expr) {
            if let Expr::Lambda(ExprLambda { body, .. }) = expr {
                self.0.push(body.range());
            }
            walk_expr(self, expr);
        }
    }
    let mut bodies = Bodies(Vec::new());
    bodies.visit_body(file.body());
    bodies.0
}

/// Whether a name is read at a place, and not bound, deleted or declared.
fn is_read(file: &PythonFile, used: TextRange) -> bool {
    struct Reads {
        used: TextRange,
        found: bool,
    }
    impl<'a> Visitor<'a> for Reads {
        fn visit_expr(&mut self, expr: &'a Expr) {
            if let Expr::Name(name) = expr {
                self.found |= name.range() == self.used && name.ctx.is_load();
            }
            walk_expr(self, expr);
        }
    }
    let mut reads = Reads { used, found: false };
    reads.visit_body(file.body());
    reads.found
}
