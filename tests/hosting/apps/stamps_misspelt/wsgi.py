from stamps import app

aplication = app
