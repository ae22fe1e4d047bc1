import sys

project_home = u'/home/parish/magazine'
if project_home not in sys.path:
    sys.path = [project_home] + sys.path

from magazine import app as application  # noqa
