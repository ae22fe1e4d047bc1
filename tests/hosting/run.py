#!/usr/bin/env python3
"""Runs the apps of the hosting test on real hosts, and compares them with what wsgi-ls says.

    python3 tests/hosting/run.py                      what a visitor gets, app by app
    python3 tests/hosting/run.py --check BINARY       ... and what wsgi-ls says about it
    python3 tests/hosting/run.py --fix BINARY         ... and whether its fixes cure it
    python3 tests/hosting/run.py --check BINARY --recorded   the same from observed.json, in seconds

Exit status 1 when anything differs. See README.md beside this file.
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


class Totals:
    """Counts what passed, and prints what did not."""

    def __init__(self):
        self.passed = self.failed = self.skipped = 0

    def judge(self, app, host, wrong):
        """Count one comparison; `wrong` holds a sentence for each difference."""
        self.passed += not wrong
        self.failed += bool(wrong)
        for sentence in wrong:
            print(f"FAILED {app.name} on {host}: {sentence}", flush=True)


def arguments():
    """The command line."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--check", metavar="BINARY", type=pathlib.Path, help="compare with what this wsgi-ls says")
    parser.add_argument("--fix", metavar="BINARY", type=pathlib.Path, help="let this wsgi-ls mend the broken apps, and visit them again")
    parser.add_argument("--only", metavar="WORD", action="append", default=[], help="only apps whose name holds WORD")
    parser.add_argument("--host", action="append", choices=apps_module.HOSTS, help="only this host")
    parser.add_argument("-j", metavar="N", type=int, default=3 * (os.cpu_count() or 2), help="runs at once (most of them only wait)")
    parser.add_argument("--out", metavar="FILE", type=pathlib.Path, help="write every observation as JSON")
    parser.add_argument("--recorded", action="store_true", help="take the observations from observed.json")
    parser.add_argument("--record", action="store_true", help="write observed.json")
    parser.add_argument("--log", action="store_true", help="print the servers' logs")
    return parser.parse_args()


def spread(pool, function, jobs):
    """Call `function(*job)` for all jobs at once; yields (job, result) in the order of the jobs."""
    futures = [(job, pool.submit(function, *job)) for job in jobs]
    for job, future in futures:
        yield job, future.result()


def run_hosts(pool, jobs, machine, options):
    """Run every (app, host) on its real host; returns {app name: {host: label}}."""
    observed, details = {}, {}
    for (app, host), seen in spread(pool, lambda a, h: observe(a, h, machine), jobs):
        observed.setdefault(app.name, {})[host] = seen.sees
        details.setdefault(app.name, {})[host] = vars(seen)
        if host == [h for a, h in jobs if a is app][-1]:
            labels = "".join(f"{observed[app.name].get(h, '-'):12}" for h in apps_module.HOSTS)
            print(f"{app.name:44} {app.kind:8} {labels}", flush=True)
        if options.log:
            print(f"--- {app.name} on {host}: load {seen.load}, answers {seen.answers}, {seen.seconds} s\n{seen.log}", flush=True)
    if options.out:
        options.out.write_text(json.dumps(details, indent=1))
    if options.record:
        kept = json.loads(RECORDED.read_text()) if RECORDED.exists() and (options.only or options.host) else {}
        for name, labels in observed.items():
            kept[name] = {**kept.get(name, {}), **labels} if options.host else labels
        lines = ",\n".join(f"  {json.dumps(name)}: {json.dumps(kept[name])}" for name in sorted(kept))
        RECORDED.write_text(f"{{\n{lines}\n}}\n")
    return observed


def own_differences(app, seen):
    """What is wrong with the test itself: an app that is not what its `app.toml` says."""
    if app.kind != "broken" and seen != "ok":
        return [f"the app is called {app.kind}, a visitor gets {seen}"]
    return []


def main():
    """Run, compare, count."""
    options = arguments()
    started = time.monotonic()
    everything = apps_module.load_all(options.only)
    jobs = [(app, host) for app in everything for host in app.hosts if not options.host or host in options.host]
    if not jobs:
        print("no such app", file=sys.stderr)
        return 2
    if not (VENV / "bin" / "uwsgi").exists():
        print(f"there is no {VENV}: run tests/hosting/setup.sh first", file=sys.stderr)
        return 2
    machine = Machine()
    healthy = sum(app.healthy for app in everything)
    print(f"{len(everything)} apps, {healthy} healthy, {len(jobs)} runs; {machine.describe()}", flush=True)
    totals = Totals()
    with concurrent.futures.ThreadPoolExecutor(options.j) as pool:
        if options.recorded:
            observed = json.loads(RECORDED.read_text())
        else:
            print(f"{'app':44} {'kind':8} {''.join(f'{host:16}'[:12] for host in apps_module.HOSTS)}")
            observed = run_hosts(pool, jobs, machine, options)
        for app in everything:
            if app.kind == "broken" and all(label == "ok" for label in observed[app.name].values()):
                totals.judge(app, "every host", ["the app is called broken, every host serves it"])
        if options.check:
            compare(pool, jobs, observed, options.check.resolve(), totals)
        else:
            for app, host in jobs:
                totals.judge(app, host, own_differences(app, observed[app.name][host]))
        if options.fix:
            mend(pool, jobs, observed, options.fix.resolve(), machine, totals)
    print(f"{time.monotonic() - started:.0f} s")
    print(f"{totals.passed} passed, {totals.failed} failed" + (f", {totals.skipped} skipped" if totals.skipped else ""))
    return 1 if totals.failed else 0


def compare(pool, jobs, observed, binary, totals):
    """Compare what wsgi-ls says about each app and host with what was observed there."""
    # What a request costs is another part's to foresee: only the load is compared.
    loads = [(app, host) for app, host in jobs if app.kind != "broken" or app.when == "load"]
    totals.skipped += len(jobs) - len(loads)
    judged = spread(pool, lambda a, h: differences(binary, a, h, observed[a.name][h]), loads)
    for (app, host), wrong in judged:
        totals.judge(app, host, own_differences(app, observed[app.name][host]) + wrong)


def mend(pool, jobs, observed, binary, machine, totals):
    """Let wsgi-ls mend what is broken and has a safe fix; count the apps that answer afterwards."""
    ill = [(app, host) for app, host in jobs if app.safe_fix and observed[app.name][host] != "ok"]
    cured = {}
    for (app, host), result in spread(pool, lambda a, h: after_fix(binary, a, h, machine), ill):
        told = result if isinstance(result, str) else result.sees
        cured.setdefault(app.name, []).append(told == "ok")
        totals.judge(app, host, [] if told == "ok" else [f"after check --fix a visitor gets {told}, before {observed[app.name][host]}"])
    print(f"after check --fix {sum(all(hosts) for hosts in cured.values())} of {len(cured)} apps answer 200 on every host")


if __name__ == "__main__":
    sys.exit(main())
