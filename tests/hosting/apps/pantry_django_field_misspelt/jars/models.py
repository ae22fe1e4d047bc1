from django.db import models


class Jar(models.Model):
    content = models.CharFeild(max_length=80)
