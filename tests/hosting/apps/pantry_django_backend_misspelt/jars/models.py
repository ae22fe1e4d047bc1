from django.db import models


class Jar(models.Model):
    content = models.CharField(max_length=80)
