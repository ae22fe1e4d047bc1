from celery import Celery
from celery.schedules import crontab

queue = Celery("letters", broker="memory://")
queue.conf.beat_schedule = {"nightly": {"task": "letters.tasks.sweep", "schedule": crontab(hour=3)}}
