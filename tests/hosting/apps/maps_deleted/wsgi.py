from trails import app

application = app
for name in ("app",):
    pass
del app, application
