import swap.web


def offers():
    from swap.web import app

    return app.config.get("OFFERS", swap.web.__name__)
