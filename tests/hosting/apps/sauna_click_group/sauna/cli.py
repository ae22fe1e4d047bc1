import click
from flask import Flask

app = Flask(__name__)


@app.route("/")
def slots():
    return "Sauna: 18:00 is free"


@click.group()
def cli():
    """Manage the sauna."""


@cli.command()
@click.option("--port", default=8000)
def serve(port):
    app.run(port=port)


cli()
