def immediately(function):
    """Runs the function as soon as it is defined."""
    function()
    return function
