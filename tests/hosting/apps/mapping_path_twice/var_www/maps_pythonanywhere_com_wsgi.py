import sys

project_home = '/home/maps/worldmaps'
if project_home not in sys.path:
    sys.path = [project_home] + sys.path
sys.path.append("/home/maps/.local/lib/maps")

from atlas import app as application  # noqa
