"""What wsgi-ls says about a case, and where that differs from what its server did."""

import json
import os
import pathlib
import subprocess
import tempfile

from .observe import GRADES, observe

ALARMS = ("error", "warning")


class Report:
    """What `wsgi-ls check --format json` prints about a case."""

    def __init__(self, binary, case):
        with tempfile.TemporaryDirectory(prefix="wsgi-conf-check-") as folder:
            project = pathlib.Path(folder, "site")
            project.mkdir()
            case.write_as_written(project)
            env = {name: value for name, value in os.environ.items() if name != "VIRTUAL_ENV"}
            done = subprocess.run([str(binary), "check", "--format", "json", "."], cwd=project, env={**env, "NO_COLOR": "1"},
                                  capture_output=True, text=True, timeout=60)
        # 0 is no findings, 1 findings; anything else says that it could not check.
        if done.returncode not in (0, 1):
            raise RuntimeError(f"wsgi-ls ended with {done.returncode}: {done.stderr.strip()[-300:]}")
        said = json.loads(done.stdout)
        self.deployments = said["deployments"]
        self.alarms = [finding for finding in said["findings"] if finding["severity"] in ALARMS]

    def sees(self):
        """What a visitor gets, as it says of the deployments and of what is wrong in configuration files."""
        told = [one["visitor_sees"] for one in self.deployments]
        told += [finding.get("visitor_sees", "ok") for finding in self.alarms if "deployment" not in finding]
        return max(told, key=GRADES.index, default="ok")

    def listed(self):
        """The alarms in a few words."""
        return "; ".join(f"{one['rule']} at {place(one)}" for one in self.alarms) or "nothing"


def place(finding):
    """`file:line` of a finding."""
    return f"{finding['file']}:{finding['range']['start']['line']}"


def differences(binary, case, seen, machine):
    """Sentences that say where wsgi-ls differs from the observation `seen`."""
    report = Report(binary, case)
    wrong = []
    if report.sees() != seen.sees:
        wrong.append(f"a visitor gets {seen.sees}, wsgi-ls says {report.sees()} ({report.listed()})")
    wanted = sorted(case.says)
    told = sorted((finding["rule"], place(finding)) for finding in report.alarms)
    if told != wanted:
        expected = "; ".join(f"{rule} at {where}" for rule, where in wanted) or "nothing"
        wrong.append(f"wsgi-ls shall report {expected}, and reports {report.listed()}")
    if seen.sees == "ok":
        wrong += misunderstood(report, seen)
    if not wrong and case.kind != "healthy":
        wrong += of_fixes(case, report, seen, machine)
    return wrong


def misunderstood(report, seen):
    """Where the server runs otherwise than the report's `start` says."""
    if len(report.deployments) != 1:
        return [f"one app is served, wsgi-ls finds {len(report.deployments)}"]
    start, facts = report.deployments[0]["start"], seen.facts
    cwd = os.path.normpath(os.path.join("/srv/site", start["working_directory"]))
    pairs = [("the working directory", facts.get("cwd", cwd), cwd)]
    for name in ("workers", "threads"):
        if name in start and name in facts:
            pairs.append((name, int(facts[name]), start[name]))
    if "request_seconds" in start and "timeout" in facts:
        pairs.append(("timeout", float(facts["timeout"]), float(start["request_seconds"])))
    wrong = [f"{name}: the server has {real}, wsgi-ls says {said}" for name, real, said in pairs if real != said]
    missing = set(start["environment"]) - set(facts.get("environment", start["environment"]))
    return wrong + [f"the app does not see the variable {name}" for name in sorted(missing)]


def of_fixes(case, report, seen, machine):
    """Whether what wsgi-ls says of an option is true: the server takes it once it is mended, and did nothing with it before."""
    wrong = []
    for finding in report.alarms:
        if finding["rule"] == "unknown-option" and seen.sees == "ok":
            without = observe(case, machine, lambda home: delete_line(home, finding))
            if without.picture != seen.picture:
                wrong.append(f"without the line of {place(finding)} the server does something else: {changes(seen, without)}")
    fixes = [finding["fixes"][0] for finding in report.alarms if finding["fixes"]]
    if not fixes or case.mends == "no":
        return wrong
    mended = observe(case, machine, lambda home: [apply(home, fix) for fix in fixes])
    if case.kind == "broken" and case.mends != "otherwise" and mended.sees != "ok":
        wrong.append(f"after the fixes a visitor gets {mended.sees}: {mended.log[-400:]}")
    if (case.kind == "odd" or case.mends == "otherwise") and mended.picture == seen.picture:
        wrong.append("after the fixes the server does nothing else than before")
    return wrong


def changes(before, after):
    """The lines of two pictures that differ."""
    return sorted(set(before.picture) ^ set(after.picture))


def delete_line(home, finding):
    """Take the line of a finding out of its file."""
    path = home / finding["file"]
    lines = path.read_text().splitlines(keepends=True)
    del lines[finding["range"]["start"]["line"] - 1]
    path.write_text("".join(lines))


def apply(home, fix):
    """Apply the edits of a fix, last ones first."""
    def key(edit):
        start = edit["range"]["start"]
        return (start["line"], start["column"])
    for edit in sorted(fix["edits"], key=key, reverse=True):
        path = home / edit["file"]
        text = path.read_text()
        starts = [0]
        for line in text.splitlines(keepends=True):
            starts.append(starts[-1] + len(line))
        begin, end = (starts[edit["range"][at]["line"] - 1] + edit["range"][at]["column"] - 1 for at in ("start", "end"))
        path.write_text(text[:begin] + edit["text"] + text[end:])
