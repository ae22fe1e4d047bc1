import sys
from pathlib import Path

sys.path.insert(0, Path(__file__).parent / "shop")

from saddle import app as application
