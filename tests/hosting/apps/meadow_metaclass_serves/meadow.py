from flask import Flask

app = Flask(__name__)


@app.route("/")
def meadow():
    return "Meadow"


class Sown(type):
    def __init__(cls, name, bases, namespace):
        super().__init__(name, bases, namespace)
        app.run(port=5175)


class Flower(metaclass=Sown):
    colour = "blue"
