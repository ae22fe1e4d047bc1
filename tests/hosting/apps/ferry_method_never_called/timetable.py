from flask import Flask


class Import:
    """Reads the timetable; its run() has nothing to do with a server."""

    def __init__(self, lines):
        self.lines = lines

    def run(self):
        return [line.strip() for line in self.lines if line.strip()]


class Board:
    def __init__(self, harbour):
        self.flask = Flask(__name__)
        self.times = Import(["8:00 ", "", "9:30"]).run()
        self.flask.add_url_rule("/", "departures", self.departures)

    def departures(self):
        return "Departures: " + ", ".join(self.times)

    def start(self):
        self.flask.run(port=5050)


board = Board("Norddeich")
