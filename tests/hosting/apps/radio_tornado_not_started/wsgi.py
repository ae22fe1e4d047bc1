import tornado.escape
import tornado.ioloop
import tornado.web
from flask import Flask

application = Flask(__name__)


@application.route("/")
def on_air():
    return tornado.escape.xhtml_escape("On air: morning show")


def live_ticker():
    tornado.web.Application([]).listen(8892)
    tornado.ioloop.IOLoop.current().start()
