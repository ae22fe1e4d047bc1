from trails import app

application = None


def setup():
    global application
    application = app
    application.config["READY"] = True


setup()
