import dataclasses
from functools import partial


@dataclasses.dataclass
class Net:
    height: float
    colour: str = "white"


class Player:
    def __new__(cls, *args, **kwargs):
        return super().__new__(cls)

    def __init__(self, name, *, ranking=100):
        self.name, self.ranking = name, ranking


def make_court(number, surface="clay", *marks, **extras):
    return {"number": number, "surface": surface, "marks": marks, **extras}


indoor = partial(make_court, surface="carpet")
COURTS = [make_court(1), make_court(2, "grass", "a", "b", roof=True), indoor(3), make_court(*[4, "clay"])]
NET = Net(0.914)
PLAYER = Player("Ines", ranking=3)


def application(environ, start_response):
    start_response("200 OK", [("Content-Type", "text/plain")])
    return [f"Courts: {COURTS} {NET} {PLAYER.name}".encode()]
