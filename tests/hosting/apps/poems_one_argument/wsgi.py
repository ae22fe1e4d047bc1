def application(environ):
    return [b"Poems"]
