#!/usr/bin/env python3
"""Hands the reports of wsgi-ls to the programs that they are made for.

    python3 tests/reports/run.py --server target/debug/wsgi-ls

The programs come from Python packages, into tests/.cache, once. It ends with 0 when every reader is content, else with 1 and a
line that starts with FAILED.
"""

import argparse
import fcntl
import hashlib
import os
import pathlib
import subprocess
import sys

HERE = pathlib.Path(__file__).resolve().parent
CACHE = HERE.parent / ".cache"


def environment() -> pathlib.Path:
    """The Python environment with the readers, made first when it is not there yet."""
    requirements = HERE / "requirements.txt"
    mark = hashlib.sha256(requirements.read_bytes()).hexdigest()[:16]
    folder = CACHE / f"reports-{mark}"
    CACHE.mkdir(parents=True, exist_ok=True)
    with open(CACHE / "reports.lock", "w") as lock:
        # Two test runs may start at once; the second waits for the first one's installation.
        fcntl.flock(lock, fcntl.LOCK_EX)
        if not (folder / "complete").exists():
            print(f"installing the readers of reports into {folder}", flush=True)
            subprocess.run([sys.executable, "-m", "venv", "--clear", str(folder)], check=True)
            pip = [str(folder / "bin" / "python"), "-m", "pip", "install", "--quiet", "--disable-pip-version-check"]
            subprocess.run([*pip, "-r", str(requirements)], check=True)
            (folder / "complete").touch()
    return folder


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--server", required=True, type=pathlib.Path, help="the wsgi-ls to test")
    server = parser.parse_args().server.resolve()
    folder = environment()
    # The readers' programs and the wsgi-ls to test come first on the path.
    path = os.pathsep.join([str(server.parent), str(folder / "bin"), os.environ["PATH"]])
    clean = {key: value for key, value in os.environ.items() if not key.startswith(("GIT_", "PRE_COMMIT", "VIRTUAL_ENV"))}
    command = [str(folder / "bin" / "python"), str(HERE / "readers.py")]
    return subprocess.run(command, env={**clean, "PATH": path}).returncode


if __name__ == "__main__":
    sys.exit(main())
