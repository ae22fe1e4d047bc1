from catalogue import app

application = app
