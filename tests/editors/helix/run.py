#!/usr/bin/env python3
"""Drives a real Helix in a terminal of tmux, with the configuration of editors/helix and the real server.

    python3 tests/editors/helix/run.py --server target/debug/wsgi-ls

Helix comes from Debian, unpacked into tests/.cache. This script presses the keys that its user presses and reads the screen. It ends with 0
when everything was as it should be, else with 1. WSGI_LS_SCREENSHOTS=FOLDER keeps pictures.
"""

import argparse
import os
import pathlib
import shutil
import sys

HERE = pathlib.Path(__file__).resolve().parent
sys.path.insert(0, str(HERE.parent))
import common  # noqa: E402
from common import Failed  # noqa: E402
from terminal import Terminal  # noqa: E402

LANGUAGES = common.REPOSITORY / "editors" / "helix" / "languages.toml"
RULE = "server-started-at-import"
FIX = "Put `app.run()` under `if __name__"


def helix(top: pathlib.Path) -> pathlib.Path:
    """A program `hx` that starts Helix with the libraries that came with it."""
    root = common.debian_package("helix", "trixie", "hx")
    loader = root / "usr" / "lib64" / "ld-linux-x86-64.so.2"
    program = top / "programs" / "hx"
    program.write_text(
        f'#!/bin/sh\nexport HELIX_RUNTIME="{root}/usr/lib/hx/runtime"\n'
        f'exec "{loader}" --library-path "{root}/usr/lib/x86_64-linux-gnu" "{root}/usr/lib/hx/hx" "$@"\n'
    )
    program.chmod(0o755)
    return program


def live_the_story(server: pathlib.Path) -> None:
    with common.workshop("helix") as (top, project):
        folder = common.programs(top, server)
        program = helix(top)
        variables = common.private_home(top)
        settings = pathlib.Path(variables["XDG_CONFIG_HOME"]) / "helix"
        settings.mkdir()
        # What the README tells people to do: one file, as it is.
        shutil.copy(LANGUAGES, settings)
        app = project / common.APP
        wanted = common.guarded(app.read_text(encoding="utf-8"))
        line = wanted.split("if __name__")[0].count("\n") + 1
        variables["PATH"] = f"{folder}{os.pathsep}{os.environ['PATH']}"
        log = top / "helix.log"
        with Terminal([str(program), "-v", "--log", str(log), str(common.APP)], project, variables) as screen:
            try:
                drive(screen, app, wanted, line)
            except Failed:
                if log.exists():
                    print("--- Helix's log\n" + log.read_text(errors="replace")[-3000:])
                raise
        common.assert_text(app, wanted)


def drive(screen: Terminal, app: pathlib.Path, wanted: str, line: int) -> None:
    screen.wait("from flask import Flask", "the file")
    screen.type(f":{line}", "Enter")
    screen.wait("starts Flask's development server while PythonAnywhere imports", "the finding under its line")
    screen.picture("helix-finding")
    # The list of all files' findings, each with the file that it is in.
    screen.press("Space", "D")
    screen.wait("1/1", "the list of findings")
    screen.press("Escape")
    screen.press("Space", "k")
    screen.wait("the import of the app starts a server of its own", "the hover")
    screen.picture("helix-hover")
    screen.press("Escape")
    screen.press("Space", "a")
    screen.wait(FIX, "the menu of code actions")
    screen.picture("helix-fix")
    screen.press("Enter")
    screen.until("the fix in the buffer", lambda: f'{line}  if __name__ == "__main__":' in screen.text())
    screen.type(":w", "Enter")
    screen.until("the file to be saved", lambda: common.holds(app, wanted))
    screen.until("the finding to go", lambda: "starts Flask's development server" not in screen.text())
    # Commands of the server by their names, for editors without code lenses.
    screen.press("u")
    screen.wait("starts Flask's development server", "the finding after an undo")
    screen.type(":lsp-workspace-command wsgi-ls.verdict", "Enter")
    screen.wait("visitors get 502 Bad Gateway", "the verdict in the status line")
    screen.type(":lsp-workspace-command wsgi-ls.fixAll", "Enter")
    screen.until("the finding to go", lambda: "starts Flask's development server" not in screen.text())
    screen.type(":w", "Enter")
    screen.until("the file to be saved", lambda: common.holds(app, wanted))
    # A server that ended is started anew.
    screen.type(":lsp-restart", "Enter")
    screen.press("u")
    screen.wait("starts Flask's development server", "the finding after a restart")
    screen.type(":q!", "Enter")


def main() -> int:
    parser = argparse.ArgumentParser(description="Drives a real Helix with wsgi-ls.")
    parser.add_argument("--server", type=pathlib.Path, required=True, help="the wsgi-ls program to test")
    options = parser.parse_args()
    return common.tell(lambda: live_the_story(common.server_of(options)))


if __name__ == "__main__":
    sys.exit(main())
