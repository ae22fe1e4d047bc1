from app import app

KINDS = ["a"]


def load_all(kinds): ...
