from flask import Flask

app = Flask(__name__)
KNOWN = []


class Sown(type):
    def __init__(cls, name, bases, namespace):
        super().__init__(name, bases, namespace)
        KNOWN.append(name)


class Served:
    def __set_name__(self, owner, name):
        KNOWN.append(name)

    def __get__(self, instance, owner):
        app.run(port=5175)


class Flower(metaclass=Sown):
    colour = "blue"


class Bed:
    served = Served()
    rows = 3


BED = Bed()


@app.route("/")
def meadow():
    return f"Meadow {KNOWN} {Flower.colour} {BED.rows}"
