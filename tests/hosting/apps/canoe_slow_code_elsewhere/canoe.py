import time

import click
from flask import Flask

application = Flask(__name__)


class Trip:
    def wait(self):
        return "no waiting"


class LongTrip(Trip):
    def wait(self):
        time.sleep(86400)


def dry_the_boats():
    while True:
        time.sleep(3600)


@application.cli.command("clean")
def clean():
    dry_the_boats()


@click.command()
def serve():
    dry_the_boats()
    application.run()


@application.route("/")
def canoes():
    return "Canoes: " + Trip().wait()


if __name__ == "__main__":
    serve()
