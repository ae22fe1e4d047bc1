from stamps import app

application = None
aplication = app
application = aplication
