import getpass

from flask import Flask

application = Flask(__name__)

try:
    family = input("Which family? ")
except EOFError:
    family = "Meier"


def ask_password():
    return getpass.getpass()


@application.route("/")
def show():
    return "Family " + family


if __name__ == "__main__":
    name = input("Name: ")
    application.run()
