#![allow(clippy::unwrap_used)]

use super::*;
use crate::text::Source;

/// The deployment of a named entry in a project that only exists in memory.
fn named(entry: &str, files: &[&str]) -> Deployment {
    let texts = files.iter().map(|file| (Path::new("/site").join(file), Source::new("application = None\n")));
    let snapshot = Snapshot::default().with_texts(texts);
    let overrides = Overrides { entry: Some(entry.into()), ..Overrides::default() };
    let mut found = discover(&snapshot, Path::new("/site"), &Settings::default(), &overrides).unwrap();
    found.remove(0)
}

#[test]
fn modules_are_imported_from_above_their_packages() {
    let place = |entry: &str, files: &[&str]| {
        let found = named(entry, files);
        let paths: Vec<String> = found.search_path.iter().map(|path| path.display().to_string()).collect();
        let working_directory = found.working_directory.display().to_string();
        (found.module.unwrap_or_default(), working_directory, paths.join(":"))
    };
    let is = |module: &str, cwd: &str, paths: &str| (module.to_owned(), cwd.to_owned(), paths.to_owned());
    assert_eq!(place("wsgi.py", &["wsgi.py"]), is("wsgi", "/site", "/site"));
    assert_eq!(
        place("src/mysite/wsgi.py", &["src/mysite/wsgi.py", "src/manage.py"]),
        is("mysite.wsgi", "/site/src", "/site/src:/site")
    );
    assert_eq!(
        place("a/b/c.py", &["a/b/c.py", "a/b/__init__.py", "a/__init__.py", "__init__.py"]),
        is("a.b.c", "/site", "/site")
    );
    assert_eq!(
        place("var_www/x_example_com_wsgi.py", &["var_www/x_example_com_wsgi.py"]),
        is("", "/site", "/site/var_www:/site")
    );
    assert_eq!(place("my-app/wsgi.py", &["my-app/wsgi.py"]), is("wsgi", "/site", "/site/my-app:/site"));
    assert_eq!(place("start-here.py", &["start-here.py"]), is("", "/site", "/site"));
}

#[test]
fn what_the_user_names_must_be_there() {
    let snapshot = Snapshot::default();
    let refused = |settings: Settings| {
        discover(&snapshot, Path::new("/site"), &settings, &Overrides::default()).unwrap_err().to_string()
    };
    let host = Settings { host: Some("apache".to_owned()), ..Settings::default() };
    assert_eq!(
        refused(host),
        "no host is called `apache`; these are known: pythonanywhere, uwsgi, gunicorn, mod_wsgi, passenger"
    );
    let entry = Settings { entry: Some("wsgi.py".into()), ..Settings::default() };
    assert_eq!(refused(entry), "there is no file /site/wsgi.py to use as the entry");
    let version = Settings { python_version: Some("2.7".to_owned()), ..Settings::default() };
    assert!(refused(version).starts_with("`2.7` is not a version of Python that can be checked"));
}
