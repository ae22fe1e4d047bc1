import falcon.asgi


class Poems:
    async def on_get(self, request, response):
        response.text = "Poems"


application = falcon.asgi.App()
application.add_route("/", Poems())
