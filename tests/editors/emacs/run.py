#!/usr/bin/env python3
"""Drives a real Emacs with eglot and the real server: diagnostics, hover, quick fix, save.

    python3 tests/editors/emacs/run.py --server target/debug/wsgi-ls

Emacs comes from Debian and is set up by the steps of editors/emacs/README.md. It ends with 0 when everything was as it should be, else with 1.
"""

import argparse
import contextlib
import os
import pathlib
import subprocess
import sys

HERE = pathlib.Path(__file__).resolve().parent
sys.path.insert(0, str(HERE.parent))
import common  # noqa: E402
from common import Failed  # noqa: E402
from readme import Readme  # noqa: E402
from terminal import Terminal  # noqa: E402

TIME_LIMIT_SECONDS = 300


@contextlib.contextmanager
def site(server: pathlib.Path):
    """A project, the variables of a user who set Emacs up as the README says, and the file of settings."""
    with common.workshop("emacs") as (top, project):
        readme = Readme("emacs")
        _, variables = readme.follow(top, server, common.private_home(top))
        settings = top / "init.el"
        settings.write_text(readme.code("elisp"), encoding="utf-8")
        # eglot takes the folder of the version control system for the project.
        (project / ".git").mkdir()
        yield project, variables | {"WSGI_LS_INIT": str(settings)}


def live_the_story(server: pathlib.Path) -> None:
    with site(server) as (project, variables):
        app = project / common.APP
        wanted = common.guarded(app.read_text(encoding="utf-8"))
        command = [common.program("emacs"), "-Q", "--batch", "-l", str(HERE / "story.el"), str(app)]
        done = subprocess.run(command, env=os.environ | variables, stdin=subprocess.DEVNULL, timeout=TIME_LIMIT_SECONDS)
        if done.returncode != 0:
            raise Failed(f"Emacs ended with status {done.returncode}; the reason stands above")
        common.assert_text(app, wanted)


def look_at_the_screen(server: pathlib.Path) -> None:
    """The same with Emacs's own keys in a terminal."""
    with site(server) as (project, variables):
        app = project / common.APP
        wanted = common.guarded(app.read_text(encoding="utf-8"))
        command = [common.program("emacs"), "-nw", "-Q", "-l", str(HERE / "screen.el"), str(common.APP)]
        with Terminal(command, project, variables) as screen:
            screen.wait("A guest book", "the file")
            screen.press("M-x")
            screen.type("eglot", "Enter")
            screen.wait("eglot:flask_on_pythonanywhere", "the server in the mode line")
            screen.press("M->", "Up")
            screen.wait("starts Flask's development server", "the finding under the cursor")
            screen.press("C-h", ".")
            screen.wait("the import of the app starts a server of its own", "the explanation")
            screen.picture("emacs-hover")
            screen.press("M-x")
            screen.type("eglot-code-actions", "Enter")
            screen.wait("Put `app.run()` under", "the menu of code actions")
            screen.press("Enter")
            screen.wait('if __name__ == "__main__":', "the fix in the buffer")
            screen.press("C-x", "C-s")
            screen.until("the file to be saved", lambda: common.holds(app, wanted))


def main() -> int:
    parser = argparse.ArgumentParser(description="Drives a real Emacs with wsgi-ls.")
    parser.add_argument("--server", type=pathlib.Path, required=True, help="the wsgi-ls program to test")
    options = parser.parse_args()

    def all_stories() -> None:
        server = common.server_of(options)
        live_the_story(server)
        look_at_the_screen(server)

    return common.tell(all_stories)


if __name__ == "__main__":
    sys.exit(main())
