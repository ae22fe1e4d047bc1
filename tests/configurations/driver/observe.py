"""Runs a case under its real server and tells what a visitor got, and how the server understood its configuration."""

import dataclasses
import json
import os
import pathlib
import re
import socket
import subprocess
import sys
import tempfile

from runner.observe import VENV

from . import apache, cases, stage

LONGEST_RUN = 90  # seconds, for a machine that is very busy
# From the best for a visitor to the worst.
GRADES = ("ok", "4xx", "500", "timeout", "502")


@dataclasses.dataclass
class Observation:
    """What a visitor got (`sees`), page by page (`answers`), and the picture of the running server."""

    sees: str
    answers: list
    facts: dict
    picture: list
    log: str


def free_ports(count):
    """Ports of the loopback interface that nobody uses now."""
    sockets = [socket.create_server(("127.0.0.1", 0)) for _ in range(count)]
    ports = [sock.getsockname()[1] for sock in sockets]
    for sock in sockets:
        sock.close()
    return ports


def observe(case, machine, change=None):
    """Run the case's server; `change` is called with the project's folder before, to edit its files."""
    with tempfile.TemporaryDirectory(prefix="wsgi-conf-") as temporary:
        work = pathlib.Path(temporary)
        work.chmod(0o755)
        home = work / "site"
        home.mkdir()
        case.write_as_written(home)
        if change:
            change(home)
        ports = dict(zip((8000, 8001), free_ports(2)))
        for path in [path for path in home.rglob("*") if path.is_file()]:
            path.write_text(cases.localized(path.read_text(), ports, home))
        (work / "tmp").mkdir()
        command = cases.localized(command_of(case, home), ports, home)
        if case.server == "apache":
            command = apache.command(work, home, command, ports[8000])
        spec = {
            "command": command, "env": environment(home, work, ports), "folder": str(home), "log": str(work / "server.log"),
            "door": cases.localized(case.door, ports, home), "visits": case.visits, "answers": str(work / "answers.json"),
            "user": machine.user,
        }
        (work / "spec.json").write_text(json.dumps(spec))
        (work / "server.log").touch()
        if machine.user is not None:
            for path in [work, *work.rglob("*")]:
                os.chown(path, machine.user, machine.user, follow_symlinks=False)
        told = subprocess.run(
            [*(machine.unshare or []), sys.executable, str(pathlib.Path(stage.__file__)), str(work / "spec.json")],
            stdin=subprocess.DEVNULL, capture_output=True, text=True, timeout=LONGEST_RUN)
        log = (work / "server.log").read_text(errors="replace")
        if not (work / "answers.json").exists():
            raise RuntimeError(f"{case.name} was not visited: {told.stderr[-500:]} {log[-500:]}")
        answers = json.loads((work / "answers.json").read_text())
        settings = understood(case, command, home, spec["env"])
        return observed(case, answers, settings, log, work)


def environment(home, work, ports):
    """What the server's process inherits."""
    return {"PATH": f"{VENV}/bin:/usr/sbin:/usr/bin:/bin", "HOME": str(home), "LANG": "C.UTF-8", "TMPDIR": str(work / "tmp"),
            "PYTHONDONTWRITEBYTECODE": "1", "PYTHONUNBUFFERED": "1", "SITE_PORT": str(ports[8000])}


def command_of(case, home):
    """The command line: the case's own, or that of the process `web` in its Procfile."""
    if case.run != "Procfile":
        return case.run
    lines = (home / "Procfile").read_text().splitlines()
    return next(line.partition(":")[2].strip() for line in lines if line.startswith("web:"))


def understood(case, command, home, env):
    """The settings as gunicorn prints them; the other servers have no such thing."""
    if case.server != "gunicorn":
        return {}
    done = subprocess.run(["sh", "-c", f"{command} --print-config"], cwd=home, env=env, capture_output=True, text=True,
                          stdin=subprocess.DEVNULL, timeout=LONGEST_RUN)
    pairs = (line.partition("=") for line in done.stdout.splitlines())
    return {name.strip(): value.strip() for name, _, value in pairs}


def observed(case, answers, settings, log, work):
    """The observation: labels as `visitor_sees` has them."""
    status, body = answers[-1]
    facts = json.loads(body) if status == 200 else {}
    facts.update({name: settings[name] for name in ("workers", "threads", "timeout", "chdir") if name in settings})
    labels = [label(status, body, log) for status, body in answers]
    facts = json.loads(json.dumps(facts).replace(str(work / "site"), "/srv/site"))
    told = settings.items() if settings else plain(log, work)
    # Of an answer only what the case compares: times and process ids differ from run to run.
    shown = [f"visit {path}: {status}" for path, (status, _) in zip(case.visits, answers)]
    rest = sorted({str(item).replace(str(work), "WORK") for item in told})
    return Observation(max(labels, key=GRADES.index), answers, facts, [*shown, json.dumps(facts, sort_keys=True), *rest], log)


def label(status, body, log):
    """What `visitor_sees` calls an answer; a worker that was killed at its limit counts as one that was never done."""
    if status:
        return "ok" if status < 400 else "4xx" if status < 500 else "500"
    is_killed = "HARAKIRI" in log or "i must kill myself" in log
    return "timeout" if body == stage.NO_ANSWER or is_killed else "502"


def plain(log, work):
    """The lines of a log without what differs from run to run."""
    for line in log.replace(str(work), "WORK").splitlines():
        line = re.sub(r"\[[A-Z][a-z]{2} [A-Z][a-z]{2} .*?\]|0x[0-9a-f]+|\b\d+ seconds?\b|:\d{4,5}\b|pids?[ :]+\d+", "*", line)
        if not re.search(r"process.*pid|req: |generated|detected|^mapped|nodename|HARAKIRI|screams|^ *-", line):
            yield re.sub(r"\b\d{5,}\b", "*", line)
