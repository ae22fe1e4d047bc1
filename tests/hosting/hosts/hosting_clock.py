"""Makes `time.sleep` shorter in the apps of the hosting test.

A `.pth` file imports this in every interpreter of the test's virtualenv. The apps
say `time.sleep(400)` as their authors would; with `HOSTING_CLOCK=100` it lasts
4 s, which is over the test's limit just as 400 s is over the real one. Nothing
else is scaled: clocks, socket timeouts and `asyncio.sleep` run at full speed.
"""

import os

try:
    _factor = float(os.environ.get("HOSTING_CLOCK", "1"))
except ValueError:
    _factor = 1.0

if _factor > 1:
    import time

    _real_sleep = time.sleep
    _sleeps = 0

    def sleep(seconds):
        """Sleep `seconds` of the app's time, divided by the factor."""
        global _sleeps
        _sleeps += 1
        # Whoever sleeps that often sleeps for ever (a polling loop, a reloader), and
        # would keep a processor busy that the other apps need.
        shortest = 0.2 if _sleeps > 200 else 0
        _real_sleep(max(seconds / _factor, shortest))

    sleep.__module__ = "time"
    time.sleep = sleep
