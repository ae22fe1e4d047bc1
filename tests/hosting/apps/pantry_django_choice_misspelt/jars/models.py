from django.db import models


class Jar(models.Model):
    class Kind(models.TextChoices):
        GLASS = "g"

    kind = models.CharField(max_length=1, choices=Kind.choices, default=Kind.GLAS)
