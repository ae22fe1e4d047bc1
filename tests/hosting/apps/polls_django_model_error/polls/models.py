from django.db import models


class Poll(models.Model):
    title = models.CharField(max_length=80)


class Choice(models.Model):
    poll = models.ForeignKey(Poll)
    text = models.CharField(max_length=80)
