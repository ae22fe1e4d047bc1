class Poems:
    def __call__(environ, start_response):
        start_response("200 OK", [("Content-Type", "text/plain")])
        return [b"Poems"]


application = Poems()
