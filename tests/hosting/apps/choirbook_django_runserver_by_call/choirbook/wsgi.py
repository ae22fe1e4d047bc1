import os

from django.core.wsgi import get_wsgi_application

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "choirbook.settings")

application = get_wsgi_application()

from django.core.management import call_command

call_command("runserver", "127.0.0.1:8801", use_reloader=False)
