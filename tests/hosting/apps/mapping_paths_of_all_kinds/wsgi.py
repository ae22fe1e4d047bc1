import os
import site
import sys

HERE = os.path.dirname(os.path.realpath(__file__))
activate_this = os.path.join(HERE, "venv", "bin", "activate_this.py")
if os.path.exists(activate_this):
    with open(activate_this) as file:
        exec(file.read(), dict(__file__=activate_this))

os.chdir("/home/maps/worldmaps")
sys.path.append(os.getcwd())
site.addsitedir(os.path.join(HERE, "vendor"))

from atlas import app as application  # noqa: E402
from compass import NORTH  # noqa: E402

application.config["NORTH"] = NORTH
