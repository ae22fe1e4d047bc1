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


tornado.web.Application([(r"/listeners", Listeners)]).listen(8891)
tornado.ioloop.IOLoop.current().start()
