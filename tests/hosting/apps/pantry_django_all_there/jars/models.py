from django.conf import settings
from django.db import models

SHELVES = settings.SHELVES, settings.LANGUAGE_CODE, getattr(settings, "LADDERS", 0)


class Jar(models.Model):
    class Kind(models.TextChoices):
        GLASS = "g", "Glass"
        TIN = "t"

    kind = models.CharField(max_length=1, choices=Kind.choices, default=Kind.TIN.upper())

    class Meta:
        verbose_name = "jar"
        ordering = ["kind"]
