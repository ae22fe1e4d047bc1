from coins import create_app

application = create_app()
