import time


def harvest_in(field, seconds):
    """Wait for the sun."""
    time.sleep(seconds)
    return [row * 2 for row in range(4)]
