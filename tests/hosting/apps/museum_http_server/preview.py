from http.server import HTTPServer, SimpleHTTPRequestHandler

HOURS = "10 to 17"

server = HTTPServer(("localhost", 8031), SimpleHTTPRequestHandler)
server.serve_forever()
