from collections import namedtuple
from dataclasses import KW_ONLY, dataclass, field, replace
from typing import ClassVar, NamedTuple

from flask import Flask

app = Flask(__name__)
Jar = namedtuple("Jar", "content grams", defaults=[500])
flour = Jar("flour")._replace(grams=900)
content, grams = flour


class Shelf(NamedTuple):
    name: str
    jars: int = 3

    def title(self):
        return f"{self.name} with {self.jars}"


@dataclass(frozen=True)
class Label:
    made: ClassVar[int] = 0
    colour: str = field(default="white", init=False)
    text: str

    def __post_init__(self):
        object.__setattr__(self, "colour", "blue")


@dataclass
class Box:
    size: int = 1
    _: KW_ONLY
    label: Label


title = Shelf("top").title()
box = Box(label=replace(Label("sugar"), text="salt"))
box.size = 4


class Lid:
    __slots__ = ("_width",)

    @property
    def width(self):
        return self._width

    @width.setter
    def width(self, value):
        self._width = value


lid = Lid()
lid.width = 7
assert lid.width == 7


@app.route("/")
def index():
    return "Pantry"
