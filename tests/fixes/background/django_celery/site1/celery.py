import os

from celery import Celery

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "site1.settings")
app = Celery("site1", backend="redis://")
app.config_from_object("django.conf:settings", namespace="CELERY")
app.autodiscover_tasks()
