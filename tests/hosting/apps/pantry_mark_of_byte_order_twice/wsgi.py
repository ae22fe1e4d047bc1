import os
import sys

sys.path.insert(0, os.path.dirname(os.path.abspath(__file__)))

from pantry import app as application  # noqa: E402
