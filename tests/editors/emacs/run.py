#!/usr/bin/env python3
"""Drives a real Emacs with eglot and the real server: diagnostics, hover, quick fix, save.

    python3 tests/editors/emacs/run.py --server target/debug/wsgi-ls

Emacs comes from Debian. The settings are those of editors/emacs/README.md. It ends with 0 when everything was as it should be, else with 1.
"""

import argparse
import os
import pathlib
import subprocess
import sys

HERE = pathlib.Path(__file__).resolve().parent
sys.path.insert(0, str(HERE.parent))
import common  # noqa: E402
from common import Failed  # noqa: E402

TIME_LIMIT_SECONDS = 300


def live_the_story(server: pathlib.Path) -> None:
    emacs = common.program("emacs")
    with common.workshop("emacs") as (top, project):
        settings = top / "init.el"
        settings.write_text(common.told_by_readme("emacs", "elisp"), encoding="utf-8")
        app = project / common.APP
        wanted = common.guarded(app.read_text(encoding="utf-8"))
        # eglot takes the folder of the version control system for the project.
        (project / ".git").mkdir()
        environment = os.environ | common.private_home(top) | {
            "PATH": f"{common.programs(top, server)}{os.pathsep}{os.environ['PATH']}",
            "WSGI_LS_INIT": str(settings),
        }
        command = [emacs, "-Q", "--batch", "-l", str(HERE / "story.el"), str(app)]
        done = subprocess.run(command, env=environment, stdin=subprocess.DEVNULL, timeout=TIME_LIMIT_SECONDS)
        if done.returncode != 0:
            raise Failed(f"Emacs ended with status {done.returncode}; the reason stands above")
        common.assert_text(app, wanted)


def main() -> int:
    parser = argparse.ArgumentParser(description="Drives a real Emacs with wsgi-ls.")
    parser.add_argument("--server", type=pathlib.Path, required=True, help="the wsgi-ls program to test")
    options = parser.parse_args()
    return common.tell(lambda: live_the_story(common.server_of(options)))


if __name__ == "__main__":
    sys.exit(main())
