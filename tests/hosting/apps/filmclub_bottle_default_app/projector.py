def run(film):
    """How many reels the film has."""
    return len(film) // 3
