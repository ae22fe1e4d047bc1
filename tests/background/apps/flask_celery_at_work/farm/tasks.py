from .queue import celery


@celery.task
def plough(field):
    """Turn the soil."""
    return field
