"""What the readers of the reports make of them. run.py starts it in an environment that has them all."""

import ast
import json
import fcntl
import os
import pathlib
import pty
import re
import struct
import subprocess
import sys
import tempfile
import termios

import jsonschema
import junitparser
import yaml

HERE = pathlib.Path(__file__).resolve().parent
REPOSITORY = HERE.parents[1]
# So many that a build for tests is not done with them before the bar shows.
PROJECTS = 150
STRANGE = "my site, 100%: é"
APP = '''"""Ünïcode before the finding: 😀."""
from flask import Flask

app = Flask(__name__)
if True:
    greeting = "😀"; app.run()
'''
WSGI = """import sys
sys.path.insert(0, "/home/jane/mysite")
from website import app as application
"""
SLOW = "import time\nfrom flask import Flask\n\ntime.sleep(60)\napplication = Flask(__name__)\n"


def project(folder: pathlib.Path) -> None:
    """Two deployments that share a finding, a file whose name has all separators, and a mere piece of advice."""
    files = {
        "var_www/jane_example_com_wsgi.py": WSGI,
        "var_www/www_example_com_wsgi.py": WSGI,
        "mysite/website.py": APP,
        f"{STRANGE}/strange_example_com_wsgi.py": "x = 'a' +\napplication = None\n",
        "slow/slow_example_com_wsgi.py": SLOW,
    }
    for name, text in files.items():
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_text(text, encoding="utf-8")


def check(folder: pathlib.Path, *arguments: str, code: int = 1) -> str:
    done = subprocess.run(["wsgi-ls", "check", *arguments], cwd=folder, capture_output=True, encoding="utf-8")
    assert done.returncode == code, f"{arguments}: {done.returncode}\n{done.stdout}{done.stderr}"
    return done.stdout


def findings(folder: pathlib.Path) -> list[dict]:
    """What the JSON says, each finding once."""
    report = json.loads(check(folder, "--format", "json"))
    once = {finding["fingerprint"]: finding for finding in report["findings"]}
    assert len(report["findings"]) > len(once) >= 3, "two deployments share a finding"
    return list(once.values())


def sarif(folder: pathlib.Path) -> None:
    log = json.loads(check(folder, "--format", "sarif"))
    schema = json.loads((HERE / "sarif-2.1.0.schema.json").read_text())
    validator = jsonschema.Draft7Validator(schema, format_checker=jsonschema.FormatChecker())
    validator.validate(log)
    broken = json.loads(json.dumps(log))
    del broken["runs"][0]["results"][0]["message"]
    assert not validator.is_valid(broken), "the schema sees nothing"
    run = log["runs"][0]
    rules = run["tool"]["driver"]["rules"]
    assert len({rule["id"] for rule in rules}) == len(rules)
    results = run["results"]
    assert len(results) == len(findings(folder))
    assert len({result["partialFingerprints"]["wsgiLs/v1"] for result in results}) == len(results)
    for result in results:
        assert rules[result["ruleIndex"]]["id"] == result["ruleId"]
    uris = {result["locations"][0]["physicalLocation"]["artifactLocation"]["uri"] for result in results}
    assert "my%20site%2C%20100%25%3A%20%C3%A9/strange_example_com_wsgi.py" in uris, uris
    server = next(result for result in results if result["ruleId"] == "server-started-at-import")
    assert len(server["properties"]["deployments"]) == 2
    assert part(APP, server["locations"][0]["physicalLocation"]["region"]) == "app.run()"
    fixes = [fix for fix in server["fixes"] if fix["description"]["text"].startswith("Remove")]
    (change,) = fixes[0]["artifactChanges"]
    assert change["artifactLocation"]["uri"] == "mysite/website.py"
    mended = replaced(APP, change["replacements"])
    assert "app.run()" not in mended and "greeting" in mended, mended
    ast.parse(mended)


def offset(text: str, line: int, column: int) -> int:
    """Where a place is, counted as SARIF's `unicodeCodePoints` are."""
    return sum(len(before) for before in text.splitlines(keepends=True)[: line - 1]) + column - 1


def span(text: str, region: dict) -> tuple[int, int]:
    start = offset(text, region["startLine"], region["startColumn"])
    return start, offset(text, region["endLine"], region["endColumn"])


def part(text: str, region: dict) -> str:
    start, end = span(text, region)
    return text[start:end]


def replaced(text: str, replacements: list[dict]) -> str:
    for replacement in sorted(replacements, key=lambda one: span(text, one["deletedRegion"]), reverse=True):
        start, end = span(text, replacement["deletedRegion"])
        text = text[:start] + replacement["insertedContent"]["text"] + text[end:]
    return text


def github(folder: pathlib.Path) -> None:
    """Reads workflow commands as the runner of GitHub Actions does."""
    lines = check(folder, "--format", "github").splitlines()
    wanted = findings(folder)
    assert len(lines) == len(wanted), "one line for each finding"
    for line, finding in zip(lines, wanted):
        head, _, message = line.removeprefix("::").partition("::")
        command, _, rest = head.partition(" ")
        assert command == {"error": "error", "warning": "warning"}.get(finding["severity"], "notice")
        properties = dict(one.split("=", 1) for one in rest.split(","))
        place = finding["range"]
        assert decoded(properties["file"], data=False) == finding["file"], properties
        assert int(properties["line"]) == place["start"]["line"] and int(properties["endLine"]) == place["end"]["line"]
        assert ("col" in properties) == (place["start"]["line"] == place["end"]["line"])
        assert decoded(properties["title"], data=False) == f"wsgi-ls ({finding['rule']})"
        assert decoded(message, data=True).startswith(finding["message"])
        assert decoded(message, data=True).splitlines()[-1] == f"See {finding['guide']}"
    assert any(STRANGE in finding["file"] for finding in wanted)
    below = check(folder, "--format", "github", "mysite/../mysite/website.py", code=1)
    assert "file=mysite/website.py," in below, below


def decoded(text: str, data: bool) -> str:
    pairs = [("%0D", "\r"), ("%0A", "\n")] + ([] if data else [("%3A", ":"), ("%2C", ",")]) + [("%25", "%")]
    for encoded, plain in pairs:
        text = text.replace(encoded, plain)
    return text


def gitlab(folder: pathlib.Path) -> None:
    """What GitLab's documentation of the code quality report demands."""
    issues = json.loads(check(folder, "--format", "gitlab"))
    assert len(issues) == len(findings(folder))
    assert len({issue["fingerprint"] for issue in issues}) == len(issues), "GitLab shows one issue for each fingerprint"
    for issue in issues:
        assert all(isinstance(issue[key], str) and issue[key] for key in ("description", "check_name", "fingerprint"))
        assert issue["severity"] in ("info", "minor", "major", "critical", "blocker")
        path = issue["location"]["path"]
        assert not path.startswith(("./", "/")) and (folder / path).is_file(), path
        assert isinstance(issue["location"]["lines"]["begin"], int)
    assert json.loads(check(folder, "--format", "gitlab", "--select", "circular-import", code=0)) == []


def junit(folder: pathlib.Path) -> None:
    (folder / "report.xml").write_text(check(folder, "--format", "junit"), encoding="utf-8")
    suites = junitparser.JUnitXml.fromfile(str(folder / "report.xml"))
    (folder / "report.xml").unlink()
    cases = [case for suite in suites for case in suite]
    report = json.loads(check(folder, "--format", "json"))
    assert len(cases) == len(report["deployments"]) + len(report["findings"])
    failed = [case for case in cases if not case.is_passed]
    bad = [one for one in report["deployments"] if one["visitor_sees"] != "ok"]
    loud = [one for one in report["findings"] if one["severity"] in ("error", "warning")]
    assert len(failed) == len(bad) + len(loud) == suites.failures and len(cases) == suites.tests
    slow = next(case for case in cases if case.name == "slow-import")
    assert slow.is_passed and "60" in slow.system_out, slow.system_out
    messages = {case.result[0].message for case in failed}
    assert {one["message"] for one in loud} <= messages


def action() -> None:
    """GitHub's schema, and the steps in a shell as the runner starts it."""
    subprocess.run(["check-jsonschema", "--builtin-schema", "vendor.github-actions", "action.yml"], cwd=REPOSITORY, check=True)
    definition = yaml.safe_load((REPOSITORY / "action.yml").read_text())
    with tempfile.TemporaryDirectory() as name:
        folder = pathlib.Path(name)
        project(folder)
        summary = folder / "summary.md"
        inputs = {"path": ".", "arguments": "--ignore syntax-error", "summary": "true"}
        assert set(inputs) == set(definition["inputs"])
        ends = []
        for step in definition["runs"]["steps"]:
            variables = {"GITHUB_STEP_SUMMARY": str(summary), "GITHUB_ACTION_PATH": str(REPOSITORY)}
            for key, value in step.get("env", {}).items():
                variables[key] = re.sub(r"\$\{\{ inputs\.(\w+) \}\}", lambda match: inputs[match[1]], value)
            script = folder / "step.sh"
            script.write_text(step["run"])
            shell = ["bash", "--noprofile", "--norc", "-eo", "pipefail", str(script)]
            done = subprocess.run(shell, cwd=folder, env={**os.environ, **variables}, capture_output=True, text=True)
            ends.append(done)
        assert [done.returncode for done in ends] == [0, 1], ends
        assert "::error file=mysite/website.py," in ends[-1].stdout and "syntax-error" not in ends[-1].stdout
        assert "❌" in summary.read_text() and "mysite/website.py:6" in summary.read_text()


def pre_commit() -> None:
    """The hook in a repository: it stops a commit that breaks the app, and lets the mended one pass."""
    subprocess.run(["pre-commit", "validate-manifest", str(REPOSITORY / ".pre-commit-hooks.yaml")], check=True)
    with tempfile.TemporaryDirectory() as name:
        root = pathlib.Path(name)
        tool, site = root / "tool", root / "site"
        environment = {**os.environ, "PRE_COMMIT_HOME": str(root / "home"), "GIT_CONFIG_GLOBAL": str(root / "gitconfig")}
        (root / "gitconfig").write_text("[user]\nname = Jane\nemail = jane@example.com\n")

        def run(folder: pathlib.Path, *command: str) -> subprocess.CompletedProcess:
            return subprocess.run(command, cwd=folder, env=environment, capture_output=True, encoding="utf-8")

        def commit(folder: pathlib.Path) -> subprocess.CompletedProcess:
            run(folder, "git", "add", "--all")
            return run(folder, "git", "commit", "--message", "A step")

        for folder in (tool, site):
            folder.mkdir()
            run(folder, "git", "init", "--quiet")
        (tool / ".pre-commit-hooks.yaml").write_bytes((REPOSITORY / ".pre-commit-hooks.yaml").read_bytes())
        assert commit(tool).returncode == 0
        revision = run(tool, "git", "rev-parse", "HEAD").stdout.strip()
        hook = {"repo": str(tool), "rev": revision, "hooks": [{"id": "wsgi-ls-system"}]}
        (site / ".pre-commit-config.yaml").write_text(yaml.safe_dump({"repos": [hook]}))
        installed = run(site, "pre-commit", "install")
        assert installed.returncode == 0, installed
        (site / "wsgi.py").write_text("from flask import Flask\n\napplication = Flask(__name__)\napplication.run()\n")
        refused = commit(site)
        assert refused.returncode == 1 and "server-started-at-import" in refused.stderr + refused.stdout, refused
        (site / "wsgi.py").write_text("from flask import Flask\n\napplication = Flask(__name__)\n")
        passed = commit(site)
        assert passed.returncode == 0 and "Passed" in passed.stderr + passed.stdout, passed
        (site / "notes.txt").write_text("Nothing that a host loads.\n")
        skipped = commit(site)
        assert skipped.returncode == 0 and "Skipped" in skipped.stderr + skipped.stdout, skipped


def bash_completion() -> None:
    script = subprocess.run(["wsgi-ls", "completions", "bash"], capture_output=True, text=True, check=True).stdout

    def complete(*words: str) -> set[str]:
        ask = (
            f"{script}\nCOMP_WORDS=({' '.join(map(repr, words))})\nCOMP_CWORD={len(words) - 1}\n"
            "words=($(complete -p wsgi-ls))\nwhile [ \"${words[0]}\" != -F ]; do words=(\"${words[@]:1}\"); done\n"
            f"${{words[1]}} wsgi-ls {words[-1]!r} {words[-2]!r}\nprintf '%s\\n' \"${{COMPREPLY[@]}}\"\n"
        )
        done = subprocess.run(["bash", "--noprofile", "--norc", "-c", ask], capture_output=True, text=True, check=True)
        return set(done.stdout.split())

    assert complete("wsgi-ls", "ch") == {"check"}
    assert complete("wsgi-ls", "check", "--base") == {"--baseline"}
    assert {"sarif", "github", "junit"} <= complete("wsgi-ls", "check", "--format", "")
    for shell, mark in [("powershell", "wsgi-ls"), ("elvish", "wsgi-ls")]:
        done = subprocess.run(["wsgi-ls", "completions", shell], capture_output=True, text=True, check=True)
        assert mark in done.stdout, shell


def fish_completion() -> None:
    def complete(line: str) -> set[str]:
        ask = f"wsgi-ls completions fish | source; complete -C {line!r}"
        done = subprocess.run(["fish", "--no-config", "-c", ask], capture_output=True, text=True, check=True)
        return {line.split("\t")[0] for line in done.stdout.splitlines()}

    assert complete("wsgi-ls ch") == {"check"}
    assert {"sarif", "github", "junit"} <= complete("wsgi-ls check --format ")
    assert "--baseline" in complete("wsgi-ls check --b")


def zsh_completion() -> None:
    """zsh takes the script, and knows it for what completes the program's arguments."""
    with tempfile.TemporaryDirectory() as name:
        ask = (
            f"autoload -Uz compinit && compinit -u -d {name}/dump; source <(wsgi-ls completions zsh); "
            "print -r -- $_comps[wsgi-ls]; whence -f _wsgi-ls"
        )
        done = subprocess.run(["zsh", "-f", "-c", ask], capture_output=True, text=True, check=True)
        name_of_it, _, body = done.stdout.partition("\n")
        assert name_of_it == "_wsgi-ls" and "--baseline" in body and not done.stderr, done


def manual() -> None:
    """`man` shows the pages whole."""
    for command, wanted in [([], ["SUBCOMMANDS", "wsgi-ls-check(1)"]), (["check"], ["--write-baseline", "Annotations of GitHub Actions"])]:
        page = subprocess.run(["wsgi-ls", "man", *command], capture_output=True, text=True, check=True).stdout
        for renderer in (["mandoc", "-Tutf8"], ["groff", "-man", "-Tutf8", "-ww"]):
            done = subprocess.run(renderer, input=page, capture_output=True, text=True, check=True)
            # Bold is a letter over itself, or an escape sequence.
            text = re.sub(r"\x1b\[[0-9;]*m", "", re.sub(r".\x08", "", done.stdout))
            assert not done.stderr, done.stderr
            for words in ("NAME", "SYNOPSIS", *wanted):
                assert words in text.replace("\u2010", "-"), (renderer, words, text)


def on_a_terminal(rows: int, *command: str, **environment: str) -> str:
    """What a command prints on a terminal of that height and 90 columns."""
    leader, follower = pty.openpty()
    fcntl.ioctl(follower, termios.TIOCSWINSZ, struct.pack("HHHH", rows, 90, 0, 0))
    variables = {**os.environ, "TERM": "xterm-256color", **environment}
    variables.pop("NO_COLOR", None)
    with subprocess.Popen(command, stdin=follower, stdout=follower, stderr=follower, env=variables) as process:
        os.close(follower)
        parts = []
        try:
            while part := os.read(leader, 65536):
                parts.append(part)
        except OSError:
            pass  # Linux says so when the other side is closed.
        assert process.wait() == 0, parts
    os.close(leader)
    return b"".join(parts).decode()


def progress() -> None:
    """A bar while a check takes long, gone when it is done; nothing of it in a pipe."""
    with tempfile.TemporaryDirectory() as name:
        folder = pathlib.Path(name)
        for number in range(PROJECTS):
            (folder / f"site{number}").mkdir()
            (folder / f"site{number}" / "wsgi.py").write_text(f"from shop{number} import application\n")
            routes = "".join(f"@application.route('/{at}')\ndef page{at}():\n    return str([n * {at} for n in range(900)])\n\n" for at in range(60))
            (folder / f"site{number}" / f"shop{number}.py").write_text(f"from flask import Flask\n\napplication = Flask(__name__)\n\n{routes}")
        shown = on_a_terminal(24, "wsgi-ls", "check", name)
        assert re.search(rf"\d+/{PROJECTS} deployments", shown), shown[-2000:]
        last = shown.rstrip().splitlines()[-1]
        assert "deployments checked" in last, last
        piped = subprocess.run(["wsgi-ls", "check", name], capture_output=True, text=True, check=True)
        assert piped.stderr == "" and "\x1b" not in piped.stdout and f"/{PROJECTS} deployments" not in piped.stdout


def terminal() -> None:
    """`explain` pages what is longer than the terminal, and writes links that the terminal opens."""
    explain = ("wsgi-ls", "explain", "syntax-error")
    linked = on_a_terminal(500, *explain, FORCE_HYPERLINK="1", PAGER="sed s/^/paged:/")
    assert "\x1b]8;;https://help.pythonanywhere.com/pages/502BadGateway/#look-for-import" in linked, linked
    assert "\x1b[1m" in linked and "paged:" not in linked, linked
    assert linked.splitlines()[0].count("\x1b") and "```" not in linked
    plain = on_a_terminal(500, *explain, FORCE_HYPERLINK="0", PAGER="sed s/^/paged:/")
    assert "\x1b]8" not in plain and "https://help.pythonanywhere.com/pages/502BadGateway/#look-for-import" in plain, plain
    assert on_a_terminal(10, *explain, PAGER="sed s/^/paged:/").count("paged:") > 20
    assert "paged:" not in on_a_terminal(10, *explain, "--no-pager", PAGER="sed s/^/paged:/")
    assert "What" in on_a_terminal(10, *explain, PAGER="/nowhere/pager"), "without its pager it prints"


def main() -> int:
    with tempfile.TemporaryDirectory() as name:
        folder = pathlib.Path(name)
        project(folder)
        for reader in (sarif, github, gitlab, junit):
            reader(folder)
            print(f"{reader.__name__}: as it should be", flush=True)
    for reader in (action, pre_commit, bash_completion, fish_completion, zsh_completion, manual, terminal, progress):
        reader()
        print(f"{reader.__name__}: as it should be", flush=True)
    return 0


if __name__ == "__main__":
    sys.exit(main())
