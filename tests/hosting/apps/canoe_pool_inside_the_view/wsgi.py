import threading
from concurrent.futures import ThreadPoolExecutor

from flask import Flask

application = Flask(__name__)


@application.route("/")
def canoes():
    found = []
    thread = threading.Thread(target=found.append, args=("Canoes",))
    thread.start()
    thread.join()
    with ThreadPoolExecutor(2) as pool:
        found.extend(map(str, pool.map(abs, [-1, -2])))
    return " ".join(found)
