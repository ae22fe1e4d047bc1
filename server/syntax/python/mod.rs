//! Python files: parsing, what is wrong with them, and the comments that speak to us.

mod changes;
mod file;
mod names;
mod problems;
mod semantic;

pub use changes::Changes;
pub use file::PythonFile;
pub use names::{bound_by, module_names};
pub use problems::{MAX_PROBLEMS, SyntaxProblem, SyntaxProblemKind};
pub use ruff_python_ast::PythonVersion;
