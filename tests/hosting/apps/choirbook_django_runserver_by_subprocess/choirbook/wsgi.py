import os
import subprocess

from django.core.wsgi import get_wsgi_application

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "choirbook.settings")
application = get_wsgi_application()
subprocess.run(["python", "manage.py", "runserver", "--noreload", "8805"], check=True)
