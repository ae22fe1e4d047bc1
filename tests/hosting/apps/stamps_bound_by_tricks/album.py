import sys

from flask import Flask

setattr(sys.modules[__name__], "made", Flask("stamps"))
made.add_url_rule("/", "index", lambda: "Stamps")  # noqa: F821
