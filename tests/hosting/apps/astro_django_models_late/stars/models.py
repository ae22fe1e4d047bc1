from django.db import models


class Star(models.Model):
    title = models.CharField(max_length=80)
