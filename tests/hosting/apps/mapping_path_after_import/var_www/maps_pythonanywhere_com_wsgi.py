import sys

from atlas import app as application

project_home = '/home/maps/worldmaps'
if project_home not in sys.path:
    sys.path = [project_home] + sys.path
