//! From the server's words to the workspace: paths to files, requests to handlers.

use std::path::{Path, PathBuf};

use crate::analysis::{Analysis, Judged};
use crate::catalog::handlers::HandlerKind;
use crate::request::Handler;
use crate::syntax::logs::Request;
use crate::workspace::{Snapshot, normalize};

/// The file of the workspace that a path of the server names: the longest tail of the path that is a file below `root`, where the
/// name of `root` itself may stand before it. `None` for the code of Python, of packages and of other projects.
pub fn locate(snapshot: &Snapshot, root: &Path, path: &str) -> Option<PathBuf> {
    let is_foreign = |part: &str| part == "site-packages" || part == "dist-packages" || part == "<frozen";
    // A log of Windows is read on Linux, too.
    let parts: Vec<&str> = path.split(['/', '\\']).filter(|part| !part.is_empty()).collect();
    let is_python = parts.windows(2).any(|pair| pair[0] == "lib" && pair[1].starts_with("python"));
    if is_python || path.starts_with('<') || parts.iter().any(|part| is_foreign(part) || *part == "..") {
        return None;
    }
    let here = normalize(Path::new(path));
    if here.starts_with(root) {
        return snapshot.is_file(&here).then_some(here);
    }
    for from in 0..parts.len() {
        let mut tails = vec![root.join(parts[from..].iter().collect::<PathBuf>())];
        if root.file_name().is_some_and(|name| name == parts[from]) {
            tails.push(root.join(parts[from + 1..].iter().collect::<PathBuf>()));
        }
        if let Some(found) = tails.into_iter().find(|tail| snapshot.is_file(tail)) {
            return Some(found);
        }
    }
    None
}

/// The handler of a request, with its deployment: of all routes that fit, the one that leaves the least open.
pub fn handler_of<'a>(analysis: &'a Analysis, request: &Request) -> Option<(&'a Judged, &'a Handler)> {
    let all = analysis
        .deployments
        .iter()
        .flat_map(|judged| judged.requests.handlers.iter().map(move |handler| (judged, handler)));
    let fitting = all.filter_map(|(judged, handler)| Some((fit(handler, request)?, judged, handler)));
    // The first of the best ones: frameworks take the first route, too.
    let mut best: Option<(u32, &Judged, &Handler)> = None;
    for found in fitting {
        if best.is_none_or(|best| found.0 > best.0) {
            best = Some(found);
        }
    }
    best.map(|(_, judged, handler)| (judged, handler))
}

/// How well a handler fits a request; `None` when it does not run for it alone.
fn fit(handler: &Handler, request: &Request) -> Option<u32> {
    match handler.kind {
        // It answers everything that no route does.
        HandlerKind::Application => Some(0),
        HandlerKind::Route => {
            let routes = handler.label.split('`').skip(1).step_by(2);
            routes.filter_map(|route| fit_route(route, request)).max()
        }
        _ => None,
    }
}

fn fit_route(route: &str, request: &Request) -> Option<u32> {
    let (methods, path) = match route.split_once(' ') {
        Some((methods, path)) if methods.chars().all(|c| c.is_ascii_uppercase() || c == '|') => {
            (Some(methods), path)
        }
        _ => (None, route),
    };
    let method = request.method.as_deref();
    // What answers GET answers these two, too.
    let asked = method.map(|method| if matches!(method, "HEAD" | "OPTIONS") { "GET" } else { method });
    if let (Some(methods), Some(asked)) = (methods, asked)
        && !methods.split('|').any(|known| known == asked || Some(known) == method)
    {
        return None;
    }
    let pattern = path.trim_start_matches('^').trim_end_matches('$').trim_matches('/');
    let path = request.path.trim_matches('/');
    Some(1 + 10 * fit_parts(&split(pattern), &path.split('/').collect::<Vec<_>>())?)
}

/// The parts of a route between its slashes; those within brackets separate nothing.
fn split(pattern: &str) -> Vec<&str> {
    let mut depth = 0_usize;
    pattern
        .split(move |c| {
            match c {
                '<' | '{' | '(' => depth += 1,
                '>' | '}' | ')' => depth = depth.saturating_sub(1),
                _ => {}
            }
            c == '/' && depth == 0
        })
        .collect()
}

/// How many parts are equal to the letter, plus one; `None` when the path does not fit.
fn fit_parts(pattern: &[&str], path: &[&str]) -> Option<u32> {
    let Some((first, rest)) = pattern.split_first() else { return path.is_empty().then_some(1) };
    if first.contains("path:") || first.contains(".*") || first.contains(":path") {
        // It takes as many parts as it can.
        return (1..=path.len()).rev().find_map(|taken| fit_parts(rest, &path[taken..]));
    }
    let (part, others) = path.split_first()?;
    let is_open = first.contains(['<', '{', '(', '[', '*', '+']);
    if !is_open && first != part {
        return None;
    }
    if is_open && (part.is_empty() || !literal_ends_fit(first, part)) {
        return None;
    }
    Some(fit_parts(rest, others)? + u32::from(!is_open))
}

/// Whether what stands before and behind the brackets of a part is there.
fn literal_ends_fit(pattern: &str, part: &str) -> bool {
    let head = pattern.split(['<', '{', '(', '[', '*', '+', '\\']).next().unwrap_or_default();
    let tail = pattern.rsplit(['>', '}', ')', ']', '*', '+']).next().unwrap_or_default();
    // A number is written in digits.
    let is_number = pattern.contains("int:") || pattern.contains(":int") || pattern.contains("\\d");
    let inner = part.strip_prefix(head).and_then(|inner| inner.strip_suffix(tail));
    inner.is_some_and(|inner| !is_number || inner.bytes().all(|byte| byte.is_ascii_digit()))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::syntax::logs::Span;

    fn fits(route: &str, method: &str, path: &str) -> Option<u32> {
        let request =
            Request { method: Some(method.to_owned()), path: path.to_owned(), span: Span::default() };
        fit_route(route, &request)
    }

    #[test]
    fn requests_fit_the_routes_of_every_framework() {
        for (route, path) in [
            ("GET /", "/"),
            ("/report/", "/report"),
            ("GET /pdf/<int:number>", "/pdf/12"),
            ("GET|POST /pdf/<name>.pdf", "/pdf/x.pdf"),
            ("/files/<path:name>", "/files/a/b/c"),
            ("articles/<slug:slug>/edit/", "/articles/a-b/edit/"),
            (r"^articles/(?P<year>\d{4})/$", "/articles/2026/"),
            ("GET /things/{number:int}", "/things/3"),
        ] {
            assert!(fits(route, "GET", path).is_some(), "{route} {path}");
        }
        for (route, path) in [
            ("POST /", "/"),
            ("GET /pdf/<int:number>", "/pdf/x"),
            ("GET /pdf/<name>.pdf", "/pdf/x.txt"),
            ("GET /pdf", "/pdf/x"),
            ("GET /a/b", "/a"),
            (r"^articles/(?P<year>\d{4})/$", "/articles/new/"),
        ] {
            assert!(fits(route, "GET", path).is_none(), "{route} {path}");
        }
        assert!(fits("GET /pdf/new", "GET", "/pdf/new") > fits("GET /pdf/<name>", "GET", "/pdf/new"));
    }
}
