def application(environ, start_response):
    start_response("200 OK", [("Content-Type", "text/plain")])
    return [b"Poems"]


async def asgi_application(scope, receive, send):
    await send({"type": "http.response.start", "status": 200, "headers": []})
    await send({"type": "http.response.body", "body": b"Poems"})
