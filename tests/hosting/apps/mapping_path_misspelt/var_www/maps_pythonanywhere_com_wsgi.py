import sys

project_home = '/home/maps/wordmaps'
if project_home not in sys.path:
    sys.path = [project_home] + sys.path

from atlas import app as application  # noqa
