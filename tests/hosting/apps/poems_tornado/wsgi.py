import tornado.web


class Poems(tornado.web.RequestHandler):
    def get(self):
        self.write("Poems")


application = tornado.web.Application([(r"/", Poems)])
