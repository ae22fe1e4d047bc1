//! Generated programs: trees of statements that can be written down in many ways.

use proptest::prelude::*;

/// A statement, and how it is written.
#[derive(Clone, Debug)]
pub struct Node {
    pub kind: Kind,
    blank_lines: usize,
    comment_above: bool,
    comment_behind: bool,
    behind_semicolon: bool,
}

#[derive(Clone, Debug)]
pub enum Kind {
    Simple(&'static str),
    /// A header, its block, what follows the block, and whether the block is behind the header's colon if it can be.
    Block(&'static str, Vec<Node>, &'static str, bool),
}

/// How a file is written.
#[derive(Clone, Debug)]
pub struct Manner {
    pub newline: &'static str,
    indent: &'static str,
    ends_with_newline: bool,
    form_feeds: bool,
}

const SIMPLE: &[&str] = &[
    "x = 1",
    "f(1,\n  2)",
    "s = '''\n# no comment\n  text\n'''",
    "t = f'''\n{x}\n  # no comment\n'''",
    "y = 1 + \\\n 2",
    "é = 'ü'",
    "z = [  # inside\n1,\n\n]",
    "print(\"; #\")",
    "import os",
    "a[b:2], *c = f(*d, e=g(h for h in i))",
    "del a.b, (c)",
    "assert (m := k) or f'{k!r:>{m}}'",
];

pub const TARGETS: &[&str] =
    &["target(1)", "target(\n  '''\n# no comment\n''',\n\n 2)", "target() if u \\\n else v"];

const HEADERS: &[(&str, &str)] = &[
    ("if x:", ""),
    ("if (x and\n  y):", ""),
    ("for i in y:", "else: pass"),
    ("with a, \\\n  b:", ""),
    ("while x:", ""),
    ("try:", "except OSError: pass"),
    ("class A:", ""),
    ("def f():", ""),
];

pub const FUNCTION: &str = "def f():";

impl Node {
    pub fn plain(kind: Kind) -> Self {
        Self { kind, blank_lines: 0, comment_above: false, comment_behind: false, behind_semicolon: false }
    }

    pub fn is_inline(&self) -> bool {
        match &self.kind {
            Kind::Simple(_) => false,
            Kind::Block(_, body, _, inline) => {
                *inline && body.iter().all(|node| matches!(node.kind, Kind::Simple(_)))
            }
        }
    }
}

fn decorated(kind: impl Strategy<Value = Kind>) -> impl Strategy<Value = Node> {
    (kind, 0..3_usize, any::<(bool, bool, bool)>()).prop_map(|(kind, blank_lines, (above, behind, glued))| {
        Node { kind, blank_lines, comment_above: above, comment_behind: behind, behind_semicolon: glued }
    })
}

pub fn target() -> impl Strategy<Value = Node> {
    decorated(prop::sample::select(TARGETS).prop_map(Kind::Simple))
}

pub fn manner() -> impl Strategy<Value = Manner> {
    let newline = prop::sample::select(&["\n", "\r\n", "\r"][..]);
    let indent = prop::sample::select(&["    ", "  ", "\t"][..]);
    (newline, indent, any::<(bool, bool)>()).prop_map(|(newline, indent, (ends_with_newline, form_feeds))| {
        Manner { newline, indent, ends_with_newline, form_feeds }
    })
}

pub fn program() -> impl Strategy<Value = Vec<Node>> {
    let leaf = decorated(prop::sample::select(SIMPLE).prop_map(Kind::Simple)).boxed();
    let node = leaf.prop_recursive(3, 16, 3, |inner| {
        let block =
            (prop::sample::select(HEADERS), prop::collection::vec(inner.clone(), 1..4), any::<bool>())
                .prop_map(|((header, rest), body, inline)| Kind::Block(header, body, rest, inline));
        prop_oneof![2 => inner, 1 => decorated(block)].boxed()
    });
    prop::collection::vec(node, 0..5)
}

/// Where a statement is: the index at each depth.
pub type Path = Vec<usize>;

/// All places where a statement can be inserted; at module level only, or anywhere.
pub fn slots(body: &[Node]) -> Vec<Path> {
    let mut all: Vec<Path> = (0..=body.len()).map(|index| vec![index]).collect();
    for (index, node) in body.iter().enumerate() {
        if let Kind::Block(_, inner, _, _) = &node.kind {
            all.extend(slots(inner).into_iter().map(|path| [vec![index], path].concat()));
        }
    }
    all
}

/// The block that a path leads into.
pub fn block<'a>(body: &'a mut Vec<Node>, path: &[usize]) -> &'a mut Vec<Node> {
    match path {
        [] | [_] => body,
        [first, rest @ ..] => match &mut body[*first].kind {
            Kind::Block(_, inner, _, _) => block(inner, rest),
            Kind::Simple(_) => unreachable!("a path leads through blocks"),
        },
    }
}

/// Writes a program. Each comment has a number of its own; the target's own has none and reads `# target`.
pub fn write(body: &[Node], manner: &Manner) -> String {
    let mut writer = Writer { out: String::new(), comments: 0, manner };
    writer.body(body, "");
    let text = writer.out.replace('\n', manner.newline);
    if manner.ends_with_newline { text } else { text.trim_end().to_owned() }
}

struct Writer<'a> {
    out: String,
    comments: usize,
    manner: &'a Manner,
}

impl Writer<'_> {
    fn comment(&mut self) -> String {
        self.comments += 1;
        format!("# comment {};", self.comments)
    }

    fn body(&mut self, body: &[Node], indent: &str) {
        let mut open = false;
        for (index, node) in body.iter().enumerate() {
            let glued = open && node.behind_semicolon && matches!(node.kind, Kind::Simple(_));
            if glued {
                self.out.push_str("; ");
            } else {
                if open {
                    self.out.push('\n');
                }
                self.out.push_str(&"\n".repeat(node.blank_lines));
                if node.comment_above {
                    let comment = self.comment();
                    self.out.push_str(&format!("{indent}{comment}\n"));
                }
                if self.manner.form_feeds && indent.is_empty() {
                    self.out.push('\x0c');
                }
                self.out.push_str(indent);
            }
            open = false;
            match &node.kind {
                Kind::Simple(text) => {
                    self.out.push_str(text);
                    if TARGETS.contains(text) && node.comment_behind {
                        self.out.push_str("  # target\n");
                    } else if node.comment_behind {
                        let comment = self.comment();
                        self.out.push_str(&format!("  {comment}\n"));
                    } else {
                        open = true;
                    }
                }
                Kind::Block(header, inner, rest, _) => {
                    self.out.push_str(header);
                    if node.is_inline() {
                        self.inline(inner);
                    } else {
                        self.out.push('\n');
                        self.body(inner, &format!("{indent}{}", self.manner.indent));
                    }
                    if !rest.is_empty() {
                        self.out.push_str(&format!("{indent}{rest}\n"));
                    }
                }
            }
            if open && index + 1 == body.len() {
                self.out.push('\n');
            }
        }
    }

    fn inline(&mut self, body: &[Node]) {
        for (index, node) in body.iter().enumerate() {
            if let Kind::Simple(text) = node.kind {
                self.out.push_str(if index == 0 { " " } else { "; " });
                self.out.push_str(text);
            }
        }
        self.out.push('\n');
    }
}
