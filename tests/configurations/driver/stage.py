"""Starts one server, visits it, and writes down what came of it.

Started by `observe.py`, in network and process namespaces of its own where the machine allows it. Argument: a JSON
file with `command`, `env`, `folder`, `log`, `door`, `visits`, `answers` and `user` (a user id, or null to stay).
"""

import ctypes
import http.client
import json
import os
import pathlib
import socket
import struct
import subprocess
import sys
import time

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parents[2] / "hosting"))
from runner.stage import end_descendants, loopback_up  # noqa: E402

LONGEST_START = 15  # seconds, whatever happens; a busy machine is slow
LONGEST_ANSWER = 15  # the same for a page
NO_ANSWER = "no answer in time"


def connect(door):
    """A connection to `app.sock`, `uwsgi:app.sock` or `127.0.0.1:8000`."""
    address = door.removeprefix("uwsgi:")
    if ":" in address:
        host, port = address.split(":")
        return socket.create_connection((host, int(port)), LONGEST_ANSWER)
    sock = socket.socket(socket.AF_UNIX)
    sock.settimeout(LONGEST_ANSWER)
    sock.connect(address)
    return sock


def asked_in_uwsgi(path):
    """A request as nginx's `uwsgi_pass` sends it."""
    variables = {"REQUEST_METHOD": "GET", "REQUEST_URI": path, "PATH_INFO": path, "QUERY_STRING": "", "SERVER_NAME": "site",
                 "SERVER_PORT": "80", "SERVER_PROTOCOL": "HTTP/1.1", "HTTP_HOST": "site"}
    packed = b"".join(struct.pack("<H", len(part)) + part.encode() for pair in variables.items() for part in pair)
    return struct.pack("<BHB", 0, len(packed), 0) + packed


def page(door, path):
    """The status and the body of a page: `[200, "..."]`; raises OSError when there is none."""
    with connect(door) as sock:
        if door.startswith("uwsgi:"):
            sock.sendall(asked_in_uwsgi(path))
        else:
            sock.sendall(f"GET {path} HTTP/1.1\r\nHost: site\r\nConnection: close\r\n\r\n".encode())
        answer = http.client.HTTPResponse(sock)
        try:
            answer.begin()
            return [answer.status, answer.read().decode(errors="replace")]
        except http.client.HTTPException as error:
            raise OSError(str(error)) from error


def visited(door, path, server):
    """A page, as soon as the server answers or is gone."""
    deadline = time.monotonic() + LONGEST_START
    while True:
        try:
            return page(door, path)
        except (FileNotFoundError, ConnectionRefusedError):
            # It has not opened its socket yet, or never will.
            if server.poll() is not None or time.monotonic() > deadline:
                return [0, "nobody answers"]
            time.sleep(0.05)
        except TimeoutError:
            return [0, NO_ANSWER]
        except OSError as error:
            return [0, f"the connection broke: {error}"]


def main():
    """Set the stage, start the server, visit it, and leave nothing behind."""
    spec = json.loads(pathlib.Path(sys.argv[1]).read_text())
    alone = os.getpid() == 1
    if alone:
        loopback_up()
    else:
        pr_set_child_subreaper = 36
        ctypes.CDLL(None).prctl(pr_set_child_subreaper, 1, 0, 0, 0)
    if spec["user"] is not None:
        os.setgroups([])
        os.setgid(spec["user"])
        os.setuid(spec["user"])
    os.chdir(spec["folder"])
    with open(spec["log"], "ab") as log:
        server = subprocess.Popen(["sh", "-c", spec["command"]], env=spec["env"], stdin=subprocess.DEVNULL, stdout=log,
                                  stderr=log, start_new_session=True)
    answers = [visited(spec["door"], path, server) for path in spec["visits"]]
    pathlib.Path(spec["answers"]).write_text(json.dumps(answers))
    end_descendants()
    os._exit(0)


if __name__ == "__main__":
    main()
