import os

os.environ["MAPS_COLOUR"] = "yes"

from atlas import app as application  # noqa: E402
