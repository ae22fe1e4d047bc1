#!/usr/bin/env python3
"""Starts real servers on small configurations, and compares what they do with what wsgi-ls says.

    python3 tests/configurations/run.py                       what a visitor gets, case by case
    python3 tests/configurations/run.py --check BINARY        ... and what wsgi-ls says about it
    python3 tests/configurations/run.py --only harakiri --log a few cases, with their servers' logs

Exit status 1 when anything differs, 2 when nothing could be run. See README.md beside this file.
"""

import argparse
import collections
import concurrent.futures
import os
import pathlib
import sys
import time

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parent.parent / "hosting"))

from driver import cases as cases_module  # noqa: E402
from driver.compare import differences  # noqa: E402
from driver.observe import observe  # noqa: E402
from runner.observe import VENV, Machine  # noqa: E402


def arguments():
    """The command line."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--check", metavar="BINARY", type=pathlib.Path, help="compare with what this wsgi-ls says")
    parser.add_argument("--only", metavar="WORD", action="append", default=[], help="only cases whose name holds WORD")
    parser.add_argument("-j", metavar="N", type=int, default=2 * (os.cpu_count() or 2), help="runs at once; most of them wait")
    parser.add_argument("--log", action="store_true", help="print pictures and logs")
    return parser.parse_args()


def judged(case, options, machine):
    """Observe a case and compare: (observation, sentences that say what is wrong)."""
    seen = observe(case, machine)
    wrong = []
    if (seen.sees == "ok") != (case.kind != "broken"):
        wrong.append(f"the case is called {case.kind}, a visitor gets {seen.sees}: {seen.log[-600:]}")
    if options.check:
        wrong += differences(options.check.resolve(), case, seen, machine)
    return seen, wrong


def main():
    """Run, compare, count."""
    options = arguments()
    started = time.monotonic()
    cases = cases_module.load_all(options.only)
    if not cases:
        print("there is no such case", file=sys.stderr)
        return 2
    if not (VENV / "bin" / "gunicorn").exists():
        print(f"{VENV} is not complete: run tests/hosting/setup.sh first", file=sys.stderr)
        return 2
    machine = Machine()
    kinds = collections.Counter(case.kind for case in cases)
    print(f"{len(cases)} configurations ({', '.join(f'{kinds[kind]} {kind}' for kind in cases_module.KINDS)}); {machine.describe()}")
    failed = 0
    with concurrent.futures.ThreadPoolExecutor(options.j) as pool:
        futures = [(case, pool.submit(judged, case, options, machine)) for case in cases]
        for case, future in futures:
            seen, wrong = future.result()
            print(f"{case.server:9} {case.name:64} {case.kind:8} {seen.sees}", flush=True)
            failed += bool(wrong)
            for sentence in wrong:
                print(f"FAILED {case.server}: {case.name}: {sentence}", flush=True)
            if options.log:
                print("\n".join(seen.picture) + f"\n---\n{seen.log}")
    print(f"{time.monotonic() - started:.0f} s\n{len(cases) - failed} passed, {failed} failed")
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())
