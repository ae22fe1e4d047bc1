#!/usr/bin/env python3
"""Runs the apps of the hosting test on real hosts, and compares them with what wsgi-ls says.

    python3 tests/hosting/run.py                             what a visitor gets, app by app
    python3 tests/hosting/run.py --check BINARY              ... and what wsgi-ls says about it
    python3 tests/hosting/run.py --check BINARY --fix BINARY ... and whether its fixes cure it
    python3 tests/hosting/run.py --check BINARY --recorded   from observed.json, without hosts

Exit status 1 when anything differs, 2 when nothing could be run. See README.md beside this file.
"""

import argparse
import concurrent.futures
import json
import os
import pathlib
import sys
import time

from runner import apps as apps_module
from runner.observe import VENV, Machine, observe
from runner.predict import after_fix, differences

RECORDED = pathlib.Path(__file__).resolve().parent / "observed.json"


def arguments():
    """The command line."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--check", metavar="BINARY", type=pathlib.Path, help="compare with what this wsgi-ls says")
    parser.add_argument("--fix", metavar="BINARY", type=pathlib.Path, help="let this wsgi-ls mend what it can, and visit again")
    parser.add_argument("--only", metavar="WORD", action="append", default=[], help="only apps whose name holds WORD")
    parser.add_argument("--host", action="append", choices=apps_module.HOSTS + apps_module.OPTIONAL_HOSTS, help="only this host")
    parser.add_argument("-j", metavar="N", type=int, default=4 * (os.cpu_count() or 2), help="runs at once; most of them wait")
    parser.add_argument("--out", metavar="FILE", type=pathlib.Path, help="write all observations, with logs, as JSON")
    parser.add_argument("--recorded", action="store_true", help="believe observed.json instead of running the hosts")
    parser.add_argument("--record", action="store_true", help="write observed.json")
    parser.add_argument("--log", action="store_true", help="print the servers' logs")
    return parser.parse_args()


class Session:
    """One run of this program: its options, what was recorded, and the counts."""

    def __init__(self, options):
        self.options = options
        self.recorded = json.loads(RECORDED.read_text()) if RECORDED.exists() else {}
        self.machine = Machine()
        self.observed = {}  # app name -> host -> label
        self.details = {}  # app name -> host -> everything about the observation
        self.cured = {}  # app name -> whether each host answers after the fixes
        self.passed = self.failed = self.skipped = 0

    def visit(self, app, host):
        """Observe one app on one host and compare: (observation or None, label, differences, fixed or None)."""
        seen = None if self.options.recorded else observe(app, host, self.machine)
        if seen and seen.sees != self.recorded.get(app.name, {}).get(host, seen.sees):
            # A busy machine can make a quick answer late: what differs from every earlier run is looked at once more.
            print(f"note: {app.name} on {host} is visited again: {seen.sees} was not seen before", flush=True)
            seen = observe(app, host, self.machine)
        label = seen.sees if seen else self.recorded[app.name][host]
        wrong = []
        if app.kind != "broken" and label != "ok":
            wrong.append(f"the app is called {app.kind}, a visitor gets {label}")
        if self.options.check and compared(app):
            wrong += differences(self.options.check.resolve(), app, host, label)
        fixed = None
        if self.options.fix and app.safe_fix and label != "ok":
            fixed = after_fix(self.options.fix.resolve(), app, host, self.machine)
            if not isinstance(fixed, str) and fixed.sees != "ok":
                fixed = after_fix(self.options.fix.resolve(), app, host, self.machine)
        return seen, label, wrong, fixed

    def tell(self, app, host, result):
        """Count and print what `visit` returned."""
        seen, label, wrong, fixed = result
        self.observed.setdefault(app.name, {})[host] = label
        if seen:
            self.details.setdefault(app.name, {})[host] = vars(seen)
            recorded = self.recorded.get(app.name, {}).get(host, label)
            if recorded != label and not self.options.record:
                print(f"note: {app.name} on {host}: {label}, recorded is {recorded}")
            if self.options.log:
                print(f"--- {app.name} on {host}: {seen.load}, {seen.answers}, {seen.seconds} s\n{seen.log}")
        if self.options.check and not compared(app) and not wrong:
            self.skipped += 1
        else:
            self.count(app, host, wrong)
        if fixed is not None:
            told = fixed if isinstance(fixed, str) else fixed.sees
            self.cured.setdefault(app.name, []).append(told == "ok")
            self.count(app, host, [] if told == "ok" else [f"after check --fix a visitor gets {told}, before it was {label}"])

    def tell_app(self, app):
        """Print an app's line of the table, when all its hosts are done."""
        labels = self.observed[app.name]
        print(f"{app.name:44} {app.kind:8} " + "".join(f"{labels.get(host, '-'):16}" for host in apps_module.HOSTS), flush=True)
        if app.kind == "broken" and len(labels) == len(app.hosts) and set(labels.values()) == {"ok"}:
            self.count(app, "every host", ["the app is called broken, and a visitor sees nothing of it"])

    def count(self, app, host, wrong):
        """Count one comparison; `wrong` holds a sentence for each difference."""
        self.passed += not wrong
        self.failed += bool(wrong)
        for sentence in wrong:
            print(f"FAILED {app.name} on {host}: {sentence}", flush=True)

    def save(self):
        """Write the files that the options ask for."""
        if self.options.out:
            self.options.out.write_text(json.dumps(self.details, indent=1))
        if self.options.record:
            kept = self.recorded if self.options.only or self.options.host else {}
            for name, labels in self.observed.items():
                kept[name] = {**kept.get(name, {}), **labels}
            lines = ",\n".join(f"  {json.dumps(name)}: {json.dumps(kept[name], sort_keys=True)}" for name in sorted(kept))
            RECORDED.write_text(f"{{\n{lines}\n}}\n")


def compared(app):
    """Whether wsgi-ls has to foresee this app: what requests cost is not compared yet."""
    return app.kind != "broken" or app.when == "load"


def main():
    """Run, compare, count."""
    options = arguments()
    started = time.monotonic()
    apps = apps_module.load_all(options.only)
    hosts = options.host or apps_module.HOSTS
    if not any(set(app.hosts) & set(hosts) for app in apps):
        print("there is no such app on such a host", file=sys.stderr)
        return 2
    if not (VENV / "bin" / "gunicorn").exists():
        print(f"{VENV} is not complete: run tests/hosting/setup.sh first", file=sys.stderr)
        return 2
    session = Session(options)
    kinds = ", ".join(f"{sum(app.kind == kind for app in apps)} {kind}" for kind in ("healthy", "broken", "odd"))
    print(f"{len(apps)} apps ({kinds}), {options.j} runs at once; {session.machine.describe()}")
    print(f"{'app':44} {'kind':8} " + "".join(f"{host:16}" for host in apps_module.HOSTS), flush=True)
    with concurrent.futures.ThreadPoolExecutor(options.j) as pool:
        futures = {(app.name, host): pool.submit(session.visit, app, host)
                   for app in apps for host in app.hosts if host in hosts}
        for app in apps:
            mine = [host for host in app.hosts if host in hosts]
            for host in mine:
                session.tell(app, host, futures[app.name, host].result())
            if mine:
                session.tell_app(app)
    session.save()
    if options.fix:
        answering = sum(all(hosts) for hosts in session.cured.values())
        print(f"after check --fix {answering} of {len(session.cured)} apps answer 200 on every host")
    print(f"{time.monotonic() - started:.0f} s; what requests cost was not compared {session.skipped} times")
    print(f"{session.passed} passed, {session.failed} failed")
    return 1 if session.failed else 0


if __name__ == "__main__":
    sys.exit(main())
