from django.db import models


class Jar(models.Model):
    content = models.CharField(max_length=80)

    class Meta:
        verbos_name = "jar"
