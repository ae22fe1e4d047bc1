import os

from trails import app

if os.environ.get("TRAILS_MAINTENANCE"):
    def application(environ, start_response):
        start_response("503 Service Unavailable", [])
        return [b""]
else:
    application = app
