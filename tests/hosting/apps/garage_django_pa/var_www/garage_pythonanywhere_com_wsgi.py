import os
import sys

path = '/home/garage/site'
if path not in sys.path:
    sys.path.append(path)

os.environ['DJANGO_SETTINGS_MODULE'] = 'garage.settings'

# then:
from django.core.wsgi import get_wsgi_application
application = get_wsgi_application()
