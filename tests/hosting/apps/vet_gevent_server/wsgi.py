from gevent.pywsgi import WSGIServer

from practice import application

WSGIServer(("127.0.0.1", 8145), application).serve_forever()
