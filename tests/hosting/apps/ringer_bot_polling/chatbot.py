import time


class Bot:
    """A very small bot framework."""

    def __init__(self, token):
        self.token = token
        self.handlers = []

    def message(self, function):
        self.handlers.append(function)
        return function

    def polling(self, pause=3):
        while True:
            for handler in self.handlers:
                handler("ping")
            time.sleep(pause)
