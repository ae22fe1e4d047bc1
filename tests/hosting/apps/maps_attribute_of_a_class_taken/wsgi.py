from trails import app


class Deployment:
    application = app
    debug = False


application = Deployment.application
