"""Runs one app on one host and tells what a visitor got."""

import contextlib
import dataclasses
import http.client
import json
import os
import pathlib
import re
import shutil
import socket
import subprocess
import sys
import tempfile
import threading
import time

from . import apache, stage

TESTS = pathlib.Path(__file__).resolve().parent.parent
VENV = pathlib.Path(os.environ.get("HOSTING_CACHE", TESTS.parent / ".cache" / "hosting")).resolve() / "venv"

LIMIT = 3  # seconds a request may take: harakiri, gunicorn's --timeout (300 on the real hosting)
CLOCK = 100  # how much shorter time.sleep is, so that 300 s become the limit
PATIENCE = 7  # nginx's read timeout, long enough for a kill at the limit to show first
IMPATIENCE = 1  # the same, once the server is known to hang
IDLE = 1.5  # seconds without any work after which a loading server counts as hung
BUSY = 5.0  # seconds of processor time after which it does, too
LONGEST_LOAD = 40  # seconds, whatever happens
NOBODY = 65534

UWSGI_PARAMETERS = {
    "QUERY_STRING": "$query_string",
    "REQUEST_METHOD": "$request_method",
    "CONTENT_TYPE": "$content_type",
    "CONTENT_LENGTH": "$content_length",
    "REQUEST_URI": "$request_uri",
    "PATH_INFO": "$document_uri",
    "SERVER_PROTOCOL": "$server_protocol",
    "REQUEST_SCHEME": "$scheme",
    "REMOTE_ADDR": "127.0.0.1",
    "SERVER_PORT": "80",
    "SERVER_NAME": "localhost",
}

# What a host says when the app is loaded; Apache does not wait for that.
READY = {
    "uwsgi": "spawned uWSGI worker 1",
    "pythonanywhere": "spawned uWSGI worker 1",
    "gunicorn": "application loaded by a worker",
}
KILLED = re.compile("HARAKIRI ON WORKER|WORKER TIMEOUT|request time limit exceeded|Timeout when reading response headers")

port_lock = threading.Lock()


@dataclasses.dataclass
class Observation:
    """What a visitor got (`sees`), how the load went, and the server's logs; only Apache's tells each request."""

    sees: str
    load: str
    answers: list
    seconds: float
    log: str
    access_log: str


class Machine:
    """What this machine allows: namespaces, and an unprivileged user who can run the apps."""

    def __init__(self):
        self.unshare = None
        for user_namespace in ([], ["--user", "--map-root-user"]):
            command = ["unshare", *user_namespace, "--net", "--pid", "--fork", "--kill-child", "--mount-proc"]
            with contextlib.suppress(OSError):
                if subprocess.run([*command, "true"], capture_output=True).returncode == 0:
                    self.unshare = command
                    break
        self.user = None
        if os.getuid() == 0:
            with contextlib.suppress(OSError, subprocess.SubprocessError):
                subprocess.run([VENV / "bin" / "python", "-c", ""], user=NOBODY, group=NOBODY, check=True,
                               capture_output=True, env={}, cwd="/")
                self.user = NOBODY

    def describe(self):
        """One line about the isolation that the apps get."""
        kind = "own network and processes for each app" if self.unshare else "no namespaces: apps share the ports"
        return f"{kind}, user {self.user if self.user is not None else os.getuid()}"


class UnixConnection(http.client.HTTPConnection):
    """HTTP over a Unix socket, which reaches into another network namespace."""

    def __init__(self, path, timeout):
        super().__init__("localhost", timeout=timeout)
        self.path = path

    def connect(self):
        """Connect to the socket's path instead of a port."""
        self.sock = socket.socket(socket.AF_UNIX)
        self.sock.settimeout(self.timeout)
        self.sock.connect(str(self.path))


class Run:
    """One app on one host, in a temporary folder."""

    def __init__(self, app, host, work, machine):
        self.app, self.host, self.work, self.machine = app, host, work, machine
        self.home = work / "home"
        self.log = work / "server.log"
        self.exits = work / "exits"
        self.access_log = work / "access.log"
        self.socket = work / "app.sock"
        self.port = None
        self.process = None

    def command(self):
        """The application server's command line."""
        if self.host == "gunicorn":
            entry = pathlib.PurePath(self.app.entry)
            return [str(VENV / "bin" / "gunicorn"), "--config", str(TESTS / "hosts" / "gunicorn.conf.py"),
                    "--workers", "1", "--timeout", str(LIMIT), "--bind", f"unix:{self.socket}",
                    "--chdir", str(self.home), "--pythonpath", str(self.home / entry.parent),
                    "--worker-tmp-dir", str(self.work / "tmp"), "--no-control-socket", f"{entry.stem}:application"]
        loaded = self.home / self.app.entry
        if self.host in apache.DAEMON:
            return apache.command(self.work)
        if self.host == "pythonanywhere":
            loaded = TESTS / "hosts" / "pythonanywhere.py"
        return [str(VENV / "bin" / "uwsgi"), "--master", "--processes", "1", "--socket", str(self.socket),
                "--vacuum", "--die-on-term", "--harakiri", str(LIMIT), "--buffer-size", "32768",
                "--post-buffering", "65536", "--home", str(VENV), "--chdir", str(self.home), "--wsgi-file", str(loaded)]

    def nginx(self):
        """nginx's configuration: one door with its usual patience, and one that gives up soon."""
        if self.host in apache.DAEMON:
            upstream = f"proxy_pass http://127.0.0.1:{self.port}; proxy_set_header Host $host;"
            timeout = "proxy_read_timeout"
        elif self.host == "gunicorn":
            upstream = f"proxy_pass http://unix:{self.socket}:; proxy_set_header Host $host;"
            timeout = "proxy_read_timeout"
        else:
            parameters = "".join(f"uwsgi_param {name} {value}; " for name, value in UWSGI_PARAMETERS.items())
            upstream = f"{parameters}uwsgi_pass unix:{self.socket};"
            timeout = "uwsgi_read_timeout"
        doors = "".join(
            f"server {{ listen unix:{self.work}/{door}.sock; location / {{ {upstream} {timeout} {seconds}s; }} }}\n"
            for door, seconds in (("patient", PATIENCE), ("impatient", IMPATIENCE)))
        folders = "".join(f"{kind}_temp_path {self.work}/tmp/{kind};\n"
                          for kind in ("client_body", "proxy", "fastcgi", "uwsgi", "scgi"))
        return (f"daemon off; worker_processes 1; pid {self.work}/nginx.pid;\n"
                f"events {{ worker_connections 32; }}\nhttp {{ access_log off;\n{folders}{doors}}}\n")

    def start(self):
        """Start nginx and the server."""
        (self.work / "tmp").mkdir()
        self.log.touch()
        self.exits.touch()
        if self.host in apache.DAEMON:
            self.port = apache.free_port()
            (self.work / "apache.conf").write_text(apache.configuration(self, VENV, LIMIT))
        (self.work / "nginx.conf").write_text(self.nginx())
        spec = {
            "command": self.command(),
            "env": {
                "PATH": f"{VENV}/bin:/usr/bin:/bin", "HOME": str(self.home), "USER": "visitor", "LANG": "C.UTF-8",
                "TMPDIR": str(self.work / "tmp"), "HOSTING_CLOCK": str(CLOCK), "PYTHONDONTWRITEBYTECODE": "1",
                "PYTHONUNBUFFERED": "1", "HOSTING_ENTRY": str(self.home / self.app.entry),
            },
            "folder": str(self.home), "log": str(self.log), "exits": str(self.exits), "socket": str(self.socket),
            "nginx": str(self.work / "nginx.conf"), "user": self.machine.user,
        }
        (self.work / "spec.json").write_text(json.dumps(spec))
        if self.machine.user is not None:
            for path in [self.work, *self.work.rglob("*")]:
                os.chown(path, self.machine.user, self.machine.user, follow_symlinks=False)
        with open(self.work / "stage.log", "wb") as out:
            self.process = subprocess.Popen(
                [*(self.machine.unshare or []), sys.executable, str(pathlib.Path(stage.__file__)), str(self.work / "spec.json")],
                stdin=subprocess.PIPE, stdout=out, stderr=out, start_new_session=True)
        door = self.work / "patient.sock"
        deadline = time.monotonic() + 20
        while not door.exists():
            if time.monotonic() > deadline or self.process.poll() is not None:
                told = [p.read_text(errors="replace") for p in (self.work / "stage.log", self.work / "nginx.conf.log") if p.exists()]
                raise RuntimeError("nginx did not start: " + "".join(told))
            time.sleep(0.02)

    def stop(self):
        """End the server and everything it left behind."""
        if self.process:
            self.process.stdin.close()
            try:
                self.process.wait(5)
            except subprocess.TimeoutExpired:
                self.process.kill()
                self.process.wait()

    def text(self):
        """The server's log so far."""
        return self.log.read_text(errors="replace")

    def wait_for_load(self):
        """Wait until the load is over: `loaded`, `gone` (it exits, twice) or `hung`."""
        ready = READY.get(self.host, "resuming normal operations")
        start = time.monotonic()
        samples = []  # (when, processor seconds, whether something ran)
        while True:
            text = self.text()
            if ready in text and self.host not in apache.DAEMON:
                return "loaded"
            if self.exits.read_text().count("\n") >= 2:
                return "gone"
            if text.count("Booting worker") >= 3:
                return "hung"  # gunicorn starts a worker that ends, for ever
            now = time.monotonic()
            tree = stage.descendants(self.process.pid)
            ticks = sum(int(stat[11]) + int(stat[12]) + int(stat[13]) + int(stat[14]) for stat in tree.values())
            samples.append((now, ticks / os.sysconf("SC_CLK_TCK"), any(stat[0] == "R" for stat in tree.values())))
            window = [sample for sample in samples if sample[0] >= now - IDLE]
            idle = (now - start > IDLE and samples[-1][1] - window[0][1] < 0.1
                    and sum(sample[2] for sample in window) < len(window) / 4)
            # Apache is ready before the app is, and says nothing of that: when it rests, the first request need not wait for an import.
            if self.host in apache.DAEMON and ready in text and (idle or samples[-1][1] > BUSY or now - start > LONGEST_LOAD):
                return "loaded"
            # Between two lives of a server nothing runs either, so an exit means: look on.
            if (idle and not self.exits.read_text()) or samples[-1][1] > BUSY or now - start > LONGEST_LOAD:
                return "hung"
            time.sleep(0.1)

    def visit(self, request, door):
        """Make one request, and say what its visitor got."""
        before = len(self.text())
        connection = UnixConnection(self.work / f"{door}.sock", PATIENCE + 5)
        status, body, cut = None, b"", False
        try:
            headers = {"Content-Type": "application/x-www-form-urlencoded"} if "data" in request else {}
            connection.request(request.get("method", "GET"), request["path"], request.get("data"), headers)
            response = connection.getresponse()
            status = response.status
            body = response.read(200_000)
        except http.client.IncompleteRead as error:
            body, cut = error.partial, True
        except (OSError, http.client.HTTPException):
            cut = True
        finally:
            connection.close()
        if status is None or status >= 500:
            time.sleep(0.2)  # the kill that explains it is logged a moment later
        killed = KILLED.search(self.text()[before:])
        return sees(request, status, body, cut, killed), status

    def observe(self):
        """Load the app, visit it twice, and judge."""
        started = time.monotonic()
        self.start()
        load = self.wait_for_load()
        answers, label = [], "ok"
        door = "patient" if load == "loaded" else "impatient"
        for request in (*self.app.requests, *self.app.requests):
            label, status = self.visit(request, door)
            answers.append(status)
            if label != "ok":
                break
        if label == "ok" and KILLED.search(self.text()):
            label = "timeout"
        access_log = self.access_log.read_text(errors="replace") if self.access_log.exists() else ""
        return Observation(label, load, answers, round(time.monotonic() - started, 1), self.text(), access_log)


def sees(request, status, body, cut, killed):
    """The label of one answer: ok, 500, 502, timeout, wrong-body or 4xx."""
    if killed or status == 504:
        return "timeout"
    if status is None or status == 502 or cut:
        return "502"
    if status >= 500:
        return "500"
    if status >= 400 and status != request.get("status"):
        return "4xx"
    return "ok" if request.get("contains", "").encode() in body else "wrong-body"


def observe(app, host, machine, project=None):
    """Run `app` (or its copy in the folder `project`) on `host`; returns an Observation."""
    work = pathlib.Path(tempfile.mkdtemp(prefix="hosting-"))
    work.chmod(0o755)
    run = Run(app, host, work, machine)
    # Apps that really bind a port must not meet each other's.
    turn = port_lock if app.binds and not machine.unshare else contextlib.nullcontext()
    try:
        if project is None:
            app.copy_as_written(run.home)
        else:
            shutil.copytree(project, run.home)
        app.move_in(run.home)
        with turn:
            try:
                return run.observe()
            finally:
                run.stop()
    finally:
        shutil.rmtree(work, ignore_errors=True)
