import tornado.ioloop
import tornado.web
from flask import Flask

application = Flask(__name__)


@application.route("/")
def on_air():
    return "On air: morning show"


class Listeners(tornado.web.RequestHandler):
    def get(self):
        self.write("42")


class Ticker:
    def __init__(self):
        self.site = tornado.web.Application([(r"/listeners", Listeners)])

    def start(self):
        self.site.listen(8891)
        tornado.ioloop.IOLoop.current().start()


ticker = Ticker()
