#!/usr/bin/env python3
"""Drives a real VS Code with the packaged extension and the real server through its first use.

    python3 tests/editors/vscode/run.py --server target/debug/wsgi-ls

VS Code comes as code-server from npm, runs in Debian's Chromium, and is driven by playwright; the first run installs all of it
into tests/.cache. The extension is made and installed by the steps of editors/vscode/README.md. story.mjs, tour.mjs and beside.mjs are the stories;
afterwards this script reads the files that VS Code saved. It ends with 0 when everything was as it should be, else with 1.

WSGI_LS_SCREENSHOTS=FOLDER keeps pictures.
"""

import argparse
import contextlib
import hashlib
import json
import os
import pathlib
import shutil
import signal
import socket
import subprocess
import sys
import zipfile

HERE = pathlib.Path(__file__).resolve().parent
sys.path.insert(0, str(HERE.parent))
import common  # noqa: E402
from common import Failed, run_or_fail  # noqa: E402
from readme import Readme  # noqa: E402

TIME_LIMIT_SECONDS = 900
STORIES = ["story", "tour", "beside"]
# An entry that binds the wrong name: the sample alone has no place for that finding.
SECOND_ENTRY = "from flask import Flask\n\nsite = Flask(__name__)\n"

SETTINGS = {
    "workbench.startupEditor": "none",
    "workbench.tips.enabled": False,
    "workbench.secondarySideBar.defaultVisibility": "hidden",
    "workbench.colorTheme": "Default Light Modern",
    "window.commandCenter": False,
    "chat.disableAIFeatures": True,
    "chat.commandCenter.enabled": False,
    "security.workspace.trust.enabled": False,
    "telemetry.telemetryLevel": "off",
    "extensions.autoUpdate": False,
    "extensions.autoCheckUpdates": False,
    "extensions.ignoreRecommendations": True,
    "git.enabled": False,
    "files.autoSave": "off",
    "editor.minimap.enabled": False,
    "editor.hover.delay": 200,
    "editor.codeActionsOnSave": {"source.fixAll.wsgi-ls": "explicit"},
}


# What happens on save beside ruff: its fixes alone.
ON_SAVE = {"source.fixAll.ruff": "explicit", "source.fixAll.wsgi-ls": "never"}


def code_server(environment: dict[str, str]) -> pathlib.Path:
    """The folder with code-server and playwright."""
    files = [HERE / name for name in ("package.json", "package-lock.json", ".npmrc")]

    def make(folder: pathlib.Path) -> None:
        for file in files:
            shutil.copy(file, folder)
        common.npm_install(folder, environment, "ci")
        code = folder / "node_modules" / "code-server" / "lib" / "vscode"
        for part in (code, code / "extensions"):
            common.npm_install(part, environment, "install", "--omit=dev")

    return common.installed("code-server", digest(files), make)


def digest(files: list[pathlib.Path]) -> str:
    return hashlib.sha256(b"".join(file.read_bytes() for file in files)).hexdigest()


def check(extension: pathlib.Path, environment: dict[str, str]) -> None:
    """The extension's types, and that its settings are the server's."""
    npm = ["npm", "run", "--silent"]
    run_or_fail(["node", "scripts/manifest.mjs", "--check"], "the settings differ", cwd=extension, env=environment)
    run_or_fail([*npm, "check"], "the extension has type errors", cwd=extension, env=environment)
    run_or_fail(["node", "--test", str(HERE / "locate.test.mjs")], "the server is not found where it is", cwd=extension, env=environment | {"WSGI_LS_EXTENSION": str(extension)})


def assert_carries_server(extension: pathlib.Path, top: pathlib.Path, environment: dict[str, str]) -> None:
    """A package for one platform holds the server as a program, and says for which platform it is. A script takes its place here."""
    vsix, server = top / "with-server.vsix", top / "starter"
    make = ["npm", "run", "--silent", "package", "--", "--out", str(vsix), "--target", "linux-x64", "--server", str(server)]
    run_or_fail(make, "no package for one platform can be made", cwd=extension, env=environment)
    with zipfile.ZipFile(vsix) as package:
        mode = package.getinfo("extension/server/wsgi-ls").external_attr >> 16
        manifest = package.read("extension.vsixmanifest").decode()
        names = package.namelist()
    if mode & 0o111 != 0o111 or 'TargetPlatform="linux-x64"' not in manifest:
        raise Failed(f"the package's server has the mode {mode:o}, and its manifest says\n{manifest}")
    # Open VSX wants a licence, a README and an icon in the package.
    for name in ("LICENSE.txt", "readme.md", "changelog.md", "images/icon.png"):
        if f"extension/{name}" not in names:
            raise Failed(f"the package holds no {name} but {names}")
    print("a package for one platform carries its server", flush=True)


def ruff(extension: pathlib.Path, top: pathlib.Path, environment: dict[str, str]) -> pathlib.Path:
    """The package of an extension that starts ruff's real server, which is put on the PATH of `environment`."""
    environment["PATH"] += f"{os.pathsep}{common.python_package('others', 'ruff==0.17.5 ty==0.0.104') / 'bin'}"
    source = top / "ruff"
    shutil.copytree(HERE / "ruff", source)
    (source / "LICENSE").write_text("MIT")
    modules = extension / "node_modules"
    bundle = [str(modules / ".bin" / "esbuild"), "extension.mjs", "--bundle", "--platform=node", "--format=cjs", "--external:vscode"]
    run_or_fail([*bundle, "--outfile=dist/extension.js"], "cannot bundle the client for ruff", cwd=source, env=environment | {"NODE_PATH": str(modules)})
    pack = [str(modules / ".bin" / "vsce"), "package", "--no-dependencies", "--allow-missing-repository", "--out", str(top / "ruff.vsix")]
    run_or_fail(pack, "cannot package the client for ruff", cwd=source, env=environment)
    return top / "ruff.vsix"


@contextlib.contextmanager
def running(command: list[str], environment: dict[str, str], log: pathlib.Path):
    """code-server, until the block is over."""
    with open(log, "wb") as output:
        process = subprocess.Popen(command, env=environment, stdin=subprocess.DEVNULL, stdout=output, stderr=output, start_new_session=True)
    try:
        yield process
    finally:
        for sign, seconds in ((signal.SIGTERM, 5), (signal.SIGKILL, 5)):
            # The group is this process and what it started.
            with contextlib.suppress(ProcessLookupError):
                os.killpg(process.pid, sign)
            with contextlib.suppress(subprocess.TimeoutExpired):
                process.wait(seconds)


def free_port() -> int:
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        return listener.getsockname()[1]


def live_the_stories(server: pathlib.Path, stories: list[str]) -> None:
    environment = os.environ | {"PATH": f"{common.node()}{os.pathsep}{os.environ['PATH']}"}
    # What an editor around this test leaves in the environment would make code-server talk to that one.
    environment = {name: value for name, value in environment.items() if not name.startswith("VSCODE_")}
    tools = code_server(environment)
    with common.workshop("vscode") as (top, project):
        tour = project.parent / "shop"
        shutil.copytree(common.TOUR / "before", tour)
        beside = beside_ruff(top)
        app, second = project / common.APP, project / "var_www" / "api_pythonanywhere_com_wsgi.py"
        wanted = common.guarded(app.read_text(encoding="utf-8"))
        data = top / "data"
        for kind in ("User", "Machine"):
            (data / kind).mkdir(parents=True)
        (data / "User" / "settings.json").write_text(json.dumps(SETTINGS))
        entry = str(tools / "node_modules" / "code-server" / "out" / "node" / "entry.js")
        folders = ["--user-data-dir", str(data), "--extensions-dir", str(top / "extensions")]
        code = top / "programs" / "code"
        code.parent.mkdir()
        code.write_text(f'#!/bin/sh\nexec node "{entry}" --user-data-dir "{data}" --extensions-dir "{top}/extensions" "$@"\n')
        code.chmod(0o755)
        cache = {"npm_config_cache": str(common.CACHE / "npm")}
        clone, variables = Readme("vscode").follow(top, server, common.private_home(top) | cache | {"PATH": environment["PATH"]})
        environment |= variables
        extension = clone / "editors" / "vscode"
        print(f"the package without a server has {(extension / 'wsgi-ls.vsix').stat().st_size / 1024:.0f} KiB", flush=True)
        check(extension, environment)
        assert_carries_server(extension, top, environment)
        if "beside" in stories:
            vsix = ruff(extension, top, environment)
            run_or_fail([str(code), "--install-extension", str(vsix)], "the client for ruff cannot be installed", env=environment)
        # VS Code asks the user's login shell for the PATH.
        (pathlib.Path(environment["HOME"]) / ".profile").write_text(f"export PATH='{environment['PATH']}'\n")
        environment["SHELL"] = "/bin/bash"
        port = free_port()
        quiet = ["--disable-telemetry", "--disable-update-check", "--disable-workspace-trust", "--disable-getting-started-override"]
        command = ["node", entry, *folders, "--auth", "none", "--bind-addr", f"127.0.0.1:{port}", "--ignore-last-opened", *quiet]
        log = top / "code-server.log"
        told = {
            "url": f"http://127.0.0.1:{port}",
            "chromium": common.program("chromium"),
            "tools": str(tools),
            "top": str(top),
            "stories": stories,
            "project": str(project),
            "tour": str(tour),
            "beside": str(beside),
            "app": str(app),
            "entry": str(project / common.ENTRY),
            "second": str(second),
            "secondText": SECOND_ENTRY,
            "procfile": str(project / "Procfile"),
            "wanted": wanted,
            "move": common.MOVE,
            "onSave": ON_SAVE,
            "keep": "Bind it in a statement: `application = app`",
            "pidFile": str(top / "server.pid"),
            "machineSettings": str(data / "Machine" / "settings.json"),
            "screenshots": str(common.screenshots() or ""),
        }
        with running(command, environment, log):
            driven = subprocess.run(["node", str(HERE / "main.mjs"), json.dumps(told)], env=environment, timeout=TIME_LIMIT_SECONDS)
        if driven.returncode != 0:
            print("--- code-server's log\n" + log.read_text(errors="replace")[-3000:])
            raise Failed("VS Code did not do what the story says; the reason stands above")
        if "story" in stories:
            common.assert_text(app, wanted)
            common.assert_text(second, SECOND_ENTRY + "application = site\n")
        if "tour" in stories:
            common.assert_toured(tour)


def beside_ruff(top: pathlib.Path) -> pathlib.Path:
    """A project whose application looks like an unused import, and that lets ruff remove those on save."""
    project = top / "a site by é" / "beside"
    (project / ".vscode").mkdir(parents=True)
    (project / ".vscode" / "settings.json").write_text(json.dumps({"editor.codeActionsOnSave": ON_SAVE}))
    (project / "ruff.toml").write_text("line-length = 100\n")
    (project / "flask_app.py").write_text("from flask import Flask\n\napp = Flask(__name__)\n")
    (project / "wsgi.py").write_text("from flask_app import app as application\n")
    return project


def main() -> int:
    parser = argparse.ArgumentParser(description="Drives a real VS Code with wsgi-ls.")
    parser.add_argument("--server", type=pathlib.Path, required=True, help="the wsgi-ls program to test")
    parser.add_argument("--story", action="append", choices=STORIES, help="only this one; may be given several times")
    options = parser.parse_args()
    return common.tell(lambda: live_the_stories(common.server_of(options), options.story or STORIES))


if __name__ == "__main__":
    sys.exit(main())
