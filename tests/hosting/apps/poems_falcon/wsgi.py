import falcon
import falcon.asgi


class Poems:
    def on_get(self, request, response):
        response.text = "Poems"


application = falcon.App()
application.add_route("/", Poems())
asgi_application = falcon.asgi.App()
