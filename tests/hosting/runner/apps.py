"""The apps under `tests/hosting/apps`: what their `app.toml` says, and copies to work on."""

import dataclasses
import pathlib
import shutil
import tomllib

APPS = pathlib.Path(__file__).resolve().parent.parent / "apps"
HOSTS = ("pythonanywhere", "uwsgi", "gunicorn")
# Only where they are asked for: Apache as its manual sets mod_wsgi up, and with the limits that mod_wsgi-express adds.
OPTIONAL_HOSTS = ("mod_wsgi", "mod_wsgi-express")
KEYS = {"about", "kind", "when", "entry", "home", "requests", "blame", "via", "safe_fix", "hosts", "binds"}


@dataclasses.dataclass(frozen=True)
class Place:
    """A line of a file (1-based); line 0 stands for the whole file, when a fault is an absence."""

    file: str
    line: int

    @staticmethod
    def parse(text):
        """Read `file:line` or `file`."""
        file, _, line = text.partition(":")
        return Place(file, int(line or 0))

    def __str__(self):
        return f"{self.file}:{self.line}" if self.line else self.file


@dataclasses.dataclass(frozen=True)
class App:
    """One app. `home` is the directory that its files name as theirs on the server."""

    name: str
    folder: pathlib.Path
    about: str
    kind: str
    when: str
    entry: str
    home: str
    requests: tuple
    blame: tuple
    via: tuple
    safe_fix: bool
    hosts: tuple
    binds: bool

    @property
    def healthy(self):
        """Whether every host is expected to serve this app."""
        return self.kind == "healthy"

    def copy_as_written(self, target):
        """Copy the project to `target` as its author has it, server paths and all."""
        shutil.copytree(self.folder, target, ignore=shutil.ignore_patterns("app.toml", "__pycache__"))

    def move_in(self, target):
        """Make the copy at `target` live there: what named `home` now names `target`."""
        for path in target.rglob("*") if self.home else ():
            if path.is_file():
                data = path.read_bytes()
                moved = data.replace(self.home.encode(), str(target).encode())
                if moved != data:
                    path.write_bytes(moved)


def load(folder):
    """Read the app in `folder`; raises ValueError when its `app.toml` makes no sense."""
    raw = tomllib.loads((folder / "app.toml").read_text())
    if unknown := set(raw) - KEYS:
        raise ValueError(f"{folder.name}: unknown keys {sorted(unknown)}")
    app = App(
        name=folder.name,
        folder=folder,
        about=raw["about"],
        kind=raw["kind"],
        when=raw.get("when", "load"),
        entry=raw.get("entry", "wsgi.py"),
        home=raw.get("home", ""),
        requests=tuple(raw["requests"]),
        blame=tuple(map(Place.parse, raw.get("blame", []))),
        via=tuple(map(Place.parse, raw.get("via", []))),
        safe_fix=raw.get("safe_fix", False),
        hosts=tuple(raw.get("hosts", HOSTS + OPTIONAL_HOSTS)),
        binds=raw.get("binds", False),
    )
    if app.kind not in ("healthy", "broken", "odd") or app.when not in ("load", "request"):
        raise ValueError(f"{app.name}: kind or when is none of the known words")
    if not (folder / app.entry).is_file():
        raise ValueError(f"{app.name}: there is no {app.entry}")
    if (app.kind == "broken") != bool(app.blame):
        raise ValueError(f"{app.name}: a broken app needs a line to blame, others have none")
    for place in app.blame + app.via:
        count = (folder / place.file).read_bytes().count(b"\n") + 1
        if place.line > count:
            raise ValueError(f"{app.name}: {place} is behind the end of the file")
    return app


def load_all(only=()):
    """Read all apps, or those whose names hold one of the words in `only`."""
    folders = sorted(path.parent for path in APPS.glob("*/app.toml"))
    return [load(f) for f in folders if not only or any(word in f.name for word in only)]
