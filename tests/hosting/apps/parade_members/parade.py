from enum import Enum, IntEnum

from flask import Flask


class Season(Enum):
    SPRING = "spring"
    AUTUMN = "autumn"

    @property
    def title(self):
        return self.value.title()

    def run(self):
        app.run()


class Level(IntEnum):
    LOW = 1
    HIGH = 2


app = Flask(__name__)
NEXT = Season("autumn")
TITLES = [season.title for season in Season]
if NEXT is Season.SPRING or Level.LOW > 1:
    NEXT.run()


@app.route("/")
def parade():
    return f"Parade {NEXT.name} {TITLES} {Season['SPRING'].value} {Level.HIGH + 1}"
