import web

urls = ("/", "Poems")


class Poems:
    def GET(self):
        return "Poems"


application = web.application(urls, globals())
