from __future__ import annotations

from flask import Flask

application = Flask(__name__)


def price(kind: str) -> int:
    match kind:
        case "poodle" | "pug":
            return 3
        case _ if (length := len(kind)) > 3:
            return length
    return 0


TEXT = f"Dogs {price('terrier')} {price('pug'):>{price('pug')}}"
type = "dog"
match = {"case": type}
print(match, end="")


@application.route("/")
def dogs(*, _again=None):
    return TEXT + application.config["TITLE"]
