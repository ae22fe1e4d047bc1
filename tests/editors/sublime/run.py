#!/usr/bin/env python3
"""Starts the server as Sublime Text's package LSP does with the settings of editors/sublime, and waits for the finding of the sample.

    python3 tests/editors/sublime/run.py --server target/debug/wsgi-ls

Sublime Text itself cannot be had without its own repository and a licence, so this is its side of the protocol: the client's name, the command, the
selector, and dotted settings, which it hands out when the server asks for the section `wsgi-ls`. It ends with 0 when everything was as it should be,
else with 1.
"""

import argparse
import json
import os
import pathlib
import re
import subprocess
import sys

HERE = pathlib.Path(__file__).resolve().parent
sys.path.insert(0, str(HERE.parent))
import common  # noqa: E402
from common import Failed  # noqa: E402
from readme import Readme  # noqa: E402

SETTINGS = common.REPOSITORY / "editors" / "sublime" / "LSP.sublime-settings"


class Client:
    """One session over a server's standard input and output."""

    def __init__(self, command: list[str], folder: pathlib.Path, environment: dict[str, str], settings: dict):
        self.settings = settings
        self.server = subprocess.Popen(command, cwd=folder, env=environment, stdin=subprocess.PIPE, stdout=subprocess.PIPE)

    def send(self, message: dict) -> None:
        body = json.dumps({"jsonrpc": "2.0"} | message).encode()
        self.server.stdin.write(b"Content-Length: %d\r\n\r\n%s" % (len(body), body))
        self.server.stdin.flush()

    def receive(self) -> dict:
        length = None
        while (line := self.server.stdout.readline().strip()) or length is None:
            if not line:
                raise Failed("the server ended")
            if line.lower().startswith(b"content-length"):
                length = int(line.split(b":")[1])
        return json.loads(self.server.stdout.read(length))

    def until(self, wanted) -> dict:
        """The first message that is wanted; what the server asks meanwhile is answered."""
        while True:
            message = self.receive()
            if "method" in message and "id" in message:
                items = message.get("params", {}).get("items", [])
                self.send({"id": message["id"], "result": [self.section(item.get("section", "")) for item in items] or None})
            elif wanted(message):
                return message

    def section(self, name: str):
        """What stands below a dotted name, as the package's DottedDict gives it."""
        inside = {key.removeprefix(f"{name}."): value for key, value in self.settings.items() if key.startswith(f"{name}.")}
        return inside or None


def live_the_story(server: pathlib.Path) -> None:
    text = SETTINGS.read_text(encoding="utf-8")
    # The line that is commented out is the example of a setting; here somebody uses it.
    client = json.loads(re.sub(r"^\s*// (?=\")|^\s*//.*$", "", text, flags=re.MULTILINE))["clients"]["wsgi-ls"]
    with common.workshop("sublime") as (top, project):
        _, variables = Readme("sublime").follow(top, server, common.private_home(top))
        session = Client(client["command"], project, os.environ | variables, client["settings"])
        root, app = project.as_uri(), project / common.APP
        capabilities = {"workspace": {"configuration": True, "workspaceFolders": True}}
        folders = [{"uri": root, "name": project.name}]
        session.send({"id": 1, "method": "initialize", "params": {"processId": None, "rootUri": root, "workspaceFolders": folders, "capabilities": capabilities}})
        session.until(lambda message: message.get("id") == 1)
        session.send({"method": "initialized", "params": {}})
        document = {"uri": app.as_uri(), "languageId": "python", "version": 1, "text": app.read_text(encoding="utf-8")}
        session.send({"method": "textDocument/didOpen", "params": {"textDocument": document}})

        def tells(message: dict) -> bool:
            found = message.get("params", {}).get("diagnostics", []) if message.get("method") == "textDocument/publishDiagnostics" else []
            # The setting names uWSGI instead of the host that the entry's name tells of.
            return any(one["code"] == "server-started-at-import" and "while uWSGI imports" in one["message"] for one in found)

        session.until(tells)
        print("the finding, with the setting taken into account", flush=True)
        session.send({"id": 2, "method": "shutdown"})
        session.until(lambda message: message.get("id") == 2)
        session.send({"method": "exit"})
        if session.server.wait(60) != 0:
            raise Failed("the server does not end well")


def main() -> int:
    parser = argparse.ArgumentParser(description="Starts wsgi-ls with the settings for Sublime Text.")
    parser.add_argument("--server", type=pathlib.Path, required=True, help="the wsgi-ls program to test")
    options = parser.parse_args()
    return common.tell(lambda: live_the_story(common.server_of(options)))


if __name__ == "__main__":
    sys.exit(main())
