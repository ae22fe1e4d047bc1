import time

import falcon


class Slow:
    def process_response(self, req, resp, resource, req_succeeded):
        time.sleep(400)


class Thing:
    def on_get(self, req, resp):
        resp.text = "hello"


app = falcon.App(middleware=[Slow()])
app.add_route("/", Thing())
