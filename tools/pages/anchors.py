#!/usr/bin/env python3
"""Writes `tests/guidance/anchors.toml`: which anchors the help pages have that our texts link to.

    git clone https://github.com/pythonanywhere/help_pages ~/help_pages
    pip install markdown && python3 tools/pages/anchors.py ~/help_pages

PythonAnywhere's pages are made of these articles with the `toc` extension of Python-Markdown. Pages of others stand below by hand, each
with what its anchor comes from.
"""

import pathlib
import re
import subprocess
import sys

import markdown

ROOT = pathlib.Path(__file__).resolve().parents[2]
BASE = "https://help.pythonanywhere.com/pages/"
EXTENSIONS = ["fenced_code", "codehilite", "extra", "tables", "toc", "attr_list"]

# The page, its anchor, and the heading or the documented name that Sphinx, docutils, DocBook or Hugo makes it from.
OTHERS = [
    ("https://docs.python.org/3/reference/import.html", "package-relative-imports", "Doc/reference/import.rst: Package Relative Imports"),
    ("https://docs.python.org/3/faq/programming.html", "what-are-the-best-practices-for-using-import-in-a-module",
     'Doc/faq/programming.rst: What are the "best practices" for using import in a module?'),
    ("https://docs.python.org/3/library/exceptions.html", "SystemExit", "Doc/library/exceptions.rst: exception SystemExit"),
    ("https://docs.python.org/3/library/os.html", "os.execl", "Doc/library/os.rst: function execl"),
    ("https://docs.djangoproject.com/en/stable/topics/settings/", "designating-the-settings", "docs/topics/settings.txt: Designating the settings"),
    ("https://docs.djangoproject.com/en/stable/ref/settings/", "allowed-hosts", "docs/ref/settings.txt: ALLOWED_HOSTS"),
    ("https://peps.python.org/pep-3333/", "the-application-framework-side", "peps/pep-3333.rst: The Application/Framework Side"),
    ("https://peps.python.org/pep-3333/", "the-start-response-callable", "peps/pep-3333.rst: The ``start_response()`` Callable"),
    ("https://www.freedesktop.org/software/systemd/man/latest/systemd.service.html", "Command%20lines", "man/systemd.service.xml: Command lines"),
    ("https://docs.docker.com/reference/dockerfile/", "shell-and-exec-form", "frontend/dockerfile/docs/reference.md: Shell and exec form"),
    ("https://nginx.org/en/docs/http/ngx_http_proxy_module.html", "proxy_read_timeout", "the directive proxy_read_timeout"),
    ("https://nginx.org/en/docs/http/ngx_http_uwsgi_module.html", "uwsgi_pass", "the directive uwsgi_pass"),
    ("https://github.com/zappa/Zappa", "advanced-settings", "README.md: Advanced Settings"),
]


def linked() -> set[str]:
    """The names of PythonAnywhere's pages that the catalog links to."""
    return set(re.findall(BASE + r"(\w+)/", (ROOT / "server/catalog/pages.rs").read_text()))


def anchors(article: pathlib.Path) -> list[str]:
    """The anchors of an article's page; what stands before an empty line is its head."""
    text = re.sub(r"\A\s*<!--.*?-->", "", article.read_text(), flags=re.DOTALL)
    return sorted(set(re.findall(r'<h\d id="([^"]+)"', markdown.markdown(text, extensions=EXTENSIONS))))


def main() -> None:
    checkout = pathlib.Path(sys.argv[1])
    commit = subprocess.run(["git", "-C", str(checkout), "rev-parse", "HEAD"], capture_output=True, text=True, check=True).stdout.strip()
    lines = [f"# The anchors of the help pages; tools/pages/anchors.py writes this. PythonAnywhere's are those of help_pages at {commit}."]
    for name in sorted(linked()):
        found = ", ".join(f'"{anchor}"' for anchor in anchors(checkout / "articles" / f"{name}.md"))
        lines.append(f'"{BASE}{name}/" = [{found}]')
    for url in dict.fromkeys(url for url, _, _ in OTHERS):
        mine = [(anchor, source) for page, anchor, source in OTHERS if page == url]
        lines += ["# " + "; ".join(source for _, source in mine), f'"{url}" = [{", ".join(chr(34) + anchor + chr(34) for anchor, _ in mine)}]']
    (ROOT / "tests/guidance/anchors.toml").write_text("\n".join(lines) + "\n")


if __name__ == "__main__":
    main()
