from celery import Celery

celery = Celery("shop", broker="redis://", backend="redis://")


@celery.task
def clean_up():
    """Throw old carts away."""
