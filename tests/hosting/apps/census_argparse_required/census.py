import argparse

from flask import Flask

parser = argparse.ArgumentParser()
parser.add_argument("datafile", help="the CSV file of the town")
options = parser.parse_args()

application = Flask(__name__)


@application.route("/")
def inhabitants():
    return f"Inhabitants in {options.datafile}"
