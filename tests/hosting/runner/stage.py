"""Runs nginx and one application server until its standard input is closed.

Started by `observe.py`, in network and process namespaces of its own where the
machine allows it: then ports never clash and the kernel ends everything below
this process together with it. Where there are no namespaces, this process adopts
what its children leave behind, and ends it by hand.

Argument: a JSON file with `command`, `env`, `folder`, `log`, `exits`, `socket`,
`nginx` (the path of its configuration) and `user` (a user id, or null to stay).
"""

import ctypes
import fcntl
import json
import os
import pathlib
import signal
import socket
import struct
import subprocess
import sys
import threading
import time

RESTART_AFTER = 0.3  # seconds; a dead server is started again, as a service manager would


def loopback_up():
    """Switch on `lo`, which a new network namespace has switched off."""
    siocgifflags, siocsifflags, iff_up = 0x8913, 0x8914, 1
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as sock:
        request = struct.pack("16sh", b"lo", 0).ljust(40, b"\0")
        flags = struct.unpack_from("16sh", fcntl.ioctl(sock, siocgifflags, request))[1]
        fcntl.ioctl(sock, siocsifflags, struct.pack("16sh", b"lo", flags | iff_up).ljust(40, b"\0"))


def descendants(root):
    """Process ids of everything below the process `root`, and their `/proc/PID/stat` fields."""
    rows = {}
    for entry in os.listdir("/proc"):
        if entry.isdigit():
            try:
                # The command's name may hold spaces; what follows its bracket does not.
                rows[int(entry)] = pathlib.Path("/proc", entry, "stat").read_text().rpartition(") ")[2].split()
            except OSError:
                continue
    found = {root}
    while True:
        more = {pid for pid, stat in rows.items() if int(stat[1]) in found} - found
        if not more:
            return {pid: rows[pid] for pid in found - {root}}
        found |= more


def end_descendants():
    """Kill everything that this process started or adopted."""
    for _ in range(50):
        alive = [pid for pid, stat in descendants(os.getpid()).items() if stat[0] != "Z"]
        if not alive:
            return
        for pid in alive:
            try:
                os.kill(pid, signal.SIGKILL)
            except OSError:
                continue
        time.sleep(0.02)


def serve(spec):
    """Run the application server, again and again, and write down each exit status."""
    while True:
        with open(spec["log"], "ab") as log:
            status = subprocess.Popen(
                spec["command"],
                env=spec["env"],
                cwd=spec["folder"],
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=log,
                start_new_session=True,
            ).wait()
        with open(spec["exits"], "a") as exits:
            exits.write(f"{status}\n")
        time.sleep(RESTART_AFTER)
        pathlib.Path(spec["socket"]).unlink(missing_ok=True)


def main():
    """Set the stage, let the server run, and leave nothing behind."""
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
    with open(spec["nginx"] + ".log", "ab") as log:
        subprocess.Popen(
            ["nginx", "-c", spec["nginx"], "-e", spec["nginx"] + ".log", "-p", os.path.dirname(spec["nginx"])],
            env={"PATH": "/usr/sbin:/usr/local/sbin:/usr/bin:/bin:" + os.environ.get("PATH", "")},
            stdin=subprocess.DEVNULL,
            stdout=log,
            stderr=log,
        )
    threading.Thread(target=serve, args=(spec,), daemon=True).start()
    sys.stdin.buffer.read()
    if not alone:
        end_descendants()
    os._exit(0)


if __name__ == "__main__":
    main()
