import time


class Bot:
    def __init__(self):
        self.handlers = []

    def message(self, function):
        self.handlers.append(function)
        return function

    def polling(self, pause=3):
        while True:
            time.sleep(pause)

    def feed(self, text):
        return [handler(text) for handler in self.handlers]
