from flask import Flask

try:
    import kennel_experimental
except SyntaxError:
    kennel_experimental = None

application = Flask(__name__)


@application.route("/")
def dogs():
    return "Dogs"


def rarely():
    import convert_old_data

    return convert_old_data
