class Poems:
    def __init__(self):
        self.lines = [b"Poems"]

    def __call__(self, environ, start_response):
        start_response("200 OK", [("Content-Type", "text/plain")])
        return self.lines


application = Poems
