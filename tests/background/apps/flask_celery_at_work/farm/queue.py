import os

from celery import Celery

REDIS_URL = os.environ["REDIS_URL"]
celery = Celery("farm", broker=REDIS_URL, backend=REDIS_URL, include=["farm.tasks"])
