import os
import sys

INTERP = "/home/welcome/virtualenv/bin/python3"
if os.path.exists(INTERP) and sys.executable != INTERP:
    os.execl(INTERP, INTERP, *sys.argv)

sys.path.append(os.getcwd())
from welcome import application
