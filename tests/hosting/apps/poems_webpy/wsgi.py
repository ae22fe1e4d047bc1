import web

urls = ("/", "Poems")


class Poems:
    def GET(self):
        return "Poems"


app = web.application(urls, globals())
application = app.wsgifunc()

if __name__ == "__main__":
    app.run()
