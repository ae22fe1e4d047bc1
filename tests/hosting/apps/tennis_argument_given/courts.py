def make_court(number, surface="sand"):
    return {"number": number, "surface": surface}


COURTS = [make_court(1, "clay"), make_court(2)]


def application(environ, start_response):
    start_response("200 OK", [("Content-Type", "text/plain")])
    return [f"Courts: {COURTS}".encode()]
