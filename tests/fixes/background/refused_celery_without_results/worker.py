from celery import Celery

celery = Celery("x", broker="redis://")
