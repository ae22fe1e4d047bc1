import sys

project_home = '/home/seeds/seedbank'
if project_home not in sys.path:
    sys.path.insert(0, project_home)

from inventroy import app as application  # noqa
