#![allow(clippy::unwrap_used, clippy::expect_used)]

use super::*;

const ALL: [Family; 7] = [
    Family::Uwsgi,
    Family::Gunicorn,
    Family::ModWsgi,
    Family::ModWsgiDaemon,
    Family::ModWsgiScript,
    Family::ModWsgiExpress,
    Family::Waitress,
];

/// How many lines of a table are rows that count here.
fn lines(table: &str, counts: impl Fn(&str) -> bool) -> usize {
    table.lines().filter(|line| !line.starts_with('#') && counts(line)).count()
}

#[test]
fn every_line_of_a_table_is_read() {
    assert_eq!(all_uwsgi().count(), lines(include_str!("uwsgi.tsv"), |_| true));
    assert_eq!(all_gunicorn().count(), lines(include_str!("gunicorn.tsv"), |_| true));
    assert_eq!(all_gunicorn_workers().count(), lines(include_str!("gunicorn_workers.tsv"), |_| true));
    assert_eq!(all_mod_wsgi_express().count(), lines(include_str!("mod_wsgi_express.tsv"), |_| true));
    assert_eq!(all_waitress().count(), lines(include_str!("waitress.tsv"), |_| true));
    let mod_wsgi = include_str!("mod_wsgi.tsv");
    assert_eq!(all_mod_wsgi().count(), lines(mod_wsgi, |line| line.starts_with("WSGI")));
    assert_eq!(all_mod_wsgi_daemon().count(), lines(mod_wsgi, |line| line.starts_with("daemon:")));
    assert_eq!(all_mod_wsgi_script().count(), lines(mod_wsgi, |line| line.starts_with("script:")));
}

#[test]
fn the_releases_have_as_many_options_as_was_counted() {
    assert_eq!(all_uwsgi().filter(|info| info.is_in((2, 0, 31))).count(), 1261);
    assert_eq!(all_uwsgi().filter(|info| info.is_in((2, 0, 18))).count(), 1252);
    assert_eq!(all_gunicorn().filter(|info| info.is_in((27, 0, 1))).count(), 120);
    assert_eq!(all_gunicorn().filter(|info| info.is_in((23, 0, 0))).count(), 93);
    assert_eq!(all_mod_wsgi().filter(|info| info.is_in((6, 0, 5))).count(), 49);
    assert_eq!(all_mod_wsgi_daemon().filter(|info| info.is_in((6, 0, 5))).count(), 44);
}

#[test]
fn options_are_known_with_their_kind_and_their_lifetime() {
    let harakiri = uwsgi("harakiri").unwrap();
    assert_eq!((&harakiri.kind, harakiri.since, harakiri.group), (&ValueKind::Int, None, "core"));
    assert_eq!(uwsgi("max-requests-delta").unwrap().since, Some((2, 0, 29)));
    assert_eq!(uwsgi("spooler-signal-as-task").unwrap().since, Some(UWSGI_DEVELOPMENT));
    assert_eq!(uwsgi("wsgi").unwrap().same_as, Some("module"));
    assert!(uwsgi("socket").unwrap().repeats);
    assert_eq!(uwsgi("threads").unwrap().default, Some("1"));
    assert_eq!(uwsgi("buffer-size").unwrap().default, Some("4096"));
    assert_eq!(uwsgi("master").unwrap().argument, Argument::None);
    assert!(uwsgi("enable_threads").is_none() && uwsgi("Master").is_none());

    assert_eq!(gunicorn("post_request").unwrap().kind, ValueKind::Hook(4));
    assert_eq!(gunicorn("errorlog").unwrap().default, Some("-"));
    assert_eq!(gunicorn("tolerate_dangerous_framing").unwrap().until, Some((23, 0, 0)));
    assert_eq!(gunicorn_worker("eventlet").unwrap().until, Some((26, 0, 0)));
    assert_eq!(gunicorn("header_map").unwrap().kind, ValueKind::Choice(vec!["drop", "refuse", "dangerous"]));

    assert_eq!(mod_wsgi("wsgiscriptalias").unwrap().name, "WSGIScriptAlias");
    assert_eq!(mod_wsgi("WSGIPythonHome").unwrap().group, "server");
    assert_eq!(mod_wsgi_daemon("python-path").unwrap().kind, ValueKind::PathList);
    assert!(mod_wsgi_script("callable-object").is_some() && mod_wsgi("processes").is_none());
    assert_eq!(waitress("unix_socket_perms").unwrap().default, Some("600"));
}

#[test]
fn flags_lead_to_their_settings() {
    for (flag, name) in
        [("--preload", "preload_app"), ("-w", "workers"), ("--log-file", "errorlog"), ("--env", "raw_env")]
    {
        assert_eq!(gunicorn_flag(flag).map(|info| info.name), Some(name), "{flag}");
    }
    let renamed = all_gunicorn().filter(|info| {
        let long: Vec<_> = info.flags.iter().filter(|flag| flag.starts_with("--")).collect();
        info.until.is_none()
            && !long.is_empty()
            && !long.iter().any(|flag| flag[2..].replace('-', "_") == info.name)
    });
    assert_eq!(renamed.count(), 22);
    assert_eq!(uwsgi_flag("-w").map(|info| info.name), Some("module"));
    assert_eq!(uwsgi_flag("-H").map(|info| info.name), Some("home"));
    assert_eq!(uwsgi_flag("--wsgi-file").map(|info| info.name), Some("wsgi-file"));
    assert_eq!(waitress_flag("--no-ipv6").map(|info| info.name), Some("ipv6"));
    assert_eq!(mod_wsgi_express("--processes").map(|info| info.name), Some("processes"));
}

#[test]
fn slips_lead_to_real_names() {
    for (family, wanted, name) in [
        (Family::Uwsgi, "theads", "threads"),
        (Family::Uwsgi, "enable_threads", "enable-threads"),
        (Family::Uwsgi, "deamonize", "daemonize"),
        (Family::Gunicorn, "preload", "preload_app"),
        (Family::Gunicorn, "WORKERS", "workers"),
        (Family::Gunicorn, "keep_alive", "keepalive"),
        (Family::ModWsgi, "WSGIScriptAlais", "WSGIScriptAlias"),
        (Family::ModWsgiDaemon, "pythonpath", "python-path"),
    ] {
        assert_eq!(nearest(family, wanted).first().map(String::as_str), Some(name), "{wanted}");
    }
    assert!(nearest(Family::Uwsgi, "my-own-variable").is_empty());
}

#[test]
fn links_are_addresses_with_one_anchor() {
    for family in ALL {
        for info in family.table().rows() {
            let (address, anchor) = info.link.split_once('#').unwrap_or((&info.link, ""));
            assert!(
                address.starts_with("https://") && !address.contains(char::is_whitespace),
                "{}",
                info.link
            );
            let fits = |c: char| c.is_ascii_alphanumeric() || matches!(c, '-' | '_');
            assert!(anchor.chars().all(fits) && !info.link.ends_with('#'), "{}", info.link);
        }
    }
    assert_eq!(
        uwsgi("wsgi-file").unwrap().link,
        "https://uwsgi-docs.readthedocs.io/en/latest/Options.html#wsgi-file"
    );
}

#[test]
fn other_names_and_lifetimes_make_sense() {
    for family in ALL {
        for info in family.table().rows() {
            if let Some(other) = info.same_as {
                assert!(
                    family.table().get(other).is_some_and(|other| other.same_as.is_none()),
                    "{}",
                    info.name
                );
            }
            if let (Some(since), Some(until)) = (info.since, info.until) {
                assert!(since < until, "{}", info.name);
            }
        }
    }
}

#[test]
fn what_matters_is_described() {
    let lacking: Vec<&str> = all_gunicorn()
        .chain(all_gunicorn_workers())
        .chain(all_mod_wsgi())
        .chain(all_mod_wsgi_daemon())
        .chain(all_mod_wsgi_script())
        .chain(all_waitress())
        .filter(|info| info.description.is_none())
        .map(|info| info.name)
        .collect();
    assert!(lacking.is_empty(), "{lacking:?}");
    assert!(all_uwsgi().filter(|info| info.description.is_some()).count() >= 500);
    // The options that are set most often in public configurations, beside those that another test asks for.
    for name in [
        "master",
        "processes",
        "chdir",
        "module",
        "socket",
        "threads",
        "vacuum",
        "wsgi-file",
        "pidfile",
        "daemonize",
        "enable-threads",
        "chmod-socket",
        "harakiri",
        "die-on-term",
        "http",
        "buffer-size",
        "max-requests",
        "callable",
        "uid",
        "gid",
        "http-socket",
        "disable-logging",
        "pythonpath",
        "single-interpreter",
        "env",
        "static-map",
        "stats",
        "http-timeout",
        "post-buffering",
        "thunder-lock",
        "workers",
        "home",
        "virtualenv",
        "logto",
        "memory-report",
        "strict",
        "lazy-apps",
        "touch-reload",
        "plugins",
        "plugin",
        "need-app",
        "reload-mercy",
        "py-auto-reload",
    ] {
        assert!(uwsgi(name).unwrap().description.is_some(), "{name}");
    }
}

#[test]
fn descriptions_are_short_sentences_about_options_that_exist() {
    let files = [
        (include_str!("descriptions/uwsgi.toml"), include_str!("uwsgi.tsv")),
        (include_str!("descriptions/gunicorn.toml"), include_str!("gunicorn.tsv")),
        (include_str!("descriptions/gunicorn_workers.toml"), include_str!("gunicorn_workers.tsv")),
        (include_str!("descriptions/mod_wsgi.toml"), include_str!("mod_wsgi.tsv")),
        (include_str!("descriptions/waitress.toml"), include_str!("waitress.tsv")),
    ];
    for (descriptions, table) in files {
        let descriptions: rustc_hash::FxHashMap<String, String> = toml::from_str(descriptions).unwrap();
        for (name, text) in descriptions {
            assert!(table.lines().any(|line| line.split('\t').next() == Some(&name)), "{name} is no option");
            assert!(text.ends_with('.') && text.len() <= 500, "{name}: {} bytes: {text}", text.len());
        }
    }
}
