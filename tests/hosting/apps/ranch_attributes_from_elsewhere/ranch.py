import types

from flask import Flask


def counted(cls):
    cls.HORSES = 12
    return cls


@counted
class Settings:
    TITLE = "Ranch"


class Stable:
    def __init__(self, **rows):
        self.__dict__.update(rows)

    def __getattr__(self, name):
        return 0


class Paddock:
    def fill(self, names):
        for name in names:
            setattr(self, name, True)
        return self


class Mixin:
    def count(self):
        return super().count() + 1


class Plain:
    def count(self):
        return len(self.horses)


class Both(Mixin, Plain):
    def __init__(self):
        self.horses = []


for name in ("COWS", "SHEEP"):
    setattr(Settings, name, 3)

TOTAL = Settings.HORSES + Settings.COWS + Stable(hens=2).hens + Stable().ducks + Both().count()
OPEN = Paddock().fill(["north"]).north
BOX = types.SimpleNamespace(size=3).size
app = Flask(__name__)


@app.route("/")
def ranch():
    return f"{Settings.TITLE} {TOTAL} {OPEN} {BOX}"
