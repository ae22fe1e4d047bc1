#!/usr/bin/env python3
"""Drives a real VS Code with the packaged extension and the real server through its first use.

    python3 tests/editors/vscode/run.py --server target/debug/wsgi-ls

VS Code comes as code-server from npm, runs in Debian's Chromium, and is driven by playwright; the first run installs all of it
into tests/.cache. The extension is checked, bundled and packaged as for a release, with a server in it. story.mjs is the story;
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
import urllib.request

HERE = pathlib.Path(__file__).resolve().parent
sys.path.insert(0, str(HERE.parent))
import common  # noqa: E402
from common import Failed, run_or_fail  # noqa: E402

EXTENSION = common.REPOSITORY / "editors" / "vscode"
TIME_LIMIT_SECONDS = 400
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


def package(environment: dict[str, str], top: pathlib.Path, server: pathlib.Path) -> pathlib.Path:
    """The extension's package for this platform, with a script in it that starts `server`."""

    def make(_: pathlib.Path) -> None:
        common.npm_install(EXTENSION, environment, "ci")

    # The stamp lies beside what it is about: a new clone has neither.
    if not (EXTENSION / "node_modules").is_dir():
        shutil.rmtree(common.CACHE / "vscode-extension", ignore_errors=True)
    common.installed("vscode-extension", digest([EXTENSION / "package-lock.json"]), make)
    run_or_fail(["node", "scripts/manifest.mjs", "--check"], "the settings differ", cwd=EXTENSION, env=environment)
    run_or_fail(["node", "node_modules/typescript/bin/tsc", "--noEmit"], "the extension has type errors", cwd=EXTENSION, env=environment)
    starter = top / "starter"
    # The story ends the server, so it wants to know which process that is.
    starter.write_text(f'#!/bin/sh\necho $$ > "{top}/server.pid"\nexec "{server}" "$@"\n')
    vsix = top / "wsgi-ls.vsix"
    make_package = ["node", "scripts/package.mjs", "--out", str(vsix), "--target", "linux-x64", "--server", str(starter)]
    run_or_fail(make_package, "the extension cannot be packaged", cwd=EXTENSION, env=environment)
    print(f"the package without a server has {vsix.stat().st_size / 1024:.0f} KiB", flush=True)
    return vsix


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


def live_the_story(server: pathlib.Path) -> None:
    environment = os.environ | {"PATH": f"{common.node()}{os.pathsep}{os.environ['PATH']}"}
    # What an editor around this test leaves in the environment would make code-server talk to that one.
    environment = {name: value for name, value in environment.items() if not name.startswith("VSCODE_")}
    chromium = common.program("chromium")
    tools = code_server(environment)
    with common.workshop("vscode") as (top, project):
        vsix = package(environment, top, server)
        second = project / "var_www" / "api_pythonanywhere_com_wsgi.py"
        app = project / common.APP
        wanted = common.guarded(app.read_text(encoding="utf-8"))
        data = top / "data"
        for kind in ("User", "Machine"):
            (data / kind).mkdir(parents=True)
        (data / "User" / "settings.json").write_text(json.dumps(SETTINGS))
        environment |= common.private_home(top)
        entry = str(tools / "node_modules" / "code-server" / "out" / "node" / "entry.js")
        folders = ["--user-data-dir", str(data), "--extensions-dir", str(top / "extensions")]
        run_or_fail(["node", entry, *folders, "--install-extension", str(vsix)], "the package cannot be installed", env=environment)
        port = free_port()
        quiet = ["--disable-telemetry", "--disable-update-check", "--disable-workspace-trust", "--disable-getting-started-override"]
        command = ["node", entry, *folders, "--auth", "none", "--bind-addr", f"127.0.0.1:{port}", "--ignore-last-opened", *quiet]
        log = top / "code-server.log"
        told = {
            "url": f"http://127.0.0.1:{port}",
            "chromium": chromium,
            "tools": str(tools),
            "top": str(top),
            "project": str(project),
            "app": str(app),
            "entry": str(project / common.ENTRY),
            "second": str(second),
            "secondText": SECOND_ENTRY,
            "procfile": str(project / "Procfile"),
            "wanted": wanted,
            "pidFile": str(top / "server.pid"),
            "machineSettings": str(data / "Machine" / "settings.json"),
            "screenshots": str(common.screenshots() or ""),
        }
        with running(command, environment, log):
            story = subprocess.run(["node", str(HERE / "story.mjs"), json.dumps(told)], env=environment, timeout=TIME_LIMIT_SECONDS)
        if story.returncode != 0:
            print("--- code-server's log\n" + log.read_text(errors="replace")[-3000:])
            raise Failed("VS Code did not do what the story says; the reason stands above")
        common.assert_text(app, wanted)
        common.assert_text(second, SECOND_ENTRY + "application = site\n")


def main() -> int:
    parser = argparse.ArgumentParser(description="Drives a real VS Code with wsgi-ls.")
    parser.add_argument("--server", type=pathlib.Path, required=True, help="the wsgi-ls program to test")
    options = parser.parse_args()
    return common.tell(lambda: live_the_story(common.server_of(options)))


if __name__ == "__main__":
    sys.exit(main())
