import time

import falcon


class Timing:
    def process_request(self, req, resp):
        req.context.start = time.time()

    def process_response(self, req, resp, resource, req_succeeded):
        resp.set_header("X-Time", str(time.time() - req.context.start))


class Thing:
    def on_get(self, req, resp, name="you"):
        resp.media = {"hello": name}

    def on_post(self, req, resp):
        raise falcon.HTTPBadRequest(title="no")


app = falcon.App(middleware=[Timing()])
app.add_route("/", Thing())
app.add_route("/{name}", Thing())
