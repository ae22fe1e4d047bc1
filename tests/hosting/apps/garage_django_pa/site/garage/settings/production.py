from .base import *

ALLOWED_HOSTS += ["garage.pythonanywhere.com"]
INSTALLED_APPS = [*INSTALLED_APPS, "django.contrib.messages"]

try:
    from .local import *
except ImportError:
    pass
