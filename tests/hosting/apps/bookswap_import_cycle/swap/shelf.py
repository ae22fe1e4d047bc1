from swap.web import app


def offers():
    return app.config.get("OFFERS", [])
