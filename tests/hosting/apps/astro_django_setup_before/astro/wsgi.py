import os

os.environ["DJANGO_SETTINGS_MODULE"] = "astro.settings"

import django

django.setup()

from django.core.wsgi import get_wsgi_application  # noqa: E402
from stars.models import Star  # noqa: E402

application = get_wsgi_application()
FIELDS = [field.name for field in Star._meta.fields]
