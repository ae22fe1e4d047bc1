#!/usr/bin/env python3
"""Writes the logs of `tests/logs/recorded/` anew: what real hosts say while apps of this test fail on them.

    tests/hosting/setup.sh && python3 tests/hosting/record_logs.py [--host HOST] [APP...]

Only the temporary paths are replaced, by paths as they are on a server; nothing else of a log is touched.
"""

import argparse
import concurrent.futures
import pathlib
import re

from runner import apps as apps_module
from runner.observe import VENV, Machine, observe

OUT = pathlib.Path(__file__).resolve().parent.parent / "logs" / "recorded"
HOSTING = pathlib.Path(__file__).resolve().parent

# Each of them fails in a way that the log tells of.
APPS = [
    "brewery_missing_variable",
    "bikes_run_off_by_default",
    "camera_driver_crashes",
    "camera_exits_in_view",
    "camera_kills_worker",
    "camera_loop_in_view",
    "camera_missing_import_in_view",
    "camera_queue_in_view",
    "camera_sleeps_in_a_helper",
    "camera_sleeps_in_view",
    "camera_template_missing",
    "canoe_subprocess_in_view",
    "dogs_missing_colon",
    "gallery_package_not_installed",
    "maps_trailing_comma",
    "polls_django_urls_missing_view",
    "seeds_misspelt_module",
    "stamps_misspelt",
]


def as_on_a_server(text, app):
    """The log with the paths that a visitor's server would have."""
    text = re.sub(r"/tmp/hosting-[^/\s'\"]+/home", f"/home/jane/{app}", text)
    text = re.sub(r"/tmp/hosting-[^/\s'\"]+", "/run/site", text)
    text = text.replace(str(HOSTING / "hosts"), "/etc/hosting")
    text = text.replace(str(VENV), "/home/jane/.virtualenvs/site")
    return re.sub(r"nodename: .*", "nodename: server", re.sub(r"os: .*", "os: Linux", text))


def record(app, host, machine):
    """Run `app` on `host` and write its log, if it says anything of a failure."""
    seen = observe(app, host, machine)
    if seen.sees == "ok":
        return f"{app.name} on {host}: nothing fails"
    (OUT / f"{app.name}.{host}.log").write_text(as_on_a_server(seen.log, app.name))
    if seen.access_log:
        (OUT / f"{app.name}.{host}.access.log").write_text(seen.access_log)
    return f"{app.name} on {host}: {seen.sees}"


def main():
    """Record every app on every host, or those that are named."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("apps", metavar="APP", nargs="*", default=APPS)
    parser.add_argument("--host", action="append", choices=apps_module.HOSTS + apps_module.OPTIONAL_HOSTS)
    options = parser.parse_args()
    OUT.mkdir(parents=True, exist_ok=True)
    apps = [app for app in apps_module.load_all() if app.name in options.apps]
    hosts = options.host or apps_module.HOSTS + apps_module.OPTIONAL_HOSTS
    machine = Machine()
    with concurrent.futures.ThreadPoolExecutor(4) as pool:
        futures = [pool.submit(record, app, host, machine) for app in apps for host in app.hosts if host in hosts]
        for future in futures:
            print(future.result(), flush=True)


if __name__ == "__main__":
    main()
