"""Tables of options: one line for each option, made from the sources of many releases.

A row says what the newest release that has the option says of it. Empty cells hold `NOTHING`.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Iterable

Version = tuple[int, int, int]

NOTHING = "~"
COLUMNS = ("name", "kind", "argument", "default", "since", "until", "group", "flags", "same as")

# Options that a release between two that have them lacks, because a fix went into an older line of releases first.
GAPS: dict[str, set[Version]] = {"strip_header_spaces": {(20, 0, 0)}}


@dataclass(frozen=True)
class Row:
    """One option of one release."""

    name: str
    # What a value looks like: `int`, `file`, `choice:a|b` ...; a `*` at its end says that the option can be repeated.
    kind: str
    # Whether a value follows on a command line: `required`, `optional`, `none`.
    argument: str = "required"
    default: str = ""
    # Where the option belongs: a plugin, a section of the manual, a place of a configuration.
    group: str = ""
    # How it is written on a command line, if not `--name`.
    flags: tuple[str, ...] = ()
    # Another option that does the same.
    same_as: str = ""
    since: Version | None = field(default=None, compare=False)
    until: Version | None = field(default=None, compare=False)

    def cells(self) -> tuple[str, ...]:
        return (
            self.name,
            self.kind,
            self.argument,
            self.default,
            show(self.since),
            show(self.until),
            self.group,
            " ".join(self.flags),
            self.same_as,
        )

    def lives_in(self, version: Version) -> bool:
        """Whether the release has the option."""
        if version in GAPS.get(self.name, ()):
            return False
        return (self.since is None or self.since <= version) and (self.until is None or version < self.until)


def show(version: Version | None) -> str:
    """`2.0.31`, or nothing."""
    return ".".join(map(str, version)) if version else ""


def parse_version(text: str) -> Version | None:
    """The first three numbers of a release, or None for what is between two such releases (`2.0.25.1`)."""
    if not re.fullmatch(r"\d+(\.\d+){1,2}", text):
        return None
    numbers = [int(part) for part in text.split(".")]
    return tuple(numbers + [0] * (3 - len(numbers)))  # type: ignore[return-value]


def merge(releases: dict[Version, list[Row]]) -> list[Row]:
    """One row for each option that any of the releases has, in the order of the newest release that has it."""
    versions = sorted(releases)
    found: dict[str, Row] = {}
    for version in reversed(versions):
        for row in releases[version]:
            found.setdefault(row.name, row)
    merged = []
    for name, row in found.items():
        present = [at for at, version in enumerate(versions) if any(r.name == name for r in releases[version])]
        first, last = present[0], present[-1]
        missing = [versions[at] for at in range(first, last) if at not in present]
        if set(missing) - GAPS.get(name, set()):
            raise SystemExit(f"{name} is missing in {', '.join(map(show, missing))}, and not before and after")
        merged.append(
            replace(
                row,
                since=versions[first] if first else None,
                until=versions[last + 1] if last + 1 < len(versions) else None,
            )
        )
    return sorted(merged, key=lambda row: row.name)


def write(path: Path, title: str, rows: Iterable[Row]) -> None:
    """Writes a table; the title is a comment in its first line."""
    lines = [f"# {title}", "# " + "\t".join(COLUMNS)]
    for row in rows:
        cells = row.cells()
        if any("\t" in cell or "\n" in cell for cell in cells):
            raise SystemExit(f"{row.name}: a cell holds a tab or a line break")
        lines.append("\t".join(cell or NOTHING for cell in cells))
    path.write_text("\n".join(lines) + "\n", encoding="utf-8")


def read(path: Path) -> list[Row]:
    """The rows of a table that `write` made."""
    rows = []
    for line in path.read_text(encoding="utf-8").splitlines():
        if line.startswith("#"):
            continue
        cells = ["" if cell == NOTHING else cell for cell in line.split("\t")]
        name, kind, argument, default, since, until, group, flags, same_as = cells
        rows.append(
            Row(
                name,
                kind,
                argument,
                default,
                group,
                tuple(flags.split()),
                same_as,
                parse_version(since) if since else None,
                parse_version(until) if until else None,
            )
        )
    return rows


def newest(path: Path) -> Version | None:
    """The newest of the releases that a table was made from, as its title tells."""
    with path.open(encoding="utf-8") as lines:
        found = re.search(r" to ([\d.]+);", next(lines))
    return parse_version(found[1]) if found else None
