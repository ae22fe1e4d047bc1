from flask import Flask


class Board:
    def __init__(self, harbour):
        self.harbour = harbour
        self.flask = Flask(__name__)
        self.flask.add_url_rule("/", "departures", self.departures)

    def departures(self):
        return f"Departures from {self.harbour}: 8:00, 9:30"

    def start(self):
        self.flask.run(port=5050)


class HostedBoard(Board):
    def start(self):
        print("the host serves", self.harbour)


board = HostedBoard("Norddeich")
board.start()
