from tailor import get_app

application = get_app()
assert get_app() is application
