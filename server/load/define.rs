//! Definitions: `def`, `lambda` and `class`.

use std::cell::RefCell;
use std::rc::Rc;

use ruff_python_ast::name::Name;
use ruff_python_ast::{self as ast, Expr, PythonVersion, Stmt, StmtClassDef, StmtFunctionDef};
use ruff_text_size::Ranged;
use rustc_hash::{FxHashMap, FxHashSet};

use super::interp::{Frame, FrameKind, Interp, Stop};
use super::lacks::DECORATED;
use super::module::Code;
use super::value::{Body, Class, Function, FunctionKind, Kind, Value};
use crate::text::TextRange;

impl<'a> Interp<'a> {
    /// `def`: decorators and defaults are evaluated now, the body is not run.
    pub fn define_function(&mut self, def: &'a StmtFunctionDef) -> Result<(), Stop<'a>> {
        let mut decorators = Vec::with_capacity(def.decorator_list.len());
        for decorator in &def.decorator_list {
            decorators.push((self.eval(&decorator.expression)?, decorator.expression.range()));
        }
        self.note_abstract(&decorators, &def.name.id, def.name.range());
        let yields = self.module().is_some_and(|module| module.yields(def));
        let kind = match (def.is_async, yields) {
            (false, false) => FunctionKind::Plain,
            (false, true) => FunctionKind::Generator,
            (true, false) => FunctionKind::Coroutine,
            (true, true) => FunctionKind::AsyncGenerator,
        };
        self.evaluate_annotations(def)?;
        let function = self.make_function(
            def.name.id.clone(),
            Some(&def.parameters),
            Body::Statements(&def.body),
            def.range(),
            def.name.range(),
            kind,
        )?;
        let mut value = function;
        for (decorator, range) in decorators.into_iter().rev() {
            value = self.decorate(&decorator, value, range)?;
        }
        self.bind(def.name.id.clone(), value, def.name.range());
        Ok(())
    }

    /// The annotations of a signature are expressions that run with the `def`, unless the file or its Python defers them.
    fn evaluate_annotations(&mut self, def: &'a StmtFunctionDef) -> Result<(), Stop<'a>> {
        if self.defers_annotations() || def.type_params.is_some() {
            return Ok(());
        }
        let parameters = def.parameters.iter().filter_map(|parameter| parameter.annotation());
        for annotation in parameters.chain(def.returns.as_deref()) {
            self.eval(annotation)?;
        }
        Ok(())
    }

    /// Whether annotations are not evaluated where they stand: `from __future__ import annotations`, or Python 3.14.
    pub fn defers_annotations(&self) -> bool {
        let Some(module) = self.module() else { return true };
        self.deployment.python >= PythonVersion::PY314
            || module.top_level().iter().take_while(|stmt| may_precede_future(stmt)).any(|stmt| match stmt {
                Stmt::ImportFrom(import) => {
                    import.names.iter().any(|name| name.name.as_str() == "annotations")
                }
                _ => false,
            })
    }

    /// Makes a function value; its defaults are evaluated now, as Python does.
    pub fn make_function(
        &mut self,
        name: Name,
        parameters: Option<&'a ast::Parameters>,
        body: Body<'a>,
        range: TextRange,
        name_range: TextRange,
        kind: FunctionKind,
    ) -> Result<Value<'a>, Stop<'a>> {
        let mut defaults = FxHashMap::default();
        for parameter in parameters.iter().flat_map(|p| p.iter_non_variadic_params()) {
            if let Some(default) = &parameter.default {
                let value = self.eval(default)?;
                defaults.insert(parameter.parameter.name.id.clone(), value);
            }
        }
        let Some(frame) = self.frames.last() else { return Ok(Value::Unknown) };
        let mut closure = frame.closure.clone();
        if frame.kind == FrameKind::Function {
            closure.push(frame.scope);
        }
        let class = (frame.kind == FrameKind::Class).then_some(frame.scope);
        let class = class.or_else(|| frame.function.as_ref().and_then(|f| f.class));
        Ok(Value::Function(Rc::new(Function {
            name,
            parameters,
            code: Code::new(body),
            range,
            renamed: RefCell::default(),
            name_range,
            module: frame.module.clone(),
            closure,
            defaults,
            kind,
            class,
        })))
    }

    /// `class`: the body runs now.
    pub fn define_class(&mut self, def: &'a StmtClassDef) -> Result<(), Stop<'a>> {
        let mut decorators = Vec::with_capacity(def.decorator_list.len());
        for decorator in &def.decorator_list {
            decorators.push((self.eval(&decorator.expression)?, decorator.expression.range()));
        }
        let mut bases = Vec::new();
        let mut metaclass = None;
        if let Some(arguments) = &def.arguments {
            for base in &arguments.args {
                match base {
                    Expr::Starred(inner) => {
                        self.eval(&inner.value)?;
                        bases.push(Value::Unknown);
                    }
                    _ => bases.push(self.eval(base)?),
                }
            }
            for keyword in &arguments.keywords {
                let value = self.eval(&keyword.value)?;
                if keyword.arg.as_ref().is_some_and(|name| name.as_str() == "metaclass") {
                    metaclass = Some(value);
                }
            }
        }
        let Some(frame) = self.frames.last() else { return Ok(()) };
        let (module, statement) = (frame.module.clone(), frame.statement);
        let mut closure = frame.closure.clone();
        if frame.kind == FrameKind::Function {
            closure.push(frame.scope);
        }
        let class = Class { name: def.name.id.clone(), bases: bases.clone() };
        let id = self.heap.allocate(Kind::Class(Rc::new(class)));
        self.set_metaclass(id, metaclass, def);
        self.frames.push(Frame {
            module,
            scope: id,
            closure,
            kind: FrameKind::Class,
            comprehension: false,
            globals: FxHashSet::default(),
            nonlocals: FxHashSet::default(),
            function: None,
            receiver: None,
            statement,
        });
        let flow = self.exec_body(&def.body);
        self.frames.pop();
        flow?;
        let mut value = Value::Object(id);
        self.finish_class(id, def)?;
        self.init_subclass(id, &bases, def)?;
        self.check_model_class(id, def.name.range())?;
        if !decorators.is_empty() {
            self.heap.set(id, Name::new_static(DECORATED), Value::Bool(true), def.name.range());
        }
        for (decorator, range) in decorators.into_iter().rev() {
            value = self.decorate(&decorator, value, range)?;
        }
        self.bind(def.name.id.clone(), value, def.name.range());
        Ok(())
    }
}

/// Imports from `__future__` stand before everything but the docstring.
fn may_precede_future(stmt: &Stmt) -> bool {
    match stmt {
        Stmt::ImportFrom(import) => import.module.as_ref().is_some_and(|name| name.as_str() == "__future__"),
        Stmt::Expr(inner) => inner.value.is_string_literal_expr(),
        _ => false,
    }
}
