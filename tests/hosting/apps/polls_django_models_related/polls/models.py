from django.db import models


class Poll(models.Model):
    title = models.CharField(max_length=80)


class Choice(models.Model):
    poll = models.ForeignKey("polls.Poll", on_delete=models.CASCADE, related_name="choices")
    text = models.CharField(max_length=80)
