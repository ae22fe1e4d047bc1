"""What wsgi-ls says about an app, and where that differs from what the host did."""

import json
import os
import pathlib
import shutil
import subprocess
import tempfile

from .observe import VENV, observe

ALARMS = ("error", "warning")


class Broken(Exception):
    """wsgi-ls itself failed: it crashed, or printed something that is not the report."""


def run_check(binary, app, host, project, *options):
    """Run `wsgi-ls check` in the folder `project`; returns the finished process."""
    command = [str(binary), "check", *options, "--host", host.removesuffix("-express"), "--entry", app.entry, "."]
    env = {**os.environ, "VIRTUAL_ENV": str(VENV), "NO_COLOR": "1"}
    try:
        done = subprocess.run(command, cwd=project, env=env, capture_output=True, text=True, timeout=60)
    except subprocess.TimeoutExpired as error:
        raise Broken("wsgi-ls took longer than 60 s") from error
    # 0 is no findings, 1 findings; anything else says that it could not check.
    if done.returncode not in (0, 1):
        raise Broken(f"wsgi-ls ended with {done.returncode}: {done.stderr.strip()[-300:]}")
    return done


def report(binary, app, host, project):
    """The JSON report about `app` for `host`; raises Broken when there is none."""
    done = run_check(binary, app, host, project, "--format", "json")
    try:
        said = json.loads(done.stdout)
        said["deployments"][0]["visitor_sees"]
        return said
    except (ValueError, KeyError, IndexError, TypeError) as error:
        raise Broken(f"no deployment in the report: {done.stdout[:200]!r} {done.stderr[-200:]!r}") from error


def covers(item, place):
    """Whether the finding or related place `item` lies on the line `place`."""
    span = item["range"]
    return item["file"] == place.file and (
        not place.line or span["start"]["line"] <= place.line <= span["end"]["line"])


def differences(binary, app, host, seen):
    """Sentences that say where wsgi-ls differs from `seen`, the label of the real host."""
    with tempfile.TemporaryDirectory(prefix="hosting-check-") as folder:
        project = pathlib.Path(folder, "project")
        app.copy_as_written(project)
        try:
            said = report(binary, app, host, project)
        except Broken as error:
            return [str(error)]
    wrong = []
    alarms = [finding for finding in said["findings"] if finding["severity"] in ALARMS]
    listed = "; ".join(f"{f['rule']} at {f['file']}:{f['range']['start']['line']}" for f in alarms) or "nothing"
    predicted = said["deployments"][0]["visitor_sees"]
    if predicted != seen:
        wrong.append(f"a visitor gets {seen}, wsgi-ls says {predicted} ({listed})")
    if app.healthy and alarms:
        wrong.append(f"the app is healthy, wsgi-ls reports {listed}")
    if seen != "ok" and app.blame:
        accepted = app.blame + app.via
        places = [item for f in alarms for item in (f, *f.get("related", []))]
        if not any(covers(item, place) for item in places for place in accepted):
            wrong.append(f"to blame: {', '.join(map(str, app.blame))}; wsgi-ls reports {listed}")
    return wrong


def after_fix(binary, app, host, machine):
    """What a visitor gets after `wsgi-ls check --fix`: an Observation, or a sentence why not."""
    with tempfile.TemporaryDirectory(prefix="hosting-fix-") as folder:
        project = pathlib.Path(folder, "project")
        app.copy_as_written(project)
        try:
            run_check(binary, app, host, project, "--fix")
        except Broken as error:
            return str(error)
        shutil.rmtree(project / "__pycache__", ignore_errors=True)
        return observe(app, host, machine, project)
