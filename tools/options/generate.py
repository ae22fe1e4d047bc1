#!/usr/bin/env python3
"""Writes the tables of options of `server/catalog/options/` from released archives, or compares them.

    generate.py FOLDER                     writes the tables; FOLDER holds what `download.sh FOLDER` fetched
    generate.py --check FOLDER             compares the tables with each release that lies in FOLDER
    generate.py --development UWSGI FOLDER adds what a checkout of uWSGI's next version knows beyond its releases

Python 3.11 and its standard library are all that is needed. Nothing of an archive is run.
"""

from __future__ import annotations

import argparse
import sys
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Callable

import gunicorn
import mod_wsgi
import table
import uwsgi
import waitress
from source import Archive, archives

TABLES = Path(__file__).resolve().parents[2] / "server" / "catalog" / "options"
# uWSGI's main line calls itself 2.1-dev and was never released.
UWSGI_DEVELOPMENT = (2, 1, 0)


@dataclass(frozen=True)
class Source:
    """A table, the package that it is made from and how."""

    file: str
    package: str
    title: str
    read: Callable[[Archive], list[table.Row]]


SOURCES = (
    Source("uwsgi.tsv", "uwsgi", "Options of uWSGI", uwsgi.options),
    Source("gunicorn.tsv", "gunicorn", "Settings of gunicorn", gunicorn.options),
    Source("gunicorn_workers.tsv", "gunicorn", "Worker classes that gunicorn knows by name", gunicorn.workers),
    Source("mod_wsgi.tsv", "mod_wsgi", "Directives of mod_wsgi and their options", mod_wsgi.options),
    Source("mod_wsgi_express.tsv", "mod_wsgi", "Options of mod_wsgi-express", mod_wsgi.express),
    Source("waitress.tsv", "waitress", "Arguments of waitress-serve", waitress.options),
)


def main() -> int:
    parser = argparse.ArgumentParser(description="makes or checks the tables of options")
    parser.add_argument("folder", type=Path, help="where the archives lie")
    parser.add_argument("--check", action="store_true", help="compare, and write nothing")
    parser.add_argument("--development", type=Path, help="a checkout of uWSGI's main line")
    given = parser.parse_args()
    problems = []
    for source in SOURCES:
        found = archives(given.folder, source.package)
        if not found:
            problems.append(f"{given.folder} holds no archive of {source.package}")
            continue
        releases = {version: source.read(archive) for version, archive in found.items()}
        empty = [table.show(version) for version, rows in releases.items() if not rows]
        if empty:
            problems.append(f"{source.file}: nothing was found in {', '.join(empty)}")
        elif given.check:
            problems += check(source, releases)
        else:
            generate(source, releases, given.development)
    for problem in problems:
        print(problem, file=sys.stderr)
    return 1 if problems else 0


def generate(source: Source, releases: dict[table.Version, list[table.Row]], development: Path | None) -> None:
    """Writes one table."""
    rows = table.merge(releases)
    if source.package == "uwsgi":
        rows += unreleased(TABLES / source.file, {row.name for row in rows}, development)
        rows.sort(key=lambda row: row.name)
    span = f"{table.show(min(releases))} to {table.show(max(releases))}"
    table.write(TABLES / source.file, f"{source.title}, {span}; written by tools/options/generate.py.", rows)


def unreleased(path: Path, released: set[str], checkout: Path | None) -> list[table.Row]:
    """What the next uWSGI knows, from its checkout, or from the table that was written with one."""
    if checkout is None:
        return [row for row in table.read(path) if row.since == UWSGI_DEVELOPMENT] if path.exists() else []
    files = {str(p.relative_to(checkout)): p.read_text("utf-8", "replace") for p in checkout.rglob("*.c*")}
    rows = uwsgi.rows({name: files[name] for name in files if uwsgi.is_source(name)})
    return [replace(row, since=UWSGI_DEVELOPMENT) for row in rows if row.name not in released]


def check(source: Source, releases: dict[table.Version, list[table.Row]]) -> list[str]:
    """What the table says otherwise than the releases do."""
    rows = table.read(TABLES / source.file)
    newest = table.newest(TABLES / source.file)
    problems = []
    for version, real in releases.items():
        told = {row.name: row for row in rows if row.lives_in(version)}
        names = {row.name for row in real}
        place = f"{source.file}, {table.show(version)}"
        problems += [f"{place}: {name} is missing" for name in sorted(names - told.keys())]
        problems += [f"{place}: {name} does not exist" for name in sorted(told.keys() - names)]
        # What is told of an option is what the newest release says, so older ones may well say something else.
        if version == newest:
            problems += [f"{place}: {row.name} differs" for row in real if row.name in told and told[row.name] != row]
    return problems


if __name__ == "__main__":
    sys.exit(main())
