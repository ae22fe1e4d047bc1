//! What holds for every file: an edit does what it says to the program, and nothing to anything else.

use super::program::{self, FUNCTION, Kind, Manner, Node, Path, TARGETS};
use super::{TextEdit, TextRange, TextSize, apply_edits, parse, python};
use proptest::prelude::*;
use proptest::strategy::ValueTree;
use proptest::test_runner::TestRunner;
use ruff_python_ast::comparable::ComparableStmt;
use wsgi_ls::fixes::{
    enclosing_statement, guard_with_main, insert_before, move_statement_before, remove_statement,
};
use wsgi_ls::syntax::python::PythonFile;

const GUARD: &str = "if __name__ == '__main__':";

/// A program with the target in it, where the target is, and how the file is written.
fn with_target(nested: bool) -> impl Strategy<Value = (Vec<Node>, Path, Manner)> {
    (program::program(), program::target(), any::<prop::sample::Index>(), program::manner()).prop_map(
        move |(mut body, target, slot, manner)| {
            let mut slots = program::slots(&body);
            slots.retain(|path| nested || path.len() == 1);
            let path = slot.get(&slots).clone();
            program::block(&mut body, &path).insert(*path.last().unwrap(), target);
            (body, path, manner)
        },
    )
}

fn target_range(file: &PythonFile) -> TextRange {
    let at = TextSize::try_from(file.source().text().find("target(").expect("the target")).unwrap();
    enclosing_statement(file, TextRange::empty(at)).unwrap()
}

/// The range of the module's statement number `index`.
fn module_statement(file: &PythonFile, index: usize) -> TextRange {
    use ruff_text_size::Ranged;
    file.body()[index].range()
}

fn apply(file: &PythonFile, edits: &[TextEdit]) -> PythonFile {
    parse(&apply_edits(file.source(), edits).expect("edits that do not overlap"))
}

/// The model's version of removing the target.
fn without_target(body: &[Node], path: &[usize]) -> Vec<Node> {
    let mut body = body.to_vec();
    let block = program::block(&mut body, path);
    block.remove(*path.last().unwrap());
    if block.is_empty() && path.len() > 1 {
        block.push(Node::plain(Kind::Simple("pass")));
    }
    body
}

fn passes_function(body: &[Node], path: &[usize]) -> bool {
    let Some((first, rest)) = path.split_first() else { return false };
    match body.get(*first).map(|node| &node.kind) {
        Some(Kind::Block(header, inner, _, _)) if !rest.is_empty() => {
            *header == FUNCTION || passes_function(inner, rest)
        }
        _ => false,
    }
}

/// The file is the one that the model describes, with its line ends, and all comments are there once.
fn assert_is(file: &PythonFile, before: &PythonFile, model: &[Node], manner: &Manner, target_comment: bool) {
    let text = file.source().text();
    let expected = parse(&program::write(model, manner));
    assert!(expected.compiles(), "{:?}", expected.source().text());
    assert!(file.compiles(), "{text:?}: {:?}", file.problems());
    let tree =
        |file: &PythonFile| format!("{:?}", file.body().iter().map(ComparableStmt::from).collect::<Vec<_>>());
    assert_eq!(tree(file), tree(&expected), "\n{:?}\nbecame\n{text:?}", before.source().text());
    // A file of one line says nothing about its line ends.
    if before.source().text().contains(manner.newline) {
        assert_eq!(text.replace(manner.newline, "").find(['\n', '\r']), None, "{text:?}");
    }
    for comment in before.source().text().split("# comment ").skip(1) {
        let comment = format!("# comment {};", comment.split(';').next().unwrap());
        assert_eq!(text.matches(&comment).count(), 1, "{comment} in {text:?}");
    }
    if target_comment {
        let count = |text: &str| text.matches("# target").count();
        assert_eq!(count(text), count(before.source().text()), "{text:?}");
    }
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 1000, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn removing_removes_the_statement_alone((body, path, manner) in with_target(true)) {
        let file = parse(&program::write(&body, &manner));
        let edits = remove_statement(&file, target_range(&file)).expect("an edit");
        assert_is(&apply(&file, &edits), &file, &without_target(&body, &path), &manner, false);
    }

    #[test]
    fn guarding_puts_the_statement_under_a_guard((body, path, manner) in with_target(true)) {
        let file = parse(&program::write(&body, &manner));
        let edits = guard_with_main(&file, target_range(&file));
        if passes_function(&body, &path) {
            prop_assert_eq!(edits, None);
            return Ok(());
        }
        let mut model = body.clone();
        let node = &mut program::block(&mut model, &path)[*path.last().unwrap()];
        *node = Node::plain(Kind::Block(GUARD, vec![Node::plain(node.kind.clone())], "", false));
        let after = apply(&file, &edits.expect("edits"));
        assert_is(&after, &file, &model, &manner, true);
        prop_assert_eq!(guard_with_main(&after, target_range(&after)), None);
    }

    #[test]
    fn guarding_joins_a_later_guard(
        (mut body, path, manner) in with_target(false),
        (mut first, mut inside) in (program::target(), program::program()),
        inline in any::<bool>(),
    ) {
        first.kind = Kind::Simple("first()");
        inside.insert(0, first);
        body.push(Node::plain(Kind::Block(GUARD, inside, "", inline)));
        let file = parse(&program::write(&body, &manner));
        let edits = guard_with_main(&file, target_range(&file)).expect("edits");
        let mut model = without_target(&body, &path);
        if let Some(Kind::Block(_, inner, _, _)) = model.last_mut().map(|node| &mut node.kind) {
            inner.insert(0, Node::plain(body[path[0]].kind.clone()));
        }
        assert_is(&apply(&file, &edits), &file, &model, &manner, true);
    }

    #[test]
    fn inserting_adds_a_statement((body, path, manner) in with_target(true)) {
        let file = parse(&program::write(&body, &manner));
        let edit = insert_before(&file, target_range(&file), "added = 1");
        let mut model = body.clone();
        let (last, owner) = path.split_last().unwrap();
        let inline = owner.split_last().is_some_and(|(index, _)| program::block(&mut model, owner)[*index].is_inline());
        if inline && *last > 0 {
            prop_assert_eq!(edit, None);
            return Ok(());
        }
        program::block(&mut model, &path).insert(*last, Node::plain(Kind::Simple("added = 1")));
        assert_is(&apply(&file, &[edit.expect("an edit")]), &file, &model, &manner, true);
    }

    #[test]
    fn moving_keeps_the_statement((body, path, manner) in with_target(true), anchor in any::<prop::sample::Index>()) {
        let anchor = anchor.index(body.len());
        let file = parse(&program::write(&body, &manner));
        let edits = move_statement_before(&file, target_range(&file), module_statement(&file, anchor));
        if anchor == path[0] || (path.len() == 1 && path[0] + 1 == anchor) {
            prop_assert_eq!(edits, None);
            return Ok(());
        }
        let mut model = without_target(&body, &path);
        let target = program::block(&mut body.clone(), &path)[*path.last().unwrap()].kind.clone();
        let shift = usize::from(path.len() == 1 && path[0] < anchor);
        model.insert(anchor - shift, Node::plain(target));
        assert_is(&apply(&file, &edits.expect("edits")), &file, &model, &manner, true);
    }
}

#[test]
fn python_compiles_what_is_left() {
    let mut runner = TestRunner::default();
    let mut texts = Vec::new();
    for _ in 0..400 {
        let (body, _, manner) = with_target(true).new_tree(&mut runner).unwrap().current();
        let file = parse(&program::write(&body, &manner));
        let target = target_range(&file);
        let text = |edits: Vec<TextEdit>| apply_edits(file.source(), &edits);
        texts.push(file.source().text().to_owned());
        texts.extend(remove_statement(&file, target).and_then(text));
        texts.extend(guard_with_main(&file, target).and_then(text));
        texts.extend(move_statement_before(&file, target, module_statement(&file, 0)).and_then(text));
        texts.extend(insert_before(&file, target, "added = 1").and_then(|edit| text(vec![edit])));
    }
    python::assert_all_compile(&texts);
}

#[test]
fn the_model_holds_a_target_of_each_kind() {
    for target in TARGETS {
        let file = parse(&format!("{target}\n"));
        assert!(file.compiles() && target_range(&file) == module_statement(&file, 0));
    }
}
