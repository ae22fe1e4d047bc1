#!/usr/bin/env python3
"""Drives a real Helix in a terminal of tmux, with the configuration of editors/helix and the real server.

    python3 tests/editors/helix/run.py --server target/debug/wsgi-ls

Helix comes from Debian, unpacked into tests/.cache, and is set up by the steps of editors/helix/README.md. This script presses the keys that its
user presses, reads the screen, and afterwards the files. It ends with 0 when everything was as it should be, else with 1.
WSGI_LS_SCREENSHOTS=FOLDER keeps pictures.
"""

import argparse
import contextlib
import os
import pathlib
import re
import subprocess
import sys
import tomllib

HERE = pathlib.Path(__file__).resolve().parent
sys.path.insert(0, str(HERE.parent))
import common  # noqa: E402
from common import Failed  # noqa: E402
from readme import Readme  # noqa: E402
from terminal import Terminal  # noqa: E402

GUARD = "Put `app.run()` under `if __name__"
REMOVE = "Remove `app.run()`"


def helix(top: pathlib.Path) -> pathlib.Path:
    """A program `hx` that starts Helix with the libraries that came with it."""
    root = common.debian_package("helix", "trixie", "hx")
    loader = root / "usr" / "lib64" / "ld-linux-x86-64.so.2"
    program = top / "hx"
    program.write_text(
        f'#!/bin/sh\nexport HELIX_RUNTIME="{root}/usr/lib/hx/runtime"\n'
        f'exec "{loader}" --library-path "{root}/usr/lib/x86_64-linux-gnu" "{root}/usr/lib/hx/hx" "$@"\n'
    )
    program.chmod(0o755)
    return program


def colours(config: pathlib.Path) -> None:
    """Gives Helix the grammar of Python, which Debian leaves out: for the pictures."""

    def make(folder: pathlib.Path) -> None:
        environment = os.environ | {"PATH": f"{common.node()}{os.pathsep}{os.environ['PATH']}"}
        common.npm_install(folder, environment, "install", "tree-sitter-python@0.23.6")
        source = folder / "node_modules" / "tree-sitter-python" / "src"
        grammars = folder / "runtime" / "grammars"
        grammars.mkdir(parents=True)
        compile_it = ["cc", "-O1", "-shared", "-fPIC", "-I", str(source), "-o", str(grammars / "python.so")]
        common.run_or_fail([*compile_it, str(source / "parser.c"), str(source / "scanner.c")], "cannot build the grammar of Python")

    folder = common.installed("helix-grammar", "tree-sitter-python 0.23.6", make)
    (config / "helix" / "runtime").symlink_to(folder / "runtime")


@contextlib.contextmanager
def opened(server: pathlib.Path, source: pathlib.Path, file: pathlib.PurePath):
    """A screen on which Helix, set up as the README says, shows a file of a project. Gives the screen, the project and the folder for the test."""
    with common.workshop("helix", source) as (top, project):
        readme = Readme("helix")
        _, variables = readme.follow(top, server, common.private_home(top))
        config = pathlib.Path(variables["XDG_CONFIG_HOME"])
        (config / "helix" / "config.toml").write_text(readme.advice("inline-diagnostics"), encoding="utf-8")
        colours(config)
        log = top / "helix.log"
        with Terminal([str(helix(top)), "-v", "--log", str(log), str(file)], project, variables) as screen:
            try:
                yield screen, project, top
            except Failed:
                if log.exists():
                    print("--- Helix's log\n" + log.read_text(errors="replace")[-3000:])
                raise


def is_told_of_every_kind(server: pathlib.Path) -> None:
    """Helix knows each language of languages.toml, and finds the server for it."""
    with common.workshop("helix") as (top, _):
        clone, variables = Readme("helix").follow(top, server, common.private_home(top))
        program = helix(top)
        languages = tomllib.loads((clone / "editors" / "helix" / "languages.toml").read_text(encoding="utf-8"))
        for language in (one["name"] for one in languages["language"]):
            health = subprocess.run([str(program), "--health", language], env=os.environ | variables, capture_output=True, text=True)
            if "✓ wsgi-ls" not in re.sub(r"\x1b\[[\d;]*m", "", health.stdout):
                raise Failed(f"Helix finds no wsgi-ls for {language}\n{health.stdout}{health.stderr}")
        print(f"Helix starts the server for {len(languages['language'])} languages", flush=True)


FOUND = "starts Flask's development server while PythonAnywhere imports"


def live_the_story(server: pathlib.Path) -> None:
    with opened(server, common.SAMPLE, common.APP) as (screen, project, top):
        app = project / common.APP
        broken = app.read_text(encoding="utf-8")
        wanted = common.guarded(broken)
        line = wanted.split("if __name__")[0].count("\n") + 1

        def is_gone() -> bool:
            return FOUND not in screen.text()

        screen.wait("from flask import Flask", "the file")
        screen.type(f":{line}", "Enter")
        screen.wait(FOUND, "the finding under its line")
        # The list of all files' findings, each with the file that it is in.
        screen.press("Space", "D")
        screen.wait("1/1", "the list of findings")
        screen.press("Escape")
        # There is more room for the hover below the line than above it.
        screen.type("zt")
        screen.press("Space", "k")
        screen.wait("the import of the app starts a server of its own", "the hover")
        screen.wait("mysite/website.py:3: imports flask_app", "the related places in it")
        screen.wait("PythonAnywhere: 502 Bad Gateway, don't run your own web server", "the guidance in it")
        screen.wait("help.pythonanywhere.com/pages/502BadGateway/#", "the link to it")
        screen.picture("helix-hover")
        screen.press("Escape")
        take(screen, REMOVE, ["Down"])
        screen.until("the finding to go away with the call", lambda: is_gone() and "app.run" not in screen.text())
        screen.press("u")
        screen.wait(FOUND, "the finding after an undo")
        take(screen, GUARD, [], "helix-fix")
        screen.until("the fix in the buffer", lambda: f'{line}  if __name__ == "__main__":' in screen.text())
        screen.until("the finding to go", is_gone)
        screen.type(":w", "Enter")
        screen.until("the file to be saved", lambda: common.holds(app, wanted))
        # Commands of the server by their names, for editors without code lenses.
        screen.press("u")
        screen.wait(FOUND, "the finding after an undo")
        screen.type(":lsp-workspace-command wsgi-ls.verdict", "Enter")
        screen.wait("visitors get 502 Bad Gateway", "the verdict in the status line")
        screen.type(":lsp-workspace-command wsgi-ls.fixAll", "Enter")
        screen.until("the finding to go with all safe fixes", is_gone)
        screen.type(":w", "Enter")
        screen.until("the file to be saved", lambda: common.holds(app, wanted))
        screen.press("u")
        screen.wait(FOUND, "the finding after an undo")
        # Helix keeps the findings of a server that ended; the one that takes its place is another process.
        old = common.server_process(top)
        common.end_server(top)
        screen.type(":lsp-stop", "Enter")
        screen.type(":set-language python", "Enter")
        screen.until("another server", lambda: common.server_process(top) != old)
        screen.press("U")
        screen.until("the finding of the new server to go", is_gone)
        screen.press("u")
        screen.wait(FOUND, "the finding of the new server")
        screen.press("U")
        screen.type(":wq", "Enter")
        screen.until("the file to be saved", lambda: common.holds(app, wanted))
        common.assert_text(app, wanted)


def take_the_tour(server: pathlib.Path) -> None:
    with opened(server, common.TOUR / "before", pathlib.PurePath("wsgi.py")) as (screen, project, _):
        screen.wait("from shop.reports import site", "the entry")
        # Helix shows what is found under the cursor.
        screen.type("/site", "Enter")
        screen.wait("uWSGI finds no `application` in this file", "the missing application")
        take(screen, "Add `application = site`", [])
        screen.until("the application in the buffer", lambda: "application = site" in screen.text())
        screen.until("the finding to go", lambda: "finds no `application`" not in screen.text())
        screen.type(":open shop/reports.py", "Enter")
        screen.wait("The reports of the shop", "the reports")
        screen.type("/time.sleep", "Enter")
        screen.wait("`harakiri` of uWSGI is 30 seconds", "the slow request")
        take(screen, "Move to a background task", [])
        screen.wait('return {"job": job_id', "the view that starts a job")
        screen.until("the slow request to be gone", lambda: "`harakiri` of uWSGI" not in screen.text())
        screen.type(":open uwsgi.ini", "Enter")
        screen.wait("module = wsgi:application", "the configuration")
        screen.type("/application", "Enter")
        screen.type("gd")
        screen.wait("application = site", "the definition of the callable")
        screen.type(":open uwsgi.ini", "Enter")
        screen.wait("module = wsgi:application", "the configuration")
        screen.type("geo")
        screen.type("max-req")
        screen.wait("max-requests-delta", "the completion of an option")
        screen.picture("helix-completion")
        screen.press("C-n", "Enter")
        screen.type("1000", "Escape")
        screen.wait("max-requests = 1000", "the option")
        screen.type(":write-all", "Enter")
        screen.until("the files to be saved", lambda: common.TYPED in (project / "uwsgi.ini").read_text(encoding="utf-8"))
        screen.type(":lsp-workspace-command wsgi-ls.verdict", "Enter")
        screen.wait("uWSGI: serves", "the verdict in the status line")
        screen.type(":quit-all", "Enter")
        screen.until("Helix to end", screen.has_ended)
        common.assert_toured(project)


def take(screen: Terminal, title: str, keys: list[str], picture: str | None = None) -> None:
    """Opens the menu of code actions, whose first one is chosen already, and takes the one to which the keys lead."""
    screen.press("Space", "a")
    screen.wait(title, "the menu of code actions")
    if picture:
        screen.picture(picture)
    screen.press(*keys, "Enter")


def main() -> int:
    parser = argparse.ArgumentParser(description="Drives a real Helix with wsgi-ls.")
    parser.add_argument("--server", type=pathlib.Path, required=True, help="the wsgi-ls program to test")
    options = parser.parse_args()
    stories = (is_told_of_every_kind, live_the_story, take_the_tour)

    def all_stories() -> None:
        server = common.server_of(options)
        for story in stories:
            story(server)

    return common.tell(all_stories)


if __name__ == "__main__":
    sys.exit(main())
