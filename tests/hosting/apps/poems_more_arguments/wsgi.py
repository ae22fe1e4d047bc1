def application(environ, start_response, *rest, title=b"Poems", **options):
    start_response("200 OK", [("Content-Type", "text/plain")])
    return [b"Poems"]
