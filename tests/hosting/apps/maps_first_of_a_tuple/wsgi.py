from trails import app

application, = app,
