import click
from flask import Flask

app = Flask(__name__)


@app.route("/")
def slots():
    return "Sauna: 18:00 is free"


@click.group(invoke_without_command=True)
@click.pass_context
def cli(context):
    """Manage the sauna."""
    if context.invoked_subcommand is None:
        app.run()


@cli.command()
def heat():
    raise SystemExit(1)


if __name__ in ("__main__", "sauna.__main__"):
    cli()
