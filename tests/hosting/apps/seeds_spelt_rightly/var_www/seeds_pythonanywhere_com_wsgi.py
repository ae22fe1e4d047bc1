import sys

project_home = '/home/seeds/seedbank'
if project_home not in sys.path:
    sys.path.insert(0, project_home)

from inventory import app as application  # noqa
