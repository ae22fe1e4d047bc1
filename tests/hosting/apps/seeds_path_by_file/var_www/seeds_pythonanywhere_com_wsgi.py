import os
import sys
from pathlib import Path

USERNAME = "seeds"
project_home = f"/home/{USERNAME}/seedbank"
project_home = os.environ.get("SEEDS_HOME", str(Path(__file__).resolve().parent.parent / "seedbank"))
for folder in (project_home, os.path.dirname(project_home)):
    if folder not in sys.path:
        sys.path.append(folder)

from inventory import app as application  # noqa: E402
from seedbank import inventory  # noqa: E402,F401
