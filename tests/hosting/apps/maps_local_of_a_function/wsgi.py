from trails import app


def setup():
    application = app
    application.config["READY"] = True


setup()
