__all__ = ["SHORT"] + ["LONG"]
SHORT, LONG = 100, 10000
TRACK = "red"
