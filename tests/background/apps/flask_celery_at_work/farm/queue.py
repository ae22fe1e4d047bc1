import os

from celery import Celery

celery = Celery("farm", broker=os.environ["REDIS_URL"], backend=os.environ["REDIS_URL"], include=["farm.tasks"])
