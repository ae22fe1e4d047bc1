import os

from django.core.wsgi import get_wsgi_application

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "choirbook.settings")

application = get_wsgi_application()

os.system("python manage.py runserver --noreload 8804")
