import os
import subprocess

from flask import Flask

application = Flask(__name__)
KERNEL = subprocess.check_output(["uname"], text=True).strip()
os.system("true")


@application.route("/")
def canoes():
    done = subprocess.run(["echo", "Canoes"], capture_output=True, text=True, timeout=5)
    return done.stdout + KERNEL
