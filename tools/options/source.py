"""Reads released archives without unpacking or running them."""

from __future__ import annotations

import re
import tarfile
import zipfile
from pathlib import Path

from table import Version, parse_version

# The oldest release that is looked at: what it has counts as having been there for ever.
OLDEST: dict[str, Version] = {
    "uwsgi": (2, 0, 0),
    "gunicorn": (19, 0, 0),
    "mod_wsgi": (4, 1, 0),
    "waitress": (1, 0, 0),
}


class Archive:
    """The text files of one released archive, by their path inside it."""

    def __init__(self, path: Path) -> None:
        self.path = path

    def files(self, wanted: str) -> dict[str, str]:
        """The files whose path, without the archive's own folder, matches the expression `wanted` wholly."""
        pattern = re.compile(wanted)
        found = {}
        if self.path.suffix == ".whl":
            with zipfile.ZipFile(self.path) as archive:
                for name in archive.namelist():
                    if pattern.fullmatch(name):
                        found[name] = archive.read(name).decode("utf-8", "replace")
            return found
        with tarfile.open(self.path) as archive:
            for member in archive:
                # All but one release keep their files in a folder that is called like the archive.
                first, _, rest = member.name.partition("/")
                name = rest if re.search(r"-\d", first) else member.name
                if member.isfile() and pattern.fullmatch(name):
                    data = archive.extractfile(member)
                    if data is not None:
                        found[name] = data.read().decode("utf-8", "replace")
        return found


def archives(folder: Path, package: str) -> dict[Version, Archive]:
    """The archives of a package that lie in a folder, by release."""
    name = package.replace("_", "[-_]")
    pattern = re.compile(rf"{name}-(\d[\d.]*\d)(\.tar\.gz|-py.*\.whl)", re.IGNORECASE)
    found = {}
    for path in sorted(folder.iterdir()):
        match = pattern.fullmatch(path.name)
        version = parse_version(match[1]) if match else None
        if version is not None and version >= OLDEST[package]:
            found[version] = Archive(path)
    return found


def without_comments(code: str) -> str:
    """C without its comments; strings stay as they are."""
    return re.sub(r'("(?:\\.|[^"\\])*")|/\*.*?\*/|//[^\n]*', lambda m: m[1] or " ", code, flags=re.DOTALL)


def block(code: str, start: int) -> str:
    """What is between the first brace at or after `start` and its partner; braces in strings do not count."""
    depth = 0
    opened = -1
    for match in re.compile(r"\"(?:\\.|[^\"\\])*\"|'(?:\\.|[^'\\])+'|[{}]").finditer(code, start):
        if match[0] == "{":
            if depth == 0:
                opened = match.end()
            depth += 1
        elif match[0] == "}":
            depth -= 1
            if depth == 0:
                return code[opened : match.start()]
    return ""


def arguments(text: str) -> list[str]:
    """Splits what is between braces or brackets at its commas, not at those inside strings or brackets."""
    parts = [""]
    depth = 0
    for token in re.findall(r"\"(?:\\.|[^\"\\])*\"|'(?:\\.|[^'\\])+'|.", text, flags=re.DOTALL):
        if token == "," and depth == 0:
            parts.append("")
            continue
        depth += token in ("(", "{", "[")
        depth -= token in (")", "}", "]")
        parts[-1] += token
    return [part.strip() for part in parts if part.strip()]


def string(literal: str) -> str:
    """The text of a C string, whose pieces are joined; empty for anything else."""
    return "".join(re.findall(r'"((?:\\.|[^"\\])*)"', literal)).replace('\\"', '"')
