from http.server import HTTPServer, SimpleHTTPRequestHandler

HOURS = "10 to 17"


class Preview(HTTPServer):
    def start(self):
        self.serve_forever()


server = Preview(("localhost", 0), SimpleHTTPRequestHandler)
server.server_close()
