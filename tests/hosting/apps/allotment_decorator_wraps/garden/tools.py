def immediately(function):
    """Says what is run."""
    def wrapper():
        print("running", function.__name__)
        return function()
    return wrapper
