from django.db import models


class Vote(models.Model):
    poll = models.IntegerField()
    region = models.TextField(null=True)
