"""Serve at home with `python manage.py runserver`."""
import os
import subprocess
import sys

from django.core.management import call_command, execute_from_command_line
from django.core.wsgi import get_wsgi_application

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "choirbook.settings")
application = get_wsgi_application()

HELP = "python manage.py runserver 0.0.0.0:8000"
call_command("check")
call_command("migrate", run_syncdb=True, verbosity=0)
subprocess.run(["true", "runserver"], check=True)
os.system("echo python manage.py runserver")

if __name__ == "__main__":
    execute_from_command_line([sys.argv[0], "runserver", "--noreload"])
