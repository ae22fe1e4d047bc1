import socket

import requests
from flask import Flask

application = Flask(__name__)
WEATHER = "http://127.0.0.1:9/weather"
try:
    AT_START = requests.get(WEATHER, timeout=2).text
except requests.RequestException:
    AT_START = "unknown"


@application.route("/")
def canoes():
    try:
        now = requests.get(WEATHER, timeout=(1, 2)).json()
    except (requests.RequestException, ValueError):
        now = AT_START
    try:
        socket.create_connection(("127.0.0.1", 9), timeout=1)
    except OSError:
        pass
    return f"Canoes, weather {now}"
