def walk(dog, **options):
    return dog, options


walk("Rex", async=True)


def application(environ, start_response):
    start_response("200 OK", [("Content-Type", "text/plain")])
    return [b"Dogs"]
