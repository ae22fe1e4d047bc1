import os

from trails import app

if os.environ.get("TRAILS_ON_SERVER"):
    application = app
