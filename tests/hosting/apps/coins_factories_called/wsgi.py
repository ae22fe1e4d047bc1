from coins import create_app

application = create_app(config={"TITLE": "Coins"}).wsgi_app
