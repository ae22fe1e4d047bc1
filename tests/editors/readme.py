"""The steps of an editor's README that lead from nothing to the first finding, followed as they stand there."""

import os
import pathlib
import re
import shutil
import subprocess
import textwrap

import common
from common import Failed

MOST_STEPS = 3
# What a clone of the repository has for the editors.
PARTS = ("editors", "docs/schema", "LICENSE-MIT", "LICENSE-APACHE")


class Readme:
    """The numbered steps below "Install" in the README of an editor."""

    def __init__(self, editor: str):
        text = (common.REPOSITORY / "editors" / editor / "README.md").read_text(encoding="utf-8")
        section = re.search(r"^## Install\n(.*?)(?=^## |\Z)", text, re.MULTILINE | re.DOTALL)
        steps = re.split(r"^\d+\. ", section.group(1), flags=re.MULTILINE)[1:] if section else []
        if not 0 < len(steps) <= MOST_STEPS:
            raise Failed(f"editors/{editor}/README.md installs in {len(steps)} steps")
        self.editor, self.steps, self.text = editor, steps, text

    def code(self, language: str) -> str:
        """What the steps tell people to put somewhere, or to run, in that language."""
        found = re.findall(rf"^ *```{language}\n(.*?)^ *```", "\n".join(self.steps), re.MULTILINE | re.DOTALL)
        if not found:
            raise Failed(f"the steps of editors/{self.editor}/README.md hold no {language}")
        return "".join(map(textwrap.dedent, found))

    def advice(self, about: str) -> str:
        """The settings below the steps that name this."""
        found = [block for block in re.findall(r"^```\w+\n(.*?)^```", self.text, re.MULTILINE | re.DOTALL) if about in block]
        if len(found) != 1:
            raise Failed(f"editors/{self.editor}/README.md has {len(found)} pieces of advice about {about}")
        return found[0]

    def follow(
        self, top: pathlib.Path, server: pathlib.Path, variables: dict[str, str], recorded: pathlib.Path | None = None
    ) -> tuple[pathlib.Path, dict[str, str]]:
        """Runs the commands of the steps in a clone below `top`. Returns the clone, and the variables of whoever starts the editor then.

        To build the server again would take minutes, so `cargo install` installs the one that is tested. Its talk is written to `recorded`.
        """
        clone, programs = top / "clone", top / "programs"
        for part in PARTS:
            source, target = common.REPOSITORY / part, clone / part
            target.parent.mkdir(parents=True, exist_ok=True)
            if source.is_dir():
                shutil.copytree(source, target, ignore=shutil.ignore_patterns("node_modules", "dist", "target", "*.vsix"))
            else:
                shutil.copy(source, target)
        programs.mkdir(exist_ok=True)
        starter = common.starter(top, server, recorded)
        cargo = programs / "cargo"
        cargo.write_text(f'#!/bin/sh\n[ "$*" = "install --path ." ] && cp "{starter}" "{programs}/wsgi-ls"\n')
        cargo.chmod(0o755)
        variables = variables | {"PATH": f"{programs}{os.pathsep}{variables.get('PATH', os.environ['PATH'])}"}
        environment = os.environ | variables
        for command in self.code("console").splitlines():
            done = subprocess.run(["sh", "-ec", command], cwd=clone, env=environment, capture_output=True, text=True, errors="replace")
            if done.returncode != 0:
                raise Failed(f"a step of editors/{self.editor}/README.md fails: {command}\n{done.stdout}{done.stderr}")
            print(f"followed: {command}", flush=True)
        return clone, variables
