from celery import Celery

from app import app

celery = Celery(app.import_name, broker="redis://", backend="redis://")


@celery.task(bind=True)
def clean_up(self):
    """Throw old carts away."""
