from gevent import monkey

monkey.patch_all()

from gevent.pywsgi import WSGIServer

from practice import application

if __name__ == "__main__":
    WSGIServer(("127.0.0.1", 8145), application).serve_forever()
