#!/usr/bin/env python3
"""Moves work of real apps to background tasks, through the language server, and runs what comes out.

    python3 tests/background/run.py --server target/debug/wsgi-ls [--only WORD] [--keep]

For each app under apps/: real uWSGI kills its slow handler; a language server that is spoken to over its standard streams
offers the refactoring, which is applied as an editor does it; what the offer says is left to do is done, word for word; the
same uWSGI then answers 202, the real worker does the work, and the status route answers what the handler should have.
Ends with 0 when all of it happened, else with 1 and lines that start with FAILED. setup.sh installs what it needs.
"""

import argparse
import concurrent.futures
import contextlib
import http.client
import itertools
import json
import os
import pathlib
import re
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import threading
import time
import urllib.parse

HERE = pathlib.Path(__file__).resolve().parent
CACHE = HERE.parent / ".cache" / "background"
HOSTING = pathlib.Path(os.environ.get("HOSTING_CACHE", HERE.parent / ".cache" / "hosting")).resolve()
LIMIT = 3  # seconds a request may take; the handlers take five
PATIENCE = 90  # seconds after which a test that waits has failed

# What is selected in which file: the lines from one that holds the first text to one that holds the second; or the cursor
# in the first text, when there is no second.
STATEMENTS = ("time.sleep(seconds)", "tons = [")
APPS = {
    "flask_huey": ("wsgi.py", *STATEMENTS),
    "flask_rq": ("wsgi.py", *STATEMENTS),
    "flask_celery": ("wsgi.py", *STATEMENTS),
    "flask_dramatiq": ("wsgi.py", *STATEMENTS),
    "flask_celery_at_work": ("farm/fields.py", "harvest_in(field, float", None),
    "django_huey": ("fields/views.py", *STATEMENTS),
    "django_q": ("fields/views.py", *STATEMENTS),
    "django_tasks": ("fields/views.py", *STATEMENTS),
    "django_tasks_backport": ("fields/views.py", *STATEMENTS),
}
NEEDS_DJANGO_6 = {"django_tasks"}


class Failed(Exception):
    """Something is not as it should be; the message says what."""


class Server:
    """The language server, and a client that knows one folder."""

    def __init__(self, binary, folder, log):
        self.process = subprocess.Popen([binary, "lsp"], stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=log, cwd=folder,
                                        env={"PATH": "/usr/bin:/bin", "HOME": str(folder)})
        self.ids = itertools.count(1)
        self.messages = []
        edits = {"documentChanges": True, "resourceOperations": ["create"]}
        self.request("initialize", {
            "capabilities": {"workspace": {"workspaceEdit": edits}, "textDocument": {"codeAction": {"disabledSupport": True}}},
            "workspaceFolders": [{"uri": folder.as_uri(), "name": folder.name}],
        })
        self.notify("initialized", {})

    def send(self, message):
        """Send one message."""
        body = json.dumps({"jsonrpc": "2.0", **message}).encode()
        self.process.stdin.write(b"Content-Length: %d\r\n\r\n" % len(body) + body)
        self.process.stdin.flush()

    def notify(self, method, params):
        """Send a notification."""
        self.send({"method": method, "params": params})

    def request(self, method, params):
        """Send a request and wait for its result; what else comes meanwhile is kept."""
        wanted = next(self.ids)
        self.send({"id": wanted, "method": method, "params": params})
        while True:
            message = self.read()
            if "method" in message:
                if "id" in message:
                    self.send({"id": message["id"], "result": None})
                self.messages.append(message)
            elif message.get("id") == wanted:
                if "error" in message:
                    raise Failed(f"{method}: {message['error']}")
                return message["result"]

    def read(self):
        """Wait for one message."""
        length = 0
        while line := self.process.stdout.readline().strip():
            name, _, value = line.partition(b": ")
            if name == b"Content-Length":
                length = int(value)
        if not length:
            raise Failed("the language server is gone")
        return json.loads(self.process.stdout.read(length))

    def refactor(self, path, first, last):
        """Select, ask for the actions, run the one that moves work; returns its edit and what people are told."""
        text = path.read_text()
        lines = text.split("\n")
        place = next(at for at, line in enumerate(lines) if first in line)
        start = {"line": place, "character": lines[place].index(first) if last is None else 0}
        until = next(at for at, line in enumerate(lines) if (last or first) in line)
        end = start if last is None else {"line": until, "character": len(lines[until])}
        document = {"uri": path.as_uri()}
        self.notify("textDocument/didOpen", {"textDocument": {**document, "languageId": "python", "version": 1, "text": text}})
        actions = self.request("textDocument/codeAction", {
            "textDocument": document, "range": {"start": start, "end": end}, "context": {"diagnostics": [], "only": ["refactor"]},
        })
        if len(actions) != 1 or "disabled" in actions[0]:
            raise Failed(f"the refactoring is not offered: {json.dumps(actions)[:600]}")
        action = actions[0]
        self.request("workspace/executeCommand", {key: action["command"][key] for key in ("command", "arguments")})
        while True:
            for message in self.messages:
                if message["method"] == "window/showMessage":
                    return action, message["params"]["message"]
            self.messages.append(self.read())

    def stop(self):
        """Say goodbye."""
        self.request("shutdown", None)
        self.notify("exit", None)
        if self.process.wait(PATIENCE) != 0:
            raise Failed(f"the language server ended with {self.process.returncode}")


def apply(edit):
    """Apply a workspace edit to the files, as an editor that saves everything."""
    created = set()
    for change in edit["documentChanges"]:
        if change.get("kind") == "create":
            path = path_of(change["uri"])
            if path.exists():
                raise Failed(f"{path} exists and is to be created")
            path.write_text("")
            created.add(path)
            continue
        path = path_of(change["textDocument"]["uri"])
        text = path.read_text()
        starts = list(itertools.accumulate((len(line) for line in text.splitlines(keepends=True)), initial=0))
        # A line behind the last one is the end of the file, as the protocol says.
        at = lambda position: starts[position["line"]] + position["character"] if position["line"] < len(starts) else len(text)
        edits = [(at(one["range"]["start"]), at(one["range"]["end"]), order, one["newText"])
                 for order, one in enumerate(change["edits"])]
        for start, end, _, new in sorted(edits, reverse=True):
            text = text[:start] + new + text[end:]
        path.write_text(text)
    return created


def path_of(uri):
    """The path of a file's URI."""
    return pathlib.Path(urllib.parse.unquote(urllib.parse.urlsplit(uri).path))


class UnixConnection(http.client.HTTPConnection):
    """HTTP over a Unix socket: nothing else on this machine can have it."""

    def __init__(self, path):
        super().__init__("localhost", timeout=PATIENCE)
        self.path = path

    def connect(self):
        """Connect to the socket's path instead of a port."""
        self.sock = socket.socket(socket.AF_UNIX)
        self.sock.settimeout(self.timeout)
        self.sock.connect(str(self.path))


class Site:
    """One app in a folder of its own, with its processes."""

    def __init__(self, name, work, redis_port, database):
        self.name, self.work = name, work
        self.home = work / "site"
        shutil.copytree(HERE / "apps" / name, self.home, ignore=shutil.ignore_patterns("__pycache__"))
        self.venv = CACHE / ("django6" if name in NEEDS_DJANGO_6 else "venv")
        redis = f"redis://127.0.0.1:{redis_port}/{database}"
        self.environment = {
            "PATH": f"{self.venv}/bin:/usr/bin:/bin", "HOME": str(work), "LANG": "C.UTF-8", "PYTHONUNBUFFERED": "1",
            "REDIS_URL": redis, "RQ_REDIS_URL": redis, "TMPDIR": str(work),
        }
        self.processes = contextlib.ExitStack()

    def start(self, label, command):
        """Start a process in the site's folder; it ends together with the site, and all its children do."""
        log = self.work / f"{label}.log"
        with open(log, "ab") as out:
            process = subprocess.Popen(command, cwd=self.home, env=self.environment, stdin=subprocess.DEVNULL, stdout=out, stderr=out,
                                       start_new_session=True)
        self.processes.callback(end, process)
        return log

    def run(self, command):
        """Run a command line to its end."""
        done = subprocess.run(command, shell=True, cwd=self.home, env=self.environment, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE,
                              stderr=subprocess.STDOUT, text=True)
        if done.returncode:
            raise Failed(f"`{command}` ended with {done.returncode}\n{done.stdout[-3000:]}")

    @contextlib.contextmanager
    def served(self, label):
        """The app under uWSGI."""
        uwsgi = self.venv / "bin" / "uwsgi"
        uwsgi = uwsgi if uwsgi.exists() else HOSTING / "venv" / "bin" / "uwsgi"
        wsgi = "farm.wsgi" if (self.home / "manage.py").exists() else "wsgi"
        self.socket = self.work / f"{label}.sock"
        with contextlib.ExitStack() as stack:
            stack.enter_context(self.processes)
            log = self.start(label, [uwsgi, "--master", "--processes", "1", "--http-socket", self.socket, "--harakiri", str(LIMIT),
                                     "--die-on-term", "--home", self.venv, "--pythonpath", self.home, "--module", wsgi])
            self.wait_for(f"uWSGI ({log.name})", lambda: self.get("/")[0] == 200, log)
            yield log

    def wait_for(self, what, condition, log):
        """Wait until a condition holds."""
        deadline = time.monotonic() + PATIENCE
        while True:
            with contextlib.suppress(OSError, http.client.HTTPException):
                if condition():
                    return
            if time.monotonic() > deadline:
                raise Failed(f"waited in vain for {what}\n{log.read_text(errors='replace')[-3000:]}")
            time.sleep(0.1)

    def get(self, path, data=None):
        """One request: the status and the body, read as JSON where it is JSON."""
        connection = UnixConnection(self.socket)
        try:
            headers = {"Content-Type": "application/x-www-form-urlencoded"} if data else {}
            connection.request("POST" if data else "GET", path, urllib.parse.urlencode(data) if data else None, headers)
            answer = connection.getresponse()
            body = answer.read().decode(errors="replace")
        finally:
            connection.close()
        return answer.status, json.loads(body) if answer.getheader("Content-Type", "").startswith("application/json") else body

    def is_killed(self):
        """The slow handler is killed at the limit."""
        if (self.home / "manage.py").exists():
            self.run("python manage.py migrate")
        with self.served("before") as log:
            try:
                status, body = self.get("/harvest", {"field": "north"})
                raise Failed(f"the slow handler answered {status} {body}")
            except (http.client.HTTPException, ConnectionError):
                pass
            self.wait_for("the kill in uWSGI's log", lambda: "HARAKIRI" in log.read_text(errors="replace"), log)

    def is_moved(self, binary):
        """The refactoring is offered and applied; returns what people are told."""
        file, first, last = APPS[self.name]
        with open(self.work / "lsp.log", "wb") as log:
            server = Server(binary, self.home, log)
            try:
                action, told = server.refactor(self.home / file, first, last)
                created = apply(action["edit"])
                server.stop()
            finally:
                server.process.kill()
        if not created and self.name != "flask_celery_at_work":
            raise Failed("no module of tasks was created")
        # What was formatted before is formatted after; nothing uses a name that is not there.
        for arguments in (["format", "--check", "--diff"], ["check", "--select", "E9,F811,F821,I"]):
            done = subprocess.run([CACHE / "venv" / "bin" / "ruff", *arguments, "--isolated", "--no-cache", "."], cwd=self.home,
                                  stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True)
            if done.returncode:
                raise Failed(f"ruff {arguments[0]} finds\n{done.stdout}")
        return told

    def works(self, told):
        """What people are told to do makes the app work."""
        for command in re.findall(r"Run `([^`]+)` once", told):
            self.run(command)
        worker = re.search(r"Start its worker[^`]*(?:`[^`]+`)? with `([^`]+)`", told)
        if not worker:
            raise Failed(f"no worker is named: {told}")
        with self.served("after") as log:
            worker_log = self.start("worker", ["bash", "-c", f"exec {worker[1]}"])
            jobs = {}
            for label, data in (("good", {"field": "north"}), ("bad", {"field": "south", "seconds": "-1"})):
                status, body = self.get("/harvest", data)
                if status != 202 or set(body) != {"job", "status"}:
                    raise Failed(f"the handler answers {status} {str(body)[:2000]}")
                jobs[label] = body["status"]
            first = self.get(jobs["good"])
            if first[0] not in (200, 202):
                raise Failed(f"the status route answers {first[0]} {str(first[1])[:2000]}\n{tail(log)}")
            answers = {}
            for label, path in jobs.items():
                self.wait_for(f"the {label} job", lambda: self.get(path)[0] != 202, worker_log)
                answers[label] = self.get(path)
            good = (200, {"field": "north", "tons": 12, "best": 6})
            if answers["good"] != good:
                raise Failed(f"the good job gives {answers['good']}\n{tail(worker_log)}")
            if answers["bad"] != (500, {"status": "failed"}):
                raise Failed(f"the bad job gives {answers['bad']}\n{tail(worker_log)}")
            if self.get(jobs["good"]) != good:
                raise Failed("the result is gone after it was fetched once")
            if "HARAKIRI" in log.read_text(errors="replace"):
                raise Failed("a request was killed again")


def tail(log):
    """The end of a log."""
    return log.read_text(errors="replace")[-3000:]


def end(process):
    """End a process and all that belong to its group."""
    with contextlib.suppress(ProcessLookupError):
        os.killpg(process.pid, signal.SIGKILL)
    process.wait()


def redis_server(folder):
    """Redis for this test alone, on a port that nobody has; returns the process and the port."""
    for _ in range(5):
        with socket.socket() as probe:
            probe.bind(("127.0.0.1", 0))
            port = probe.getsockname()[1]
        process = subprocess.Popen(["redis-server", "--port", str(port), "--bind", "127.0.0.1", "--save", "", "--dir", folder],
                                   stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        deadline = time.monotonic() + PATIENCE
        while process.poll() is None and time.monotonic() < deadline:
            with contextlib.suppress(OSError), socket.create_connection(("127.0.0.1", port), 1):
                return process, port
            time.sleep(0.05)
        process.kill()
    raise Failed("redis-server does not start")


def try_app(name, binary, folder, port, database, say):
    """Run one app through it all; returns the reason when something fails."""
    site = Site(name, folder / name, port, database)
    started = time.monotonic()
    try:
        site.is_killed()
        say(f"{name}: killed at {LIMIT} s")
        told = site.is_moved(binary)
        say(f"{name}: {told}")
        site.works(told)
        say(f"{name}: 202, then the result, after {time.monotonic() - started:.0f} s in all")
    except Failed as problem:
        return f"FAILED {name}: {problem}"
    except Exception as problem:  # whatever it is, the other apps go on and this one has failed
        return f"FAILED {name}: {type(problem).__name__}: {problem}"
    return None


def main():
    """Run the apps, several at once: most of them wait."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--server", type=pathlib.Path, required=True, help="the wsgi-ls program")
    parser.add_argument("--only", metavar="WORD", action="append", default=[], help="only apps whose name holds WORD")
    parser.add_argument("--keep", type=pathlib.Path, help="work in this folder, and leave it")
    options = parser.parse_args()
    names = [name for name in APPS if not options.only or any(word in name for word in options.only)]
    if not (CACHE / "django6").exists():
        for name in sorted(NEEDS_DJANGO_6 & set(names)):
            print(f"note: {name} is left out, because there is no Python for Django 6", flush=True)
            names.remove(name)
    if not names:
        print("there is no such app", file=sys.stderr)
        return 2
    lock = threading.Lock()

    def say(text):
        with lock:
            print(text, flush=True)

    with contextlib.ExitStack() as stack:
        if options.keep:
            shutil.rmtree(options.keep, ignore_errors=True)
            options.keep.mkdir(parents=True)
            folder = options.keep.resolve()
        else:
            folder = pathlib.Path(stack.enter_context(tempfile.TemporaryDirectory(prefix="wsgi-ls-background-"))).resolve()
        redis, port = redis_server(folder)
        stack.callback(redis.wait)
        stack.callback(redis.kill)
        with concurrent.futures.ThreadPoolExecutor(4) as pool:
            tries = [pool.submit(try_app, name, options.server.resolve(), folder, port, at, say) for at, name in enumerate(names)]
            problems = [problem for one in tries if (problem := one.result())]
    for problem in problems:
        print(problem, flush=True)
    print(f"{len(names) - len(problems)} of {len(names)} apps work in the background", flush=True)
    return 1 if problems else 0


if __name__ == "__main__":
    sys.exit(main())
