//! Whatever a project holds, an analysis ends, in time and without a panic, and says where in the texts as they are.

#![allow(clippy::unwrap_used, clippy::expect_used)]

use std::collections::BTreeMap;
use std::fs;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::{Duration, Instant};

use wsgi_ls::analysis::{Analysis, STACK_BYTES, analyze};
use wsgi_ls::hosting::Overrides;
use wsgi_ls::load::Site;
use wsgi_ls::mend::mend;
use wsgi_ls::text::{Source, apply_edits};
use wsgi_ls::workspace::{FileStore, Settings, Snapshot};

/// Far more than the slowest case takes without optimisation; whoever waits this long waits for ever.
const PATIENCE: Duration = Duration::from_secs(20);

/// The texts of a project by their paths below its root.
type Project = BTreeMap<String, Vec<u8>>;

/// A number generator whose numbers are the same in every run.
struct Dice(u64);

impl Dice {
    fn roll(&mut self, sides: usize) -> usize {
        self.0 = self.0.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        usize::try_from(self.0 >> 33).unwrap() % sides.max(1)
    }
}

/// Analyses a project that only exists in memory, mends it, and returns what went wrong.
fn look_at(root: &Path, project: &Project, settings: &Settings) -> Result<Analysis, String> {
    let start = Instant::now();
    let snapshot = Snapshot::of_disk(Arc::new(FileStore::default()));
    let texts = project.iter().filter_map(|(name, bytes)| {
        // A text that is no UTF-8 is for the disk, where `odd_files_on_disk_are_survived` puts it.
        Some((root.join(name), Source::new(String::from_utf8(bytes.clone()).ok()?)))
    });
    let snapshot = snapshot.with_texts(texts);
    let outcome = catch_unwind(AssertUnwindSafe(|| {
        let analysis =
            analyze(&snapshot, root, settings, &Overrides::default()).map_err(|e| e.to_string())?;
        check_places(&snapshot, &analysis)?;
        mend(&snapshot, root, settings, &Overrides::default()).map_err(|error| error.to_string())?;
        Ok::<_, String>(analysis)
    }));
    let analysis = outcome.map_err(|_| "it panics".to_owned())??;
    if start.elapsed() > PATIENCE {
        return Err(format!("it takes {:?}", start.elapsed()));
    }
    Ok(analysis)
}

/// Every place lies in its text, between characters, and every fix can be applied.
fn check_places(snapshot: &Snapshot, analysis: &Analysis) -> Result<(), String> {
    let fits = |site: &Site, what: &str| match snapshot.text(&site.path) {
        Some((source, _)) if source.text().get(site.range.to_std_range()).is_none() => {
            Err(format!("{what}: {:?} is no place in {}", site.range, site.path.display()))
        }
        _ => Ok(()),
    };
    for (_, finding) in analysis.findings() {
        fits(&finding.site, finding.rule.id)?;
        for related in &finding.related {
            fits(&related.site, &related.message)?;
        }
        for fix in &finding.fixes {
            for edited in &fix.edits {
                let edits: Vec<_> = fix
                    .edits
                    .iter()
                    .filter(|other| other.path == edited.path)
                    .map(|e| e.edit.clone())
                    .collect();
                let (source, _) = snapshot.text(&edited.path).ok_or("a fix of a file that is not there")?;
                apply_edits(&source, &edits).ok_or_else(|| format!("`{}` cannot be applied", fix.title))?;
            }
        }
    }
    for note in analysis.deployments.iter().flat_map(|judged| &judged.notes) {
        fits(&note.site, &note.markdown)?;
    }
    Ok(())
}

fn on_a_big_stack(run: impl FnOnce() + Send + 'static) {
    std::thread::Builder::new().stack_size(STACK_BYTES).spawn(run).unwrap().join().expect("told above");
}

fn entry(name: &str) -> Settings {
    Settings { entry: Some(PathBuf::from(name)), ..Settings::default() }
}

/// The fixtures with a Python file, each with its settings' entry.
fn fixtures() -> Vec<(String, Project, Settings)> {
    let mut found = Vec::new();
    let all = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/fixtures");
    for rule in folders(&all) {
        for case in folders(&rule) {
            let mut project = Project::new();
            read(&case, &case, &mut project);
            let stated: toml::Table = project
                .remove("case.toml")
                .and_then(|text| toml::from_str(&String::from_utf8(text).ok()?).ok())
                .unwrap_or_default();
            let word = |key: &str| stated.get(key).and_then(|value| value.as_str()).map(str::to_owned);
            let settings = Settings {
                entry: word("entry").map(PathBuf::from),
                host: word("host"),
                callable: word("callable"),
                ..Settings::default()
            };
            found.push((case.strip_prefix(&all).unwrap().display().to_string(), project, settings));
        }
    }
    found
}

fn folders(of: &Path) -> Vec<PathBuf> {
    let entries = fs::read_dir(of).unwrap().map(|entry| entry.unwrap().path());
    let mut found: Vec<PathBuf> = entries.filter(|path| path.is_dir()).collect();
    found.sort();
    found
}

fn read(root: &Path, folder: &Path, project: &mut Project) {
    for entry in fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() {
            read(root, &path, project);
        } else {
            let name = path.strip_prefix(root).unwrap().display().to_string();
            project.insert(name, fs::read(&path).unwrap());
        }
    }
}

/// Words, spaces and signs, so that what is moved about is something that a person could have typed.
fn tokens(text: &str) -> Vec<String> {
    let mut found: Vec<String> = Vec::new();
    let class = |c: char| {
        if c.is_alphanumeric() || c == '_' {
            0
        } else if c == ' ' {
            1
        } else {
            2
        }
    };
    for c in text.chars() {
        match found.last_mut() {
            Some(last) if class(c) < 2 && last.chars().next_back().is_some_and(|l| class(l) == class(c)) => {
                last.push(c);
            }
            _ => found.push(c.to_string()),
        }
    }
    found
}

fn mutate(text: &str, others: &[String], dice: &mut Dice) -> String {
    let mut parts = tokens(text);
    for _ in 0..=dice.roll(3) {
        if parts.is_empty() {
            break;
        }
        let (at, other) = (dice.roll(parts.len()), dice.roll(parts.len()));
        match dice.roll(8) {
            0 => drop(parts.remove(at)),
            1 => parts.insert(other, parts[at].clone()),
            2 => parts.swap(at, other),
            3 => parts.truncate(at),
            4 => drop(parts.drain(at.min(other)..at.max(other))),
            5 => {
                let foreign = tokens(&others[dice.roll(others.len())]);
                let from = dice.roll(foreign.len());
                let to = foreign.len().min(from + dice.roll(40));
                parts.splice(at..at, foreign[from..to].iter().cloned());
            }
            6 => {
                parts[at] =
                    ["\u{e9}", "\u{1f600}", "\r", "\t", "\\\n", "'''", "(", "\0", "\u{feff}", "*", "."]
                        [dice.roll(11)]
                    .to_owned()
            }
            // A name of one place in another one.
            _ => {
                let names: Vec<&String> =
                    parts.iter().filter(|part| part.starts_with(char::is_alphabetic)).collect();
                if let Some(name) = names.get(dice.roll(names.len())) {
                    parts[at] = (*name).clone();
                }
            }
        }
    }
    parts.concat()
}

#[test]
fn mutated_projects_are_survived() {
    on_a_big_stack(|| {
        let fixtures = fixtures();
        assert!(fixtures.len() > 100, "{}", fixtures.len());
        let others: Vec<String> = fixtures
            .iter()
            .flat_map(|(_, project, _)| project.values())
            .filter_map(|bytes| String::from_utf8(bytes.clone()).ok())
            .collect();
        let mut dice = Dice(std::env::var("WSGI_LS_SEED").map_or(1, |seed| seed.parse().unwrap()));
        let mut failures = Vec::new();
        let mut deployments = 0;
        for (name, project, settings) in &fixtures {
            for round in 0..6 {
                let mut mutant = project.clone();
                for (file, bytes) in &mut mutant {
                    let text = String::from_utf8_lossy(bytes).into_owned();
                    if file.ends_with(".py") && dice.roll(2) == 0 {
                        *bytes = mutate(&text, &others, &mut dice).into_bytes();
                    }
                }
                // Discovery looks into folders, so there has to be one.
                let folder = tempfile::tempdir().unwrap();
                let root = folder.path().canonicalize().unwrap();
                for (file, bytes) in &mutant {
                    fs::create_dir_all(root.join(file).parent().unwrap()).unwrap();
                    fs::write(root.join(file), bytes).unwrap();
                }
                match look_at(&root, &Project::new(), settings) {
                    Ok(analysis) => deployments += analysis.deployments.len(),
                    Err(error) => {
                        let texts: Vec<_> =
                            mutant.iter().map(|(file, text)| (file, String::from_utf8_lossy(text))).collect();
                        failures.push(format!("{name}, round {round}: {error}\n{texts:#?}"));
                    }
                }
            }
        }
        assert!(failures.is_empty(), "{} failures, the first: {}", failures.len(), failures[0]);
        assert!(deployments > fixtures.len() * 4, "the mutants are hardly ever deployed: {deployments}");
    });
}

fn text_project(files: &[(&str, &str)]) -> Project {
    files.iter().map(|(name, text)| ((*name).to_owned(), text.as_bytes().to_vec())).collect()
}

#[test]
fn circles_and_abysses_are_survived() {
    on_a_big_stack(|| {
        let nested = |open: &str, close: &str, times: usize| {
            format!("x = {}{}\n", open.repeat(times), close.repeat(times))
        };
        let deep_blocks: String = (0..90).map(|depth| format!("{}if x:\n", " ".repeat(depth))).collect();
        let long_list = format!("x = [{}]\nfor y in x:\n    z = y\n", "1, ".repeat(200_000));
        let sum = format!("x = {}1\n", "1 + ".repeat(20_000));
        let chain = format!("x = a{}\n", ".b()".repeat(3_000));
        let branches: String = (0..400).map(|n| format!("if unknown{n}():\n    x = {n}\n")).collect();
        let branches = format!("from nowhere_known import *\n{branches}");
        let projects: Vec<(&str, Project)> = [
            ("itself", vec![("wsgi.py", "import wsgi\nfrom wsgi import *\nfrom wsgi import application\n")]),
            ("cycle", vec![("wsgi.py", "from a import x\n"), ("a.py", "from b import x\n"), ("b.py", "from a import x\n")]),
            ("star cycle", vec![("wsgi.py", "from a import *\n"), ("a.py", "from b import *\nx = 1\n"), ("b.py", "from a import *\ny = x\n")]),
            ("package cycle", vec![("wsgi.py", "import p.q\n"), ("p/__init__.py", "from .q import x\nfrom . import q\n"), ("p/q.py", "from . import x\nfrom p import q\n")]),
            ("classes", vec![("wsgi.py", "class A(B): pass\nclass B(A): pass\nclass A(B):\n    def __getattr__(self, n): return getattr(self, n)\nA().x\napplication = A()\n")]),
            ("own base", vec![("wsgi.py", "class A: pass\nA.__bases__ = (A,)\nclass A(A, A): x = A\nA.y.z\napplication = A()\n")]),
            ("meta", vec![("wsgi.py", "class M(type):\n    def __call__(c, *a): return c(*a)\nclass A(metaclass=M): pass\napplication = A()\n")]),
            ("decorators", vec![("wsgi.py", "def d(f):\n    @d\n    def g(): return f()\n    return g\n@d\ndef application(e, s): return application(e, s)\n")]),
            ("recursion", vec![("wsgi.py", "def f(n=0): return f(n + 1) + f(n + 2)\nf()\nfor i in range(10 ** 9): f(i)\napplication = f\n")]),
            ("mutual", vec![("wsgi.py", "def f(): return g()\ndef g(): return h() or f()\ndef h(): return f()\nh = lambda: g() and h()\nh()\n")]),
            ("self-holding", vec![("wsgi.py", "x = []\nx.append(x)\nx += x\nd = {}\nd['d'] = d\nd.update(d)\nx.extend(x)\nfor y in x:\n    x.append(y)\nprint(x, d)\napplication = x\n")]),
            ("growing", vec![("wsgi.py", "x = 'a'\ny = [1]\nn = 9\nfor i in range(100):\n    x = x + x\n    y = y + y\n    n = n ** n\n    n = n << n\nz = 'a' * 10 ** 12\nw = [0] * 10 ** 12\nv = 2 ** 10 ** 12\nu = '%1000000000d' % 1\nt = f'{1:1000000000}'\n")]),
            ("while", vec![("wsgi.py", "import sys\nwhile sys.path:\n    sys.path.append('a' * len(sys.path))\n    sys.path += sys.path\nfor p in sys.path:\n    sys.path.insert(0, p)\n")]),
            ("sys.path", vec![("wsgi.py", "import sys\nsys.path = None\nimport a\nsys.path = 5\nimport b\nsys.path[:] = [sys.path, None, 3, b'x', '', '/', '//', '../../..', '\\0', '~', '.' * 5000]\nimport c\nsys.path = sys\nimport d\nsys.modules['e'] = sys.modules\nimport e.f.g\nsys.modules = {}\nimport h\n")]),
            ("odd names", vec![("wsgi.py", "from . import *\nfrom .... import x\nfrom .x.y import z\nimport a.a.a.a.a\n")]),
            ("numbers", vec![("wsgi.py", "x = -2 ** 63\ny = 9223372036854775807 + 1\nz = -x\nw = x // -1\nv = x % -1\nu = 1 // 0\nt = 1 % 0\ns = 1 << 64\nr = 1 >> -1\nq = [1][-9223372036854775808]\np = 'abc'[-9:9223372036854775807:-9223372036854775808]\no = range(0, 10, 0)\nfor i in range(-2 ** 63, 2 ** 63 - 1, 2 ** 62): pass\n")]),
            ("slices", vec![("wsgi.py", "x = '\u{e9}\u{1f600}'[1]\ny = '\u{e9}\u{1f600}'[1:2]\nz = '%\u{e9}' % 1\nw = '{\u{e9}}'.format()\nv = '\u{e9}{{}}{'.format(1)\nu = '%'\nt = u % 1\ns = '%(a' % {}\nr = '$\u{e9} ${'\nimport os\nq = os.path.expandvars(r)\np = os.path.join('\u{e9}', '..', '', '/')\n")]),
            ("tries", vec![("wsgi.py", "def f():\n    try:\n        return f()\n    finally:\n        f()\ntry:\n    f()\nexcept f():\n    raise\nexcept* 5:\n    pass\nelse:\n    raise f\nraise\n")]),
            ("generators", vec![("wsgi.py", "def g():\n    yield from g()\n    x = yield g\n    while True:\n        yield x\nlist(g())\na, *b = g()\ndict(g())\n[x for x in g() for y in x for z in y]\nnext(g())\nsum(g())\n")]),
            ("parentheses", vec![("wsgi.py", &*nested("(", ")", 3_000))]),
            ("brackets", vec![("wsgi.py", &*nested("[", "]", 150))]),
            ("lambdas", vec![("wsgi.py", &*nested("(lambda: ", ")()", 150))]),
            ("open brackets", vec![("wsgi.py", &*nested("{", "", 5_000))]),
            ("minus", vec![("wsgi.py", &*nested("-", "1", 3_000))]),
            ("blocks", vec![("wsgi.py", &*format!("{deep_blocks}{}pass\n", " ".repeat(90)))]),
            ("list", vec![("wsgi.py", &*long_list)]),
            ("sum", vec![("wsgi.py", &*sum)]),
            ("chain", vec![("wsgi.py", &*chain)]),
            ("branches", vec![("wsgi.py", &*branches)]),
            ("empty", vec![("wsgi.py", "")]),
            ("nothing but a mark", vec![("wsgi.py", "\u{feff}")]),
            ("line ends", vec![("wsgi.py", "x = 1\r\r\n\n\ry = (\r\u{c}\u{2028}z")]),
        ]
        .into_iter()
        .map(|(name, files)| (name, text_project(&files)))
        .collect();
        let mut failures = Vec::new();
        for (name, project) in &projects {
            let start = Instant::now();
            match look_at(Path::new("/srv/nowhere/site"), project, &entry("wsgi.py")) {
                Ok(analysis) => assert_eq!(analysis.deployments.len(), 1, "{name}"),
                Err(error) => failures.push(format!("{name}: {error}")),
            }
            println!("{name}: {:?}", start.elapsed());
        }
        assert!(failures.is_empty(), "{failures:#?}");
    });
}

#[test]
fn odd_files_on_disk_are_survived() {
    let folder = tempfile::tempdir().unwrap();
    let root = folder.path().canonicalize().unwrap();
    let noise: Vec<u8> =
        (0..20_000u32).map(|n| u8::try_from(n.wrapping_mul(2_654_435_761) >> 24).unwrap()).collect();
    fs::write(root.join("noise.py"), &noise).unwrap();
    fs::write(root.join("latin.py"), b"# -*- coding: latin-1 -*-\nname = '\xe9'\n").unwrap();
    fs::write(root.join("unknown.py"), b"# coding: klingon\n").unwrap();
    fs::write(root.join("utf16.py"), b"\xff\xfex\0=\x001\0").unwrap();
    fs::create_dir(root.join("folder.py")).unwrap();
    let modules = ["noise", "latin", "unknown", "utf16", "folder", "wsgi"];
    let tries = modules.map(|name| format!("try:\n    import {name}\nexcept Exception:\n    pass\n"));
    fs::write(root.join("wsgi.py"), tries.concat()).unwrap();
    on_a_big_stack(move || {
        for name in ["wsgi.py", "noise.py", "latin.py", "unknown.py", "utf16.py"] {
            let analysis =
                look_at(&root, &Project::new(), &entry(name)).unwrap_or_else(|e| panic!("{name}: {e}"));
            assert_eq!(analysis.deployments.len(), 1, "{name}");
        }
    });
    drop(folder);
}
