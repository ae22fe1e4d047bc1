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

    def sleep(seconds):
        """Sleep `seconds` of the app's time, divided by the factor."""
        _real_sleep(seconds / _factor)

    sleep.__module__ = "time"
    time.sleep = sleep
