from __future__ import annotations

import sys
from typing import TYPE_CHECKING

try:
    import ujson as json
except ImportError:
    import json

try:
    from collections import Mapping
except ImportError:
    from collections.abc import Mapping

try:
    import gallery_local_settings
except ModuleNotFoundError as error:
    print("no local settings:", error)
    gallery_local_settings = None

import importlib.util

if TYPE_CHECKING:
    from gallery_types import Picture
if sys.platform == "win32":
    import winreg_helper
if sys.version_info[0] == 2:
    import urllib2
if importlib.util.find_spec("pictures_accelerated"):
    import pictures_accelerated
if False:
    import never_there


def export(picture: Picture):
    import exporter_of_the_office

    return exporter_of_the_office.run(picture)


def application(environ, start_response):
    start_response("200 OK", [("Content-Type", "text/plain")])
    return [b"Gallery", json.dumps(isinstance({}, Mapping)).encode()]
