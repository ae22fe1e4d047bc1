import os

os.environ["MAPS_COLOUR"] = "yes"

from worldmaps.atlas import app as application  # noqa: E402
