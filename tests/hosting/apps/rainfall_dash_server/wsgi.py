from rainfall import app

application = app.server
