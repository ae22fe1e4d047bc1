import os

from django.core.wsgi import get_wsgi_application

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "astro.settings")

from stars.models import Star

application = get_wsgi_application()
application.first_model = Star
