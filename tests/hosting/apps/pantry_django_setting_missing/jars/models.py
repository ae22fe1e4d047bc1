from django.conf import settings
from django.db import models

SHELVES = settings.SHELVES


class Jar(models.Model):
    content = models.CharField(max_length=80)
