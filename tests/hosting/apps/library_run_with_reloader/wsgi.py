from catalogue.web import app

application = app
