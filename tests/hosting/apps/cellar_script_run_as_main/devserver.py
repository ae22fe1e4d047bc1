from wsgiref.simple_server import demo_app, make_server

PORT = 8174

if __name__ == "__main__":
    make_server("127.0.0.1", PORT, demo_app).serve_forever()
