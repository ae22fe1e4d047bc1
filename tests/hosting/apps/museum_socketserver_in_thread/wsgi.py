import socketserver
import threading


class Turnstile(socketserver.BaseRequestHandler):
    def handle(self):
        self.request.sendall(b"welcome\n")


counter = socketserver.TCPServer(("127.0.0.1", 8032), Turnstile)
threading.Thread(target=counter.serve_forever, daemon=True).start()


def application(environ, start_response):
    start_response("200 OK", [("Content-Type", "text/plain")])
    return [b"Opening hours: 10 to 17"]
