import argparse

from flask import Flask

parser = argparse.ArgumentParser()
parser.add_argument("--town", default="Celle")
options, rest = parser.parse_known_args()
defaults = parser.parse_args(["--town", "Uelzen"])
application = Flask(__name__)


@application.route("/")
def inhabitants():
    return f"Inhabitants of {defaults.town}"


def main():
    strict = argparse.ArgumentParser()
    strict.add_argument("datafile")
    print(strict.parse_args())


if __name__ == "__main__":
    main()
