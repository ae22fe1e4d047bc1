//! Code that parses and that the compiler refuses all the same: `return` outside a function, a `nonlocal` without a
//! binding and about forty more kinds.
//!
//! The checks are those of `ruff_python_parser`; this file keeps the context that they ask for: scopes, loops, and
//! which names a scope binds.

use std::cell::RefCell;

use ruff_python_ast::visitor::{self, Visitor};
use ruff_python_ast::{self as ast, Comprehension, Expr, ModModule, Parameters, PythonVersion, Stmt};
use ruff_python_parser::Parsed;
use ruff_python_parser::semantic_errors::{
    LazyImportContext, SemanticSyntaxChecker, SemanticSyntaxContext, SemanticSyntaxError,
};
use rustc_hash::FxHashSet;

use super::names::Names;
use crate::text::{Source, TextRange};

/// Everything that the compiler of this version of Python refuses in a file that parses.
pub(super) fn check(
    parsed: &Parsed<ModModule>,
    source: &Source,
    version: PythonVersion,
) -> Vec<SemanticSyntaxError> {
    let mut context = Context {
        checker: SemanticSyntaxChecker::new(),
        found: RefCell::default(),
        version,
        source: source.text(),
        scopes: vec![Scope::of_body(Kind::Module, parsed.suite())],
        in_try: false,
        future_annotations: false,
    };
    for stmt in parsed.suite() {
        context.visit_stmt(stmt);
    }
    context.found.into_inner()
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Kind {
    Module,
    Class,
    Function { is_async: bool },
    Lambda,
    Comprehension { is_generator: bool },
    TypeParameters,
}

struct Scope {
    kind: Kind,
    names: Names,
    parameters: FxHashSet<String>,
    loops: usize,
}

impl Scope {
    fn new(kind: Kind) -> Self {
        Self { kind, names: Names::default(), parameters: FxHashSet::default(), loops: 0 }
    }

    fn of_body(kind: Kind, body: &[Stmt]) -> Self {
        let mut scope = Self::new(kind);
        scope.names.visit_body(body);
        scope
    }
}

struct Context<'a> {
    checker: SemanticSyntaxChecker,
    found: RefCell<Vec<SemanticSyntaxError>>,
    version: PythonVersion,
    source: &'a str,
    /// Never empty: the module's scope stays at the bottom.
    scopes: Vec<Scope>,
    in_try: bool,
    future_annotations: bool,
}

impl Context<'_> {
    fn kind(&self) -> Kind {
        self.scopes.last().map_or(Kind::Module, |scope| scope.kind)
    }

    fn kinds(&self) -> impl Iterator<Item = Kind> {
        self.scopes.iter().rev().map(|scope| scope.kind)
    }

    fn in_scope(&mut self, scope: Scope, walk: impl FnOnce(&mut Self)) {
        self.scopes.push(scope);
        walk(self);
        self.scopes.pop();
    }

    fn in_loop(&mut self, body: &[Stmt]) {
        let count = |me: &mut Self, by: isize| {
            if let Some(scope) = me.scopes.last_mut() {
                scope.loops = scope.loops.saturating_add_signed(by);
            }
        };
        count(self, 1);
        self.visit_body(body);
        count(self, -1);
    }

    /// The checker is taken out for the call, because it reads this context while it works.
    fn ask(&mut self, question: impl FnOnce(&mut SemanticSyntaxChecker, &Self)) {
        let mut checker = std::mem::take(&mut self.checker);
        question(&mut checker, self);
        self.checker = checker;
    }

    fn function(&mut self, stmt: &Stmt, def: &ast::StmtFunctionDef) {
        for decorator in &def.decorator_list {
            self.visit_decorator(decorator);
        }
        self.defaults(&def.parameters);
        let typed = def.type_params.as_deref();
        if let Some(params) = typed {
            self.scopes.push(Scope::new(Kind::TypeParameters));
            self.visit_type_params(params);
        }
        for annotation in def.parameters.iter().filter_map(|p| p.annotation()) {
            self.visit_annotation(annotation);
        }
        if let Some(returns) = &def.returns {
            self.visit_annotation(returns);
        }
        // The checker wants the enclosing scope for the definition itself.
        self.ask(|checker, context| checker.visit_stmt(stmt, context));
        let mut scope = Scope::of_body(Kind::Function { is_async: def.is_async }, &def.body);
        scope.parameters.extend(def.parameters.iter().map(|p| p.name().to_string()));
        self.in_scope(scope, |me| me.visit_body(&def.body));
        if typed.is_some() {
            self.scopes.pop();
        }
    }

    fn class(&mut self, def: &ast::StmtClassDef) {
        for decorator in &def.decorator_list {
            self.visit_decorator(decorator);
        }
        let typed = def.type_params.as_deref();
        if let Some(params) = typed {
            self.scopes.push(Scope::new(Kind::TypeParameters));
            self.visit_type_params(params);
        }
        if let Some(arguments) = &def.arguments {
            self.visit_arguments(arguments);
        }
        self.in_scope(Scope::of_body(Kind::Class, &def.body), |me| me.visit_body(&def.body));
        if typed.is_some() {
            self.scopes.pop();
        }
    }

    fn defaults(&mut self, parameters: &Parameters) {
        for default in parameters.iter_non_variadic_params().filter_map(|p| p.default.as_deref()) {
            self.visit_expr(default);
        }
    }

    fn comprehension(&mut self, generators: &[Comprehension], elements: &[&Expr], is_generator: bool) {
        // The first iterable is evaluated in the enclosing scope.
        if let Some(first) = generators.first() {
            self.visit_expr(&first.iter);
        }
        self.in_scope(Scope::new(Kind::Comprehension { is_generator }), |me| {
            for (index, generator) in generators.iter().enumerate() {
                if index > 0 {
                    me.visit_expr(&generator.iter);
                }
                me.visit_expr(&generator.target);
                for condition in &generator.ifs {
                    me.visit_expr(condition);
                }
            }
            for element in elements {
                me.visit_expr(element);
            }
        });
    }
}

impl<'a> Visitor<'a> for Context<'_> {
    fn visit_stmt(&mut self, stmt: &'a Stmt) {
        if let Stmt::FunctionDef(def) = stmt {
            return self.function(stmt, def);
        }
        self.ask(|checker, context| checker.visit_stmt(stmt, context));
        match stmt {
            Stmt::ImportFrom(import) if import.module.as_deref() == Some("__future__") => {
                self.future_annotations |= import.names.iter().any(|a| a.name.as_str() == "annotations");
            }
            Stmt::ClassDef(def) => self.class(def),
            Stmt::For(inner) => {
                self.visit_expr(&inner.iter);
                self.visit_expr(&inner.target);
                self.in_loop(&inner.body);
                self.visit_body(&inner.orelse);
            }
            Stmt::While(inner) => {
                self.visit_expr(&inner.test);
                self.in_loop(&inner.body);
                self.visit_body(&inner.orelse);
            }
            Stmt::Try(_) => {
                let outer = std::mem::replace(&mut self.in_try, true);
                visitor::walk_stmt(self, stmt);
                self.in_try = outer;
            }
            _ => visitor::walk_stmt(self, stmt),
        }
    }

    fn visit_expr(&mut self, expr: &'a Expr) {
        self.ask(|checker, context| checker.visit_expr(expr, context));
        match expr {
            Expr::Lambda(lambda) => {
                let mut scope = Scope::new(Kind::Lambda);
                if let Some(parameters) = &lambda.parameters {
                    self.defaults(parameters);
                    scope.parameters.extend(parameters.iter().map(|p| p.name().to_string()));
                }
                self.in_scope(scope, |me| me.visit_expr(&lambda.body));
            }
            Expr::ListComp(comp) => self.comprehension(&comp.generators, &[&comp.elt], false),
            Expr::SetComp(comp) => self.comprehension(&comp.generators, &[&comp.elt], false),
            Expr::Generator(comp) => self.comprehension(&comp.generators, &[&comp.elt], true),
            Expr::DictComp(comp) => {
                let elements: Vec<&Expr> = comp.key.iter().chain([&comp.value]).map(|e| &**e).collect();
                self.comprehension(&comp.generators, &elements, false);
            }
            _ => visitor::walk_expr(self, expr),
        }
    }
}

impl SemanticSyntaxContext for Context<'_> {
    fn future_annotations_or_stub(&self) -> bool {
        self.future_annotations
    }

    fn lazy_import_context(&self) -> Option<LazyImportContext> {
        match self.kind() {
            Kind::Function { .. } | Kind::Lambda => Some(LazyImportContext::Function),
            Kind::Class => Some(LazyImportContext::Class),
            _ => self.in_try.then_some(LazyImportContext::TryExceptBlocks),
        }
    }

    fn python_version(&self) -> PythonVersion {
        self.version
    }

    fn source(&self) -> &str {
        self.source
    }

    fn global(&self, name: &str) -> Option<TextRange> {
        self.scopes.last()?.names.globals.get(name).copied()
    }

    fn has_nonlocal_binding(&self, name: &str) -> bool {
        let binds = |scope: &Scope| {
            let names = &scope.names;
            let local = names.bound.contains(name) || names.nonlocals.contains(name);
            matches!(scope.kind, Kind::Function { .. } | Kind::Lambda)
                && (local || scope.parameters.contains(name))
                && !names.globals.contains_key(name)
        };
        self.scopes.iter().rev().skip(1).any(binds)
            || name == "__class__" && self.kinds().any(|kind| kind == Kind::Class)
    }

    fn in_async_context(&self) -> bool {
        self.kinds()
            .find_map(|kind| match kind {
                Kind::Function { is_async } => Some(is_async),
                Kind::Lambda | Kind::Class | Kind::Module => Some(false),
                Kind::Comprehension { .. } | Kind::TypeParameters => None,
            })
            .unwrap_or(false)
    }

    fn in_await_allowed_context(&self) -> bool {
        self.kinds()
            .find_map(|kind| match kind {
                Kind::Class => Some(false),
                Kind::Function { .. } | Kind::Lambda | Kind::Comprehension { is_generator: true } => {
                    Some(true)
                }
                _ => None,
            })
            .unwrap_or(false)
    }

    fn in_yield_allowed_context(&self) -> bool {
        self.kinds()
            .find_map(|kind| match kind {
                Kind::Class | Kind::Comprehension { .. } => Some(false),
                Kind::Function { .. } | Kind::Lambda => Some(true),
                _ => None,
            })
            .unwrap_or(false)
    }

    fn in_sync_comprehension(&self) -> bool {
        // An asynchronous list comprehension is only legal in an asynchronous one; the checker asks for the others.
        self.kinds().any(|kind| kind == Kind::Comprehension { is_generator: false })
            && !self.in_async_context()
    }

    fn in_class_body_comprehension(&self) -> bool {
        self.kinds().find(|kind| !matches!(kind, Kind::Comprehension { .. })) == Some(Kind::Class)
            && matches!(self.kind(), Kind::Comprehension { .. })
    }

    fn in_module_scope(&self) -> bool {
        self.kind() == Kind::Module
    }

    fn in_function_scope(&self) -> bool {
        matches!(self.kind(), Kind::Function { .. } | Kind::Lambda)
    }

    fn in_generator_context(&self) -> bool {
        self.kinds().any(|kind| kind == Kind::Comprehension { is_generator: true })
    }

    fn in_notebook(&self) -> bool {
        false
    }

    fn report_semantic_error(&self, error: SemanticSyntaxError) {
        self.found.borrow_mut().push(error);
    }

    fn in_loop_context(&self) -> bool {
        self.scopes.last().is_some_and(|scope| scope.loops > 0)
    }

    fn is_bound_parameter(&self, name: &str) -> bool {
        self.scopes.last().is_some_and(|scope| scope.parameters.contains(name))
    }
}
